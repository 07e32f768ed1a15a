"""Runs `bot.py` as a process, as a user would, against loopback servers."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.fakes.feed_site import FeedSite
from tests.fakes.telegram_api import TelegramApi

ROOT = Path(__file__).parents[2]
# Long enough for a busy machine; nothing waits for it that does not hang.
PATIENCE = 60.0


class Bot:
    """A `bot.py` that was started, and what it has printed so far."""

    def __init__(self, arguments, folder, environment, given=subprocess.DEVNULL):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "bot.py"), *arguments],
            cwd=folder,
            env=environment,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._news = threading.Condition()
        self._lines = {"out": [], "err": []}
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def out(self):
        with self._news:
            return "".join(self._lines["out"])

    @property
    def err(self):
        with self._news:
            return "".join(self._lines["err"])

    def wait_for(self, *texts, times=1, seconds=PATIENCE):
        """Wait until each of *texts* was printed so many *times*, to either stream."""

        def printed():
            everything = "".join(self._lines["out"] + self._lines["err"])
            return all(everything.count(text) >= times for text in texts)

        with self._news:
            if not self._news.wait_for(printed, timeout=seconds):
                raise AssertionError(f"{texts} did not appear.\n{self._all()}")

    def stops(self, number=signal.SIGINT, seconds=PATIENCE):
        """Send it a signal, and answer its exit code once it has ended."""
        self.process.send_signal(number)
        return self.ends(seconds)

    def ends(self, seconds=PATIENCE):
        """Answer its exit code once it has ended."""
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end.\n{self._all()}") from None
        for reader in self._readers:
            reader.join(timeout=seconds)
        return code

    def kill(self):
        """End it with SIGKILL, and its workers with it: they find their pipe closed."""
        if self.process.poll() is None:
            self.process.kill()
        self.ends()
        self.process.stdout.close()
        self.process.stderr.close()

    def _all(self):
        return "--- out\n" + "".join(self._lines["out"]) + "--- err\n" + "".join(self._lines["err"])

    def _read(self, name, stream):
        for line in stream:
            with self._news:
                self._lines[name].append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()


class Desk:
    """A user's folder, with rules.yaml and a shell."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
        } | {"ALLOW_NETWORKS": "127.0.0.0/8", "TZ": "UTC", "COLUMNS": "100"}
        self._bots = []

    def writes(self, text, name="rules.yaml"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def starts(self, *arguments, **environment):
        bot = Bot(arguments, self.folder, self.environment | environment)
        self._bots.append(bot)
        return bot

    def runs(self, *arguments, **environment):
        """Run a command to its end; answer its exit code, output and messages."""
        bot = self.starts(*arguments, **environment)
        code = bot.ends()
        return code, bot.out, bot.err

    def runs_on(self, path, *arguments):
        """Do what `runs` does, with the file at *path* as standard input."""
        with path.open("rb") as given:
            bot = Bot(arguments, self.folder, self.environment, given)
        self._bots.append(bot)
        code = bot.ends()
        return code, bot.out, bot.err

    def closes(self):
        for bot in self._bots:
            bot.kill()


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path)
    yield opened
    opened.closes()


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


@pytest.fixture
def telegram():
    with TelegramApi() as api:
        yield api


def rss(*items, title="Wire"):
    """Answer an RSS feed; an item is (id, title) or (id, title, description, link)."""
    rows = []
    for item in items:
        number, headline, *more = item
        description = more[0] if more else ""
        link = more[1] if len(more) > 1 else f"https://wire.example/{number}"
        rows.append(
            f"<item><guid isPermaLink='false'>{number}</guid><title>{headline}</title>"
            f"<link>{link}</link><description>{description}</description></item>"
        )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{title}</title>"
        f"<link>https://wire.example/</link>{''.join(rows)}</channel></rss>"
    ).encode()


@pytest.fixture
def shared():
    """The folder of real data, which a user's clone does not have."""
    folder = Path(os.environ.get("NEWSBELL_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"there is no data in {folder}")
    return folder
