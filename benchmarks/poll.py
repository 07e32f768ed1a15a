"""What it takes to poll 10,000 feeds on 2,000 hosts: python -m benchmarks.poll [--json].

The feeds are at loopback addresses that a process of its own serves (`benchmarks.wire_site`):
packed RSS of 20 entries, after 20 to 50 ms. The bot is the one that `bot.py run` runs, in
another process (`benchmarks.watched_bot`), with --feeds in its rules.yaml, of which one is due
every --every / --feeds. They look as if they had been polled all the time: their validators and
entries are known, which is seen to before anything is measured.

For two fifths of --minutes, 60 % of the feeds that are due have not changed (304), and the others
have one or two new entries. Then nothing is due for a tenth; then, for a quarter each, come only
feeds that have not changed, and only those that have.

All times are CPU times of the bot and its workers, without the server's. What it takes when
nothing is due (the ticks, and the probe for the loop) is `idle share`, and is not part of what a
poll takes. `late` is how long after it was due a feed was asked; `late share` says how many were
asked later than a tenth of --every. The lags of the loop are those of the whole run.
"""

import argparse
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.try_since import vocabulary
from monitors.app.clock import now
from monitors.times import duration_text, parse_duration

ROOT = Path(__file__).parents[1]
MIXED, IDLE, UNCHANGED, CHANGED = 0.4, 0.1, 0.25, 0.25
SHARE_CHANGED = 0.4
RULES = 50
LATE = 0.1
GRACE = 120.0
AN_HOUR = 10_000 / 3600  # polls a second, if each of so many feeds is polled once an hour
ENVIRONMENT = {"ALLOW_NETWORKS": "127.0.0.0/8", "TZ": "UTC", "PATH": os.defpath}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Course:
    """Which feeds are asked when, and how they answer.

    Attributes:
        borders: seconds from the start to the beginning of each of the four parts, and the end.
        due: when each feed is due, in seconds from the start.
        changed: the feeds that have changed.
    """

    borders: tuple[float, ...]
    due: dict[int, float]
    changed: list[int]

    def asked(self) -> dict[int, float]:
        """Answer which feeds are due before the end, and when."""
        return {number: due for number, due in self.due.items() if due < self.borders[-1]}


def plan(feeds: int, every: timedelta, minutes: float) -> Course:
    """Answer the course of a run."""
    seconds, gap = minutes * 60, every.total_seconds() / feeds
    borders = tuple(seconds * sum((MIXED, IDLE, UNCHANGED, CHANGED)[:part]) for part in range(5))
    chance = random.Random(3)  # noqa: S311 -- not for secrets
    order = chance.sample(range(feeds), feeds)
    due = {}
    for at, number in enumerate(order):
        pause = borders[2] - borders[1] if at * gap >= borders[1] else 0
        due[number] = at * gap + pause
    mixed = [number for number in order if due[number] < borders[1]]
    changed = [number for number in order if borders[3] <= due[number] < borders[4]]
    changed += chance.sample(mixed, round(SHARE_CHANGED * len(mixed)))
    return Course(borders=borders, due=due, changed=changed)


class Site:
    """The site in its process, and the requests that it has had.

    Attributes:
        port: where it listens.
        requests: status and time of the first request for each feed.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self._lines = process.stdout
        self.port = int(self._lines.readline())
        self.requests: dict[int, tuple[int, float]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._lines:
            number, status, at = line.split()
            self.requests.setdefault(int(number), (int(status), float(at)))


@contextmanager
def running(name: str, *arguments: object, told: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module of the benchmarks in a process, which is *told* something."""
    process = subprocess.Popen(  # noqa: S603 -- our own
        [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    try:
        with process.stdin:
            process.stdin.write(told)
        yield process
    finally:
        process.kill()
        process.wait()


def write_rules(path: Path, addresses: list[str], every: timedelta) -> None:
    """Write a rules.yaml with these feeds, and rules of words that are rare."""
    words = vocabulary(random.Random(7))[300::97]  # noqa: S311 -- not for secrets
    lines = ["feeds:"]
    lines += [
        f"  - {{url: '{address}', every: {duration_text(every)}, full_text: never}}"
        for address in addresses
    ]
    lines += ["rules:"]
    lines += [
        f"  - {{name: rule {at}, match: '{words[2 * at]} AND {words[2 * at + 1]}'}}"
        for at in range(RULES)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def poll_once(folder: Path) -> None:
    """Let the bot poll all the feeds of its rules once."""
    arguments = ["run", "--once", "--rules", folder / "rules.yaml", "--data", folder / "data"]
    done = subprocess.run(  # noqa: S603 -- our own
        [sys.executable, ROOT / "bot.py", *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2_000:])


@dataclass(frozen=True, slots=True)
class Use:
    """What the bot has used until a moment: CPU seconds of itself, and of its workers."""

    at: float
    itself: float
    workers: float


def use(process: int) -> Use:
    """Answer what *process* and its workers have used so far."""
    own, ended = _cpu(process)
    alive = sum(sum(_cpu(worker)) for worker in _workers(process))
    return Use(now().timestamp(), own, ended + alive)


def _workers(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text(encoding="ascii").split()]


def _cpu(process: int) -> tuple[float, float]:
    """Answer the CPU seconds of a process, and of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system, children_user, children_system = (int(one) / _TICKS for one in fields[11:15])
    return user + system, children_user + children_system


def _megabytes(process: int, field: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    return int(found[1]) / 1e3 if found else 0.0


def main() -> None:
    """Make everything ready, measure, print."""
    asked = _arguments()
    course = plan(asked.feeds, asked.every, asked.minutes)
    with (
        tempfile.TemporaryDirectory(prefix="newsbell-") as name,
        running("wire_site", told=json.dumps(course.changed)) as serving,
    ):
        folder, site = Path(name), Site(serving)
        addresses = [
            f"http://127.1.{host // 250}.{1 + host % 250}:{site.port}/{number}.xml"
            for number in range(asked.feeds)
            for host in [number % asked.hosts]
        ]
        write_rules(folder / "rules.yaml", [addresses[one] for one in course.changed], asked.every)
        poll_once(folder)
        site.requests.clear()
        write_rules(folder / "rules.yaml", addresses, asked.every)
        where, due = (folder / "rules.yaml", folder / "data"), sorted(course.due.items())
        with running("watched_bot", *where, told=json.dumps([at for _, at in due])) as bot:
            figures = measured(bot, site, course)
    lateness = figures.pop("lateness")
    figures["late_share"] = sum(
        late > LATE * asked.every.total_seconds() for late in lateness
    ) / len(lateness)
    _print({"feeds": asked.feeds, "hosts": asked.hosts, **figures}, as_json=asked.json)


def measured(bot: subprocess.Popen[str], site: Site, course: Course) -> dict[str, Any]:
    """Answer the figures of a run of *bot*, and how late each feed was asked, in seconds."""
    assert bot.stdout
    begin = float(bot.stdout.readline() or _fail("The bot did not start."))
    uses = []
    for border in course.borders:
        time.sleep(max(0.0, begin + border - now().timestamp()))
        uses.append(use(bot.pid))
    due = {number: begin + seconds for number, seconds in course.asked().items()}
    patience = time.monotonic() + GRACE
    while due.keys() - site.requests.keys() and time.monotonic() < patience:
        time.sleep(0.1)
    memory = {
        "rss_mb": _megabytes(bot.pid, "VmRSS"),
        "rss_most_mb": _megabytes(bot.pid, "VmHWM"),
        "rss_workers_mb": sum(_megabytes(worker, "VmRSS") for worker in _workers(bot.pid)),
    }
    bot.send_signal(signal.SIGTERM)
    lags = json.loads(bot.stdout.read() or _fail("The bot broke down."))
    requests = {number: site.requests[number] for number in due if number in site.requests}
    lateness = sorted(max(0.0, at - due[number]) for number, (_, at) in requests.items())
    statuses = [status for status, _ in requests.values()]
    return {
        "polls": len(requests),
        "polls_missing": len(due) - len(requests),
        "polls_unchanged": statuses.count(304),
        "polls_changed": statuses.count(200),
        **_costs(uses, requests),
        **memory,
        **lags,
        "late_median_s": lateness[len(lateness) // 2],
        "late_p99_s": lateness[len(lateness) * 99 // 100],
        "late_worst_s": lateness[-1],
        "lateness": lateness,
    }


def _fail(message: str) -> str:
    raise SystemExit(message)


def _costs(uses: list[Use], requests: dict[int, tuple[int, float]]) -> dict[str, float]:
    """Answer what a poll takes, from what was used up to the borders between the parts."""
    parts = list(itertools.pairwise(uses))
    start, end = parts[0]
    as_run = (end.itself + end.workers - start.itself - start.workers) / (end.at - start.at)
    idle_from, idle_to = parts[1]
    idle = (idle_to.itself - idle_from.itself) / (idle_to.at - idle_from.at)

    def taken(part: tuple[Use, Use]) -> tuple[float, float]:
        """Answer the CPU milliseconds that a poll of *part* took: all, and of workers."""
        start, end = part
        polls = sum(start.at <= at < end.at for _, at in requests.values()) or 1
        workers = end.workers - start.workers
        itself = end.itself - start.itself - idle * (end.at - start.at)
        return (itself + workers) / polls * 1000, workers / polls * 1000

    (unchanged, _), (changed, in_workers) = map(taken, parts[2:])
    every_hour = (1 - SHARE_CHANGED) * unchanged + SHARE_CHANGED * changed
    return {
        "idle_share_of_a_core": idle,
        "cpu_ms_a_poll_unchanged": unchanged,
        "cpu_ms_a_poll_changed": changed,
        "of_which_in_workers_ms": in_workers,
        "share_of_a_core_as_run": as_run,
        "share_of_a_core_10000_an_hour": every_hour / 1000 * AN_HOUR,
    }


def _arguments() -> argparse.Namespace:
    description, _, epilog = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=epilog, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--every", type=_duration, default="1h", help="between polls of a feed")
    parser.add_argument("--minutes", type=float, default=5, help="at most --every")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args()
    if timedelta(minutes=asked.minutes) > asked.every:
        parser.error("give --minutes that are not longer than --every")
    if not 0 < asked.hosts <= asked.feeds:
        parser.error("give at least one host, and no more than feeds")
    return asked


def _duration(written: str) -> timedelta:
    duration = parse_duration(written)
    if duration is None:
        raise argparse.ArgumentTypeError("write it like 1h or 90s")
    return duration


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        shown = f"{figure:,.3f}" if isinstance(figure, float) and figure < 100 else f"{figure:,.0f}"  # noqa: PLR2004 -- for the eye
        print(f"{name.replace('_', ' '):30} {shown:>12}")


if __name__ == "__main__":
    main()
