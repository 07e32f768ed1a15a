"""The papers say what is so: commands, variables, links, examples and sizes."""

import ast
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from monitors.app.cli import COMMANDS, build

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
SECTIONS = ["Context", "Decision", "What it costs", "Revisit when"]
_COMMAND = "python bot.py"
# Where a shell ends one command; what stands in angle brackets is a placeholder, no command.
_END = re.compile(r"^(?:[&|;>#]+|2>.*)$")


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def code_of(text):
    """Yield every line of code in *text*: of fenced and indented blocks, and between backticks."""
    prose = []
    in_block = False
    for line in text.splitlines():
        if line.strip().startswith("```"):
            in_block = not in_block
        elif in_block or line.startswith("    "):
            yield line.strip()
        else:
            prose.append(line)
    yield from re.findall(r"`([^`\n]+)`", "\n".join(prose))


def examples():
    """Answer every `python bot.py ...` that a paper or a help text shows, as (place, arguments)."""
    shown = [(path.name, line) for path in PAPERS for line in code_of(text_of(path))]
    shown += [(f"{name} --help", example) for name, example in helps()]
    return [
        (place, command)
        for place, line in shown
        for command in re.findall(rf"{re.escape(_COMMAND)}\b(.*)", line)
        if not command.startswith(" COMMAND")
    ]


def arguments(text):
    """Answer the arguments in *text* up to where the shell's next command begins."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    taken = []
    for word in lexer:
        if _END.match(word):
            break
        taken.append(word)
    if not taken or (taken[0].startswith("-") and taken[0] != "--help"):
        taken.insert(0, "run")
    return taken


def all_commands():
    """Answer every command and every command below one, by its words."""
    found = {}
    for name, command in get_command(build()).commands.items():
        found[name] = command
        below = getattr(command, "commands", {})
        found |= {f"{name} {word}": each for word, each in below.items()}
    return found


def helps():
    """Answer the example that each command's help ends with."""
    return [
        (name, (command.epilog or "").removeprefix("Example: "))
        for name, command in all_commands().items()
    ]


def understand(command, name, words):
    """Have *command* read *words* as it would when called, without doing anything.

    Raises:
        UsageError: it was called wrongly.
    """
    context = command.make_context(name, list(words))
    left = [*getattr(context, "_protected_args", ()), *context.args]
    if hasattr(command, "commands") and left:
        below_name, below, rest = command.resolve_command(context, left)
        understand(below, below_name, rest)


def anchors(text):
    """Answer the anchors of the headings in *text*, as they are commonly made."""
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text):
    without_code = re.sub(r"(?ms)^ *```.*?^ *```|`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", without_code)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_row_in_the_table(name):
    rows = re.findall(r"(?m)^\| `(\w+)` \|", text_of("docs/operations.md"))

    assert name in rows


@pytest.mark.parametrize(("name", "example"), helps())
def test_every_help_ends_with_an_example(name, example):
    assert example.startswith(f"{_COMMAND} {name}")


@pytest.mark.parametrize(("place", "example"), examples())
def test_every_example_can_be_called(place, example):
    understand(get_command(build()), "bot.py", arguments(example))

    assert place


def test_a_wrong_example_would_be_noticed():
    for wrong in (" chekc", " check --ruls x", " feeds add", " try"):
        with pytest.raises(Exception, match=r"(?i)no such|missing"):
            understand(get_command(build()), "bot.py", arguments(wrong))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper):
    broken = []
    for link in links(text_of(paper)):
        path, _, anchor = link.partition("#")
        if ":" in path:
            continue
        target = (paper.parent / path) if path else paper
        good = target.exists() and target.resolve().is_relative_to(ROOT.resolve())
        if not good or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_files_that_are_named_are_there(paper):
    """A path in backticks counts from the root, from `monitors/` or from the paper's folder."""
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|md|json|yaml|svg|xml))`", text_of(paper))
    places = [ROOT, ROOT / "monitors", paper.parent]
    # Examples of what people name themselves.
    mine = {"config/rules.yaml", "packs/NAME.yaml", "sample/herald.xml"}

    missing = [
        name
        for name in named
        if name not in mine and not any((place / name).exists() for place in places)
    ]

    assert missing == []


def test_the_readme_is_short_and_shows_at_once_what_it_is():
    lines = text_of("README.md").splitlines()
    first = "\n".join(lines[:40])

    assert len(lines) <= 120
    assert "(docs/alert.svg)" in first
    assert (ROOT / "docs/alert.svg").exists()
    assert re.search(r"(?m)^make run\b", first)
    assert re.search(r"(?m)^make test\b", first)


def test_the_readme_needs_three_lines_for_docker():
    (block,) = re.findall(r"(?s)## Docker\n+```sh\n(.*?)```", text_of("README.md"))

    assert len(block.splitlines()) == 3


def test_contributing_is_short():
    assert len(text_of("CONTRIBUTING.md").splitlines()) <= 90


def test_architecture_is_one_page():
    assert len(text_of("docs/ARCHITECTURE.md").splitlines()) <= 120


def test_every_variable_of_the_environment_is_in_the_table():
    tree = ast.parse(text_of("monitors/app/settings.py"))
    asked = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "environment.get"
        and isinstance(node.args[0], ast.Constant)
    }
    rows = set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", text_of("docs/operations.md")))

    assert asked
    assert asked <= rows


def test_records_are_numbered_without_gaps():
    numbers = [int(re.match(r"\d{4}", record.name)[0]) for record in RECORDS]

    assert numbers == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_is_short_and_says_when_to_look_again(record):
    text = text_of(record)

    assert len(text.splitlines()) <= 40
    assert text.startswith(f"# {int(record.name[:4])}. ")
    assert re.findall(r"(?m)^## (.*)$", text) == SECTIONS


def test_every_library_has_its_reason():
    lines = text_of("requirements.in").splitlines()
    names = {re.split(r"[^\w-]", line)[0] for line in lines if not line.startswith("#")}
    (record,) = [record for record in RECORDS if "dependencies" in record.name]

    assert set(re.findall(r"(?m)^\| ([\w-]+) \|", text_of(record))) - {"library"} == names


def test_every_target_of_make_is_explained():
    makefile = text_of("Makefile")
    targets = set(re.findall(r"(?m)^([a-z0-9-]+):(?!=)", makefile))
    explained = set(re.findall(r"(?m)^([a-z0-9-]+):.*?## \w", makefile))

    assert targets == explained
    assert {"run", "test", "help"} <= explained


def test_recipes_are_short():
    recipes = re.findall(r"(?m)^[^\s#.][^:=\n]*:(?!=).*\n((?:\t.*\n)*)", text_of("Makefile"))

    assert max(recipe.count("\n") for recipe in recipes) <= 3
