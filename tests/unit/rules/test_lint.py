import pytest

from monitors.language.expression import And, Forms, Regex, Scoped, Word
from monitors.language.grammar import parse
from monitors.language.problems import Severity
from monitors.rules.checking import check
from monitors.rules.lint import Linter
from monitors.terms.entity import Entity

ENTITIES = (Entity(name="ship", names=("boat", "ferry")), Entity(name="nothing"))
LINTER = Linter(ENTITIES, {"asia", "Middle East"})


def remarks(condition):
    return [(one.at, one.message) for one in LINTER.remarks(condition, parse(condition))]


@pytest.mark.parametrize(
    ("condition", "at", "message"),
    [
        ("boat NOT boat", 5, "boat can never be there without what is left out"),
        ("boat NOT (boat OR race)", 5, "boat can never be there without what is left out"),
        ("(boat OR race) -boat -race", 15, "boat OR race can never be there without"),
        ('race OR ("toy boat" NOT boat)', 20, '"toy boat" can never be there without'),
        ("title:(boat NOT boat)", 12, "boat can never be there"),
        ("@nothing", 0, "@nothing has no names, so it is never found"),
        ("race AND @nothing", 9, "@nothing has no names"),
        ("3 OF (boat, race, @nothing)", 0, "fewer than 3 of these can ever hold"),
    ],
)
def test_what_can_never_hold_is_said(condition, at, message):
    found = [one for one in remarks(condition) if "side by side" not in one[1]]

    assert [(place, text[: len(message)]) for place, text in found] == [(at, message)]


@pytest.mark.parametrize(
    ("condition", "at", "message"),
    [
        ("race OR Race", 8, "Race changes nothing beside race"),
        ("race AND (race OR pact)", 10, "race OR pact changes nothing beside race"),
        ("race OR (pact AND race)", 9, "pact AND race changes nothing beside race"),
        ('"boat race" AND race', 16, 'race changes nothing beside "boat race"'),
        ("submarin* OR submarine", 13, "submarine changes nothing beside submarin*"),
        ("submarine AND submarin*", 14, "submarin* changes nothing beside submarine"),
        ("@ship OR boat", 9, "boat changes nothing beside @ship"),
        ('pact NOT race NOT "boat race"', 18, '"boat race" changes nothing beside race'),
        ('pact NOT (race OR "boat race")', 18, '"boat race" changes nothing beside race'),
        ("title:(race OR race)", 15, "race changes nothing beside race"),
        ("race title:race", 0, "race changes nothing beside title:race"),
        ("2 OF (race, pact, race)", 18, "race stands twice in this list"),
    ],
)
def test_what_changes_nothing_is_said(condition, at, message):
    found = [one for one in remarks(condition) if "side by side" not in one[1]]

    assert [(place, text[: len(message)]) for place, text in found] == [(at, message)]


@pytest.mark.parametrize(
    ("condition", "at", "message"),
    [
        ("C++ pact", 0, "C++ is read as c: its signs are not searched for"),
        ("F# pact", 0, "F# is read as f:"),
        (".NET pact", 0, ".NET is read as net:"),
        ('pact "the C++ compiler"', 5, "C++ is read as c:"),
        ("pact near race", 5, "near is searched for as a word here"),
        ("2 of (race pact)", 2, "of is searched for as a word here"),
        ("ICE pact", 0, "ICE also finds the word ice"),
        ("\u2018Pillar 2\u2019 pact", 0, "\u2018 does not begin a phrase"),
        ("'Pillar 2' pact", 0, "' does not begin a phrase"),
        ("AUKUS\u201d AND \u201cPillar 2", 5, "a phrase begins directly after AUKUS"),
        (r"pact /\bСША/", 5, r"\b knows the English letters only"),
        (r"pact /Зеленськ\w+/", 5, r"\w knows the English letters only"),
        ("lang:english pact", 5, "english is not the code of a language"),
    ],
)
def test_what_may_be_meant_otherwise_is_said(condition, at, message):
    assert (at, message) in [(place, text[: len(message)]) for place, text in remarks(condition)]


@pytest.mark.parametrize(
    "condition",
    ["boat race", "boat OR ships", '"toy boat" boats', "title:race text:race", "=ICE pact",
     "lang:en OR lang:de-AT OR lang:zh_Hant", "race NOT (boat AND race)", "l'Oréal's pact",
     "2 OF (race, pact, boat)", "boat >= 2", "A1 B2", "#AUKUS U.S. 3.5", "boat NOT @nothing",
     r"pact /\bUS\b|США|\pLС/", 'race "pact"', "boat OR @nothing2", "'tis race", '"C" pact'],
)  # fmt: skip
def test_what_is_fine_is_left_alone(condition):
    linter = Linter((*ENTITIES, Entity(name="nothing2", names=("pact",))), ())

    assert list(linter.remarks(condition, parse(condition))) == []


def test_a_tag_that_no_feed_has_is_said():
    def said(tag):
        condition = And((Word("race", 0), Scoped("tag", Word(tag, 9), 5)))
        return [(one.at, one.message, one.hint) for one in LINTER.remarks("race", condition)]

    assert said("asia") == said("east") == said("Mid*") == []
    assert said("aisa") == [(9, "no feed has the tag aisa", "Did you mean asia?")]
    assert said("x") == [(9, "no feed has the tag x", "Write it under tags: of a feed.")]


def test_a_regular_expression_alone_is_said():
    def said(condition):
        return [one.message for one in LINTER.remarks("race", condition)]

    assert said(Regex("a.c")) == [
        "every article is searched for this, as no word has to be there, too"
    ]
    assert said(And((Regex("a.c"), Word("race")))) == []
    assert said(And((Regex("a.c"), Forms("race")))) == []


RULES = """rules:
  - {match: AUKUS, name: wide, send_to: [s, t]}
"""
CHATS = "chats: {s: {terminal: true}, t: {telegram: 5}}\n"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{match: AUKUS pact, send_to: s}", "all that this rule finds is found by wide, too"),
        ("{match: (aukus), send_to: [s, t]}", "this rule finds the same as wide"),
        ("{match: AUKUS OR pact}", None),
        ("{match: AUKUS pact, send_to: s, priority: high}", None),
    ],
)
def test_a_rule_that_another_one_covers_is_said(rule, said):
    found = check(f"{RULES}  - {rule}\n{CHATS}")
    covered = [one for one in found if "find" in one.message]

    if said is None:
        assert [one.line for one in covered] in ([], [2])
    else:
        assert [(one.line, one.message, one.severity) for one in covered] == [
            (3, said, Severity.ADVICE)
        ]


def test_a_rule_for_some_feeds_covers_none_for_all():
    feeds = "feeds: [{url: 'https://a.example/', tags: [x]}, https://b.example/]\n"

    def covered(wide, narrow):
        text = f"{feeds}rules: [{{match: AUKUS{wide}}}, {{match: AUKUS pact{narrow}}}]"
        return [one.message for one in check(text) if "found by" in one.message]

    assert covered("", ", feeds: [tag:x]")
    assert covered(", feeds: [tag:x]", ", feeds: [tag:x]")
    assert not covered(", feeds: [tag:x]", "")


def test_rules_that_find_the_same_are_told_once_each():
    text = (
        "rules: [{match: a1 b1, name: a}, {match: b1 AND a1, name: b}, {match: b1 a1 b1, name: c}]"
    )

    assert [one.message for one in check(text) if "same as" in one.message] == [
        "this rule finds the same as a",
        "this rule finds the same as a",
    ]
