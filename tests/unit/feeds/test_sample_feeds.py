"""The share of real and made-up feeds that is read right.

The files are other people's and not part of the project; NEWSBELL_SHARED names the folder
that holds `data/feeds`, by default `shared` beside the project.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.encoding import to_utf8
from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.repair import find_root
from monitors.feeds.wellformed.reading import read_wellformed
from monitors.times import iso
from tests.fakes.slow_reading import read_by_feedparser

ADDRESS = "https://feed.example/dir/feed.xml"
SHARED = Path(os.environ.get("NEWSBELL_SHARED") or Path(__file__).parents[4] / "shared")
EXPECTED = SHARED / "data" / "feeds" / "expected.jsonl"

pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason=f"no sample feeds at {EXPECTED}")


@pytest.fixture(scope="module")
def samples():
    """Answer a pair for each file: what is expected of it, and what was read."""
    lines = [json.loads(line) for line in EXPECTED.read_text("utf-8").splitlines()]
    return [
        (line, read_document((EXPECTED.parent / line["file"]).read_bytes(), ADDRESS))
        for line in lines
    ]


def entries(read):
    return read.entries if isinstance(read, Document) else ()


def iso_or_none(moment):
    return None if moment is None else iso(moment)


FIELDS = {
    "first_title": lambda entry: entry.title or None,
    "first_link": lambda entry: entry.url,
    "first_id": lambda entry: entry.id,
    "first_published": lambda entry: iso_or_none(entry.published_at),
}


def share_right(verdicts):
    wrong = [name for name, right in verdicts if not right]
    return 1 - len(wrong) / len(verdicts), wrong


@pytest.mark.parametrize("field", FIELDS)
def test_nearly_every_field_of_first_entries_is_right(samples, field):
    verdicts = []
    for line, read in samples:
        if field not in line and f"{field}_any" not in line:
            continue
        found = FIELDS[field](entries(read)[0]) if entries(read) else None
        verdicts.append((line["file"], found in line.get(f"{field}_any", [line.get(field)])))
    share, wrong = share_right(verdicts)
    assert share >= 0.97, wrong


def test_nearly_every_feed_has_the_right_number_of_entries(samples):
    verdicts = [
        (line["file"], len(entries(read)) == line["n"] and (line["n"] or is_right(line, read)))
        for line, read in samples
        if "n" in line
    ]
    share, wrong = share_right(verdicts)
    assert share >= 0.97, wrong


def is_right(line, read):
    """Answer whether a document without entries was taken for what it is."""
    return isinstance(read, Document) is line.get("is_feed", True)


def test_hostile_and_broken_feeds_give_as_many_entries_as_they_should(samples):
    for line, read in samples:
        if "n_min" in line:
            assert line["n_min"] <= len(entries(read)) <= line["n_max"], line["file"]


def test_whatever_is_no_feed_is_refused(samples):
    refused = [read for line, read in samples if line.get("is_feed") is False]
    assert refused
    assert all(isinstance(read, NotAFeed) for read in refused)


def test_no_file_makes_the_reader_stumble(samples):
    messages = [read.message for _, read in samples if isinstance(read, NotAFeed)]
    assert not [message for message in messages if "cannot be read" in message]


def test_feedparser_alone_reads_every_file_alike(samples):
    for line, read in samples:
        body = (EXPECTED.parent / line["file"]).read_bytes()
        if isinstance(read, Document) and not read.format.startswith("json"):
            assert read == read_by_feedparser(body, read, ADDRESS), line["file"]


def test_most_real_files_need_no_feedparser(samples):
    bodies = [
        (EXPECTED.parent / line["file"]).read_bytes()
        for line, read in samples
        if line["kind"] == "real" and isinstance(read, Document)
    ]
    texts = [to_utf8(body).strip() for body in bodies]
    quick = [
        read_wellformed(text[root.start :], ADDRESS)
        for text, root in ((text, find_root(text)) for text in texts)
        if root is not None
    ]
    assert quick.count(None) < len(quick) / 5


def test_odd_dates_are_read(samples):
    pairs = [
        (entry.published_at, expected)
        for line, read in samples
        for entry, expected in zip(entries(read), line.get("item_published", ()), strict=False)
    ]
    right = sum(iso_or_none(found) == expected for found, expected in pairs)
    assert right * 23 >= 20 * len(pairs) > 0


def test_every_date_lies_where_the_reader_promises(samples):
    earliest = datetime(1990, 1, 1, tzinfo=UTC)
    for _, read in samples:
        for entry in entries(read):
            assert entry.published_at is None or entry.published_at >= earliest
