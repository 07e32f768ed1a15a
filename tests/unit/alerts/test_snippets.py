"""Which pieces of an article show why a rule holds."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.alerts.alert import Snippet
from monitors.alerts.showing.legible import separable
from monitors.alerts.showing.snippets import headline, snippets
from monitors.stories.article import Article
from monitors.terms.evidence import Evidence, Field

WHEN = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
FILLER = "Nothing else was said about it on that day. " * 12


def article(title="", summary="", text=""):
    return Article(
        identity="1",
        url=None,
        link=None,
        outlet="Harbour Herald",
        title=title,
        summary=summary,
        text=text,
        published_at=WHEN,
        seen_at=WHEN,
    )


def evidence(one, *terms):
    found = [
        Evidence(field.value, *match.span())
        for field in Field
        for term in terms
        for match in re.finditer(term, getattr(one, field.value))
    ]
    return sorted(found, key=lambda span: (span.field != "title", span))


def marked(line):
    text = line.text
    for start, end in reversed(line.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_the_headline_is_the_clean_title_with_its_evidence():
    one = article("  Canada to join AU\u00adKUS \n “Pillar II” trials ")
    line = headline(one, evidence(one, "AU\u00adKUS", "Pillar II"))
    assert marked(line) == "Canada to join [AUKUS] “[Pillar II]” trials"


def test_an_article_without_a_title_has_an_empty_headline():
    assert headline(article("\u200b \n"), []) == Snippet(text="")


def test_a_short_summary_is_shown_whole():
    one = article("Allies talk", "Ministers left Perth without a word on AUKUS.")
    (line,) = snippets(one, evidence(one, "AUKUS"))
    assert marked(line) == "Ministers left Perth without a word on [AUKUS]."


def test_the_sentence_that_shows_the_evidence_is_cut_out_of_a_long_text():
    one = article(
        "Allies talk",
        text=FILLER + "The door could open in a second phase,\n\n“Pillar 2”, under which the "
        "partners build undersea robots, long-range sensors and secure software. " + FILLER,
    )
    (line,) = snippets(one, evidence(one, "Pillar 2"))
    assert marked(line) == (
        "… The door could open in a second phase, “[Pillar 2]”, under which the partners build "
        "undersea robots, long-range sensors and secure software. …"
    )


def test_without_sentences_the_cut_is_at_words_and_says_so():
    one = article(text="lorem " * 100 + "AUKUS " + "ipsum " * 100)
    (line,) = snippets(one, evidence(one, "AUKUS"))
    assert line.text.startswith("…lorem lorem")
    assert line.text.endswith("ipsum ipsum…")
    assert "[AUKUS]" in marked(line)
    assert 250 < len(line.text) <= 300


def test_evidence_at_the_end_of_a_long_word_stays_when_the_word_is_cut():
    before = FILLER + "It was then said again on all days of this week that "
    one = article(text=f"{before}AUKUS {'lorem ' * 33}NewPillar{'x' * 90} {FILLER}")
    (line,) = snippets(one, evidence(one, "AUKUS", "Pillar"))
    assert marked(line).startswith("… It was then said")
    assert marked(line).endswith("lorem New[Pillar]…")


def test_a_language_without_spaces_is_cut_between_characters():
    one = article(text="국방연구진" * 100 + "한국" + "연구착수" * 100)
    (line,) = snippets(one, evidence(one, "한국"))
    assert "[한국]" in marked(line)
    assert 250 < len(line.text) <= 300


def test_evidence_close_together_beats_evidence_apart():
    one = article(
        summary="AUKUS came up.",
        text=f"Then AUKUS. {FILLER} Later Pillar 2. {FILLER} And AUKUS with its Pillar 2 won.",
    )
    (line,) = snippets(one, evidence(one, "AUKUS", "Pillar 2"))
    assert marked(line).endswith("And [AUKUS] with its [Pillar 2] won.")


def test_evidence_far_apart_gets_a_snippet_each():
    one = article(text=f"First AUKUS. {FILLER} Later Pillar 2.")
    first, second = snippets(one, evidence(one, "AUKUS", "Pillar 2"))
    assert marked(first).startswith("First [AUKUS]. Nothing else")
    assert marked(second).endswith("Later [Pillar 2].")


def test_no_more_snippets_are_shown_than_asked_for():
    one = article(text=f"First AUKUS. {FILLER} Later Pillar 2.")
    assert len(snippets(one, evidence(one, "AUKUS", "Pillar 2"), limit=1)) == 1


def test_evidence_that_the_headline_shows_is_left_to_it():
    one = article("AUKUS grows", f"AUKUS it is. {FILLER} Then Pillar 2.")
    (line,) = snippets(one, evidence(one, "AUKUS", "Pillar 2"))
    assert marked(line).endswith("Then [Pillar 2].")


def test_evidence_that_the_headline_shows_has_its_context_when_there_is_no_other():
    one = article("AUKUS grows", "Talks on aukus end.")
    (line,) = snippets(one, evidence(one, "(?i:aukus)"))
    assert marked(line) == "Talks on [aukus] end."


def test_a_summary_that_repeats_the_title_is_no_snippet():
    one = article("AUKUS grows", "AUKUS grows.", "Nobody expected that AUKUS grows.")
    (line,) = snippets(one, evidence(one, "AUKUS"))
    assert marked(line) == "Nobody expected that [AUKUS] grows."


def test_a_text_that_repeats_the_summary_is_no_second_snippet():
    summary = "AUKUS will share Pillar 2."
    one = article("Allies talk", summary, f"{summary} {summary}")
    (line,) = snippets(one, evidence(one, "AUKUS", "Pillar 2"))
    assert marked(line) == "[AUKUS] will share [Pillar 2]."


def test_an_article_with_evidence_only_in_its_title_has_no_snippets():
    one = article("AUKUS grows", "Something else.")
    assert snippets(one, evidence(one, "AUKUS")) == ()


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("AUKUS: see https://x.example/a?b=1, and rest.", "[AUKUS]: see, and rest."),
        ("AUKUS (http://x.example/a) grew.", "[AUKUS] grew."),
        ("Join t.me/x for AUKUS and/or more.", "Join for [AUKUS] and/or more."),
        ("www.x.example/AUKUS AUKUS", "[AUKUS]"),
        ("详情见https://x.example/a。国防部表示AUKUS扩大", "详情见。国防部表示[AUKUS]扩大"),
        ("AUKUS & U.S./UK <raise> stay.", "[AUKUS] & U.S./UK <raise> stay."),
        ("\u202eAU\u200bKUS\x00 \ud800ok", "[AUKUS] ok"),
    ],
)
def test_a_snippet_holds_no_addresses_and_nothing_hidden(summary, shown):
    one = article("Talks", summary)
    (line,) = snippets(one, evidence(one, "AU\u200b?KUS"))
    assert marked(line) == shown


def test_evidence_within_an_address_alone_makes_no_snippet():
    one = article("Talks", "Read https://aukus.example/ now.")
    assert snippets(one, evidence(one, "aukus")) == ()


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab .!…한\u0301👩\u200d🇰/:#。\n"), max_size=1500),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 400)), min_size=1, max_size=9),
)
def test_every_snippet_is_one_short_line_with_its_marks_within(text, places):
    spans = [
        Evidence("text", start, min(start + length, len(text)))
        for start, length in places
        if start < len(text)
    ]
    found = snippets(article("b a", text=text), spans)
    assert len({line.text for line in found}) == len(found) <= 2
    for line in found:
        assert len(line.text) <= 300
        assert line.marks
        assert line.text == " ".join(line.text.split())
        assert all(0 <= start < end <= len(line.text) for start, end in line.marks)


@settings(deadline=None)
@given(st.integers(0, 700))
def test_a_snippet_is_never_cut_inside_what_people_see_as_one_character(place):
    text = "👨\u200d👩\u200d👧e\u0301\u0302🇰🇷한" * 80
    start = next(at for at in range(place, len(text) + 1) if separable(text, at))
    end = next(at for at in range(start + 1, len(text) + 1) if separable(text, at))
    end = text.index("한", end) + 1
    (line,) = snippets(article(text=text), [Evidence("text", start, end)])
    bare = line.text.strip("…")
    at = text.index(bare)
    assert at == 0 or separable(text, at)
    assert separable(text, at + len(bare))
