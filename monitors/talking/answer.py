"""What the bot answers, and how that gets into the outbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from monitors.alerts.destinations import ADMIN
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import Notice, Priority
from monitors.talking.heard import Place

Rows = tuple[tuple[Button, ...], ...]


OLD_BUTTON = "This button is too old, or not of this chat."
"""What is shown to who presses what is not there, or not theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is written into the chat.

    Attributes:
        runs: the text.
        rows: the buttons below it.
        edits: number of the message of the bot that becomes this; None for a new one.
        document: name and text of a file that is sent with it.
    """

    runs: tuple[Run, ...]
    rows: Rows = ()
    edits: str | None = None
    document: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """The text without its styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What happens when a button was pressed.

    Attributes:
        toast: what is shown for a moment to whoever pressed it.
        answer: what stays in the chat.
        later: what takes longer than a button may wait; it goes on when the button was answered,
            and says what then stays in the chat.
    """

    toast: str = ""
    answer: Answer | None = None
    later: Callable[[], Awaitable[Answer | None]] | None = None


def plain(text: str, *buttons: Button) -> Answer:
    """Answer *text* in one style, with a row of *buttons* if there are any."""
    return Answer(runs=(Run(text),), rows=(buttons,) if buttons else ())


def tell(ledger: Ledger, place: Place, answer: Answer, now: datetime) -> None:
    """Put *answer* into the outbox, for the topic where it was asked for.

    It never takes the place of an alert: what a button says below one can be made up.
    """
    edits = answer.edits
    if edits and ledger.regrouping.shown(edits, place.ids):
        edits = None
    notice = Notice(text=answer.runs, buttons=answer.rows, edits=edits, document=answer.document)
    ledger.outbox.notify([ADMIN + place.key], notice, now, priority=Priority.ANSWER)
