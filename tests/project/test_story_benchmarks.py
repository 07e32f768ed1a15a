"""The benchmarks of stories count as a person would."""

import importlib.util
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rings import Ring, first_of, made, tally
from benchmarks.story_baselines import BASELINES, labels
from benchmarks.story_measures import (
    at_false_merges,
    average_precision,
    best_f1,
    mean,
    measure,
)
from benchmarks.story_sets import MODES, Report, Taken, folds, messages, newsbell, reordered
from monitors.grouping.reason import FIRST, Ground, Reason, Strength
from tests.project.test_benchmarks import ROOT, run

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SCORE = Path(os.environ.get("NEWSBELL_SHARED", ROOT.parent / "shared"), "data/stories/score.py")
FERRY = "Ferry crews walk out over new rosters in Northport"
CHESS = "Chess title goes to a teenager from Alderney"


def report(number, story, title, hours=0, **more):
    plain = {"summary": "", "lang": "en", "outlet": f"Outlet {number}", "url": None}
    at = None if hours is None else NOON + timedelta(hours=hours)
    return Report(id=str(number), story=story, title=title, published_at=at, **plain | more)


REPORTS = (
    report(1, "ferry", FERRY),
    report(2, "chess", CHESS),
    report(3, "ferry", f"{FERRY} harbour", 1),
    report(4, "ferry", "Northport: ferry crews walk out", 2),
    report(5, "chess", CHESS, 3),
)


def test_measures_are_those_counted_by_hand():
    measures = measure([("a", 1), ("a", 1), ("b", 1), ("b", 2), ("a", 3)])

    assert asdict(measures) == pytest.approx(
        {
            "b3_p": (4 / 3 + 1 / 3 + 1 + 1) / 5,
            "b3_r": (4 / 3 + 1 / 2 + 1 / 2 + 1 / 3) / 5,
            "b3_f1": 2 * 0.73333333 * 0.53333333 / (0.73333333 + 0.53333333),
            "pair_p": 1 / 3,
            "pair_r": 1 / 4,
            "pair_f1": 2 / 7,
            "false_merges": 1 / 2,
            "hidden": 0,
            "mixed": 1,
            "repeats": 2 / 3,
            "alerts_per_story": 3 / 2,
        }
    )


def test_a_story_is_hidden_that_opens_no_alert():
    assert measure([("a", 1), ("b", 1), ("c", 2), ("b", 2)]).hidden == pytest.approx(1 / 3)


def test_every_set_counts_alike_in_a_mean():
    good, bad = measure([("a", 1), ("a", 1)]), measure([("a", 1), ("b", 1), ("c", 1), ("d", 1)])

    assert mean([good, bad]).hidden == pytest.approx(3 / 8)


@pytest.mark.skipif(not SCORE.is_file(), reason="there are no labelled sets")
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 4)), min_size=1))
def test_measures_are_those_by_which_sets_are_scored(placed):
    spec = importlib.util.spec_from_file_location("score", SCORE)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    names = {
        "false_merges": "false_merge_rate",
        "hidden": "hidden_story_rate",
        "mixed": "mixed_alert_rate",
        "repeats": "repeat_rate",
    }

    told = score.measure(placed)

    own = asdict(measure(placed))
    assert own == pytest.approx({name: told[names.get(name, name)] for name in own})


@pytest.mark.parametrize(
    ("rate", "f1"),
    [(0.0, None), (0.02, 0.4), (0.03, 0.45), (0.04, 0.5), (0.09, 0.6), (0.5, 0.7)],
)
def test_f1_is_read_between_the_best_thresholds(rate, f1):
    points = [(0.14, 0.7), (0.04, 0.5), (0.02, 0.4), (0.08, 0.3)]

    assert at_false_merges(points, rate) == (f1 and pytest.approx(f1))


def test_pairs_are_judged_by_the_order_of_their_scores():
    scored = [(3.0, True), (2.0, False), (1.0, True), (1.0, False)]

    assert average_precision(scored) == pytest.approx((1 + 2 / 4) / 2)
    assert best_f1(scored) == pytest.approx(2 / 3)


@pytest.mark.parametrize("way", BASELINES, ids=lambda way: way.name)
def test_other_ways_join_what_is_written_alike(way):
    link = "https://outlet1.example/ferry"
    copies = (
        report(1, "ferry", FERRY, url=link),
        report(2, "chess", CHESS, url="https://outlet2.example/chess"),
        report(3, "ferry", FERRY, 1, url=f"{link}#top"),
        report(4, "ferry", FERRY, 200, url=link),
    )

    assert labels(way.links(copies), max(way.shown)) == [0, 1, 0, 3]


def test_tf_idf_takes_the_nearest_one_at_a_threshold():
    way = next(each for each in BASELINES if each.name == "tf-idf nearest")
    links = way.links(REPORTS)

    assert labels(links, 0.3) == [0, 1, 0, 0, 1]
    assert labels(links, 0.99) == [0, 1, 2, 3, 1]


def test_no_story_is_in_two_folds():
    reports = [report(n, f"story {n % 7}", FERRY) for n in range(40)]

    parts = folds(reports, 3)

    stories = [{one.story for one in part} for part in parts]
    assert sorted((one for part in parts for one in part), key=lambda one: int(one.id)) == reports
    assert sum(map(len, stories)) == len(set.union(*stories)) == 7


def test_only_sets_without_times_are_put_into_another_order():
    undated = [report(n, "a", FERRY, None) for n in range(20)]

    assert reordered(REPORTS, 3) == REPORTS
    assert reordered(undated, 0) == tuple(undated)
    assert reordered(undated, 3) != tuple(undated)
    assert set(reordered(undated, 3)) == set(undated)


def taken(story, strength=None, related_to=None):
    reason = Reason(ground=Ground.LIKENESS, strength=strength) if strength else FIRST
    return Taken(
        story=story,
        reason=FIRST if related_to else reason,
        related=reason if related_to else None,
        related_to=related_to,
        alerts=(),
        rules=(),
    )


@pytest.mark.parametrize(
    ("mode", "alerts"),
    [
        ("strict", [0, 1, 0, 3, 4, 5]),
        ("normal", [0, 1, 0, 0, 4, 5]),
        ("loose", [0, 1, 0, 0, 0, 5]),
    ],
)
def test_a_chat_sees_one_message_for_what_it_wants_together(mode, alerts):
    several = [
        taken(7),
        taken(8),
        taken(7, Strength.CERTAIN),
        taken(7, Strength.SURE),
        taken(9, Strength.LIKELY, related_to=7),
        taken(10, Strength.RELATED, related_to=7),
    ]

    assert messages(several, MODES[mode]) == alerts


def test_the_same_headline_is_one_story_with_its_reason():
    first, chess, *_, second = newsbell(REPORTS)

    assert (second.story, second.reason.ground) == (chess.story, Ground.HEADLINE)
    assert (first.strength, second.strength) == (None, Strength.CERTAIN)


def test_rings_and_hidden_stories_are_counted_by_rule_and_story():
    matches = [("r",), (), ("r",), ("r", "s"), ("s",)]

    alone = tally(REPORTS, matches, first_of([0, 1, 2, 3, 4], matches))
    together = tally(REPORTS, matches, first_of([0, 0, 0, 0, 0], matches))

    assert (alone.pairs, alone.rings, alone.once, alone.hidden) == (3, 5, 2, 0)
    assert (together.rings, together.once, together.hidden) == (2, 2, 1)


def test_a_message_of_another_story_hides_the_one_that_rang():
    one = tally(REPORTS, [(), ("r",), (), (), ()], [Ring("r", by=1, headline=0)])

    assert (one.pairs, one.rings, one.hidden) == (1, 1, 1)


def test_rules_are_made_of_telling_words():
    others = [report(n, f"story {n}", f"Nothing new over there {n}") for n in range(10, 30)]

    conditions = made([*REPORTS, *others], 9)

    assert conditions == ['"crews"', '"alderney" AND "chess"']
    assert made([*REPORTS, *others], 1) == ['"crews"']


@pytest.fixture
def sets(tmp_path):
    lines = [
        {
            "id": one.id,
            "title": one.title,
            "story": one.story,
            "outlet": one.outlet,
            "published": one.published_at.isoformat(),
        }
        for one in REPORTS
    ]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return tmp_path


def test_sets_run_beside_other_ways(sets):
    done = run("-m", "benchmarks.stories", "--sets", sets, "--set", "own", "--json")

    ways = json.loads(done.stdout)["own"]
    assert ways["exact title 1"]["repeats"] == pytest.approx(2 / 3)
    assert ways["newsbell normal"]["b3_p"] == 1
    assert ways["canonical link 1"]["repeats"] == 1


def test_sets_that_are_missing_are_named(tmp_path):
    done = run("-m", "benchmarks.stories", "--sets", tmp_path, "--set", "own")

    assert (done.returncode, "left out: own" in done.stdout) == (0, True)


def test_rings_are_counted_for_rules_made_of_a_set(sets):
    done = run("-m", "benchmarks.rings", "--sets", sets, "--set", "own")

    assert done.stdout.startswith("own: 2 rules\n")
    assert "newsbell, as decided" in done.stdout
    assert "without second look" in done.stdout


def test_what_the_weights_of_a_second_look_would_do_is_tabulated(sets):
    done = run("-m", "benchmarks.learn_closer", "--sets", sets, "--set", "own")

    heading, *rows = done.stdout.splitlines()
    assert heading.startswith("shared habit most")
    assert len(rows) == 4 * 4 * 4
    assert all("own" in row for row in rows)


def test_the_cost_of_grouping_is_told_by_size(tmp_path):
    done = run(
        "-m", "benchmarks.grouping_cost", "--sets", tmp_path, "--sizes", "20,40", "--articles", 5,
        "--json",
    )  # fmt: skip

    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["size"] for one in figures] == [20, 40]
    assert all(one["ms"] > 0 and one["load_s"] > 0 for one in figures)
