"""Something is muted in a chat, and not any more."""

from dataclasses import replace
from datetime import datetime

from monitors.alerts.muting import Mute, MutedStory, reason
from monitors.alerts.showing.alert_keyboard import Page
from monitors.pipeline.alert import tell_chats
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import AlertId

_LONGEST_ABOUT = 240


def mute(ledger: Ledger, chat: str, wanted: Mute, now: datetime) -> bool:
    """Have *chat* hear no more of something; False if it is muted already, and for as long.

    What waits to be sent of a story that is muted is not sent.
    """
    known = ledger.mutes.of(chat, now).find(wanted.what)
    if known and known.until == wanted.until:
        return False
    what = wanted.what
    if isinstance(what, MutedStory):
        told = ledger.regrouping.alert(AlertId(what.alert))
        about = told.content.headline.text[:_LONGEST_ABOUT] if told else ""
        wanted = replace(wanted, about=about, under=what.alert)
    ledger.mutes.put(chat, wanted, now)
    if isinstance(what, MutedStory):
        _drop_waiting(ledger, AlertId(what.alert), reason(what), now)
    _show(ledger, wanted, now)
    return True


def unmute(  # noqa: PLR0913, PLR0917 -- the transaction, and who ends what
    ledger: Ledger, book: Book, chat: str, number: int, who: str, now: datetime
) -> Mute | None:
    """End a mute of *chat*; answer it, or None if there is none of that number.

    What it has kept from the chat is not sent; the message of a story catches up.
    """
    muted = (one for one in ledger.mutes.of(chat, now).in_force if one.number == number)
    known = next(muted, None)
    if known is None or not ledger.mutes.lift(chat, number, who, now):
        return None
    if isinstance(known.what, MutedStory):
        told = ledger.regrouping.alert(AlertId(known.what.alert))
        if told:
            tell_chats(ledger, book, told.story, {}, now)
    _show(ledger, known, now)
    return known


def _show(ledger: Ledger, changed: Mute, now: datetime) -> None:
    """Have the buttons say so under the alert that it was asked for, if it was."""
    if changed.under is not None:
        ledger.keyboards.turn(AlertId(changed.under), Page.MAIN)
        ledger.alerts.renew(AlertId(changed.under), now)


def _drop_waiting(ledger: Ledger, alert: AlertId, why: str, now: datetime) -> None:
    """Send nothing of what waits to be shown below *alert*."""
    ledger.mutes.drop_replies(alert, why)
    for below in ledger.mutes.waiting_below(alert):
        told = ledger.regrouping.alert(below)
        if told and ledger.regrouping.withdraw(below):
            ledger.mutes.silence(told.chat, told.story, told.content, why, now)
