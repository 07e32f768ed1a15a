"""Which encoding bytes are in that declare none, or a wrong one.

Taken for Windows-1252, a feed in Russian or Korean would be gibberish, and no rule would ever
find a word in it.
"""

import re
from itertools import islice

from charset_normalizer import from_bytes

# Those of scripts whose letters all lie beyond ASCII, by the names that charset_normalizer has.
_NAMES = "cp1251 koi8_u iso8859_5 cp866 cp1253 cp1255 cp1256 cp874 gb18030 big5 cp949"
_LONGEST = 1_000_000  # bytes that are looked at
_LONGEST_WORD = 400
_MOST_WORDS = 1_000
_FEWEST = 40  # bytes beyond ASCII; fewer say nothing
# A word may hold anything that is the second half of a letter somewhere.
_WORD = re.compile(rb"[0-9\x41-\xff]++")
_RUN = re.compile(rb"[\x80-\xff]{3,}")
# Japanese has the same bytes as Korean, Chinese or Cyrillic, but for its many syllables.
_SYLLABLES = {
    "euc_jp": re.compile(rb"[\xa4\xa5][\xa1-\xf6]"),
    "cp932": re.compile(rb"[\x82\x83][\x40-\xf1]"),
}


def guessed(body: bytes) -> str | None:
    """Answer Python's name of the encoding that *body* is in, which is no UTF-8.

    None where it is one of those for Latin letters, of which few lie beyond ASCII, and seldom
    side by side; or where there is too little to tell.
    """
    words = (found[0] for found in _WORD.finditer(body[:_LONGEST]))
    told = (word for word in words if len(word) <= _LONGEST_WORD and not word.isascii())
    text = b" ".join(islice(told, _MOST_WORDS))
    beyond = len(text.translate(None, bytes(range(0x80))))
    if beyond < _FEWEST or sum(map(len, _RUN.findall(text))) < beyond / 2:
        return None
    for name, syllable in _SYLLABLES.items():
        if len(syllable.findall(text)) > beyond / 10 and _can_be(text, name):
            return name
    found = from_bytes(
        text, cp_isolation=_NAMES.split(), preemptive_behaviour=False, enable_fallback=False
    ).best()
    return found.encoding if found else None


def _can_be(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except UnicodeDecodeError:
        return False
    return True
