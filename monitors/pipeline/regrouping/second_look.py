"""Before a chat rings again: is the article, on a closer look, of a story that it was told of?

Every article is grouped cheaply when it is accepted. Only one for which a rule holds can ring,
and only where a chat of that rule was told of a story that it may belong to can it ring twice.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from monitors.grouping.closer import (
    MOST_OF_TEXTS,
    Habit,
    Reading,
    by_habit,
    by_texts,
    looked_at,
    read,
)
from monitors.grouping.guards import Guard
from monitors.grouping.likeness import Likeness
from monitors.grouping.placement import BARS, Joins, NewStory, Placement, Related, likeliest
from monitors.grouping.reason import Ground, Strength
from monitors.grouping.sketch import Draft
from monitors.grouping.window import WINDOW, Window
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import Held, ToldAlert
from monitors.rules.rulebook import Priority
from monitors.stories.article import Article, ArticleId, StoryId

_HABIT = timedelta(days=30)
_DAY = timedelta(days=1)
_MOST_RULES, _MOST_HELD = 10, 20
_MOST_READ, _MOST_TEXTS = 2, 3  # at about 10 ms a text
_NO_HABIT = Habit(stories=0, days=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """An article that rings.

    Attributes:
        draft: as it is compared.
        rules: names of those that ring for it.
        known_as: its number, if it is stored already.
    """

    article: Article
    draft: Draft
    rules: Collection[str]
    known_as: ArticleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a second look has shown.

    Attributes:
        placement: where the article belongs, if that is known better than before.
        page_may_tell: whether the article's page could make it surer, and no chat would hear
            later of what is new to it, or of high priority.
    """

    placement: Placement
    page_may_tell: bool = False


class SecondLook:
    """Looks again at articles, within one transaction."""

    def __init__(self, ledger: Ledger, book: Book, now: datetime) -> None:
        self._ledger = ledger
        self._book = book
        self._now = now

    def at(self, ringing: Ringing, before: Placement) -> Seen:
        """Answer where *ringing* belongs, which the first look has placed as *before* says."""
        nothing = Seen(placement=before)
        chats = {str(chat.name) for chat in self._book.chats_for(ringing.rules)}
        if isinstance(before, Joins) or not chats:
            return nothing
        window = self._ledger.window.at(self._now)
        held = self._held(ringing)
        latest = {story: None for each in held.values() for story in each.latest}
        alike = window.alike(ringing.draft, tuple(sorted(latest, reverse=True)[:_MOST_HELD]))
        told = self._ledger.alerts.showing(chats, [each.story for each in alike])
        likely = [each for each in alike if self._may_join(ringing, each, told)]
        if not likely:
            return nothing
        by_rules = {each.story: _by_rules(held.values(), each, self._now) for each in likely}
        texts = self._texts(ringing, likely, by_rules, window)
        closer = [
            looked_at(each, by_rules[each.story], texts.get(each.story, 0.0)) for each in likely
        ]
        found = likeliest([*closer, *(e for e in alike if e.story not in told)], Ground.CLOSER_LOOK)
        doubtful = [each for each in closer if _is_doubtful(each) and told[each.story] >= chats]
        return Seen(
            placement=_surer(before, found),
            page_may_tell=not isinstance(found, Joins)
            and self._may_tell(ringing, doubtful, window),
        )

    def at_page(
        self, article: ArticleId, page: Article, *, rings: Collection[str], holding: Collection[str]
    ) -> StoryId:
        """Look again at a stored article of which the page was read; answer its story.

        It moves only if it is alone in its story, and no chat shows that.

        Args:
            article: its number.
            page: how it reads now.
            rings: names of the rules that begin to hold for it.
            holding: of all that hold.
        """
        ledger = self._ledger
        story = StoryId(ledger.articles.newest(article)[0])
        told = ledger.regrouping.told(story)
        rules = holding if told else rings
        if not rules or not self._is_hidden(story, told):
            return story
        window = ledger.window.at(self._now)
        window.drop(article)
        related = ledger.stories.related(story)
        before = Related(*related) if related else NewStory()
        ringing = Ringing(article=page, draft=window.read(page), rules=rules, known_as=article)
        found = self.at(ringing, before).placement
        if isinstance(found, Joins):
            for alert in told:
                ledger.regrouping.withdraw(alert.id)
            ledger.stories.relate(story, None)
            story = ledger.stories.move(article, found, self._now)
        elif isinstance(found, Related) and found != before:
            ledger.stories.relate(story, found)
        ledger.window.move(article, story)
        return story

    def _is_hidden(self, story: StoryId, told: Collection[ToldAlert]) -> bool:
        """Answer whether a story is one article of which no chat shows anything."""
        waiting = (self._ledger.alerts.told(alert.chat, story) for alert in told)
        return (
            len(self._ledger.stories.placed(story)) == 1
            and not self._ledger.stories.relatives(story)
            and all(one is not None and one[1].waiting for one in waiting)
        )

    def _may_tell(self, ringing: Ringing, doubtful: Sequence[Likeness], window: Window) -> bool:
        """Answer whether a page is worth waiting for: it would be compared with a text."""
        if self._is_high(ringing.rules) or read(ringing.article, "") is not None:
            return False
        texts = (self._readings(each, "", window) for each in doubtful[:_MOST_READ])
        return any(next(each, None) is not None for each in texts)

    def _is_high(self, rules: Collection[str]) -> bool:
        places = (self._book.places[rule] for rule in rules if rule in self._book.places)
        every = self._book.rulebook.rules
        return any(every[place].priority is Priority.HIGH for place in places)

    def _held(self, ringing: Ringing) -> Mapping[str, Held]:
        return {
            rule: self._ledger.stories.held(
                rule,
                since=self._now - _HABIT,
                lately=self._now - WINDOW,
                besides=ringing.known_as,
            )
            for rule in sorted(ringing.rules)[:_MOST_RULES]
        }

    def _may_join(
        self, ringing: Ringing, likeness: Likeness, told: Mapping[StoryId, Collection[str]]
    ) -> bool:
        if likeness.story not in told or likeness.guard not in {None, Guard.FEW_WORDS}:
            return False
        known = ringing.known_as
        return known is None or self._ledger.regrouping.may_move(known, likeness.story)

    def _texts(
        self,
        ringing: Ringing,
        likely: Sequence[Likeness],
        by_rules: Mapping[StoryId, float],
        window: Window,
    ) -> Mapping[StoryId, float]:
        """Answer what the full texts say of the few stories that are most likely."""
        lang = ringing.draft.sketch.lang
        own = read(ringing.article, lang)
        if own is None:
            return {}
        first = sorted(likely, key=lambda each: -each.score - by_rules[each.story])[:_MOST_READ]
        return {
            each.story: by_texts(own, self._readings(each, lang, window), window.telling(lang))
            for each in first
        }

    def _readings(self, likeness: Likeness, lang: str, window: Window) -> Iterator[Reading]:
        """Yield the full texts of a story: of its nearest article, then of the newest ones."""
        articles = dict.fromkeys((likeness.nearest, *reversed(window.members(likeness.story))))
        for one in islice(articles, _MOST_TEXTS):
            reading = read(self._ledger.articles.newest(one)[1], lang)
            if reading is not None:
                yield reading


def _by_rules(held: Collection[Held], likeness: Likeness, now: datetime) -> float:
    """Answer what the rule that seldom holds says, of those that held for the story, too."""
    return max(
        (
            by_habit(_habit(one, now), likeness.hours)
            for one in held
            if likeness.story in one.latest
        ),
        default=0.0,
    )


def _habit(held: Held, now: datetime) -> Habit:
    if held.since is None:
        return _NO_HABIT
    return Habit(stories=held.stories, days=max(0.0, (now - held.since) / _DAY))


def _surer(before: Placement, found: Placement) -> Placement:
    """Answer the surer one of what both looks have found; a second look is never certain."""
    if isinstance(found, NewStory) or isinstance(before, Joins):
        return before
    if isinstance(found, Joins):
        return Joins(found.story, replace(found.reason, strength=Strength.SURE))
    if isinstance(before, NewStory):
        return found
    order = tuple(Strength)
    better = order.index(found.reason.strength) < order.index(before.reason.strength)
    return found if better else before


def _is_doubtful(likeness: Likeness) -> bool:
    """Answer whether full texts could make a story sure, and nothing speaks against it."""
    return likeness.score + MOST_OF_TEXTS >= BARS[Strength.SURE]
