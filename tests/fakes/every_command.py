"""All commands of the chat, as the real ones are put together; nobody is there to answer them."""

from pathlib import Path
from typing import Any

from monitors.app.chat.wiring import groups
from monitors.app.settings import from_environment
from monitors.gathering.poll import PollPorts
from monitors.talking.command import Command


def every_command() -> tuple[Command, ...]:
    """Answer what all groups offer."""
    nobody: Any = None
    settings = from_environment(Path("rules.yaml"), Path("data"))
    reading = PollPorts(store=nobody, fetcher=nobody, reader=nobody, clock=nobody, chance=nobody)
    found = groups(settings, reading, nobody, nobody, nobody)
    return tuple(command for group in found for command in group.offered)
