"""How Telegram reads HTML: a text without tags and its entities, or the reason why not.

Written after the rules and the error texts of TDLib's `MessageEntity.cpp`. Offsets in errors count
UTF-8 bytes. Left out: custom emoji.
"""

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tests.fakes.telegram_entities import VERBATIM, Entity, checked_link, utf16_length

_STYLES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS: Final = {*_STYLES, "a", "pre", "code", "blockquote"}
_PLAIN: Final = re.compile(rb"[^<&]+")
_REFERENCE: Final = re.compile(rb"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*))")
_NAMED: Final = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_SPACE: Final = re.compile(rb"[ \t\r\n\v\0]*")
_TAG_NAME: Final = re.compile(rb"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME: Final = re.compile(rb"[^ \t\r\n\v\0=>/\"']*")
_TOKEN: Final = re.compile(rb"[A-Za-z0-9.\-]*")


class HtmlError(ValueError):
    """The reason why the text cannot be parsed, in TDLib's words."""


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int


def parse_html(html: str) -> tuple[str, tuple[Entity, ...]]:
    """The text without tags and its entities.

    Raises:
        HtmlError: in the words of Telegram, without "Bad Request: can't parse entities: ".
    """
    return _Parser(html).parse()


class _Parser:
    """Reads one HTML text from left to right."""

    def __init__(self, html: str) -> None:
        self._source = html.encode("utf-8", "surrogatepass")
        self._at = 0
        self._pieces: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        """The text and its entities."""
        while self._at < len(self._source):
            if plain := _PLAIN.match(self._source, self._at):
                self._write(plain.group().decode("utf-8", "surrogatepass"))
                self._at = plain.end()
            elif self._next() == b"&":
                self._write(self._reference())
            elif self._source.startswith(b"</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            tag = self._open[-1].tag
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        text = "".join(self._pieces)
        if re.search("[\ud800-\udfff]", text):
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for "
                "unmatched surrogate code units"
            )
        return text, tuple(self._entities)

    def _next(self) -> bytes:
        return self._source[self._at : self._at + 1]

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._offset += utf16_length(text)

    def _match(self, pattern: re.Pattern[bytes]) -> str:
        found = pattern.match(self._source, self._at)
        assert found is not None
        self._at = found.end()
        return found.group().decode("utf-8", "replace")

    def _reference(self) -> str:
        """The character of a reference; one that Telegram does not know is plain text."""
        found = _REFERENCE.match(self._source, self._at)
        assert found is not None
        hexadecimal, decimal, name = found.groups()
        character = _NAMED.get(name or b"", "")
        if name is None:
            digits = hexadecimal if hexadecimal is not None else decimal
            code = int(digits or b"0", 16 if hexadecimal is not None else 10)
            if 0 < code < 0x10FFFF and len(found.group()) < 10:
                character = chr(code)
        if not character:
            self._at += 1
            return "&"
        self._at = found.end() + (self._source[found.end() : found.end() + 1] == b";")
        return character

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._match(_TAG_NAME).lower()
        if not self._next():
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_Open(tag, attributes, self._offset, len(self._pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._match(_SPACE)
            if self._next() == b">":
                self._at += 1
                return found
            name = self._match(_ATTRIBUTE_NAME)
            if not name:
                raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            self._match(_SPACE)
            if self._next() == b"=":
                self._at += 1
                found[name] = self._attribute_value(tag, begin)
            elif not self._next():
                raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            elif (tag, name) == ("blockquote", "expandable"):
                found[name] = ""
            else:
                raise HtmlError(
                    "Expected equal sign in declaration of an attribute of the tag "
                    f'"{tag}" at byte offset {begin}'
                )

    def _attribute_value(self, tag: str, begin: int) -> str:
        self._match(_SPACE)
        quote = self._next()
        if not quote:
            raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if quote in b"\"'":
            self._at += 1
            value = self._quoted(quote)
        else:
            token = self._at
            value = self._match(_TOKEN).lower()
            if self._next() not in {b"", b" ", b"\t", b"\r", b"\n", b">"}:
                raise HtmlError(f"Unexpected end of name token at byte offset {token}")
        if not self._next():
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        return value

    def _quoted(self, quote: bytes) -> str:
        plain = re.compile(b"[^&" + quote + b"]+")
        value = ""
        while self._next() not in {b"", quote}:
            value += self._reference() if self._next() == b"&" else self._match(plain)
        self._at += 1
        return value

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise HtmlError(f"Unexpected end tag at byte offset {begin}")
        self._at += 2
        found = self._match(_TAG_NAME).lower()
        self._match(_SPACE)
        if self._next() != b">":
            raise HtmlError(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        expected = self._open[-1].tag
        if found not in {"", expected}:
            raise HtmlError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{expected}>", found "</{found}>"'
            )
        self._close(self._open.pop())

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if not length:
            return
        entity = Entity(_STYLES.get(opened.tag, opened.tag), opened.offset, length)
        if opened.tag == "a":
            content = "".join(self._pieces[opened.piece :])
            linked = _linked(entity, opened.attributes.get("href") or content)
            self._entities.extend([linked] if linked else [])
        elif opened.tag in VERBATIM:
            self._close_verbatim(entity, opened.attributes.get("class", ""))
        elif "expandable" in opened.attributes:
            self._entities.append(replace(entity, type="expandable_blockquote"))
        else:
            self._entities.append(entity)

    def _close_verbatim(self, entity: Entity, marked: str) -> None:
        """`<pre><code class="language-x">` is one entity with a language."""
        language = marked.removeprefix("language-") if marked.startswith("language-") else None
        last = self._entities[-1] if self._entities else entity
        inside = (last.type, last.offset, last.length) == ("code", entity.offset, entity.length)
        if entity.type == "pre" and inside:
            self._entities[-1] = replace(entity, language=last.language)
        else:
            self._entities.append(
                replace(entity, language=language if entity.type == "code" else None)
            )


def _linked(entity: Entity, url: str) -> Entity | None:
    """The entity of a link, or None when Telegram drops the link and keeps its text."""
    parts = urlsplit(url)
    if parts.scheme == "tg" and parts.netloc == "user":
        identifier = parse_qs(parts.query).get("id", [""])[0]
        return (
            replace(entity, type="text_mention", user_id=int(identifier))
            if identifier.isdigit()
            else None
        )
    checked = checked_link(url)
    return replace(entity, type="text_link", url=checked) if checked else None
