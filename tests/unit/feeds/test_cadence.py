"""When feeds are polled: often enough to be early, seldom enough to be welcome."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.cadence import (
    FIRST_GAP,
    LONGEST_GAP,
    SHORTEST_GAP,
    due_after,
    next_gap,
    retry_gap,
)
from monitors.feeds.feed import FailureReason, Feed, FetchFailed

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NETWORK = FetchFailed(reason=FailureReason.UNREACHABLE, message="there is no such host")
REFUSAL = FetchFailed(reason=FailureReason.HTTP, message="the server answered 404")
GAPS = st.timedeltas(timedelta(seconds=1), 365 * DAY)
CHANCES = st.floats(0, 1)


def feed(every=None):
    return Feed(address="https://herald.example/rss.xml", every=every)


@pytest.mark.parametrize("last", [None, MINUTE, DAY])
@pytest.mark.parametrize("news", [True, False])
def test_a_feed_with_a_given_pace_keeps_it(last, news):
    assert next_gap(feed(every=5 * MINUTE), last, news=news) == 5 * MINUTE


@pytest.mark.parametrize(
    ("last", "news", "expected"),
    [
        (None, True, FIRST_GAP),
        (None, False, FIRST_GAP),
        (30 * MINUTE, True, 15 * MINUTE),
        (30 * MINUTE, False, 40 * MINUTE),
        (6 * MINUTE, True, SHORTEST_GAP),
        (50 * MINUTE, False, LONGEST_GAP),
        (MINUTE, False, SHORTEST_GAP),
        (DAY, True, LONGEST_GAP),
    ],
)
def test_auto_follows_how_the_feed_publishes(last, news, expected):
    assert next_gap(feed(), last, news=news) == expected


@given(st.lists(st.booleans(), max_size=40))
def test_auto_never_leaves_its_bounds(polls):
    gap = None
    for news in polls:
        gap = next_gap(feed(), gap, news=news)
        assert SHORTEST_GAP <= gap <= LONGEST_GAP


@pytest.mark.parametrize(
    ("failed", "every", "gaps"),
    [
        (NETWORK, None, [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]),
        (NETWORK, 30 * timedelta(seconds=1), [MINUTE / 2, MINUTE, 2 * MINUTE]),
        (NETWORK, DAY, [MINUTE, 2 * MINUTE]),
        (REFUSAL, None, [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]),
        (REFUSAL, 2 * HOUR, [2 * HOUR, 4 * HOUR]),
        (REFUSAL, 7 * DAY, [7 * DAY, 7 * DAY]),
    ],
)
def test_each_failure_in_a_row_doubles_the_wait(failed, every, gaps):
    tried = range(1, len(gaps) + 1)
    assert [retry_gap(feed(every), failed, failures) for failures in tried] == gaps


@pytest.mark.parametrize(
    ("reason", "longest"),
    [
        (FailureReason.UNREACHABLE, HOUR),
        (FailureReason.TIMEOUT, HOUR),
        (FailureReason.BROKEN, HOUR),
        (FailureReason.FORBIDDEN_ADDRESS, HOUR),
        (FailureReason.NO_FILE, HOUR),
        (FailureReason.HTTP, DAY),
        (FailureReason.NOT_A_FEED, DAY),
        (FailureReason.TOO_LARGE, DAY),
    ],
)
def test_a_network_that_is_back_is_noticed_within_the_hour_and_a_refusal_within_a_day(
    reason, longest
):
    assert retry_gap(feed(), FetchFailed(reason=reason, message="no"), 1_000_000) == longest


@pytest.mark.parametrize(
    ("failed", "asked", "expected"),
    [
        (REFUSAL, 2 * HOUR, 2 * HOUR),
        (REFUSAL, MINUTE, FIRST_GAP),
        (REFUSAL, 30 * DAY, DAY),
        (REFUSAL, timedelta(0), FIRST_GAP),
        (NETWORK, 5 * MINUTE, 5 * MINUTE),
    ],
)
def test_a_server_that_asks_for_a_pause_gets_it_up_to_a_day(failed, asked, expected):
    asking = FetchFailed(reason=failed.reason, message="no", retry_after=asked)
    assert retry_gap(feed(), asking, 1) == expected


@given(st.none() | GAPS, st.sampled_from(FailureReason), st.integers(1, 10**6), st.none() | GAPS)
def test_no_failure_silences_a_feed_for_longer_than_a_day_or_its_own_pace(
    every, reason, failures, asked
):
    failed = FetchFailed(reason=reason, message="no", retry_after=asked)
    gap = retry_gap(feed(every), failed, failures)
    assert timedelta(seconds=1) <= gap <= max(DAY, every or DAY)


@given(GAPS, CHANCES)
def test_feeds_spread_by_up_to_a_twentieth_and_are_never_early(gap, chance):
    wait = due_after(NOW, gap, chance) - NOW
    assert gap <= wait <= gap * 1.05 + timedelta(milliseconds=1)
