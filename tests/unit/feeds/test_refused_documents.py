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
        (b"\x89PNG\r\n\x1a\n", "this is an image"),
        (b"%PDF-1.7 <rss>", "this is a PDF"),
        (b"PK\x03\x04", "this is a ZIP file"),
        (b"file:///etc/passwd", "neither XML nor JSON"),
        (gzip.compress(b"Service unavailable", mtime=0), "neither XML nor JSON"),
        (
            b"<!DOCTYPE html><html><head><title>Harbour\n Herald &hellip;</title>",
            "this is a web page (HTML): Harbour Herald \u2026",
        ),
        (
            b"<html><title>Just a moment...</title>",
            "a check for robots stands before it: Just a moment...",
        ),
        (b"<html><script>window._cf_chl_opt={}</script>", "a check for robots stands before it"),
        (
            b"<html><title>Before you continue</title>",
            "a page that asks for consent stands before it: Before you continue",
        ),
        (
            b"<html><form action='https://consent.herald.example/save'>",
            "a page that asks for consent stands before it",
        ),
        (
            b"<html><title>Log in - Harbour Herald</title>",
            "one has to log in to see it: Log in - Harbour Herald",
        ),
        (
            "<html><title>로그인</title>".encode(),
            "one has to log in to see it: 로그인",
        ),
        (
            b"<html><title>Informed consent</title>",
            "this is a web page (HTML): Informed consent",
        ),
        (
            b'<html><title>Waves</title><script>{"@type": "PodcastSeries"}</script>',
            "this is the web page (HTML) of a podcast: Waves",
        ),
        (b"<div>Hello</div>", "this is a web page (HTML)"),
        (b"<html><body><rss>", "this is a web page (HTML)"),
        (b"<?xml version='1.0'?><opml/>", "this is a list of feeds (OPML), not a feed"),
        (b"<urlset><url/></urlset>", "XML, but no feed: it begins with <urlset>"),
        (b"<channel></channel>", "XML, but no feed: it begins with <channel>"),
        (b"<?xml version='1.0'?>", "XML that is empty or breaks off before it begins"),
        (b'{"error": "rate\\n limited"}', "JSON, but no JSON Feed: rate limited"),
        (b'{"error": {}, "message": "Not found"}', "JSON, but no JSON Feed: Not found"),
        (b'{"status": 404}', "JSON, but no JSON Feed"),
        (b'["https://jsonfeed.org/version/1"]', "JSON, but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "JSON, but no JSON Feed"),
        (b'{"version": "https://json', "it looks like JSON, but is broken or breaks off"),
        (b"[" * 100_000, "JSON that is nested too deeply"),
        (b"{" * 300_000, "JSON with too many values"),
        (b"x" * 10_000_001, "more than 10 MB"),
        (gzip.compress(bytes(20_000_000), mtime=0), "more than 10 MB"),
        (
            b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>",
            "it declares XML entities, as hostile documents do",
        ),
    ],
)
def test_people_are_told_what_it_is_instead(body, message):
    assert read_document(body, "https://herald.example/") == NotAFeed(message=message)
