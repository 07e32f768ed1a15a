"""Until when a chat is left alone, on days of 23, 24 and 25 hours."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.quiet_hours import digest_at, over_limit_until, quiet_until
from monitors.rules.rulebook import Chat, ChatName, Terminal

SEOUL = ZoneInfo("Asia/Seoul")  # never changes its clocks
BERLIN = ZoneInfo("Europe/Berlin")  # on at 01:00 UTC on 29 March 2026, back on 25 October
NIGHT = time(22), time(7)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 3, 3, tzinfo=UTC)  # noon in Seoul
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Seoul", "Europe/Berlin", "America/St_Johns")]
    + [ZoneInfo(name) for name in ("Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia")]
    + [ZoneInfo(name) for name in ("America/New_York", "Asia/Kathmandu", "Africa/Casablanca")]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- the bounds of the strategy are naive


def chat(**manners):
    return Chat(name=ChatName("desk"), destination=Terminal(), **manners)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "local", "ends"),
    [
        (NIGHT, "2026-11-03T21:59", None),
        (NIGHT, "2026-11-03T22:00", "2026-11-04T07:00"),
        (NIGHT, "2026-11-04T00:00", "2026-11-04T07:00"),
        (NIGHT, "2026-11-04T06:59", "2026-11-04T07:00"),
        (NIGHT, "2026-11-04T07:00", None),
        ((time(12), time(13, 30)), "2026-11-03T12:00", "2026-11-03T13:30"),
        ((time(12), time(13, 30)), "2026-11-03T13:30", None),
        ((time(0), time(7)), "2026-11-03T00:00", "2026-11-03T07:00"),
        ((time(22), time(0)), "2026-12-31T23:00", "2027-01-01T00:00"),
        ((time(8), time(8)), "2026-11-03T08:00", None),
        (None, "2026-11-03T03:00", None),
    ],
)
def test_quiet_hours_end_by_the_clock_of_the_chat(hours, local, ends):
    now = datetime.fromisoformat(local).replace(tzinfo=SEOUL)
    expected = ends and datetime.fromisoformat(ends).replace(tzinfo=SEOUL)
    assert quiet_until(chat(quiet_hours=hours), now, SEOUL) == expected


def test_the_timezone_of_the_chat_goes_before_that_of_the_machine():
    now = utc("2026-11-03T23:00")  # eight in the morning in Seoul, midnight in Berlin
    assert quiet_until(chat(quiet_hours=NIGHT, timezone=SEOUL), now, BERLIN) is None
    assert quiet_until(chat(quiet_hours=NIGHT), now, BERLIN) == utc("2026-11-04T06:00")


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        # The night of 23 hours, and that of 25.
        (NIGHT, "2026-03-28T23:00", "2026-03-29T05:00"),
        (NIGHT, "2026-10-24T23:00", "2026-10-25T06:00"),
        # They end at a time that the clocks leave out: an hour later they show half past three.
        ((time(22), time(2, 30)), "2026-03-29T00:30", "2026-03-29T01:30"),
        # They end at a time that the clocks show twice: before it, between, and the second time.
        ((time(22), time(2, 30)), "2026-10-25T00:15", "2026-10-25T00:30"),
        ((time(22), time(2, 30)), "2026-10-25T00:45", None),
        ((time(22), time(2, 30)), "2026-10-25T01:15", "2026-10-25T01:30"),
        ((time(22), time(2, 30)), "2026-10-25T01:30", None),
    ],
)
def test_quiet_hours_pass_a_change_of_the_clocks(hours, now, ends):
    expected = ends and utc(ends)
    assert quiet_until(chat(quiet_hours=hours), utc(now), BERLIN) == expected


@given(TIMES, TIMES, MOMENTS, ZONES)
def test_quiet_hours_end_within_a_day_and_an_hour(start, end, now, zone):
    until = quiet_until(chat(quiet_hours=(start, end)), now, zone)
    assert until is None or now < until <= now + 25 * HOUR


@given(TIMES, TIMES, MOMENTS, ZONES, st.floats(0, 1, exclude_max=True))
def test_it_is_quiet_until_they_end_except_in_the_hour_that_clocks_leave_out(
    start, end, now, zone, part
):
    quiet = chat(quiet_hours=(start, end))
    until = quiet_until(quiet, now, zone)
    if until is not None and until.astimezone(zone).time() == end:
        between = quiet_until(quiet, now + (until - now) * part, zone)
        assert between is None or between <= until


@pytest.mark.parametrize(
    ("digest", "now", "told"),
    [
        ((time(8),), "2026-11-03T07:59", "2026-11-03T08:00"),
        ((time(8),), "2026-11-03T08:00", "2026-11-04T08:00"),
        ((time(8),), "2026-11-03T23:00", "2026-11-04T08:00"),
        # Within the quiet hours: it is what the chat asked for, and not a day later.
        ((time(6),), "2026-11-03T23:00", "2026-11-04T06:00"),
        ((time(23, 30),), "2026-11-03T23:00", "2026-11-03T23:30"),
        ((time(0),), "2026-11-03T23:00", "2026-11-04T00:00"),
        ((), "2026-11-03T23:00", "2026-11-04T07:00"),
        ((time(8), time(18)), "2026-11-03T07:59", "2026-11-03T08:00"),
        ((time(8), time(18)), "2026-11-03T08:00", "2026-11-03T18:00"),
        ((time(8), time(18)), "2026-11-03T18:00", "2026-11-04T08:00"),
    ],
)
def test_what_is_held_back_is_told_in_the_next_digest(digest, now, told):
    at, expected = (datetime.fromisoformat(text).replace(tzinfo=SEOUL) for text in (now, told))
    end = utc("2026-11-03T22:00")  # seven in the morning in Seoul
    assert digest_at(chat(digest=digest), end, at, SEOUL) == expected


@given(TIMES, MOMENTS, ZONES)
def test_there_is_a_digest_every_day_of_23_to_25_hours(digest, now, zone):
    told = digest_at(chat(digest=(digest,)), now, now, zone)
    shown = told.astimezone(zone)
    assert now < told <= now + 25 * HOUR
    assert shown.time() == digest or shown.utcoffset() != (shown - 2 * HOUR).utcoffset()


@given(st.lists(TIMES, min_size=1, max_size=3, unique=True), MOMENTS, ZONES)
def test_from_digest_to_digest_no_local_day_is_left_out(digests, now, zone):
    times = tuple(sorted(digests))
    manners = chat(digest=times)
    told = [now]
    while told[-1] < now + 96 * HOUR:
        told.append(digest_at(manners, told[-1], told[-1], zone))
    shown = [moment.astimezone(zone) for moment in told[1:]]
    changes = {moment.utcoffset() for moment in (now.astimezone(zone), *shown)}

    assert all(0 * HOUR < later - sooner <= 25 * HOUR for sooner, later in pairwise(told))
    if len(changes) == 1:
        assert {moment.time() for moment in shown} == set(times)
        by_day = Counter(moment.date() for moment in shown)
        assert all(by_day[day] == len(times) for day in sorted(by_day)[1:-1])


def ago(*minutes):
    return [NOW - timedelta(minutes=number) for number in minutes]


@pytest.mark.parametrize(
    ("limit", "recent", "free"),
    [
        (None, ago(1, 2, 3), None),
        (3, ago(1, 2), None),
        (3, ago(1, 2, 60), None),
        (3, ago(10, 50, 30), NOW + timedelta(minutes=10)),
        (1, ago(10, 50, 30), NOW + timedelta(minutes=50)),
        (2, ago(10, 20, -30), NOW + timedelta(minutes=50)),
    ],
)
def test_an_hour_after_the_first_of_as_many_there_is_room_again(limit, recent, free):
    assert over_limit_until(chat(max_per_hour=limit), recent, NOW, SEOUL) == free


def test_a_digest_uses_up_no_limit():
    manners = chat(max_per_hour=2, digest=(time(11, 30),))
    digest = ago(30) * 5  # half past eleven in Seoul
    assert over_limit_until(manners, digest, NOW, SEOUL) is None
    assert over_limit_until(manners, digest, NOW, BERLIN) is not None
