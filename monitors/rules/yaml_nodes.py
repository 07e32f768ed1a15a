"""YAML text to nodes that know their places, and to plain data.

Scalars are typed by a few rules of YAML 1.2, so that `10:30`, `no` and `on` are texts.
What a hostile file could do is bounded: depth, number of nodes, and aliases counted as
often as they are used. PyYAML's events are read one by one, because its own composer
calls itself for every level and takes names such as `on` for something else.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import yaml

from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules.yaml_text import Source, offsets_in_scalar, source, syntax_refusal

MAX_CHARACTERS = 64_000_000
MAX_NODES = 3_000_000
MAX_DEPTH = 20
MAX_TEXT = 200_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one, where it was built
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # as Python writes it: nothing gets lost
UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")

PlainScalar: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, true or false, or nothing.

    Attributes:
        style: empty for a plain one, else one of `'`, `"`, `|`, `>`.
        start, end: half-open span in the file.
    """

    text: str
    style: str
    start: int
    end: int

    @property
    def value(self) -> PlainScalar:
        """Answer what a reader takes it for; only plain ones are anything but text."""
        if self.style:
            return self.text
        if self.text in _NULL:
            return None
        if _WHOLE.fullmatch(self.text):
            return int(self.text)
        return _BOOLEANS.get(self.text, self.text)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list.

    Attributes:
        flow: whether it is written in brackets; if not, `end` is where what follows begins.
    """

    items: tuple["Node", ...]
    flow: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their values, in order; `flow` as in `Sequence`."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    flow: bool
    start: int
    end: int

    def key(self, name: str) -> Scalar | None:
        """Answer the key *name* as it is written."""
        return next((key for key, _ in self.pairs if key.text == name), None)

    def get(self, name: str) -> "Node | None":
        """Answer the value of the key *name*."""
        return next((value for key, value in self.pairs if key.text == name), None)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Tree:
    """A YAML file.

    Attributes:
        root: None where the file says nothing.
        problems: what is wrong in spite of which the rest could be read.
        anchors: whether values have names (`&name`), by which they may be used again.
    """

    source: Source
    root: Node | None
    problems: tuple[Problem, ...]
    anchors: bool = False

    def offset_in(self, scalar: Scalar, at: int) -> int:
        """Answer where in the file the character at offset *at* of the scalar's text stands."""
        return self.offsets_in(scalar)[at]

    def offsets_in(self, scalar: Scalar) -> tuple[int, ...]:
        """Answer where in the file each character of the scalar's text stands, and its end."""
        raw = self.source.text[scalar.start : scalar.end]
        offsets = offsets_in_scalar(raw, scalar.text, scalar.style)
        return tuple(scalar.start + offset for offset in offsets)


def read(text: str) -> Tree | Problem:
    """Answer the nodes of *text* (without a byte order mark), or why it is no YAML."""
    lines = source(text)
    if len(text) > MAX_CHARACTERS:
        message = f"the file is longer than {MAX_CHARACTERS:,} characters"
        return lines.problem(MAX_CHARACTERS, message, "Delete what is no longer needed.")
    if unusable := UNUSABLE.search(text):
        message = "there is a character here that no text file should have"
        return lines.problem(unusable.start(), message, "Delete it and type the text anew.")
    builder = _Builder(lines)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not builder.takes_plainly(event) and (problem := builder.take(event)):
                return problem
    except yaml.MarkedYAMLError as error:
        return lines.problem(*syntax_refusal(text, error))
    return Tree(lines, builder.root, tuple(builder.problems), builder.anchors)


def plain(node: Node) -> object:
    """Answer *node* as dicts, lists and scalars; of equal keys the first counts."""
    match node:
        case Scalar():
            return node.value
        case Sequence(items):
            return [plain(item) for item in items]
        case Mapping(pairs):
            return {key.text: plain(value) for key, value in reversed(pairs)}


@lru_cache(maxsize=1_000)
def quoted(value: str, *, flow: bool) -> str:
    """Answer *value* as YAML writes it, in quotation marks if it needs any.

    Args:
        value: a text.
        flow: whether it stands in brackets.
    """
    single = "'" + value.replace("'", "''") + "'"
    for written in (value, single):
        tree = read(f"[{written}]" if flow else f"- {written}")
        if not isinstance(tree, Problem) and tree.root and plain(tree.root) == [value]:
            return written
    doubled = json.dumps(value, ensure_ascii=False)
    # Ends of lines to YAML, though not to JSON.
    return re.sub("[\x85\u2028\u2029]", lambda end: f"\\u{ord(end[0]):04x}", doubled)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end is still to come."""

    is_mapping: bool
    flow: bool
    start: int
    anchor: str | None
    counted: int
    children: list[Node]


class _Builder:
    """Puts the events of one file together."""

    def __init__(self, lines: Source) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._lines = lines
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0

    @property
    def anchors(self) -> bool:
        """Answer whether values have names."""
        return bool(self._anchors)

    def takes_plainly(self, event: yaml.Event) -> bool:
        """Take the next event if it is what most are: a short way for files of 100,000 rules."""
        if type(event) is not yaml.ScalarEvent or event.style == '"' or event.tag or event.anchor:
            return False
        start, end = event.start_mark, event.end_mark
        if not self._open or self._count >= MAX_NODES or start is None or end is None:
            return False
        if len(event.value) > MAX_TEXT:
            return False
        self._count += 1
        scalar = Scalar(event.value, event.style or "", start.index, end.index)
        self._open[-1].children.append(scalar)
        return True

    def take(self, event: yaml.Event) -> Problem | None:
        """Take the next event; answer what makes it pointless to go on."""
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event)
            case yaml.CollectionStartEvent():
                return self._begin(event)
            case yaml.CollectionEndEvent():
                return self._finish(event)
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.DocumentStartEvent() if self.root:
                at = _offset(event.start_mark)
                hint = "Delete this line: everything stands in one document."
                return self._lines.problem(at, "a second document begins here", hint)
        return None

    def _scalar(self, event: yaml.ScalarEvent) -> Problem | None:
        start = self._start(event)
        if len(event.value) > MAX_TEXT:
            message = f"this text is longer than {MAX_TEXT:,} characters"
            return self._lines.problem(start, message, "Make several of it.")
        if event.style == '"' and UNUSABLE.search(event.value):
            hint = "Delete the \\ and what belongs to it."
            self._report(start, "this text has a character that cannot be used", hint)
        scalar = Scalar(event.value, event.style or "", start, _offset(event.end_mark))
        if event.anchor:
            self._anchors[event.anchor] = (scalar, 1)
        return self._add(scalar, 1)

    def _begin(self, event: yaml.CollectionStartEvent) -> Problem | None:
        start = self._start(event)
        if len(self._open) == MAX_DEPTH:
            message = f"lists and keys stand more than {MAX_DEPTH} deep in one another"
            return self._lines.problem(start, message, "Nothing here needs more than five.")
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        flow = bool(event.flow_style)
        self._open.append(_Open(is_mapping, flow, start, event.anchor, self._count, []))
        return None

    def _finish(self, event: yaml.CollectionEndEvent) -> Problem | None:
        done = self._open.pop()
        end = _offset(event.end_mark)
        node: Node
        if done.is_mapping:
            node = Mapping(self._pairs(done.children), done.flow, done.start, end)
        else:
            node = Sequence(tuple(done.children), done.flow, done.start, end)
        if done.anchor:
            self._anchors[done.anchor] = (node, self._count - done.counted + 1)
        return self._add(node, 1)

    def _alias(self, event: yaml.AliasEvent) -> Problem | None:
        start = _offset(event.start_mark)
        if event.anchor not in self._anchors:
            if any(each.anchor == event.anchor for each in self._open):
                return self._lines.problem(start, "this list holds itself", "Delete the alias.")
            message = f"nothing before this is marked &{event.anchor}"
            hint = "Put the whole value in quotation marks, if it begins with *."
            return self._lines.problem(start, message, hint)
        node, size = self._anchors[event.anchor]
        node = replace(node, start=start, end=_offset(event.end_mark))
        # In the file it ends where the alias ends, as if it were written in brackets.
        return self._add(node if isinstance(node, Scalar) else replace(node, flow=True), size)

    def _add(self, node: Node, size: int) -> Problem | None:
        self._count += size
        if self._count > MAX_NODES:
            message = f"there are more than {MAX_NODES:,} values in the file"
            return self._lines.problem(node.start, message, "Delete aliases that multiply them.")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        return None

    def _pairs(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._report(key.start, "a key is a word, not a list", "Delete the brackets.")
                continue
            if key.text in seen:
                line = self._lines.place(seen[key.text])[0]
                message = f"{clipped(key.text)} stands here twice, first in line {line}"
                self._report(key.start, message, "Make one of the two, or rename one.")
                continue
            seen[key.text] = key.start
            pairs.append((key, value))
        return tuple(pairs)

    def _start(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> int:
        """Answer where the value itself begins, after an anchor; tags are refused."""
        start = _offset(event.start_mark)
        if event.tag:
            hint = "Put the whole value in quotation marks, if it begins with !."
            self._report(start, f"the YAML tag {clipped(event.tag)} means nothing here", hint)
        if event.tag or event.anchor:
            properties = _PROPERTIES.match(self._lines.text, start)
            return min(properties.end(), _offset(event.end_mark)) if properties else start
        return start

    def _report(self, at: int, message: str, hint: str) -> None:
        self.problems.append(self._lines.problem(at, message, hint))


def _offset(mark: object) -> int:
    """Answer the offset of one of PyYAML's marks, of which it has two classes."""
    at = getattr(mark, "index", 0)
    assert isinstance(at, int), "marks count characters"
    return at
