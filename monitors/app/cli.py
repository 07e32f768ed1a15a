"""The command line: `python bot.py COMMAND`; with none, `run`."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import typer

from monitors.app import logs
from monitors.app.output import say
from monitors.errors import MonitorsError

# Each command lives in a module of its own, which is imported only when it is wanted:
# Docker asks `health` every half minute.
COMMANDS = {
    "run": ("run", "python bot.py run --once"),
    "check": ("check", "python bot.py check --rules rules.yaml"),
    "try": ("trial", "python bot.py try 'AUKUS AND \"Pillar 2\"' --text article.txt"),
    "replay": ("replay", "python bot.py replay articles.jsonl --json"),
    "feed": ("feed", "python bot.py feed sample/harbour-herald.xml --json"),
    "feeds": ("feeds", "python bot.py feeds add https://example.org --tag asia"),
    "alerts": ("alerts", "python bot.py alerts --failed"),
    "story": ("story", "python bot.py story split 57"),
    "status": ("status", "python bot.py status --json"),
    "health": ("health", "python bot.py health && echo alive"),
}


def build(wanted: str | None = None) -> typer.Typer:
    """Answer the command line with the command *wanted*, or with all where there is none such."""
    app = typer.Typer(
        name="bot.py",
        help="Newsbell tells your chats, once and within seconds, when a story matches a rule.",
        epilog="Example: python bot.py check. Each command says more with --help.",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_nothing)
    for name in [wanted] if wanted in COMMANDS else COMMANDS:
        module_name, example = COMMANDS[name]
        module = importlib.import_module(f"monitors.app.commands.{module_name}")
        epilog = f"Example: {example}"
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name, epilog=epilog)
        else:
            command: Callable[..., Any] = getattr(module, module_name)
            app.command(name, epilog=epilog)(command)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Do what *arguments* (of this process) say, and end the process.

    Exits 0 when that was done, 1 when the answer is "no" or the input is bad, 2 when it was
    called wrongly.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] != "--help"):
        given.insert(0, "run")
    logs.configure()
    try:
        build(given[0])(given, prog_name="bot.py")
    except MonitorsError as error:
        say(str(error))
        sys.exit(1)


def _nothing() -> None:
    """Newsbell tells your chats, once and within seconds, when a story matches a rule."""
