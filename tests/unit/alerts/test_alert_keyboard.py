"""The buttons under alerts are short, say what they do, and carry nothing worth forging."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.showing.alert_keyboard import (
    MUTE_FOR,
    KeyboardState,
    Page,
    Press,
    Verb,
    alert_buttons,
    press_of,
    reply_buttons,
)
from monitors.alerts.showing.buttons import Deed, Wish, wish_of
from monitors.alerts.showing.legible import units

LARGEST = 2**59
ALONE = AlertContent(
    headline=Snippet(text="Ship sails"),
    link=None,
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 5, tzinfo=UTC),
    rules=("ship",),
)
GROWN = replace(ALONE, others=(Report(outlet="Other", title="Ship"),))
EVERY_KEYBOARD = [
    KeyboardState(page=page, related=related, muted=muted, outlet_muted=outlet, off=off)
    for page, related, muted, outlet, off in product(Page, *[(False, True)] * 4)
]


def labels(content=ALONE, **keyboard):
    return [
        [button.label for button in row]
        for row in alert_buttons(7, content, KeyboardState(**keyboard))
    ]


def test_what_is_pressed_most_is_one_row_under_every_alert():
    assert labels() == [["🔕 Mute", "👎", "Why?", "⋯"]]
    assert labels(related=True)[1:] == [["Same story"]]


def test_what_was_done_can_be_undone_where_it_was_done():
    assert labels(muted=True) == [["🔕 Muted · Undo", "Why?", "⋯"]]
    assert labels(off=True) == [["🔕 Mute", "👎 Undo", "Why?", "⋯"]]
    assert labels(outlet_muted=True)[1:] == [["🔕 Harbour Herald muted · Undo"]]
    assert labels(page=Page.MORE, muted=True)[0][0] == "🔕 Muted · Undo"


def test_the_dots_show_the_rest():
    assert labels(page=Page.MORE) == [
        ["🔕 Mute story", "👎 Not relevant"],
        ["🔕 Mute Harbour Herald …"],
        ["« Back"],
    ]
    assert labels(GROWN, page=Page.MORE)[2] == ["Split off …", "« Back"]


def test_an_outlet_is_muted_for_a_day_a_week_or_for_ever():
    assert labels(page=Page.OUTLET) == [
        ["🔕 Harbour Herald: 24 hours"],
        ["🔕 Harbour Herald: 7 days"],
        ["🔕 Harbour Herald: for ever"],
        ["« Back"],
    ]


@pytest.mark.parametrize("outlet", ["", "\u200b\x00 ", "\ud800"])
@pytest.mark.parametrize("page", Page)
def test_an_outlet_that_cannot_be_named_cannot_be_muted(page, outlet):
    shown = labels(replace(ALONE, outlet=outlet), page=page, outlet_muted=True)
    names = [label for row in shown for label in row if "Mute " in label]
    assert names in ([], ["🔕 Mute story"])


def test_the_name_of_an_outlet_is_cut_and_cleaned():
    hostile = replace(ALONE, outlet="\u202e/start@bot " + "x" * 900)
    for row in labels(hostile, page=Page.OUTLET):
        assert units(row[0]) <= 50
        assert "\u202e" not in row[0]


@pytest.mark.parametrize("content", [ALONE, GROWN])
@pytest.mark.parametrize("keyboard", EVERY_KEYBOARD)
def test_every_button_is_understood_and_short_enough_for_telegram(content, keyboard):
    rows = alert_buttons(LARGEST, content, keyboard)
    assert 1 <= len(rows) <= 4
    for button in (button for row in rows for button in row):
        pressed, wish = press_of(button.data), wish_of(button.data)
        assert (pressed is None) != (wish is None)
        assert (pressed.alert if pressed else wish.number) == LARGEST
        assert len(button.data.encode()) <= 64


def test_each_duration_comes_back():
    rows = alert_buttons(7, ALONE, KeyboardState(page=Page.OUTLET))
    assert [press_of(row[0].data) for row in rows[:-1]] == [
        Press(Verb.MUTE_OUTLET, 7, hours) for hours in MUTE_FOR
    ]


def test_no_two_replies_have_the_same_buttons():
    ((mute, why),) = reply_buttons(7, 31)
    assert press_of(mute.data) == Press(Verb.MUTE_STORY, 7, 31)
    assert wish_of(why.data) == Wish(Deed.WHY, 7)
    assert reply_buttons(7, 31) != reply_buttons(7, 32)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "page",
        "page:",
        "page:-1",
        "page:1 ",
        "page:١",
        "page:1:",
        "page:1:2:3",
        "why:1",
        "drop:1",
        "mutestory:" + "9" * 19,
        "MUTESTORY:1",
    ],
)
def test_what_no_button_under_an_alert_says_is_no_press(data):
    assert press_of(data) is None
