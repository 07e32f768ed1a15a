"""Each library has one home; the order of the rooms is import-linter's (`make layers`)."""

import ast
import re
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
# Where each library of requirements.in may be imported: these modules, and what is below them.
HOMES = {
    "aiohttp": [
        "monitors.adapters.http",
        "monitors.adapters.telegram.webhook",
        "monitors.adapters.web",
        "monitors.adapters.websub",
    ],
    "apprise": ["monitors.adapters.apprise"],
    "apscheduler": ["monitors.app.schedule"],
    "babel": ["monitors.adapters.packs.cldr"],
    "brotli": ["monitors.adapters.http"],
    "charset_normalizer": ["monitors.feeds.guessing"],
    "feedparser": ["monitors.feeds"],
    "lxml": [
        "monitors.feeds",
        "monitors.finding",
        "monitors.stories.layout",
        "monitors.stories.page",
    ],
    "numpy": ["monitors.grouping.story", "monitors.grouping.trees", "monitors.matching.ways"],
    "protego": ["monitors.polling.robots"],
    "pydantic": [
        "monitors.adapters.sqlite.columns",
        "monitors.app.commands.replay",
        "monitors.rules",
    ],
    "re2": ["monitors.language.regexes"],
    "rich": ["monitors.adapters.terminal", "monitors.app"],
    "snowballstemmer": ["monitors.terms.forms"],
    "sqlite_utils": ["monitors.adapters.sqlite"],
    "structlog": [
        "monitors.adapters.telegram",
        "monitors.app",
        "monitors.gathering",
        "monitors.pipeline",
        "monitors.talking",
    ],
    "telegram": ["monitors.adapters.telegram"],
    "trafilatura": ["monitors.stories.page"],
    "typer": ["monitors.app"],
    "tzlocal": ["monitors.app.clock"],
    "yaml": ["monitors.rules"],
}
# What comes with those, or with Python.
COMPANIONS = {
    "httpx": ["monitors.adapters.telegram"],
    "requests": ["monitors.adapters.apprise"],
    "urllib3": ["monitors.adapters.apprise"],
    "smtplib": ["monitors.adapters.apprise"],
    "sqlite3": ["monitors.adapters.sqlite"],
    "yarl": ["monitors.adapters.http"],
    "fcntl": ["monitors.adapters.files"],
    "resource": ["monitors.adapters.workers"],
    "subprocess": ["monitors.adapters.workers"],
    "unittest": [],
    "pytest": [],
}
MODULE_NAMES = {
    "charset-normalizer": "charset_normalizer",
    "google-re2": "re2",
    "python-telegram-bot": "telegram",
    "pyyaml": "yaml",
    "sqlite-utils": "sqlite_utils",
}
NEVER_IMPORTED = {"lxml_html_clean", "tzdata"}  # others look for them


@cache
def graph():
    return grimp.build_graph("monitors", include_external_packages=True, cache_dir=None)


def users(library):
    if library not in graph().modules:
        return set()
    return graph().find_modules_that_directly_import(library)


def is_in(module, homes):
    return any(module == home or module.startswith(f"{home}.") for home in homes)


@pytest.mark.parametrize("library", sorted(HOMES | COMPANIONS))
def test_a_library_is_imported_in_its_home_only(library):
    homes = (HOMES | COMPANIONS)[library]

    assert {module for module in users(library) if not is_in(module, homes)} == set()


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_used_or_is_no_requirement(library):
    assert users(library)


def test_every_requirement_has_a_home():
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    names = {re.split(r"[^\w-]", line)[0] for line in lines if not line.startswith("#")}
    modules = {MODULE_NAMES.get(name, name) for name in names - NEVER_IMPORTED}

    assert modules == set(HOMES)


def test_only_the_settings_read_the_environment():
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "monitors").rglob("*.py")
        if any(map(reads_environment, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }

    assert readers == {"monitors/app/settings.py"}


def reads_environment(node):
    names = {"environ", "environb", "getenv", "getenvb"}
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr=attribute):
            return attribute in names
        case ast.ImportFrom(module="os", names=imported):
            return any(alias.name in names for alias in imported)
        case _:
            return False
