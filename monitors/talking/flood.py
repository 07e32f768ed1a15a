"""How much one person, and one chat, may ask in a minute."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import Enum

from monitors.talking.heard import Spoken

A_MINUTE = 30
"""So much a person may ask in a minute."""
_CHAT_A_MINUTE = 3 * A_MINUTE
_MINUTE = timedelta(minutes=1)
_MOST_REMEMBERED = 2_000


class Verdict(Enum):
    """What becomes of something that is asked."""

    TAKE = "take"
    WARN = "warn"  # not taken, and that is said
    IGNORE = "ignore"  # not taken, and it was said already


class Flood:
    """Counts what is asked.

    What is not taken counts, too: it begins to be taken again when a minute has held less than the
    most that one may ask. Who was warned is warned again when a minute has passed without a need.
    """

    def __init__(self) -> None:
        self._users, self._chats = _Counts(A_MINUTE), _Counts(_CHAT_A_MINUTE)

    def takes(self, spoken: Spoken, now: datetime) -> Verdict:
        """Answer what becomes of what somebody asks; a person too many does not fill a chat."""
        verdict = self._users.takes(spoken.user, now)
        if verdict is Verdict.TAKE and not spoken.place.is_private:
            return self._chats.takes(spoken.place.chat, now)
        return verdict

    def refuses(self, spoken: Spoken, now: datetime) -> Verdict:
        """Answer whether somebody is warned who waits for too many answers."""
        return self._users.refuses(spoken.user, now)


class _Counts:
    """What was asked in the last minute, by whom or where.

    Args:
        most: so much is taken.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._refused: dict[str, datetime] = {}

    def takes(self, who: str, now: datetime) -> Verdict:
        times = self._times.setdefault(who, deque(maxlen=self._most))
        self._times.move_to_end(who)
        if len(self._times) > _MOST_REMEMBERED:
            self._refused.pop(self._times.popitem(last=False)[0], None)
        is_full = len(times) == self._most and now - times[0] < _MINUTE
        times.append(now)
        return self.refuses(who, now) if is_full else Verdict.TAKE

    def refuses(self, who: str, now: datetime) -> Verdict:
        last, self._refused[who] = self._refused.get(who), now
        return Verdict.IGNORE if last and now - last < _MINUTE else Verdict.WARN
