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

NPT = Entity(name="npt", exact=("NPT",), exceptions=("NPT Street",), company=("treaty",), within=3)


def lines(condition, title, text=""):
    article = Article(
        identity="x", url=None, link=None, outlet="x", title=title, text=text, lang="en",
        published_at=NOON, seen_at=NOON,
    )  # fmt: skip
    return list(nearly(parse(condition), Reading(article), Terms({"pillar-2": PILLAR, "npt": NPT})))


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
        ("AUKUS", "The AUKKUS pact", 'found "AUKKUS": did you mean aukkus?'),
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
        ("/aukus/", "AUKUS talks", 'found "AUKUS": did you mean /aukus/i?'),
        (
            "pact ONEAR/2 AUKUS",
            "The AUKUS pact",
            "they stand in another order: did you mean pact NEAR/2 AUKUS?",
        ),
        ("Kyiv OR 2 OF (AUKUS, tax, Quad)", "The AUKUS pact", "found 1 of 2: AUKUS"),
        (
            "30 POINTS (AUKUS^20, pact^15, deal^9, talks^-10)",
            "The AUKUS pact: talks",
            "found 25 of 30 points: AUKUS 20, pact 15, talks -10",
        ),
        ("@npt", "A NPT thread", 'found "NPT", which has none of near: within 3 words'),
        ("@npt", "npt treaty", 'found "npt", which is written otherwise under exact:'),
        ("@npt", "NPT Street treaty", 'found "NPT", which stands inside a name under except:'),
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


def test_a_word_that_stands_elsewhere_is_not_meant_instead_of_itself():
    assert lines("title:Korea", "Talks", "Korea joins") == [
        'found "Korea" in the text, not in the title'
    ]


def missing(condition, text):
    article = Article(
        identity="x", url=None, link=None, outlet="x", title=text, published_at=NOON, seen_at=NOON
    )
    return list(explain(parse(condition), Reading(article), Terms({})).missing)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("(AUKUS tax) OR (Quad summit)", ["tax"]),
        ("(AUKUS tax) OR (AUKUS summit OECD)", ["tax"]),
        ("(AUKUS tax) OR (pact summit)", ["tax OR summit"]),
        ("(AUKUS tax) OR summit", ["tax OR summit"]),
        ("(AUKUS tax) OR (AUKUS tax -pact)", ["tax"]),
        ("tax OR (summit OECD)", ["tax OR summit AND OECD"]),
        ("(tax deal) OR (AUKUS OECD summit)", ["tax AND deal OR OECD AND summit"]),
    ],
)
def test_the_sides_that_came_nearest_are_to_blame(condition, expected):
    assert missing(condition, "The AUKUS pact") == expected


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
