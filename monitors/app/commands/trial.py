"""`bot.py try`: does an expression match, and why not?"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from monitors.adapters.sqlite.reading import look_into
from monitors.alerts.legible import clean
from monitors.alerts.snippets import headline, snippets
from monitors.app.clock import now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json, say
from monitors.app.reading import rules_of
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError
from monitors.language.expression import EntityName, Expression, terms
from monitors.language.grammar import parse
from monitors.language.problems import Problem
from monitors.matching.evidence import Evidence
from monitors.matching.explaining import Explanation
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.times import iso, parse_duration

_MOST_BYTES = 10_000_000
_MOST_PARTS = 5


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

    Shows the evidence; where nothing matches, which part fails. Exits 1 if nothing matches.
    """
    settings = from_environment(rules, data)
    condition = parse(expression)
    if isinstance(condition, Problem):
        raise MonitorsError(str(condition))
    matcher = Matcher(_rulebook(settings, condition))
    if text is not None:
        matched = _try_text(matcher, condition, _read(text), as_json=as_json)
    else:
        matched = _try_stored(matcher, condition, settings, since, as_json=as_json)
    if not matched:
        raise typer.Exit(1)


def _rulebook(settings: Settings, condition: Expression) -> Rulebook:
    """Answer the rulebook whose entities the expression may name; an empty one if it names none."""
    named = [term for term in terms(condition) if isinstance(term, EntityName)]
    if not named:
        return Rulebook(digest="")
    rulebook = rules_of(settings, needs=[term.name for term in named])
    known = {entity.name for entity in rulebook.entities}
    for term in named:
        if term.name not in known:
            raise MonitorsError(
                f"1:{term.at + 1}: there is no entity @{term.name} in {settings.rules}. "
                f"It has: {', '.join(sorted(known)) or 'none'}."
            )
    return rulebook


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
                "evidence": _evidence(article, answer.evidence),
                "missing": list(answer.missing),
                "left_out_by": list(answer.left_out_by),
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
    return answer.holds


def _print_failing(answer: Explanation) -> None:
    for part in answer.missing:
        out().print(f"  not found: {part}", soft_wrap=True)
    for part in answer.left_out_by:
        out().print(f"  left out because of: {part}", soft_wrap=True)


def _try_stored(
    matcher: Matcher, condition: Expression, settings: Settings, since: str, *, as_json: bool
) -> bool:
    duration = parse_duration(since)
    if duration is None:
        raise MonitorsError(f"--since {since} is no duration. Write it like 12h or 7d.")
    with look_into(settings.store) as ledger:
        moment = now() - min(duration, timedelta(days=36_500))
        looked, failing = _try_articles(
            matcher, condition, ledger.articles.since(moment), as_json=as_json
        )
    found = looked - failing.total
    say(f"{found} of {looked} articles of the last {since} match.")
    if not found:
        _print_failing_in_all(looked, failing, as_json=as_json)
    return found > 0


@dataclass(slots=True)
class _Failing:
    """What failed in the articles that do not match, and how often."""

    total: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    left_out_by: Counter[str] = field(default_factory=Counter)


def _print_failing_in_all(looked: int, failing: _Failing, *, as_json: bool) -> None:
    missing = failing.missing.most_common(_MOST_PARTS)
    left_out = failing.left_out_by.most_common(_MOST_PARTS)
    if as_json:
        parts = {"missing": dict(missing), "left_out_by": dict(left_out)}
        print_json({"matches": False, "articles": looked, **parts})
        return
    for part, times in missing:
        out().print(f"  not found in {times} of {looked}: {part}", soft_wrap=True)
    for part, times in left_out:
        out().print(f"  left out in {times} of {looked} because of: {part}", soft_wrap=True)


def _try_articles(
    matcher: Matcher,
    condition: Expression,
    articles: Iterable[tuple[int, Article]],
    *,
    as_json: bool,
) -> tuple[int, _Failing]:
    looked, failing = 0, _Failing()
    for number, article in articles:
        looked += 1
        answer = matcher.explain(condition, article)
        if not answer.holds:
            failing.total += 1
            failing.missing.update(answer.missing)
            failing.left_out_by.update(answer.left_out_by)
            continue
        if as_json:
            print_json(
                {
                    "id": number,
                    "title": article.title,
                    "url": article.link,
                    "outlet": article.outlet,
                    "published": iso(article.published_at),
                    "evidence": _evidence(article, answer.evidence),
                }
            )
        else:
            _print_article(article, answer.evidence)
    return looked, failing


def _print_article(article: Article, evidence: tuple[Evidence, ...]) -> None:
    lines = (headline(article, evidence), *snippets(article, evidence, limit=1))
    for place, snippet in enumerate(lines):
        indent = "  " if place else ""
        line = Text(f"{indent}{snippet.text}", "" if place else "bold")
        for start, end in snippet.marks:
            line.stylize("underline yellow", start + len(indent), end + len(indent))
        out().print(line)
    told = f"  {article.outlet} · {iso(article.published_at)} · {article.link or ''}"
    out().print(clean(told).text, soft_wrap=True)


def _evidence(article: Article, evidence: tuple[Evidence, ...]) -> list[dict[str, object]]:
    parts = {"title": article.title, "summary": article.summary, "text": article.text}
    return [
        {
            "field": one.field,
            "start": one.start,
            "end": one.end,
            "text": parts[one.field][one.start : one.end],
        }
        for one in evidence
    ]


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
