"""Commands that answer a message of several stories are about the one whose number they name."""

import pytest

from monitors.talking.heard import Place
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, RULES

AT_ANN = Place(chat=ANN, name="@ann")
SHIP, WHALE = "A ship sails to Oslo today", "Whales swim ahead of another ship off Malta"


@pytest.fixture
def desk():
    opened = MindingDesk(
        RULES.replace("{telegram: 42}", "{telegram: 42, quiet_hours: '08:00-10:00', timezone: UTC}")
    )
    for headline in (SHIP, WHALE):
        opened.publishes(headline)
    opened.clock.passes(hours=1)
    opened.newsroom.delivers()
    yield opened
    opened.closes()


def says(desk, text):
    (message,) = desk.newsroom.shows("ann")
    return desk.says(ANN, AT_ANN, text, reply_to=message).text


@pytest.mark.parametrize("text", ["/mute", "/mute 2h", "/mute 3", "/mute story", "/mute outlet"])
def test_nothing_is_muted_if_nobody_knows_what(desk, text):
    assert says(desk, text).startswith("That message tells of several stories.")
    assert desk.muted("ann") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [("/mute 2", "MutedStory"), ("/mute 2 2h", "MutedStory"), ("/mute 2 outlet", "MutedOutlet")],
)
def test_the_story_of_that_number_is_muted(desk, text, kind):
    said = says(desk, text)
    assert desk.muted("ann") == [kind]
    assert WHALE in said or "Outlet 2" in said


def test_a_rule_that_is_named_is_muted_whatever_is_answered(desk):
    assert says(desk, "/mute rule ship").startswith("Muted: rule ship")


def test_conditions_are_tried_on_the_story_of_that_number(desk):
    assert WHALE in says(desk, "/try 2")
    assert WHALE in says(desk, "/try 2 Malta")
    assert says(desk, "/try").startswith("That message tells of several stories.")
    assert says(desk, "/try Malta").endswith("for example /try 1")
