"""`/editrule`, `/pause` and `/resume`: a rule is changed in a talk, or with a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.pipeline.dialogs import PATIENCE, Dialog
from monitors.rules.editing.edits import Edit, Option, PauseRule, RenameRule, SetOption
from monitors.rules.editing.planning import MAX_NAME
from monitors.rules.rulebook import Priority, Rule
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import (
    Person,
    asking,
    called,
    changeable,
    concerning,
    key_of,
    may_change,
    meant,
    pointed_at,
    pressing,
)
from monitors.talking.rules_talk.drafting import Draft, Drafts, Step
from monitors.talking.rules_talk.hushing import LONGEST, Hush, timed
from monitors.talking.rules_talk.proposing import EDITING
from monitors.talking.showing.wording import CONDITION_UNITS, code, line, named, said

PAGES = "rules"
"""What the data of buttons begins with that show a page of the rules."""
_VERB = "change"
_MOST_LISTED = 20
_LABEL = 30  # characters
_RENAME = "rename"
_NO_RULE = "There is no such rule here.\n"
_NONE = {
    "editrule": "There is no rule here that you can change. /addrule makes one.",
    "pause": "There is no rule here that you can pause.",
    "resume": "No rule that you can change is paused here.",
}
_OFFERED = (
    Command(
        name="editrule",
        does="Change a rule",
        example="/editrule AUKUS Pillar 2",
        needs=Role.OWNER,
        is_slow=True,
    ),
    Command(
        name="pause",
        does="Let a rule find nothing, or not ring for a while",
        example="/pause AUKUS Pillar 2 2h",
        needs=Role.OWNER,
    ),
    Command(
        name="resume",
        does="Let a paused rule go on",
        example="/resume AUKUS Pillar 2",
        needs=Role.OWNER,
    ),
)
_ACTS = {"editrule": "open", "pause": "pause", "resume": "resume"}


@dataclass(slots=True)
class RuleChanger(Commands):
    """Answers `/editrule`, `/pause` and `/resume`.

    Attributes:
        drafts: talks about conditions.
        hush: has rules not ring for a while.
    """

    drafts: Drafts
    hush: Hush

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.OWNER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Change the rule that was named, or ask which one is meant."""
        person, book = asking(asked), self.drafts.in_force.book
        rules = changeable(book, person)
        if asked.rest:
            named_so = said(asked.rest)
            rule = meant(concerning(book, person), named_so)
            if rule is None and asked.command == "pause" and (wanted := timed(named_so)):
                return await self._hushed(person, *wanted)
            if rule and asked.command == "resume" and await self.hush.end(person, rule):
                return Answer(runs=(*named(rule.name), Run(" rings again.")))
            if rule is None:
                return self._which(rules, asked.command, Run(_NO_RULE))
            if not may_change(book, person, rule):
                return Answer(runs=(Run(refusal(Role.ADMIN, person.user)),))
            return (await self._does(_ACTS[asked.command], person, rule)).answer
        return self._which(rules, asked.command)

    async def _hushed(self, person: Person, name: str, duration: timedelta) -> Answer:
        """Have a rule not ring for a while, here; nothing of that is in rules.yaml."""
        book = self.drafts.in_force.book
        rule = meant(concerning(book, person), name)
        if rule is None:
            return self._which(changeable(book, person), "pause", Run(_NO_RULE))
        if duration > LONGEST:
            days = f"At most {LONGEST.days} days. Without a time, it is paused until you resume it."
            return Answer(runs=(Run(days),))
        until = await self.hush.begin(person, rule, duration)
        assert until, "a rule that concerns the chat tells it, or an administrator asks"
        when = local_time(until, book.zone)
        where = self.hush.where(person, rule)
        end = f" does not ring {where} until {when}. What it finds meanwhile is not told later."
        button = Button("Undo", _data("hear", rule))
        return Answer(runs=(*named(rule.name), Run(end)), rows=((button,),))

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do what a button offers for a rule."""
        person = pressing(pressed, role)
        _, act, key, hint = f"{pressed.data}:::".split(":")[:4]
        rule = pointed_at(concerning(self.drafts.in_force.book, person), key, hint)
        if rule is None:
            return Reaction(toast=OLD_BUTTON)
        if act == "hear":
            ended = await self.hush.end(person, rule)
            return Reaction(toast="It rings again." if ended else "It is not muted any more.")
        if not may_change(self.drafts.in_force.book, person, rule):
            return Reaction(toast=refusal(Role.ADMIN, person.user))
        return await self._does(act, person, rule)

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Answer what somebody says who is asked what a rule shall be."""
        if dialog.step != _RENAME:
            return await self.drafts.go_on(asked, dialog)
        person = asking(asked)
        if not person.place.is_private and asked.said.reply_to is None:
            return None
        book = self.drafts.in_force.book
        rule = called(book.rulebook.rules, dialog.state)
        if rule is None or not may_change(book, person, rule):
            await self.drafts.end(person)
            return Answer(runs=(Run(refusal(Role.ADMIN, person.user)),))
        name = said(asked.rest)[: MAX_NAME + 1]
        return await self.drafts.proposals.ask(RenameRule(rule=rule.name, name=name), person)

    async def begin(self, person: Person, rule: Rule) -> Answer:
        """Ask what is to become of *rule*, which *person* may change."""
        await self._opens(person, Step.CONDITION.value, Draft(rule=rule.name).text)
        ask = "Answer this message with the new condition, or press. /cancel ends this."
        return Answer(
            runs=(
                *named(rule.name),
                Run("\n"),
                *code(rule.match, CONDITION_UNITS),
                Run(f"\n{ask}"),
            ),
            rows=_rows(rule),
        )

    async def _does(self, act: str, person: Person, rule: Rule) -> Reaction:
        edit: Edit | None = None
        match act:
            case "open":
                return Reaction(answer=await self.begin(person, rule))
            case "name":
                await self._opens(person, _RENAME, rule.name)
                ask = "What shall it be called? Answer this message. /cancel ends this."
                runs = (*named(rule.name), Run(f"\n{ask}"))
                return Reaction(answer=Answer(runs=runs))
            case "urgent" | "normal":
                value = Priority.HIGH.value if act == "urgent" else None
                edit = SetOption(rule=rule.name, key=Option.PRIORITY, value=value)
            case "pause" | "resume":
                edit = PauseRule(rule=rule.name, paused=act == "pause")
        if edit is None:
            return Reaction(toast=OLD_BUTTON)
        return Reaction(answer=await self.drafts.proposals.ask(edit, person))

    async def _opens(self, person: Person, step: str, state: str) -> None:
        dialog = Dialog(command=EDITING, step=step, state=state)
        place, until = person.place.key, self.drafts.clock() + PATIENCE
        await self.drafts.store.write(
            lambda ledger: ledger.dialogs.open(place, person.user, dialog, until)
        )

    def _which(self, rules: Sequence[Rule], command: str, *before: Run) -> Answer:
        if command != "editrule":
            rules = [rule for rule in rules if rule.paused == (command == "resume")]
        if not rules:
            return Answer(runs=(*before, Run(_NONE[command])))
        act, shown = _ACTS[command], rules[:_MOST_LISTED]
        rest = len(rules) - len(shown)
        more = f" There are {rest:,} more." if rest else ""
        ask = f"Which rule? Press it, or write /{command} and its name.{more}"
        rows = tuple((Button(_label(rule), _data(act, rule)),) for rule in shown)
        if rest:
            rows = (*rows, (Button("All rules", f"{PAGES}:0"),))
        return Answer(runs=(*before, Run(ask)), rows=rows)


def _rows(rule: Rule) -> Rows:
    urgent = rule.priority is Priority.HIGH
    return (
        (
            Button("Name", _data("name", rule)),
            Button("Normal", _data("normal", rule))
            if urgent
            else Button("Urgent", _data("urgent", rule)),
            Button("Resume", _data("resume", rule))
            if rule.paused
            else Button("Pause", _data("pause", rule)),
        ),
    )


def _data(act: str, rule: Rule) -> str:
    return f"{_VERB}:{act}:{key_of(rule.name)}"


def _label(rule: Rule) -> str:
    return "".join(run.text for run in line(rule.name, _LABEL))
