"""What a feed calls its entries, as careless as feeds are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.entry import Entry
from monitors.stories.identity import address, identify, own_link, worldwide

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 15, tzinfo=UTC)
LINK = "https://herald.example/talks"
ENTRY = Entry(
    id="herald-1", title="Allies talk", url=LINK, published_at=NOON, summary="In the capital."
)


def identities(*entries):
    return [one.identity for one in identify(entries)]


def same(one, other):
    """Answer whether the feed means one entry by *one* and, at the next poll, *other*."""
    return identities(one) == identities(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Allies talk again"},
        {"url": "https://herald.example/talks-2"},
        {"url": None},
        {"summary": "Near the capital.", "published_at": LATER},
    ],
)
def test_an_entry_keeps_its_identifier_whatever_else_is_edited(changes):
    assert same(ENTRY, replace(ENTRY, **changes))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"id": None}, {"id": None, "title": "Allies talk again", "published_at": LATER}),
        ({"id": None}, {"id": None, "url": "http://www.herald.example/talks/?utm_source=rss"}),
        ({"id": None, "url": None}, {"id": None, "url": None, "summary": "Other words."}),
        ({"id": None, "url": "https://herald.example/"}, {"id": None, "url": None}),
        (
            {"id": None, "url": None, "published_at": None},
            {"id": None, "url": None, "published_at": None, "author": "Ann"},
        ),
    ],
    ids=["link", "canonical link", "title and date", "front page", "title and text"],
)
def test_without_identifier_the_next_thing_that_tells_is_the_identity(before, after):
    assert same(replace(ENTRY, **before), replace(ENTRY, **after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"id": "herald-2"}),
        ({"id": None}, {"id": None, "url": f"{LINK}-2"}),
        ({"id": None, "url": None}, {"id": None, "url": None, "title": "Weather"}),
        ({"id": None, "url": None}, {"id": None, "url": None, "published_at": LATER}),
    ],
)
def test_what_tells_of_something_else_has_another_identity(before, after):
    assert not same(replace(ENTRY, **before), replace(ENTRY, **after))


def test_one_identifier_for_all_entries_is_told_apart_by_their_links():
    entries = [replace(ENTRY, id="news", title=f"News {n}", url=f"{LINK}/{n}") for n in range(1, 4)]
    assert len(set(identities(*entries))) == 3


def test_one_identifier_and_one_link_for_all_entries_are_told_apart_by_their_titles():
    entries = [replace(ENTRY, id="news", title=f"News {n}") for n in range(1, 4)]
    assert len(set(identities(*entries))) == 3


def test_one_link_for_all_entries_is_no_identity():
    entries = [replace(ENTRY, id=None, title=f"News {n}") for n in range(1, 4)]
    assert len(set(identities(*entries))) == 3


@pytest.mark.parametrize("title", ["News {}", ""])
def test_a_link_that_all_entries_share_tells_nothing(title):
    entries = [
        replace(ENTRY, id=f"{n}", title=title.format(n), summary=f"Text {n}") for n in range(1, 4)
    ]
    assert [one.link_tells for one in identify(entries)] == [False] * 3


def test_a_page_that_is_listed_under_its_old_and_new_headline_is_one_entry():
    new, old = replace(ENTRY, id=None, title="New"), replace(ENTRY, id=None, title="Old")
    found = identify([new, old])
    assert [one.entry.title for one in found] == ["Old", "New"]
    assert found[0].identity == found[1].identity
    assert all(one.link_tells for one in found)


@pytest.mark.parametrize("field", ["published_at", "updated_at"])
@pytest.mark.parametrize("newest_first", [True, False])
def test_versions_of_an_entry_come_oldest_first(field, newest_first):
    old = replace(ENTRY, title="Old", **{field: NOON})
    new = replace(ENTRY, title="New", **{field: LATER})
    found = identify([new, old] if newest_first else [old, new])
    assert [one.entry.title for one in found] == ["Old", "New"]


def test_the_same_version_counts_once():
    assert len(identify([ENTRY, replace(ENTRY, author="Ann"), ENTRY])) == 1


def test_the_content_changes_with_what_a_reader_sees_and_with_nothing_else():
    def content(**changes):
        return identify([replace(ENTRY, **changes)])[0].content_hash

    unchanged = content()
    assert content(url=f"{LINK}?utm_source=rss", updated_at=LATER) == unchanged
    edits = ({"title": "T"}, {"summary": "S"}, {"content": "C"}, {"url": f"{LINK}-2"})
    assert unchanged not in [content(**edit) for edit in edits]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://herald.example/?p=1", "https://herald.example/?p=1"),
        ("http://herald.example/?p=1", "https://www.herald.example/?p=1"),
        ("HTTP://www.herald.example/#1", "http://herald.example/#1"),
    ],
)
def test_an_identifier_stays_the_same_when_its_site_moves_to_https(before, after):
    assert same(replace(ENTRY, id=before), replace(ENTRY, id=after))


def test_of_an_identifier_that_is_an_address_all_else_counts():
    ids = [
        "https://herald.example/#1",
        "https://herald.example/#2",
        "https://herald.example/1?ref=a",
    ]
    entries = [replace(ENTRY, id=one, url=f"{LINK}/{one[-1]}") for one in ids]
    assert len(set(identities(*entries))) == 3


def test_where_identifiers_are_shared_no_entry_is_known_by_its_own_alone():
    plain = identify([ENTRY])[0]
    lone, other = (
        identify([replace(ENTRY, url=url)], shared_ids=True)[0] for url in (LINK, f"{LINK}-2")
    )
    assert (plain.alias, lone.alias, other.alias) == (None, plain.identity, plain.identity)
    assert len({plain.identity, lone.identity, other.identity}) == 3
    assert lone.entry.id is None


def test_the_first_clash_makes_identifiers_shared():
    clash = [replace(ENTRY, id="news", url=f"{LINK}/{n}") for n in (1, 2)]
    alone = identify([ENTRY], shared_ids=True)
    assert identify([*clash, ENTRY])[-1:] == alone


def test_the_place_of_an_entry_is_no_part_of_its_identity():
    entries = [replace(ENTRY, id="news", title=f"News {n}", url=None) for n in range(3)]
    assert set(identities(*entries)) == set(identities(*entries[::-1]))


def test_an_entry_that_tells_nothing_is_left_out():
    told = [Entry(title="T"), Entry(url=LINK), Entry(summary="S"), Entry(content="C")]
    assert [one.entry for one in identify([Entry(id="1"), *told])] == told


def test_entries_stay_in_the_order_of_the_feed():
    entries = [replace(ENTRY, id=f"{n}", url=f"{LINK}/{n}") for n in (3, 1, 2)]
    assert [one.entry for one in identify(entries)] == entries


def test_an_identifier_that_several_entries_bear_recognises_none_of_them():
    entries = [replace(ENTRY, id="tag:herald", url=f"{LINK}/{n}") for n in (1, 2)]
    assert [one.entry.id for one in identify(entries)] == [None, None]


UUID = "1225c695cfb84ebbaaaa80da344efa6a"


@pytest.mark.parametrize(
    "identifier",
    [
        "tag:herald.example,2026:1",
        "tag:desk@herald.example,2026-11-03:/talks",
        "tag:google.com,2013:googlealerts/feed:1234567890",
        "urn:newsml:herald.example:1",
        "urn:herald:talks-1",
        "yt:video:f8O3XMrC8hg",
        "oai:herald.example:2611.00123",
        "doi:10.1000/182",
        "1234 at https://herald.example",
        "https://herald.example/talks#item-12",
    ],
)
def test_what_is_unique_in_the_world_recognises_an_entry_in_any_feed(identifier):
    assert worldwide(identifier) == identifier


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://herald.example/?p=12", "http://www.herald.example/?p=12"),
        (LINK, f"{LINK}?utm_source=rss"),
        (LINK, f"https://www.google.com/url?url={LINK}"),
        ("https://herald.example/#item-12", "http://herald.example#item-12"),
        (UUID, "1225c695-cfb8-4ebb-aaaa-80da344efa6a"),
        (UUID, "urn:uuid:1225C695-CFB8-4EBB-AAAA-80DA344EFA6A"),
        (UUID, "{1225C695-CFB8-4EBB-AAAA-80DA344EFA6A}"),
    ],
)
def test_two_spellings_of_one_identifier_are_one(one, other):
    assert worldwide(one) is not None
    assert worldwide(one) == worldwide(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://herald.example/?p=12", "https://herald.example/?p=13"),
        (f"{LINK}#1", f"{LINK}#2"),
        (f"{LINK}#1", LINK),
        (UUID, UUID.replace("1", "2")),
        ("tag:herald.example,2026:a", "tag:herald.example,2026:A"),
    ],
)
def test_two_identifiers_stay_two(one, other):
    assert None not in (worldwide(one), worldwide(other))
    assert worldwide(one) != worldwide(other)


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        "",
        "12",
        "news",
        "post-2026-11-03",
        "http://",
        "https://www.herald.example/",
        "https://herald.example?utm_source=rss",
        "tag:a b",
        "urn:1",
        "tag:herald",
        "tag:1",
        "urn:item:1234",
        "00000000-0000-0000-0000-000000000000",
        "yt:video:",
        "12 at 13",
        # Where sites are made, before they are shown to anybody.
        "http://localhost/?p=12",
        "http://127.0.0.1:8080/?p=12",
        "http://wordpress.local/?p=12",
        f"https://herald.example/{'a' * 2_000}",
        "tag:herald\0",
        "tag:herald\ud83d",
    ],
)
def test_what_two_publishers_may_choose_recognises_none(identifier):
    assert worldwide(identifier) is None


BURNED = "https://feedproxy.google.com/~r/herald/~3/0O-eUfOYo94/"


@pytest.mark.parametrize(
    "changes",
    [
        {"url": BURNED, "original": LINK},
        {"url": BURNED, "original": LINK, "id": "https://herald.example/?p=12"},
        {"url": "https://feeds.example/click.phdo?i=1", "original": LINK},
        {"url": None, "original": LINK},
        {"url": BURNED, "id": LINK},
        {"url": f"https://www.google.com/url?url={LINK}", "id": "tag:google.com,2013:feed:1"},
    ],
)
def test_what_a_feed_service_links_is_known_by_the_link_of_its_outlet(changes):
    (found,) = identify([replace(ENTRY, **changes)])
    assert own_link(found) == LINK


@pytest.mark.parametrize(
    "changes",
    [
        {"url": BURNED},
        {"url": BURNED, "id": None},
        {"url": BURNED, "id": "https://herald.example/"},
        {"url": BURNED, "id": "http://localhost/?p=12"},
        {"url": LINK, "id": "https://courier.example/talks"},
    ],
)
def test_otherwise_the_link_of_the_feed_counts(changes):
    assert address(replace(ENTRY, **changes)) == changes["url"]


TEXTS = st.sampled_from(["", "a", "b", "\ud83d", "\0"])
ENTRIES = st.builds(
    Entry,
    id=st.none() | TEXTS,
    title=TEXTS,
    url=st.none() | st.sampled_from([LINK, "https://herald.example/", "nowhere", "http://\ud83d"]),
    published_at=st.none() | st.just(NOON),
    summary=st.none() | TEXTS,
)


@given(st.lists(ENTRIES, max_size=8))
def test_a_feed_that_is_read_twice_calls_its_entries_the_same(entries):
    once = {(one.identity, one.content_hash) for one in identify(entries)}
    twice = {(one.identity, one.content_hash) for one in identify([*entries, *entries])}
    assert once == twice


@given(st.lists(ENTRIES, max_size=8))
def test_no_two_versions_of_an_entry_are_equal(entries):
    found = [(one.identity, one.content_hash) for one in identify(entries)]
    assert len(found) == len(set(found))
