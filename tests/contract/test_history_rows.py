"""The store remembers how rules.yaml changed, and what is proposed, within bounds."""

import sqlite3
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlite_utils import Database

from monitors.adapters.sqlite.columns import asked_json, read_asked
from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.sqlite.tables.migrations import migrations
from monitors.adapters.sqlite.talking.history import SqliteHistory
from monitors.alerts.alert import AlertContent, InPart, Snippet
from monitors.grouping.placement import NewStory, Signs
from monitors.pipeline.history.records import (
    LASTING,
    MOST_CHANGES,
    MOST_PROPOSALS,
    Author,
    ChangeId,
    GoBack,
    Origin,
    Step,
)
from monitors.rules.editing.edits import (
    AddChat,
    AddEntity,
    AddFeeds,
    AddRule,
    Manner,
    MoveChat,
    Option,
    PauseRule,
    RemoveFeeds,
    RemoveRule,
    RenameRule,
    ReplaceMatch,
    SetManner,
    SetOption,
    digest_of,
)
from monitors.rules.editing.feeds import NewFeed
from monitors.rules.rulebook import Priority
from monitors.stories.article import Article
from tests.fakes.stand_ins import START

ANN = Author(origin=Origin.CHAT, user="42", name="Ann ü", place="-1001:12")
FILE = Author(origin=Origin.FILE)


class Rows:
    """A store; each call is a transaction."""

    def __init__(self):
        self.store = SqliteStore(None)

    def __call__(self, name, *values):
        return self.store.write_now(lambda ledger: getattr(ledger.history, name)(*values))

    def add(self, before, after, who=ANN, at=START, **more):
        step = Step(what=f"made {after}", before=before, after=after, **more)
        return self("add", step, who, at)


@pytest.fixture
def rows():
    opened = Rows()
    yield opened
    opened.store.close()


def test_a_change_is_remembered_with_who_and_when_and_both_texts(rows):
    first = rows.add(None, "a\r\n\ufeff", FILE)
    second = rows.add("a\r\n\ufeff", "b", undoes=first, renamed=("x", "y"))

    newest, oldest = rows("changes", 9)
    assert (newest.id, newest.at, newest.author) == (second, START, ANN)
    assert (newest.what, newest.undoes, newest.renamed) == ("made b", first, ("x", "y"))
    assert (oldest.before, oldest.after) == (None, digest_of("a\r\n\ufeff"))
    assert newest.before == oldest.after
    assert [rows("text", each) for each in (newest.before, newest.after)] == ["a\r\n\ufeff", "b"]
    assert rows("change", second) == newest
    assert rows("change", ChangeId(99)) is None
    assert rows("text", "none") is None


def test_who_edited_the_file_may_say_so_later(rows):
    rows.add("a", "b", FILE)
    rows.add("a", "b", Author(origin=Origin.COMMAND_LINE))
    rows.add("b", "c")
    rows.add("b", "c")

    origins = [change.author.origin for change in rows("changes", 9)]
    assert origins == [Origin.CHAT, Origin.CHAT, Origin.COMMAND_LINE]


def test_the_newest_changes_are_kept_and_no_text_that_nobody_needs(rows):
    for number in range(MOST_CHANGES + 3):
        rows.add(str(number), str(number + 1))

    changes = rows("changes", 999)
    assert len(changes) == MOST_CHANGES
    assert rows("text", digest_of("2")) is None
    assert rows("text", digest_of("3")) == "3"


def test_texts_are_bounded_together(rows):
    size = 3_000
    texts = ["".join(chr(0x4E00 + (n * m) % 20_000) for m in range(size)) for n in (3, 5, 7, 11)]

    def work(ledger):
        history = SqliteHistory(ledger.history._db, most_bytes=20_000)
        for before, after in pairwise(texts):
            history.add(Step(what="w", before=before, after=after), ANN, START)
        kept = [history.text(digest_of(text)) is not None for text in texts]
        huge = SqliteHistory(ledger.history._db, most_bytes=100)
        huge.add(Step(what="w", before=None, after=texts[0]), ANN, START)
        return kept, huge.changes(9), huge.text(digest_of(texts[0]))

    kept, left, text = rows.store.write_now(work)
    assert kept[-1]
    assert not kept[0]
    assert (len(left), text) == (1, None)


def test_a_proposal_lasts_a_day_and_keeps_the_text_that_it_was_made_on(rows):
    edit = PauseRule(rule="boat", paused=True)
    number = rows("propose", edit, ANN, "rules: []", START)

    found = rows("proposal", number, START + LASTING - timedelta(seconds=1))
    assert (found.author, found.asked, found.expires_at) == (ANN, edit, START + LASTING)
    assert rows("text", found.digest) == "rules: []"
    assert rows("proposal", number, START + LASTING) is None
    rows("settle", number)
    assert rows("proposal", number, START) is None
    assert rows("text", found.digest) is None


def test_proposals_are_bounded_and_no_number_is_used_twice(rows):
    first = rows("propose", GoBack(ChangeId(1)), ANN, "", START)
    rows("settle", first)
    numbers = [
        rows("propose", GoBack(ChangeId(1)), ANN, str(each), START)
        for each in range(MOST_PROPOSALS + 1)
    ]

    assert first not in numbers
    assert rows("proposal", numbers[0], START) is None
    assert rows("proposal", numbers[1], START).asked == GoBack(ChangeId(1))
    rows("propose", GoBack(ChangeId(1)), ANN, "", START + LASTING)
    assert rows("proposal", numbers[-1], START) is None


@pytest.mark.parametrize(
    "asked",
    [
        AddRule(match="é \U0001f6a2", name="n", priority=Priority.HIGH, break_out=(10, "fast")),
        AddRule(match="a", send_to=(), feeds=("tag:x",)),
        ReplaceMatch(rule="a", match="b"),
        RenameRule(rule="a", name="b"),
        RemoveRule(rule="a"),
        PauseRule(rule="a", paused=False),
        SetOption(rule="a", key=Option.BREAK_OUT, value=(5, "fast")),
        SetOption(rule="a", key=Option.SEND_TO, value=None),
        AddFeeds(feeds=(NewFeed(address="https://a.org/x", name="A", tags=("t",)),)),
        RemoveFeeds(addresses=("https://a.org/x",)),
        AddEntity(name="e", names=("One", "1984")),
        AddChat(name="c", chat_id="-100", topic=3),
        SetManner(chat="c", key=Manner.SILENT, value=True),
        SetManner(chat="c", key=Manner.MAX_PER_HOUR, value=1),
        SetManner(chat="c", key=Manner.DIGEST, value=("08:00",)),
        MoveChat(old="-1", new="-2"),
        GoBack(ChangeId(7)),
    ],
)
def test_what_is_asked_for_is_read_as_it_was_written(asked):
    assert read_asked(asked_json(asked)) == asked
    assert type(getattr(read_asked(asked_json(asked)), "value", None)) is type(
        getattr(asked, "value", None)
    )


def test_what_is_stored_of_a_rule_goes_on_under_its_new_name(rows):
    def told(*names):
        return AlertContent(
            headline=Snippet(text="Ship sails"),
            link=None,
            outlet="Wire",
            published_at=START,
            rules=names,
            in_part=(InPart(rule=names[0], missing=("a",), why="w"),),
        )

    def begin(ledger):
        article = Article(
            identity="1",
            url=None,
            link=None,
            outlet="Wire",
            title="Ship sails",
            published_at=START,
            seen_at=START,
        )
        signs = Signs(url=None, identifier=None, title_key=None)
        _, story = ledger.articles.add(article, signs, NewStory())
        content = told('a "b" é', "other")
        ledger.alerts.tell("desk", story, content, high=False, due_at=START, why=None, now=START)
        return story

    story = rows.store.write_now(begin)
    rows.add("a", "b", renamed=('a "b" é', "new"))

    _, after = rows.store.write_now(lambda ledger: ledger.alerts.told("desk", story))
    assert after.content == told("new", "other")


def test_a_store_from_before_is_brought_up_to_date(tmp_path):
    path = tmp_path / "newsbell.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="m005_editing")
    connection.execute("INSERT INTO story (id, opened_at) VALUES (7, 1)")
    connection.close()

    store = SqliteStore(path)
    step = Step(what="w", before="a", after="b")
    change = store.write_now(lambda ledger: ledger.history.add(step, ANN, START))
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT id FROM story").fetchall() == [(7,)]
    assert connection.execute("SELECT id FROM rules_change").fetchall() == [(change,)]
    connection.close()
