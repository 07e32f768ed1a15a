"""Why a story is one, as people read it."""

from collections.abc import Iterator

from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.markup import harmless
from monitors.alerts.showing.presentable import NO_TITLE, OUTLET_LIMIT
from monitors.pipeline.records import PlacedArticle
from monitors.pipeline.regrouping.why import Explained

_SHOWN, _LONGEST_TITLE, _LONGEST_LINE = 9, 120, 200


def named(article: PlacedArticle) -> str:
    """Answer who reports what, in a line that neither steers nor tempts."""
    outlet, title = _line(article.outlet, OUTLET_LIMIT), _line(article.title, _LONGEST_TITLE)
    return f"{outlet}: {title or NO_TITLE}" if outlet else title or NO_TITLE


def chat_text(explained: Explained) -> str:
    """Answer *explained* for a chat, short enough for one message."""
    lines = list(_story(explained, _SHOWN))
    hidden = len(explained.articles) - _SHOWN
    if hidden > 0:
        lines.append(f"… and {hidden} more")
    return "\n".join((*lines, *_growth(explained), *_relatives(explained)))


def full_text(explained: Explained) -> tuple[str, ...]:
    """Answer *explained* for a terminal, a line each."""
    lines: list[str] = []
    for one in explained.articles:
        rules = f"; rules: {', '.join(one.rules)}" if one.rules else "; no rule holds"
        lines += (
            f"{one.number}. {named(one.article)}",
            f"   {_line(one.why, _LONGEST_LINE)}{rules}",
            f"   article {one.article.id} · {one.article.link or 'no link'}",
        )
    return (*lines, *_growth(explained), *_relatives(explained))


def _story(explained: Explained, most: int) -> Iterator[str]:
    for one in explained.articles[:most]:
        yield f"{one.number}. {named(one.article)}"
        rules = f"; rules: {', '.join(one.rules)}" if one.rules else "; no rule holds"
        yield f"    {_line(one.why + rules, _LONGEST_LINE)}"


def _growth(explained: Explained) -> Iterator[str]:
    if explained.outlets > 1:
        yield f"{explained.outlets} outlets, at most {explained.pace} within an hour"


def _relatives(explained: Explained) -> Iterator[str]:
    for one in explained.relatives:
        when = "Earlier" if one.earlier else "Later"
        yield f"{when} story, likely the same event: {named(one.lead)}"
        yield f"    {_line(one.why, _LONGEST_LINE)}"


def _line(text: str, limit: int) -> str:
    return "".join(run.text for run in harmless(clean(text).text, limit))
