"""Which story an article belongs to.

Every article belongs to exactly one. This is the seam for telling reworded reports of one
event: more kinds of `Candidate`, the same answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from monitors.stories.accept import bare_title
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.identity import worldwide
from monitors.stories.words import cut

WINDOW = timedelta(hours=72)
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
    reason: str


@dataclass(frozen=True, slots=True)
class Joins:
    """It is a further report of a story."""

    story: StoryId
    reason: str


@dataclass(frozen=True, slots=True)
class NewStory:
    """Nothing stored tells of it."""

    reason: str = "first report"


Grouping: TypeAlias = SameArticle | Joins | NewStory


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


def group(signs: Signs, candidates: Sequence[Candidate], *, now: datetime) -> Grouping:
    """Answer where an article with *signs*, seen at *now*, belongs.

    Args:
        signs: of the newcomer.
        candidates: the stored articles that share one of them, oldest first.
        now: aware UTC.
    """
    newest_first = tuple(reversed(candidates))
    for stored in newest_first:
        if signs.url and stored.signs.url == signs.url:
            return SameArticle(stored.article, stored.story, "same link")
    recent = [stored for stored in newest_first if now - stored.seen_at <= WINDOW]
    for stored in recent:
        if signs.identifier and stored.signs.identifier == signs.identifier:
            return Joins(stored.story, "same identifier")
    for stored in recent:
        if signs.title_key and stored.signs.title_key == signs.title_key:
            return Joins(stored.story, "same headline")
    return NewStory()
