"""What is remembered of what people have asked."""

from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.pipeline.dialogs import Interrupted, Trouble
from tests.fakes.stand_ins import START


@pytest.fixture
def talks():
    store = SqliteStore(None)

    def ask(work):
        return store.write_now(lambda ledger: work(ledger.talks))

    yield ask
    store.close()


def begin(talks, key, now=START, what="/why"):
    return talks(lambda rows: rows.begin(key, "42:7", what, now))


def test_the_same_is_begun_once_a_day(talks):
    assert [begin(talks, "update 1"), begin(talks, "update 1"), begin(talks, "update 2")] == [
        True,
        False,
        True,
    ]
    talks(lambda rows: rows.finish("update 1"))
    assert not begin(talks, "update 1", START + timedelta(hours=23))
    assert begin(talks, "update 1", START + timedelta(hours=25))


def test_what_has_no_key_is_always_begun(talks):
    assert (begin(talks, ""), begin(talks, "")) == (True, True)
    assert talks(lambda rows: rows.interrupted()) == ()


def test_what_was_not_finished_is_told_once(talks):
    for number in range(3):
        begin(talks, f"update {number}", what=f"/w{number}")
    talks(lambda rows: rows.finish("update 1"))

    left = talks(lambda rows: rows.interrupted())

    assert left == (Interrupted(place="42:7", what="/w0"), Interrupted(place="42:7", what="/w2"))
    assert talks(lambda rows: rows.interrupted()) == ()


def test_not_more_is_told_than_anybody_reads(talks):
    for number in range(100):
        begin(talks, f"update {number}")

    assert len(talks(lambda rows: rows.interrupted())) == 20


def test_why_people_are_not_heard_is_known_until_they_are(talks):
    talks(lambda rows: rows.troubled("two copies", START))
    known = talks(lambda rows: rows.trouble())
    talks(lambda rows: rows.troubled(None, START))

    assert known == Trouble(why="two copies", since=START)
    assert talks(lambda rows: rows.trouble()) is None


def test_menus_are_known_until_they_are_gone(talks):
    talks(lambda rows: rows.set_menu("chat 1", "abc"))
    talks(lambda rows: rows.set_menu("default", "def"))
    talks(lambda rows: rows.set_menu("default", None))

    assert talks(lambda rows: dict(rows.menus())) == {"chat 1": "abc"}
