"""`bot.py alerts`: what was told to whom, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import zip_longest
from typing import Annotated, Any

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.adapters.sqlite.ledger import SqliteLedger
from monitors.app.boards import as_json as content_as_json
from monitors.app.clock import machine_zone, now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import add_row, out, print_json, say, table
from monitors.app.reading import read_rules
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError
from monitors.pipeline.records import AlertId, AlertRow, Kind, OutboxId, PartialRow
from monitors.pipeline.regrouping.why import Explained, explain
from monitors.pipeline.regrouping.wording import full_text
from monitors.pipeline.telling.failed import FailedRow
from monitors.pipeline.telling.muting import Silenced
from monitors.times import iso

_MOST_DIGITS = 18


def alerts(  # noqa: PLR0913 -- an option each
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="What did not arrive and will not by itself, and why.")
    ] = False,
    retry: Annotated[
        str | None,
        typer.Option(metavar="NUMBER|all", help="With --failed: send this one, or all, again."),
    ] = None,
    drop: Annotated[
        str | None,
        typer.Option(metavar="NUMBER|all", help="With --failed: never send this one, or any."),
    ] = None,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="What holds in part for articles that could not be read in full."
        ),
    ] = False,
    why: Annotated[
        int | None,
        typer.Option(min=1, metavar="NUMBER", help="Why the articles of this alert are one story."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 20,
    as_json: Json = False,
) -> None:
    """Show recent alerts and what became of them, the newest first."""
    _check(lists=failed + partial + (why is not None), failed=failed, decided=(retry, drop))
    settings = from_environment(rules, data)
    if retry or drop:
        _decide(settings, retry=retry, drop=drop, as_json=as_json)
        return
    with look_into(settings.store) as ledger:
        if why is not None:
            _show_why(_explained(ledger, settings, AlertId(why)), as_json=as_json)
            return
        if partial:
            _show_partial(ledger.holds.latest(limit), as_json=as_json)
            return
        if failed:
            _show_failed(ledger.outbox.failed(limit), as_json=as_json)
            return
        _show_latest(_latest(ledger, limit), as_json=as_json)


def _show_latest(rows: Sequence[AlertRow | Silenced], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(_as_json(row) if isinstance(row, AlertRow) else _silenced_as_json(row))
    elif rows:
        zone = machine_zone()
        shown = table("no.", "decided", "chat", "state", "headline", "rules")
        for row in rows:
            if isinstance(row, AlertRow):
                add_row(shown, *_cells(row, zone))
            else:
                add_row(shown, *_silenced_cells(row, zone))
        out().print(shown)
    else:
        say("None.")


def _latest(ledger: SqliteLedger, limit: int) -> Sequence[AlertRow | Silenced]:
    """Answer the newest alerts and what was not told because it is muted, the newest first."""
    rows = ledger.alerts.latest(limit, failed=False)
    muted = ledger.mutes.silenced(limit)
    both: list[AlertRow | Silenced] = [*rows, *muted]
    return sorted(both, key=_when, reverse=True)[:limit] if muted else rows


def _when(row: AlertRow | Silenced) -> datetime:
    return row.decided_at if isinstance(row, AlertRow) else row.at


def _check(*, lists: int, failed: bool, decided: tuple[str | None, str | None]) -> None:
    """Refuse options that do not go together."""
    if lists > 1:
        raise typer.BadParameter("--failed, --partial and --why are three lists: ask for one.")
    if any(decided) and (not failed or all(decided)):
        raise typer.BadParameter("--retry and --drop go with --failed, one of them.")


def _decide(settings: Settings, *, retry: str | None, drop: str | None, as_json: bool) -> None:
    """Send again, or drop, what failed; a running Newsbell may use the store as well.

    Raises:
        MonitorsError: nothing was done.
    """
    letters = _numbers(retry or drop or "")
    with look_into(settings.store):
        pass  # which says so where there is none, instead of making one
    store = SqliteStore(settings.store)
    try:
        count = store.write_now(
            lambda ledger: (
                ledger.outbox.retry(letters, now()) if retry else ledger.outbox.drop(letters)
            )
        )
    finally:
        store.close()
    if count == 0 and letters is not None:
        raise MonitorsError(
            f"Nothing that failed has the number {letters[0]}: python bot.py alerts --failed"
        )
    done = "retried" if retry else "dropped"
    if as_json:
        print_json({"done": done, "messages": count})
    else:
        out().print(f"{done}: {count}")


def _numbers(text: str) -> tuple[OutboxId, ...] | None:
    """Answer which letters *text* names; None means all that failed."""
    if text == "all":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > _MOST_DIGITS:
        raise typer.BadParameter("Write the number of a message, or all.")
    return (OutboxId(int(text)),)


def _show_failed(rows: Sequence[FailedRow], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(
                {
                    "id": row.id,
                    "kind": row.kind.value,
                    "chat": row.chat,
                    "state": row.state.value,
                    "why": row.why,
                    "title": row.title,
                    "created": iso(row.created_at),
                    "failed": iso(row.failed_at) if row.failed_at else None,
                }
            )
    elif rows:
        zone = machine_zone()
        shown = table("no.", "since", "chat", "what", "state", "headline")
        for row in rows:
            since = row.created_at.astimezone(zone).strftime("%d %b %H:%M")
            state = f"{row.state.value}: {row.why}" if row.why else row.state.value
            add_row(shown, str(row.id), since, row.chat, row.kind.value, state, row.title)
        out().print(shown)
        say("Again: python bot.py alerts --failed --retry NUMBER (or all). Never: --drop NUMBER.")
    else:
        say("None.")


def _explained(ledger: SqliteLedger, settings: Settings, number: AlertId) -> Explained:
    """Answer why the articles that the message of an alert lists are one story.

    Raises:
        MonitorsError: there is no such alert.
    """
    told = ledger.regrouping.alert(number)
    if told is None:
        raise MonitorsError(f"There is no alert {number}. Their numbers: python bot.py alerts")
    rules = read_rules(RulebookFile(settings.rules), settings.networks)
    # What is wrong with rules.yaml hides no reason: then the story is explained alone.
    chats = () if isinstance(rules, tuple) else rules.chats
    chat = next((chat for chat in chats if chat.name == told.chat), None)
    return explain(ledger, told.story, chat)


def _show_why(explained: Explained, *, as_json: bool) -> None:
    if as_json:
        print_json(_why_as_json(explained))
        return
    for line in full_text(explained):
        out().print(line, soft_wrap=True)


def _why_as_json(explained: Explained) -> dict[str, Any]:
    """Answer *explained* as scripts read it."""
    return {
        "story": explained.story,
        "outlets": explained.outlets,
        "pace": explained.pace,
        "articles": [
            {
                "number": one.number,
                "article": one.article.id,
                "outlet": one.article.outlet,
                "title": one.article.title,
                "url": one.article.link,
                "seen": iso(one.article.seen_at),
                "why": one.why,
                "ground": one.article.reason.ground.value,
                "strength": one.article.reason.strength.value,
                "score": one.article.reason.score,
                "words": list(one.article.reason.words),
                "against": one.article.reason.against,
                "rules": list(one.rules),
            }
            for one in explained.articles
        ],
        "related": [
            {
                "story": one.story,
                "earlier": one.earlier,
                "outlet": one.lead.outlet,
                "title": one.lead.title,
                "why": one.why,
            }
            for one in explained.relatives
        ],
    }


def _show_partial(rows: Sequence[PartialRow], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print_json(_partial_as_json(row))
    elif rows:
        zone = machine_zone()
        shown = table("kept", "what holds in part")
        for row in rows:
            kept = row.kept_at.astimezone(zone).strftime("%d %b %H:%M")
            for when, line in zip_longest((kept,), _partial_lines(row), fillvalue=""):
                add_row(shown, when, line)
        out().print(shown)
    else:
        say("None.")


def _partial_lines(row: PartialRow) -> tuple[str, ...]:
    found, missing = ", ".join(row.hold.found), ", ".join(row.hold.missing)
    return (
        *filter(None, (row.title, " · ".join(filter(None, (row.outlet, row.link))))),
        f"{row.hold.rule}: holds {found}; missing {missing}",
        f"not read: {row.hold.why}",
    )


def _partial_as_json(row: PartialRow) -> dict[str, object]:
    return {
        "kept": iso(row.kept_at),
        "outlet": row.outlet,
        "title": row.title,
        "url": row.link,
        "rule": row.hold.rule,
        "holds": list(row.hold.found),
        "missing": list(row.hold.missing),
        "why": row.hold.why,
    }


def _cells(row: AlertRow, zone: tzinfo) -> tuple[str, ...]:
    decided = row.decided_at.astimezone(zone).strftime("%d %b %H:%M")
    state = f"{row.state.value}: {row.why}" if row.why else row.state.value
    others = len(row.content.others)
    headline = row.content.headline.text + (f" (+{others})" if others else "")
    if row.kind is Kind.REPLY:
        # Below the message of its alert, whose number it has; the note says why it rings.
        headline += f" (reply: {row.content.note})" if row.content.note else " (reply)"
    return str(row.id), decided, row.chat, state, headline, ", ".join(row.content.rules)


def _silenced_cells(row: Silenced, zone: tzinfo) -> tuple[str, ...]:
    others = len(row.content.others)
    return (
        "",
        row.at.astimezone(zone).strftime("%d %b %H:%M"),
        row.chat,
        f"not told: {row.why}",
        row.content.headline.text + (f" (+{others})" if others else ""),
        ", ".join(row.content.rules),
    )


def _silenced_as_json(row: Silenced) -> dict[str, object]:
    return {
        "id": None,
        "kind": Kind.ALERT.value,
        "chat": row.chat,
        "state": "muted",
        "why": row.why,
        "attempts": 0,
        "version": 0,
        "decided": iso(row.at),
        "due": None,
        "sent": None,
        **content_as_json(row.content),
    }


def _as_json(row: AlertRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "chat": row.chat,
        "state": row.state.value,
        "why": row.why,
        "digest": row.digest,
        "attempts": row.attempts,
        "version": row.version,
        "decided": iso(row.decided_at),
        "due": iso(row.due_at),
        "sent": iso(row.sent_at) if row.sent_at else None,
        **content_as_json(row.content),
    }
