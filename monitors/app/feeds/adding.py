"""From what people write after `feeds add` to the feeds that are added."""

import asyncio
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitors.app.clock import now
from monitors.app.feeds.looking import choice_as_json, choice_text, look_for
from monitors.app.output import out, print_json, say
from monitors.app.settings import Settings, folder_of
from monitors.errors import MonitorsError
from monitors.feeds.feed import is_web
from monitors.finding.clue import Unclear
from monitors.finding.shortcuts import clue_of
from monitors.gathering.find_feeds import Choice, Finding, Found, NothingFound
from monitors.rules.editing.feeds import NewFeed, one_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the options of `feeds add` say.

    Attributes:
        name: what to call the feed.
        tags: what rules select it by.
        choose: which of several feeds of a site is meant, from 1.
        take_all: whether all of them are.
        look: whether addresses are looked at before they are added.
    """

    name: str | None = None
    tags: tuple[str, ...] = ()
    choose: int | None = None
    take_all: bool = False
    look: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """A feed that is to be added, for what somebody has *written*.

    Attributes:
        choice: what it holds; None if it was not read.
        warning: why it was not.
        others: how many feeds the site has beside it.
    """

    written: str
    address: str
    choice: Choice | None = None
    warning: str | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """Something *written* that leads to no feed, or to several; the answer says which."""

    written: str
    finding: Finding


def plan(
    addresses: Iterable[str], wishes: Wishes, settings: Settings, known: Iterable[str]
) -> list[Planned | Open]:
    """Answer what is added for *addresses*, in their order.

    Args:
        addresses: as people write them; also files beside rules.yaml.
        wishes: what else they say.
        settings: of this process.
        known: addresses that rules.yaml has; they are not looked at.
    """
    written = list(dict.fromkeys(addresses))
    have = {one_feed(address) for address in known}
    files = {each for each in written if not is_web(each) and _is_file(each, settings)}
    asked = [each for each in written if each not in files and one_feed(_plainly(each)) not in have]
    found: dict[str, Finding] = {}
    if wishes.look and asked:
        found = asyncio.run(look_for(asked, settings))
    return [
        step
        for each in written
        for step in (
            _settled(each, found[each], wishes)
            if each in found
            else [_unseen(each, is_file=each in files)]
        )
    ]


def _is_file(written: str, settings: Settings) -> bool:
    try:
        return (folder_of(settings.rules) / written).exists()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        return False


def _plainly(written: str) -> str:
    """Answer the address that somebody has most likely written."""
    clue = clue_of(written)
    return written if isinstance(clue, Unclear) else [*clue.feeds, clue.address][0]


def _unseen(written: str, *, is_file: bool) -> Planned | Open:
    clue = clue_of(written)
    if is_file or is_web(written):
        return Planned(written, written)
    if isinstance(clue, Unclear):
        return Open(written, NothingFound(message=clue.message, hint=clue.hint))
    return Planned(written, _plainly(written))


def _settled(written: str, finding: Finding, wishes: Wishes) -> Iterator[Planned | Open]:
    """Yield what is added where *finding* was found."""
    if isinstance(finding, NothingFound):
        if finding.likely:
            yield Planned(written, finding.likely, warning=finding.message)
        else:
            yield Open(written, finding)
    elif wishes.take_all:
        yield from (Planned(written, each.address, each) for each in finding.choices)
    elif wishes.choose:
        if wishes.choose > len(finding.choices):
            raise MonitorsError(
                f"{written} has {len(finding.choices)} feeds: --choose {wishes.choose} is none."
            )
        choice = finding.choices[wishes.choose - 1]
        yield Planned(written, choice.address, choice)
    elif finding.sure:
        choice, *others = finding.choices
        yield Planned(written, choice.address, choice, others=len(others))
    else:
        yield Open(written, finding)


def new_feeds(planned: Sequence[Planned], wishes: Wishes) -> list[NewFeed]:
    """Answer the feeds that are to be written.

    Raises:
        MonitorsError: one name is for several of them.
    """
    if wishes.name and len(planned) > 1:
        raise MonitorsError("--name is for one feed: add the others without it.")
    return [NewFeed(address=one.address, name=wishes.name, tags=wishes.tags) for one in planned]


def tell_open(steps: Sequence[Planned | Open], *, as_json: bool) -> list[Planned]:
    """Answer those of *steps* that can be taken, and say of the others why they cannot."""
    planned = [step for step in steps if isinstance(step, Planned)]
    for step in steps:
        if isinstance(step, Open):
            _tell(step, as_json=as_json)
    if 0 < len(planned) < len(steps):
        say("Nothing was added.")
    return planned


def _tell(one: Open, *, as_json: bool) -> None:
    """Say why nothing can be added for what somebody wrote, and what to do."""
    finding = one.finding
    if as_json:
        error: dict[str, object]
        if isinstance(finding, Found):
            error = {"message": f"it has {len(finding.choices)} feeds", "hint": "--choose or --all"}
            choices = [choice_as_json(choice) for choice in finding.choices]
        else:
            error = {"message": finding.message, "hint": finding.hint}
            choices = []
        print_json({"address": one.written, "error": error, "choices": choices})
        return
    if isinstance(finding, NothingFound):
        say(f"{one.written}: {finding.message}. {finding.hint}".rstrip())
        return
    console = out()
    console.print(f"{one.written} has {len(finding.choices)} feeds:", soft_wrap=True)
    for number, choice in enumerate(finding.choices, start=1):
        told = choice_text(choice, now())
        console.print(f"  {number}  {choice.address}\n     {told}", soft_wrap=True)
    if finding.unread:
        console.print(
            "It names more, which were not looked at; add one by its address:", soft_wrap=True
        )
    for address in finding.unread:
        console.print(f"     {address}", soft_wrap=True)
    again = f"python bot.py feeds add {shlex.quote(one.written)}"
    say(f"Choose one: {again} --choose 1, or take them all: {again} --all")


def tell_added(one: Planned, *, as_json: bool) -> None:
    """Say that a feed was added, and what it holds."""
    if as_json:
        seen = choice_as_json(one.choice) if one.choice else {}
        print_json(
            {**seen, "address": one.address, "done": "added", "for": one.written}
            | ({"warning": one.warning} if one.warning else {})
        )
        return
    holds = f" ({choice_text(one.choice, now())})" if one.choice else ""
    out().print(f"added {one.address}{holds}", soft_wrap=True)
    if one.warning:
        say(f"{one.address} could not be read now: {one.warning}. It was added anyway.")
    if one.others:
        again = f"python bot.py feeds add {shlex.quote(one.written)}"
        say(f"{one.written} has {one.others} more. To see and add them: {again} --all")
