"""The time of the fake Telegram and its rates: what is too much, and until when a chat is held."""

import math
import time
from collections import deque
from typing import Final

BURST: Final = 3
PER_CHAT_SECONDS: Final = 1.0
PER_GROUP: Final = 20
GROUP_SECONDS: Final = 60.0
OVERALL: Final = 30
OVERALL_SECONDS: Final = 1.0
# A client that keeps to one message a second is not refused for the jitter of its own timer.
_TOLERANCE: Final = 0.02


class Clock:
    """Time that runs with the machine, or stands still until a test moves it (`frozen`)."""

    def __init__(self, *, frozen: bool = False) -> None:
        self._frozen = frozen
        self._moved = 0.0
        self._began = time.monotonic()
        # Messages carry the date of the machine, so that a bot finds them as fresh as they are.
        self._began_at = time.time()

    def now(self) -> float:
        """Seconds on a clock that never goes back: `time.monotonic()` plus what was added."""
        return (self._began if self._frozen else time.monotonic()) + self._moved

    def date(self) -> int:
        """The Unix time that messages made now carry."""
        return int(self._began_at + self.now() - self._began)

    def advance(self, seconds: float) -> None:
        """Move the time on."""
        self._moved += seconds


class Limits:
    """What Telegram lets through: 1/s and 3 at once a chat, 20 in 60 s a group, 30/s overall."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.on = False
        self._tokens: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}
        self._overall: deque[float] = deque()
        self._holds: dict[int | str, float] = {}

    def hold(self, key: int | str, seconds: float) -> None:
        """Refuse everything under this key for so long."""
        self._holds[key] = max(self._holds.get(key, 0.0), self._clock.now() + seconds)

    def held(self, key: int | str) -> int:
        """The whole seconds until the hold on this key is over; 0 when there is none."""
        return max(0, math.ceil(self._holds.get(key, 0.0) - self._clock.now()))

    def take(self, chat_id: int, *, group: bool) -> int:
        """0 and the message is counted, or the seconds after which to come again."""
        if not self.on:
            return 0
        now = self._clock.now()
        wait = max(self._chat_wait(chat_id, now), self._overall_wait(now))
        if group:
            wait = max(wait, self._group_wait(chat_id, now))
        if wait:
            return wait
        tokens, _ = self._tokens[chat_id]
        self._tokens[chat_id] = (tokens - 1, now)
        self._overall.append(now)
        if group:
            self._groups[chat_id].append(now)
        return 0

    def _chat_wait(self, chat_id: int, now: float) -> int:
        tokens, since = self._tokens.get(chat_id, (float(BURST), now))
        tokens = min(float(BURST), tokens + (now - since) / PER_CHAT_SECONDS)
        self._tokens[chat_id] = (tokens, now)
        missing = 1 - _TOLERANCE - tokens
        return max(0, math.ceil(missing * PER_CHAT_SECONDS))

    def _group_wait(self, chat_id: int, now: float) -> int:
        return _window_wait(
            self._groups.setdefault(chat_id, deque()), now, PER_GROUP, GROUP_SECONDS
        )

    def _overall_wait(self, now: float) -> int:
        return _window_wait(self._overall, now, OVERALL, OVERALL_SECONDS)


def _window_wait(times: deque[float], now: float, most: int, seconds: float) -> int:
    """The whole seconds until a sliding window of `seconds` has room again."""
    while times and times[0] + seconds - _TOLERANCE <= now:
        times.popleft()
    return 0 if len(times) < most else max(1, math.ceil(times[0] + seconds - now))
