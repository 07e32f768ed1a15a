"""Lists of feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import NotAFeed
from monitors.feeds.feed import Feed
from monitors.finding.opml import MAX_FEEDS, OpmlFeed, read_opml, write_opml


def opml(outlines):
    return read_opml(f'<opml version="1.0"><body>{outlines}</body></opml>'.encode())


def feed(address, name=None, *tags):
    return OpmlFeed(address=address, name=name, tags=frozenset(tags))


@pytest.mark.parametrize(
    ("outlines", "feeds"),
    [
        ('<outline text="A" xmlUrl="https://a.example/"/>', (feed("https://a.example/", "A"),)),
        (
            (
                '<outline text="Asia"><outline title="Wire"><outline text="x" title="A"'
                ' xmlurl="https://a.example/"/></outline></outline>'
                '<outline XMLURL="https://b.example/"/>'
            ),
            (feed("https://a.example/", "A", "Asia", "Wire"), feed("https://b.example/")),
        ),
        (
            '<outline category="asia, wire,/news/world" xmlUrl="https://a.example/"/>',
            (feed("https://a.example/", None, "asia", "wire", "news", "world"),),
        ),
        (
            (
                '<outline text="One"><outline xmlUrl="https://a.example/"/></outline>'
                '<outline text="Two"><outline text="A" xmlUrl="https://a.example/"/></outline>'
            ),
            (feed("https://a.example/", "A", "One", "Two"),),
        ),
        ('<outline xmlUrl="feed://a.example/x"/>', (feed("http://a.example/x"),)),
        ('<outline xmlUrl="feed:https://a.example/x"/>', (feed("https://a.example/x"),)),
        ('<outline xmlUrl="https://a.example/?a=1&b=2"/>', (feed("https://a.example/?a=1&b=2"),)),
        ('<outline xmlUrl="/etc/hostname"/><outline xmlUrl="file:///x"/><outline/>', ()),
        (
            '<outline text="A"><outline xmlUrl="https://a.example/">',
            (feed("https://a.example/", None, "A"),),
        ),
    ],
)
def test_feeds_are_found_wherever_the_list_keeps_them(outlines, feeds):
    assert opml(outlines).feeds == feeds


def test_no_name_or_tag_turns_the_direction_of_what_follows():
    (found,) = opml(
        '<outline text="a\u202eb"><outline text="\u2067c\u200f" xmlUrl="https://a.example/" '
        'category="d\u202ee"/></outline>'
    ).feeds

    assert (found.name, found.tags) == ("c", frozenset({"ab", "de"}))


def test_what_should_be_a_feed_and_is_none_is_reported():
    read = opml(
        '<outline text="A" xmlUrl="ftp://a.example/"/><outline type="rss" text="B"/>'
        '<outline text="a folder"><outline xmlUrl="https://c.example/"/></outline>'
        '<outline type="link" text="a link" url="https://d.example/"/>'
    )

    assert read.feeds == (feed("https://c.example/", None, "a folder"),)
    assert read.left_out == (
        ("ftp://a.example/", "it has no address that begins with http"),
        ("B", "no xmlUrl"),
    )


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1252"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "utf-8"),
        ("", "utf-8-sig"),
    ],
)
def test_a_list_is_read_whatever_encoding_it_claims(written, encoding):
    body = (
        f'{written}<opml><body><outline text="Zürich" xmlUrl="https://a.example/"/></body></opml>'
    )

    assert read_opml(body.encode(encoding)).feeds == (feed("https://a.example/", "Zürich"),)


def test_upper_case_is_as_good():
    body = b'<OPML><BODY><OUTLINE TEXT="A" XMLURL="HTTPS://a.example/"/></BODY></OPML>'

    assert read_opml(body).feeds == (feed("HTTPS://a.example/", "A"),)


def test_more_feeds_than_rules_yaml_may_have_are_not_read():
    many = "".join(f'<outline xmlUrl="https://a{i}.example/"/>' for i in range(MAX_FEEDS + 1))
    read = opml(many)

    assert len(read.feeds) == MAX_FEEDS
    assert read.left_out == ((f"https://a{MAX_FEEDS}.example/", "only 20,000 feeds are read"),)


def test_outlines_in_one_another_end_somewhere():
    deep = '<outline text="x">' * 3_000 + '<outline xmlUrl="https://a.example/"/>'

    assert opml(deep).feeds == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<html><body>",
        b"<rss/>",
        b'<!DOCTYPE opml [<!ENTITY x "y">]><opml/>',
    ],
)
def test_what_is_no_list_is_refused(body):
    assert isinstance(read_opml(body), NotAFeed)


WORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("C", "Z", "M")),
    min_size=1,
    max_size=12,
).filter(lambda word: not set(word) & set("<>&/,"))


@given(
    st.lists(
        st.builds(
            Feed,
            address=WORDS.map(lambda word: f"https://a.example/?{ascii(word)[1:-1]}&x"),
            name=st.none() | WORDS,
            tags=st.frozensets(WORDS, max_size=3),
        ),
        unique_by=lambda one: one.address,
        max_size=4,
    ),
    WORDS,
)
def test_what_is_written_is_read_back(feeds, title):
    written = tuple(OpmlFeed(address=one.address, name=one.name, tags=one.tags) for one in feeds)
    assert read_opml(write_opml(feeds, title).encode()).feeds == written
