"""Two stories are joined, because a person says that they tell of one event."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitors.alerts.alert import Snippet
from monitors.alerts.showing.legible import shorten
from monitors.grouping.placement import Joins
from monitors.grouping.reason import Ground, Reason
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import ToldAlert
from monitors.pipeline.regrouping.messages import messages_of
from monitors.pipeline.regrouping.retelling import NotDone, retell
from monitors.stories.article import StoryId

_LONGEST_HEADLINE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two stories are one.

    Attributes:
        story: that both are now.
        articles: how many it has.
    """

    story: StoryId
    articles: int


def join(  # noqa: PLR0913, PLR0917 -- the transaction, and who joins what to what
    ledger: Ledger, book: Book, story: StoryId, into: StoryId, who: str, now: datetime
) -> Joined | NotDone:
    """Have the articles of the later of two stories in the earlier one.

    Nothing rings, but where a loose chat would else lose a report from a message that it shared.
    A chat that was told of both keeps the older message, which gets everything; the other one
    says so and never grows again.
    """
    rows = ledger.regrouping
    into, story = sorted((rows.current(into), rows.current(story)))
    if story == into:
        return NotDone("They are one story already.")
    first, *_ = ledger.stories.placed(into) or (None,)
    moving = ledger.stories.placed(story)
    if first is None or not moving:
        return NotDone("There is no such story.")
    there = messages_of(ledger, book.chats, into)
    here = messages_of(ledger, book.chats, story)
    rows.close(story, into, who, now)
    by_hand = Reason(ground=Ground.HAND, nearest=first.id)
    for place, one in enumerate(moving):
        # What the others were known by is still so.
        ledger.stories.move(one.id, Joins(into, one.reason if place else by_hand), now)
        ledger.window.move(one.id, into)
    shared = {one.told.chat: one.told for one in there if one.told.story != into}
    _merge_alerts(ledger, (story, into), shared, now)
    ledger.alerts.urge(story, now)
    shown_in = {one.told.chat for one in there}
    ledger.alerts.urge(story, now)
    retell(ledger, book, into, {one.told.chat for one in here} - shown_in, now)
    for each in dict.fromkeys(one.told.story for one in (*there, *here)):
        if each not in {story, into}:
            retell(ledger, book, each, (), now)
    return Joined(story=into, articles=len(ledger.stories.placed(into)))


def _merge_alerts(
    ledger: Ledger,
    joined: tuple[StoryId, StoryId],
    shared: Mapping[str, ToldAlert],
    now: datetime,
) -> None:
    """Leave each chat one alert of both stories that are *joined*, the first to the second.

    In some chats the second one has shared the message of another's alert, by their names.
    """
    story, into = joined
    by_chat: dict[str, list[ToldAlert]] = defaultdict(list)
    for told in (*ledger.regrouping.told(into), *ledger.regrouping.told(story)):
        by_chat[told.chat].append(told)
    for chat, alerts in by_chat.items():
        other_message = shared.get(chat)
        if other_message:
            alerts.append(other_message)
        # One that is on its way or was shown is worth more than one that waits.
        kept, *others = sorted(alerts, key=lambda told: (told.unsent, told.id))
        if kept != other_message:
            ledger.regrouping.give(kept.id, into)
        for other in others:
            if other == other_message:
                continue
            if not (other.unsent and ledger.regrouping.withdraw(other.id)):
                content = replace(other.content, note=_note(kept))
                ledger.alerts.revise(other.id, content, now)


def _note(kept: ToldAlert) -> str:
    headline = shorten(Snippet(text=kept.content.headline.text), _LONGEST_HEADLINE).text
    return f"Joined by hand: the message “{headline}” tells it from now on."
