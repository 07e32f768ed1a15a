"""Buttons carry a number that is looked up, and nothing that can be forged to advantage."""

import pytest

from monitors.alerts.showing.buttons import MOST_SPLITS, Deed, Wish, split_buttons, wish_of


def test_every_button_is_understood_and_short_enough_for_telegram():
    largest = 2**59
    buttons = split_buttons((number, largest) for number in range(1, 30))

    assert [wish_of(button.data) for button in buttons] == [Wish(Deed.SPLIT, largest)] * MOST_SPLITS
    assert max(len(button.data.encode()) for button in buttons) <= 64


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
