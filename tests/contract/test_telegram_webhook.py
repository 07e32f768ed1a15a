"""Telegram tells the listener; whoever else calls learns and changes nothing."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from monitors.adapters.telegram.listener import TelegramListener
from monitors.adapters.telegram.webhook import MOST_BYTES
from monitors.adapters.web.server import WebServer
from monitors.talking.heard import Deaf, Hears
from tests.fakes.telegram_api import TOKEN, TelegramApi

ANN = 42
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Told:
    """A listener that is told, and what it has heard."""

    def __init__(self, api, server, listener):
        self.api, self.server, self.listener = api, server, listener
        self.heard = []
        self._changed = asyncio.Condition()
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self):
        async for each in self.listener.heard():
            async with self._changed:
                self.heard.append(each)
                self._changed.notify_all()

    async def until(self, condition):
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: condition(self.heard))

    async def is_set(self):
        await asyncio.to_thread(self.api.wait_for, lambda api: api.calls_of("setWebhook"))

    async def says(self, data):
        """Send bytes; answer the status of what comes back, or None."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            writer.write(data)
            answer = await reader.read()
            return int(answer.split(b" ", 2)[1]) if answer else None
        except ConnectionError:
            return None
        finally:
            writer.close()


@asynccontextmanager
async def told(api, *, check_s=300.0, closes=True):
    doors = []
    server = WebServer("127.0.0.1", 0, doors)
    await server.open()
    url = f"http://127.0.0.1:{server.port}/tg/hook"
    listener = TelegramListener(TOKEN, api.url, url, pause_s=0.05, check_s=check_s)
    doors.append(listener.webhook)
    opened = Told(api, server, listener)
    try:
        await opened.is_set()
        yield opened
    finally:
        opened.listening.cancel()
        await asyncio.gather(opened.listening, return_exceptions=True)
        if closes:
            await listener.close()
        await server.close()


def run(work, **more):
    async def through(api):
        async with told(api, **more) as opened:
            return await work(opened)

    with TelegramApi() as api:
        api.private_chat(ANN, "Ann")
        return asyncio.run(through(api))


def post(body=b"{}", path="/tg/hook", method="POST", **headers):
    headers = {"Content-Type": "application/json", "Content-Length": len(body)} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\nHost: news.example\r\n{head}\r\n".encode() + body


def update(text="/why", number=1):
    person = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ANN, "type": "private", "first_name": "Ann"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


def test_telegram_tells_with_the_secret_and_is_answered_when_it_was_taken():
    async def work(opened):
        opened.api.says(ANN, ANN, "/why")
        opened.api.says(ANN, ANN, "/join")
        await opened.until(lambda heard: len(heard) == 2)
        await asyncio.to_thread(opened.api.wait_for, lambda api: not api.account.pending())
        return [each.text for each in opened.heard], list(opened.api.hook.answers)

    assert run(work) == (["/why", "/join"], [200, 200])


def test_the_webhook_ends_with_the_listener_and_nothing_is_dropped():
    async def work(opened):
        opened.listening.cancel()
        await opened.listener.close()
        opened.api.says(ANN, ANN, "/why")
        return opened.api.hook.url, len(opened.api.account.pending())

    assert run(work, closes=False) == ("", 1)


@pytest.mark.parametrize("secret", [None, "", "x", "0" * 64, "\xe9" * 64])
def test_without_the_secret_nobody_is_heard_and_nothing_of_it_is_logged(secret):
    async def work(opened):
        with capture_logs() as logs:
            status = await opened.says(post(update("/private"), **{SECRET: secret}))
            again = await opened.says(post(update("/private"), **{SECRET: secret}))
        opened.api.says(ANN, ANN, "/why")
        await opened.until(lambda heard: heard)
        return status, again, logs, [each.text for each in opened.heard]

    status, again, logs, heard = run(work)

    assert (status, again, heard) == (403, 403, ["/why"])
    assert [each["event"] for each in logs].count("webhook.refused") == 1
    assert "private" not in str(logs)


def with_secret(opened, *arguments, **more):
    return post(*arguments, **{SECRET: opened.api.hook.secret} | more)


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (b"{", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"update_id": ' + b"9" * 10_000 + b"}", {}, 400),
        (b"\xff", {}, 400),
        (b"[]", {}, 200),
        (b"7", {}, 200),
        (b"{}", {}, 200),
        (b'{"update_id": 7, "message": 7}', {}, 200),
        (b'{"update_id": 7, "message": {"chat": []}}', {}, 200),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Content-Length": MOST_BYTES + 1}, 413),
        (b"{}", {"method": "GET"}, 405),
        (b"{}", {"path": "/tg/hook/"}, 404),
        (b"{}", {"path": "/else/hook"}, 404),
        (b"{}", {"path": "/"}, 404),
    ],
)
def test_what_is_no_update_is_refused_and_telegram_is_still_heard(body, more, status):
    async def work(opened):
        answer = await opened.says(with_secret(opened, body, **more))
        opened.api.says(ANN, ANN, "/why")
        await opened.until(lambda heard: heard)
        return answer, [each.text for each in opened.heard]

    assert run(work) == (status, ["/why"])


def test_a_body_that_grows_too_large_is_cut_off():
    async def work(opened):
        piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        head = with_secret(opened, b"", **{"Content-Length": None, "Transfer-Encoding": "chunked"})
        return await opened.says(head + piece * (2 * MOST_BYTES // 0x8000)), opened.heard

    status, heard = run(work)
    assert (status in (413, None), heard) == (True, [])


@pytest.mark.parametrize("path", ["/hook", "/tg/hook", "/news/tg/hook"])
def test_a_proxy_may_take_from_the_path_or_add_to_it(path):
    async def work(opened):
        return await opened.says(with_secret(opened, update(), path=path))

    assert run(work) == 200


def test_who_takes_the_webhook_away_is_noticed_and_it_is_set_again():
    async def work(opened):
        opened.api.hook.set("https://elsewhere.example/hook", "", 0)
        await opened.until(lambda heard: any(isinstance(each, Hears) for each in heard))
        opened.api.says(ANN, ANN, "/why")
        await opened.until(lambda heard: len(heard) == 3)
        return opened.heard

    deaf, hears, said = run(work, check_s=0.1)

    assert (type(deaf), deaf.for_admins, type(hears), said.text) == (Deaf, True, Hears, "/why")
    assert "Another program" in deaf.why


def test_that_telegram_cannot_reach_the_address_is_said():
    async def work(opened):
        await opened.server.close()
        opened.api.says(ANN, ANN, "/why")
        await opened.until(lambda heard: heard)
        return opened.heard[0]

    deaf = run(work, check_s=0.1)

    assert deaf.for_admins
    assert deaf.why.startswith("Telegram cannot reach TELEGRAM_WEBHOOK_URL: Connection refused")


def test_what_is_not_taken_in_time_is_told_again():
    async def work(opened):
        opened.listening.cancel()
        await asyncio.gather(opened.listening, return_exceptions=True)
        opened.listener.webhook._taken_s = 0.5
        data = with_secret(opened, update())
        return await asyncio.gather(*(opened.says(data) for _ in range(101)))

    answers = run(work, closes=True)

    assert answers.count(503) == 101
