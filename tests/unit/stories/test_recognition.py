"""Known again or news: what a feed shows under names that it has not used before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import Entry
from monitors.stories.identity import identify
from monitors.stories.recognition import (
    Dates,
    Sighting,
    Stranger,
    Traits,
    are_days,
    is_alike,
    is_flood,
    is_news,
    may_be_old,
    recognise,
    traits_of,
)

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ENTRY = Entry(
    id="1",
    title="Allies talk",
    url="https://herald.example/talks",
    published_at=NOON,
    summary="In the capital.",
)
READ = Dates(subscribed_at=NOON - 30 * DAY, read_at=NOON)


def stranger(**changes):
    (found,) = identify([replace(ENTRY, **changes)])
    return Stranger(found, traits_of(found, NOON))


def traits(**changes):
    return stranger(**changes).traits


def sighting(article, shown):
    return Sighting(article=article, content_hash="", traits=shown, first_at=NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://www.herald.example/talks/?utm_source=rss", "title": "T", "summary": "S"},
        {"url": None, "summary": "S"},
        {"url": None, "published_at": None},
        {"url": None, "title": "ALLIES  talk"},
    ],
    ids=["link", "title and date", "title and text", "another spelling"],
)
def test_an_entry_is_alike_by_its_link_or_by_its_title_with_date_or_text(changes):
    assert is_alike(traits(), traits(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"url": None, "summary": "S", "published_at": NOON + DAY},
        {"url": None, "summary": None, "published_at": None},
        {"url": None, "title": "T"},
        {"url": "https://herald.example/", "title": "T"},
    ],
    ids=["title", "title alone", "date and text", "front page"],
)
def test_less_than_that_is_not_alike(changes):
    assert not is_alike(traits(), traits(**changes))


def test_entries_without_anything_are_not_alike():
    assert not is_alike(Traits(), Traits())


def test_without_a_title_the_text_is_one():
    assert is_alike(traits(title="", url=None), traits(title="", url=None, published_at=None))


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        (NOON, NOON),
        (NOON + DAY, NOON + DAY),
        (NOON + timedelta(hours=25), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (NOON.replace(microsecond=123_456), NOON.replace(microsecond=123_000)),
        (None, None),
    ],
)
def test_only_a_date_that_can_be_true_counts_and_as_a_store_keeps_it(date, kept):
    assert traits(published_at=date).published_at == kept


@pytest.mark.parametrize(
    ("new", "entries", "expected"), [(4, 4, False), (3, 5, True), (59, 100, False), (60, 100, True)]
)
def test_most_of_five_entries_or_more_are_a_flood(new, entries, expected):
    assert is_flood(new, entries) is expected


def known(strangers, sightings, shown=()):
    alike = {
        one.name: [
            each
            for each in sightings
            if is_alike(one.traits, each.traits) or one.traits.title == each.traits.title
        ]
        for one in strangers
    }
    return {
        name: before.article for name, before in recognise(strangers, alike, set(shown)).items()
    }


def bare(number, title):
    return stranger(id=f"{number}", title=title, url=None, summary=None, published_at=None)


def test_a_bare_title_is_known_if_one_article_had_it():
    one = bare(2, "Monday")
    before = sighting(7, bare(1, "Monday").traits)

    assert known([one], [before]) == {one.name: 7}
    assert known([one], [before], shown=[7]) == {}
    assert known([one], [before, replace(before, article=8)]) == {}
    assert known([one, bare(3, "Monday")], [before]) == {}


def test_as_many_bare_titles_are_known_as_the_feed_has_shown():
    one, other = bare(2, "Monday"), bare(3, "Monday")
    before = sighting(7, bare(1, "Monday").traits)

    assert sorted(known([one, other], [before, replace(before, article=8)]).values()) == [7, 8]


def test_a_title_with_other_words_and_another_date_is_known_only_where_the_feed_has_moved():
    moved = [stranger(id=f"{n}", url=None, title=f"Report {n}") for n in range(3)]
    before = [sighting(n, one.traits) for n, one in enumerate(moved)]
    odd = [
        stranger(id=f"o{n}", url=None, title=f"O{n}", summary="New.", published_at=NOON + DAY)
        for n in range(3)
    ]
    old = [sighting(90 + n, traits(url=None, title=f"O{n}", summary="Old.")) for n in range(3)]

    assert len(known([*moved, *odd[:2]], before + old)) == 5
    assert len(known([*moved, *odd], before + old)) == 3


@given(st.lists(st.sampled_from([("a", NOON), ("b", None), ("c", None)]), max_size=8))
def test_a_feed_that_shows_what_it_has_shown_under_new_names_shows_nothing_else(titles):
    strangers = [
        stranger(id=f"{n}", title=title, published_at=date, url=None, summary=None)
        for n, (title, date) in enumerate(titles)
    ]
    before = [sighting(n, one.traits) for n, one in enumerate(strangers)]

    assert known(strangers, before).keys() == {one.name for one in strangers}


OLD = {"oldest": NOON - 60 * DAY, "newest": NOON}


@pytest.mark.parametrize(
    ("published", "dates", "flood", "expected"),
    [
        (NOON - 61 * DAY, OLD, False, False),
        (NOON - 61 * DAY, {}, False, True),
        (NOON - 59 * DAY, OLD, False, True),
        (NOON - 59 * DAY, OLD, True, False),
        (NOON - 31 * DAY, {"oldest": NOON - 30 * DAY}, False, True),
        (NOON - 38 * DAY, {"oldest": NOON - 30 * DAY}, False, False),
        (NOON - 4 * DAY, OLD, True, False),
        (NOON - 2 * DAY, OLD, True, True),
        (NOON - 4 * DAY, {"newest": NOON - 5 * DAY}, True, True),
        (None, OLD, True, True),
    ],
)
def test_what_is_news_and_what_is_the_archive(published, dates, flood, expected):
    one, dates = stranger(published_at=published), replace(READ, **dates)

    assert is_news(one, dates, flood=flood, by_day=False) is expected
    assert expected or may_be_old(one, dates)


def test_a_day_lasts_until_its_end():
    one = stranger(published_at=NOON - 3 * DAY - timedelta(hours=12))

    told = [is_news(one, replace(READ, **OLD), flood=True, by_day=day) for day in (True, False)]

    assert told == [True, False]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([NOON, NOON - DAY, NOON - 2 * DAY], True),
        ([NOON, NOON - DAY], False),
        ([NOON, NOON - DAY, NOON - 99 * DAY - timedelta(hours=1)], True),
        ([NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)], False),
        ([NOON + timedelta(minutes=5)] * 3, False),
    ],
)
def test_dates_are_days_if_all_are_at_one_hour_of_the_clock(dates, expected):
    assert are_days(dates) is expected
