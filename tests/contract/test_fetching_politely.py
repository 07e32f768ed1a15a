"""What WebFetcher tells of an answer, so that polls can be polite."""

import ssl
import subprocess
import sys
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from monitors.adapters.http.headers import hub_and_topic, max_age
from monitors.feeds.feed import FailureReason, Fetched, NotModified, Validators
from tests.fakes import feed_site
from tests.fakes.feed_site import FeedSite
from tests.fakes.fetches import NOW, fetch

ROOT = Path(__file__).parents[2]
BODY = b"<rss version='2.0'><channel><title>Wire</title></channel></rss>"
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


def date(later):
    return format_datetime(NOW + later, usegmt=True)


# Validators


def test_an_answer_without_validators_leaves_none(site):
    site.put("/feed.xml", BODY, etag=False)
    outcome = fetch(site.at("/feed.xml"), Validators(etag='"1"', last_modified="yesterday"))
    assert isinstance(outcome, Fetched)
    assert outcome.validators == Validators()


def test_the_same_body_with_a_new_etag_has_the_new_one(site):
    site.put("/feed.xml", BODY, etag='"1"')
    first = fetch(site.at("/feed.xml"))
    site.put("/feed.xml", BODY, etag='"2"')
    second = fetch(site.at("/feed.xml"), first.validators)
    assert second.validators == Validators(etag='"2"')


def test_no_date_is_made_up(site):
    site.put("/feed.xml", BODY, headers={"Date": date(-HOUR)})
    first = fetch(site.at("/feed.xml"))
    fetch(site.at("/feed.xml"), first.validators)
    assert "if-modified-since" not in site.requests()[1].headers


def test_where_a_redirect_leads_is_asked_with_the_same_validators(site):
    site.redirect("/old", "/new")
    site.put("/new", BODY, etag='"1"', headers={"Last-Modified": "an odd date"})
    known = Validators(etag='"1"', last_modified="an odd date")
    assert fetch(site.at("/old"), known) == NotModified(validators=known)
    for request in site.requests():
        assert request.headers["if-none-match"] == '"1"'
        assert request.headers["if-modified-since"] == "an odd date"


# How long an answer is fresh


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=3600"}, HOUR),
        ({"Cache-Control": "public, MAX-AGE = 3600, must-revalidate"}, HOUR),
        ({"Cache-Control": 'max-age="3600"'}, HOUR),
        ({"Cache-Control": "max-age=3600, max-age=60"}, HOUR),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, timedelta(minutes=50)),
        ({"Cache-Control": "max-age=3600", "Age": "soon"}, HOUR),
        ({"Cache-Control": "max-age=3600", "Age": "3600"}, None),
        ({"Cache-Control": "max-age=3600", "Age": "9" * 99}, None),
        ({"Cache-Control": "s-maxage=3600"}, None),
        ({"Cache-Control": "s-maxage=60, max-age=3600"}, HOUR),
        ({"Cache-Control": "stale-while-revalidate=60, x-max-age=60"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=3600, no-store"}, None),
        ({"Cache-Control": "No-Cache, max-age=3600"}, None),
        ({"Cache-Control": 'no-cache="set-cookie", max-age=3600'}, HOUR),
        ({"Cache-Control": 'ext="no-store, max-age=60", max-age=3600'}, HOUR),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=1.5"}, None),
        ({"Cache-Control": "max-age"}, None),
        ({"Cache-Control": "max-age=²"}, None),
        ({"Cache-Control": "max-age=" + "9" * 5_000}, YEAR),
        ({"Cache-Control": "max-age=31536001"}, YEAR),
        ({"Cache-Control": "max-age=nonsense", "Expires": date(HOUR)}, None),
        ({"Expires": date(HOUR)}, HOUR),
        ({"Expires": date(HOUR), "Date": date(-HOUR)}, 2 * HOUR),
        ({"Expires": date(HOUR), "Date": "today"}, HOUR),
        ({"Expires": date(HOUR), "Age": "60"}, timedelta(minutes=59)),
        ({"Expires": date(HOUR), "Cache-Control": "public"}, HOUR),
        ({"Expires": date(HOUR), "Cache-Control": "max-age=60"}, timedelta(minutes=1)),
        ({"Expires": date(-HOUR)}, None),
        ({"Expires": "0"}, None),
        ({"Expires": "-1"}, None),
        ({"Expires": "Tue, 24 Nov 9999 00:10:00 GMT"}, YEAR),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_its_server_says(site, headers, fresh):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    site.fail("/new", feed_site.raw(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + BODY))
    site.fail("/old", feed_site.raw(b"HTTP/1.1 304 Not Modified\r\n" + lines + b"\r\n"))
    assert fetch(site.at("/new")).max_age == fresh
    assert fetch(site.at("/old"), Validators(etag='"1"')).max_age == fresh


def test_several_lines_of_a_header_are_read_as_one(site):
    lines = b"Cache-Control: public\r\nCache-Control: max-age=3600\r\n"
    site.fail("/feed.xml", feed_site.raw(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + BODY))
    assert fetch(site.at("/feed.xml")).max_age == HOUR


@given(st.lists(st.text(max_size=40), min_size=4, max_size=4))
def test_whatever_the_headers_say_an_age_is_positive_and_at_most_a_year(said):
    control, *others = said
    for text in (control, f"max-age={control}", f'a="{control}, max-age=7'):
        fresh = max_age(text, *others, NOW)
        assert fresh is None or timedelta(0) < fresh <= YEAR


# Where a feed has moved to


@pytest.mark.parametrize(
    ("steps", "moved_to"),
    [
        ([], None),
        ([301], 1),
        ([308], 1),
        ([302], None),
        ([303], None),
        ([307], None),
        ([301, 308], 2),
        ([301, 302], 1),
        ([301, 302, 301], 1),
        ([302, 301], None),
    ],
)
def test_a_feed_has_moved_as_far_as_permanent_redirects_lead(site, steps, moved_to):
    for at, status in enumerate(steps):
        site.redirect(f"/{at}", f"/{at + 1}", status=status)
    last = f"/{len(steps)}"
    expected = None if moved_to is None else site.at(f"/{moved_to}")
    site.put(last, BODY, etag='"1"')
    assert fetch(site.at("/0")).moved_to == expected
    assert fetch(site.at("/0"), Validators(etag='"1"')).moved_to == expected
    site.refuse(last, 404)
    assert fetch(site.at("/0")).moved_to == expected
    site.fail(last, feed_site.packed(BODY, "gzip"))
    assert fetch(site.at("/0")).moved_to == expected


@pytest.mark.parametrize(
    "to", ["/here", "file:///etc/hostname", "http://10.0.0.1/", "http://127.0.0.1:1/", "/dead"]
)
def test_nothing_has_moved_to_where_nobody_may_or_can_go(site, to):
    site.redirect("/old", "/here", status=301)
    site.redirect("/here", to, status=301)
    site.fail("/dead", feed_site.raw(b""))
    outcome = fetch(site.at("/here"))
    assert outcome.reason is not FailureReason.BROKEN or "hangs up" in outcome.message
    assert outcome.moved_to is None


def test_an_address_with_a_password_does_not_move(site):
    site.redirect("/old", "/new", status=301)
    site.put("/new", BODY)
    outcome = fetch(site.at("/old").replace("//", "//ada:s3cret@"))
    assert (outcome.body, outcome.moved_to) == (BODY, None)


def test_a_password_in_a_redirect_is_not_kept(site):
    host = site.url.removeprefix("http://")
    site.redirect("/old", f"http://ada:s3cret@{host}/new", status=301)
    site.put("/new", BODY)
    assert fetch(site.at("/old")).moved_to == site.at("/new")


_TRUSTING = """
import asyncio, sys
from datetime import UTC, datetime
from ipaddress import ip_network
from monitors.adapters.http.fetch import WebFetcher

async def main(*addresses):
    web = WebFetcher([ip_network("127.0.0.0/8")], clock=lambda: datetime.now(UTC))
    for address in addresses:
        outcome = await web.fetch(address)
        print(getattr(outcome, "message", "fetched"), outcome.moved_to, sep="|")
    await web.close()

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_feed_moves_to_an_encrypted_address_and_never_back(site, tmp_path):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "trusted.pem")
    with FeedSite(tls=context) as safe:
        site.redirect("/old", safe.at("/feed.xml"), status=301)
        site.redirect("/back", safe.at("/back"), status=301)
        safe.put("/feed.xml", BODY)
        safe.redirect("/back", site.at("/feed.xml"), status=301)
        ran = subprocess.run(
            [sys.executable, "-c", _TRUSTING, site.at("/old"), site.at("/back")],
            cwd=ROOT,
            env={"SSL_CERT_FILE": str(tmp_path / "trusted.pem")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stderr == ""
        refused = "the server redirects from an encrypted address to one that is not"
        assert ran.stdout.splitlines() == [f"fetched|{safe.at('/feed.xml')}", f"{refused}|None"]
    assert site.requests("/feed.xml") == ()


# The status


@pytest.mark.parametrize("status", [301, 304, 401, 404, 410, 429, 500, 503])
def test_a_failure_tells_what_the_server_answered(site, status):
    site.fail("/feed.xml", feed_site.raw(b"HTTP/1.1 %d Words\r\n\r\n" % status))
    assert fetch(site.at("/feed.xml")).status == status


def test_a_body_that_fails_tells_its_status_and_no_answer_tells_none(site):
    site.fail("/packed", feed_site.packed(BODY, "gzip"))
    site.fail("/silent", feed_site.raw(b""))
    assert fetch(site.at("/packed")).status == 200
    assert fetch(site.at("/silent")).status is None


# WebSub


HUB = '<https://hub.example.org/>; rel="hub"'


@pytest.mark.parametrize(
    ("links", "hub", "topic"),
    [
        ([], None, None),
        ([HUB], "https://hub.example.org/", None),
        ([HUB, "</feed.xml>; rel=self"], "https://hub.example.org/", "/feed.xml"),
        ([f"{HUB}, <?a=1>; REL=Self"], "https://hub.example.org/", "/dir/now?a=1"),
        (['<//h.example.org/x,y;z>; title="a, b"; rel="x HUB"'], "http://h.example.org/x,y;z", ""),
        (["<https://a.example.org/>; rel=hub, <https://b.example.org/>; rel=hub"],
         "https://a.example.org/", None),
        (["<https://a.example.org/>; rel=hubs, <https://b.example.org/>; relx=hub"], None, None),
        (["<javascript:alert(1)>; rel=hub, <file:///etc/passwd>; rel=self"], None, None),
        (["<https://ada:s3cret@h.example.org/>; rel=hub"], "https://h.example.org/", None),
        (["<https://h.example.org/" + "x" * 9000 + ">; rel=hub"], None, None),
        (["https://h.example.org/; rel=hub", "<", "<>", ">; rel=hub", "<http://[>; rel=hub"],
         None, None),
        (["<https://h.example.org/>, rel=hub", '<https://h.example.org/>; title="; rel=hub"'],
         None, None),
    ],
)  # fmt: skip
def test_a_hub_is_what_the_link_headers_name(site, links, hub, topic):
    lines = "".join(f"Link: {link}\r\n" for link in links).encode()
    site.fail("/dir/now", feed_site.raw(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + BODY))
    outcome = fetch(site.at("/dir/now"))
    assert outcome.hub == hub
    assert outcome.topic == (site.at(topic) if topic else None)


@given(st.lists(st.text(max_size=60), max_size=3))
def test_whatever_the_links_say_a_hub_is_a_web_address(links):
    for link in (*links, *(f"<{text}>; rel=hub" for text in links)):
        hub, topic = hub_and_topic([link], URL("https://wire.example/feed.xml"))
        assert hub is None or hub.startswith(("http://", "https://"))
        assert topic is None or topic.startswith(("http://", "https://"))
