"""The talk about a condition: how it is understood, what it would find, and whether it is saved."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.language.problems import Problem
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.dialogs import PATIENCE, Dialog
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.rules.editing.edits import AddChat, AddRule, ReplaceMatch
from monitors.rules.editing.planning import MAX_NAME
from monitors.rules.rulebook import ChatName
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows
from monitors.talking.command import Asked, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, chats_at, refusal
from monitors.talking.rules_talk.belonging import (
    Person,
    asking,
    called,
    key_of,
    may_change,
    pressing,
)
from monitors.talking.rules_talk.headline import condition_of, is_headline, words_of
from monitors.talking.rules_talk.previews import findings, meaning
from monitors.talking.rules_talk.proposing import ADDING, EDITING, Proposals
from monitors.talking.rules_talk.trial import WINDOW, Trial, Understood
from monitors.talking.showing.wording import CONDITION_UNITS, code, mistake, named, said

_VERB = "draft"
_REPLY = "Answer this message"
_LOOK_FOR = (
    f"What do you look for? {_REPLY} with words, a condition or a headline. For example:\n"
    'AUKUS AND ("Pillar 2" OR "Pillar II") NOT tax\n/cancel ends this.'
)
_NAME = f"What shall it be called? {_REPLY} with a name. /cancel ends this."
_AGAIN = f"{_REPLY} with the condition as it should be. /cancel ends this. It was:\n"
_CANCELLED = "Cancelled: nothing was changed."
_NO_CHAT = (
    "This chat is not in rules.yaml, so no alerts can come here yet. Somebody who looks after "
    "this Newsbell can add it, with /addrule here."
)
_ADD_CHAT = (
    "This chat is not in rules.yaml, so no alerts can come here yet: press Send alerts here first."
)
_GONE = (
    "That rule is not there any more, or is of other chats, too. /rules shows those of this one."
)


class Step(Enum):
    """What somebody is asked for."""

    CONDITION = "condition"
    NAME = "name"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule that somebody is making or changing.

    Attributes:
        match: its condition, once there is one.
        name: that it is to have, if another than its condition.
        rule: name of the rule that it changes; None for a new one.
    """

    match: str = ""
    name: str | None = None
    rule: str | None = None

    @property
    def command(self) -> str:
        """The command that has begun the talk."""
        return ADDING if self.rule is None else EDITING

    @property
    def text(self) -> str:
        """The draft, as a dialog remembers it."""
        return json.dumps(asdict(self))

    @property
    def key(self) -> str:
        """What buttons call it, so that old ones do not save what came later."""
        return key_of(self.text)


@dataclass(slots=True)
class Drafts(Commands):
    """Talks about conditions until they are saved.

    Attributes:
        trial: understands and tries them.
        proposals: shows what is written into rules.yaml.
    """

    trial: Trial
    proposals: Proposals
    in_force: InForce
    store: Store
    clock: Clock

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.OWNER}

    async def begin(self, person: Person, draft: Draft, text: str) -> Answer:
        """Answer what a talk begins with; *text* is the condition, if it was said already."""
        if text:
            return await self._understood(person, draft, text)
        return await self._asks(person, draft, Step.CONDITION, (Run(_LOOK_FOR),))

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Answer what somebody says in such a talk."""
        person, draft, text = asking(asked), _read(dialog.state), asked.rest
        if not person.place.is_private and asked.said.reply_to is None:
            return None  # people of a group talk among themselves, too
        if refused := self._refused(person, draft):
            await self.end(person)
            return refused
        if dialog.step == Step.NAME.value:
            return await self._named(person, draft, text)
        word = text.casefold().strip(" .!")
        if dialog.step == Step.CONFIRM.value and word in ("yes", *_words(draft)):
            act = {"yes": "save"}.get(word, word)
            if answer := (await self._does(act, person, draft, None)).answer:
                return answer
        return await self._understood(person, draft, text)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do what a button under a preview is for; only who was asked may press it."""
        person = pressing(pressed, role)
        _, act, key = f"{pressed.data}::".split(":")[:3]
        now, place = self.clock(), person.place.key
        # Who stays anonymous writes in the name of the group, and presses in their own.
        for speaker in (person, replace(person, user=person.place.chat)):
            user = speaker.user
            dialog = await self.store.write(partial(_dialog, place=place, user=user, now=now))
            if dialog and _read(dialog.state).key == key:
                person, draft = speaker, _read(dialog.state)
                break
        else:
            return Reaction(toast=OLD_BUTTON)
        if refused := self._refused(person, draft):
            return Reaction(toast=refused.text)
        return await self._does(act, person, draft, pressed.message)

    async def end(self, person: Person) -> bool:
        """Forget what *person* is asked; answer whether there was something."""
        place = person.place.key
        return await self.store.write(lambda ledger: ledger.dialogs.close(place, person.user))

    async def _does(self, act: str, person: Person, draft: Draft, message: str | None) -> Reaction:
        match act:
            case "save":
                return await self._saved(person, draft)
            case "name" if draft.rule is None:
                runs: tuple[Run, ...] = (Run(_NAME),)
                return Reaction(answer=await self._asks(person, draft, Step.NAME, runs))
            case "change":
                runs = (Run(_AGAIN), *code(draft.match, CONDITION_UNITS))
                return Reaction(answer=await self._asks(person, draft, Step.CONDITION, runs))
            case "here" if person.role is Role.ADMIN:
                edit = AddChat(
                    name=_free_name(self.in_force.book, person),
                    chat_id=person.place.chat,
                    topic=person.place.topic,
                )
                head = "Then alerts come here, and the rule can be saved. This is added:"
                return Reaction(answer=await self.proposals.ask(edit, person, head=head))
            case "cancel":
                await self.end(person)
                return Reaction(
                    toast="Cancelled.", answer=Answer(runs=(Run(_CANCELLED),), edits=message)
                )
            case _:
                return Reaction(toast=OLD_BUTTON)

    async def _saved(self, person: Person, draft: Draft) -> Reaction:
        if draft.rule is not None:
            edit: AddRule | ReplaceMatch = ReplaceMatch(rule=draft.rule, match=draft.match)
        else:
            here = chats_at(self.in_force.book, person.place, everywhere=False)
            if not here:
                lost = _ADD_CHAT if person.role is Role.ADMIN else _NO_CHAT
                return Reaction(answer=Answer(runs=(Run(lost),), rows=_rows(draft, person, ())))
            edit = AddRule(match=draft.match, name=draft.name, send_to=(str(here[0].name),))
        return Reaction(answer=await self.proposals.ask(edit, person))

    async def _named(self, person: Person, draft: Draft, text: str) -> Answer:
        name = said(text)
        if not name or len(name) > MAX_NAME:
            runs: tuple[Run, ...] = (Run(f"A name has from 1 to {MAX_NAME} characters. {_NAME}"),)
            return await self._asks(person, draft, Step.NAME, runs)
        if called(self.in_force.book.rulebook.rules, name):
            runs = (Run("There is a rule called "), *named(name), Run(f" already. {_NAME}"))
            return await self._asks(person, draft, Step.NAME, runs)
        draft = replace(draft, name=name)
        runs = (*named(name), Run("\n"), *code(draft.match, CONDITION_UNITS))
        return await self._confirms(person, draft, runs)

    async def _understood(self, person: Person, draft: Draft, text: str) -> Answer:
        """Answer how a condition is understood and what it finds, or what is wrong with it."""
        text = said(text)
        note: tuple[Run, ...] = ()
        if is_headline(text) and (telling := await self._telling(text)):
            text = telling
            note = (Run("That reads like a headline, so I took the words that tell it:\n"),)
        found = await self.trial.understand(text)
        if isinstance(found, Problem):
            again = f"\n{_REPLY} with the condition once more. /cancel ends this."
            runs = (Run("That cannot be understood:\n"), *mistake(found, text), Run(again))
            return await self._asks(person, draft, Step.CONDITION, runs)
        draft = replace(draft, match=text)
        tried = await self.trial.of(found)
        runs = (*note, *_head(found, draft), Run("\n"), *findings(tried, WINDOW.days))
        return await self._confirms(person, draft, runs)

    async def _telling(self, text: str) -> str | None:
        """Answer a condition of the words of a headline that few articles have."""
        since, words = self.clock() - WINDOW, words_of(text)

        def work(ledger: Ledger) -> tuple[Mapping[str, int], int]:
            return ledger.search.word_counts(words), ledger.search.count(since)

        return condition_of(text, *await self.trial.archive.look(work))

    async def _confirms(self, person: Person, draft: Draft, runs: tuple[Run, ...]) -> Answer:
        here = chats_at(self.in_force.book, person.place, everywhere=False)
        is_lost = draft.rule is None and not here
        lost = _ADD_CHAT if person.role is Role.ADMIN else _NO_CHAT
        end = f"\n{lost}" if is_lost else ""
        ask = f"\n{_REPLY} with another condition, or with: {', '.join(_words(draft))}."
        rows = _rows(draft, person, tuple(chat.name for chat in here))
        return await self._asks(person, draft, Step.CONFIRM, (*runs, Run(f"{end}{ask}")), rows)

    async def _asks(
        self, person: Person, draft: Draft, step: Step, runs: tuple[Run, ...], rows: Rows = ()
    ) -> Answer:
        """Answer *runs*, and remember what is asked for."""
        dialog = Dialog(command=draft.command, step=step.value, state=draft.text)
        place, until = person.place.key, self.clock() + PATIENCE
        await self.store.write(lambda each: each.dialogs.open(place, person.user, dialog, until))
        return Answer(runs=runs, rows=rows)

    def _refused(self, person: Person, draft: Draft) -> Answer | None:
        """Answer why *person* may not go on, if that is so."""
        if person.role < Role.OWNER:
            return Answer(runs=(Run(refusal(Role.OWNER, person.user)),))
        if draft.rule is None:
            return None
        book = self.in_force.book
        rule = called(book.rulebook.rules, draft.rule)
        if rule and may_change(book, person, rule):
            return None
        return Answer(runs=(Run(_GONE),))


def _words(draft: Draft) -> tuple[str, ...]:
    """Answer what can be said instead of pressing a button."""
    named = ("name",) if draft.rule is None else ()
    return ("save", *named, "change", "cancel")


def _head(found: Understood, draft: Draft) -> tuple[Run, ...]:
    title = draft.rule or draft.name
    return (
        *((*named(title), Run("\n")) if title else ()),
        *code(found.text, CONDITION_UNITS),
        *meaning(found.text, found.condition, found.entities, CONDITION_UNITS),
    )


def _rows(draft: Draft, person: Person, here: tuple[ChatName, ...]) -> Rows:
    def button(label: str, act: str) -> Button:
        return Button(label, f"{_VERB}:{act}:{draft.key}")

    change, cancel = button("Change", "change"), button("Cancel", "cancel")
    if draft.rule is not None:
        return ((button("Save", "save"), change, cancel),)
    name = button("Name it", "name")
    if here:
        return ((button("Save", "save"), name), (change, cancel))
    if person.role is Role.ADMIN:
        return ((button("Send alerts here", "here"),), (button("Save", "save"), name, cancel))
    return ((change, cancel),)


def _dialog(ledger: Ledger, place: str, user: str, now: datetime) -> Dialog | None:
    """Answer the talk about a rule that *user* has at *place*."""
    found = ledger.dialogs.at(place, user, now)
    return found if found and found.command in (ADDING, EDITING) else None


def _read(state: str) -> Draft:
    read = json.loads(state)
    return Draft(match=read.get("match", ""), name=read.get("name"), rule=read.get("rule"))


def _free_name(book: Book, person: Person) -> str:
    """Answer what the chat where *person* is can be called in rules.yaml."""
    place = person.place
    wanted = (place.name or "").removeprefix("@")
    wanted = wanted or (person.name if place.is_private else "group")
    name = "".join(char if char.isalnum() else "-" for char in wanted.lower())[:32].strip("-")
    name = name or "chat"
    names = (name, *(f"{name}-{number}" for number in range(2, len(book.chats) + 3)))
    return next(each for each in names if each not in book.chats)
