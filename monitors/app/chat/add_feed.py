"""`/addfeed`: a feed is added to rules.yaml from a chat."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.telegram.listener import Said
from monitors.alerts.showing.legible import ELLIPSIS
from monitors.app.chat.asking import Answer, Refusals
from monitors.app.feeds.looking import entries_text
from monitors.app.reading import FilePacks
from monitors.app.settings import Settings
from monitors.gathering.find_feeds import Choice, Found, find_feeds
from monitors.language.problems import Problem
from monitors.pipeline.ports import Clock, Fetcher, Reader
from monitors.rules.editing.feeds import add_feed
from monitors.times import about

_SHOWN = 8
_LONGEST_NAME = 100  # characters
_USAGE = (
    "Write /addfeed and what you know: the address of a feed or of a site, of a YouTube channel, "
    "a subreddit, a Mastodon profile or a GitHub repository.\nFor example: /addfeed example.org"
)


@dataclass(slots=True)
class FeedAdder:
    """Answers `/addfeed` to administrators; everybody else is told once an hour who may.

    Attributes:
        fetcher, reader: how a feed is looked for.
        file: rules.yaml.
    """

    fetcher: Fetcher
    reader: Reader
    file: RulebookFile
    settings: Settings
    clock: Clock
    _refusals: Refusals = field(default_factory=Refusals)
    _editing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, said: Said, address: str) -> Answer | None:
        """Answer what became of *address*, which *said* wants added."""
        text = await self._reply(said, address)
        return Answer(text) if text else None

    async def _reply(self, said: Said, address: str) -> str | None:
        if said.user not in self.settings.admins:
            return self._refusal(said)
        if not address:
            return _USAGE
        finding = await find_feeds(address, self.fetcher, self.reader)
        if not isinstance(finding, Found):
            return f"{_capital(finding.message)}. {finding.hint}"
        if not finding.sure:
            return _choices(finding.choices)
        best = finding.choices[0]
        # An edit reads the whole file and writes it: two at once would lose one of them.
        async with self._editing:
            problem = await asyncio.to_thread(self._add, best.address)
        return f"Nothing was added. {problem}." if problem else _added(best, self.clock())

    def _refusal(self, said: Said) -> str | None:
        """Answer who may, but not again and again."""
        if not self._refusals.are_due(said.user, self.clock()):
            return None
        return (
            "Only those who look after this Newsbell may add feeds. If that is you, put your "
            f"number, {said.user}, into ADMINS and start it again."
        )

    def _add(self, address: str) -> str | None:
        """Write *address* into rules.yaml; answer why that cannot be."""
        text = self.file.read()
        if not isinstance(text, Problem):
            text = add_feed(
                text, address, networks=self.settings.networks, packs=FilePacks(self.file)
            )
        name = self.settings.rules.name
        if isinstance(text, Problem):
            return text.told(name).rstrip(". ")
        problem = self.file.replace(text)
        return f"{name}: {problem.message}. {problem.hint or ''}".rstrip(". ") if problem else None


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
