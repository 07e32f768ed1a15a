"""What is held back follows the rules that are in force when it is told."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.decision import Alert, Held, decide
from monitors.alerts.destinations import peer_of
from monitors.alerts.quiet_hours import quiet_until
from monitors.pipeline.delivering.replanning import plan_anew
from monitors.pipeline.records import Settled, State
from monitors.rules.rulebook import ChatName
from monitors.stories.article import StoryId
from tests.fakes.stand_ins import UNHURRIED, Clock, book, rule, telegram

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = {"quiet_hours": (time(22), time(7)), "timezone": BERLIN}
CONTENT = AlertContent(
    headline=Snippet(text="Ship sails"),
    link=None,
    outlet="Wire",
    published_at=datetime(2026, 11, 3, tzinfo=UTC),
    rules=("ship",),
)


def local(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BERLIN)


class Desk:
    """A chat that is told of stories, and its rules.yaml."""

    def __init__(self, start, **manners):
        self.store, self.clock = SqliteStore(None), Clock(local(start))
        self.reloads(**manners)

    def reloads(self, **manners):
        """Put other manners in force, as a start does."""
        self.book = book(rule("ship", "desk"), chats=(telegram("desk", **manners),))
        self.plans()

    def loses_its_chat(self):
        self.book = book(rule("ship", "screen"))
        self.plans()

    def plans(self):
        chats = {str(name): peer_of(one.destination) for name, one in self.book.chats.items()}

        def work(ledger):
            ledger.outbox.place(chats)
            return plan_anew(ledger, self.book, self.clock())

        return self.store.write_now(work)

    def hears(self):
        """Tell the chat of a story."""
        chat, now = self.book.chats[ChatName("desk")], self.clock()

        def work(ledger):
            recent = ledger.alerts.recent("desk", now - timedelta(hours=1))
            decided = decide(
                CONTENT,
                None,
                rings=True,
                chat=chat,
                high=False,
                recent=recent,
                now=now,
                zone=self.book.zone,
            )
            assert isinstance(decided, Alert | Held)
            row = ledger.stories._db.execute(
                "INSERT INTO story (opened_at) VALUES (0) RETURNING id"
            ).fetchone()
            held = decided if isinstance(decided, Held) else Held(now, None)
            ledger.alerts.tell(
                "desk",
                StoryId(row[0]),
                CONTENT,
                high=False,
                due_at=held.until,
                why=held.why,
                now=now,
            )

        self.store.write_now(work)

    def sends(self, letter):
        sent = Settled(state=State.SENT, outcome="sent", message_id="1", destination="x")
        self.store.write_now(
            lambda ledger: ledger.outbox.settle(letter, sent, self.clock(), 1, UNHURRIED)
        )

    def rings(self, until):
        """Answer when what rings until then, and of how many stories that tells."""
        rung = []
        while self.clock() < local(until):
            letters = self.store.write_now(
                lambda ledger: ledger.outbox.claim(self.clock(), 9, UNHURRIED)
            )
            for letter in letters:
                count = len(letter.digest.stories) if letter.digest else 1
                rung.append((self.clock().astimezone(BERLIN).strftime("%d %H:%M"), count))
                self.sends(letter)
            self.clock.passes(minutes=5)
        return rung


@pytest.fixture
def desk():
    opened = Desk("03T23:00", **NIGHT)
    yield opened
    opened.store.close()


def test_what_is_held_back_is_told_at_its_time_by_the_same_rules(desk):
    desk.hears()
    desk.hears()
    assert desk.plans() == 0
    assert desk.rings("04T12:00") == [("04 07:00", 2)]


@pytest.mark.parametrize(
    ("manners", "rings"),
    [
        (NIGHT | {"digest": (time(8),)}, [("04 08:00", 2)]),
        (NIGHT | {"digest": (time(6), time(8))}, [("04 06:00", 2)]),
        (NIGHT | {"quiet_hours": (time(22), time(9))}, [("04 09:00", 2)]),
        (NIGHT | {"timezone": ZoneInfo("Europe/Helsinki")}, [("04 06:00", 2)]),
        ({}, [("04 00:00", 2)]),
        ({"digest": (time(1),), "timezone": BERLIN}, [("04 01:00", 2)]),
    ],
)
def test_other_hours_or_digests_move_what_is_held_back(desk, manners, rings):
    desk.hears()
    desk.hears()
    desk.clock.passes(hours=1)
    desk.reloads(**manners)

    assert desk.rings("04T12:00") == rings


def test_what_the_limit_holds_back_comes_together_when_there_is_room(desk):
    desk.clock.at = local("04T12:00")
    desk.reloads(max_per_hour=2)
    for _ in range(50):
        desk.hears()
    single = [("04 12:00", 1), ("04 12:05", 1)]
    together = [("04 13:00", 16), ("04 13:05", 16), ("04 13:10", 16)]
    assert desk.rings("04T15:00") == single + together


def test_a_start_in_the_next_quiet_hours_wakes_nobody(desk):
    desk.hears()
    desk.hears()
    desk.clock.at = local("04T23:00")  # nobody ran it all day
    desk.plans()

    assert desk.rings("05T12:00") == [("05 07:00", 2)]


def test_a_start_after_the_digest_was_due_tells_it_at_once(desk):
    desk.hears()
    desk.hears()
    desk.clock.at = local("04T13:00")
    desk.plans()

    assert desk.rings("04T20:00") == [("04 13:00", 2)]


def test_what_is_held_back_for_a_chat_that_is_gone_waits_for_its_return(desk):
    desk.hears()
    desk.hears()
    desk.loses_its_chat()
    before = desk.store.write_now(lambda ledger: ledger.outbox.held_back())
    desk.reloads(**NIGHT)

    assert [one.due_at for one in before] == [local("04T07:00")]
    assert desk.rings("04T12:00") == [("04 07:00", 2)]


def test_replies_that_are_held_back_are_planned_anew_too(desk):
    desk.clock.at = local("03T21:00")
    desk.hears()
    desk.rings("03T21:30")
    later = {"high": False, "now": desk.clock(), "due_at": local("04T07:00"), "why": "quiet hours"}
    desk.store.write_now(
        lambda ledger: ledger.alerts.reply(1, replace(CONTENT, note="3 outlets"), **later)
    )
    desk.reloads(**NIGHT, digest=(time(8),))

    held = desk.store.write_now(lambda ledger: ledger.outbox.held_back())
    assert [one.due_at for one in held] == [local("04T08:00")]


ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Africa/Casablanca",
            "Pacific/Apia",
            "America/St_Johns",
            "Africa/Cairo",
        )
    ]
)
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
# The nights in which clocks change somewhere, and any other.
STARTS = st.sampled_from(
    [datetime(2026, *day, tzinfo=UTC) for day in ((3, 7), (3, 28), (10, 3), (10, 24), (10, 31))]
) | st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 -- the bounds of the strategy are naive
    datetime(2026, 12, 1),  # noqa: DTZ001 -- as above
    timezones=st.just(UTC),
)


@settings(max_examples=40, deadline=None)
@given(
    STARTS,
    ZONES,
    st.none() | st.tuples(CLOCKS, CLOCKS),
    st.lists(CLOCKS, max_size=2, unique=True),
    st.none() | st.integers(1, 3),
    st.lists(st.sampled_from(["hears", "restarts", "waits"]), min_size=5, max_size=25),
)
def test_whatever_the_clocks_do_all_is_told_once_and_never_in_quiet_hours(  # noqa: PLR0913, PLR0917 -- what it depends on
    start, zone, quiet, digests, limit, steps
):
    manners = {
        "quiet_hours": quiet,
        "timezone": zone,
        "digest": tuple(sorted(digests)),
        "max_per_hour": limit,
    }
    desk = Desk("03T00:00", **manners)
    chat = desk.book.chats[ChatName("desk")]
    desk.clock.at = start
    heard, told, rang = 0, 0, []

    def listens():
        nonlocal told
        while letters := desk.store.write_now(
            lambda ledger: ledger.outbox.claim(desk.clock(), 9, UNHURRIED)
        ):
            for letter in letters:
                told += len(letter.digest.stories) if letter.digest else 1
                rang.append(desk.clock())
                desk.sends(letter)

    for step in [*steps, *["waits"] * 80]:
        if step == "hears":
            desk.hears()
            heard += 1
        elif step == "restarts":
            desk.plans()
        listens()
        for _ in range(30 if step == "waits" else 3):
            desk.clock.passes(minutes=1)
            listens()
    left = desk.store.write_now(lambda ledger: ledger.outbox.held_back())
    desk.store.close()

    assert (told, left) == (heard, ())
    for moment in rang:
        local = moment.astimezone(zone).time().replace(second=0, microsecond=0)
        assert quiet_until(chat, moment, zone) is None or local in digests or _skips(moment, zone)


def _skips(moment, zone):
    """Answer whether clocks were changed around *moment*."""
    hours = [(moment + timedelta(hours=each)).astimezone(zone).utcoffset() for each in (-3, 3)]
    return hours[0] != hours[1]
