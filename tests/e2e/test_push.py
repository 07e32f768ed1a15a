"""A hub pushes, and the alert is there long before the next poll; through `bot.py` as a process."""

import socket
import urllib.error
import urllib.request

import pytest

from tests.e2e.conftest import rss
from tests.fakes.hub import Fault, Hub


@pytest.fixture
def hub():
    with Hub() as opened:
        yield opened


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def shows(site, hub, *items, path="/feed.xml"):
    link = f'<{hub.url}>; rel="hub", <{site.at(path)}>; rel="self"'
    site.put(path, rss(*items), headers={"Link": link})


def rules(site, *paths):
    feeds = "\n".join(
        f"  - url: {site.at(path)}\n    every: 1h\n    catch_up: all"
        for path in paths or ("/feed.xml",)
    )
    return f"feeds:\n{feeds}\nrules:\n  - name: Ships\n    match: ship\n"


def starts(desk, port, **environment):
    bot = desk.starts(
        "run",
        PUBLIC_URL=f"http://127.0.0.1:{port}/news",
        LISTEN=f"127.0.0.1:{port}",
        **environment,
    )
    bot.wait_for("started")
    return bot


def subscribes(desk, site, hub, port):
    """Start a bot on one feed, and have it subscribe."""
    shows(site, hub, (1, "A quiet day"))
    desk.writes(rules(site))
    bot = starts(desk, port)
    hub.wait_for(lambda: hub.subscriptions)
    return bot


def test_a_push_brings_an_alert_long_before_the_next_poll(desk, site, hub, port):
    bot = subscribes(desk, site, hub, port)
    shows(site, hub, (1, "A quiet day"), (2, "A ship sails"))
    (answer,) = hub.push(site.at("/feed.xml"), b"<rss/>")

    bot.wait_for("A ship sails")

    assert answer.status == 202
    assert len(site.requests("/feed.xml")) == 2


def test_a_lease_outlives_a_restart_and_nobody_is_asked_early(desk, site, hub, port):
    bot = subscribes(desk, site, hub, port)
    bot.stops()
    bot = starts(desk, port)
    shows(site, hub, (1, "A quiet day"), (2, "A ship sails"))
    hub.push(site.at("/feed.xml"), b"<rss/>", method="sha512")

    bot.wait_for("A ship sails")

    assert len(hub.requests) == 1


def test_what_is_not_signed_right_moves_nothing(desk, site, hub, port):
    bot = subscribes(desk, site, hub, port)
    shows(site, hub, (1, "A quiet day"), (2, "A ship sails"))
    topic = site.at("/feed.xml")
    forged = hub.push(topic, b"<rss/>", secret="guessed") + hub.push(topic, b"<rss/>", method="")

    bot.wait_for('"hub.ignored"')

    assert {answer.status for answer in forged} == {202}
    assert len(site.requests("/feed.xml")) == 1
    hub.push(topic, b"<rss/>")
    bot.wait_for("A ship sails")


def test_a_feed_that_leaves_the_rules_leaves_its_hub(desk, site, hub, port):
    subscribes(desk, site, hub, port)
    site.put("/else.xml", rss())
    desk.writes(rules(site, "/else.xml"))

    hub.wait_for(lambda: not hub.subscriptions)

    assert hub.requests[-1]["hub.mode"] == "unsubscribe"


def test_a_hub_that_denies_leaves_the_polls_as_they_were(desk, site, hub, port):
    hub.fault = Fault.DENY
    shows(site, hub, (1, "A ship sails"))
    desk.writes(rules(site))
    bot = starts(desk, port)

    bot.wait_for("A ship sails", '"hub.denied"')

    assert hub.subscriptions == {}


def test_neither_secret_nor_callback_is_logged(desk, site, hub, port):
    bot = subscribes(desk, site, hub, port)
    (held,) = hub.subscriptions.values()
    shows(site, hub, (1, "A quiet day"), (2, "A ship sails"))
    hub.push(held.topic, b"<rss/>")
    bot.wait_for("A ship sails")
    bot.stops()

    assert held.secret not in bot.out + bot.err
    assert held.callback.rpartition("/")[2] not in bot.out + bot.err


def test_without_a_public_address_nothing_listens_and_no_hub_is_asked(desk, site, hub, port):
    shows(site, hub, (1, "A ship sails"))
    desk.writes(rules(site))
    bot = desk.starts("run", LISTEN=f"127.0.0.1:{port}")
    bot.wait_for("A ship sails")

    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")

    assert hub.requests == []


def test_a_port_that_is_taken_stops_the_start_with_a_remedy(desk, site, port):
    desk.writes(rules(site))
    with socket.create_server(("127.0.0.1", port)):
        code, _, err = desk.runs(
            "run", PUBLIC_URL="https://news.example", LISTEN=f"127.0.0.1:{port}"
        )

    assert code == 1
    assert "LISTEN is 127.0.0.1" in err
    assert "Traceback" not in err
