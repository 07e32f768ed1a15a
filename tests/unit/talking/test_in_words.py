"""Conditions read in plain words as they are understood."""

import pytest

from monitors.talking.rules_talk.headline import condition_of, is_headline, words_of
from monitors.talking.showing.in_words import in_words
from monitors.terms.entity import Entity
from tests.fakes.stand_ins import condition

PILLAR = Entity(name="pillar-2", names=("Pillar 2", "Pillar II", "Pillar Two", "zweite Säule"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AUKUS", "AUKUS"),
        ('AUKUS AND ("Pillar 2" OR "Pillar II") NOT tax',
         "All of: AUKUS · any of: Pillar 2, Pillar II · not: tax"),
        ("a AND b NOT (c OR d)", "All of: a, b · none of: c, d"),
        ("boat NOT (toy AND red)", "All of: boat · not: (all of: toy, red)"),
        ("@pillar-2", "@pillar-2 (Pillar 2, Pillar II, Pillar Two and 1 more)"),
        ("@other", "@other"),
        ("title:(boat OR ship)", "In the headline: any of: boat, ship"),
        ("lang:en AND boat", "All of: boat · in the language: en"),
        ("=US OR ~submarine", "Any of: US (written just so), submarine (in any form)"),
        ('"ban exports"~5', "ban exports (in any order, with 5 other words at most)"),
        ("a NEAR/5 b", "A and b within 5 words"),
        ("ship ONEAR/3 (oil OR gas)", "Ship then (any of: oil, gas) within 3 words"),
        ("ship SENTENCE oil", "Ship in one sentence with oil"),
        ("2 OF (a, b, c)", "At least 2 of: a, b, c"),
        ("30 POINTS (a^20, b^15 EACH)", "At least 30 points of: a (20), b (15 each time)"),
        ("AUKUS >= 3", "AUKUS at least 3 times"),
        ("boat AND published:<6h", "All of: boat · less than 6h old"),
        ("/pil+ars?/i", "/pil+ars?/"),
        (" OR ".join(f"w{n}" for n in range(20)),
         f"Any of: {', '.join(f'w{n}' for n in range(12))} and 8 more"),
    ],
)  # fmt: skip
def test_conditions_in_words(text, words):
    assert in_words(condition(text), (PILLAR,)) == words


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Seoul in talks over AUKUS 'Pillar II'", True),
        ("Exclusive: the minister says no", True),
        ("AUKUS submarine deal", False),
        ("a AND b AND c AND d AND e", False),
        ('"one two three four five"', False),
        ("title:boat one two three four", False),
        ("word " * 200, False),
    ],
)
def test_what_reads_like_a_headline(text, is_one):
    assert is_headline(text) is is_one


def test_the_rarest_words_and_names_tell_a_headline():
    counts = {"talks": 90, "over": 400, "seoul": 12, "aukus": 3, "pillar": 5, "ii": 40, "goes": 60}

    telling = condition_of("Seoul goes over to talks on AUKUS 'Pillar II'", counts, 1_000)

    assert telling == '"AUKUS" AND "Pillar II"'


def test_where_every_word_has_a_capital_the_rare_ones_count():
    counts = {"minister": 300, "says": 500, "talks": 90, "will": 600, "go": 200, "on": 800}

    telling = condition_of("Minister Says Talks Will Go On In Zanzibar", counts, 1_000)

    assert telling == '"Zanzibar"'


def test_the_first_word_is_no_name_and_few_names_are_helped_out():
    first = condition_of("Minister meets others in Perth about ships", {}, 3)
    more = condition_of("Ministers meet in Perth to talk about AUKUS", {"ministers": 1}, 3)

    assert first == '"Minister" AND "others" AND "Perth"'
    assert more == '"Perth" AND "AUKUS"'


def test_a_headline_of_common_words_tells_nothing():
    text = "the talks will go on today"

    assert condition_of(text, dict.fromkeys(words_of(text), 500), 1_000) is None
