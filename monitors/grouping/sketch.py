"""What is kept in memory of an article, so that later ones can be compared with it."""

from dataclasses import dataclass
from datetime import datetime

from monitors.stories.article import Article
from monitors.times import from_ms, to_ms

_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An article in a few hundred bytes.

    Attributes:
        at: when its event was reported: its date if that can be true, else when it was seen.
    """

    at: datetime


def sketch_of(article: Article) -> Sketch:
    """Answer what is kept of *article*."""
    return Sketch(at=min(article.published_at, article.seen_at))


def packed(sketch: Sketch) -> bytes:
    """Answer *sketch* as the store keeps it."""
    return to_ms(sketch.at).to_bytes(_BYTES, "big", signed=True)


def unpacked(body: bytes) -> Sketch:
    """Answer what `packed` wrote."""
    return Sketch(at=from_ms(int.from_bytes(body, "big", signed=True)))
