"""From what holds for an article to what chats are told, within one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from monitors.alerts.compose import StoryArticle, compose
from monitors.alerts.decision import Alert, Decision, Held, Revision, Suppressed, decide
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.rules.rulebook import Chat, Partial, Priority
from monitors.stories.article import StoryId

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ChatDecision:
    """What was decided for one chat about one story."""

    chat: str
    decision: Decision


def tell_chats(
    ledger: Ledger, book: Book, story: StoryId, ringing: Collection[str], now: datetime
) -> tuple[ChatDecision, ...]:
    """Decide for every chat what it is told of *story*, and put that into the outbox.

    Args:
        ledger: the transaction.
        book: the rulebook in force.
        story: a story of which an article is new, or was revised.
        ringing: names of the rules that began to hold; a chat that was told nothing yet is
            told only for one of these.
        now: aware UTC.
    """
    articles = ledger.stories.articles(story)
    holding = {name for one in articles for name in one.evidence} | _told_in_part(book, articles)
    decided: list[ChatDecision] = []
    for chat in book.chats_for(holding):
        rules = book.rules_for(chat, holding)
        content = compose(articles, [str(rule.name) for rule in rules])
        told = ledger.alerts.told(chat.name, story)
        rings = [rule for rule in rules if rule.name in ringing]
        if content is None or (told is None and not rings):
            continue
        high = any(rule.priority is Priority.HIGH for rule in rings)
        decision = decide(
            content,
            told[1] if told else None,
            chat=chat,
            high=high,
            recent=_recent(ledger, chat, now),
            now=now,
            zone=book.zone,
        )
        decided.append(ChatDecision(chat.name, decision))
        match decision:
            case Alert() if told:
                ledger.alerts.release(told[0], content, now)
            case Alert() | Held():
                ledger.alerts.tell(
                    chat.name,
                    story,
                    content,
                    high=high,
                    due_at=decision.until if isinstance(decision, Held) else now,
                    why=decision.why if isinstance(decision, Held) else None,
                    now=now,
                )
            case Revision() if told:
                ledger.alerts.revise(told[0], content, now)
            case Revision() | Suppressed():
                pass
            case _:
                assert_never(decision)
    return tuple(decided)


def _told_in_part(book: Book, articles: Sequence[StoryArticle]) -> set[str]:
    """Answer the names of the rules that hold in part and are told all the same."""
    names = {hold.rule for one in articles for hold in one.partly if hold.rule in book.places}
    rules = book.rulebook.rules
    return {name for name in names if rules[book.places[name]].partial is Partial.ALERT}


def _recent(ledger: Ledger, chat: Chat, now: datetime) -> tuple[datetime, ...]:
    if chat.max_per_hour is None:
        return ()
    return tuple(ledger.alerts.recent(chat.name, now - _HOUR))
