"""From a feed's change to the message in the chat, stage by stage: python -m benchmarks.latency.

A real `bot.py` polls a real site every second, or with `--push` is told by a real hub, and writes
to the strict Bot API server of the tests with its rates on, all on this machine. Each feed is on a
host of its own and has one rule and one private chat, and the changes come at random moments: so
no alert waits for the pace of its chat, which is one message a second. What is measured:

    change -> asked     until the site is asked for the changed feed
    asked -> decided    until the alert stands in the store: fetched, read, grouped, matched
    decided -> sent     until the Bot API server gets the message
    sent -> shown       until the chat shows it

The network of the real world is not part of it. Pushes of one feed that come within ten seconds
are told together, so with `--push` there are more feeds, and each changes more seldom.
"""

import argparse
import json
import math
import random
import re
import socket
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

from benchmarks.try_since import vocabulary
from monitors.app.clock import now
from tests.e2e.conftest import Desk, rss
from tests.fakes.feed_site import FeedSite
from tests.fakes.hub import Hub
from tests.fakes.telegram_api import TelegramApi

STAGES: Final = ("change -> asked", "asked -> decided", "decided -> sent", "sent -> shown")
TOTAL: Final = "change -> shown"
_FIRST_CHAT: Final = 1_000
_LATEST: Final = 30.0
_WORDS: Final = 7
_NUMBER: Final = re.compile(r"\bitem(\d+)\b")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        alerts: how many changes there are.
        chats: how many feeds, each with a chat.
        spacing: seconds between two changes, on average.
        push: whether a hub tells, instead of a poll every second.
    """

    alerts: int
    chats: int
    spacing: float
    push: bool


class Newsagent:
    """The site, its feeds, and when each of them changed, on the monotonic clock."""

    def __init__(self, site: FeedSite, hub: Hub | None, chats: int) -> None:
        self._site, self._hub = site, hub
        self.addresses = [f"http://127.0.1.{one + 1}:{site.port}/{one}.xml" for one in range(chats)]
        self._items: list[list[tuple[int, str]]] = [[(0, "A quiet day")] for _ in range(chats)]
        self._chance = random.Random(7)  # noqa: S311 -- not for secrets
        self._vocabulary = vocabulary(self._chance)
        self.changed: list[float] = []
        for number in range(chats):
            self._show(number)

    def change(self) -> None:
        """Let the next feed have news."""
        number = len(self.changed)
        feed = number % len(self.addresses)
        words = " ".join(self._chance.sample(self._vocabulary, _WORDS))
        self._items[feed].insert(0, (number + 1, f"port{feed} item{number} {words}"))
        self._show(feed)
        self.changed.append(time.monotonic())
        if self._hub:
            topic = self.addresses[feed]
            threading.Thread(target=self._hub.push, args=(topic, b"<rss/>"), daemon=True).start()

    def asked(self, number: int) -> float:
        """Answer when the site was asked first for change *number*."""
        requests = self._site.requests(f"/{number % len(self.addresses)}.xml")
        return min(one.at for one in requests if one.at >= self.changed[number])

    def _show(self, feed: int) -> None:
        path, headers = f"/{feed}.xml", {}
        if self._hub:
            headers["Link"] = f'<{self._hub.url}>; rel="hub", <{self.addresses[feed]}>; rel="self"'
        self._site.put(path, rss(*self._items[feed], title=f"Wire {feed}"), headers=headers)


def rules(newsagent: Newsagent, plan: Plan) -> str:
    """Answer a rules.yaml in which each feed has a rule and a chat of its own."""
    every = "1h" if plan.push else "1s"
    feeds = "".join(
        f"  - {{url: '{address}', every: {every}, full_text: never}}\n"
        for address in newsagent.addresses
    )
    own = "".join(
        f"  - {{name: Rule {one}, match: port{one}, send_to: [chat{one}]}}\n"
        for one in range(plan.chats)
    )
    chats = "".join(
        f"  chat{one}: {{telegram: {_FIRST_CHAT + one}}}\n" for one in range(plan.chats)
    )
    return f"feeds:\n{feeds}rules:\n{own}chats:\n{chats}"


def watch(
    api: TelegramApi, newsagent: Newsagent, plan: Plan, alive: Callable[[], bool]
) -> dict[int, float]:
    """Make the changes; answer when the chat first showed each of them."""
    shown: dict[int, float] = {}
    chats = range(_FIRST_CHAT, _FIRST_CHAT + plan.chats)
    chance = random.Random(11)  # noqa: S311 -- not for secrets
    gaps = [chance.expovariate(1 / plan.spacing) for _ in range(plan.alerts)]
    times = list(accumulate(gaps, initial=time.monotonic()))[1:]

    def news(_: TelegramApi) -> set[int]:
        texts = (message.text for chat in chats for message in api.sent(chat))
        return {int(found[1]) for text in texts if (found := _NUMBER.search(text))} - shown.keys()

    def note(until: float, *, all_shown: bool = False) -> None:
        while time.monotonic() < until and not (all_shown and len(shown) == plan.alerts):
            found = api.happens(news, timeout=max(0.0, until - time.monotonic()))
            shown.update(dict.fromkeys(found, time.monotonic()))

    for at in times:
        note(at)
        if not alive():
            raise RuntimeError("the bot has ended")
        newsagent.change()
    note(time.monotonic() + _LATEST, all_shown=True)
    return shown


def decided(store: Path) -> dict[int, float]:
    """Answer when each alert was decided, in seconds since 1970."""
    query = "SELECT content, decided_at FROM alert"
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as db:
        rows = [(_NUMBER.search(content), at) for content, at in db.execute(query)]
    return {int(found[1]): at / 1000 for found, at in rows if found}


def sent(api: TelegramApi) -> dict[int, float]:
    """Answer when the server got each message."""
    calls = [(_NUMBER.search(one.params["text"]), one) for one in api.calls_of("sendMessage")]
    return {int(found[1]): one.at for found, one in calls if found and one.ok}


def measure(plan: Plan) -> dict[str, object]:
    """Run everything; answer the figures."""
    with (
        FeedSite(host="0.0.0.0") as site,  # noqa: S104 -- a host a feed
        Hub() as hub,
        TelegramApi() as api,
        tempfile.TemporaryDirectory() as folder,
    ):
        api.limits(True)
        for one in range(plan.chats):
            api.private_chat(_FIRST_CHAT + one, f"Reader {one}")
        newsagent = Newsagent(site, hub if plan.push else None, plan.chats)
        desk = Desk(Path(folder))
        desk.writes(rules(newsagent, plan))
        settings = {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url} | listens()
        try:
            bot = desk.starts("run", **settings)
            ready = 30 + 3 * plan.chats
            if plan.push:
                hub.wait_for(lambda: len(hub.subscriptions) == plan.chats, timeout=ready)
            else:
                polled = [f"/{one}.xml" for one in range(plan.chats)]
                site.wait_for(lambda: all(len(site.requests(one)) > 1 for one in polled), ready)
            shown = watch(api, newsagent, plan, lambda: bot.process.poll() is None)
            # A bot that has ended has written all that it knows.
            offset = now().timestamp() - time.monotonic()
            bot.stops()
        finally:
            desk.closes()
        in_store = decided(Path(folder, "data", "newsbell.db"))
        got = sent(api)
        moments = [
            (newsagent.changed[one], newsagent.asked(one), in_store[one] - offset, got[one], at)
            for one, at in sorted(shown.items())
        ]
        refused = sum(call.retry_after is not None for call in api.calls)
        return figures(plan, moments) | {"refused_by_rates": refused}


def listens() -> dict[str, str]:
    """Answer the settings by which hubs can tell the bot."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
    return {"LISTEN": listen, "PUBLIC_URL": f"http://{listen}"}


def figures(plan: Plan, moments: Sequence[Sequence[float]]) -> dict[str, object]:
    """Answer the median and the 95th percentile of each stage, in milliseconds."""
    took = {stage: [] for stage in STAGES} | {TOTAL: [one[-1] - one[0] for one in moments]}
    for one in moments:
        for stage, (begun, ended) in zip(STAGES, pairwise(one), strict=True):
            took[stage].append(ended - begun)
    return {
        "changes": plan.alerts,
        "shown": len(moments),
        "chats": plan.chats,
        "told_by": "push" if plan.push else "poll",
        "stages": {
            stage: {
                "median_ms": round(1000 * statistics.median(each), 1),
                "p95_ms": round(1000 * sorted(each)[math.ceil(0.95 * len(each)) - 1], 1),
            }
            for stage, each in took.items()
        },
    }


def show(found: Mapping[str, object]) -> None:
    """Print the table."""
    way = "pushes of a hub" if found["told_by"] == "push" else "a poll a second"
    print(
        f"{found['shown']} of {found['changes']} changes shown, by {way}; {found['chats']} private"
    )
    print(
        f"chats, so that their pace is not measured: {found['refused_by_rates']} calls too fast\n"
    )
    print(f"{'':20}{'median':>12}{'95th percentile':>18}")
    stages = found["stages"]
    assert isinstance(stages, dict)
    for stage, each in stages.items():
        print(f"{stage:20}{each['median_ms']:>9,.0f} ms{each['p95_ms']:>15,.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--alerts", type=int, default=200, help="how many changes")
    parser.add_argument("--chats", type=int, help="feeds, each with a chat; up to 250")
    parser.add_argument("--spacing", type=float, help="seconds between two changes, on average")
    parser.add_argument("--push", action="store_true", help="a hub tells, instead of polls")
    parser.add_argument("--json", action="store_true", help="print one object")
    given = parser.parse_args()
    chats, spacing = (60, 0.5) if given.push else (20, 0.3)
    found = measure(Plan(given.alerts, given.chats or chats, given.spacing or spacing, given.push))
    print(json.dumps(found)) if given.json else show(found)


if __name__ == "__main__":
    main()
