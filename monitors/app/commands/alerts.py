"""`bot.py alerts`: what was told to whom, and what became of it."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import zip_longest
from typing import Annotated, Any

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import look_into
from monitors.adapters.sqlite.ledger import SqliteLedger
from monitors.app.boards import as_json as content_as_json
from monitors.app.clock import machine_zone
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import add_row, out, print_json, say, table
from monitors.app.reading import read_rules
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError
from monitors.pipeline.records import AlertId, AlertRow, Kind, PartialRow
from monitors.pipeline.regrouping.why import Explained, explain
from monitors.pipeline.regrouping.wording import full_text
from monitors.times import iso


def alerts(  # noqa: PLR0913 -- an option each
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that did not arrive, and why.")
    ] = False,
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
    if failed + partial + (why is not None) > 1:
        raise typer.BadParameter("--failed, --partial and --why are three lists: ask for one.")
    settings = from_environment(rules, data)
    with look_into(settings.store) as ledger:
        if why is not None:
            _show_why(_explained(ledger, settings, AlertId(why)), as_json=as_json)
            return
        if partial:
            _show_partial(ledger.holds.latest(limit), as_json=as_json)
            return
        rows = ledger.alerts.latest(limit, failed=failed)
    if as_json:
        for row in rows:
            print_json(_as_json(row))
    elif rows:
        zone = machine_zone()
        shown = table("no.", "decided", "chat", "state", "headline", "rules")
        for row in rows:
            add_row(shown, *_cells(row, zone))
        out().print(shown)
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


def _as_json(row: AlertRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "chat": row.chat,
        "state": row.state.value,
        "why": row.why,
        "attempts": row.attempts,
        "version": row.version,
        "decided": iso(row.decided_at),
        "due": iso(row.due_at),
        "sent": iso(row.sent_at) if row.sent_at else None,
        **content_as_json(row.content),
    }
