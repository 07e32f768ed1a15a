"""What is held back is told when its chat wants it to be by the rules that are in force now."""

from collections.abc import Sequence
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
        str(name): chat
        for name, chat in book.chats.items()
        if quiet_until(chat, now, book.zone) is not None
    }
    rang: dict[str, Sequence[datetime]] = {}

    def waits(name: str, planned: datetime) -> datetime | None:
        chat = quiet.get(name)
        if chat is None:
            return None
        if name not in rang:
            rang[name] = ledger.alerts.recent(name, now - _HOUR)
        return put_off_until(chat, rang[name], planned, now, book.zone)

    return waits if quiet else None
