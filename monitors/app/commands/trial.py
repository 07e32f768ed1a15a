"""`bot.py try`: does an expression match, and why not?"""

import sys
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from monitors.adapters.sqlite.database import look_into
from monitors.alerts.showing.snippets import snippets
from monitors.app.clock import now
from monitors.app.commands.findings import evidence_as_json, show_findings
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.reading import rules_of
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError, RulebookError
from monitors.language.expression import EntityName, Expression, terms
from monitors.language.grammar import parse
from monitors.language.printing import to_text
from monitors.language.problems import Problem
from monitors.matching.explaining import Explanation
from monitors.pipeline.backtest import Backtest
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.rules.values import nearest
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.times import parse_duration

_MOST_BYTES = 10_000_000
_MOST_NAMES = 10


def trial(  # noqa: PLR0913 -- the options of a command
    expression: Annotated[str, typer.Argument(help='Such as: AUKUS AND "Pillar 2"')],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    text: Annotated[
        str | None, typer.Option(help="Match this file; - is standard input.", metavar="FILE")
    ] = None,
    since: Annotated[
        str, typer.Option(help="Match the stored articles of the last hours or days.")
    ] = "7d",
    as_json: Json = False,
) -> None:
    """Match an expression against a text, or against the stored articles.

    Shows the evidence; where nothing matches, which part fails. Of the stored articles it also
    tells when they came, from which outlets, and which ones only just do not match. Exits 1
    if nothing matches.
    """
    settings = from_environment(rules, data)
    condition = parse(expression)
    if isinstance(condition, Problem):
        raise MonitorsError(str(condition))
    entities = _entities(settings, condition)
    if text is not None:
        matcher = Matcher(Rulebook(digest="", entities=entities))
        matched = _try_text(matcher, condition, _read(text), as_json=as_json)
    else:
        matched = _try_stored(entities, condition, settings, since, as_json=as_json)
    if not matched:
        raise typer.Exit(1)


def _entities(settings: Settings, condition: Expression) -> tuple[Entity, ...]:
    """Answer the entities that the expression may name, or that may be meant instead."""
    named = [term for term in terms(condition) if isinstance(term, EntityName)]
    try:
        entities = rules_of(settings, needs=[term.name for term in named]).entities
    except RulebookError:
        if named:
            raise
        return ()
    known = {entity.name for entity in entities}
    for term in named:
        if term.name not in known:
            meant = nearest(term.name, known)
            hint = f"Did you mean {to_text(EntityName(meant))}?" if meant else _listed(known)
            raise MonitorsError(
                f"1:{term.at + 1}: there is no entity @{term.name} in {settings.rules}. {hint}"
            )
    return entities


def _listed(known: Collection[str]) -> str:
    names = sorted(known)[:_MOST_NAMES]
    more = f" and {len(known) - len(names)} more" if len(known) > len(names) else ""
    return f"It has: {', '.join(names) or 'none'}{more}."


def _try_text(matcher: Matcher, condition: Expression, text: str, *, as_json: bool) -> bool:
    article = Article(
        identity="", url=None, link=None, outlet="", title="", text=text,
        published_at=now(), seen_at=now(), from_page=True,
    )  # fmt: skip
    answer = matcher.explain(condition, article)
    if as_json:
        print_json(
            {
                "matches": answer.holds,
                "evidence": evidence_as_json(article, answer.evidence),
                "found": [each.text for each in answer.found],
                "missing": list(answer.missing),
                "left_out_by": list(answer.left_out_by),
                "nearly": list(matcher.nearly(condition, article)),
            }
        )
        return answer.holds
    console = out()
    console.print("It matches." if answer.holds else "It does not match.")
    for snippet in snippets(article, answer.evidence, limit=5):
        line = Text(f"  {snippet.text}")
        for start, end in snippet.marks:
            line.stylize("bold underline yellow", start + 2, end + 2)
        console.print(line)
    _print_failing(answer)
    for near in matcher.nearly(condition, article):
        console.print(f"  {near}", markup=False, soft_wrap=True)
    return answer.holds


def _print_failing(answer: Explanation) -> None:
    for clause in answer.found:
        out().print(f"  found: {clause.text}", markup=False, soft_wrap=True)
    for part in answer.missing:
        out().print(f"  not found: {part}", soft_wrap=True)
    for part in answer.left_out_by:
        out().print(f"  left out because of: {part}", soft_wrap=True)


def _try_stored(
    entities: tuple[Entity, ...],
    condition: Expression,
    settings: Settings,
    since: str,
    *,
    as_json: bool,
) -> bool:
    duration = parse_duration(since)
    if duration is None:
        raise MonitorsError(f"--since {since} is no duration. Write it like 12h or 7d.")
    moment = now()
    with look_into(settings.store) as ledger:
        test = Backtest(
            ledger.search,
            condition,
            entities,
            since=moment - min(duration, timedelta(days=36_500)),
            until=moment,
        )
        return show_findings(test, since, as_json=as_json)


def _read(name: str) -> str:
    try:
        if name == "-":
            body = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise MonitorsError(f"{name} cannot be read: {error.strerror}.") from None
    if len(body) > _MOST_BYTES:
        raise MonitorsError(f"{name} is larger than {_MOST_BYTES // 1_000_000} MB.")
    return body.decode("utf-8", "replace")
