"""What docs/messages.md shows: each kind of message, laid out by the code that sends it."""  # noqa: INP001 - the documentation is no package

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from docs.picture import sample_alert
from monitors.alerts.alert import AlertContent, InPart, Report
from monitors.alerts.showing.alert_keyboard import (
    KeyboardState,
    Page,
    Rows,
    alert_buttons,
    reply_buttons,
)
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


def message(content: AlertContent = ALONE, *, doubtful: bool = False, **state: object) -> str:
    """Answer an alert as the chat shows it, with its buttons."""
    keyboard = KeyboardState(**state)  # type: ignore[arg-type] -- the fields of it
    runs = telegram_runs(content, zone=ZONE, doubtful=doubtful)
    return _block("".join(run.text for run in runs), alert_buttons(_ALERT, content, keyboard))


def reply(content: AlertContent) -> str:
    """Answer a reply as the chat shows it, with its buttons."""
    runs = telegram_runs(content, zone=ZONE)
    return _block("".join(run.text for run in runs), reply_buttons(_ALERT, _REPLY))


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
