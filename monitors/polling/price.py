"""What a request is worth: one price for all feeds, from the number of requests there may be."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import sqrt
from typing import TypeAlias

from monitors.feeds.feed import Feed
from monitors.polling.cadence import SPREAD, USUAL_PRICE, bounds, spread
from monitors.polling.habit import NOTHING_KNOWN, QUIET_RATE
from monitors.polling.manners import Manners

# Four times what a reader with a fixed hour asks: who watches news sites only gets no more.
MOST_A_FEED = 96
_DAY = timedelta(days=1)
_LOWEST, _HIGHEST = 1e-9, 1e9
_STEPS = 40
_NEAR_ENOUGH = 0.001  # of the budget
# At a price of 1, and the least and the most at any price: requests a day.
_Demand: TypeAlias = tuple[float, float, float]


def fair_price(
    feeds: Sequence[Feed],
    rates: Mapping[str, float],
    weights: Mapping[str, float],
    manners: Manners,
) -> float:
    """Answer the price at which the polls of all *feeds* are as many as there may be in a day.

    With no budget it is `USUAL_PRICE`, so that the pace of a feed does not hang on how many
    others there are; or more, where that would make more than `MOST_A_FEED` polls for each.
    Polls of files and of the user's own networks trouble nobody and are not counted.

    Args:
        feeds: all that are polled.
        rates: posts a day, by address; 0 of those that were never polled. As long as there is
            one, the price is not below the usual one: it may turn out to be a busy one.
        weights: by address, where not 1.
        manners: the budget, and bounds for feeds that say none.
    """
    demands = []
    fixed, lowest = 0.0, 0.0
    for feed in feeds:
        if feed.near:
            continue
        if feed.every:
            fixed += _DAY / (feed.every * (1 + SPREAD / 2))
        else:
            rate = rates.get(feed.address, 0.0)
            lowest = lowest if rate else USUAL_PRICE
            weight = weights.get(feed.address, 1.0)
            demands.append(_demand(feed, rate or NOTHING_KNOWN, weight, manners))
    if manners.requests_a_day is None:
        return max(USUAL_PRICE, _price(demands, MOST_A_FEED * len(demands)))
    return max(lowest, _price(demands, manners.requests_a_day - fixed))


def _demand(feed: Feed, rate: float, weight: float, manners: Manners) -> _Demand:
    floor, ceiling = bounds(feed, manners, quiet=rate <= QUIET_RATE)
    least, most = _a_day(ceiling, floor, ceiling), _a_day(floor, floor, ceiling)
    return sqrt(rate * weight / 2), least, most


def _a_day(gap: timedelta, floor: timedelta, ceiling: timedelta) -> float:
    earliest, latest = spread(max(gap, floor), floor, ceiling)
    return 2 * _DAY / (earliest + latest)


def _price(demands: Sequence[_Demand], budget: float) -> float:
    """Answer the price at which *demands* add up to *budget*, as far as their bounds allow."""
    low, high = 1 / sqrt(_HIGHEST), 1 / sqrt(_LOWEST)
    for _ in range(_STEPS):
        middle = sqrt(low * high)
        asked = sum([min(most, max(least, pull * middle)) for pull, least, most in demands])
        if abs(asked - budget) < _NEAR_ENOUGH * budget:
            break
        low, high = (middle, high) if asked <= budget else (low, middle)
    return 1 / (low * high)
