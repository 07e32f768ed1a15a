"""`/last`: what this chat was told, or was not, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitors.alerts.showing.markup import Run, opening_link
from monitors.alerts.showing.presentable import NO_TITLE, OUTLET_LIMIT, local_time, web_link
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger
from monitors.pipeline.records import AlertRow, Kind, State
from monitors.pipeline.telling.muting import Silenced
from monitors.rules.rulebook import Rule
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, chats_at
from monitors.talking.rules_talk.belonging import (
    Person,
    asking,
    concerning,
    key_of,
    meant,
    pointed_at,
    pressing,
)
from monitors.talking.rules_talk.trial import Archive
from monitors.talking.showing.paging import page_beyond, page_number, turning
from monitors.talking.showing.wording import joined, line, named, said

_VERB = "last"
_SIZE = 5
_MOST_PAGES = 40
_MOST = _SIZE * (_MOST_PAGES + 1)
_MAX_LINK = 500
_TITLE_UNITS, _RULE_UNITS, _WHY_UNITS, _RULES_SHOWN = 140, 60, 120, 3
_NO_CHAT = "This chat is not in rules.yaml, so it was told nothing."
_FAILED = (State.DEAD, State.PARKED, State.DOUBT)
_OFFERED = (
    Command(
        name="last",
        does="The last alerts of this chat, also those held back",
        example="/last, or /last and the name of a rule",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class Recaller(Commands):
    """Answers `/last`.

    Attributes:
        archive: the store, looked into beside the event loop.
    """

    in_force: InForce
    archive: Archive
    clock: Clock

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.READER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer the newest alerts."""
        person, words = asking(asked), said(asked.rest)
        rule = meant(concerning(self.in_force.book, person), words) if words else None
        if words and rule is None:
            return Answer(runs=(Run("No rule here is called "), *named(words), Run(". /rules")))
        return await self._page(person, rule, 0)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Turn to a page."""
        person = pressing(pressed, role)
        _, number, key = f"{pressed.data}::".split(":")[:3]
        page = page_number(number)
        rule = pointed_at(concerning(self.in_force.book, person), key, "") if key else None
        if page is None or page >= _MOST_PAGES or (key and rule is None):
            return Reaction(toast=OLD_BUTTON)
        return Reaction(answer=await self._page(person, rule, page, edits=pressed.message))

    async def _page(
        self, person: Person, rule: Rule | None, number: int, *, edits: str | None = None
    ) -> Answer:
        book, now = self.in_force.book, self.clock()
        chats = chats_at(book, person.place, everywhere=False)
        if not chats:
            return plain(_NO_CHAT)
        names = [str(chat.name) for chat in chats]
        only = str(rule.name) if rule else None

        first = number * _SIZE

        def work(ledger: Ledger) -> Sequence[AlertRow | Silenced]:
            rows = ledger.alerts.of_chats(names, first + _SIZE + 1, rule=only)
            muted = ledger.mutes.silenced(_MOST, chats=names)
            concerned = (row for row in muted if only is None or only in row.content.rules)
            both: list[AlertRow | Silenced] = [*rows, *concerned]
            return sorted(both, key=_when, reverse=True)[first : first + _SIZE + 1]

        page = page_beyond(await self.archive.look(work), number, _SIZE)
        zone = chats[0].timezone or book.zone
        runs = [Run("Last alerts", ("b",)), Run(page.range)]
        if rule:
            runs += (Run(" of "), *named(rule.name))
        for row in page.rows:
            runs += (Run("\n\n"), *_line(row, zone, now))
        if not page.rows:
            runs.append(Run("\n\nNone." if number == 0 else "\n\nNo more."))
        turns = turning(page, _VERB, f":{key_of(rule.name) if rule else ''}")
        return Answer(runs=tuple(runs), rows=(turns,) if turns else (), edits=edits)


def _when(row: AlertRow | Silenced) -> datetime:
    return row.at if isinstance(row, Silenced) else row.decided_at


def _line(row: AlertRow | Silenced, zone: tzinfo, now: datetime) -> tuple[Run, ...]:
    """Answer an alert in two lines: when, what, who, for which rules, and what became of it."""
    content = row.content
    link = web_link(content.link)
    tags = opening_link(link if link and len(link) <= _MAX_LINK else None)
    title = line(content.headline.text, _TITLE_UNITS, *tags) or (Run(NO_TITLE, tags),)
    at = local_time(_when(row), zone)
    is_reply = isinstance(row, AlertRow) and row.kind is Kind.REPLY
    reply = "↳ " if is_reply else ""
    runs = [Run(f"{at} {reply}"), *title, Run(" "), *line(content.outlet, OUTLET_LIMIT, "i")]
    if others := len(content.others):
        runs.append(Run(f" +{others}"))
    rules = (line(name, _RULE_UNITS) for name in content.rules[:_RULES_SHOWN])
    runs += (Run("\n"), *joined(rules, ", "))
    became = fate(row, zone, now)
    return (*runs, Run(" "), *line(became, _WHY_UNITS, "b")) if became else tuple(runs)


def fate(  # noqa: PLR0911 -- one for each end
    row: AlertRow | Silenced, zone: tzinfo, now: datetime
) -> str:
    """Answer what became of an alert, for people; empty where it simply arrived."""
    if isinstance(row, Silenced):
        return f"🔕 {row.why}"
    why = f": {row.why}" if row.why else ""
    if row.digest is not None and row.state not in {*_FAILED, State.DROPPED}:
        return "🗞 in a digest" if row.state is State.SENT else "⏳ on its way, in a digest"
    if row.state is State.SENT:
        return ""
    if row.state in _FAILED:
        return f"⚠️ {'not sure whether it arrived' if row.state is State.DOUBT else 'failed'}{why}"
    if row.state is State.DROPPED:
        return f"🔕 not sent{why}"
    if row.state is State.PENDING and row.due_at > now:
        until = local_time(row.due_at, zone)
        return f"🕗 held until {until}{why}"
    return f"⏳ on its way{why if row.state is State.PENDING and row.attempts else ''}"
