"""What people mute and think is kept in the store, over restarts and from the first version on."""

import sqlite3
from datetime import timedelta

import pytest
from sqlite_utils import Database

from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.sqlite.tables.first import FIRST_TABLES
from monitors.adapters.sqlite.tables.migrations import migrate
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.muting import Mute, MutedChat, MutedOutlet, MutedRule, MutedStory
from monitors.alerts.showing.alert_keyboard import Page
from monitors.grouping.placement import NewStory, Signs
from monitors.pipeline.records import Settled, State
from monitors.pipeline.telling.opinions import Verdict
from monitors.stories.article import Article
from tests.fakes.stand_ins import START

HOUR = timedelta(hours=1)
CONTENT = AlertContent(
    headline=Snippet(text="Ship sails"),
    link=None,
    outlet="Wire",
    published_at=START,
    rules=("ship", "storm"),
)
EVERYTHING = [MutedStory(1), MutedOutlet("Wire", "ship"), MutedRule("a\nb"), MutedChat()]


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    opened = SqliteStore(None if request.param == "memory" else tmp_path / "store.db")
    yield opened
    opened.close()


def tells(store, number=1, chat="desk", content=CONTENT):
    """Tell a chat of a story of its own."""
    article = Article(
        identity=str(number),
        url=None,
        link=None,
        outlet="Wire",
        title=f"Title {number}",
        published_at=START,
        seen_at=START,
    )

    def work(ledger):
        signs = Signs(url=None, identifier=None, title_key=None)
        _, story = ledger.articles.add(article, signs, NewStory())
        ledger.alerts.tell(
            chat, story, content, high=False, due_at=START, why=None, now=START + number * HOUR
        )
        return story

    return store.write_now(work)


def in_force(store, at=START, chat="desk"):
    return [one.what for one in store.write_now(lambda ledger: ledger.mutes.of(chat, at)).in_force]


@pytest.mark.parametrize("what", EVERYTHING)
def test_what_is_muted_is_known_with_all_that_was_said_of_it(store, what):
    tells(store)
    wanted = Mute(what=what, until=START + HOUR, who="42", about="Ship", under=1)
    number = store.write_now(lambda ledger: ledger.mutes.put("desk", wanted, START))

    (known,) = store.write_now(lambda ledger: ledger.mutes.of("desk", START)).in_force

    assert known == Mute(
        what=what, number=number, until=wanted.until, who="42", about="Ship", under=1
    )
    assert in_force(store, chat="zoo") == []


def test_it_is_over_at_its_time_or_when_somebody_ends_it(store):
    def work(ledger):
        for what in EVERYTHING:
            ledger.mutes.put("desk", Mute(what=what, until=START + HOUR), START)
        ended = ledger.mutes.lift("desk", 1, "42", START)
        again = ledger.mutes.lift("desk", 1, "42", START)
        elsewhere = ledger.mutes.lift("zoo", 2, "42", START)
        late = ledger.mutes.lift("desk", 2, "42", START + HOUR)
        return ended, again, elsewhere, late

    assert store.write_now(work) == (True, False, False, False)
    assert in_force(store) == EVERYTHING[1:]
    assert in_force(store, START + HOUR) == []


def test_the_same_is_muted_once_and_the_last_word_counts(store):
    def work(ledger):
        for outlet, until in (("Wire", START + HOUR), ("WIRE", None)):
            ledger.mutes.put("desk", Mute(what=MutedOutlet(outlet, "ship"), until=until), START)

    store.write_now(work)
    assert in_force(store, START + 9 * HOUR) == [MutedOutlet("WIRE", "ship")]


def test_what_was_not_told_is_listed_by_chat_and_story_with_how_often(store):
    first, second = tells(store, 1), tells(store, 2)

    def work(ledger):
        for story, at in ((first, START), (second, START + HOUR), (first, START + 2 * HOUR)):
            ledger.mutes.silence("desk", story, CONTENT, "muted: this chat", at)
        ledger.mutes.silence("zoo", first, CONTENT, "muted: rule ship", START)
        rows = ledger.mutes
        return [
            [(one.chat, one.story, one.times) for one in found]
            for found in (
                rows.silenced(2),
                rows.silenced(9, chats=["zoo"]),
                rows.silenced(9, chats=[]),
                rows.silenced(9, chats=["desk"], story=first),
            )
        ]

    assert store.write_now(work) == [
        [("desk", first, 2), ("desk", second, 1)],
        [("zoo", first, 1)],
        [],
        [("desk", first, 2)],
    ]


def test_opinions_are_one_a_person_and_counted_by_alert(store):
    for number in range(1, 25):
        tells(store, number)
    tells(store, 25, chat="zoo")

    def work(ledger):
        kept = [ledger.opinions.keep(24, user, ["ship"], START) for user in ("42", "42", "43")]
        ledger.opinions.keep(1, "42", ["ship"], START)
        verdicts = [ledger.opinions.verdict("desk", rule) for rule in ("ship", "storm", "whale")]
        gone = [ledger.opinions.withdraw(24, user) for user in ("42", "42")]
        return kept, verdicts, gone, ledger.opinions.keep(99, "42", [], START)

    kept, verdicts, gone, unknown = store.write_now(work)
    assert kept == [True, False, True]
    assert verdicts == [
        Verdict(rule="ship", off=1, of=20),
        Verdict(rule="storm", off=1, of=20),
        Verdict(rule="whale", off=0, of=0),
    ]
    assert (gone, unknown) == ([True, False], False)


def test_the_buttons_of_a_letter_are_those_that_were_asked_for(store):
    tells(store)

    def work(ledger):
        ledger.keyboards.turn(1, Page.MORE)
        ledger.keyboards.turn(1, Page.OUTLET)
        (letter,) = ledger.outbox.claim(START + 2 * HOUR, 10)
        return letter.buttons

    assert store.write_now(work)[0][0].label == "🔕 Wire: 24 hours"


def test_a_store_of_the_first_version_is_brought_up_to_date(tmp_path):
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as old:
        old.executescript(FIRST_TABLES)
        old.executescript(
            """
            INSERT INTO story (id, opened_at) VALUES (1, 0);
            CREATE TABLE _sqlite_migrations (
                migration_set TEXT, name TEXT, applied_at TEXT, PRIMARY KEY (migration_set, name));
            INSERT INTO _sqlite_migrations VALUES ('newsbell', 'm001_first_tables', '');
            """
        )
    old.close()
    migrate(Database(path))
    store = SqliteStore(path)
    tells(store)
    store.write_now(lambda ledger: ledger.mutes.put("desk", Mute(what=MutedChat()), START))
    assert in_force(store) == [MutedChat()]
    store.close()


def test_buttons_that_somebody_waits_for_go_before_other_changes(store):
    here = "telegram:42:"
    for number in (1, 2):
        tells(store, number)

    def shows(ledger):
        for number in (1, 2):
            (letter,) = ledger.outbox.claim(START + HOUR, 10)
            sent = Settled(state=State.SENT, outcome="", message_id=str(number), destination=here)
            ledger.outbox.settle(letter, sent, START + HOUR, 1)

    def work(ledger):
        ledger.alerts.revise(1, CONTENT, START + HOUR)
        ledger.alerts.revise(2, CONTENT, START + HOUR)
        ledger.alerts.renew(2, START + HOUR)
        (letter,) = ledger.outbox.claim(START + 2 * HOUR, 10)
        return letter.message_id

    store.write_now(shows)
    assert store.write_now(work) == "2"
