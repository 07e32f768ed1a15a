"""The file rules.yaml and the packs beside it: read whole, replaced whole, and watched."""

import asyncio
import errno
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from monitors.adapters.files.regular import Contents, Unchanged, Unreadable, read_regular
from monitors.language.problems import Problem

_MAX_BYTES = 64_000_000
_MAX_PACK = 2_000_000
# Large files are looked at for a tenth of the time.
_REST = 10
_PACKS, _SUFFIX = "packs", ".yaml"
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_READ_ONLY_FOLDER = Problem(
    message="the file cannot be written: its folder is read-only",
    hint="Make the folder writable for Newsbell (in compose.yaml: read_only: false)",
)
# An edit takes a moment; who waits for longer has another trouble.
_LOOKS = 250
_BETWEEN_LOOKS_S = 0.02


class RulebookFile:
    """A file of rules that people and Newsbell edit.

    Args:
        path: of the file; a symbolic link is followed, and stays one when it is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Digests of what was read or reported last; the packs are those that were
        # asked for since the file was read, also where there are none.
        self._known = {_Place(path): b""}

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def read(self) -> str | Problem:
        """Answer the text exactly as it stands in the file, or why there is none."""
        place = _Place(self._path)
        read = place.look()
        self._known = {place: _digest(read)}
        if isinstance(read, Unreadable):
            return Problem(message=read.message, hint="Name the file of rules with --rules PATH")
        return _text(read)

    def read_pack(self, name: str) -> str | Problem | None:
        """Answer the text of a pack of the user, why it cannot be read, or that there is none.

        Args:
            name: of the pack; letters, digits and - that make no path.
        """
        assert not {"/", "\\", ".", "\0"} & set(name), "the name of a pack is no path"
        place = _Place(self._path.parent / _PACKS / f"{name}{_SUFFIX}", is_pack=True)
        read = place.look()
        self._known[place] = _digest(read)
        if isinstance(read, Unreadable) and read.missing:
            return None
        return Problem(message=read.message) if isinstance(read, Unreadable) else _text(read)

    def packs(self) -> tuple[str, ...]:
        """Answer the names of the user's packs."""
        try:
            files = sorted((self._path.parent / _PACKS).glob(f"*{_SUFFIX}"))
        except OSError:
            return ()
        return tuple(file.stem for file in files)

    async def changes(self, *, every_s: float = 0.5) -> AsyncIterator[None]:
        """Yield whenever the file, or a pack that it uses, says something else than was read.

        The content itself is compared: editors that replace the file, folders that Docker
        mounts and network shares all tell times and numbers of files that cannot be relied
        upon. A change counts when two looks in a row agree on it, so that neither a file
        half written nor the moment between two names is taken for one.

        Args:
            every_s: seconds between two looks; more if the files are so large that to look
                takes long.
        """
        clock = asyncio.get_running_loop().time
        before = self._known
        while True:
            began = clock()
            now = await asyncio.to_thread(_digests, tuple(self._known))
            took = clock() - began
            if now == before and now != self._known:
                self._known = now
                yield
            before = now
            await asyncio.sleep(max(every_s, took * _REST))

    def replace(self, text: str, expected: str) -> Problem | None:
        """Put *text* into the file, wholly or not at all, if it still is what is *expected*.

        The file keeps its permissions, and its owner as far as the system allows. Between the
        look and the change nobody else who calls this gets in between, in whatever process.

        Args:
            text: the new one.
            expected: digest of the text that it replaces, as `digest_of` answers it.

        Returns:
            Why it could not be done.
        """
        path = Path(os.path.realpath(self._path))
        try:
            with _alone_in(path.parent) as alone:
                read = _Place(path).look()
                if isinstance(read, Unreadable):
                    return Problem(message=read.message)
                if not alone or hashlib.sha256(read.data).hexdigest() != expected:
                    hint = "Look at what it says now, and do it again."
                    return Problem(message="the file was changed meanwhile", hint=hint)
                _replace(path, text.encode("utf-8"))
        except OSError as error:
            return _cannot_write(error)
        return None

    def refusal(self) -> Problem | None:
        """Answer why the file cannot be replaced, as far as that can be seen without trying."""
        folder = Path(os.path.realpath(self._path)).parent
        return None if os.access(folder, os.W_OK | os.X_OK) else _READ_ONLY_FOLDER


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file is; a pack may not lead out of its folder."""

    path: Path
    is_pack: bool = False

    def look(self) -> Contents | Unreadable:
        """Answer what is there."""
        if self.is_pack and not self._stays():
            return Unreadable(f"only files in {_PACKS}/ are read")
        read = read_regular(self.path, _MAX_PACK if self.is_pack else _MAX_BYTES)
        assert not isinstance(read, Unchanged), "no mark was given"
        return read

    def _stays(self) -> bool:
        try:
            return self.path.resolve().is_relative_to(self.path.parent.resolve())
        except (OSError, RuntimeError):  # links that lead in a circle
            return False


def _digests(places: Iterable[_Place]) -> dict[_Place, bytes]:
    return {place: _digest(place.look()) for place in places}


def _text(read: Contents) -> str | Problem:
    try:
        return read.data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = read.data[: error.start].decode("utf-8")
        return Problem(
            message="the file is not UTF-8 text",
            hint="Save it as UTF-8",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        )


def _digest(read: Contents | Unreadable) -> bytes:
    # No text in UTF-8 begins with this byte, so that no file looks like a failure to read one.
    said = read.data if isinstance(read, Contents) else b"\xff" + read.message.encode()
    return hashlib.sha256(said).digest()


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Lock *folder* against other edits while the block runs; answer whether that succeeded.

    The folder itself is locked, so that no file is left behind in it. Where the file system
    knows no locks, the look just before the change has to do.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    for _ in range(_LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_BETWEEN_LOOKS_S)
        except OSError:
            return True
        else:
            return True
    return False


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
            file.write(data)
            _resemble(file.fileno(), path)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _sync(path.parent)


def _resemble(descriptor: int, path: Path) -> None:
    """Give a file the owner and permissions of the one at *path*."""
    old = path.stat()
    with suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, old.st_mode & 0o7777)


def _sync(folder: Path) -> None:
    """Make the new name last through a power cut, where the file system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_write(error: OSError) -> Problem:
    if error.errno in _READ_ONLY:
        return _READ_ONLY_FOLDER
    if error.errno == errno.EBUSY:
        return Problem(
            message="the file cannot be replaced: it is mounted by itself",
            hint="Mount the folder that it is in instead",
        )
    return Problem(message=f"the file cannot be written: {error.strerror}")
