"""What a chat does not want to hear of, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeAlias, assert_never

from monitors.alerts.compose import StoryArticle, holding
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.markup import harmless
from monitors.alerts.showing.presentable import NO_TITLE, OUTLET_LIMIT, RULE_LIMIT, local_time
from monitors.stories.article import ArticleId

_LONGEST_TITLE = 120


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

    def unheard(
        self, articles: Iterable[StoryArticle], rules: Iterable[str]
    ) -> frozenset[ArticleId]:
        """Answer which of *articles* ring by none of *rules* that holds for them."""
        if not self.in_force:
            return frozenset()
        names = frozenset(rules)
        return frozenset(
            one.id
            for one in articles
            if all(
                self.of_report(one.article.outlet, rule)
                for rule in names.intersection(holding(one))
            )
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


def in_words(mute: Mute, zone: tzinfo) -> str:
    """Answer *mute* in a line that neither steers nor tempts; *zone* is for its end."""
    if mute.until is not None:
        return f"{_what(mute)}, until {local_time(mute.until, zone)}"
    return _what(mute) if isinstance(mute.what, MutedStory) else f"{_what(mute)}, for ever"


def _what(mute: Mute) -> str:
    match mute.what:
        case MutedStory():
            return f"the story “{_line(mute.about, _LONGEST_TITLE) or NO_TITLE}”"
        case MutedOutlet(outlet, rule):
            return f"{_line(outlet, OUTLET_LIMIT)} for rule {_line(rule, RULE_LIMIT)}"
        case MutedRule(rule):
            return f"rule {_line(rule, RULE_LIMIT)}"
        case MutedChat():
            return "this chat"
        case _:
            assert_never(mute.what)


def _line(text: str, limit: int) -> str:
    return "".join(run.text for run in harmless(clean(text).text, limit))
