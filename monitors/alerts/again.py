"""What is said to a chat that hears of a story again, once for all that it hears meanwhile."""

from dataclasses import replace

from monitors.alerts.alert import Again, AlertContent, Report
from monitors.alerts.showing.presentable import shown_rules


def line(again: Again) -> str | None:
    """Answer *again* in a line for people; None if there is nothing to say."""
    return " · ".join(filter(None, (_growth(again), _further(again.further)))) or None


def with_again(content: AlertContent, again: Again) -> AlertContent:
    """Answer *content*, saying why the chat hears of it again."""
    return replace(content, again=again, note=line(again))


def folded(older: AlertContent, newer: AlertContent) -> AlertContent:
    """Answer one reply that tells all of two, of which the chat has seen none.

    The newer one goes first, unless it tells only how far the story has grown. What the other
    one shows first is listed, and of two counts of outlets the larger one is said.
    """
    first, other = (older, newer) if _only_grows(newer, older) else (newer, older)
    held_in_part = {one.rule: one for each in (older, newer) for one in each.in_part}
    rules = tuple(dict.fromkeys((*newer.rules, *older.rules)))
    both = replace(
        first,
        rules=rules,
        urgent=older.urgent or newer.urgent,
        others=_others(first, other),
        in_part=tuple(held_in_part[rule] for rule in rules if rule in held_in_part),
    )
    if older.again and newer.again:
        return with_again(both, _both(older.again, newer.again))
    # Of a reply that an older Newsbell has stored, only the line is known.
    notes = filter(None, (newer.note, older.note))
    return replace(both, again=None, note=" · ".join(notes) or None)


def _only_grows(newer: AlertContent, older: AlertContent) -> bool:
    """Answer whether *newer* says nothing but how far a story has grown, and *older* says more."""
    new, old = newer.again, older.again
    return new is not None and not new.further and new != Again() and bool(old and old.further)


def _others(first: AlertContent, other: AlertContent) -> tuple[Report, ...]:
    lead = Report(outlet=other.outlet, title=other.headline.text, link=other.link)
    told = {(first.outlet, first.headline.text)}
    found: list[Report] = []
    for one in (*first.others, lead, *other.others):
        report = one.outlet, one.title
        if report not in told:
            told.add(report)
            found.append(one)
    return tuple(found)


def _both(older: Again, newer: Again) -> Again:
    return Again(
        further=tuple(dict.fromkeys((*older.further, *newer.further))),
        outlets=max((each.outlets for each in (older, newer) if each.outlets), default=None),
        pace=newer.pace or older.pace,
    )


def _growth(again: Again) -> str | None:
    count, pace = again.outlets, again.pace
    if count is None:
        return None if pace is None else f"{pace} outlets within an hour: unusually fast"
    report = f"{count} outlets report it now"
    return f"{report}, {pace} of them within an hour: unusually fast" if pace else report


def _further(rules: tuple[str, ...]) -> str | None:
    if not rules:
        return None
    word, names, rest = shown_rules(rules)
    does = "holds" if len(rules) == 1 else "hold"
    return (
        f"{'A further' if len(rules) == 1 else 'Further'} {word} {does}: {', '.join(names)}{rest}"
    )
