"""How fast a chat is written to, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.retry import LONGEST_WAIT, next_free, wait_before_retry
from monitors.rules.rulebook import Telegram, Terminal

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PRIVATE = Telegram(chat_id="4711")
CHANNEL = Telegram(chat_id="@herald")
SHARED = [Telegram(chat_id="-4711"), Telegram(chat_id="-1001234567890", topic=12), CHANNEL]
PAUSES = st.lists(st.timedeltas(timedelta(0), 30 * SECOND) | st.just(timedelta(0)), max_size=80)


def sent(destination, pauses, *, number=40):
    """Answer when messages go out, each as soon as it may and there is one after a pause."""
    times, free, now = [], None, NOW
    for pause in [*pauses, *[timedelta(0)] * number]:
        now = max(now + pause, free or now)
        free = next_free(destination, free, now)
        times.append(now)
    return times


def most_within(times, window):
    return max(sum(first <= moment <= first + window for moment in times) for first in times)


@pytest.mark.parametrize("destination", SHARED)
@given(pauses=PAUSES)
def test_a_group_never_gets_more_than_twenty_messages_in_a_minute(destination, pauses):
    assert most_within(sent(destination, pauses), 60 * SECOND) < 20


@given(PAUSES)
def test_a_private_chat_gets_one_message_a_second_after_a_burst_of_three(pauses):
    times = sent(PRIVATE, pauses)
    for seconds in (0, 1, 10, 60):
        assert most_within(times, seconds * SECOND) <= 3 + seconds


@pytest.mark.parametrize("destination", [PRIVATE, *SHARED])
def test_three_messages_may_go_at_once_to_a_chat_that_rested(destination):
    rest = 60 * SECOND
    times = sent(destination, [], number=4)
    assert times[:3] == [NOW] * 3
    assert times[3] > NOW
    again = sent(destination, [timedelta(0)] * 3, number=0)
    again += sent(destination, [rest], number=2)
    assert again == [NOW] * 3 + [NOW + rest] * 3


@pytest.mark.parametrize(("destination", "fewest"), [(PRIVATE, 60), (SHARED[0], 16)])
def test_a_chat_with_much_to_tell_gets_as_much_as_telegram_takes(destination, fewest):
    times = sent(destination, [], number=100)
    assert sum(moment <= NOW + 60 * SECOND for moment in times) >= fewest


def test_a_terminal_takes_everything_at_once():
    assert sent(Terminal(), [], number=1_000) == [NOW] * 1_000


def test_a_chat_that_telegram_holds_is_not_written_to_before():
    hold = NOW + 60 * SECOND
    assert next_free(PRIVATE, hold, NOW) > hold


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10**9, 300)]
)
def test_each_failure_in_a_row_doubles_the_wait_up_to_five_minutes(attempts, seconds):
    assert wait_before_retry(attempts, None, 0.5) == seconds * SECOND


def test_chats_that_failed_together_do_not_come_back_together():
    waits = [wait_before_retry(9, None, chance) for chance in (0, 0.5, 1)]
    assert waits == [0.75 * LONGEST_WAIT, LONGEST_WAIT, 1.25 * LONGEST_WAIT]


@pytest.mark.parametrize("asked", [timedelta(0), 5 * SECOND, timedelta(days=3)])
@pytest.mark.parametrize("attempts", [1, 20])
def test_what_telegram_asks_for_is_kept_to_whatever_it_is(asked, attempts):
    assert wait_before_retry(attempts, asked, 0.5) == asked + SECOND / 2
