import pytest

from monitors.language.problems import Severity
from monitors.rules.checking import check


def found(text: str) -> list[str]:
    return [str(problem) for problem in check(text)]


def test_a_good_file_has_nothing_to_say():
    text = """
entities:
  pillar-2: [Pillar 2, Pillar II]
rules:
  - name: AUKUS
    match: AUKUS AND @pillar-2
    examples:
      match: ["Seoul in talks over AUKUS 'Pillar II'"]
      ignore: ["OECD says Pillar Two tax deal is near", The AUKUS pact]
"""

    assert found(text) == []


def test_problems_come_before_examples():
    text = "rules: [{match: 'a (', examples: {match: b}}, {match: b, examples: {match: c}}]"

    assert len(found(text)) == 1
    assert "never closed" in found(text)[0]


EXAMPLES = """rules:
  - match: {match}
    examples:
      match:
        - first boat here
        - {text}
      ignore: nothing
"""


@pytest.mark.parametrize(
    ("match", "text", "hint"),
    [
        ("boat", "a ship", "It lacks boat."),
        ("boat (ship OR ferry)", "a boat", "It lacks"),
        ("boat NOT ship", "boat and ship", "The rule leaves out ship."),
    ],
)
def test_an_example_that_should_match_says_what_it_lacks(match, text, hint):
    problems = check(EXAMPLES.format(match=match, text=text))
    problem = next(each for each in problems if each.line == 6)

    assert (problem.line, problem.column) == (6, 11)
    assert problem.severity is Severity.ERROR
    assert problem.message == "this text should match but does not"
    assert problem.hint
    assert problem.hint.startswith(hint)


def test_an_example_that_should_be_ignored_says_what_it_has():
    text = (
        "rules:\n  - match: boat OR ship\n    examples:\n      ignore: [no, 'The Boat, a ship']\n"
    )

    problem = check(text)[0]

    assert (problem.line, problem.column) == (4, 20)
    assert problem.message == "this text should be ignored but matches"
    assert problem.hint == 'It has "Boat", "ship": narrow the condition with AND or NOT.'


def test_examples_know_entities_and_their_letter_case():
    text = """
entities: {rok: {exact: [ROK]}}
rules: [{match: '@rok', examples: {match: the ROK says, ignore: a rok}}]
"""

    assert found(text) == []


def test_an_example_may_be_a_title_a_summary_or_a_text():
    text = """
rules:
  - {match: 'title:boat', name: a, examples: {match: a boat, ignore: a ship}}
  - {match: 'text:boat OR summary:ship', name: b, examples: {match: [a boat, a ship]}}
"""

    assert found(text) == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("boat and ship", "1:22: advice: and is searched for as a word here. Write AND, or"),
        ("boat or ship", "1:22: advice: or is searched for"),
        ("boat Not ship", "1:22: advice: Not is searched for"),
        ("boat AND ship OR ferry", "1:31: advice: OR and AND stand side by side. AND goes first"),
        ("boat ship OR ferry", "1:27: advice: OR and AND stand side by side"),
        ("boat OR ship -ferry", "1:22: advice: OR and AND stand side by side"),
        ("x1 AND (boat (y1) OR ship)", "1:35: advice: OR and AND stand side by side"),
        ("US AND tariff", "1:17: advice: US also finds the word us. Write =US"),
        ("title:US", "1:23: advice: US also finds the word us. Write =US"),
        ("'2 OF (x1, boat ship OR ferry)'", "1:38: advice: OR and AND stand side by side"),
        ("tariff the", "1:24: advice: the is found in nearly every text"),
        ("vitamin C", "1:25: advice: C is found in nearly every text"),
    ],
)
def test_what_may_be_meant_otherwise_gets_advice(condition, expected):
    problems = check(f"rules: [{{match: {condition}}}]")

    assert [str(problem)[: len(expected)] for problem in problems] == [expected]
    assert [problem.severity for problem in problems] == [Severity.ADVICE]


@pytest.mark.parametrize(
    "condition",
    [
        "boat AND ship AND ferry",
        "boat OR ship OR ferry",
        "(boat AND ship) OR ferry",
        "boat (ship OR ferry) NOT (car OR bus)",
        '\'"US" OR "vitamin C" OR "and"\'',
        "東 OR ROK",
        "boat NEAR ship OR ferry",
        "'2 OF (boat ship, car OR bus) OR ferry >= 2'",
        "boat title:(ship ferry) lang:it =US",
        "AUKUS",
    ],
)
def test_what_is_clear_gets_no_advice(condition):
    assert found(f"rules: [{{match: {condition}}}]") == []


def test_a_rule_that_finds_the_same_as_another_gets_advice():
    text = "rules:\n  - match: boat\n    name: a\n  - match: ' boat '\n    name: b\n"

    assert found(text) == ["4:12: advice: this rule finds the same as a. Delete one of the two."]


def test_the_same_condition_for_another_chat_is_another_rule():
    text = """
rules: [{match: boat, name: a, send_to: s}, {match: boat, name: b, send_to: t}]
chats: {s: {terminal: true}, t: {telegram: 5}}
"""

    assert found(text) == []


def test_what_no_rule_names_gets_advice():
    text = """entities:
  x: [One]
  y: [Two]
rules: [{match: '@x', send_to: s}]
chats:
  s: {terminal: true}
  t: {telegram: 5}
"""

    assert found(text) == [
        "3:3: advice: no rule looks for @y. Write it in a condition, or delete it.",
        "7:3: advice: no rule sends to t. Write it under send_to: of a rule, or delete it.",
    ]


def test_without_rules_nothing_is_unused():
    assert found("entities: {x: [One]}\nchats: {s: {terminal: true}}") == []


@pytest.mark.parametrize(
    ("names", "column", "said"),
    [
        ("[ship, submarin*]", 17, "* says nothing in a name: only the words of submarin* count"),
        ("['wom?n']", 11, "? says nothing"),
        ("{names: [ship], exact: ['=US', ROK]}", 34, "= says nothing"),
        ("['~submarine']", 11, "~ says nothing"),
        ("[/pil+ar/]", 11, "/ says nothing"),
        ("{names: [ROK], near: [pact OR treaty]}", 32, "OR says nothing"),
        ("'*marine'", 10, "* says nothing"),
    ],
)
def test_operators_in_names_get_advice(names, column, said):
    text = f"entities:\n  ships: {names}\nrules: [{{match: '@ships'}}]"
    (advice,) = check(text)

    assert (advice.severity, advice.line, advice.column) == (Severity.ADVICE, 2, column)
    assert advice.message.startswith(said)


@pytest.mark.parametrize(
    "name", ["E*TRADE", "M*A*S*H", "Yahoo!", "TRICK OR TREAT", "Who?", "24/7", '"Pillar 2"', "AT&T"]
)
def test_names_with_signs_of_their_own_get_none(name):
    assert found(f"entities:\n  e: ['{name}']\nrules: [{{match: '@e'}}]") == []


@pytest.mark.parametrize("names", ["[United States, US]", "{names: [United States, US]}"])
def test_a_name_that_is_an_ordinary_word_gets_advice(names):
    text = f"entities:\n  us: {names}\nrules: [{{match: '@us'}}]"

    assert [problem.partition(": ")[2] for problem in found(text)] == [
        "advice: this also finds the word us. Move it to exact:."
    ]
    assert check(text)[0].column == text.splitlines()[1].index("US") + 1


@pytest.mark.parametrize(
    "condition",
    ["source:Wire AND ship", "ship NOT source:Wire", "(ship OR boat) lang:en", "source:Wire"],
)
def test_an_example_need_not_come_from_anywhere(condition):
    text = f"rules:\n  - match: {condition}\n    examples:\n      match: [A ship sails]\n"
    assert [problem for problem in check(text) if problem.severity is Severity.ERROR] == []


def test_an_example_of_a_rule_with_a_source_is_still_read():
    text = "rules:\n  - match: source:Wire AND ship\n    examples:\n      match: [A train]\n"
    (problem,) = (problem for problem in check(text) if problem.severity is Severity.ERROR)
    assert "should match but does not" in problem.message


def test_a_paused_rule_is_mentioned_and_covers_no_other():
    text = "rules:\n- {match: boat, paused: true}\n- {match: boat, name: b}\n"

    (told,) = found(text)
    assert told.startswith("2:25: advice: the rule boat is paused: it finds nothing. Delete this")
