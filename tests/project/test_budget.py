"""Sizes and names, so that the code stays what a person can read in an evening."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "monitors").rglob("*.py"))
MOST_MODULES, MOST_LINES, MOST_FUNCTION_LINES = 12, 400, 50
BANNED = frozenset(
    [
        *["utils", "util", "helpers", "helper", "common", "misc", "base", "core", "info"],
        *["manager", "managers", "handler", "handlers", "processor", "processors"],
        *["service", "services", "models", "v2"],
    ]
)
# The outermost loops, where what goes wrong in one round must not end the next; and the places
# where a foreign parser meets what strangers wrote, and where one of 150 foreign services sends.
OUTERMOST = {
    "monitors.adapters.apprise.aside.Aside.run.work",
    "monitors.adapters.workers.inside._answer",
    "monitors.adapters.sqlite.database.SqliteStore._run_job",
    "monitors.app.running._listen_to",
    "monitors.app.running._watch_rules",
    "monitors.app.schedule.Ticks._guarded",
    "monitors.feeds.document.read_document",
    "monitors.talking.conversation.Conversation._carry_out",
    "monitors.pipeline.delivering.deliver.Deliverer._attempt",
}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def definitions(node, prefix):
    """Yield functions and classes in *node* with their full names."""
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, DEFINITIONS):
            name = f"{prefix}.{child.name}"
            yield name, child
        yield from definitions(child, name)


def all_definitions():
    return [each for path in MODULES for each in definitions(tree_of(path), name_of(path))]


def lines_of(node):
    """Answer how many lines *node* has without its docstring."""
    first = node.body[0]
    is_docstring = ast.get_docstring(node) is not None
    docstring = first.end_lineno - first.lineno + 1 if is_docstring else 0
    return node.end_lineno - node.lineno + 1 - docstring


def broad_handlers(node, inside):
    """Yield the names of the definitions that catch everything."""
    for child in ast.iter_child_nodes(node):
        name = f"{inside}.{child.name}" if isinstance(child, DEFINITIONS) else inside
        if isinstance(child, ast.ExceptHandler) and catches_everything(child):
            yield name
        yield from broad_handlers(child, name)


def catches_everything(handler):
    """Answer whether *handler* keeps any exception; to clean up and raise again is no keeping."""
    caught = {each.id for each in ast.walk(handler.type or handler) if isinstance(each, ast.Name)}
    broad = handler.type is None or caught & {"Exception", "BaseException"}
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def words_of(name):
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)}


def test_a_room_has_few_modules():
    folders = {}
    for path in MODULES:
        if path.name != "__init__.py":
            folders.setdefault(name_of(path.parent), []).append(path.stem)

    assert {room: len(them) for room, them in folders.items() if len(them) > MOST_MODULES} == {}


def test_a_module_is_short():
    lengths = {name_of(path): path.read_bytes().count(b"\n") for path in MODULES}

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_a_function_fits_on_a_screen():
    lengths = {
        name: lines_of(node)
        for name, node in all_definitions()
        if not isinstance(node, ast.ClassDef)
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_FUNCTION_LINES} == {}


def test_names_say_what_a_thing_is():
    modules = {name_of(path): path.stem for path in MODULES}
    classes = {
        name: node.name for name, node in all_definitions() if isinstance(node, ast.ClassDef)
    }
    named = modules | classes

    assert {full for full, name in named.items() if words_of(name) & BANNED} == set()


def test_a_room_is_introduced_by_a_docstring_alone():
    rooms = [path for path in MODULES if path.name == "__init__.py"]

    assert [name_of(room) for room in rooms if len(tree_of(room).body) != 1] == []


def test_only_the_outermost_loops_keep_every_exception():
    found = {name for path in MODULES for name in broad_handlers(tree_of(path), name_of(path))}

    assert found == OUTERMOST


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("try: x()\nexcept Exception: pass", True),
        ("try: x()\nexcept (KeyError, BaseException): pass", True),
        ("try: x()\nexcept: pass", True),
        ("try: x()\nexcept BaseException:\n    y()\n    raise", False),
        ("try: x()\nexcept KeyError: pass", False),
    ],
)
def test_the_search_for_kept_exceptions_finds_them(code, kept):
    handler = next(n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.ExceptHandler))

    assert bool(catches_everything(handler)) is kept
