from datetime import UTC, datetime
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.language.expression import And, Exact, Forms, Near, Not, Or, Word
from monitors.language.grammar import parse
from monitors.matching.coverage import Coverage
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.terms.entity import Entity

ENTITIES = (
    Entity(name="ship", names=("boat", "toy boat", "Boat")),
    Entity(name="vessel", names=("ferry", "boat"), exact=("SH", "Ferry")),
    Entity(name="real", names=("boat",), exceptions=("toy boat",)),
    Entity(name="nothing"),
)
BY_NAME = {entity.name: entity for entity in ENTITIES}
COVERAGE = Coverage(BY_NAME)
MATCHER = Matcher(Rulebook(digest="", entities=ENTITIES))
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)

PIECES = st.sampled_from(
    ["boat", "boats", "boa*", '"toy boat"', '"toy boa*"', "toy", "=SH", "=Ferry", "ferry", "sh",
     "@ship", "@vessel", "@real", "boat >= 2", "@ship >= 2", "title:boat", "title:toy",
     "boat NEAR/1 toy", "toy ONEAR/1 boat", "boat NEAR/2 (toy OR ferry)", "source:wire"]
)  # fmt: skip
WORDS = ("boat", "boats", "toy", "Ferry", "SH", "S.H.", "x")


@st.composite
def conditions(draw):
    parts = draw(st.lists(PIECES, min_size=1, max_size=3))
    text = draw(st.sampled_from([" AND ", " OR ", " NOT "])).join(f"({part})" for part in parts)
    if len(parts) == 3 and draw(st.booleans()):
        text = f"{draw(st.integers(1, 3))} OF ({', '.join(parts)})"
    if draw(st.booleans()):
        text = f"({text}){draw(st.sampled_from([' AND ', ' OR ', ' NOT ']))}{draw(PIECES)}"
    read = parse(text)
    return read if not hasattr(read, "message") else Word("boat")


def article(title, text):
    return Article(
        identity="", url=None, link=None, outlet="Wire", title=title, text=text,
        published_at=NOON, seen_at=NOON,
    )  # fmt: skip


ARTICLES = [
    article(" ".join(title), " ".join(text))
    for title, text in [
        *product([(), ("boat",), ("toy",)], permutations(WORDS, 2)),
        *product([()], product(WORDS[:4], repeat=3)),
        *product([("boat",), ("toy", "boat")], [(word,) for word in WORDS] + [()]),
    ]
]


def holding(condition):
    return [MATCHER.explain(condition, each).holds for each in ARTICLES]


@given(conditions(), conditions())
def test_what_is_said_to_cover_holds_wherever_the_other_does(one, other):
    first, second = COVERAGE.formula(one), COVERAGE.formula(other)

    if COVERAGE.implies(first, second):
        assert all(map(bool.__le__, holding(one), holding(other)))
    if COVERAGE.never(first):
        assert not any(holding(one))


@given(st.lists(conditions(), max_size=8))
def test_pairs_are_those_that_one_by_one_comparing_finds(several):
    formulas = [COVERAGE.formula(each) for each in several]
    every = {
        (first, second)
        for first, one in enumerate(formulas)
        for second, other in enumerate(formulas)
        if first != second and COVERAGE.implies(one, other)
        # Equal ones are paired with the first of them.
        if one != other or formulas.index(one) in (first, second)
    }

    found = set(COVERAGE.pairs(formulas))

    assert found <= every
    # What is needed for a pair to be found: words that the wider one cannot do without.
    assert {pair for pair in every - found if plain(several[pair[1]])} == set()


def plain(condition):
    return isinstance(condition, Word)


def covers(wide, narrow):
    return COVERAGE.implies(COVERAGE.formula(parse(narrow)), COVERAGE.formula(parse(wide)))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("boat", "BOAT"),
        ("boat", "boat ship"),
        ("boat OR ship", "boat"),
        ("boat", '"toy boat"'),
        ("submarin*", "submarine"),
        ("submarin*", "submarines OR submarin*"),
        ("sub*", "submarin*"),
        ("boat", "title:boat"),
        ("title:boat", 'title:("toy boat" ship)'),
        ("boat", "boat >= 2"),
        ("boat >= 2", "boat >= 3"),
        ("boat", "boat NEAR toy"),
        ("boat NEAR/5 toy", "boat ONEAR/2 toy"),
        ("@ship", "boat"),
        ("@vessel", "ferry OR boat"),
        ("boat", "@ship"),
        ("boat NOT toy", "boat NOT (toy OR ship)"),
        ('boat NOT "toy boat"', "boat NOT toy"),
        ("2 OF (a1, b1, c1)", "a1 b1"),
        ("1 OF (a1, b1, c1)", "2 OF (a1, b1, c1)"),
        ("a1 OR b1", "2 OF (a1, b1, c1)"),
        ("(a1 AND b1) OR c1", "c1 OR (b1 a1)"),
        ("lang:en", "lang:en-GB"),
        ("anti-drone", '"anti-drone"'),
        ("anti-drone", "antidrone"),
        ("drone", '"anti-drone"'),
        ("\u65e5\u672c\u9280*", "\u65e5\u672c\u9280\u884c"),
    ],
)
def test_one_condition_covers_another(wide, narrow):
    assert covers(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("boats", "boat"),
        ("submarine", "submarin*"),
        ("title:boat", "boat"),
        ("boat", "source:boat"),
        ("lang:gb", "lang:en-GB"),
        ("us", "=US"),
        ("=US", "us"),
        ("@real", "boat"),
        ('"toy boat"', "toy boat"),
        ("boat >= 2", '"boat boat"'),
        ("boat NEAR/2 toy", "boat NEAR/5 toy"),
        ("@vessel", "=SH"),
        ("boat toy", "boat"),
        ("boat NOT toy", "boat"),
        ("drone", "anti-drone"),
        ('"anti drone"', "anti-drone"),
        ("Korea", "#SouthKorea"),
        ("\u0623\u0633\u062a*", "\u0623\u0633\u062a\u0631\u0627\u0644\u064a\u0627"),
        ("\u0e1b\u0e23\u0e30\u0e0a*", "\u0e1b\u0e23\u0e30\u0e0a\u0e38\u0e21"),
    ],
)
def test_one_condition_does_not_cover_another(wide, narrow):
    assert not covers(wide, narrow)


@pytest.mark.parametrize(
    "condition",
    ["boat NOT boat", "boat NOT (boat OR ship)", '"toy boat" NOT boat',
     "(boat OR toy) NOT boat -toy", "@nothing", "boat @nothing", "@nothing OR @nobody",
     "2 OF (boat, @nothing, @nothing)",
     "boat NEAR toy NOT boat", "title:boat NOT boa*", "boat OR @nothing NOT @nothing"],
)  # fmt: skip
def test_a_condition_can_never_hold(condition):
    expected = condition != "boat OR @nothing NOT @nothing"

    assert COVERAGE.never(COVERAGE.formula(parse(condition))) is expected


def test_what_is_not_known_is_only_equal_to_itself():
    forms = COVERAGE.formula(Forms("boat"))

    assert COVERAGE.implies(forms, COVERAGE.formula(Forms("boat", at=5)))
    assert not COVERAGE.implies(COVERAGE.formula(Word("boat")), forms)
    assert not COVERAGE.implies(forms, COVERAGE.formula(Word("boat")))
    assert not COVERAGE.never(forms)
    assert COVERAGE.formula(And((Forms("b", 1), Forms("a", 9)))) == COVERAGE.formula(
        And((Forms("a", 2), Forms("b", 3)))
    )


def test_wild_words_are_only_equal_to_themselves():
    assert not COVERAGE.implies(COVERAGE.formula(Word("wom?n")), COVERAGE.formula(Word("wom*")))


def test_entities_of_several_kinds_claim_nothing_more():
    entity = Entity(name="asia", names=("Asia",), parts=("ship",))
    coverage = Coverage({"asia": entity})
    asia = coverage.formula(parse("@asia"))

    assert not coverage.implies(asia, coverage.formula(Word("asia")))
    assert not coverage.never(asia)


def test_a_comparison_that_takes_too_long_claims_nothing():
    wide = Or(tuple(And(tuple(Word(f"w{n}x{m}") for m in range(3))) for n in range(60)))
    narrow = And(tuple(Or((Word(f"w{n}x0"), Word(f"v{n}x1"))) for n in range(60)))
    first, second = COVERAGE.formula(narrow), COVERAGE.formula(wide)

    assert not COVERAGE.implies(first, second)


def test_pairs_are_found_among_many():
    formulas = [COVERAGE.formula(parse(f"pact w{number}")) for number in range(500)]
    formulas += [COVERAGE.formula(parse(text)) for text in ("pact", "w7 pact", "title:(w9 pact)")]

    pairs = set(COVERAGE.pairs(formulas))

    assert {(7, 501), (501, 7), (502, 9), (3, 500), (502, 500)} <= pairs
    assert (500, 3) not in pairs


def test_rows_and_spellings_have_a_form_of_their_own():
    row = Near((Exact("SH"), Word("boat")), ())

    assert COVERAGE.formula(Not(Not(row))) == COVERAGE.formula(row)
