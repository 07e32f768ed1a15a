"""The text of rules.yaml to a `Rulebook`, or all that is wrong with it at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import chain
from typing import TypeVar

from monitors.feeds.feed import Feed
from monitors.language.expression import EntityName, Expression, terms
from monitors.language.grammar import parse
from monitors.language.printing import to_text
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.matching.entity import Entity
from monitors.rules import yaml_nodes
from monitors.rules.rulebook import Chat, ChatName, Rule, Rulebook, RuleName, Telegram, Terminal
from monitors.rules.schema import (
    ChatShape,
    EntityShape,
    FeedShape,
    FileShape,
    Mistake,
    RuleShape,
    Shape,
    shaped,
    unknown_key,
)
from monitors.rules.values import Network, is_near, nearest, same_address
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree, plain
from monitors.rules.yaml_text import offset_of
from monitors.times import duration_text

MAX_FEEDS = 20_000
MAX_RULES = 100_000
MAX_NAMES = 100_000
MAX_DEFAULT_NAME = 60
SHORTEST = timedelta(minutes=1)
SHORTEST_NEAR = timedelta(seconds=1)

_SCREEN = Chat(name=ChatName("screen"), destination=Terminal())
_MOST_SUGGESTIONS = 50  # each looks at many names; who has more problems needs other help
_TAG = "tag:"

ShapeType = TypeVar("ShapeType", bound=Shape)
_NO_ENTITY = "Write its names under entities:."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one text of rules.yaml says, and where.

    Attributes:
        rulebook: None if there is any problem.
        problems: in the order of their places.
        tree: None if the text is no YAML.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...] = ()
    tree: Tree | None = None


def read_rulebook(text: str, *, networks: Sequence[Network] = ()) -> Rulebook | tuple[Problem, ...]:
    """Answer what *text* says, or all that is wrong with it, in the order of the places.

    Args:
        text: rules.yaml.
        networks: private networks whose feeds may be polled every second.
    """
    reading = read(text, networks=networks)
    return reading.rulebook or reading.problems


def read(text: str, *, networks: Sequence[Network] = ()) -> Reading:
    """Answer what *text* says, and where; as `read_rulebook`, but with the nodes."""
    tree = yaml_nodes.read(text.removeprefix("\ufeff"))
    if isinstance(tree, Problem):
        return Reading(rulebook=None, problems=(tree,))
    root = tree.root
    if not isinstance(root, Mapping):
        message = "feeds:, rules: and the like belong here" if root else "the file is empty"
        hint = "Begin with feeds: and rules: in lines of their own."
        problem = tree.source.problem(root.start if root else 0, message, hint)
        return Reading(rulebook=None, problems=(problem,), tree=tree)
    reader = _Reader(tree, root, networks)
    rulebook = reader.rulebook(sha256(text.encode()).hexdigest())
    problems = sorted((*tree.problems, *reader.problems), key=lambda each: (each.line, each.column))
    return Reading(rulebook=None if problems else rulebook, problems=tuple(problems), tree=tree)


def child(node: Node, *path: str | int) -> Node:
    """Answer the node that *path* leads to, or the last one on the way.

    A text that stands for a list is its first item, one that stands for keys is its own value.
    """
    for step in path:
        inner: Node | None = None
        if isinstance(node, yaml_nodes.Sequence) and isinstance(step, int):
            inner = node.items[step]
        elif isinstance(node, Mapping) and isinstance(step, str):
            inner = node.get(step)
        node = inner or node
    return node


class _Reader:
    """Reads one file and notes what is wrong."""

    def __init__(self, tree: Tree, root: Mapping, networks: Sequence[Network]) -> None:
        self.problems: list[Problem] = []
        self._tree = tree
        self._root = root
        self._networks = networks
        self._suggestions = 0
        self._unread_feeds = False

    def rulebook(self, digest: str) -> Rulebook:
        """Answer all that could be read."""
        for key, _ in self._root.pairs:
            if key.text not in FileShape.known_keys():
                self._report(key, *unknown_key(key.text, FileShape.known_keys()))
        feeds = tuple(self._feeds())
        entities = tuple(self._entities())
        chats = tuple(self._chats())
        rules = tuple(self._rules(feeds))
        return Rulebook(
            digest=digest, feeds=feeds, entities=entities, rules=rules, chats=chats or (_SCREEN,)
        )

    def _feeds(self) -> Iterator[Feed]:
        seen: dict[str, Node] = {}
        for node in self._items("feeds", MAX_FEEDS):
            shape = self._shaped(FeedShape, node, node)
            if shape is None:
                continue
            self._once(seen, same_address(shape.url), child(node, "url"), "address")
            shortest = SHORTEST_NEAR if is_near(shape.url, self._networks) else SHORTEST
            if shape.every and shape.every < shortest:
                message = f"{duration_text(shape.every)} is too short for this address"
                hint = f"Write {duration_text(shortest)} or more, or auto."
                self._report(child(node, "every"), message, hint)
            yield Feed(
                address=shape.url,
                name=shape.name,
                tags=frozenset(shape.tags),
                every=shape.every,
                catch_up=shape.catch_up,
                full_text=shape.full_text,
            )

    def _entities(self) -> Iterator[Entity]:
        names = 0
        for key, node in self._named("entities"):
            wanted = f'@"{key.text}"'
            if key.text.startswith("@") or parse(wanted) != EntityName(key.text):
                message = f"{clipped(key.text)} cannot be the name of an entity"
                hint = "Write letters, digits and -, without @ or quotation marks, as in pillar-2:."
                self._report(key, message, hint)
            shape = self._shaped(EntityShape, node, key)
            if shape is None:
                continue
            before, names = names, names + len(shape.names + shape.exact + shape.exceptions)
            if before <= MAX_NAMES < names:
                message = f"there are more than {MAX_NAMES:,} names up to here"
                self._report(key, message, "Delete entities that are no longer needed.")
            yield Entity(
                name=key.text, names=shape.names, exact=shape.exact, exceptions=shape.exceptions
            )

    def _chats(self) -> Iterator[Chat]:
        for key, node in self._named("chats"):
            if not key.text or key.text != key.text.strip():
                message = "the name of this chat is empty, or has spaces around it"
                self._report(key, message, "Write a word before the colon.")
            shape = self._shaped(ChatShape, node, key)
            if shape is None:
                continue
            place = Telegram(chat_id=shape.telegram, topic=shape.topic) if shape.telegram else None
            yield Chat(
                name=ChatName(key.text),
                destination=place or Terminal(),
                quiet_hours=shape.quiet_hours,
                timezone=shape.timezone,
                digest=shape.digest,
                max_per_hour=shape.max_per_hour,
            )

    def _rules(self, feeds: Sequence[Feed]) -> Iterator[Rule]:
        selection = _Selection(feeds)
        # By their keys, so that a mistake inside one does not make its name unknown.
        chats = self._names("chats") or {_SCREEN.name: None}
        entities = self._names("entities")
        seen: dict[str, Node] = {}
        for node in self._items("rules", MAX_RULES):
            shape = self._shaped(RuleShape, node, node)
            if shape is None:
                continue
            name = shape.name or _default_name(shape.match)
            self._once(seen, name, child(node, "name" if shape.name else "match"), "name")
            condition = self._condition(child(node, "match"), entities)
            watched = self._watched(node, shape.feeds, selection)
            self._check_chats(node, shape.send_to, chats)
            if condition:
                yield Rule(
                    name=RuleName(name),
                    match=shape.match,
                    condition=condition,
                    feeds=watched,
                    send_to=tuple(map(ChatName, dict.fromkeys(shape.send_to or chats))),
                    priority=shape.priority,
                    matching=shape.examples.match,
                    ignoring=shape.examples.ignore,
                )

    def _condition(self, node: Node, entities: dict[str, None]) -> Expression | None:
        """Answer the condition that *node* says; its problems stand where they are written."""
        assert isinstance(node, Scalar), "its shape is that of a text"
        condition = parse(node.text)
        if isinstance(condition, Problem):
            at = offset_of(node.text, condition.line, condition.column)
            place = self._tree.offset_in(node, at)
            self._report(place, condition.message, condition.hint)
            return None
        for term in terms(condition):
            if isinstance(term, EntityName) and term.name not in entities:
                meant = self._nearest(term.name, entities)
                hint = f"Did you mean {to_text(EntityName(meant))}?" if meant else _NO_ENTITY
                place = self._tree.offset_in(node, term.at)
                self._report(place, f"there is no entity @{clipped(term.name)}", hint)
        return condition

    def _watched(
        self, node: Node, selectors: tuple[str, ...] | None, selection: "_Selection"
    ) -> frozenset[str] | None:
        if selectors is None:
            return None
        if not selectors:
            message, hint = "this list selects no feed", "Delete the line to watch every feed."
            self._report(child(node, "feeds"), message, hint)
        for number, selector in enumerate(selectors):
            if not selection.of(selector) and not self._unread_feeds:
                meant = self._nearest(selector, selection.known())
                hint = (
                    f"Did you mean {meant}?" if meant else "Write tag:name, a name or an address."
                )
                place = child(node, "feeds", number)
                self._report(place, f"{clipped(selector)} selects no feed", hint)
        return selection.of_all(selectors)

    def _check_chats(
        self, node: Node, names: tuple[str, ...] | None, known: dict[str, None]
    ) -> None:
        if names is not None and not names:
            message, hint = "this list names no chat", "Delete the line to send to all chats."
            self._report(child(node, "send_to"), message, hint)
        for number, name in enumerate(names or ()):
            if name not in known:
                meant = self._nearest(name, known)
                hint = f"Did you mean {meant}?" if meant else "Write it under chats:."
                place = child(node, "send_to", number)
                self._report(place, f"there is no chat {clipped(name)}", hint)

    def _shaped(self, shape: type[ShapeType], node: Node, place: Node) -> ShapeType | None:
        """Answer *node* in its *shape*; what is wrong with all of it is told at *place*."""
        read, mistakes = shaped(shape, plain(node))
        for mistake in mistakes:
            self._report(self._place(node, mistake) or place, mistake.message, mistake.hint)
        if read is None and shape is FeedShape:
            self._unread_feeds = True
        return read

    @staticmethod
    def _place(node: Node, mistake: Mistake) -> Node | None:
        if not mistake.path:
            return None
        *way, last = mistake.path
        holder = child(node, *way)
        if mistake.on_key and isinstance(holder, Mapping):
            return holder.key(str(last))
        return child(holder, last)

    def _items(self, section: str, most: int) -> tuple[Node, ...]:
        """Answer the members of the list under the key *section*."""
        node = self._root.get(section)
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ()
        if not isinstance(node, yaml_nodes.Sequence):
            hint = "Write each in a line of its own that begins with - and a space."
            self._report(node, f"{section}: is a list", hint)
            return ()
        if len(node.items) > most:
            message = f"there are more than {most:,} {section}"
            self._report(node.items[most], message, "Delete what is no longer needed.")
        return node.items[:most]

    def _named(self, section: str) -> tuple[tuple[Scalar, Node], ...]:
        """Answer names and values under the key *section*."""
        node = self._root.get(section)
        if isinstance(node, Mapping):
            return node.pairs
        if node and not (isinstance(node, Scalar) and node.value is None):
            hint = "Write name: before each, without the -."
            self._report(node, f"everything under {section}: has a name", hint)
        return ()

    def _names(self, section: str) -> dict[str, None]:
        node = self._root.get(section)
        return {key.text: None for key, _ in node.pairs} if isinstance(node, Mapping) else {}

    def _once(self, seen: dict[str, Node], key: str, node: Node, what: str) -> None:
        if key in seen:
            line = self._tree.source.place(seen[key].start)[0]
            message = f"the {what} is the same as in line {line}"
            self._report(node, message, f"Delete one of them, or give it another {what}.")
        seen.setdefault(key, node)

    def _nearest(self, name: str, known: Iterable[str]) -> str | None:
        self._suggestions += 1
        return nearest(name, known) if self._suggestions <= _MOST_SUGGESTIONS else None

    def _report(self, place: Node | int, message: str, hint: str | None) -> None:
        at = place if isinstance(place, int) else place.start
        self.problems.append(self._tree.source.problem(at, message, hint))


class _Selection:
    """Which feeds a selector means: a tag, a name or an address."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._feeds: dict[str, list[str]] = {}
        for feed in feeds:
            ways = {*(f"{_TAG}{tag}" for tag in feed.tags), feed.name, same_address(feed.address)}
            for way in filter(None, ways):
                self._feeds.setdefault(way, []).append(feed.address)
        # Many rules name the same tags: they share one set, which may be large.
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, selector: str) -> list[str]:
        """Answer the addresses that one selector means."""
        return self._feeds.get(selector) or self._feeds.get(same_address(selector)) or []

    def of_all(self, selectors: tuple[str, ...]) -> frozenset[str]:
        """Answer the addresses that any of *selectors* means."""
        if selectors not in self._known:
            self._known[selectors] = frozenset(chain.from_iterable(map(self.of, selectors)))
        return self._known[selectors]

    def known(self) -> Iterable[str]:
        """Answer the selectors that mean a feed."""
        return self._feeds


def _default_name(match: str) -> str:
    name = " ".join(match.split())
    short = name[: MAX_DEFAULT_NAME - 1].rstrip()
    return name if len(name) <= MAX_DEFAULT_NAME else f"{short}\u2026"
