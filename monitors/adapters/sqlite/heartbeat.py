"""The sign of life that `health` looks for."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitors.times import from_ms, to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When which process last said that it polls, under which rules.yaml."""

    at: datetime
    process: int
    rulebook: str


class SqliteHeart:
    """Implements `pipeline.rows.HeartRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def beat(self, now: datetime, process: int, rulebook: str) -> None:
        """Say that process number *process* is polling, under the rules.yaml of that digest."""
        self._db.execute(
            "INSERT OR REPLACE INTO heartbeat VALUES (1, ?, ?, ?)", [to_ms(now), process, rulebook]
        )

    def last(self) -> Heartbeat | None:
        """Answer the last sign of life."""
        row = self._db.execute("SELECT at, process, rulebook FROM heartbeat").fetchone()
        return Heartbeat(at=from_ms(row[0]), process=row[1], rulebook=row[2]) if row else None
