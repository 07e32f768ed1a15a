"""What an article has instead of what a condition lacks."""

from datetime import UTC, datetime

import pytest

from monitors.language.grammar import parse
from monitors.matching.explaining import Clause, explain, nearly
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PILLAR = Entity(name="pillar-2", names=("Pillar 2", "Pillar II", "Pillar Two"))


def lines(condition, title, text=""):
    article = Article(
        identity="x", url=None, link=None, outlet="x", title=title, text=text, lang="en",
        published_at=NOON, seen_at=NOON,
    )  # fmt: skip
    return list(nearly(parse(condition), Reading(article), Terms({"pillar-2": PILLAR})))


@pytest.mark.parametrize(
    ("condition", "title", "line"),
    [
        (
            'AUKUS "Pillar 2"',
            "AUKUS: Pillar Two begins",
            'found "Pillar Two": did you mean @pillar-2?',
        ),
        ("submarine", "Two submarines sail", 'found "submarines": did you mean ~submarine?'),
        ("=US", "They told us", 'found "us": did you mean US?'),
        ('="Apple Watch"', "An apple watch", 'found "apple watch": did you mean "Apple Watch"?'),
        (
            '"ban exports"',
            "A ban on all exports",
            'found "ban on all exports": did you mean "ban exports"~10?',
        ),
        ("AUKUS", "The AUKKUS pact", 'found "aukkus": did you mean aukkus?'),
        ("submarin", "A submarine sails", 'found "submarine": did you mean submarin*?'),
        (
            "Seoul NEAR/2 talks",
            "Seoul is to begin a round of talks",
            "they stand farther apart: did you mean Seoul NEAR/10 talks?",
        ),
        (
            "Seoul NEAR/2 submarine",
            "Seoul buys submarines",
            'found "submarines": did you mean ~submarine?',
        ),
        ("AUKUS >= 3", "AUKUS: what AUKUS means", "found AUKUS 2 of 3 times"),
        ("title:Korea", "Talks", 'found "Korea" in the text, not in the title'),
        (
            "Quad OR (tax submarine)",
            "A tax on submarines",
            'found "submarines": did you mean ~submarine?',
        ),
    ],
)
def test_what_was_probably_meant_is_told(condition, title, line):
    assert line in lines(condition, title, "Korea joins")


@pytest.mark.parametrize("condition", ["AUKUS", "Quad NOT AUKUS", "/qu+ad/", "published:<6h tax"])
def test_nothing_is_told_where_nothing_is_near(condition):
    assert lines(condition, "AUKUS talks") == []


def test_few_lines_are_told_of_many_that_could_be():
    text = " ".join(f"letters{number}x" for number in range(20))

    assert len(lines(" ".join(f"letters{number}" for number in range(20)), text)) == 5


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("AUKUS Korea", [("AUKUS", ("title",)), ("Korea", ("title", "text"))]),
        ("AUKUS OR Quad", [("AUKUS", ("title",))]),
        ("AUKUS tax", [("AUKUS", ("title",))]),
        ("Korea NEAR/3 talks NEAR/1 tax", [("Korea", ("title", "text")), ("talks", ("text",))]),
        ("Korea >= 9", [("Korea", ("title", "text"))]),
        ("title:Korea source:x", [("Korea", ("title",)), ("x", ("source",))]),
        ("AUKUS NOT tax", [("AUKUS", ("title",))]),
        (
            "3 POINTS (AUKUS^2, Korea, tax^-1)",
            [("AUKUS", ("title",)), ("Korea", ("title", "text"))],
        ),
    ],
)
def test_the_terms_that_were_found_are_named_with_their_fields(condition, found):
    article = Article(
        identity="x", url=None, link=None, outlet="x", title="Korea and AUKUS", lang="en",
        text="Korea: talks", published_at=NOON, seen_at=NOON,
    )  # fmt: skip
    told = explain(parse(condition), Reading(article), Terms({}))

    assert told.found == tuple(Clause(*each) for each in found)
