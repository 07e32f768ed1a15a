"""A subscription lives by its lease, is renewed in time, and takes no for an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import Document
from monitors.feeds.feed import Fetched
from monitors.polling.subscription import (
    HubAnswer,
    Offer,
    Standing,
    Subscription,
    answered,
    asked,
    confirmed,
    denied,
    lapsed,
    lease_of,
    left,
    may_change,
    offer_of,
)
from tests.fakes.stand_ins import FEED, START

HUB, URL = "https://hub.example/", "https://news.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NEW = Subscription(hub=HUB, topic=FEED, callback="door", secret="key", since=START, due_at=START)
ASKED = asked(NEW, URL, START, 0)
ACTIVE = confirmed(ASKED, 10 * DAY, START, 0)


def offered(header=(None, None), document=(None, None), address=FEED):
    fetched = Fetched(body=b"", address=address, hub=header[0], topic=header[1])
    return offer_of(fetched, Document(format="rss20", hub=document[0], topic=document[1]))


def test_a_feed_without_a_hub_offers_nothing():
    assert offered() is None


def test_headers_go_before_the_document():
    other = "https://other.example/"
    assert offered((HUB, FEED), (other, other)) == Offer(hub=HUB, topic=FEED)
    assert offered((None, None), (HUB, FEED), other) == Offer(hub=HUB, topic=FEED)


def test_a_feed_that_does_not_name_itself_is_called_by_its_address():
    assert offered((HUB, None)) == Offer(hub=HUB, topic=FEED)


@pytest.mark.parametrize(
    "hub",
    ["ftp://hub.example/", "file:///etc/passwd", "hub", "http://", "https://h/" + "x" * 2_000],
)
def test_a_hub_that_cannot_be_asked_is_none(hub):
    assert offered((hub, FEED)) is None
    assert offered((HUB, hub)) is None


def test_it_is_wanted_then_pending_then_active_until_its_lease_ends():
    assert NEW.standing(START) is Standing.WANTED
    assert ASKED.standing(START) is Standing.PENDING
    assert ACTIVE.standing(START + 10 * DAY - MINUTE) is Standing.ACTIVE
    assert ACTIVE.standing(START + 10 * DAY) is Standing.PENDING


def test_a_hub_that_stays_silent_is_asked_ever_more_rarely():
    known, waits = NEW, []
    for _ in range(7):
        at = known.due_at
        known = answered(asked(known, URL, at, 0), HubAnswer(problem="nobody answers"), at)
        waits.append((known.due_at - at) / MINUTE)

    assert waits == [5, 20, 80, 320, 1280, 1440, 1440]
    assert known.problem == "nobody answers"


@given(st.integers(min_value=0, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_however_often_it_was_asked_it_is_asked_again_within_29_hours(attempts, chance):
    wait = asked(replace(NEW, attempts=attempts), URL, START, chance).due_at - START
    assert timedelta(minutes=5) <= wait <= timedelta(hours=29)


def test_a_hub_that_takes_the_request_has_not_yet_confirmed_it():
    assert answered(ASKED, HubAnswer(), START) == ASKED


def test_a_hub_that_asks_for_a_pause_gets_it_up_to_a_day():
    hour = answered(ASKED, HubAnswer(problem="busy", wait=timedelta(hours=1)), START)
    year = answered(ASKED, HubAnswer(problem="busy", wait=365 * DAY), START)

    assert (hour.due_at, year.due_at) == (START + timedelta(hours=1), START + DAY)


def test_a_hub_that_refuses_is_asked_again_after_a_week():
    said = answered(ASKED, HubAnswer(problem="the server answered 403", refused=True), START)
    told = denied(ACTIVE, START)

    assert {known.standing(START) for known in (said, told)} == {Standing.REFUSED}
    assert {known.due_at for known in (said, told)} == {START + 7 * DAY}


def test_a_lease_is_renewed_after_two_thirds_of_it():
    assert ACTIVE.due_at == START + 10 * DAY * 2 / 3


@given(
    st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=900)), st.floats(0, 1)
)
def test_no_lease_counts_for_more_than_two_weeks_and_none_makes_us_ask_all_the_time(lease, chance):
    known = confirmed(ASKED, lease, START, chance)

    assert known.lease_until - START == min(lease, 14 * DAY)
    assert known.due_at - START >= timedelta(minutes=10)
    assert known.due_at < known.lease_until or lease < timedelta(minutes=15)


def test_a_lease_that_is_not_said_is_a_day():
    assert confirmed(ASKED, None, START, 0).lease_until == START + DAY


def test_a_renewal_in_time_leaves_no_gap():
    renewed = confirmed(ACTIVE, 10 * DAY, START + 9 * DAY, 0)
    late = confirmed(ACTIVE, 10 * DAY, START + 11 * DAY, 0)

    assert (renewed.active_since, late.active_since) == (START, START + 11 * DAY)


def test_a_confirmation_forgets_what_went_wrong():
    known = confirmed(denied(ASKED, START), 10 * DAY, START, 0)
    assert (known.problem, known.refused, known.attempts) == (None, False, 0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("864000", 864_000),
        ("1", 1),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
        ("9" * 5_000, None),
        ("0", None),
        ("", None),
        ("-5", None),
        (" 5", None),
        ("1e9", None),
        ("٣", None),
    ],
)
def test_a_lease_is_a_number_of_seconds(text, seconds):
    assert lease_of(text) == (timedelta(seconds=seconds) if seconds else None)


def test_a_feed_leaves_a_hub_that_it_no_longer_names_but_not_more_than_once_an_hour():
    later = START + timedelta(hours=1)
    same, other = Offer(hub=HUB, topic=FEED), Offer(hub=HUB, topic="https://other.example/")

    assert [may_change(ACTIVE, offer, later) for offer in (same, other, None)] == [0, 1, 1]
    assert not may_change(ACTIVE, other, later - MINUTE)


def test_what_is_to_be_ended_is_over_with_its_lease_or_after_five_farewells():
    gone = left(ACTIVE, START)
    assert (gone.standing(START), gone.due_at, gone.is_over(START)) == (
        Standing.LEAVING,
        START,
        False,
    )
    assert gone.is_over(START + 10 * DAY)
    for _ in range(5):
        gone = asked(gone, URL, START, 0)
    assert gone.is_over(START)
    assert left(NEW, START).is_over(START)
    assert left(ASKED, START).is_over(START)
    assert not ACTIVE.is_over(START + 99 * DAY)


def test_a_hub_that_calls_another_address_has_to_be_asked_anew():
    known = lapsed(ACTIVE, START + DAY)

    assert (known.standing(START + DAY), known.due_at) == (Standing.WANTED, START + DAY)
    assert (known.callback, known.secret) == ("door", "key")


def test_what_is_printed_tells_neither_secret_nor_callback():
    assert "key" not in repr(ACTIVE)
    assert "door" not in repr(ACTIVE)
