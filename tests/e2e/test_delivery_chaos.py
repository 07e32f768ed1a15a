"""A thousand alerts on a rough day: nothing is lost, and what is doubled had to be."""

import json
import os

from tests.e2e.conftest import rss
from tests.fakes.rough_day import Plan, RoughDay, people, rules

STORIES = int(os.environ.get("NEWSBELL_STORIES", "50"))
# `telegram` keeps to Telegram's limits, and so has floods that come in digests.
PACE = os.environ.get("NEWSBELL_PACE", "local")


def headline(number):
    return f"The ship called {number:03} has left the harbour"


def test_whatever_happens_every_alert_arrives_and_none_too_early(desk, site, telegram, capsys):
    people(telegram)
    desk.writes(rules(site))

    def publish(count):
        site.put("/feed.xml", rss(*((number, headline(number)) for number in range(count))))

    def start():
        return desk.starts(
            "run",
            TELEGRAM_TOKEN=telegram.token,
            TELEGRAM_API_URL=telegram.url,
            TELEGRAM_PACE=PACE,
        )

    figures = RoughDay(telegram, start, publish, Plan(stories=STORIES)).runs(patience=150)
    _, out, _ = desk.runs("status", "--json")
    _, failed, _ = desk.runs("alerts", "--failed", "--json")
    figures.more = json.loads(out)["in_doubt"]
    with capsys.disabled():
        print(f"\n{figures}")

    assert (figures.lost, figures.early, failed) == (0, 0, "")
    # A repeat says that it may be one; where a message could be looked for there is none.
    assert figures.unmarked == 0
    assert figures.doubled <= figures.marked
