import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitors.language.grammar import parse
from monitors.language.problems import Problem
from monitors.language.regexes import MAX_FOUND, Pattern, compiled, literal

PIECES = st.sampled_from(
    [
        *[
            "a",
            "B",
            "ß",
            "ſ",
            "K",
            "Σ",
            "ς",
            "한",
            "é",
            r"\.",
            ".",
            r"\d",
            r"\pL",
            r"\P{Lu}",
            r"[\pL.]",
            r"\\p",
            "[ab]",
            "[^a]",
            "[.]",
        ],
        *["(?:ab|ac)", "(?:aB)", "(?i:ab)", "(?-i:aB)", "(?:b|)", "^", "$", r"\b", "(?s).", "(cd)"],
    ]
)
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "+?", "{2}", "{1}", "{1,3}", "{0,2}", "{,2}"])
PATTERNS = st.recursive(
    st.builds(str.__add__, PIECES, REPEATS),
    lambda inner: st.builds(
        lambda parts, form, repeat: form.format("".join(parts)) + repeat,
        st.lists(inner, min_size=1, max_size=4),
        st.sampled_from(["{}", "(?:{})", "({})", "(?P<n>{})", "(?:{}|b)"]),
        REPEATS,
    ),
    max_leaves=8,
)


def found(pattern, text, *, ignores_case=False):
    return [
        text[start:end] for start, end in compiled(pattern, ignores_case=ignores_case).spans(text)
    ]


def test_places_count_characters_in_every_script():
    text = "É 한국 😀 AUKUS und AUKUS"

    assert list(compiled("AUKUS", ignores_case=False).spans(text)) == [(7, 12), (17, 22)]
    assert found("국.", text) == ["국 "]
    assert found(r"\pL+", text) == ["É", "한국", "AUKUS", "und", "AUKUS"]
    assert found(r"\w+", "É a") == ["a"]


def test_capitals_count_unless_they_are_ignored():
    assert found("aukus", "AUKUS aukus") == ["aukus"]
    assert found("aukus", "AUKUS aukus", ignores_case=True) == ["AUKUS", "aukus"]
    assert found("straße", "STRAẞE", ignores_case=True) == ["STRAẞE"]


def test_half_a_character_in_a_text_changes_no_place():
    assert list(compiled("b", ignores_case=False).spans("a\ud800b")) == [(2, 3)]
    assert not compiled("c", ignores_case=False).has("a\ud800b")


def test_empty_places_are_no_matches():
    assert found(r"a*\b", "b ax a") == ["a"]


def test_there_is_an_end_of_matches():
    assert len(found("a", "a" * 2 * MAX_FOUND)) == MAX_FOUND


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(a|a)*b", "(.*)*x", "(a*)*$b", "a?" * 30 + "a" * 30]
)
def test_what_makes_others_explode_answers_at_once(pattern):
    assert not compiled(f"^{pattern}!", ignores_case=False).has("a" * 100_000 + "b")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?=a)b", "a regular expression cannot look ahead or back, as (?= and (?<! do"),
        ("a(?!b)", "a regular expression cannot look ahead or back, as (?= and (?<! do"),
        ("(?<=a)b", "a regular expression cannot look ahead or back, as (?= and (?<! do"),
        ("(?<!a)b", "a regular expression cannot look ahead or back, as (?= and (?<! do"),
        (r"(a)\1", r"a regular expression cannot look back at a group, as \1 does"),
        ("(?P<n>a)(?P=n)", "a regular expression cannot look back at a group, as (?P= does"),
        ("(?>a)", "(?> is not known in a regular expression"),
        ("(?x)a", "(?x is not known in a regular expression"),
        (r"a\Z", r"\Z is not known in a regular expression"),
        (r"a\Cb", r"\C is not known in a regular expression"),
        ("(a", "a parenthesis in the regular expression is never closed"),
        ("a)", "a parenthesis in the regular expression was never opened"),
        ("[a", "a [ in the regular expression is never closed"),
        ("*a", "* stands after nothing that it could repeat"),
        ("a**", "** stands after nothing that it could repeat"),
        ("a{1001}", "{1001} repeats too often, or its numbers stand the wrong way round"),
        ("(a{100}){100}", "{100} repeats too often, or its numbers stand the wrong way round"),
        ("a{2,1}", "{2,1} repeats too often, or its numbers stand the wrong way round"),
        ("[z-a]", "z-a is no range or kind of letters"),
        (r"\p{Foo}", r"\p{Foo} is no range or kind of letters"),
        ("a\\", "nothing stands after the last \\"),
        (r"(\pL{1,30} ){1,30}", "the regular expression is too large"),
        (r"\pL{100}", "the regular expression is too large"),
        (".{1000}", "the regular expression is too large"),
        ("a" * 501, "the regular expression is longer than 500 characters"),
        ("(?P<n", "the regular expression is wrong: invalid named capture group: (?P<n"),
        *(
            (pattern, "the regular expression matches everywhere, even where nothing stands")
            for pattern in ("", "a*", "(?:a|)", "^", "$", r"\b", r"\B", "(?m)^", "x{0,3}", "^$")
        ),
    ],
)
def test_what_cannot_be_looked_for_is_refused_with_a_mend(pattern, message, capfd):
    refused, hint = compiled(pattern, ignores_case=False)

    assert refused == message
    assert hint
    assert capfd.readouterr() == ("", "")


@settings(deadline=None)
@given(st.text(max_size=30) | PATTERNS, st.booleans())
def test_every_pattern_is_ready_or_refused_in_plain_words(pattern, ignores_case):
    try:
        ready = compiled(pattern, ignores_case=ignores_case)
    except UnicodeEncodeError:
        # The lexer lets no half of a character through.
        assert isinstance(parse(f"/{pattern}/"), Problem)
    else:
        assert isinstance(ready, Pattern) or all(ready)


@pytest.mark.parametrize(
    ("pattern", "longest"),
    [
        ("pil+ar", "pil"),
        ("pill(?:ar|ow)s", "pill"),
        ("(?:nuclear )?submarines?", "submarine"),
        (r"\bPillar\s+(?:2|II)\b", "Pillar"),
        ("(?:ab)+c", "abc"),
        ("(?:xyz){1}abc", "xyzabc"),
        ("(?:x.yz)+abc", "yzabc"),
        ("(?:sub)marine", "submarine"),
        (r"10\.5%", "10.5%"),
        ("a|b", ""),
        ("[ab]c", "c"),
        ("(?i)abc", ""),
        ("(?i:ab)cde", "cde"),
        ("[[:alpha:]]", ""),
        (r"\pLabc", "abc"),
        (r"x\p{Greek}[\PN.]+abc", "abc"),
        (r"\\pLabc", r"\pLabc"),
        (r"\Qa.b\E", ""),
        ("(" * 120 + "a" + ")+" * 60 + ")" * 60, "a"),
    ],
)
def test_the_longest_sure_text_is_known(pattern, longest):
    assert isinstance(compiled(pattern, ignores_case=False), Pattern)
    assert literal(pattern, ignores_case=False) == longest


def test_the_sure_text_is_folded_where_capitals_do_not_count():
    assert literal("Straße", ignores_case=True) == "strasse"


@settings(deadline=None, max_examples=300)
@example("(?:aB)+ß", "aBaBSS aBaBẞ", True)
@example("[[:a]]", "a]", False)
@given(PATTERNS, st.text("aAbBcCdDßẞſsSkKKΣσς한éÉ. 1\n", max_size=40), st.booleans())
def test_every_match_contains_the_sure_text(pattern, text, ignores_case):
    ready = compiled(pattern, ignores_case=ignores_case)
    assume(isinstance(ready, Pattern))
    sure = literal(pattern, ignores_case=ignores_case)

    for start, end in ready.spans(text):
        match = text[start:end]
        assert sure in (match.casefold() if ignores_case else match)
