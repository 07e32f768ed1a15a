"""What is learned of how a feed publishes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from monitors.polling.habit import NOTHING_KNOWN, QUIET_RATE, Habit, first_habit

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def before(*days):
    return [NOW - DAY * each for each in days]


def watched(per_day, days, habit=None):
    """Answer the habit of a feed that was polled once a day, each time with so many posts."""
    habit = habit or first_habit([], NOW)
    start = habit.as_of
    for day in range(1, days + 1):
        end = start + DAY * day
        habit = habit.after(end, [end - HOUR * (number + 1) for number in range(per_day)])
    return habit


def test_of_nothing_nothing_is_known():
    habit = first_habit([], NOW)

    assert (habit.posts, habit.days, habit.hours, habit.last_post_at) == (0, 0, (), None)
    assert habit.as_of == NOW
    assert habit.posts_a_day(NOW) == Habit().posts_a_day(NOW) == NOTHING_KNOWN


def test_the_rate_is_that_of_the_dates_that_a_feed_shows():
    habit = first_habit(before(*[number / 4 + 0.1 for number in range(60)]), NOW)

    assert habit.posts_a_day(NOW) == pytest.approx(4, rel=0.15)
    assert habit.last_post_at == NOW - DAY * 0.1


def test_the_days_are_counted_from_the_oldest_entry_on_which_is_not_counted():
    habit = first_habit(before(1, 2, 7), NOW)

    assert habit.posts == pytest.approx(0.5 ** (1 / 7) + 0.5 ** (2 / 7))
    assert habit.days == pytest.approx(10.0989 / 2)


def test_an_entry_that_is_pinned_for_years_does_not_hide_how_much_is_posted():
    dates = before(*[number / 10 + 0.05 for number in range(19)], 2_000)

    assert first_habit(dates, NOW).posts_a_day(NOW) > 5


@pytest.mark.parametrize(
    "dates",
    [
        [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3, 4)],
        [NOW - HOUR] * 5,
        [NOW + HOUR, NOW + DAY],
    ],
)
def test_dates_that_tell_no_times_count_for_nothing(dates):
    habit = first_habit(dates, NOW)

    assert (habit.posts, habit.days, habit.hours) == (0, 0, ())


def test_midnights_tell_all_the_same_when_something_was_last_posted():
    habit = first_habit([datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2)], NOW)

    assert habit.last_post_at == datetime(2024, 5, 2, tzinfo=UTC)


def test_a_date_in_the_future_is_left_out():
    dates = before(0.5, 1.5, 2.5)

    assert first_habit([*dates, NOW + HOUR], NOW) == first_habit(dates, NOW)


def test_a_post_counts_half_after_a_week():
    habit = first_habit([], NOW).after(NOW + HOUR, [NOW + HOUR])
    week_later = habit.after(NOW + HOUR + 7 * DAY, [])

    assert habit.posts == pytest.approx(1)
    assert week_later.posts == pytest.approx(0.5)
    assert week_later.last_post_at == NOW + HOUR


def test_many_small_steps_are_one_large_step():
    habit = once = first_habit(before(1, 2, 3, 4), NOW)
    for number in range(1, 49):
        habit = habit.after(NOW + HOUR * number, [])
    once = once.after(NOW + 2 * DAY, [])

    assert habit.posts == pytest.approx(once.posts)
    assert habit.days == pytest.approx(once.days)


def test_what_is_watched_for_long_is_known_well():
    assert watched(6, 60).posts_a_day(NOW + 60 * DAY) == pytest.approx(6, rel=0.15)


def test_a_feed_that_falls_silent_is_quiet_after_ninety_days():
    silent = watched(0, 90, watched(6, 20))

    assert silent.posts_a_day(NOW + 110 * DAY) <= QUIET_RATE
    assert watched(0, 40, watched(6, 20)).posts_a_day(NOW + 60 * DAY) > QUIET_RATE


def test_what_was_known_is_known_less_while_nobody_looks():
    habit = watched(6, 30)
    later = NOW + 60 * DAY

    assert NOTHING_KNOWN < habit.posts_a_day(later) < habit.posts_a_day(NOW + 30 * DAY)


def test_the_hours_are_those_of_the_posts():
    at = NOW.replace(hour=20)
    habit = first_habit([], NOW).after(NOW + DAY, [at, at, at.replace(hour=22)])

    assert habit.hours[20] == pytest.approx(2 * habit.hours[22], rel=0.02)
    assert sum(habit.hours) == pytest.approx(habit.posts, abs=0.02)


def test_old_hours_count_less_than_new_ones():
    morning = NOW.replace(hour=13)
    habit = first_habit([], NOW).after(NOW + DAY, [morning] * 4)
    evening = NOW + 14 * DAY
    habit = habit.after(evening, [evening.replace(hour=5)] * 4)

    assert habit.hours[5] > 3 * habit.hours[13] > 0


@pytest.mark.parametrize(
    "post", [NOW - DAY, NOW + 9 * DAY, datetime(2026, 3, 5, tzinfo=UTC)], ids=str
)
def test_a_date_that_cannot_be_counts_as_when_it_was_seen(post):
    seen = NOW + DAY
    habit = first_habit([], NOW).after(seen, [post])

    assert habit.posts == 1
    assert habit.last_post_at == seen
    assert habit.hours[seen.hour] == 1


def test_a_flood_counts_as_a_hundred_posts_at_most():
    assert first_habit([], NOW).after(NOW + HOUR, [NOW] * 5_000).posts == pytest.approx(100)
    assert first_habit(before(*[n / 1_000 for n in range(5_000)]), NOW).posts < 100


def test_a_habit_that_was_never_counted_begins_with_what_it_is_given():
    assert Habit().after(NOW, before(1, 2, 3)) == first_habit(before(1, 2, 3), NOW)


def test_a_clock_that_is_set_back_takes_nothing():
    habit = watched(6, 10)
    back = habit.after(NOW, [])

    assert (back.posts, back.days) == (habit.posts, habit.days)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=30), st.integers(0, 10**6))
def test_whatever_the_dates_it_can_be_counted_on_and_stored(dates, minutes):
    now = NOW + timedelta(minutes=minutes)
    habit = first_habit(dates, NOW).after(now, dates)

    assert 0 < habit.posts_a_day(now) <= 200.2
    assert 0 <= habit.days <= 10.1
    assert habit.last_post_at is None or habit.last_post_at <= now
    stored = TypeAdapter(Habit)
    assert stored.validate_json(stored.dump_json(habit)) == habit
