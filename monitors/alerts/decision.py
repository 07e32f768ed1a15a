"""Whether a chat is told of a story, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from monitors.alerts.alert import AlertContent
from monitors.alerts.quiet_hours import digest_at, over_limit_until, quiet_until
from monitors.rules.rulebook import Chat

QUIET_HOURS = "quiet hours"
PAGE_FIRST = "its page is read first"
"""Why an alert waits that may be of a story that its chat was told of."""
# A digest that rings in quiet hours may be so late.
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a chat has been told of a story, or will be.

    Attributes:
        waiting: whether the alert is held back and has not been sent.
        lost: whether no message shows it: it was deleted, or the chat does not take it.
    """

    content: AlertContent
    waiting: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """The chat is told now."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The message changes; it makes no sound.

    Attributes:
        waiting: whether the alert is still held back, and changes before anybody sees it.
    """

    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The message changes, and another one rings below it."""


@dataclass(frozen=True, slots=True)
class Held:
    """The alert or the reply is sent later; *why* in a few words for people.

    The message that a reply stands below changes at once.
    """

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The chat learns nothing from it; *why* in a few words for people."""

    why: str


Decision: TypeAlias = Alert | Revision | Reply | Held | Suppressed


def decide(  # noqa: PLR0913 -- the seven things that it depends on
    content: AlertContent,
    told: Told | None,
    *,
    rings: bool,
    chat: Chat,
    high: bool,
    recent: Sequence[datetime],
    now: datetime,
    zone: tzinfo,
) -> Decision:
    """Answer what happens to a story of which *content* can be told.

    Args:
        content: the story as it stands.
        told: what the chat has been told of it, if anything.
        rings: whether there is something in it of which the chat wants to hear.
        chat: who is told, with its manners.
        high: whether a rule of high priority rings: it passes quiet hours and limits.
        recent: when the chat's alerts and replies of the last hour rang or will ring; what waits
            for one moment rings once.
        now: aware UTC.
        zone: the timezone where the chat names none.
    """
    if told is None and not rings:
        return Suppressed("nothing that rings")
    if told is not None and (not rings or (told.waiting and not high)):
        same = told.content == content
        return Suppressed("nothing new") if same else Revision(waiting=told.waiting)
    free = now if high else _free_at(chat, recent, now, zone)
    if free == now:
        return Alert() if told is None or told.waiting else Reply()
    limit = "1 alert" if chat.max_per_hour == 1 else f"{chat.max_per_hour} alerts"
    quiet = quiet_until(chat, now, zone)
    why = QUIET_HOURS if quiet else f"more than {limit} an hour"
    return Held(digest_at(chat, free, now, zone), why)


def held_until(
    chat: Chat, recent: Sequence[datetime], due_at: datetime, now: datetime, zone: tzinfo
) -> datetime:
    """Answer when is told what was held back until *due_at*, by what its chat asks for now.

    What is due already stays so, unless it would ring in quiet hours: nobody was there to tell it
    before they began.

    Args:
        chat: who is told, with its manners.
        recent: when the chat's alerts and replies of the last hour rang.
        due_at: when it was to be told.
        now: aware UTC.
        zone: the timezone where the chat names none.
    """
    if due_at <= now and quiet_until(chat, now, zone) is None:
        return due_at
    return digest_at(chat, _free_at(chat, recent, now, zone), now, zone)


def put_off_until(
    chat: Chat, recent: Sequence[datetime], planned: datetime, now: datetime, zone: tzinfo
) -> datetime | None:
    """Answer until when waits what is late and would ring in quiet hours now; None if it rings.

    Args:
        chat: who is told, with its manners.
        recent: when the chat's alerts and replies of the last hour rang or will ring.
        planned: when it was to ring: in these very quiet hours if the chat or somebody in it
            wants that.
        now: aware UTC.
        zone: the timezone where the chat names none.
    """
    quiet = quiet_until(chat, now, zone)
    if quiet is None or quiet_until(chat, planned, zone) == quiet:
        return None
    if digest_at(chat, quiet, now - _LATE, zone) <= now:
        return None
    return digest_at(chat, _free_at(chat, recent, now, zone), now, zone)


def _free_at(chat: Chat, recent: Sequence[datetime], now: datetime, zone: tzinfo) -> datetime:
    """Answer the first moment from *now* on that neither quiet hours nor the limit forbid.

    The limit may lead into quiet hours. What waits already for a moment takes up what joins it.
    """
    waiting = sorted({moment for moment in recent if moment > now})
    free = now
    while True:
        later = quiet_until(chat, free, zone)
        if later is None and free not in waiting:
            later = over_limit_until(chat, recent, free, zone)
            if later is not None:
                # What waits for one moment comes together, and rings once.
                joined = (moment for moment in waiting if moment > free)
                later = min(later, next(joined, later))
        if later is None:
            return free
        free = later
