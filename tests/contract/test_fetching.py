"""WebFetcher against a real site: what it asks, what it answers, and where it stops."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
import tomllib
import zlib
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import brotli
import pytest
import trustme
from aiohttp.abc import AbstractResolver
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st

from monitors.adapters.http.addresses import parse
from monitors.adapters.http.failures import failure_of
from monitors.adapters.http.fetch import PAGE_TYPES, WebFetcher
from monitors.adapters.http.guard import is_allowed
from monitors.adapters.http.sessions import USER_AGENT
from monitors.adapters.http.unpacking import PIECE, UnpackingError, unpacker
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed, NotModified, Validators
from tests.fakes import feed_site
from tests.fakes.feed_site import FeedSite
from tests.fakes.fetches import LOOPBACK, NOW, fails, fetch

ROOT = Path(__file__).parents[2]
BODY = b"<rss version='2.0'><channel><title>Wire</title></channel></rss>"
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


# What is asked


def test_a_request_says_who_asks_and_for_what(site):
    site.put("/feed.xml", BODY)
    fetch(site.at("/feed.xml"))
    (request,) = site.requests()
    assert request.method == "GET"
    assert request.headers["user-agent"] == USER_AGENT
    assert request.headers["accept-encoding"] == "gzip, deflate, br"
    for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json"):
        assert kind in request.headers["accept"]
    assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & set(request.headers)


def test_the_user_agent_names_the_version_that_is_released():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Newsbell/{project['version']} (+https://" in USER_AGENT


def test_a_page_is_asked_for_as_a_page(site):
    site.put("/page", "<p>hello", content_type="text/html")
    fetch(site.at("/page"), accept=PAGE_TYPES)
    assert site.requests()[0].headers["accept"].startswith("text/html")


def test_cookies_are_not_kept(site):
    site.put("/feed.xml", BODY, headers={"Set-Cookie": "id=1"})

    async def twice():
        web = WebFetcher(LOOPBACK, clock=lambda: NOW)
        await web.fetch(site.at("/feed.xml"))
        await web.fetch(site.at("/feed.xml"))
        await web.close()

    asyncio.run(twice())
    assert "cookie" not in site.requests()[1].headers


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/feed?a=1%2C2&b=x+y&c=%E9", "/feed?a=1%2C2&b=x+y&c=%E9"),
        ("/a%2Fb/../c;d=1", "/a%2Fb/../c;d=1"),
        ("/with space?q=two words", "/with%20space?q=two%20words"),
        ("/größe?für=ünï", "/gr%C3%B6%C3%9Fe?f%C3%BCr=%C3%BCn%C3%AF"),
        ("/feed#fragment", "/feed"),
        ("", "/"),
    ],
)
def test_an_address_is_asked_for_as_it_was_written(site, written, asked):
    site.put(asked, BODY)
    assert isinstance(fetch(site.at(written)), Fetched)
    assert site.requests()[0].target == asked


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("http://Bücher.example/", "xn--bcher-kva.example"),
        ("HTTPS://EXAMPLE.org", "example.org"),
        ("http://한국.example/", "xn--3e0b707e.example"),
        ("  http://example.org/  ", "example.org"),
    ],
)
def test_host_names_are_made_ascii(written, host):
    assert parse(written).raw_host == host


@pytest.mark.parametrize(
    "written",
    [
        "",
        "feed.xml",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://[::1/",
        "http://a:99999/",
        "http://a:0/",
        "javascript:alert(1)",
        "http://" + "x" * 70 + ".example/",
        "http://example.org/" + "x" * 9000,
    ],
)
def test_what_is_no_address_is_refused_in_words(written):
    assert fails(fetch(written), FailureReason.UNREACHABLE, "not an address")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text):
    for address in (text, f"http://{text}", f"http://h/{text}", f"http://{text}@h/"):
        found = parse(address)
        assert found is None or found.scheme in ("http", "https")


def test_a_name_and_password_are_sent_but_never_shown(site):
    site.put("/feed.xml", BODY)
    site.redirect("/old", "/feed.xml")
    host = site.url.removeprefix("http://")
    outcome = fetch(f"http://ada:s3cret@{host}/old")
    assert outcome.address == site.at("/feed.xml")
    assert [one.headers["authorization"] for one in site.requests()] == [
        "Basic YWRhOnMzY3JldA=="
    ] * 2
    site.down()
    refused = fetch(f"http://ada:s3cret@{host}/old")
    assert fails(refused, FailureReason.UNREACHABLE, "nobody answers")
    assert "s3cret" not in repr(refused)


# What is answered


def test_a_body_comes_whole_with_its_validators(site):
    site.put("/feed.xml", BODY, etag='W/"odd, one"', headers={"Last-Modified": "yesterday"})
    assert fetch(site.at("/feed.xml")) == Fetched(
        body=BODY,
        address=site.at("/feed.xml"),
        content_type=feed_site.FEED_TYPE,
        validators=Validators(etag='W/"odd, one"', last_modified="yesterday"),
    )


@pytest.mark.parametrize("etag", ['"plain"', 'W/"weak"', "without quotes", '""', '"a, b"'])
def test_validators_are_sent_back_byte_for_byte(site, etag):
    date = "Tue, 24 Nov 2026 00:00:00 +0000 (odd)"
    site.put("/feed.xml", BODY, etag=etag, headers={"Last-Modified": date})
    first = fetch(site.at("/feed.xml"))
    second = fetch(site.at("/feed.xml"), first.validators)
    assert second == NotModified(validators=first.validators)
    asked = site.requests()[1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == (etag, date)


def test_new_validators_of_a_304_replace_the_old_ones(site):
    answer = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\nLast-Modified: new\r\n\r\n"
    site.fail("/feed.xml", feed_site.raw(answer))
    outcome = fetch(site.at("/feed.xml"), Validators(etag='"1"', last_modified="old"))
    assert outcome == NotModified(validators=Validators(etag='"1"', last_modified="new"))


def test_validators_that_cannot_be_sent_back_are_not_kept(site):
    site.fail(
        "/feed.xml", feed_site.raw(HEAD + b'ETag: "\xff"\r\nLast-Modified: \xc3\xa9\r\n\r\nx')
    )
    assert fetch(site.at("/feed.xml")).validators == Validators()
    site.put("/long", BODY, etag="x" * 2000)
    assert fetch(site.at("/long")).validators == Validators()


def test_a_304_that_was_not_asked_for_is_a_failure(site):
    site.fail("/feed.xml", feed_site.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    assert fails(fetch(site.at("/feed.xml")), FailureReason.HTTP, "304 Not Modified")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("gzip", lambda body: gzip.compress(body) + b"\0padding" * 50_000),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_packed_bodies_are_unpacked(site, coding, pack):
    site.fail("/feed.xml", feed_site.packed(pack(BODY), coding))
    assert fetch(site.at("/feed.xml")).body == BODY


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 500, 502, 599, 204, 206])
def test_an_error_is_named(site, status):
    site.fail("/feed.xml", feed_site.raw(b"HTTP/1.1 %d Rude words\r\n\r\n" % status))
    outcome = fetch(site.at("/feed.xml"))
    assert fails(outcome, FailureReason.HTTP, f"the server answered {status}")
    assert "Rude" not in outcome.message
    assert outcome.retry_after is None


def test_a_missing_feed_is_said_to_be_missing(site):
    assert fetch(site.at("/none")).message == "the server answered 404 Not Found"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("Tue, 24 Nov 2026 00:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 23 Nov 2026 00:10:00 GMT", timedelta(0)),
        ("9" * 40, timedelta(days=30)),
        ("Tue, 24 Nov 9999 00:10:00 GMT", timedelta(days=30)),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_server_that_asks_for_patience_gets_it(site, status, asked, wait):
    site.refuse("/feed.xml", status, retry_after=asked)
    outcome = fetch(site.at("/feed.xml"))
    assert outcome.reason is FailureReason.HTTP
    assert outcome.retry_after == wait


def test_only_busy_servers_may_ask_for_patience(site):
    site.refuse("/feed.xml", 404, retry_after="120")
    assert fetch(site.at("/feed.xml")).retry_after is None


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site, status):
    site.redirect("/old", "new?q=ü", status=status)
    site.put("/new?q=%C3%BC", BODY)
    outcome = fetch(site.at("/old"), Validators(etag='"1"'))
    assert (outcome.body, outcome.address) == (BODY, site.at("/new?q=%C3%BC"))


def test_five_redirects_are_followed_and_a_sixth_is_not(site):
    for step in range(6):
        site.redirect(f"/{step}", f"/{step + 1}")
    site.put("/6", BODY)
    assert isinstance(fetch(site.at("/1")), Fetched)
    assert fails(fetch(site.at("/0")), FailureReason.HTTP, "more than 5 times")


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("/loop", "in a circle"),
        ("file:///etc/passwd", "no web address"),
        ("gopher://127.0.0.1/", "no web address"),
        ("http://[", "no web address"),
        ("", "without saying where"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_failure(site, to, words):
    site.redirect("/loop", to)
    assert fails(fetch(site.at("/loop")), FailureReason.HTTP, words)


def test_a_password_does_not_follow_to_another_site(site):
    with FeedSite() as other:
        other.put("/feed.xml", BODY)
        site.redirect("/old", other.at("/feed.xml"))
        fetch(f"http://ada:s3cret@{site.url.removeprefix('http://')}/old")
        assert "authorization" not in other.requests()[0].headers


# Failures and bounds


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (feed_site.raw(b""), "hangs up"),
        (feed_site.raw(b"hello\r\n\r\n"), "not proper HTTP"),
        (feed_site.raw(HEAD), "hangs up"),
        (feed_site.raw(HEAD + b"Content-Length: 5\r\n\r\nab"), "breaks off"),
        (feed_site.cut(BODY), "breaks off"),
        (feed_site.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"), "breaks off"),
        (feed_site.packed(gzip.compress(BODY)[:-10], "gzip"), "breaks off"),
        (feed_site.packed(zlib.compress(BODY)[:-5], "deflate"), "breaks off"),
        (feed_site.packed(brotli.compress(BODY * 9)[:-5], "br"), "breaks off"),
        (feed_site.packed(BODY, "gzip"), "cannot be unpacked"),
        (feed_site.packed(BODY, "deflate"), "cannot be unpacked"),
        (feed_site.packed(BODY, "br"), "cannot be unpacked"),
        (feed_site.packed(gzip.compress(gzip.compress(BODY)), "gzip, gzip"), "was not asked for"),
        (feed_site.packed(BODY, "zstd"), "was not asked for"),
        (feed_site.endless(HEAD, b"X: y\r\n" * 1000), "not proper HTTP"),
        (feed_site.endless(HEAD + b"X: "), "not proper HTTP"),
    ],
)
def test_a_broken_answer_is_a_failure_in_words(site, fault, words):
    site.fail("/feed.xml", fault)
    assert fails(fetch(site.at("/feed.xml")), FailureReason.BROKEN, words)


@pytest.mark.parametrize(
    "fault",
    [
        feed_site.endless(),
        feed_site.endless(HEAD + b"Content-Length: 50000000\r\n\r\n"),
        feed_site.endless(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)),
        feed_site.endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
        feed_site.bomb("gzip", size=50_000_000),
        feed_site.bomb("deflate", size=50_000_000),
        feed_site.bomb("br", size=50_000_000),
    ],
)
def test_a_body_without_end_is_given_up(site, fault):
    site.fail("/feed.xml", fault)
    assert fails(fetch(site.at("/feed.xml")), FailureReason.TOO_LARGE, "larger than 10 MB")


def test_the_bound_is_the_last_size_that_is_taken(site):
    site.put("/feed.xml", b"x" * 1000)
    assert len(fetch(site.at("/feed.xml"), max_bytes=1000).body) == 1000
    assert fetch(site.at("/feed.xml"), max_bytes=999).reason is FailureReason.TOO_LARGE


@pytest.mark.parametrize(
    "fault", [feed_site.hang(), feed_site.drip(BODY), feed_site.drip(gzip.compress(BODY))]
)
def test_a_server_that_never_finishes_is_given_up(site, fault):
    site.fail("/feed.xml", fault)
    outcome = fetch(site.at("/feed.xml"), total_s=0.5)
    assert fails(outcome, FailureReason.TIMEOUT, "did not finish within 0.5 s")


def test_a_site_that_is_down_is_unreachable_until_it_is_up_again(site):
    site.put("/feed.xml", BODY)
    site.down()
    assert fails(fetch(site.at("/feed.xml")), FailureReason.UNREACHABLE, "refused")
    site.up()
    assert fetch(site.at("/feed.xml")).body == BODY


def test_a_certificate_that_nobody_vouches_for_is_refused():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with FeedSite(tls=context) as site:
        site.put("/feed.xml", BODY)
        outcome = fetch(site.at("/feed.xml"))
        assert fails(outcome, FailureReason.UNREACHABLE, "certificate is not valid: ")
        assert site.requests() == ()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "there is no such host"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "cannot be looked up"),
        (OSError(113, "No route to host"), "there is no way to the host"),
        (OSError("Multiple exceptions: 127.0.0.1"), "the connection cannot be made"),
    ],
)
def test_what_stands_in_the_way_is_said_without_the_address(error, words):
    key = ConnectionKey("127.0.0.1", 80, False, True, None, None, None)
    failed = failure_of(aiohttp.ClientConnectorError(key, error), 10)
    assert fails(failed, FailureReason.UNREACHABLE, words)


CODINGS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_unpacks_in_small_pieces(coding):
    packed = CODINGS[coding](bytes(5_000_000))
    sizes = [len(piece) for piece in unpacker(coding).feed(packed)]
    assert sum(sizes) == 5_000_000
    assert max(sizes) <= 2 * PIECE


@given(st.binary(max_size=50), st.integers(1, 20_000), st.integers(1, 5000))
def test_what_was_packed_is_unpacked_however_it_arrives(data, times, step):
    body = data * times
    for coding, pack in CODINGS.items():
        packed, unpacking = pack(body), unpacker(coding)
        parts = [packed[start : start + step] for start in range(0, len(packed), step)]
        assert b"".join(piece for part in parts for piece in unpacking.feed(part)) == body
        assert unpacking.is_whole()


@given(st.binary(max_size=200), st.sampled_from(sorted(CODINGS)))
def test_any_bytes_are_unpacked_in_small_pieces_or_refused(data, coding):
    sizes = [0]
    with suppress(UnpackingError):
        sizes += [len(piece) for piece in unpacker(coding).feed(data)]
    assert max(sizes) <= 2 * PIECE


_PEAK = """
import asyncio, re, sys
from datetime import UTC, datetime
from ipaddress import ip_network
from monitors.adapters.http.fetch import WebFetcher

def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])

async def main(harmless, *bombs):
    web = WebFetcher([ip_network("127.0.0.0/8")], clock=lambda: datetime.now(UTC))
    await web.fetch(harmless)
    before = peak()
    reasons = [(await web.fetch(bomb)).reason.value for bomb in bombs]
    await web.close()
    print(*reasons, peak() - before)

asyncio.run(main(*sys.argv[1:]))
"""


def test_bombs_take_no_more_memory_than_the_bound_allows(site):
    site.put("/feed.xml", BODY)
    codings = ("gzip", "deflate", "br", "zstd", "gzip, gzip", "br, gzip")
    for at, coding in enumerate(codings):
        site.fail(f"/{at}", feed_site.bomb(coding))
    addresses = [site.at("/feed.xml"), *(site.at(f"/{at}") for at in range(len(codings)))]
    ran = subprocess.run(
        [sys.executable, "-c", _PEAK, *addresses],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    *reasons, kilobytes = ran.stdout.split()
    assert reasons == ["too_large"] * 3 + ["broken"] * 3
    assert int(kilobytes) < 40_000


# The guard


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0x7f.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "0.0.0.0",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
    ],
)
def test_no_connection_is_made_to_an_address_that_is_not_public(site, host):
    with FeedSite(host="127.0.0.2") as trusted:
        address = f"http://{host}:{site.port}/"
        trusted.redirect("/feed.xml", address)
        networks = (ip_network("127.0.0.2/32"),)
        direct = fetch(address, networks=networks)
        redirected = fetch(trusted.at("/feed.xml"), networks=networks)
        assert len(trusted.requests()) == 1
    for outcome in (direct, redirected):
        assert fails(outcome, FailureReason.FORBIDDEN_ADDRESS, "add its network to ALLOW_NETWORKS")
    assert site.connections == 0


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0177.0.0.1", "127.0.0.1.", "①②⑦.0.0.1"])
def test_no_connection_is_made_to_an_address_in_disguise(site, host):
    with FeedSite(host="127.0.0.2") as trusted:
        address = f"http://{host}:{site.port}/"
        trusted.redirect("/feed.xml", address)
        assert isinstance(fetch(address, networks=()), FetchFailed)
        networks = (ip_network("127.0.0.2/32"),)
        assert isinstance(fetch(trusted.at("/feed.xml"), networks=networks), FetchFailed)
        assert len(trusted.requests()) == 1
    assert site.connections == 0


class Rebound(AbstractResolver):
    """Gives a name one address after the other, as whoever owns the name may."""

    def __init__(self, *answers):
        self._answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):  # noqa: ARG002 -- its form
        addresses = self._answers.pop(0)
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        pass


def test_a_name_that_becomes_one_of_a_private_address_is_not_followed_there(site):
    with FeedSite(host="127.0.0.2", port=site.port) as trusted:
        trusted.put("/feed.xml", BODY)

        async def thrice():
            web = WebFetcher(
                (ip_network("127.0.0.2/32"),),
                clock=lambda: NOW,
                resolver=Rebound(["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]),
            )
            outcomes = []
            for _ in range(3):
                outcomes.append(await web.fetch(f"http://wire.example:{site.port}/feed.xml"))
                await web.close()  # and forget the names
            return outcomes

        first, second, both = asyncio.run(thrice())
    assert first.body == both.body == BODY
    assert fails(second, FailureReason.FORBIDDEN_ADDRESS, "its address is not public")
    assert site.connections == 0


def test_a_host_is_found_by_its_name(site):
    site.put("/feed.xml", BODY)
    assert fetch(f"http://localhost:{site.port}/feed.xml").body == BODY
    unknown = fetch("http://no-such-host.invalid/")
    assert unknown.reason is FailureReason.UNREACHABLE
    assert "host" in unknown.message


def test_no_connection_is_made_to_this_machine_over_ipv6():
    with FeedSite(host="::1") as site:
        outcome = fetch(site.at("/"), networks=(ip_network("127.0.0.0/8"),))
        assert outcome.reason is FailureReason.FORBIDDEN_ADDRESS
        assert site.connections == 0
        site.put("/", BODY)
        assert fetch(site.at("/")).body == BODY


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("2001:db8::1", False),
        ("2001::1", False),
        ("2002:808:808::", False),
        ("64:ff9b::808:808", False),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("::8.8.8.8", False),
    ],
)
def test_an_address_is_public_or_not(address, public):
    assert is_allowed(address, ()) is public


def test_a_network_is_allowed_also_where_ipv6_stands_for_ipv4():
    networks = (ip_network("192.168.1.0/24"), ip_network("fd00::/8"))
    assert is_allowed("::ffff:192.168.1.7", networks)
    assert is_allowed("fd12::1", networks)
    assert not is_allowed("192.168.2.7", networks)
