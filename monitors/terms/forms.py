"""Which words are forms of one another: inflections, and the ways to write a number.

Two words are, in an article's language, if the keys of the one and of the other have one in
common. Words come folded, so that neither side has accents that the other lacks.
"""

import re
from functools import cache, lru_cache

import snowballstemmer

# Codes of ISO 639 with the name of their stemmer; Croatian and Bosnian are close to Serbian.
_STEMMERS = {
    "ar": "arabic",
    "bs": "serbian",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hr": "serbian",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# What a language is written in, if not in Latin letters; Serbian is written in both.
_SCRIPTS = {"ar": "arab", "fa": "arab", "ru": "cyrl", "el": "grek", "hi": "deva", "ne": "deva"} | {
    "hy": "armn",
    "ta": "taml",
    "yi": "hebr",
}
# A word in another script than its article's, or in an article of no known language.
_BY_SCRIPT = {
    "latn": "english",
    "cyrl": "russian",
    "grek": "greek",
    "arab": "arabic",
    "deva": "hindi",
    "armn": "armenian",
    "taml": "tamil",
}
_RANGES = re.compile(
    "(?P<latn>[a-z\u00df-\u024f\u1e00-\u1eff])|(?P<grek>[\u0370-\u03ff])|(?P<cyrl>[\u0400-\u052f])"
    "|(?P<armn>[\u0530-\u058f])|(?P<hebr>[\u0590-\u05ff])|(?P<arab>[\u0600-\u06ff])"
    "|(?P<deva>[\u0900-\u097f])|(?P<taml>[\u0b80-\u0bff])"
)
# These have no stemmer of their own, and what they have in Latin letters is not their own.
_NEVER_LATIN = "am be bg bn gu he ja ka kk km kn ko ky lo mk ml mn mr my pa ps si te th uk ur zh"
# Their stemmers take one ending at a time, so that a plural keeps what its singular loses.
_TWICE = frozenset(
    ["arabic", "catalan", "french", "greek", "italian", "portuguese", "romanian", "spanish"]
)
_POLISH_PLURAL = re.compile("ow$")  # which its stemmer knows with its accent only
# And, in, to, as and the are written on to Arabic words; a short rest more likely is no word.
_PARTICLES = re.compile(
    "^(?:[وف]?(?:[بك]?\u0627ل|لل)|[وف]?[بلك](?=....)|[وف](?=....)|[وبل](?=...$))(?=...)"
)
_LONGEST = 40  # longer words are junk, and would fill the memory

_CARDINALS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty",
    "de": "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn"
    " funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize - - - vingt",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciseis diecisiete dieciocho diecinueve veinte",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici"
    " quattordici quindici sedici diciassette diciotto diciannove venti",
    "pt": "um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze"
    " dezesseis dezessete dezoito dezenove vinte",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien"
    " vijftien zestien zeventien achttien negentien twintig",
}
_FEMININE = {"pt": {"duas": "2"}}
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
# Words, names and letters as well: vi is "we" in the North, Xi a president.
_ROMAN_OR_NOT = frozenset(["i", "v", "x", "vi", "xi", "xx", "xxx"])


def forms_of(word: str, lang: str | None, *, roman: bool = False) -> frozenset[str]:
    """Answer keys of *word*: words that have one in common are forms of one another.

    Args:
        word: folded, as by `stories.words.folded`.
        lang: the article's language, as `en` or `pt-BR`; without it the script decides.
        roman: whether numbers such as v and xi are meant, that are other words as well.
    """
    if len(word) > _LONGEST:
        return frozenset((word,))
    # Few words need to be kept for either.
    return _forms(word, primary(lang), roman=roman and word in _ROMAN_OR_NOT)


@lru_cache(maxsize=1_000)
def primary(lang: str | None) -> str:
    """Answer the language itself, as `pt` of `pt-BR`; an empty text if it is not known."""
    return re.split("[-_]", lang or "", maxsplit=1)[0].lower()


@lru_cache(maxsize=100_000)
def _forms(word: str, lang: str, *, roman: bool) -> frozenset[str]:
    number = _number(word, lang, roman=roman)
    stemmer = _stemmer(word, lang)
    if stemmer is None:
        return frozenset((word, number or word))
    words = {word}
    if stemmer == "arabic":
        words.add(_PARTICLES.sub("", word))
    stems = {_stem(each, stemmer) for each in words}
    if stemmer in _TWICE:
        stems |= {_stem(each, stemmer) for each in stems}
    return frozenset(stems | {number} if number else stems)


def _stem(word: str, stemmer: str) -> str:
    if stemmer == "polish":
        word = _POLISH_PLURAL.sub("ów", word)
    # A new one costs little, and one alone could not be asked by two threads.
    return str(snowballstemmer.stemmer(stemmer).stemWord(word)) or word


def _stemmer(word: str, lang: str) -> str | None:
    found = _RANGES.search(word)
    script = found.lastgroup if found else None
    if script is None:
        return None
    if lang in ("", "und") or (script == "latn" and lang in _NEVER_LATIN.split()):
        return _BY_SCRIPT.get(script)
    own = script == _SCRIPTS.get(lang, "latn") or (lang == "sr" and script == "cyrl")
    if lang in _STEMMERS and not own:
        return _BY_SCRIPT.get(script)
    return _STEMMERS.get(lang)


def _number(word: str, lang: str, *, roman: bool) -> str | None:
    """Answer the digits of a cardinal number in words, or of a small Roman number."""
    cardinal = _cardinals(lang).get(word)
    if cardinal or not word or (word in _ROMAN_OR_NOT and not roman):
        return cardinal
    if not _ROMAN.fullmatch(word):
        return None
    values = [_ROMAN_VALUES[letter] for letter in word]
    following = [*values[1:], 0]
    pairs = zip(values, following, strict=True)
    return str(sum(value if value >= after else -value for value, after in pairs))


@cache
def _cardinals(lang: str) -> dict[str, str]:
    """Answer the numbers from 1 to 20 in words of *lang*, and in English beside it."""
    if lang in ("", "und"):
        lang = "en"
    if lang not in _CARDINALS:  # in some of them "ten" or "one" is another word
        return {}
    # In Dutch, "ten" is another word, too.
    english = {} if lang == "nl" else _numbered("en")
    return english | _numbered(lang) | _FEMININE.get(lang, {})


def _numbered(lang: str) -> dict[str, str]:
    return {word: str(value) for value, word in enumerate(_CARDINALS[lang].split(), start=1)}
