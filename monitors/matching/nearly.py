"""What stands in an article instead of a part of a condition that was not found."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice

from monitors.language.expression import (
    And,
    EntityName,
    Exact,
    Expression,
    Forms,
    Loose,
    Near,
    Or,
    Phrase,
    Regex,
    Repeated,
    Scoped,
    Score,
    Several,
    Term,
    Word,
    is_term,
    parts_of,
)
from monitors.language.printing import to_text
from monitors.matching.evaluation import Evaluation
from monitors.stories import words
from monitors.terms.entity import Entity
from monitors.terms.evidence import Evidence
from monitors.terms.reading import Reading
from monitors.terms.wanted import FACTS, Terms, Wanted

MOST = 5
_FARTHER = (10, 25, 50, 100)
_APART = 10
_LONG, _CLOSE = 5, 0.8
_PLACES = {"title": "the title", "summary": "the summary", "text": "the text"}


class Nearly:
    """Looks for what was probably meant.

    Args:
        reading: the article.
        terms: with the entities that may be meant.
    """

    def __init__(self, reading: Reading, terms: Terms) -> None:
        self._reading = reading
        self._terms = terms
        self._evaluation = Evaluation(reading, terms)
        self._named: dict[str, list[EntityName]] | None = None

    def of(self, missing: Expression) -> list[str]:
        """Answer what stands there instead of *missing*, a line each, the likeliest first."""
        lines: dict[str, None] = {}
        for line in self._lines(missing, ""):
            lines[line] = None
            if len(lines) == MOST:
                break
        return list(lines)

    def _lines(self, missing: Expression, field: str) -> Iterator[str]:
        match missing:
            case Scoped(name, part):
                if name not in FACTS:
                    yield from self._elsewhere(name, part)
                yield from self._lines(part, name)
            case Score() | Several():
                yield from self._summed(missing, field)
                yield from self._lines(Or(parts_of(missing)), field)
            case And(parts) | Or(parts):
                for part in parts:
                    if not self._evaluation.holds(part, field):
                        yield from self._lines(part, field)
            case Near():
                yield from self._farther(missing, field)
            case Repeated(term, times):
                yield from self._counted(term, times, field)
            case _:
                if is_term(missing) and field not in FACTS:
                    yield from self._term(missing, field)

    def _term(self, term: Term, field: str) -> Iterator[str]:
        for meant in self._alternatives(term):
            if found := self._shown(meant, field):
                yield f"found {found}: did you mean {to_text(meant)}?"
        if isinstance(term, EntityName) and (entity := self._terms.entities.get(term.name)):
            yield from self._barred(entity, field)
        if isinstance(term, Word) and len(cut := words.folded(term.text)) == 1:
            yield from self._like(cut[0], field)

    def _alternatives(self, term: Term) -> Iterator[Term]:
        """Yield terms that find more than *term*, the nearest first."""
        match term:
            case Regex(_, ignores_case=False):
                yield replace(term, ignores_case=True)
            case Exact(text):
                yield Phrase(text) if len(words.folded(text)) > 1 else Word(text)
            case Word(text) | Phrase(text):
                yield from self._entities(text)
                if "*" not in text and "?" not in text:
                    yield Forms(text)
                    if len(words.folded(text)) > 1:
                        yield Loose(text, _APART)

    def _entities(self, text: str) -> Iterable[EntityName]:
        if self._named is None:
            self._named = {}
            for name, entity in self._terms.entities.items():
                for key in {words.key(alias) for alias in (*entity.names, *entity.exact)}:
                    self._named.setdefault(key, []).append(EntityName(name))
        return self._named.get(words.key(text), ())

    def _barred(self, entity: Entity, field: str) -> Iterator[str]:
        """Yield names of *entity* that stand there and do not count, and why not."""
        anyhow = replace(entity, company=(), exceptions=())
        allowed = {
            "stands inside a name under except:": replace(entity, exceptions=()),
            f"has none of near: within {entity.within} words": replace(entity, company=()),
            "is barred by near: and except:": anyhow,
            "is written otherwise under exact:": replace(anyhow, names=entity.exact, exact=()),
        }
        for why, other in allowed.items():
            terms = Terms({**self._terms.entities, entity.name: other})
            if other != entity and (
                found := self._first(terms.wanted(EntityName(entity.name), field))
            ):
                yield f"found {self._quoted(found)}, which {why}"
                return

    def _like(self, word: str, field: str) -> Iterator[str]:
        """Yield words of the article that go on as *word* does, or are nearly spelled so."""
        there = {each for each in self._reading.text.positions if each[:1] == word[:1]} - {word}
        longer = sorted(each for each in there if each.startswith(word))
        close = longer or get_close_matches(word, sorted(there), 1, _CLOSE)
        if len(word) >= _LONG and close and (found := self._shown(Word(close[0]), field)):
            meant = f"{word}*" if longer else close[0]
            yield f"found {found}: did you mean {meant}?"

    def _farther(self, row: Near, field: str) -> Iterator[str]:
        any_order = replace(row, links=tuple(replace(link, ordered=False) for link in row.links))
        if any_order != row and self._has(any_order, field):
            yield f"they stand in another order: did you mean {to_text(any_order)}?"
            return
        for number in _FARTHER:
            links = tuple(replace(link, words=max(number, link.words or 0)) for link in row.links)
            meant = replace(row, links=links)
            if meant != row and self._has(meant, field):
                yield f"they stand farther apart: did you mean {to_text(meant)}?"
                return
        for part in row.parts:
            sides = part.parts if isinstance(part, Or) else (part,)
            if not any(self._has(side, field) for side in sides if is_term(side)):
                yield from self._lines(part, field)

    def _summed(self, one: Score | Several, field: str) -> Iterator[str]:
        """Yield how far it comes, if a part of it is there."""
        if isinstance(one, Several):
            there = [part for part in one.parts if self._evaluation.holds(part, field)]
            if there:
                yield f"found {len(there)} of {one.number}: {', '.join(map(to_text, there))}"
            return
        worth = [(each.part, self._evaluation.worth(each, field)) for each in one.weights]
        if shown := ", ".join(f"{to_text(part)} {points}" for part, points in worth if points):
            total = sum(points for _, points in worth)
            yield f"found {total} of {one.least} points: {shown}"

    def _counted(self, term: Term, times: int, field: str) -> Iterator[str]:
        one = self._terms.wanted(term, field)
        if self._reading.has(one):
            found = sum(1 for _ in islice(self._reading.evidence(one), times))
            yield f"found {to_text(term)} {found} of {times} times"
        else:
            yield from self._lines(term, field)

    def _elsewhere(self, name: str, part: Expression) -> Iterator[str]:
        if is_term(part) and (found := self._first(self._terms.wanted(part))):
            yield f"found {self._quoted(found)} in {_PLACES[found.field]}, not in {_PLACES[name]}"

    def _has(self, one: Term | Near, field: str) -> bool:
        return self._reading.has(self._terms.wanted(one, field))

    def _shown(self, term: Term, field: str) -> str:
        found = self._first(self._terms.wanted(term, field))
        return self._quoted(found) if found else ""

    def _first(self, one: Wanted) -> Evidence | None:
        return next(self._reading.evidence(one), None)

    def _quoted(self, one: Evidence) -> str:
        text: str = getattr(self._reading.article, one.field)
        return f'"{" ".join(text[one.start : one.end].split())}"'
