"""What a feed wrote, as people may see it: the traps of titles, each with its exact answer."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.alerts.alert import Snippet
from monitors.alerts.showing.legible import (
    clean,
    cut_after,
    cut_before,
    rewrite,
    separable,
    shorten,
    units,
)

FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇰🇷"
RAISED_E = "e" + "\u0301" * 4

TEXTS = st.text(st.characters() | st.sampled_from(" \u200d\u0301\u200cक्👩🏽🇰🇷ß国#@…"), max_size=400)
STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SPANS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=8)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("Rates <raise> & fall", "Rates <raise> & fall", id="tags stay text"),
        pytest.param("AU\x00K\x07US\x1b[31m \x9bred", "AUKUS[31m red", id="controls"),
        pytest.param("A\u200bU\u00adK\ufeffU\u2060S", "AUKUS", id="invisible inside a word"),
        pytest.param("A\u200dU\u200cKUS", "AUKUS", id="joiners between Latin letters"),
        pytest.param("half \ud83d a pair", "half a pair", id="half a surrogate pair"),
        pytest.param("moc.\u202elive\u2066 \u2069\u200fx", "moc.live x", id="spoofed direction"),
        pytest.param(" \t two\r\n lines\u2028\xa0x\u3000", "two lines x", id="one line"),
        pytest.param("\u3164\u2800 \u115f", "", id="letters that show nothing"),
        pytest.param("Z" + "\u0351" * 30 + "algo", "Z" + "\u0351" * 4 + "algo", id="Zalgo"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a Persian joiner stays"),
        pytest.param(f"{FAMILY} {FLAG} ❤️", f"{FAMILY} {FLAG} ❤️", id="emoji stay whole"),
        pytest.param("x\U000e0041\U000e0042y", "xy", id="hidden tag characters"),
        pytest.param("[bold]not[/bold]", "[bold]not[/bold]", id="markup of others"),
    ],
)
def test_a_text_shows_what_it_says_and_nothing_hidden(raw, shown):
    assert clean(raw).text == shown


def test_marks_stay_on_their_words_when_the_text_is_cleaned():
    raw = "  In\u200b \x00 talks\tover\n\nAU\u00adKUS  'Pillar  II'"
    word, phrase = raw.index("AU\u00adKUS"), raw.index("Pillar")
    line = clean(raw, [(phrase, phrase + len("Pillar  II")), (word, word + len("AU\u00adKUS"))])
    assert line.text == "In talks over AUKUS 'Pillar II'"
    assert [line.text[start:end] for start, end in line.marks] == ["AUKUS", "Pillar II"]


def test_marks_that_overlap_become_one_and_those_beyond_the_text_go():
    line = clean("one two three", [(0, 7), (4, 13), (13, 20), (5, 5)])
    assert line == Snippet(text="one two three", marks=((0, 13),))


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("cut at a word", 11, "cut at a…"),
        ("cut, at", 5, "cut…"),
        ("지금국방연구진이한국기업과", 6, "지금국방연…"),
        (f"ab{FAMILY}", 6, "ab…"),
        (f"a{FLAG}{FLAG}", 6, f"a{FLAG}…"),
        (f"xx{RAISED_E}y", 6, "xx…"),
        ("👋🏽👋🏽", 6, "👋🏽…"),
        ("𝐀𝐔𝐊𝐔𝐒", 6, "𝐀𝐔…"),
    ],
)
def test_a_long_line_is_cut_between_what_people_see_as_characters(text, limit, shown):
    line = shorten(Snippet(text=text), limit)
    assert line.text == shown
    assert units(line.text) <= limit


def test_a_cut_through_a_mark_keeps_what_is_left_of_it():
    assert shorten(Snippet(text="AUKUS Pillar Two", marks=((0, 5), (6, 16))), 13) == Snippet(
        text="AUKUS Pillar…", marks=((0, 5), (6, 12))
    )


@settings(deadline=None)
@given(TEXTS, SPANS)
def test_cleaning_twice_changes_nothing_more(text, spans):
    once = clean(text, spans)
    assert clean(once.text, once.marks) == once


@settings(deadline=None)
@given(TEXTS, SPANS)
def test_a_clean_line_holds_nothing_that_steers_and_its_marks_lie_within(text, spans):
    line = clean(text, spans)
    kinds = {unicodedata.category(char) for char in line.text if char not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not {char for char in line.text if unicodedata.bidirectional(char) in STEERING}
    assert line.text == " ".join(line.text.split())
    line.text.encode()
    _assert_sorted_within(line)


@settings(deadline=None)
@given(TEXTS, SPANS, st.integers(2, 100))
def test_a_shortened_line_keeps_its_limit_and_its_marks(text, spans, limit):
    line = shorten(clean(text, spans), limit)
    assert units(line.text) <= limit
    _assert_sorted_within(line)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 400))
def test_cuts_stay_within_the_text_on_their_side(text, place):
    position = min(place, len(text))
    before, after = cut_before(text, position), cut_after(text, position)
    assert 0 <= before <= position <= after <= len(text)
    assert before == 0 or text[before : before + 1] == " " or separable(text, before)


@settings(deadline=None)
@given(TEXTS, SPANS)
def test_a_rewritten_line_marks_what_is_left_of_the_same_words(text, spans):
    line = clean(text, spans)
    longer = rewrite(line, re.compile("[#@]"), r"<\g<0>>")
    assert longer.text == line.text.replace("#", "<#>").replace("@", "<@>")
    _assert_sorted_within(longer)


def _assert_sorted_within(line: Snippet) -> None:
    ends = [0]
    for start, end in line.marks:
        assert ends[-1] <= start < end <= len(line.text)
        ends.append(end)
