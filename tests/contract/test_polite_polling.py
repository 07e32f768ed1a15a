"""Feeds are polled as their sites want it: real servers, a real store, a fake clock."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from tests.fakes.feed_site import FeedSite
from tests.fakes.newsroom import newsroom

HOUR = timedelta(hours=1)
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"


def feed_of(*titles, head=""):
    """Answer an RSS feed with an entry for each title."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title>"
        f"<link>https://wire.example/{title.replace(' ', '-')}</link></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{head}{entries}</channel></rss>"


def rules(*feeds, every=None, match="ship"):
    """Answer a rules.yaml with *feeds*."""
    more = f", every: {every}" if every else ""
    listed = "".join(f"  - {{url: '{feed}', catch_up: all{more}}}\n" for feed in feeds)
    return f"feeds:\n{listed}rules:\n  - match: {match}\nchats:\n  desk: {{telegram: 42}}\n"


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


def times(room, path=""):
    """Answer when addresses that end with *path* were asked for."""
    return [at for at, address in room.web.asked if address.endswith(path)]


# 1-6: validators


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('W/"weak;=,"', None),
        ('"quoted"', "yesterday, 5 o'clock"),
        ("unquoted", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("''", None),
    ],
)
def test_validators_go_back_byte_for_byte(site, etag, modified):
    headers = {"Last-Modified": modified} if modified else {}
    site.put("/feed.xml", feed_of("A ship sails"), etag=etag, headers=headers)
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(hours=1.5)

    first, second = site.requests("/feed.xml")
    assert not {"if-none-match", "if-modified-since"} & first.headers.keys()
    assert second.headers["if-none-match"] == etag
    assert second.headers.get("if-modified-since") == modified


def test_a_validator_that_was_never_given_is_never_sent(site):
    site.put("/feed.xml", feed_of("A ship sails"), etag=False)
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(hours=4.5)

    assert len(site.requests()) == 5
    sent = {name for request in site.requests() for name in request.headers}
    assert not {"if-none-match", "if-modified-since"} & sent


def test_the_same_body_with_a_new_validator_is_asked_for_with_that(site):
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        for etag in ('"one"', '"two"', '"three"'):
            site.put("/feed.xml", feed_of("A ship sails"), etag=etag)
            room.runs(hours=1)

    assert [each.headers.get("if-none-match") for each in site.requests()] == [
        None,
        '"one"',
        '"two"',
    ]


def test_a_not_modified_with_a_new_date_is_asked_for_with_that(site):
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        for date in ("Sun, 01 Nov 2026 08:00:00 GMT", "Mon, 02 Nov 2026 08:00:00 GMT"):
            site.put(
                "/feed.xml", feed_of("A ship sails"), etag='"a"', headers={"Last-Modified": date}
            )
            room.runs(hours=1)
        room.runs(hours=1)

    sent = [each.headers.get("if-modified-since") for each in site.requests()]
    assert sent == [None, "Sun, 01 Nov 2026 08:00:00 GMT", "Mon, 02 Nov 2026 08:00:00 GMT"]


def test_a_server_that_says_not_modified_for_ever_is_asked_plainly_every_eight_days(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"), every="12h")) as room:
        room.runs(days=200)
        plain = [
            at
            for at, request in zip(times(room), site.requests(), strict=True)
            if "if-none-match" not in request.headers
        ]

    gaps = [later - earlier for earlier, later in pairwise(plain)]
    assert len(gaps) >= 22
    assert all(timedelta(days=7) <= gap <= timedelta(days=9) for gap in gaps)


# 7-8: starts


def test_a_restart_polls_nothing_early(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        for _ in range(10):
            room.runs(minutes=6)
            room.restarts()

    assert len(site.requests()) == 1


@pytest.mark.parametrize("every", ["1m", "1m-1h"])
@pytest.mark.parametrize(
    ("status", "headers"),
    [(404, {}), (410, {}), (500, {"Retry-After": "7200"}), (429, {"Retry-After": "7200"})],
)
def test_neither_a_restart_nor_a_reload_asks_sooner_what_has_failed(site, every, status, headers):
    site.put("/feed.xml", "no", status=status, headers=headers)
    with newsroom(rules(site.at("/feed.xml"), every=every), near=True) as room:
        room.runs(hours=5)
        before = room.feed().memory.next_poll_at
        room.restarts()
        room.reloads(rules(site.at("/feed.xml"), every=every, match="boat"))

        assert room.feed().memory.next_poll_at == before


def test_a_restart_keeps_what_a_server_was_granted(site):
    site.put("/feed.xml", feed_of("A ship sails"), headers={"Cache-Control": "max-age=14400"})
    with newsroom(rules(site.at("/feed.xml"), every="2m-1h")) as room:
        room.ticks()
        before = room.feed().memory.next_poll_at
        room.restarts()

        assert room.feed().memory.next_poll_at == before


@pytest.mark.parametrize(
    ("polling", "every", "why"),
    [
        ("polling: {every: 5m-10m}\n", None, "no later than every 10 min"),
        ("", "5m-10m", "no later than every 10 min"),
        ("", "10m", "every: 10m in rules.yaml"),
    ],
)
def test_a_shorter_time_in_rules_yaml_counts_at_once(site, polling, every, why):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.ticks()
        room.reloads(polling + rules(site.at("/feed.xml"), every=every))
        memory = room.feed().memory

        assert memory.next_poll_at - room.clock() <= timedelta(minutes=10.5)
        assert memory.why == why


def test_a_clock_that_was_a_year_ahead_does_not_silence_feeds_for_a_year(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.clock.passes(days=365)
        room.ticks()
        room.clock.passes(days=-365)
        room.restarts()
        room.runs(hours=4.5)

    assert len(site.requests("/feed.xml")) > 1


def test_ten_thousand_new_feeds_do_not_begin_at_once():
    feeds = [f"https://site-{number}.example/feed.xml" for number in range(10_000)]
    with newsroom(rules(*feeds)) as room:
        first = [feed.memory.next_poll_at for feed in room.feeds()]

    start, end = min(first), max(first)
    each_second = [0] * (int((end - start).total_seconds()) + 1)
    for at in first:
        each_second[int((at - start).total_seconds())] += 1
    mean = len(first) / len(each_second)
    assert timedelta(minutes=5) <= end - start <= timedelta(minutes=15)
    assert max(each_second) <= 3 * mean


def test_feeds_that_were_due_during_a_stop_do_not_begin_at_once():
    feeds = [f"https://site-{number}.example/feed.xml" for number in range(1_000)]
    with newsroom(rules(*feeds)) as room:
        room.clock.passes(days=2)
        room.restarts()
        first = sorted(feed.memory.next_poll_at for feed in room.feeds())

    assert first[-1] - first[0] >= timedelta(seconds=50)


# 9-10: what feeds and servers ask for


@pytest.mark.parametrize(
    ("cache_control", "least", "most"),
    [
        ("max-age=3600", HOUR, 4.3 * HOUR),
        ("public, max-age=2592000", HOUR, 4.3 * HOUR),
        ("no-cache", timedelta(minutes=4.7), 4.3 * HOUR),
    ],
)
def test_what_the_server_calls_fresh_is_not_asked_for(site, cache_control, least, most):
    site.put("/feed.xml", feed_of("A ship sails"), headers={"Cache-Control": cache_control})
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.ticks()
        wait = room.feed().memory.next_poll_at - room.clock()

    assert least <= wait <= most


@pytest.mark.parametrize(
    ("head", "least"),
    [
        ("<ttl>90</ttl>", 90),
        (f"<u:updatePeriod xmlns:u='{SYNDICATION}'>hourly</u:updatePeriod>", 60),
        (
            f"<u:updateFrequency xmlns:u='{SYNDICATION}'>2</u:updateFrequency>",
            30,
        ),
    ],
)
def test_what_a_feed_asks_for_is_kept(site, head, least):
    site.put("/feed.xml", feed_of("A ship sails", head=head))
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.ticks()
        wait = room.feed().memory.next_poll_at - room.clock()

    assert timedelta(minutes=least) <= wait <= 4.3 * HOUR


def test_a_feed_is_not_asked_in_the_hours_that_it_skips(site):
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour not in {3, 4})
    site.put("/feed.xml", feed_of("A ship sails", head=f"<skipHours>{hours}</skipHours>"))
    with newsroom(rules(site.at("/feed.xml"))) as room:
        room.runs(days=3)
        asked = times(room)[1:]

    assert asked
    assert {at.hour for at in asked} <= {3, 4}


# 11-14: refusals and hosts


@pytest.mark.parametrize("kind", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_rest_gets_it_from_all_its_feeds(site, status, kind):
    paths = [f"/{number}.xml" for number in range(4)]
    for path in paths:
        site.put(path, feed_of("A ship sails"))
    with newsroom(rules(*map(site.at, paths), every="1m")) as room:
        room.runs(seconds=50)
        asked_before = len(room.web.asked)
        until = room.clock() + timedelta(seconds=180)
        after = "180" if kind == "seconds" else format_datetime(until, usegmt=True)
        site.refuse("/0.xml", status, retry_after=after)
        room.runs(minutes=10)
        refused_at = next(at for at in times(room, "/0.xml")[1:])
        later = [at for at, _ in room.web.asked[asked_before:] if at > refused_at]

    assert later
    assert min(later) >= (refused_at + timedelta(seconds=180) if kind == "seconds" else until)
    assert all(b - a >= timedelta(seconds=2) for a, b in pairwise(later))


def test_a_host_of_the_users_own_is_left_alone_by_one_feed_only(site):
    site.refuse("/0.xml", 429, retry_after="3600")
    site.put("/1.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/0.xml"), site.at("/1.xml"), every="1m"), near=True) as room:
        room.runs(minutes=30)
        refused, fine = times(room, "/0.xml"), times(room, "/1.xml")

    assert len(refused) == 1
    assert len(fine) >= 25


def test_a_refusal_without_a_time_means_an_hour_and_then_two(site):
    site.refuse("/feed.xml", 429)
    with newsroom(rules(site.at("/feed.xml"), every="1m")) as room:
        room.runs(hours=9)
        first, second, third, *_ = times(room)

    assert second - first >= HOUR
    assert third - second >= 2 * HOUR


def test_a_host_is_asked_for_one_thing_at_a_time_and_is_given_a_pause(site):
    paths = [f"/{number}.xml" for number in range(50)]
    for path in paths:
        site.put(path, feed_of("A ship sails"))
    with newsroom(rules(*map(site.at, paths), every="1h")) as room:
        room.runs(hours=1)
        asked = room.web.asked

    assert {address for _, address in asked} == set(map(site.at, paths))
    moments = [at for at, _ in asked]
    assert all(b - a >= timedelta(seconds=2) for a, b in pairwise(moments))
    assert site.most_at_once == 1


def test_feeds_that_fail_together_do_not_come_back_together(site):
    paths = [f"/{number}.xml" for number in range(20)]
    for path in paths:
        site.refuse(path, 500)
    with newsroom(rules(*map(site.at, paths), every="1h")) as room:
        room.runs(minutes=5)
        again = sorted(feed.memory.next_poll_at for feed in room.feeds())

    assert again[-1] - again[0] > 0.1 * HOUR


# 15-16: moving and going


def test_a_permanent_redirect_is_followed_and_after_a_week_believed(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(hours=1)
        early = room.feed().memory.asked_at
        room.runs(days=6.5)
        late = room.feed().memory.asked_at
        room.runs(days=2)
        olds = len(site.requests("/old.xml"))
        room.runs(days=2)
        moved = room.feed().memory.asked_at
        notices = room.notices()

    assert (early, late, moved) == (None, None, site.at("/new.xml"))
    assert len(site.requests("/old.xml")) == olds
    assert len([text for text in notices if site.at("/new.xml") in text]) == 1


def test_a_redirect_of_an_hour_changes_nothing(site):
    site.put("/old.xml", feed_of("A ship sails"))
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="30m")) as room:
        room.runs(days=4)
        site.redirect("/old.xml", site.at("/new.xml"), status=301)
        room.runs(hours=1)
        site.put("/old.xml", feed_of("A ship sails"))
        room.runs(days=4)
        memory = room.feed().memory

    assert len(site.requests("/new.xml")) >= 2
    assert (memory.asked_at, memory.moved_to) == (None, None)


def test_a_captive_portal_moves_nothing(site):
    site.redirect("/old.xml", site.at("/portal"), status=301)
    site.put("/portal", "<html><title>Log in</title></html>", content_type="text/html")
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(days=20)
        memory = room.feed().memory
        site.put("/old.xml", feed_of("A ship sails"))
        room.runs(days=2)
        headlines = room.headlines()

    assert (memory.asked_at, memory.moved_to) == (None, None)
    assert headlines == ["A ship sails"]


def test_an_old_address_that_is_gone_hands_over_to_the_new_one(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(days=1)
        site.refuse("/old.xml", 404)
        site.put("/new.xml", feed_of("A ship sails", "A second ship sails"))
        room.runs(days=1)
        headlines = room.headlines()

    assert headlines == ["A ship sails", "A second ship sails"]


def test_the_history_of_a_moved_feed_goes_on_under_its_new_address(site):
    site.redirect("/old.xml", site.at("/new.xml"), status=301)
    site.put("/new.xml", feed_of("A ship sails"))
    with newsroom(rules(site.at("/old.xml"), every="6h")) as room:
        room.runs(days=9)
        room.reloads(rules(site.at("/new.xml"), every="6h"))
        room.runs(days=1)
        (feed,) = room.feeds()
        headlines = room.headlines()

    assert (feed.address, feed.articles) == (site.at("/new.xml"), 1)
    assert headlines == ["A ship sails"]


def test_a_feed_that_is_gone_is_asked_once_more_and_then_once_a_month(site):
    site.refuse("/feed.xml", 410)
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(days=31)
        asked = times(room)
        notices = room.notices()
        site.put("/feed.xml", feed_of("A ship sails"))
        room.runs(days=40)
        headlines = room.headlines()

    first, second = asked
    assert second - first >= timedelta(hours=24)
    assert len(notices) == 1
    assert "Gone for good" in notices[0]
    assert headlines == ["A ship sails"]


def test_a_missing_feed_is_told_of_once_and_once_more_when_it_is_back(site):
    site.refuse("/feed.xml", 404)
    with newsroom(rules(site.at("/feed.xml"), every="1h")) as room:
        room.runs(hours=20)
        early = room.notices()
        room.runs(days=2, hours=4)
        down = room.notices()
        site.put("/feed.xml", feed_of("A ship sails"))
        room.runs(days=2)
        back = room.notices()
        room.runs(days=5)
        after = room.notices()

    assert (early, len(down), len(back), after) == ([], 1, 1, [])
    assert "404" in down[0]
    assert "Can be read again" in back[0]


def test_a_feed_that_fails_for_a_month_is_asked_once_a_week_and_never_given_up(site):
    site.refuse("/feed.xml", 404)
    site.put("/fine.xml", feed_of("A boat sails"))
    with newsroom(rules(site.at("/feed.xml"), site.at("/fine.xml"), every="6h")) as room:
        room.runs(days=29)
        first = room.notices()
        room.runs(days=31)
        second = room.notices()
        before = len(times(room, "/feed.xml"))
        room.runs(days=70)
        asked = len(times(room, "/feed.xml")) - before
        third = room.notices()
        site.put("/feed.xml", feed_of("A ship sails"))
        room.runs(days=8)
        headlines, back = room.headlines(), room.notices()

    assert (len(first), len(second), third, len(back)) == (1, 1, [], 1)
    assert 9 <= asked <= 11
    assert headlines == ["A ship sails"]


def test_a_whole_host_that_is_down_is_one_message_and_so_is_its_return(site):
    paths = [f"/{number}.xml" for number in range(6)]
    for path in paths:
        site.put(path, feed_of(f"The ship {path} sails"))
    with newsroom(rules(*map(site.at, paths), every="4h")) as room:
        room.runs(hours=5)
        site.down()
        room.runs(days=3)
        down = room.notices()
        site.up()
        room.runs(days=2)
        back = room.notices()

    assert (len(down), len(back)) == (1, 1)
    assert "6 of 6 feeds of 127.0.0.1" in down[0]
    assert "6 of 6 feeds of 127.0.0.1" in back[0]


def test_an_outage_of_our_own_network_is_over_soon_after_it_ends(site):
    site.put("/feed.xml", feed_of("A ship sails"))
    with FeedSite(host="127.0.0.2") as other:
        other.put("/feed.xml", feed_of("A boat sails"))
        addresses = (site.at("/feed.xml"), other.at("/feed.xml"))
        with newsroom(rules(*addresses, every="10m", match="ship OR boat")) as room:
            room.runs(hours=1)
            site.down()
            other.down()
            room.runs(days=4)
            site.put("/feed.xml", feed_of("A second ship sails"))
            other.put("/feed.xml", feed_of("A second boat sails"))
            site.up()
            other.up()
            room.runs(hours=2.5)
            headlines = room.headlines()

    assert {"A second ship sails", "A second boat sails"} <= set(headlines)


# 17: manners of a request


def test_a_request_says_who_asks_for_what_and_carries_nothing_else(site):
    site.put("/feed.xml", feed_of("A ship sails"), headers={"Set-Cookie": "id=1; Path=/"})
    address = site.at("/feed.xml?b=2&a=1&utm_source=rss&q=%C3%A9%2C")
    with newsroom(rules(address, every="1h")) as room:
        room.runs(hours=1.5)

    first, second = site.requests("/feed.xml")
    assert first.target == second.target == "/feed.xml?b=2&a=1&utm_source=rss&q=%C3%A9%2C"
    name, version = first.headers["user-agent"].split()[0].split("/")
    assert (name, version[0].isdigit()) == ("Newsbell", True)
    assert "+https://" in first.headers["user-agent"]
    for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json"):
        assert f"application/{kind}" in first.headers["accept"]
    assert not {"cookie", "referer"} & (first.headers.keys() | second.headers.keys())
