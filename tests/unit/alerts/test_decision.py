"""Whether a chat is told of a story, and when."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.decision import Alert, Held, Reply, Revision, Suppressed, Told, decide
from monitors.rules.rulebook import Chat, ChatName, Terminal

SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)
CONTENT = AlertContent(
    headline=Snippet(text="Allies talk"),
    link=None,
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 3, tzinfo=UTC),
    rules=("AUKUS",),
)
GROWN = replace(CONTENT, others=(Report(outlet="Strait Courier", title="Talks begin"),))
QUIET = {"quiet_hours": (time(22), time(7))}
DESK = Chat(name=ChatName("desk"), destination=Terminal())


def local(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SEOUL)


NOON = local("03T12:00")
NIGHT = local("03T23:00")


def decided(  # noqa: PLR0913 -- what a decision depends on
    content=CONTENT, told=None, *, rings=True, high=False, recent=(), now=NOON, **manners
):
    return decide(
        content,
        told,
        rings=rings,
        chat=replace(DESK, **manners),
        high=high,
        recent=recent,
        now=now,
        zone=SEOUL,
    )


def test_a_story_that_the_chat_does_not_know_is_told_now():
    assert decided() == Alert()


@pytest.mark.parametrize("high", [True, False])
@pytest.mark.parametrize(
    ("content", "expected"), [(GROWN, Revision()), (CONTENT, Suppressed("nothing new"))]
)
def test_a_story_that_was_told_changes_its_message_in_silence(high, content, expected):
    told = Told(content=CONTENT)
    assert decided(content, told, rings=False, high=high, now=NIGHT, **QUIET) == expected


def test_a_story_of_which_nothing_rings_is_not_told():
    assert decided(rings=False) == Suppressed("nothing that rings")


@pytest.mark.parametrize("content", [GROWN, CONTENT])
def test_what_rings_in_a_story_that_was_told_is_a_reply(content):
    assert decided(content, Told(content=CONTENT)) == Reply()


def test_a_reply_waits_for_the_end_of_quiet_hours_and_for_room_unless_its_rule_is_high():
    told = Told(content=CONTENT)
    night = {"told": told, "now": NIGHT, **QUIET}
    crowded = {"told": told, "recent": [local("03T11:40")], "max_per_hour": 1}

    assert decided(**night) == Held(local("04T07:00"), "quiet hours")
    assert decided(**crowded) == Held(local("03T12:40"), "more than 1 alert an hour")
    assert decided(**night, high=True) == decided(**crowded, high=True) == Reply()


@pytest.mark.parametrize(
    ("content", "expected"),
    [(GROWN, Revision(waiting=True)), (CONTENT, Suppressed("nothing new"))],
)
def test_a_story_that_is_held_back_stays_so_while_it_grows(content, expected):
    told = Told(content=CONTENT, waiting=True)
    assert decided(content, told, now=NIGHT, **QUIET) == expected


@pytest.mark.parametrize("content", [GROWN, CONTENT])
def test_a_story_that_is_held_back_is_told_when_a_high_rule_begins_to_hold(content):
    told = Told(content=CONTENT, waiting=True)
    assert decided(content, told, high=True, now=NIGHT, **QUIET) == Alert()


def test_high_priority_passes_quiet_hours_and_limits():
    assert decided(high=True, recent=[NIGHT], now=NIGHT, max_per_hour=1, **QUIET) == Alert()


@pytest.mark.parametrize(
    ("manners", "until"),
    [
        ({}, "04T07:00"),
        ({"digest": (time(8),)}, "04T08:00"),
        ({"digest": (time(6),)}, "04T06:00"),
    ],
)
def test_in_quiet_hours_a_story_waits_for_their_end_or_the_digest(manners, until):
    assert decided(now=NIGHT, **QUIET, **manners) == Held(local(until), "quiet hours")


def test_over_the_limit_a_story_waits_until_there_is_room_or_for_the_digest():
    recent = [local("03T11:10"), local("03T11:40")]
    why = "more than 2 alerts an hour"
    assert decided(recent=recent, max_per_hour=2) == Held(local("03T12:10"), why)
    assert decided(recent=recent, max_per_hour=2, digest=(time(18),)) == Held(
        local("03T18:00"), why
    )


def test_what_waits_for_a_digest_does_not_hold_back_the_rest_of_the_day():
    waiting = [local("04T08:00")] * 5
    assert decided(recent=waiting, max_per_hour=2, digest=(time(8),)) == Alert()


def test_room_in_quiet_hours_is_no_room():
    recent = [local("03T21:40")]
    held = decided(recent=recent, now=local("03T21:50"), max_per_hour=1, **QUIET)
    assert held == Held(local("04T07:00"), "more than 1 alert an hour")


def test_the_limit_holds_for_what_waits_for_the_end_of_quiet_hours():
    rang = [local("04T06:50")]
    held = decided(recent=rang, now=NIGHT, max_per_hour=1, **QUIET)
    assert held == Held(local("04T07:50"), "quiet hours")


def test_what_waits_already_takes_up_what_comes_later_and_rings_once():
    night = {"recent": [local("04T07:00")], "now": NIGHT, **QUIET}
    crowded = {"recent": [local("03T11:10"), local("03T11:40"), local("03T12:10")]}

    assert decided(**night, max_per_hour=1) == Held(local("04T07:00"), "quiet hours")
    held = decided(**crowded, now=local("03T12:05"), max_per_hour=2)
    assert held == Held(local("03T12:10"), "more than 2 alerts an hour")


@given(
    st.lists(st.timedeltas(timedelta(0), timedelta(minutes=40)), min_size=1, max_size=60),
    st.integers(1, 4),
    st.booleans(),
)
def test_never_more_than_the_limit_rings_in_an_hour_nor_anything_in_quiet_hours(gaps, limit, quiet):
    at_once, held = [], set()
    for now in accumulate(gaps, initial=NOON):
        recent = [moment for moment in (*at_once, *held) if moment > now - HOUR]
        decision = decided(recent=recent, now=now, max_per_hour=limit, **(QUIET if quiet else {}))
        if isinstance(decision, Held):
            held.add(decision.until)
        else:
            at_once.append(now)
    rings = [*at_once, *held]
    assert not quiet or all(7 <= moment.astimezone(SEOUL).hour < 22 for moment in rings)
    for first in rings:
        assert sum(first <= moment < first + HOUR for moment in rings) <= limit
