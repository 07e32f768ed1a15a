"""Every feed in `tests/data/feeds` is read as the JSON beside it says, in both ways of reading."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document
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
