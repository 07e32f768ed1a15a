"""Why an article belongs where it is; stored, and shown to people."""

from dataclasses import dataclass
from enum import Enum

from monitors.stories.article import ArticleId


class Ground(Enum):
    """What two articles were known by as reports of one event."""

    FIRST = "first report"
    LINK = "same link"
    VERSION = "new version"
    IDENTIFIER = "same identifier"
    HEADLINE = "same headline"
    LIKENESS = "alike"
    CLOSER_LOOK = "alike on a closer look"
    HAND = "by hand"


class Strength(Enum):
    """How surely two articles report one event, the surest first."""

    CERTAIN = "certain"  # one message, even where a chat wants it strict
    SURE = "sure"  # one message, and one story
    LIKELY = "likely"  # one message where a chat wants it loose, else a reply
    RELATED = "related"  # a reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an article belongs to a story, or a story is related to another.

    Attributes:
        nearest: the article of the story that is most alike; None for a first report.
        score: log-odds that both report one event, where it was estimated.
        words: what both have, the most telling first, as folded.
        hours: between the article and the last one of the story before it.
        against: what kept it from being surer, in a few words for people.
    """

    ground: Ground
    strength: Strength = Strength.CERTAIN
    nearest: ArticleId | None = None
    score: float | None = None
    words: tuple[str, ...] = ()
    hours: float | None = None
    against: str | None = None


FIRST = Reason(ground=Ground.FIRST)
