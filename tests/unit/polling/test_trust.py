"""Pushes set off polls, and are trusted for as long as they tell of what is new."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitors.polling.subscription import LEASE, Subscription, confirmed
from monitors.polling.trust import MOST_MISSES, polled, pushed
from tests.fakes.stand_ins import FEED, START

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ACTIVE = confirmed(
    Subscription(
        hub="https://hub.example/",
        topic=FEED,
        callback="door",
        secret="key",
        since=START,
        public_url="https://news.example",
    ),
    LEASE,
    START,
    0,
)
PROVEN = replace(ACTIVE, proven=True)


def poll(known, at, *, news=0, before=START, took=SECOND):
    return polled(known, news=news, started=at - took, before=before, now=at)


def misses(known, times, start=START):
    """Let *times* polls find what no push announces, four hours apart."""
    for number in range(1, times + 1):
        known = poll(known, start + number * 4 * HOUR, news=1)
    return known, start + times * 4 * HOUR


def test_a_push_has_the_feed_asked_at_once_and_proves_the_hub_if_it_brings_something():
    known = pushed(ACTIVE, START + HOUR)
    assert (known.asks_at, known.trusted_until(START + HOUR)) == (START + HOUR, None)

    known = poll(known, START + HOUR + 2 * SECOND, news=1)

    assert known.announced_at is None
    assert known.trusted_until(START + HOUR) == ACTIVE.lease_until


def test_trust_ends_with_the_lease():
    assert PROVEN.trusted_until(PROVEN.lease_until) is None


def test_pushes_in_quick_succession_are_ten_seconds_apart():
    known = poll(pushed(ACTIVE, START + HOUR), START + HOUR + 2 * SECOND, news=1)
    known = pushed(known, START + HOUR + 3 * SECOND)

    assert known.asks_at == START + HOUR + 10 * SECOND


@given(st.lists(st.integers(min_value=1, max_value=60), min_size=20, max_size=60))
def test_a_flood_that_brings_nothing_has_the_feed_asked_ever_more_rarely(gaps):
    known, now, due, asks = ACTIVE, START + HOUR, None, 0
    for gap in gaps * 5:
        known = pushed(known, now)
        due = min(due or known.asks_at, known.asks_at)
        now += gap * SECOND
        if due <= now:
            asks += 1
            known = poll(known, now)
            due = known.asks_at if known.announced_at else None

    assert asks <= 12 + (now - START) / HOUR


def test_a_push_whose_news_a_cache_still_hides_is_looked_for_again():
    at = START + HOUR
    known = poll(pushed(ACTIVE, at), at + SECOND, took=SECOND / 2)
    assert (known.announced_at, known.asks_at) == (at, at + SECOND + MINUTE)
    known = poll(known, at + 2 * MINUTE)
    assert known.asks_at == at + 7 * MINUTE

    known = poll(known, at + 7 * MINUTE)

    assert (known.announced_at, known.in_vain) == (None, 3)


def test_a_hub_that_often_pushes_in_vain_is_not_looked_after_twice():
    known = poll(pushed(replace(ACTIVE, in_vain=3), START + HOUR), START + HOUR + 2 * SECOND)

    assert known.announced_at is None


def test_what_is_found_at_the_second_look_counts_for_the_hub():
    at = START + HOUR
    known = poll(pushed(ACTIVE, at), at + 2 * SECOND)
    known = poll(known, at + 2 * MINUTE, news=1)

    assert (known.proven, known.announced_at, known.in_vain) == (True, None, 0)


def test_a_push_that_comes_while_the_feed_is_read_has_it_read_again():
    at = START + HOUR
    known = polled(
        pushed(ACTIVE, at), news=0, started=at - SECOND, before=START, now=at + 2 * SECOND
    )

    assert (known.announced_at, known.asks_at) == (at, at)


def test_what_no_push_announces_in_time_is_a_miss_and_three_of_them_end_the_trust():
    known, now = misses(PROVEN, MOST_MISSES)
    assert known.misses == MOST_MISSES - 1
    renewal = known.due_at

    known = poll(known, now + 6 * MINUTE)

    assert (known.misses, known.proven, known.due_at) == (MOST_MISSES, False, now + 6 * MINUTE)
    assert renewal > known.due_at


def test_a_hub_that_goes_on_to_miss_is_renewed_only_once():
    known, now = misses(PROVEN, MOST_MISSES)
    known = poll(known, now + 6 * MINUTE)
    known = confirmed(known, LEASE, now + HOUR, 0)
    renewal = known.due_at

    known, _ = misses(known, 5, now + HOUR)

    assert (known.proven, known.due_at) == (False, renewal)


def test_a_push_that_brings_something_restores_the_trust():
    known, now = misses(PROVEN, 6)
    known = poll(pushed(known, now + HOUR), now + HOUR + 2 * SECOND, news=1)

    assert (known.proven, known.misses, known.missing_since) == (True, 0, None)


def test_a_push_that_comes_just_after_a_poll_is_no_miss():
    found = START + HOUR
    known = poll(PROVEN, found, news=1)
    assert known.trusted_until(found) is None
    known = pushed(known, found + 5 * MINUTE)
    known = poll(known, found + 6 * MINUTE)

    assert (known.misses, known.proven) == (0, True)
    assert known.trusted_until(found + 6 * MINUTE) == PROVEN.lease_until


def test_a_push_that_comes_too_late_is_a_miss_all_the_same():
    known = pushed(poll(PROVEN, START + HOUR, news=1), START + HOUR + 6 * MINUTE)
    assert known.misses == 1


def test_what_was_published_before_the_hub_confirmed_is_no_miss():
    known = poll(PROVEN, START + HOUR, news=1, before=START - SECOND)
    known = poll(known, START + 2 * HOUR, news=1, before=None)
    known = poll(known, START + 3 * HOUR)

    assert known.misses == 0


def test_nothing_is_missed_once_the_lease_is_over():
    end = PROVEN.lease_until
    known = poll(poll(PROVEN, end, news=1), end + HOUR)

    assert known.misses == 0


def test_polls_that_find_nothing_change_nothing():
    assert poll(PROVEN, START + HOUR) == PROVEN
