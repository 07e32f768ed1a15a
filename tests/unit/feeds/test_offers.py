"""Which feeds a web page offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.document import read_document
from monitors.feeds.offers import MOST_OFFERS, offered_feeds

PAGE = "https://herald.example/news/index.html"
RSS = "type='application/rss+xml'"


def offers(html, address=PAGE):
    return offered_feeds(html.encode(), address)


@pytest.mark.parametrize(
    "link",
    [
        "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>",
        '<LINK HREF="/feed.xml" TYPE="Application/RSS+XML" REL="Alternate"/>',
        "<link rel=alternate type=application/atom+xml href=/feed.xml>",
        "<link title='a > b'\n rel = 'home alternate'\n type='text/rdf+xml' href=' ../feed.xml '>",
        "<link rel='alternate' type='application/feed+json' href='/feed.xml'>",
        "<link rel='alternate' type='text/rss+xml; charset=utf-8' href='/feed.xml#top'>",
        "<link rel='feed' href='/feed.xml'>",
        "<link rel='alternate' rel='stylesheet' type='application/json' href='/feed.xml'>",
    ],
)
def test_a_link_to_a_feed_is_found_however_it_is_written(link):
    assert [each.partition("#")[0] for each in offers(link)] == ["https://herald.example/feed.xml"]


@pytest.mark.parametrize(
    "html",
    [
        "<link rel='alternate' type='text/html' href='/feed.xml'>",
        "<link rel='alternate stylesheet' type='application/rss+xml' href='/feed.xml'>",
        "<link rel='stylesheet' href='/feed.xml'>",
        f"<link rel='alternate' {RSS}>",
        f"<link rel='alternate' {RSS} href='javascript:alert(1)'>",
        f"<!-- <link rel='alternate' {RSS} href='/feed.xml'> -->",
        f"<script>'<link rel=alternate {RSS} href=/feed.xml>'</script>",
        "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/posts/1'>",
        "<link rel='alternate' type='application/json+oembed' href='/x'>",
        f"<linked rel='alternate' {RSS} href='/feed.xml'>",
    ],
)
def test_whatever_else_a_page_links_to_is_no_offer(html):
    assert offers(html) == ()


def test_addresses_are_relative_to_the_base_of_the_page_and_their_entities_decoded():
    html = (
        f"<base target=_top><base href='/a/'><base href='/b/'>"
        f"<link rel='alternate' {RSS} href='feed?x=1&amp;y=2&#47;3'>"
    )
    assert offers(html) == ("https://herald.example/a/feed?x=1&y=2/3",)


def test_feeds_of_comments_come_last_and_each_comes_once():
    html = "".join(
        f"<link rel='alternate' type='{kind}' title='{title}' href='{href}'>"
        for kind, title, href in [
            ("application/rss+xml", "Herald: Comments", "/c.xml"),
            ("application/json", "Herald", "/any.json"),
            ("application/rss+xml", "Herald", "/feed.xml"),
            ("application/atom+xml", "Herald", "/feed.xml#x"),
            ("application/rss+xml", "Herald", "/comments/feed"),
            ("application/atom+xml", "Sports", "/sports.xml"),
        ]
    )
    assert [each.removeprefix("https://herald.example") for each in offers(html)] == [
        "/feed.xml",
        "/sports.xml",
        "/any.json",
        "/c.xml",
        "/comments/feed",
    ]


def test_offers_are_bounded_in_number_and_place():
    many = "".join(f"<link rel='alternate' {RSS} href='/{n}'>" for n in range(100))
    assert len(offers(many)) == MOST_OFFERS
    assert offers(" " * 600_000 + many) == ()


@pytest.mark.parametrize("piece", ["<link ", "<!--", "<script", "a", "<link a=", '<link "', "a="])
def test_a_page_made_to_take_time_takes_little(piece):
    assert offers("<link " + piece * 100_000) == ()


def test_a_page_that_came_instead_of_a_feed_says_what_it_offers():
    html = f"<!doctype html><html><head><link rel='alternate' {RSS} href='/feed.xml'></head></html>"
    assert read_document(html.encode(), PAGE).offers == ("https://herald.example/feed.xml",)


@given(st.text(alphabet="<link rel='atx/>=\"hf&;-! ", max_size=200))
def test_any_page_has_an_answer(html):
    assert isinstance(offers(html), tuple)
