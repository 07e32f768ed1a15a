"""What docs/messages.md shows: each kind of message, laid out by the code that sends it."""  # noqa: INP001 - the documentation is no package

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from docs.picture import sample_alert
from monitors.alerts.alert import AlertContent, InPart, Report, Snippet
from monitors.alerts.digest import Digest
from monitors.alerts.showing.alert_keyboard import (
    KeyboardState,
    Page,
    Rows,
    alert_buttons,
    reply_buttons,
)
from monitors.alerts.showing.buttons import digest_buttons
from monitors.alerts.showing.digest import digest_runs
from monitors.alerts.showing.message import telegram_html, telegram_runs

ZONE = ZoneInfo("Australia/Sydney")
GROWN = sample_alert()
ALONE = replace(GROWN, others=())
EARLIER = Report(
    outlet="Harbour Herald",
    title="Allies weigh opening the AUKUS pact to newcomers",
    link="https://t.me/c/1234567890/17",
)
MORE = Report(
    outlet="Pacific Desk",
    title="Quantum clocks for Darwin: what Canada brings",
    link="https://pacific-desk.example/quantum",
)
PAYWALL = InPart(rule="AUKUS Pillar 2", missing=('"Pillar 2"',), why="it is behind a paywall")
_ALERT, _REPLY = 7, 31
_OUTLETS = ("Pacific Desk", "Strait Courier")


def message(content: AlertContent = ALONE, *, doubtful: bool = False, **state: object) -> str:
    """Answer an alert as the chat shows it, with its buttons."""
    keyboard = KeyboardState(**state)  # type: ignore[arg-type] -- the fields of it
    runs = telegram_runs(content, zone=ZONE, doubtful=doubtful)
    return _block("".join(run.text for run in runs), alert_buttons(_ALERT, content, keyboard))


def reply(content: AlertContent) -> str:
    """Answer a reply as the chat shows it, with its buttons."""
    runs = telegram_runs(content, zone=ZONE)
    return _block("".join(run.text for run in runs), reply_buttons(_ALERT, _REPLY))


def digest(*rules: tuple[str, ...], **more: object) -> str:
    """Answer a digest of three stories as the chat shows it, with its button."""
    folded = GROWN.published_at + timedelta(hours=1)
    values = {"since": GROWN.published_at, "folded_at": folded, "total": 3} | more
    others = (
        replace(ALONE, headline=Snippet(text=one.title), link=one.link) for one in (MORE, EARLIER)
    )
    stories = (
        GROWN,
        *(replace(one, outlet=outlet) for one, outlet in zip(others, _OUTLETS, strict=True)),
    )
    stories = tuple(
        replace(story, rules=each)
        for story, each in zip(stories, rules or [GROWN.rules] * 3, strict=True)
    )
    runs = digest_runs(Digest(stories=stories, **values), zone=ZONE)  # type: ignore[arg-type] -- the fields of it
    return _block("".join(run.text for run in runs), digest_buttons(_REPLY))


def buttons(page: Page = Page.MAIN, content: AlertContent = GROWN, **state: object) -> str:
    """Answer the buttons under an alert alone."""
    keyboard = KeyboardState(page=page, **state)  # type: ignore[arg-type] -- the fields of it
    return _block("", alert_buttons(_ALERT, content, keyboard))


def source(content: AlertContent = ALONE) -> str:
    """Answer what Telegram is given for an alert."""
    return f"```html\n{telegram_html(content, zone=ZONE)}\n```"


def _block(text: str, rows: Rows) -> str:
    return "\n".join(("```text", *filter(None, (text,)), *_rows(rows), "```"))


def _rows(rows: Rows) -> Iterator[str]:
    for row in rows:
        yield " ".join(f"[{button.label}]" for button in row)
