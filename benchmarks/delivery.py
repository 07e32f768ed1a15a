"""A rough day for the delivery of alerts: python -m benchmarks.delivery [--stories 50].

    python -m benchmarks.delivery --outage 600

Runs bot.py as a process against a Telegram on the loopback that is as strict as the real one, and
breaks what can break: the process is killed in the middle of sending, answers are lost after
their message was delivered, or never come, several chats are held at once, and Telegram is down
for ten minutes. Prints what came of it; ends with 1 if an alert is lost, doubled without a mark,
or sent before a pause was over. Takes about 20 minutes.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
from pathlib import Path

from tests.e2e.conftest import Bot, Desk, rss
from tests.fakes.feed_site import FeedSite
from tests.fakes.rough_day import Figures, Plan, RoughDay, people, rules
from tests.fakes.telegram_api import TelegramApi

_PATIENCE = 1_200.0
_WHY = """
SELECT CASE WHEN floor IS NULL THEN 'no number was known' ELSE 'looked for too often' END, count(*)
FROM outbox WHERE doubts > 0 GROUP BY 1
"""


def main() -> int:
    """Run the day, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=50, help="each is told in 20 chats")
    parser.add_argument("--outage", type=float, default=600.0, help="seconds")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--pace", default="telegram", choices=("telegram", "local"))
    given = parser.parse_args()
    plan = Plan(stories=given.stories, kills=given.kills, outages=(given.outage,))
    with (
        tempfile.TemporaryDirectory() as folder,
        TelegramApi() as telegram,
        FeedSite() as site,
    ):
        figures = _day(Desk(Path(folder)), telegram, site, plan, given.pace)
    print(figures)
    return 1 if figures.lost or figures.unmarked or figures.early else 0


def _day(desk: Desk, telegram: TelegramApi, site: FeedSite, plan: Plan, pace: str) -> Figures:
    people(telegram)
    telegram.limits(pace == "telegram")
    desk.writes(rules(site))

    def publish(count: int) -> None:
        headlines = (f"The ship called {number:03} has left the harbour" for number in range(count))
        site.put("/feed.xml", rss(*enumerate(headlines)))

    def start() -> Bot:
        return desk.starts(
            "run",
            TELEGRAM_TOKEN=telegram.token,
            TELEGRAM_API_URL=telegram.url,
            TELEGRAM_PACE=pace,
        )

    try:
        figures = RoughDay(telegram, start, publish, plan).runs(_PATIENCE)
        figures.more = json.loads(desk.runs("status", "--json")[1])["in_doubt"]
        store = sqlite3.connect(desk.folder / "data" / "newsbell.db")
        figures.more |= dict(store.execute(_WHY).fetchall())
        store.close()
    finally:
        desk.closes()
    return figures


if __name__ == "__main__":
    sys.exit(main())
