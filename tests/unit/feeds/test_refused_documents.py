"""What is no feed, and what people are told that it is."""

import gzip

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import NotAFeed


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"Service unavailable", "neither XML nor JSON"),
        (b"/etc/hostname", "neither XML nor JSON"),
        (b"https://herald.example/feed.xml", "neither XML nor JSON"),
        (b"\x89PNG\r\n\x1a\n", "neither XML nor JSON"),
        (gzip.compress(b"Service unavailable"), "neither XML nor JSON"),
        (
            b"<!DOCTYPE html><html><head><title>Just a\n moment &hellip;</title>",
            "this is a web page (HTML): Just a moment \u2026",
        ),
        (b"<div>Hello</div>", "this is a web page (HTML)"),
        (b"<html><body><rss>", "this is a web page (HTML)"),
        (b"<?xml version='1.0'?><opml/>", "this is a list of feeds (OPML), not a feed"),
        (b"<urlset><url/></urlset>", "XML, but no feed: it begins with <urlset>"),
        (b"<channel></channel>", "XML, but no feed: it begins with <channel>"),
        (b"<?xml version='1.0'?>", "XML that is empty or breaks off before it begins"),
        (b'{"error": "rate limited"}', "JSON, but no JSON Feed"),
        (b'["https://jsonfeed.org/version/1"]', "JSON, but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "JSON, but no JSON Feed"),
        (b'{"version": "https://json', "it looks like JSON, but is broken or breaks off"),
        (b"[" * 100_000, "JSON that is nested too deeply"),
        (b"{" * 300_000, "JSON with too many values"),
        (b"x" * 10_000_001, "more than 10 MB"),
        (gzip.compress(bytes(20_000_000)), "more than 10 MB"),
        (
            b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>",
            "it declares XML entities, as hostile documents do",
        ),
    ],
)
def test_people_are_told_what_it_is_instead(body, message):
    assert read_document(body, "https://herald.example/") == NotAFeed(message=message)
