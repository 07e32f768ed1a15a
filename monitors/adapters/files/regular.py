"""Reads files of bounded size, and nothing that only looks like a file."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds.

    Attributes:
        mark: changes whenever the file is written or replaced.
    """

    data: bytes
    mark: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file still has the mark that was given."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file cannot be read; *message* says why, in one short line without its path."""

    message: str
    too_large: bool = False
    missing: bool = False


def read_regular(
    path: Path, max_bytes: int, known: str | None = None
) -> Contents | Unchanged | Unreadable:
    """Answer what the file at *path* holds; symbolic links are followed.

    Args:
        path: any path; only a regular file is read, because a device or a pipe may never end.
        max_bytes: bound of the size; a longer file is refused, not cut.
        known: the mark of what is known already.
    """
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return Unreadable("there is no such file", missing=True)
    except OSError as error:
        return Unreadable(f"it cannot be read: {error.strerror}")
    try:
        return _read(descriptor, max_bytes, known)
    finally:
        os.close(descriptor)


def _read(descriptor: int, max_bytes: int, known: str | None) -> Contents | Unchanged | Unreadable:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        return Unreadable("it is a directory, not a file")
    if not stat.S_ISREG(status.st_mode):
        return Unreadable("it is not an ordinary file")
    # Taken before reading: what is written meanwhile changes the mark that the next look finds.
    mark = f"{status.st_mtime_ns:x}-{status.st_ctime_ns:x}-{status.st_size:x}"
    if mark == known:
        return Unchanged()
    pieces, size = [], 0
    try:
        while piece := os.read(descriptor, 1 << 20):
            pieces.append(piece)
            size += len(piece)
            if size > max_bytes:
                return Unreadable(f"it is larger than {max_bytes / 1e6:g} MB", too_large=True)
    except OSError as error:
        return Unreadable(f"it cannot be read: {error.strerror}")
    return Contents(b"".join(pieces), mark)
