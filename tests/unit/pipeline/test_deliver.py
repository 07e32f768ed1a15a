"""What is due is delivered once, in order, and nothing is lost when it cannot be."""

import asyncio
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.delivery import InDoubt, Moved, Refused, RetryLater, TargetGone
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts
from monitors.pipeline.records import Kind
from monitors.rules.rulebook import Telegram
from monitors.stories.article import StoryId
from tests.fakes.stand_ins import START, Chats, Clock, book, rule, telegram


class PostOffice:
    """A deliverer on a store in memory."""

    def __init__(self):
        self.clock, self.chats, self.store = Clock(), Chats(), SqliteStore(None)
        self.in_force = InForce(book(rule("ship", "desk"), chats=(telegram("desk"),)))
        ports = DeliveryPorts(
            store=self.store, messenger=self.chats, clock=self.clock, chance=lambda: 0.5
        )
        self.deliverer = Deliverer(ports, self.in_force)

    def tell(self, title, chat="desk", reply_to=None):
        def work(ledger):
            ledger.stories._db.execute("INSERT INTO story (opened_at) VALUES (0)")
            (row,) = ledger.stories._db.execute("SELECT max(id) FROM story").fetchone()
            story = StoryId(row)
            ledger.alerts.tell(
                chat,
                story,
                content(title),
                high=False,
                due_at=START,
                why=None,
                now=START,
                reply_to=reply_to,
            )
            return ledger.alerts.told(chat, story)[0]

        return self.store.write_now(work)

    def grow(self, alert, title):
        self.store.write_now(lambda ledger: ledger.alerts.revise(alert, content(title), START))

    def reply(self, alert, title):
        self.store.write_now(
            lambda ledger: ledger.alerts.reply(alert, content(title), high=False, now=START)
        )

    def runs(self, seconds=600):
        """Tick once a second for as long as there is time."""

        async def ticks():
            for _ in range(seconds):
                await self.deliverer.tick()
                await self.deliverer.slots.idle()
                self.clock.passes(seconds=1)

        asyncio.run(ticks())
        return self.counts()

    def counts(self):
        return self.store.write_now(lambda ledger: ledger.outbox.counts())

    def arrived(self):
        return [letter.content.headline.text for letter, _ in self.chats.letters]


def content(title):
    return AlertContent(
        headline=Snippet(text=title), link=None, outlet="Wire", published_at=START, rules=("ship",)
    )


@pytest.fixture
def office():
    opened = PostOffice()
    yield opened
    opened.store.close()


def test_letters_arrive_once_in_their_order(office):
    for title in ("one", "two", "three", "four"):
        office.tell(title)

    counts = office.runs(20)

    assert (office.arrived(), counts) == (["one", "two", "three", "four"], {"sent": 4})


def test_a_letter_that_cannot_be_sent_now_keeps_its_place(office):
    office.chats.answers = [RetryLater("no network"), RetryLater("no network")]
    office.tell("one")
    office.tell("two")

    office.runs(30)

    assert office.arrived() == ["one", "one", "one", "two"]


def test_no_call_is_made_before_telegrams_pause_is_over(office):
    office.chats.answers = [RetryLater("slow down", timedelta(seconds=120))]
    office.tell("one")

    office.runs(120)
    during = len(office.chats.letters)
    office.runs(5)

    assert (during, len(office.chats.letters)) == (1, 2)


def test_a_letter_in_doubt_is_sent_again_and_says_so(office):
    office.chats.answers = [InDoubt("no answer")]
    office.tell("one")

    counts = office.runs(30)

    assert [letter.marked for letter, _ in office.chats.letters] == [False, True]
    assert counts == {"sent": 1}


def test_a_letter_that_failed_while_in_doubt_stays_in_doubt(office):
    office.chats.answers = [InDoubt("no answer"), RetryLater("no network")]
    office.tell("one")

    office.runs(60)

    assert [letter.marked for letter, _ in office.chats.letters] == [False, True, True]


def test_a_refused_chat_keeps_its_letters_until_it_is_tried_again(office):
    office.chats.answers = [Refused("blocked")]
    office.tell("one")
    office.tell("two")
    parked = office.runs(60)

    asyncio.run(office.deliverer.unpark())
    counts = office.runs(10)

    assert (parked, counts) == ({"parked": 2}, {"dropped": 2, "sent": 1})
    digest = office.chats.letters[-1][0].digest
    assert [story.headline.text for story in digest.stories] == ["one", "two"]


def test_one_letter_that_is_refused_lets_the_others_pass(office):
    office.chats.answers = [Refused("odd text", whole_chat=False)]
    office.tell("one")
    office.tell("two")

    office.runs(10)

    assert office.arrived()[:2] == ["one", "two"]


def test_a_group_that_moved_gets_everything_under_its_new_number(office):
    office.in_force.book = book(rule("ship", "desk"), chats=(telegram("desk", "-100"),))
    office.tell("zero")
    office.runs(5)
    office.chats.answers = [Moved("-1001234567890")]
    office.tell("one")
    office.tell("two")
    counts = office.runs(10)

    assert counts == {"sent": 3}
    assert [(one.content.headline.text, to.chat_id) for one, to in office.chats.letters] == [
        ("zero", "-100"),
        ("one", "-100"),
        ("one", "-1001234567890"),
        ("two", "-1001234567890"),
    ]


def test_a_revision_edits_the_message_that_was_sent(office):
    alert = office.tell("one")
    office.runs(5)
    office.grow(alert, "one and more")
    office.runs(5)

    letter, _ = office.chats.letters[-1]
    assert (letter.kind, letter.message_id, letter.content.headline.text) == (
        Kind.REVISION,
        "1",
        "one and more",
    )


def test_a_revision_of_a_deleted_message_is_dropped(office):
    alert = office.tell("one")
    office.runs(5)
    office.chats.answers = [TargetGone("deleted")]
    office.grow(alert, "one and more")

    assert office.runs(10) == {"sent": 1, "dropped": 1}


def test_a_message_is_not_edited_in_a_chat_that_has_another_address_now(office):
    alert = office.tell("one")
    office.runs(5)
    office.in_force.book = book(rule("ship", "desk"), chats=(telegram("desk", "77"),))
    office.grow(alert, "one and more")

    assert office.runs(10) == {"sent": 1, "dropped": 1}
    assert len(office.chats.letters) == 1


def test_a_reply_whose_alert_fails_comes_after_it_and_once(office):
    office.chats.answers = [RetryLater("no network"), RetryLater("no network"), InDoubt("lost")]
    alert = office.tell("one")
    office.reply(alert, "one and a storm")
    office.tell("two")

    counts = office.runs(60)

    shown = [(letter.content.headline.text, letter.marked) for letter, _ in office.chats.letters]
    assert [title for title, _ in shown[-3:]] == ["one", "one and a storm", "two"]
    assert [marked for _, marked in shown[-3:]] == [True, False, False]
    assert counts == {"sent": 3}


def test_a_reply_in_doubt_that_is_not_there_is_sent_again_without_a_mark(office):
    alert = office.tell("one")
    office.runs(5)
    office.chats.answers = [InDoubt("lost")]
    office.reply(alert, "one and a storm")
    office.runs(30)

    (first, _), (again, _) = office.chats.letters[-2:]
    assert [letter.probe for letter, _ in office.chats.probed] == [2, 3, 4]
    assert (first.kind, first.marked, first.reply_to) == (Kind.REPLY, False, "1")
    assert (again.kind, again.marked, again.reply_to) == (Kind.REPLY, False, "1")


def test_where_the_chat_has_another_address_now_nothing_is_replied_to(office):
    alert = office.tell("one")
    office.runs(5)
    office.in_force.book = book(rule("ship", "desk"), chats=(telegram("desk", "77"),))
    office.reply(alert, "one and a storm")
    office.tell("two", reply_to=alert)

    counts = office.runs(20)

    letters = [letter for letter, _ in office.chats.letters[1:]]
    assert [letter.content.headline.text for letter in letters] == ["one and a storm", "two"]
    assert [(letter.reply_to, letter.content.earlier) for letter in letters] == [(None, None)] * 2
    assert counts == {"sent": 3}


def test_a_related_story_and_the_earlier_one_name_each_other(office):
    earlier = office.tell("one")
    office.runs(5)
    office.tell("two", reply_to=earlier)
    office.runs(10)

    (reply, _), (edit, _) = office.chats.letters[1:]
    assert (reply.kind, reply.reply_to, reply.content.earlier.title) == (Kind.ALERT, "1", "one")
    assert (edit.kind, edit.message_id) == (Kind.REVISION, "1")
    assert [one.title for one in edit.content.related] == ["two"]


def test_a_chat_that_left_the_rules_loses_nothing(office):
    office.tell("one", chat="gone")
    parked = office.runs(10)
    office.in_force.book = book(rule("ship", "gone"), chats=(telegram("gone"),))
    asyncio.run(office.deliverer.unpark())

    assert (parked, office.runs(10)) == ({"parked": 1}, {"sent": 1})


def test_a_notice_goes_to_the_administrator(office):
    office.store.write_now(lambda ledger: ledger.outbox.notify(["admin:5"], "broken", START))
    office.runs(5)

    ((letter, destination),) = office.chats.letters
    assert (letter.notice.words, destination.chat_id) == ("broken", "5")


def test_an_answer_goes_to_the_topic_where_it_was_asked_for(office):
    office.store.write_now(
        lambda ledger: ledger.outbox.notify(["admin:-1001:12", "admin:42"], "Because", START)
    )
    office.runs(seconds=10)

    assert [destination for _, destination in office.chats.letters] == [
        Telegram(chat_id="-1001", topic=12),
        Telegram(chat_id="42"),
    ]
