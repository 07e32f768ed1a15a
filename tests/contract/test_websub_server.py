"""The server for hubs answers what was given out, and gives nothing away to anybody else."""

import asyncio
import gzip
import hmac
import resource
from contextlib import asynccontextmanager

import pytest

from monitors.adapters.web.server import WebServer
from monitors.adapters.websub.calls import MOST_BYTES, HubDoor
from monitors.errors import SettingsError

SECRET, DOOR, TOPIC = "only the hub knows", "abc-DEF_123", "https://wire.example/feed?a=1&b=2"
BODY = b"<rss/>"


class Desk:
    """Knows one callback, agrees to one topic, and writes down what it is told."""

    def __init__(self):
        self.told = []
        self.looked_up = []

    def secret_of(self, callback):
        self.looked_up.append(callback)
        return SECRET if callback == DOOR else None

    async def agrees(self, callback, mode, topic, lease):
        self.told.append((mode, topic, lease))
        return callback == DOOR and topic == TOPIC

    async def hears_no(self, callback, topic):
        self.told.append(("denied", topic))
        return callback == DOOR and topic == TOPIC

    async def take(self, callback):
        self.told.append(("take", callback))

    def ignore(self, callback):
        self.told.append(("ignore", callback))


@asynccontextmanager
async def listening(**bounds):
    desk = Desk()
    server = WebServer("127.0.0.1", 0, (HubDoor(desk),), **bounds)
    await server.open()
    try:
        yield server, desk
    finally:
        await server.close()


async def say(server, data, *, keeps=False):
    """Send bytes; answer everything that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(data)
        if keeps:
            writer.write_eof()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(path="/websub/" + DOOR, **said):
    pairs = {name.replace("_", ".", 1): value for name, value in said.items()}
    query = "&".join(f"{name}={value}" for name, value in pairs.items())
    return f"GET {path}?{query} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()


def post(body=BODY, path="/websub/" + DOOR, signature=None, **more):
    signature = signature or "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    headers = {"Content-Length": len(body), "X-Hub-Signature": signature} | more
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    return f"POST {path} HTTP/1.1\r\nHost: news.example\r\n{head}\r\n".encode() + body


def exchange(data, **bounds):
    async def both():
        async with listening(**bounds) as (server, desk):
            return await say(server, data), desk

    return asyncio.run(both())


def status(answer):
    return int(answer.split(b" ", 2)[1])


ESCAPED = "https%3A%2F%2Fwire.example%2Ffeed%3Fa%3D1%26b%3D2"
GOOD = {"hub_mode": "subscribe", "hub_topic": ESCAPED, "hub_lease_seconds": "864000"}


def test_the_challenge_is_given_back_as_it_is_and_as_no_page():
    answer, desk = exchange(get(**GOOD, hub_challenge="%3Cscript%3Ealert(1)%3C/script%3E"))
    head, _, body = answer.partition(b"\r\n\r\n")

    assert (status(answer), body) == (200, b"<script>alert(1)</script>")
    assert b"Content-Type: text/plain" in head
    assert b"X-Content-Type-Options: nosniff" in head
    assert desk.told == [("subscribe", TOPIC, "864000")]


def test_a_proxy_may_leave_its_folder_in_the_path():
    answer, _ = exchange(get("/news/bot/websub/" + DOOR, **GOOD, hub_challenge="abc"))
    assert (status(answer), answer[-3:]) == (200, b"abc")


@pytest.mark.parametrize(
    "said",
    [
        GOOD | {"hub_topic": "https%3A%2F%2Felse.example%2F", "hub_challenge": "abc"},
        {"hub_mode": "subscribe", "hub_challenge": "abc"},
        {"hub_mode": "denied"},
    ],
)
def test_what_was_not_asked_for_is_not_found(said):
    answer, _ = exchange(get(**said))

    assert status(answer) == 404
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("challenge", ["", "x" * 2_049])
def test_a_challenge_has_a_length(challenge):
    answer, desk = exchange(get(**GOOD, hub_challenge=challenge))
    assert (status(answer), desk.told) == (400, [])


def test_a_denial_is_taken_note_of():
    answer, desk = exchange(get(hub_mode="denied", hub_topic=ESCAPED, hub_reason="no"))
    assert (status(answer), desk.told) == (200, [("denied", TOPIC)])


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_that_is_signed_is_taken(method):
    signature = f"{method}={hmac.new(SECRET.encode(), BODY, method).hexdigest()}"
    answer, desk = exchange(post(signature=signature))
    assert (status(answer), desk.told) == (202, [("take", DOOR)])


@pytest.mark.parametrize("signature", ["sha256=00", "none", "sha256=" + "0" * 64])
def test_a_push_that_is_not_signed_is_answered_alike_and_ignored(signature):
    good, _ = exchange(post())
    answer, desk = exchange(post(signature=signature))
    unsigned, _ = exchange(post(**{"X-Hub-Signature": None}))

    def without_date(text):
        return [line for line in text.split(b"\r\n") if not line.startswith(b"Date:")]

    assert without_date(answer) == without_date(good) == without_date(unsigned)
    assert desk.told == [("ignore", DOOR)]


def test_a_push_may_come_in_chunks():
    chunked = post(**{"Content-Length": None, "Transfer-Encoding": "chunked"})
    chunked = chunked[: -len(BODY)] + b"3\r\n<rs\r\n3\r\ns/>\r\n0\r\n\r\n"
    _, desk = exchange(chunked)
    assert desk.told == [("take", DOOR)]


def test_what_is_packed_is_signed_packed_and_never_unpacked():
    bomb = gzip.compress(bytes(200_000_000), 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, desk = exchange(post(bomb, **{"Content-Encoding": "gzip"}))

    assert desk.told == [("take", DOOR)]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_body_that_says_it_is_too_large_is_refused_at_once():
    answer, desk = exchange(post(**{"Content-Length": MOST_BYTES + 1}))
    assert (status(answer), desk.told) == (413, [])


def test_a_body_that_grows_too_large_is_cut_off():
    async def pours():
        async with listening() as (server, desk):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            head = post(b"", **{"Content-Length": None, "Transfer-Encoding": "chunked"})
            writer.write(head)
            sent = 0
            try:
                while sent <= 2 * MOST_BYTES:
                    writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                    await writer.drain()
                    sent += 65_536
                    # The server's turn: both share this loop.
                    await asyncio.sleep(0)
                answer = await reader.read()
            except ConnectionError:
                answer = b""
            writer.close()
            return sent, answer, desk

    sent, answer, desk = asyncio.run(pours())

    assert sent > MOST_BYTES
    assert not answer or status(answer) == 413
    assert desk.told == []


@pytest.mark.parametrize(
    "path", ["/", "/websub/", "/websub/abc", "/" + DOOR, f"/websub/{DOOR}/", f"/x{DOOR}", "/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD", "OPTIONS"])
def test_anything_else_is_not_found_and_its_body_is_not_read(path, method):
    request = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n".encode()
    answer, desk = exchange(request)

    assert (status(answer), desk.told) == (404, [])


def test_no_other_method_is_allowed():
    answer, _ = exchange(b"DELETE /websub/" + DOOR.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status(answer) == 405


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: x\r\n" * 100 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_proper_request_is_refused_without_a_word(data):
    answer, desk = exchange(data + b"\r\n\r\n")

    assert status(answer) == 400
    assert answer.endswith(b"\r\n\r\n")
    assert desk.looked_up == []


@pytest.mark.parametrize("data", [get(), post(), b"nonsense\r\n\r\n", get("/else")])
def test_nothing_tells_what_runs_here(data):
    answer, _ = exchange(data)

    assert b"Server: -\r\n" in answer
    for word in (b"aiohttp", b"python", b"newsbell"):
        assert word not in answer.lower()


def test_a_connection_that_dawdles_is_cut_off():
    async def dawdle():
        async with listening(longest_s=0.2) as (server, desk):
            silent = say(server, b"")
            head = say(server, get()[:20])
            body = say(server, post(**{"Content-Length": 100}))
            async with asyncio.timeout(10):
                return await asyncio.gather(silent, head, body), desk

    answers, desk = asyncio.run(dawdle())

    assert [answer[:9] for answer in answers] == [b"", b"", b""]
    assert desk.told == []


def test_a_hub_that_breaks_off_is_no_push():
    async def breaks_off():
        async with listening() as (server, desk):
            await say(server, post(**{"Content-Length": 100}), keeps=True)
            return desk

    assert asyncio.run(breaks_off()).told == []


def test_connections_too_many_are_refused_until_there_is_room():
    async def crowd():
        async with listening(most=3) as (server, desk):
            idle = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(3)]
            refused = await say(server, post())
            for _, writer in idle:
                writer.close()
                await writer.wait_closed()
            taken = b""
            while not taken:  # until the server has seen them go
                taken = await say(server, post())
            return refused, taken, desk

    refused, taken, desk = asyncio.run(crowd())

    assert (refused, status(taken)) == (b"", 202)
    assert desk.told == [("take", DOOR)]


def test_a_port_that_is_taken_is_said_in_plain_words():
    async def twice():
        async with listening() as (server, _):
            await WebServer("127.0.0.1", server.port, ()).open()

    with pytest.raises(
        SettingsError,
        match=r"LISTEN is 127\.0\.0\.1:\d+, where Newsbell cannot listen: Address already in use\."
        r" Name another port",
    ):
        asyncio.run(twice())


def test_an_address_of_another_machine_is_said_in_plain_words():
    with pytest.raises(SettingsError, match=r"assign requested address\. Name an address of this"):
        asyncio.run(WebServer("192.0.2.1", 8181, ()).open())
