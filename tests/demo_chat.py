r"""Talk to Newsbell in this terminal, with no Telegram: make demo-chat.

    printf '/start\n!1\n' | make demo-chat

A strict Bot API server on the loopback interface (`tests/fakes/telegram_api.py`) and `bot.py` as
a process, on the sample wire and a copy of rules.yaml in a temporary folder. All that the chat
shows is printed; what is typed is said in it. Given by a pipe, each line waits until the one
before is answered and the chat is quiet, and the end of the lines ends all. The feeds of the
real world are left out unless `--live` asks for them.
"""

import argparse
import re
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from monitors.rules.document import read_rulebook
from monitors.rules.editing.carrying_out import edited
from monitors.rules.editing.edits import AddChat, Edit, RemoveFeeds
from monitors.rules.rulebook import Rulebook
from tests.e2e.conftest import ROOT, Bot, Desk
from tests.fakes.chat_window import ChatWindow
from tests.fakes.telegram_api import TelegramApi

ME: Final = 42
HOW: Final = (
    "Type to talk. !2 presses button 2 of the last message with buttons, !2 #7 that of message 7; "
    "#7 TEXT answers message 7; /drop FILE sends a file; Ctrl-C ends all."
)
# Of a pipe: how long an answer may take, and after how long without news the chat is quiet.
_PATIENCE: Final = 10.0
_QUIET: Final = 3.0
_START: Final = 60.0
_GLANCE: Final = 0.5
_TAIL: Final = 2_000
_PRESS = re.compile(r"!(\d{1,3})(?:\s+#(\d{1,9}))?")
_ANSWER = re.compile(r"#(\d{1,9})\s+(.+)")
_DROP = re.compile(r"/drop\s+(.+)")


class EndedError(Exception):
    """The bot has ended by itself."""


class Conversation:
    """A person at a terminal, or a pipe, and a bot that runs."""

    def __init__(self, api: TelegramApi, bot: Bot, console: Console, *, typed: bool) -> None:
        self._api = api
        self._bot = bot
        self._console = console
        self._over = threading.Event()
        self._window = ChatWindow(api, ME, own=not typed, addresses=not console.is_terminal)

    def begins(self) -> None:
        """Wait until the bot listens."""
        for _ in range(int(_START / _GLANCE)):
            if self._api.happens(lambda api: api.calls_of("getUpdates"), timeout=_GLANCE):
                return
            self._check()
        raise EndedError

    def shows(self, patience: float) -> None:
        """Print what is new, until the chat is quiet; the first news may take *patience*."""
        while news := self._api.happens(lambda _: self._window.news(), timeout=patience):
            self._print(news)
            patience = _QUIET
        self._check()

    def watches(self) -> None:
        """Print what is new, until the conversation is over."""
        try:
            while not self._over.is_set():
                self.shows(_GLANCE)
        except EndedError:
            if not self._over.is_set():
                # The main thread waits for a line, which a signal alone ends.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def ends(self) -> None:
        """Watch no more: the bot may end now."""
        self._over.set()

    def hears(self, line: str) -> bool:
        """Do what a line asks for; answer whether the bot learns of it."""
        if pressed := _PRESS.fullmatch(line):
            return self._press(int(pressed[1]), int(pressed[2]) if pressed[2] else None)
        if dropped := _DROP.fullmatch(line):
            return self._drop(Path(dropped[1]).expanduser())
        if answer := _ANSWER.fullmatch(line):
            self._api.says(ME, ME, answer[2], reply_to=int(answer[1]))
        else:
            self._api.says(ME, ME, line)
        return True

    def hears_a_pipe(self) -> None:
        """Take the lines one by one, each when the one before is answered."""
        self.shows(_START)
        for line in filter(None, map(str.strip, sys.stdin)):
            heard = self.hears(line)
            self._print(self._api.happens(lambda _: self._window.news(), timeout=0))
            if heard:
                self.shows(_PATIENCE)

    def hears_a_person(self) -> None:
        """Take what is typed, and show meanwhile what happens."""
        threading.Thread(target=self.watches, daemon=True).start()
        for line in filter(None, map(str.strip, sys.stdin)):
            self.hears(line)
        self._check()

    def _press(self, number: int, message_id: int | None) -> bool:
        found = self._window.button(number, message_id)
        if found is None:
            return self._refuse("There is no such button.")
        message, button = found
        if button.data is None:
            return self._refuse(f"That button opens {button.url}.")
        self._console.print(f"(presses {button.text})", style="dim", markup=False)
        self._api.presses(ME, message, data=button.data)
        return True

    def _drop(self, path: Path) -> bool:
        try:
            content = path.read_bytes()
        except OSError as problem:
            return self._refuse(f"{path} cannot be sent: {problem.strerror}.")
        self._api.sends_file(ME, ME, path.name, content)
        return True

    def _refuse(self, why: str) -> bool:
        self._console.print(why, style="red", markup=False, soft_wrap=True)
        return False

    def _print(self, news: list[Text]) -> None:
        for text in news:
            self._console.print(text, soft_wrap=True)

    def _check(self) -> None:
        if self._bot.process.poll() is not None:
            raise EndedError


def prepare(folder: Path, *, live: bool) -> None:
    """Put the sample into *folder*, with a chat in Telegram, and the real feeds only if *live*."""
    shutil.copytree(ROOT / "sample", folder / "sample")
    text = (ROOT / "rules.yaml").read_text(encoding="utf-8")
    book = read_rulebook(text)
    assert isinstance(book, Rulebook), book
    real = [feed.address for feed in book.feeds if feed.address.startswith("http")]
    edits: list[Edit] = [AddChat(name="me", chat_id=str(ME))]
    if real and not live:
        edits.append(RemoveFeeds(addresses=tuple(real)))
    for edit in edits:
        made = edited(text, edit)
        assert isinstance(made, str), made
        text = made
    (folder / "rules.yaml").write_text(text, encoding="utf-8")


def converse(api: TelegramApi, desk: Desk, console: Console) -> int:
    """Run a bot and talk to it until the input ends, or somebody ends it; answer the exit code."""
    settings = {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "ADMINS": str(ME)}
    bot = desk.starts("run", **settings)
    said = f"Newsbell is process {bot.process.pid}; its rules are {desk.folder}/rules.yaml."
    console.print(f"{HOW}\n{said}\n", style="dim", markup=False, soft_wrap=True)
    typed = sys.stdin.isatty()
    talk = Conversation(api, bot, console, typed=typed)
    try:
        talk.begins()
        if typed:
            talk.hears_a_person()
        else:
            talk.hears_a_pipe()
    except (EndedError, KeyboardInterrupt):
        if (code := bot.process.poll()) is not None:
            console.print(f"Newsbell has ended by itself ({code}):", style="red", markup=False)
            console.print(bot.err[-_TAIL:], markup=False, soft_wrap=True)
            return 1
    talk.ends()
    bot.stops()
    return 0


def main() -> int:
    """Start everything, and end it again."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--live", action="store_true", help="poll the real feeds of rules.yaml, too"
    )
    live = parser.parse_args().live
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="newsbell-") as name, TelegramApi() as api:
        prepare(Path(name), live=live)
        api.limits(True)
        api.private_chat(ME, "You")
        desk = Desk(Path(name))
        try:
            return converse(api, desk, console)
        finally:
            desk.closes()


if __name__ == "__main__":
    sys.exit(main())
