"""A feed as the user wrote it, and what a fetch of it may answer."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeAlias


class FullText(Enum):
    """When the page of an article is fetched."""

    AUTO = "auto"  # when a rule holds in part on what the feed gave
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled.

    Attributes:
        address: an http(s) address, or the path of a file beside rules.yaml, as written.
        name: how people call it; None means the feed's own title.
        tags: what rules may select it by.
        every: the time between two polls; None adapts to how the feed publishes.
        catch_up: how recent an entry must be to count at the first poll; None means
            that all count, zero that none does.
        full_text: when the page of an article is fetched.
    """

    address: str
    name: str | None = None
    tags: frozenset[str] = frozenset()
    every: timedelta | None = None
    catch_up: timedelta | None = timedelta(hours=24)
    full_text: FullText = FullText.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask "has it changed?" with: replayed byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


class FailureReason(Enum):
    """Why a feed or page could not be had, in a word that scripts can rely on."""

    UNREACHABLE = "unreachable"  # no such host, nobody answers, TLS fails
    FORBIDDEN_ADDRESS = "forbidden_address"  # neither public nor in ALLOW_NETWORKS
    TIMEOUT = "timeout"
    HTTP = "http"  # the server answered with an error
    TOO_LARGE = "too_large"
    BROKEN = "broken"  # the answer breaks off, or cannot be decoded
    NOT_A_FEED = "not_a_feed"
    NO_FILE = "no_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole body.

    Attributes:
        address: where it was found in the end, after redirects; links are relative to it.
        content_type: the header as sent, or None.
    """

    body: bytes
    address: str
    content_type: str | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed.

    Attributes:
        validators: new ones where the answer carried any, else the ones that were sent.
    """

    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """The body could not be had.

    Attributes:
        message: one short line for people, without the address.
        retry_after: how long the server asked to be left alone, if it did.
    """

    reason: FailureReason
    message: str
    retry_after: timedelta | None = None


FetchOutcome: TypeAlias = Fetched | NotModified | FetchFailed


def is_web(address: str) -> bool:
    """Answer whether *address* is fetched over the network rather than read from a file."""
    return address[:8].lower().startswith(("http://", "https://"))
