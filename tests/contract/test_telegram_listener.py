"""The listener hears what people write, and is a burden to no server."""

import asyncio

import pytest
from structlog.testing import capture_logs

from monitors.adapters.telegram.listener import TelegramListener
from tests.fakes.feed_site import FeedSite
from tests.fakes.telegram_api import TOKEN, TelegramApi

ANN = 42


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
