"""`/help`: every command that somebody may give, in groups, with an example each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from monitors.alerts.showing.markup import Run
from monitors.talking.answer import Answer, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.minding.offers import Offers
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import asking

_ALERTS, _RULES, _FEEDS, _CHAT = "Alerts", "Rules", "Feeds and stories", "This chat"
_NEWSBELL, _OTHER = "Newsbell", "More"
_SECTIONS = {
    "why": _ALERTS,
    "split": _ALERTS,
    "join": _ALERTS,
    "mute": _ALERTS,
    "muted": _ALERTS,
    "rules": _RULES,
    "addrule": _RULES,
    "editrule": _RULES,
    "pause": _RULES,
    "resume": _RULES,
    "try": _RULES,
    "undo": _RULES,
    "feeds": _FEEDS,
    "addfeed": _FEEDS,
    "search": _FEEDS,
    "last": _FEEDS,
    "export": _FEEDS,
    "digest": _CHAT,
    "quiet": _CHAT,
    "status": _CHAT,
    "start": _CHAT,
    "help": _CHAT,
    "cancel": _CHAT,
    "failed": _NEWSBELL,
}
_ORDER = (_RULES, _FEEDS, _ALERTS, _CHAT, _NEWSBELL, _OTHER)
_WHO = {
    Role.READER: "everybody in the chat",
    Role.OWNER: "those who look after the chat",
    Role.ADMIN: "those who look after this Newsbell",
}
_LONGEST_ASKED = 32
_OFFERED = (
    Command(
        name="help",
        does="What you may ask, or how one command is written",
        example="/help mute",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class Guide(Commands):
    """Answers `/help`.

    Attributes:
        offers: all commands.
    """

    offers: Offers

    @property
    def offered(self) -> tuple[Command, ...]:
        """The command."""
        return _OFFERED

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer what may be asked, or all about one command."""
        wanted = asked.rest.strip().removeprefix("/").casefold()
        if not wanted:
            person = asking(asked)
            mine = [each for each in self.offers.commands if person.role >= each.needs]
            runs = (*_listed(mine), Run("\n\nMore about one of them: "), _example("/help mute"))
            return Answer(runs=runs)
        command = self.offers.find(wanted)
        if command is None:
            names = [each.name for each in self.offers.commands]
            near = get_close_matches(wanted[:_LONGEST_ASKED], names, n=1)
            hint = f" Did you mean /{near[0]}?" if near else " /help lists those that there are."
            return plain(f"There is no such command.{hint}")
        return Answer(runs=_about(command))


def in_sections(commands: Sequence[Command]) -> Iterator[tuple[str, tuple[Command, ...]]]:
    """Yield *commands* by what they are about, each section with its name."""
    for section in _ORDER:
        found = tuple(one for one in commands if _SECTIONS.get(one.name, _OTHER) == section)
        if found:
            yield section, found


def who_may(command: Command) -> str:
    """Answer who may give *command*, for people."""
    return _WHO[command.needs]


def _listed(commands: Sequence[Command]) -> Iterator[Run]:
    for place, (section, members) in enumerate(in_sections(commands)):
        yield Run("\n\n" if place else "")
        yield Run(section, ("b",))
        for command in members:
            yield Run(f"\n/{command.name}: {command.does}")
            if command.example != f"/{command.name}":
                yield Run(" · ")
                yield _example(command.example)


def _about(command: Command) -> tuple[Run, ...]:
    return (
        Run(f"/{command.name}: {command.does}.\nFor example: "),
        _example(command.example),
        Run(f"\nFor {who_may(command)}."),
    )


def _example(text: str) -> Run:
    return Run(text, ("code",))
