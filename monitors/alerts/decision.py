"""Whether a chat is told of a story, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeAlias

from monitors.alerts.alert import AlertContent
from monitors.alerts.quiet_hours import digest_at, over_limit_until, quiet_until
from monitors.rules.rulebook import Chat


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
        recent: when the chat's alerts and replies of the last hour rang or will ring.
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
    why = "quiet hours" if quiet else f"more than {limit} an hour"
    return Held(digest_at(chat, free, now, zone), why)


def _free_at(chat: Chat, recent: Sequence[datetime], now: datetime, zone: tzinfo) -> datetime:
    """Answer the first moment from *now* on that neither quiet hours nor the limit forbid.

    The limit may lead into quiet hours, and many alerts may wait for the end of those.
    """
    free = now
    while later := quiet_until(chat, free, zone) or over_limit_until(chat, recent, free, zone):
        free = later
    return free
