"""Documents made to exhaust the reader: each is read within its bounds, or refused.

How long they take is measured elsewhere; without the bounds most would never end.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.fields import LONGEST_TEXT
from monitors.feeds.repair import MAX_ENTRIES

RSS = "<rss version='2.0'><channel>"
END = "</channel></rss>"


def read(text):
    return read_document(text.encode("utf-8", "surrogatepass"), "https://herald.example/feed")


def test_more_entries_than_are_read_are_counted():
    read_all = read(RSS + "<item><guid>1</guid></item>" * (MAX_ENTRIES + 3) + END)
    assert len(read_all.entries) == MAX_ENTRIES
    assert read_all.problems == ("it is too large: 3 entries at its end are left out",)


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 60_000,
        "<a>" * 3_000 + "</a>" * 3_000,
        "<link/>" * 90_000,
        "<" * 300_000,
        "<a " * 100_000,
        '<a "' * 100_000 + ">",
        "<title>" + "&" * 1_100_000,
        "<!--" * 100_000,
        "<![CDATA[" * 100_000,
        "</b>" * 90_000,
        "<author>" + "a" * 500_000 + "</author>",
        "<author>" + "<![CDATA[" + "a" * 50 + "]]>" * 5_000 + "</author>",
        "<pubDate>" + "1" * 500_000 + "</pubDate>",
        "<category>x</category>" * 30_000,
        "<media:keywords>" + ",".join(map(str, range(100_000))) + "</media:keywords>",
        "<description>" + "&lt;div&gt;" * 50_000 + "</description>",
        "<title>&#55555555;&#xD800;&#0;</title>",
        "<enclosure url='" + "a" * 200_000 + "'/>",
    ],
)
def test_an_entry_survives_whatever_it_holds(inside):
    document = read(f"{RSS}<item><guid>1</guid>{inside}</item>{END}")
    assert [entry.id for entry in document.entries] == ["1"]


def test_tags_that_are_never_closed_between_entries_hide_none():
    document = read(RSS + "<item><guid>1</guid></item><br>" * 400 + END)
    assert len(document.entries) == 400


def test_attributes_without_number_are_left_out():
    attributes = " ".join(f"a{number}='x'" for number in range(1_500))
    document = read(RSS + f"<item {attributes}><guid>1</guid></item>" * 300 + END)
    assert [entry.id for entry in document.entries] == ["1"] * 300


def test_endless_namespaces_are_cut_off():
    inside = "".join(f"<a{n}:x xmlns:a{n}='u{n}'/>" for n in range(20_000))
    assert isinstance(read(f"{RSS}{inside}{END}"), Document)


def test_long_texts_are_cut():
    document = read(f"{RSS}<item><description>{'word ' * 300_000}</description></item>{END}")
    assert len(document.entries[0].summary) <= LONGEST_TEXT


def test_files_named_by_entities_are_not_read():
    text = "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    assert isinstance(read(f"{text}{RSS}<item><title>&x;</title></item>{END}"), NotAFeed)


@given(
    st.lists(
        st.sampled_from(
            re.findall(
                r"\S+",
                "<item> </item> <item/> <title> </title> <guid> </guid> <link> </link> <link/>"
                " <author> </author> <name> </name> <source> </source> <image> </image>"
                " <content:encoded> <media:rating> </media:rating> <media:credit> <media:title>"
                " </media:group> <itunes:image/> <description> </description> <pubDate> <p> </p>"
                " <![CDATA[ ]]> &amp; & < > text <!-- --> <svg> <rss> </rss> </channel> <feed>",
            )
        ),
        max_size=25,
    )
)
def test_no_order_of_tags_is_too_strange(pieces):
    assert isinstance(read(RSS + "".join(pieces)), Document | NotAFeed)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(body):
    for prefix in (b"", b"<rss>", b"{", b"\x1f\x8b\x08", b"<?xml encoding='"):
        assert isinstance(read_document(prefix + body, "x"), Document | NotAFeed)
