import pytest

from monitors.language.expression import Expression
from monitors.language.grammar import parse
from monitors.language.problems import Problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a SENTENCE b", "SENTENCE does not work yet"),
        ("/pil+ar/", "a regular expression between slashes does not work yet"),
        ("colour~1", "the sign ~ does not work yet"),
        ('"a b"~3', "the sign ~ does not work yet"),
        ("wom?n", "a word with ? does not work yet"),
        ("Tag: AUKUS", "the field tag: does not work yet"),
        ("ｔａｇ：AUKUS", "the field tag: does not work yet"),
        ("published:<6h", "the field published: does not work yet"),
    ],
)
def test_what_comes_later_is_refused_by_name_and_never_taken_for_a_word(text, message):
    problem = parse(text)

    assert isinstance(problem, Problem)
    assert problem.message == message
    assert problem.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("*", "fewer than 3 letters stand before the *"),
        ("*marine", "a * stands inside a word"),
        ("su*", "fewer than 3 letters stand before the *"),
        ("U.S.*", "fewer than 3 letters stand before the *"),
        ("F-35*", "fewer than 3 letters stand before the *"),
        ("sub*ine", "a * stands inside a word"),
        ('"nuclear * boat"', "fewer than 3 letters stand before the *"),
        ('"nuclear su＊"', "fewer than 3 letters stand before the *"),
        ("a NEAR/101 b", "NEAR/ needs a number of words from 0 to 100"),
        ("a NEAR/ b", "NEAR/ needs a number of words from 0 to 100"),
        ("a ONEAR/x b", "NEAR/ needs a number of words from 0 to 100"),
        ("tax >= x", ">= needs a whole number from 1 to 1,000"),
        ("tax >= 0", ">= needs a whole number from 1 to 1,000"),
        ("tax >= 1001", ">= needs a whole number from 1 to 1,000"),
        ("tax >= 1.5", ">= needs a whole number from 1 to 1,000"),
        ("tax >=3x", ">= needs a whole number from 1 to 1,000"),
        ("tax > 3", "only >= and a number can count a term"),
        ("tax <= 3", "only >= and a number can count a term"),
        ("= US", "there is no word after the ="),
        ("==US", "there is no word after the ="),
        ("=@pillar-2", "there is no word after the ="),
        ("=title:US", "title: has to stand before the ="),
        ("=*US", "there is no word after the ="),
        ('="US', "the quotation mark is never closed"),
        ("a | b", "the sign | is not an operator"),
        ("a || b", "the sign | is not an operator"),
        ("a|b", "the sign | is not an operator"),
        ("!a", "the sign ! is not an operator"),
        ("headline:a", "headline: is not the name of a field"),
        ("headline:(a b)", "headline: is not the name of a field"),
        (f"{'x' * 50}:a", f"{'x' * 40}…: is not the name of a field"),
    ],
)
def test_operators_of_other_tools_are_refused_with_what_to_write(text, message):
    problem = parse(text)

    assert isinstance(problem, Problem)
    assert problem.message == message
    assert problem.hint


@pytest.mark.parametrize(
    "text",
    [
        '"title:AUKUS"',
        '"submarin*, nuclear"',
        '@"su*"',
        '"a|b"',
        "near",
        "NEARBY",
        "what?",
        "tax: AUKUS",
        "10:30",
        "https://example.org/a",
        '"=US"',
        "and/or",
        "titles",
        "OF",
        "2 OF",
    ],
)
def test_words_that_only_look_alike_are_words(text):
    assert isinstance(parse(text), Expression)
