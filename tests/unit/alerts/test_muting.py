"""What a mute silences, and nothing else."""

from datetime import UTC, datetime

import pytest

from monitors.alerts.compose import StoryArticle
from monitors.alerts.muting import (
    NO_MUTES,
    Mute,
    MutedChat,
    MutedOutlet,
    MutedRule,
    MutedStory,
    Mutes,
    in_words,
    key_of,
    reason,
)
from monitors.stories.article import Article, ArticleId

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)


def report(number, outlet):
    article = Article(
        identity=str(number),
        url=None,
        link=None,
        outlet=outlet,
        title="Ship sails",
        published_at=NOON,
        seen_at=NOON,
    )
    return StoryArticle(id=ArticleId(number), article=article, evidence={})


HERALD, COURIER = report(1, "Herald"), report(2, "Courier")
RULES = ("ship", "storm")
HERALD_UNTIL_NOON = "Herald for rule @\u2060ship, until 5 Nov 12:00"


def mutes(*what):
    return Mutes(tuple(Mute(what=one) for one in what))


@pytest.mark.parametrize(
    ("what", "silent"),
    [
        ((), set()),
        ((MutedStory(7),), set()),
        ((MutedOutlet("HERALD", "ship"),), {(1, "ship")}),
        ((MutedRule("storm"),), {(1, "storm"), (2, "storm")}),
        ((MutedChat(),), {(1, "ship"), (1, "storm"), (2, "ship"), (2, "storm")}),
        (
            (MutedRule("ship"), MutedOutlet("Courier", "storm")),
            {(1, "ship"), (2, "ship"), (2, "storm")},
        ),
    ],
)
def test_an_outlet_is_silent_by_its_rule_a_rule_for_all_and_a_chat_altogether(what, silent):
    assert mutes(*what).silent((HERALD, COURIER), RULES) == silent


def test_a_story_is_muted_with_what_would_stand_below_it():
    muted = mutes(MutedStory(7))
    assert muted.of_story(7) == muted.of_story(None, 7) == "muted: this story"
    assert muted.of_story(8, None) is None
    assert mutes(MutedChat()).of_story(7) is None


def test_the_reason_names_what_was_muted():
    muted = mutes(MutedOutlet("Courier", "ship"))
    assert muted.reason((HERALD, COURIER), RULES) == "muted: Courier for rule ship"
    assert muted.reason((HERALD,), RULES) is None
    assert mutes(MutedRule("storm")).of_rule("storm") == "muted: rule storm"
    assert NO_MUTES.reason((HERALD,), RULES) is None


def test_what_is_the_same_has_the_same_key_and_nothing_else_has():
    everything = [
        MutedStory(1),
        MutedStory(2),
        MutedOutlet("Herald", "ship"),
        MutedOutlet("Herald", "storm"),
        MutedRule("Herald"),
        MutedRule("ship"),
        MutedChat(),
    ]
    assert len({key_of(one) for one in everything}) == len(everything)
    assert key_of(MutedOutlet("hErALD", "ship")) == key_of(everything[2])
    assert len({reason(one) for one in everything}) == len(everything) - 1  # of two stories


@pytest.mark.parametrize(
    ("mute", "words"),
    [
        (Mute(what=MutedChat(), until=NOON), "this chat, until 5 Nov 12:00"),
        (Mute(what=MutedRule("ship")), "rule ship, for ever"),
        (Mute(what=MutedOutlet("Herald", "@ship\x00"), until=NOON), HERALD_UNTIL_NOON),
        (Mute(what=MutedStory(7), about="Ship sails"), "the story “Ship sails”"),
        (Mute(what=MutedStory(7), about=" \u200b"), "the story “(no title)”"),
    ],
)
def test_a_mute_is_told_in_a_line_that_tempts_nobody(mute, words):
    assert in_words(mute, UTC) == words


def test_the_longest_names_make_a_short_line():
    mute = Mute(what=MutedOutlet("o" * 900, "r" * 900), until=NOON)
    assert len(in_words(mute, UTC)) < 200
