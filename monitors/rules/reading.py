"""Reads the parts of one file by their shapes, and notes all that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules import yaml_nodes
from monitors.rules.schema import ExamplesShape
from monitors.rules.shape import Shape
from monitors.rules.values import nearest
from monitors.rules.yaml_nodes import Mapping, Node, Scalar, Tree, plain

_MOST_SUGGESTIONS = 50  # each looks at many names; who has more problems needs other help

ShapeType = TypeVar("ShapeType", bound=Shape)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why some data does not have its shape.

    Attributes:
        path: keys and numbers that lead to the value.
        on_key: whether it is about the last key of the path and not about its value.
    """

    path: tuple[str | int, ...]
    message: str
    hint: str
    on_key: bool = False


def shaped(shape: type[ShapeType], data: object) -> tuple[ShapeType | None, tuple[Mistake, ...]]:
    """Answer *data* in its *shape*, and everything that is wrong with it.

    In spite of mistakes there is a shape if the rest without them has one, so that the rest
    can be checked further.
    """
    try:
        return shape.model_validate(data), ()
    except ValidationError as error:
        mistakes = tuple(_mistakes(shape, error))
    bad = {mistake.path[0] if mistake.path else None for mistake in mistakes}
    if None in bad or not isinstance(data, dict):
        return None, mistakes
    try:
        rest = {key: value for key, value in data.items() if key not in bad}
        return shape.model_validate(rest), mistakes
    except ValidationError:
        return None, mistakes


def _mistakes(shape: type[Shape], error: ValidationError) -> list[Mistake]:
    return [
        _mistake(ExamplesShape if "examples" in each["loc"][:-1] else shape, each)
        for each in error.errors(include_url=False, include_input=False)
    ]


def _mistake(shape: type[Shape], error: Any) -> Mistake:  # noqa: ANN401 - pydantic's own dict
    path: tuple[str | int, ...] = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            message, hint = unknown_key(str(path[-1]), shape.known_keys())
            return Mistake(path, message, hint, on_key=True)
        case "missing":
            return Mistake(path[:-1], f"{path[-1]}: is missing", shape.LONG)
        case _:
            wrong = error["ctx"]["error"]
            return Mistake(path, wrong.message, wrong.hint)


def unknown_key(key: str, known: tuple[str, ...]) -> tuple[str, str]:
    """Answer what is wrong with *key*, and which of the *known* ones may be meant."""
    meant = nearest(key, known)
    hint = f"Did you mean {meant}:?" if meant else f"The keys here are {', '.join(known)}."
    return f"there is no key {clipped(key)}: here", hint


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


class FileReader:
    """Reads one file and notes what is wrong.

    Args:
        tree: the file; problems that it has already are noted first.
        file: its path, if it is not the file that was asked for.
    """

    def __init__(self, tree: Tree, file: str | None = None) -> None:
        self.tree = tree
        self.problems: list[Problem] = []
        self._file = file
        self._suggestions = 0
        self._offsets: tuple[Scalar, tuple[int, ...]] | None = None
        for problem in tree.problems:
            self.take(problem)

    def shaped(self, shape: type[ShapeType], node: Node, place: Node) -> ShapeType | None:
        """Answer *node* in its *shape*; what is wrong with all of it is told at *place*."""
        read, mistakes = shaped(shape, plain(node))
        for mistake in mistakes:
            self.report(_place(node, mistake) or place, mistake.message, mistake.hint)
        return read

    def items(self, node: Node | None, section: str, most: int) -> tuple[Node, ...]:
        """Answer the members of the list that the *section* is; no more than *most*."""
        if node is None or is_empty(node):
            return ()
        if not isinstance(node, yaml_nodes.Sequence):
            hint = "Write each in a line of its own that begins with - and a space."
            self.report(node, f"{section}: is a list", hint)
            return ()
        if len(node.items) > most:
            message = f"there are more than {most:,} {section}"
            self.report(node.items[most], message, "Delete what is no longer needed.")
        return node.items[:most]

    def named(self, node: Node | None, section: str) -> tuple[tuple[Scalar, Node], ...]:
        """Answer the names and values that the *section* is made of."""
        if isinstance(node, Mapping):
            return node.pairs
        if node and not is_empty(node):
            hint = "Write name: before each, without the -."
            self.report(node, f"everything under {section}: has a name", hint)
        return ()

    def once(self, seen: dict[str, Node], key: str, node: Node, what: str) -> None:
        """Note it if *key* was *seen* before, or else that it is at *node*."""
        if key in seen:
            line = self.tree.source.place(seen[key].start)[0]
            message = f"the {what} is the same as in line {line}"
            self.report(node, message, f"Delete one of them, or give it another {what}.")
        seen.setdefault(key, node)

    def nearest(self, name: str, known: Iterable[str]) -> str | None:
        """Answer which of *known* was most likely meant, for the first problems of a file."""
        return nearest(name, known) if self.suggests() else None

    def suggests(self) -> bool:
        """Answer whether there is time for one suggestion more."""
        self._suggestions += 1
        return self._suggestions <= _MOST_SUGGESTIONS

    def inside(self, scalar: Scalar, at: int) -> int:
        """Answer where in the file the character at offset *at* of the scalar's text stands."""
        # A text with a thousand mistakes is looked through once.
        if self._offsets is None or self._offsets[0] is not scalar:
            self._offsets = scalar, self.tree.offsets_in(scalar)
        return self._offsets[1][at]

    def report(self, place: Node | int, message: str, hint: str | None) -> None:
        """Note what is wrong at *place*."""
        at = place if isinstance(place, int) else place.start
        self.take(self.tree.source.problem(at, message, hint))

    def take(self, problem: Problem) -> None:
        """Note a problem of this file."""
        self.problems.append(replace(problem, file=self._file) if self._file else problem)


def is_empty(node: Node) -> bool:
    """Answer whether nothing is written there."""
    return isinstance(node, Scalar) and node.value is None


def _place(node: Node, mistake: Mistake) -> Node | None:
    if not mistake.path:
        return None
    *way, last = mistake.path
    holder = child(node, *way)
    if mistake.on_key and isinstance(holder, Mapping):
        return holder.key(str(last))
    return child(holder, last)
