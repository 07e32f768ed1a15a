"""What nobody should see of rules.yaml: passwords, and addresses that are secrets."""

import re
from collections.abc import Sequence
from itertools import islice

# Passwords stand in addresses; what others than the web call their host may be a password, too.
_WEB_PASSWORD = re.compile(r"(https?://)[^\s/@]*@", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"\b(?!https?:)([a-z][a-z0-9+.-]*://)[^\s'\"]+", re.IGNORECASE)
# Of how a chat is reached beside Telegram, the whole address is a secret, be it of the web.
_APPRISE = re.compile(r"""\bapprise["']?\s*:""")
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_NEXT_KEY = re.compile(r":(?=\s|\Z)")
_SECRET = re.compile(
    r""""((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|"""
    r"""([a-z][a-z0-9+.-]*://[^\n"']*?)(?=\s*(?:\n|\Z|[,\]}](?:[\s,\]}]|\Z)))""",
    re.IGNORECASE,
)
_MOST_CHATS, _LONGEST_LIST = 1_000, 100_000


def without_passwords(text: str) -> str:
    """Answer *text* without what in its addresses may be a password."""
    return _OTHER_ADDRESS.sub("\\1\u2026", _WEB_PASSWORD.sub("\\1\u2026@", text))


def secret_addresses(text: str) -> set[str]:
    """Answer the addresses by which the *text* of rules.yaml says how to reach chats."""
    found = set()
    for key in islice(_APPRISE.finditer(text), _MOST_CHATS):
        stretch = _COMMENT.sub("", text[key.end() : key.end() + _LONGEST_LIST])
        following = _NEXT_KEY.search(stretch)
        values = _SECRET.finditer(stretch[: following.start()] if following else stretch)
        found |= {"".join(each.groups("")) for each in values}
    return {each for each in found if "://" in each}


def without_secrets(text: str, secrets: Sequence[str]) -> str:
    """Answer *text* without *secrets*, the longest first, nor what else may be a password."""
    for secret in secrets:
        text = text.replace(secret, f"{secret.partition('://')[0]}://\u2026")
    return without_passwords(text)
