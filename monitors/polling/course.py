"""What one more poll adds to the memory of a feed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from monitors.feeds.entry import Document
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed, NotModified, Validators
from monitors.polling.habit import first_habit
from monitors.polling.memory import Memory

# Some servers answer "not modified" for ever.
_TRUSTED_FOR = timedelta(days=8)
# A captive portal or a mistake of an afternoon sends everybody elsewhere, "permanently".
_PROVEN_AFTER = timedelta(days=7)
_NO_LONGER_HERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
# Where a feed that has moved fails at its new address so often, the old one is asked again.
_GIVEN_UP_AFTER = 5


def to_ask_with(memory: Memory, now: datetime) -> Validators:
    """Answer the validators to ask with at *now*: none every eight days, to be sure."""
    asked = memory.unconditional_at
    return memory.validators if asked and now - asked < _TRUSTED_FOR else Validators()


def after_answer(
    memory: Memory, answer: Fetched | NotModified, sent: Validators, now: datetime
) -> Memory:
    """Answer what is remembered of a feed that could be read, or has not changed, at *now*.

    Its new validators are kept byte for byte, also where nothing else is new.

    Args:
        memory: what was known of it.
        answer: its server's.
        sent: what was asked with.
        now: aware UTC.
    """
    same = answer.moved_to == memory.moved_to
    return replace(
        memory,
        validators=answer.validators,
        unconditional_at=now if sent == Validators() else memory.unconditional_at,
        max_age=answer.max_age,
        moved_to=answer.moved_to,
        moved_since=memory.moved_since if same else now if answer.moved_to else None,
        habit=memory.habit.after(now, ()),
        first_ok_at=memory.first_ok_at or now,
        last_ok_at=now,
        last_poll_at=now,
        failures=0,
        failing_since=None,
        reason=None,
        message=None if memory.failures else memory.message,
        status=None,
        gone_at=None,
    )


def after_document(  # noqa: PLR0913 -- what a document brings
    memory: Memory,
    document: Document,
    posts: Sequence[datetime],
    *,
    shared_ids: bool,
    title: str | None,
    body_hash: str,
    now: datetime,
) -> Memory:
    """Answer what is remembered of a feed that was read as *document*.

    Args:
        memory: what is known of it, with the answer of its server.
        document: what it carries.
        posts: when its new entries were published; at the first poll, all of them.
        shared_ids: whether it has ever given one identifier to several entries.
        title: its own, as it can be stored.
        body_hash: of the document's body.
        now: aware UTC.
    """
    first = memory.body_hash is None and memory.last_new_at is None
    empty = not document.entries and not first
    return replace(
        memory,
        # What was cut off must be asked for again, whatever the server thinks has changed.
        validators=memory.validators if document.whole else Validators(),
        body_hash=body_hash if document.whole else memory.body_hash,
        title=title or memory.title,
        habit=first_habit(posts, now) if first else memory.habit.after(now, posts),
        pace=document.pace,
        shared_ids=shared_ids,
        last_new_at=now if posts else memory.last_new_at,
        message=_flaw(document),
        empty_since=(memory.empty_since or now) if empty else None,
    )


def after_failure(memory: Memory, failed: FetchFailed, now: datetime) -> Memory:
    """Answer what is remembered of a feed that could not be read at *now*."""
    gone = failed.status == HTTPStatus.GONE
    failures = memory.failures + 1
    asks_old = not memory.asked_at and failures < _GIVEN_UP_AFTER
    left = failed.status in _NO_LONGER_HERE and memory.moved_to and asks_old
    asked_at = memory.moved_to if left else memory.asked_at
    if failures == _GIVEN_UP_AFTER:
        asked_at = None
    return replace(
        memory,
        last_poll_at=now,
        failures=failures,
        failing_since=memory.failing_since or now,
        reason=failed.reason.value,
        message=failed.message,
        status=failed.status,
        asked_at=asked_at,
        gone_at=(memory.gone_at or now) if gone else None,
        # What a page that is no feed says of moving is a portal's word, not the feed's.
        moved_to=None if failed.reason is FailureReason.NOT_A_FEED else memory.moved_to,
        moved_since=None if failed.reason is FailureReason.NOT_A_FEED else memory.moved_since,
    )


def settled_move(memory: Memory, address: str, others: Collection[str], now: datetime) -> Memory:
    """Answer *memory* with the new address of a feed whose move is proven.

    It is when the feed was found there for a week, or at once where the same host only asks
    for encryption; and no other feed of rules.yaml has that address.

    Args:
        memory: what is known of a feed that could be read.
        address: its own, as rules.yaml says.
        others: the addresses of all feeds.
        now: aware UTC.
    """
    if memory.asked_at == address:  # it has been written into rules.yaml meanwhile
        memory = replace(memory, asked_at=None)
    asked, new, since = memory.asked_at or address, memory.moved_to, memory.moved_since
    if new is None or since is None or new == asked or (new in others and new != address):
        return memory
    schemes = (asked[:7].lower(), new[:8].lower())
    encrypts = schemes == ("http://", "https://") and new[8:] == asked[7:]
    if encrypts or now - since >= _PROVEN_AFTER:
        moved = None if new == address else new
        return replace(memory, asked_at=moved, moved_to=None, moved_since=None)
    return memory


def _flaw(document: Document) -> str | None:
    """Answer what is wrong with a feed that can be read all the same."""
    if document.problems:
        return "; ".join(document.problems)
    return None if document.entries else "it has no entries"
