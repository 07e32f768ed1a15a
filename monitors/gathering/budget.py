"""What a request is worth now, for every feed: the budget of requests, spent where news waits."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from monitors.feeds.feed import Feed
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Store
from monitors.polling.cadence import USUAL_PRICE, Terms
from monitors.polling.price import fair_price
from monitors.rules.rulebook import Priority, Rulebook

URGENT = 4.0


@dataclass(frozen=True, slots=True)
class _Worth:
    """What `renew` works out: the price, and the weights of the feeds where they are not 1."""

    price: float
    weights: Mapping[str, float]


class Budget:
    """Knows the price of a request, and how much each feed's delay counts.

    It is to be renewed at the start, when another rulebook is in force, and from time to time,
    since feeds change their habits. Until then a feed has the usual terms.
    """

    def __init__(self, store: Store, in_force: InForce) -> None:
        self._store = store
        self._in_force = in_force
        self._worth = _Worth(USUAL_PRICE, {})

    def terms(self, feed: Feed) -> Terms:
        """Answer what a request of *feed* is worth; it need not be known yet."""
        return Terms(
            manners=self._in_force.book.rulebook.manners,
            price=self._worth.price,
            weight=self._worth.weights.get(feed.address, 1.0),
        )

    async def renew(self) -> None:
        """Work the price out anew, from how much each feed posts now and who watches it."""
        rulebook = self._in_force.book.rulebook
        rates = await self._store.write(lambda ledger: ledger.feeds.rates())
        self._worth = await asyncio.to_thread(_worth, rulebook, dict(rates))


def _worth(rulebook: Rulebook, rates: Mapping[str, float]) -> _Worth:
    weights = dict.fromkeys(urgent_feeds(rulebook), URGENT)
    return _Worth(fair_price(rulebook.feeds, rates, weights, rulebook.manners), weights)


def urgent_feeds(rulebook: Rulebook) -> frozenset[str]:
    """Answer the addresses of feeds whose delay counts more: those that urgent rules name.

    A rule that watches every feed names none. If together they name every feed that adapts, no
    feed is more urgent than another.
    """
    adapting = {feed.address for feed in rulebook.feeds if feed.every is None}
    watched = {rule.feeds for rule in rulebook.rules if rule.priority is Priority.HIGH}
    singled_out = [feeds for feeds in watched if feeds and not feeds >= adapting]
    urgent = adapting & frozenset().union(*singled_out)
    return frozenset() if urgent == adapting else frozenset(urgent)
