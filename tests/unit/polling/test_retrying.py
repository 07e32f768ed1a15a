"""What failed is tried again, ever more rarely, and never sooner than asked."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.feed import FailureReason, Feed, FetchFailed
from monitors.polling.memory import Memory
from monitors.polling.retrying import asks_for_rest, rest_after, retry_plan
from tests.fakes.stand_ins import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed(address="https://wire.example/feed.xml")


def failure(reason=FailureReason.HTTP, status=500, **more):
    return FetchFailed(reason=reason, message="no", status=status, **more)


def wait(failed, failures=1, *, feed=FEED, chance=0.5, since=START, **more):
    memory = Memory(next_poll_at=START, failures=failures, failing_since=since)
    return retry_plan(feed, memory, failed, START, chance, **more).at - START


@pytest.mark.parametrize(
    ("failed", "waits"),
    [
        (failure(), [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]),
        (failure(status=404), [10, 20, 40]),
        (failure(FailureReason.NOT_A_FEED, None), [10, 20, 40]),
        (failure(FailureReason.UNREACHABLE, None), [1, 2, 4, 8, 16, 32, 60, 60]),
        (failure(FailureReason.TIMEOUT, None), [1, 2, 4]),
    ],
)
def test_the_wait_doubles_up_to_its_bound(failed, waits):
    tried = range(1, len(waits) + 1)

    assert [wait(failed, count) for count in tried] == [minutes * MINUTE for minutes in waits]


def test_a_dead_host_is_left_alone_for_a_day_at_most_after_the_first():
    dead = failure(FailureReason.UNREACHABLE, None)

    assert wait(dead, 40, since=START - 2 * DAY) == DAY
    assert wait(dead, 40, since=START - 2 * DAY, offline=True) == HOUR


def test_a_feed_that_failed_for_a_month_is_tried_weekly_unless_nothing_works():
    dead = failure(FailureReason.UNREACHABLE, None)

    assert 7 * DAY <= wait(dead, 60, since=START - 31 * DAY) <= 7.5 * DAY
    assert wait(dead, 60, since=START - 31 * DAY, offline=True) == HOUR


@given(
    st.builds(
        failure,
        st.sampled_from(list(FailureReason)),
        st.sampled_from([None, 401, 403, 404, 429, 500, 503]),
        retry_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=40)),
    ),
    st.integers(1, 10_000),
    st.floats(0, 1),
    st.none() | st.timedeltas(MINUTE, 30 * DAY),
)
def test_no_wait_is_shorter_than_asked_for_or_endless(failed, failures, chance, every):
    feed = Feed(address=FEED.address, every=every)
    waited = wait(failed, failures, feed=feed, chance=chance)

    assert waited >= min(failed.retry_after or timedelta(0), DAY)
    assert timedelta(0) < waited <= max(1.2 * (every or DAY), 2 * DAY)


@pytest.mark.parametrize(
    ("status", "retry_after", "asks"),
    [
        (429, None, True),
        (429, MINUTE, True),
        (503, MINUTE, True),
        (503, None, False),
        (500, None, False),
    ],
)
def test_who_asks_for_rest(status, retry_after, asks):
    assert asks_for_rest(failure(status=status, retry_after=retry_after)) is asks


@pytest.mark.parametrize(
    ("retry_after", "strikes", "rest"),
    [
        (2 * MINUTE, 0, 2 * MINUTE),
        (2 * MINUTE, 5, 2 * MINUTE),
        (30 * DAY, 0, DAY),
        (None, 0, HOUR),
        (None, 1, 2 * HOUR),
        (None, 3, 8 * HOUR),
        (None, 90, DAY),
    ],
)
def test_a_host_gets_the_rest_that_it_asks_for(retry_after, strikes, rest):
    assert rest_after(failure(status=429, retry_after=retry_after), strikes) == rest
