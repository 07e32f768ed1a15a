"""Which of all conditions hold for an article, without looking at the others.

A condition is broken up into ways (see `matching.compiling`): if it holds, both features of
one of its ways are there, the rarest that could be chosen. Most ways need no further look: AND
of two terms, or of a term and a phrase, is all said by two features. The others have a check.
"""

from collections.abc import Iterable, Mapping
from threading import Lock

from monitors.language.expression import Expression
from monitors.matching.checks import Check
from monitors.matching.compiling import Compiled, Compiler
from monitors.matching.features import Features
from monitors.matching.ways import Placed, Plane, Ways
from monitors.stories.article import Article
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms

MANY = 60_000


class Index:
    """Conditions by number, added and removed one at a time.

    While one thread asks, another may add and remove: neither waits for more than one of these.

    Args:
        conditions: to begin with, numbered from 0.
        terms: what their terms look for.
        shares: in what share of articles a word stands, as far as that is known.
        many: how many ways are worth a `Plane`.
    """

    def __init__(
        self,
        conditions: Iterable[Expression] = (),
        terms: Terms | None = None,
        shares: Mapping[str, float] | None = None,
        many: int = MANY,
    ) -> None:
        self.features = Features(shares or {})
        self._ways = Ways()
        self._plane: Plane | None = None
        self._always: dict[int, Check] = {}
        self._speaking: dict[int, int | list[int]] = {}
        self._speaking_unseen: list[int] = []
        self._lock = Lock()
        self._next = 0
        placed: list[Placed] = []
        for condition in conditions:
            placed += self._take(self._next, condition, terms or Terms({}))
            self._next += 1
        if len(placed) >= many:
            self._plane = Plane(placed, len(self.features))
        else:
            self._place(placed)

    def add(self, condition: Expression, terms: Terms) -> int:
        """Take *condition*; answer its number, which no other has or had."""
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._place(self._take(number, condition, terms))
        return number

    def _place(self, placed: Iterable[Placed]) -> None:
        for way in placed:
            self._ways.add(*way)

    def _take(self, number: int, condition: Expression, terms: Terms) -> list[Placed]:
        """Take all of *condition* but its ways; answer these."""
        compiled = Compiler(self.features, terms).compile(condition)
        for feature in compiled.features:
            self.features.use(feature)
        if compiled.always:
            self._always[number] = compiled.always
        for feature in compiled.speaking:
            there = self._speaking.get(feature)
            if there is None:
                self._speaking[feature] = number  # most are alone, and a list is large
            elif isinstance(there, int):
                self._speaking[feature] = [there, number]
            else:
                there.append(number)
        if compiled.speaks_unseen:
            self._speaking_unseen.append(number)
        return [
            (way.anchor, way.second, (number, way.check) if way.check else number)
            for way in compiled.ways
        ]

    def remove(self, number: int, condition: Expression, terms: Terms) -> None:
        """Take *condition* out again; what it says has to be as when it was added."""
        with self._lock:
            self._take_out(number, Compiler(self.features, terms).compile(condition))

    def read(self, article: Article) -> Reading:
        """Answer *article* with its features."""
        reading = Reading(article)
        with self._lock:
            reading.features = self.features.of(reading)
        return reading

    def holding(self, reading: Reading) -> set[int]:
        """Answer the numbers of the conditions that hold."""
        with self._lock:
            sure, doubtful = self._candidates(reading)
        holding = set(sure)
        for number, check in doubtful:
            if number not in holding and check.holds(reading):
                holding.add(number)
        return holding

    def looked_at(self, reading: Reading) -> int:
        """Answer how many conditions `holding` looks at."""
        with self._lock:
            sure, doubtful = self._candidates(reading)
        return len({*sure, *(number for number, _ in doubtful)})

    def spoken_for(self, reading: Reading) -> list[int]:
        """Answer the numbers of the conditions for which something may speak, each once."""
        with self._lock:
            told = set(self._speaking_unseen)
            for there in map(self._speaking.get, reading.features):
                if isinstance(there, int):
                    told.add(there)
                elif there:
                    told.update(there)
        return sorted(told)

    def _candidates(self, reading: Reading) -> tuple[list[int], list[tuple[int, Check]]]:
        """Answer the conditions that hold for sure, and those that may; some more than once."""
        sure, doubtful = self._ways.found(reading.features) if self._ways else ([], [])
        if self._plane:
            more_sure, more_doubtful = self._plane.found(reading.features)
            sure, doubtful = sure + more_sure, doubtful + more_doubtful
        return sure, [*doubtful, *self._always.items()]

    def _take_out(self, number: int, compiled: Compiled) -> None:
        for way in compiled.ways:
            if not self._ways.remove(way.anchor, way.second, number) and self._plane:
                self._plane.remove(way.anchor, way.second, number)
        self._always.pop(number, None)
        for feature in compiled.speaking:
            there = self._speaking[feature]
            if isinstance(there, list):
                there.remove(number)
            if not there or there == number:
                del self._speaking[feature]
        if compiled.speaks_unseen:
            self._speaking_unseen.remove(number)
        for feature in compiled.features:
            self.features.release(feature)
