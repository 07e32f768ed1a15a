"""What is kept of an article, and in how few bytes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.grouping.sketch import (
    KIND,
    Kind,
    Sketch,
    codes_of,
    draft_of,
    packed,
    time_in,
    unpacked,
    words_in,
)
from monitors.stories.article import Article

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def draft(title, **more):
    values = {"summary": "", "lang": "en", "published_at": NOW, "seen_at": NOW} | more
    return draft_of(
        Article(identity="1", url=None, link=None, outlet="Quenby Courier", title=title, **values)
    )


def kinds(title, **more):
    """Answer the telling words of a title as people know them, with their kinds."""
    drawn = draft(title, **more)
    return {drawn.words[code & ~KIND]: Kind(code & KIND) for code in codes_of(drawn.sketch)}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ferry sinks off Quenby", {"ferry": 2, "sinks": 0, "quenby": 2}),
        ("Ferry sinks with 14 aboard", {"ferry": 2, "sinks": 0, "14": 1, "aboard": 0}),
        ("Quenby beat Marrow 2-1", {"quenby": 2, "beat": 0, "marrow": 2, "2": 4}),
        ("沉船 事故", {"沉": 3, "事": 3}),
        ("", {}),
        ("the of and", {}),
    ],
)
def test_words_have_kinds(title, expected):
    assert kinds(title) == expected


def test_a_word_of_the_title_is_not_kept_again_for_the_summary():
    sketch = draft("Ferry sinks", summary="The ferry sinks fast").sketch

    assert [len(sketch.title), len(sketch.summary)] == [8, 4]


def test_of_long_texts_the_first_words_are_kept():
    many = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(500))

    sketch = draft(many, summary=many.replace("word", "term")).sketch

    assert [len(sketch.title), len(sketch.summary)] == [40 * 4, 60 * 4]


@pytest.mark.parametrize(
    ("published", "seen", "at"),
    [(0, 5, 0), (5, 0, 0), (-24 * 300, 0, -24 * 300)],
)
def test_an_event_is_reported_when_its_article_says_unless_that_is_yet_to_come(published, seen, at):
    hour = timedelta(hours=1)

    sketch = draft("Ferry", published_at=NOW + published * hour, seen_at=NOW + seen * hour).sketch

    assert sketch.at == (NOW + at * hour).timestamp()


WORDS = st.lists(st.integers(0, 2**32 - 1), max_size=60)
SKETCHES = st.builds(
    lambda title, summary, weights, **more: Sketch(
        title=b"".join(word.to_bytes(4, "little") for word in title),
        summary=b"".join(word.to_bytes(4, "little") for word in summary),
        weights=weights.ljust(2 * (len(title) + len(summary)), b"\1")[
            : 2 * (len(title) + len(summary))
        ],
        **more,
    ),
    title=WORDS,
    summary=WORDS,
    weights=st.binary(max_size=240),
    at=st.integers(-(2**63), 2**63 - 1),
    dated=st.booleans(),
    outlet=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    lang=st.sampled_from(["", "en", "fil"]),
    form=st.sampled_from(["report", "live", "opinion", "round-up", "daily"]),
)


@given(SKETCHES)
def test_what_is_packed_is_unpacked(sketch):
    body = packed(sketch)

    assert unpacked(body) == sketch
    assert time_in(body) == sketch.at
    assert words_in(body) == (sketch.title + sketch.summary, sketch.weights)


@given(SKETCHES, st.data())
def test_what_is_cut_short_is_no_sketch(sketch, data):
    body = packed(sketch)

    with pytest.raises(ValueError, match="sketch"):
        unpacked(body[: data.draw(st.integers(0, len(body) - 1))])


@given(st.binary(max_size=100))
def test_any_other_bytes_are_a_sketch_or_refused(body):
    try:
        sketch = unpacked(body)
    except ValueError:
        return
    assert len(codes_of(sketch)) * 2 == len(sketch.weights)
