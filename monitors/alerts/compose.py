"""A story, as one chat is told of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from monitors.alerts.alert import AlertContent, Report
from monitors.alerts.snippets import headline, snippets
from monitors.stories.article import Article
from monitors.terms.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story, with what holds for it.

    Attributes:
        article: as it reads in the newest revision for which a rule held, else the newest.
        evidence: by the name of each rule that holds; its spans point into *article*.
        edited: names of the rules that began to hold when the article was edited.
    """

    article: Article
    evidence: Mapping[str, tuple[Evidence, ...]]
    edited: frozenset[str] = frozenset()


def compose(story: Sequence[StoryArticle], rules: Collection[str]) -> AlertContent | None:
    """Answer what to tell of *story* to a chat that *rules* send to; None if none of them holds.

    Args:
        story: its articles, oldest first.
        rules: names, in the order in which they are shown.
    """
    lead = next((one for one in story if any(rule in one.evidence for rule in rules)), None)
    if lead is None:
        return None
    article = lead.article
    evidence = sorted({span for rule in rules for span in lead.evidence.get(rule, ())})
    return AlertContent(
        headline=headline(article, evidence),
        link=article.link,
        outlet=article.outlet,
        published_at=article.published_at,
        rules=tuple(rule for rule in rules if any(rule in one.evidence for one in story)),
        snippets=snippets(article, evidence),
        others=_others(lead, story),
        edited=not lead.edited.isdisjoint(rules),
    )


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
