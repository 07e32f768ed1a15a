"""Every command and button, so that one group may have another answer."""

from dataclasses import dataclass

from monitors.talking.answer import Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed, Said
from monitors.talking.roles import refusal
from monitors.talking.rules_talk.belonging import Person


@dataclass(slots=True)
class Offers:
    """What is offered, and who answers it.

    Attributes:
        groups: all of them; set once they are there.
    """

    groups: tuple[Commands, ...] = ()

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command."""
        return tuple(command for group in self.groups for command in group.offered)

    def find(self, name: str) -> Command | None:
        """Answer the command of that *name*."""
        return next((command for command in self.commands if command.name == name), None)

    def may(self, person: Person, name: str) -> bool:
        """Answer whether there is a command of that *name*, and *person* may give it here."""
        command = self.find(name)
        return command is not None and person.role >= command.needs

    async def ask(self, person: Person, name: str) -> Answer | None:
        """Answer the command *name* as if *person* had written it; None if there is none."""
        for group in self.groups:
            for command in group.offered:
                if command.name == name:
                    if person.role < command.needs:
                        return plain(refusal(command.needs, person.user))
                    said = Said(
                        user=person.user, place=person.place, text=f"/{name}", name=person.name
                    )
                    asked = Asked(said=said, role=person.role, command=name, rest="")
                    return await group.answer(asked)
        return None

    async def press(self, person: Person, data: str) -> Reaction | None:
        """Do what a button with *data* would for *person*; None if there is no such button."""
        verb = data.partition(":")[0]
        for group in self.groups:
            needed = group.verbs.get(verb)
            if needed is not None:
                if person.role < needed:
                    return Reaction(toast=refusal(needed, person.user))
                pressed = Pressed(
                    query="", user=person.user, place=person.place, data=data, name=person.name
                )
                return await group.press(pressed, person.role)
        return None
