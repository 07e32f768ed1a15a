"""Every feed in `tests/data/feeds` is read as the JSON beside it says, in both ways of reading."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, NotAFeed
from monitors.times import iso
from tests.fakes.slow_reading import read_by_feedparser

ADDRESS = "https://herald.example/feeds/world.xml"
PAIRS = sorted((Path(__file__).parents[2] / "data" / "feeds").glob("*.xml"))


def as_json(value):
    """Answer *value* as JSON has it, without what a feed has not."""
    match value:
        case datetime():
            return iso(value)
        case timedelta():
            return value.total_seconds()
        case frozenset():
            return sorted(value)
        case dict():
            return {key: as_json(each) for key, each in value.items() if each not in EMPTY}
        case tuple() | list():
            return [as_json(each) for each in value]
        case _:
            return value


EMPTY = (
    None,
    "",
    (),
    frozenset(),
    {"gap": None, "skip_hours": frozenset(), "skip_days": frozenset()},
)


def test_there_are_pairs():
    assert PAIRS
    assert {path.stem for path in PAIRS} == {path.stem for path in PAIRS[0].parent.glob("*.json")}


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_feed_is_read_as_its_pair_says(path):
    body = path.read_bytes()
    read = read_document(body, ADDRESS)

    assert isinstance(read, Document), read
    assert as_json(asdict(read)) == json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert read == read_by_feedparser(body, read, ADDRESS)


BODIES = [path.read_bytes() for path in PAIRS]
TAGS = [b"<item>", b"</item>", b"<entry>", b"<title>", b"</channel>", b"<source>", b"<image>"]
PIECES = [
    *TAGS,
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&",
    b"&#0;",
    b"<",
    b">",
    b'"',
    b"\0",
    b"\xff",
]


@given(st.data())
def test_damaged_feeds_are_read_alike_or_refused(data):
    body = data.draw(st.sampled_from(BODIES))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 20)))
        piece = data.draw(st.sampled_from([b"", body[:start][-40:], *PIECES]))
        body = body[:start] + piece + body[end:]
    read = read_document(body, ADDRESS)

    assert isinstance(read, Document | NotAFeed)
    if isinstance(read, Document):
        assert read == read_by_feedparser(body, read, ADDRESS), body
