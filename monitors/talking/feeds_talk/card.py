"""A feed as a chat shows it: a line of the list, and all that is known of it."""

from collections.abc import Iterator
from datetime import timedelta, tzinfo

from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.gathering.checkup import RESTING, TROUBLED, Checkup
from monitors.gathering.dossier import Dossier, facts
from monitors.polling.memory import State
from monitors.rules.editing.veiling import without_passwords
from monitors.talking.showing.wording import line
from monitors.times import about

_NAME_UNITS, _TROUBLE_UNITS, _FACT_UNITS, _TITLE_UNITS = 80, 120, 180, 120
_FOR_EXPERTS = ("hints", "asks with", "moving")
_MOST_ARTICLES = 3
_MARKS = {State.OK.value: "🟢", State.NEW.value: "⚪", RESTING: "🟡"}
_NOW = timedelta(seconds=5)


def mark(one: Checkup) -> str:
    """Answer a sign for how a feed does."""
    is_down = one.state in TROUBLED and one.state != RESTING
    return _MARKS.get(one.state, "🔴" if is_down else "🟡")


def called(one: Checkup) -> tuple[Run, ...]:
    """Answer what a feed is called, by its address if by nothing else."""
    return line(one.name or "", _NAME_UNITS, "b") or address(one)


def address(one: Checkup) -> tuple[Run, ...]:
    """Answer the address of a feed, without a password."""
    return line(without_passwords(one.feed.address), _FACT_UNITS, "code")


def row(one: Checkup) -> tuple[Run, ...]:
    """Answer a feed in two lines: how it does, its name, its last article, when it is asked."""
    new = one.memory.last_new_at if one.memory else None
    told = [f"last article {about(one.now - new)} ago" if new else "no article yet"]
    if one.next_poll_at:
        away = one.next_poll_at - one.now
        told.append(f"next poll in {about(away)}" if away > _NOW else "polled now")
    trouble = one.trouble
    runs = [Run(f"{mark(one)} "), *called(one), Run(f"\n{' · '.join(told)}")]
    if trouble:
        runs += (Run("\n"), *line(without_passwords(trouble), _TROUBLE_UNITS, "i"))
    return tuple(runs)


def card(dossier: Dossier, zone: tzinfo) -> tuple[Run, ...]:
    """Answer all that is known of a feed, its times on the clock of *zone*."""
    one = dossier.one
    runs = [Run(f"{mark(one)} "), *called(one)]
    for label, told in _told(dossier, zone):
        runs += (Run(f"\n{label}: "), *line(without_passwords(told), _FACT_UNITS))
    newest = dossier.brought.newest[:_MOST_ARTICLES] if dossier.brought else ()
    if newest:
        runs.append(Run("\n"))
    for article in newest:
        seen = local_time(article.seen_at, zone)
        sign = "★" if article.matched else "·"
        runs += (Run(f"\n{sign} {seen} "), *line(article.title or "(no title)", _TITLE_UNITS))
    return tuple(runs)


def _told(dossier: Dossier, zone: tzinfo) -> Iterator[tuple[str, str]]:
    for label, told in facts(dossier, zone):
        if told and label not in _FOR_EXPERTS:
            yield label.capitalize(), told
