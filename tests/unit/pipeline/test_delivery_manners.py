"""What is done about chats that are lost, held or moved, and about answers that are."""

import asyncio
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.delivery import (
    Delivered,
    DoubtPolicy,
    InDoubt,
    Mistaken,
    Moved,
    NotThere,
    Refused,
    RetryLater,
)
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts, Manners
from monitors.pipeline.records import AlertId, Priority, Settled, State
from monitors.stories.article import StoryId
from tests.fakes.stand_ins import START, Chats, Clock, book, rule, telegram

BOSS = "900"
SECOND = timedelta(seconds=1)


class Office:
    """A deliverer to three chats, with somebody to look after it."""

    def __init__(self, **manners):
        self.clock, self.chats, self.store = Clock(), Chats(), SqliteStore(None)
        named = (telegram("ann", "41"), telegram("bob", "42"), telegram("desk", "-100"))
        self.in_force = InForce(book(rule("ship", "ann", "bob", "desk"), chats=named))
        ports = DeliveryPorts(
            store=self.store, messenger=self.chats, clock=self.clock, chance=lambda: 0.5
        )
        self.deliverer = Deliverer(ports, self.in_force, Manners(admins=(BOSS,), **manners))

    def does(self, work):
        return self.store.write_now(work)

    def tell(self, chat="ann", title="one"):
        def work(ledger):
            row = ledger.stories._db.execute(
                "INSERT INTO story (opened_at) VALUES (0) RETURNING id"
            ).fetchone()
            now = self.clock()
            ledger.alerts.tell(
                chat, StoryId(row[0]), content(title), high=False, due_at=now, why=None, now=now
            )

        self.does(work)

    def runs(self, seconds=30):
        async def ticks():
            for _ in range(seconds):
                await self.deliverer.tick()
                await self.deliverer.slots.idle()
                self.clock.passes(seconds=1)

        asyncio.run(ticks())
        return self.does(lambda ledger: ledger.outbox.counts())

    def calls(self, chat_id):
        return [letter for letter, to in self.chats.letters if to.chat_id == chat_id]

    def boss_is_told(self):
        return [letter.notice.words for letter in self.calls(BOSS)]


def content(title):
    return AlertContent(
        headline=Snippet(text=title), link=None, outlet="Wire", published_at=START, rules=("ship",)
    )


@pytest.fixture
def opens():
    opened = []

    def opens(**manners):
        opened.append(Office(**manners))
        return opened[-1]

    yield opens
    for office in opened:
        office.store.close()


def test_one_chat_that_is_held_holds_no_other(opens):
    office = opens()
    office.chats.answers = [RetryLater("slow down", 60 * SECOND)]
    office.tell("ann")
    office.runs(1)
    office.tell("bob")
    office.runs(3)

    assert [to.chat_id for _, to in office.chats.letters] == ["41", "42"]


def test_two_chats_that_are_held_together_hold_all(opens):
    office = opens()
    office.chats.answers = [RetryLater("slow down", 20 * SECOND)] * 2
    office.tell("ann")
    office.tell("bob")
    office.runs(2)
    office.tell("desk")
    office.runs(18)
    during = office.calls("-100")
    office.runs(3)

    assert (during, len(office.calls("-100"))) == ([], 1)


def test_those_who_look_after_it_are_told_once_of_a_chat_that_is_lost(opens):
    office = opens()
    office.chats.answers = [Refused("the user has blocked the bot")]
    for _ in range(3):
        office.tell()
    office.runs()
    told = office.boss_is_told()
    asyncio.run(office.deliverer.unpark())
    office.chats.answers = [Refused("the user has blocked the bot")]
    office.runs()

    assert told == [
        (
            "The chat ann takes no messages: the user has blocked the bot. 3 alerts are kept, and "
            "sent when it does again."
        )
    ]
    assert office.boss_is_told() == told


def test_nobody_is_told_where_nothing_arrives(opens):
    office = opens()
    office.in_force.book = book(rule("ship", "ann"), chats=(telegram("ann", BOSS),))
    office.chats.answers = [Refused("blocked")]
    office.tell()

    assert office.runs() == {"parked": 1}


def test_a_lost_chat_is_tried_again_by_itself_after_an_hour(opens):
    office = opens()
    office.chats.answers = [Refused("blocked")]
    office.tell()
    office.runs(60)
    before = len(office.calls("41"))
    office.clock.passes(minutes=59)
    counts = office.runs(61)

    assert before == 1
    assert (len(office.calls("41")), counts["sent"]) == (2, 2)


def test_a_chat_that_lets_the_bot_in_gets_what_was_kept(opens):
    office = opens()
    office.chats.answers = [Refused("blocked")]
    office.tell()
    office.tell()
    office.runs()
    office.does(lambda ledger: ledger.outbox.let_in("41"))

    assert office.runs() == {"dropped": 2, "sent": 2}  # both in one digest


def test_a_message_that_is_refused_itself_is_kept_and_told_of(opens):
    office = opens()
    office.chats.answers = [Refused("Telegram says: odd", whole_chat=False)]
    office.tell(title="odd")
    office.tell(title="even")
    counts = office.runs()

    assert counts == {"dead": 1, "sent": 2}
    assert office.boss_is_told() == [
        (
            "A message for ann could not be delivered: Telegram says: odd. It is kept: "
            "python bot.py alerts --failed"
        )
    ]


def test_a_group_that_moved_is_written_down_by_whoever_can(opens):
    moves = []

    async def on_moved(old, new):
        moves.append((old, new))

    office = opens(on_moved=on_moved)
    office.chats.answers = [Moved("-1001234567890")]
    office.tell("desk")

    assert office.runs() == {"sent": 1}
    assert moves == [("-100", "-1001234567890")]
    assert [to.chat_id for _, to in office.chats.letters] == ["-100", "-1001234567890"]


def test_a_number_that_was_left_is_known_after_a_restart(opens):
    office = opens()
    office.does(lambda ledger: ledger.outbox.move("-100", "-1001234567890", START))
    office.tell("desk")
    office.runs()

    assert [to.chat_id for _, to in office.chats.letters] == ["-1001234567890"]


def test_a_note_on_a_chat_is_told_once(opens):
    office = opens()
    office.chats.answers = [Delivered("1", note="its topic is closed")]
    office.tell()
    office.runs(1)
    office.chats.answers = [Delivered("2", note="its topic is closed")]
    office.tell()
    office.runs()

    assert office.boss_is_told() == ["ann: its topic is closed"]


def test_nobody_is_told_of_a_topic_where_a_person_only_asked(opens):
    office = opens()
    office.chats.answers = [Delivered("1", note="its topic is closed")]
    office.does(lambda ledger: ledger.outbox.notify(["admin:-1001:12"], "Here you are.", START))
    office.runs()

    assert office.boss_is_told() == []


def lost(opens, **manners):
    """Answer an office in which the answer to the second alert of ann was lost."""
    office = opens(**manners)
    office.tell(title="first")
    office.runs(2)
    office.chats.answers = [InDoubt("no answer")]
    office.tell(title="second")
    return office


def test_a_letter_in_doubt_that_is_found_is_not_sent_again(opens):
    office = lost(opens)
    office.chats.found = [NotThere(taken=True), Delivered("3")]
    counts = office.runs()
    doubts = office.does(lambda ledger: ledger.outbox.doubts())

    assert counts == {"sent": 2}
    assert [letter.probe for letter, _ in office.chats.probed] == [2, 3]
    assert len(office.calls("41")) == 2
    assert (doubts.doubts, doubts.found, doubts.sent_again) == (1, 1, 0)


def test_what_is_not_looked_for_is_sent_again_marked(opens):
    office = lost(opens, doubt=DoubtPolicy.RESEND)
    counts = office.runs()

    assert (counts, office.chats.probed) == ({"sent": 2}, [])
    assert [letter.marked for letter in office.calls("41")] == [False, False, True]


def test_what_is_not_to_be_sent_twice_is_given_up_and_listed(opens):
    office = lost(opens, doubt=DoubtPolicy.SKIP)
    counts = office.runs()
    (row,) = office.does(lambda ledger: ledger.outbox.failed(5))

    assert counts == {"sent": 2, "dead": 1}
    assert (row.state, row.title) == (State.DEAD, "second")
    assert len(office.calls("41")) == 2


def test_what_was_given_up_in_doubt_is_sent_when_a_person_says_so(opens):
    """Even where Telegram has to be asked twice."""
    office = lost(opens, doubt=DoubtPolicy.SKIP)
    office.runs()
    office.chats.answers = [RetryLater("unreachable")]
    retried = office.does(lambda ledger: ledger.outbox.retry(None, office.clock()))
    counts = office.runs()

    assert (retried, counts) == (1, {"sent": 3})
    assert [letter.marked for letter in office.calls("41")] == [False, False, True, True]


def grows(office, alert=1, title="grown"):
    """Have the story of an alert grow."""
    text = content(title)
    office.does(lambda ledger: ledger.alerts.revise(AlertId(alert), text, office.clock()))


def test_what_was_not_sent_does_not_come_back_when_its_story_grows(opens):
    """It is left to people, and brings the newest when they ask for it."""
    office = opens()
    office.chats.answers = [Refused("Telegram says: odd", whole_chat=False)]
    office.tell(title="odd")
    office.runs()
    grows(office)
    office.runs()
    before = len(office.calls("41"))
    office.does(lambda ledger: ledger.outbox.retry(None, office.clock()))
    office.runs()

    assert (before, len(office.calls("41"))) == (1, 2)
    assert office.calls("41")[1].content.headline.text == "grown"
    assert office.does(lambda ledger: ledger.outbox.failed(5)) == ()


def test_what_grew_while_it_was_refused_does_not_come_back_either(opens):
    """A change that was decided meanwhile has no message to change."""
    office = opens()
    office.tell()
    (letter,) = office.does(lambda ledger: ledger.outbox.claim(office.clock(), 5))
    grows(office)
    dead = Settled(state=State.DEAD, outcome="refused", why="odd")
    office.does(lambda ledger: ledger.outbox.settle(letter, dead, office.clock(), 1))

    assert office.runs() == {"dead": 1, "dropped": 1}
    assert office.calls("41") == []


@pytest.mark.parametrize("grown", [False, True])
def test_what_a_person_dropped_stays_dropped(opens, grown):
    """Also when its story grew while its chat took nothing."""
    office = opens()
    office.chats.answers = [Refused("blocked")]
    office.tell()
    office.runs(2)
    if grown:
        grows(office)
    office.does(lambda ledger: ledger.outbox.drop(None))
    grows(office, title="grown again")
    office.does(lambda ledger: ledger.outbox.let_in("41"))
    office.runs()

    assert len(office.calls("41")) == 1


def test_nothing_is_sent_again_while_telegram_cannot_be_reached(opens):
    office = opens()
    office.chats.answers = [InDoubt("cut")]
    office.chats.reached = [InDoubt("cut"), RetryLater("unreachable"), InDoubt("cut")]
    office.tell()
    counts = office.runs(120)

    assert counts == {"sent": 1}
    assert [letter.marked for letter in office.calls("41")] == [False, True]
    assert len(office.chats.asked) == 4


def test_a_message_of_a_letter_that_was_given_up_is_known_when_it_is_met(opens):
    office = opens(doubt=DoubtPolicy.PROBE)
    office.tell(title="first")
    office.runs(2)
    office.does(lambda ledger: ledger.outbox.saw("41", 1))
    office.chats.answers = [InDoubt("no answer")]
    office.chats.found = [Refused("odd", whole_chat=False), Mistaken("second")]
    office.chats.reached = [Refused("odd", whole_chat=False)]
    office.tell(title="second")
    office.runs()
    given_up = office.does(lambda ledger: ledger.outbox.failed(5))
    office.chats.answers = [InDoubt("no answer")]
    office.tell(title="third")
    office.runs()

    assert [row.title for row in given_up] == ["second"]
    assert office.does(lambda ledger: ledger.outbox.failed(5)) == ()


def test_what_people_wait_for_leaves_without_a_tick(opens):
    office = opens()

    async def answers():
        office.does(
            lambda ledger: ledger.outbox.notify(
                ["admin:41"], "Hello", office.clock(), priority=Priority.ANSWER
            )
        )
        office.deliverer.poke()
        await office.deliverer.slots.idle()

    asyncio.run(answers())
    assert [letter.notice.words for letter in office.calls("41")] == ["Hello"]
