"""What people are told of deliveries that did not work."""

from collections.abc import Sequence
from datetime import datetime

from monitors.alerts.delivery import Delivered, DeliveryOutcome, ProbeOutcome
from monitors.alerts.destinations import ADMIN
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import Kind, Letter, Settled, State
from monitors.pipeline.telling.failed import Lost

_ALERTS = (Kind.ALERT, Kind.REPLY, Kind.DIGEST)
_FAILED = "python bot.py alerts --failed"


def tell_admins(  # noqa: PLR0913 -- an attempt has these
    ledger: Ledger,
    letter: Letter,
    outcome: DeliveryOutcome | ProbeOutcome,
    settled: Settled,
    *,
    admins: Sequence[str],
    now: datetime,
) -> None:
    """Tell the administrators, once, what they have to know of an attempt.

    A chat that is lost, a letter that is given up, a topic that is closed.
    """
    told: list[tuple[str, str]] = []
    if settled.whole_chat:
        told += ((one.peer, _lost(one)) for one in ledger.outbox.lost() if _matters(one))
    if settled.state is State.DEAD and letter.kind in _ALERTS:
        text = f"A message for {letter.chat} could not be delivered: {settled.why}. It is kept: "
        told.append((letter.peer, text + _FAILED))
    # Where a person only asked, rules.yaml need not say anything.
    told_of = not letter.chat.startswith(ADMIN)
    if isinstance(outcome, Delivered) and outcome.note and told_of:
        note = f"{letter.chat}: {outcome.note}"
        told += [("", note)] if ledger.outbox.first_time(note) else []
    for peer, text in told:
        # Nobody is told in a chat that takes nothing.
        chats = [ADMIN + admin for admin in admins if admin != peer]
        ledger.outbox.notify(chats, text, now)


def sentence(letter: Letter, settled: Settled) -> str | None:
    """Answer what the terminal says of an attempt, if anything."""
    if settled.state is State.PARKED:
        return (
            f"{letter.chat} does not take messages: {settled.why}. They are kept, and sent when "
            "it does again."
        )
    if settled.state is State.DEAD:
        return f"{letter.chat} did not get a message: {settled.why}. It is kept: {_FAILED}"
    failed = settled.why and settled.state is not State.SENT
    if failed and letter.attempt == 1 and letter.kind is not Kind.REVISION:
        return f"{letter.chat}: {settled.why}; trying again"
    return None


def _matters(lost: Lost) -> bool:
    return lost.kept > 0 or not lost.chat.startswith(ADMIN)


def _lost(lost: Lost) -> str:
    alerts = "1 alert is" if lost.kept == 1 else f"{lost.kept} alerts are"
    return (
        f"The chat {lost.chat} takes no messages: {lost.why}. {alerts} kept, and sent when it "
        "does again."
    )
