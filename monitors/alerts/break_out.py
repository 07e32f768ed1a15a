"""When a story that a chat knows has grown so far that the chat wants to hear of it again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from monitors.alerts.again import with_again
from monitors.alerts.alert import Again, AlertContent, outlets
from monitors.alerts.compose import News, StoryArticle, told_alone
from monitors.grouping.growth import Growth
from monitors.rules.rulebook import FAST, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenOut:
    """What a story has just passed.

    Attributes:
        rules: names of those that asked for it.
        outlets: how many there are now, if a number of them was passed.
        pace: how many took it up within an hour, if that is unusual.
    """

    rules: frozenset[str]
    outlets: int | None = None
    pace: int | None = None


def grown(
    content: AlertContent,
    before: AlertContent | None,
    rules: Sequence[Rule],
    growth: Growth | None,
) -> tuple[AlertContent, BrokenOut | None]:
    """Answer *content* with all that the story has passed, and what of it is new, if anything.

    What it has passed when the chat is first told is nothing new, nor is what a rule asks for
    only after the story has passed it.

    Args:
        content: the story as the chat is told of it now.
        before: as the chat was told of it before; None if it was not.
        rules: those that hold for it and send to the chat.
        growth: how fast it grows; None if nobody asks for that, or nobody knows.
    """
    known = frozenset(before.broke_out if before else ())
    count = len(outlets(content))
    counted = len(outlets(before)) if before else count
    passed = {each for rule in rules for each in rule.break_out.outlets if each <= count}
    new = {each for each in passed if counted < each and str(each) not in known}
    fast = counted < count and _is_fast(growth) and FAST not in known
    asking = frozenset(
        str(rule.name)
        for rule in rules
        if not new.isdisjoint(rule.break_out.outlets) or (fast and rule.break_out.fast)
    )
    if fast or (before is None and growth and growth.unusual):
        known |= {FAST}
    marked = replace(content, broke_out=_in_order(known.union(map(str, passed))))
    if not asking:
        return marked, None
    pace = growth.pace if growth and fast else None
    return marked, BrokenOut(rules=asking, outlets=count if new else None, pace=pace)


def without(broken_out: BrokenOut | None, silent: Collection[str]) -> BrokenOut | None:
    """Answer *broken_out* without the rules that are *silent*; None if all of them are."""
    rules = broken_out.rules.difference(silent) if broken_out else frozenset()
    return replace(broken_out, rules=rules) if broken_out and rules else None


def asks_how_fast(rules: Iterable[Rule]) -> bool:
    """Answer whether one of *rules* wants to know that a story grows unusually fast."""
    return any(rule.break_out.fast for rule in rules)


def with_break_out(
    news: News | None, broken_out: BrokenOut, newest: StoryArticle, content: AlertContent
) -> News:
    """Answer *news* of a story, if there are any, with the line that says what it has passed.

    Else the news are its newest article; *content* is all of the story.
    """
    if news is None:
        alone = replace(told_alone(newest, content.rules), in_part=content.in_part)
        news = News(content=alone, rules=frozenset())
    again = news.content.again or Again()
    again = replace(again, outlets=broken_out.outlets, pace=broken_out.pace)
    return News(content=with_again(news.content, again), rules=news.rules | broken_out.rules)


def _is_fast(growth: Growth | None) -> bool:
    return growth is not None and growth.unusual and growth.lasting


def _in_order(passed: Iterable[str]) -> tuple[str, ...]:
    """Answer numbers by their size, then words."""
    return tuple(sorted(passed, key=lambda each: (len(each), each)))
