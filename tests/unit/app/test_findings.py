from datetime import UTC, date, timedelta, timezone

from monitors.app.commands.findings import chart
from tests.fakes.stand_ins import START

TODAY = START.date()


def days_ago(*days):
    return [START - timedelta(days=each) for each in days]


def test_each_day_has_a_row_up_to_today():
    rows = list(chart(days_ago(3, 1, 1), TODAY, UTC))

    assert rows == [
        (date(2026, 11, 2), 1), (date(2026, 11, 3), 0), (date(2026, 11, 4), 2), (TODAY, 0),
    ]  # fmt: skip


def test_days_are_those_of_the_zone():
    east = timezone(timedelta(hours=9))
    late = [START + timedelta(hours=8)]  # 17:00, which is 02:00 there

    assert list(chart(late, TODAY + timedelta(days=1), east)) == [(TODAY + timedelta(days=1), 1)]


def test_long_ranges_have_a_row_for_weeks():
    month = list(chart(days_ago(30), TODAY, UTC))
    quarter = list(chart(days_ago(90, 6, 0), TODAY, UTC))
    years = list(chart(days_ago(3_000), TODAY, UTC))

    assert (len(month), len(quarter)) == (31, 13)
    assert quarter[-1] == (TODAY - timedelta(days=6), 2)
    assert sum(count for _, count in quarter) == 3
    assert len(years) <= 31
    assert sum(count for _, count in years) == 1


def test_nothing_has_no_rows():
    assert list(chart([], TODAY, UTC)) == []
