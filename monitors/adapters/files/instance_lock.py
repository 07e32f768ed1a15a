"""Only one Newsbell runs on the same data."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitors.errors import StoreBusyError, StoreError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock at *path* while the block runs; it ends with the process, however that ends.

    Raises:
        StoreBusyError: another Newsbell holds it.
        StoreError: the directory cannot be written.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error.strerror}. Choose another directory with --data, "
            "or make this one writable."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip()
            raise StoreBusyError(
                f"Another Newsbell{f' (process {holder})' if holder else ''} is running on "
                f"{folder}. Stop it first, or start this one with another --data directory."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def is_held(path: Path) -> bool:
    """Answer whether a running Newsbell holds the lock at *path*."""
    try:
        with path.open("r", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
