"""What a condition would have flagged, as a chat shows it."""

from collections.abc import Collection, Iterator
from typing import TypeAlias

from monitors.alerts.showing.legible import shorten
from monitors.alerts.showing.markup import Run, opening_link, styled
from monitors.alerts.showing.presentable import NO_TITLE, OUTLET_LIMIT, web_link
from monitors.alerts.showing.snippets import headline
from monitors.language.expression import Expression
from monitors.matching.explaining import Explanation
from monitors.stories.article import Article
from monitors.talking.rules_talk.trial import Tried
from monitors.talking.showing.in_words import in_words
from monitors.talking.showing.wording import joined, line
from monitors.terms.entity import Entity
from monitors.terms.evidence import Evidence

Runs: TypeAlias = tuple[Run, ...]
_TITLE_UNITS, _PART_UNITS, _ADVICE_UNITS = 140, 80, 220
_MAX_LINK = 500
_MOST_PARTS, _MOST_CLAUSES = 3, 8


def findings(tried: Tried, days: int) -> tuple[Run, ...]:
    """Answer how much would have been flagged, the newest of it, and what was only just missed."""
    runs = [Run(f"Last {days} days: "), Run(_count(tried.stories), ("b",)), Run(_over(tried))]
    for found in tried.shown:
        runs += (Run("\n• "), *report(found.article, found.evidence))
    if tried.near:
        runs.append(Run("\nOnly just not:"))
    for near in tried.near:
        runs += (Run("\n• "), *report(near.article, near.why.evidence), Run(" — "))
        runs += joined(_lacks(near.why, 1), "; ")
    for said in tried.advice:
        runs += (Run("\n💡 "), *line(f"{said[:1].upper()}{said[1:]}", _ADVICE_UNITS))
    return tuple(runs)


def meaning(text: str, condition: Expression, known: Collection[Entity], most: int) -> Runs:
    """Answer a line that says in plain words how a condition is understood, if *text* does not."""
    words = in_words(condition, known)
    return (Run("\n"), *line(words, most)) if words != text else ()


def report(article: Article, evidence: tuple[Evidence, ...] = ()) -> tuple[Run, ...]:
    """Answer the headline of an article as a link, and its outlet."""
    link = web_link(article.link)
    tags = opening_link(link if link and len(link) <= _MAX_LINK else None)
    title = shorten(headline(article, evidence), _TITLE_UNITS)
    runs = styled(title, _TITLE_UNITS, tags, "u") if title.text else (Run(NO_TITLE, tags),)
    outlet = line(article.outlet, OUTLET_LIMIT, "i")
    return (*runs, Run(" "), *outlet) if outlet else runs


def term_by_term(why: Explanation, nearly: tuple[str, ...] = ()) -> tuple[Run, ...]:
    """Answer why a condition holds for an article, or why not, a line for each term."""
    runs: list[Run] = []
    for clause in why.found[:_MOST_CLAUSES]:
        fields = " and the ".join("headline" if each == "title" else each for each in clause.fields)
        where = f" in the {fields}" if fields else ""
        runs += (Run("\n✓ "), *line(clause.text, _PART_UNITS, "b"), Run(where))
    for lack in _lacks(why, _MOST_CLAUSES):
        runs += (Run("\n✗ "), *lack)
    for said in nearly[:_MOST_PARTS]:
        runs += (Run("\n  "), *line(said, _PART_UNITS * 2))
    return tuple(runs)


def _lacks(why: Explanation, most: int) -> Iterator[tuple[Run, ...]]:
    for part in why.missing[:most]:
        yield (Run("no "), *line(part, _PART_UNITS, "b"))
    for part in why.left_out_by[:most]:
        yield (Run("left out because of "), *line(part, _PART_UNITS, "b"))


def _count(stories: int) -> str:
    return f"{stories:,} {'story' if stories == 1 else 'stories'}"


def _over(tried: Tried) -> str:
    outlets = f" from {tried.outlets:,} outlet{'' if tried.outlets == 1 else 's'}"
    if not tried.stored:
        return "; no article is stored yet, so that nothing can be tried."
    seen = f"{tried.stored:,} stored article{'' if tried.stored == 1 else 's'}"
    if tried.looked is not None:
        seen = f"the newest {tried.looked:,} candidates of {seen}; there was no time for more"
    return f"{outlets if tried.stories else ''}, in {seen}."


def explained(article: Article, why: Explanation, nearly: tuple[str, ...]) -> tuple[Run, ...]:
    """Answer an article, whether a condition holds for it, and why or why not."""
    verdict = "It matches:" if why.holds else "It does not match:"
    return (*report(article, why.evidence), Run(f"\n{verdict}"), *term_by_term(why, nearly))
