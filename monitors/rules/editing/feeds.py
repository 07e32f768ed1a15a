"""Feeds added to and removed from the text of rules.yaml; every other line stays as it is.

The text is spliced at the places of its nodes, never written anew, so comments, quotation
marks and line ends survive. YAML can be written in more ways than can be foreseen. So each
edit is a few tries, and the first that reads back as what was asked for counts.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from monitors.feeds.feed import Feed
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules import document, yaml_nodes
from monitors.rules.checking import failing_example
from monitors.rules.entities import NoPacks, Packs
from monitors.rules.reading import shaped
from monitors.rules.rulebook import Rulebook
from monitors.rules.schema import FeedShape
from monitors.rules.values import Network, is_near, same_address
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree, quoted
from monitors.rules.yaml_text import line_after, line_start, spliced, with_lines
from monitors.stories.links import canonical

_MARK = "\ufeff"  # of the byte order, which some editors write first
_LINE_END = re.compile(r"\r\n?|\n")
_REST_OF_ITEM = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_INDENT = 2
_UNWRITABLE = "the feed cannot be written into this file"
_NO_PACKS = NoPacks()

Read: TypeAlias = Callable[[str], document.Reading]


@dataclass(frozen=True, slots=True)
class _File:
    """A text that can be edited; `root` is None if it says nothing."""

    tree: Tree
    root: Mapping | None
    rulebook: Rulebook

    @property
    def text(self) -> str:
        return self.tree.source.text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed that is to be added.

    Attributes:
        address: as the user gave it.
        name: what to call it; None means its own title.
        tags: what rules select it by.
    """

    address: str
    name: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A text to which feeds were added.

    Attributes:
        text: the same as before if none is new.
        added: addresses that are new in it.
        known: addresses that were there already, or were given twice.
        refused: addresses that cannot be polled, each with the reason.
    """

    text: str
    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A feed that is to be written, and its tags in their order."""

    feed: Feed
    tags: tuple[str, ...]

    def keys(self, *, flow: bool) -> list[str]:
        """Answer what stands in it; only the address if there is nothing else."""
        address = quoted(self.feed.address, flow=flow)
        keys = [f"name: {quoted(self.feed.name, flow=flow)}"] if self.feed.name else []
        if self.tags:
            keys.append(f"tags: [{', '.join(quoted(tag, flow=True) for tag in self.tags)}]")
        return [f"url: {address}", *keys] if keys else [address]


@dataclass(frozen=True, slots=True)
class _Items:
    """The feeds that are to be written."""

    items: Sequence[_Item]

    def inline(self) -> str:
        """Answer them as they stand in brackets."""
        written = (item.keys(flow=True) for item in self.items)
        return ", ".join(f"{{{', '.join(keys)}}}" if keys[1:] else keys[0] for keys in written)

    def lines(self) -> list[str]:
        """Answer them as lines of a list."""
        lines: list[str] = []
        for item in self.items:
            first, *rest = item.keys(flow=False)
            lines += (f"- {first}", *(f"  {key}" for key in rest))
        return lines


def add_feed(  # noqa: PLR0913 -- a feed has these values, and rules.yaml is read with the others
    text: str,
    address: str,
    *,
    name: str | None = None,
    tags: Collection[str] = (),
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
) -> str | Problem:
    """Answer *text* with one feed more, the last, or why that cannot be.

    Args:
        text: rules.yaml without problems, whose examples do what they should; may be empty.
        address: of the feed, as the user gave it.
        name: what to call it; None means its own title.
        tags: what rules select it by.
        networks: as for `read_rulebook`.
        packs: as for `read_rulebook`.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _read(text.removeprefix(_MARK), read)
    if isinstance(file, Problem):
        return file
    item = _item(NewFeed(address=address, name=name, tags=tuple(tags)), networks)
    if isinstance(item, Problem):
        return item
    known = [one_feed(feed.address) for feed in file.rulebook.feeds]
    if (same := one_feed(item.feed.address)) in known:
        at = _feed_nodes(file)[known.index(same)].start
        return file.tree.source.problem(at, "this feed is here already", "Nothing needs to change.")
    return _with_items(text, file, (item,), read)


def add_feeds(
    text: str,
    feeds: Iterable[NewFeed],
    *,
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
) -> Addition | Problem:
    """Answer *text* with those of *feeds* that are new and usable, or why it cannot be edited.

    As `add_feed`, but the file is read twice, however many there are. Two addresses that
    `one_feed` calls equal count as one; a name or tags that cannot be used are left out.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _read(text.removeprefix(_MARK), read)
    if isinstance(file, Problem):
        return file
    seen = {one_feed(feed.address) for feed in file.rulebook.feeds}
    room = document.MAX_FEEDS - len(file.rulebook.feeds)
    items: list[_Item] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for new in feeds:
        item = _item(new, networks)
        if isinstance(item, Problem):
            item = _item(NewFeed(address=new.address), networks)
        if isinstance(item, Problem):
            refused.append((new.address, item.message))
        elif (same := one_feed(item.feed.address)) in seen:
            known.append(new.address)
        elif len(items) == room:
            refused.append((new.address, f"there is room for {document.MAX_FEEDS:,} feeds"))
        else:
            seen.add(same)
            items.append(item)
    edited = _with_items(text, file, items, read) if items else text
    if isinstance(edited, Problem):
        return edited
    added = tuple(item.feed.address for item in items)
    return Addition(text=edited, added=added, known=tuple(known), refused=tuple(refused))


def one_feed(address: str) -> str:
    """Answer what is equal for two addresses that most likely lead to one feed."""
    return canonical(address) or same_address(address)


def remove_feed(
    text: str, address: str, *, networks: Sequence[Network] = (), packs: Packs = _NO_PACKS
) -> str | Problem:
    """Answer *text* without the feed at *address*, or why that cannot be.

    It cannot if a rule would be left with a selector that selects nothing, or if an example
    does not do what is said of it.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _read(text.removeprefix(_MARK), read)
    if isinstance(file, Problem):
        return file
    number = _number(file, address)
    if number is None:
        hint = "Write its address as rules.yaml has it."
        return Problem(message=f"there is no feed {clipped(address)}", hint=hint)
    feeds = file.rulebook.feeds
    expected = (*feeds[:number], *feeds[number + 1 :])
    edited = _first_that_reads(_removals(file, number), expected, file, read)
    if isinstance(edited, Problem):
        message = f"without this feed, {edited.message}"
        return replace(edited, message=message, hint="Change that first.")
    return _MARK + edited if text.startswith(_MARK) else edited


def _read(text: str, read: Read) -> _File | Problem:
    reading = read(text)
    if reading.tree and reading.tree.root is None:
        nothing = document.read("{}").rulebook
        assert nothing, "every key has a default"
        return _File(reading.tree, None, nothing)
    if reading.rulebook is None:
        return reading.problems[0]
    # The edits leave the rules as they are, so what fails after them fails before.
    if failing := failing_example(reading):
        return failing
    assert reading.tree, "a rulebook was read from it"
    assert isinstance(reading.tree.root, Mapping), "a rulebook is keys and values"
    return _File(reading.tree, reading.tree.root, reading.rulebook)


def _item(new: NewFeed, networks: Sequence[Network]) -> _Item | Problem:
    """Answer *new* as rules.yaml would say it, or what is wrong with it."""
    if any(map(yaml_nodes.UNUSABLE.search, (new.address, new.name or "", *new.tags))):
        return Problem(message=_UNWRITABLE, hint="There is an invisible character in it.")
    values = {"url": new.address, "name": new.name, "tags": list(new.tags)}
    shape, mistakes = shaped(FeedShape, values)
    if mistakes or shape is None:
        return Problem(message=mistakes[0].message, hint=mistakes[0].hint)
    feed = Feed(
        address=shape.url,
        name=shape.name,
        tags=frozenset(shape.tags),
        near=is_near(shape.url, networks),
    )
    return _Item(feed, tuple(dict.fromkeys(shape.tags)))


def _with_items(text: str, file: _File, items: Sequence[_Item], read: Read) -> str | Problem:
    """Answer *text* with *items* behind the feeds of *file*."""
    expected = (*file.rulebook.feeds, *(item.feed for item in items))
    edited = _first_that_reads(_additions(file, _Items(items)), expected, file, read)
    if isinstance(edited, Problem):
        return replace(edited, message=_UNWRITABLE, hint="Write feeds: as a list, a line for each.")
    return _MARK + edited if text.startswith(_MARK) else edited


def _number(file: _File, address: str) -> int | None:
    """Answer which of the feeds is at *address*."""
    wanted = same_address(address.strip())
    addresses = (same_address(feed.address) for feed in file.rulebook.feeds)
    return next((number for number, each in enumerate(addresses) if each == wanted), None)


def _feed_nodes(file: _File) -> tuple[Node, ...]:
    node = file.root.get("feeds") if file.root else None
    return node.items if isinstance(node, yaml_nodes.Sequence) else ()


def _first_that_reads(
    tries: Iterable[str], feeds: tuple[Feed, ...], file: _File, read: Read
) -> str | Problem:
    """Answer the first text that has these *feeds* and else says what *file* says."""
    problems: list[Problem] = []
    for text in tries:
        reading = read(text)
        problems += (_in_old(file.text, text, problem) for problem in reading.problems[:1])
        book = reading.rulebook
        if book and book.feeds == feeds and _rest(book) == _rest(file.rulebook):
            return text
    unclear = Problem(message="the file would say something else", hint="Edit it by hand.")
    return problems[0] if problems else unclear


def _in_old(old: str, new: str, problem: Problem) -> Problem:
    """Answer *problem* of the *new* text at the line that it has in the *old* one."""
    before, after = old.split("\n"), new.split("\n")
    pairs = enumerate(zip(before, after, strict=False), start=1)
    changed = next((line for line, (was, now) in pairs if was != now), len(after))
    if problem.file:
        return problem
    moved = len(before) - len(after) if problem.line >= changed else 0
    return replace(problem, line=max(1, problem.line + moved))


def _rest(book: Rulebook) -> Rulebook:
    rules = tuple(replace(rule, feeds=None) for rule in book.rules)
    return replace(book, digest="", feeds=(), rules=rules)


def _additions(file: _File, new: _Items) -> Iterator[str]:
    text, root = file.text, file.root
    node = root.get("feeds") if root else None
    if root is None or (node is None and not root.flow):
        indent = file.tree.source.place(root.start)[1] - 1 if root else 0
        section = ("feeds:", *(f"{' ' * _INDENT}{line}" for line in new.lines()))
        yield with_lines(text, len(text), section, indent)
        if root:
            yield with_lines(text, line_start(text, root.start), section, indent)
    elif node is None:
        comma = ", " if root.pairs else ""
        yield spliced(text, root.start + 1, f"feeds: [{new.inline()}]{comma}")
    elif isinstance(node, Scalar):
        yield from _first_feeds(file, root, node, new)
    elif isinstance(node, yaml_nodes.Sequence) and node.flow:
        at = node.items[-1].end if node.items else node.start + 1
        yield spliced(text, at, f", {new.inline()}" if node.items else new.inline())
    else:
        indent = file.tree.source.place(node.start)[1] - 1
        yield with_lines(text, line_after(text, _end(node)), new.lines(), indent)


def _first_feeds(file: _File, root: Mapping, empty: Scalar, new: _Items) -> Iterator[str]:
    """Yield the text with *new* feeds where nothing stands after `feeds:`."""
    text = file.text
    key = root.key("feeds")
    assert key, "its value was found"
    if not root.flow:
        without = spliced(text, empty.start, "", empty.end)
        indent = file.tree.source.place(key.start)[1] - 1 + _INDENT
        yield with_lines(without, line_after(without, empty.start), new.lines(), indent)
    yield spliced(text, empty.start, f" [{new.inline()}]", empty.end)


def _removals(file: _File, number: int) -> Iterator[str]:
    text, items = file.text, _feed_nodes(file)
    node = file.root.get("feeds") if file.root else None
    item = items[number]
    if not isinstance(node, yaml_nodes.Sequence) or node.flow:
        yield from _flow_removals(text, items, number)
        return
    dash = file.tree.source.place(node.start)[1] - 1
    start = line_start(text, item.start)
    while start and text[start : start + dash + 1] != " " * dash + "-":
        start = line_start(text, start - 1)
    yield spliced(text, start, "", line_after(text, _end(item)))


def _flow_removals(text: str, items: tuple[Node, ...], number: int) -> Iterator[str]:
    item = items[number]
    start = line_start(text, item.start)
    own_line = _REST_OF_ITEM.match(text, item.end)
    if own_line and not text[start : item.start].strip(" \t"):
        yield spliced(text, start, "", own_line.end())
    if comma := _COMMA.match(text, item.end):
        yield spliced(text, item.start, "", comma.end())
    before = items[number - 1].end if number else item.start
    if not _LINE_END.search(text, before, item.start):
        yield spliced(text, before, "", item.end)
    yield spliced(text, item.start, "", item.end)


def _end(node: Node) -> int:
    """Answer where the last character of *node* stands; what is in no brackets ends later."""
    if isinstance(node, Scalar) or node.flow:
        return node.end
    last = node.items[-1] if isinstance(node, yaml_nodes.Sequence) else node.pairs[-1][1]
    return _end(last)
