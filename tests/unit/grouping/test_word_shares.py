"""In which language an article is compared, and what is common in it."""

import pytest

from monitors.grouping.wording.stems import code_of, stems
from monitors.grouping.wording.word_shares import is_common, language_of, shares_of
from monitors.stories.words import cut


def codes(text):
    return [code_of(stem) for stem, _ in stems(text, cut(text))]


@pytest.mark.parametrize(
    ("written", "text", "lang"),
    [
        ("en", "", "en"),
        ("en-GB", "", "en"),
        ("DE_at", "", "de"),
        ("no", "", "nb"),
        ("nn-NO", "", "nb"),
        ("in", "", "id"),
        ("iw", "", "he"),
        (None, "government police minister hospital", "en"),
        ("tlh", "Regierung Polizei Minister Krankenhaus", "de"),
        (None, "правительство полиция больница", "ru"),
        (None, "xqzzv wvqqx", ""),
        (None, "", ""),
    ],
)
def test_the_language_is_as_written_or_else_guessed(written, text, lang):
    assert language_of(written, codes(text)) == lang


def test_a_word_is_common_in_its_language_only():
    (police,) = codes("police")

    assert is_common(police, "en")
    assert 0 < shares_of("en")[police] < 1
    assert not is_common(police, "ja")
    assert police not in shares_of("tlh")
