"""`/status`: how Newsbell does, or what of it concerns the chat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitors.alerts.destinations import EVERYWHERE, peer_of
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import NO_TITLE, local_time
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.overview import Overview, midnight, overview
from monitors.pipeline.ports import Clock, Ledger
from monitors.pipeline.telling.backlog import Backlog, LastAlert
from monitors.rules.rulebook import Rule
from monitors.talking.answer import Answer
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.minding.here import chats_here, names_of, unlisted, zone_of
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import Person, asking, concerning, sees_all
from monitors.talking.rules_talk.trial import Archive
from monitors.talking.showing.wording import line
from monitors.times import about

_LONGEST_TITLE, _LONGEST_CHAT, _LONGEST_WHY = 120, 40, 200
_MOST_HELD = 5
_DIGITS = 8  # of the digest of rules.yaml
_OFFERED = (
    Command(
        name="status",
        does="Whether all goes well: what waits, and what was told last",
        example="/status",
        needs=Role.READER,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What the store says at one moment; *seen* is for those who see everything."""

    now: datetime
    zone: tzinfo
    backlog: Backlog
    last: LastAlert | None
    held_until: datetime | None = None
    seen: Overview | None = None


@dataclass(slots=True)
class StatusTeller(Commands):
    """Answers `/status`.

    Attributes:
        archive: looked into beside the writer, for there may be much to count.
        version: of this program.
    """

    archive: Archive
    in_force: InForce
    clock: Clock
    version: str

    @property
    def offered(self) -> tuple[Command, ...]:
        """The command."""
        return _OFFERED

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer how all of Newsbell does, or what concerns the chat."""
        person, book = asking(asked), self.in_force.book
        rules = concerning(book, person)
        if sees_all(person):
            look = await self.archive.look(self._look_at_all)
            return Answer(runs=(*self._delivery(look), *self._all(look), *_rules(rules)))
        if not chats_here(book, person.place):
            return unlisted(person.place)
        look = await self.archive.look(lambda ledger: self._look_here(ledger, person))
        return Answer(runs=(*self._delivery(look), *_rules(rules), *_more(person)))

    def _look_at_all(self, ledger: Ledger) -> _Look:
        now, zone = self.clock(), self.in_force.book.zone
        seen = overview(ledger, now, midnight(now, zone))
        return _Look(now=now, zone=zone, backlog=seen.backlog, last=seen.last, seen=seen)

    def _look_here(self, ledger: Ledger, person: Person) -> _Look:
        book, now = self.in_force.book, self.clock()
        chats = chats_here(book, person.place)
        zone, names = zone_of(chats, book), names_of(chats)
        holds = ledger.outbox.holds(now)
        peers = (*(peer_of(chat.destination) for chat in chats), EVERYWHERE)
        return _Look(
            now=now,
            zone=zone,
            backlog=ledger.overview.backlog(now, midnight(now, zone), names),
            last=ledger.overview.last_alert(names),
            held_until=max((holds[peer] for peer in peers if peer in holds), default=None),
        )

    def _delivery(self, look: _Look) -> Iterator[Run]:
        backlog = look.backlog
        yield Run("Delivery", ("b",))
        oldest = f" (oldest {about(look.now - backlog.oldest)})" if backlog.oldest else ""
        yield Run(f" pending {backlog.due:,}{oldest} · sent today {backlog.sent:,}")
        if backlog.held and backlog.held_until:
            until = local_time(backlog.held_until, look.zone)
            yield Run(f"\nHeld back by quiet hours or limits: {backlog.held:,}, until {until}")
        if backlog.failed:
            yield Run(f"\nDid not arrive: {backlog.failed:,}")
            yield Run(" (/failed)" if look.seen else "; whoever looks after Newsbell can send them")
        if look.held_until:
            rest = about(look.held_until - look.now)
            yield Run(f"\nTelegram asks to leave this chat alone: {rest} left")
        yield Run("\n")
        yield Run("Last alert", ("b",))
        last = look.last
        if last is None:
            yield Run(" none yet")
            return
        took = about(last.sent_at - last.decided_at)
        came = about(last.decided_at - last.published_at)
        yield Run(f" {local_time(last.sent_at, look.zone)}, {took} after it was found, ")
        yield Run(f"which was {came} after publication\n")
        yield from line(last.title, _LONGEST_TITLE) or (Run(NO_TITLE),)

    def _all(self, look: _Look) -> Iterator[Run]:
        """Yield what concerns no single chat."""
        seen = look.seen
        assert seen is not None, "it was looked at"
        yield from _held(seen, look.now)
        doubts = seen.doubts
        if doubts.doubts:
            yield Run("\n")
            yield Run("In doubt", ("b",))
            lost = "answer of Telegram was" if doubts.doubts == 1 else "answers of Telegram were"
            yield Run(f" {doubts.doubts:,} {lost} lost: {doubts.found:,} found ")
            yield Run(f"delivered, {doubts.sent_again:,} sent again")
        yield Run("\n")
        yield Run("Feeds", ("b",))
        fine = seen.feeds - seen.failing - seen.unpolled
        yield Run(f" {fine:,} ok · {seen.failing:,} failing")
        yield Run(f" · {seen.unpolled:,} not polled yet" if seen.unpolled else "")
        yield Run(" (/feeds)" if seen.failing else "")
        if seen.trouble:
            yield Run("\n")
            yield from line(seen.trouble.why, _LONGEST_WHY)
        if seen.refusal:
            since = local_time(seen.refusal.since, look.zone)
            yield Run("\n")
            yield Run("rules.yaml is broken", ("b",))
            yield Run(f" since {since}; the last good rules stay in force\n")
            yield from line(seen.refusal.why, _LONGEST_WHY)
        yield Run("\n")
        yield Run("Version", ("b",))
        digest = self.in_force.book.rulebook.digest[:_DIGITS]
        yield Run(f" Newsbell {self.version} · rules.yaml {digest}")


def _held(seen: Overview, now: datetime) -> Iterator[Run]:
    """Yield which chats Telegram asks to leave alone, and how long still."""
    if not seen.holds:
        return
    yield Run("\n")
    yield Run("Held chats", ("b",))
    yield Run(f" {len(seen.holds)}: ")
    latest = sorted(seen.holds.items(), key=lambda each: each[1])
    for place, (peer, until) in enumerate(latest[:_MOST_HELD]):
        yield Run(", " if place else "")
        yield from line("all of Telegram" if peer == EVERYWHERE else peer, _LONGEST_CHAT)
        yield Run(f" ({about(until - now)} left)")
    yield Run(" …" if len(latest) > _MOST_HELD else "")


def _rules(rules: Sequence[Rule]) -> Iterator[Run]:
    paused = sum(rule.paused for rule in rules)
    yield Run("\n")
    yield Run("Rules", ("b",))
    yield Run(f" {len(rules) - paused:,} on · {paused:,} paused")


def _more(person: Person) -> Iterator[Run]:
    if person.role is Role.ADMIN:
        yield Run("\nHow all of Newsbell does, I tell you in our own chat.")
