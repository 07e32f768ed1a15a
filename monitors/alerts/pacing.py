"""How fast messages may leave: for each peer, for changes of messages, and overall.

Telegram publishes no exact limits. These are a little below those that it names: one message a
second and chat with short bursts, 20 a minute and group, 30 a second overall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from monitors.alerts.destinations import has_pace, is_shared

Call: TypeAlias = tuple[datetime, bool]
"""When a call was made, and whether it changed a message instead of sending one."""

_REST = timedelta(seconds=60)
_RECOVERS = 0.1
_LEAST = 1.0
# How much of a second's share may leave at once.
_BURST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast messages may leave.

    Attributes:
        overall: messages a second.
        burst, burst_window: so many to one peer within any such time.
        shared, shared_window: so many to a group or channel within any such time, changes of
            messages included.
        edits: at most so many of those are changes.
        edit_every: one message is changed at most so often, unless a person waits for it.
    """

    overall: float = 25.0
    burst: int = 3
    burst_window: timedelta = timedelta(seconds=3)
    shared: int = 18
    shared_window: timedelta = timedelta(seconds=60)
    edits: int = 6
    edit_every: timedelta = timedelta(seconds=30)


TELEGRAM_PACE = Pace()
LOCAL_PACE = Pace(
    overall=1_000.0,
    burst=1_000,
    burst_window=timedelta(seconds=1),
    shared=60_000,
    edits=60_000,
    edit_every=timedelta(seconds=1),
)
"""For a Bot API server of one's own that has no limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """From when on a peer may get a message, and a change of one; *recent* calls still count."""

    recent: tuple[Call, ...]
    send_at: datetime
    edit_at: datetime


def allowed(peer: str, recent: Sequence[Call], now: datetime, pace: Pace) -> Allowed:
    """Answer when *peer* may be written to again.

    Args:
        peer: as `peer_of` answers it; a terminal takes all at once.
        recent: the calls that were made, the oldest first.
        now: aware UTC.
        pace: the limits.
    """
    if not has_pace(peer):
        return Allowed(recent=(), send_at=now, edit_at=now)
    window = pace.shared_window if is_shared(peer) else pace.burst_window
    kept = tuple(call for call in recent if call[0] > now - window)
    times = [at for at, _ in kept]
    send_at = _room(times, pace.burst, pace.burst_window, now)
    if not is_shared(peer):
        return Allowed(recent=kept, send_at=send_at, edit_at=send_at)
    send_at = max(send_at, _room(times, pace.shared, pace.shared_window, now))
    edits = [at for at, edited in kept if edited]
    edit_at = max(send_at, _room(edits, pace.edits, pace.shared_window, now))
    return Allowed(recent=kept, send_at=send_at, edit_at=edit_at)


def _room(times: Sequence[datetime], most: int, window: timedelta, now: datetime) -> datetime:
    """Answer when fewer than *most* of *times* lie within *window*."""
    return now if len(times) < most else max(now, times[-most] + window)


class Budget:
    """What may leave overall: halved when Telegram finds it too much, and slowly won back.

    Args:
        pace: the limits.
        now: aware UTC.
    """

    def __init__(self, pace: Pace, now: datetime) -> None:
        self._full = pace.overall
        self._rate = pace.overall
        self._tokens = pace.overall * _BURST
        self._at = now

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self._rate

    def room(self, now: datetime) -> int:
        """Answer how many may leave now."""
        passed = max(0.0, (now - self._at) / timedelta(seconds=1))
        self._at = max(now, self._at)
        self._rate = min(
            self._full, self._rate + self._full * _RECOVERS * passed / _REST.total_seconds()
        )
        most = max(1.0, self._rate * _BURST)
        self._tokens = min(most, self._tokens + passed * self._rate)
        return max(0, int(self._tokens))

    def spend(self, count: int) -> None:
        """Count what has left."""
        self._tokens -= count

    def halve(self) -> None:
        """Go half as fast."""
        self._rate = max(_LEAST, self._rate / 2)
