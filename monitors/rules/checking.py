"""What `check` says of rules.yaml: its problems, examples that fail, and advice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from monitors.language.expression import (
    And,
    EntityName,
    Expression,
    Not,
    Or,
    Scoped,
    Several,
    terms,
)
from monitors.language.lexing import tokens
from monitors.language.problems import Problem, Severity
from monitors.language.refusals import clipped
from monitors.language.tokens import TERMS, Kind, Token
from monitors.matching.explaining import Explanation
from monitors.matching.terms import FACTS
from monitors.rules import document, yaml_nodes
from monitors.rules.entities import NoPacks, Packs
from monitors.rules.matcher import Matcher
from monitors.rules.reading import child
from monitors.rules.rulebook import Rule, Rulebook
from monitors.rules.values import Network, is_reference
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree
from monitors.stories.article import Article

_MOST_SHOWN = 5
_OPERATORS = frozenset({"and", "or", "not", "And", "Or", "Not"})
# Initials of states and bodies that are ordinary words, too: letter case alone tells them apart.
_ALSO_WORDS = frozenset(
    "ACT AID AIM ARM CAN FAST HE IDEA IT MAY NICE SAFE SHE US WHO WISE".split()  # noqa: SIM905 - so it reads
)
_EVERYWHERE = frozenset(
    "a an are as at be by for from in is it of on that the to was with".split()  # noqa: SIM905 - as above
)
_INSIDE = frozenset({Kind.CLOSE, Kind.NEAR, Kind.LEAST, Kind.OF, Kind.POINTS, Kind.EACH})
_NO_PACKS = NoPacks()
_ANY_TIME = datetime.fromtimestamp(0, UTC)


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
    reading = document.read(text, networks=networks, packs=packs)
    if reading.rulebook is None:
        return reading.problems
    tree = reading.tree
    assert tree, "a rulebook was read from it"
    assert isinstance(tree.root, Mapping), "a rulebook is keys and values"
    checker = _Checker(reading.rulebook, tree, tree.root)
    found = chain(checker.examples(), checker.unused(), checker.conditions(), checker.names())
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


@dataclass(frozen=True, slots=True)
class _Checker:
    """Looks at a rulebook that can be used, and at the tree that it was read from."""

    rulebook: Rulebook
    tree: Tree
    root: Mapping

    def examples(self) -> Iterator[Problem]:
        """Yield the examples that do not do what is said of them."""
        alone = Rulebook(digest=self.rulebook.digest, entities=self.rulebook.entities)
        matcher = Matcher(alone)
        for rule, node in self._rules():
            for number, text in enumerate(rule.matching):
                explained = _explained(matcher, rule, text)
                if not explained.holds:
                    message, hint = "this text should match but does not", _why_not(explained)
                    yield self._problem(child(node, "examples", "match", number), message, hint)
            for number, text in enumerate(rule.ignoring):
                explained = _explained(matcher, rule, text)
                if explained.holds:
                    message, hint = "this text should be ignored but matches", _why(explained, text)
                    yield self._problem(child(node, "examples", "ignore", number), message, hint)

    def unused(self) -> Iterator[Problem]:
        """Yield the rules that find nothing new, and the entities and chats that no rule names."""
        rules = self.rulebook.rules
        first: dict[object, Rule] = {}
        for rule, node in self._rules():
            known = first.setdefault((rule.condition, rule.feeds, rule.send_to), rule)
            if known is not rule:
                message = f"this rule finds the same as {clipped(known.name)}"
                yield self._advice(child(node, "match"), message, "Delete one of the two.")
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

    def conditions(self) -> Iterator[Problem]:
        """Yield what may be meant otherwise in the conditions."""
        for _, node in self._rules():
            match = child(node, "match")
            assert isinstance(match, Scalar), "its shape is that of a text"
            read = tokens(match.text)
            assert not isinstance(read, Problem), "it was read before"
            for token, message, hint in chain(_doubtful_words(read), _mixed(read)):
                yield self._advice(self.tree.offset_in(match, token.at), message, hint)

    def names(self) -> Iterator[Problem]:
        """Yield the names of entities that are ordinary words in another letter case."""
        for key in self._keys("entities"):
            names = child(self.root, "entities", key.text, "names")
            for name in names.items if isinstance(names, yaml_nodes.Sequence) else (names,):
                if isinstance(name, Scalar) and name.text in _ALSO_WORDS:
                    message = f"this also finds the word {name.text.lower()}"
                    yield self._advice(name, message, "Move it to exact:.")

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
        rules = child(self.root, "rules")
        for number, rule in enumerate(self.rulebook.rules):
            yield rule, child(rules, number)

    def _keys(self, section: str) -> Iterator[Scalar]:
        node = self.root.get(section)
        return (key for key, _ in node.pairs) if isinstance(node, Mapping) else iter(())

    def _problem(self, node: Node, message: str, hint: str) -> Problem:
        return self.tree.source.problem(node.start, message, hint)

    def _advice(self, place: Node | int, message: str, hint: str) -> Problem:
        at = place if isinstance(place, int) else place.start
        return self.tree.source.problem(at, message, hint, Severity.ADVICE)


def _doubtful_words(read: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield words without quotation marks that may not be meant as they are read."""
    for before, token, after in zip((None, *read), read, (*read[1:], None), strict=False):
        word = token.text
        named = before and before.kind is Kind.FIELD and before.text[:-1] in FACTS
        counts = after and after.kind is Kind.OF
        if token.kind is not Kind.WORD or named or counts:
            continue
        if word in _OPERATORS:
            hint = f'Write {word.upper()}, or "{word}" in quotation marks to search for it.'
            yield token, f"{word} is searched for as a word here", hint
        elif word in _ALSO_WORDS:
            hint = f"Write ={word}, or put it in quotation marks if it may."
            yield token, f"{word} also finds the word {word.lower()}", hint
        elif word in _EVERYWHERE or (len(word) == 1 and word.isascii()):
            hint = 'Put it in quotation marks, with its neighbours if it has any: "vitamin C".'
            yield token, f"{word} is found in nearly every text", hint


def _mixed(read: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield each OR that stands beside an AND, written or not, without parentheses."""
    before: Kind | None = None
    levels: list[dict[Kind, Token]] = [{}]
    for token in read:
        if token.kind in (Kind.AND, Kind.OR):
            levels[-1].setdefault(token.kind, token)
        elif token.kind is Kind.COMMA:
            yield from _mixed_level(levels.pop())
            levels.append({})
        elif token.kind not in _INSIDE and before in TERMS | {Kind.CLOSE}:
            levels[-1].setdefault(Kind.AND, token)
        if token.kind is Kind.OPEN:
            levels.append({})
        elif token.kind is Kind.CLOSE:
            yield from _mixed_level(levels.pop())
        before = before if token.kind is Kind.LEAST else token.kind
    yield from _mixed_level(levels.pop())


def _mixed_level(joins: dict[Kind, Token]) -> Iterator[tuple[Token, str, str]]:
    if len(joins) == len((Kind.AND, Kind.OR)):
        hint = "AND goes first: write parentheses, as in (a AND b) OR c, or a AND (b OR c)."
        yield joins[Kind.OR], "OR and AND stand side by side", hint


def _of_texts(condition: Expression) -> Expression | None:
    """Answer *condition* without what it says of facts; None if it says nothing else."""
    match condition:
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
    blank = Article(
        identity="example",
        url=None,
        link=None,
        outlet="",
        title="",
        published_at=_ANY_TIME,
        seen_at=_ANY_TIME,
    )
    places = (replace(blank, text=text), replace(blank, title=text), replace(blank, summary=text))
    tried = [matcher.explain(condition, place) for place in places]
    return next((explained for explained in tried if explained.holds), tried[0])


def _why_not(explained: Explanation) -> str:
    if explained.missing:
        return f"It lacks {_listed(explained.missing)}."
    return f"The rule leaves out {_listed(explained.left_out_by)}."


def _why(explained: Explanation, text: str) -> str:
    found = dict.fromkeys(f'"{text[each.start : each.end]}"' for each in explained.evidence)
    return f"It has {_listed(tuple(found))}: narrow the condition with AND or NOT."


def _listed(parts: Sequence[str]) -> str:
    more = ", \u2026" if len(parts) > _MOST_SHOWN else ""
    return ", ".join(map(clipped, parts[:_MOST_SHOWN])) + more
