"""An article is split off from its story, because a person says that it tells of another event."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitors.alerts.alert import AlertContent
from monitors.alerts.compose import compose, leading
from monitors.grouping.placement import Joins, NewStory
from monitors.grouping.reason import FIRST
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import AlertId, PlacedArticle, ToldAlert
from monitors.pipeline.regrouping.retelling import NotDone, retell
from monitors.stories.article import ArticleId, StoryId

MOST_KEPT_APART = 100
"""From so many articles of the story, the oldest, is it remembered as apart."""
_MOST_LATER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An article has left a story.

    Attributes:
        left: the story that it has left.
        story: where it is now, alone.
    """

    article: PlacedArticle
    left: StoryId
    story: StoryId


def split(
    ledger: Ledger, book: Book, article: ArticleId, who: str, now: datetime
) -> Split | NotDone:
    """Have *article* in a story of its own, and keep it apart from those that it leaves.

    A message goes with the article that it shows first, so nobody is told that one anew; what
    rules hold for on the other side rings, in the chats that were told of the story.
    """
    rows = ledger.regrouping
    left = rows.story_of(article)
    if left is None:
        return NotDone(f"There is no article {article}.")
    placed = ledger.stories.placed(left)
    if len(placed) == 1:
        return _unrelated(ledger, book, left, placed[0], who, now)
    leads = _leads(ledger, left, placed)
    before = rows.reopen(article, left)
    placement = NewStory() if before is None else Joins(before, FIRST)
    story = ledger.stories.move(article, placement, now)
    ledger.window.move(article, story)
    others = [one.id for one in placed if one.id != article]
    ledger.stories.keep_apart(article, others[:MOST_KEPT_APART], who, now)
    told = {one.chat for one in rows.told(left)}
    for alert, lead in leads.items():
        if lead == article:
            rows.give(alert, story)
    for each in (left, story):
        _take_up(ledger, rows.closed(left), each)
        retell(ledger, book, each, told, now)
    for each in _later(ledger, left):
        # Its reports may have shared a message that has gone with the article.
        retell(ledger, book, each, told, now)
    (moved,) = ledger.stories.placed(story)
    return Split(article=moved, left=left, story=story)


def _unrelated(  # noqa: PLR0913, PLR0917 -- the transaction, and who parts what from what
    ledger: Ledger, book: Book, story: StoryId, alone: PlacedArticle, who: str, now: datetime
) -> Split | NotDone:
    """Have *story* no longer related to an earlier one, whose message it may share."""
    related = ledger.stories.related(story)
    if related is None:
        return NotDone("It is the only article of its story: there is nothing to split.")
    others = [one.id for one in ledger.stories.placed(related[0])]
    ledger.stories.keep_apart(alone.id, others[:MOST_KEPT_APART], who, now)
    ledger.stories.relate(story, None)
    told = {one.chat for one in ledger.regrouping.told(related[0])}
    for each in (related[0], story):
        retell(ledger, book, each, told, now)
    return Split(article=alone, left=related[0], story=story)


def _later(ledger: Ledger, story: StoryId) -> Sequence[StoryId]:
    """Answer the later stories that are related to *story*, to one of those and so on."""
    found: dict[StoryId, None] = {}
    waiting = deque([story])
    while waiting and len(found) < _MOST_LATER:
        more = [other for other, _ in ledger.stories.relatives(waiting.popleft())]
        new = [other for other in more if other not in found][: _MOST_LATER - len(found)]
        found.update(dict.fromkeys(new))
        waiting += new
    return [*found]


def _take_up(ledger: Ledger, closed: Collection[ToldAlert], story: StoryId) -> None:
    """Give *story* back the messages that showed its first report before stories were joined."""
    told = {one.chat for one in ledger.regrouping.told(story)}
    articles = ledger.stories.articles(story)
    for one in closed:
        content = compose(articles, one.content.rules)
        if content and one.chat not in told and _report(content) == _report(one.content):
            ledger.regrouping.give(one.id, story)
            told.add(one.chat)


def _report(content: AlertContent) -> tuple[str, str | None, str]:
    return content.outlet, content.link, content.headline.text


def _leads(
    ledger: Ledger, story: StoryId, placed: Sequence[PlacedArticle]
) -> Mapping[AlertId, ArticleId]:
    """Answer which article each alert of *story* shows first."""
    articles = ledger.stories.articles(story)
    leads: dict[AlertId, ArticleId] = {}
    for told in ledger.regrouping.told(story):
        place = leading(articles, told.content.rules)
        if place is not None:
            leads[told.id] = placed[place].id
    return leads
