"""`/rules`: the rules of a chat, page by page, and a card for each with what can be done."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import Held
from monitors.rules.editing.edits import PauseRule, RemoveRule
from monitors.rules.rulebook import Priority, Rule
from monitors.stories.article import Article
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import (
    Person,
    asking,
    concerning,
    key_of,
    may_change,
    pointed_at,
    pressing,
    sees_all,
)
from monitors.talking.rules_talk.editing_rules import PAGES, RuleChanger
from monitors.talking.rules_talk.previews import findings, meaning, report
from monitors.talking.rules_talk.proposing import Proposals
from monitors.talking.rules_talk.trial import AT_A_PRESS, WINDOW, Trial
from monitors.talking.showing.wording import CONDITION_UNITS, code, line, named

_PAGE = 8
_PAGE_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_IN_ROW = 4
_CONDITION_SHOWN = 120
_CHATS_SHOWN, _CHAT_UNITS = 4, 40
_LONG_AGO = timedelta(days=366)
_COUNTED = 300
_CARD = "rule"
_NONE = "No rule tells this chat. /addrule makes one."
_OFFERED = (
    Command(
        name="rules",
        does="The rules that tell this chat",
        example="/rules",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class RulesList(Commands):
    """Answers `/rules`.

    Attributes:
        trial: tries rules over the stored articles.
        proposals: shows what a button would write into rules.yaml.
        changer: has rules changed.
    """

    in_force: InForce
    store: Store
    clock: Clock
    trial: Trial
    proposals: Proposals
    changer: RuleChanger

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with; what changes a rule asks for more."""
        return {PAGES: Role.READER, _CARD: Role.READER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer the first page."""
        return await self.page(asking(asked), 0)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Turn to a page, open a card, or do what a card offers."""
        person = pressing(pressed, role)
        verb, act, key, hint = f"{pressed.data}:::".split(":")[:4]
        if verb == PAGES:
            is_page = _PAGE_NUMBER.fullmatch(act)
            page = await self.page(person, int(act), edits=pressed.message) if is_page else None
            return Reaction(answer=page, toast="" if page else OLD_BUTTON)
        rules = concerning(self.in_force.book, person)
        rule = pointed_at(rules, key, hint)
        if rule is None:
            return Reaction(toast=OLD_BUTTON)
        if act == "card":
            return Reaction(answer=await self._card(person, rule, pressed.message))
        if act == "try":
            return Reaction(answer=await self._tried(rule))
        return await self._changed(person, rule, act)

    async def _changed(self, person: Person, rule: Rule, act: str) -> Reaction:
        """Propose what a button would change, if *person* may change the rule."""
        if not may_change(self.in_force.book, person, rule):
            needed = Role.ADMIN if person.role is Role.OWNER else Role.OWNER
            return Reaction(toast=refusal(needed, person.user))
        match act:
            case "pause" | "resume":
                edit = PauseRule(rule=rule.name, paused=act == "pause")
                answer = await self.proposals.ask(edit, person)
            case "delete":
                head = "Delete this rule? What it has told stays. This changes:"
                answer = await self.proposals.ask(RemoveRule(rule=rule.name), person, head=head)
            case "edit":
                answer = await self.changer.begin(person, rule)
            case _:
                return Reaction(toast=OLD_BUTTON)
        return Reaction(answer=answer)

    async def page(self, person: Person, number: int, *, edits: str | None = None) -> Answer:
        """Answer a page of the rules that concern the chat."""
        rules = concerning(self.in_force.book, person)
        if not rules:
            return Answer(runs=(Run(_NONE),), edits=edits)
        pages = -(-len(rules) // _PAGE)
        number = min(number, pages - 1)
        first = number * _PAGE
        shown = rules[first : first + _PAGE]
        since = self.clock() - WINDOW

        def work(ledger: Ledger) -> list[tuple[Held, str]]:
            return [
                (_held(ledger, rule, since), self._muted(ledger, person, rule)) for rule in shown
            ]

        held = await self.store.write(work)
        range_ = f" {first + 1}\u2013{first + len(shown)} of {len(rules):,}" if pages > 1 else ""
        runs: list[Run] = [Run("Rules", ("b",)), Run(range_)]
        for place, (rule, (one, muted)) in enumerate(zip(shown, held, strict=True), first + 1):
            runs += (Run(f"\n\n{place}. "), *_line(rule, one, muted, with_chats=sees_all(person)))
        return Answer(runs=tuple(runs), rows=_buttons(rules, first, number, pages), edits=edits)

    def _muted(self, ledger: Ledger, person: Person, rule: Rule) -> str:
        until = self.changer.hush.until(ledger, person, rule)
        zone = self.in_force.book.zone
        return f" · muted until {local_time(until, zone)}" if until else ""

    async def _card(self, person: Person, rule: Rule, edits: str | None) -> Answer:
        since = self.clock() - WINDOW

        def work(ledger: Ledger) -> tuple[Held, str, Article | None]:
            latest = _held(ledger, rule, since - _LONG_AGO).latest
            articles = ledger.stories.articles(latest[0]) if latest else ()
            held = [one.article for one in articles if rule.name in one.evidence]
            muted = self._muted(ledger, person, rule)
            return _held(ledger, rule, since), muted, held[-1] if held else None

        lately, muted, last = await self.store.write(work)
        book = self.in_force.book
        runs: list[Run] = [*named(rule.name), Run(f"\n{_state(rule)}{muted}\n")]
        runs += code(rule.match, CONDITION_UNITS)
        runs += meaning(rule.match, rule.condition, book.rulebook.entities, CONDITION_UNITS)
        runs += (Run("\nTells: "), *_chats(rule))
        if rule.feeds is not None:
            runs.append(Run(f"\nWatches {len(rule.feeds):,} of {len(book.feeds):,} feeds"))
        runs.append(Run(f"\n{_lately(lately)}"))
        if last:
            when = local_time(last.seen_at, book.zone)
            runs += (Run(f"\nLast, {when}: "), *report(last))
        return Answer(runs=tuple(runs), rows=self._card_buttons(person, rule), edits=edits)

    def _card_buttons(self, person: Person, rule: Rule) -> Rows:
        book = self.in_force.book
        rules = concerning(book, person)
        place = rules.index(rule)

        def button(label: str, act: str) -> Button:
            return Button(label, f"{_CARD}:{act}:{key_of(rule.name)}:{place}")

        beneath = (
            button(f"Try {WINDOW.days} days", "try"),
            Button("Back", f"{PAGES}:{place // _PAGE}"),
        )
        if not may_change(book, person, rule):
            return (beneath,)
        pause = button("Resume", "resume") if rule.paused else button("Pause", "pause")
        return ((pause, button("Edit", "edit"), button("Delete", "delete")), beneath)

    async def _tried(self, rule: Rule) -> Answer:
        found = await self.trial.understand(rule.match)
        assert not isinstance(found, Problem), "it is in force"
        tried = await self.trial.of(found, AT_A_PRESS)
        note = " (of all feeds)" if rule.feeds is not None else ""
        return Answer(
            runs=(*named(rule.name), Run(f"{note}\n"), *findings(tried, WINDOW.days)),
        )


def _held(ledger: Ledger, rule: Rule, since: datetime) -> Held:
    return ledger.stories.held(rule.name, since=since, lately=since)


def _line(rule: Rule, held: Held, muted: str, *, with_chats: bool) -> Sequence[Run]:
    runs = [*named(rule.name), Run(f"\n{_state(rule)}{muted} · {_lately(held)}")]
    if rule.match != rule.name:
        runs += (Run("\n"), *code(rule.match, _CONDITION_SHOWN))
    if with_chats:
        runs += (Run("\n→ "), *_chats(rule))
    return runs


def _state(rule: Rule) -> str:
    priority = " · high priority" if rule.priority is Priority.HIGH else ""
    return f"{'⏸ paused' if rule.paused else 'on'}{priority}"


def _lately(held: Held) -> str:
    many = f"{held.stories}{'+' if held.stories >= _COUNTED else ''}"
    return f"{many} {'story' if held.stories == 1 else 'stories'} in {WINDOW.days} days"


def _chats(rule: Rule) -> tuple[Run, ...]:
    runs: list[Run] = []
    for name in rule.send_to[:_CHATS_SHOWN]:
        runs += (*((Run(", "),) if runs else ()), *line(name, _CHAT_UNITS))
    rest = len(rule.send_to) - _CHATS_SHOWN
    return (*runs, Run(f" and {rest} more")) if rest > 0 else tuple(runs)


def _buttons(rules: Sequence[Rule], first: int, number: int, pages: int) -> Rows:
    cards = [
        Button(str(place + 1), f"{_CARD}:card:{key_of(rules[place].name)}:{place}")
        for place in range(first, min(first + _PAGE, len(rules)))
    ]
    rows = [tuple(cards[start : start + _IN_ROW]) for start in range(0, len(cards), _IN_ROW)]
    turning = []
    if number > 0:
        turning.append(Button("◂", f"{PAGES}:{number - 1}"))
    if number < pages - 1:
        turning.append(Button("▸", f"{PAGES}:{number + 1}"))
    return (*rows, tuple(turning)) if turning else tuple(rows)
