"""JSON Feed."""

import json
from datetime import UTC, datetime

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, Entry

ADDRESS = "https://herald.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(feed, before=b""):
    return read_document(before + json.dumps(feed).encode(), ADDRESS)


def item(**fields):
    document = read({"version": VERSION, "items": [fields]})
    assert isinstance(document, Document), document
    return document.entries[0]


def test_a_json_feed_is_read_whole():
    document = read(
        {
            "version": VERSION,
            "title": "World",
            "home_page_url": "/",
            "language": "en",
            "authors": [{"name": "The Desk"}],
            "items": [
                {
                    "id": 7,
                    "url": "/talks",
                    "title": "Talks &amp; more",
                    "summary": "Short.",
                    "content_html": "<p>Long</p><p>AUK<b>US</b></p>",
                    "date_published": "2026-11-03T09:15:30+01:00",
                    "date_modified": "2026-11-04T09:15:30+01:00",
                }
            ],
        },
        before=b"\xef\xbb\xbf\n",
    )
    assert document == Document(
        format="json11",
        title="World",
        home="https://herald.example/",
        lang="en",
        entries=(
            Entry(
                id="7",
                title="Talks & more",
                url="https://herald.example/talks",
                published_at=datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC),
                updated_at=datetime(2026, 11, 4, 8, 15, 30, tzinfo=UTC),
                summary="Short.",
                content="Long\nAUKUS",
                author="The Desk",
                lang="en",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("fields", "entry"),
    [
        ({}, Entry()),
        ({"id": 1.5}, Entry(id="1.5")),
        ({"id": " a "}, Entry(id="a")),
        ({"id": True, "title": None, "url": ["x"]}, Entry()),
        ({"content_text": "1 <b> 2\n\n &amp;"}, Entry(summary="1 <b> 2\n&amp;")),
        ({"external_url": "https://x.example/"}, Entry(url="https://x.example/")),
        ({"id": "https://x.example/1"}, Entry(id="https://x.example/1", url="https://x.example/1")),
        ({"author": {"name": "A"}}, Entry(author="A")),
        ({"title": "a\ud800\u0000b"}, Entry(title="ab")),
    ],
)
def test_items_are_read_as_far_as_they_can_be(fields, entry):
    assert item(**fields) == entry


def test_items_that_are_none_are_counted():
    document = read({"version": VERSION, "items": [1, {"id": "a"}]})
    assert [entry.id for entry in document.entries] == ["a"]
    assert document.problems == ("1 items are no objects",)


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        (["Asia", " asia ", 5, None, {}, "a &amp; b"], ("Asia", "5", "a & b")),
        ([str(number) for number in range(200)], tuple(map(str, range(50)))),
        ("Asia", ()),
        (None, ()),
    ],
)
def test_an_item_has_tags(written, tags):
    assert item(id="1", tags=written).tags == tags
