"""A story that has passed what rules ask for: what is new of it, and in which words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.again import line, with_again
from monitors.alerts.alert import Again, AlertContent, Report, Snippet
from monitors.alerts.break_out import BrokenOut, grown, with_break_out
from monitors.alerts.compose import News, StoryArticle
from monitors.alerts.showing.presentable import further
from monitors.grouping.growth import Growth
from monitors.rules.rulebook import BreakOut
from monitors.stories.article import Article, ArticleId
from tests.fakes.stand_ins import rule

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SLOW = Growth(outlets=9, pace=3, unusual=False, lasting=True)
FAST = Growth(outlets=9, pace=6, unusual=True, lasting=True)


def story(outlets, *, told=(), more=()):
    """Answer a story of so many outlets, each once, and of *more* reports."""
    others = [Report(outlet=f"Outlet {number}", title="Ship") for number in range(2, outlets + 1)]
    return AlertContent(
        headline=Snippet(text="Ship"),
        link=None,
        outlet="Outlet 1",
        published_at=NOON,
        rules=("ship",),
        others=(*others, *more),
        broke_out=told,
    )


def asking(*numbers, fast=False, name="ship"):
    return rule(name, break_out=BreakOut(outlets=numbers, fast=fast))


def note(now, before, *rules, growth=None):
    _, broken_out = grown(now, before, rules, growth)
    return broken_out and line(Again(outlets=broken_out.outlets, pace=broken_out.pace))


@pytest.mark.parametrize(
    ("before", "now", "passed"),
    [
        (2, 3, "3 outlets report it now"),
        (2, 5, "5 outlets report it now"),
        (1, 2, None),
        (3, 4, None),
        (3, 3, None),
        (4, 3, None),
        (9, 25, "25 outlets report it now"),
    ],
)
def test_a_number_is_passed_when_so_many_report_it_and_not_so_many_did(before, now, passed):
    assert note(story(now), story(before), asking(3, 20)) == passed


def test_of_two_numbers_at_once_there_is_one_line():
    content, broken_out = grown(story(7), story(2), [asking(3, 5), asking(6, name="sea")], None)

    assert broken_out == BrokenOut(outlets=7, rules=frozenset({"ship", "sea"}))
    assert content.broke_out == ("3", "5", "6")


def test_only_the_rules_that_asked_for_it_are_named():
    _, broken_out = grown(story(3), story(2), [asking(3), asking(2, 9, name="sea")], None)

    assert broken_out.rules == {"ship"}


def test_what_was_passed_once_is_not_passed_again_when_the_story_was_smaller_meanwhile():
    first, _ = grown(story(3), story(2), [asking(3)], None)
    smaller, _ = grown(story(2), first, [asking(3)], None)

    again, broken_out = grown(story(3), smaller, [asking(3)], None)

    assert (again.broke_out, broken_out) == (("3",), None)


def test_what_is_passed_when_the_chat_is_first_told_is_nothing_new():
    content, broken_out = grown(story(5), None, [asking(3, 9, fast=True)], FAST)

    assert (content.broke_out, broken_out) == (("3", "fast"), None)
    assert note(story(6), content, asking(3, 9, fast=True), growth=FAST) is None


def test_what_a_rule_asks_for_after_the_story_has_passed_it_is_nothing_new():
    assert note(story(6), story(5), asking(3)) is None


def test_what_nobody_asks_for_any_more_is_remembered():
    content, _ = grown(story(6), story(5, told=("3", "fast")), [rule("ship")], None)

    assert content.broke_out == ("3", "fast")


@pytest.mark.parametrize(
    ("growth", "before", "said"),
    [
        (FAST, 5, "6 outlets within an hour: unusually fast"),
        (FAST, 6, None),
        (SLOW, 5, None),
        (replace(FAST, lasting=False), 5, None),
        (None, 5, None),
    ],
    ids=["fast", "no further outlet", "slow", "was fast", "unknown"],
)
def test_fast_is_what_an_outlet_more_has_just_made_unusually_fast(growth, before, said):
    assert note(story(6), story(before), asking(fast=True), growth=growth) == said


def test_a_number_and_fast_are_one_line():
    said = note(story(9), story(8), asking(9, fast=True), growth=FAST)

    assert said == "9 outlets report it now, 6 of them within an hour: unusually fast"


def test_outlets_are_counted_as_the_message_counts_them():
    same = Report(outlet="OUTLET 2", title="Ship again")
    content = story(3, more=(same,))

    assert further(content) == "3 more articles"
    assert note(content, story(2), asking(4)) is None
    assert further(story(4)) == "3 more outlets"
    assert note(story(4), story(2), asking(4)) == "4 outlets report it now"


ARTICLE = StoryArticle(
    id=ArticleId(9),
    article=Article(
        identity="9",
        url=None,
        link="https://nine.example/9",
        outlet="Outlet 9",
        title="The ninth",
        published_at=NOON,
        seen_at=NOON,
    ),
    evidence={},
)
BROKEN_OUT = BrokenOut(outlets=9, rules=frozenset({"ship"}))


def test_the_news_are_the_newest_article_even_if_no_rule_holds_for_it():
    news = with_break_out(None, BROKEN_OUT, ARTICLE, story(9))

    told = news.content
    assert (told.headline.text, told.outlet, told.link) == (
        "The ninth",
        "Outlet 9",
        "https://nine.example/9",
    )
    assert (told.rules, told.note, told.others) == (("ship",), "9 outlets report it now", ())


def test_with_other_news_both_lines_are_told():
    other = with_again(story(1), Again(further=("storm",)))
    news = with_break_out(
        News(content=other, rules=frozenset({"storm"})), BROKEN_OUT, ARTICLE, story(9)
    )

    assert news.content.note == "9 outlets report it now · A further rule holds: storm"
    assert (news.content.headline.text, news.rules) == ("Ship", {"ship", "storm"})


@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=30),
    st.lists(st.sets(st.integers(2, 12), max_size=4), min_size=1, max_size=30),
)
def test_however_a_story_and_the_rules_change_nothing_rings_twice(sizes, rulebooks):
    told, _ = grown(story(sizes[0]), None, [asking(*rulebooks[0])], None)
    rang = []
    for number, size in enumerate(sizes[1:], start=1):
        asked = rulebooks[number % len(rulebooks)]
        before, (told, broken_out) = told, grown(story(size), told, [asking(*asked)], None)
        new = set(told.broke_out) - set(before.broke_out)
        if broken_out:
            rang += [each for each in new if len(before.others) + 1 < int(each)]

    assert len(rang) == len(set(rang))
    assert set(rang) <= set(told.broke_out)
