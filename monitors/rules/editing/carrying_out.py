"""Edits carried out in the text of rules.yaml; every line that they do not touch stays."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules import document, yaml_nodes
from monitors.rules.checking import remarks_on
from monitors.rules.document import Reading
from monitors.rules.editing.edits import AddFeeds, Edit, RemoveFeeds
from monitors.rules.editing.feeds import add_feeds, remove_feed
from monitors.rules.editing.planning import Plan, plan, said_by
from monitors.rules.editing.splicing import MARK, UNCLEAR, first_that_reads, opened
from monitors.rules.entities import NoPacks, Packs
from monitors.rules.reading import child
from monitors.rules.rulebook import Rulebook
from monitors.rules.values import Network
from monitors.rules.yaml_nodes import Mapping, Node, Scalar
from monitors.rules.yaml_text import offset_of

_NO_PACKS = NoPacks()
_ANCHORED = Problem(
    message="this stands in the file only once for several places (&name and *name)",
    hint="Edit it by hand, or write it out at each place first.",
)


@dataclass(frozen=True, slots=True)
class Edited:
    """A text that was edited.

    Attributes:
        warnings: of the rule whose condition is new, examples that fail and advice; at places
            of its condition.
        renamed: the name that a rule had and the one that it has now, where they differ.
    """

    text: str
    warnings: tuple[Problem, ...] = ()
    renamed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """A text that was edited, what it says, and what was planned; not of feeds."""

    text: str
    reading: Reading | None = None
    planned: Plan | None = None
    before: Rulebook | None = None


def edited(
    text: str, edit: Edit, *, networks: Sequence[Network] = (), packs: Packs = _NO_PACKS
) -> str | Problem:
    """Answer *text* with *edit* carried out, or why that cannot be.

    Args:
        text: rules.yaml without problems; may be empty.
        edit: what is asked for.
        networks: as for `read_rulebook`.
        packs: as for `read_rulebook`.

    Returns:
        A text that says what *text* says but for what was asked. A problem of a new condition
        stands at its place in the condition, one of the text as it was at its place in that.
    """
    found = _carried_out(text, edit, networks, packs)
    return found if isinstance(found, Problem) else found.text


def edited_and_checked(
    text: str,
    edit: Edit,
    *,
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
    advise: bool = True,
) -> Edited | Problem:
    """Answer what `edited` answers, and what `check` says of a rule whose condition is new.

    Args:
        text: as for `edited`.
        edit: as for `edited`.
        networks: as for `read_rulebook`.
        packs: as for `read_rulebook`.
        advise: whether it is asked; with many rules that takes as long as to read them.
    """
    found = _carried_out(text, edit, networks, packs)
    if isinstance(found, Problem):
        return found
    planned, reading = found.planned, found.reading
    if planned is None or reading is None or planned.rule is None:
        return Edited(found.text)
    rule = planned.rule
    remarks = remarks_on(reading, rule) if advise and planned.is_condition else ()
    warnings = tuple(_of_rule(reading, rule, each) for each in remarks)
    return Edited(found.text, warnings, _renamed(found, rule))


def _renamed(done: _Done, rule: int) -> tuple[str, str] | None:
    old = done.before.rules if done.before else ()
    new = done.reading.rulebook.rules if done.reading and done.reading.rulebook else ()
    # One more or fewer is a new rule, or one that is gone, and none of another name.
    if len(old) != len(new) or old[rule].name == new[rule].name:
        return None
    return old[rule].name, new[rule].name


def _carried_out(
    text: str, edit: Edit, networks: Sequence[Network], packs: Packs
) -> _Done | Problem:
    if isinstance(edit, AddFeeds | RemoveFeeds):
        other = _other_feeds(text, edit, networks, packs)
        return other if isinstance(other, Problem) else _Done(other)
    read = partial(document.read, networks=networks, packs=packs)
    file = opened(text.removeprefix(MARK), read)
    if isinstance(file, Problem):
        return file
    planned = plan(file, edit)
    if isinstance(planned, Problem):
        return planned

    def is_right(reading: Reading) -> bool:
        return said_by(reading.tree.root if reading.tree else None) == planned.said

    def told(_: str, reading: Reading) -> Problem | None:
        return _told(reading, planned)

    found = first_that_reads(planned.tries, is_right, read, told)
    if isinstance(found, Problem):
        return _ANCHORED if file.tree.anchors and found == UNCLEAR else found
    mark = MARK if text.startswith(MARK) else ""
    return _Done(mark + found[0], found[1], planned, file.rulebook)


def _other_feeds(
    text: str, edit: AddFeeds | RemoveFeeds, networks: Sequence[Network], packs: Packs
) -> str | Problem:
    if isinstance(edit, RemoveFeeds):
        left: str | Problem = text
        for address in edit.addresses:
            if isinstance(left, str):
                left = remove_feed(left, address, networks=networks, packs=packs)
        return left
    addition = add_feeds(text, edit.feeds, networks=networks, packs=packs)
    if isinstance(addition, Problem) or addition.added:
        return addition if isinstance(addition, Problem) else addition.text
    if addition.refused:
        return Problem(message=addition.refused[0][1])
    return Problem(message="this feed is here already", hint="Nothing needs to change.")


def _told(reading: Reading, planned: Plan) -> Problem | None:
    """Answer what is wrong with an edit, or nothing where only this try of it is no YAML."""
    problem = reading.problems[0]
    if reading.tree is None:
        return None
    if planned.rule is not None and planned.is_condition:
        return _of_rule(reading, planned.rule, problem)
    # Nothing else was wrong before, so that its place in the file tells nobody more.
    return problem if problem.file else replace(problem, line=1, column=1)


def _of_rule(reading: Reading, rule: int, problem: Problem) -> Problem:
    """Answer *problem* at its place in the condition of a rule, or with the example's text."""
    tree = reading.tree
    root = tree.root if tree else None
    rules = root.get("rules") if isinstance(root, Mapping) else None
    if tree is None or problem.file or not isinstance(rules, yaml_nodes.Sequence):
        return problem
    at, node = offset_of(tree.source.text, problem.line, problem.column), rules.items[rule]
    condition = child(node, "match")
    if isinstance(condition, Scalar) and condition.start <= at <= condition.end:
        column = bisect_left(tree.offsets_in(condition), at) + 1
        return replace(problem, line=1, column=column)
    place = replace(problem, line=1, column=1)
    for section in ("match", "ignore"):
        for text in _scalars(child(node, "examples"), section):
            if text.start == at:
                return replace(place, message=f"{clipped(text.text)}: {problem.message}")
    return place


def _scalars(examples: Node, section: str) -> tuple[Scalar, ...]:
    found = examples.get(section) if isinstance(examples, Mapping) else None
    texts = found.items if isinstance(found, yaml_nodes.Sequence) else (found,)
    return tuple(text for text in texts if isinstance(text, Scalar))
