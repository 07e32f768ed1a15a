"""The SQLite store keeps its promises: whole transactions, one letter a chat, no second alert."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.adapters.sqlite.sending.outbox import HEADS
from monitors.alerts.alert import AlertContent, Snippet
from monitors.errors import StoreError, StoreNewerError
from monitors.feeds.feed import Feed, Validators
from monitors.grouping.placement import NewStory, Signs
from monitors.pipeline.records import HostLeft, Kind, Settled, State
from monitors.polling.memory import Memory
from monitors.rules.matcher import Match
from monitors.stories.article import Article, StoryId
from monitors.stories.recognition import Sighting, Traits
from tests.fakes.stand_ins import FEED, START, Clock, rule

NOBODY = {"now": 0, "limit": 1, "ageing": 0, "all": "*"}


@pytest.fixture
def store():
    opened = SqliteStore(None)
    yield opened
    opened.close()


def content(title="Ship sails", **more):
    values = {
        "headline": Snippet(text=title, marks=((0, 4),)),
        "link": "https://wire.example/1",
        "outlet": "Wire",
        "published_at": START,
        "rules": ("ship",),
    } | more
    return AlertContent(**values)


def new_story(ledger):
    return StoryId(
        ledger.feeds._db.execute(
            "INSERT INTO story (opened_at) VALUES (0) RETURNING id"
        ).fetchone()[0]
    )


def tell(ledger, chat="desk", *, high=False, after=timedelta(0), text=None):
    story = new_story(ledger)
    ledger.alerts.tell(
        chat, story, text or content(), high=high, due_at=START + after, why=None, now=START
    )
    return story


def claim(store, clock, limit=10):
    return store.write_now(lambda ledger: ledger.outbox.claim(clock(), limit))


def settle(store, letter, state, clock, **more):
    settled = Settled(state=state, outcome=state.value, **more)
    store.write_now(lambda ledger: ledger.outbox.settle(letter, settled, clock(), 5))


def test_work_that_fails_leaves_no_trace(store):
    def work(ledger):
        ledger.feeds.sync([Feed(address=FEED)], START)
        raise KeyError("my mistake")

    with pytest.raises(KeyError, match="my mistake"):
        store.write_now(work)

    assert store.write_now(lambda ledger: ledger.feeds.health()) == ()


def test_the_work_of_others_in_the_same_commit_is_kept(store):
    def fails(_ledger):
        raise KeyError

    async def both():
        return await asyncio.gather(
            store.write(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], START)),
            store.write(fails),
            store.write(lambda ledger: len(ledger.feeds.health())),
            return_exceptions=True,
        )

    synced, failed, seen = asyncio.run(both())

    assert (list(synced), type(failed), seen) == ([FEED], KeyError, 1)


def test_a_feed_is_claimed_once_until_its_lease_ends(store):
    store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], START))
    until = START + timedelta(minutes=3)

    first = store.write_now(lambda ledger: ledger.feeds.claim(START, until, 5))
    second = store.write_now(lambda ledger: ledger.feeds.claim(START, until, 5))
    third = store.write_now(lambda ledger: ledger.feeds.claim(until, until, 5))

    assert [len(first), len(second), len(third)] == [1, 0, 1]


def test_a_poll_whose_lease_was_lost_cannot_be_finished(store):
    store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], START))
    later = START + timedelta(minutes=3)
    (mine,) = store.write_now(lambda ledger: ledger.feeds.claim(START, later, 5))
    (theirs,) = store.write_now(lambda ledger: ledger.feeds.claim(later, later, 5))
    result, left = Memory(next_poll_at=later), HostLeft(free_at=later)

    ours = store.write_now(lambda ledger: ledger.feeds.finish(mine, result, left, later))
    others = store.write_now(lambda ledger: ledger.feeds.finish(theirs, result, left, later))

    assert (ours, others) == (False, True)


def test_validators_come_back_byte_for_byte(store):
    odd = Validators(etag='W/"a\u00fc;b"', last_modified="yesterday, 5 o'clock")
    store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], START))
    (due,) = store.write_now(lambda ledger: ledger.feeds.claim(START, START, 5))
    result, left = Memory(next_poll_at=START, validators=odd), HostLeft(free_at=START)
    store.write_now(lambda ledger: ledger.feeds.finish(due, result, left, START))

    (again,) = store.write_now(lambda ledger: ledger.feeds.claim(START, START, 5))

    assert again.memory.validators == odd


def test_a_feed_that_left_the_file_is_not_polled_and_is_known_when_it_returns(store):
    clock = Clock()
    store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], clock()))
    store.write_now(lambda ledger: ledger.feeds.sync([], clock()))

    gone = store.write_now(lambda ledger: ledger.feeds.claim(clock(), clock(), 5))
    ids = store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], clock()))

    assert (gone, ids[FEED]) == ((), 1)


def test_what_a_feed_has_brought_is_counted_and_its_newest_are_named(store):
    def show(ledger, feed, number):
        seen = START + timedelta(days=number)
        text = article(identity=str(number), title=f"Ship {number}", seen_at=seen)
        signs = Signs(url=str(number), identifier=None, title_key=None)
        identity, _ = ledger.articles.add(text, signs, NewStory())
        for later in (timedelta(0), timedelta(days=9)):  # as when a feed renames what it has
            sighting = Sighting(
                article=identity, content_hash="", traits=Traits(), first_at=seen + later
            )
            ledger.articles.see(feed, f"{number} after {later}", sighting)
        return identity

    def work(ledger):
        feed, other = ledger.feeds.sync(
            [Feed(address=FEED), Feed(address="https://other.example/")], START
        ).values()
        articles = [show(ledger, feed, number) for number in range(4)]
        ledger.stories.record(
            articles[3], [Match(rule("ship"), ())], rulebook="x", replace=True, now=START
        )
        for identity, outcome in zip(articles[1:], ("read", "refused", None), strict=True):
            ledger.pages.want(
                identity, feed, "https://wire.example/", near=False, urgent=False, now=START
            )
            if outcome:
                (page,) = ledger.pages.claim(START, START + timedelta(minutes=1), 1, 9)
                ledger.pages.finish(page, outcome, None, HostLeft(free_at=START), START)
        since = START + timedelta(days=1)
        return ledger.articles.of_feed(feed, since, 2), ledger.articles.of_feed(other, since, 2)

    brought, nothing = store.write_now(work)

    assert (brought.articles, brought.matched, brought.pages, brought.pages_read) == (3, 1, 2, 1)
    newest = [(each.title, each.matched) for each in brought.newest]
    assert newest == [("Ship 3", True), ("Ship 2", False)]
    assert (nothing.articles, nothing.newest) == (0, ())


def test_what_a_story_has_passed_is_remembered_with_its_alert(store):
    passed = ("3", "20", "fast")
    story = store.write_now(lambda ledger: tell(ledger, text=content(broke_out=passed)))

    _, told = store.write_now(lambda ledger: ledger.alerts.told("desk", story))

    assert told.content.broke_out == passed


def test_a_story_is_told_to_a_chat_once(store):
    story = store.write_now(tell)

    with pytest.raises(sqlite3.IntegrityError):
        store.write_now(
            lambda ledger: ledger.alerts.tell(
                "desk", story, content(), high=False, due_at=START, why=None, now=START
            )
        )


def test_one_letter_at_a_time_goes_to_a_chat(store):
    clock = Clock()
    store.write_now(lambda ledger: [tell(ledger), tell(ledger), tell(ledger, "other")])

    first, second = claim(store, clock), claim(store, clock)

    assert ([letter.chat for letter in first], second) == (["desk", "other"], ())


def test_high_priority_goes_first(store):
    clock = Clock()
    store.write_now(lambda ledger: [tell(ledger), tell(ledger, high=True)])

    (letter,) = claim(store, clock)

    assert letter.id == 2


def test_a_letter_waits_until_it_is_due_and_its_chat_is_free(store):
    clock = Clock()
    store.write_now(lambda ledger: [tell(ledger), tell(ledger)])
    (letter,) = claim(store, clock)
    settle(store, letter, State.SENT, clock, hold_until=clock() + timedelta(seconds=30))

    too_early = claim(store, clock)
    clock.passes(seconds=30)

    assert (too_early, len(claim(store, clock))) == ((), 1)


def test_what_was_on_its_way_at_a_crash_is_in_doubt_and_sent_again_marked(store):
    clock = Clock()
    store.write_now(tell)
    claim(store, clock)

    recovered = store.write_now(lambda ledger: ledger.outbox.recover(clock()))
    (again,) = claim(store, clock)

    assert (recovered, again.marked, again.attempt) == (1, True, 2)


def test_an_outcome_that_comes_after_somebody_else_took_the_letter_changes_nothing(store):
    clock = Clock()
    store.write_now(tell)
    (mine,) = claim(store, clock)
    store.write_now(lambda ledger: ledger.outbox.recover(clock()))
    claim(store, clock)

    settle(store, mine, State.SENT, clock, message_id="1", destination="telegram:42:")

    assert store.write_now(lambda ledger: ledger.outbox.counts()) == {"sending": 1}


def test_a_refusal_parks_the_whole_chat_until_it_lets_the_bot_in(store):
    clock = Clock()
    store.write_now(lambda ledger: [tell(ledger), tell(ledger)])
    (letter,) = claim(store, clock)
    settle(store, letter, State.PARKED, clock, why="blocked", whole_chat=True)
    parked = store.write_now(lambda ledger: ledger.outbox.counts())
    store.write_now(tell)
    later = claim(store, clock)

    known = store.write_now(lambda ledger: ledger.outbox.let_in(letter.peer))

    freed = store.write_now(lambda ledger: ledger.outbox.counts())
    assert (parked, later, known, freed) == ({"parked": 2}, (), True, {"pending": 3})


def test_what_is_held_back_stays_so_when_its_chat_was_parked(store):
    clock = Clock()
    store.write_now(lambda ledger: [tell(ledger), tell(ledger, after=timedelta(hours=8))])
    (letter,) = claim(store, clock)
    settle(store, letter, State.PARKED, clock, why="blocked", whole_chat=True)

    store.write_now(lambda ledger: ledger.outbox.unpark())
    (first,) = claim(store, clock)
    settle(store, first, State.SENT, clock)
    before = claim(store, clock)
    clock.passes(hours=8)

    assert (first.id, before, len(claim(store, clock))) == (letter.id, (), 1)


def test_an_alert_that_has_not_left_yet_brings_the_newest_version(store):
    clock = Clock()
    story = store.write_now(tell)
    alert, _ = store.write_now(lambda ledger: ledger.alerts.told("desk", story))
    store.write_now(lambda ledger: ledger.alerts.revise(alert, content("Ship sinks"), clock()))

    (letter,) = claim(store, clock)

    assert (letter.kind, letter.content.headline.text) == (Kind.ALERT, "Ship sinks")
    assert store.write_now(lambda ledger: ledger.outbox.counts()) == {"sending": 1}


def test_revisions_of_a_sent_alert_become_one_edit_of_its_message(store):
    clock = Clock()
    story = store.write_now(tell)
    (letter,) = claim(store, clock)
    settle(store, letter, State.SENT, clock, message_id="7", destination="telegram:42:")
    alert, _ = store.write_now(lambda ledger: ledger.alerts.told("desk", story))
    for title in ("Ship turns", "Ship sinks"):
        text = content(title)
        store.write_now(lambda ledger, text=text: ledger.alerts.revise(alert, text, clock()))

    (edit,) = claim(store, clock)

    assert (edit.kind, edit.message_id, edit.destination) == (
        Kind.REVISION,
        "7",
        "telegram:42:",
    )
    assert (edit.content.headline.text, edit.version) == ("Ship sinks", 3)


@pytest.mark.parametrize("state", [State.PENDING, State.DEAD])
def test_a_revision_that_fails_while_the_story_grows_hinders_nobody(store, state):
    clock = Clock()
    story = store.write_now(tell)
    (letter,) = claim(store, clock)
    settle(store, letter, State.SENT, clock, message_id="7", destination="telegram:42:")
    alert, _ = store.write_now(lambda ledger: ledger.alerts.told("desk", story))
    store.write_now(lambda ledger: ledger.alerts.revise(alert, content("Ship turns"), clock()))
    (first,) = claim(store, clock)
    store.write_now(lambda ledger: ledger.alerts.revise(alert, content("Ship sinks"), clock()))
    settle(store, first, state, clock, due_at=clock())
    store.write_now(lambda ledger: tell(ledger, "other"))

    claimed = claim(store, clock)
    store.write_now(lambda ledger: ledger.outbox.recover(clock()))
    again = claim(store, clock)

    for letters in (claimed, again):
        assert [one.content.headline.text for one in letters] == ["Ship sails", "Ship sinks"]
    settle(store, again[1], State.SENT, clock, message_id="7", destination="telegram:42:")
    assert store.write_now(lambda ledger: ledger.outbox.counts()) == {
        "sent": 2,
        **({"dead": 1} if state is State.DEAD else {"dropped": 1}),
        "sending": 1,
    }


def test_the_mark_of_a_doubt_stays_while_the_message_grows(store):
    clock = Clock()
    story = store.write_now(tell)
    claim(store, clock)
    store.write_now(lambda ledger: ledger.outbox.recover(clock()))
    (letter,) = claim(store, clock)
    settle(store, letter, State.SENT, clock, message_id="7", destination="telegram:42:")
    alert, _ = store.write_now(lambda ledger: ledger.alerts.told("desk", story))
    store.write_now(lambda ledger: ledger.alerts.revise(alert, content("Ship turns"), clock()))

    (edit,) = claim(store, clock)

    assert (letter.marked, edit.marked, edit.doubts) == (True, True, 0)


def test_what_was_given_up_is_sent_only_when_a_person_says_so(store):
    clock = Clock()
    store.write_now(tell)
    (letter,) = claim(store, clock)
    settle(store, letter, State.DEAD, clock, why="odd text")

    store.write_now(lambda ledger: ledger.outbox.unpark())
    saved = claim(store, clock)
    (failed,) = store.write_now(lambda ledger: ledger.outbox.failed(5))
    retried = store.write_now(lambda ledger: ledger.outbox.retry([failed.id], clock()))

    assert (failed.state, failed.title, failed.why) == (State.DEAD, "Ship sails", "odd text")
    assert (saved, retried, len(claim(store, clock))) == ((), 1, 1)


def test_the_claim_of_letters_uses_the_index_of_what_is_open(store):
    plan = store.write_now(
        lambda ledger: [
            row[3] for row in ledger.outbox._db.execute(f"EXPLAIN QUERY PLAN {HEADS}", NOBODY)
        ]
    )

    assert not [step for step in plan if step.startswith("SCAN outbox") and "INDEX" not in step]


def test_the_same_notice_does_not_wait_twice(store):
    clock = Clock()
    for _ in range(2):
        store.write_now(lambda ledger: ledger.outbox.notify(["admin:1"], "broken", clock()))

    assert store.write_now(lambda ledger: ledger.outbox.counts()) == {"pending": 1}


def test_everything_is_there_after_closing_and_opening(tmp_path):
    path = tmp_path / "newsbell.db"
    first = SqliteStore(path)
    first.write_now(tell)
    first.close()

    second = SqliteStore(path)
    counts = second.write_now(lambda ledger: ledger.outbox.counts())
    second.close()

    assert counts == {"pending": 1}


def test_a_look_into_the_store_sees_what_was_committed_and_changes_nothing(tmp_path):
    path = tmp_path / "newsbell.db"
    running = SqliteStore(path)
    running.write_now(tell)

    with look_into(path) as ledger:
        (row,) = ledger.alerts.latest(5, failed=False)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            tell(ledger)
    running.close()

    assert (row.state, row.content) == (State.PENDING, content())


def article(**more):
    values = {
        "identity": "1",
        "url": None,
        "link": None,
        "outlet": "Wire",
        "title": "Ship sails",
        "published_at": START,
        "seen_at": START,
    } | more
    return Article(**values)


@pytest.mark.parametrize("tags", [(), ("asia",), ("Asia & Pacific", "wire")])
def test_a_revision_has_its_tags(store, tags):
    def work(ledger):
        first, story = ledger.articles.add(
            article(tags=("old",)), Signs(url=None, identifier=None, title_key=None), NewStory()
        )
        ledger.articles.revise(first, article(title="Ship sinks", tags=tags))
        (told,) = ledger.stories.articles(story)
        (found,) = ledger.search.articles((), START)
        return ledger.articles.newest(first)[1], told.article, found[2]

    assert {one.tags for one in store.write_now(work)} == {tags}


def test_a_revision_of_the_same_texts_gets_the_newest_tags(store):
    def work(ledger):
        first, _ = ledger.articles.add(
            article(tags=("old",)), Signs(url=None, identifier=None, title_key=None), NewStory()
        )
        ledger.articles.revise(first, article(title="Ship sinks", tags=("old",)))
        ledger.articles.revise(first, article(title="Ship sinks", tags=("old", "new")))
        rows = ledger.articles._db.execute("SELECT number, tags FROM revision ORDER BY number")
        return rows.fetchall()

    assert store.write_now(work) == [(1, "old"), (2, "old\nnew")]


def test_a_store_of_a_newer_newsbell_is_left_alone(tmp_path):
    path = tmp_path / "newsbell.db"
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('newsbell', 'm999_from_the_future', 'soon')"
        )
    connection.close()

    with pytest.raises(StoreNewerError, match="newer Newsbell"):
        SqliteStore(path)


def test_a_file_that_is_no_store_is_said_to_be_none(tmp_path):
    path = tmp_path / "newsbell.db"
    path.write_text("a shopping list, long enough to be taken for a database header " * 20)

    with pytest.raises(StoreError, match="cannot be used"):
        SqliteStore(path)
