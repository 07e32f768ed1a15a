"""`/addfeed`: a feed is added to rules.yaml from a chat."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.telegram.listener import Said, TelegramListener
from monitors.alerts.legible import ELLIPSIS
from monitors.app.feeds.looking import entries_text
from monitors.app.reading import FilePacks
from monitors.app.settings import Settings
from monitors.gathering.find_feeds import Choice, Found, find_feeds
from monitors.language.problems import Problem
from monitors.pipeline.deliver import ADMIN
from monitors.pipeline.ports import Clock, Fetcher, Reader, Store
from monitors.rules.editing import add_feed
from monitors.times import about

_COMMAND = re.compile(r"/addfeed(?:@\w+)?(?:\s+(?P<address>.*))?", re.IGNORECASE | re.DOTALL)
_SHOWN = 8
_LONGEST_NAME = 100  # characters
_AT_ONCE = 2
_BETWEEN_REFUSALS = timedelta(hours=1)
_MOST_STRANGERS = 1_000
_USAGE = (
    "Write /addfeed and what you know: the address of a feed or of a site, of a YouTube channel, "
    "a subreddit, a Mastodon profile or a GitHub repository.\nFor example: /addfeed example.org"
)
_log = structlog.get_logger()


@dataclass(slots=True)
class FeedAdder:
    """Answers `/addfeed` to administrators; everybody else is told once an hour who may.

    Attributes:
        listener: what people write.
        fetcher, reader: how a feed is looked for.
        store: where answers are put into the outbox.
        file: rules.yaml.
    """

    listener: TelegramListener
    fetcher: Fetcher
    reader: Reader
    store: Store
    file: RulebookFile
    settings: Settings
    clock: Clock
    _refused: dict[str, datetime] = field(default_factory=dict)
    _editing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Answer for as long as this is awaited."""
        busy: set[asyncio.Task[None]] = set()
        try:
            async for said in self.listener.heard():
                found = _COMMAND.fullmatch(said.text.strip())
                if found is None:
                    continue
                while len(busy) >= _AT_ONCE:
                    _, busy = await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
                address = (found["address"] or "").strip()
                busy.add(asyncio.create_task(self._answer(said, address), name="addfeed"))
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _answer(self, said: Said, address: str) -> None:
        text = await self._reply(said, address)
        if text:
            now = self.clock()
            await self.store.write(
                lambda ledger: ledger.outbox.notify([ADMIN + said.chat], text, now)
            )
            _log.info("chat.answered", command="addfeed", user=said.user)

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
        """Answer who may, but not again and again: nobody shall make the bot talk."""
        now, last = self.clock(), self._refused.get(said.user)
        if last and now - last < _BETWEEN_REFUSALS:
            return None
        if len(self._refused) >= _MOST_STRANGERS:
            self._refused.clear()
        self._refused[said.user] = now
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
