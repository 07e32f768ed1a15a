"""`/start`: what the bot is, what this chat is to it, and what to do next; also by deep link."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.markup import Run
from monitors.pipeline.book import InForce
from monitors.rules.editing.edits import AddChat
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Admitted, Place, Pressed
from monitors.talking.minding.here import chats_here, named_all, names_of, number_of
from monitors.talking.minding.offers import Offers
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import Person, asking, pressing
from monitors.talking.rules_talk.proposing import Proposals

_VERB = "start"
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_RULE = re.compile(r"rule_([0-9a-f]{12})", re.ASCII)
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_LONGEST_NAME = 40
_NEXT = {"addfeed": "Add a feed", "addrule": "Add a rule", "help": "Help"}
_NO_RULE = "There is no such rule here. /rules lists those that tell this chat."
_THERE_ALREADY = "rules.yaml has this chat already."
_WHAT = (
    "Newsbell reads feeds and tells of what you look for.\n"
    "A rule such as <AUKUS AND submarine> says what that is.\n"
    "Each story is one message, which grows while others report it too."
)
_ASK = "Whoever looks after this Newsbell can have alerts sent here: they write /start here."
_RIGHTS = {
    Role.ADMIN: "You look after this Newsbell: you may change everything.",
    Role.OWNER: "You look after this chat: you may change the rules that tell it alone.",
    Role.READER: "You may read and ask here; who looks after the chat changes its rules.",
}
_OFFERED = (
    Command(
        name=_VERB,
        does="What this bot is, and what to do next",
        example="/start",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class Welcome(Commands):
    """Answers `/start`, and greets where it is brought in.

    Attributes:
        offers: all commands, some of which are the next step.
        proposals: shows what adding this chat would write into rules.yaml.
    """

    in_force: InForce
    offers: Offers
    proposals: Proposals

    @property
    def offered(self) -> tuple[Command, ...]:
        """The command."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with; what they lead to may ask for more."""
        return {_VERB: Role.READER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Welcome somebody, or do what a deep link asks for."""
        person = asking(asked)
        payload = asked.rest if _PAYLOAD.fullmatch(asked.rest) else ""
        rule = _RULE.fullmatch(payload)
        if rule:
            reaction = await self.offers.press(person, f"rule:card:{rule[1]}:0")
            return (reaction.answer if reaction else None) or plain(_NO_RULE)
        if payload and payload != _VERB and self.offers.find(payload):
            return await self.offers.ask(person, payload)
        return self.welcome(person)

    async def admitted(self, admitted: Admitted) -> Answer | None:
        """Greet a chat into which an administrator has brought the bot."""
        return self.welcome(
            Person(user=admitted.user, name="", place=admitted.place, role=Role.ADMIN)
        )

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do the next step."""
        person, what = pressing(pressed, role), pressed.data.partition(":")[2]
        if what == "here":
            return await self._add_this(person)
        if what not in _NEXT:
            return Reaction(toast=OLD_BUTTON)
        command = self.offers.find(what)
        if command and role < command.needs:
            return Reaction(toast=refusal(command.needs, person.user))
        answer = await self.offers.ask(person, what)
        return Reaction(answer=answer) if answer else Reaction(toast=OLD_BUTTON)

    def welcome(self, person: Person) -> Answer:
        """Answer what the bot is, what the chat of *person* is to it, and what to do next."""
        runs = (
            *_what(),
            Run("\n\n"),
            *self._this_chat(person),
            Run(f"\n{self._rights(person)}"),
        )
        return Answer(runs=runs, rows=self._next(person))

    def _rights(self, person: Person) -> str:
        """Answer what *person* may do at a place."""
        return _RIGHTS.get(person.role, "") if self._may_change(person) else _ASK

    def _this_chat(self, person: Person) -> tuple[Run, ...]:
        here = chats_here(self.in_force.book, person.place)
        where = "topic" if person.place.topic is not None else "chat"
        number = number_of(person.place)
        if not here:
            lacks = f"rules.yaml does not have this {where} ({number}): nothing is told here yet."
            return (Run(lacks),)
        names = set(names_of(here))
        rules = self.in_force.book.rulebook.rules
        telling = sum(not names.isdisjoint(rule.send_to) for rule in rules)
        told = "1 rule tells" if telling == 1 else f"{telling or 'no'} rules tell"
        return (
            Run(f"This {where} ({number}) is "),
            *named_all(names_of(here)),
            Run(f" in rules.yaml; {told} it."),
        )

    def _next(self, person: Person) -> Rows:
        steps = tuple(
            Button(label, f"{_VERB}:{name}")
            for name, label in _NEXT.items()
            if self.offers.may(person, name) and (name == "help" or self._may_change(person))
        )
        rows: Rows = (steps,) if steps else ()
        if person.role is Role.ADMIN and not chats_here(self.in_force.book, person.place):
            return ((Button("Send alerts here", f"{_VERB}:here"),), *rows)
        return rows

    def _may_change(self, person: Person) -> bool:
        """Answer whether anything can be changed here: where nothing is told, by few."""
        return person.role is Role.ADMIN or bool(chats_here(self.in_force.book, person.place))

    async def _add_this(self, person: Person) -> Reaction:
        """Propose this chat for rules.yaml."""
        if person.role is not Role.ADMIN:
            return Reaction(toast=refusal(Role.ADMIN, person.user))
        book = self.in_force.book
        if chats_here(book, person.place):
            return Reaction(toast=_THERE_ALREADY)
        edit = AddChat(
            name=chat_name(person.place, book.chats),
            chat_id=person.place.chat,
            topic=person.place.topic,
        )
        head = "Rules that name no chats will tell this one, too. This changes rules.yaml:"
        return Reaction(answer=await self.proposals.ask(edit, person, head=head))


def chat_name(place: Place, taken: Mapping[str, object]) -> str:
    """Answer what rules.yaml shall call *place*: its title in plain letters, unlike all *taken*."""
    words = _NOT_IN_NAMES.sub(" ", clean(place.title).text).split()
    name = " ".join(words)[:_LONGEST_NAME].strip(" -_")
    if place.topic is not None:
        name = f"{name} {place.topic}".strip()
    if not any(char.isalpha() for char in name):
        name = f"chat {name}".strip()
    used = {each.casefold() for each in taken}
    names = (name, *(f"{name} {number}" for number in range(2, len(used) + 3)))
    return next(each for each in names if each.casefold() not in used)


def _what() -> tuple[Run, ...]:
    before, rule, after = re.split("[<>]", _WHAT)
    return (Run(before), Run(rule, ("code",)), Run(after))
