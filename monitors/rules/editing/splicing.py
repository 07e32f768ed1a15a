"""Text of rules.yaml changed at the places of its nodes, never written anew.

So comments, quotation marks and line ends survive. YAML can be written in more ways than can
be foreseen. So each change is a few tries, and the first that reads back as what was asked
for counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from monitors.language.problems import Problem
from monitors.rules import document, yaml_nodes
from monitors.rules.document import Reading
from monitors.rules.rulebook import Rulebook
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree
from monitors.rules.yaml_text import line_after, line_start, spliced, with_lines

MARK = "\ufeff"  # of the byte order, which some editors write first
_LINE_END = re.compile(r"\r\n?|\n")
_LAST_LINE_END = re.compile(r"(?:\r\n?|\n)\Z")
_REST_OF_ITEM = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_HEAD_OF_BLOCK = re.compile(r"[|>][-+0-9]*(?P<comment>[^\r\n]*)")
_INDENT = 2

UNCLEAR = Problem(message="the file would say something else", hint="Edit it by hand.")

Read: TypeAlias = Callable[[str], Reading]
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class File:
    """A text that can be edited; `root` is None if it says nothing."""

    tree: Tree
    root: Mapping | None
    rulebook: Rulebook

    @property
    def text(self) -> str:
        """Answer the text, without a mark of the byte order."""
        return self.tree.source.text

    def section(self, name: str) -> Node | None:
        """Answer what stands under the key *name* of the file."""
        return self.root.get(name) if self.root else None

    def column(self, at: int) -> int:
        """Answer how many characters stand before offset *at* in its line."""
        return self.tree.source.place(at)[1] - 1


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be added to a list or to keys.

    Attributes:
        lines: as it stands in lines of its own, without indentation.
        inline: as it stands in brackets.
        keys: whether it goes among keys; if not, into a list.
    """

    lines: tuple[str, ...]
    inline: str
    keys: bool = False

    def in_brackets(self) -> str:
        """Answer it as a list, or as keys, of its own."""
        return f"{{{self.inline}}}" if self.keys else f"[{self.inline}]"


def opened(text: str, read: Read) -> File | Problem:
    """Answer *text* (without a mark of the byte order), or why it cannot be edited."""
    reading = read(text)
    if reading.tree and reading.tree.root is None:
        nothing = document.read("{}").rulebook
        assert nothing, "every key has a default"
        return File(reading.tree, None, nothing)
    if reading.rulebook is None:
        return reading.problems[0]
    assert reading.tree, "a rulebook was read from it"
    assert isinstance(reading.tree.root, Mapping), "a rulebook is keys and values"
    return File(reading.tree, reading.tree.root, reading.rulebook)


def first_that_reads(
    tries: Iterable[str],
    is_right: Callable[[Reading], bool],
    read: Read,
    told: Callable[[str, Reading], Problem | None],
) -> tuple[str, Reading] | Problem:
    """Answer the first text that says what was asked for, and what else it says.

    Args:
        tries: texts, the best first.
        is_right: answers whether what was read is what was asked for.
        read: reads a text.
        told: answers what is said of a text that has problems.
    """
    problems: list[Problem] = []
    for text in tries:
        reading = read(text)
        if reading.rulebook and is_right(reading):
            return text, reading
        if reading.problems and (problem := told(text, reading)):
            problems.append(problem)
    return problems[0] if problems else UNCLEAR


def in_old(old: str, new: str, problem: Problem) -> Problem:
    """Answer *problem* of the *new* text at the line that it has in the *old* one."""
    before, after = old.split("\n"), new.split("\n")
    pairs = enumerate(zip(before, after, strict=False), start=1)
    changed = next((line for line, (was, now) in pairs if was != now), len(after))
    if problem.file:
        return problem
    moved = len(before) - len(after) if problem.line >= changed else 0
    return replace(problem, line=max(1, problem.line + moved))


def additions(file: File, section: str, new: Written) -> Iterator[str]:
    """Yield the text with *new* behind the others of a *section*, which may be missing."""
    text, root, node = file.text, file.root, file.section(section)
    if root is None or (node is None and not root.flow):
        indent = file.column(root.start) if root else 0
        lines = (f"{section}:", *(f"{' ' * _INDENT}{line}" for line in new.lines))
        yield with_lines(text, len(text), lines, indent)
        if root:
            yield with_lines(text, line_start(text, root.start), lines, indent)
    elif node is None:
        comma = ", " if root.pairs else ""
        yield spliced(text, root.start + 1, f"{section}: {new.in_brackets()}{comma}")
    elif isinstance(node, Scalar):
        yield from _first_of_section(file, section, node, new)
    elif node.flow:
        at = _parts(node)[-1][1] if _parts(node) else node.start + 1
        yield spliced(text, at, f", {new.inline}" if _parts(node) else new.inline)
    else:
        for at in _lines_behind(text, node):
            yield with_lines(text, at, new.lines, file.column(node.start))


def _first_of_section(file: File, section: str, empty: Scalar, new: Written) -> Iterator[str]:
    """Yield the text with *new* where nothing stands after the key of the *section*."""
    text, root = file.text, file.root
    assert root, "its section was found"
    key = root.key(section)
    assert key, "its value was found"
    if not root.flow:
        without = spliced(text, empty.start, "", empty.end)
        indent = file.column(key.start) + _INDENT
        yield with_lines(without, line_after(without, empty.start), new.lines, indent)
    yield spliced(text, empty.start, f" {new.in_brackets()}", empty.end)


def removals(file: File, node: yaml_nodes.Sequence, number: int) -> Iterator[str]:
    """Yield the text without one of the members of a list."""
    text, item = file.text, node.items[number]
    if node.flow:
        yield from _flow_removals(text, _parts(node), number)
        return
    dash = file.column(node.start)
    start = line_start(text, item.start)
    while start and text[start : start + dash + 1] != " " * dash + "-":
        start = line_start(text, start - 1)
    yield _without_lines(text, start, next(_lines_behind(text, item)))


def key_removals(file: File, keys: Mapping, name: str) -> Iterator[str]:
    """Yield the text without the key *name* and its value."""
    text = file.text
    number = next(place for place, (key, _) in enumerate(keys.pairs) if key.text == name)
    key, value = keys.pairs[number]
    if keys.flow:
        yield from _flow_removals(text, _parts(keys), number)
        return
    start, end = line_start(text, key.start), end_of(value)
    if not text[start : key.start].strip(" "):
        yield _without_lines(text, start, next(_lines_behind(text, value)))
    # Behind the - of a list: the next key takes its place, or else the next line.
    following = keys.pairs[number + 1][0].start if number + 1 < len(keys.pairs) else end
    if not text[end:following].strip():
        yield spliced(text, key.start, "", following)
    yield spliced(text, key.start, "", end)


def settings_of(file: File, keys: Mapping, name: str, value: str, after: str) -> Iterator[str]:
    """Yield the text with *value* at the key *name*, which may be there or not.

    Args:
        file: as it is.
        keys: among which it stands.
        name: of the key.
        value: as it is written, in one line.
        after: the key behind which a new one is put, if it is there; else it is the last.
    """
    old = keys.get(name)
    if old is not None:
        yield from _replacements(file, keys, name, old, value)
        return
    text, written = file.text, f"{name}: {value}"
    before = keys.get(after) or keys.pairs[-1][1]
    if not keys.flow:
        for at in _lines_behind(text, before):
            yield with_lines(text, at, (written,), file.column(keys.start))
        return
    longer = spliced(text, before.end, f", {written}")
    yield longer
    # Keys in a list may have no brackets of their own, if there is one only.
    end = keys.pairs[-1][1].end
    yield spliced(text, keys.start, f"{{{text[keys.start : end]}, {written}}}", end)


def _replacements(file: File, keys: Mapping, name: str, old: Node, value: str) -> Iterator[str]:
    """Yield the text with *value* instead of the *old* one."""
    text = file.text
    if isinstance(old, Scalar) and old.style in ("|", ">"):
        raw = text[old.start : old.end]
        head = _HEAD_OF_BLOCK.match(raw)
        assert head, "its style says so"
        end = raw[len(raw.rstrip()) :] if head.end() < len(raw) else ""
        yield spliced(text, old.start, f"{value}{head['comment']}{end}", old.end)
    elif isinstance(old, Scalar):
        space = " " if old.start == old.end else ""
        yield spliced(text, old.start, f"{space}{value}", old.end)
    elif old.flow:
        yield spliced(text, old.start, value, old.end)
    else:
        key = keys.key(name)
        assert key, "its value was found"
        colon = text.index(":", key.end) + 1
        first, last = line_start(text, old.start), line_after(text, end_of(old))
        kept = f"{text[colon:first]}{text[last:]}" if first >= colon else text[end_of(old) :]
        yield f"{text[:colon]} {value}{kept}"


def _parts(node: yaml_nodes.Sequence | Mapping) -> tuple[Span, ...]:
    """Answer where the members of a list, or keys with their values, begin and end."""
    if isinstance(node, Mapping):
        return tuple((key.start, max(key.end, value.end)) for key, value in node.pairs)
    return tuple((item.start, item.end) for item in node.items)


def _flow_removals(text: str, parts: Sequence[Span], number: int) -> Iterator[str]:
    first, last = parts[number]
    start = line_start(text, first)
    own_line = _REST_OF_ITEM.match(text, last)
    if own_line and not text[start:first].strip(" \t"):
        yield spliced(text, start, "", own_line.end())
    if comma := _COMMA.match(text, last):
        yield spliced(text, first, "", comma.end())
    before = parts[number - 1][1] if number else first
    if not _LINE_END.search(text, before, first):
        yield spliced(text, before, "", last)
    yield spliced(text, first, "", last)


def _without_lines(text: str, start: int, end: int) -> str:
    """Answer *text* without whole lines; the last line ends as the last line did."""
    if end == len(text) and text[-1] not in "\r\n":
        before = _LAST_LINE_END.search(text[max(0, start - len("\r\n")) : start])
        start -= len(before[0]) if before else 0
    return spliced(text, start, "", end)


def _lines_behind(text: str, node: Node) -> Iterator[int]:
    """Yield where the line after *node* begins; the empty ones after a block of text are its own.

    They mean nothing where the block does not say that they count, so the first answer is
    where they begin.
    """
    end = end_of(node)
    stop = end
    while stop and text[stop - 1] in " \t\r\n":
        stop -= 1
    yield line_after(text, stop)
    if stop < end:
        yield line_after(text, end)


def end_of(node: Node) -> int:
    """Answer where the last character of *node* stands; what is in no brackets ends later."""
    if isinstance(node, Scalar) or node.flow:
        return node.end
    last = node.items[-1] if isinstance(node, yaml_nodes.Sequence) else node.pairs[-1][1]
    return end_of(last)
