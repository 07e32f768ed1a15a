"""What `bot.py try` shows of the stored articles: how many match, when, where, and what nearly."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from rich.text import Text

from monitors.alerts.alert import Snippet
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.snippets import headline, snippets
from monitors.app.clock import machine_zone
from monitors.app.output import out, print_json, say, watched
from monitors.pipeline.backtest import Backtest, Failing, Flagged, NearMiss
from monitors.pipeline.records import Hit
from monitors.stories.article import Article
from monitors.terms.evidence import Evidence
from monitors.times import iso

_MOST_PARTS = 5
_MOST_NEAR = 5
_MOST_STORIES = 30
_MOST_OUTLETS = 10
_MOST_ROWS = 31
_WIDEST_BAR = 40
_MARK = "underline yellow"


def show_findings(test: Backtest, since: str, *, as_json: bool) -> bool:
    """Print what *test* finds in the articles of the last *since*; answer whether anything."""
    found = _print_lines(test) if as_json else _print_for_people(test)
    say(f"{found} of {test.stored} articles of the last {since} match.")
    # With matches, a script gets its lines and nothing else.
    near = [] if as_json and found else test.nearest(_MOST_NEAR)
    if not found and as_json:
        print_json(_failing_as_json(test.failing(), near))
    elif not found:
        _print_failing(test.failing())
    if not as_json:
        _print_near(near)
    return found > 0


def evidence_as_json(article: Article, evidence: Sequence[Evidence]) -> list[dict[str, object]]:
    """Answer the spans of *evidence*, each with the text that stands there."""
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


def chart(moments: Sequence[datetime], today: date, zone: tzinfo) -> Iterator[tuple[date, int]]:
    """Yield the first day of each row, up to *today*, and how many *moments* fall into it.

    A row is a day, or as many weeks as make 31 rows at most.
    """
    days = Counter(min(moment.astimezone(zone).date(), today) for moment in moments)
    if not days:
        return
    span = (today - min(days)).days + 1
    step = 1 if span <= _MOST_ROWS else 7 * -(-span // (7 * _MOST_ROWS))
    for row in range(-(-span // step) - 1, -1, -1):
        first = today - timedelta(days=(row + 1) * step - 1)
        yield first, sum(days[first + timedelta(days=day)] for day in range(step))


def _print_lines(test: Backtest) -> int:
    count = 0
    for found in test.flagged(watched):
        count += 1
        article = found.article
        print_json(
            {
                "id": found.id,
                "story": found.story,
                "title": article.title,
                "url": article.link,
                "outlet": article.outlet,
                "published": iso(article.published_at),
                "evidence": evidence_as_json(article, found.evidence),
            }
        )
    return count


def _print_for_people(test: Backtest) -> int:
    hits, shown = test.findings(_MOST_STORIES, watched)
    if not hits:
        return 0
    zone = machine_zone()
    _print_chart(hits, test.until.astimezone(zone).date(), zone)
    outlets = Counter(hit.outlet for hit in hits)
    named = [
        f"{clean(outlet).text} {count}" for outlet, count in outlets.most_common(_MOST_OUTLETS)
    ]
    more = len(outlets) - len(named)
    tail = f", and {more} more" if more else ""
    out().print(f"\n{', '.join(named)}{tail}", soft_wrap=True)
    articles = Counter(hit.story for hit in hits)
    for found in shown:
        out().print()
        _print_story(found, articles[found.story])
    if len(articles) > len(shown):
        out().print(f"\nand {len(articles) - len(shown)} more stories; --json lists every article.")
    return len(hits)


def _print_chart(hits: Sequence[Hit], today: date, zone: tzinfo) -> None:
    rows = list(chart([hit.seen_at for hit in hits], today, zone))
    most = max(count for _, count in rows)
    for first, count in rows:
        # Whatever is not nothing shows.
        bar = "\u2588" * -(-count * min(most, _WIDEST_BAR) // most)
        out().print(f"{first} {count:>{len(str(most))}} {bar}".rstrip())


def _print_story(found: Flagged, articles: int) -> None:
    article = found.article
    lines = (headline(article, found.evidence), *snippets(article, found.evidence, limit=1))
    for place, snippet in enumerate(lines):
        out().print(_marked(snippet, indent=2 if place else 0))
    others = f" · {articles} articles" if articles > 1 else ""
    out().print(_told(article, others), soft_wrap=True)


def _print_near(near: Sequence[NearMiss]) -> None:
    if near:
        out().print("\nThese lack one part only:")
    for one in near:
        out().print()
        out().print(_marked(headline(one.article, one.why.evidence), indent=0))
        out().print(_told(one.article), soft_wrap=True)
        for clause in one.why.found:
            _print_why(f"  found in the {' and the '.join(clause.fields)}", [clause.text])
        _print_why("  not found", one.why.missing)
        _print_why("  left out because of", one.why.left_out_by)
        for line in one.nearly:
            out().print(f"  {line}", markup=False, soft_wrap=True)


def _print_why(said: str, parts: Sequence[str]) -> None:
    for part in parts:
        out().print(f"{said}: {part}", soft_wrap=True)


def _print_failing(failing: Failing) -> None:
    looked = failing.articles
    for part, times in failing.missing.most_common(_MOST_PARTS):
        out().print(f"  not found in {times} of {looked}: {part}", soft_wrap=True)
    for part, times in failing.left_out_by.most_common(_MOST_PARTS):
        out().print(f"  left out in {times} of {looked} because of: {part}", soft_wrap=True)


def _failing_as_json(failing: Failing, near: Sequence[NearMiss]) -> Mapping[str, Any]:
    return {
        "matches": False,
        "articles": failing.articles,
        "missing": dict(failing.missing.most_common(_MOST_PARTS)),
        "left_out_by": dict(failing.left_out_by.most_common(_MOST_PARTS)),
        "nearest": [
            {
                "id": one.id,
                "title": one.article.title,
                "url": one.article.link,
                "outlet": one.article.outlet,
                "published": iso(one.article.published_at),
                "missing": list(one.why.missing),
                "left_out_by": list(one.why.left_out_by),
                "nearly": list(one.nearly),
            }
            for one in near
        ],
    }


def _marked(snippet: Snippet, *, indent: int) -> Text:
    line = Text(" " * indent + snippet.text, "" if indent else "bold")
    for start, end in snippet.marks:
        line.stylize(_MARK, start + indent, end + indent)
    return line


def _told(article: Article, more: str = "") -> str:
    told = [article.outlet, f"{iso(article.published_at)}{more}", article.link or ""]
    shown = clean(" · ".join(filter(None, told))).text
    return f"  {shown}"
