"""What feeds that fail, move or go are asked and told of; with a fake clock."""

from itertools import pairwise

import pytest

from tests.contract.test_polite_polling import HOUR, feed_of, rules, times
from tests.fakes.feed_site import FeedSite
from tests.fakes.newsroom import newsroom


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


# An edit of rules.yaml, or a restart, is no reason to ask sooner


def test_an_edit_of_the_rules_does_not_ask_for_what_is_gone(site):
    site.refuse("/feed.xml", 410)
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(days=2)
        for word in ("boat", "tug", "ferry"):
            room.reloads(rules(site.at("/feed.xml"), every="1h", match=word))
            room.runs(days=1)
        asked = times(room)

    assert len(asked) == 2


def test_an_edit_of_the_rules_does_not_end_a_rest(site):
    site.refuse("/feed.xml", 429, retry_after="7200")
    with newsroom(rules(site.at("/feed.xml"), every="1m"), near=True) as room:
        room.runs(minutes=2)
        room.reloads(rules(site.at("/feed.xml"), every="1m", match="boat"))
        room.runs(hours=1)
        asked = times(room)

    assert len(asked) == 1


def test_an_edit_of_the_rules_does_not_forget_what_a_feed_asks_for(site):
    site.put("/feed.xml", feed_of("A ship sails", head="<ttl>180</ttl>"))
    with newsroom(rules(site.at("/feed.xml"), every="2m-30m")) as room:
        room.runs(minutes=2)
        room.reloads(rules(site.at("/feed.xml"), every="2m-30m", match="boat"))
        room.runs(hours=2.5)
        asked = times(room)

    assert len(asked) == 1


@pytest.mark.parametrize("every", ["5m", "2m-5m"])
def test_a_shorter_time_in_the_rules_counts_at_once(site, every):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"), every="12h")) as room:
        room.runs(minutes=2)
        room.reloads(rules(site.at("/feed.xml"), every=every))
        room.runs(minutes=6)
        asked = times(room)

    assert len(asked) == 2


# Hosts of the user's own


def test_behind_a_host_of_the_users_own_each_feed_rests_for_itself(site):
    paths = [f"/{number}.xml" for number in range(6)]
    for path in paths:
        site.refuse(path, 429)
    with newsroom(rules(*map(site.at, paths), every="10m"), near=True) as room:
        room.runs(minutes=2)
        waits = [feed.memory.next_poll_at - room.clock() for feed in room.feeds()]

    assert max(waits) < 1.1 * HOUR


def test_behind_a_host_of_the_users_own_the_rest_doubles_though_others_can_be_read(site):
    site.refuse("/0.xml", 429)
    site.put("/1.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/0.xml"), site.at("/1.xml"), every="10m"), near=True) as room:
        room.runs(hours=9)
        first, second, *_ = (b - a for a, b in pairwise(times(room, "/0.xml")))

    assert first >= HOUR
    assert second >= 2 * HOUR


# What people are told


def test_who_stumbles_on_a_host_that_is_known_to_be_down_is_not_called_down(site):
    paths = [f"/{number}.xml" for number in range(7)]
    for path in paths:
        site.put(path, feed_of("A ship sails"))
    with newsroom(rules(*map(site.at, paths), every="1h")) as room:
        room.runs(hours=2)
        for path in paths[:4]:
            site.refuse(path, 404)
        room.runs(days=5)
        down = room.notices()
        for _ in range(3):
            site.refuse("/6.xml", 500)
            room.runs(hours=2)
            site.put("/6.xml", feed_of("A ship sails"))
            room.runs(days=1)
        later = room.notices()

    assert (len(down), later) == (1, [])


# Moving


def test_a_feed_whose_new_address_was_written_down_has_not_moved_any_more(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(days=9)
        room.reloads(rules(site.at("/new.xml"), every="6h"))
        at_once = room.feed().memory.asked_at
        room.notices()
        room.runs(days=1)
        memory, notices = room.feed().memory, room.notices()

    assert (at_once, memory.asked_at, memory.told, notices) == (None, None, None, [])


def test_a_feed_that_moves_back_is_asked_at_its_own_address_again(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(days=9)
        site.put("/old.xml", feed_of("A ship sails"))
        site.redirect("/new.xml", site.at("/old.xml"), status=301)
        room.runs(days=9)
        memory = room.feed().memory

    assert memory.asked_at is None


def test_an_address_that_sends_on_to_nothing_is_itself_asked_again(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="1h")) as room:
        room.runs(days=1)
        site.refuse("/new.xml", 404)
        room.runs(days=12)
        site.put("/old.xml", feed_of("A second ship sails"))
        room.runs(days=2)
        headlines = room.headlines()

    assert headlines == ["A ship sails", "A second ship sails"]


def test_an_administrators_quiet_hours_are_those_of_their_chat(site):
    site.refuse("/feed.xml", 404)
    quiet = "{telegram: 1, quiet_hours: '00:00-23:59', timezone: UTC}"
    text = rules(site.at("/feed.xml"), every="1h").replace("{telegram: 42}", quiet)
    with newsroom(text) as room:
        room.runs(days=1, hours=6)
        told_at = room.clock()
        waits = room.store.write_now(lambda ledger: ledger.outbox.waiting(told_at))
        later = told_at.replace(hour=23, minute=59, second=30)
        due = room.store.write_now(lambda ledger: ledger.outbox.waiting(later))

    assert (waits, due) == (0, 1)


# Outages


def test_an_outage_is_over_soon_also_after_a_restart_in_it(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with FeedSite(host="127.0.0.2") as other:
        other.put("/feed.xml", feed_of("A boat sails"))
        addresses = (site.at("/feed.xml"), other.at("/feed.xml"))
        with newsroom(rules(*addresses, match="ship OR boat")) as room:
            room.runs(hours=1)
            site.down()
            other.down()
            room.runs(days=3)
            room.restarts()
            room.runs(days=1)
            site.put("/feed.xml", feed_of("A second ship sails"))
            other.put("/feed.xml", feed_of("A second boat sails"))
            site.up()
            other.up()
            room.runs(hours=1.5)
            headlines = room.headlines()

    assert {"A second ship sails", "A second boat sails"} <= set(headlines)


def test_a_server_that_asks_for_no_time_at_all_has_not_asked_for_rest(site):
    site.refuse("/0.xml", 503, retry_after="0")
    site.put("/1.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/0.xml"), site.at("/1.xml"), every="10m")) as room:
        room.runs(minutes=25)
        asked = times(room, "/1.xml")

    assert len(asked) >= 2


def test_a_feed_that_stays_empty_is_told_of_once_though_its_document_never_changes(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(hours=2)
        site.put("/feed.xml", feed_of())
        room.runs(hours=20)
        early = room.notices()
        room.runs(days=3)
        told = room.notices()
        site.put("/feed.xml", feed_of("A second ship sails"))
        room.runs(days=2)
        later = room.notices()

    assert (early, len(told), later) == ([], 1, [])
    assert "no entries" in told[0]


def test_what_a_feed_calls_itself_can_hide_nothing_in_a_notice(site):
    site.put("/feed.xml", feed_of("A ship sails").replace("Wire", "Wi\u202ere"))
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(hours=2)
        site.refuse("/feed.xml", 404)
        room.runs(days=2)
        (told,) = room.notices()

    assert "• Wire: " in told


def test_a_clock_that_was_far_ahead_stops_no_feed_for_good(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.runs(minutes=5)
        room.clock.passes(days=-400)
        room.restarts()
        room.runs(hours=1)
        asked = times(room)

    assert asked
