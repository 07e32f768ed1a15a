import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.language.lexing import is_plain, tokens
from monitors.language.problems import Problem, place
from monitors.language.tokens import Kind


def read(text):
    """Answer the kinds and texts of the tokens of *text*."""
    return [(token.kind, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    "quoted",
    [
        '"Pillar 2"',
        "“Pillar 2”",
        "„Pillar 2“",
        "«Pillar 2»",
        "«\u00a0Pillar 2\u00a0»",
        "”Pillar 2”",
        "＂Pillar 2＂",
        "″Pillar 2″",
        "「Pillar 2」",
        "『Pillar　2』",
        "｢Pillar 2｣",
        '"Pillar \n\t 2"',
        '"\u200bPillar 2\u200b"',
        '"Pillar 2?"',
        '"Pillar ? 2"',
    ],
)
def test_every_form_of_double_quotation_mark_makes_the_same_phrase(quoted):
    assert read(quoted) == [(Kind.PHRASE, "Pillar 2")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('צה"ל', [(Kind.WORD, "צה״ל")]),
        ('צה"ל OR ארה”ב', [(Kind.WORD, "צה״ל"), (Kind.OR, "OR"), (Kind.WORD, "ארה״ב")]),
        ('"מנכ"ל החברה"', [(Kind.PHRASE, "מנכ״ל החברה")]),
        ('"מנכ"ל" -=ח"כ', [(Kind.PHRASE, "מנכ״ל"), (Kind.NOT, "-"), (Kind.EXACT, "ח״כ")]),
        ('"צה" "ל"', [(Kind.PHRASE, "צה"), (Kind.PHRASE, "ל")]),
    ],
)
def test_quotation_marks_in_hebrew_initials_open_no_phrase(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("AUKUS,", "AUKUS"),
        ("تحالف،", "تحالف"),
        ("talks…", "talks"),
        ("talks?", "talks"),
        ("talks？！", "talks"),
        ("tax:", "tax"),
        ("tax:.:", "tax"),
        ("tax：", "tax"),
        ("submarin*.", "submarin*"),
        ("submarin*?", "submarin*"),
        ("submarin＊＊", "submarin*"),
        ("colo＊r", "colo*r"),
        ("wom？n?", "wom?n"),
        ("हिन्दी*", "हिन्दी*"),
        ("tax\u200b.", "tax"),
        ("東京。", "東京"),
        ("U.S.", "U.S."),
        ("U.S.,", "U.S."),
        ("U.S.\u200b", "U.S."),
        ("Inc.", "Inc"),
        ("Pillar-2", "Pillar-2"),
        ("AT&T", "AT&T"),
        ("C++", "C++"),
        ("O’Brien", "O’Brien"),
        ("10:30", "10:30"),
        ("https://example.org/a", "https://example.org/a"),
        ("\ufeffAUKUS", "AUKUS"),
    ],
)
def test_punctuation_around_a_word_is_not_part_of_it(text, word):
    assert read(text) == [(Kind.WORD, word)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a AND b OR NOT c", "word AND word OR NOT word"),
        ("a ＡＮＤ b", "word AND word"),
        ("a And b", "word word word"),
        ("a -b", "word NOT word"),
        ("a –b", "word NOT word"),
        ("a －b", "word NOT word"),
        ("(-a)", "( NOT word )"),
        ("a-b", "word"),
        ('-"a b"', "NOT phrase"),
        ("-(a b)", "NOT ( word word )"),
        ("a\u00a0b\u3000c", "word word word"),
        ("（a）", "( word )"),
        ('a"b"@c', "word phrase entity"),
        ("a|b || c｜d", "word OR word OR word OR word"),
        ("a|-b", "word OR NOT word"),
        ("a & b && c&&d ＆＆ e", "word AND word AND word AND word AND word"),
        ('"a"&"b"|(c)', "phrase AND phrase OR ( word )"),
        ("R&D &x", "word word"),
        ("a>2 b ≧ 2 c=>2 d ＞＝2", "word >= word >= word >= word >="),
        ("a NEAR / 3 b ONEAR/ 3 c", "word NEAR word NEAR word"),
        ("a ＳＥＮＴＥＮＣＥ b", "word NEAR word"),
        ("title : a url :b", "field word field word"),
        ("Published : < 6 h a", "age word"),
        ("~a ～“b c” -~d", "forms forms NOT forms"),
        ('"a b"~5 “c d”～ ５', "loose loose"),
        ("/a (b)/ (/c/i)", "regular expression ( regular expression )"),
        ("2 OF (a, EACH)", "word OF ( word , word )"),
        ("2 ＯＦ (a,b)", "word OF ( word , word )"),
        (
            "9 POINTS (a ＾ −5 EACH, EACH^2,(EACH b)^3 EACH)",
            "word OF ( word ^ EACH , word ^ , ( word word ) ^ EACH )",
        ),
        ("POINTS EACH OF", "word word word"),
    ],
)
def test_operators_are_read_as_people_type_them(text, kinds):
    assert " ".join(token.kind.value for token in tokens(text)) == kinds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@pillar-2", "pillar-2"),
        ("@pillar-2,", "pillar-2"),
        ("＠한국", "한국"),
        ('@"South Korea"', "South Korea"),
        ("@“South  Korea”", "South Korea"),
        ("@हिन्दी", "हिन्दी"),
        ("@\u200bx\u200b.", "x"),
    ],
)
def test_entities_are_read_with_and_without_quotation_marks(text, name):
    assert read(text) == [(Kind.ENTITY, name)]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ('a "b c', 3, "the quotation mark is never closed"),
        ('a "…"', 3, "there is no letter or digit between the quotation marks"),
        ('a ""', 3, "there is no letter or digit between the quotation marks"),
        ('a "* ?"', 3, "there is no letter or digit between the quotation marks"),
        ("a - b", 3, "there is no letter or digit in -"),
        ("(a -)", 4, "there is no letter or digit in -"),
        ("(a)-b", 4, "it is not clear whether this - leaves something out"),
        ('"a"-b', 4, "it is not clear whether this - leaves something out"),
        ("a @ b", 3, "there is no name after the @"),
        ("@a/b", 1, "the name of an entity cannot contain / outside quotation marks"),
        ("a \x00", 3, "there is a character here that cannot be searched for"),
        ("a \ud800", 3, "there is a character here that cannot be searched for"),
    ],
)
def test_what_cannot_be_a_token_is_refused_with_its_place(text, column, message):
    problem = tokens(text)

    assert isinstance(problem, Problem)
    assert (problem.column, problem.message) == (column, message)
    assert problem.hint


def test_a_lone_sign_in_a_list_is_told_what_to_write():
    assert tokens("2 OF (&, b)").hint == "Write AND."


def test_tokens_know_where_they_begin_and_end():
    found = tokens(' AUKUS, "Pillar 2")@x ~b /c/i "d e"~5 title : f')

    assert [(token.at, token.end) for token in found] == [
        *[(1, 7), (8, 18), (18, 19), (19, 21), (22, 24), (25, 29), (30, 37), (38, 45), (46, 47)]
    ]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *[
                    "a",
                    "B",
                    "한국",
                    "wxyz*",
                    "x-y",
                    '"a b"',
                    '"U.S. a, b-c"',
                    "@p-2",
                    "=US",
                    "(",
                    ")",
                ],
                *[
                    "AND",
                    "OR",
                    "NOT",
                    "NEAR",
                    "NEAR/3",
                    "ONEAR/12",
                    "SENTENCE",
                    "EACH",
                    "½",
                    "ＯＲ",
                ],
                *["2 OF (", "3 POINTS (", ",", "1,000", "a,", "a^2", "~a", "~5", '"a b"~5', "-a"],
                *["title:", "/a/", ">=2", "|"],
            ]
        ),
        max_size=8,
    )
)
def test_what_is_read_at_once_is_read_as_it_is_with_care(pieces):
    at_once = tokens(" ".join(pieces))
    # What follows a character that nobody sees is never taken for ordinary.
    with_care = tokens(" ".join(f"\u200b{piece}" for piece in pieces))

    if isinstance(at_once, Problem):
        assert at_once.message == with_care.message
    else:
        assert [each[:2] for each in at_once] == [each[:2] for each in with_care]


@pytest.mark.parametrize("word", ["AUKUS", "and", "Pillar-2", "U.S.", "한국", "10:30", "wom?n"])
def test_plain_words_need_no_quotation_marks(word):
    assert is_plain(word, Kind.WORD)


@pytest.mark.parametrize(
    "word",
    ["", "AND", "a b", "-a", "a.", "@a", "a*", "title:a", "a(b)", '"a"', "ＯＲ", "&", "a|b", "/a/"],
)
def test_other_words_do(word):
    assert not is_plain(word, Kind.WORD)


@pytest.mark.parametrize(
    ("name", "plain"), [("pillar-2", True), ("South Korea", False), ("a/b", False), ("", False)]
)
def test_names_of_entities_are_plain_without_spaces_and_signs(name, plain):
    assert is_plain(name, Kind.ENTITY, "@") is plain


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_lines_and_characters_from_one(line_end):
    text = f"ab{line_end}한c"

    assert place(text, 0) == (1, 1)
    assert place(text, len(text) - 1) == (2, 2)
