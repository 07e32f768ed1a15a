"""Killed at random moments, again and again: nothing is lost, and what is doubled says so."""

import os
import random
from collections import Counter

from monitors.alerts.showing.presentable import DOUBT
from tests.e2e.conftest import rss
from tests.fakes.telegram_api import Fault

CHATS = tuple(range(101, 113))
STORIES = 25
KILLS = int(os.environ.get("NEWSBELL_KILLS", "12"))


def rules(site):
    chats = "".join(f"  chat{number}: {{telegram: {number}}}\n" for number in CHATS)
    return (
        f"feeds:\n  - url: {site.at('/feed.xml')}\n    every: 1s\n    catch_up: all\n"
        f"rules:\n  - match: ship\nchats:\n{chats}"
    )


def headline(number):
    return f"The ship called {number:03} has left the harbour"


def told(telegram):
    """Answer how often each chat shows each story, and how many messages admit a doubt."""
    shown = Counter()
    doubtful = 0
    for chat in CHATS:
        for message in telegram.sent(chat):
            shown[chat, message.text.splitlines()[0]] += 1
            doubtful += DOUBT in message.text
    return shown, doubtful


def test_killed_at_random_moments_it_loses_nothing(desk, site, telegram, capsys):
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    for chat in CHATS:
        telegram.private_chat(chat, f"Reader {chat}")
    # Slow answers, so that many letters are on their way when the process dies.
    telegram.fault(Fault.SLOW, method="sendMessage", times=10**6, seconds=0.15)
    desk.writes(rules(site))
    wanted = len(CHATS) * STORIES
    published = 0
    for kill in range(KILLS + 1):
        bot = desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)
        published = STORIES if kill == KILLS else min(STORIES, published + 1 + STORIES // KILLS)
        site.put("/feed.xml", rss(*((n, headline(n)) for n in range(published))))
        if kill < KILLS:
            sent = len(telegram.calls_of("sendMessage"))
            after = sent + chance.randrange(min(12, wanted - sent) or 1)
            polls = len(site.requests("/feed.xml")) + chance.randrange(2)
            telegram.wait_for(
                lambda api, after=after, polls=polls: (
                    len(api.calls_of("sendMessage")) >= after
                    or len(site.requests("/feed.xml")) > polls + 20
                ),
                timeout=60,
            )
            bot.kill()
    telegram.wait_for(lambda api: len(told(api)[0]) == wanted, timeout=120)
    assert bot.stops() == 0

    shown, doubtful = told(telegram)
    doubled = sum(count - 1 for count in shown.values())
    with capsys.disabled():
        print(
            f"\nseed {seed}: {KILLS} kills, {wanted} alerts expected, {len(shown)} delivered, "
            f"{doubled} doubled, {wanted - len(shown)} lost, {doubtful} marked as doubtful"
        )
    assert len(shown) == wanted
    assert doubled <= doubtful
