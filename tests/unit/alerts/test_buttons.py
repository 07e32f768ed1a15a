"""Buttons carry a number that is looked up, and nothing that can be forged to advantage."""

import pytest

from monitors.alerts.showing.buttons import (
    MOST_SPLITS,
    Button,
    Deed,
    Wish,
    alert_buttons,
    split_buttons,
    wish_of,
)


def test_every_button_is_understood_and_short_enough_for_telegram():
    largest = 2**59
    buttons = (
        *alert_buttons(largest, letter=largest, related=True),
        *split_buttons((number, largest) for number in range(1, 30)),
    )

    wishes = [wish_of(button.data) for button in buttons]

    assert wishes == [
        Wish(Deed.WHY, largest),
        Wish(Deed.JOIN, largest),
        *[Wish(Deed.SPLIT, largest)] * MOST_SPLITS,
    ]
    assert max(len(button.data.encode()) for button in buttons) <= 64


def test_every_alert_has_a_button_that_no_other_letter_has():
    letters = [alert_buttons(1, letter=letter, related=False) for letter in (7, 8)]

    assert letters == [(Button("Why?", "why:1:7"),), (Button("Why?", "why:1:8"),)]
    assert [wish_of(one.data) for (one,) in letters] == [Wish(Deed.WHY, 1)] * 2


@pytest.mark.parametrize(
    "data",
    [
        "",
        "why",
        "why:",
        "why:-1",
        "why:1 ",
        "why:١",
        "drop:1",
        "why:1:",
        "why:1:2:3",
        "split:" + "9" * 19,
    ],
)
def test_what_no_button_of_ours_says_is_no_wish(data):
    assert wish_of(data) is None
