from hypothesis import given
from hypothesis import strategies as st

from monitors.language.expression import Phrase, Word
from monitors.stories import words
from monitors.terms.wanted import Name, Sought, Terms, plain_words


@given(st.text(st.sampled_from("aB1 .,'-#_%s"), min_size=1, max_size=8), st.booleans())
def test_plain_words_are_those_that_any_text_is_cut_into(text, whole):
    leaf = Word(text) if whole else Phrase(text)
    plain = plain_words(leaf)
    wanted = Terms({}).wanted(leaf)

    if plain:
        assert list(plain) == words.folded(text)
        assert isinstance(wanted, Sought)
        assert [name for naming in wanted.namings for name in naming.names] == [Name(plain)]


def test_what_is_more_than_two_plain_words_is_not_plain():
    assert plain_words(Word("AUKUS")) == ("aukus",)
    assert plain_words(Phrase("Pillar 2")) == ("pillar", "2")
    assert plain_words(Phrase("a b c")) is None
    assert plain_words(Word("submarin*")) is None
    assert plain_words(Word("Café")) is None
