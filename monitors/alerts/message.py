"""The text of an alert as a Telegram chat shows it."""

from datetime import tzinfo

from monitors.alerts.alert import AlertContent, Report
from monitors.alerts.markup import Run, fits, harmless, html, opening_link, styled
from monitors.alerts.presentable import (
    DOUBT,
    NOTE_LIMIT,
    OUTLET_LIMIT,
    PART_LIMIT,
    RULE_LIMIT,
    SNIPPET_LIMIT,
    TITLE_LIMIT,
    further,
    held_in_part,
    presentable,
    shown_rules,
    told_time,
)

_MOST_SNIPPETS = 3
_MOST_OTHERS = 10
_PLUS = "\N{HEAVY PLUS SIGN}"
_BETWEEN = Run(" · ")


def telegram_html(content: AlertContent, *, zone: tzinfo, doubtful: bool = False) -> str:
    """Answer the alert in Telegram's HTML.

    The headline is bold and opens the article, with its evidence underlined; then outlet,
    time and rules; snippets as a quotation with their evidence in bold; then the further
    articles, as many as fit: at most 4096 UTF-16 units without the tags, 100 entities and
    32 KiB with them. All else is short enough by its own limits.

    Args:
        content: the story.
        zone: of the chat, for the time of publication.
        doubtful: whether the chat may have been told already, which the last line says.
    """
    shown = presentable(content)
    most = min(len(shown.others), _MOST_OTHERS)
    versions = (_message(shown, zone, count, doubtful=doubtful) for count in range(most, -1, -1))
    return html(next(runs for runs in versions if fits(runs)))


def _message(
    content: AlertContent, zone: tzinfo, others: int, *, doubtful: bool
) -> tuple[Run, ...]:
    """Answer the whole text with the first *others* of the further articles."""
    title = (*opening_link(content.link), "b")
    headline = styled(content.headline, TITLE_LIMIT, title, "u")
    blocks = (
        (*headline, Run("\n"), *_origin(content, zone), *_parts(content)),
        _quotation(content),
        _others(content, others),
        harmless(content.note, NOTE_LIMIT, "i") if content.note else (),
        (Run(DOUBT, ("i",)),) if doubtful else (),
    )
    runs: list[Run] = []
    for block in filter(None, blocks):
        if runs:  # a quotation keeps its distance by itself
            runs.append(Run("\n" if "blockquote" in runs[-1].tags else "\n\n"))
        runs += block
    return tuple(runs)


def _origin(content: AlertContent, zone: tzinfo) -> tuple[Run, ...]:
    """Answer who reports it, when, and which rules hold."""
    outlet = harmless(content.outlet, OUTLET_LIMIT, "i")
    runs = [*outlet, *((_BETWEEN,) if outlet else ())]
    runs.append(Run(told_time(content, zone)))
    word, names, rest = shown_rules(content.rules)
    for place, name in enumerate(names):
        before = ", " if place else f"{_BETWEEN.text}{word} "
        runs += (Run(before), *harmless(name, RULE_LIMIT, "b"))
    return (*runs, *((Run(rest),) if rest else ()))


def _parts(content: AlertContent) -> tuple[Run, ...]:
    """Answer the lines that say what is missing of rules that hold in part."""
    lines = (harmless(line, PART_LIMIT, "i") for line in held_in_part(content))
    return tuple(run for line in lines for run in (Run("\n"), *line))


def _quotation(content: AlertContent) -> tuple[Run, ...]:
    runs: list[Run] = []
    for snippet in content.snippets[:_MOST_SNIPPETS]:
        runs += (Run("\n", ("blockquote",)),) if runs else ()
        runs += styled(snippet, SNIPPET_LIMIT, ("blockquote",), "b")
    return tuple(runs)


def _others(content: AlertContent, count: int) -> tuple[Run, ...]:
    if not content.others:
        return ()
    shown = content.others[:count]
    hidden = len(content.others) - len(shown)
    runs = [Run(f"{_PLUS} {further(content)}{':' if shown else ''}")]
    for report in shown:
        runs += (Run("\n"), *_report(report))
    if shown and hidden:
        runs.append(Run(f"\n+{hidden} more"))
    return tuple(runs)


def _report(report: Report) -> tuple[Run, ...]:
    outlet = harmless(report.outlet, OUTLET_LIMIT, "i")
    title = harmless(report.title, TITLE_LIMIT, *opening_link(report.link))
    return (*outlet, *((_BETWEEN,) if outlet else ()), *title)


def plain_text(content: AlertContent, *, zone: tzinfo, doubtful: bool = False) -> str:
    """Answer the alert without markup, for when Telegram refuses the other one.

    Headline, outlet, time and rules, the address, and how many further articles there are;
    at most 4096 UTF-16 units. Arguments as for `telegram_html`.
    """
    shown = presentable(content)
    lines = [
        _text(harmless(shown.headline.text, TITLE_LIMIT)),
        _text(_origin(shown, zone)),
        *(_text(harmless(line, PART_LIMIT)) for line in held_in_part(shown)),
        shown.link or "",
        f"{_PLUS} {further(shown)}" if shown.others else "",
        _text(harmless(shown.note, NOTE_LIMIT)) if shown.note else "",
        DOUBT if doubtful else "",
    ]
    return "\n".join(line for line in lines if line)


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)
