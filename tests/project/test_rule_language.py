import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.reading import FilePacks
from monitors.language import grammar
from monitors.language.expression import Expression
from monitors.language.problems import Problem
from monitors.rules.document import read_rulebook
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.terms import forms

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PAGE = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")


def rows(*header):
    """Answer the rows of all tables on the page with this *header*, as written."""
    tables = re.findall(r"(?m)(?:^\|.*\n)+", PAGE)
    split = [[cells(line) for line in table.splitlines()] for table in tables]
    found = [row for first, _, *body in split if first == list(header) for row in body]
    assert found, header
    return found


def cells(line):
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [part.strip().replace("\\|", "|").strip("`") for part in parts]


@cache
def entities():
    """Answer the entities that the page defines or speaks of."""
    block = re.findall(r"(?s)```yaml\n(entities:.*?)```", PAGE)[0]
    needs = sorted(set(re.findall(r"@(country\.[a-z]+)", PAGE)))
    packs = FilePacks(RulebookFile(Path("rules.yaml")))
    read = read_rulebook(block, packs=packs, needs=needs)
    assert isinstance(read, Rulebook), read
    return read.entities


@pytest.mark.parametrize(("rule", "text", "matches"), rows("rule", "text", "matches"))
def test_the_examples_match_as_the_page_says(rule, text, matches):
    condition = grammar.parse(rule)
    matcher = Matcher(Rulebook(digest="", entities=entities()))
    article = Article(
        identity="",
        url=None,
        link=None,
        outlet="",
        title=text,
        lang="en",
        published_at=NOON,
        seen_at=NOON,
    )

    assert isinstance(condition, Expression)
    assert matcher.explain(condition, article).holds == {"yes": True, "no": False}[matches]


@pytest.mark.parametrize(("written", "meant"), rows("written", "is read as"))
def test_rules_are_read_as_the_page_says(written, meant):
    assert grammar.parse(written) == grammar.parse(meant)


@pytest.mark.parametrize(("rule", "message"), rows("refused", "because"))
def test_rules_are_refused_as_the_page_says(rule, message):
    problem = grammar.parse(rule)

    assert isinstance(problem, Problem)
    assert problem.message == message


def test_the_page_shows_the_grammar_that_is_read():
    (shown,) = re.findall(r"(?m)^    rule    = .*\n(?:    .*\n)+", PAGE)

    assert shown in grammar.__doc__


def test_the_page_names_the_limits():
    for limit in (grammar.MAX_CHARACTERS, grammar.MAX_TERMS, grammar.MAX_NESTING):
        assert f"{limit:,}" in PAGE


def test_the_page_names_the_languages_that_have_inflections():
    named = re.search(r"(?s)Inflections are known in (.*?)\.", PAGE)[1]

    found = {name.lower() for name in re.split(r",\s+|\s+and\s+", named)}
    assert found - {"bosnian", "croatian"} == set(forms._STEMMERS.values())
