"""What `check` says of rules.yaml: its problems, examples that fail, and advice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TypeAlias

from monitors.language.expression import (
    Age,
    And,
    EntityName,
    Expression,
    Not,
    Or,
    Scoped,
    Several,
    terms,
)
from monitors.language.problems import Problem, Severity
from monitors.language.refusals import clipped
from monitors.matching.explaining import Explanation
from monitors.rules import document, yaml_nodes
from monitors.rules.document import Reading
from monitors.rules.entities import NoPacks, Packs
from monitors.rules.lint import ALSO_WORDS, Linter, doubts_of_name
from monitors.rules.matcher import Matcher
from monitors.rules.reading import child
from monitors.rules.rulebook import Priority, Rule, Rulebook
from monitors.rules.values import Network, is_reference
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree
from monitors.stories.article import Article
from monitors.terms.wanted import FACTS

_MOST_SHOWN = 5
_MOST_COMPARED = 2_000
Watched: TypeAlias = tuple[Rule, Node]
Watch: TypeAlias = Callable[[Iterable[Watched], int], Iterable[Watched]]

_NO_PACKS = NoPacks()
_ANY_TIME = datetime.fromtimestamp(0, UTC)
_BLANK = Article(
    identity="example",
    url=None,
    link=None,
    outlet="",
    title="",
    published_at=_ANY_TIME,
    seen_at=_ANY_TIME,
)


def _unwatched(rules: Iterable[Watched], number: int) -> Iterable[Watched]:
    del number
    return rules


def check(
    text: str, *, networks: Sequence[Network] = (), packs: Packs = _NO_PACKS
) -> tuple[Problem, ...]:
    """Answer all that is wrong with *text*; if nothing is, failing examples and advice.

    Args:
        text: rules.yaml.
        networks: private networks whose feeds may be polled every second.
        packs: where the packs of entities come from that it uses.

    Returns:
        In the order of the places; advice has `Severity.ADVICE`, and the file works with it.
    """
    return check_reading(document.read(text, networks=networks, packs=packs))


def check_reading(reading: Reading, watch: Watch = _unwatched) -> tuple[Problem, ...]:
    """Answer what `check` answers for a text that was read already.

    Args:
        reading: of rules.yaml.
        watch: answers what it is given, of which there are so many, and may tell a person who
            waits how far it has come.
    """
    checker = _checker(reading, watch)
    if checker is None:
        return reading.problems
    found = chain(
        checker.examples(),
        checker.covered(),
        checker.unused(),
        checker.paused(),
        checker.conditions(),
        checker.names(),
    )
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def remarks_on(reading: Reading, number: int) -> tuple[Problem, ...]:
    """Answer what `check` says of one rule, the *number*-th: failing examples, and advice.

    Whether another rule covers it is looked at only where there are not too many.
    """

    def one(rules: Iterable[Watched], _: int) -> Iterable[Watched]:
        return islice(rules, number, number + 1)

    alone, among = _checker(reading, one), _checker(reading, _unwatched)
    if alone is None or among is None:
        return reading.problems
    at = child(alone.root, "rules", number, "match").start
    place = alone.tree.source.place(at)
    covered = among.covered() if len(among.rulebook.rules) <= _MOST_COMPARED else ()
    here = (problem for problem in covered if (problem.line, problem.column) == place)
    return (*alone.examples(), *here, *alone.conditions())


def failing_example(reading: Reading) -> Problem | None:
    """Answer an example that does not do what is said of it, if there is one."""
    checker = _checker(reading, _unwatched)
    return next(checker.examples(), None) if checker else None


def _checker(reading: Reading, watch: Watch) -> "_Checker | None":
    book, tree = reading.rulebook, reading.tree
    if book is None:
        return None
    assert tree, "a rulebook was read from it"
    assert isinstance(tree.root, Mapping), "a rulebook is keys and values"
    linter = Linter(book.entities, {tag for feed in book.feeds for tag in feed.tags})
    return _Checker(book, tree, tree.root, linter, watch)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Looks at a rulebook that can be used, and at the tree that it was read from."""

    rulebook: Rulebook
    tree: Tree
    root: Mapping
    linter: Linter
    watch: Watch

    def examples(self) -> Iterator[Problem]:
        """Yield the examples that do not do what is said of them."""
        alone = Rulebook(digest=self.rulebook.digest, entities=self.rulebook.entities)
        matcher = Matcher(alone)
        for rule, node in self._rules():
            for number, text in enumerate(rule.matching):
                explained = _explained(matcher, rule, text)
                if not explained.holds:
                    message = "this text should match but does not"
                    hint = f"{_why_not(explained)}{_instead(matcher, rule, text)}"
                    yield self._problem(child(node, "examples", "match", number), message, hint)
            for number, text in enumerate(rule.ignoring):
                explained = _explained(matcher, rule, text)
                if explained.holds:
                    message, hint = "this text should be ignored but matches", _why(explained, text)
                    yield self._problem(child(node, "examples", "ignore", number), message, hint)

    def covered(self) -> Iterator[Problem]:
        """Yield the rules that find nothing that another rule does not find for the same chats."""
        rules = self.rulebook.rules
        formulas = [self.linter.coverage.formula(rule.condition) for rule, _ in self._rules()]
        pairs = {
            pair
            for pair in self.linter.coverage.pairs(formulas)
            if _tells_of_all(rules[pair[1]], rules[pair[0]])
            and not any(rules[each].paused for each in pair)
        }
        said: set[int] = set()
        for narrow, wide in sorted(pairs):
            same = (wide, narrow) in pairs
            # Of two that find the same, the first one stays.
            if narrow in said or (same and narrow < wide):
                continue
            said.add(narrow)
            place = child(child(child(self.root, "rules"), narrow), "match")
            name = clipped(rules[wide].name)
            if same:
                message, hint = f"this rule finds the same as {name}", "Delete one of the two."
            else:
                message = f"all that this rule finds is found by {name}, too"
                hint = "Delete this rule, or narrow the other one with NOT."
            yield self._advice(place, message, hint)

    def unused(self) -> Iterator[Problem]:
        """Yield the entities and chats that no rule names."""
        rules = self.rulebook.rules
        if not rules:
            return
        used = self._used_entities()
        told = {chat for rule in rules for chat in rule.send_to}
        for key in self._keys("entities"):
            if key.text not in used:
                message = f"no rule looks for @{clipped(key.text)}"
                yield self._advice(key, message, "Write it in a condition, or delete it.")
        for key in self._keys("chats"):
            if key.text not in told:
                message = f"no rule sends to {clipped(key.text)}"
                yield self._advice(key, message, "Write it under send_to: of a rule, or delete it.")

    def paused(self) -> Iterator[Problem]:
        """Yield the rules that find nothing because somebody wants it so."""
        for rule, node in self._rules():
            if rule.paused:
                message = f"the rule {clipped(rule.name)} is paused: it finds nothing"
                hint = "Delete this line when it shall go on."
                yield self._advice(child(node, "paused"), message, hint)

    def conditions(self) -> Iterator[Problem]:
        """Yield what may be meant otherwise in the conditions, and what changes nothing there."""
        for rule, node in self._rules():
            match = child(node, "match")
            assert isinstance(match, Scalar), "its shape is that of a text"
            for remark in self.linter.remarks(match.text, rule.condition):
                place = self.tree.offset_in(match, remark.at)
                yield self._advice(place, remark.message, remark.hint)

    def names(self) -> Iterator[Problem]:
        """Yield the names of entities that may not be meant as they are read."""
        for key in self._keys("entities"):
            for section in ("names", "exact", "except", "near"):
                for name in self._names(key.text, section):
                    for message, hint in doubts_of_name(name.text):
                        yield self._advice(name, message, hint)
                    if section == "names" and name.text in ALSO_WORDS:
                        message = f"this also finds the word {name.text.lower()}"
                        yield self._advice(name, message, "Move it to exact:.")

    def _names(self, entity: str, section: str) -> Iterator[Scalar]:
        """Yield what an entity lists in a *section*; its short form is its names."""
        found = child(self.root, "entities", entity)
        if isinstance(found, Mapping):
            found = found.get(section) or found
        elif section != "names":
            return
        for name in found.items if isinstance(found, yaml_nodes.Sequence) else (found,):
            if isinstance(name, Scalar):
                yield name

    def _used_entities(self) -> set[str]:
        """Answer the entities that rules name, those that these are made of, and so on."""
        entities = {entity.name: entity for entity in self.rulebook.entities}
        found = (term for rule in self.rulebook.rules for term in terms(rule.condition))
        named = [term.name for term in found if isinstance(term, EntityName)]
        used: set[str] = set()
        while named:
            name = named.pop()
            if name not in used:
                used.add(name)
                one = entities[name]
                named += one.parts
                named += (each[1:] for each in one.company if is_reference(each))
        return used

    def _rules(self) -> Iterator[tuple[Rule, Node]]:
        node = child(self.root, "rules")
        rules = self.rulebook.rules
        yield from self.watch(
            ((rule, child(node, number)) for number, rule in enumerate(rules)), len(rules)
        )

    def _keys(self, section: str) -> Iterator[Scalar]:
        node = self.root.get(section)
        return (key for key, _ in node.pairs) if isinstance(node, Mapping) else iter(())

    def _problem(self, node: Node, message: str, hint: str) -> Problem:
        return self.tree.source.problem(node.start, message, hint)

    def _advice(self, place: Node | int, message: str, hint: str) -> Problem:
        at = place if isinstance(place, int) else place.start
        return self.tree.source.problem(at, message, hint, Severity.ADVICE)


def _tells_of_all(wide: Rule, narrow: Rule) -> bool:
    """Answer whether *wide* watches what *narrow* watches, and tells whom it tells as loudly."""
    watches = wide.feeds is None or (narrow.feeds is not None and narrow.feeds <= wide.feeds)
    loudly = wide.priority is Priority.HIGH or narrow.priority is not Priority.HIGH
    return watches and loudly and set(narrow.send_to) <= set(wide.send_to)


def _of_texts(condition: Expression) -> Expression | None:
    """Answer *condition* without what it says of facts; None if it says nothing else."""
    match condition:
        case Age():
            return None
        case Scoped(name) if name in FACTS:
            return None
        case And(parts):
            kept = tuple(part for part in map(_of_texts, parts) if part is not None)
            return And(kept) if len(kept) > 1 else next(iter(kept), None)
        case Or(parts) | Several(_, parts) if any(_of_texts(part) is None for part in parts):
            return None
        case Not(part):
            inside = _of_texts(part)
            return None if inside is None else Not(inside)
        case _:
            return condition


def _explained(matcher: Matcher, rule: Rule, text: str) -> Explanation:
    """Answer why *rule* holds for *text* as an article's text, title or summary, or why not.

    An example says nothing of its source, author, language and address: these count as right.
    """
    condition = _of_texts(rule.condition)
    if condition is None:
        return Explanation(holds=True)
    places = (
        replace(_BLANK, text=text),
        replace(_BLANK, title=text),
        replace(_BLANK, summary=text),
    )
    first = matcher.explain(condition, places[0])
    others = (matcher.explain(condition, place) for place in places[1:])
    return next((explained for explained in chain((first,), others) if explained.holds), first)


def _why_not(explained: Explanation) -> str:
    if explained.missing:
        return f"It lacks {_listed(explained.missing)}."
    return f"The rule leaves out {_listed(explained.left_out_by)}."


def _instead(matcher: Matcher, rule: Rule, text: str) -> str:
    """Answer what *text* has instead of what *rule* lacks, to stand behind that."""
    condition = _of_texts(rule.condition)
    lines = matcher.nearly(condition, replace(_BLANK, text=text)) if condition else ()
    line = next(iter(lines), "")
    end = "" if line.endswith(("?", ".")) else "."
    return line and f" {line[:1].upper()}{line[1:]}{end}"


def _why(explained: Explanation, text: str) -> str:
    found = dict.fromkeys(f'"{text[each.start : each.end]}"' for each in explained.evidence)
    return f"It has {_listed(tuple(found))}: narrow the condition with AND or NOT."


def _listed(parts: Sequence[str]) -> str:
    more = ", \u2026" if len(parts) > _MOST_SHOWN else ""
    return ", ".join(map(clipped, parts[:_MOST_SHOWN])) + more
