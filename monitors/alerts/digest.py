"""Alerts that reach a chat together, in one message: when that is so, and what it tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil

from monitors.alerts.alert import AlertContent
from monitors.alerts.destinations import has_pace, is_shared
from monitors.alerts.pacing import Pace

FOLDED = "in a digest"
"""Why an alert has no message of its own, for people."""
MOST_LISTED = 20
MOST_MESSAGES = 5
"""At most so many digests tell of what comes together; they count the rest."""
BETWEEN_FLOODS = timedelta(minutes=1)
_MINUTE = timedelta(minutes=1)


class Together(Enum):
    """Why alerts come together."""

    FLOOD = "flood"  # one by one they would take longer than a minute
    HELD = "held"  # quiet hours or a limit have held all of them back
    RETURNED = "returned"  # the chat took no messages for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert or a reply that is due.

    Attributes:
        letter: number of its row in the outbox.
        alert: number of the alert.
        since: when it was decided.
        held: why it was held back until now, in a few words for people; None if it was not.
        returned: whether its chat has refused to take it, or what came before it.
    """

    letter: int
    alert: int
    since: datetime
    held: str | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One digest of several: its *letters*, and the number of its first story for people."""

    letters: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """What comes together.

    Attributes:
        held: what held all of it back, where that is one thing.
        since: when the first of it was decided.
        total: how many stories it is about.
        parts: its digests; the last one counts what is too much to list.
    """

    together: Together
    held: str | None
    since: datetime
    total: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message that tells of several stories.

    Attributes:
        together: why they come together.
        held: what held all of them back, where that is one thing.
        since: when the first of them was decided.
        folded_at: when they were put together.
        total: how many stories there are, in all digests that belong together.
        first: number of the first one that is listed here.
        stories: what is listed, in the order in which it was decided.
        hidden: how many further ones are only counted.
    """

    together: Together
    held: str | None = None
    since: datetime
    folded_at: datetime
    total: int
    first: int = 1
    stories: tuple[AlertContent, ...]
    hidden: int = 0

    @property
    def last(self) -> int:
        """Number of the last story that is listed."""
        return self.first + len(self.stories) - 1


def flood_size(peer: str, pace: Pace) -> int | None:
    """Answer how many alerts may wait for *peer*; more would take longer than a minute to read.

    None where it takes any number at once and nothing rings. A private chat could take twice as
    many in a minute, but nobody wants to hear that.
    """
    if not has_pace(peer):
        return None
    if is_shared(peer):
        return int(pace.shared * (_MINUTE / pace.shared_window))
    return int(pace.burst * (_MINUTE / pace.burst_window) / 2)


def fold(waiting: Sequence[Waiting], again: Sequence[Waiting], *, flood: bool) -> Fold | None:
    """Answer what of *waiting* reaches its chat together; None if each comes by itself.

    Args:
        waiting: what is due in one chat, the oldest first.
        again: what digests would tell that wait themselves: it is put together anew.
        flood: whether it is too much to be told one by one.
    """
    chosen = [one for one in waiting if flood or one.held or one.returned]
    if not chosen:
        return None
    every = sorted((*again, *chosen), key=lambda one: one.letter)
    stories: dict[int, list[int]] = {}
    for one in every:
        stories.setdefault(one.alert, []).append(one.letter)
    if len(stories) == 1:
        return None
    reasons = {one.held for one in every}
    return Fold(
        together=_why(every),
        held=reasons.pop() if len(reasons) == 1 else None,
        since=min(one.since for one in every),
        total=len(stories),
        parts=_parts([*stories.values()]),
    )


def _why(every: Iterable[Waiting]) -> Together:
    if all(one.held and not one.returned for one in every):
        return Together.HELD
    return Together.RETURNED if all(one.held or one.returned for one in every) else Together.FLOOD


def _parts(stories: Sequence[Sequence[int]]) -> tuple[Part, ...]:
    """Answer the digests that tell *stories*, each of which is some letters; all about as long."""
    count = min(MOST_MESSAGES, ceil(len(stories) / MOST_LISTED))
    size = min(MOST_LISTED, ceil(len(stories) / count))
    starts = [size * place for place in range(count)]
    ends = [*starts[1:], len(stories)]
    return tuple(
        Part(
            letters=tuple(letter for story in stories[start:end] for letter in story),
            first=start + 1,
        )
        for start, end in zip(starts, ends, strict=True)
    )


def shared_rule(stories: Iterable[AlertContent]) -> str | None:
    """Answer the rule that alone holds for all of *stories*; None if there are several."""
    rules = {story.rules for story in stories}
    only = rules.pop() if len(rules) == 1 else ()
    return only[0] if len(only) == 1 else None
