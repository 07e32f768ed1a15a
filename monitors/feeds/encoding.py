"""Bytes as a server gave them to clean UTF-8: unpacked, decoded, without what XML forbids."""

import codecs
import html
import html.entities
import re
import sys
import zlib
from contextlib import suppress

from monitors.feeds.guessing import guessed

MAX_BYTES = 10_000_000
# The characters that XML cannot hold, nor any database: control characters and halves.
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_GZIP = b"\x1f\x8b\x08"
# The byte order marks, and how the first character of a document looks without one; the
# longer come first, since UTF-32 begins like UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (
    *(
        (first.encode(name), name)
        for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
        for first in "<{"
    ),
    ("<?xm".encode("cp037"), "cp037"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{2,40})[\"']"
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
# Names that mean a larger set in practice than in their standard.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "iso8859-9": "cp1254",
}
# What Python calls the encodings that text is really sent in. Others are no text (zlib) or
# slow beyond measure on purpose-made bytes (punycode), and a stranger chooses the name.
_TEXT = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[rtu]|mac-[a-z]+|big5(?:hkscs)?|gb18030|hz|johab"
    r"|euc_\w+|shift_\w+|iso2022_\w+"
)
_ONE_BYTE = re.compile(r"cp(?:125\d|437|8\d\d)|iso8859-\d+|koi8-\w|mac-\w+")
_REFERENCE = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos);)(?:#([0-9]{1,7});|#[xX]([0-9a-fA-F]{1,6});"
    rb"|([A-Za-z][A-Za-z0-9]{1,31};))?"
)
_XML_ENTITIES = (
    (b"&lt;", b"<"),
    (b"&gt;", b">"),
    (b"&quot;", b'"'),
    (b"&apos;", b"'"),
    (b"&amp;", b"&"),  # last, or what was escaped twice would be decoded twice
)
_MAX_WRONG = 100_000
_USUAL = "cp1252"
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")


def unpacked(body: bytes) -> bytes | None:
    """Answer *body* without the gzip layer that some servers forget to announce.

    None if it holds more than `MAX_BYTES` bytes; a layer that breaks off gives what it held.
    """
    if not body.startswith(_GZIP):
        return body if len(body) <= MAX_BYTES else None
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = reader.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        return b""
    return plain if len(plain) <= MAX_BYTES else None


def to_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """Answer the text of *body* in UTF-8, without byte order mark and control characters.

    A mark decides; else whatever is valid UTF-8 is UTF-8, since nothing else looks like it
    by chance, unless a declaration names an encoding of several bytes. The declaration in
    the document goes before *content_type*, which many servers add to every file alike.
    Bytes that are in none of these are looked at; what is of no other script, or single bytes
    amid UTF-8, is read as Windows-1252.
    """
    text = _decoded(body, content_type).encode("utf-8", "replace")
    return (
        text.translate(None, _FORBIDDEN)
        .replace(b"\xef\xbf\xbe", b"")
        .replace(b"\xef\xbf\xbf", b"")
        .removeprefix(codecs.BOM_UTF8)
    )


def is_mislabelled(body: bytes, content_type: str | None) -> bool:
    """Answer whether *body* is in none of the encodings that it may be expected to be in."""
    if body.startswith(tuple(start for start, _ in _MARKS + _SHAPES)):
        return False
    for name in ("utf-8", *_declared(body, content_type)):
        try:
            body.decode(name)
        except UnicodeDecodeError:
            continue
        return False
    return True


def known_references(text: bytes) -> bytes:
    """Answer XML in UTF-8 whose references all are among the five that XML itself knows.

    Others become the characters that they stand for in HTML; what stands for none, and bare
    ampersands, are escaped.
    """
    return _REFERENCE.sub(_known_reference, text)


def unescaped(text: bytes) -> bytes:
    """Answer *text* with the five references that XML itself knows decoded."""
    for reference, character in _XML_ENTITIES:
        text = text.replace(reference, character)
    return text


def _known_reference(reference: re.Match[bytes]) -> bytes:
    """Answer *reference*, or the bare ampersand that it is, in a form that XML knows."""
    decimal, hexadecimal, name = reference.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        meaning = UNFIT.sub("\ufffd", chr(code)) if code <= sys.maxunicode else "\ufffd"
    elif name is None:
        meaning = "&"
    else:
        meaning = html.entities.html5.get(name.decode(), "&" + name.decode())
    return html.escape(meaning).replace("&#x27;", "&apos;").encode()


def _decoded(body: bytes, content_type: str | None) -> str:
    """Answer the text of *body*."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            body = body.removeprefix(mark)
            if name != "utf-8":
                return body.decode(name, "replace")
    for shape, name in _SHAPES:
        if body.startswith(shape):
            return body.decode(name, "replace")
    names = _declared(body, content_type)
    one_byte = not names or _ONE_BYTE.fullmatch(names[0]) is not None
    for name in ["utf-8", *names] if one_byte else [*names, "utf-8"]:
        if name == _USUAL:
            continue  # many servers and programs say that of everything
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return _nearly_decoded(body, names)


def _nearly_decoded(body: bytes, names: list[str]) -> str:
    """Answer the text of *body*, which is not quite UTF-8, nor any with the declared *names*."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if names and names[0] != _USUAL:
        declared = body.decode(names[0], "replace")
        return declared if declared.count("\ufffd") <= wrong else text
    # What is UTF-8 but for a few bytes has more letters than those.
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    guess = guessed(body) if wrong > right else None
    if guess or _USUAL in names:
        return body.decode(guess or _USUAL, "replace")
    # One by one is slow, and a text with that many wrong bytes is no UTF-8 at all.
    few = wrong <= _MAX_WRONG
    return body.decode("utf-8", _CP1252) if few else body.decode("cp1252", "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Answer Python's names of the encodings that are declared for *body*, without UTF-8."""
    inside = _DECLARED.search(body[:4096])
    outside = _CHARSET.search((content_type or "")[:500])
    declared = (inside and inside[1].decode("ascii"), outside and outside[1])
    names = []
    for written in declared:
        name = _python_name(written or "utf-8")
        name = _WIDER.get(name, name)
        if name != "utf-8" and name not in names and _TEXT.fullmatch(name):
            names.append(name)
    return names


def _python_name(written: str) -> str:
    """Answer Python's name of an encoding, empty if there is none; `x-sjis` is `sjis`."""
    for name in (written, re.sub(r"^(?:x-)?windows-|^x-(?=\d)", "cp", written), written[2:]):
        with suppress(LookupError):
            return codecs.lookup(name).name
    return ""


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Answer the bytes that cannot be decoded as what they are in Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


_CP1252 = "newsbell-cp1252"
codecs.register_error(_CP1252, _as_cp1252)
