"""From what a feed gives to what is stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.stories.accept import accept, bare_title, counts, outlet, with_page, with_tags
from monitors.stories.article import Article
from monitors.stories.identity import identify
from monitors.stories.page import Page

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Feed(address="https://herald.example/rss.xml")
DOCUMENT = Document(format="rss20", title="Harbour Herald", home="https://www.herald.example/")
ENTRY = Entry(id="1", title="Allies talk", url="https://www.herald.example/talks?utm_source=rss")


def accepted(document=DOCUMENT, feed=FEED, **changes):
    (found,) = identify([replace(ENTRY, **changes)])
    return accept(found, feed, document, now=NOW)


def test_an_article_keeps_the_link_to_open_and_the_one_to_compare():
    article = accepted()
    assert article.link == ENTRY.url
    assert article.url == "https://herald.example/talks"


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({"url": f"https://www.google.com/url?url={ENTRY.url}"}, ENTRY.url),
        ({"url": "https://feeds.example/~r/herald/1", "original": ENTRY.url}, ENTRY.url),
        ({"url": "https://feeds.example/~r/herald/1", "id": ENTRY.url}, None),
        ({"url": "https://web.archive.org/web/2026/https://herald.example/talks"}, None),
    ],
    ids=["wrapped", "told beside", "identifier", "archive"],
)
def test_what_leads_to_an_article_is_compared_as_its_link_and_opens_without_detours(changes, opens):
    article = accepted(**changes)
    assert article.url == "https://herald.example/talks"
    assert article.link == (opens or changes["url"])
    assert outlet(replace(ENTRY, **changes), FEED, replace(DOCUMENT, home=None, title=None)) == (
        "herald.example"
    )


@pytest.mark.parametrize(
    "url", [None, "nowhere", "https://herald.example/", "https://www.herald.example?utm_source=rss"]
)
def test_a_link_that_leads_to_no_article_is_not_compared(url):
    assert accepted(url=url).url is None


def test_a_link_that_many_entries_share_is_not_compared():
    found = identify([replace(ENTRY, id=f"{n}", title=f"News {n}") for n in range(3)])
    assert {accept(one, FEED, DOCUMENT, now=NOW).url for one in found} == {None}


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (NOW - HOUR, NOW - HOUR),
        (NOW + 24 * HOUR, NOW + 24 * HOUR),
        (NOW + 25 * HOUR, NOW),
        (None, NOW),
    ],
)
def test_a_date_that_cannot_be_is_replaced_by_when_it_was_seen(published, expected):
    article = accepted(published_at=published)
    assert (article.published_at, article.seen_at) == (expected, NOW)


def test_a_text_that_repeats_the_summary_is_told_once():
    assert accepted(summary="In the capital.", content="In the capital.").text == ""
    assert accepted(summary="In the capital.", content="All of it.").text == "All of it."


def test_an_entry_without_a_language_speaks_that_of_its_feed():
    korean = replace(DOCUMENT, lang="ko")
    assert [accepted(korean, lang=lang).lang for lang in ("en", None)] == ["en", "ko"]


ODD_TEXT = st.text(st.sampled_from("\0\ud83d\udc00a \u0001"), min_size=1)


@given(ODD_TEXT, ODD_TEXT)
def test_no_text_that_a_store_refuses_gets_into_an_article(odd, other):
    fields = dict.fromkeys(("title", "summary", "author", "lang", "outlet"), odd)
    found = identify([Entry(id=odd, url=f"http://{odd}", content=other, **fields)])
    article = accept(found[0], FEED, replace(DOCUMENT, title=odd), now=NOW)
    for one in (article, with_page(article, Page(text=odd))):
        stored = " ".join(str(getattr(one, name)) for name in Article.__slots__)
        assert "\0" not in stored
        assert stored.encode().decode() == stored


def test_what_is_replaced_keeps_every_other_character_in_its_place():
    assert accepted(title="a\0b\ud83dc").title == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (None, "All of it."),
        ("ALLIES TALK OF PACTS | Harbour Herald", "All of it."),
        ("Another headline", "Another headline\n\nAll of it."),
    ],
)
def test_a_page_replaces_the_text_and_adds_a_headline_of_its_own(headline, text):
    article = accepted(title="Allies talk of pacts", summary="In the capital.", content="A part.")
    assert with_page(article, Page(text="All of it.", title=headline)) == replace(
        article, text=text, from_page=True
    )


@pytest.mark.parametrize(
    ("entry", "feed", "document", "name"),
    [
        ({}, {}, {}, "Harbour Herald"),
        ({}, {"name": "Herald"}, {}, "Herald"),
        ({"url": None}, {}, {}, "Harbour Herald"),
        ({}, {}, {"home": None}, "Harbour Herald"),
        ({"url": "https://courier.example/x"}, {}, {}, "courier.example"),
        ({"url": "https://courier.example/x"}, {"name": "All news"}, {}, "courier.example"),
        ({"outlet": "Strait Courier"}, {"name": "All news"}, {}, "Strait Courier"),
        ({}, {}, {"title": None}, "herald.example"),
        ({"url": None}, {}, {"title": None}, FEED.address),
    ],
)
def test_the_outlet_is_who_published_it(entry, feed, document, name):
    told = outlet(replace(ENTRY, **entry), replace(FEED, **feed), replace(DOCUMENT, **document))
    assert told == name


@pytest.mark.parametrize(
    ("catch_up", "published", "expected"),
    [
        (timedelta(hours=24), NOW - 23 * HOUR, True),
        (timedelta(hours=24), NOW - 24 * HOUR, False),
        (timedelta(hours=24), NOW + HOUR, True),
        (timedelta(hours=24), None, False),
        (None, None, True),
        (None, NOW - 10_000 * HOUR, True),
        (timedelta(0), NOW, False),
        (timedelta(0), NOW + HOUR, False),
    ],
)
def test_the_first_poll_catches_up_as_far_as_the_feed_says(catch_up, published, expected):
    feed = replace(FEED, catch_up=catch_up)
    assert counts(published, feed, by_day=False, now=NOW) is expected


def test_a_date_of_a_day_is_recent_until_the_day_after_is_over():
    feed = replace(FEED, catch_up=timedelta(hours=24))
    days = [NOW - hours * HOUR for hours in (25, 47, 48)]
    assert [counts(day, feed, by_day=True, now=NOW) for day in days] == [True, True, False]


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Allies talk - Al-Monitor", "Allies talk"),
        ("Allies talk | AL-MONITOR", "Allies talk"),
        ("Allies talk – monitor.example", "Allies talk"),
        ("Allies talk : Al-Monitor ", "Allies talk"),
        ("Q&A - Allies talk - Al-Monitor", "Q&A - Allies talk"),
        ("Allies talk - Harbour Herald", "Allies talk - Harbour Herald"),
        ("Allies talk to Al-Monitor", "Allies talk to Al-Monitor"),
        ("Al-Monitor", "Al-Monitor"),
        ("- Al-Monitor", "- Al-Monitor"),
        ("", ""),
    ],
)
def test_only_the_name_of_its_own_outlet_is_taken_off_a_title(title, bare):
    article = replace(
        accepted(), title=title, outlet="Al-Monitor", link="https://www.monitor.example/talks"
    )
    assert bare_title(article) == bare


def test_an_article_has_the_tags_of_its_feed_and_of_the_entry():
    feed = replace(FEED, tags=frozenset(("wire", "asia", "two\nlines")))

    article = accepted(feed=feed, tags=("Energy", "asia", "half \ud800"))

    assert article.tags == ("asia", "two lines", "wire", "Energy", "half \ufffd")
    assert with_page(article, Page(text="Long.")).tags == article.tags
    assert with_tags(article, ("new", "wire")).tags == (*article.tags, "new")
