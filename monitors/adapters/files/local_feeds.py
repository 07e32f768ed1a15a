"""Feeds that are files beside rules.yaml, and the pages of their articles.

A feed `sample/herald.xml` may bring pages in the folder `sample/herald/`: the page of an
article at `https://herald.example/world/talks` is `sample/herald/talks.html`. No other
file can be named by a feed.
"""

import asyncio
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from monitors.adapters.files.regular import Contents, Unchanged, Unreadable, read_regular
from monitors.feeds.feed import (
    FailureReason,
    Fetched,
    FetchFailed,
    FetchOutcome,
    NotModified,
    Validators,
)

_MAX_FEED = 10_000_000
_MAX_PAGE = 2_000_000
_PAGE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


class FeedFiles:
    """Reads the feeds that are files in a folder or below.

    Args:
        folder: where rules.yaml is; nothing outside of it is read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def fetch(self, address: str, validators: Validators) -> FetchOutcome:
        """Answer what the feed at *address* holds.

        Args:
            address: path relative to the folder, as the user wrote it.
            validators: from the last answer; a file that has not changed since is not read.
        """
        return await asyncio.to_thread(self._read_feed, address, validators)

    async def fetch_page(self, address: str, link: str) -> Fetched | FetchFailed | None:
        """Answer the page of an article, or None if the feed brings none for it.

        Args:
            address: of the feed, as the user wrote it.
            link: the article's own address; only the last segment of its path counts.
        """
        return await asyncio.to_thread(self._read_page, address, link)

    def _read_feed(self, address: str, validators: Validators) -> FetchOutcome:
        path = _within(self._folder, address)
        if path is None:
            return _failed(
                Unreadable("only files beside rules.yaml, or in folders there, are read")
            )
        read = read_regular(path, _MAX_FEED, validators.etag)
        match read:
            case Unchanged():
                return NotModified(validators=validators)
            case Unreadable():
                return _failed(read)
            case Contents():
                mark = Validators(etag=read.mark)
                return Fetched(body=read.data, address=address, validators=mark)

    def _read_page(self, address: str, link: str) -> Fetched | FetchFailed | None:
        pages = _pages_of(address)
        name = _page_name(link)
        own = _within(self._folder, pages) if pages else None
        path = _within(own, f"{name}.html") if own and name else None
        if path is None or not path.exists():
            return None
        read = read_regular(path, _MAX_PAGE)
        if isinstance(read, Contents):
            return Fetched(body=read.data, address=link, content_type="text/html")
        assert isinstance(read, Unreadable), "no mark was given"
        return _failed(read)


def _within(folder: Path, relative: str) -> Path | None:
    """Answer where *relative* leads, links followed, or None if that is not in *folder*."""
    written = PurePosixPath(relative)
    if not relative or written.is_absolute() or ".." in written.parts:
        return None
    try:
        path = (folder / written).resolve()
        return path if path.is_relative_to(folder.resolve()) else None
    # A NUL in the path; links that lead in a circle.
    except (ValueError, OSError, RuntimeError):
        return None


def _pages_of(address: str) -> str | None:
    """Answer the folder that may hold the pages of the feed at *address*."""
    written = PurePosixPath(address)
    return str(written.with_suffix("")) if written.suffix else None


def _page_name(link: str) -> str | None:
    try:
        last = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return None
    return last if _PAGE_NAME.fullmatch(last) else None


def _failed(read: Unreadable) -> FetchFailed:
    reason = FailureReason.TOO_LARGE if read.too_large else FailureReason.NO_FILE
    return FetchFailed(reason=reason, message=read.message)
