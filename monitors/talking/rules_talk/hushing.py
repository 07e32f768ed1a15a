"""A rule does not ring for so long: `/pause RULE 2h` mutes it where that is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.alerts.muting import Mute, MutedRule
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.muting.silencing import mute, unmute
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.rules.rulebook import Rule
from monitors.talking.roles import Role, chats_at
from monitors.talking.rules_talk.belonging import Person
from monitors.times import parse_duration

LONGEST = timedelta(days=30)
_TIMED = re.compile(r"(?P<rule>.*\S)\s+(?P<time>\d{1,6}\s?[mhdw])", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Hush:
    """Has rules not ring for a while."""

    in_force: InForce
    store: Store
    clock: Clock

    async def begin(self, person: Person, rule: Rule, duration: timedelta) -> datetime | None:
        """Mute *rule* in the chats that *person* speaks for here; None if there is none."""
        now = self.clock()
        until = now + duration
        chats = _chats(self.in_force.book, person, rule)

        def work(ledger: Ledger) -> None:
            for chat in chats:
                wanted = Mute(what=MutedRule(rule.name), until=until, who=person.user)
                mute(ledger, chat, wanted, now)

        await self.store.write(work)
        return until if chats else None

    async def end(self, person: Person, rule: Rule) -> bool:
        """Have *rule* ring again in those chats; answer whether it did not."""
        now, book = self.clock(), self.in_force.book
        chats = _chats(book, person, rule)

        def work(ledger: Ledger) -> bool:
            ended = False
            for chat in chats:
                known = ledger.mutes.of(chat, now).find(MutedRule(rule.name))
                if known and unmute(ledger, book, chat, known.number, person.user, now):
                    ended = True
            return ended

        return await self.store.write(work)

    def where(self, person: Person, rule: Rule) -> str:
        """Answer, for people, where *rule* does not ring then."""
        here = chats_at(self.in_force.book, person.place, everywhere=False)
        return "here" if any(chat.name in rule.send_to for chat in here) else "in any chat"

    def until(self, ledger: Ledger, person: Person, rule: Rule) -> datetime | None:
        """Answer until when *rule* does not ring there, if it is muted for a while."""
        now = self.clock()
        found = (
            ledger.mutes.of(chat, now).find(MutedRule(rule.name))
            for chat in _chats(self.in_force.book, person, rule)
        )
        return next((one.until for one in found if one and one.until), None)


def timed(text: str) -> tuple[str, timedelta] | None:
    """Answer the rule and the duration that `RULE 2h` names, if *text* ends with a duration."""
    found = _TIMED.fullmatch(text)
    duration = parse_duration(found["time"]) if found else None
    return (found["rule"], duration) if found and duration else None


def _chats(book: Book, person: Person, rule: Rule) -> Sequence[str]:
    """Answer in which chats *person* has *rule* muted: here, or where an administrator is alone."""
    here = chats_at(book, person.place, everywhere=False)
    told = [str(chat.name) for chat in here if chat.name in rule.send_to]
    if not told and person.role is Role.ADMIN:
        return tuple(map(str, rule.send_to))
    return told
