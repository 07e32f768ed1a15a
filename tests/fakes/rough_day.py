"""A rough day for a bot: killed, cut off, not answered, held, while it has much to tell."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from monitors.alerts.showing.presentable import DOUBT
from tests.fakes.feed_site import FeedSite
from tests.fakes.telegram_api import Call, Fault, TelegramApi

PRIVATE = tuple(range(201, 209))
GROUPS = tuple(range(-306, -300))
SUPERGROUPS = tuple(range(-1001000000407, -1001000000401))
CHATS = (*PRIVATE, *GROUPS, *SUPERGROUPS)
_AT_ONCE = 2
_LOST_AFTER = (Fault.DROP_AFTER, Fault.TRUNCATED_JSON, Fault.GATEWAY_504, Fault.HTML_BODY)
_OTHERS = (
    Fault.DROP_BEFORE,
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.GATEWAY_401,
    Fault.GATEWAY_404,
    Fault.SLOW,
)
_HEARS_WITHIN = 0.3
_PROBE = "editMessageReplyMarkup"
_HEADLINE = re.compile(r"The ship called \d{3} has left the harbour")


class Process(Protocol):
    """A bot that was started."""

    def kill(self) -> None:
        """End it with SIGKILL."""

    def stops(self) -> int:
        """Have it end, and answer its exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How rough it is.

    Attributes:
        stories: each is an alert for every chat.
        kills: how often the process is killed.
        outages: for how many seconds Telegram is down, each time.
        storms: how often several chats are held at once.
        hangs: how many answers never come.
        faults: how many other calls are broken.
    """

    stories: int = 50
    kills: int = 4
    outages: tuple[float, ...] = (6.0,)
    storms: int = 3
    hangs: int = 4
    faults: int = 60

    @property
    def alerts(self) -> int:
        """How many messages there should be."""
        return self.stories * len(CHATS)


@dataclass(slots=True)
class Figures:
    """What came of it."""

    wanted: int
    delivered: int
    doubled: int
    marked: int
    unmarked: int
    early: int
    unheard: int
    calls: int
    probes: int
    faults: Counter[str]
    seconds: float
    seed: int
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """How many alerts no chat shows."""
        return self.wanted - self.delivered

    def __str__(self) -> str:
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        more = ", ".join(f"{value} {name}" for name, value in self.more.items())
        return (
            f"seed {self.seed}, {self.seconds:.0f} s: {self.wanted} alerts in {len(CHATS)} chats: "
            f"{self.lost} lost, {self.doubled} doubled, {self.marked} marked, "
            f"{self.unmarked} doubled without a mark; {self.calls} calls, "
            f"{self.probes} of them to look for a message, {self.early} before a pause was over "
            f"(and {self.unheard} of which it was killed before it could be told); "
            f"{faults}; {more}"
        )


def rules(site: FeedSite) -> str:
    """Answer a rules.yaml by which every story goes to every chat."""
    chats = "".join(f"  chat{number}: {{telegram: {number}}}\n" for number in CHATS)
    return (
        f"feeds:\n  - url: {site.at('/feed.xml')}\n    every: 1s\n    catch_up: all\n"
        f"rules:\n  - match: ship\nchats:\n{chats}"
    )


def people(telegram: TelegramApi) -> None:
    """Have the chats in *telegram*."""
    for chat in PRIVATE:
        telegram.private_chat(chat, f"Reader {chat}")
    for chat in (*GROUPS, *SUPERGROUPS):
        telegram.group(chat, f"Group {chat}")


class RoughDay:
    """Carries out a plan.

    Args:
        telegram: with `people` in it.
        site: where the feed is.
        start: starts the bot.
        publish: puts so many stories into the feed.
    """

    def __init__(
        self,
        telegram: TelegramApi,
        start: Callable[[], Process],
        publish: Callable[[int], None],
        plan: Plan,
    ) -> None:
        self._telegram = telegram
        self._start = start
        self._publish = publish
        self._plan = plan
        self._seed = random.randrange(10**6)
        self._chance = random.Random(self._seed)
        self._bot: Process | None = None
        self._killed_at: list[float] = []

    def runs(self, patience: float) -> Figures:
        """Answer what came of the day, when all is told or there was time enough."""
        plan, began = self._plan, time.monotonic()
        deeds = [
            *[self._kills] * plan.kills,
            *[lambda s=seconds: self._outage(s) for seconds in plan.outages],
            *[self._storm] * plan.storms,
            *[self._hang] * plan.hangs,
            *[self._fault] * plan.faults,
        ]
        self._chance.shuffle(deeds)
        self._bot = self._start()
        steps = range(_AT_ONCE, plan.stories + _AT_ONCE, _AT_ONCE)
        for number, count in enumerate(steps):
            self._publish(min(count, plan.stories))
            share = deeds[
                number * len(deeds) // len(steps) : (number + 1) * len(deeds) // len(steps)
            ]
            for deed in share:
                self._some_calls(len(CHATS) // max(1, len(share)))
                deed()
        self._telegram.mend()
        self._telegram.wait_for(lambda _: len(self._shown()) == plan.alerts, timeout=patience)
        assert self._bot.stops() == 0
        return self._figures(time.monotonic() - began)

    def _some_calls(self, count: int) -> None:
        """Let the bot go on for some calls, or a moment if it has nothing to say."""
        before = len(self._sends())
        self._within(1.5, lambda: len(self._sends()) >= before + count)

    def _within(self, seconds: float, condition: Callable[[], bool]) -> None:
        """Wait for *condition*, but no longer than some *seconds*."""
        with suppress(AssertionError):
            self._telegram.wait_for(lambda _: condition(), timeout=seconds)

    def _sends(self) -> list[Any]:
        return self._telegram.calls_of("sendMessage")

    def _kills(self) -> None:
        """Kill the bot while messages are on their way."""
        for chat in self._chance.sample(CHATS, 8):
            self._telegram.fault(Fault.SLOW, chat_id=chat, seconds=0.6)
        self._within(3, lambda: sum(call.status is None for call in self._sends()[-20:]) >= 3)
        assert self._bot
        self._killed_at.append(self._telegram.clock.now())
        self._bot.kill()
        self._bot = self._start()

    def _outage(self, seconds: float) -> None:
        self._telegram.down(refuse=self._chance.random() < 0.5)
        self._within(seconds, lambda: False)
        self._telegram.up()

    def _storm(self) -> None:
        for chat in self._chance.sample(CHATS, 6):
            self._telegram.fault(
                Fault.RATE_LIMIT, chat_id=chat, retry_after=self._chance.choice((1, 2, 3))
            )

    def _hang(self) -> None:
        fault = self._chance.choice((Fault.HANG_AFTER, Fault.HANG_BEFORE))
        self._telegram.fault(fault, chat_id=self._chance.choice(CHATS), seconds=40.0)

    def _fault(self) -> None:
        """Break a call of some chat, mostly one whose message arrives all the same."""
        chat = self._chance.choice(CHATS)
        kinds = _LOST_AFTER if self._chance.random() < 0.6 else _OTHERS
        self._telegram.fault(self._chance.choice(kinds), chat_id=chat)
        if self._chance.random() < 0.2:
            kinds = (Fault.RATE_LIMIT, Fault.SERVER_ERROR, *_LOST_AFTER)
            self._telegram.fault(
                self._chance.choice(kinds), method=_PROBE, chat_id=chat, retry_after=2
            )

    def _shown(self) -> Counter[tuple[int, str]]:
        """Answer how often each chat shows each story."""
        return Counter(
            (chat, headline)
            for chat in CHATS
            for message in self._telegram.sent(chat)
            for headline in _HEADLINE.findall(message.text)
        )

    def _is_unheard(self, early: Call, calls: list[Call]) -> bool:
        """Answer whether the bot was killed at the moment when it was told of the pause."""
        pauses = [
            call.at
            for call in calls
            if call.chat_id == early.chat_id and call.status == 429 and call.at < early.at
        ]
        return any(pauses[-1] <= at <= pauses[-1] + _HEARS_WITHIN for at in self._killed_at)

    def _doubled_without_a_mark(self) -> int:
        plain = Counter(
            (chat, headline)
            for chat in CHATS
            for message in self._telegram.sent(chat)
            if DOUBT not in message.text
            for headline in _HEADLINE.findall(message.text)
        )
        return sum(count - 1 for count in plain.values())

    def _figures(self, seconds: float) -> Figures:
        shown = self._shown()
        calls = [call for call in self._telegram.calls if call.method != "getUpdates"]
        early = self._telegram.early_calls
        unheard = [call for call in early if self._is_unheard(call, calls)]
        return Figures(
            wanted=self._plan.alerts,
            delivered=len(shown),
            doubled=sum(count - 1 for count in shown.values()),
            marked=sum(
                DOUBT in message.text for chat in CHATS for message in self._telegram.sent(chat)
            ),
            unmarked=self._doubled_without_a_mark(),
            early=len(early) - len(unheard),
            unheard=len(unheard),
            calls=len(calls),
            probes=sum(call.method == _PROBE for call in calls),
            faults=Counter(call.fault.name for call in calls if call.fault),
            seconds=seconds,
            seed=self._seed,
        )
