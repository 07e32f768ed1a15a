import unicodedata
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.stories.words import cut, exact, folded, key, spelled

# Letters that compose, decompose, fold, join or vanish, next to those that do not.
ODD = (
    "aéÉUS.'’ʼs2,\u0301\u0327\u3099がｶﾞか한국ᄒ\u11abйи\u0306日本ประ\u200b\u00ad -"
    "İßﬁøΣσςᾳ\ufe0f\u20e3ဦŉ½①²ªΌ"
)
SPACES = "".join(char for char in map(chr, range(0x10000)) if char.isspace())
TEXTS = st.one_of(st.text(), st.text(st.sampled_from(ODD)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AUKUS’s second pillar", "aukus second pillar"),
        ("AUKUS's U.S.’s BOSS'S", "aukus u.s boss"),
        ("ministers’ talks", "ministers talks"),
        ("’s 's ʼs", "s s ʼs"),
        ("O’Brien, l’OTAN", "o brien l otan"),
        ("Pillar-2 Pillar‑2 Pillar–2 Pillar/2", "pillar 2 pillar 2 pillar 2 pillar 2"),
        ("phase. two – “Pillar 2”,", "phase two pillar 2"),
        ("min­ister Pil\u200blar \u2060AUKUS", "minister pillar aukus"),
        ("The ﬁnance", "the finance"),
        ("ＡＵＫＵＳ　２", "aukus 2"),
        ("Pillar 2️⃣ 한", "pillar 2 ^한"),
        ("U.S. U.S.A. a.m. Inc. e.g.,", "u.s u.s.a a.m inc e.g"),
        ("plan B.The end.", "plan b the end"),
        ("1,000 1000 3.5 1,000,000.5 12", "1000 1000 3.5 1000000.5 12"),
        ("São Łódź Øre Æon", "sao lodz ore aeon"),
        ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Αθήνα ΑΘΗΝΑ", "αθηνα αθηνα"),
        ("йод ёлка ИОД", "йод ёлка иод"),
        ("हिन्दी में", "हिन्दी में"),
        ("#AUKUS @aukus snake_case", "aukus aukus snake case"),
        ("«AUKUS», (AUKUS); AUKUS™", "aukus aukus aukus"),
        ("محادثات أوكوس", "محادثات أوكوس"),
        ("\u202bשלום\u202c עולם", "שלום עולם"),
        ("日本は", "日 本 は"),
        ("ガｶﾞ", "ガ ガ"),
        ("ที่", "ท ี ่"),
        ("한국은 AUKUS와", "^한 국 은 aukus ^와"),
        ("新한국", "新 ^한 국"),
        ("😀 … – 🇰🇷", ""),
    ],
)
def test_words_are_cut_and_folded(text, words):
    assert key(text) == words


@settings(deadline=None)
@given(TEXTS)
@example("É.U. est là")
@example("한국은")
@example("が")
def test_composed_and_decomposed_letters_are_the_same(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert cut(composed).folded == cut(decomposed).folded


@settings(deadline=None)
@given(TEXTS)
@example("\u200bʼs")
def test_spans_are_not_empty_and_follow_one_another(text):
    cuts = cut(text)
    edges = [edge for span in cuts.spans for edge in span]

    assert len(cuts.spans) == len(cuts.folded)
    assert all(start < end for start, end in cuts.spans)
    assert edges == sorted(edges)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(SPACES))))
def test_no_word_depends_on_what_stands_beyond_a_space(parts):
    text = "".join(chain.from_iterable(parts))
    alone = [cut(part).folded for part in text.split()]

    assert cut(text).folded == tuple(chain.from_iterable(alone))


@settings(deadline=None)
@given(TEXTS)
@example("Aʼs\u200bʼs")
@example("한국은 U.S.’s Ｃａｆé 1,000")
def test_folded_and_spelled_words_are_those_of_the_spans(text):
    cuts = cut(text)
    raw = [text[start:end] for start, end in cuts.spans]

    assert tuple(folded(text)) == cuts.folded
    assert spelled(text) == [exact(each) for each in raw]
    # A syllable inside a Korean word is the start of one when it stands alone.
    assert [key(each).lstrip("^") for each in raw] == [word.lstrip("^") for word in cuts.folded]


@pytest.mark.parametrize("text", ["AUKUS aukus AUKUS’s", "1,000 1000", "é É e\u0301"])
def test_equal_words_are_one_object(text):
    assert len({id(word) for word in folded(text)}) == 1


@settings(deadline=None)
@given(st.text())
def test_every_letter_and_digit_of_a_rule_can_be_found(text):
    assert bool(cut(text).folded) or not any(map(str.isalnum, text))


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F)))
def test_scripts_elsewhere_in_a_text_do_not_change_how_latin_is_cut(text):
    assert cut(f"{text} 日").folded == (*cut(text).folded, "日")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“AUKUS’s”", "AUKUS"),
        (" AUKUS\u200b\u200b.", "AUKUS"),
        ("A\u00adUKUS’s", "A\u00adUKUS"),
        ("AUKUS\u200b’s", "AUKUS"),
        ("U.S.’s", "U.S."),
        ("İstanbul!", "İstanbul"),
        ("e\u0301tat", "e\u0301tat"),
    ],
)
def test_a_span_is_what_a_reader_sees_of_the_word(text, shown):
    cuts = cut(text)
    start, end = cuts.spans[0]

    assert text[start:end] == shown


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("ROK", "ROK"),
        ("rok", "rok"),
        ("ROK’s", "ROK"),
        ("U.S.", "U.S"),
        ("São", "São"),
        ("Sa\u0303o", "São"),
        ("R\u00adOK", "R\u00adOK".replace("\u00ad", "")),
        ("ＲＯＫ", "ROK"),
        ("Straße", "Straße"),
    ],
)
def test_exact_words_keep_case_and_accents_only(raw, word):
    assert exact(raw) == word


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("aukus " * 200_000, 200_000),
        ("a" * 1_000_000, 1),
        ("a.b." * 250_000, 1),
        ("1,1." * 250_000, 1),
        ("a" + "\u200b" * 1_000_000, 1),
        ("ʼ\u200b" * 500_000, 1),
        ("日" * 1_000_000, 1_000_000),
        ("'s" * 500_000, 250_000),
        ("." * 1_000_000, 0),
    ],
)
def test_texts_of_a_million_characters_are_cut(text, count):
    assert len(cut(text).folded) == count


def test_long_junk_words_are_folded_like_others():
    assert cut("Ab" * 100).folded == ("ab" * 100,) == cut("aB" * 100).folded
