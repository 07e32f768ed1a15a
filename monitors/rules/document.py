"""The text of rules.yaml to a `Rulebook`, or all that is wrong with it at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from monitors.feeds.feed import Feed
from monitors.language.expression import EntityName, Expression, terms
from monitors.language.grammar import parse
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.polling.manners import Manners
from monitors.rules import yaml_nodes
from monitors.rules.entities import Library, NoPacks, Packs
from monitors.rules.places import addressing
from monitors.rules.places.addressing import AnyReach, Reach
from monitors.rules.reading import FileReader, child, is_empty, unknown_key
from monitors.rules.rulebook import (
    FAST,
    Apprise,
    BreakOut,
    Chat,
    ChatName,
    Destination,
    Rule,
    Rulebook,
    RuleName,
    Telegram,
    Terminal,
)
from monitors.rules.schema import (
    ChatShape,
    FeedShape,
    FileShape,
    PollingShape,
    RuleShape,
)
from monitors.rules.values import Network, Wrong, host, is_near, same_address
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree
from monitors.rules.yaml_text import offset_of
from monitors.times import duration_text

MAX_FEEDS = 20_000
MAX_RULES = 100_000
MAX_HOSTS = 1_000
MAX_DEFAULT_NAME = 60
SHORTEST = timedelta(minutes=1)
SHORTEST_NEAR = timedelta(seconds=1)

_SCREEN = Chat(name=ChatName("screen"), destination=Terminal())
_NO_PACKS = NoPacks()
_ANYWHERE = AnyReach()
_TAG = "tag:"
_AT = re.compile("[@\uff20]")


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


def read_rulebook(
    text: str,
    *,
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
    reach: Reach = _ANYWHERE,
    needs: Iterable[str] = (),
) -> Rulebook | tuple[Problem, ...]:
    """Answer what *text* says, or all that is wrong with it, in the order of the places.

    Args:
        text: rules.yaml.
        networks: private networks whose feeds may be polled every second.
        packs: where the packs of entities come from that it uses.
        reach: what Apprise reaches; by default its addresses are not looked at.
        needs: names of entities that have to be there, too, if they are anywhere.
    """
    reading = read(text, networks=networks, packs=packs, reach=reach, needs=needs)
    return reading.rulebook or reading.problems


def read(
    text: str,
    *,
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
    reach: Reach = _ANYWHERE,
    needs: Iterable[str] = (),
) -> Reading:
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
    reader = _Reader(tree, root, networks, packs, reach)
    rulebook = reader.rulebook(text, needs)
    problems = sorted(reader.problems, key=lambda each: (each.line, each.column))
    problems += reader.library.problems
    return Reading(rulebook=None if problems else rulebook, problems=tuple(problems), tree=tree)


class _Reader(FileReader):
    """Reads rules.yaml, and what it uses of packs."""

    def __init__(
        self,
        tree: Tree,
        root: Mapping,
        networks: Sequence[Network],
        packs: Packs,
        reach: Reach,
    ) -> None:
        super().__init__(tree)
        self._reach = reach
        self.library = Library(self, packs)
        self._root = root
        self._networks = networks
        self._unread_feeds = False

    def rulebook(self, text: str, needs: Iterable[str]) -> Rulebook:
        """Answer all that could be read; *text* is that of the file, *needs* as for `read`."""
        for key, _ in self._root.pairs:
            if key.text not in FileShape.known_keys():
                self.report(key, *unknown_key(key.text, FileShape.known_keys()))
        feeds = tuple(self._feeds())
        manners = self._manners()
        self.library.define(self._named("entities"))
        chats = tuple(self._chats())
        rules = tuple(self._rules(feeds))
        for name in needs:
            self.library.use(name)
        entities = self.library.finish()
        return Rulebook(
            digest=self.library.digest(text, entities),
            manners=manners,
            feeds=feeds,
            entities=entities,
            rules=rules,
            chats=chats or (_SCREEN,),
        )

    def _feeds(self) -> Iterator[Feed]:
        seen: dict[str, Node] = {}
        for node in self.items(self._root.get("feeds"), "feeds", MAX_FEEDS):
            shape = self.shaped(FeedShape, node, node)
            if shape is None:
                self._unread_feeds = True
                continue
            self.once(seen, same_address(shape.url), child(node, "url"), "address")
            near = is_near(shape.url, self._networks)
            fixed = shape.every if isinstance(shape.every, timedelta) else None
            least, most = shape.every if isinstance(shape.every, tuple) else (None, None)
            shortest = SHORTEST_NEAR if near else SHORTEST
            if (soonest := fixed or least) and soonest < shortest:
                message = f"{duration_text(soonest)} is too short for this address"
                hint = f"Write {duration_text(shortest)} or more, or auto."
                self.report(child(node, "every"), message, hint)
            yield Feed(
                address=shape.url,
                name=shape.name,
                tags=frozenset(shape.tags),
                every=fixed,
                at_least=least,
                at_most=most,
                catch_up=shape.catch_up,
                full_text=shape.full_text,
                near=near,
            )

    def _manners(self) -> Manners:
        node, usual = self._root.get("polling"), Manners()
        shape = None
        if node and not is_empty(node):
            shape = self.shaped(PollingShape, node, node)
        if node is None or shape is None:
            return usual
        least, most = shape.every or (usual.at_least, usual.at_most)
        if least < SHORTEST:
            message = f"{duration_text(least)} is too short for all feeds"
            hint = (
                f"Write {duration_text(SHORTEST)} or more; feeds may have an every: of their own."
            )
            self.report(child(node, "every"), message, hint)
        return Manners(
            at_least=least,
            at_most=most,
            requests_a_day=shape.requests_per_day,
            pages_a_day=shape.pages_per_day,
            hosts=dict(self._hosts(node, shape.hosts)),
        )

    def _hosts(self, node: Node, gaps: dict[str, timedelta]) -> Iterator[tuple[str, timedelta]]:
        seen: dict[str, Node] = {}
        pairs = self.named(child(node, "hosts"), "hosts") if gaps else ()
        for number, (key, _) in enumerate(pairs):
            if number == MAX_HOSTS:
                message = f"there are more than {MAX_HOSTS:,} hosts"
                self.report(key, message, "Delete what is no longer needed.")
                return
            try:
                name = host(key.text)
            except Wrong as wrong:
                self.report(key, wrong.message, wrong.hint)
                continue
            self.once(seen, name, key, "host")
            yield name, gaps[key.text]

    def _chats(self) -> Iterator[Chat]:
        for key, node in self._named("chats"):
            if not key.text or key.text != key.text.strip():
                message = "the name of this chat is empty, or has spaces around it"
                self.report(key, message, "Write a word before the colon.")
            shape = self.shaped(ChatShape, node, key)
            if shape is None:
                continue
            yield Chat(
                name=ChatName(key.text),
                destination=self._destination(node, shape),
                quiet_hours=shape.quiet_hours,
                timezone=shape.timezone,
                digest=shape.digest,
                max_per_hour=shape.max_per_hour,
                stories=shape.stories,
                preview=shape.preview,
                silent=shape.silent,
                owners=frozenset(shape.owners),
            )

    def _destination(self, node: Node, shape: ChatShape) -> Destination:
        if shape.telegram:
            return Telegram(chat_id=shape.telegram, topic=shape.topic)
        if not shape.apprise:
            return Terminal()
        addresses = []
        for number, written in enumerate(shape.apprise):
            found = addressing.resolved(written, self._reach)
            if isinstance(found, str):
                addresses.append(found)
            else:
                self.report(child(node, "apprise", number), *found)
        return Apprise(addresses=tuple(addresses))

    def _rules(self, feeds: Sequence[Feed]) -> Iterator[Rule]:
        selection = _Selection(feeds)
        # By their keys, so that a mistake inside one does not make its name unknown.
        chats = self._names("chats") or {_SCREEN.name: None}
        seen: dict[str, Node] = {}
        for node in self.items(self._root.get("rules"), "rules", MAX_RULES):
            shape = self.shaped(RuleShape, node, node)
            if shape is None:
                continue
            name = shape.name or _default_name(shape.match)
            self.once(seen, name, child(node, "name" if shape.name else "match"), "name")
            condition = self._condition(child(node, "match"))
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
                    partial=shape.partial,
                    break_out=BreakOut(
                        outlets=tuple(each for each in shape.break_out if isinstance(each, int)),
                        fast=FAST in shape.break_out,
                    ),
                    paused=shape.paused,
                    matching=shape.examples.match,
                    ignoring=shape.examples.ignore,
                )

    def _condition(self, node: Node) -> Expression | None:
        """Answer the condition that *node* says; its problems stand where they are written."""
        assert isinstance(node, Scalar), "its shape is that of a text"
        condition = parse(node.text)
        if isinstance(condition, Problem):
            at = offset_of(node.text, condition.line, condition.column)
            self.report(self.inside(node, at), condition.message, condition.hint)
            return None
        # Most conditions name no entity: then there is nothing to look for in them.
        named = terms(condition) if _AT.search(node.text) else ()
        for term in named:
            if isinstance(term, EntityName) and (trouble := self.library.use(term.name)):
                self.report(self.inside(node, term.at), *trouble)
        return condition

    def _watched(
        self, node: Node, selectors: tuple[str, ...] | None, selection: "_Selection"
    ) -> frozenset[str] | None:
        if selectors is None:
            return None
        if not selectors:
            message, hint = "this list selects no feed", "Delete the line to watch every feed."
            self.report(child(node, "feeds"), message, hint)
        for number, selector in enumerate(selectors):
            if not selection.of(selector) and not self._unread_feeds:
                meant = self.nearest(selector, selection.known())
                hint = (
                    f"Did you mean {meant}?" if meant else "Write tag:name, a name or an address."
                )
                place = child(node, "feeds", number)
                self.report(place, f"{clipped(selector)} selects no feed", hint)
        return selection.of_all(selectors)

    def _check_chats(
        self, node: Node, names: tuple[str, ...] | None, known: dict[str, None]
    ) -> None:
        if names is not None and not names:
            message, hint = "this list names no chat", "Delete the line to send to all chats."
            self.report(child(node, "send_to"), message, hint)
        for number, name in enumerate(names or ()):
            if name not in known:
                meant = self.nearest(name, known)
                hint = f"Did you mean {meant}?" if meant else "Write it under chats:."
                place = child(node, "send_to", number)
                self.report(place, f"there is no chat {clipped(name)}", hint)

    def _named(self, section: str) -> tuple[tuple[Scalar, Node], ...]:
        return self.named(self._root.get(section), section)

    def _names(self, section: str) -> dict[str, None]:
        node = self._root.get(section)
        return {key.text: None for key, _ in node.pairs} if isinstance(node, Mapping) else {}


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
