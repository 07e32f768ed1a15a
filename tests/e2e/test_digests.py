"""Many alerts at once reach a chat in few messages, and none of them is missing."""

import json
import re
from datetime import UTC, datetime, timedelta

from tests.e2e.conftest import rss
from tests.fakes.telegram_api import Fault

ANN, DESK = 42, -1001000000042


def headline(number):
    return f"The ship called {number:03} has left the harbour"


def feed(count):
    return rss(*((number, headline(number)) for number in range(count)))


def shown(telegram, chat):
    """Answer how often each number of a ship stands in the messages of a chat."""
    texts = "\n".join(message.text for message in telegram.sent(chat))
    return sorted(int(number) for number in re.findall(r"called (\d{3})", texts))


def writes(desk, site, chats, **more):
    settings = "".join(f", {key}: {value}" for key, value in more.items())
    lines = "".join(
        f"  chat{-chat if chat < 0 else chat}: {{telegram: {chat}{settings}}}\n" for chat in chats
    )
    desk.writes(
        f"feeds: [{{url: {site.at('/feed.xml')}, every: 1s, catch_up: all}}]\n"
        f"rules: [{{name: Ships, match: ship}}]\nchats:\n{lines}"
    )


def starts(desk, telegram, **more):
    bot = desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url, **more)
    bot.wait_for("started")
    return bot


def test_a_flood_in_a_group_is_told_in_few_messages(desk, site, telegram):
    telegram.group(DESK, "Desk")
    telegram.limits(True)
    writes(desk, site, [DESK])
    site.put("/feed.xml", feed(3))
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: len(shown(api, DESK)) == 3)

    site.put("/feed.xml", feed(60))
    telegram.wait_for(lambda api: len(shown(api, DESK)) == 60, timeout=90)

    assert shown(telegram, DESK) == [*range(60)]
    digests = [message for message in telegram.sent(DESK) if "sent together" in message.text]
    assert 0 < len(digests) <= 3
    assert all(message.text.startswith("Ships · 57 stories since ") for message in digests)
    assert len(telegram.calls_of("sendMessage", chat_id=DESK)) <= 20
    assert telegram.early_calls == []
    query = (
        telegram.presses(ANN, digests[0], "Why together?") if telegram.private_chat(ANN) else None
    )
    telegram.wait_for(lambda _: query.answer is not None)
    assert query.answer.startswith("57 stories were due at ")
    assert bot.stops() == 0
    _, out, _ = desk.runs("alerts", "--json", "--limit", "100")
    told = [json.loads(line) for line in out.splitlines()]
    assert sum(one["digest"] is not None for one in told) == 57
    assert {one["state"] for one in told} == {"sent"}
    assert f"({len(digests)} digests tell of 57 alerts)" in desk.runs("status")[1]


def test_what_a_chat_had_blocked_comes_as_one_digest(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    writes(desk, site, [ANN])
    site.put("/feed.xml", feed(1))
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: len(shown(api, ANN)) == 1)

    telegram.blocks(ANN)
    bot.wait_for("chat.expelled")
    site.put("/feed.xml", feed(11))
    asked = len(site.requests("/feed.xml"))
    telegram.wait_for(lambda _: len(site.requests("/feed.xml")) > asked + 1)
    telegram.unblocks(ANN)
    telegram.wait_for(lambda api: len(shown(api, ANN)) == 11)

    _, digest = telegram.sent(ANN)
    assert "10 stories since" in digest.text
    assert "sent together: this chat took no messages" in digest.text
    assert bot.stops() == 0


def test_what_quiet_hours_held_back_is_one_message_that_grows(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    start = datetime.now(UTC)
    end = (start + timedelta(minutes=2 if start.second > 40 else 1)).strftime("%H:%M")
    began = (start - timedelta(hours=2)).strftime("%H:%M")
    writes(desk, site, [ANN], quiet_hours=f'"{began}-{end}"', timezone="UTC")
    site.put("/feed.xml", feed(5))
    bot = starts(desk, telegram)
    telegram.wait_for(lambda _: len(site.requests("/feed.xml")) > 1)
    silent = telegram.sent(ANN)
    bot.stops()  # what is held back outlives that
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: api.sent(ANN), timeout=120)

    assert silent == []
    (digest,) = telegram.sent(ANN)
    assert digest.text.startswith("Ships · What quiet hours held back: 5 stories")
    assert shown(telegram, ANN) == [*range(5)]
    items = [(number, headline(number)) for number in range(5)]
    site.put("/feed.xml", rss(*items, (99, headline(4), "", "https://herald.example/99")))
    telegram.wait_for(lambda api: "+1" in api.sent(ANN)[0].text, timeout=60)
    assert len(telegram.sent(ANN)) == 1
    assert bot.stops() == 0


def test_a_digest_whose_answer_was_lost_is_found_and_not_sent_again(desk, site, telegram):
    telegram.group(DESK, "Desk")
    writes(desk, site, [DESK])
    site.put("/feed.xml", feed(1))
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: len(shown(api, DESK)) == 1)

    telegram.fault(Fault.DROP_AFTER, chat_id=DESK)
    site.put("/feed.xml", feed(40))
    telegram.wait_for(lambda api: api.calls_of("editMessageReplyMarkup"), timeout=60)
    telegram.wait_for(lambda api: len(set(shown(api, DESK))) == 40, timeout=60)

    assert shown(telegram, DESK) == [*range(40)]
    assert bot.stops() == 0
