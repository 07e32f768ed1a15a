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
        at_least, at_most: bounds of the time between two polls where it adapts; None where
            `polling:` decides.
        catch_up: how recent an entry must be to count at the first poll; None means
            that all count, zero that none does.
        full_text: when the page of an article is fetched.
        near: whether it is a file, or on a host that ALLOW_NETWORKS names: the user's own.
    """

    address: str
    name: str | None = None
    tags: frozenset[str] = frozenset()
    every: timedelta | None = None
    at_least: timedelta | None = None
    at_most: timedelta | None = None
    catch_up: timedelta | None = timedelta(hours=24)
    full_text: FullText = FullText.AUTO
    near: bool = False


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
    ROBOTS = "robots"  # the site's robots.txt asks programs to leave the page alone
    NO_FILE = "no_file"


# With weak references: what fetched it counts the bytes until nobody holds them any more.
@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Fetched:
    """A whole body.

    Attributes:
        address: where it was found in the end, after redirects; links are relative to it.
        content_type: the header as sent, or None.
        max_age: how long the server calls the answer fresh, if it does.
        moved_to: where redirects that are called permanent lead to, from the first one on.
        hub, topic: of WebSub, as the answer's Link headers name them.
    """

    body: bytes
    address: str
    content_type: str | None = None
    validators: Validators = Validators()
    max_age: timedelta | None = None
    moved_to: str | None = None
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed.

    Attributes:
        validators: new ones where the answer carried any, else the ones that were sent.
        max_age, moved_to: as in `Fetched`.
    """

    validators: Validators = Validators()
    max_age: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """The body could not be had.

    Attributes:
        message: one short line for people, without the address.
        retry_after: how long the server asked to be left alone, if it did.
        status: what an HTTP server answered, if it answered.
        moved_to: as in `Fetched`.
    """

    reason: FailureReason
    message: str
    retry_after: timedelta | None = None
    status: int | None = None
    moved_to: str | None = None


FetchOutcome: TypeAlias = Fetched | NotModified | FetchFailed


def is_web(address: str) -> bool:
    """Answer whether *address* is fetched over the network rather than read from a file."""
    return address[:8].lower().startswith(("http://", "https://"))
