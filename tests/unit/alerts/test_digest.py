"""What comes together in one message, and what that says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.digest import (
    MOST_LISTED,
    MOST_MESSAGES,
    Digest,
    Together,
    Waiting,
    flood_size,
    fold,
)
from monitors.alerts.pacing import LOCAL_PACE, TELEGRAM_PACE
from monitors.alerts.showing.digest import (
    digest_html,
    digest_runs,
    digest_text,
    digest_title,
    why_together,
)
from monitors.alerts.showing.legible import units
from monitors.alerts.showing.markup import MAX_BYTES, MAX_ENTITIES, MAX_UNITS, fits
from monitors.alerts.showing.presentable import DOUBT

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 3, 5, 5, tzinfo=UTC)  # five past two in Seoul
QUIET = "quiet hours"


def waiting(number, **more):
    values = {"letter": number, "alert": number, "since": NOW} | more
    return Waiting(**values)


def story(title="Rates rise", **more):
    values = {
        "headline": Snippet(text=title),
        "link": "https://wire.example/1",
        "outlet": "Wire",
        "published_at": NOW,
        "rules": ("ECB rates",),
    } | more
    return AlertContent(**values)


def digest(*stories, **more):
    values = {
        "together": Together.FLOOD,
        "since": NOW - timedelta(minutes=5),
        "folded_at": NOW,
        "total": len(stories),
        "stories": stories,
    } | more
    return Digest(**values)


@pytest.mark.parametrize(
    ("peer", "pace", "size"),
    [
        ("-100", TELEGRAM_PACE, 18),
        ("@news", TELEGRAM_PACE, 18),
        ("42", TELEGRAM_PACE, 30),
        ("apprise:0123", TELEGRAM_PACE, 30),
        ("terminal", TELEGRAM_PACE, None),
        ("-100", LOCAL_PACE, 60_000),
        ("42", LOCAL_PACE, 30_000),
    ],
)
def test_a_flood_is_what_takes_longer_than_a_minute(peer, pace, size):
    assert flood_size(peer, pace) == size


def test_what_is_due_comes_by_itself_where_nothing_says_otherwise():
    assert fold([waiting(1), waiting(2)], [], flood=False) is None


def test_in_a_flood_everything_comes_together():
    found = fold([waiting(number) for number in range(1, 46)], [], flood=True)

    assert (found.together, found.total, found.held) == (Together.FLOOD, 45, None)
    assert [(part.first, len(part.letters)) for part in found.parts] == [
        (1, 15),
        (16, 15),
        (31, 15),
    ]


def test_what_was_held_back_comes_together_and_the_rest_by_itself():
    found = fold([waiting(1, held=QUIET), waiting(2), waiting(3, held=QUIET)], [], flood=False)

    assert (found.together, found.held) == (Together.HELD, QUIET)
    assert [part.letters for part in found.parts] == [(1, 3)]


def test_a_flood_of_what_was_held_back_is_what_was_held_back():
    letters = [waiting(number, held="more than 1 alert an hour") for number in range(30)]
    assert fold(letters, [], flood=True).together is Together.HELD


def test_held_back_for_several_reasons_names_none():
    found = fold([waiting(1, held=QUIET), waiting(2, held="more than 1")], [], flood=False)
    assert (found.together, found.held) == (Together.HELD, None)


def test_what_a_chat_had_refused_comes_together():
    found = fold([waiting(1, returned=True), waiting(2, returned=True)], [], flood=False)
    assert (found.together, found.total) == (Together.RETURNED, 2)


@pytest.mark.parametrize("one", [{"held": QUIET}, {"returned": True}, {}])
def test_a_single_one_comes_by_itself(one):
    assert fold([waiting(1, **one)], [], flood=True) is None


def test_what_waits_in_a_digest_is_put_together_anew_with_what_joins_it():
    again = [waiting(1, returned=True), waiting(2, returned=True)]

    assert fold([], again, flood=True) is None
    assert fold([waiting(3)], again, flood=False) is None
    assert fold([waiting(3, returned=True)], again, flood=False).parts[0].letters == (1, 2, 3)


def test_a_reply_stands_in_the_line_of_its_alert():
    found = fold([waiting(1), waiting(2), waiting(3, alert=1)], [], flood=True)
    assert (found.total, [part.letters for part in found.parts]) == (2, [(1, 3, 2)])


def test_more_than_some_messages_are_counted_in_the_last():
    found = fold([waiting(number) for number in range(500)], [], flood=True)

    assert [len(part.letters) for part in found.parts] == [20, 20, 20, 20, 420]


@given(
    st.lists(
        st.builds(
            waiting,
            st.integers(1, 10_000),
            alert=st.integers(1, 300),
            held=st.sampled_from([None, QUIET, "more than 2 alerts an hour"]),
            returned=st.booleans(),
        ),
        max_size=300,
        unique_by=lambda one: one.letter,
    ),
    st.booleans(),
)
def test_nothing_is_told_twice_and_nothing_is_forgotten(letters, flood):
    found = fold(letters, [], flood=flood)
    if found is None:
        return
    told = [letter for part in found.parts for letter in part.letters]
    chosen = {one.letter for one in letters if flood or one.held or one.returned}

    assert sorted(told) == sorted(chosen)
    assert len(found.parts) <= MOST_MESSAGES
    alerts = {one.letter: one.alert for one in letters}
    counts = [len({alerts[letter] for letter in part.letters}) for part in found.parts]
    assert sum(counts) == found.total
    assert all(1 < count <= MOST_LISTED for count in counts[:-1])
    assert [part.first for part in found.parts] == [
        1 + sum(counts[:place]) for place in range(len(counts))
    ]


def test_a_flood_says_how_many_stories_it_is_since_when_and_why_together():
    text = digest_html(digest(story(), story("Rates fall")), zone=SEOUL)

    assert text == (
        "<b>ECB rates</b> · 2 stories since 14:00 "
        "<i>(sent together: too many for single alerts)</i>\n"
        '<blockquote>1. <a href="https://wire.example/1">Rates rise</a> <i>Wire</i>\n'
        '2. <a href="https://wire.example/1">Rates fall</a> <i>Wire</i></blockquote>'
    )


def test_each_line_names_its_rule_where_there_are_several():
    stories = (story(), story("Rates fall", rules=("ECB rates", "Banks", "Euro")))
    shown = digest_html(digest(*stories), zone=SEOUL)

    assert shown.startswith("<b>2 stories since 14:00</b> ")
    assert "<i>Wire</i> · <b>ECB rates</b>\n" in shown
    assert "<i>Wire</i> · <b>ECB rates</b> +2" in shown


def test_further_outlets_are_counted():
    others = tuple(Report(outlet=name, title="Rates") for name in ("Herald", "Courier", "Courier"))
    assert "<i>Wire +2</i>" in digest_html(digest(story(others=others), story()), zone=SEOUL)


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"together": Together.HELD, "held": QUIET}, "What quiet hours held back: 2 stories"),
        (
            {"together": Together.HELD, "held": "more than 5 alerts an hour"},
            "What was held back: 2 stories (more than 5 alerts an hour)",
        ),
        ({"together": Together.HELD}, "What was held back since 14:00: 2 stories"),
        (
            {"together": Together.RETURNED},
            "2 stories since 14:00 (sent together: this chat took no messages)",
        ),
        (
            {"since": NOW - timedelta(hours=20)},
            "2 stories since 2 Nov 18:05 (sent together: too many for single alerts)",
        ),
        (
            {"total": 45, "first": 21},
            "45 stories since 14:00 · 21–22 (sent together: too many for single alerts)",
        ),
    ],
)
def test_the_first_line_says_why_they_come_together(values, title):
    shown = digest(story(), story("Rates fall", rules=("Banks",)), **values)

    assert digest_title(shown, zone=SEOUL) == title
    assert digest_text(shown, zone=SEOUL).splitlines()[0] == title


def test_many_lines_are_folded_away_and_what_is_not_listed_is_counted():
    shown = digest_html(digest(*[story()] * 20, total=60, hidden=40), zone=SEOUL)

    assert "<blockquote expandable>1. " in shown
    assert shown.endswith("</blockquote>\nand 40 more, which /last and `bot.py alerts` list")


def test_a_digest_in_doubt_says_so():
    shown = digest(story(), story("Rates fall"))

    assert digest_html(shown, zone=SEOUL, doubtful=True).endswith(f"\n<i>{DOUBT}</i>")
    assert digest_text(shown, zone=SEOUL, doubtful=True).endswith(f"\n{DOUBT}")


def test_as_plain_text_addresses_stand_below_headlines():
    assert digest_text(digest(story(), story("Rates fall", link=None)), zone=SEOUL) == (
        "ECB rates · 2 stories since 14:00 (sent together: too many for single alerts)\n"
        "1. Rates rise · Wire\n"
        "   https://wire.example/1\n"
        "2. Rates fall · Wire"
    )


def test_a_reply_says_why_it_rings():
    told = story(note="3 outlets report it now")
    assert "<i>Wire</i> · 3 outlets report it now" in digest_html(digest(told, told), zone=SEOUL)


WORST = st.text(
    st.sampled_from("a &<>\"'\u202e\u05d0\U0001f469\u200d\U0001f680\u0301@#/$.é漢\n"), max_size=600
)
LINKS = st.none() | st.builds(
    lambda tail: "https://wire.example/" + tail, st.text("&a%", max_size=2_100)
)


@given(st.lists(st.builds(story, WORST, outlet=WORST, link=LINKS, note=WORST), max_size=4), WORST)
def test_the_worst_of_texts_fits_a_message(some, rule):
    filler = [story("&" * 240, outlet="<" * 60, link="https://a.example/" + "&" * 2_000)] * 16
    stories = [replace(one, rules=(rule, "b")) for one in [*some, *filler]]
    shown = digest(*stories, total=999, first=981, hidden=99)
    runs = digest_runs(shown, zone=SEOUL, doubtful=True)
    text = digest_html(shown, zone=SEOUL, doubtful=True)

    assert fits(runs)
    assert len(text.encode()) <= MAX_BYTES
    assert text.count("<") - text.count("</") <= MAX_ENTITIES
    assert units(digest_text(shown, zone=SEOUL, doubtful=True)) <= MAX_UNITS


@pytest.mark.parametrize("together", list(Together))
@pytest.mark.parametrize("held", [None, QUIET])
def test_the_button_says_why_within_the_length_of_a_note(together, held):
    why = why_together(digest(story(), together=together, held=held), zone=SEOUL)

    assert "3 Nov 14:05" in why
    assert len(why) <= 200
