from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.language.expression import And, EntityName, Exact, Forms, Link, Near, Not, Or, Word
from monitors.language.grammar import parse
from monitors.matching.needs import banned, decides, needs, rarest
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.stories.words import cut
from monitors.terms.entity import Entity

ENTITIES = (
    Entity(name="ship", names=("boat", "ship of state"), exact=("SH",), exceptions=("toy boat",)),
    Entity(name="vessel", names=("ferry", "boat")),
    Entity(name="nothing"),
)
BY_NAME = {entity.name: entity for entity in ENTITIES}
MATCHER = Matcher(Rulebook(digest="", entities=ENTITIES))
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)

PIECES = st.sampled_from(
    ["boat", "ship", "boa*", '"ship of state"', "=SH", "@ship", "@vessel", "S.H.", "toy",
     '"toy boa*"', "boat >= 2", "title:boat", "source:wire", "한국", "1,000", "ship-yard"]
)  # fmt: skip
JOINS = st.sampled_from([" AND ", " OR ", " NOT ", " NEAR/2 ", " "])
TEXTS = st.lists(
    st.sampled_from(
        [
            "boat",
            "Ship of State",
            "boats",
            "SH",
            "S.H.",
            "toy",
            "ferry",
            "1000",
            "한국은",
            "ship yard",
        ]
    ),
    max_size=6,
).map(" ".join)


@st.composite
def expressions(draw):
    """Answer a condition of a few pieces; wrong ones become a single piece."""
    text = draw(PIECES)
    for _ in range(draw(st.integers(0, 3))):
        right = draw(st.one_of(PIECES, st.tuples(PIECES, PIECES).map("({0[0]} OR {0[1]})".format)))
        text += draw(JOINS) + right
    if draw(st.booleans()):
        text = f"2 OF ({draw(PIECES)}, {text}, {draw(PIECES)})"
    read = parse(text)
    return read if not hasattr(read, "message") else Word("boat")


def article(title, text):
    return Article(
        identity="", url=None, link=None, outlet="Wire", title=title, text=text,
        published_at=NOON, seen_at=NOON,
    )  # fmt: skip


def has(words, needed):
    return all(
        any(
            any(word.startswith(one[:-1]) for word in words) if one.endswith("*") else one in words
            for one in need
        )
        for need in needed
    )


@given(expressions(), TEXTS, TEXTS)
def test_what_holds_has_what_is_needed(expression, title, text):
    words = {*cut(title).folded, *cut(text).folded}
    fits = has(words, needs(expression, BY_NAME)) and not has(words, [banned(expression, BY_NAME)])

    if MATCHER.explain(expression, article(title, text)).holds:
        assert fits
    elif decides(expression, BY_NAME):
        assert not fits


def texts_of(needed):
    return ["|".join(sorted(need)) for need in needed]


@pytest.mark.parametrize(
    ("condition", "needed", "decided"),
    [
        ("boat", ["boat"], True),
        ("boat AND (ship OR ferry)", ["boat", "ferry|ship"], True),
        ('boat OR "ship of state"', ["boat|state"], False),
        ('"ship of state"', ["ship", "of", "state"], False),
        ("submarin* boat", ["submarin*", "boat"], True),
        ("boat NOT ship", ["boat"], True),
        ("2 OF (aa, bbb, cccc)", ["bbb|cccc"], False),
        ("2 OF (aa, bbb)", ["aa", "bbb"], False),
        ("boat NEAR (ship OR ferry)", ["boat", "ferry|ship"], False),
        ("source:wire", [], False),
        ("source:wire boat", ["boat"], False),
        ("title:boat", ["boat"], False),
        ("boat >= 2", ["boat"], False),
        ("=US", ["u.s|us"], False),
        ("@vessel", ["boat|ferry"], True),
        ("@ship", ["boat|s.h|sh|state"], False),
        ("@nothing", [""], False),
        ("@nobody", [""], False),
        ("Boat-Race", ["boat|boatrace"], False),
    ],
)
def test_a_condition_needs(condition, needed, decided):
    expression = parse(condition)

    assert sorted(texts_of(needs(expression, BY_NAME))) == sorted(needed)
    assert decides(expression, BY_NAME) is decided


def test_what_is_not_understood_is_not_needed():
    forms = Forms("submarine")

    assert needs(forms, {}) == ()
    assert needs(And((forms, Word("boat"))), {}) == (frozenset({"boat"}),)
    assert needs(Or((forms, Word("boat"))), {}) == ()
    assert needs(Not(Word("boat")), {}) == ()


def test_wild_words_need_their_beginning_at_most():
    assert texts_of(needs(Word("wom?n"), {})) == ["wom*"]
    assert needs(Word("*marine"), {}) == ()
    assert texts_of(needs(Word("1?0"), {})) == ["1*"]
    assert not decides(Word("wom?n"), {})


def test_names_of_parts_and_languages_count():
    entities = {
        "asia": Entity(name="asia", names=("Asia",), parts=("korea", "asia")),
        "korea": Entity(name="korea", by_language=(("de", ("Korea",)),), exact=("ROK",)),
    }

    assert texts_of(needs(EntityName("asia"), entities)) == ["asia|korea|rok"]
    assert not decides(EntityName("asia"), entities)


def test_the_rarest_need_is_that_of_long_words():
    assert rarest(needs(parse("of AND submarine"), {})) == {"submarine"}
    assert rarest(()) is None


def test_a_row_needs_all_that_stands_in_it():
    assert texts_of(needs(Near((Word("ship"), Exact("boat")), (Link(5),)), {})) == ["ship", "boat"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("boat", []),
        ("boat NOT ship", ["ship"]),
        ("boat NOT (ship OR ferr* OR @vessel) -race", ["boat", "ferr*", "ferry", "race", "ship"]),
        ('boat NOT ("toy boat" OR ship)', ["ship"]),
        ("boat NOT (toy ship)", []),
        ("boat NOT title:ship", []),
        ("boat OR (ship NOT toy)", []),
    ],
)
def test_a_condition_bans_words(condition, words):
    assert sorted(banned(parse(condition), BY_NAME)) == words
