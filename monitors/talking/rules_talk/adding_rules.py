"""`/addrule`: a rule is made in a talk."""

from dataclasses import dataclass

from monitors.alerts.showing.markup import Run
from monitors.pipeline.dialogs import Dialog
from monitors.talking.answer import Answer
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.roles import Role, chats_at
from monitors.talking.rules_talk.belonging import asking
from monitors.talking.rules_talk.drafting import Draft, Drafts

_OFFERED = (
    Command(
        name="addrule",
        does="Look for something from now on",
        example='/addrule AUKUS AND "Pillar 2"',
        needs=Role.OWNER,
        is_slow=True,
    ),
)
_NO_CHAT = (
    "rules.yaml does not name this topic, so no alerts can come here. Write /addrule in a chat "
    "that it names, or ask whoever looks after this Newsbell to add this one."
)


@dataclass(slots=True)
class RuleAdder(Commands):
    """Answers `/addrule`.

    Attributes:
        drafts: talks about the condition.
    """

    drafts: Drafts

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    async def answer(self, asked: Asked) -> Answer | None:
        """Begin a talk, with what was said after the command."""
        person = asking(asked)
        here = chats_at(self.drafts.in_force.book, person.place, everywhere=False)
        if not here and person.role is not Role.ADMIN:
            return Answer(runs=(Run(_NO_CHAT),))
        return await self.drafts.begin(person, Draft(), asked.rest)

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Answer what somebody says who is asked for a rule."""
        return await self.drafts.go_on(asked, dialog)
