"""The buttons under alerts and replies, and what is meant when one is pressed.

A phone shows about 36 letters in a row of buttons, so what is pressed most stands in one row.
"""

import re
from dataclasses import dataclass
from enum import Enum

from monitors.alerts.alert import AlertContent
from monitors.alerts.showing.buttons import Button, Deed
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.markup import harmless

Rows = tuple[tuple[Button, ...], ...]

MUTE_FOR = (24, 7 * 24, 0)
"""For so many hours can an outlet be muted; 0 means for ever."""
_LONGEST_OUTLET = 24
# Telegram takes 64 bytes. What comes back may be forged: the number is looked up.
_DATA = re.compile(r"([a-z]{1,16}):([0-9]{1,18})(?::([0-9]{1,18}))?", re.ASCII)


class Verb(Enum):
    """What a button under an alert is for; the data of a button begins with it."""

    MUTE_STORY = "mutestory"
    HEAR_STORY = "hearstory"
    MUTE_OUTLET = "muteoutlet"  # for so many hours
    HEAR_OUTLET = "hearoutlet"
    NOT_RELEVANT = "irrelevant"
    RELEVANT = "relevant"
    PAGE = "page"  # show other buttons


class Page(Enum):
    """Which buttons are shown; the number is what `Verb.PAGE` asks for."""

    MAIN = 0
    MORE = 1
    OUTLET = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyboardState:
    """What the buttons under an alert depend on, beside what it tells.

    Attributes:
        page: which are shown.
        related: whether the chat was told of an earlier story that is likely the same event.
        muted: whether the story is.
        outlet_muted: whether its outlet was, from here.
        off: whether somebody has said that it is not relevant.
    """

    page: Page = Page.MAIN
    related: bool = False
    muted: bool = False
    outlet_muted: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody who pressed a button asks for, about the alert of that number."""

    verb: Verb
    alert: int
    argument: int | None = None


def alert_buttons(alert: int, content: AlertContent, keyboard: KeyboardState) -> Rows:
    """Answer the rows of buttons under the message of the alert that the store calls *alert*."""
    outlet = outlet_label(content.outlet)
    back = Button("« Back", _data(Verb.PAGE, alert, Page.MAIN.value))
    match keyboard.page:
        case Page.OUTLET if outlet:
            return (*((_outlet(alert, outlet, hours),) for hours in MUTE_FOR), (back,))
        case Page.MORE | Page.OUTLET:
            return _more(alert, content, back, muted=keyboard.muted)
        case Page.MAIN:
            return _main(alert, outlet, keyboard)


def reply_buttons(alert: int, letter: int) -> Rows:
    """Answer the buttons under a reply: they stay as they are, and no other message has them.

    Args:
        alert: number of the alert below which it stands.
        letter: number of the reply.
    """
    return ((Button("🔕 Mute", _data(Verb.MUTE_STORY, alert, letter)), _why(alert)),)


def _main(alert: int, outlet: str, keyboard: KeyboardState) -> Rows:
    more = Button("⋯", _data(Verb.PAGE, alert, Page.MORE.value))
    if keyboard.muted:
        undo = Button("🔕 Muted · Undo", _data(Verb.HEAR_STORY, alert))
        rows: list[tuple[Button, ...]] = [(undo, _why(alert), more)]
    else:
        mute = Button("🔕 Mute", _data(Verb.MUTE_STORY, alert))
        off = Button("👎", _data(Verb.NOT_RELEVANT, alert))
        if keyboard.off:
            off = Button("👎 Undo", _data(Verb.RELEVANT, alert))
        rows = [(mute, off, _why(alert), more)]
    if keyboard.related:
        rows.append((Button("Same story", f"{Deed.JOIN.value}:{alert}"),))
    if keyboard.outlet_muted:
        label = f"🔕 {outlet or 'Outlet'} muted · Undo"
        rows.append((Button(label, _data(Verb.HEAR_OUTLET, alert)),))
    return tuple(rows)


def _more(alert: int, content: AlertContent, back: Button, *, muted: bool) -> Rows:
    mute = Button("🔕 Mute story", _data(Verb.MUTE_STORY, alert))
    if muted:
        mute = Button("🔕 Muted · Undo", _data(Verb.HEAR_STORY, alert))
    rows: list[tuple[Button, ...]] = [
        (mute, Button("👎 Not relevant", _data(Verb.NOT_RELEVANT, alert)))
    ]
    outlet = outlet_label(content.outlet)
    if outlet:
        data = _data(Verb.PAGE, alert, Page.OUTLET.value)
        rows.append((Button(f"🔕 Mute {outlet} …", data),))
    if content.others:
        # Which number is which report, and why it is here, is said before any is split off.
        rows.append((Button("Split off …", f"{Deed.WHY.value}:{alert}"), back))
    else:
        rows.append((back,))
    return tuple(rows)


def _outlet(alert: int, outlet: str, hours: int) -> Button:
    return Button(f"🔕 {outlet}: {how_long(hours)}", _data(Verb.MUTE_OUTLET, alert, hours))


def _why(alert: int) -> Button:
    return Button("Why?", f"{Deed.WHY.value}:{alert}")


def _data(verb: Verb, alert: int, argument: int | None = None) -> str:
    return f"{verb.value}:{alert}" + ("" if argument is None else f":{argument}")


def how_long(hours: int) -> str:
    """Answer how long one of `MUTE_FOR` is, in words."""
    if hours == 0:
        return "for ever"
    return f"{hours // 24} days" if hours > 24 else f"{hours} hours"  # noqa: PLR2004 -- a day


def outlet_label(outlet: str) -> str:
    """Answer the name of an outlet as it stands on a button; empty if nothing of it is legible."""
    return "".join(run.text for run in harmless(clean(outlet).text, _LONGEST_OUTLET))


def press_of(data: str) -> Press | None:
    """Answer what the button with *data* is for; None if it is none of those under alerts."""
    found = _DATA.fullmatch(data)
    if found is None or found[1] not in {verb.value for verb in Verb}:
        return None
    return Press(Verb(found[1]), int(found[2]), None if found[3] is None else int(found[3]))
