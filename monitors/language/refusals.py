"""What looks like an operator and is none: refused by name, never taken for a word.

A rule that is read otherwise than it was meant loses alerts in silence. So operators that
are still to come, and those of other tools, are told apart from words here.
"""

import re
import unicodedata

Refusal = tuple[str, str]
"""What is wrong, and how to mend it."""

FIELDS = frozenset(("title", "summary", "text", "source", "author", "lang", "url"))
_FIELDS_TO_COME = frozenset(("tag", "published"))
MIN_BEGINNING = 3
MAX_BETWEEN = 100
MAX_TIMES = 1_000
_SHOWN = 40
_AS_IT_IS = "Put it in quotation marks to search for it as it is"

_NOT_YET = (
    (r"SENTENCE(/.*)?", "SENTENCE", "Write AND"),
    (r"/.+", "a regular expression between slashes", "Write the words, joined by OR"),
    (r".*~.*", "the sign ~", "Delete it and the number after it"),
    (r".*\?.*", "a word with ?", "Write the words out, joined by OR"),
)
_AMISS = (
    (
        r"[<>\u2264=].*",
        "only >= and a number can count a term",
        "Write it after the term, as in AUKUS >= 3",
    ),
    (
        rf"O?NEAR/(?!(?:{MAX_BETWEEN}|[0-9]{{1,2}})\Z).*",
        f"NEAR/ needs a number of words from 0 to {MAX_BETWEEN}",
        "Write it directly after the /, as in NEAR/5",
    ),
    (r".*\|.*", "the sign | is not an operator", "Write OR"),
    (r"!.*", "the sign ! is not an operator", "Write NOT"),
)
_REFUSALS = [
    *(
        (re.compile(form, re.DOTALL), f"{name} does not work yet", f"{hint}. {_AS_IT_IS}.")
        for form, name, hint in _NOT_YET
    ),
    *(
        (re.compile(form, re.DOTALL), message, f"{hint}. {_AS_IT_IS}.")
        for form, message, hint in _AMISS
    ),
]


def refusal(word: str) -> Refusal | None:
    """Answer why *word*, which stands outside quotation marks, is not one; None if it is."""
    for form, message, hint in _REFUSALS:
        if form.fullmatch(word):
            return message, hint
    return None


def field_refusal(word: str, *, joined: bool) -> Refusal | None:
    """Answer why *word* is not one if it begins with the name of a field, as in `title:x`.

    Times (`10:30`) and addresses (`https://...`) are words. A colon at the end is
    punctuation, but not after the name of a field, nor where what follows is *joined* to it.
    """
    name, colon, rest = word.partition(":")
    if not colon or not name or name.isnumeric() or rest.startswith("//"):
        return None
    if name.lower() in FIELDS:
        return (
            f"{name.lower()}: has to stand before the =",
            f"Write {name.lower()}:=, as in title:=US.",
        )
    if name.lower() in _FIELDS_TO_COME:
        return (
            f"the field {name.lower()}: does not work yet",
            f"Delete {name}: to look everywhere. {_AS_IT_IS}.",
        )
    if not rest.strip(":") and not joined:
        return None
    return (
        f"{clipped(name)}: is not the name of a field",
        f"{_AS_IT_IS}, or write a space after the colon.",
    )


def star_refusal(text: str) -> Refusal | None:
    """Answer why a * in *text*, a word or a phrase, does not end the beginning of a word.

    Elsewhere it would be taken for a sign between words, and find too little in silence;
    after too few letters it would find nearly everything.
    """
    for star in re.finditer(r"\*", text):
        if text[star.end() : star.end() + 1].isalnum():
            return "a * stands inside a word", "Write it at the end, as in submarin*, or delete it."
        letters = _letters_before(text, star.start())
        if letters < MIN_BEGINNING:
            return (
                f"fewer than {MIN_BEGINNING} letters stand before the *",
                "Write more of the word, as in submarin*, or delete the *.",
            )
    return None


def _letters_before(text: str, end: int) -> int:
    letters = 0
    for character in reversed(text[:end]):
        if character.isalnum():
            letters += 1
        # Vowel signs and accents are letters' parts.
        elif unicodedata.category(character)[0] != "M":
            break
    return letters


def clipped(text: str) -> str:
    """Answer *text*, as much of it as a message can show."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\u2026"
