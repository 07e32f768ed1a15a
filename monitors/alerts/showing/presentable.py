"""What an alert tells, ready to be laid out: every text clean, bounded and never empty.

Telegram and the terminal lay out the same values, so that a trap is closed once for both.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from urllib.parse import quote, urlsplit

from monitors.alerts.alert import AlertContent, InPart, Report, Snippet, outlets
from monitors.alerts.showing.legible import clean, shorten

TITLE_LIMIT, OUTLET_LIMIT, SNIPPET_LIMIT, RULE_LIMIT = 240, 60, 300, 80
PART_LIMIT = NOTE_LIMIT = 360
NO_TITLE = "(no title)"
DOUBT = "↻ may have been sent before"
URGENT = "\N{LARGE RED CIRCLE}"
"""Stands before the headline of what a rule of high priority holds for."""
EARLIER, RELATED = "Likely part of:", "Likely related:"
MOST_RELATED = 3

_MAX_LINK = 2048
# So that headlines of other stories never push out what the message is about.
_MAX_OTHER_LINK = 500
_RULES_SHOWN = 5
_PARTS_SHOWN = 3
_UNSAFE_IN_LINK = re.compile(r"[^\w\-.~:/?#\[\]@!$&'()*+,;=%]")
# Not strftime, whose names follow the machine's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def presentable(content: AlertContent) -> AlertContent:
    """Answer *content* with every text cleaned and cut to its limit, and only links that open.

    Without a headline the first snippet moves up, or else the name of the link's site.
    """
    link = web_link(content.link)
    headline = _line(content.headline, TITLE_LIMIT)
    lines = (_line(snippet, SNIPPET_LIMIT) for snippet in content.snippets)
    snippets = tuple(line for line in lines if line.text)
    if not headline.text and snippets:
        headline, snippets = shorten(snippets[0], TITLE_LIMIT), snippets[1:]
    if not headline.text:
        headline = Snippet(text=_site(link) or NO_TITLE)
    return replace(
        content,
        headline=headline,
        link=link,
        outlet=_short(content.outlet, OUTLET_LIMIT) or _site(link),
        rules=tuple(name for rule in content.rules if (name := _short(rule, RULE_LIMIT))),
        snippets=snippets,
        others=tuple(_report(report) for report in content.others),
        note=_short(content.note or "", NOTE_LIMIT) or None,
        earlier=content.earlier and _other_story(content.earlier),
        related=tuple(_other_story(report) for report in content.related),
    )


def _line(snippet: Snippet, limit: int) -> Snippet:
    return shorten(clean(snippet.text, snippet.marks), limit)


def _short(text: str, limit: int) -> str:
    return shorten(clean(text), limit).text


def _report(report: Report) -> Report:
    link = web_link(report.link)
    return Report(
        outlet=_short(report.outlet, OUTLET_LIMIT) or _site(link),
        title=_short(report.title, TITLE_LIMIT) or _site(link) or NO_TITLE,
        link=link,
    )


def _other_story(report: Report) -> Report:
    shown = _report(report)
    return shown if len(shown.link or "") <= _MAX_OTHER_LINK else replace(shown, link=None)


def web_link(link: str | None) -> str | None:
    """Answer *link* so that it can be opened, odd characters quoted; None if it cannot.

    Only http and https with a host are opened, in at most 2048 characters.
    """
    try:
        parts = urlsplit((link or "").strip())
        quoted = _UNSAFE_IN_LINK.sub(lambda found: quote(found[0]), parts.geturl())
    except ValueError:  # brackets that hold no address, half a surrogate pair
        return None
    opens = parts.scheme in {"http", "https"} and parts.hostname and len(quoted) <= _MAX_LINK
    return quoted if opens and not _UNSAFE_IN_LINK.search(parts.netloc) else None


def _site(link: str | None) -> str:
    """Answer the site that *link*, as `web_link` answers it, leads to."""
    host = urlsplit(link or "").hostname or ""
    return _short(host.removeprefix("www."), OUTLET_LIMIT)


def local_time(moment: datetime, zone: tzinfo) -> str:
    """Answer *moment* as people in *zone* write it: `5 Nov 14:05`."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


def told_time(content: AlertContent, zone: tzinfo) -> str:
    """Answer when the first article was published, and whether it had to be edited to match."""
    return local_time(content.published_at, zone) + (", edited since" if content.edited else "")


def shown_rules(rules: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Answer the word before the rules' names, the first names, and what stands for the rest."""
    rest = len(rules) - _RULES_SHOWN
    return (
        "rule" if len(rules) == 1 else "rules",
        tuple(rules[:_RULES_SHOWN]),
        f" +{rest} more" if rest > 0 else "",
    )


def held_in_part(content: AlertContent) -> tuple[str, ...]:
    """Answer a line for each rule that holds in part: what is missing, and why nobody knows more.

    The line names its rule where the alert has others.
    """
    return tuple(
        _in_part(one, alone=len(content.rules) == 1) for one in content.in_part[:_PARTS_SHOWN]
    )


def _in_part(one: InPart, *, alone: bool) -> str:
    whose = "Holds in part" if alone else f"{_short(one.rule, RULE_LIMIT)} holds in part"
    missing = _short(" or ".join(one.missing), PART_LIMIT // 3)
    lacks = f"nothing says {missing}; " if missing else ""
    return _short(f"{whose}: {lacks}its page was not read: {one.why}", PART_LIMIT)


def further(content: AlertContent) -> str:
    """Answer what the story's further articles are: `1 more outlet`, `3 more outlets`.

    Where an outlet has several of them, they are counted as articles.
    """
    count = len(content.others)
    noun = "outlet" if len(outlets(content)) == 1 + count else "article"
    return f"{count} more {noun}{'' if count == 1 else 's'}"
