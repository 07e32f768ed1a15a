"""Bytes to clean UTF-8."""

import codecs
import gzip

import pytest

from monitors.feeds.encoding import MAX_BYTES, known_references, to_utf8, unpacked

TEXT = "<a>Été à Zürich – “oui”</a>"
CYRILLIC = "<a>Новости дня</a>"


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
def test_unicode_is_known_by_its_mark_or_shape(name):
    assert to_utf8(TEXT.encode(name)).decode() == TEXT


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "iso-8859-5", "gb2312", "euc-jp"])
def test_the_declaration_in_the_document_counts(name):
    declared = f'<?xml version="1.0" encoding="{name}"?>' + CYRILLIC
    assert to_utf8(declared.encode(name), "text/xml; charset=utf-8").decode() == declared


@pytest.mark.parametrize("header", ["text/xml; charset=windows-1251", 'x; charset="CP1251"'])
def test_the_header_counts_where_the_document_declares_nothing(header):
    assert to_utf8(CYRILLIC.encode("cp1251"), header).decode() == CYRILLIC


@pytest.mark.parametrize("header", [None, "text/xml; charset=iso-8859-1", "text/xml; charset=zlib"])
def test_valid_utf_8_is_utf_8_whatever_a_server_says(header):
    assert to_utf8(TEXT.encode(), header).decode() == TEXT


def test_bytes_that_are_no_utf_8_are_windows_1252():
    declared = b'<?xml encoding="utf-8"?>'
    mixed = declared + TEXT.encode() + TEXT.encode("cp1252")
    assert to_utf8(mixed).decode() == declared.decode() + TEXT + TEXT


def test_characters_that_xml_forbids_are_removed():
    assert to_utf8(codecs.BOM_UTF8 + b"a\x00\x0b\x1fb\xef\xbf\xbf\n") == b"ab\n"


def test_one_layer_of_gzip_is_unpacked_even_if_it_breaks_off():
    packed = gzip.compress(TEXT.encode())
    assert unpacked(packed) == TEXT.encode()
    assert TEXT.encode().startswith(unpacked(packed[:-12]))
    assert unpacked(gzip.compress(packed)) == packed
    assert unpacked(b"\x1f\x8b\x08 but no gzip") == b""


def test_more_than_is_allowed_is_refused_before_it_is_unpacked():
    assert unpacked(gzip.compress(bytes(MAX_BYTES + 1))) is None
    assert unpacked(bytes(MAX_BYTES + 1)) is None
    assert unpacked(gzip.compress(bytes(MAX_BYTES))) == bytes(MAX_BYTES)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("AT&T and", "AT&amp;T and"),
        ("?a=1&b=2&copy=3", "?a=1&amp;b=2&amp;copy=3"),
        ("&lt;b&gt; &amp;amp; &apos;", "&lt;b&gt; &amp;amp; &apos;"),
        ("caf&eacute; &hellip; &LT;", "café … &lt;"),
        ("&#233;&#xE9;&#XE9;", "ééé"),
        ("&#60;&#34;", "&lt;&quot;"),
        ("&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd"),
        ("&nosuch;", "&amp;nosuch;"),
    ],
)
def test_references_become_ones_that_xml_knows(written, known):
    assert known_references(written.encode()).decode() == known
