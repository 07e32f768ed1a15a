"""Feeds added to and removed from the text of rules.yaml; every other line stays as it is.

The text is spliced at the places of its nodes, never written anew, so comments, quotation
marks and line ends survive. YAML can be written in more ways than can be foreseen. So each
edit is a few tries, and the first that reads back as what was asked for counts.
"""

import json
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
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree

_MARK = "\ufeff"  # of the byte order, which some editors write first
_LINE_END = re.compile(r"\r\n?|\n")
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")
_REST_OF_ITEM = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_INDENT = 2
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


@dataclass(frozen=True, slots=True)
class _Item:
    """A feed that is to be written."""

    address: str
    name: str | None
    tags: tuple[str, ...]

    def inline(self) -> str:
        """Answer it as it stands in brackets."""
        keys = self._keys(flow=True)
        return f"{{{', '.join(keys)}}}" if len(keys) > 1 else _quoted(self.address, flow=True)

    def lines(self) -> tuple[str, ...]:
        """Answer it as lines of a list."""
        first, *rest = self._keys(flow=False)
        if not rest:
            return (f"- {_quoted(self.address, flow=False)}",)
        return (f"- {first}", *(f"  {key}" for key in rest))

    def _keys(self, *, flow: bool) -> list[str]:
        keys = [f"url: {_quoted(self.address, flow=flow)}"]
        if self.name:
            keys.append(f"name: {_quoted(self.name, flow=flow)}")
        if self.tags:
            keys.append(f"tags: [{', '.join(_quoted(tag, flow=True) for tag in self.tags)}]")
        return keys


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
    shape, mistakes = shaped(FeedShape, {"url": address, "name": name, "tags": list(tags)})
    if mistakes or shape is None:
        return Problem(message=mistakes[0].message, hint=mistakes[0].hint)
    feed = Feed(
        address=shape.url,
        name=shape.name,
        tags=frozenset(shape.tags),
        near=is_near(shape.url, networks),
    )
    if (number := _number(file, feed.address)) is not None:
        at = _feed_nodes(file)[number].start
        return file.tree.source.problem(at, "this feed is here already", "Nothing needs to change.")
    expected = (*file.rulebook.feeds, feed)
    item = _Item(shape.url, shape.name, tuple(dict.fromkeys(shape.tags)))
    edited = _first_that_reads(_additions(file, item), expected, file, read)
    if isinstance(edited, Problem):
        message = "the feed cannot be written into this file"
        return replace(edited, message=message, hint="Write feeds: as a list, a line for each.")
    return _MARK + edited if text.startswith(_MARK) else edited


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


def _additions(file: _File, item: _Item) -> Iterator[str]:
    text, root = file.text, file.root
    node = root.get("feeds") if root else None
    if root is None or (node is None and not root.flow):
        indent = file.tree.source.place(root.start)[1] - 1 if root else 0
        section = ("feeds:", *(f"{' ' * _INDENT}{line}" for line in item.lines()))
        yield _with_lines(text, len(text), section, indent)
        if root:
            yield _with_lines(text, _line_start(text, root.start), section, indent)
    elif node is None:
        comma = ", " if root.pairs else ""
        yield _spliced(text, root.start + 1, f"feeds: [{item.inline()}]{comma}")
    elif isinstance(node, Scalar):
        yield from _first_feed(file, root, node, item)
    elif isinstance(node, yaml_nodes.Sequence) and node.flow:
        at = node.items[-1].end if node.items else node.start + 1
        yield _spliced(text, at, f", {item.inline()}" if node.items else item.inline())
    else:
        indent = file.tree.source.place(node.start)[1] - 1
        yield _with_lines(text, _line_after(text, _end(node)), item.lines(), indent)


def _first_feed(file: _File, root: Mapping, empty: Scalar, item: _Item) -> Iterator[str]:
    """Yield the text with *item* where nothing stands after `feeds:`."""
    text = file.text
    key = root.key("feeds")
    assert key, "its value was found"
    if not root.flow:
        without = _spliced(text, empty.start, "", empty.end)
        indent = file.tree.source.place(key.start)[1] - 1 + _INDENT
        yield _with_lines(without, _line_after(without, empty.start), item.lines(), indent)
    yield _spliced(text, empty.start, f" [{item.inline()}]", empty.end)


def _removals(file: _File, number: int) -> Iterator[str]:
    text, items = file.text, _feed_nodes(file)
    node = file.root.get("feeds") if file.root else None
    item = items[number]
    if not isinstance(node, yaml_nodes.Sequence) or node.flow:
        yield from _flow_removals(text, items, number)
        return
    dash = file.tree.source.place(node.start)[1] - 1
    start = _line_start(text, item.start)
    while start and text[start : start + dash + 1] != " " * dash + "-":
        start = _line_start(text, start - 1)
    yield _spliced(text, start, "", _line_after(text, _end(item)))


def _flow_removals(text: str, items: tuple[Node, ...], number: int) -> Iterator[str]:
    item = items[number]
    start = _line_start(text, item.start)
    own_line = _REST_OF_ITEM.match(text, item.end)
    if own_line and not text[start : item.start].strip(" \t"):
        yield _spliced(text, start, "", own_line.end())
    if comma := _COMMA.match(text, item.end):
        yield _spliced(text, item.start, "", comma.end())
    before = items[number - 1].end if number else item.start
    if not _LINE_END.search(text, before, item.start):
        yield _spliced(text, before, "", item.end)
    yield _spliced(text, item.start, "", item.end)


def _quoted(value: str, *, flow: bool) -> str:
    """Answer *value* as YAML writes it, in quotation marks if it needs any."""
    single = "'" + value.replace("'", "''") + "'"
    for written in (value, single):
        tree = yaml_nodes.read(f"[{written}]" if flow else f"- {written}")
        if not isinstance(tree, Problem) and tree.root and yaml_nodes.plain(tree.root) == [value]:
            return written
    return json.dumps(value, ensure_ascii=False)


def _end(node: Node) -> int:
    """Answer where the last character of *node* stands; what is in no brackets ends later."""
    if isinstance(node, Scalar) or node.flow:
        return node.end
    last = node.items[-1] if isinstance(node, yaml_nodes.Sequence) else node.pairs[-1][1]
    return _end(last)


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_after(text: str, at: int) -> int:
    """Answer where the line after offset *at* begins; a block of text ends there already."""
    if at and text[at - 1] in "\r\n":
        return at
    rest = _REST_OF_LINE.match(text, at)
    return rest.end() if rest else at


def _with_lines(text: str, at: int, lines: Iterable[str], indent: int) -> str:
    """Answer *text* with *lines* before the one that begins at offset *at*."""
    line_end = _LINE_END.search(text, max(0, at - len("\r\n"))) or _LINE_END.search(text)
    end = line_end[0] if line_end else "\n"
    block = end.join(f"{' ' * indent}{line}" for line in lines)
    unended = at > 0 and text[at - 1] not in "\r\n"
    return _spliced(text, at, f"{end}{block}" if unended else f"{block}{end}")


def _spliced(text: str, at: int, new: str, end: int | None = None) -> str:
    return text[:at] + new + text[at if end is None else end :]
