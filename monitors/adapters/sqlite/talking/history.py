"""The history of rules.yaml."""

import zlib
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import asked_json, read_asked
from monitors.adapters.sqlite.talking.renaming import rename_rule
from monitors.pipeline.history.records import (
    LASTING,
    MOST_BYTES,
    MOST_CHANGES,
    MOST_PROPOSALS,
    Asked,
    Author,
    Change,
    ChangeId,
    Origin,
    Proposal,
    ProposalId,
    Refusal,
    Step,
)
from monitors.rules.editing.edits import digest_of
from monitors.times import from_ms, to_ms

_FAST = 1  # to compress 64 MB takes half a second, and the writer has other work
_COLUMNS = (
    "id, at, origin, user, name, place, what, before, after, undoes, renamed_from, renamed_to"
)


class SqliteHistory:
    """Implements `pipeline.history.rows.HistoryRows`.

    Args:
        most_bytes: that the texts may take.
    """

    def __init__(self, database: Database, most_bytes: int = MOST_BYTES) -> None:
        self._db = database
        self._most_bytes = most_bytes

    def add(self, step: Step, author: Author, now: datetime) -> ChangeId:
        """Remember a change; what is stored of a rule that it renames goes on under its new name.

        A change that is the last one already, but of an unknown origin, gets this one's.
        """
        before = None if step.before is None else self._keep(step.before)
        after = self._keep(step.after)
        was, called = step.renamed or (None, None)
        newest = next(iter(self.changes(1)), None)
        if (
            newest
            and newest.author.origin is Origin.FILE
            and (newest.before, newest.after)
            == (
                before,
                after,
            )
        ):
            self._db.execute("DELETE FROM rules_change WHERE id = ?", [newest.id])
        row = self._db.execute(
            """
            INSERT INTO rules_change (at, origin, user, name, place, what, before, after, undoes,
                renamed_from, renamed_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            [
                to_ms(now),
                author.origin.value,
                author.user,
                author.name,
                author.place,
                step.what,
                before,
                after,
                step.undoes,
                was,
                called,
            ],
        ).fetchone()
        if step.renamed:
            rename_rule(self._db, *step.renamed, now)
        self._prune()
        return ChangeId(row[0])

    def changes(self, limit: int) -> tuple[Change, ...]:
        """Answer the last changes, the newest first."""
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM rules_change ORDER BY id DESC LIMIT ?",  # noqa: S608 -- a constant
            [limit],
        )
        return tuple(map(_change, rows))

    def change(self, change: ChangeId) -> Change | None:
        """Answer a change, if it is kept."""
        rows = self._db.query(
            f"SELECT {_COLUMNS} FROM rules_change WHERE id = ?",  # noqa: S608 -- a constant
            [change],
        )
        return next(map(_change, rows), None)

    def text(self, digest: str) -> str | None:
        """Answer the text of a digest, if it is kept."""
        row = self._db.execute("SELECT body FROM rules_text WHERE digest = ?", [digest]).fetchone()
        return None if row is None else zlib.decompress(row[0]).decode()

    def propose(self, asked: Asked, author: Author, text: str, now: datetime) -> ProposalId:
        """Remember what is *asked* for, and the *text* that it was made on."""
        row = self._db.execute(
            """
            INSERT INTO rules_proposal (origin, user, name, place, asked, digest, created_at,
                expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            [
                author.origin.value,
                author.user,
                author.name,
                author.place,
                asked_json(asked),
                self._keep(text),
                to_ms(now),
                to_ms(now + LASTING),
            ],
        ).fetchone()
        self._db.execute(
            "DELETE FROM rules_proposal WHERE expires_at <= ? OR id <= ?",
            [to_ms(now), row[0] - MOST_PROPOSALS],
        )
        self._prune()
        return ProposalId(row[0])

    def proposal(self, proposal: ProposalId, now: datetime) -> Proposal | None:
        """Answer a proposal that is neither settled nor expired."""
        rows = self._db.query(
            "SELECT * FROM rules_proposal WHERE id = ? AND expires_at > ?", [proposal, to_ms(now)]
        )
        row = next(iter(rows), None)
        if row is None:
            return None
        return Proposal(
            id=ProposalId(row["id"]),
            author=_author(row),
            asked=read_asked(row["asked"]),
            digest=row["digest"],
            created_at=from_ms(row["created_at"]),
            expires_at=from_ms(row["expires_at"]),
        )

    def settle(self, proposal: ProposalId) -> None:
        """Forget a proposal: it was applied, given up or overtaken."""
        self._db.execute("DELETE FROM rules_proposal WHERE id = ?", [proposal])
        self._prune()

    def refuse(self, why: str | None, now: datetime) -> None:
        """Remember why rules.yaml is not in force, since it is first so; None, that it is."""
        if why is None:
            self._db.execute("DELETE FROM rules_refused")
            return
        self._db.execute(
            """
            INSERT INTO rules_refused VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET why = excluded.why
            """,
            [why, to_ms(now)],
        )

    def refusal(self) -> Refusal | None:
        """Answer why rules.yaml is not in force as it stands, if it is not."""
        row = self._db.execute("SELECT why, since FROM rules_refused").fetchone()
        return Refusal(why=row[0], since=from_ms(row[1])) if row else None

    def _keep(self, text: str) -> str:
        digest = digest_of(text)
        known = self._db.execute("SELECT 1 FROM rules_text WHERE digest = ?", [digest]).fetchone()
        if known is None:
            self._db.execute(
                "INSERT INTO rules_text (digest, body) VALUES (?, ?)",
                [digest, zlib.compress(text.encode(), _FAST)],
            )
        return digest

    def _prune(self) -> None:
        """Forget the oldest changes beyond what is kept, and the texts that nothing names."""
        self._db.execute(
            """
            DELETE FROM rules_change
            WHERE id NOT IN (SELECT id FROM rules_change ORDER BY id DESC LIMIT ?)
            """,
            [MOST_CHANGES],
        )
        self._forget_texts()
        while self._size() > self._most_bytes:
            gone = self._db.execute(
                """
                DELETE FROM rules_change WHERE id = (
                    SELECT min(id) FROM rules_change HAVING count(*) > 1
                )
                """
            )
            if not gone.rowcount:
                # Not even the last one fits: it is remembered without its texts.
                self._db.execute("DELETE FROM rules_text")
                return
            self._forget_texts()

    def _forget_texts(self) -> None:
        self._db.execute(
            """
            DELETE FROM rules_text WHERE digest NOT IN (
                SELECT after FROM rules_change
                UNION SELECT before FROM rules_change WHERE before IS NOT NULL
                UNION SELECT digest FROM rules_proposal
            )
            """
        )

    def _size(self) -> int:
        row = self._db.execute("SELECT coalesce(sum(length(body)), 0) FROM rules_text").fetchone()
        return int(row[0])


def _change(row: dict[str, Any]) -> Change:
    renamed = (row["renamed_from"], row["renamed_to"]) if row["renamed_to"] else None
    return Change(
        id=ChangeId(row["id"]),
        at=from_ms(row["at"]),
        author=_author(row),
        what=row["what"],
        before=row["before"],
        after=row["after"],
        undoes=None if row["undoes"] is None else ChangeId(row["undoes"]),
        renamed=renamed,
    )


def _author(row: dict[str, Any]) -> Author:
    return Author(
        origin=Origin(row["origin"]), user=row["user"], name=row["name"], place=row["place"]
    )
