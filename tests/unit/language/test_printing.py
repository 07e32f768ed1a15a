import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.language.grammar import parse
from monitors.language.printing import to_text
from monitors.language.problems import Problem

# Pieces in any order: most are refused, and what is accepted is as odd as people can write it.
PIECES = st.one_of(
    st.sampled_from(
        [
            *["a", "B", "Pillar-2", "U.S", "AND", "OR", "NOT", "OF", "2", "한국", "title", "wxyz*"],
            *["SENTENCE", "EACH", "POINTS", "2 POINTS (", "2 OF (", "*marine", "wom?n", "tag:"],
            *["published:", "<6h", "published:>2d", "~", "~5", "/", "/i", "/x y/", "\\", "EACH,"],
        ]
    ),
    st.sampled_from(["“c d”", '"OR"', '@"y z"', "@x", "(", ")", "-", "–", "@", '"', " ", "ＯＲ"]),
    st.sampled_from(
        [
            *[
                "NEAR",
                "ONEAR/0",
                "title:",
                ">=",
                ">=3",
                ":",
                "=",
                ".",
                ",",
                "?",
                "'",
                "\u200b",
                "：",
            ],
            *["|", "&&", "&", ">2", "<", "^", "^5", "^-5 ", "*", " * ", "“b * c”", "～", "／"],
        ]
    ),
)
TERMS = st.sampled_from(
    [
        "a",
        '"b c"',
        "@d",
        '@"e f"',
        "U.S.",
        "Pillar-2",
        '"AND"',
        "and",
        "wxyz*",
        "=US",
        "a >= 2",
        '="OR b"',
        "~boat",
        '~"b c"',
        '"b c"~5',
        "wom?n",
        "*marine",
        '"b * c"',
        "/b c/",
        "/b\\/c\\\\/i",
        "published:<6h",
        "EACH",
        "POINTS",
    ]
)
LISTS = {", ": "1 OF ({})", "^5, ": "2 POINTS ({}^2)", "^-2, ": "2 POINTS ({}^7)"}


def grouped(inner):
    """Join rule texts to one in parentheses."""
    rows = st.lists(
        st.tuples(st.sampled_from(["", "", "NOT ", "title:", "NOT url:"]), inner),
        min_size=1,
        max_size=4,
    )
    return st.builds(
        lambda row, operator: LISTS.get(operator, "{}").format(
            operator.join(f"{before}({text})" for before, text in row)
        ),
        rows,
        st.sampled_from(
            [" AND ", " OR ", " ", " NEAR ", " ONEAR/2 ", " SENTENCE ", ", ", "^5, ", "^-2, "]
        ),
    )


@settings(deadline=None)
@example("1 OF ((a >= 2), (a))")
@example("3 POINTS ((EACH b), (EACH)^2, EACH EACH, (b EACH))")
@given(st.recursive(TERMS, grouped, max_leaves=12))
def test_a_printed_rule_is_read_as_the_same_rule(text):
    read = parse(text)

    assert isinstance(read, Problem) or parse(to_text(read)) == read


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
@example("a:.:")
@example("a\u200b.")
@example("@a\u200b.")
@example("/a/b/")
@example("／a/b\\／\\/／")
@example("a? b ?c")
def test_whatever_is_accepted_is_printed_as_itself(text):
    read = parse(text)

    assert isinstance(read, Problem) or parse(to_text(read)) == read


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("AUKUS   “Pillar 2”", 'AUKUS AND "Pillar 2"'),
        ("((a) AND (b c))", "a AND b AND c"),
        ("a OR (b AND c)", "a OR b AND c"),
        ("(a OR b) c", "(a OR b) AND c"),
        ("boat AND -toy", "boat NOT toy"),
        ("NOT toy boat", "NOT toy AND boat"),
        ("boat NOT (toy OR model)", "boat NOT (toy OR model)"),
        ("boat NOT (toy small)", "boat NOT (toy AND small)"),
        ("@pillar-2 OR @“South Korea”", '@pillar-2 OR @"South Korea"'),
        ("a NEAR b ONEAR/0 (c OR (d))", "a NEAR/5 b ONEAR/0 (c OR d)"),
        ("-(a NEAR b) (c NEAR d)", "NOT a NEAR/5 b AND c NEAR/5 d"),
        ("＝US =“Apple Watch” =OR", '=US AND ="Apple Watch" AND =OR'),
        ("Title: (a) text:(b c) -url:x", "title:a AND text:(b AND c) NOT url:x"),
        ("title:a≥2 @b >=3.", "title:a >= 2 AND @b >= 3"),
        ("title:2 OF (a OR b, (c), d -e)", "title:2 OF (a OR b, c, d NOT e)"),
        ("“nuclear submarin＊” OR Submarin＊,", '"nuclear submarin*" OR Submarin*'),
        ('"AUKUS" "OR"', '"AUKUS" AND "OR"'),
        ("a SENTENCE (b|c) NEAR d", "a SENTENCE (b OR c) NEAR/5 d"),
        ('~ｂ ～“c d” "e f"～05', '~ｂ AND ~"c d" AND "e f"~5'),
        ('~"AND" ~"wide"', "~AND AND ~wide"),
        ("／a/b／ /c d\\/e/i", "/a\\/b/ AND /c d\\/e/i"),
        ("“ban * exports?” wom？n", '"ban * exports" AND wom?n'),
        ("a Published： ≤ 24 H NOT published:>=2d", "a AND published:<1d NOT published:>2d"),
        ("tag:(asia)", "tag:asia"),
        ("a > 2", "a >= 3"),
        (
            "title:(1,000 POINTS (a ^ 999, (b c)^1, b >= 2^3, NOT d^−4, subm*^+1 EACH))",
            "title:1000 POINTS (a^999, b AND c, (b >= 2)^3, (NOT d)^-4, subm* EACH)",
        ),
        ("9 POINTS (title:a^5, 1 OF (b)^4)", "9 POINTS (title:a^5, 1 OF (b)^4)"),
    ],
)
def test_rules_are_printed_with_the_fewest_parentheses(written, printed):
    assert to_text(parse(written)) == printed
