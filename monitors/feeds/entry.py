"""An entry as the feed gave it, before any judgement."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed; everything in plain text, None where the feed has none.

    Attributes:
        id: guid or id exactly as written, stripped.
        title: without markup, white space collapsed; empty where there is none.
        url: absolute address of the article, as the feed links it.
        original: absolute address that a feed service says `url` stands for.
        published_at: aware UTC; the published date, else the updated one.
        updated_at: aware UTC.
        summary: the short text, without markup.
        content: the long text, without markup, where the feed carries one beside the summary.
        lang: BCP 47 tag of the entry or its feed.
        outlet: name of the outlet where an aggregator names it (RSS `source`).
        tags: what the feed files it under, each once, at most 50 of 100 characters.
    """

    id: str | None = None
    title: str = ""
    url: str | None = None
    original: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    lang: str | None = None
    outlet: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a feed itself says that it is worth asking for.

    Attributes:
        gap: the longest of what `ttl` and `sy:updatePeriod` say.
        skip_hours: hours of the day, UTC, in which it does not change.
        skip_days: days of the week on which it does not; Monday is 0.
    """

    gap: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed as it was read.

    Attributes:
        format: `rss20`, `atom10`, `json1` …, as feedparser names it.
        title: the feed's own title, plain text.
        home: absolute address of its site.
        entries: in document order.
        problems: what was wrong with it, a line each; reading went on.
        whole: whether it came to its end; what was cut off may come with the next poll.
        hub: address of the WebSub hub that tells of its changes.
        topic: what the hub calls it.
    """

    format: str
    title: str | None = None
    home: str | None = None
    lang: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    whole: bool = True
    pace: Pace = Pace()
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAFeed:
    """The body is something else.

    Attributes:
        message: what it is, in one short line for people.
        offers: addresses of the feeds that it names itself, best first, if it is a web page.
    """

    message: str
    offers: tuple[str, ...] = ()
