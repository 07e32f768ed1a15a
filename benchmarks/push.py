"""How long it takes from a hub's push to the alert, on loopback: python -m benchmarks.push.

A real `bot.py` polls a real site and subscribes at a real hub, all on this machine; each feed is
on a host of its own. What is measured begins when the hub begins to push.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.conftest import rss
from tests.fakes.feed_site import FeedSite
from tests.fakes.hub import Hub

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with FeedSite(host="0.0.0.0") as site, Hub() as hub, tempfile.TemporaryDirectory() as folder:  # noqa: S104 -- a host a feed
        feeds = [f"http://127.0.1.{number}:{site.port}/{number}.xml" for number in range(times)]
        for number, address in enumerate(feeds):
            show(site, hub, address, (number, "A quiet day"))
        lines = "".join(f"  - {{url: '{address}', every: 1h}}\n" for address in feeds)
        rules = f"feeds:\n{lines}rules:\n  - {{name: Ships, match: ship}}\n"
        Path(folder, "rules.yaml").write_text(rules, encoding="utf-8")
        with start(folder) as bot:
            try:
                hub.wait_for(lambda: len(hub.subscriptions) == times, timeout=30 + 3 * times)
                took = [measure(site, hub, bot, *one) for one in enumerate(feeds)]
            finally:
                bot.terminate()
    print(f"push to alert, {times} times: median {statistics.median(took):.2f} s, ", end="")
    print(f"shortest {min(took):.2f} s, longest {max(took):.2f} s")


def show(site: FeedSite, hub: Hub, address: str, item: tuple[int, str]) -> None:
    """Have *address* carry *item* and name the hub."""
    link = f'<{hub.url}>; rel="hub", <{address}>; rel="self"'
    site.put(f"/{address.rpartition('/')[2]}", rss(item), headers={"Link": link})


def start(folder: str) -> subprocess.Popen[str]:
    """Start a bot in *folder*."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
    settings = {
        "ALLOW_NETWORKS": "127.0.0.0/8",
        "LISTEN": listen,
        "PUBLIC_URL": f"http://{listen}",
        "TZ": "UTC",
    }
    return subprocess.Popen(  # noqa: S603 -- our own
        [sys.executable, str(ROOT / "bot.py"), "run"],
        cwd=folder,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def measure(
    site: FeedSite, hub: Hub, bot: subprocess.Popen[str], number: int, address: str
) -> float:
    """Answer how many seconds after a push its alert is printed."""
    headline = f"Ship number{number} sails"
    show(site, hub, address, (1_000 + number, headline))
    began = time.monotonic()
    hub.push(address, b"<rss/>")
    assert bot.stdout, "it is piped"
    for line in bot.stdout:
        if headline in line:
            return time.monotonic() - began
    raise RuntimeError("the bot has ended")


if __name__ == "__main__":
    main()
