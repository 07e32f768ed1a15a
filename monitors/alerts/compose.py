"""A story, as one chat is told of it, and what of it the chat hears of in a message of its own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from monitors.alerts.again import with_again
from monitors.alerts.alert import Again, AlertContent, InPart, Report
from monitors.alerts.showing.snippets import headline, snippets
from monitors.grouping.reason import Strength
from monitors.stories.article import Article, ArticleId
from monitors.terms.evidence import Evidence

Ringing: TypeAlias = Mapping[ArticleId, Collection[str]]
"""Articles that may ring, and the names of the rules, if any, that began to hold for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialHold:
    """That a rule holds in part for an article of which no more can be read.

    Attributes:
        evidence: where the terms stand that were found.
        found, missing: parts of the condition, as rule text.
        why: why no more can be read, in a few words for people.
    """

    rule: str
    evidence: tuple[Evidence, ...] = ()
    found: tuple[str, ...] = ()
    missing: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story, with what holds for it.

    Attributes:
        article: as it reads in the newest revision for which a rule held, else the newest.
        evidence: by the name of each rule that holds; its spans point into *article*.
        partly: the rules that hold in part, with spans into *article*.
        edited: names of the rules that began to hold when the article was edited.
        strength: how surely it belongs to its story.
    """

    id: ArticleId
    article: Article
    evidence: Mapping[str, tuple[Evidence, ...]]
    partly: tuple[PartialHold, ...] = ()
    edited: frozenset[str] = frozenset()
    strength: Strength = Strength.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What of a story rings in a chat that knows it; *rules* are the names of those that do."""

    content: AlertContent
    rules: frozenset[str]


def compose(
    story: Sequence[StoryArticle],
    rules: Collection[str],
    *,
    behind: Collection[ArticleId] = (),
) -> AlertContent | None:
    """Answer what to tell of *story* to a chat that *rules* send to; None if none of them holds.

    An article for which one holds comes before those for which some hold in part.

    Args:
        story: its articles, oldest first.
        rules: names, in the order in which they are shown; of those that hold in part, the ones
            that are told all the same.
        behind: articles that are told first only where no other can be.
    """
    in_full = {rule for one in story for rule in one.evidence}
    partly = {
        hold.rule: hold
        for one in reversed(story)
        for hold in one.partly
        if hold.rule not in in_full
    }
    others = [one for one in story if one.id not in behind]
    place = leading(others, rules)
    if place is not None:
        place = story.index(others[place])
    elif behind:
        place = leading(story, rules)
    if place is None:
        return None
    lead = story[place]
    return replace(
        told_alone(lead, [rule for rule in rules if rule in in_full or rule in partly]),
        others=_others(lead, story),
        in_part=tuple(
            InPart(rule=rule, missing=partly[rule].missing, why=partly[rule].why)
            for rule in rules
            if rule in partly
        ),
        edited=not lead.edited.isdisjoint(rules),
    )


def told_alone(one: StoryArticle, rules: Collection[str]) -> AlertContent:
    """Answer *one* as if it were all of its story; *rules* are names, in their order."""
    article = one.article
    evidence = sorted(set(_evidence(one, rules)))
    return AlertContent(
        headline=headline(article, evidence),
        link=article.link,
        outlet=article.outlet,
        published_at=article.published_at,
        rules=tuple(rules),
        snippets=snippets(article, evidence),
    )


def leading(story: Sequence[StoryArticle], rules: Collection[str]) -> int | None:
    """Answer the place in *story* of the article that is told first; None if no rule holds."""
    full = (place for place, one in enumerate(story) if any(rule in one.evidence for rule in rules))
    partly = (
        place for place, one in enumerate(story) if any(hold.rule in rules for hold in one.partly)
    )
    return next(full, next(partly, None))


def _evidence(lead: StoryArticle, rules: Collection[str]) -> Iterator[Evidence]:
    """Yield what made *rules* hold for *lead*; if none does, what made them hold in part."""
    in_full = [rule for rule in rules if rule in lead.evidence]
    for rule in in_full:
        yield from lead.evidence[rule]
    for hold in lead.partly:
        if not in_full and hold.rule in rules:
            yield from hold.evidence


def _others(lead: StoryArticle, story: Sequence[StoryArticle]) -> tuple[Report, ...]:
    """Answer the further reports, one for each headline of an outlet."""
    told = {(lead.article.outlet, lead.article.title)}
    others: list[Report] = []
    for one in story:
        report = one.article.outlet, one.article.title
        if report not in told:
            told.add(report)
            others.append(Report(outlet=report[0], title=report[1], link=one.article.link))
    return tuple(others)


def news_of(  # noqa: PLR0913 -- what rings depends on them
    story: Sequence[StoryArticle],
    known: Collection[str],
    ringing: Ringing,
    rules: Collection[str],
    *,
    strict: bool,
    silent: Collection[tuple[ArticleId, str]] = (),
) -> News | None:
    """Answer what of *story* rings in a chat that was told of it; None if nothing does.

    A rule that the chat has not been told of with the story always does.

    Args:
        story: its articles, oldest first.
        known: names of the rules that the chat has been told of.
        ringing: for which articles which rules began to hold now.
        rules: names of the rules that hold and send to the chat, in their order.
        strict: whether an article rings, too, that does not certainly belong to the story.
        silent: articles, and the rules by which they do not ring.
    """
    began = {rule for one, names in ringing.items() for rule in names if (one, rule) not in silent}
    further = [rule for rule in rules if rule in began and rule not in known]
    newest_first = story[::-1]
    ring = [one for one in newest_first if _loud(one, further, silent)]
    alone = [
        one
        for one in newest_first
        if strict
        and one not in ring
        and _is_alone(one, ringing, rules)
        and _loud(one, rules, silent)
    ]
    content = compose((*ring, *alone), rules)
    if content is None:
        return None
    return News(
        content=with_again(content, Again(further=tuple(further))),
        rules=frozenset(further).union(
            rule for one in alone for rule in ringing[one.id] if (one.id, rule) not in silent
        ),
    )


def holding(one: StoryArticle) -> set[str]:
    """Answer the names of the rules that hold for *one*, if only in part."""
    return {*one.evidence, *(hold.rule for hold in one.partly)}


def _loud(
    one: StoryArticle, rules: Collection[str], silent: Collection[tuple[ArticleId, str]]
) -> bool:
    """Answer whether one of *rules* holds for *one* and rings."""
    return any((one.id, rule) not in silent for rule in holding(one).intersection(rules))


def _is_alone(one: StoryArticle, ringing: Ringing, rules: Collection[str]) -> bool:
    """Answer whether *one* does not certainly belong to its story, and no chat heard of it yet."""
    began = ringing.get(one.id, ())
    hold = holding(one).intersection(rules)
    return one.strength is Strength.SURE and bool(hold) and hold.issubset(began)
