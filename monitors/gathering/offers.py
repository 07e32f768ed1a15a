"""What polls show of the hubs that feeds name."""

from dataclasses import dataclass
from datetime import datetime

from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import DueFeed
from monitors.pipeline.reload import leave_hub
from monitors.polling.subscription import Offer, may_change
from monitors.polling.trust import polled


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll that worked has shown.

    Attributes:
        started: when the feed was asked.
        news: how many entries were new.
        read: whether there was a document to be read, so that *offer* says something.
        offer: the hub that the feed names, if it names one.
    """

    started: datetime
    news: int = 0
    read: bool = False
    offer: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a feed's subscription means for its next poll.

    Attributes:
        pushed_until: until when a hub is trusted to tell of what is new, if one is.
        again_at: when the feed is to be polled once more, because of a push.
    """

    pushed_until: datetime | None = None
    again_at: datetime | None = None


def note_poll(ledger: Ledger, due: DueFeed, seen: Polled, now: datetime) -> Noted:
    """Remember what a poll shows of the feed's hub, in the transaction that remembers the poll.

    Hubs are remembered whether or not they can reach us: some day they may.
    """
    known = ledger.subscriptions.of(due.id)
    if known is None:
        if seen.offer:
            ledger.subscriptions.want(due.id, seen.offer, now)
        return Noted()
    if seen.read and may_change(known, seen.offer, now):
        leave_hub(ledger, known, now)
        if seen.offer:
            ledger.subscriptions.want(due.id, seen.offer, now)
        return Noted()
    before = due.memory.last_ok_at
    after = polled(known, news=seen.news, started=seen.started, before=before, now=now)
    if after != known:
        ledger.subscriptions.keep(after)
    again_at = after.asks_at if after.announced_at else None
    return Noted(pushed_until=after.trusted_until(now), again_at=again_at)
