"""`bot.py run`: poll, match and deliver."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app import logs
from monitors.app.assemble import read_book
from monitors.app.boards import JsonBoard, PeopleBoard
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, say
from monitors.app.running import run_once, run_until_stopped
from monitors.app.settings import Settings, from_environment
from monitors.errors import RulebookError
from monitors.language.problems import Problem
from monitors.pipeline.book import Book


def run(
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Poll every feed once, deliver, and exit.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Poll the feeds, match every article, and tell the chats, until told to stop."""
    settings = from_environment(rules, data)
    logs.configure(token=settings.token)
    rules_file = RulebookFile(rules)
    book = _book(rules_file, settings)
    board = JsonBoard() if as_json else PeopleBoard(out())
    if once:
        if not asyncio.run(run_once(settings, rules_file, book, board)):
            say("Some alerts could not be delivered and are kept: see `bot.py alerts --failed`.")
            raise typer.Exit(1)
    else:
        asyncio.run(run_until_stopped(settings, rules_file, book, board))


def _book(rules_file: RulebookFile, settings: Settings) -> Book:
    answer = read_book(rules_file, settings)
    if isinstance(answer, Book):
        return answer
    raise RulebookError(_told(settings, answer))


def _told(settings: Settings, problems: Sequence[Problem]) -> str:
    lines = [problem.told(str(settings.rules)) for problem in problems]
    return "\n".join([*lines, "Mend this, then start again; `bot.py check` checks the file."])
