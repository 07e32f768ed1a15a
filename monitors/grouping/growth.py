"""How fast stories gather outlets, and which of them do so unusually fast for their outlets."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitors.stories.article import Article, StoryId

_HOUR = 3600
# Two or three outlets in an hour are every day's business, however few stories are known.
_LEAST_PACE = 4
_UNUSUAL = 0.02  # of the stories that the same outlets have carried
_ENOUGH_STORIES = 50
# Where too few stories are known to say what is usual.
_PACE_FOR_SURE = 6
# Of a story with more outlets, it is known that it grows.
_MOST_OUTLETS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How a story has grown.

    Attributes:
        outlets: how many report it.
        pace: the most outlets that took it up within one hour.
        unusual: whether few stories of the same outlets ever had that pace.
        lasting: whether the hour before the last outlet took it up was its fastest one.
    """

    outlets: int
    pace: int
    unusual: bool
    lasting: bool


@dataclass(slots=True)
class Paces:
    """The pace of every story in the window, and of those that each outlet has carried.

    What counts is when an outlet reports a story for the first time.
    """

    _pace: dict[StoryId, int] = field(default_factory=dict)
    _lasting: set[StoryId] = field(default_factory=set)
    _outlets: dict[StoryId, frozenset[str]] = field(default_factory=dict)
    _carried: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, story: StoryId, reports: Iterable[tuple[str, int]]) -> None:
        """Remember the *reports* of a story: an outlet and when it reported, in seconds, each."""
        self.forget(story)
        first: dict[str, int] = {}
        for outlet, at in reports:
            if outlet in first or len(first) < _MOST_OUTLETS:
                first[outlet] = min(at, first.get(outlet, at))
        if not first:
            return
        pace, latest = _paces(first.values())
        self._pace[story] = pace
        if latest == pace:
            self._lasting.add(story)
        self._outlets[story] = frozenset(first)
        for outlet in first:
            self._carried[outlet][pace] += 1

    def alone(self, outlet: str, stories: int) -> None:
        """Count more *stories* that *outlet* alone reports, of which nothing is remembered."""
        self._carried[outlet][1] += stories
        self._tidy(outlet)

    def forget(self, story: StoryId) -> None:
        """Forget a story, if it is known."""
        pace = self._pace.pop(story, None)
        if pace is None:
            return
        self._lasting.discard(story)
        for outlet in self._outlets.pop(story):
            self._carried[outlet][pace] -= 1
            self._tidy(outlet)

    def _tidy(self, outlet: str) -> None:
        """Forget what *outlet* no longer carries."""
        carried = self._carried[outlet]
        for pace in [pace for pace, stories in carried.items() if not stories]:
            del carried[pace]
        if not carried:
            del self._carried[outlet]

    def of(self, story: StoryId) -> Growth | None:
        """Answer how a story has grown; None if it is not known."""
        if story not in self._pace:
            return None
        pace, outlets = self._pace[story], self._outlets[story]
        return Growth(
            outlets=len(outlets),
            pace=pace,
            unusual=pace >= _LEAST_PACE and self._is_rare(story),
            lasting=story in self._lasting,
        )

    def _is_rare(self, story: StoryId) -> bool:
        pace, outlets = self._pace[story], self._outlets[story]
        usual = sum((self._carried[outlet] for outlet in outlets), Counter[int]())
        others = usual.total() - len(outlets)
        if others < _ENOUGH_STORIES:
            return pace >= _PACE_FOR_SURE
        as_fast = sum(count for each, count in usual.items() if each >= pace) - len(outlets)
        return as_fast <= _UNUSUAL * others


def report_of(article: Article) -> tuple[str, int]:
    """Answer which outlet reported *article*, and when, in seconds since 1970."""
    reported_at = min(article.published_at, article.seen_at)
    return article.outlet.casefold(), int(reported_at.timestamp())


def pace_of(reports: Iterable[tuple[str, int]]) -> int:
    """Answer the most outlets that took a story up within one hour.

    Args:
        reports: an outlet and when it reported, in seconds, each.
    """
    first: dict[str, int] = {}
    for outlet, at in reports:
        first[outlet] = min(at, first.get(outlet, at))
    return _paces(first.values())[0]


def _paces(times: Iterable[int]) -> tuple[int, int]:
    """Answer how many of the *times* lie within one hour at most, and within the last one."""
    ordered = sorted(times)
    start, most, latest = 0, 0, 0
    for end, time in enumerate(ordered):
        while time - ordered[start] > _HOUR:
            start += 1
        latest = end - start + 1
        most = max(most, latest)
    return most, latest
