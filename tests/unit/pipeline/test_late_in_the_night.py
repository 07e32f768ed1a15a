"""What was decided by day and is late rings in nobody's quiet hours, and is not lost."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.decision import PAGE_FIRST
from monitors.alerts.delivery import InDoubt, Refused, RetryLater
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts
from monitors.pipeline.records import Notice, Priority
from monitors.rules.rulebook import ChatName
from monitors.stories.article import StoryId
from tests.fakes.stand_ins import START, Chats, Clock, book, rule, telegram

EVENING = datetime(2026, 11, 3, 21, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLOW_DOWN = RetryLater("slow down", timedelta(minutes=10))
NIGHT = (time(22), time(7))


class Office:
    """A deliverer to a chat with quiet hours, one minute before they begin."""

    def __init__(self, **manners):
        self.clock, self.chats, self.store = Clock(), Chats(), SqliteStore(None)
        self.clock.at = EVENING
        desk = telegram("desk", **({"quiet_hours": NIGHT, "timezone": UTC} | manners))
        ports = DeliveryPorts(
            store=self.store, messenger=self.chats, clock=self.clock, chance=lambda: 0.5
        )
        self.in_force = InForce(book(rule("ship", "desk"), chats=(desk,)))
        self.deliverer = Deliverer(ports, self.in_force)
        self.began = []

    def does(self, work):
        return self.store.write_now(work)

    def tell(self, title, chat="desk", **more):
        now = self.clock()
        values = {"high": False, "due_at": now, "why": None, "now": now} | more

        def work(ledger):
            row = ledger.stories._db.execute(
                "INSERT INTO story (opened_at) VALUES (0) RETURNING id"
            ).fetchone()
            ledger.alerts.tell(chat, StoryId(row[0]), content(title), **values)
            return ledger.alerts.told(chat, StoryId(row[0]))[0]

        return self.does(work)

    def reply(self, alert, title, *, high=False):
        now = self.clock()
        self.does(lambda ledger: ledger.alerts.reply(alert, content(title), high=high, now=now))

    def runs(self, until, step=timedelta(minutes=1)):
        """Tick until then; answer when was tried to send what."""

        async def ticks():
            while self.clock() < until:
                seen = len(self.chats.letters)
                await self.deliverer.tick()
                await self.deliverer.slots.idle()
                at = f"{self.clock():%d %H:%M}"
                self.began += [(at, said(letter)) for letter, _ in self.chats.letters[seen:]]
                self.clock.passes(seconds=step.total_seconds())

        asyncio.run(ticks())
        return self.began

    def backlog(self):
        return self.does(lambda ledger: ledger.overview.backlog(self.clock(), START))


def said(letter):
    if letter.digest:
        return sorted(story.headline.text for story in letter.digest.stories)
    return letter.notice.words if letter.notice else letter.content.headline.text


def content(title):
    return AlertContent(
        headline=Snippet(text=title), link=None, outlet="Wire", published_at=START, rules=("ship",)
    )


def on(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def opens():
    opened = []

    def opens(**manners):
        opened.append(Office(**manners))
        return opened[-1]

    yield opens
    for office in opened:
        office.store.close()


def test_what_fails_before_the_night_and_what_waits_behind_it_come_together_after_it(opens):
    office = opens()
    office.chats.answers = [SLOW_DOWN]
    for title in ("one", "two"):
        office.tell(title)
    office.tell("held", due_at=on(4, 7), why="quiet hours")

    rang = office.runs(on(4, 9))

    assert rang == [("03 21:59", "one"), ("04 07:00", ["held", "one", "two"])]


def test_an_outage_over_the_whole_day_wakes_nobody_and_loses_nothing(opens):
    office = opens()
    office.chats.answers = [RetryLater("broken", server_error=True)] * 3
    office.tell("one")
    (before,) = office.runs(on(4, 6))
    office.chats.answers = [RetryLater("slow down", 16 * HOUR)]

    rang = office.runs(on(5, 9))

    assert before == ("03 21:59", "one")
    assert [at for at, _ in rang] == ["03 21:59", "04 07:00", "05 07:00"]
    assert office.does(lambda ledger: ledger.outbox.counts()) == {"sent": 1}


def test_a_reply_that_is_late_is_held_and_told_after_the_night(opens):
    office = opens()
    alert = office.tell("one")
    office.runs(EVENING + timedelta(seconds=1), timedelta(seconds=1))
    office.chats.answers = [SLOW_DOWN]
    office.reply(alert, "more")

    rang = office.runs(on(4, 9))

    assert rang == [("03 21:59", "one"), ("03 21:59", "more"), ("04 07:00", "more")]


def test_what_is_put_off_counts_as_held_back_and_comes_when_somebody_asks_for_it(opens):
    office = opens()
    office.chats.answers = [SLOW_DOWN]
    office.tell("one")
    office.runs(on(3, 23))
    held = office.backlog()
    office.does(lambda ledger: ledger.overview.bring(["desk"], office.clock()))

    rang = office.runs(on(4, 9))

    assert (held.held, held.held_until, held.due) == (1, on(4, 7), 0)
    assert rang[1:] == [("03 23:00", "one")]


@pytest.mark.parametrize("digest", [time(6), time(8)])
def test_it_waits_for_the_digest_of_a_chat_that_has_one(opens, digest):
    office = opens(digest=(digest,))
    # The digest fails, too, and comes soon after.
    office.chats.answers = [SLOW_DOWN, SLOW_DOWN]
    one = office.tell("one")
    office.reply(one, "more")
    office.tell("two")

    rang = office.runs(on(4, 12))

    assert [at for at, _ in rang[:-1]] == ["03 21:59", f"04 0{digest.hour}:00"]
    assert f"04 0{digest.hour}:10" <= rang[-1][0] < f"04 0{digest.hour}:15"
    assert rang[-1][1] == ["one", "two"]


def test_high_priority_passes_with_what_it_stands_below(opens):
    office = opens()
    office.chats.answers = [SLOW_DOWN]
    office.tell("high", high=True)
    alert = office.tell("normal")
    office.tell("other")
    office.reply(alert, "now high", high=True)

    rang = office.runs(on(4, 9))

    assert [what for at, what in rang if at < "04 06"] == ["high", "high", "normal", "now high"]
    assert rang[-1] == ("04 07:00", "other")


def test_answers_and_letters_in_doubt_are_not_put_off(opens):
    office = opens()
    office.chats.answers = [InDoubt("lost"), SLOW_DOWN]
    office.tell("doubtful")
    office.does(
        lambda ledger: ledger.outbox.notify(
            ["desk"], Notice.plain("answer"), office.clock() + HOUR, priority=Priority.ANSWER
        )
    )

    rang = office.runs(on(4, 6))

    assert {what for _, what in rang} == {"doubtful", "answer"}


def test_a_digest_that_could_not_be_sent_all_day_waits_for_the_next_morning(opens):
    office = opens()
    office.clock.at = on(3, 23)
    for title in ("one", "two"):
        office.tell(title, due_at=on(4, 7), why="quiet hours")
    office.chats.answers = [RetryLater("slow down", 16 * HOUR)]

    rang = office.runs(on(5, 9))

    assert rang == [("04 07:00", ["one", "two"]), ("05 07:00", ["one", "two"])]


def test_an_alert_whose_page_is_read_first_is_not_told_in_the_night_for_that(opens):
    office = opens()
    office.tell("one", due_at=EVENING + timedelta(minutes=3), why=PAGE_FIRST)

    assert office.runs(on(4, 9)) == [("04 07:00", "one")]


@pytest.mark.parametrize("whole_chat", [False, True])
def test_what_a_person_has_sent_again_comes_at_once(opens, whole_chat):
    office = opens()
    office.chats.answers = [Refused("no", whole_chat)]
    office.tell("one")
    office.runs(on(3, 22, 30))
    office.does(lambda ledger: ledger.outbox.retry(None, office.clock()))

    assert office.runs(on(4, 9))[1:] == [("03 22:30", "one")]


def test_a_chat_that_is_tried_again_by_itself_is_not_woken(opens):
    office = opens()
    office.chats.answers = [Refused("blocked")]
    office.tell("one")
    office.tell("two")

    assert office.runs(on(4, 9))[1:] == [("04 07:00", ["one", "two"])]


def test_what_is_put_off_follows_other_quiet_hours(opens):
    office = opens()
    office.chats.answers = [SLOW_DOWN]
    office.tell("one")
    office.runs(on(3, 23))
    earlier = telegram("desk", quiet_hours=(time(22), time(5)), timezone=UTC)
    office.in_force.book = book(rule("ship", "desk"), chats=(earlier,))

    assert office.runs(on(4, 9))[1:] == [("04 05:00", "one")]


def test_chats_that_share_a_forum_have_their_own_nights(opens):
    office = opens()
    awake = telegram("awake")
    desk = office.in_force.book.chats[ChatName("desk")]
    office.in_force.book = book(rule("ship", "desk", "awake"), chats=(desk, awake))
    office.chats.answers = [SLOW_DOWN]
    for number in range(3):
        office.tell(f"asleep {number}")
        office.tell(f"awake {number}", chat="awake")

    rang = office.runs(on(4, 9))

    night = [what for at, what in rang[1:] if at < "04 07:00"]
    assert night == ["awake 0", "awake 1", "awake 2"]
    assert rang[-1] == ("04 07:00", ["asleep 0", "asleep 1", "asleep 2"])
