"""Replies in the store: after their alert, never instead of it, and each side names the other."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.grouping.placement import NewStory, Signs
from monitors.pipeline.records import Kind, Settled, State
from monitors.stories.article import Article
from tests.fakes.stand_ins import START, Clock

HERE = "telegram:-1001234567890:"
ELSEWHERE = "telegram:77:"


class Outbox:
    """A store, told what to send, and the letters that it gives out."""

    def __init__(self):
        self.store = SqliteStore(None)
        self.clock = Clock()
        self.stories = 0

    def does(self, work):
        return self.store.write_now(work)

    def tell(self, title="Ship sails", *, chat="desk", reply_to=None, **more):
        """Put an alert of a story of its own into the outbox; answer its number."""
        self.stories += 1
        article = Article(
            identity=str(self.stories),
            url=None,
            link=None,
            outlet="Wire",
            title=title,
            published_at=START,
            seen_at=START,
        )
        signs = Signs(url=None, identifier=None, title_key=None)
        values = {"high": False, "due_at": START, "why": None, "now": START} | more

        def work(ledger):
            _, story = ledger.articles.add(article, signs, NewStory())
            ledger.alerts.tell(chat, story, content(title), reply_to=reply_to, **values)
            return ledger.alerts.told(chat, story)[0]

        return self.does(work)

    def reply(self, alert, title="Ship sinks", **more):
        values = {"high": False, "now": self.clock()} | more
        self.does(lambda ledger: ledger.alerts.reply(alert, content(title), **values))

    def revise(self, alert, title):
        self.does(lambda ledger: ledger.alerts.revise(alert, content(title), self.clock()))

    def claim(self):
        """Answer the letter that is on its way to the chat now, or None."""
        letters = self.does(lambda ledger: ledger.outbox.claim(self.clock(), 1))
        return letters[0] if letters else None

    def settle(self, letter, state=State.SENT, message_id=None, destination=HERE, **more):
        sent = {"message_id": message_id or str(letter.id), "destination": destination}
        settled = Settled(
            state=state, outcome=state.value, **(sent if state is State.SENT else {}), **more
        )
        self.does(lambda ledger: ledger.outbox.settle(letter, settled, self.clock(), 5))

    def sends(self, **more):
        """Send the letter that is next, and answer it."""
        letter = self.claim()
        self.settle(letter, **more)
        return letter

    def state(self, alert):
        rows = self.does(lambda ledger: ledger.alerts.latest(999, failed=False))
        return next(row.state for row in rows if (row.id, row.kind) == (alert, Kind.ALERT))

    def kinds(self, letter):
        """Answer what a letter tells: it, or what was folded into it."""
        rows = self.does(
            lambda ledger: ledger.outbox._db.execute(
                "SELECT kind FROM outbox WHERE folded_into = ?", [letter.id]
            ).fetchall()
        )
        return [Kind(row[0]) for row in rows] if letter.kind is Kind.DIGEST else [letter.kind]

    def counts(self):
        return self.does(lambda ledger: ledger.outbox.counts())


def content(title):
    return AlertContent(
        headline=Snippet(text=title),
        link="https://wire.example/1",
        outlet="Wire",
        published_at=START,
        rules=("ship",),
    )


@pytest.fixture
def outbox():
    opened = Outbox()
    yield opened
    opened.store.close()


def test_a_reply_goes_below_the_message_of_its_alert(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.reply(alert)

    letter = outbox.claim()

    assert (letter.kind, letter.content.headline.text) == (Kind.REPLY, "Ship sinks")
    assert (letter.message_id, letter.reply_to, letter.destination) == (None, "7", HERE)


@pytest.mark.parametrize("high", [True, False])
def test_a_reply_never_overtakes_its_alert(outbox, high):
    alert = outbox.tell()
    outbox.reply(alert, high=high)

    first = outbox.claim()
    meanwhile = outbox.claim()
    outbox.settle(first, State.PENDING, due_at=START + timedelta(minutes=1))
    before = outbox.claim()
    outbox.clock.passes(minutes=1)
    second = outbox.sends(message_id="7")
    third = outbox.claim()

    assert [first.kind, meanwhile, before] == [Kind.ALERT, None, None]
    assert [second.kind, third.kind, third.reply_to] == [Kind.ALERT, Kind.REPLY, "7"]


def test_nothing_passes_an_alert_in_doubt(outbox):
    alert = outbox.tell()
    outbox.reply(alert)
    outbox.settle(outbox.claim(), State.DOUBT, doubtful=True, due_at=START + timedelta(minutes=9))
    outbox.tell("Another ship")

    assert outbox.claim() is None
    outbox.clock.passes(minutes=9)
    letters = [outbox.sends() for _ in range(3)]
    assert [letter.content.headline.text for letter in letters] == [
        "Ship sails",
        "Ship sinks",
        "Another ship",
    ]


def test_where_the_chat_does_not_take_the_alert_the_reply_is_sent_by_itself(outbox):
    alert = outbox.tell()
    outbox.reply(alert)
    outbox.settle(outbox.claim(), State.PARKED, why="Telegram says: no")

    letter = outbox.claim()

    assert (letter.kind, letter.reply_to) == (Kind.REPLY, None)


def test_where_the_message_is_gone_the_reply_is_sent_by_itself(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.revise(alert, "Ship turns")
    outbox.settle(outbox.claim(), State.DROPPED)
    outbox.reply(alert)

    letter = outbox.claim()

    assert (letter.kind, letter.reply_to) == (Kind.REPLY, None)


def test_a_reply_below_what_a_terminal_has_printed_is_just_printed(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="printed", destination="terminal")
    outbox.reply(alert)

    assert outbox.claim().reply_to is None


def test_a_reply_leaves_the_message_and_the_revisions_of_its_alert_alone(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.reply(alert)
    outbox.revise(alert, "Ship turns")
    reply = outbox.sends(message_id="8")

    edit = outbox.claim()

    assert (reply.kind, reply.content.headline.text) == (Kind.REPLY, "Ship sinks")
    assert (edit.kind, edit.message_id) == (Kind.REVISION, "7")
    assert (edit.content.headline.text, edit.version) == ("Ship turns", 2)


def test_a_message_is_edited_although_a_reply_to_it_waits(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.reply(alert, due_at=START + timedelta(hours=8), why="quiet hours")
    outbox.revise(alert, "Ship turns")

    assert outbox.sends().kind is Kind.REVISION
    assert outbox.claim() is None
    outbox.clock.passes(hours=8)
    assert outbox.claim().kind is Kind.REPLY


def test_a_reply_that_may_have_arrived_says_so_and_its_alert_does_not(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.reply(alert)
    outbox.claim()
    outbox.does(lambda ledger: ledger.outbox.recover(outbox.clock()))
    outbox.revise(alert, "Ship turns")

    again, edit = outbox.sends(message_id="9"), outbox.claim()

    assert (again.kind, again.marked, again.attempt) == (Kind.REPLY, True, 2)
    assert (edit.kind, edit.marked, edit.message_id) == (Kind.REVISION, False, "7")


def test_a_chat_that_refuses_all_keeps_its_replies_and_gets_them_after_their_alert(outbox):
    alert = outbox.tell()
    outbox.reply(alert)
    outbox.settle(outbox.claim(), State.PARKED, why="blocked", whole_chat=True)
    kept = outbox.counts()
    outbox.does(lambda ledger: ledger.outbox.unpark())

    assert kept == {"parked": 2}
    assert [outbox.sends().kind, outbox.sends().kind] == [Kind.ALERT, Kind.REPLY]


ENDS = st.sampled_from([State.SENT, State.PENDING, State.DOUBT, State.PARKED, State.DEAD])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["tell", "reply", "revise", "try"]), ENDS), max_size=20))
def test_whatever_fails_replies_follow_their_alerts_and_nothing_is_lost(steps):
    outbox = Outbox()
    alerts, replies, sent = [outbox.tell("1")], 0, []
    for step, end in [*steps, ("unpark", State.SENT), *[("try", State.SENT)] * 50]:
        if step == "tell":
            alerts.append(outbox.tell(str(len(alerts) + 1), reply_to=alerts[-1]))
        elif step == "reply":
            outbox.reply(alerts[-1], str(alerts[-1]))
            replies += 1
        elif step == "revise":
            outbox.revise(alerts[-1], f"{alerts[-1]} grows")
        elif step == "unpark":
            outbox.does(lambda ledger: ledger.outbox.unpark())
            outbox.does(lambda ledger: ledger.outbox.retry(None, outbox.clock()))
        elif letter := outbox.claim():
            if letter.kind is Kind.REPLY and letter.attempt == 1:
                its_alert = int(letter.content.headline.text)
                assert outbox.state(its_alert) in {State.SENT, State.PARKED, State.DEAD}
            if end is State.SENT:
                sent += outbox.kinds(letter)
            again = outbox.clock() + timedelta(seconds=9)
            doubtful, refused = end is State.DOUBT, end is State.PARKED
            outbox.settle(letter, end, due_at=again, doubtful=doubtful, whole_chat=refused)
        outbox.clock.passes(seconds=1)
    left = outbox.counts().keys() - {"sent", "dropped"}
    outbox.store.close()

    assert (sent.count(Kind.ALERT), sent.count(Kind.REPLY)) == (len(alerts), replies)
    assert not left


def test_replies_count_for_the_limit_of_an_hour(outbox):
    alert = outbox.tell()
    later = START + timedelta(minutes=30)
    outbox.reply(alert, due_at=later)

    recent = outbox.does(lambda ledger: ledger.alerts.recent("desk", START - timedelta(hours=1)))
    since = outbox.does(lambda ledger: ledger.alerts.recent("desk", START))

    assert (sorted(recent), list(since)) == ([START, later], [later])


def test_a_reply_that_is_held_back_is_renewed_and_keeps_its_place(outbox):
    alert, later = outbox.tell(), START + timedelta(hours=8)
    outbox.sends(message_id="7")
    outbox.reply(alert, due_at=later, why="quiet hours")

    held = outbox.does(lambda ledger: ledger.alerts.held_reply(alert))
    outbox.does(
        lambda ledger: ledger.alerts.renew_reply(
            held.id, content("Ship is raised"), high=True, due_at=later, why="quiet hours"
        )
    )
    before = outbox.claim()
    outbox.clock.passes(hours=8)
    letter = outbox.claim()

    assert (held.content.headline.text, held.due_at, held.why) == (
        "Ship sinks",
        later,
        "quiet hours",
    )
    assert (before, letter.content.headline.text, letter.reply_to) == (None, "Ship is raised", "7")
    recent = outbox.does(lambda ledger: ledger.alerts.recent("desk", START))
    assert len(recent) == 1


def test_a_reply_that_somebody_may_have_seen_is_not_renewed(outbox):
    alert = outbox.tell()
    outbox.sends(message_id="7")
    outbox.reply(alert)

    def held():
        return outbox.does(lambda ledger: ledger.alerts.held_reply(alert))

    at_once = held()
    outbox.reply(alert, due_at=START, why="quiet hours")
    outbox.sends()
    letter = outbox.claim()
    on_its_way = held()
    outbox.settle(letter, State.PENDING, due_at=START, why="Telegram says: later")

    assert (at_once, on_its_way, held()) == (None, None, None)


def test_replies_are_listed_with_what_became_of_them(outbox):
    alert = outbox.tell()
    outbox.sends()
    outbox.reply(alert, due_at=START + timedelta(hours=8), why="quiet hours")
    outbox.reply(alert, "Ship found")
    outbox.settle(outbox.claim(), State.PARKED, why="Telegram says: no")

    def listed(*, failed):
        rows = outbox.does(lambda ledger: ledger.alerts.latest(9, failed=failed))
        return [(row.kind, row.content.headline.text, row.state, row.why) for row in rows]

    parked = (Kind.REPLY, "Ship found", State.PARKED, "Telegram says: no")
    assert listed(failed=True) == [parked]
    assert listed(failed=False) == [
        parked,
        (Kind.REPLY, "Ship sinks", State.PENDING, "quiet hours"),
        (Kind.ALERT, "Ship sails", State.SENT, None),
    ]


def test_an_alert_of_a_related_story_replies_to_the_earlier_one_and_each_names_the_other(outbox):
    earlier = outbox.tell()
    outbox.sends(message_id="7")
    outbox.tell("Ship sinks", reply_to=earlier)

    later, edit = outbox.sends(message_id="8"), outbox.sends()

    assert (later.kind, later.reply_to, later.destination) == (Kind.ALERT, "7", HERE)
    link = "https://t.me/c/1234567890"
    assert later.content.earlier == Report(outlet="Wire", title="Ship sails", link=f"{link}/7")
    assert (edit.kind, edit.message_id) == (Kind.REVISION, "7")
    assert edit.content.related == (Report(outlet="Wire", title="Ship sinks", link=f"{link}/8"),)
    assert outbox.claim() is None


def test_where_a_chat_has_no_addresses_the_articles_are_linked(outbox):
    earlier = outbox.tell()
    outbox.sends(message_id="7", destination=ELSEWHERE)
    outbox.tell("Ship sinks", reply_to=earlier)

    assert outbox.claim().content.earlier.link == "https://wire.example/1"


def test_an_earlier_alert_that_comes_late_is_named_once_the_chat_shows_it(outbox):
    earlier = outbox.tell(due_at=START + timedelta(hours=8), why="quiet hours")
    outbox.tell("Ship sinks", reply_to=earlier)

    later = outbox.sends(message_id="7")
    outbox.clock.passes(hours=8)
    first, edit = outbox.sends(message_id="8"), outbox.claim()

    assert (later.reply_to, later.content.earlier) == (None, None)
    assert [one.title for one in first.content.related] == ["Ship sinks"]
    assert (edit.message_id, edit.content.earlier.title) == ("7", "Ship sails")


def test_a_later_alert_that_waits_is_named_only_when_it_is_shown(outbox):
    earlier = outbox.tell()
    outbox.tell("Ship sinks", reply_to=earlier, due_at=START + timedelta(hours=8))
    outbox.sends()
    outbox.revise(earlier, "Ship turns")

    assert outbox.sends().content.related == ()
    outbox.clock.passes(hours=8)
    outbox.sends()
    assert len(outbox.claim().content.related) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_an_alert_whose_message_the_chat_does_not_show_is_not_named(outbox, gone):
    earlier = outbox.tell()
    if gone:
        outbox.sends()
        outbox.revise(earlier, "Ship turns")
        outbox.settle(outbox.claim(), State.DROPPED)
    else:
        outbox.settle(outbox.claim(), State.PARKED, why="Telegram says: no")
    outbox.tell("Ship sinks", reply_to=earlier)

    later = outbox.sends(message_id="8")

    assert (later.reply_to, later.content.earlier) == (None, None)
    assert not gone or outbox.claim() is None


def test_a_terminal_prints_no_message_again_to_name_another(outbox):
    earlier = outbox.tell()
    outbox.sends(message_id="printed", destination="terminal")
    outbox.tell("Ship sinks", reply_to=earlier)
    later = outbox.sends(message_id="printed", destination="terminal")

    assert (later.reply_to, later.destination) == (None, "terminal")
    assert later.content.earlier.title == "Ship sails"
    assert outbox.claim() is None


def test_messages_of_another_address_are_not_named(outbox):
    earlier = outbox.tell()
    outbox.sends(message_id="7", destination=ELSEWHERE)
    later = outbox.tell("Ship sinks", reply_to=earlier)
    outbox.sends(message_id="8")
    waits = outbox.claim()
    outbox.revise(later, "Ship found")

    assert waits is None
    assert outbox.claim().content.earlier is None


def test_every_related_story_is_counted(outbox):
    earlier = outbox.tell()
    letters = []
    for number in range(30):
        outbox.tell(f"Ship {number} sinks", reply_to=earlier)
        letters += [outbox.sends() for _ in range(15)] if number % 15 == 14 else []
    letters += [outbox.sends() for _ in range(2)]

    assert letters[-1].kind is Kind.REVISION
    assert [one.title for one in letters[-1].content.related] == [
        f"Ship {number} sinks" for number in range(30)
    ]


def test_an_alert_that_was_stored_before_it_could_name_others_is_read(outbox):
    alert = outbox.tell()
    outbox.does(
        lambda ledger: ledger.alerts._db.execute(
            "UPDATE alert SET content = json_remove(content, '$.note', '$.earlier', '$.related')"
        )
    )

    letter = outbox.claim()

    assert letter.content == content("Ship sails")
    assert alert == 1
