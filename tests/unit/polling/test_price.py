"""One price for all feeds, such that their polls are as many as there may be."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.feed import Feed
from monitors.polling.cadence import USUAL_PRICE, Terms, next_plan
from monitors.polling.habit import Habit, first_habit
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory
from monitors.polling.price import MOST_A_FEED, fair_price

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def feed(number, **more):
    return Feed(address=f"https://{number}.example/feed", **more)


def priced(rates, budget=None, *, weights=None, manners=None, **more):
    feeds = [feed(number, **more) for number in range(len(rates))]
    manners = manners or Manners(requests_a_day=budget)
    known = {each.address: rate for each, rate in zip(feeds, rates, strict=True)}
    named = {feeds[number].address: weight for number, weight in (weights or {}).items()}
    return fair_price(feeds, known, named, manners)


def requests(rate, price, *, manners, weight=1.0, **more):
    """Answer how many requests a day `next_plan` makes of a feed that posts evenly."""
    days = 10.0989
    last = NOW - 2 * HOUR
    known = Habit(posts=rate * (days + 1) - 0.2, days=days, as_of=NOW, last_post_at=last)
    memory = Memory(next_poll_at=NOW, first_ok_at=NOW, habit=known)
    terms = Terms(manners=manners, price=price, weight=weight)
    plan = next_plan(feed(0, **more), memory, terms, NOW, 0.5)
    return DAY / (plan.at - NOW)


rates = st.lists(st.floats(0.03, 1_000), min_size=1, max_size=30)


@given(rates, st.floats(0.05, 0.95))
def test_the_polls_of_all_feeds_are_as_many_as_there_may_be(rates, share):
    least, most = (
        sum(requests(rate, price, manners=Manners()) for rate in rates) for price in (1e9, 1e-9)
    )
    budget = round(least + (most - least) * share)

    price = priced(rates, budget)

    made = sum(requests(rate, price, manners=Manners()) for rate in rates)
    # Close to the shortest time the spread goes one way only, so that polls are a little later.
    assert made == pytest.approx(budget, rel=0.03, abs=1)


@given(rates, st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_more_there_may_be_the_less_each_costs(rates, one, other):
    few, many = sorted((one, other))

    assert priced(rates, many) <= priced(rates, few) * 1.01


def test_what_bounds_do_not_allow_is_not_asked_for():
    assert requests(40, priced([40], 10_000), manners=Manners()) == pytest.approx(288, rel=0.03)
    assert requests(40, priced([40], 1), manners=Manners()) == pytest.approx(6, rel=0.03)


def test_feeds_with_a_fixed_time_use_up_their_share_first():
    auto = [feed(number) for number in range(4)]
    fixed = feed(9, every=10 * MINUTE)
    rates = {each.address: 10.0 for each in [*auto, fixed]}

    price = fair_price([*auto, fixed], rates, {}, Manners(requests_a_day=340))

    made = sum(requests(10, price, manners=Manners()) for _ in auto)
    assert made == pytest.approx(340 - 144 / 1.025, rel=0.01)


def test_feeds_of_the_users_own_are_not_counted():
    own = feed(9, every=timedelta(seconds=1), near=True)
    auto = feed(0)

    alone, beside = (
        fair_price(feeds, {auto.address: 10.0}, {}, Manners(requests_a_day=50))
        for feeds in ([auto], [auto, own])
    )

    assert alone == beside


def test_an_urgent_feed_gets_twice_the_polls_of_another():
    price = priced([5, 5], 90, weights={0: 4.0})
    urgent, other = (requests(5, price, manners=Manners(), weight=weight) for weight in (4.0, 1.0))

    assert urgent == pytest.approx(2 * other, rel=0.01)
    assert urgent + other == pytest.approx(90, rel=0.01)


def test_feeds_that_are_quiet_leave_their_polls_to_others():
    among_quiet, among_slow = (priced([20, rate, rate], 50) for rate in (0.018, 0.05))
    quiet, slow = (requests(20, price, manners=Manners()) for price in (among_quiet, among_slow))

    assert (quiet, slow) == (pytest.approx(47, abs=1), pytest.approx(38, abs=1))


def test_bounds_of_a_feed_count():
    price = priced([20, 20], 100, at_least=HOUR, at_most=2 * HOUR)

    assert requests(20, price, manners=Manners(), at_least=HOUR, at_most=2 * HOUR) < 24


def test_without_a_budget_a_request_costs_the_usual():
    assert priced([40, 2.5, 0.15, 0.02]) == USUAL_PRICE
    assert fair_price([], {}, {}, Manners()) == USUAL_PRICE


def test_without_a_budget_feeds_that_are_all_busy_get_no_more_than_a_share():
    price = priced([40, 60, 80])

    made = [requests(rate, price, manners=Manners()) for rate in (40, 60, 80)]
    assert price > USUAL_PRICE
    assert sum(made) == pytest.approx(3 * MOST_A_FEED, rel=0.01)


def test_while_a_feed_was_never_polled_no_request_is_cheap():
    assert priced([0, 1], 500) == USUAL_PRICE
    assert priced([0.2, 1], 500) < USUAL_PRICE
    assert priced([0, 1], 13) > USUAL_PRICE


def test_ten_thousand_feeds_are_priced_in_few_steps():
    chance = random.Random(5)
    rates = [chance.lognormvariate(0, 2) + 0.02 for _ in range(10_000)]

    price = priced(rates, 240_000)

    made = sum(requests(rate, price, manners=Manners()) for rate in rates[::10])
    assert 10 * made == pytest.approx(240_000, rel=0.05)


# A replay: what all of it together is for.


def posting_times(chance, rate, peak):
    """Yield when a feed posts in 35 days from NOW on, most around one hour of the day."""
    at = NOW
    while (at := at + DAY * chance.expovariate(2 * rate)) < NOW + 35 * DAY:
        hours = abs((at.hour - peak + 12) % 24 - 12)
        if chance.random() < (0.9 if hours < 6 else 0.1):
            yield at


def replayed(posts, budget):
    """Answer the delays, and the number of polls, of the last 21 of 35 days."""
    chance = random.Random(4)
    feeds = [feed(number) for number in range(len(posts))]
    manners = Manners(requests_a_day=budget)
    due = [NOW + HOUR * chance.random() for _ in feeds]
    habits, last = [first_habit([], at) for at in due], list(due)
    late, polls = [], 0
    for hour in range(35 * 24):
        end = NOW + HOUR * (hour + 1)
        rates = {
            each.address: habit.posts_a_day(end) for each, habit in zip(feeds, habits, strict=True)
        }
        terms = Terms(manners=manners, price=fair_price(feeds, rates, {}, manners))
        for at, each in enumerate(feeds):
            while due[at] < end:
                now = due[at]
                new = [post for post in posts[at] if last[at] < post <= now]
                posts[at] = [post for post in posts[at] if post > now]
                habits[at] = habits[at].after(now, new)
                if now >= NOW + 14 * DAY:
                    late += [now - post for post in new]
                    polls += 1
                memory = Memory(next_poll_at=now, habit=habits[at], first_ok_at=NOW)
                last[at], due[at] = now, next_plan(each, memory, terms, now, chance.random()).at
    return late, polls


def test_posts_are_found_in_less_than_half_the_time_of_a_fixed_interval():
    chance = random.Random(3)
    rates = [40, 20, 3, 2, 1, 0.2, 0.1, 0.05]
    posts = [list(posting_times(chance, rate, chance.randrange(24))) for rate in rates]

    late, polls = replayed(posts, 24 * len(rates))

    assert polls == pytest.approx(24 * len(rates) * 21, rel=0.05)
    assert sum(late, timedelta()) / len(late) <= 0.45 * 30 * MINUTE
