import pytest

from monitors.language.lexing import Kind, is_plain_name, is_plain_word, place, tokens
from monitors.language.problems import Problem


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
        '"Pillar \n\t 2"',
        '"\u200bPillar 2\u200b"',
    ],
)
def test_every_form_of_double_quotation_mark_makes_the_same_phrase(quoted):
    assert read(quoted) == [(Kind.PHRASE, "Pillar 2")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("AUKUS,", "AUKUS"),
        ("talks…", "talks"),
        ("tax:", "tax"),
        ("tax:.:", "tax"),
        ("tax：", "tax"),
        ("submarin*.", "submarin*"),
        ("submarin＊＊", "submarin*"),
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
        ("a & b", 3, "there is no letter or digit in &"),
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


@pytest.mark.parametrize("text", ["&", "&&", "＆"])
def test_a_foreign_and_is_told_what_to_write(text):
    assert tokens(text).hint == "Write AND."


def test_tokens_know_where_they_begin_and_end():
    found = tokens(' AUKUS, "Pillar 2")')

    assert [(token.at, token.end) for token in found] == [(1, 7), (8, 18), (18, 19)]


@pytest.mark.parametrize("word", ["AUKUS", "and", "Pillar-2", "U.S.", "한국", "10:30"])
def test_plain_words_need_no_quotation_marks(word):
    assert is_plain_word(word)


@pytest.mark.parametrize(
    "word", ["", "AND", "a b", "-a", "a.", "@a", "a*", "title:a", "a(b)", '"a"', "ＯＲ", "&"]
)
def test_other_words_do(word):
    assert not is_plain_word(word)


@pytest.mark.parametrize(
    ("name", "plain"), [("pillar-2", True), ("South Korea", False), ("a/b", False), ("", False)]
)
def test_names_of_entities_are_plain_without_spaces_and_signs(name, plain):
    assert is_plain_name(name) is plain


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_lines_and_characters_from_one(line_end):
    text = f"ab{line_end}한c"

    assert place(text, 0) == (1, 1)
    assert place(text, len(text) - 1) == (2, 2)
