"""The listener hears what people write, and is a burden to no server."""

import asyncio
import json
from dataclasses import replace
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from structlog.testing import capture_logs

from monitors.adapters.telegram.listener import TelegramListener
from monitors.talking.heard import (
    Admitted,
    Deaf,
    Dropped,
    Expelled,
    Hears,
    Migrated,
    Passed,
    Place,
    Pressed,
    Said,
)
from monitors.talking.menu_board import NotSet
from monitors.talking.menus import Menu, Scope, named
from monitors.talking.ports import MOST_FILE_BYTES, NotFetched
from tests.fakes.feed_site import FeedSite
from tests.fakes.telegram_api import TOKEN, Fault, TelegramApi

ANN, FORUM = 42, -1001234567890


async def listens(url, seconds):
    """Answer what is heard within some *seconds*, or the first of it."""
    listener = TelegramListener(TOKEN, url)
    try:
        async with asyncio.timeout(seconds):
            async for said in listener.heard():
                return said
    except TimeoutError:
        return None
    finally:
        await listener.close()


def test_what_a_person_writes_is_heard_with_who_and_where():
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.says(ANN, ANN, "/addfeed example.org")
        said = asyncio.run(listens(api.url, 20))

    assert (said.user, said.chat, said.text) == (str(ANN), str(ANN), "/addfeed example.org")


async def hears_for(url, seconds):
    """Answer all that is heard within some *seconds*."""
    listener, heard = TelegramListener(TOKEN, url), []
    try:
        async with asyncio.timeout(seconds):
            async for each in listener.heard():
                heard += [each]
    except TimeoutError:
        return heard
    finally:
        await listener.close()


@pytest.mark.parametrize("updates", ['{"ok": true, "result": []}', "nonsense", '{"ok": true}'])
def test_a_server_that_answers_at_once_is_not_asked_without_end(updates):
    me = '{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "B", "username": "b_bot"}}'
    with FeedSite() as site:
        site.put(f"/bot{TOKEN}/getMe", me, content_type="application/json")
        site.put(f"/bot{TOKEN}/getUpdates", updates, content_type="application/json")
        heard = asyncio.run(hears_for(site.url, 2.5))

        assert 1 <= len(site.requests(f"/bot{TOKEN}/getUpdates")) <= 4
    assert [type(each) for each in heard] == ([] if "[]" in updates else [Deaf])


def test_a_server_that_is_no_telegram_is_only_said_so_once():
    with FeedSite() as site:
        site.put(
            f"/bot{TOKEN}/getMe", '{"ok": true, "result": {}}', content_type="application/json"
        )
        heard = asyncio.run(hears_for(site.url, 2.5))

    assert [(type(each), each.for_admins) for each in heard] == [(Deaf, False)]


def bots_own(api, chat, **content):
    with api._changed:
        return api.account.store_own(chat, **content)


async def hears(url, count, **more):
    """Answer the first things that are heard, so many."""
    listener, heard = TelegramListener(TOKEN, url, **more), []
    try:
        async with asyncio.timeout(20):
            async for each in listener.heard():
                heard.append(each)
                if isinstance(each, Pressed):
                    await listener.answer(each, "Done")
                    await listener.answer(each, "Twice")  # which Telegram refuses
                if len(heard) == count:
                    return heard
    finally:
        await listener.close()


def test_a_pressed_button_is_heard_with_who_and_where_and_is_answered_once():
    with TelegramApi() as api:
        api.group(FORUM, "Desk", forum=True, username="@Desk")
        api.topic(FORUM, 12, "Ships")
        chat = api.account.chat(FORUM)
        markup = {"inline_keyboard": [[{"text": "Why?", "callback_data": "why:1"}]]}
        message = bots_own(api, chat, text="A ship", reply_markup=markup, thread_id=12)
        query = api.presses(ANN, message, "Why?")
        (pressed,) = asyncio.run(hears(api.url, 1))

    place = Place(chat=str(FORUM), name="@Desk", topic=12)
    assert (pressed.user, pressed.place, pressed.data) == (str(ANN), place, "why:1")
    assert query.answer == "Done"


def test_a_channel_is_known_as_one():
    with TelegramApi() as api:
        message = bots_own(api, api.channel(FORUM, "News", username="@News"), text="A ship")
        api.presses(ANN, message, data="why:1")
        (pressed,) = asyncio.run(hears(api.url, 1))

    assert pressed.place == Place(chat=str(FORUM), name="@News", is_channel=True)


def test_a_button_of_a_message_that_was_deleted_is_heard_and_answered():
    with TelegramApi() as api:
        chat = api.private_chat(ANN, "Ann")
        message = bots_own(api, chat, text="A ship")
        api.deletes(message)
        query = api.presses(ANN, message, data="why:1")
        (pressed,) = asyncio.run(hears(api.url, 1))

    assert (pressed.place, query.answer) == (Place(chat=str(ANN)), "Done")


def test_a_reply_is_heard_with_the_message_that_it_answers_and_its_buttons():
    with TelegramApi() as api:
        chat = api.private_chat(ANN, "Ann")
        buttons = [{"text": "Split off 2", "callback_data": "split:7"}]
        markup = {"inline_keyboard": [[*buttons, {"text": "Site", "url": "https://wire.example"}]]}
        message = bots_own(api, chat, text="1. Wire", reply_markup=markup)
        api.says(ANN, ANN, "/split 2", reply_to=message)
        api.says(ANN, ANN, "/why")
        reply, alone = asyncio.run(hears(api.url, 2))

    assert reply.reply_to == str(message.message_id)
    assert reply.buttons == (("Split off 2", "split:7"),)
    assert (alone.reply_to, alone.buttons, alone.place.topic) == (None, (), None)


def test_a_thread_of_answers_in_a_plain_group_is_no_topic():
    with TelegramApi() as api:
        api.group(FORUM, "Desk", bot_admin=True)
        first = api.says(ANN, FORUM, "Hello")
        api.says(ANN, FORUM, "/why", reply_to=first)
        _, reply = asyncio.run(hears(api.url, 2))

    assert reply.place == Place(chat=str(FORUM))


def test_what_happens_to_the_chats_of_the_bot_is_heard():
    group, basic = -1002, -7
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.group(group, "Desk")
        api.group(basic, "Old")
        api.blocks(ANN)
        api.unblocks(ANN)
        api.kick(group, by=ANN)
        api.add(group, by=ANN)
        api.add(group, by=ANN, admin=True)
        api.restrict(group)
        api.migrate(basic, FORUM)
        heard = asyncio.run(hears(api.url, 8))

    desk = Place(chat=str(group))
    assert heard[:6] == [
        Expelled(
            place=Place(chat=str(ANN)),
            why="the user has blocked the bot; they can unblock it in Telegram",
        ),
        Admitted(place=Place(chat=str(ANN)), user=str(ANN), is_new=True),
        Expelled(place=desk, why="the bot is no longer in that chat; add it again"),
        Admitted(place=desk, user=str(ANN), is_new=True),
        Admitted(place=desk, user=str(ANN), is_new=False),
        Expelled(place=desk, why="the bot may not write there; a group administrator can allow it"),
    ]
    assert heard[6:] == [Migrated(old=str(basic), new=str(FORUM))] * 2


def test_an_administrator_who_stays_anonymous_speaks_in_the_name_of_the_group():
    with TelegramApi() as api:
        api.group(FORUM, "Desk", admins=(ANN,))
        api.says(ANN, FORUM, "/why", anonymous=True)
        (said,) = asyncio.run(hears(api.url, 1))

    assert (said.user, said.place) == (str(FORUM), Place(chat=str(FORUM)))


def test_what_was_edited_and_what_a_channel_posts_asks_for_nothing():
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.channel(FORUM, "News")
        first = api.says(ANN, ANN, "/why")
        api.edits(first, "/split 2")
        api.posts(FORUM, "/why")
        api.says(ANN, ANN, "/join")
        heard = asyncio.run(hears(api.url, 2))

    assert [each.text for each in heard] == ["/why", "/join"]
    assert len({each.key for each in heard}) == 2


def test_a_message_that_asks_for_nothing_is_known_by_its_number():
    with TelegramApi() as api:
        api.group(FORUM, "Desk", bot_admin=True)
        message = api.says(ANN, FORUM, "/why@other_bot")
        (passed,) = asyncio.run(hears(api.url, 1))

    assert passed == Passed(place=Place(chat=str(FORUM)), message=str(message.message_id))


def test_a_text_has_a_length():
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.says(ANN, ANN, "x" * 10_000)
        (said,) = asyncio.run(hears(api.url, 1))

    assert isinstance(said, Said)
    assert len(said.text) == 4_096


def drops(content, name="feeds.opml", *, before=None, **changes):
    """Answer a file that Ann drops, as it is heard, and what it holds."""
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.sends_file(ANN, ANN, name, content, caption="mine")
        (dropped,) = asyncio.run(hears(api.url, 1))
        if before:
            before(api)

        async def fetches():
            listener = TelegramListener(TOKEN, api.url)
            listener.files._within_s = 2
            try:
                return await listener.files.fetch(replace(dropped, **changes))
            finally:
                await listener.close()

        return dropped, asyncio.run(fetches()), api.calls_of("getFile")


def test_a_file_is_heard_and_fetched():
    dropped, content, _ = drops(b"<opml/>", name="../../etc/passwd")

    assert isinstance(dropped, Dropped)
    assert (dropped.file_name, dropped.size, dropped.text) == ("../../etc/passwd", 7, "mine")
    assert content == b"<opml/>"


def test_a_file_that_says_it_is_too_large_is_not_asked_for():
    _, content, calls = drops(b"x", size=MOST_FILE_BYTES + 1)

    assert (content, calls) == (NotFetched("it is larger than 5 MB"), [])


def test_a_file_that_says_less_than_it_is_is_cut_off():
    _, content, _ = drops(b"x" * (MOST_FILE_BYTES + 1), size=1)

    assert content == NotFetched("it is larger than 5 MB")


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.HANG_BEFORE, Fault.GATEWAY_404])
def test_a_file_that_cannot_be_had_is_said_so(fault):
    _, content, _ = drops(b"x", before=lambda api: api.fault(fault, "getFile"))

    assert content == NotFetched("Telegram does not give it out now; try again later")


@pytest.mark.parametrize("path", ["/etc/passwd", "http://127.0.0.1:9/x", "file:///etc/passwd"])
def test_no_path_of_a_machine_is_opened(path):
    me = json.dumps({"ok": True, "result": {"file_id": "a", "file_unique_id": "b"}})
    answer = json.loads(me)
    answer["result"]["file_path"] = path
    dropped = Dropped(user="1", place=Place(chat="1"), file="a", file_name="a", size=1)
    with FeedSite() as site:
        site.put(f"/bot{TOKEN}/getFile", json.dumps(answer), content_type="application/json")

        async def fetches():
            listener = TelegramListener(TOKEN, site.url)
            try:
                return await listener.files.fetch(dropped)
            finally:
                await listener.close()

        assert isinstance(asyncio.run(fetches()), NotFetched)


def test_a_second_program_is_noticed_once_and_both_hold_back():
    async def both(url):
        first = asyncio.create_task(hears_for(url, 3))
        second = asyncio.create_task(hears_for(url, 3))
        return await first, await second

    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        heard = asyncio.run(both(api.url))
        polls = api.calls_of("getUpdates")

    for each in heard:
        assert [one.for_admins for one in each if isinstance(one, Deaf)] in ([True], [])
    assert "Stop the other program" in next(one for each in heard for one in each).why
    assert len(polls) < 12


def test_a_webhook_that_somebody_has_set_is_ended_once_and_then_said():
    async def listens_on(api):
        listener = TelegramListener(TOKEN, api.url, pause_s=0.01)
        heard = listener.heard()
        try:
            async with asyncio.timeout(20):
                first = await anext(heard)
                set_webhook(api, "https://elsewhere.example/hook")
                api.says(ANN, ANN, "/join")
                return first, await anext(heard)
        finally:
            await listener.close()

    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        set_webhook(api, "https://elsewhere.example/secret")
        api.says(ANN, ANN, "/why")
        with capture_logs() as logs:
            first, second = asyncio.run(listens_on(api))

    (deleted,) = [each for each in logs if each["event"] == "webhook.deleted"]
    assert (deleted["host"], "secret" in deleted["say"]) == ("elsewhere.example", False)
    assert first.text == "/why"
    assert (second.for_admins, "again and again" in second.why) == (True, True)


def set_webhook(api, url):
    body = urlencode({"url": url}).encode()
    with urlopen(f"{api.url}/bot{TOKEN}/setWebhook", body) as answer:
        assert json.load(answer)["ok"]


def test_what_can_be_heard_again_is_said():
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.fault(Fault.SERVER_ERROR, "getUpdates", times=2)
        api.says(ANN, ANN, "/why")
        heard = asyncio.run(hears(api.url, 3, pause_s=0.01))

    assert [type(each) for each in heard] == [Deaf, Hears, Said]


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
def test_telegram_is_left_alone_for_as_long_as_it_asks(method):
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        api.fault(Fault.RATE_LIMIT, method, retry_after=1)
        api.says(ANN, ANN, "/why")
        heard = asyncio.run(hears(api.url, 3, pause_s=0.01))

        assert api.early_calls == []
    assert [type(each) for each in heard] == [Deaf, Hears, Said]


def shows(api, *menus):
    """Answer what becomes of menus that are shown."""

    async def through():
        listener = TelegramListener(TOKEN, api.url)
        try:
            return [await listener.boards.show(menu) for menu in menus]
        finally:
            await listener.close()

    return asyncio.run(through())


def test_menus_are_shown_and_taken_away():
    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        commands = (("why", "Why it is one story"),)
        menus = [Menu(scope=scope, commands=commands) for scope in list(Scope)[:3]]
        own = Menu(scope=Scope.CHAT, chat=str(ANN), commands=commands)
        assert shows(api, *menus, own) == [None] * 4

        assert api.menu("default") == dict(commands)
        assert api.menu("all_chat_administrators") == dict(commands)
        assert api.menu("chat", chat_id=ANN) == dict(commands)
        assert shows(api, named(own.name)) == [None]
        assert api.menu("chat", chat_id=ANN) == {}


def test_a_menu_that_telegram_does_not_take_is_tried_later():
    menu = Menu(scope=Scope.DEFAULT, commands=(("why", "Why"),))
    with TelegramApi() as api:
        unknown = shows(api, Menu(scope=Scope.CHAT, chat="43", commands=(("why", "Why"),)))
        api.fault(Fault.RATE_LIMIT, "setMyCommands", retry_after=7)
        later = shows(api, menu)

    assert unknown == [NotSet(120.0, every=False)]
    assert later == [NotSet(7.0, every=True)]
