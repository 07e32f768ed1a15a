import pytest

from monitors.language.expression import (
    And,
    EntityName,
    Exact,
    Link,
    Near,
    Not,
    Or,
    Phrase,
    Repeated,
    Scoped,
    Several,
    Word,
    terms,
)
from monitors.language.grammar import MAX_CHAIN, MAX_CHARACTERS, MAX_NESTING, MAX_TERMS, parse
from monitors.language.problems import Problem

NOT_NEAR = "only terms, and groups of them joined by OR, can stand beside NEAR"
A, B, C, D = map(Word, "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ('"a b"', Phrase("a b")),
        ("@pillar-2", EntityName("pillar-2")),
        ("＝US, -=“Apple Watch”", And((Exact("US"), Not(Exact("Apple Watch"))))),
        ("a b", And((A, B))),
        ("a AND b c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a NOT b OR c", Or((And((A, Not(B))), C))),
        ("a -b", And((A, Not(B)))),
        ("a AND NOT (b OR c)", And((A, Not(Or((B, C)))))),
        ("a NOT (b NOT c)", And((A, Not(And((B, Not(C))))))),
        ("((a) (b (c)))", And((A, B, C))),
        ("a OR (b OR (c))", Or((A, B, C))),
        ("a（b OR c）", And((A, Or((B, C))))),
        ("a\n  OR b", Or((A, B))),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ('"AND" "OR"', And((Phrase("AND"), Phrase("OR")))),
        ("a NEAR b", Near((A, B), (Link(5),))),
        ("a ＮＥＡＲ/0 b", Near((A, B), (Link(0),))),
        ("a b NEAR/3 c", And((A, Near((B, C), (Link(3),))))),
        ("a NEAR/3 b ONEAR/100 c", Near((A, B, C), (Link(3), Link(100, ordered=True)))),
        ("a NOT b NEAR c", And((A, Not(Near((B, C), (Link(5),)))))),
        ("(a OR b)NEAR/2(c)", Near((Or((A, B)), C), (Link(2),))),
        ("title:a b", And((Scoped("title", A), B))),
        (
            "Title： (a -b) -url:“c d”",
            And((Scoped("title", And((A, Not(B)))), Not(Scoped("url", Phrase("c d"))))),
        ),
        ("text:(a NEAR =B)", Scoped("text", Near((A, Exact("B")), (Link(5),)))),
        ("a >= 3 b", And((Repeated(A, 3), B))),
        ("a>=3,b≥02", And((Repeated(A, 3), Repeated(B, 2)))),
        ("text:=A ＞＝ 2", Scoped("text", Repeated(Exact("A"), 2))),
        ("2 OF (a, b c, “c”、-d)", Several(2, (A, And((B, C)), Phrase("c"), Not(D)))),
        (
            "title:1 OF(1,000,b, (c, d))",
            Scoped("title", Several(1, (Word("1,000"), B, And((C, D))))),
        ),
        ("2 OF us", And((Word("2"), Word("OF"), Word("us")))),
    ],
)
def test_and_binds_closer_than_or_and_not_closest(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "the rule is empty"),
        (" \u200b ", 1, 1, "the rule is empty"),
        ("a AND", 1, 3, "nothing stands after AND"),
        ("AND a", 1, 1, "nothing stands before AND"),
        ("a OR OR b", 1, 6, "nothing stands before OR"),
        ("a NOT", 1, 3, "nothing stands after NOT"),
        ("(a", 1, 1, "this parenthesis is never closed"),
        ("a\n(b OR\n(c)", 2, 1, "this parenthesis is never closed"),
        ("(", 1, 1, "this parenthesis is never closed"),
        ("a)", 1, 2, "this parenthesis was never opened"),
        (")", 1, 1, "this parenthesis was never opened"),
        ("a ()", 1, 3, "the parentheses are empty"),
        ("a NOT NOT b", 1, 3, "one NOT takes back another"),
        ("a NOT (-b)", 1, 3, "one NOT takes back another"),
        ("NOT a", 1, 1, "the rule only says what to leave out"),
        ("-a -b", 1, 1, "the rule only says what to leave out"),
        ("a OR NOT b", 1, 6, "this side of OR only says what to leave out"),
        ("NOT (a b)", 1, 1, "the rule only says what to leave out"),
        ("a NEAR/3", 1, 3, "nothing stands after NEAR/3"),
        ("NEAR/3 a", 1, 1, "nothing stands before NEAR/3"),
        ("a NEAR AND b", 1, 8, "nothing stands before AND"),
        ("a NEAR NOT b", 1, 8, NOT_NEAR),
        ("a NEAR (b c)", 1, 9, NOT_NEAR),
        ("(a OR -b) NEAR c", 1, 2, NOT_NEAR),
        ("a NEAR (b NEAR c)", 1, 9, NOT_NEAR),
        ("a title:", 1, 3, "nothing stands after title:"),
        ("title: AND b", 1, 8, "nothing stands before AND"),
        ("title:-b", 1, 7, "NOT has to stand before title:"),
        ("title:(a text:b)", 1, 10, "a field stands inside another"),
        ("title:a NEAR b", 1, 1, NOT_NEAR),
        ("title:(-a)", 1, 1, "the rule only says what to leave out"),
        (">= 3 a", 1, 1, "nothing stands before >= 3"),
        ("(a b) >= 3", 1, 7, "only a term can be counted"),
        ("(a (b) >= 3)", 1, 8, "only a term can be counted"),
        ("a >= 3 NEAR b", 1, 1, NOT_NEAR),
        ("a 4 OF (a, b, c)", 1, 3, "4 OF does not fit a list of 3"),
        ("0 OF (a, b)", 1, 1, "0 OF does not fit a list of 2"),
        ("2 OF (a b c)", 1, 1, "2 OF does not fit a list of 1"),
        ("2 OF (a, b", 1, 6, "this parenthesis is never closed"),
        ("2 OF (a,, b)", 1, 8, "nothing stands after ,"),
        ("2 OF (a, b,)", 1, 11, "nothing stands after ,"),
        ("2 OF (, b)", 1, 6, "the parentheses are empty"),
        ("2 OF (a, -b, -c)", 1, 1, "the rule only says what to leave out"),
        ("2 OF (a, b) NEAR c", 1, 1, NOT_NEAR),
        ('a "b', 1, 3, "the quotation mark is never closed"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(text, line, column, message):
    problem = parse(text)

    assert isinstance(problem, Problem)
    assert (problem.line, problem.column, problem.message) == (line, column, message)
    assert problem.hint


def test_a_double_negation_that_finds_something_is_accepted():
    assert parse("NOT (NOT a AND b) c") == And((Not(And((Not(A), B))), C))


@pytest.mark.parametrize("text", ["NOT (a OR NOT b)", "c OR NOT (a AND NOT b)"])
def test_a_rule_that_holds_for_any_text_is_told_from_one_that_does_not(text):
    assert isinstance(parse(text), Problem) == text.startswith("c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 10_000, "parentheses stand more than 64 deep in one another"),
        ("(" * 10_001, "the rule is longer than 10,000 characters"),
        ("(" * (MAX_NESTING + 1) + "a", "parentheses stand more than 64 deep in one another"),
        ("NOT(" * 2_500, "parentheses stand more than 64 deep in one another"),
        ("a " * (MAX_TERMS + 1), "the rule has more than 1,000 terms"),
        ("a" * (MAX_CHARACTERS + 1), "the rule is longer than 10,000 characters"),
        ("a" + " NEAR a" * MAX_CHAIN, "more than 10 terms stand in a row of NEAR"),
        ("2 OF (" * 70, "parentheses stand more than 64 deep in one another"),
        ("9" * 5_000 + " OF (a, b)", f"{'9' * 40}… OF does not fit a list of 2"),
        ("-" * 10_000, "there is no letter or digit in -"),
    ],
)
def test_hostile_sizes_are_refused_by_name(text, message):
    problem = parse(text)

    assert isinstance(problem, Problem)
    assert problem.message == message


def test_what_is_just_within_the_limits_is_read():
    assert parse("(" * MAX_NESTING + "a" + ")" * MAX_NESTING) == A
    assert len(list(terms(parse("a " * MAX_TERMS)))) == MAX_TERMS


def test_terms_know_where_they_stand_in_the_text():
    found = terms(parse('AUKUS AND ("Pillar 2" OR @p) NOT tax'))

    assert [term.at for term in found] == [0, 11, 25, 33]


def test_a_problem_is_printed_as_compilers_do():
    assert str(parse("boat AND\n(")) == (
        "2:1: this parenthesis is never closed. Put a ) where the group ends."
    )
