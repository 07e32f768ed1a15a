"""An alert as mail, webhooks and other services show it: a title, and a body with or without HTML.

Those limit a message each in its own way, so an alert comes in several lengths, the longest first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from html import unescape

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.digest import Digest
from monitors.alerts.showing.digest import digest_lengths
from monitors.alerts.showing.legible import clean, shorten
from monitors.alerts.showing.markup import Run, harmless, html, opening_link, styled
from monitors.alerts.showing.presentable import (
    DOUBT,
    EARLIER,
    NOTE_LIMIT,
    OUTLET_LIMIT,
    PART_LIMIT,
    RELATED,
    RULE_LIMIT,
    SNIPPET_LIMIT,
    TITLE_LIMIT,
    further,
    held_in_part,
    presentable,
    shown_rules,
    told_time,
)

APP = "Newsbell"
_NOTICE_TITLE = 120
_BREAK = Run("\n")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Calls everybody in a room; other names may be parts of addresses, which have to stay.
_EVERYBODY = re.compile(r"@(?=(?:all|channel|everyone|here)\b)", re.IGNORECASE)
_LINK = re.compile('a href="([^"]*)"')
# How many further outlets, snippets and related stories, from the longest to the shortest.
_LENGTHS = ((10, 3, 3), (5, 3, 3), (2, 3, 3), (0, 3, 1), (0, 1, 0), (0, 0, 0))
_HEADLINES = (TITLE_LIMIT, 120, 60, 20)
_NOTICES = (30_000, 8_000, 3_500, 1_500, 700, 300, 120, 50, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A message in one of its lengths.

    Attributes:
        title: one plain line.
        body: what stands below it, as HTML or as plain text; never empty.
    """

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a service shows a message.

    Attributes:
        html: whether the body is HTML.
        titled: whether the title stands apart from the body.
        mentions: whether an `@name` in a title might call somebody.
    """

    html: bool
    titled: bool = True
    mentions: bool = True


def alert_postings(
    content: AlertContent, style: Style, *, zone: tzinfo, doubtful: bool = False
) -> Iterator[Posting]:
    """Yield the alert in *style*, from the longest text to the shortest.

    Args:
        content: the story.
        style: of the service.
        zone: of the chat, for the time of publication.
        doubtful: whether the chat may have been told already, which the last line says.
    """
    shown = presentable(content)
    title = _title(shown.headline.text, style)
    for others, snippets, related in _LENGTHS:
        cut = replace(shown, snippets=shown.snippets[:snippets])
        blocks = _Blocks(cut, zone, others, related)
        body = blocks.as_html(doubtful) if style.html else blocks.as_text(style, doubtful)
        yield Posting(title=title, body=body)
    for limit, link in ((each, link) for link in (shown.link, None) for each in _HEADLINES):
        cut = replace(shown, headline=shorten(shown.headline, limit), link=link)
        yield Posting(title=title, body=_shortest(cut, style, doubtful=doubtful))


def notice_postings(notice: Sequence[Run], style: Style) -> Iterator[Posting]:
    """Yield a *notice* in *style*, from the longest text to the shortest.

    Its lines and links are kept; the first line is the title, if there are more of them.
    """
    lines = _lines_of(notice)
    first, *rest = lines
    apart = style.titled and any(_plain(line).strip() for line in rest)
    below = _joined(rest if apart else lines) or (Run(APP),)
    title = clean(_plain(first)).text if apart else APP
    title = _title(shorten(Snippet(text=title), _NOTICE_TITLE).text or APP, style)
    text = _with_addresses(below)
    yield Posting(title=title, body=_paragraph(below) if style.html else text)
    for limit in _NOTICES:
        body = shorten(Snippet(text=text), limit).text
        yield Posting(title=title, body=_paragraph((Run(body),)) if style.html else body)


def digest_postings(
    digest: Digest, style: Style, *, zone: tzinfo, doubtful: bool = False
) -> Iterator[Posting]:
    """Yield a *digest* in *style*, from the longest text to the shortest; as `alert_postings`."""
    runs: tuple[Run, ...] = ()
    for length in digest_lengths(digest, zone=zone, doubtful=doubtful):
        # Quotations are Telegram's way to fold a long text away.
        runs = tuple(
            Run(run.text, tuple(tag for tag in run.tags if not tag.startswith("blockquote")))
            for run in length
        )
        yield next(notice_postings(runs, style))
    yield from notice_postings(runs, style)


def _lines_of(runs: Sequence[Run]) -> list[tuple[Run, ...]]:
    """Answer *runs* as lines, without controls, and without the empty ones at both ends."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        text = _EVERYBODY.sub("@\u2060", run.text)
        first, *rest = (_CONTROL.sub("", part) for part in text.split("\n"))
        lines[-1].append(replace(run, text=first))
        lines += ([replace(run, text=part)] for part in rest)
    while len(lines) > 1 and not _plain(tuple(lines[-1])).strip():
        lines.pop()
    while len(lines) > 1 and not _plain(tuple(lines[0])).strip():
        lines.pop(0)
    return [tuple(run for run in line if run.text) for line in lines]


def _joined(lines: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    """Answer *lines* as runs, each in a line of its own."""
    return tuple(run for line in lines for run in (_BREAK, *line))[1:]


def _with_addresses(runs: Sequence[Run]) -> str:
    """Answer plain text, with the address behind each link."""
    pieces = []
    for place, run in enumerate(runs):
        pieces.append(run.text)
        link = _link(run)
        following = runs[place + 1] if place + 1 < len(runs) else None
        if link and (following is None or _link(following) != link):
            pieces.append(f" ({link})")
    return "".join(pieces)


def _link(run: Run) -> str | None:
    found = next(filter(None, map(_LINK.fullmatch, run.tags)), None)
    return unescape(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class _Blocks:
    """What an alert is made of, in the order in which it is read."""

    content: AlertContent
    zone: tzinfo
    others: int
    related: int

    def as_html(self, doubtful: bool) -> str:
        """Answer HTML of few and old tags, which mail programs show and others translate."""
        content = self.content
        headline = styled(content.headline, TITLE_LIMIT, (*opening_link(content.link), "b"), "u")
        head = (*headline, _BREAK, *self._origin(), *self._asides())
        pieces = [_paragraph(head)]
        pieces += (
            f"<blockquote>{_lines(styled(line, SNIPPET_LIMIT, (), 'b'))}</blockquote>"
            for line in content.snippets
        )
        if content.others:
            pieces.append(_paragraph((Run(self._further()),)))
            pieces += _listed([_report(one) for one in content.others[: self.others]])
        if content.related and self.related:
            pieces.append(_paragraph((Run(RELATED),)))
            pieces += _listed([_report(one) for one in content.related[: self.related]])
        if doubtful:
            pieces.append(_paragraph((Run(DOUBT, ("i",)),)))
        return "\n".join(pieces)

    def as_text(self, style: Style, doubtful: bool) -> str:
        """Answer plain text; the addresses stand in it."""
        content = self.content
        headline = _plain(harmless(content.headline.text, TITLE_LIMIT))
        head = (
            "" if style.titled else headline,
            _plain((*self._origin(), *self._asides())),
            content.link or "",
        )
        blocks = ["\n".join(filter(None, head))]
        blocks += (_plain(harmless(line.text, SNIPPET_LIMIT)) for line in content.snippets)
        if content.others:
            others = content.others[: self.others]
            blocks.append("\n".join((self._further(), *map(_text_of, others))))
        if content.related and self.related:
            related = content.related[: self.related]
            blocks.append("\n".join((RELATED, *map(_text_of, related))))
        if doubtful:
            blocks.append(DOUBT)
        return "\n\n".join(blocks)

    def _origin(self) -> tuple[Run, ...]:
        """Answer who reports it, when, and which rules hold."""
        content = self.content
        outlet = harmless(content.outlet, OUTLET_LIMIT, "i")
        word, names, rest = shown_rules(content.rules)
        runs = [*outlet, *((Run(" · "),) if outlet else ()), Run(told_time(content, self.zone))]
        for place, name in enumerate(names):
            runs += (Run(", " if place else f" · {word} "), *harmless(name, RULE_LIMIT, "b"))
        return (*runs, *((Run(rest),) if rest else ()))

    def _asides(self) -> tuple[Run, ...]:
        """Answer the lines that say what this message is, beside another one."""
        content = self.content
        lines = [harmless(line, PART_LIMIT, "i") for line in held_in_part(content)]
        if content.note:
            lines.append(harmless(content.note, NOTE_LIMIT, "i"))
        if content.earlier:
            title = harmless(
                content.earlier.title, TITLE_LIMIT, *opening_link(content.earlier.link)
            )
            lines.append((Run(f"{EARLIER} "), *title))
        return tuple(run for line in lines for run in (_BREAK, *line))

    def _further(self) -> str:
        """Answer how many further articles there are, and of how many of them the rest tells."""
        said = further(self.content)
        if not self.others:
            return said
        hidden = len(self.content.others) > self.others
        return f"{said}, the first {self.others}:" if hidden else f"{said}:"


def _title(headline: str, style: Style) -> str:
    """Answer the headline as a plain title, which nothing makes more of."""
    title = shorten(Snippet(text=headline), TITLE_LIMIT)
    return _plain(harmless(title.text, TITLE_LIMIT)) if style.mentions else title.text


def _shortest(content: AlertContent, style: Style, *, doubtful: bool) -> str:
    """Answer the headline, the address and the doubt, and nothing else."""
    headline = harmless(content.headline.text, TITLE_LIMIT, *opening_link(content.link))
    doubt = (_BREAK, Run(DOUBT)) if doubtful else ()
    if style.html:
        return _paragraph((*headline, *doubt))
    first = content.link if style.titled and content.link else _plain(headline)
    link = content.link if content.link and first != content.link else None
    return "\n".join(filter(None, (first, link, DOUBT if doubtful else "")))


def _report(report: Report) -> tuple[Run, ...]:
    outlet = harmless(report.outlet, OUTLET_LIMIT, "i")
    title = harmless(report.title, TITLE_LIMIT, *opening_link(report.link))
    return (*outlet, *((Run(" · "),) if outlet else ()), *title)


def _text_of(report: Report) -> str:
    return "- " + "\n  ".join(filter(None, (_plain(_report(report)), report.link)))


def _plain(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _lines(runs: tuple[Run, ...]) -> str:
    return html(runs).replace("\n", "<br>\n")


def _paragraph(runs: tuple[Run, ...]) -> str:
    return f"<p>{_lines(runs)}</p>"


def _listed(members: list[tuple[Run, ...]]) -> list[str]:
    return [f"<ul>{''.join(f'<li>{html(runs)}</li>' for runs in members)}</ul>"] if members else []
