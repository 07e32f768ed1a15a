"""What looks like an operator and is none: refused by name, never taken for a word.

A rule that is read otherwise than it was meant loses alerts in silence. So operators of
other tools are told apart from words here.
"""

import re

Refusal = tuple[str, str]
"""What is wrong, and how to mend it."""

FIELDS = frozenset(("title", "summary", "text", "source", "author", "lang", "url", "tag"))
PUBLISHED = "published"
MIN_BEGINNING = 3
MAX_BETWEEN = 100
MAX_TIMES = 1_000
_SHOWN = 40
# Passwords stand in addresses, and in those of other services than the web a token may be anywhere.
_LOGIN = re.compile(r"\b(https?://)[^\s/@]{1,500}@", re.IGNORECASE)
_SECRET = re.compile(r"\b(?!https?:)([a-z][a-z0-9+.-]{0,40}://)[^\s'\"]+", re.IGNORECASE)
_AS_IT_IS = "Put it in quotation marks to search for it as it is"

# A word without any of these cannot be amiss; most have none.
_SUSPECT = re.compile(r"[/~<>=!\[{\u2264\u2266\u2a7d]")
_AMISS = (
    (
        r".*[<\u2264\u2266\u2a7d].*|.*[^\W_]=[0-9]+",
        "only >, >= and a number can count a term",
        "Write them after the term, as in AUKUS >= 3",
    ),
    (r"SENTENCE/.*", "SENTENCE takes no number", "Write NEAR/5 to count words"),
    (
        rf"O?NEAR/(?!(?:{MAX_BETWEEN}|[0-9]{{1,2}})\Z).*",
        f"NEAR/ needs a number of words from 0 to {MAX_BETWEEN}",
        "Write it directly after the /, as in NEAR/5",
    ),
    (
        r".*~.*",
        "the sign ~ stands in or after a word",
        "Write it before the word to find its other forms, as in ~submarine",
    ),
    (
        r"(?!O?NEAR/)(?i:o?near/|w/)[0-9]+",
        "NEAR and a number are not written like this",
        "Write them in capitals, as in NEAR/5",
    ),
    (
        r"[\[{].*",
        "only ( and ) make a group",
        "Write them around what belongs together",
    ),
    (r"!.*", "the sign ! is not an operator", "Write NOT"),
)
_REFUSALS = [
    (re.compile(form, re.DOTALL), message, f"{hint}. {_AS_IT_IS}.")
    for form, message, hint in _AMISS
]


def refusal(word: str) -> Refusal | None:
    """Answer why *word*, which stands outside quotation marks, is not one; None if it is."""
    if _SUSPECT.search(word):
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
    if name.lower() in FIELDS | {PUBLISHED}:
        return (
            f"{name.lower()}: has to stand before the sign",
            "Write the sign after the colon, as in title:=US.",
        )
    if not rest.strip(":") and not joined:
        return None
    return (
        f"{clipped(name)}: is not the name of a field",
        f"{_AS_IT_IS}, or write a space after the colon.",
    )


def clipped(text: str) -> str:
    """Answer *text*, as much of it as a message can show, and no password of an address."""
    text = _SECRET.sub(r"\1***", _LOGIN.sub(r"\1***@", text)) if "://" in text else text
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\u2026"
