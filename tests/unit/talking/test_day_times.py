"""Times of day are understood as people write them."""

import pytest

from monitors.talking.minding.day_times import clock_hours, clock_times


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("22-7", "22:00-07:00"),
        ("22:00-07:00", "22:00-07:00"),
        ("22:00 \u2013 07:00", "22:00-07:00"),
        ("22.30 \u2014 6", "22:30-06:00"),
        ("22:00 to 07:00", "22:00-07:00"),
        ("22:00 07:00", "22:00-07:00"),
        ("from 22 to 7", "22:00-07:00"),
        ("From 10 PM until 6 AM", "22:00-06:00"),
        ("between 22h30 and 7h", "22:30-07:00"),
        ("10pm-6am", "22:00-06:00"),
        ("10 pm to 6 am", "22:00-06:00"),
        ("10:30 p.m. - 6 a.m.", "22:30-06:00"),
        ("12am-12pm", "00:00-12:00"),
        ("22-6am", "22:00-06:00"),
        ("0-6am", "00:00-06:00"),
        ("10-6am", None),
        ("10pm-6", None),
        ("13pm-6am", None),
        ("0am-6am", None),
        ("24-7", None),
        ("8-8", None),
        ("8am-8", None),
        ("22:00-07:00-09:00", None),
        ("22:60-7", None),
        ("22:0-7", None),
        ("22", None),
        ("from 22", None),
        ("nonsense", None),
        ("٢٢-٧", None),
        ("-", None),
        ("", None),
        ("2" * 4000, None),
        ("22" + " " * 4000 + "x", None),
    ],
)
def test_hours_are_read_as_people_write_them(words, hours):
    assert clock_hours(words) == hours


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("8", ("08:00",)),
        ("8am", ("08:00",)),
        ("8 AM", ("08:00",)),
        ("at 8 p.m.", ("20:00",)),
        ("08:00 and 18:00", ("08:00", "18:00")),
        ("18:00, 08:00", ("08:00", "18:00")),
        ("8 am & 6.30 pm", ("08:00", "18:30")),
        ("8 18", ("08:00", "18:00")),
        ("8, 8am; 08:00", ("08:00",)),
        ("12 am and 12 pm", ("00:00", "12:00")),
        ("8 am am", None),
        ("8 xm", None),
        ("25:00", None),
        ("8-18", None),
        ("and", None),
        ("", None),
        (" ".join(f"{hour}:00" for hour in range(13)), None),
        ("8 " * 4000 + "x", None),
    ],
)
def test_times_are_read_as_people_write_them(words, times):
    assert clock_times(words) == times
