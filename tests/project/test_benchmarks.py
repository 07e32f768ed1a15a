"""The benchmarks run on any files of rules and articles, and the index agrees with brute force."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = [
    "pact",
    "port",
    "fleet",
    "talks",
    "treaty",
    "envoy",
    "harbour",
    "strike",
    "minister",
    "rocket",
    "budget",
    "river",
    "border",
]


@pytest.fixture
def articles(tmp_path):
    chance = random.Random(4)
    path = tmp_path / "articles.jsonl"
    lines = [
        {
            "title": " ".join(chance.choices(WORDS, k=6)),
            "summary": " ".join(chance.choices(WORDS, k=20)),
            "lang": "en",
        }
        for _ in range(60)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def run(*arguments):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done


def test_the_index_finds_what_brute_force_finds_for_the_usual_mix(articles, tmp_path):
    made = run("benchmarks/make_rules.py", "--articles", articles, "--count", 120)
    rules = tmp_path / "rules.txt"
    rules.write_text(made.stdout, encoding="utf-8")

    done = run(
        "benchmarks/match.py", "--rules", rules, "--articles", articles, "--brute", "--json",
        "--passes", 1,
    )  # fmt: skip
    figures = json.loads(done.stdout)

    assert len(made.stdout.splitlines()) == figures["rules"] == 120
    assert figures["hits"] == figures["brute_hits"] > 0
    assert figures["differences"] == 0
    assert figures["candidates"] >= figures["hits"]
    assert figures["articles_per_s"] > 0


def test_feeds_that_change_are_told_from_feeds_with_news(tmp_path):
    items = "".join(
        f"<item><guid>http://wire.example/{n}</guid><link>https://wire.example/{n}</link>"
        f"<title>Story {n}</title><pubDate>{n:02} Nov 2026 08:00:00 GMT</pubDate></item>"
        for n in range(1, 11)
    )
    feed = f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'
    (tmp_path / "wire.xml").write_text(feed, encoding="utf-8")
    (tmp_path / "page.html").write_text("<html>", encoding="utf-8")

    done = run("-m", "benchmarks.new_or_not", tmp_path)
    figures = [line.split()[:3] for line in done.stdout.splitlines() if "%)" in line]

    assert done.stdout.startswith("1 feeds\n")
    assert figures[:4] == [["10", "0", "0"], *[["10", "10", "0"]] * 3]
    assert figures[5:] == [[count] * 3 for count in ("1", "3", "6", "9")]


def test_rules_may_come_as_rules_yaml(articles):
    done = run(
        "benchmarks/match.py", "--rules", "rules.yaml", "--articles", articles, "--passes", 1
    )

    assert "articles per s" in done.stdout


def test_feeds_are_polled_as_planned():
    done = run(
        "-m", "benchmarks.poll", "--feeds", 60, "--hosts", 20, "--every", "20s", "--minutes", 0.2,
        "--json",
    )  # fmt: skip
    figures = json.loads(done.stdout)

    assert (figures["polls"], figures["polls_missing"]) == (33, 0)
    assert (figures["polls_unchanged"], figures["polls_changed"]) == (18, 15)
    assert figures["share_of_a_core_as_run"] > 0
    assert figures["rss_mb"] > 0
    assert figures["rss_workers_mb"] > 0
    assert figures["loop_lag_worst_ms"] >= figures["loop_lag_p99_ms"]


def test_feeds_are_read_beside_feedparser_alone():
    done = run("benchmarks/parse.py", "--feeds", "sample", "--passes", 1, "--json")
    figures = json.loads(done.stdout)["all"]

    assert figures["files"] == figures["quick"] == 3
    assert {"newsbell", "feedparser", "light"} <= figures.keys()
    assert figures["newsbell"]["mean_ms"] > 0
    assert figures["times"]["feedparser"] > 0


def test_every_way_to_poll_is_replayed_on_recorded_times(tmp_path):
    times = tmp_path / "times.jsonl"
    lines = [
        {"feed": name, "times": [f"2026-03-{day:02}T{hour:02}:07:00Z" for day in range(1, 29)]}
        for name, hour in (("a", 6), ("b", 15))
    ]
    times.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    done = run("benchmarks/cadence.py", "--times", times, "--requests", "12", "--json")

    said = json.loads(done.stdout)
    assert (said["feeds"], said["posts"]) == (2, 42)
    assert said["ways"]["fixed"]["of_fixed"] == 1
    assert said["ways"]["newsbell"]["mean_min"] < 0.8 * said["ways"]["fixed"]["mean_min"]


def test_the_way_of_an_alert_is_measured_stage_by_stage():
    done = run("-m", "benchmarks.latency", "--alerts", 4, "--chats", 2, "--json")

    said = json.loads(done.stdout)
    stages = said.pop("stages")
    assert said == {
        "changes": 4, "shown": 4, "chats": 2, "told_by": "poll", "refused_by_rates": 0,
    }  # fmt: skip
    total = stages.pop("change -> shown")
    assert len(stages) == 4
    assert all(0 <= each["median_ms"] <= each["p95_ms"] for each in stages.values())
    assert max(each["p95_ms"] for each in stages.values()) <= total["p95_ms"]
