"""A closer look: what full texts say, and how often a rule holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.grouping.closer import (
    FEWEST_CHARACTERS,
    MOST_CHARACTERS,
    MOST_OF_TEXTS,
    Habit,
    by_habit,
    by_texts,
    looked_at,
    read,
)
from monitors.grouping.guards import Guard
from monitors.grouping.likeness import Likeness
from monitors.stories.article import Article, ArticleId, StoryId
from tests.data.stranded_ferry import ANOTHER_MATTER, FIRST_REPORT, SECOND_REPORT

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
ALIKE = Likeness(story=StoryId(1), score=1.0, nearest=ArticleId(1), words=(), hours=1.0)


def reading(text, outlet="Kerrin Courier", lang="en"):
    article = Article(
        identity="1",
        url=None,
        link=None,
        outlet=outlet,
        title="",
        text=text,
        lang=lang,
        published_at=NOW,
        seen_at=NOW,
    )
    return read(article, lang)


def says(one, *others):
    return by_texts(one, others, lambda _: 1.0)


def unlike(seed, count=80):
    """Answer a text of words that no other *seed* has."""
    return " ".join(f"{seed}{''.join(chr(97 + int(d)) for d in f'{n:03}')}" for n in range(count))


FIRST = reading(FIRST_REPORT, "Northport Echo")


def test_texts_of_one_event_speak_for_it():
    assert says(reading(SECOND_REPORT), FIRST) > 1


def test_texts_of_one_beat_do_not_speak_for_one_event():
    assert says(reading(ANOTHER_MATTER), FIRST) <= 0


def test_the_text_that_agrees_most_counts():
    other = reading(ANOTHER_MATTER, "Eastmoor Star")

    assert says(reading(SECOND_REPORT), other, FIRST) == says(reading(SECOND_REPORT), FIRST)


def test_where_there_is_no_text_nothing_is_said():
    assert says(FIRST) == 0
    assert reading("x" * (FEWEST_CHARACTERS - 1)) is None


QUOTE = "we felt a jolt and then everything stood still"
MARKS = ["“{}”", "„{}“", "«{}»", "»{}«", '"{}"']


@pytest.mark.parametrize("one", MARKS)
@pytest.mark.parametrize("other", MARKS)
def test_the_same_words_are_quoted_with_whatever_marks(one, other):
    both = (
        reading(f"{unlike('a')} {one.format(QUOTE)}", "Northport Echo"),
        reading(f"{unlike('b')} {other.format(QUOTE)}"),
    )
    plain = (
        reading(f"{unlike('a')} {QUOTE}", "Northport Echo"),
        reading(f"{unlike('b')} {QUOTE}"),
    )

    assert says(*both) > says(*plain)


def test_a_few_characters_without_spaces_are_no_quotation():
    short, long = "「船は動かない」", "「衝撃を感じた後すべてが止まって何も見えなくなりました」"

    def both(quotation):
        return [
            reading(f"{unlike(seed)} {quotation}", outlet)
            for seed, outlet in (("a", "Northport Echo"), ("b", "Kerrin Courier"))
        ]

    assert says(*both(long)) > says(*both(short))


def test_an_agency_is_known_by_runs_of_words_but_an_outlet_not_by_what_it_always_prints():
    agency = unlike("agency", 30)
    texts = [f"{agency} {unlike(seed)}" for seed in ("a", "b")]

    printed = says(reading(texts[0], "Northport Echo"), reading(texts[1]))

    assert printed > says(reading(texts[0]), reading(texts[1]))


def test_of_a_long_text_the_beginning_is_read():
    text = SECOND_REPORT.ljust(MOST_CHARACTERS, ".")

    assert reading(f"{text} {FIRST_REPORT * 100}") == reading(text)


@given(st.text(alphabet='ab “”"«»1.Ä中\n', max_size=800), st.text(alphabet="ab “”", max_size=800))
def test_whatever_texts_say_is_bounded(one, other):
    readings = [reading(text.ljust(FEWEST_CHARACTERS, "x"), text[:3]) for text in (one, other)]

    assert -MOST_OF_TEXTS <= says(*readings) <= MOST_OF_TEXTS


def test_a_rule_that_seldom_holds_tells_one_story_and_one_that_holds_all_day_does_not():
    seldom = Habit(stories=13, days=30)

    assert by_habit(seldom, 1) > 0.25
    assert by_habit(seldom, 90) < by_habit(seldom, 20) < by_habit(seldom, 1)
    assert by_habit(Habit(stories=1500, days=30), 1) == 0
    assert by_habit(Habit(stories=0, days=0), 24) < by_habit(seldom, 1)


@given(
    st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0, 30), st.floats(0, 96)
)  # fmt: skip
def test_habit_speaks_less_the_more_often_a_rule_holds(fewer, more, days, hours):
    low, high = (Habit(stories=each, days=days) for each in sorted((fewer, more)))

    assert 0 <= by_habit(high, hours) <= by_habit(low, hours) < 1


def test_a_guard_stands_but_texts_may_share_what_titles_do_not():
    few, template = (replace(ALIKE, guard=each) for each in (Guard.FEW_WORDS, Guard.TEMPLATE))

    assert looked_at(ALIKE, 0.25, 1.5).score == 2.75
    assert looked_at(few, 0.25, MOST_OF_TEXTS).guard is None
    assert looked_at(few, 0.5, 0.5).guard is Guard.FEW_WORDS
    assert looked_at(template, 0.5, MOST_OF_TEXTS).guard is Guard.TEMPLATE
