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


SPEECHES = {
    "В Москве прошли переговоры о поставках газа. Министр доволен": "cp1251 koi8-r iso8859-5 cp866",
    "Η κυβέρνηση ανακοίνωσε νέα μέτρα για την οικονομία. Ο πρωθυπουργός μίλησε": "cp1253 iso8859-7",
    "ראש הממשלה נפגש היום עם שרת החוץ בירושלים ודן במצב הביטחוני. החדשות של": "cp1255",
    "أعلنت الحكومة اليوم عن إجراءات جديدة لدعم الاقتصاد. وقال الوزير إن القرار": "cp1256",
    "นายกรัฐมนตรีแถลงข่าววันนี้เรื่องมาตรการเศรษฐกิจใหม่ของรัฐบาล": "cp874",
    "首相は記者会見で、新しい経済対策について説明した。": "shift_jis euc-jp",
    "대통령은 오늘 기자회견에서 새로운 경제 정책을 발표했다.": "euc-kr cp949",
    "外交部发言人今天在记者会上表示，两国将加强经济合作。": "gb18030 gbk",
    "總統今天在記者會上表示，兩岸關係將持續穩定發展。經濟部公布最新的出口數據。": "big5",
    "Президент України підписав закон про бюджет. Її уряд оголосив нові заходи": "koi8-u cp1251",
}


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="utf-8"?>'])
@pytest.mark.parametrize(
    ("speech", "name"), [(s, name) for s, names in SPEECHES.items() for name in names.split()]
)
def test_an_encoding_that_nobody_declares_is_guessed(declared, speech, name):
    text = f"{declared}<rss><title>News</title><item><title>{speech}</title></item></rss>"
    assert to_utf8(text.encode(name)).decode() == text
    assert to_utf8(text.encode(name), "text/xml; charset=ISO-8859-1").decode() == text


@pytest.mark.parametrize("name", ["cp1252", "iso8859-15"])
def test_western_letters_are_never_taken_for_others(name):
    text = "Für Straßen, Flüge und ÖPNV: l'été à la réunion; El año pasado creció más. " * 9
    assert to_utf8(f"<a>{text}</a>".encode(name)).decode() == f"<a>{text}</a>"


def test_a_wrong_byte_does_not_make_utf_8_what_it_is_declared_to_be():
    korean = '<?xml encoding="euc-kr"?><a>대통령은 오늘 발표했다</a>'.encode() + b"\xff"
    assert "대통령은 오늘 발표했다" in to_utf8(korean).decode()


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
