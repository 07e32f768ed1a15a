"""Why the articles of a story are one story, in words for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitors.alerts.compose import StoryArticle
from monitors.grouping.growth import pace_of, report_of
from monitors.grouping.reason import Ground, Reason
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import PlacedArticle
from monitors.pipeline.telling.thread import Threads
from monitors.rules.rulebook import Chat
from monitors.stories.article import ArticleId, StoryId
from monitors.times import about

_MOST_WORDS = 6
_MOST_RELATIVES = 5
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedArticle:
    """An article of a story.

    Attributes:
        number: its place in the story, from 1.
        why: it belongs there.
        rules: names of those that hold for it.
    """

    number: int
    article: PlacedArticle
    why: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRelative:
    """A story that may be the same event.

    Attributes:
        lead: its first article.
        earlier: whether it came before the story that it is related to.
        why: they are related, and not one.
    """

    story: StoryId
    lead: PlacedArticle
    earlier: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A story, and why it is one.

    Attributes:
        outlets: how many report it.
        pace: the most of them that took it up within one hour.
    """

    story: StoryId
    articles: tuple[ExplainedArticle, ...]
    relatives: tuple[ExplainedRelative, ...]
    outlets: int
    pace: int


def explain(ledger: Ledger, story: StoryId, chat: Chat | None = None) -> Explained:
    """Answer why the articles of *story*, or of the one that it was joined to, are one.

    If they share a message of *chat* with those of other stories, why those stand there, too.
    """
    story = ledger.regrouping.current(story)
    stories: tuple[StoryId, ...] = (story,)
    if chat is not None:
        stories = Threads(ledger.stories, ledger.alerts, story).of(chat).stories
    shown = sorted(
        (pair for each in stories for pair in _shown(ledger, each, shared=each != stories[0])),
        key=lambda pair: pair[0].id,
    )
    reports = [report_of(held.article) for _, held in shown]
    numbers = {one.id: number for number, (one, _) in enumerate(shown, start=1)}
    times = {one.id: at for (one, _), (_, at) in zip(shown, reports, strict=True)}
    return Explained(
        story=story,
        articles=tuple(
            ExplainedArticle(
                number=numbers[one.id],
                article=one,
                why=why(_dated(one, times), numbers) if numbers[one.id] > 1 else Ground.FIRST.value,
                rules=(*held.evidence, *(f"{hold.rule} (in part)" for hold in held.partly)),
            )
            for one, held in shown
        ),
        relatives=_relatives(ledger, stories, numbers),
        outlets=len({outlet for outlet, _ in reports}),
        pace=pace_of(reports),
    )


def _shown(
    ledger: Ledger, story: StoryId, *, shared: bool
) -> Sequence[tuple[PlacedArticle, StoryArticle]]:
    """Answer the articles of a story, and what holds for each.

    The first one of a story that shares the message of an earlier one is there because both
    are likely the same.
    """
    placed = [*ledger.stories.placed(story)]
    related = ledger.stories.related(story) if shared else None
    if placed and related:
        placed[0] = replace(placed[0], reason=related[1])
    return [*zip(placed, ledger.stories.articles(story), strict=True)]


def _dated(one: PlacedArticle, times: Mapping[ArticleId, int]) -> Reason:
    """Answer why *one* is where it is, with the hours from the very article that is named.

    What is stored are those since the last report of the story, none for what came late.
    """
    nearest = None if one.reason.nearest is None else times.get(one.reason.nearest)
    if one.reason.hours is None or nearest is None:
        return one.reason
    return replace(one.reason, hours=(times[one.id] - nearest) / _HOUR)


def _relatives(
    ledger: Ledger, stories: Sequence[StoryId], numbers: Mapping[ArticleId, int]
) -> tuple[ExplainedRelative, ...]:
    """Answer what is related to *stories*, which share a message, and does not share it."""
    earlier = [one for each in stories if (one := ledger.stories.related(each))]
    later = [one for each in stories for one in ledger.stories.relatives(each)]
    later = sorted((one for one in later if one[0] not in stories), key=lambda one: one[0])
    both = (
        *((one, True) for one in earlier if one[0] not in stories),
        *((one, False) for one in later[-_MOST_RELATIVES:]),
    )
    found: list[ExplainedRelative] = []
    for (story, reason), is_earlier in both:
        articles = ledger.stories.placed(story)
        if articles:
            # Its reason names an article of the earlier story.
            known = {} if is_earlier else numbers
            found.append(
                ExplainedRelative(
                    story=story,
                    lead=articles[0],
                    earlier=is_earlier,
                    why=why(reason, known, elsewhere="one there"),
                )
            )
    return tuple(found)


def why(
    reason: Reason,
    numbers: Mapping[ArticleId, int],
    *,
    elsewhere: str = "one that was split off since",
) -> str:
    """Answer *reason* in a line: `alike to 2: both say mayor, audit; 40 min apart; sure`.

    Args:
        reason: why an article belongs to a story, or a story is related to another.
        numbers: of the articles, for people.
        elsewhere: how an article is called that has none.
    """
    if reason.ground in (Ground.FIRST, Ground.HAND):  # two first reports were joined by hand
        return Ground.HAND.value
    near = elsewhere if reason.nearest is None else numbers.get(reason.nearest, elsewhere)
    alike = reason.ground in (Ground.LIKENESS, Ground.CLOSER_LOOK)
    details = _details(reason) if alike else ()
    against = (f"kept apart because {reason.against}",) if reason.against else ()
    first: str = _BETWEEN[reason.ground].format(near)
    if reason.words and alike:
        first = f"{first}: both say {', '.join(reason.words[:_MOST_WORDS])}"
    return "; ".join((first, *details, *against))


def _details(reason: Reason) -> Sequence[str]:
    surely = reason.strength.value
    if reason.score is not None:
        surely = f"{surely} (score {reason.score:.1f})"
    if not reason.hours:
        return (surely,)
    return f"{about(timedelta(hours=abs(reason.hours)))} apart", surely


_BETWEEN: Mapping[Ground, str] = {
    Ground.LINK: "same link as {}",
    Ground.IDENTIFIER: "same identifier as {}",
    Ground.HEADLINE: "same headline as {}",
    Ground.LIKENESS: "alike to {}",
    Ground.CLOSER_LOOK: "on a closer look alike to {}",
}
