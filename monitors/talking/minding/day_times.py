"""Times of day as people write them, as rules.yaml writes them."""

import re

_TIME = r"(?:[0-9]{1,2}(?:[:.h][0-9]{2}|h)?)(?: ?[ap]\.?m\.?)?"
_CLOCK = re.compile(
    r"(?P<hour>[01]?[0-9]|2[0-3])(?:[:.h](?P<minute>[0-5][0-9])|h)?(?: ?(?P<half>[ap])\.?m\.?)?",
    re.ASCII,
)
_DASHES = "-\u2010-\u2015\u2212"
_HOURS = re.compile(
    rf"(?:from |between )?(?P<start>{_TIME})"
    rf"(?: ?[{_DASHES}] ?| ?(?:to|till|until|and) ?| )(?P<end>{_TIME})",
    re.ASCII,
)
_BETWEEN_TIMES = re.compile(r"[,;&]|\b(?:and|at)\b")
_APART = re.compile(r"(?<=[0-9h]) (?=[ap]\.?m\b)", re.ASCII)
_NOON = 12
_MOST_TIMES = 12


def clock_times(words: str) -> tuple[str, ...] | None:
    """Answer the times that *words* name, the earliest first; None if they are anything else."""
    bare = " ".join(_BETWEEN_TIMES.sub(" ", words.casefold()).split())
    times = {_clock(word) for word in _APART.sub("", bare).split()}
    known = tuple(sorted(one for one in times if one))
    return known if known and None not in times and len(known) <= _MOST_TIMES else None


def clock_hours(words: str) -> str | None:
    """Answer the hours that *words* name, as `22:00-07:00`; None if they are anything else.

    Where only one end says whether it is before noon, the other has to be clear without.
    """
    found = _HOURS.fullmatch(" ".join(words.casefold().split()))
    if found is None:
        return None
    start, end = _clock(found["start"]), _clock(found["end"])
    if start is None or end is None or start == end:
        return None
    bare = [one for key, one in (("start", start), ("end", end)) if "m" not in found[key]]
    if len(bare) == 1 and 1 <= int(bare[0][:2]) <= _NOON:
        return None
    return f"{start}-{end}"


def _clock(text: str) -> str | None:
    """Answer a time of day: `8`, `8.00` and `8am` are `08:00`."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found["half"] == "p" else 0)
    return f"{hour:02}:{found['minute'] or '00'}"
