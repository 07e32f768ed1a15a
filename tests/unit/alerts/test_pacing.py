"""How fast messages leave: for each peer, for changes of messages, and overall."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.pacing import TELEGRAM_PACE, Budget, allowed

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PRIVATE, CHANNEL = "4711", "@herald"
SHARED = ["-4711", "-1001234567890", CHANNEL]
PAUSES = st.lists(st.timedeltas(timedelta(0), 30 * SECOND) | st.just(timedelta(0)), max_size=80)


def sent(peer, pauses, *, number=40, edits=False):
    """Answer when calls are made, each as soon as it may be and there is one after a pause."""
    times, recent, free, now = [], (), NOW, NOW
    for pause in [*pauses, *[timedelta(0)] * number]:
        now = max(now + pause, free)
        after = allowed(peer, [*recent, (now, edits)], now, TELEGRAM_PACE)
        recent, free = after.recent, after.edit_at if edits else after.send_at
        times.append(now)
    return times


def most_within(times, window):
    return max(sum(first <= moment <= first + window for moment in times) for first in times)


@pytest.mark.parametrize("peer", SHARED)
@given(pauses=PAUSES)
def test_a_group_never_gets_more_than_eighteen_messages_in_any_minute(peer, pauses):
    times = sent(peer, pauses)
    assert most_within(times, 60 * SECOND - timedelta(milliseconds=1)) <= 18


@pytest.mark.parametrize("peer", [PRIVATE, *SHARED])
@given(pauses=PAUSES)
def test_no_chat_gets_more_than_one_message_a_second_after_a_burst_of_three(peer, pauses):
    times = sent(peer, pauses)
    for seconds in (0, 1, 10, 60):
        assert most_within(times, seconds * SECOND) <= 3 + seconds


def test_of_what_a_group_gets_in_a_minute_six_are_changes():
    assert most_within(sent("-4711", [], edits=True), 59 * SECOND) == 6


def test_changes_leave_room_for_messages_and_count_with_them():
    recent = [(NOW - count * 5 * SECOND, True) for count in range(6, 0, -1)]
    after = allowed("-4711", recent, NOW, TELEGRAM_PACE)
    full = allowed("-4711", [(at, False) for at, _ in recent] * 3, NOW, TELEGRAM_PACE)

    assert (after.send_at, after.edit_at) == (NOW, NOW + 30 * SECOND)
    assert full.send_at == full.edit_at > NOW


def test_what_apprise_reaches_has_the_pace_of_a_private_chat():
    assert sent("apprise:0a1b", []) == sent(PRIVATE, [])


@pytest.mark.parametrize("peer", [PRIVATE, *SHARED])
def test_three_messages_may_go_at_once_to_a_chat_that_rested(peer):
    times = sent(peer, [], number=4)
    again = sent(peer, [60 * SECOND], number=2)

    assert times == [NOW] * 3 + [NOW + 3 * SECOND]
    assert again == [NOW + 60 * SECOND] * 3


@pytest.mark.parametrize(("peer", "fewest"), [(PRIVATE, 60), (SHARED[0], 18)])
def test_a_chat_with_much_to_tell_gets_as_much_as_telegram_takes(peer, fewest):
    times = sent(peer, [], number=100)
    assert sum(moment < NOW + 60 * SECOND for moment in times) >= fewest


def test_a_terminal_takes_everything_at_once():
    assert sent("terminal", [], number=1_000) == [NOW] * 1_000


@given(PAUSES)
def test_what_is_remembered_of_a_chat_does_not_grow(pauses):
    recent, now = (), NOW
    for pause in pauses:
        now += pause
        recent = allowed(PRIVATE, [*recent, (now, False)], now, TELEGRAM_PACE).recent
        assert all(now - at < 3 * SECOND for at, _ in recent)


def test_overall_twenty_five_a_second_leave():
    budget, now, left = Budget(TELEGRAM_PACE, NOW), NOW, 0
    for _ in range(100):
        count = budget.room(now)
        budget.spend(count)
        left += count
        now += SECOND / 10
    assert 250 <= left <= 250 + 25 / 2


def test_the_overall_rate_is_halved_and_won_back_by_a_tenth_a_minute():
    budget = Budget(TELEGRAM_PACE, NOW)
    budget.halve()
    budget.halve()
    rates = []
    for minutes in range(10):
        budget.room(NOW + timedelta(minutes=minutes))
        rates.append(round(budget.rate, 2))
    assert rates == [6.25, 8.75, 11.25, 13.75, 16.25, 18.75, 21.25, 23.75, 25, 25]


def test_however_often_it_is_halved_something_leaves():
    budget = Budget(TELEGRAM_PACE, NOW)
    for _ in range(50):
        budget.halve()
    budget.spend(budget.room(NOW))

    assert budget.room(NOW + SECOND) == 1
