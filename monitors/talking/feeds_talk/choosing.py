"""The feeds that a site offers: which there are, which are taken, and how that reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.feeds.offers import MOST_OFFERS as MOST_NAMED
from monitors.finding.autodiscovery import MOST_OFFERS as MOST_LOOKED_AT
from monitors.gathering.find_feeds import Choice, entries_text
from monitors.rules.editing.veiling import without_passwords
from monitors.talking.answer import Rows
from monitors.talking.showing.wording import line
from monitors.times import about, iso, parse_iso

VERB = "addfeed"
MOST_CHOICES = 8
_NAME_UNITS, _ADDRESS_UNITS = 100, 150
_IN_ROW = 4
_MOST_UNREAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A feed that can be added.

    Attributes:
        is_read: whether it could be read; if not, nothing is known of it but its address.
        is_known: whether rules.yaml has it, by now.
    """

    choice: Choice
    is_read: bool = True
    is_known: bool = False


def to_state(options: Sequence[Option], unread: Sequence[str]) -> str:
    """Answer *options*, and what else the page names, as they are remembered."""
    rows = [
        [
            one.choice.address,
            one.choice.title,
            one.choice.entries,
            iso(one.choice.newest) if one.choice.newest else None,
            one.choice.of_comments,
            one.is_read,
        ]
        for one in options
    ]
    return json.dumps([rows, [*unread]])


def from_state(state: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """Answer what `to_state` was given; what is known by now is another's to say."""
    rows, unread = json.loads(state)
    options = (
        Option(
            choice=Choice(
                address=address,
                title=title,
                entries=entries,
                newest=parse_iso(newest) if newest else None,
                of_comments=of_comments,
            ),
            is_read=is_read,
        )
        for address, title, entries, newest, of_comments, is_read in rows
    )
    return tuple(options), tuple(unread)


def marked(options: Sequence[Option], known: frozenset[str]) -> tuple[Option, ...]:
    """Answer *options*, those at the addresses *known* marked as such."""
    return tuple(replace(one, is_known=one.choice.address in known) for one in options)


def option_lines(options: Sequence[Option], now: datetime) -> tuple[Run, ...]:
    """Answer a paragraph for each of *options*, numbered."""
    runs: list[Run] = []
    for number, one in enumerate(options, 1):
        runs += (Run(f"\n\n{number}. "), *name_of(one.choice), Run(f"\n{holds(one, now)}\n"))
        runs += address_of(one.choice.address)
    return tuple(runs)


def unread_lines(unread: Sequence[str]) -> tuple[Run, ...]:
    """Answer how many more feeds a page names, the first of them, and how one has them."""
    if not unread:
        return ()
    count = len(unread)
    # The page may name more than are read of it.
    about_so = "at least " if count >= MOST_NAMED - MOST_LOOKED_AT else ""
    which = "feed, which was" if count == 1 else "feeds, which were"
    runs = [Run(f"\n\nIt names {about_so}{count} more {which} not looked at. Write ")]
    runs += (Run("/addfeed", ("code",)), Run(" and its address to have one:"))
    for address in unread[:_MOST_UNREAD]:
        runs += (Run("\n"), *address_of(address))
    rest = count - _MOST_UNREAD
    return (*runs, Run(f"\n… and {rest} more")) if rest > 0 else tuple(runs)


def name_of(choice: Choice) -> tuple[Run, ...]:
    """Answer the title of a feed, short enough that a message holds all choices."""
    return line(choice.title or "", _NAME_UNITS, "b") or (Run("Without a title"),)


def address_of(address: str) -> tuple[Run, ...]:
    """Answer an address that can be copied, without a password."""
    return line(without_passwords(address), _ADDRESS_UNITS, "code")


def holds(one: Option, now: datetime) -> str:
    """Answer what a feed holds, and whether it is taken."""
    told = [entries_text(one.choice)] if one.is_read else ["it could not be read now"]
    if one.choice.newest and one.choice.newest <= now:
        told.append(f"the newest {about(now - one.choice.newest)} old")
    if one.choice.of_comments:
        told.append("comments of readers")
    if one.is_known:
        told.append("✓ here already")
    return ", ".join(told)


def buttons(options: Sequence[Option], number: str) -> Rows:
    """Answer a button for each of *options* that is not taken, and those for all and none."""
    free = [place for place, one in enumerate(options) if not one.is_known]
    if not free:
        return ()
    each = [Button(_label(options, place), f"{VERB}:{number}:{place}") for place in free]
    rows = [tuple(each[start : start + _IN_ROW]) for start in range(0, len(each), _IN_ROW)]
    last = [Button("Take all", f"{VERB}:{number}:all")] if len(free) > 1 else []
    return (*rows, (*last, Button("Close", f"{VERB}:{number}:no")))


def _label(options: Sequence[Option], place: int) -> str:
    if not options[place].is_read:
        return "Add it anyway"
    return f"Add {place + 1}" if len(options) > 1 else "Add it"
