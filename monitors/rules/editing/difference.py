"""What differs between two texts of rules.yaml, for people."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

MOST_LINES = 30
LONGEST_LINE = 160
# What counts the lines that are left out; no line that goes or comes begins so.
MORE_LINES = re.compile("\u2026 and ([0-9,]+) lines? more")
_AROUND = 2
_MOST_COMPARED = 2_000
_LINE_END = re.compile(r"\r\n?|\n")
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
_APART = "  \u2026"


def difference(before: str, after: str, *, most: int = MOST_LINES) -> tuple[str, ...]:
    """Answer the lines that differ, each behind `+` or `-`, and two lines around them.

    Addresses that may hold a password are left out. Long lines are clipped, and what is left
    out at the end is counted in a line of its own.

    Args:
        before: a text.
        after: the text that it becomes.
        most: how many lines are answered.
    """
    lines = list(_compared(_lines(before), _lines(after)))
    if not lines and before != after:
        return ("(only the ends of lines differ)",)
    kept = lines if len(lines) <= most else lines[: most - 1]
    may_tell = any("://" in line for line in kept)
    secrets = secret_addresses(before) | secret_addresses(after) if may_tell else set()
    shown = tuple(_shown(line, secrets) for line in kept)
    left_out = len(lines) - len(kept)
    return (*shown, f"\u2026 and {left_out:,} lines more") if left_out else shown


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


def without(text: str, secrets: Iterable[str]) -> str:
    """Answer *text* without *secrets*, which are addresses."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, f"{secret.partition('://')[0]}://\u2026")
    return text


def _lines(text: str) -> list[str]:
    # What only ends otherwise is no other line: editors change that by themselves.
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    return lines if lines[-1] else lines[:-1]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield what differs; what is equal at both ends costs nothing, be it 100,000 rules."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    if not gone and not come:
        return
    yield from (f"  {line}" for line in old[max(0, head - _AROUND) : head])
    if len(gone) + len(come) > _MOST_COMPARED:
        yield from (f"- {line}" for line in gone)
        yield from (f"+ {line}" for line in come)
    else:
        yield from _changes(gone, come)
    end = len(old) - tail
    yield from (f"  {line}" for line in old[end : end + _AROUND])


def _changes(gone: Sequence[str], come: Sequence[str]) -> Iterator[str]:
    for kind, first, last, start, end in SequenceMatcher(
        None, gone, come, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            same = gone[first:last]
            if len(same) > 2 * _AROUND:
                yield from (f"  {line}" for line in same[:_AROUND])
                yield _APART
                same = same[-_AROUND:]
            yield from (f"  {line}" for line in same)
            continue
        yield from (f"- {line}" for line in gone[first:last])
        yield from (f"+ {line}" for line in come[start:end])


def _shown(line: str, secrets: Iterable[str]) -> str:
    open_only = without_passwords(without(line[:10_000], secrets))
    if len(open_only) <= LONGEST_LINE:
        return open_only
    return f"{open_only[: LONGEST_LINE - 1]}\u2026"
