"""Where a feed may be that somebody means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """Where to look, in this order: the feeds, what the page names, the address itself.

    Attributes:
        address: what was meant, a feed or a page.
        feeds: where the site keeps its feeds, the one that is meant first.
        page: a page that only has to be read to know the feed; see `sites.feed_named_by`.
        advice: what to do if the site refuses.
        is_guess: whether https:// was put before it; it may be http:// all the same.
    """

    address: str
    feeds: tuple[str, ...] = ()
    page: str | None = None
    advice: str | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """What was written leads to no feed: why, and what to write instead."""

    message: str
    hint: str
