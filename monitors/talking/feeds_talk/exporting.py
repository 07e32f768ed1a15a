"""`/export`: rules.yaml and the feeds as files to take along."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.finding.opml import write_opml
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.rules import yaml_nodes
from monitors.rules.editing import veiling
from monitors.rules.editing.veiling import secret_addresses, without_passwords
from monitors.rules.places.addressing import is_reference
from monitors.rules.yaml_nodes import Node, Scalar, Sequence, Tree
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Place, Pressed
from monitors.talking.roles import Role, refusal
from monitors.talking.showing.wording import line

MOST_BYTES = 10_000_000
_FEEDS, _RULES = "export", "exportrules"
_REASON_UNITS = 400
# Where messages go by other ways than Telegram, the whole address is a secret.
_APPRISE = re.compile(
    r"""(\bapprise["']?\s*:\s*)(?:[|>][-+0-9]*\s+\S+|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,}]+)"""
)
_OFFERED = (
    Command(
        name="export",
        does="The feeds or the rules as a file",
        example="/export feeds or /export rules",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class Exporter(Commands):
    """Answers `/export`.

    Attributes:
        read: answers the text of rules.yaml.
        name: what that is called.
    """

    in_force: InForce
    read: Callable[[], str | Problem]
    name: str

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_FEEDS: Role.READER, _RULES: Role.ADMIN}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer a file, or which one it shall be."""
        place, wanted = asked.said.place, asked.rest.casefold()
        if wanted in {"opml", "feeds"}:
            return await self._feeds()
        if wanted in {"rules", "rules.yaml", self.name.casefold()}:
            if asked.role is not Role.ADMIN:
                return plain(refusal(Role.ADMIN, asked.said.user))
            return await self._rules(place)
        buttons = [Button("Feeds (OPML)", f"{_FEEDS}:opml")]
        if asked.role is Role.ADMIN and place.is_private:
            buttons.append(Button(self.name[:30], f"{_RULES}:yaml"))
        return plain("What shall it be?", *buttons)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Answer the file that a button is for."""
        del role
        match pressed.data:
            case "export:opml":
                return Reaction(answer=await self._feeds())
            case "exportrules:yaml":
                return Reaction(answer=await self._rules(pressed.place))
            case _:
                return Reaction(toast=OLD_BUTTON)

    async def _feeds(self) -> Answer:
        feeds = self.in_force.book.rulebook.feeds
        if not feeds:
            return plain("There are no feeds yet. Add one: /addfeed example.org")
        shown = [replace(feed, address=without_passwords(feed.address)) for feed in feeds]
        caption = f"{len(feeds):,} feed{'' if len(feeds) == 1 else 's'}, for other readers."
        if any(one.address != feed.address for one, feed in zip(shown, feeds, strict=True)):
            caption += " Where a password was, there is …: write it in again there."
        body = await asyncio.to_thread(write_opml, shown, "Newsbell")
        return _file("feeds.opml", body, caption, "python bot.py feeds export > feeds.opml")

    async def _rules(self, place: Place) -> Answer:
        if not place.is_private:
            return plain(f"Others read along here. Ask me for {self.name} in our own chat.")
        text = await asyncio.to_thread(self.read)
        if isinstance(text, Problem):
            return Answer(runs=line(text.told(self.name), _REASON_UNITS))
        caption = "As it is now; … stands for passwords and secret addresses."
        return _file(self.name, without_secrets(text), caption, f"cp {self.name} COPY")


def without_secrets(text: str) -> str:
    """Answer the *text* of rules.yaml without what gives access to something."""
    tree = yaml_nodes.read(text)
    places = _secret_places(tree.root) if isinstance(tree, Tree) else []
    veiled = text
    for start, end in sorted(set(places), reverse=True):
        secret = text[start:end]
        space = secret[len(secret.rstrip()) :]
        veiled = f'{veiled[:start]}"…"{space}{veiled[end:]}'
    if not places:  # it cannot be read, or has no such chats
        veiled = _APPRISE.sub(r'\1"…"', text)
    secrets = sorted(secret_addresses(text), key=len, reverse=True)
    return veiling.without_secrets(veiled, secrets)


def _secret_places(root: Node | None) -> list[tuple[int, int]]:
    """Answer where addresses of other chats than Telegram's stand."""
    chats = root.get("chats") if isinstance(root, yaml_nodes.Mapping) else None
    every = [chat for _, chat in chats.pairs] if isinstance(chats, yaml_nodes.Mapping) else []
    found = [chat.get("apprise") for chat in every if isinstance(chat, yaml_nodes.Mapping)]
    lists = [each.items if isinstance(each, Sequence) else (each,) for each in found]
    flat = [each for one in lists for each in one]
    return [
        (one.start, one.end)
        for one in flat
        if isinstance(one, Scalar) and not is_reference(one.text)
    ]


def _file(name: str, body: str, caption: str, instead: str) -> Answer:
    if len(body.encode()) > MOST_BYTES:
        return plain(f"That is more than Telegram takes. At the command line: {instead}")
    return Answer(runs=(Run(caption),), document=(name, body))
