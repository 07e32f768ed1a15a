"""What of a story a chat hears of in a message that rings, and what it has muted of that."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitors.alerts.alert import AlertContent
from monitors.alerts.break_out import BrokenOut, with_break_out, without
from monitors.alerts.compose import News, Ringing, StoryArticle, news_of
from monitors.alerts.muting import NO_MUTES, Mutes
from monitors.pipeline.telling.thread import Thread
from monitors.rules.rulebook import Chat, Stories


@dataclass(frozen=True, slots=True)
class Rings:
    """What rings: by which *rules*, and the *news* for a chat that knows the story already."""

    news: News | None
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Silent:
    """Why something is not told; *whole*: nothing of the story is, not even in silence."""

    why: str
    whole: bool


def what_rings(  # noqa: PLR0913, PLR0917 -- what rings depends on them
    chat: Chat,
    thread: Thread,
    articles: Sequence[StoryArticle],
    ringing: Ringing,
    content: AlertContent,
    broken_out: BrokenOut | None,
    mutes: Mutes = NO_MUTES,
) -> Rings:
    """Answer what of the story of *thread* rings in *chat*.

    Args:
        chat: who is told.
        thread: where the chat is told of it.
        articles: of all stories that share the message, oldest first.
        ringing: for which articles which rules began to hold now.
        content: all that can be told of it.
        broken_out: what it has just passed.
        mutes: what the chat does not want to hear of.
    """
    names, told = content.rules, thread.told and thread.told[1]
    silent = mutes.silent(articles, names)
    if told is None or told.waiting:
        began = {(one, rule) for one, each in ringing.items() for rule in each} - silent
        return Rings(None, frozenset(rule for _, rule in began).intersection(names))
    strict = chat.stories is Stories.STRICT
    known = told.content.rules
    news = news_of(articles, known, ringing, names, strict=strict, silent=silent)
    broken_out = without(broken_out, {rule for rule in names if mutes.of_rule(rule)})
    if broken_out and ringing:
        news = with_break_out(news, broken_out, articles[-1], content)
    return Rings(news, news.rules if news else frozenset())


def why_muted(  # noqa: PLR0913, PLR0917 -- as above
    chat: Chat,
    thread: Thread,
    articles: Sequence[StoryArticle],
    ringing: Ringing,
    content: AlertContent,
    broken_out: BrokenOut | None,
    mutes: Mutes,
) -> Silent | None:
    """Answer why *chat* is not told what it otherwise would be; None if it is.

    Arguments as for `what_rings`.
    """
    if not mutes.in_force:
        return None
    loud = what_rings(chat, thread, articles, ringing, content, broken_out).rules
    alert, told = thread.told or (None, None)
    story = mutes.of_story(alert, thread.under)
    if story:
        changed = told is not None and told.content != content
        return Silent(story, whole=True) if loud or changed else None
    if not loud or what_rings(chat, thread, articles, ringing, content, broken_out, mutes).rules:
        return None
    why = mutes.reason(articles, loud)
    return Silent(why, whole=told is None) if why else None
