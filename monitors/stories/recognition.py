"""Which entries of a document its feed has shown before, and which of the others are news.

A feed that moves to other software calls all that it ever published by new names, and a feed
that mends its archive shows what is years old for the first time. Neither is news.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitors.stories.article import ArticleId
from monitors.stories.identity import Identified, own_link
from monitors.times import from_ms, to_ms

# From so many entries on, of which so large a share looks new, names are not trusted.
_FEWEST = 5
_MOSTLY = 0.6
# Entries show up late, and with the date of the event that they tell of.
_STILL_NEWS = timedelta(hours=72)
_BEFORE_SUBSCRIPTION = timedelta(days=7)
# Dates outside of these are mistakes.
_FIRST_DATE = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=24)
_DAY = timedelta(days=1)
_HOURS_OF_A_DAY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """By what an entry is known again when its feed calls it something else.

    Attributes:
        link: a number that stands for its canonical link, if that leads to it alone.
        title: a number that stands for its title, or else for its text.
        text: a number that stands for its text, if it has one.
        published_at: its date, if that can be true; aware UTC.
    """

    link: int | None = None
    title: int | None = None
    text: int | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """An entry under a name that its feed has not used before."""

    found: Identified
    traits: Traits

    @property
    def name(self) -> str:
        """What the feed calls it."""
        return self.found.identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """That a feed has shown an entry before.

    Attributes:
        first_at: when it first called the entry so; aware UTC.
    """

    article: ArticleId
    content_hash: str
    traits: Traits
    first_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What is known of the dates of a feed's entries; all aware UTC.

    Attributes:
        subscribed_at: when the feed was first read.
        read_at: when it was last read.
        oldest: of what it showed at first; None where that was too little to tell.
        newest: of what it has shown up to *read_at*.
    """

    subscribed_at: datetime
    read_at: datetime
    oldest: datetime | None = None
    newest: datetime | None = None


def traits_of(one: Identified, now: datetime) -> Traits:
    """Answer by what an entry that is seen at *now* is known again."""
    entry = one.entry
    text = entry.content or entry.summary or ""
    published = entry.published_at
    usable = published and _FIRST_DATE <= published <= now + _AHEAD
    return Traits(
        link=_number(own_link(one) or ""),
        title=_number(entry.title or text),
        text=_number(text),
        # A store keeps no more than milliseconds.
        published_at=from_ms(to_ms(published)) if published and usable else None,
    )


def is_alike(one: Traits, other: Traits) -> bool:
    """Answer whether two entries are one: they share the link, or the title and its date or text.

    The title alone does not tell: weather and round-ups come under one title every day.
    """
    if one.link is not None and one.link == other.link:
        return True
    return (
        one.title is not None
        and one.title == other.title
        and (
            (one.published_at is not None and one.published_at == other.published_at)
            or (one.text is not None and one.text == other.text)
        )
    )


def is_another(one: Traits, other: Traits) -> bool:
    """Answer whether two entries are two articles, although their feed calls them the same.

    An edit leaves something as it was: the link, the title, the date or the text.
    """
    both = (
        (one.link, other.link),
        (one.title, other.title),
        (one.published_at, other.published_at),
    )
    return (one.text is None or one.text != other.text) and all(
        now is not None and before is not None and now != before for now, before in both
    )


def is_flood(new: int, entries: int) -> bool:
    """Answer whether so many of a document's entries look *new* that names are not trusted."""
    return entries >= _FEWEST and new >= _MOSTLY * entries


def recognise(
    strangers: Sequence[Stranger],
    alike: Mapping[str, Sequence[Sighting]],
    shown: Collection[ArticleId],
) -> Mapping[str, Sighting]:
    """Answer which of the *strangers* in a flood their feed has shown, by their new names.

    Most are like what it has shown. Others are known by their title alone, if the feed has given
    that to just as many other articles, and either has no dates and texts that could tell, or
    has moved for sure: most of the strangers are known.

    Args:
        strangers: the entries that look new, each once.
        alike: by their names, what the feed has shown with the same link or title: all of it,
            or at least of more articles than the document may have with one title by chance.
        shown: the articles that the document shows under the names that they had.
    """
    found: dict[str, Sighting] = {}
    for one in strangers:
        known = (each for each in alike[one.name] if is_alike(one.traits, each.traits))
        if (first := next(known, None)) is not None:
            found[one.name] = first
    moved = len(found) >= _MOSTLY * len(strangers)
    taken = {*shown, *(sighting.article for sighting in found.values())}
    bearers: dict[int, list[Stranger]] = defaultdict(list)
    for one in strangers:
        if one.name not in found and one.traits.title is not None:
            bearers[one.traits.title].append(one)
    for title, them in bearers.items():
        same = {each.article: each for each in alike[them[0].name] if each.traits.title == title}
        free = [each for article, each in same.items() if article not in taken]
        if len(free) == len(them):
            pairs = zip(them, free, strict=True)
            found.update(
                (one.name, before)
                for one, before in pairs
                if moved or (_is_bare(one.traits) and _is_bare(before.traits))
            )
    return found


def _is_bare(traits: Traits) -> bool:
    """Answer whether an entry has a title and nothing else that could tell it from others."""
    return traits.published_at is None and traits.text is None


def may_be_old(one: Stranger, dates: Dates) -> bool:
    """Answer whether it takes `oldest` and `newest` to tell that an entry is news."""
    published = one.traits.published_at
    before = max(dates.subscribed_at - _BEFORE_SUBSCRIPTION, dates.read_at - _STILL_NEWS)
    return published is not None and published < before


def is_news(one: Stranger, dates: Dates, *, flood: bool, by_day: bool) -> bool:
    """Answer whether an entry that its feed never showed before is news, and not its archive.

    It is, but for two cases. Its feed was subscribed to more than a week after its date, and
    showed nothing so old at that time: it was in the archive then. Or it comes in a flood, is
    not newer than what the feed has shown, and was three days old at the last poll already.
    So an entry that is a few days late, or is dated like all others, is news; and one without a
    date that can be true always is.

    Args:
        one: the entry.
        dates: of what its feed has shown.
        flood: whether most of the document looks new.
        by_day: whether dates are of days, and so may mean any time until a day later.
    """
    published = one.traits.published_at
    if published is None:
        return True
    if by_day:
        published += _DAY
    archived = dates.oldest is not None and published < min(
        dates.oldest, dates.subscribed_at - _BEFORE_SUBSCRIPTION
    )
    stale = dates.newest is not None and published <= min(dates.newest, dates.read_at - _STILL_NEWS)
    return not archived and not (flood and stale)


def are_days(dates: Iterable[datetime]) -> bool:
    """Answer whether *dates* are of days: all at one hour, or at two where clocks were changed.

    Fewer than three may be at full hours by chance.
    """
    times = [date.time() for date in dates]
    return len(set(times)) <= _HOURS_OF_A_DAY < len(times) and not any(
        at.minute or at.second for at in times
    )


def _number(text: str) -> int | None:
    """Answer a number that stands for *text* in any spelling; None for none."""
    folded = " ".join(text.casefold().split())
    if not folded:
        return None
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
