"""An article is split off from its story, because a person says that it tells of another event."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitors.alerts.alert import AlertContent
from monitors.alerts.compose import compose, leading
from monitors.grouping.placement import Joins, NewStory
from monitors.grouping.reason import FIRST
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import AlertId, PlacedArticle, ToldAlert
from monitors.pipeline.regrouping.messages import Message, messages_of
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
    rules hold for on the other side rings, in the chats that were told of the story. What shares
    a message only because it is likely the same leaves that message, too.
    """
    rows = ledger.regrouping
    left = rows.story_of(article)
    if left is None:
        return NotDone(f"There is no article {article}.")
    placed = ledger.stories.placed(left)
    messages = messages_of(ledger, book.chats, left)
    if len(placed) == 1:
        return _unrelated(ledger, book, placed[0], messages, who, now)
    leads = _leads(ledger, left, placed)
    before = rows.reopen(article, left)
    placement = NewStory() if before is None else Joins(before, FIRST)
    story = ledger.stories.move(article, placement, now)
    ledger.window.move(article, story)
    together = dict.fromkeys(each for one in messages for each in one.stories if each != left)
    _keep_apart(ledger, article, (left, *together), who, now)
    told = {one.told.chat for one in messages}
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
    ledger: Ledger,
    book: Book,
    alone: PlacedArticle,
    messages: Sequence[Message],
    who: str,
    now: datetime,
) -> Split | NotDone:
    """Have the story of the one article *alone* no longer related to those whose message it shares.

    What shares the message only because it is likely the same as *alone* goes along with it.
    """
    story = StoryId(ledger.articles.newest(alone.id)[0])
    told = {one.told.chat for one in messages}
    together = {each for one in messages for each in one.stories if each != story}
    later, related = _later(ledger, story), ledger.stories.related(story)
    if related is not None:
        parting, leaving = [story], sorted({related[0], *together}.difference(later))
        left = related[0]
    else:
        # It opens the message: the others leave.
        parting = [each for each, _ in ledger.stories.relatives(story) if each in together]
        leaving, left = parting, story
    if not leaving:
        return NotDone("It is the only article of its story: there is nothing to split.")
    _keep_apart(ledger, alone.id, leaving, who, now)
    for each in parting:
        ledger.stories.relate(each, None)
    for each in dict.fromkeys(one.told.story for one in messages):
        retell(ledger, book, each, (), now)
    for each in dict.fromkeys((story, *parting, *later)):
        retell(ledger, book, each, told, now)
    return Split(article=alone, left=left, story=story)


def _keep_apart(
    ledger: Ledger, article: ArticleId, stories: Iterable[StoryId], who: str, now: datetime
) -> None:
    """Remember that *article* is not of *stories*: of each the first report, then more of them."""
    reports = [[one.id for one in ledger.stories.placed(each)] for each in stories]
    firsts = [one for each in reports for one in each[:1]]
    others = [one for each in reports for one in each[1:]]
    ledger.stories.keep_apart(article, [*firsts, *others][:MOST_KEPT_APART], who, now)


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
    reports = [(one.article.outlet, one.article.link) for one in articles]
    leads: dict[AlertId, ArticleId] = {}
    for told in ledger.regrouping.told(story):
        place = leading(articles, told.content.rules)
        shown = told.content.outlet, told.content.link
        if shown in reports:
            # Where an outlet is muted, that is not the first report.
            place = reports.index(shown)
        if place is not None:
            leads[told.id] = placed[place].id
    return leads
