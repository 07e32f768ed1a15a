"""Chats that move, that take nothing for a while, and what people decide on what failed."""

import json
import re

import pytest

from tests.e2e.conftest import rss

ANN, BOSS, GROUP, SUPERGROUP = 42, 7, -4711, -1001234567890

_HEADLINE = re.compile(r"The ship called \d{3} has left the harbour")


def headline(number):
    return f"The ship called {number:03} has left the harbour"


@pytest.fixture
def newsroom(desk, site, telegram):
    return Newsroom(desk, site, telegram)


class Newsroom:
    """A bot that tells one chat of ships."""

    def __init__(self, desk, site, telegram):
        self.desk, self.site, self.telegram = desk, site, telegram
        telegram.private_chat(BOSS, "Boss")
        self.publishes(0)

    def starts(self, chat):
        self.desk.writes(
            f"feeds:\n  - url: {self.site.at('/feed.xml')}\n    every: 1s\n    catch_up: all\n"
            f"rules:\n  - match: ship\nchats:\n  desk: {{telegram: {chat}}}\n"
        )
        bot = self.desk.starts(
            "run",
            TELEGRAM_TOKEN=self.telegram.token,
            TELEGRAM_API_URL=self.telegram.url,
            ADMINS=str(BOSS),
        )
        bot.wait_for("started")
        return bot

    def publishes(self, count):
        self.site.put("/feed.xml", rss(*((n, headline(n)) for n in range(count))))

    def shown(self, chat):
        """Answer the headlines that a chat shows, or the first lines of other messages."""
        texts = [message.text for message in self.telegram.sent(chat)]
        found = (_HEADLINE.findall(text) or text.splitlines()[:1] for text in texts)
        return sorted(line for lines in found for line in lines)

    def waits_for(self, chat, count):
        self.telegram.wait_for(lambda _: len(self.shown(chat)) >= count, timeout=60)


def test_a_new_chat_that_is_not_there_silences_no_other(newsroom):
    newsroom.telegram.private_chat(ANN, "Ann")
    newsroom.publishes(1)
    bot = newsroom.starts(ANN)
    newsroom.waits_for(ANN, 1)
    bot.stops()

    newsroom.publishes(2)
    bot = newsroom.starts(f"{ANN}}}\n  typo: {{telegram: -99")
    newsroom.waits_for(ANN, 2)
    newsroom.waits_for(BOSS, 1)

    assert "chat.unreachable" in bot.err
    assert newsroom.shown(BOSS)[0].startswith("The chat typo")


def test_a_group_that_becomes_a_supergroup_misses_nothing(newsroom):
    newsroom.telegram.group(GROUP, "Desk")
    newsroom.starts(GROUP)
    newsroom.publishes(2)
    newsroom.waits_for(GROUP, 2)
    newsroom.telegram.migrate(GROUP, SUPERGROUP)
    newsroom.publishes(5)
    newsroom.waits_for(SUPERGROUP, 3)

    rules = newsroom.desk.folder / "rules.yaml"
    newsroom.telegram.wait_for(lambda _: str(SUPERGROUP) in rules.read_text(), timeout=30)
    assert newsroom.shown(GROUP) == [headline(n) for n in (0, 1)]
    assert newsroom.shown(SUPERGROUP) == [headline(n) for n in (2, 3, 4)]


def test_what_was_kept_arrives_when_the_bot_is_let_in_again(newsroom):
    newsroom.telegram.private_chat(ANN, "Ann")
    newsroom.starts(ANN)
    newsroom.publishes(1)
    newsroom.waits_for(ANN, 1)
    newsroom.telegram.blocks(ANN)
    newsroom.publishes(4)
    newsroom.waits_for(BOSS, 1)
    calls = len(newsroom.telegram.calls_of("sendMessage", chat_id=ANN))
    newsroom.telegram.unblocks(ANN)
    newsroom.waits_for(ANN, 4)

    assert newsroom.shown(ANN) == [headline(n) for n in range(4)]
    assert "The chat desk takes no messages" in newsroom.shown(BOSS)[0]
    assert calls == 2


def test_people_decide_what_becomes_of_what_failed(newsroom):
    newsroom.telegram.private_chat(ANN, "Ann")
    bot = newsroom.starts(ANN)
    newsroom.telegram.blocks(ANN)
    newsroom.publishes(2)
    newsroom.waits_for(BOSS, 1)

    def failed(*options):
        return newsroom.desk.runs("alerts", "--failed", *options)

    listed = [json.loads(line) for line in failed("--json")[1].splitlines()]
    first, second = sorted(row["id"] for row in listed)
    dropped = failed("--drop", str(first), "--json")
    again = failed("--drop", str(first))
    newsroom.telegram.account.chats[ANN].bot_status = "member"  # and the bot is not told
    retried = failed("--retry", "all", "--json")
    newsroom.waits_for(ANN, 1)

    assert {(row["chat"], row["state"], row["kind"]) for row in listed} == {
        ("desk", "parked", "alert")
    }
    assert json.loads(dropped[1]) == {"done": "dropped", "messages": 1}
    assert (again[0], "no" in again[2].lower()) == (1, True)
    assert json.loads(retried[1]) == {"done": "retried", "messages": 1}
    assert len(newsroom.shown(ANN)) == 1
    assert second != first
    assert bot.stops() == 0


def test_what_is_given_up_or_dropped_does_not_come_back_by_itself(newsroom):
    """A story that grows brings nothing that people have to decide on."""
    newsroom.telegram.private_chat(ANN, "Ann")
    bot = newsroom.starts(ANN)
    newsroom.telegram.blocks(ANN)
    first = ("a", "The ship called Borealis sinks off Norway", "", "https://a.example/1")
    newsroom.site.put("/feed.xml", rss(first))
    newsroom.waits_for(BOSS, 1)
    newsroom.desk.runs("alerts", "--failed", "--drop", "all")
    newsroom.telegram.unblocks(ANN)
    grown = [first, ("b", first[1], "", "https://b.example/1")]
    newsroom.site.put("/feed.xml", rss(*grown))
    bot.wait_for('"outcome": "changed"', times=2)
    newsroom.site.put("/feed.xml", rss(*grown, (9, headline(9))))
    newsroom.waits_for(ANN, 1)

    assert newsroom.shown(ANN) == [headline(9)]


def test_a_token_that_is_revoked_is_said_by_status_and_loses_nothing(newsroom):
    """The bot goes on asking, and goes on when the token is valid again."""
    newsroom.telegram.private_chat(ANN, "Ann")
    bot = newsroom.starts(ANN)
    token, newsroom.telegram.account.token = newsroom.telegram.account.token, "1:revoked"
    newsroom.publishes(1)
    bot.wait_for("refuses the token")
    status = newsroom.desk.runs("status")[1]
    newsroom.telegram.account.token = token
    newsroom.waits_for(ANN, 1)

    assert "1 chat is left alone for a while: Telegram refuses the token" in status


@pytest.mark.parametrize(
    "options",
    [
        ("--retry", "1"),
        ("--failed", "--retry", "x"),
        ("--failed", "--retry", "1", "--drop", "1"),
    ],
)
def test_what_makes_no_sense_is_refused(newsroom, options):
    assert newsroom.desk.runs("alerts", *options)[0] == 2
