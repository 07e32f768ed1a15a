"""A rule gets another name: what is stored of it goes on under that."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, to_json
from monitors.alerts.alert import AlertContent
from monitors.times import to_ms

# Older stories grow no more, so that nobody asks what a chat was told of them.
_STILL_TOLD = timedelta(days=30)
_OF_A_RULE = ("match", "partial_hold")


def rename_rule(database: Database, was: str, called: str, now: datetime) -> None:
    """Have what is stored of the rule *was* under the name *called*, as far as it is not there.

    Were alerts to keep the old name, a story that grows would ring again for the new one.
    """
    for table in _OF_A_RULE:
        database.execute(
            f"UPDATE OR IGNORE {table} SET rule = ? WHERE rule = ?",  # noqa: S608 -- a constant
            [called, was],
        )
        database.execute(f"DELETE FROM {table} WHERE rule = ?", [was])  # noqa: S608 -- a constant
    rows = database.execute(
        "SELECT id, content FROM alert WHERE decided_at >= ? AND instr(content, ?)",
        [to_ms(now - _STILL_TOLD), json.dumps(was, ensure_ascii=False)],
    ).fetchall()
    for alert, content in rows:
        renamed = to_json(_renamed(from_json(content), was, called))
        database.execute("UPDATE alert SET content = ? WHERE id = ?", [renamed, alert])


def _renamed(content: AlertContent, was: str, called: str) -> AlertContent:
    names = (called if name == was else name for name in content.rules)
    in_part = (replace(one, rule=called) if one.rule == was else one for one in content.in_part)
    return replace(content, rules=tuple(dict.fromkeys(names)), in_part=tuple(in_part))
