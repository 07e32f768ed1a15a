"""Which story an article belongs to; every article belongs to exactly one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitors.grouping.guards import Effect, Guard, guard
from monitors.grouping.likeness import Likeness
from monitors.grouping.reason import FIRST, Ground, Reason, Strength
from monitors.grouping.sketch import Draft
from monitors.grouping.window import WINDOW, Window
from monitors.grouping.wording.roundups import is_round_up
from monitors.stories.accept import bare_title
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.headlines import headline, is_new_version
from monitors.stories.identity import worldwide
from monitors.stories.words import cut

BARS = {
    Strength.CERTAIN: 3.0,
    Strength.SURE: 1.5,
    Strength.LIKELY: 0.9,
    Strength.RELATED: 0.0,
}
"""The least log-odds for each strength, the surest first."""
# Two reports share "Morning briefing" by chance, but hardly three words.
_FEWEST_WORDS = 3
# Where every character is cut as a word of its own, that many make one.
_CHARACTERS_A_WORD = 3


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
        title_key=_title_key(headline(bare_title(article)).text),
    )


def _title_key(title: str) -> str | None:
    """Answer the words of *title*, or None where other news may well have the same."""
    folded = cut(title).folded
    key = " ".join(folded)
    telling = [word for word in folded if not word.replace(".", "").isdecimal()]
    characters = sum(not word.isascii() and sum(map(str.isalpha, word)) == 1 for word in telling)
    words = len(telling) - characters + characters / _CHARACTERS_A_WORD
    return None if words < _FEWEST_WORDS or is_round_up(title) else key


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An article that is to be placed.

    Attributes:
        signs: what it can be recognised by.
        draft: what later articles will be compared with.
    """

    article: Article
    signs: Signs
    draft: Draft


def group(  # noqa: PLR0913 -- the newcomer, and all that it is compared with
    newcomer: Newcomer,
    *,
    twins: Sequence[Candidate],
    newest: Callable[[ArticleId], Article],
    window: Window,
    late: Window | None = None,
    now: datetime,
) -> Grouping:
    """Answer where an article belongs that is seen at *now*.

    Args:
        newcomer: the article.
        twins: the stored articles that share one of its signs, oldest first.
        newest: answers a stored article as it reads now.
        window: the stories of the last days.
        late: what was read in these days of what happened before, if the newcomer is such.
        now: aware UTC.
    """
    signs = newcomer.signs
    newest_first = tuple(reversed(twins))
    for stored in newest_first:
        if signs.url and stored.signs.url == signs.url:
            return SameArticle(stored.article, stored.story, _known_by(Ground.LINK, stored))
    recent = [stored for stored in newest_first if now - stored.seen_at <= WINDOW]
    for stored in recent:
        same = signs.identifier is not None and stored.signs.identifier == signs.identifier
        if is_new_version(newcomer.article, newest(stored.article), same_identifier=same):
            return SameArticle(stored.article, stored.story, _known_by(Ground.VERSION, stored))
    for stored in recent:
        if signs.identifier and stored.signs.identifier == signs.identifier:
            return Joins(stored.story, _known_by(Ground.IDENTIFIER, stored))
    for stored in recent:
        if (
            signs.title_key
            and stored.signs.title_key == signs.title_key
            and _takes(_there(stored.story, window, late), newcomer, stored, newest)
        ):
            return Joins(stored.story, _known_by(Ground.HEADLINE, stored))
    alike = window.alike(newcomer.draft)
    if late is not None:
        # Of a story that goes on, the window knows more.
        alike += tuple(each for each in late.alike(newcomer.draft) if not window.has(each.story))
    return likeliest(alike, Ground.LIKENESS)


def _there(story: StoryId, window: Window, late: Window | None) -> Window:
    """Answer where a story is known, if anywhere."""
    return window if late is None or window.has(story) else late


def _takes(
    window: Window, newcomer: Newcomer, stored: Candidate, newest: Callable[[ArticleId], Article]
) -> bool:
    """Answer whether an article may join the story of one with its headline.

    Of two that are read late, the story of the first is over at once: they are compared alone.
    """
    sketch = newcomer.draft.sketch
    if window.has(stored.story):
        return window.takes(sketch, stored.story)
    twin = window.read(newest(stored.article)).sketch
    return abs(sketch.at - twin.at) <= WINDOW.total_seconds() and guard(sketch, [twin]) is None


def likeliest(likely: Sequence[Likeness], ground: Ground) -> Placement:
    """Answer where an article belongs that looks so much like some stories."""
    order = tuple(Strength)
    told = [(order.index(sure), -one.score, one) for one in likely if (sure := strength_of(one))]
    if not told:
        return NewStory()
    place, _, best = min(told, key=lambda each: each[:2])
    reason = Reason(
        ground=ground,
        strength=order[place],
        nearest=best.nearest,
        score=round(best.score, 2),
        words=best.words,
        hours=round(best.hours, 4),  # to the second
        against=_against(best),
    )
    joins = order[place] in {Strength.CERTAIN, Strength.SURE}
    return (Joins if joins else Related)(best.story, reason)


def strength_of(likeness: Likeness) -> Strength | None:
    """Answer how surely both are one event; None if it is unlikely, or a guard forbids it."""
    reached = next((each for each, bar in BARS.items() if likeness.score >= bar), None)
    if reached is Strength.SURE and likeness.guard is None and likeness.same_outlet:
        return Strength.RELATED  # as a rule an outlet goes on to tell of something else
    if reached is None or likeness.guard is None:
        return reached
    return Strength.RELATED if likeness.guard.effect is Effect.RELATED else None


def _against(likeness: Likeness) -> str | None:
    """Answer what kept it from being surer, in a few words for people."""
    if likeness.guard is not None:
        return likeness.guard.value
    repeats = likeness.same_outlet and BARS[Strength.SURE] <= likeness.score
    return Guard.NEXT.value if repeats and likeness.score < BARS[Strength.CERTAIN] else None


def _known_by(ground: Ground, stored: Candidate) -> Reason:
    return Reason(ground=ground, nearest=stored.article)


def reason_of(placement: Placement) -> Reason:
    """Answer why an article belongs to its own story."""
    return placement.reason if isinstance(placement, Joins) else FIRST
