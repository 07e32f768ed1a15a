"""When a chat is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from monitors.alerts.retry import LONGEST_WAIT, next_check, wait_before_retry

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10**9, 300)]
)
def test_each_failure_in_a_row_doubles_the_wait_up_to_five_minutes(failures, seconds):
    assert wait_before_retry(failures, None, 0.5) == seconds * SECOND


def test_a_problem_of_telegrams_own_has_three_seconds_at_first():
    waits = [wait_before_retry(count, None, 0.5, server_error=True) for count in (1, 2)]
    assert waits == [3 * SECOND, 4 * SECOND]


def test_chats_that_failed_together_do_not_come_back_together():
    waits = [wait_before_retry(9, None, chance) for chance in (0, 0.5, 1)]
    assert waits == [0.75 * LONGEST_WAIT, LONGEST_WAIT, 1.25 * LONGEST_WAIT]


@pytest.mark.parametrize("asked", [timedelta(0), 5 * SECOND, timedelta(days=3)])
@pytest.mark.parametrize("failures", [1, 20])
def test_what_telegram_asks_for_is_kept_to_whatever_it_is(asked, failures):
    assert wait_before_retry(failures, asked, 0.5) == asked + SECOND / 2


@pytest.mark.parametrize(("hours", "again"), [(0, 1), (23, 1), (24, 24), (500, 24)])
def test_a_lost_chat_is_tried_once_an_hour_and_after_a_day_once_a_day(hours, again):
    hour = timedelta(hours=1)
    assert next_check(NOW - hours * hour, NOW) == NOW + again * hour
