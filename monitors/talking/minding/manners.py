"""`/digest` and `/quiet`: when a chat is told, shown, and changed in rules.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitors.alerts.quiet_hours import quiet_until
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.telling.backlog import Backlog
from monitors.rules.editing.edits import Manner, SetManner, Value
from monitors.rules.rulebook import Chat
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.minding.day_times import clock_hours, clock_times
from monitors.talking.minding.here import (
    chats_here,
    named_all,
    names_of,
    unlisted,
    zone_name,
    zone_of,
)
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import asking
from monitors.talking.rules_talk.proposing import Proposals

_DIGEST, _QUIET = "digest", "quiet"
_NOW = f"{_DIGEST}:now"
_USAGES = {
    _DIGEST: (
        "Write when the digest shall come, up to 12 times a day: /digest 08:00 18:00\n"
        "With /digest off, what was held back comes when the quiet hours or the limit end; with "
        "/digest now, it comes at once."
    ),
    _QUIET: (
        "Write when nothing shall ring, for example: /quiet 22:00-07:00\n"
        "/quiet off ends that. Rules of high priority ring always."
    ),
}
_NOTHING_HELD = "Nothing is held back for this chat."
_OFFERED = (
    Command(
        name=_DIGEST,
        does="When this chat gets what was held back; its owners change that",
        example="/digest 08:00 18:00",
        needs=Role.READER,
    ),
    Command(
        name=_QUIET,
        does="When nothing rings in this chat; its owners change that",
        example="/quiet 22:00-07:00",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class MannersTalk(Commands):
    """Answers `/digest` and `/quiet`.

    Attributes:
        proposals: shows what a change would write into rules.yaml.
    """

    store: Store
    in_force: InForce
    clock: Clock
    proposals: Proposals

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its button begins with."""
        return {_DIGEST: Role.OWNER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Show how the chat is told, or propose to change that."""
        person, words = asking(asked), asked.rest.casefold()
        chats = chats_here(self.in_force.book, person.place)
        if not chats:
            return unlisted(person.place)
        if not words:
            return await self.store.write(
                lambda ledger: self._shown(ledger, chats, changes=person.role >= Role.OWNER)
            )
        if person.role < Role.OWNER:
            return plain(refusal(Role.OWNER, person.user))
        if asked.command == _DIGEST and words == "now":
            return await self.store.write(lambda ledger: plain(self._bring(ledger, chats)))
        value = _times(words) if asked.command == _DIGEST else clock_hours(words)
        if value is None and words != "off":
            return plain(_USAGES[asked.command])
        key = Manner.DIGEST if asked.command == _DIGEST else Manner.QUIET_HOURS
        edit = SetManner(chat=str(chats[0].name), key=key, value=value)
        return await self.proposals.ask(edit, person)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Send what is held back."""
        del role
        chats = chats_here(self.in_force.book, pressed.place)
        if pressed.data != _NOW or not chats:
            return Reaction(toast=OLD_BUTTON)
        return Reaction(toast=await self.store.write(lambda ledger: self._bring(ledger, chats)))

    def _bring(self, ledger: Ledger, chats: Sequence[Chat]) -> str:
        count = ledger.overview.bring(names_of(chats), self.clock())
        return f"It comes now: {count:,} held back." if count else _NOTHING_HELD

    def _shown(self, ledger: Ledger, chats: Sequence[Chat], *, changes: bool) -> Answer:
        """Answer how *chats* are told."""
        book, now = self.in_force.book, self.clock()
        backlog = ledger.overview.backlog(now, now, names_of(chats))
        zone = zone_of(chats, book)
        is_quiet = quiet_until(chats[0], now, book.zone) is not None
        runs = [
            *named_all([str(chats[0].name)]),
            Run(_manners(chats[0], is_quiet=is_quiet)),
            Run(f"\nTimezone: {zone_name(zone, now)}, where it is {now.astimezone(zone):%H:%M}"),
            Run(_held(backlog, zone)),
        ]
        if changes:
            runs.append(Run("\n\nChange it: /quiet 22:00-07:00 · /digest 08:00 18:00 · or off"))
        rows = ((Button("Send it now", _NOW),),) if changes and backlog.held else ()
        return Answer(runs=tuple(runs), rows=rows)


def _manners(chat: Chat, *, is_quiet: bool) -> str:
    hours = "none"
    if chat.quiet_hours:
        start, end = chat.quiet_hours
        hours = f"{start:%H:%M}-{end:%H:%M}{', which is now' if is_quiet else ''}"
    digests = ", ".join(f"{at:%H:%M}" for at in chat.digest) or "none"
    most = chat.max_per_hour
    limit = f"\nAt most {most:,} alert{'' if most == 1 else 's'} an hour" if most else ""
    return f"\nQuiet hours: {hours}\nDigests: {digests}{limit}"


def _held(backlog: Backlog, zone: tzinfo) -> str:
    if not backlog.held or backlog.held_until is None:
        return "\nHeld back now: nothing"
    until = local_time(backlog.held_until, zone)
    return f"\nHeld back now: {backlog.held:,}, until {until}"


def _times(words: str) -> Value | None:
    """Answer the times of digests that *words* say."""
    known = clock_times(words)
    return known[0] if known and len(known) == 1 else known
