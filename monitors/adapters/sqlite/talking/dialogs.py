"""What people were asked."""

from datetime import datetime

from sqlite_utils import Database

from monitors.pipeline.dialogs import Dialog
from monitors.times import to_ms


class SqliteDialogs:
    """Implements `pipeline.dialogs.DialogRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, place: str, user: str, dialog: Dialog, until: datetime) -> None:
        """Remember what *user* was asked, in place of what they were asked before."""
        self._db.execute(
            "INSERT OR REPLACE INTO dialog VALUES (?, ?, ?, ?, ?, ?)",
            [place, user, dialog.command, dialog.step, dialog.state, to_ms(until)],
        )

    def at(self, place: str, user: str, now: datetime) -> Dialog | None:
        """Answer what *user* was asked, if that is not too long ago."""
        row = self._db.execute(
            "SELECT command, step, state FROM dialog WHERE place = ? AND user = ? AND until > ?",
            [place, user, to_ms(now)],
        ).fetchone()
        return Dialog(command=row[0], step=row[1], state=row[2]) if row else None

    def forget(self, now: datetime) -> None:
        """Forget what was asked too long ago."""
        self._db.execute("DELETE FROM dialog WHERE until <= ?", [to_ms(now)])

    def close(self, place: str, user: str) -> bool:
        """Forget what *user* was asked; answer whether there was something."""
        found = self._db.execute("DELETE FROM dialog WHERE place = ? AND user = ?", [place, user])
        return found.rowcount > 0
