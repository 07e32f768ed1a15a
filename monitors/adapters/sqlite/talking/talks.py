"""What people have asked, and whether they are heard."""

from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from monitors.pipeline.dialogs import A_DAY, Interrupted, Trouble
from monitors.times import from_ms, to_ms

_MOST_TOLD = 20  # of what was interrupted


class SqliteTalks:
    """Implements `pipeline.dialogs.TalkRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, key: str, place: str, what: str, now: datetime) -> bool:
        """Remember that something is begun; answer whether it is for the first time in a day."""
        if not key:
            return True
        self._db.execute("DELETE FROM heard WHERE at < ?", [to_ms(now - A_DAY)])
        added = self._db.execute(
            "INSERT OR IGNORE INTO heard VALUES (?, ?, ?, ?, 0)", [key, place, what, to_ms(now)]
        )
        return added.rowcount > 0

    def finish(self, key: str) -> None:
        """Remember that it was done."""
        self._db.execute("UPDATE heard SET done = 1 WHERE key = ?", [key])

    def interrupted(self) -> tuple[Interrupted, ...]:
        """Answer what was begun and not finished, the oldest first; it counts as finished now."""
        rows = self._db.execute(
            "SELECT place, what FROM heard WHERE NOT done ORDER BY at, rowid LIMIT ?", [_MOST_TOLD]
        ).fetchall()
        self._db.execute("UPDATE heard SET done = 1 WHERE NOT done")
        return tuple(Interrupted(place=place, what=what) for place, what in rows)

    def troubled(self, why: str | None, now: datetime) -> None:
        """Remember why people are not heard; None, that they are."""
        if why is None:
            self._db.execute("DELETE FROM deaf")
        else:
            self._db.execute("INSERT OR REPLACE INTO deaf VALUES (1, ?, ?)", [why, to_ms(now)])

    def trouble(self) -> Trouble | None:
        """Answer why people are not heard, if they are not."""
        row = self._db.execute("SELECT why, since FROM deaf").fetchone()
        return Trouble(why=row[0], since=from_ms(row[1])) if row else None

    def menus(self) -> Mapping[str, str]:
        """Answer what each menu was when it was last set: its digest, by its name."""
        rows = self._db.execute("SELECT name, digest FROM menu").fetchall()
        return dict(rows)

    def set_menu(self, name: str, digest: str | None) -> None:
        """Remember what a menu is; None, that there is none."""
        if digest is None:
            self._db.execute("DELETE FROM menu WHERE name = ?", [name])
        else:
            self._db.execute("INSERT OR REPLACE INTO menu VALUES (?, ?)", [name, digest])
