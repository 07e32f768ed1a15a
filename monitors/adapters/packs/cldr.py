"""What the CLDR calls territories, read from Babel's data, each language once."""

import pickle
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from babel import localedata

Names: TypeAlias = Mapping[str, Mapping[str, str]]
"""The names of territories, by their codes in small letters, by languages as Babel names them."""

# What is no territory: the euro area, outlying Oceania, tests, and none at all.
_NO_TERRITORIES = frozenset({"ez", "qo", "xa", "xb", "zz"})
_CODE_LENGTH = 2
_OPENING = "(\uff08[,\u060c\u3001\uff0c"
ENGLISH = "en"


def read_english() -> Mapping[str, str]:
    """Answer the English names of all territories, by their codes in small letters."""
    return _bare(_read(ENGLISH))


def read_names() -> Names:
    """Answer the names of all territories in all languages, English first."""
    others = sorted(language for language in localedata.locale_identifiers() if language != ENGLISH)
    return {language: _bare(_read(language)) for language in (ENGLISH, *others)}


def _read(language: str) -> dict[str, str]:
    # Babel's own way to them merges each language with those that it is derived from, and keeps
    # all of it for good: ten times the time, and hundreds of MB.
    path = Path(localedata.resolve_locale_filename(language))
    data = pickle.loads(path.read_bytes())  # noqa: S301 - a file of the installed package
    return {
        code.lower(): name
        for code, name in data.get("territories", {}).items()
        if len(code) == _CODE_LENGTH and code.isalpha() and code.lower() not in _NO_TERRITORIES
    }


def _bare(names: Mapping[str, str]) -> dict[str, str]:
    """Answer *names* without remarks, as in `Myanmar (Burma)`, where that makes no two equal."""
    bare = {code: _before_remark(name) for code, name in names.items()}
    times = Counter(bare.values())
    return {code: bare[code] if times[bare[code]] == 1 else name for code, name in names.items()}


def _before_remark(name: str) -> str:
    at = min((at for sign in _OPENING if (at := name.find(sign)) > 0), default=len(name))
    return name[:at].strip()
