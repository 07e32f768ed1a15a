"""A worker process as its owner sees it: it is asked, and it may be killed at any moment."""

import pickle
import subprocess
import sys
import threading
from contextlib import suppress

from monitors.adapters.workers.inside import LENGTH, Done, GaveUp

# The child finds modules where its parent does, wherever it was started from, and loads no
# more than it needs: not the parent's main module.
_START = (
    "import sys; memory, *sys.path = sys.argv[1:]; "
    "from monitors.adapters.workers.inside import serve; serve(int(memory))"
)


class WorkerDiedError(Exception):
    """The process ended before it answered."""


class Worker:
    """One process, started when it is first asked.

    Args:
        max_memory: bytes of address space that it may use.
    """

    def __init__(self, max_memory: int) -> None:
        self._max_memory = max_memory
        self._process: subprocess.Popen[bytes] | None = None
        # Who gives back what the process held: whoever asks it, else whoever ends it.
        self._is_asked = False
        self._is_ended = False
        self._turn = threading.Lock()

    def ask(self, job: bytes) -> Done | GaveUp:
        """Answer what the process says to *job*; blocks, so it runs in a thread.

        Raises:
            WorkerDiedError: it ended instead, by itself or by `end`; it is no use any more.
        """
        process = self._started()
        try:
            return _asked(process, job)
        except OSError as error:
            self._is_ended = True
            raise WorkerDiedError from error
        except BaseException:
            self._is_ended = True
            raise
        finally:
            with self._turn:
                self._is_asked = False
                if self._is_ended:
                    _bury(process)

    def end(self) -> None:
        """End the process at once; a thread that is asking it gets `WorkerDiedError`."""
        with self._turn:
            self._is_ended = True
            if self._process and self._is_asked:
                self._process.kill()
            elif self._process:
                _bury(self._process)

    def _started(self) -> subprocess.Popen[bytes]:
        with self._turn:
            if self._is_ended:
                raise WorkerDiedError
            self._is_asked = True
            if self._process is None:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                    [sys.executable, "-c", _START, str(self._max_memory), *sys.path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            return self._process


def _asked(process: subprocess.Popen[bytes], job: bytes) -> Done | GaveUp:
    assert process.stdin
    process.stdin.write(job)
    process.stdin.flush()
    (length,) = LENGTH.unpack(_exactly(LENGTH.size, process))
    answer = pickle.loads(_exactly(length, process))  # noqa: S301 - from our own child
    assert isinstance(answer, Done | GaveUp)
    return answer


def _exactly(size: int, process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout
    data = process.stdout.read(size)
    if len(data) < size:
        raise WorkerDiedError
    return data


def _bury(process: subprocess.Popen[bytes]) -> None:
    """End *process* and give back all that it held."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        assert pipe
        # Closing flushes what nobody will read any more.
        with suppress(OSError):
            pipe.close()
    process.wait()
