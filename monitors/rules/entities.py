"""Entities by their full names: those of rules.yaml, and those of the packs that it uses.

`@country.kr` is the entity `kr` of the pack `country`. A pack comes with Newsbell, or is a
file that holds what stands under `entities:` of rules.yaml.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from monitors.language.expression import EntityName
from monitors.language.grammar import parse
from monitors.language.printing import to_text
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.language.terms import QUOTES
from monitors.rules import yaml_nodes
from monitors.rules.reading import FileReader, child
from monitors.rules.schema import EntityShape
from monitors.rules.values import is_reference
from monitors.rules.yaml_nodes import Mapping as Keys
from monitors.rules.yaml_nodes import Node, Scalar
from monitors.terms.entity import USUAL_WITHIN, Entity

MAX_PACKS = 50
MAX_NAMES = 100_000
MAX_DEPTH = 16
MAX_GATHERED = 2_000_000
DOT = "."
"""Stands between a pack and a member of it."""

_USUAL_SIZE = 300  # of an entity that comes with Newsbell
_NO_ENTITY = "Write its names under entities:."

Trouble = tuple[str, str]
"""What is wrong with a reference, and how to mend it."""


class Shipped(Protocol):
    """A pack that comes with Newsbell.

    Attributes:
        hint: how its members are written.
    """

    hint: str

    def __contains__(self, member: object) -> bool:
        """Answer whether it has that member."""

    def meant(self, member: str) -> str | None:
        """Answer which member may be meant by one that it does not have."""

    def entities(self, members: Collection[str]) -> Mapping[str, Entity]:
        """Answer *members*, all of them its own, as entities without a pack in their names."""


class Packs(Protocol):
    """Where packs come from."""

    def shipped(self, name: str) -> Shipped | None:
        """Answer the pack of that name that comes with Newsbell."""

    def own(self, name: str) -> str | Problem | None:
        """Answer the text of the user's pack of that name, or why it cannot be read."""

    def known(self) -> Iterable[str]:
        """Answer the names of all packs."""


class NoPacks:
    """For who has none."""

    def shipped(self, name: str) -> Shipped | None:  # noqa: ARG002 - as in Packs
        """Answer none."""
        return None

    def own(self, name: str) -> str | Problem | None:  # noqa: ARG002 - as above
        """Answer none."""
        return None

    def known(self) -> Iterable[str]:
        """Answer none."""
        return ()


def file_of(pack: str) -> str:
    """Answer the path of the user's pack, from the folder of rules.yaml."""
    return f"packs/{pack}.yaml"


@dataclass(frozen=True, slots=True)
class _Written:
    """An entity as its file says it.

    Attributes:
        entity: under its full name, as are those that it names.
        key: where it is defined.
        references: the full names of other entities that it names, and where.
        reader: of its file.
    """

    entity: Entity
    key: Scalar
    references: tuple[tuple[str, Node], ...]
    reader: FileReader

    def size(self) -> int:
        """Answer how many names stand in its file."""
        one = self.entity
        return sum(map(len, (one.names, one.exact, one.exceptions, one.company, one.parts)))


def _read_entities(
    reader: FileReader, pairs: Iterable[tuple[Scalar, Node]], pack: str | None = None
) -> Iterator[_Written]:
    """Yield the entities of a file, without those that have no shape.

    Args:
        reader: of the file; it notes what is wrong with them.
        pairs: their names and what is said of them.
        pack: the pack that the file is, if any: its entities and their references without a
            pack of their own are members of it.
    """
    for key, node in pairs:
        _check_name(reader, key)
        shape = reader.shaped(EntityShape, node, key)
        if shape is not None:
            yield _written(reader, key, node, shape, pack)


def _check_name(reader: FileReader, key: Scalar) -> None:
    hint = "Write letters, digits and -, without @ or quotation marks, as in pillar-2:."
    if DOT in key.text:
        hint = "Write - instead of the dot: @pack.name is an entity of a pack."
    elif not key.text.startswith("@") and parse(f'@"{key.text}"') == EntityName(key.text):
        return
    reader.report(key, f"{clipped(key.text)} cannot be the name of an entity", hint)


def _written(
    reader: FileReader, key: Scalar, node: Node, shape: EntityShape, pack: str | None
) -> _Written:
    references: list[tuple[str, Node]] = []
    for section, names in (("names", shape.names), ("near", shape.near)):
        for number, name in enumerate(names):
            if is_reference(name):
                full = _full_name(_named(name), pack)
                references.append((full, child(node, section, number)))
    entity = Entity(
        name=_full_name(key.text, pack),
        names=tuple(name for name in shape.names if not is_reference(name)),
        exact=shape.exact,
        exceptions=shape.exceptions,
        parts=tuple(_full_name(_named(name), pack) for name in shape.names if is_reference(name)),
        company=tuple(
            f"@{_full_name(_named(name), pack)}" if is_reference(name) else name
            for name in shape.near
        ),
        within=USUAL_WITHIN if shape.within is None else shape.within,
    )
    return _Written(entity, key, tuple(references), reader)


def _named(reference: str) -> str:
    """Answer the name after the @, which may stand in quotation marks as in conditions."""
    return reference[1:].strip().strip(QUOTES).strip()


def _full_name(name: str, pack: str | None) -> str:
    """Answer what *name*, written in a file that is the *pack*, is called everywhere."""
    return name if pack is None or DOT in name else f"{pack}{DOT}{name}"


class _Nesting:
    """Notes entities that stand in themselves, or too deep in one another.

    Args:
        written: all entities, by their full names.
    """

    def __init__(self, written: Mapping[str, _Written]) -> None:
        self._written = written
        self._heights: dict[str, int] = {}
        self._gathered: dict[str, int] = {}
        self._is_told = False

    def check(self) -> None:
        """Look at every entity."""
        total = 0
        for name, one in self._written.items():
            self._look(name, ())
            before, total = total, total + self._gathered[name]
            if before <= MAX_GATHERED < total:
                message = (
                    f"with the names of those in them, the entities have more than "
                    f"{MAX_GATHERED:,} names up to here"
                )
                one.reader.report(one.key, message, "Delete entities that are not needed.")

    def _look(self, name: str, way: tuple[str, ...]) -> None:
        """Find out how many stand in one another from *name* on, which *way* led to."""
        if name in self._heights:
            return
        one, way = self._written[name], (*way, name)
        height, gathered = 1, one.size()
        for reference, place in one.references:
            if reference in way:
                circle = (*way[way.index(reference) :], reference)
                message = f"@{clipped(reference)} stands in itself: {_arrows(circle)}"
                one.reader.report(place, message, "Delete one of these references.")
            elif reference in self._written:
                if len(way) < MAX_DEPTH:
                    self._look(reference, way)
                height = max(height, 1 + self._heights.get(reference, 1))
                gathered += self._gathered.get(reference, 0)
                if len(way) + height - 1 > MAX_DEPTH and not self._is_told:
                    self._is_told = True
                    message = f"more than {MAX_DEPTH} entities stand in one another here"
                    one.reader.report(place, message, "Write some of the names out.")
            else:
                gathered += _USUAL_SIZE
        self._heights[name] = height
        self._gathered[name] = gathered


def _arrows(circle: tuple[str, ...]) -> str:
    return " > ".join(f"@{clipped(name)}" for name in circle)


@dataclass(frozen=True, slots=True)
class _Own:
    """A pack that is a file; `names` are those that it defines, well or badly."""

    written: Mapping[str, _Written]
    names: Collection[str]
    readable: bool = True


class Library:
    """All entities that rules may name; packs are read when they are named first.

    Args:
        reader: of rules.yaml.
        packs: where packs come from.
    """

    def __init__(self, reader: FileReader, packs: Packs) -> None:
        self._reader = reader
        self._packs = packs
        self._own: dict[str, _Written] = {}
        self._known: dict[str, None] = {}
        self._read: dict[str, _Own | Shipped | Trouble] = {}
        self._used: dict[str, _Written] = {}
        self._shipped: dict[str, dict[str, None]] = {}
        self._names = 0
        self._files: list[FileReader] = []
        self._broken: list[Problem] = []
        self._texts: list[str] = []

    @property
    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the files of packs, file by file."""
        yield from self._broken
        for file in self._files:
            yield from sorted(file.problems, key=lambda each: (each.line, each.column))

    def define(self, pairs: Iterable[tuple[Scalar, Node]]) -> None:
        """Take in the entities of rules.yaml, and see to what they name."""
        pairs = tuple(pairs)
        # By their keys, so that a mistake inside one does not make its name unknown.
        self._known = {key.text: None for key, _ in pairs}
        for one in self._counted(_read_entities(self._reader, pairs), self._reader):
            self._own[one.key.text] = one
        self._follow(list(self._own.values()))

    def use(self, name: str) -> Trouble | None:
        """Take note that a rule names the entity; answer what is wrong with that."""
        if name in self._known or name in self._used:
            return None
        trouble, found = self._find(name, self._reader)
        self._follow(found)
        return trouble

    def finish(self) -> tuple[Entity, ...]:
        """Answer the entities of rules.yaml and of the packs, as far as those are used."""
        _Nesting(self._own | self._used).check()
        found = [one.entity for one in (*self._own.values(), *self._used.values())]
        for pack, members in self._shipped.items():
            source = self._read[pack]
            assert not isinstance(source, _Own | tuple), "it was found there"
            made = source.entities(tuple(members))
            found += (replace(made[one], name=f"{pack}{DOT}{one}") for one in members)
        return tuple(found)

    def digest(self, text: str, entities: Iterable[Entity]) -> str:
        """Answer a hash of the *text* of rules.yaml, and of what it says through packs."""
        said = sha256(text.encode())
        for pack in self._texts:
            said.update(sha256(pack.encode()).digest())
        for entity in entities:
            if entity.name.partition(DOT)[0] in self._shipped:
                said.update(repr(entity).encode())
        return said.hexdigest()

    def _follow(self, found: list[_Written]) -> None:
        """See to everything that the entities *found* name, and what that names, and so on."""
        while found:
            one = found.pop()
            for name, place in one.references:
                if name in self._used or (name in self._known and DOT not in name):
                    continue
                trouble, more = self._find(name, one.reader)
                found += more
                if trouble:
                    one.reader.report(place, *trouble)

    def _find(self, name: str, reader: FileReader) -> tuple[Trouble | None, list[_Written]]:
        """Find the entity of a pack; answer what is wrong, or what was newly used."""
        pack, dot, member = name.partition(DOT)
        if not dot:
            return self._unknown(name, reader.nearest(name, self._known)), []
        if pack not in self._read:
            self._read[pack] = self._opened(pack, reader)
        match self._read[pack]:
            case (str(message), str(hint)):
                return (message, hint.replace("NAME", clipped(member))), []
            case _Own() as own:
                if one := own.written.get(member):
                    self._used[name] = one
                    return None, [one]
                if not own.readable or member in own.names:
                    return None, []
                meant = reader.nearest(member, own.names)
                hint = f"Write its names into {file_of(pack)}."
            case shipped:
                if member in shipped:
                    self._shipped.setdefault(pack, {})[member] = None
                    return None, []
                meant = shipped.meant(member) if reader.suggests() else None
                hint = shipped.hint
        return self._unknown(name, meant and f"{pack}{DOT}{meant}", hint), []

    @staticmethod
    def _unknown(name: str, meant: str | None, hint: str = _NO_ENTITY) -> Trouble:
        if meant:
            hint = f"Did you mean {to_text(EntityName(meant))}?"
        return f"there is no entity @{clipped(name)}", hint

    def _opened(self, pack: str, reader: FileReader) -> "_Own | Shipped | Trouble":
        if not pack or not all(char.isalnum() or char == "-" for char in pack):
            message = f"{clipped(pack)} cannot be the name of a pack"
            return message, "Write letters, digits and -, then a dot and the entity."
        if len(self._read) >= MAX_PACKS:
            return f"more than {MAX_PACKS} packs are used", "Put some of them into one file."
        shipped, text = self._packs.shipped(pack), self._packs.own(pack)
        if text is None:
            return self._no_pack(pack, reader) if shipped is None else shipped
        if shipped is not None:
            message = f"the pack {pack} comes with Newsbell, and this file has its name"
            text = Problem(message=message, hint="Give the file another name.")
        return self._file(pack, text)

    def _file(self, pack: str, text: str | Problem) -> _Own:
        tree = text if isinstance(text, Problem) else yaml_nodes.read(text.removeprefix("\ufeff"))
        if isinstance(tree, Problem):
            self._broken.append(replace(tree, file=file_of(pack)))
            return _Own({}, (), readable=False)
        file = FileReader(tree, file_of(pack))
        self._files.append(file)
        self._texts.append(f"{pack}\n{text}")
        if not isinstance(tree.root, Keys):
            message = "names of entities belong here" if tree.root else "the file is empty"
            hint = "Write name: and a list of names, as in rules.yaml under entities:."
            file.report(tree.root or 0, message, hint)
            return _Own({}, (), readable=False)
        pairs = tree.root.pairs
        read = self._counted(_read_entities(file, pairs, pack), file)
        return _Own({one.key.text: one for one in read}, {key.text: None for key, _ in pairs})

    def _no_pack(self, pack: str, reader: FileReader) -> Trouble:
        hint = f"Write its entities into {file_of(pack)} beside rules.yaml."
        if meant := reader.nearest(pack, self._packs.known()):
            hint = f"Did you mean @{meant}{DOT}NAME?"
        return f"there is no pack {clipped(pack)}", hint

    def _counted(self, entities: Iterable[_Written], reader: FileReader) -> Iterator[_Written]:
        for one in entities:
            before, self._names = self._names, self._names + one.size()
            if before <= MAX_NAMES < self._names:
                message = f"there are more than {MAX_NAMES:,} names up to here"
                reader.report(one.key, message, "Delete entities that are no longer needed.")
            yield one
