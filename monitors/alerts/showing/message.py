"""The text of an alert as a Telegram chat shows it."""

import re
from datetime import tzinfo

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.showing.legible import rewrite, shorten
from monitors.alerts.showing.markup import (
    MAX_UNITS,
    WORD_JOINER,
    Run,
    fits,
    harmless,
    html,
    opening_link,
    styled,
)
from monitors.alerts.showing.presentable import (
    DOUBT,
    EARLIER,
    MOST_RELATED,
    NOTE_LIMIT,
    OUTLET_LIMIT,
    PART_LIMIT,
    RELATED,
    RULE_LIMIT,
    SNIPPET_LIMIT,
    TITLE_LIMIT,
    URGENT,
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
_DOT = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})|:(?=//)")


def telegram_html(content: AlertContent, *, zone: tzinfo, doubtful: bool = False) -> str:
    """Answer the alert in Telegram's HTML, as `telegram_runs` lays it out."""
    return html(telegram_runs(content, zone=zone, doubtful=doubtful))


def telegram_runs(
    content: AlertContent, *, zone: tzinfo, doubtful: bool = False
) -> tuple[Run, ...]:
    """Answer the alert as a Telegram chat shows it.

    The headline is bold and opens the article, with its evidence underlined, behind a mark if
    a rule of high priority holds; then outlet,
    time and rules, and the earlier story that it may be part of; snippets as a quotation with
    their evidence in bold; then the further articles, and the later stories that may be part of
    it, as many as fit: at most 4096 UTF-16 units without the tags, 100 entities and 32 KiB with
    them. All else is short enough by its own limits.

    Args:
        content: the story.
        zone: of the chat, for the time of publication.
        doubtful: whether the chat may have been told already, which the last line says.
    """
    shown = presentable(content)
    others = min(len(shown.others), _MOST_OTHERS)
    related = min(len(shown.related), MOST_RELATED)
    sizes = [(count, related) for count in range(others, -1, -1)]
    sizes += [(0, count) for count in range(related - 1, -1, -1)]
    versions = (_message(shown, zone, *size, doubtful=doubtful) for size in sizes)
    return next(runs for runs in versions if fits(runs))


def _message(
    content: AlertContent, zone: tzinfo, others: int, related: int, *, doubtful: bool
) -> tuple[Run, ...]:
    """Answer the whole text with the first of the further articles and related stories."""
    title = (*opening_link(content.link), "b")
    said = content.headline if content.link else _unlinked(content.headline)
    headline = (*_urgent(content), *styled(said, TITLE_LIMIT, title, "u"))
    blocks = (
        (*headline, Run("\n"), *_origin(content, zone), *_parts(content), *_aside(content)),
        _quotation(content),
        _others(content, others),
        _related(content, related),
        (Run(DOUBT, ("i",)),) if doubtful else (),
    )
    runs: list[Run] = []
    for block in filter(None, blocks):
        if runs:  # a quotation keeps its distance by itself
            runs.append(Run("\n" if "blockquote" in runs[-1].tags else "\n\n"))
        runs += block
    return tuple(runs)


def _unlinked(line: Snippet) -> Snippet:
    """Answer *line* with every address in it so that Telegram makes no link of it."""
    return rewrite(line, _DOT, r"\g<0>" + WORD_JOINER)


def _urgent(content: AlertContent) -> tuple[Run, ...]:
    return (Run(f"{URGENT} "),) if content.urgent else ()


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


def _aside(content: AlertContent) -> tuple[Run, ...]:
    """Answer the lines that say what this message is beside another one."""
    runs: list[Run] = []
    if content.note:
        runs += (Run("\n"), *harmless(content.note, NOTE_LIMIT, "i"))
    if content.earlier:
        link = opening_link(content.earlier.link)
        runs += (Run(f"\n{EARLIER} "), *harmless(content.earlier.title, TITLE_LIMIT, *link))
    return tuple(runs)


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


def _related(content: AlertContent, count: int) -> tuple[Run, ...]:
    if not content.related:
        return ()
    shown = content.related[:count]
    hidden = len(content.related) - len(shown)
    lines = [(Run(f"{RELATED} "), *_report(report)) for report in shown]
    if hidden:
        lines.append((Run(f"+{hidden} more" if shown else f"{RELATED} +{hidden}"),))
    return tuple(run for line in lines for run in (Run("\n"), *line))[1:]


def _report(report: Report) -> tuple[Run, ...]:
    outlet = harmless(report.outlet, OUTLET_LIMIT, "i")
    said = report.title if report.link else _unlinked(Snippet(text=report.title)).text
    title = harmless(said, TITLE_LIMIT, *opening_link(report.link))
    return (*outlet, *((_BETWEEN,) if outlet else ()), *title)


def plain_text(content: AlertContent, *, zone: tzinfo, doubtful: bool = False) -> str:
    """Answer the alert without markup, for when Telegram refuses the other one.

    Headline, outlet, time and rules, the address, how many further articles there are, and
    which stories may be the same; at most 4096 UTF-16 units. Arguments as for `telegram_html`.
    """
    shown = presentable(content)
    lines = [
        _text((*_urgent(shown), *harmless(shown.headline.text, TITLE_LIMIT))),
        _text(_origin(shown, zone)),
        *(_text(harmless(line, PART_LIMIT)) for line in held_in_part(shown)),
        shown.link or "",
        f"{_PLUS} {further(shown)}" if shown.others else "",
        DOUBT if doubtful else "",
        _text(_aside(shown)).lstrip("\n"),
        _text(_related(shown, MOST_RELATED)),
    ]
    return shorten(Snippet(text="\n".join(filter(None, lines))), MAX_UNITS).text


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)
