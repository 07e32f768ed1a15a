"""What runs inside a worker process: it answers one job after the other until told no more.

A job comes as a pickled `(function, arguments, seconds)` on standard input; the answer goes
out as its length and a pickled `Done` or `GaveUp`. The process ends when its input does, so
that none outlives the Newsbell that started it.
"""

import logging
import os
import pickle
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from typing import IO

LENGTH = struct.Struct("!Q")
# Above the caller's own limit, which is the one that counts while there is a caller.
_GRACE_S = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What the function answered."""

    value: object


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The function did not answer; *why* says so in one short line for people."""

    why: str


def serve(max_memory: int) -> None:
    """Answer jobs, using no more than *max_memory* bytes of address space."""
    answers = _prepare(max_memory)
    while True:
        try:
            answer = _answer(sys.stdin.buffer)
        except EOFError:
            return
        packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(packed)) + packed)
        answers.flush()
        if isinstance(answer, GaveUp):
            # Whatever was in the way of this job shall not be in the way of the next.
            return


def _prepare(max_memory: int) -> IO[bytes]:
    """Set the bounds, and answer the way out; nobody else may write there."""
    # Ctrl-C and a stop of the whole service reach every process; this one waits for its job.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (max_memory, max_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _answer(jobs: IO[bytes]) -> Done | GaveUp:
    try:
        function, arguments, seconds = pickle.load(jobs)  # noqa: S301 - from our own parent
        signal.alarm(int(seconds) + _GRACE_S)
        return Done(function(*arguments))
    except EOFError:
        raise
    except MemoryError:
        return GaveUp("it needs too much memory")
    except RecursionError:
        return GaveUp("it is nested too deeply")
    except Exception as error:  # noqa: BLE001 - what a foreign parser does with foreign bytes
        return GaveUp(f"it cannot be read ({type(error).__name__})")
    finally:
        signal.alarm(0)
