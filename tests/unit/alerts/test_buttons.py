"""Buttons carry a number that is looked up, and nothing that can be forged to advantage."""

from datetime import UTC, datetime

import pytest

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.showing.buttons import (
    MOST_SPLITS,
    Deed,
    Wish,
    alert_buttons,
    split_buttons,
    wish_of,
)

ALONE = AlertContent(
    headline=Snippet(text="Ship sails"),
    link=None,
    outlet="Wire",
    published_at=datetime(2026, 11, 5, tzinfo=UTC),
    rules=("ship",),
)


def test_every_button_is_understood_and_short_enough_for_telegram():
    largest = 2**59
    buttons = (
        *alert_buttons(largest, ALONE, related=True),
        *split_buttons((number, largest) for number in range(1, 30)),
    )

    wishes = [wish_of(button.data) for button in buttons]

    assert wishes == [
        Wish(Deed.WHY, largest),
        Wish(Deed.JOIN, largest),
        *[Wish(Deed.SPLIT, largest)] * MOST_SPLITS,
    ]
    assert max(len(button.data.encode()) for button in buttons) <= 64


def test_a_message_of_one_article_that_is_related_to_none_has_no_buttons():
    grown = AlertContent(
        headline=ALONE.headline,
        link=None,
        outlet="Wire",
        published_at=ALONE.published_at,
        rules=("ship",),
        others=(Report(outlet="Other", title="Ship"),),
    )

    assert alert_buttons(1, ALONE, related=False) == ()
    assert [button.label for button in alert_buttons(1, grown, related=False)] == ["Why?"]


@pytest.mark.parametrize(
    "data",
    ["", "why", "why:", "why:-1", "why:1 ", "why:١", "drop:1", "why:1:2", "split:" + "9" * 19],
)
def test_what_no_button_of_ours_says_is_no_wish(data):
    assert wish_of(data) is None
