"""`/mute` and `/muted`: what a chat does not want to hear of, and for how long."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.alerts.muting import Mute, Muted, MutedChat, MutedOutlet, MutedRule, MutedStory
from monitors.alerts.muting import in_words as mute_in_words
from monitors.alerts.showing.alert_keyboard import outlet_label
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.pipeline.book import InForce
from monitors.pipeline.muting.silencing import mute, unmute
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import ToldAlert
from monitors.rules.rulebook import Chat, Rule
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.commands.alert_buttons import telling
from monitors.talking.commands.picked import picked, which
from monitors.talking.commands.stories import is_of
from monitors.talking.heard import Pressed
from monitors.talking.minding.here import chats_here, names_of, unlisted, zone_of
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import meant
from monitors.times import parse_duration

_MUTE, _UNMUTE, _MUTED, _OFF = "mute", "unmute", "muted", "off"
_HOURS = re.compile(rf"{_MUTE}:([0-9]{{1,3}})", re.ASCII)
_NUMBER = re.compile(rf"{_UNMUTE}:([0-9]{{1,18}}):([0-9]{{1,4}})", re.ASCII)
_PAGE_DATA = re.compile(rf"{_MUTED}:([0-9]{{1,4}})", re.ASCII)
_CHAT_HOURS = (1, 8, 24)
_LONGEST = timedelta(days=366)
_MOST_RULES = 10
_PAGE, _IN_ROW = 8, 4
_NOT_LATER = "What this silences is not told later either."
_USAGE = (
    "For how long shall this chat hear nothing? Or write, for example:\n"
    "/mute 2h\n"
    "/mute rule AUKUS 7d\n"
    "and, as an answer to an alert: /mute, /mute story, /mute outlet 24h\n"
    "/muted lists what is muted, to undo it."
)
_NEEDS_ALERT = "Answer an alert of this chat with that, so that I know which one you mean."
_NO_RULE = "No rule of that name tells this chat. /rules lists those that do."
_NO_TIME = "Write a time up to a year: 30m, 2h or 7d. For example: /mute 2h"
_NOTHING = "Nothing is muted here."
_OVER = "That is not muted any more."
_OFFERED = (
    Command(
        name=_MUTE,
        does="Hear nothing for a while, or no more of a story, an outlet or a rule",
        example="/mute 2h",
        needs=Role.OWNER,
    ),
    Command(
        name=_MUTED,
        does="What is muted in this chat",
        example="/muted",
        needs=Role.READER,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is asked for: *kind* of thing, its *name*, and for how long."""

    kind: str = ""
    name: str = ""
    lasts: timedelta | None = None


@dataclass(slots=True)
class Muter(Commands):
    """Answers `/mute` and `/muted`."""

    store: Store
    in_force: InForce
    clock: Clock

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_MUTE: Role.OWNER, _UNMUTE: Role.OWNER, _MUTED: Role.READER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Mute something, or list what is muted."""
        place = asked.said.place
        chats = chats_here(self.in_force.book, place)
        if asked.command == _MUTED or asked.rest.casefold() == _OFF:
            if not chats:
                return unlisted(place)
            return await self.store.write(lambda ledger: self._listed(ledger, chats, 0))
        return await self.store.write(lambda ledger: self._muted(ledger, asked, chats))

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Mute the chat for some hours, end a mute, or turn to a page."""
        del role
        chats = chats_here(self.in_force.book, pressed.place)
        hours, ended = _HOURS.fullmatch(pressed.data), _NUMBER.fullmatch(pressed.data)
        turned = _PAGE_DATA.fullmatch(pressed.data)
        if chats and hours and int(hours[1]) in _CHAT_HOURS:
            lasts, user = timedelta(hours=int(hours[1])), pressed.user
            answer = await self.store.write(
                lambda ledger: self._put(ledger, chats, [MutedChat()], lasts, user)
            )
            return Reaction(answer=answer)
        if chats and ended:
            number, page = int(ended[1]), int(ended[2])
            return await self.store.write(
                lambda ledger: self._end(ledger, pressed, chats, number, page)
            )
        if chats and turned:
            page = int(turned[1])
            return Reaction(
                answer=await self.store.write(
                    lambda ledger: self._listed(ledger, chats, page, pressed.message)
                )
            )
        return Reaction(toast=OLD_BUTTON)

    def _muted(self, ledger: Ledger, asked: Asked, chats: Sequence[Chat]) -> Answer:
        """Mute what *asked* says."""
        said, meant_one = asked.said, picked(ledger, asked.said, asked.rest)
        told, wish = meant_one.told, _wish(meant_one.rest)
        if meant_one.several and (wish is None or wish.kind != "rule" or not wish.name):
            return plain(which(_MUTE))
        if wish is None:
            return plain(_NO_TIME)
        if told and not is_of(told, said.place, self.in_force.book):
            told = None
        if said.reply_to and told is None and wish.kind != "rule":
            return plain(_NEEDS_ALERT)
        what = self._what(ledger, wish, told, chats)
        if isinstance(what, Answer):
            return what
        there = self._chats_of(told) if told else chats
        if not there:
            return unlisted(said.place)
        return self._put(ledger, there, what, wish.lasts, said.user, told)

    def _chats_of(self, told: ToldAlert) -> tuple[Chat, ...]:
        chat = self.in_force.book.chats.get(told.chat)
        return (chat,) if chat else ()

    def _what(  # noqa: PLR0911 -- one a kind of thing
        self, ledger: Ledger, wish: _Wish, told: ToldAlert | None, chats: Sequence[Chat]
    ) -> list[Muted] | Answer:
        """Answer what is to be muted, or what there is to say instead."""
        match wish.kind:
            case "rule" if wish.name:
                rule = meant(self._telling(self._chats_of(told) if told else chats), wish.name)
                return [MutedRule(rule.name)] if rule else plain(_NO_RULE)
            case "rule" if told:
                return [MutedRule(rule) for rule in told.content.rules[:_MOST_RULES]]
            case "outlet" if told and outlet_label(told.content.outlet):
                rules = told.content.rules[:_MOST_RULES]
                return [MutedOutlet(told.content.outlet, rule) for rule in rules]
            case "story" | "" if told:
                return [MutedStory(telling(ledger, told))]
            case "" if wish.lasts:
                return [MutedChat()]
            case "":
                hours = [Button(f"{each} h", f"{_MUTE}:{each}") for each in _CHAT_HOURS]
                return plain(_USAGE, *hours)
            case _:
                return plain(_NEEDS_ALERT)

    def _telling(self, chats: Sequence[Chat]) -> Sequence[Rule]:
        names = set(names_of(chats))
        rules = self.in_force.book.rulebook.rules
        return [rule for rule in rules if not names.isdisjoint(rule.send_to)]

    def _put(  # noqa: PLR0913, PLR0917 -- the transaction, and what is muted by whom
        self,
        ledger: Ledger,
        chats: Sequence[Chat],
        what: Sequence[Muted],
        lasts: timedelta | None,
        user: str,
        told: ToldAlert | None = None,
    ) -> Answer:
        """Mute all of *what* in *chats*; answer that, with a button that ends each."""
        now = self.clock()
        until = now + lasts if lasts else None
        zone = zone_of(chats, self.in_force.book)
        shown: list[Mute] = []
        for chat in chats:
            for one in what:
                under = told.id if told and isinstance(one, MutedOutlet) else None
                wanted = Mute(what=one, until=until, who=user, under=under)
                mute(ledger, str(chat.name), wanted, now)
                found = ledger.mutes.of(str(chat.name), now).find(one)
                if found:
                    shown.append(found)
        lines = dict.fromkeys(mute_in_words(each, zone) for each in shown)
        text = "\n".join(f"Muted: {line}." for line in lines)
        buttons = [Button("Undo", f"{_UNMUTE}:{shown[0].number}:0")] if len(shown) == 1 else []
        after = _NOT_LATER if buttons else f"{_NOT_LATER} /muted undoes it."
        return plain(f"{text}\n{after}", *buttons)

    def _end(
        self, ledger: Ledger, pressed: Pressed, chats: Sequence[Chat], number: int, page: int
    ) -> Reaction:
        """End the mute of that *number*, and show what is still muted."""
        book, now = self.in_force.book, self.clock()
        for name in names_of(chats):
            ended = unmute(ledger, book, name, number, pressed.user, now)
            if ended:
                answer = self._listed(ledger, chats, page, pressed.message)
                return Reaction(toast="You hear of it again.", answer=answer)
        return Reaction(toast=_OVER)

    def _listed(
        self, ledger: Ledger, chats: Sequence[Chat], page: int, edits: str | None = None
    ) -> Answer:
        """Answer a page of what is muted in *chats*, with a button for each that ends it."""
        muted = _in_force(ledger, chats, self.clock())
        if not muted:
            return Answer(runs=(Run(_NOTHING),), edits=edits)
        page = min(page, (len(muted) - 1) // _PAGE)
        first = page * _PAGE
        shown = list(enumerate(muted[first : first + _PAGE], first + 1))
        zone = zone_of(chats, self.in_force.book)
        lines = "".join(f"\n{place}. {mute_in_words(one, zone)}" for place, one in shown)
        head = f"{len(muted)} muted here" if len(muted) > _PAGE else "Muted here"
        undo = [Button(f"Undo {place}", f"{_UNMUTE}:{one.number}:{page}") for place, one in shown]
        rows = [tuple(undo[start : start + _IN_ROW]) for start in range(0, len(undo), _IN_ROW)]
        turning = tuple(
            Button(label, f"{_MUTED}:{to}")
            for label, to, is_there in (
                ("◂", page - 1, page > 0),
                ("▸", page + 1, first + _PAGE < len(muted)),
            )
            if is_there
        )
        return Answer(
            runs=(Run(head, ("b",)), Run(lines)),
            rows=(*rows, turning) if turning else tuple(rows),
            edits=edits,
        )


def _in_force(ledger: Ledger, chats: Sequence[Chat], now: datetime) -> list[Mute]:
    return [one for name in names_of(chats) for one in ledger.mutes.of(name, now).in_force]


def _wish(text: str) -> _Wish | None:
    """Answer what *text* after the command asks for; None if its time is none."""
    words = text.split()
    kind = words[0].casefold() if words and words[0].casefold() in _KINDS else ""
    rest = words[1:] if kind else words
    lasts = parse_duration(rest[-1].casefold()) if rest else None
    if lasts and lasts > _LONGEST:
        return None
    name = " ".join(rest[:-1] if lasts else rest)
    if name and kind != "rule":
        return None
    return _Wish(kind=kind, name=name, lasts=lasts)


_KINDS = ("story", "outlet", "rule")
