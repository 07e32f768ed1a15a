"""How feeds are shown: at a glance, and a page for each."""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from monitors.app.feeds.health import as_json
from monitors.app.feeds.listing import listing
from monitors.app.feeds.page import page, page_as_json
from monitors.feeds.entry import Pace
from monitors.feeds.feed import Feed, Validators
from monitors.gathering.checkup import Checkup, rate_text
from monitors.gathering.dossier import Dossier, busiest_hours
from monitors.pipeline.records import FeedArticle, FeedHealth, FeedId, FeedYield
from monitors.polling.habit import Habit
from monitors.polling.memory import Memory
from monitors.polling.subscription import Subscription
from tests.fakes.stand_ins import FEED, START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELL = Memory(
    next_poll_at=START + HOUR,
    why="it posts about every 2 h",
    title="Wire",
    habit=Habit(posts=70.0, days=6.0, as_of=START),
    first_ok_at=START - DAY,
    last_ok_at=START - HOUR,
    last_poll_at=START - HOUR,
    last_new_at=START - 2 * HOUR,
)
ILL = replace(WELL, failures=3, failing_since=START - 2 * DAY, message="the server answered 500")


def checkup(memory=WELL, feed=None, **host):
    health = memory and FeedHealth(
        id=FeedId(1), address=FEED, host="wire.example", memory=memory, articles=12, **host
    )
    return Checkup(feed=feed or Feed(address=FEED), health=health, now=START)


@pytest.mark.parametrize(
    ("memory", "host", "state", "trouble"),
    [
        (None, {}, "new", None),
        (Memory(next_poll_at=START), {}, "new", None),
        (WELL, {}, "ok", None),
        (replace(WELL, message="odd dates"), {}, "warning", "can be read, but odd dates"),
        (
            replace(WELL, empty_since=START - 3 * DAY),
            {},
            "warning",
            "but it has no entries any more",
        ),
        (ILL, {}, "failing", "failing for 2 days: the server answered 500"),
        (replace(ILL, failing_since=START - 40 * DAY), {}, "weekly", "for 40 days"),
        (
            replace(ILL, gone_at=START - 3 * DAY, last_poll_at=START),
            {},
            "gone",
            "gone for good, says its server for 3 days",
        ),
        (replace(WELL, asked_at="https://new.example/"), {}, "moved", "https://new.example/"),
        (
            WELL,
            {"host_free_at": START + 2 * HOUR, "host_why": "asks for 2 h"},
            "resting",
            "its host asks for 2 h",
        ),
        (WELL, {"host_free_at": START - HOUR, "host_why": "asked for 2 h"}, "ok", None),
    ],
)
def test_the_state_of_a_feed_is_a_word_and_a_line(memory, host, state, trouble):
    one = checkup(memory, **host)

    assert one.state == state
    assert (one.trouble is None) if trouble is None else (trouble in one.trouble)
    assert as_json(one)["state"] == state


def test_a_feed_whose_host_rests_is_asked_after_that():
    one = checkup(host_free_at=START + 2 * HOUR, host_why="asks for 2 h")

    assert (one.next_poll_at, one.why) == (START + 2 * HOUR, "its host asks for 2 h")
    assert (checkup().next_poll_at, checkup().why) == (START + HOUR, "it posts about every 2 h")


@pytest.mark.parametrize("width", [64, 80, 100, 130, 200])
def test_a_list_fits_its_terminal(width):
    names = [
        "Wire",
        "A very long name of a feed that goes on and on and on and on",
        "한국 뉴스" * 8,
    ]
    feeds = [checkup(feed=Feed(address=FEED, name=name)) for name in names]
    lines = list(listing([*feeds, checkup(ILL)], width))

    assert max(map(cell_len, lines)) <= width
    assert lines[-1].startswith("4 feeds: 1 failing.")


def test_an_address_is_never_cut():
    address = f"https://wire.example/{'x' * 150}"

    for width in (80, 200):
        told = "\n".join(listing([checkup(None, Feed(address=address))], width))
        assert address in told


def test_what_feeds_call_themselves_cannot_steer_the_terminal():
    told = "\n".join(listing([checkup(replace(WELL, title="\x1b[2JWire\u202e"))], 80))

    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    ("hours", "shift", "expected"),
    [
        ((), 0, ""),
        ((0.0,) * 24, 0, ""),
        ((1.0,) * 24, 0, ""),
        (tuple(5.0 if hour in (8, 9, 17) else 0.1 for hour in range(24)), 0, "08-09, 17"),
        (tuple(5.0 if hour in (8, 9, 17) else 0.1 for hour in range(24)), 9, "02, 17-18"),
    ],
)
def test_the_busiest_hours_are_those_of_the_reader(hours, shift, expected):
    assert busiest_hours(hours, shift) == expected


@pytest.mark.parametrize(
    ("posts", "expected"), [(120.4, "120 a day"), (2.53, "2.5 a day"), (0.2, "1.4 a week")]
)
def test_how_much_a_feed_posts_is_told_as_people_count(posts, expected):
    assert rate_text(posts) == expected


def test_a_page_says_all_that_is_known():
    memory = replace(
        WELL,
        validators=Validators(etag='"1"', last_modified="x"),
        pace=Pace(gap=2 * HOUR, skip_hours=frozenset({3, 2}), skip_days=frozenset({6})),
        max_age=HOUR,
        moved_to="https://new.example/",
        moved_since=START - 3 * DAY,
        habit=replace(WELL.habit, hours=tuple(9.0 if hour == 23 else 0.0 for hour in range(24))),
    )
    brought = FeedYield(
        articles=9,
        matched=2,
        pages=4,
        pages_read=3,
        newest=(FeedArticle(title="A ship\x1b sails", seen_at=START, matched=True),),
    )
    push = Subscription(
        hub="https://hub.example/",
        topic=FEED,
        callback="c",
        secret="s",
        since=START,
        lease_until=START + 9 * DAY,
        pushed_at=START - HOUR,
        misses=1,
    )
    known = Dossier(one=checkup(memory), brought=brought, rules=["Ships"] * 22, push=push)
    told = "\n".join(page(known, ZoneInfo("Asia/Seoul")))

    for expected in (
        "Thu 05 Nov 17:00 (60 min ago)",
        "about 10 a day, mostly at 08",
        "the feed says every 2h, not at 02, 03 UTC, not on Sun; its server calls it fresh for 1h",
        "ETag and Last-Modified",
        "has pointed to https://new.example/ for 3 days",
        "https://hub.example/: active until",
        "last push 60 min ago, 1 missed",
        "Ships and 2 more",
        "auto; 3 of 4 pages could be read",
        "9 in 7 days, 2 of them matched a rule; 12 in all",
        "* 05 Nov 18:00  A ship sails",
    ):
        assert expected in told
    assert page_as_json(known)["hints"] == {
        "gap": 7200.0,
        "max_age": 3600.0,
        "skip_hours": [2, 3],
        "skip_days": [6],
    }


def test_a_feed_that_was_never_polled_has_a_short_page():
    told = list(page(Dossier(one=checkup(None), brought=None, rules=[]), UTC))

    assert told[0] == FEED
    assert any("none watches it" in line for line in told)
    assert not any("last poll" in line for line in told)
