"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.dates import read_date


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 03 Nov 2026 09:15:30 +0100", utc(2026, 11, 3, 8, 15, 30)),
        ("Tue, 3 Nov 2026 09:15 GMT", utc(2026, 11, 3, 9, 15)),
        ("Tue,03 Nov 2026 09:15:30 Z", utc(2026, 11, 3, 9, 15, 30)),
        ("03-Nov-26 09:15:30 UT", utc(2026, 11, 3, 9, 15, 30)),
        ("3 Nov 1999", utc(1999, 11, 3)),
        ("3 Nov 99", utc(1999, 11, 3)),
        ("Tue, 03 Nov 2026 09:15:30 EST", utc(2026, 11, 3, 14, 15, 30)),
        ("Tue, 03 Nov 2026 09:15:30 CEST", utc(2026, 11, 3, 7, 15, 30)),
        ("Tue, 03 Nov 2026 09:15:30 +05:30", utc(2026, 11, 3, 3, 45, 30)),
        ("Tue, 03 Nov 2026 09:15:30 GMT+0300", utc(2026, 11, 3, 6, 15, 30)),
        ("Tue, 03 Nov 2026 09:15:30 Nowhere/Land", utc(2026, 11, 3, 9, 15, 30)),
        ("Tue, 03 Nov 2026 02:15:30 PM -0800", utc(2026, 11, 3, 22, 15, 30)),
        ("Tue, 03 Nov 2026 12:05 am", utc(2026, 11, 3, 0, 5)),
        ("Tue, 03 Nov 2026 24:00:00 GMT", utc(2026, 11, 4)),
        ("Tue, 03 Nov 2026 23:59:60 GMT", utc(2026, 11, 3, 23, 59, 59)),
        ("Mon, 03 Nov 2026 09:15:30 GMT", utc(2026, 11, 3, 9, 15, 30)),
    ],
)
def test_mail_dates_are_read_with_what_is_missing_or_wrong_in_them(text, moment):
    assert read_date(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03T09:15:30Z", utc(2026, 11, 3, 9, 15, 30)),
        ("2026-11-03T09:15:30.123456789+01:00", utc(2026, 11, 3, 8, 15, 30)),
        ("2026-11-03 09:15", utc(2026, 11, 3, 9, 15)),
        ("2026-11-03 09:15:30 +0000 UTC", utc(2026, 11, 3, 9, 15, 30)),
        ("2026/11/03 09:15:30", utc(2026, 11, 3, 9, 15, 30)),
        ("2026.11.03", utc(2026, 11, 3)),
        ("2026-11", utc(2026, 11, 1)),
        ("20261103T091530Z", utc(2026, 11, 3, 9, 15, 30)),
        ("20261103", utc(2026, 11, 3)),
        ("2026年11月3日 09:15", utc(2026, 11, 3, 9, 15)),
    ],
)
def test_iso_dates_are_read_in_their_many_forms(text, moment):
    assert read_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "Tue Nov  3 09:15:30 2026",
        "Tue Nov 03 09:15:30 UTC 2026",
        "Tue Nov 03 2026 11:15:30 GMT+0200 (Somewhere)",
        "Tuesday, November 3, 2026 9:15:30 AM",
        "Nov 3rd, 2026 at 9:15:30am",
        "11/3/2026 9:15:30 AM",
        "03.11.2026 09:15:30",
    ],
)
def test_dates_for_people_and_of_programs_are_read(text):
    assert read_date(text) == utc(2026, 11, 3, 9, 15, 30)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3 août 2026", 8),
        ("mar, 03 févr. 2026", 2),
        ("3. März 2026", 3),
        ("3 de octubre de 2026", 10),
        ("3 Set 2026", 9),
        ("3 dicembre 2026", 12),
        ("3 maio 2026", 5),
        ("3 mrt 2026", 3),
        ("3 października 2026", 10),
        ("3 мая 2026", 5),
        ("3 juin 2026", 6),
        ("3 juillet 2026", 7),
    ],
)
def test_months_are_known_in_several_languages(text, month):
    assert read_date(text) == utc(2026, month, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "0000-00-00 00:00:00",
        "Tue, 32 Nov 2026 09:15:30 GMT",
        "3 Foo 2026",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-11-03T25:15:30Z",
        "2026-11-03T09:15:30+99:00",
        "3/11/2026",  # the third of November, or the eleventh of March
        "2026-11-03 " * 1000,
    ],
)
def test_what_names_no_possible_day_is_no_date(text):
    assert read_date(text) is None


def test_a_date_in_the_future_stays_for_others_to_judge():
    assert read_date("2099-01-01T00:00:00Z") == utc(2099, 1, 1)


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text):
    assert read_date(text) is None or read_date(text).tzinfo is UTC


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_whatever_is_written_as_iso_is_read_back(naive):
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    assert read_date(moment.isoformat()) == moment


@pytest.mark.parametrize(
    "text",
    [
        "November 3, 2026 9:15 am",
        "3. November 2026 um 09:15 Uhr",
        "03.11.2026 - 09:15",
        "03.11.2026, 09.15 Uhr",
        "mardi 3 novembre 2026 à 09:15",
        "le 3 novembre 2026 à 9 h 15",
        "3 de noviembre del 2026 a las 09:15",
        "3 de novembro de 2026 às 09:15",
        "martedì 3 novembre 2026 ore 09:15",
        "dinsdag 3 november 2026 om 09:15",
        "tisdag 3 november 2026 kl. 09:15",
        "wtorek, 3 listopada 2026 r., godz. 09:15",
        "вторник, 3 ноября 2026 г., 09:15",
        "3 ноября 2026 в 12:15 МСК",
        "3 листопада 2026 о 09:15",
        "3 Kasım 2026 09:15",
        "2026년 11월 3일 09:15",
        "2026년 11월 3일 화요일 오전 9:15",
        "2026. 11. 3. 오전 9:15",
        "2026년11월03일 09시15분 00초",
        "화, 03 11월 2026 18:15:00 +0900",
        "2026年11月3日(火) 09時15分",
        "2026年11月3日 星期二 上午9:15",
        "火, 03 11月 2026 18:15:00 +0900",
    ],
)
def test_dates_are_read_as_people_say_them_in_their_language(text):
    assert read_date(text) == utc(2026, 11, 3, 9, 15)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026年11月3日 午後2時3分", utc(2026, 11, 3, 14, 3)),
        ("2026. 11. 3. 오후 12:05", utc(2026, 11, 3, 12, 5)),
        ("2026年11月3日12時34分56秒", utc(2026, 11, 3, 12, 34, 56)),
        ("September 3, 2026", utc(2026, 9, 3)),
        ("Sept 3, 2026", utc(2026, 9, 3)),
        ("October 3rd, 2026", utc(2026, 10, 3)),
    ],
)
def test_the_clock_and_the_name_of_the_month_count(text, moment):
    assert read_date(text) == moment
