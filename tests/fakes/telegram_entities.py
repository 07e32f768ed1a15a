"""What Telegram makes of a text and its entities: cleaned, nested, trimmed, links found by itself.

Offsets count UTF-16 code units. Left out: quotes split by an overlapping style, and the full list
of top-level domains that TDLib recognises in bare addresses.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

MAX_ENTITIES: Final = 100
# What encloses sorts before what it encloses, also when both cover the same characters.
_RANK: Final = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
}
_FOUND_RANK: Final = 50
_MERGED: Final = {"bold", "italic", "underline", "strikethrough", "spoiler"}
_QUOTES: Final = {"blockquote", "expandable_blockquote"}
_OPAQUE: Final = {"code", "pre", "text_link", "text_mention"}
_CONTROLS: Final = {*range(10), 11, 12, *range(14, 32)}
_REMOVED: Final = {0x0D, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A}
_FOUND: Final = (
    ("url", re.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,:;!?'()\[\]]")),
    (
        "url",
        re.compile(r"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|dev)\b(?:/[^\s<>\"]*)?"),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{2,31}\b", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,255}")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}\b")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII),
    ),
)
VERBATIM: Final = {"code", "pre"}


@dataclass(frozen=True, slots=True)
class Entity:
    """One stretch of a text: offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        """The first code unit behind this entity."""
        return self.offset + self.length

    def covered(self, text: str) -> str:
        """The characters of `text` that this entity covers."""
        return text.encode("utf-16-le")[2 * self.offset : 2 * self.end].decode("utf-16-le")

    def as_json(self) -> dict[str, Any]:
        """The entity as the Bot API answers it."""
        answer: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            answer["url"] = self.url
        if self.language is not None:
            answer["language"] = self.language
        if self.user_id is not None:
            answer["user"] = {"id": self.user_id, "is_bot": False, "first_name": "User"}
        return answer


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units in `text`."""
    return len(text) + sum(character > "\uffff" for character in text)


def finish(text: str, entities: Iterable[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Text and entities as Telegram keeps them: cleaned, nested, trimmed, own finds added."""
    kept = _nest(entities)
    text, kept = _rewrite(text, kept, _cleaned)
    text, kept = _trim(text, kept)
    kept = [entity for entity in kept if entity.type in _OPAQUE or entity.covered(text).strip()]
    return text, tuple(sorted([*kept, *_found(text, kept)], key=_place)[:MAX_ENTITIES])


def checked_link(url: str) -> str:
    """The address as Telegram stores it, or nothing when it drops the link without a word."""
    try:
        return normal_link(url)
    except ValueError:
        return ""


def normal_link(url: str) -> str:
    """The address as Telegram stores it.

    Raises:
        ValueError: with the reason that Telegram gives.
    """
    url = url.strip()
    if re.match(r"(?:tg|ton|tonsite):", url, re.IGNORECASE):
        return url
    scheme, colon, rest = url.partition("://")
    if not colon:
        if re.match(r"[a-zA-Z][\w+.-]*:(?!\d)", url):
            raise ValueError("Unsupported URL protocol")
        scheme, rest = "http", url
    if scheme.lower() not in {"http", "https"}:
        raise ValueError("Unsupported URL protocol")
    parts = urlsplit(f"{scheme.lower()}://{rest}")
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        raise ValueError("Wrong port number specified in the URL") from None
    if ("." not in host and ":" not in host) or re.search(r"[\s\"<>]", rest) or host.endswith("."):
        raise ValueError("Wrong HTTP URL")
    where = host if ":" not in host else f"[{host}]"
    if port is not None:
        where = f"{where}:{port}"
    return parts._replace(netloc=where, path=parts.path or "/").geturl()


def _place(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, _RANK.get(entity.type, _FOUND_RANK)


def _nest(entities: Iterable[Entity]) -> list[Entity]:
    """Entities by its rules: nothing in code, no quote in a quote, one style is one entity."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=_place):
        around = [other for other in kept if other.offset <= entity.offset < other.end]
        if any(other.type in VERBATIM for other in around):
            continue
        if entity.type in _QUOTES and any(other.type in _QUOTES for other in around):
            continue
        if not _merged(kept, entity):
            kept.append(entity if entity.type != "code" else replace(entity, language=None))
    verbatim = [entity for entity in kept if entity.type in VERBATIM]
    return sorted((part for entity in kept for part in _around(entity, verbatim)), key=_place)


def _around(entity: Entity, verbatim: list[Entity]) -> list[Entity]:
    """What is left of a style around the code in it; anything else stays whole."""
    parts = [entity]
    if entity.type in _MERGED:
        for code in verbatim:
            parts = [*_parts(parts, 0, code.offset), *_parts(parts, code.end, entity.end)]
    return parts


def _parts(entities: list[Entity], begin: int, end: int) -> list[Entity]:
    """The parts of the entities between `begin` and `end`."""
    return [replace(part, offset=part.offset + begin) for part in _between(entities, begin, end)]


def _merged(kept: list[Entity], entity: Entity) -> bool:
    """Whether the entity went into one of the same style that touches it."""
    for place, other in enumerate(kept):
        if entity.type in _MERGED and other.type == entity.type and entity.offset <= other.end:
            kept[place] = replace(other, length=max(other.end, entity.end) - other.offset)
            return True
    return False


def _cleaned(character: str) -> str:
    code = ord(character)
    if code in _REMOVED:
        return ""
    return " " if code in _CONTROLS else character


def _rewrite(
    text: str, entities: list[Entity], change: Callable[[str], str]
) -> tuple[str, list[Entity]]:
    """The text with every character changed or removed, and the entities moved with it."""
    moved: list[int] = []
    pieces: list[str] = []
    offset = 0
    for character in text:
        moved.extend([offset] * utf16_length(character))
        pieces.append(change(character))
        offset += utf16_length(pieces[-1])
    moved.append(offset)
    return "".join(pieces), _between(
        [
            replace(e, offset=moved[e.offset], length=moved[e.end] - moved[e.offset])
            for e in entities
        ],
        0,
        offset,
    )


def _between(entities: list[Entity], begin: int, end: int) -> list[Entity]:
    """The entities inside `begin` to `end`, counted from `begin`."""
    clipped = []
    for entity in entities:
        first, last = max(entity.offset, begin), min(entity.end, end)
        if first < last:
            clipped.append(replace(entity, offset=first - begin, length=last - first))
    return clipped


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the end, and at the beginning up to the first entity."""
    text = text.rstrip()
    entities = _between(entities, 0, utf16_length(text))
    leading = len(text) - len(text.lstrip(" \n"))
    if entities:
        leading = min(leading, entities[0].offset)
    return text[leading:], _between(entities, leading, utf16_length(text))


def _found(text: str, entities: list[Entity]) -> list[Entity]:
    """Links, mentions, tags and commands that Telegram marks by itself."""
    taken = [(e.offset, e.end) for e in entities if e.type in _OPAQUE]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match.group()))
            if all(entity.end <= begin or end <= entity.offset for begin, end in taken):
                taken.append((entity.offset, entity.end))
                found.append(entity)
    return found
