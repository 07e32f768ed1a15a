"""How late articles are found by several ways to decide when a feed is polled next.

    python benchmarks/cadence.py [--feeds 1500] [--seed 1] [--requests 8,24,48] [--bounds 5m-4h]
    python benchmarks/cadence.py --times FILE --feeds-dir DIR [--json]

Posting times are replayed: 14 days to learn from, then 21 that count. Every way is tuned to the
same number of requests a feed and day, within the same bounds of the time between two polls,
but for the fixed interval, which has none. A post is there at its date; what counts is how many
minutes later the next poll is.

Without files, the feeds are made up: 15 % news sites (a median of 40 posts a day), 40 % sections
(2.5) and 45 % slow ones (0.15), with a daily and a weekly cycle, and bursts. FILE has a JSON
object in each line: `{"feed": ..., "times": [ISO 8601, ...]}`; DIR holds files of feeds. Each
of those feeds ends at midnight after its newest post; one that goes back for less than 35 days
is repeated by whole days, or weeks, to fill them. Those whose dates tell no time are left out.

The ways: `fixed` waits as long each time; `age` waits in proportion to the age of the newest
post; `halve` waits half as long after a poll that found something, and longer by a factor after
one that did not; `in proportion` waits in proportion to 1 / (posts of the last 7 days), as a
well-known reader does; `newsbell` is what the bot runs, with its price renewed every hour.
"""

import argparse
import json
import math
import random
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document
from monitors.feeds.feed import Feed
from monitors.polling.cadence import Terms, next_plan
from monitors.polling.habit import first_habit
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory
from monitors.polling.price import fair_price
from monitors.times import parse_duration, parse_iso

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
LEARNING, COUNTING = 14 * DAY, 21 * DAY
END = LEARNING + COUNTING
BEFORE = 60 * DAY  # what a feed may show of the time before it is first read
SHOWN = 15  # entries of a feed
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
# Up to which share of the feeds, the median of posts a day, and how much that differs.
KINDS = ((0.15, 40.0, 0.6), (0.55, 2.5, 0.8), (1.0, 0.15, 1.0))

# Seconds from START; those before it are below 0.
Times: TypeAlias = Sequence[float]
# What is known at a poll (the posts so far, now, whether it found any) to seconds to wait.
Wait: TypeAlias = Callable[[Times, float, bool], float]


@dataclass(slots=True)
class Tally:
    """What a way did in the days that count."""

    polls: int = 0
    hits: int = 0
    late: list[float] = field(default_factory=list)

    def poll(self, posts: Times, last: float, now: float) -> bool:
        """Count a poll at *now*, after one at *last*; answer whether it found something."""
        first, end = bisect_right(posts, last), bisect_right(posts, now)
        if LEARNING <= now < END:
            self.polls += 1
            self.hits += end > first
        self.late += [now - post for post in posts[first:end] if LEARNING <= post < END]
        return end > first


def main() -> None:
    """Read or make the feeds, replay them, print."""
    asked = _arguments()
    sets: dict[str, list[Times]] = {}
    if asked.times:
        sets["times of " + asked.times.name] = list(_recorded(asked.times))
    if asked.feeds_dir:
        sets["feeds of " + asked.feeds_dir.name] = list(_captured(asked.feeds_dir))
    if not sets:
        sets["made up"] = made_up(asked.feeds, asked.seed)
    for name, feeds in sets.items():
        if not feeds:
            raise SystemExit(f"There are no posting times in the {name}.")
        for requests in asked.requests:
            rows = compare(feeds, requests, asked.bounds, asked.seed)
            _print(name, feeds, requests, rows, as_json=asked.json)


def compare(
    feeds: Sequence[Times], requests: float, bounds: tuple[float, float], seed: int
) -> dict[str, dict[str, float]]:
    """Answer the figures of each way at so many *requests* a feed and day."""
    tallies = {
        "fixed": _tuned(feeds, requests, seed, _fixed),
        "age": _tuned(feeds, requests, seed, _by_age, bounds),
        "halve": _tuned(feeds, requests, seed, _halving, bounds),
        "in proportion": _tuned(feeds, requests, seed, _in_proportion, bounds),
        "newsbell": newsbell(feeds, requests, bounds, seed),
    }
    rows = {name: _figures(tally, len(feeds)) for name, tally in tallies.items()}
    for row in rows.values():
        row["of_fixed"] = row["mean_min"] / rows["fixed"]["mean_min"]
    return rows


def newsbell(
    feeds: Sequence[Times], requests: float, bounds: tuple[float, float], seed: int
) -> Tally:
    """Replay *feeds* as the bot runs."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 -- no secret
    manners = Manners(
        at_least=timedelta(seconds=bounds[0]),
        at_most=timedelta(seconds=bounds[1]),
        requests_a_day=round(requests * len(feeds)),
    )
    polled = [_Polled(posts, number, chance.random() * HOUR) for number, posts in enumerate(feeds)]
    said = [each.feed for each in polled]
    end = 0.0
    while end < END:
        at = START + timedelta(seconds=end)
        rates = {each.feed.address: each.habit.posts_a_day(at) for each in polled}
        terms = Terms(manners=manners, price=fair_price(said, rates, {}, manners))
        end += HOUR
        for each in polled:
            while each.due < end:
                each.poll(terms, chance.random(), tally)
    for each in polled:
        tally.poll(each.posts, each.last, each.due)
    return tally


class _Polled:
    """A feed, and what Newsbell knows of it."""

    def __init__(self, posts: Times, number: int, due: float) -> None:
        self.posts, self.due, self.last = posts, due, 0.0
        self.feed = Feed(address=f"https://example.org/{number}")
        self.habit = first_habit([], START)

    def poll(self, terms: Terms, chance: float, tally: Tally) -> None:
        """Poll it as it is due, and set when it is due next."""
        tally.poll(self.posts, self.last, self.due)
        first = bisect_right(self.posts, self.last) if self.last else None
        end = bisect_right(self.posts, self.due)
        now = START + timedelta(seconds=self.due)
        new = [
            START + timedelta(seconds=post)
            for post in self.posts[max(0, end - SHOWN) if first is None else first : end]
        ]
        self.habit = first_habit(new, now) if first is None else self.habit.after(now, new)
        memory = Memory(next_poll_at=now, first_ok_at=START, habit=self.habit)
        plan = next_plan(self.feed, memory, terms, now, chance)
        self.last, self.due = self.due, (plan.at - START) / timedelta(seconds=1)


def _fixed(scale: float) -> Callable[[], Wait]:
    return lambda: lambda _posts, _now, _hit: scale * DAY


def _by_age(scale: float) -> Callable[[], Wait]:
    def wait(posts: Times, now: float, _hit: bool) -> float:
        known = bisect_right(posts, now)
        return scale * (now - posts[known - 1]) if known else scale * BEFORE

    return lambda: wait


def _halving(scale: float) -> Callable[[], Wait]:
    def begin() -> Wait:
        state = [HOUR]

        def wait(_posts: Times, _now: float, hit: bool) -> float:
            state[0] = min(DAY, max(MINUTE, state[0] * (0.5 if hit else 1 + scale)))
            return state[0]

        return wait

    return begin


def _in_proportion(scale: float) -> Callable[[], Wait]:
    def wait(posts: Times, now: float, _hit: bool) -> float:
        week = bisect_right(posts, now) - bisect_left(posts, now - 7 * DAY)
        return scale * 7 * DAY / max(week, 0.5)

    return lambda: wait


def _tuned(
    feeds: Sequence[Times],
    requests: float,
    seed: int,
    way: Callable[[float], Callable[[], Wait]],
    bounds: tuple[float, float] = (MINUTE, 30 * DAY),
) -> Tally:
    """Replay *feeds* by a *way* whose scale is such that it makes so many *requests*."""
    wanted = requests * len(feeds) * COUNTING / DAY
    before, scale, step = 0.0, 1 / requests, 0.0
    for _ in range(15):
        tally = _replayed(feeds, way(scale), bounds, seed)
        error = math.log(tally.polls / wanted)
        if abs(error) < 0.002:  # noqa: PLR2004 -- near enough
            break
        # Requests fall as a power of the scale; which one, the last two tries tell.
        power = (before - error) / step if step and before != error else 1.0
        before, step = error, max(-1.5, min(1.5, error / max(power, 0.1)))
        scale *= math.exp(step)
    return tally


def _replayed(
    feeds: Sequence[Times], begin: Callable[[], Wait], bounds: tuple[float, float], seed: int
) -> Tally:
    chance, tally = random.Random(seed), Tally()  # noqa: S311 -- no secret
    for posts in feeds:
        last, now, wait = 0.0, chance.random() * HOUR, begin()
        while True:
            hit = tally.poll(posts, last, now)
            if now >= END:
                break
            gap = min(max(wait(posts, now, hit), bounds[0]), bounds[1])
            last, now = now, now + gap * chance.uniform(0.95, 1.05)
    return tally


def _figures(tally: Tally, feeds: int) -> dict[str, float]:
    late = sorted(tally.late)
    return {
        "requests": tally.polls / feeds / (COUNTING / DAY),
        "mean_min": sum(late) / len(late) / MINUTE,
        "p99_min": late[int(len(late) * 0.99)] / MINUTE,
        "hits": tally.hits / max(1, tally.polls),
    }


def made_up(count: int, seed: int) -> list[Times]:
    """Answer the posting times of *count* feeds: news sites, sections and slow ones."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    return [_invented(chance, (number + 0.5) / count) for number in range(count)]


def _invented(chance: random.Random, share: float) -> Times:
    _, median, sigma = next(kind for kind in KINDS if share < kind[0])
    rate = median * math.exp(chance.gauss(0, sigma))
    peak, depth, weekend = chance.gauss(14, 4), chance.uniform(0.5, 1), chance.uniform(0.3, 1)
    bursty = chance.uniform(0, 0.3)
    most = rate * (1 - bursty) * (1 + depth)
    posts: list[float] = []
    at = -BEFORE
    while (at := at + chance.expovariate(most) * DAY) < END:
        pace = 1 + depth * math.cos((at / HOUR - peak) * math.tau / 24)
        pace *= weekend if (at // DAY) % 7 >= 5 else 1  # noqa: PLR2004 -- Saturday
        if chance.random() * (1 + depth) > pace:
            continue
        more = at
        while more < END:
            posts.append(more)
            if chance.random() >= bursty:
                break
            more += chance.expovariate(1 / (10 * MINUTE))
    return sorted(posts)


def _recorded(path: Path) -> Iterator[Times]:
    for at, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            moments = [parse_iso(each) for each in json.loads(line)["times"]]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SystemExit(f"{path}:{at}: these are no posting times: {error}") from None
        if times := _placed([each for each in moments if each]):
            yield times


def _captured(folder: Path) -> Iterator[Times]:
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".xml", ".json", ".rss", ".atom"):
            continue
        read = read_document(path.read_bytes(), "https://example.org/feed")
        if not isinstance(read, Document):
            continue
        if times := _placed([each.published_at for each in read.entries if each.published_at]):
            yield times


def _placed(moments: Sequence[datetime]) -> Times | None:
    """Answer *moments* so that the newest lies in the last of the days that count."""
    known = sorted(set(moments))
    if len(known) < SHOWN // 3 or all(each.hour == each.minute == 0 for each in known):
        return None
    last = known[-1].replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    posts = [END + (each - last) / timedelta(seconds=1) for each in known]
    span = math.ceil((END - posts[0]) / DAY) * DAY
    if span > 7 * DAY:
        span = math.ceil(span / (7 * DAY)) * 7 * DAY
    if span < END:
        copies = range(math.ceil((END + BEFORE) / span))
        posts = sorted(post - span * copy for copy in copies for post in posts)
    return [post for post in posts if post > -BEFORE] or None


def _print(
    name: str,
    feeds: Sequence[Times],
    requests: float,
    rows: dict[str, dict[str, float]],
    *,
    as_json: bool,
) -> None:
    posts = sum(bisect_left(each, END) - bisect_left(each, LEARNING) for each in feeds)
    if as_json:
        said: dict[str, Any] = {"set": name, "feeds": len(feeds), "posts": posts}
        print(json.dumps(said | {"requests": requests, "ways": rows}))
        return
    print(f"\n{name}: {len(feeds):,} feeds, {posts:,} posts, {requests:g} requests a feed and day")
    print(f"{'':14}{'requests':>10}{'mean min':>10}{'p99 min':>10}{'find':>7}{'of fixed':>10}")
    for way, row in rows.items():
        print(
            f"{way:14}{row['requests']:10.2f}{row['mean_min']:10.1f}{row['p99_min']:10.0f}"
            f"{row['hits']:7.0%}{row['of_fixed']:10.0%}"
        )


def _arguments() -> argparse.Namespace:
    description, _, epilog = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=epilog, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1_500, help="how many are made up")
    parser.add_argument("--seed", type=int, default=1, help="of what is made up")
    parser.add_argument("--times", type=Path, help="JSON lines of posting times")
    parser.add_argument("--feeds-dir", type=Path, help="files of feeds")
    parser.add_argument("--requests", type=_numbers, default=[8, 24, 48], help="a feed and day")
    parser.add_argument("--bounds", type=_range, default=(5 * MINUTE, 4 * HOUR), help="5m-4h")
    parser.add_argument("--json", action="store_true", help="a JSON object for each table")
    return parser.parse_args()


def _numbers(written: str) -> list[float]:
    return [float(each) for each in written.split(",")]


def _range(written: str) -> tuple[float, float]:
    least, _, most = written.partition("-")
    low, high = parse_duration(least), parse_duration(most)
    if low is None or high is None:
        raise argparse.ArgumentTypeError("write it as 5m-4h")
    return low.total_seconds(), high.total_seconds()


if __name__ == "__main__":
    main()
