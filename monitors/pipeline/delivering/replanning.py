"""What is held back is told when its chat wants it to be by the rules that are in force now."""

from datetime import datetime, timedelta

from monitors.alerts.decision import held_until, put_off_until
from monitors.alerts.quiet_hours import quiet_until
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.telling.rows import Waits

_HOUR = timedelta(hours=1)


def plan_anew(ledger: Ledger, book: Book, now: datetime) -> int:
    """Have what is held back told when *book* says; answer how many letters that has changed.

    What is held for a chat that rules.yaml no longer names keeps its time: it is parked then.
    """
    changed = 0
    for one in ledger.outbox.held_back():
        chat = book.chats.get(one.chat)
        if chat is None:
            continue
        rang = [at for at in ledger.alerts.recent(one.chat, now - _HOUR) if at <= now]
        due_at = held_until(chat, rang, one.due_at, now, book.zone)
        if due_at != one.due_at:
            changed += ledger.outbox.put_off(one, due_at)
    return changed


def late_ones(ledger: Ledger, book: Book, now: datetime) -> Waits | None:
    """Answer what of that which was to ring before may not ring *now*; None if all may.

    Nobody is woken because a message could not be sent before quiet hours began.
    """
    quiet = {
        str(name): (chat, until)
        for name, chat in book.chats.items()
        if (until := quiet_until(chat, now, book.zone)) is not None
    }
    put_off: dict[str, datetime | None] = {}

    def waits(name: str, planned: datetime) -> datetime | None:
        if name not in quiet:
            return None
        chat, until = quiet[name]
        if quiet_until(chat, planned, book.zone) == until:
            return None  # the chat, or somebody in it, wants it in these very quiet hours
        if name not in put_off:
            recent = ledger.alerts.recent(name, now - _HOUR)
            put_off[name] = put_off_until(chat, recent, now, book.zone)
        return put_off[name]

    return waits if quiet else None
