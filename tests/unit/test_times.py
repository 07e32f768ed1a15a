"""Times and durations, as feeds, servers and people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.times import (
    about,
    duration_text,
    from_ms,
    iso,
    parse_duration,
    parse_http_date,
    parse_iso,
    to_ms,
)

THOUSAND_YEARS = 365_000 * 86_400
DATE_PARTS = st.sampled_from(
    (
        *("Mon,", "1", "31", "99999999999999999999", "Nov", "2026", "0001", "9999", "08:49:37"),
        *("::", "GMT", "+0900", "-9959", "+99999", "EST", "-", ",", "", "\0", "\ud800", "١"),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", timedelta(minutes=10)),
        ("24h", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("90s", timedelta(seconds=90)),
        (" 5 m ", timedelta(minutes=5)),
        ("365000d", timedelta(days=365_000)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text, expected):
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "0m", "10", "m", "-5m", "1.5h", "5M", "1h30m", "٣m", "1y", "five minutes"]
)
def test_anything_else_is_no_duration(text):
    assert parse_duration(text) is None


@pytest.mark.parametrize("text", ["365001d", "999999w", "999999999999w"])
def test_a_duration_that_leads_out_of_the_calendar_is_none(text):
    assert parse_duration(text) is None


@given(st.integers(1, THOUSAND_YEARS))
def test_a_duration_reads_back_as_it_was_written(seconds):
    duration = timedelta(seconds=seconds)
    assert parse_duration(duration_text(duration)) == duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1s"), (90, "90s"), (120, "2m"), (86_400, "1d"), (90_000, "25h"), (604_800, "1w")],
)
def test_a_duration_is_written_in_its_largest_whole_unit(seconds, text):
    assert duration_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 s"),
        (40, "40 s"),
        (90, "2 min"),
        (5399, "90 min"),
        (18_000, "5 h"),
        (172_799, "48 h"),
        (172_800, "2 days"),
        (1_036_800, "12 days"),
    ],
)
def test_people_are_told_roughly(seconds, text):
    assert about(timedelta(seconds=seconds)) == text


@given(
    st.datetimes(timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    )
)
def test_the_store_gives_back_the_millisecond_that_it_was_given(moment):
    assert from_ms(to_ms(moment)) == moment


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 3, 9, 30, 59, 999_999, tzinfo=UTC), "2026-11-03T09:30:59Z"),
        (
            datetime(2026, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=9))),
            "2026-11-03T00:30:00Z",
        ),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_iso_times_are_in_utc_to_the_second(moment, text):
    assert iso(moment) == text


@pytest.mark.parametrize(
    "text", ["2026-11-03T09:30:00Z", " 2026-11-03T18:30+09:00", "2026-11-03 09:30", "20261103T0930"]
)
def test_iso_times_are_read_in_any_zone(text):
    assert parse_iso(text) == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-01", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-01:00"],
)
def test_what_is_no_time_is_none(text):
    assert parse_iso(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 17:49:37 +0900",
    ],
)
def test_the_dates_of_http_are_read_in_all_their_forms(text):
    assert parse_http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "tomorrow", "Fri, 31 Dec 9999 23:59:59 -0100", "Sun, 06 Nov 99999999999999"],
)
def test_what_is_no_date_of_http_is_none(text):
    assert parse_http_date(text) is None


@given(st.lists(DATE_PARTS, max_size=9).map(" ".join) | st.text())
def test_no_text_makes_reading_times_fail(text):
    for moment in (parse_iso(text), parse_http_date(text)):
        assert moment is None or moment.tzinfo is UTC
