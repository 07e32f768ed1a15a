import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitors.language.problems import Problem
from monitors.rules.yaml_nodes import MAX_CHARACTERS, Mapping, Scalar, Tree, plain, read


def tree(text: str) -> Tree:
    found = read(text)
    assert isinstance(found, Tree), found
    return found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("10:30", "10:30"),
        ("no", "no"),
        ("on", "on"),
        ("2024-05-01", "2024-05-01"),
        ("1.5", "1.5"),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("-1001234567890", -1001234567890),
        ("12", 12),
        ("9" * 5000, "9" * 5000),
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        ('"12"', "12"),
        ("'true'", "true"),
        ("''", ""),
    ],
)
def test_a_value_is_taken_for_what_people_mean_by_it(written, value):
    assert plain(tree(f"key: {written}").root) == {"key": value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("match: @pillar-2 AND x", "1:8: a value cannot begin with @. Put the whole value in"),
        ("match: %x", "1:8: a value cannot begin with %"),
        ('match: "Pillar 2" AND AUKUS\nname: x', "1:19: there is text after the closing quot"),
        ("match: 'it's'", "1:12: there is text after the closing quotation mark"),
        ("match: title: x", "1:13: a second colon stands in this line. Put the whole value"),
        ("rules:\n  - match: 'x\n    name: y\n", "2:12: the quotation mark is never closed"),
        ("a: [b, c\nd: e", "1:4: the bracket [ is never closed. Put a ]"),
        ("a: {b: c", "1:4: the bracket { is never closed. Put a }"),
        ("a: [", "1:5: the file ends too soon"),
        ("a:\n\tb: 1", "2:1: a tab stands here. Use spaces"),
        ("a: b\n\tc", "2:1: a tab stands here"),
        ("a:\n  - b\n c: d", "3:2: this line fits nothing above it. Line it up"),
        ("a:\n  b: c\n    d: e", "3:5: this key fits nothing above it"),
        ("feeds:\n  - x\nrules\n  - y: z\n", "3:1: there is no : after this"),
        ("- a\nb: c", "2:1: this line is no part of the list above it"),
        ("a: - b", "1:4: a list cannot begin here"),
        ('a: "\\q"', "1:5: this \\ means nothing here. Write \\\\"),
        ('a: "\\ud800"', "1:7: there is no such character"),
        ("a: 1\n---\nb: 2", "2:1: a second document begins here"),
        ("a: x\x00y", "1:5: there is a character here that no text file should have"),
        ("a: *x", "1:4: nothing before this is marked &x. Put the whole value in quotation"),
        ("a: &x [*x]", "1:8: this list holds itself"),
        ("[" * 100, "1:21: lists and keys stand more than 20 deep"),
        ("- " * 100_000, "1:41: lists and keys stand more than 20 deep"),
        ("x" * (MAX_CHARACTERS + 1), "1:64000001: the file is longer than 64,000,000 "),
        ("%YAML x\n---\na: b", "1:7: this is not YAML"),
        ("a: b\nc: " + "x" * 200_001, "2:4: this text is longer than 200,000 characters"),
        ("- '" + "x " * 100_001 + "'", "1:3: this text is longer than 200,000 characters"),
    ],
)
def test_what_is_no_yaml_is_told_in_plain_words_at_its_place(text, expected):
    problem = read(text)

    assert isinstance(problem, Problem)
    assert str(problem).startswith(expected)


def test_aliases_count_as_often_as_they_are_used():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]

    problem = read("\n".join(lines))

    assert isinstance(problem, Problem)
    assert "more than 3,000,000 values" in problem.message


def test_an_alias_stands_for_what_it_names():
    assert plain(tree("a: &list [x, y]\nb: *list\nc: &one z\nd: *one").root) == {
        "a": ["x", "y"],
        "b": ["x", "y"],
        "c": "z",
        "d": "z",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", "3:1: a stands here twice, first in line 1"),
        ("? [a]\n: b", "1:3: a key is a word, not a list"),
        ("a: !x b", "1:4: the YAML tag !x means nothing here. Put the whole value in quotation"),
        ('a: "x\\0"', "1:4: this text has a character that cannot be used"),
    ],
)
def test_the_rest_is_read_in_spite_of_a_small_mistake(text, expected):
    found = tree(text)

    assert found.root
    assert [str(problem)[: len(expected)] for problem in found.problems] == [expected]


def test_of_two_equal_keys_the_first_counts():
    root = tree("a: 1\na: 2").root

    assert plain(root) == {"a": 1}


WORDS = st.text("ab é한'\"\\#:@-\n\t\u2028", max_size=40)


@given(WORDS, st.sampled_from([None, "'", '"', "|", ">"]), st.integers(10, 40))
def test_every_character_of_a_text_is_found_where_the_file_has_it(value, style, width):
    dumped = yaml.safe_dump(
        {"key": {"text": value}}, default_style=style, width=width, allow_unicode=True
    )
    found = tree(dumped)
    scalar = found.root.pairs[0][1].pairs[0][1]
    assert isinstance(scalar, Scalar)
    assert scalar.text == value

    for at, char in enumerate(value):
        offset = found.offset_in(scalar, at)
        assert scalar.start <= offset < scalar.end
        if not char.isspace():
            written = dumped[offset]
            assert written == char or (scalar.style == '"' and written == "\\")


def test_places_are_counted_in_characters_and_as_editors_count_lines():
    found = tree("한é: 1\r\nb: \U0001f600 x\rc: 'z'\n")

    assert isinstance(found.root, Mapping)
    assert found.source.place(found.root.key("b").start) == (2, 1)
    assert found.source.place(found.root.get("b").end) == (2, 7)
    assert found.source.place(found.root.get("c").start) == (3, 4)


def test_what_stands_before_a_value_is_no_part_of_it():
    found = tree("a: &anchor 'b (c'")
    scalar = found.root.get("a")

    assert found.source.place(found.offset_in(scalar, 2)) == (1, 15)
