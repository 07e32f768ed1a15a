"""Gives what people write and press to whoever answers it."""

import asyncio
import re
from dataclasses import dataclass

import structlog

from monitors.adapters.telegram.listener import Pressed, Said, TelegramListener
from monitors.app.chat.add_feed import FeedAdder
from monitors.app.chat.asking import Answer, write
from monitors.app.chat.stories import StoryEditor
from monitors.pipeline.ports import Clock, Store

_COMMAND = re.compile(r"/(?P<name>[a-z]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.IGNORECASE | re.DOTALL)
_ADDED_AT_ONCE = 2
_FAILED = "That did not work. Press it again."
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers people.

    Attributes:
        listener: what they write and press.
        store: where answers are put into the outbox.
        adder: answers `/addfeed`, which takes a while.
        editor: answers what is about stories, at once.
    """

    listener: TelegramListener
    store: Store
    clock: Clock
    adder: FeedAdder
    editor: StoryEditor

    async def run(self) -> None:
        """Answer for as long as this is awaited."""
        busy: set[asyncio.Task[None]] = set()
        try:
            async for heard in self.listener.heard():
                if isinstance(heard, Pressed):
                    await self._press(heard)
                    continue
                found = _COMMAND.fullmatch(heard.text.strip())
                name, rest = (found["name"].lower(), found["rest"]) if found else ("", None)
                rest = (rest or "").strip()
                if name == "addfeed":
                    while len(busy) >= _ADDED_AT_ONCE:
                        _, busy = await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
                    busy.add(asyncio.create_task(self._add(heard, rest), name=name))
                elif name in self.editor.commands:
                    await self._say(heard, name, await self.editor.answer(heard, name, rest))
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)

    async def _add(self, said: Said, address: str) -> None:
        await self._say(said, "addfeed", await self.adder.answer(said, address))

    async def _press(self, pressed: Pressed) -> None:
        """Carry out what a button is for; whoever pressed it is always answered."""
        briefly = _FAILED
        try:
            briefly, answer = await self.editor.press(pressed)
            await self._say(pressed, "button", answer)
        finally:
            await self.listener.answer(pressed, briefly)

    async def _say(self, heard: Said | Pressed, command: str, answer: Answer | None) -> None:
        if answer:
            await write(self.store, heard.place, answer, self.clock())
            _log.info("chat.answered", command=command, user=heard.user)
