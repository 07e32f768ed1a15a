"""What is held back is told when its chat wants it to be by the rules that are in force now."""

from datetime import datetime, timedelta

from monitors.alerts.decision import held_until
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger

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
