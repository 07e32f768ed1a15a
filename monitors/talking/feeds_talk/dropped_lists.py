"""Lists of feeds (OPML) that people drop into a chat: what is new in them, and adding that."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.feeds.entry import NotAFeed
from monitors.finding.opml import OpmlList, read_opml
from monitors.language.problems import Problem
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.ports import Clock, Store
from monitors.rules.editing.edits import AddFeeds
from monitors.rules.editing.feeds import Addition, NewFeed, one_feed
from monitors.rules.editing.veiling import without_passwords
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Commands
from monitors.talking.feeds_talk.offers import Offers, wish_in
from monitors.talking.heard import Dropped, Pressed
from monitors.talking.ports import MOST_FILE_BYTES, Files, NotFetched
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import Person, pressing
from monitors.talking.rules_talk.proposing import undo_button
from monitors.talking.showing.wording import changed_lines, line

_VERB = "opml"
_NAMES = (".opml", ".xml")
_MOST_REASONS = 3
_NAME_UNITS, _REASON_UNITS, _DIFF_UNITS = 80, 200, 600
_TAKES = (
    "I take lists of feeds: OPML files, as other readers export them, of 5 MB at most. Drop one "
    "here, and I say what is new in it before anything is added."
)


@dataclass(slots=True)
class ListTaker(Commands):
    """Takes lists of feeds.

    Attributes:
        files: fetches what was dropped.
        check: answers what rules.yaml would be with further feeds; slow.
        editor: of rules.yaml.
    """

    files: Files
    check: Callable[[Sequence[NewFeed]], Awaitable[Addition | Problem]]
    editor: Editor
    store: Store
    clock: Clock

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.ADMIN}

    @property
    def _offers(self) -> Offers:
        return Offers(_VERB, self.store, self.clock)

    async def dropped(self, dropped: Dropped, role: Role) -> Answer | None:
        """Answer what is new in a list; in groups, other files are for other people."""
        is_list = dropped.file_name.lower().endswith(_NAMES)
        if not dropped.place.is_private and not (is_list and role is Role.ADMIN):
            return None
        if role is not Role.ADMIN:
            return plain(refusal(Role.ADMIN, dropped.user)) if is_list else None
        if dropped.size > MOST_FILE_BYTES:
            return plain(f"That file is too large. {_TAKES}")
        body = await self.files.fetch(dropped)
        if isinstance(body, NotFetched):
            return Answer(runs=line(f"That file could not be had: {body.why}.", _REASON_UNITS))
        found = await asyncio.to_thread(read_opml, body)
        if isinstance(found, NotAFeed):
            named = line(dropped.file_name, _NAME_UNITS, "b")
            return Answer(runs=(*named, Run(f": {found.message}.\n{_TAKES}")))
        return await self._offer(dropped, found)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Add what is new in a list, or leave it."""
        wish = wish_in(pressed.data)
        state = await self._offers.at(pressed.place, wish.number) if wish else None
        if wish is None or state is None or wish.what not in {"all", "no"}:
            return Reaction(toast=OLD_BUTTON)
        await self._offers.settle(pressed.place, wish.number)
        if wish.what == "no":
            gone = Answer(runs=(Run("Cancelled: nothing was added."),), edits=pressed.message)
            return Reaction(toast="Cancelled.", answer=gone)
        feeds = await asyncio.to_thread(_from_state, state)
        under_way = f"Adding {_number(len(feeds))} to rules.yaml. This may take a while…"
        later = partial(self._add, pressing(pressed, role), feeds, pressed.message)
        return Reaction(
            toast="One moment…",
            answer=Answer(runs=(Run(under_way),), edits=pressed.message),
            later=later,
        )

    async def _offer(self, dropped: Dropped, found: OpmlList) -> Answer:
        feeds = await asyncio.to_thread(_feeds_in, found)
        runs = [*line(dropped.file_name, _NAME_UNITS, "b"), Run(": ")]
        if not feeds and not found.left_out:
            return Answer(runs=(*runs, Run("no feed is in that list. Export it anew.")))
        addition = await self.check(feeds)
        if isinstance(addition, Problem):
            told = addition.told("rules.yaml")
            return Answer(runs=(*runs, Run("nothing can be added. "), *line(told, _REASON_UNITS)))
        unusable = (*found.left_out, *addition.refused)
        runs += _counts(addition, len(feeds) + len(found.left_out), unusable)
        wanted = await asyncio.to_thread(_new, feeds, addition)
        if not wanted:
            return Answer(runs=tuple(runs))
        number = dropped.message or "0"
        state = await asyncio.to_thread(_to_state, wanted)
        await self._offers.keep(dropped.place, number, state)
        label = f"Add all {len(wanted):,}" if len(wanted) > 1 else "Add it"
        row = (Button(label, f"{_VERB}:{number}:all"), Button("Cancel", f"{_VERB}:{number}:no"))
        return Answer(runs=tuple(runs), rows=(row,))

    async def _add(self, person: Person, feeds: tuple[NewFeed, ...], edits: str | None) -> Answer:
        done = await self.editor.at_once(AddFeeds(feeds=feeds), person.author)
        if isinstance(done, Problem):
            told = line(done.told("rules.yaml"), _REASON_UNITS)
            return Answer(runs=(Run("Nothing was added. "), *told), edits=edits)
        head = Run(f"Added {_number(len(feeds))}. The first are polled within a minute.\n")
        return Answer(
            runs=(head, *changed_lines(done.diff, _DIFF_UNITS)),
            rows=((undo_button(done.change),),),
            edits=edits,
        )


def _feeds_in(found: OpmlList) -> tuple[NewFeed, ...]:
    return tuple(
        NewFeed(address=one.address, name=one.name, tags=tuple(sorted(one.tags)))
        for one in found.feeds
    )


def _new(feeds: Sequence[NewFeed], addition: Addition) -> list[NewFeed]:
    """Answer those of *feeds* that would be added, each once."""
    new = {one_feed(address) for address in addition.added}
    by_address = {one_feed(feed.address): feed for feed in reversed(feeds)}
    return [feed for address, feed in reversed(by_address.items()) if address in new]


def _counts(addition: Addition, total: int, unusable: Sequence[tuple[str, str]]) -> list[Run]:
    parts = [f"{len(addition.added):,} of {_number(total)} {_are(len(addition.added))} new"]
    if known := len(addition.known):
        parts.append(f"{known:,} {_are(known)} here already")
    if unusable:
        parts.append(f"{len(unusable):,} cannot be used")
    runs = [Run("; ".join(parts) + ".")]
    for address, why in unusable[:_MOST_REASONS]:
        runs += (Run("\n• "), *line(f"{without_passwords(address)}: {why}", _REASON_UNITS))
    rest = len(unusable) - _MOST_REASONS
    return [*runs, Run(f"\n• and {rest:,} more")] if rest > 0 else runs


def _number(count: int) -> str:
    return f"{count:,} feed{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _to_state(feeds: Sequence[NewFeed]) -> str:
    return json.dumps([[one.address, one.name, one.tags] for one in feeds])


def _from_state(state: str) -> tuple[NewFeed, ...]:
    return tuple(
        NewFeed(address=address, name=name, tags=tuple(tags))
        for address, name, tags in json.loads(state)
    )
