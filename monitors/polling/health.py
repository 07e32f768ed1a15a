"""How feeds do, and what their people have to be told of it.

Once when it gets bad, once when it is good again, and never feed by feed where a whole host is
down.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitors.polling.memory import Memory, State

# Then a failure is no passing one.
_DOWN_AFTER = timedelta(hours=24)
_FAILURES_NEEDED = 5
WEEKLY_AFTER = timedelta(days=30)
# A server that says 410 is asked once more, a day later.
CONFIRMED_AFTER = timedelta(hours=23)
_EMPTY_AFTER = timedelta(hours=24)
_BAD = frozenset({State.FAILING, State.WEEKLY, State.GONE})
# Of a host with fewer feeds each one is named.
_MANY = 3
_NAMED = 10
_LONGEST_LINE = 300  # characters
_FOLLOWS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A feed with which something is, or was, wrong.

    Attributes:
        name: what people call it.
        host: whom it is asked of; None for a file.
    """

    name: str
    address: str
    host: str | None
    memory: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That people have to know of a feed's state.

    Attributes:
        told: the state that they know of afterwards; None if nothing is wrong any more.
    """

    patient: Patient
    told: State | None


def is_troubled(memory: Memory) -> bool:
    """Answer whether there may be something about a feed that people have to be told."""
    moved = State.MOVED if memory.asked_at else None
    return bool(memory.failures or memory.empty_since) or memory.told != moved


def state_of(memory: Memory, now: datetime) -> State:
    """Answer how a feed does *now* (aware UTC)."""
    if memory.last_poll_at is None:
        return State.NEW
    if memory.gone_at and memory.last_poll_at - memory.gone_at >= CONFIRMED_AFTER:
        return State.GONE
    if memory.failing_since:
        return State.WEEKLY if now - memory.failing_since >= WEEKLY_AFTER else State.FAILING
    if memory.message or _is_empty(memory):
        return State.WARNING
    return State.MOVED if memory.asked_at else State.OK


def changes(
    patients: Iterable[Patient], feeds_on: Mapping[str, int], now: datetime
) -> tuple[Change, ...]:
    """Answer what people have to be told of *patients*, once each time.

    Args:
        patients: all feeds in trouble.
        feeds_on: how many feeds each host has: where half of them fail, it is the host.
        now: aware UTC.
    """
    return tuple(
        change
        for host, ill in _by_host(patients).items()
        for change in _changes_on_host(ill, feeds_on.get(host, 1), now)
    )


def _by_host(patients: Iterable[Patient]) -> Mapping[str, Sequence[Patient]]:
    """Answer *patients* by host; a file is alone."""
    by_host: dict[str, list[Patient]] = {}
    for each in patients:
        by_host.setdefault(each.host or each.address, []).append(each)
    return by_host


def _changes_on_host(ill: Sequence[Patient], feeds: int, now: datetime) -> Iterable[Change]:
    found = [Change(patient=each, told=_to_tell(each.memory, now)) for each in ill]
    failing = [each for each in ill if each.memory.failures]
    newly = any(one.told is State.FAILING and one.patient.memory.told not in _BAD for one in found)
    if newly and _is_whole_host(len(failing), feeds):
        # Told as one, so that the others do not follow one by one; but who only stumbles after
        # that is not called down.
        found = [
            replace(one, told=one.told or State.FAILING) if one.patient.memory.failures else one
            for one in found
        ]
    changed = [one for one in found if one.told != one.patient.memory.told]
    back = [one for one in changed if _is_back(one)]
    if back and any(_may_follow(each.memory, back, now) for each in failing):
        # The others of the host are being asked again: their people hear of all at once.
        changed = [one for one in changed if not _is_back(one)]
    return changed


def _may_follow(memory: Memory, back: Sequence[Change], now: datetime) -> bool:
    """Answer whether a feed that people know is down was not asked since others are *back*."""
    first = min(one.patient.memory.last_ok_at or now for one in back)
    not_asked = memory.last_poll_at is None or memory.last_poll_at < first
    return memory.told in _BAD and not_asked and now - first < _FOLLOWS_WITHIN


def _to_tell(memory: Memory, now: datetime) -> State | None:
    """Answer the state of a feed that its people should know of."""
    state = state_of(memory, now)
    if state is State.FAILING:
        assert memory.failing_since, "it fails"
        down = memory.failures >= _FAILURES_NEEDED and now - memory.failing_since >= _DOWN_AFTER
        return State.FAILING if down or memory.told in _BAD else memory.told
    if state in _BAD:
        return state
    if _is_empty(memory):
        return State.WARNING
    return State.MOVED if memory.asked_at else None


def _is_empty(memory: Memory) -> bool:
    """Answer whether a feed has had no entries for so long that it is no whim of its server."""
    since, last = memory.empty_since, memory.last_ok_at
    return bool(since and last and last - since >= _EMPTY_AFTER)


def _is_back(change: Change) -> bool:
    return change.patient.memory.told in _BAD and change.told not in _BAD


def _is_whole_host(failing: int, feeds: int) -> bool:
    return failing >= _MANY and 2 * failing >= feeds


def compose(changed: Sequence[Change], feeds_on: Mapping[str, int]) -> str | None:
    """Answer one message on the feeds that have *changed*, or None if there is nothing to tell.

    Args:
        changed: as `changes` answered them, of the feeds that these people want.
        feeds_on: as for `changes`.
    """
    parts = [
        _part(
            "Cannot be read for more than a day now:",
            [one.patient for one in changed if one.told is State.FAILING],
            _why,
            "Newsbell goes on trying; `bot.py feeds` shows how it does.",
            feeds_on,
        ),
        _part(
            "Could not be read for a month, and is tried once a week from now on:",
            [one.patient for one in changed if one.told is State.WEEKLY],
            _why,
            "If it is gone, take it out of rules.yaml.",
            feeds_on,
        ),
        _part(
            "Gone for good, says its server:",
            [one.patient for one in changed if one.told is State.GONE],
            lambda each: each.address,
            "Look for its new address, or take it out of rules.yaml.",
            {},
        ),
        _part(
            "Can be read again:",
            [one.patient for one in changed if _is_back(one)],
            None,
            "What it still carries has been looked at.",
            feeds_on,
        ),
        _part(
            "Has moved for good, and is asked at its new address:",
            [one.patient for one in changed if one.told is State.MOVED and not _is_back(one)],
            lambda each: str(each.memory.asked_at),
            "Write the new address into rules.yaml when you edit it next.",
            {},
        ),
        _part(
            "Has had no entries for some time:",
            [one.patient for one in changed if one.told is State.WARNING and not _is_back(one)],
            lambda each: each.address,
            "See whether its site still fills it.",
            {},
        ),
    ]
    return "\n\n".join(filter(None, parts)) or None


def _why(patient: Patient) -> str:
    return patient.memory.message or "it cannot be read"


def _part(
    title: str,
    patients: Sequence[Patient],
    detail: Callable[[Patient], str] | None,
    advice: str,
    feeds_on: Mapping[str, int],
) -> str | None:
    """Answer one paragraph on *patients*, a line for each, or for each host that is down whole."""
    if not patients:
        return None
    lines: list[str] = []
    for host, some in _by_host(patients).items():
        feeds = feeds_on.get(host, 0)
        if feeds and _is_whole_host(len(some), feeds):
            tail = f": {detail(some[0])}" if detail else ""
            lines.append(f"{len(some)} of {feeds} feeds of {host}{tail}")
        else:
            lines += [_line(each.name, detail(each) if detail else None) for each in some]
    more = len(lines) - _NAMED
    shown = [f"• {line[:_LONGEST_LINE]}" for line in lines[:_NAMED]]
    if more > 0:
        shown.append(f"… and {more} more")
    return "\n".join([title, *shown, advice])


def _line(name: str, detail: str | None) -> str:
    """Answer a line on a feed; one without a name is called by its address, once."""
    return f"{name}: {detail}" if detail and detail != name else name
