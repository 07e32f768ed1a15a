"""What is installed is what the locks say, and the versions agree."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
_PIN = re.compile(r"(?m)^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)(?P<rest>.*)$")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock):
    """Answer name, version and marker of every line of *lock* that is not a hash or a comment."""
    lines = [line for line in text_of(lock).splitlines() if re.match(r"[^\s#]", line)]
    found = [_PIN.match(line) for line in lines]
    assert all(found), [line for line, pin in zip(lines, found, strict=True) if not pin]
    return [(pin["name"], pin["version"], pin["rest"].strip(" ;\\")) for pin in found]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(name):
    """Answer the names in an `.in` file."""
    lines = [line.partition("#")[0].strip() for line in text_of(name).splitlines()]
    return {
        canonical(re.split(r"[<>=!~ \[]", line)[0])
        for line in lines
        if line and not line.startswith("-")
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    blocks = re.split(r"(?m)^(?=[^\s#])", text_of(lock))[1:]

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert len(blocks) == len(pins(lock))


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in"])
def test_a_lock_names_no_host_and_no_path(name):
    text = text_of(name)

    assert re.findall(r"://|--(?:extra-)?index|--find-links|--trusted-host| @ |file:", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_wanted_is_locked(lock):
    locked = {canonical(name) for name, _, _ in pins(lock)}

    assert wanted(lock.replace(".txt", ".in")) <= locked


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_locked(lock):
    here = {name: locked for name, locked, marker in pins(lock) if not marker}

    assert {name: version(name) for name in here} == here


def test_the_two_locks_agree():
    runtime = {name: locked for name, locked, _ in pins("requirements.txt")}
    dev = {name: locked for name, locked, _ in pins("requirements-dev.txt")}

    assert {name for name in dev.keys() & runtime.keys() if dev[name] != runtime[name]} == set()


def test_every_library_can_be_imported():
    # In a chain of packages one may be left out without a word; see decision 9.
    libraries = wanted("requirements.in")
    modules = sorted(
        module
        for module, owners in packages_distributions().items()
        if libraries & {canonical(owner) for owner in owners} and not module.startswith("_")
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import {', '.join(modules)}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(modules) >= len(libraries)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_bot_py_only_hands_over():
    assert len(text_of("bot.py").splitlines()) <= 15


def test_the_versions_agree():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    in_code = [
        node.value.value
        for path in (ROOT / "monitors").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and [ast.unparse(one) for one in node.targets] == ["VERSION"]
    ]
    (in_changelog, *_) = re.findall(r"(?m)^## \[(.*?)\]", text_of("CHANGELOG.md"))
    in_image = re.findall(r"(?m)^ARG VERSION=(.*)$", text_of("Dockerfile"))

    assert in_code == [project]
    assert in_changelog == project
    assert in_image == [project]


def test_the_changelog_keeps_its_form():
    headings = re.findall(r"(?m)^## (.*)$", text_of("CHANGELOG.md"))
    kinds = re.findall(r"(?m)^### (.*)$", text_of("CHANGELOG.md"))

    assert [
        one for one in headings if not re.fullmatch(r"\[[\d.]+\] - (unreleased|[\d-]{10})", one)
    ] == []
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
