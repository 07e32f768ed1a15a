"""The listener hears what people write, and is a burden to no server."""

import asyncio

import pytest
from structlog.testing import capture_logs

from monitors.adapters.telegram.listener import TelegramListener
from monitors.talking.heard import Place, Pressed
from tests.fakes.feed_site import FeedSite
from tests.fakes.telegram_api import TOKEN, TelegramApi

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


@pytest.mark.parametrize("updates", ['{"ok": true, "result": []}', "nonsense", '{"ok": true}'])
def test_a_server_that_answers_at_once_is_not_asked_without_end(updates):
    me = '{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "B", "username": "b_bot"}}'
    with FeedSite() as site:
        site.put(f"/bot{TOKEN}/getMe", me, content_type="application/json")
        site.put(f"/bot{TOKEN}/getUpdates", updates, content_type="application/json")
        with capture_logs() as logs:
            assert asyncio.run(listens(site.url, 2.5)) is None

        assert 1 <= len(site.requests(f"/bot{TOKEN}/getUpdates")) <= 4
    assert [each["event"] for each in logs] == ([] if "[]" in updates else ["telegram.deaf"])


def test_a_server_that_is_no_telegram_is_only_said_so_once():
    with FeedSite() as site:
        site.put(
            f"/bot{TOKEN}/getMe", '{"ok": true, "result": {}}', content_type="application/json"
        )
        with capture_logs() as logs:
            assert asyncio.run(listens(site.url, 2.5)) is None

    assert [each["event"] for each in logs] == ["telegram.deaf"]


def bots_own(api, chat, **content):
    with api._changed:
        return api.account.store_own(chat, **content)


async def hears(url, count):
    """Answer the first things that are heard, so many."""
    listener, heard = TelegramListener(TOKEN, url), []
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
