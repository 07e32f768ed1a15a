"""A feed is polled when the posts that are expected have waited for what a request costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import Pace
from monitors.feeds.feed import Feed
from monitors.polling.cadence import Plan, Terms, bounds, next_plan, posting
from monitors.polling.habit import Habit
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed(address="https://example.org/feed")
EVEN = (1.0,) * 24
WIDE = Manners(at_least=timedelta(seconds=1), at_most=30 * DAY)


def habit(per_day, *, hours=EVEN, last=20 * HOUR):
    """Answer the habit of a feed that was watched for ever."""
    days = 10.0989
    return Habit(
        posts=per_day * (days + 1) - 0.2,
        days=days,
        hours=hours,
        as_of=NOW,
        last_post_at=NOW - last,
    )


def memory(per_day=2.0, *, pace=None, max_age=None, pushed_until=None, **more):
    return Memory(
        next_poll_at=NOW,
        habit=habit(per_day, **more),
        pace=pace or Pace(),
        max_age=max_age,
        first_ok_at=NOW - 200 * DAY,
        pushed_until=pushed_until,
    )


def plan(known, feed=FEED, chance=0.5, now=NOW, **terms) -> Plan:
    return next_plan(feed, known, Terms(**terms), now, chance)


def gap(*arguments, **more):
    return plan(*arguments, **more).at - NOW


def asks(minutes):
    return Pace(gap=minutes * MINUTE)


# How the gap follows from rate, price and weight.


def test_the_gap_is_as_the_square_root_of_price_through_rate():
    of_two, of_eight = (gap(memory(rate), manners=WIDE, price=0.01) for rate in (2, 8))

    assert of_two / DAY == pytest.approx((2 * 0.01 / 2) ** 0.5, rel=0.001)
    assert of_two / of_eight == pytest.approx(2, rel=0.001)


def test_a_fourfold_weight_halves_the_gap():
    usual, urgent = (gap(memory(), manners=WIDE, weight=weight) for weight in (1, 4))

    assert usual / urgent == pytest.approx(2, rel=0.001)


def test_a_feed_that_posts_in_the_morning_is_polled_in_the_morning():
    morning = tuple(20.0 if hour == 6 else 0.0 for hour in range(24))
    known = memory(3, hours=morning)

    early, noon = (
        plan(known, now=at, manners=WIDE).at - at
        for at in (NOW.replace(hour=6, minute=0), NOW.replace(hour=12, minute=0))
    )

    assert 2 * early < noon


def test_the_hours_move_polls_and_cost_none():
    lively = tuple(10.0 if 8 <= hour < 18 else 0.1 for hour in range(24))
    counts = []
    for hours in (EVEN, lively):
        at, polls, known = NOW, 0, memory(40, hours=hours)
        while at < NOW + DAY:
            at, polls = plan(known, now=at, manners=WIDE).at, polls + 1
        counts.append(polls)

    assert counts[1] == pytest.approx(counts[0], rel=0.05)


def test_for_half_an_hour_after_a_post_another_is_expected():
    fresh, old = (gap(memory(4, last=last * MINUTE)) for last in (1, 31))

    assert fresh < 0.95 * old


# Bounds.


def test_it_is_no_sooner_than_rules_yaml_says():
    busy = plan(memory(5_000))

    assert busy.at >= NOW + 5 * MINUTE
    assert busy.why == "about 5000 posts a day; no sooner than every 5 min"


def test_it_is_no_later_than_rules_yaml_says():
    slow = plan(memory(0.05), chance=1)

    assert slow.at == NOW + 4 * HOUR
    assert slow.why == "about 2 posts a month; no later than every 4 h"


def test_a_feeds_own_bounds_go_before_those_of_all():
    feed = replace(FEED, at_least=2 * MINUTE, at_most=HOUR)

    assert gap(memory(5_000), feed, chance=0) == 2 * MINUTE
    assert gap(memory(0.05), feed, chance=1) == HOUR


def test_a_server_that_calls_an_answer_fresh_is_left_alone_that_long():
    waits = plan(memory(5_000, max_age=HOUR), chance=0)

    assert waits.at == NOW + HOUR
    assert waits.why == "its server calls an answer fresh for 60 min"


@pytest.mark.parametrize("chance", [0, 0.5, 1])
def test_a_month_of_freshness_is_waited_for_the_ceiling_at_most(chance):
    waits = plan(memory(5_000, max_age=30 * DAY), chance=chance)

    assert waits.at == NOW + 4 * HOUR
    assert waits.why == "its server calls an answer fresh for 30 days, and gets 4 h"


@pytest.mark.parametrize("minutes", [30, 89])
def test_a_feed_that_asks_for_a_gap_gets_it(minutes):
    waits = plan(memory(5_000, pace=asks(minutes)), chance=0)

    assert waits.at == NOW + minutes * MINUTE
    assert waits.why == f"it asks for {minutes} min between polls"


def test_the_longer_of_two_wishes_counts():
    assert gap(memory(5_000, max_age=HOUR, pace=asks(90)), chance=0) == 90 * MINUTE
    assert gap(memory(5_000, max_age=2 * HOUR, pace=asks(90)), chance=0) == 2 * HOUR


def test_a_wish_that_is_met_anyway_changes_nothing():
    assert plan(memory(2, max_age=10 * MINUTE)) == plan(memory(2))


def test_the_floor_wins_over_the_ceiling():
    feed = replace(FEED, at_least=2 * MINUTE, at_most=HOUR)

    assert gap(memory(2, pace=asks(90)), feed) == 90 * MINUTE


def test_a_feed_without_a_post_for_ninety_days_is_polled_once_a_day():
    known = memory(0.0181, last=120 * DAY)
    quiet = plan(known, chance=1, price=0.1)

    assert quiet.at == NOW + 24 * HOUR
    assert quiet.why == "nothing new for 120 days; no later than every 24 h"
    assert plan(known).why == "nothing new for 120 days"


def test_one_that_never_showed_a_post_is_quiet_after_ninety_days_too():
    never = Memory(next_poll_at=NOW, habit=replace(habit(0.0181), last_post_at=None))

    assert gap(replace(never, first_ok_at=NOW - 100 * DAY), chance=1, price=0.1) == 24 * HOUR
    assert gap(replace(never, first_ok_at=NOW - 80 * DAY), chance=1, price=0.1) == 4 * HOUR


def test_who_says_how_late_a_feed_is_polled_means_quiet_ones_too():
    feed = replace(FEED, at_least=2 * MINUTE, at_most=HOUR)

    assert gap(memory(0.0181, last=120 * DAY), feed, chance=1) == HOUR


def test_a_feed_whose_hub_is_trusted_is_polled_to_be_sure_only():
    trusted = memory(per_day=50, pushed_until=NOW + DAY)
    assert gap(trusted, chance=1) == 4 * HOUR
    assert plan(trusted).why == "its hub tells of what is new; no later than every 4 h"


def test_a_hub_is_trusted_no_longer_than_its_lease():
    busy = memory(per_day=50)
    assert gap(memory(per_day=50, pushed_until=NOW + 4 * HOUR)) == gap(busy)


def test_a_fixed_time_is_kept_whatever_a_hub_tells():
    fixed = Feed(address=FEED.address, every=5 * MINUTE)
    assert gap(memory(pushed_until=NOW + DAY), fixed, chance=0) == 5 * MINUTE


def test_a_feed_of_which_nothing_is_known_is_looked_at_within_the_hour():
    start = plan(Memory(next_poll_at=NOW, first_ok_at=NOW), chance=1)

    assert start == Plan(at=NOW + HOUR, why="it is not known yet how it publishes")


# The user's fixed word.


def test_a_fixed_time_is_kept_whatever_the_feed_hints():
    feed = replace(FEED, every=5 * MINUTE)
    pace = Pace(gap=9 * HOUR, skip_hours=frozenset({12}))
    known = memory(0.0181, last=120 * DAY, pace=pace, max_age=HOUR)

    assert plan(known, feed, chance=0) == Plan(at=NOW + 5 * MINUTE, why="every: 5m in rules.yaml")
    assert gap(known, feed, chance=1) == 5 * MINUTE * 1.05


# Hours and days that a feed skips.


def test_a_poll_in_an_hour_that_is_skipped_moves_to_its_end():
    skips = Pace(skip_hours=frozenset({12, 13, 14, 15, 16}))
    moved = plan(memory(2, pace=skips))

    assert moved == Plan(
        at=NOW.replace(hour=17, minute=0), why="it does not change at this hour (skipHours)"
    )


def test_a_poll_on_a_day_that_is_skipped_moves_to_its_end():
    skips = Pace(skip_days=frozenset({5, 6}))  # the weekend
    friday = datetime(2026, 3, 6, 23, 50, tzinfo=UTC)
    moved = plan(memory(2, pace=skips), now=friday)

    assert moved == Plan(
        at=datetime(2026, 3, 9, tzinfo=UTC), why="it does not change on this day (skipDays)"
    )


def test_a_poll_outside_of_what_is_skipped_stays():
    skips = Pace(skip_hours=frozenset({3}), skip_days=frozenset({6}))

    assert plan(memory(2, pace=skips)) == plan(memory(2))


@pytest.mark.parametrize(
    "pace",
    [
        Pace(skip_hours=frozenset(range(24))),
        Pace(skip_days=frozenset(range(7))),
        Pace(skip_days=frozenset(range(6))),
    ],
)
def test_who_skips_all_hours_or_most_days_is_not_believed(pace):
    assert plan(memory(2, pace=pace)) == plan(memory(2))


# Words for people.


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (11.6, "about 12 posts a day"),
        (1, "about 1 post a day"),
        (0.3, "about 2 posts a week"),
        (0.05, "about 2 posts a month"),
        (0.01, "less than a post a month"),
    ],
)
def test_a_rate_is_told_in_a_few_words(rate, words):
    assert posting(rate) == words


def test_in_between_the_rate_is_the_reason():
    assert plan(memory(12)).why == "about 12 posts a day"


# Laws.

minutes = st.floats(1, 2_000).map(lambda each: each * MINUTE)
rates = st.floats(0.02, 5_000)
prices = st.floats(1e-9, 1e9)
memories = st.builds(
    memory,
    rates,
    pace=st.builds(Pace, gap=st.none() | minutes),
    max_age=st.none() | minutes,
    last=st.floats(0, 300).map(lambda each: each * DAY),
    hours=st.lists(st.floats(0, 50), min_size=24, max_size=24).map(tuple),
)
moments = st.floats(0, 10_000).map(lambda each: NOW + each * MINUTE)


@given(memories, st.lists(minutes, min_size=2, max_size=2), prices, st.floats(0, 1), moments)
def test_no_poll_is_sooner_than_the_floor_or_later_than_the_ceiling(
    known, ends, price, chance, now
):
    manners = Manners(at_least=min(ends), at_most=max(ends))
    wishes = (known.max_age, known.pace.gap)
    floor = max(
        [manners.at_least, *(min(wish, 4 * HOUR) for wish in wishes if wish)],
    )
    ceiling = max(manners.at_most, 24 * HOUR)

    waits = plan(known, chance=chance, now=now, manners=manners, price=price).at - now

    assert floor <= waits <= max(floor, ceiling)
    if now - known.habit.last_post_at < 90 * DAY:
        assert waits <= max(floor, manners.at_most)


@given(memories, rates, rates, st.floats(0, 1), moments)
def test_who_posts_more_is_polled_no_later(known, one, other, chance, now):
    seldom, often = (
        replace(known, habit=replace(habit(rate), last_post_at=known.habit.last_post_at))
        for rate in sorted((one, other))
    )

    assert plan(often, chance=chance, now=now).at <= plan(seldom, chance=chance, now=now).at


@given(memories, prices, prices, st.floats(0, 1), moments)
def test_a_higher_weight_or_a_lower_price_is_polled_no_later(known, one, other, chance, now):
    less, more = sorted((one, other))
    often, seldom = (plan(known, chance=chance, now=now, price=price) for price in (less, more))
    urgent, usual = (plan(known, chance=chance, now=now, weight=weight) for weight in (more, less))

    assert often.at <= seldom.at
    assert urgent.at <= usual.at


@given(st.builds(Feed, address=st.just("a.xml"), at_most=st.none() | minutes), st.booleans())
def test_a_quiet_feed_is_polled_no_sooner_than_another(feed, quiet):
    assert bounds(feed, Manners(), quiet=quiet) >= bounds(feed, Manners(), quiet=False)
