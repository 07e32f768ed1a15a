"""Only one Newsbell runs on the same data."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from monitors.errors import StoreBusyError, StoreError

# `is_held` takes the lock for a moment, too: whoever starts just then has to look again.
_LOOKS = 4
_BETWEEN_LOOKS_S = 0.05


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock at *path* while the block runs; it ends with the process, however that ends.

    Raises:
        StoreBusyError: another Newsbell holds it.
        StoreError: the directory cannot be written, or nothing be locked in it.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error.strerror}. Choose another directory with --data, "
            "or make this one writable."
        ) from None
    with file:
        try:
            held = _take(file)
        except OSError as error:
            raise StoreError(
                f"Nothing can be locked in {folder}: {error.strerror}. Choose a directory on "
                "another disk with --data."
            ) from None
        if not held:
            file.seek(0)
            holder = file.read(20).strip()
            named = f" (process {holder})" if holder.isdecimal() else ""
            raise StoreBusyError(
                f"Another Newsbell{named} is running on {folder}. Stop it first, or start this "
                "one with another --data directory."
            )
        # Only to name the holder to others: a full disk is told of where it matters.
        with suppress(OSError):
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), f"{os.getpid()}\n".encode())
        yield


def _take(file: TextIO) -> bool:
    """Lock *file*; answer False if somebody else keeps it locked.

    Raises:
        OSError: it cannot be locked at all.
    """
    for look in range(_LOOKS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if look < _LOOKS - 1:
                time.sleep(_BETWEEN_LOOKS_S)
        else:
            return True
    return False


def is_held(path: Path) -> bool:
    """Answer whether a running Newsbell holds the lock at *path*."""
    try:
        with path.open("r", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return False
