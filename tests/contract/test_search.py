"""Full-text search finds what Newsbell's own words find, and keeps up with every revision."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.grouping.placement import NewStory, Signs
from monitors.stories.article import Article
from monitors.stories.words import cut
from tests.fakes.stand_ins import START

NO_SIGNS = Signs(url=None, identifier=None, title_key=None)
LONG_AGO = START - timedelta(days=1)
# Signs that FTS5 queries give a meaning to, letters that fold to several or to odd signs.
LETTERS = st.sampled_from("ab AB1,.'\"*+-^(){}:\n éßﬃ⑴ﷺ½ñ한국어日本ガประ🄁\u0301\u200d")
TEXTS = st.text(LETTERS, max_size=25) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=25
)


def article(title="", summary="", text="", at=START):
    return Article(
        identity="x", url=None, link=None, outlet="Wire", title=title, summary=summary,
        text=text, published_at=at, seen_at=at,
    )  # fmt: skip


@pytest.fixture
def store():
    opened = SqliteStore(None)
    yield opened
    opened.close()


def add(store, *articles):
    """Store *articles*, each in a story of its own; answer their numbers."""
    return [
        store.write_now(lambda ledger, one=one: ledger.articles.add(one, NO_SIGNS, NewStory()))[0]
        for one in articles
    ]


def search(store, *needs, since=LONG_AGO, limit=None):
    wanted = tuple(frozenset(need.split("|")) for need in needs)
    return store.write_now(
        lambda ledger: [row[0] for row in ledger.search.articles(wanted, since, limit)]
    )


def words_of(*parts):
    return {word for part in parts for word in cut(part).folded}


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
def test_every_word_finds_its_articles_and_no_others(texts):
    store = SqliteStore(None)
    try:
        numbers = add(store, *(article(*parts) for parts in texts))
        having = dict(zip(numbers, (words_of(*parts) for parts in texts), strict=True))
        everything = {word for found in having.values() for word in found}
        for word in everything | {word[:1] for word in everything} | {"x", "^"}:
            whole = store.write_now(
                lambda ledger, word=word: [
                    each[0] for each in ledger.search.articles([{word}], LONG_AGO)
                ]
            )
            begun = store.write_now(
                lambda ledger, word=word: [
                    each.article for each in ledger.search.hits([{f"{word}*"}], LONG_AGO)
                ]
            )
            counted = store.write_now(
                lambda ledger, word=word: ledger.search.word_counts([word]).get(word, 0)
            )
            expected = [number for number in reversed(numbers) if word in having[number]]
            assert (whole, counted) == (expected, len(expected))
            assert begun == [
                number
                for number in reversed(numbers)
                if any(one.startswith(word) for one in having[number])
            ]
    finally:
        store.close()


def test_an_article_has_to_have_a_word_of_each_need(store):
    one, two, three = add(
        store, article("AUKUS pact"), article("AUKUS", "talks"), article(text="Quad talks")
    )

    assert search(store, "aukus|quad") == [three, two, one]
    assert search(store, "aukus", "talks|deal") == [two]
    assert search(store, "aukus", "tal*") == [two]
    assert search(store, "deal") == []
    assert search(store) == [three, two, one]
    assert search(store, limit=2) == [three, two]
    assert store.write_now(lambda ledger: list(ledger.search.articles([set()], LONG_AGO))) == []


def test_an_article_may_have_no_word_of_those_left_out(store):
    one, two = add(store, article("AUKUS pact"), article("AUKUS talks"))

    def without(needs, *words):
        return store.write_now(
            lambda ledger: (
                [row[0] for row in ledger.search.articles(needs, LONG_AGO, without=words)],
                ledger.search.count(LONG_AGO, needs, without=words),
            )
        )

    assert without([{"aukus"}], "talks", "x") == ([one], 1)
    assert without([{"aukus"}], "pac*") == ([two], 1)
    assert without([], "talks", "pact") == ([], 0)
    assert without([], "x") == ([two, one], 2)


def test_only_what_was_seen_lately_is_found(store):
    old, new = add(store, article("ship", at=START - timedelta(hours=2)), article("ship", at=START))

    assert search(store, "ship", since=START) == [new]
    assert search(store, since=START - timedelta(hours=2)) == [new, old]
    assert search(store, "ship", since=START + timedelta(hours=1)) == []
    assert store.write_now(lambda ledger: ledger.search.count()) == 2
    assert store.write_now(lambda ledger: ledger.search.count(START)) == 1


def test_an_edited_article_is_found_by_its_new_words_only(store):
    (number, other) = add(store, article("ship sails", "soon"), article("ship sinks"))
    edited = article("boat sails", "soon", "after all")
    store.write_now(lambda ledger: ledger.articles.revise(number, edited))
    store.write_now(lambda ledger: ledger.articles.revise(number, replace(edited, outlet="B")))

    assert search(store, "ship") == [other]
    assert search(store, "boat", "all", "sails", "soon") == [number]
    assert store.write_now(
        lambda ledger: ledger.search.word_counts(["ship", "boat", "sails", "plane"])
    ) == {"ship": 1, "boat": 1, "sails": 1}


def test_an_article_that_is_not_stored_after_all_is_not_found(store):
    def fails(ledger):
        ledger.articles.add(article("ship"), NO_SIGNS, NewStory())
        raise KeyError("my mistake")

    with pytest.raises(KeyError):
        store.write_now(fails)

    assert search(store, "ship") == []


def test_hits_tell_where_an_article_belongs(store):
    add(store, article("ship"))

    (hit,) = store.write_now(lambda ledger: list(ledger.search.hits([{"ship"}], LONG_AGO)))

    assert (hit.article, hit.story, hit.outlet, hit.seen_at) == (1, 1, "Wire", START)


def test_common_words_are_told_with_their_share(store):
    def common(share):
        return store.write_now(lambda ledger: ledger.search.common_words(share))

    assert common(0.5) == {}
    add(store, article("the ship"), article("the boat"), article("the the"), article("ship"))

    assert common(0.5) == {"the": 0.75, "ship": 0.5}
    assert common(0.6) == {"the": 0.75}
    assert common(1) == {}


def test_words_that_begin_so_are_told_with_their_counts(store):
    add(store, article("ship shipper"), article("ship sail, 한국어"))

    def beginning(letters):
        return store.write_now(lambda ledger: ledger.search.words_beginning(letters))

    assert beginning("sh") == {"ship": 2, "shipper": 1}
    assert beginning("^한") == {"^한": 1}
    assert beginning("x") == {}


def test_a_need_may_have_many_words(store):
    (number,) = add(store, article("w4999"))

    assert search(store, "|".join(f"w{count}" for count in range(5_000))) == [number]


def test_a_look_into_the_store_can_search(tmp_path):
    store = SqliteStore(tmp_path / "newsbell.db")
    try:
        add(store, article("ship"))
        with look_into(tmp_path / "newsbell.db") as ledger:
            assert len(list(ledger.search.articles([{"ship"}], LONG_AGO))) == 1
            assert ledger.search.word_counts(["ship"]) == {"ship": 1}
    finally:
        store.close()
