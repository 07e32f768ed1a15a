"""Alerts as people read them in a terminal, from 60 columns on, with or without colour."""

from datetime import tzinfo

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.presentable import (
    DOUBT,
    EARLIER,
    MOST_RELATED,
    RELATED,
    further,
    held_in_part,
    presentable,
    shown_rules,
    told_time,
)

_HEADLINE, _EVIDENCE, _ORIGIN = Style(bold=True), "bold underline yellow", "dim"
_RULE, _DOUBT, _SIGN, _BAR = "cyan", "italic magenta", "bold cyan", "cyan"
_PART, _URGENT = "italic", "bold red"
_NARROWEST = 20
_MOST_OTHERS = 10


class Screen:
    """Prints alerts one below the other; what was printed stays as it is.

    Text of feeds is shown as it reads and never as rich's markup or as commands to the
    terminal. Links can be clicked where the terminal knows how.

    Args:
        console: where to print.
        zone: whose time is shown.
    """

    def __init__(self, console: Console, *, zone: tzinfo) -> None:
        self._console = console
        self._zone = zone

    def show(self, chat: str, content: AlertContent, *, doubtful: bool = False) -> None:
        """Print a new alert for *chat*; *doubtful* says that it may have been printed before."""
        shown = presentable(content)
        headline = _line(shown.headline, _opening(shown.link, _HEADLINE))
        self._print(headline, "● ", _URGENT if shown.urgent else _SIGN)
        self._print_origin(chat, shown)
        self._print_snippets(shown)
        if shown.link:
            self._print(Text(), "")
            self._print_address(shown.link)
        if shown.others:
            self._print_others(shown)
        if shown.related:
            self._print(Text(), "")
            self._print_related(shown)
        if doubtful:
            self._print(Text(), "")
            self._print(Text(DOUBT, _DOUBT), "  ")
        self._print(Text(), "")

    def grow(self, chat: str, content: AlertContent) -> None:
        """Print that the story of an alert for *chat* has grown: its newest article.

        A story without further articles had its own changed, which is printed again.
        """
        shown = presentable(content)
        lead = Text.assemble((shown.headline.text, _opening(shown.link)))
        if not shown.others:
            self._print(Text.assemble("changed: ", lead), "+ ", _SIGN)
            self._print_origin(chat, shown)
            self._print_snippets(shown)
        else:
            newest = shown.others[-1]
            self._print(
                Text.assemble("also: ", *_report(newest.outlet, newest.title, newest.link)),
                "+ ",
                _SIGN,
            )
            about = Text.assemble(f"{further(shown)} · ", lead, f" · to {chat}", style=_ORIGIN)
            self._print(about, "  ")
            self._print_aside(shown)
            if newest.link:
                self._print_address(newest.link)
        self._print(Text(), "")

    def say(self, chat: str, notice: str) -> None:
        """Print a notice for *chat*."""
        first, *rest = notice.splitlines() or [""]
        self._print(Text(clean(first).text), "! ", _SIGN)
        for line in rest:
            self._print(Text(clean(line).text), "  ")
        self._print(Text(f"to {chat}", _ORIGIN), "  ")
        self._print(Text(), "")

    def _print_origin(self, chat: str, content: AlertContent) -> None:
        self._print(self._origin(chat, content), "  ")
        for line in held_in_part(content):
            self._print(Text(line, _PART), "  ")
        self._print_aside(content)

    def _print_snippets(self, content: AlertContent) -> None:
        for snippet in content.snippets:
            self._print(Text(), "")
            self._print(_line(snippet), "  │ ", _BAR, bar=True)

    def _print_aside(self, content: AlertContent) -> None:
        """Print what this alert is beside another one."""
        if content.note:
            self._print(Text(content.note, _PART), "  ")
        if content.earlier:
            title = (content.earlier.title, _opening(content.earlier.link))
            self._print(Text.assemble(f"{EARLIER} ", title), "  ")

    def _origin(self, chat: str, content: AlertContent) -> Text:
        """Answer who reports it, when, which rules hold, and whom it is for."""
        word, names, rest = shown_rules(content.rules)
        origin = Text(style=_ORIGIN)
        if content.outlet:
            origin.append(f"{content.outlet} · ")
        origin.append(told_time(content, self._zone))
        for place, name in enumerate(names):
            origin.append(", " if place else f" · {word} ")
            origin.append(name, f"not dim {_RULE}")
        return origin.append(f"{rest} · to {chat}")

    def _print_others(self, content: AlertContent) -> None:
        self._print(Text(), "")
        self._print(Text(further(content)), "+ ", _SIGN)
        for report in content.others[:_MOST_OTHERS]:
            self._print(Text.assemble(*_report(report.outlet, report.title, report.link)), "  ")
        if len(content.others) > _MOST_OTHERS:
            self._print(Text(f"+{len(content.others) - _MOST_OTHERS} more", _ORIGIN), "  ")

    def _print_related(self, content: AlertContent) -> None:
        for one in content.related[:MOST_RELATED]:
            line = Text.assemble(f"{RELATED} ", *_report(one.outlet, one.title, one.link))
            self._print(line, "~ ", _SIGN)
        if len(content.related) > MOST_RELATED:
            self._print(Text(f"+{len(content.related) - MOST_RELATED} more", _ORIGIN), "  ")

    def _print_address(self, link: str) -> None:
        """Print *link* in one piece, however long: a broken one cannot be copied."""
        self._write(Text.assemble("  ", (link, Style(dim=True, link=link))))

    def _print(self, text: Text, sign: str, style: str = "", *, bar: bool = False) -> None:
        """Print *text* below itself, with *sign* before its first line, or as a *bar* on all."""
        indent = cell_len(sign)
        width = max(self._console.width - indent, _NARROWEST)
        for place, line in enumerate(text.wrap(self._console, width)):
            line.rstrip()
            before = sign if bar or place == 0 else " " * indent
            self._write(Text.assemble((before, style), line))

    def _write(self, line: Text) -> None:
        encoding = self._console.encoding
        line.plain = line.plain.encode(encoding, "replace").decode(encoding)
        self._console.print(line, soft_wrap=True, highlight=False)


def _line(snippet: Snippet, style: Style | str = "") -> Text:
    text = Text(snippet.text, style)
    for start, end in snippet.marks:
        text.stylize(_EVIDENCE, start, end)
    return text


def _opening(link: str | None, style: Style | None = None) -> Style:
    return (style or Style()) + Style(link=link)


def _report(outlet: str, title: str, link: str | None) -> tuple[str | tuple[str, Style], ...]:
    """Answer the pieces of one further article: who reports it, under which headline."""
    return (f"{outlet} — " if outlet else "", (title, _opening(link)))
