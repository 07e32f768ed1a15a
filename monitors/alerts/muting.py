"""What a chat does not want to hear of, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from monitors.alerts.compose import StoryArticle
from monitors.stories.article import ArticleId


@dataclass(frozen=True, slots=True)
class MutedStory:
    """Nothing more of the story that the chat was told of by *alert*, nor of what is below it."""

    alert: int


@dataclass(frozen=True, slots=True)
class MutedOutlet:
    """What *outlet* reports, in whatever letter case, does not ring by *rule*."""

    outlet: str
    rule: str


@dataclass(frozen=True, slots=True)
class MutedRule:
    """Nothing rings by *rule*."""

    rule: str


@dataclass(frozen=True, slots=True)
class MutedChat:
    """Nothing rings at all, be it of high priority."""


Muted: TypeAlias = MutedStory | MutedOutlet | MutedRule | MutedChat


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """That somebody wants to hear no more of something.

    Attributes:
        number: what the store calls it.
        until: aware UTC; None means for ever.
        who: the number of the person.
        about: the headline of a story, for people; else empty.
        under: number of the alert under which it was asked for, if under any.
    """

    what: Muted
    number: int = 0
    until: datetime | None = None
    who: str = ""
    about: str = ""
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Mutes:
    """All that a chat does not want to hear of now."""

    in_force: tuple[Mute, ...] = ()

    def find(self, what: Muted) -> Mute | None:
        """Answer the mute of just *what*."""
        wanted = key_of(what)
        return next((mute for mute in self.in_force if key_of(mute.what) == wanted), None)

    def of_story(self, *alerts: int | None) -> str | None:
        """Answer why nothing is told that belongs to one of *alerts*; None if it is."""
        muted = (MutedStory(alert) for alert in alerts if alert is not None)
        return next((reason(what) for what in muted if self.find(what)), None)

    def of_rule(self, rule: str) -> str | None:
        """Answer why nothing rings by *rule*, whoever reports it; None if it does."""
        muted = (MutedChat(), MutedRule(rule))
        return next((reason(what) for what in muted if self.find(what)), None)

    def of_report(self, outlet: str, rule: str) -> str | None:
        """Answer why what *outlet* reports does not ring by *rule*; None if it does."""
        muted = MutedOutlet(outlet, rule)
        return self.of_rule(rule) or (reason(muted) if self.find(muted) else None)

    def silent(
        self, articles: Iterable[StoryArticle], rules: Iterable[str]
    ) -> frozenset[tuple[ArticleId, str]]:
        """Answer which of *articles* do not ring by which of *rules*."""
        if not self.in_force:
            return frozenset()
        names = tuple(rules)
        return frozenset(
            (one.id, rule)
            for one in articles
            for rule in names
            if self.of_report(one.article.outlet, rule)
        )

    def reason(self, articles: Iterable[StoryArticle], rules: Iterable[str]) -> str | None:
        """Answer why one of *articles* does not ring by one of *rules*, the newest first."""
        names = tuple(rules)
        whys = (
            self.of_report(one.article.outlet, rule)
            for one in reversed(tuple(articles))
            for rule in names
        )
        return next(filter(None, whys), None)


NO_MUTES = Mutes()


def key_of(what: Muted) -> tuple[str, int, str, str]:
    """Answer what is equal for mutes of the same thing: kind, alert, outlet and rule."""
    match what:
        case MutedStory(alert):
            return "story", alert, "", ""
        case MutedOutlet(outlet, rule):
            return "outlet", 0, outlet.casefold(), rule
        case MutedRule(rule):
            return "rule", 0, "", rule
        case MutedChat():
            return "chat", 0, "", ""
        case _:
            assert_never(what)


def reason(what: Muted) -> str:
    """Answer why something was not told, in a few words for people."""
    match what:
        case MutedStory():
            return "muted: this story"
        case MutedOutlet(outlet, rule):
            return f"muted: {outlet} for rule {rule}"
        case MutedRule(rule):
            return f"muted: rule {rule}"
        case MutedChat():
            return "muted: this chat"
        case _:
            assert_never(what)
