"""`/addfeed`: a feed is added to rules.yaml from a chat."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitors.alerts.showing.legible import ELLIPSIS
from monitors.gathering.find_feeds import Choice, Found, entries_text, find_feeds
from monitors.pipeline.dialogs import Dialog
from monitors.pipeline.ports import Clock, Fetcher, Reader
from monitors.talking.answer import Answer, Reaction, plain
from monitors.talking.command import Asked, Command
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role
from monitors.times import about

_SHOWN = 8
_LONGEST_NAME = 100  # characters
_USAGE = (
    "Write /addfeed and what you know: the address of a feed or of a site, of a YouTube channel, "
    "a subreddit, a Mastodon profile or a GitHub repository.\nFor example: /addfeed example.org"
)


_OFFERED = (
    Command(
        name="addfeed",
        does="Read a site, a channel or a feed from now on",
        example="/addfeed example.org",
        needs=Role.ADMIN,
        is_slow=True,
    ),
)


@dataclass(slots=True)
class FeedAdder:
    """Answers `/addfeed`.

    Attributes:
        fetcher, reader: how a feed is looked for.
        add: writes an address into rules.yaml, and answers why that cannot be.
    """

    fetcher: Fetcher
    reader: Reader
    add: Callable[[Asked, str], Awaitable[str | None]]
    clock: Clock

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with: it has none."""
        return {}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer what became of the address that somebody wants added."""
        return plain(await self._reply(asked, asked.rest))

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do nothing: it has no buttons."""
        del pressed, role
        return Reaction()

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Answer nothing: it asks for nothing."""
        del asked, dialog
        return None

    async def _reply(self, asked: Asked, address: str) -> str:
        if not address:
            return _USAGE
        finding = await find_feeds(address, self.fetcher, self.reader)
        if not isinstance(finding, Found):
            return f"{_capital(finding.message)}. {finding.hint}"
        if not finding.sure:
            return _choices(finding.choices)
        best = finding.choices[0]
        problem = await self.add(asked, best.address)
        return f"Nothing was added. {problem}." if problem else _added(best, self.clock())


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _added(choice: Choice, now: datetime) -> str:
    newest = f", the newest {about(now - choice.newest)} old" if choice.newest else ""
    return (
        f"Added: {_name(choice) or choice.address}\n{choice.address}\n"
        f"It has {entries_text(choice)} now{newest}. It is polled within a minute."
    )


def _choices(choices: Sequence[Choice]) -> str:
    """Answer the lines of which one is to be sent back."""
    lines = ["There are several feeds. Send one of these lines:"]
    for choice in choices[:_SHOWN]:
        lines.append(f"\n{_name(choice) or 'Without a title'} ({entries_text(choice)})")
        lines.append(f"/addfeed {choice.address}")
    return "\n".join(lines)


def _name(choice: Choice) -> str:
    """Answer the title of a feed, short enough that a message holds all choices."""
    title = choice.title or ""
    return title if len(title) <= _LONGEST_NAME else f"{title[:_LONGEST_NAME]}{ELLIPSIS}"
