"""Chats are told how a story stands after a person has changed it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from monitors.alerts.compose import compose
from monitors.pipeline.alert import tell_chats
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.stories.article import StoryId

COMMAND_LINE = "command line"
"""Who changes a story from the terminal; in chats, the number of the Telegram user."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was changed; *why* is a sentence for people."""

    why: str


def retell(
    ledger: Ledger, book: Book, story: StoryId, ringing_in: Collection[str], now: datetime
) -> None:
    """Revise what chats were told of *story*.

    Nothing rings there. Of the others, those named in *ringing_in* are told if a rule holds.
    """
    articles = ledger.stories.articles(story)
    ringing = {one.id: {*one.evidence, *(hold.rule for hold in one.partly)} for one in articles}
    known_in = {told.chat for told in ledger.regrouping.told(story)}
    spared = (book.chats.keys() - ringing_in) | known_in
    decided = tell_chats(ledger, book, story, ringing, now, spared=spared)
    seen = {one.chat for one in decided}
    # The rules of some alerts are no longer in rules.yaml: their messages shall be right, too.
    for told in ledger.regrouping.told(story):
        if told.chat in seen or told.chat not in book.chats:
            continue
        content = compose(articles, told.content.rules)
        if content is None:
            continue
        was = told.content
        content = replace(content, broke_out=was.broke_out, urgent=was.urgent)
        if content != told.content:
            ledger.alerts.revise(told.id, content, now)
    ledger.alerts.urge(story, now)
