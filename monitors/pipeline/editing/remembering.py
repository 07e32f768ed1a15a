"""Puts changes of rules.yaml into its history, also those that somebody else made."""

from datetime import datetime

from monitors.pipeline.history.records import Author, Change, ChangeId, Origin, Step
from monitors.pipeline.ports import Ledger
from monitors.rules.editing.edits import digest_of

_FILE = Author(origin=Origin.FILE)


def remember(ledger: Ledger, step: Step, author: Author, now: datetime) -> ChangeId:
    """Remember that *author* took a *step*, and before that what led to its beginning."""
    newest = _newest(ledger)
    if step.before is not None:
        taken = (digest_of(step.before), digest_of(step.after))
        # A running Newsbell may have noticed it before whoever did it could say so.
        if newest is None or (newest.before, newest.after) != taken:
            foreign(ledger, step.before, now)
    return ledger.history.add(step, author, now)


def foreign(ledger: Ledger, text: str, now: datetime) -> ChangeId | None:
    """Remember that somebody else made the file say *text*; None if that is known."""
    newest = _newest(ledger)
    if newest and newest.after == digest_of(text):
        return None
    before = ledger.history.text(newest.after) if newest else None
    what = "edited the file" if newest else "began with this file"
    return ledger.history.add(Step(what=what, before=before, after=text), _FILE, now)


def _newest(ledger: Ledger) -> Change | None:
    return next(iter(ledger.history.changes(1)), None)
