import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.stories.words import folded
from monitors.terms.forms import forms_of


def related(first, second, lang, *, roman=False):
    (one,), (other,) = folded(first), folded(second)
    return bool(forms_of(one, lang, roman=roman) & forms_of(other, lang, roman=roman))


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("en", "submarine submarines Submarine’s"),
        ("en", "negotiate negotiates negotiated negotiating negotiations"),
        ("en", "city cities"),
        ("de", "Abkommen Abkommens"),
        ("de", "Haus Häuser Häusern"),
        ("de", "Gespräch Gespräche Gesprächen"),
        ("fr", "négocier négocié négociée négociations"),
        ("fr", "national nationale nationaux"),
        ("fr", "marin marins"),
        ("es", "nuclear nucleares"),
        ("es", "negociación negociaciones"),
        ("it", "accordo accordi"),
        ("it", "nucleare nucleari"),
        ("pt", "negociação negociações"),
        ("pt", "nação nações"),
        ("nl", "onderhandeling onderhandelingen"),
        ("sv", "ubåt ubåtar ubåtarna"),
        ("da", "aftale aftaler"),
        ("nb", "avtale avtaler"),
        ("nn", "avtale avtaler"),
        ("fi", "laiva laivat laivan"),
        ("et", "raamat raamatu raamatud"),
        ("hu", "egyezmény egyezmények"),
        ("pl", "okręt okręty okrętów"),
        ("cs", "ponorka ponorky"),
        ("ro", "submarin submarine submarinele"),
        ("lt", "susitarimas susitarimai"),
        ("ca", "acord acords"),
        ("tr", "anlaşma anlaşmalar"),
        ("tr", "İstanbul İstanbulda"),
        ("id", "perjanjian janji"),
        ("ru", "лодка лодки лодками"),
        ("ru", "Россия России Россией"),
        ("sr", "podmornica подморнице"),
        ("hr", "podmornica podmornice"),
        ("el", "συμφωνία συμφωνίας συμφωνίες"),
        ("ar", "غواصة الغواصة الغواصات"),
        ("ar", "أوكوس وأوكوس بأوكوس لأوكوس والأوكوس للأوكوس"),
        ("ar", "غواصة والغواصات بالغواصات للغواصات"),
        ("ar", "ألمانيا وألمانيا لألمانيا"),
        ("ar", "بريطانيا وبريطانيا ببريطانيا"),
        ("ar", "كندا وكندا بكندا"),
        ("ar", "قطر وقطر بقطر لقطر"),
        ("fa", "توافق توافق‌ها"),
        ("hi", "समझौता समझौते"),
        ("hy", "քաղաք քաղաքներ քաղաքի"),
        ("ta", "ஒப்பந்தம் ஒப்பந்தங்கள்"),
        ("ne", "सरकार सरकारको"),
        ("yi", "שיף שיפן"),
        ("eo", "boato boatoj"),
    ],
)
def test_forms_of_a_word_are_forms_of_one_another(lang, forms):
    first, *others = forms.split()

    assert all(related(first, other, lang) for other in others)


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        ("en", "boat", "goat"),
        ("en", "tax", "taxi"),
        ("en", "Korea", "Korean"),
        ("de", "Boot", "Bote"),
        ("fr", "accord", "corde"),
        ("es", "acuerdo", "cuerda"),
        ("ru", "лодка", "водка"),
        ("ar", "غواصة", "دبابة"),
        ("ar", "مال", "كمال"),
        ("ar", "لله", "له"),
        ("uk", "човен", "човни"),
        ("vi", "tàu", "taus"),
        ("ko", "韩", "韓"),
        ("zh", "韩", "国"),
    ],
)
def test_other_words_are_not(lang, first, second):
    assert not related(first, second, lang)


@pytest.mark.parametrize(
    ("lang", "first", "second", "expected"),
    [
        ("en-GB", "boat", "boats", True),
        ("pt_BR", "acordo", "acordos", True),
        ("EN", "boat", "boats", True),
        (None, "boat", "boats", True),
        ("", "boat", "boats", True),
        ("und", "лодка", "лодки", True),
        (None, "συμφωνία", "συμφωνίες", True),
        (None, "समझौता", "समझौते", True),
        (None, "ஒப்பந்தம்", "ஒப்பந்தங்கள்", True),
        ("ru", "submarine", "submarines", True),
        ("zh", "submarine", "submarines", True),
        ("en", "лодка", "лодки", True),
        ("vi", "boat", "boats", False),
        ("xx", "boat", "boats", False),
        ("bg", "лодка", "лодки", False),
    ],
)
def test_the_language_or_the_script_decides(lang, first, second, expected):
    assert related(first, second, lang) is expected


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "2 two ii Ⅱ ② ２ ٢ २"),
        ("en", "14 fourteen xiv"),
        ("en", "20 twenty"),
        ("en", "39 xxxix"),
        (None, "2 two II"),
        ("de", "2 zwei two"),
        ("de", "5 fünf"),
        ("de", "12 zwölf xii"),
        ("fr", "2 deux two"),
        ("fr", "16 seize"),
        ("fr", "20 vingt"),
        ("es", "2 dos"),
        ("es", "11 once"),
        ("es", "16 dieciséis"),
        ("it", "2 due"),
        ("it", "6 sei"),
        ("pt", "2 dois duas"),
        ("pt", "3 três iii"),
        ("nl", "2 twee"),
        ("nl", "1 één"),
        ("ko", "2 ii"),
        ("ru", "2 II"),
    ],
)
def test_a_number_may_be_written_in_every_way(lang, words):
    first, *others = words.split()

    assert all(related(first, other, lang) for other in others)


@pytest.mark.parametrize(
    ("lang", "number", "word"),
    [
        ("en", "2", "second"),
        ("en", "2", "due"),
        ("en", "11", "once"),
        ("en", "16", "seize"),
        ("nl", "10", "ten"),
        ("pl", "10", "ten"),
        ("fr", "17", "septante"),
        ("en", "2", "12"),
        ("en", "40", "xl"),
        ("en", "4", "iiii"),
        ("en", "11", "Xi"),
        ("sv", "6", "vi"),
        ("en", "1", "I"),
        ("en", "5", "v"),
        ("en", "10", "X"),
    ],
)
def test_other_words_are_no_numbers(lang, number, word):
    assert not related(number, word, lang)


@pytest.mark.parametrize(
    ("number", "word"),
    [("1", "I"), ("5", "V"), ("10", "X"), ("6", "VI"), ("11", "XI"), ("20", "XX"), ("30", "XXX")],
)
def test_letters_are_roman_numbers_where_one_is_asked_for(number, word):
    assert related(number, word, "en", roman=True)


def test_small_roman_numbers_are_read():
    read = (
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii"
        " xxiv xxv xxvi xxvii xxviii xxix xxx xxxi xxxii xxxiii xxxiv xxxv xxxvi xxxvii xxxviii"
        " xxxix"
    )

    for value, word in enumerate(read.split(), start=1):
        assert str(value) in forms_of(word, "en", roman=True)


LANGS = st.sampled_from([None, "en", "de-AT", "fr", "el", "ar", "ru", "hi", "ta", "fa", "yi", "ko"])


@given(st.text(), LANGS, st.booleans())
def test_every_word_is_a_form_of_itself(text, lang, roman):
    for word in folded(text):
        keys = forms_of(word, lang, roman=roman)

        assert keys
        assert all(keys)


def test_long_junk_is_a_form_of_itself_only():
    assert forms_of("a" * 100_000, "en") == {"a" * 100_000}
