"""Which story an article belongs to; every article belongs to exactly one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitors.grouping.reason import FIRST, Ground, Reason, Strength
from monitors.grouping.sketch import Sketch
from monitors.grouping.window import WINDOW, Likeness, Window
from monitors.stories.accept import bare_title
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.identity import worldwide
from monitors.stories.words import cut

BARS = {
    Strength.CERTAIN: 4.0,
    Strength.SURE: 2.0,
    Strength.LIKELY: 1.0,
    Strength.RELATED: 0.0,
}
"""The least log-odds for each strength, the surest first."""
# Two reports share "Morning briefing" by chance, but hardly three words.
_FEWEST_WORDS = 3
# Where every character is cut as a word of its own, that many make one.
_CHARACTERS_A_WORD = 3
# Other news under one headline, whoever writes it.
_ROUND_UP = re.compile(
    r"\b(?:(?:morning|midday|evening|daily|weekly|news|world) (?:brief(?:ing)?|digest|edition|"
    r"headlines|update|wrap)|what you need to know|newsletter|podcast|quiz|crossword|horoscopes?|"
    r"round ?up|week in review|photos of the day|previsiones|titulares|revue de presse|"
    r"presseschau|newsticker)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What an article can be recognised by.

    Attributes:
        url: canonical address, if it has one.
        identifier: its identifier, if no two publishers would choose it by chance.
        title_key: the words of its headline, if they tell something.
    """

    url: str | None
    identifier: str | None
    title_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that shares a sign with the newcomer."""

    article: ArticleId
    story: StoryId
    signs: Signs
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SameArticle:
    """It is stored already: another feed carries it, too."""

    article: ArticleId
    story: StoryId
    reason: Reason


@dataclass(frozen=True, slots=True)
class Joins:
    """It is a further report of a story: surely, as its reason says."""

    story: StoryId
    reason: Reason


@dataclass(frozen=True, slots=True)
class Related:
    """It opens a story that is likely, but not surely, the same event as another."""

    to: StoryId
    reason: Reason


@dataclass(frozen=True, slots=True)
class NewStory:
    """Nothing stored tells of it."""


Placement: TypeAlias = Joins | Related | NewStory
Grouping: TypeAlias = SameArticle | Placement


def signs_of(article: Article, entry_id: str | None) -> Signs:
    """Answer what *article*, which its feed calls *entry_id*, can be recognised by."""
    return Signs(
        url=article.url,
        identifier=worldwide(entry_id),
        title_key=_title_key(bare_title(article)),
    )


def _title_key(title: str) -> str | None:
    """Answer the words of *title*, or None where other news may well have the same."""
    folded = cut(title).folded
    key = " ".join(folded)
    telling = [word for word in folded if not word.replace(".", "").isdecimal()]
    characters = sum(not word.isascii() and sum(map(str.isalpha, word)) == 1 for word in telling)
    words = len(telling) - characters + characters / _CHARACTERS_A_WORD
    return None if words < _FEWEST_WORDS or _ROUND_UP.search(key) else key


def group(
    signs: Signs,
    sketch: Sketch,
    *,
    twins: Sequence[Candidate],
    window: Window,
    now: datetime,
) -> Grouping:
    """Answer where an article belongs that is seen at *now*.

    Args:
        signs: of the newcomer.
        sketch: of the newcomer.
        twins: the stored articles that share one of its signs, oldest first.
        window: the stories of the last days.
        now: aware UTC.
    """
    newest_first = tuple(reversed(twins))
    for stored in newest_first:
        if signs.url and stored.signs.url == signs.url:
            return SameArticle(stored.article, stored.story, _known_by(Ground.LINK, stored))
    recent = [stored for stored in newest_first if now - stored.seen_at <= WINDOW]
    for stored in recent:
        if signs.identifier and stored.signs.identifier == signs.identifier:
            return Joins(stored.story, _known_by(Ground.IDENTIFIER, stored))
    for stored in recent:
        if signs.title_key and stored.signs.title_key == signs.title_key:
            return Joins(stored.story, _known_by(Ground.HEADLINE, stored))
    best = next(iter(window.alike(sketch)), None)
    return NewStory() if best is None else placed_by(best, Ground.LIKENESS)


def placed_by(likeness: Likeness, ground: Ground) -> Placement:
    """Answer where an article belongs that looks so much like a story."""
    strength = _strength(likeness)
    if strength is None:
        return NewStory()
    reason = Reason(
        ground=ground,
        strength=strength,
        nearest=likeness.nearest,
        score=likeness.score,
        words=likeness.words,
        hours=likeness.hours,
        against=likeness.against,
    )
    joins = strength in (Strength.CERTAIN, Strength.SURE)
    return (Joins if joins else Related)(likeness.story, reason)


def _strength(likeness: Likeness) -> Strength | None:
    """Answer how surely both are one event; None if it is unlikely."""
    reached = next((each for each, bar in BARS.items() if likeness.score >= bar), None)
    if reached is None or likeness.at_most is None:
        return reached
    order = tuple(Strength)
    return max(reached, likeness.at_most, key=order.index)


def _known_by(ground: Ground, stored: Candidate) -> Reason:
    return Reason(ground=ground, nearest=stored.article)


def reason_of(placement: Placement) -> Reason:
    """Answer why an article belongs to its own story."""
    return placement.reason if isinstance(placement, Joins) else FIRST
