"""The bot hears people by polls or by a webhook, shows them menus, and is flooded by nobody."""

import json
import socket
import threading
import urllib.error
import urllib.request

import pytest

from tests.e2e.conftest import rss
from tests.fakes.feed_site import hang
from tests.fakes.telegram_api import TOKEN

ADMIN, ANN, EVE, DESK = 41, 42, 45, -1001
SECRET = "X-Telegram-Bot-Api-Secret-Token"
RULES = f"feeds: []\nrules: [match: ship]\nchats:\n  ann: {{telegram: {ANN}}}\n"


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def starts(desk, telegram, rules=RULES, **environment):
    for user in (ADMIN, ANN, EVE):
        if user not in telegram.account.chats:
            telegram.private_chat(user, f"User {user}")
    desk.writes(rules)
    settings = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
    bot = desk.starts("run", **settings | {"ADMINS": str(ADMIN)} | environment)
    bot.wait_for("started")
    return bot


def texts(api, chat):
    """Answer what the bot has written into *chat*."""
    return [message.text for message in api.sent(chat)]


def calls(address, body=None, **headers):
    """Answer the status of a call."""
    content = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(address, data=body, headers=content | headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_with_a_webhook_telegram_tells_and_nobody_else_can(desk, telegram, port):
    hook = f"http://127.0.0.1:{port}/tg/hook"
    listens = {"TELEGRAM_WEBHOOK_URL": hook, "LISTEN": f"127.0.0.1:{port}"}
    hubs = {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    bot = starts(desk, telegram, **listens, **hubs)
    telegram.says(ANN, ANN, "/why")
    telegram.wait_for(lambda api: texts(api, ANN))

    person = {"id": ADMIN, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ANN, "type": "private", "first_name": "Ann"}
    forged = {"message_id": 9, "date": 1, "chat": chat, "from": person, "text": "/why"}
    body = json.dumps({"update_id": 9, "message": forged}).encode()
    refused = [calls(hook, body), calls(hook, body, **{SECRET: "0" * 64})]
    elsewhere = calls(f"http://127.0.0.1:{port}/websub/x")
    taken = [calls(hook, body, **{SECRET: telegram.hook.secret}) for _ in range(3)]
    telegram.wait_for(lambda api: len(texts(api, ANN)) == 2)

    assert (refused, elsewhere, taken) == ([403, 403], 404, [200] * 3)
    assert telegram.hook.told_as[SECRET] == telegram.hook.secret
    assert telegram.calls_of("getUpdates") == []
    assert telegram.hook.secret not in bot.err
    assert bot.stops() == 0
    assert telegram.hook.url == ""
    assert len(texts(telegram, ANN)) == 2

    telegram.says(ANN, ANN, "/why")
    starts(desk, telegram)
    telegram.wait_for(lambda api: len(texts(api, ANN)) == 3)


def test_after_a_webhook_that_was_left_behind_the_bot_asks_again(desk, telegram):
    telegram.hook.set("https://elsewhere.example/hook", "", 0)
    telegram.private_chat(ANN)
    telegram.says(ANN, ANN, "/why")
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: texts(api, ANN))

    bot.wait_for("webhook.deleted", "elsewhere.example")
    assert telegram.hook.url == ""


def test_a_second_program_on_the_token_is_said_to_those_who_can_stop_it(desk, telegram):
    starts(desk, telegram)
    telegram.wait_for(lambda api: api.calls_of("getUpdates"))
    address = f"{telegram.url}/bot{TOKEN}/getUpdates?timeout=20"
    other = threading.Thread(target=calls, args=(address,))
    other.start()
    telegram.wait_for(lambda api: texts(api, ADMIN))
    other.join()

    (said,) = texts(telegram, ADMIN)
    assert said.startswith("Another program asks Telegram what people write to this bot")
    assert texts(telegram, ANN) == []
    code, out, _ = desk.runs("health")
    assert (code, "Another program" in out) == (0, True)
    assert "Chat      Another program" in desk.runs("status")[1]
    assert json.loads(desk.runs("status", "--json")[1])["deaf"].startswith("Another program")


def test_each_chat_has_a_menu_of_what_may_be_asked_there(desk, telegram):
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: api.menu("chat", chat_id=ADMIN))

    shown = {
        scope: set(telegram.menu(scope))
        for scope in ("default", "all_group_chats", "all_chat_administrators")
    }
    anns, admins = (set(telegram.menu("chat", chat_id=user)) for user in (ANN, ADMIN))
    assert shown["default"] <= {"start", "help"}
    assert {"why"} <= shown["all_group_chats"] < shown["all_chat_administrators"]
    assert {"why", "split", "join"} <= anns < admins
    assert "addfeed" in admins - anns

    before = len(telegram.calls_of("setMyCommands", "deleteMyCommands"))
    telegram.private_chat(43, "Bob")
    desk.writes(RULES.replace(f"telegram: {ANN}", "telegram: 43"))
    bot.wait_for("rules.reloaded")
    telegram.wait_for(lambda api: api.menu("chat", chat_id=43))
    after = telegram.calls_of("setMyCommands", "deleteMyCommands")[before:]
    assert telegram.menu("chat", chat_id=ANN) == {}
    assert [call.method for call in after] == ["deleteMyCommands", "setMyCommands"]


def test_who_asks_too_much_is_told_once_and_others_are_answered(desk, telegram):
    chats = f"  ann: {{telegram: {ANN}}}\n  desk: {{telegram: {DESK}}}\n"
    telegram.group(DESK, "Desk")
    starts(desk, telegram, f"feeds: []\nrules: [match: ship]\nchats:\n{chats}")
    for _ in range(100):
        telegram.says(EVE, DESK, "/why")
    telegram.says(ANN, ANN, "/why")
    telegram.wait_for(lambda api: texts(api, ANN))

    flood = "One moment, please"
    telegram.wait_for(lambda api: any(text.startswith(flood) for text in texts(api, DESK)))
    said = telegram.says(ADMIN, ADMIN, "/nonsense")
    telegram.wait_for(lambda api: [m for m in api.sent(ADMIN) if m.message_id > said.message_id])
    assert sum(text.startswith(flood) for text in texts(telegram, DESK)) == 1
    assert len(texts(telegram, DESK)) <= 32


def test_what_a_crash_has_interrupted_is_said_and_not_done_twice(desk, site, telegram):
    site.fail("/", hang())
    bot = starts(desk, telegram)
    telegram.says(ADMIN, ADMIN, f"/addfeed {site.url}")
    site.wait_for(lambda: site.requests("/"))
    bot.kill()

    again = starts(desk, telegram)
    telegram.wait_for(lambda api: texts(api, ADMIN))
    telegram.says(ADMIN, ADMIN, "/why")
    telegram.wait_for(lambda api: len(texts(api, ADMIN)) == 2)

    first, _ = texts(telegram, ADMIN)
    assert first.startswith("Newsbell was stopped while it worked on /addfeed.")
    assert len(site.requests("/")) == 1
    assert again.stops() == 0


def test_a_chat_that_lets_the_bot_in_again_gets_what_was_kept(desk, site, telegram):
    site.put("/feed.xml", rss(title="Wire"))
    rules = RULES.replace("[]", f"[{{url: {site.at('/feed.xml')}, every: 1s, catch_up: all}}]")
    bot = starts(desk, telegram, rules)
    telegram.blocks(ANN)
    bot.wait_for("chat.expelled")
    site.put("/feed.xml", rss((1, "A ship sails"), title="Wire"))
    telegram.wait_for(lambda api: [c for c in api.calls_of("sendMessage") if c.status == 403])
    telegram.wait_for(lambda api: any("takes no messages" in text for text in texts(api, ADMIN)))
    telegram.unblocks(ANN)

    telegram.wait_for(lambda api: any("A ship sails" in text for text in texts(api, ANN)))
    assert len(texts(telegram, ANN)) == 1
