from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.language.expression import (
    Age,
    And,
    EntityName,
    Exact,
    Expression,
    Forms,
    Link,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Regex,
    Repeated,
    Scoped,
    Score,
    Several,
    Weight,
    Word,
    terms,
)
from monitors.language.grammar import MAX_CHAIN, MAX_CHARACTERS, MAX_NESTING, MAX_TERMS, parse
from monitors.language.problems import Problem

NOT_NEAR = "only terms, and groups of them joined by OR, can stand beside NEAR or SENTENCE"
ONLY_OUT = "the rule only says what to leave out"
ONLY_AGE = "the rule only says how old an article is"
A, B, C, D = map(Word, "abcd")
SIGNS = [
    *["AND", " OR ", " NOT ", "NEAR", " NEAR/3 ", " SENTENCE ", " EACH", "2 OF (", "3 POINTS ("],
    *["title:", "published:", "<6h", "/", "/i", '"', "“", "”~5", "@", "=", "~", "^", "^5", "-"],
    *["|", "&&", "&", ">=", ">2", "≥", "!", ",", "、", "(", ")", "*", "?", ".", ":", " ", "\u200b"],
]


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
        ("2OF(a، b، c)", Several(2, (A, B, C))),
        ("２ＯＦ （a, b）", Several(2, (A, B))),
        ("1,000POINTS(a^1000)", Score(1_000, (Weight(A, 1_000),))),
        ("2OF us", And((Word("2OF"), Word("us")))),
        ("2 OF us", And((Word("2"), Word("OF"), Word("us")))),
        ("a SENTENCE b", Near((A, B), (Link(None),))),
        (
            "a SENTENCE (b OR c) NEAR/3 d",
            Near((A, Or((B, C)), D), (Link(None), Link(3))),
        ),
        ('~a "b c"~5 ~“b c”', And((Forms("a"), Loose("b c", 5), Forms("b c")))),
        ('"a b"~0 NEAR ~c', Near((Loose("a b", 0), Forms("c")), (Link(5),))),
        ("*marine wom?n", And((Word("*marine"), Word("wom?n")))),
        ('"ban * exports" "a? b"', And((Phrase("ban * exports"), Phrase("a b")))),
        ("/a b/ -/c\\/d/i", And((Regex("a b"), Not(Regex("c/d", ignores_case=True))))),
        ("url:/x.y/ >= 2", Scoped("url", Repeated(Regex("x.y"), 2))),
        ("tag:(a OR b)", Scoped("tag", Or((A, B)))),
        ("a published:<6h", And((A, Age(timedelta(hours=6))))),
        ("a -published：≥ 2 D", And((A, Not(Age(timedelta(days=2), younger=False))))),
        ("a published:<52w, b", And((A, Age(timedelta(weeks=52)), B))),
        ("a | b||c", Or((A, B, C))),
        ("a|b c&&d", Or((A, And((B, C, D))))),
        ("a & b", And((A, B))),
        ("R&D", Word("R&D")),
        ("a > 2 b>0", And((Repeated(A, 3), Repeated(B, 1)))),
        ("a > 999", Repeated(A, 1_000)),
        (
            '30 POINTS (a^20, "b c"^15, c ^ -40, (a OR b)^3, d)',
            Score(
                30,
                (
                    *(Weight(A, 20), Weight(Phrase("b c"), 15), Weight(C, -40)),
                    *(Weight(Or((A, B)), 3), Weight(D)),
                ),
            ),
        ),
        (
            "title:1,000 POINTS (a^1,000 EACH, b c, -d^5, 1 OF (c, d)^2)",
            Scoped(
                "title",
                Score(
                    1_000,
                    (
                        *(Weight(A, 1_000, each=True), Weight(And((B, C)))),
                        *(Weight(Not(D), 5), Weight(Several(1, (C, D)), 2)),
                    ),
                ),
            ),
        ),
        ("9 POINTS (submarin* EACH)", Score(9, (Weight(Word("submarin*"), each=True),))),
        (
            "1 POINTS (2 POINTS (a, b)^3, c >= 2^4)",
            Score(1, (Weight(Score(2, (Weight(A), Weight(B))), 3), Weight(Repeated(C, 2), 4))),
        ),
        ("2 POINTS us", And((Word("2"), Word("POINTS"), Word("us")))),
        ("2 POINTS (a, published:<6h)", Score(2, (Weight(A), Weight(Age(timedelta(hours=6)))))),
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
        ("2 OF ((a b) >= 3, c)", 1, 13, "only a term can be counted"),
        ("a SENTENCE", 1, 3, "nothing stands after SENTENCE"),
        ("a SENTENCE -b", 1, 12, NOT_NEAR),
        ("a SENTENCE published:<6h", 1, 12, NOT_NEAR),
        ("a SENTENCE 1 POINTS (b)", 1, 12, NOT_NEAR),
        ("a NEAR /b/", 1, 8, "a regular expression cannot stand beside NEAR or SENTENCE"),
        ("(a OR /b/) NEAR c", 1, 2, "a regular expression cannot stand beside NEAR or SENTENCE"),
        ("published:<6h", 1, 1, ONLY_AGE),
        ("NOT published:<6h", 1, 1, ONLY_AGE),
        ("-a published:<6h", 1, 1, ONLY_AGE),
        ("a OR published:<6h", 1, 6, "this side of OR only says how old an article is"),
        ("a OR 1 OF (b, -c)", 1, 6, "this side of OR only says what to leave out"),
        ("title:(a published:<6h)", 1, 10, "a field stands inside another"),
        ("title:published:<6h", 1, 7, "a field stands inside another"),
        ("published:<6h >= 2", 1, 15, "only a term can be counted"),
        ("a | | b", 1, 5, "nothing stands before |"),
        ("| a", 1, 1, "nothing stands before |"),
        ("a &&", 1, 3, "nothing stands after &&"),
        ("0 POINTS (a)", 1, 1, "POINTS needs a whole number from 1 to 10,000 before it"),
        ("10,001 POINTS (a)", 1, 1, "POINTS needs a whole number from 1 to 10,000 before it"),
        ("30 POINTS (a^-5)", 1, 1, "no part of the list has points above 0"),
        (
            *("b 30 POINTS (a^20, b^9, c^-1)", 1, 3),
            "all the parts of the list come to 29 points, and 30 are asked for",
        ),
        ("3 POINTS (a^5 b)", 1, 15, "b stands after a part of the list"),
        ("3 POINTS (a^5 ^6)", 1, 15, "^6 stands after a part of the list"),
        ("3 POINTS (^5, a)", 1, 11, "nothing stands before ^5"),
        ("3 POINTS (a, ^5)", 1, 12, "nothing stands after ,"),
        ("3 POINTS ((a OR b)^3 EACH)", 1, 22, "EACH can only count a term"),
        ("3 POINTS (title:a EACH)", 1, 19, "EACH can only count a term"),
        ("3 POINTS (a^3", 1, 10, "this parenthesis is never closed"),
        ("3 POINTS (-a^3, b)", 1, 1, ONLY_OUT),
        ("3 POINTS (a, published:<6h^3)", 1, 1, ONLY_AGE),
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
        ("2 POINTS (" * 70, "parentheses stand more than 64 deep in one another"),
        ("2 POINTS ((" * 40, "parentheses stand more than 64 deep in one another"),
        ("a" + " SENTENCE a" * MAX_CHAIN, "more than 10 terms stand in a row of NEAR"),
        ("9" * 5_000 + " POINTS (a)", "POINTS needs a whole number from 1 to 10,000 before it"),
        ("/a" * 5_000, "the regular expression is never closed"),
        ("/" + "a" * 501 + "/", "the regular expression is longer than 500 characters"),
        ("~" * 10_000, "there is no word after the ~"),
        ("?" * 10_000, f"there is no letter or digit in {'?' * 40}…"),
        ("|" * 10_000, "nothing stands before ||"),
        ("^" * 10_000, "the sign ^ only stands in a list of points"),
        ("a?" * 5_000, f"{'a?' * 20}… has more than 2 * or 5 ?"),
        ("9" * 5_000 + " OF (a, b)", f"{'9' * 40}… OF does not fit a list of 2"),
        ("-" * 10_000, "there is no letter or digit in -"),
    ],
)
def test_hostile_sizes_are_refused_by_name(text, message):
    problem = parse(text)

    assert isinstance(problem, Problem)
    assert problem.message == message


@settings(deadline=None)
@example("a\u0345b")
@given(st.text() | st.lists(st.sampled_from([*SIGNS, *"ab한*?~^/\\"]), max_size=60).map("".join))
def test_whatever_people_type_is_read_or_refused(text):
    read = parse(text)

    assert isinstance(read, Expression) or read.hint or "longer" in read.message


@pytest.mark.parametrize("piece", SIGNS)
def test_the_same_again_and_again_is_read_or_refused_at_once(piece):
    for text in (piece, f" {piece} ", f"a{piece}", f"{piece}a ", f"a {piece} (b"):
        whole = (text * 10_000)[:MAX_CHARACTERS]

        assert isinstance(parse(whole), Expression | Problem)


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
