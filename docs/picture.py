"""Draws docs/alert.svg: an alert of the sample wire as a chat shows it, with its buttons.

Run from the repository's root: `.venv/bin/python -m docs.picture`.
"""  # noqa: INP001 - the documentation is no package

import io
import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import trafilatura
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from monitors.alerts.alert import AlertContent, Report
from monitors.alerts.showing.alert_keyboard import KeyboardState, alert_buttons
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.message import telegram_runs
from monitors.alerts.showing.snippets import headline, snippets
from monitors.stories.article import Article
from monitors.terms.evidence import Evidence, Field

SAMPLE = Path("sample")
PICTURE = Path("docs/alert.svg")
COLUMNS = 78
ZONE = ZoneInfo("Australia/Sydney")
STYLES = {"b": "bold", "i": "italic", "u": "underline", "a": "bright_blue"}
BAR = "▎ "
_LONG_NUMBER = re.compile(r"\d+\.\d{4,}")
RULE, TERMS = "AUKUS Pillar 2", re.compile("AUKUS|Pillar II|second pillar")

_BACKGROUND, _TEXT = (24, 28, 36), (222, 226, 234)
_NORMAL = [
    (40, 46, 58),
    (240, 113, 120),
    (152, 204, 120),
    (255, 203, 107),
    (110, 168, 254),
    (199, 146, 234),
    (100, 210, 220),
    _TEXT,
]
THEME = TerminalTheme(_BACKGROUND, _TEXT, _NORMAL)

# rich's own frame fetches a font from the network; this one takes what the reader has.
FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" \
aria-label="An alert in a chat, with its buttons">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px;
  font-variant-east-asian: full-width; white-space: pre;
}}
.{unique_id}-title {{ font: 600 16px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate(26, 52) scale(0.96)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def sample_alert() -> AlertContent:
    """Answer the alert of the story on quantum clocks, which both papers carry."""
    entry = next(
        entry
        for entry in feedparser.parse(str(SAMPLE / "harbour-herald.xml")).entries
        if entry.link.endswith("/quantum-clock-trials")
    )
    page = (SAMPLE / "harbour-herald/quantum-clock-trials.html").read_text(encoding="utf-8")
    published = datetime.strptime(entry.published, "%a, %d %b %Y %H:%M:%S %z")
    article = Article(
        identity=entry.id,
        url=entry.link,
        link=entry.link,
        outlet="Harbour Herald",
        title=entry.title,
        text=trafilatura.extract(page) or "",
        published_at=published,
        seen_at=published,
    )
    evidence = [
        Evidence(field.value, *found.span())
        for field in (Field.TITLE, Field.TEXT)
        for found in TERMS.finditer(getattr(article, field.value))
    ]
    courier = json.loads((SAMPLE / "strait-courier.json").read_text(encoding="utf-8"))
    second = next(item for item in courier["items"] if item["url"].endswith("quantum-clocks"))
    return AlertContent(
        headline=headline(article, evidence),
        link=article.link,
        outlet=article.outlet,
        published_at=published,
        rules=(RULE,),
        snippets=snippets(article, evidence),
        others=(Report(outlet=courier["title"], title=second["title"], link=second["url"]),),
    )


def _lines(runs: tuple[Run, ...]) -> list[tuple[Text, bool]]:
    """Answer the lines of a message in their styles, and whether each is a quotation."""
    lines = [(Text(), False)]
    for run in runs:
        styles = (STYLES.get(tag.split()[0], "") for tag in run.tags)
        first, *rest = run.text.split("\n")
        for place, piece in enumerate((first, *rest)):
            if place:
                lines.append((Text(), False))
            line, quoted = lines[-1]
            style = " ".join(filter(None, styles)) if place == 0 else ""
            line.append(piece, style)
            lines[-1] = line, quoted or "blockquote" in run.tags
    return lines


def draw() -> str:
    """Answer the picture as SVG; the same every time."""
    console = Console(
        file=io.StringIO(), record=True, width=COLUMNS, force_terminal=True, color_system="256"
    )
    content = sample_alert()
    for line, quoted in _lines(telegram_runs(content, zone=ZONE)):
        width = COLUMNS - len(BAR) if quoted else COLUMNS
        for part in line.wrap(console, width):
            part.rstrip()
            console.print(Text.assemble((BAR, "bright_blue"), part) if quoted else part)
    for row in alert_buttons(1, content, KeyboardState()):
        keys = Table(show_header=False, box=box.ROUNDED, expand=True, border_style="bright_black")
        for _ in row:
            keys.add_column(justify="center", ratio=1)
        keys.add_row(*(button.label for button in row))
        console.print(Padding(keys, (1, 0, 0, 0)))
    picture = console.export_svg(
        title="Newsbell", theme=THEME, code_format=FRAME, unique_id="alert"
    )
    rounded = _LONG_NUMBER.sub(lambda number: f"{float(number[0]):g}", picture)
    return "\n".join(line.strip() for line in rounded.splitlines() if line.strip()) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
