"""Hubs are asked as WebSub says, only where they may be, and whatever they do is an answer."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace

import pytest

from monitors.adapters.http.hubs import WebHubs
from monitors.polling.subscription import HubAnswer, Subscription
from tests.fakes.feed_site import FeedSite, drip, endless, raw
from tests.fakes.hub import Fault, Hub
from tests.fakes.stand_ins import START, Clock

LOOPBACK = (ip_network("127.0.0.0/8"),)
TOPIC = "https://wire.example/feed?a=1&b=ü"


@pytest.fixture
def hub():
    with Hub() as opened:
        opened.fault = Fault.SILENT
        yield opened


def known(address, **more):
    values = SimpleNamespace(hub=address, topic=TOPIC, callback="door", secret="key", since=START)
    return replace(Subscription(**vars(values), public_url="https://news.example"), **more)


def ask(subscription, networks=LOOPBACK, **bounds):
    return asyncio.run(WebHubs(networks, clock=Clock(), **bounds).ask(subscription))


def test_a_hub_is_asked_to_push_for_ten_days(hub):
    answer = ask(known(hub.url))

    assert answer == HubAnswer()
    assert hub.requests == [
        {
            "path": "/hub",
            "hub.mode": "subscribe",
            "hub.topic": TOPIC,
            "hub.callback": "https://news.example/websub/door",
            "hub.lease_seconds": "864000",
            "hub.secret": "key",
            "hub.verify": "async",
        }
    ]


def test_a_hub_is_asked_to_end_it(hub):
    ask(known(hub.url, wanted=False))

    (form,) = hub.requests
    assert form["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in form


def test_a_hub_may_send_on_to_another(hub):
    hub.fault = Fault.MOVED

    assert ask(known(hub.url)) == HubAnswer()
    assert [form["path"] for form in hub.requests] == ["/hub", "/other"]


def test_a_hub_that_sends_on_for_ever_is_given_up(hub):
    hub.fault = Fault.ASTRAY

    assert "redirects" in ask(known(hub.url)).problem
    assert len(hub.requests) == 4


def test_a_refusal_is_told_from_a_moment_of_weakness(hub):
    hub.fault = Fault.REFUSE
    refused = ask(known(hub.url))
    hub.fault = Fault.BUSY
    busy = ask(known(hub.url))

    assert (refused.problem, refused.refused) == ("the server answered 403 Forbidden", True)
    assert (busy.refused, busy.wait.total_seconds()) == (False, 3600)


def test_a_hub_that_never_answers_is_given_up(hub):
    hub.fault = Fault.HANG

    assert ask(known(hub.url), total_s=0.2).problem == "the server did not finish within 0.2 s"


@pytest.mark.parametrize(
    "fault",
    [
        drip(b"x" * 1_000),
        endless(),
        raw(b""),
        raw(b"nonsense\r\n\r\n"),
        endless(b"HTTP/1.1 202 Accepted\r\n", b"A: " + b"x" * 60_000 + b"\r\n"),
    ],
)
def test_what_a_hub_says_is_not_waited_for(fault):
    with FeedSite() as site:
        site.fail("/hub", fault)
        answer = ask(known(site.at("/hub")), total_s=5)

    assert answer.problem is None or "finish" not in answer.problem


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://0x7f.1/",
        "http://169.254.169.254/",
        "http://localhost/",
    ],
)
def test_a_private_hub_is_asked_only_if_its_network_is_allowed(address):
    assert "not public" in ask(known(address), networks=()).problem


def test_a_public_hub_cannot_send_on_to_a_private_address(hub):
    with FeedSite(host="127.0.0.2") as site:
        site.redirect("/hub", hub.url, status=307)
        answer = ask(known(site.at("/hub")), networks=(ip_network("127.0.0.2/32"),))

    assert "not public" in answer.problem
    assert hub.requests == []


@pytest.mark.parametrize("address", ["ftp://hub.example/", "", "http://", "http://h:0/"])
def test_what_is_no_address_is_not_asked_again_soon(address):
    assert ask(known(address)).refused


def test_a_hub_that_nobody_runs_is_said_so():
    assert ask(known("http://127.0.0.1:1/")).problem == "nobody answers: the connection was refused"
