"""Where the sentences of a text begin, told from its words and the signs between them.

No language is asked for: edited news says by its signs and capitals where a sentence ends.
Where that is open, as after initials, the sentence goes on.
"""

import re
from collections.abc import Sequence

_LINE = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# End a sentence whatever follows: no script that has them uses them for anything else.
_ALWAYS = re.compile(
    f"[{_LINE}\u3002\uff61\uff01\uff1f\u0964\u0965\u061f\u06d4\u0589\u1362\u1367\u104b"
    "\u17d4\u17d5\u0f0d\u1803\u037e]"
)
_CLOSING = "\"'\u2019\u201d\u00bb\u203a\u201c\u2018)\\]}\u300d\u300f\u300b\uff09"
_MARKS = re.compile(
    rf"(?<![(\[\uff08])(?P<marks>[.!?\u2026\u203c\u2047-\u2049]+)[{_CLOSING}]*(?P<space>\s?)"
)
_BEFORE_NAMES = (
    # English
    "mr mrs ms mx messrs dr drs prof gen sens rep reps lt col sgt cpl capt cmdr adm maj brig"
    " gov pres rev st ste mt ft vs dept approx"
    # German, Dutch
    " bzw ca evtl ggf inkl vgl hr hrn fr abs mio mrd tel geb gest sog dipl ing dhr mevr mw bijv"
    # French, Spanish, Portuguese, Italian
    " mm mme mmes mlle env cf ex av bd sr sra srta sres dña uds núm avda aprox gral cnel"
    " lic ee ff cc jj rr exmo exma profa sigg dott avv arch"
    # Polish, Russian, Hindi
    " ul św płk ул им проф акад тыс млн млрд \u0433\u0433 см डॉ प्रो"
)
# With a small letter, these are words that end many a sentence: "went on", Danish "ud" and
# "sig", Swedish "hon" and "dra", Spanish "ir".
_TITLES = "Sen Hon Ir Ud Dra Sig On"
_BEFORE_NUMBERS = (
    "est no nos fig figs pp p vol vols art arts ch sec op nr bd pág págs pag blz № jan feb mar apr"
    " jun jul aug sep sept oct okt nov dec dez"
)
_AFTER_ORDINALS = (
    "januar jänner februar märz april mai juni juli august september oktober november dezember"
    " jahrhundert jahrhunderts weltkrieg weltkriegs"
)
_NAMED, _TITLED, _NUMBERED, _DATED = (
    frozenset(words.split()) for words in (_BEFORE_NAMES, _TITLES, _BEFORE_NUMBERS, _AFTER_ORDINALS)
)
_ONE_LETTER_WORDS = frozenset("yoeàéèóя")
# Between most words stands one of these, and no sentence ends there.
_PLAIN = frozenset(("", " ", "-", "\u2019", "'", ", "))
# On keyboards, the Greek question mark is a semicolon, and the Armenian full stop a colon.
_GREEK, _ARMENIAN = re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), re.compile("[\u0531-\u0587]")
_NO_INITIALS_FROM = "\u2e80"  # a Chinese, Japanese or Korean character is no initial
_THAI_AND_LAO = re.compile("[\u0e00-\u0eff]")
_ORDINAL_DIGITS = 2


def bounds(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Answer the places, counted in words, at which the sentences of *text* begin.

    Args:
        text: any; its length is what this takes time for.
        spans: where each of its words stands, as `words.cut` answers.
    """
    starts = [0] if spans else []
    reached = spans[0][1] if spans else 0
    for at in range(1, len(spans)):
        start, end = spans[at]
        between = text[reached:start]
        if between not in _PLAIN:
            before = text[spans[at - 1][0] : reached]
            if _parts(before, between, text[start:end], opens=starts[-1] == at - 1):
                starts.append(at)
        reached = max(reached, end)  # the words of a hashtag stand inside one another
    return starts


def _parts(before: str, between: str, after: str, *, opens: bool) -> bool:
    """Answer whether the signs *between* two words end the sentence of the first.

    Args:
        before: the first word, with the dot of its initials.
        between: what stands between them.
        after: the second word.
        opens: whether the first word is the first of its sentence.
    """
    if _ALWAYS.search(between) or _ends_as_typed(before, between):
        return True
    for found in _MARKS.finditer(between):
        if _ends(found, between, after) and not (
            found["marks"] == "."
            and found.start() == 0
            and _abbreviates(before, after, opens=opens)
        ):
            return True
    return False


def _ends_as_typed(before: str, between: str) -> bool:
    """Answer whether an everyday sign ends a sentence in the script of the word *before* it."""
    return (";" in between and _GREEK.match(before) is not None) or (
        ":" in between and _ARMENIAN.match(before) is not None
    )


def _ends(found: re.Match[str], between: str, after: str) -> bool:
    """Answer whether a mark fits the end of a sentence, whatever stands before it."""
    if after.islower():
        return False
    if found["space"] or found.end() < len(between):
        return True
    # Without a space as in "talks.The" or "是吗?是的", but not in "example.org" or ".NET".
    small = after[1:].islower() and after[0].isupper()
    return small if "." in found["marks"] else not (after.isascii() and after.isalnum())


def _abbreviates(before: str, after: str, *, opens: bool) -> bool:
    """Answer whether the dot behind *before* belongs to it."""
    word = before.lower()
    if ("." in before and not before[0].isdecimal()) or _THAI_AND_LAO.match(before):
        return True
    if len(word) == 1 and word.isalpha():
        return word < _NO_INITIALS_FROM and before not in _ONE_LETTER_WORDS
    if word.isdecimal() and len(word) <= _ORDINAL_DIGITS:
        return opens or after.lower() in _DATED  # 1. as in a list, or 3. Mai
    if word in _NAMED or before in _TITLED:
        return True
    return word in _NUMBERED and after[0].isdecimal()
