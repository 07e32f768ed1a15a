"""Alerts that come together in one message: what the store makes of them, and remembers."""

import asyncio
from datetime import timedelta

import pytest

from monitors.alerts.alert import Report
from monitors.alerts.decision import PAGE_FIRST
from monitors.alerts.destinations import GONE
from monitors.alerts.digest import Together
from monitors.alerts.muting import Mute, MutedChat
from monitors.alerts.pacing import TELEGRAM_PACE
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts, Manners
from monitors.pipeline.records import AlertId, Kind, OutboxId, Priority, State
from tests.contract.test_peers import ANN, FORUM, Post, content
from tests.fakes.stand_ins import START, UNHURRIED, Chats, book, rule, telegram

QUIET = "quiet hours"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post():
    opened = Post()
    yield opened
    opened.store.close()


@pytest.fixture
def paced():
    opened = Post(TELEGRAM_PACE)
    yield opened
    opened.store.close()


def listed(letter):
    return [story.headline.text for story in letter.digest.stories]


def holds(post, count, chat="ann", why=QUIET, **more):
    return [post.tell(chat, f"Ship {number} sails", why=why, **more) for number in range(count)]


def sends_all(post, seconds=180):
    """Send what there is, a claim a second; answer the letters."""
    sent = []
    for _ in range(seconds):
        for letter in post.claim():
            post.settle(letter, message_id=str(letter.id))
            sent.append(letter)
        post.clock.passes(seconds=1)
    return sent


def rows(post, **more):
    return post.does(lambda ledger: ledger.alerts.latest(999, **({"failed": False} | more)))


def test_a_flood_in_a_group_is_three_messages_and_nothing_is_missing(paced):
    for number in range(60):
        paced.tell("news", f"Ship {number} sails")

    sent = sends_all(paced)

    assert [letter.kind for letter in sent] == [Kind.DIGEST] * 3
    assert [title for letter in sent for title in listed(letter)] == [
        f"Ship {number} sails" for number in range(60)
    ]
    assert [(one.digest.first, one.digest.last, one.digest.total) for one in sent] == [
        (1, 20, 60),
        (21, 40, 60),
        (41, 60, 60),
    ]
    assert paced.counts() == {"dropped": 60, "sent": 3}


@pytest.mark.parametrize(("chat", "count"), [("news", 18), ("ann", 30), ("screen", 200)])
def test_what_can_be_told_within_a_minute_comes_one_by_one(paced, chat, count):
    for _ in range(count):
        paced.tell(chat)

    assert {letter.kind for letter in sends_all(paced)} == {Kind.ALERT}


def test_the_chats_of_a_forum_share_a_flood_and_get_digests_of_their_own(paced):
    for number in range(20):
        paced.tell("news" if number % 2 else "sport")

    assert [(one.chat, one.digest.total) for one in sends_all(paced)] == [
        ("sport", 10),
        ("news", 10),
    ]


def test_urgent_ones_ring_first_and_by_themselves(paced):
    for number in range(40):
        paced.tell("news", f"Ship {number} sails", high=number == 30)

    first, *others = sends_all(paced)

    assert (first.kind, first.content.headline.text) == (Kind.ALERT, "Ship 30 sails")
    assert sum(len(listed(letter)) for letter in others) == 39


def test_a_chat_is_flooded_once_a_minute_and_gets_single_alerts_meanwhile(paced):
    for _ in range(18):
        paced.tell("news")
    kinds = []
    for second in range(70):
        paced.tell("news")
        for letter in paced.claim():
            kinds.append((second, letter.kind))
            paced.settle(letter, message_id=str(letter.id))
        paced.clock.passes(seconds=1)

    digests = [second for second, kind in kinds if kind is Kind.DIGEST]
    assert digests == [0, 60, 61, 62]
    assert sum(second < 60 for second, _ in kinds) == 18


def test_most_of_an_immense_flood_is_counted(paced):
    for number in range(150):
        paced.tell("news", f"Ship {number} sails")

    sent = sends_all(paced)

    assert [len(listed(letter)) for letter in sent] == [20] * 5
    assert [letter.digest.hidden for letter in sent] == [0, 0, 0, 0, 50]
    assert len({row.digest for row in rows(paced)}) == 5


def test_what_quiet_hours_held_back_rings_once(post):
    until = START + timedelta(hours=8)
    holds(post, 3, due_at=until)
    post.clock.at = until
    post.tell(title="A new ship")

    sent = sends_all(post, 5)

    assert [letter.kind for letter in sent] == [Kind.ALERT, Kind.DIGEST]
    digest = sent[1].digest
    assert (digest.together, digest.held, digest.since) == (Together.HELD, QUIET, START)
    assert listed(sent[1]) == ["Ship 0 sails", "Ship 1 sails", "Ship 2 sails"]


def test_a_single_one_that_was_held_back_is_itself(post):
    holds(post, 1)
    assert [letter.kind for letter in sends_all(post, 3)] == [Kind.ALERT]


def test_what_only_waits_for_a_page_is_not_held_back(post):
    holds(post, 3, why=PAGE_FIRST)
    assert [letter.kind for letter in sends_all(post, 5)] == [Kind.ALERT] * 3


def test_what_is_held_back_for_later_stays_where_it_is(post):
    holds(post, 3)
    holds(post, 2, due_at=START + timedelta(hours=8))

    assert [listed(letter) for letter in sends_all(post, 5)] == [
        [f"Ship {n} sails" for n in range(3)]
    ]
    assert post.counts() == {"dropped": 3, "pending": 2, "sent": 1}


def test_a_reply_that_was_held_back_is_a_line_too(post):
    alert = post.tell()
    post.sends(1)
    post.does(
        lambda ledger: ledger.alerts.reply(
            alert, content("3 outlets"), high=False, now=post.clock(), why=QUIET
        )
    )
    holds(post, 1)

    assert listed(post.next()) == ["3 outlets", "Ship 0 sails"]


def test_what_a_chat_refused_comes_back_as_one_digest(post):
    for number in range(10):
        post.tell(title=f"Ship {number} sails")
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    post.does(lambda ledger: ledger.outbox.let_in(ANN))

    (letter,) = sends_all(post, 5)

    assert (letter.digest.together, len(listed(letter))) == (Together.RETURNED, 10)


def test_a_digest_that_is_refused_itself_takes_up_what_comes_meanwhile(post):
    for _ in range(2):
        post.tell()
        post.tell()
        post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
        post.does(lambda ledger: ledger.outbox.let_in(ANN))

    (letter,) = sends_all(post, 5)

    assert len(listed(letter)) == letter.digest.total == 4


def test_after_an_outage_the_urgent_ones_come_first(paced):
    for number in range(60):
        paced.tell("news", f"Ship {number} sails", high=number >= 55)
        paced.clock.passes(seconds=1)
    paced.clock.passes(minutes=9)

    sent = sends_all(paced)

    assert [letter.kind for letter in sent] == [Kind.ALERT] * 5 + [Kind.DIGEST] * 3


def test_a_digest_tells_the_newest_of_each_alert(post):
    first, _ = holds(post, 2)
    post.revise(first, "Ship 0 sinks")
    assert listed(post.next()) == ["Ship 0 sinks", "Ship 1 sails"]


def test_a_digest_that_is_shown_is_changed_once_for_all_that_has_grown(post):
    alerts = holds(post, 3)
    digest = post.sends(7)
    for alert in alerts:
        post.revise(alert, f"Ship {alert} sinks")

    letter = post.sends(7)

    assert (letter.kind, letter.message_id, letter.content) == (Kind.REVISION, "7", None)
    assert listed(letter) == [f"Ship {alert} sinks" for alert in alerts]
    assert letter.buttons == digest.buttons
    assert post.claim() == ()
    post.revise(alerts[0], "Ship 1 is raised")
    assert listed(post.next())[0] == "Ship 1 is raised"


def test_a_digest_is_changed_after_it_has_grown_on_its_way(post):
    alert, _ = holds(post, 2)
    letter = post.next()
    post.revise(alert)
    post.settle(letter, message_id="7")

    assert post.next().message_id == "7"


def test_changes_of_a_digest_keep_their_distance(paced):
    alert, _ = holds(paced, 2)
    times = []
    for second in range(100):
        paced.revise(alert, f"Ship {second}")
        for letter in paced.claim():
            times.append(second)
            paced.settle(letter, message_id="7")
        paced.clock.passes(seconds=1)

    assert times == [0, 1, 31, 61, 91]


def test_a_digest_that_was_deleted_is_changed_no_more(post):
    alert, _ = holds(post, 2)
    post.sends(7)
    post.revise(alert)
    post.settle(post.next(), State.DROPPED, why="message gone")
    post.revise(alert)

    assert post.claim() == ()
    assert post.query("SELECT DISTINCT destination FROM alert") == [(GONE,)]


def test_a_reply_goes_below_the_digest_of_its_alert(post):
    alert, _ = holds(post, 2)
    reply = {"high": False, "now": post.clock()}
    post.does(lambda ledger: ledger.alerts.reply(alert, content("3 outlets"), **reply))

    digest = post.sends(7)
    letter = post.next()

    assert (digest.kind, letter.kind, letter.reply_to) == (Kind.DIGEST, Kind.REPLY, "7")


def test_an_urgent_reply_waits_for_no_digest(post):
    alert, _ = holds(post, 2)
    post.settle(post.next(), State.PENDING, due_at=post.clock() + MINUTE)
    reply = {"high": True, "now": post.clock()}
    post.does(lambda ledger: ledger.alerts.reply(alert, content("Urgent"), **reply))

    assert (post.next().kind, post.counts()) == (
        Kind.REPLY,
        {"dropped": 2, "pending": 1, "sending": 1},
    )


def test_a_related_story_is_a_reply_to_the_digest_and_named_by_none(post):
    alert, _ = holds(post, 2)
    post.sends(7)
    post.tell(title="Another ship", reply_to=alert)

    assert post.sends(8).reply_to == "7"
    assert post.claim() == ()


def test_an_alert_that_comes_in_a_digest_is_named_by_that_which_it_is_related_to(post):
    earlier = post.tell()
    post.sends(1)
    holds(post, 2, reply_to=earlier)
    post.sends(7)

    letter = post.next()

    assert (letter.kind, letter.message_id) == (Kind.REVISION, "1")
    assert [one.title for one in letter.content.related] == ["Ship 0 sails", "Ship 1 sails"]


def test_a_digest_in_doubt_is_looked_for_by_its_button(post):
    post.tell()
    post.sends(100)
    holds(post, 2)
    lost = post.loses()

    probe = post.next()
    post.settle(probe, message_id="101", cleared=True)

    assert (lost.kind, probe.probe, probe.buttons) == (Kind.DIGEST, 101, lost.buttons)
    assert lost.buttons[0][0].data == f"together:{lost.id}"
    assert post.query("SELECT message_id FROM alert WHERE id > 1") == [("101",), ("101",)]


def test_a_digest_that_was_given_up_is_adopted_with_its_alerts(post):
    holds(post, 2)
    letter = post.next()
    post.settle(letter, State.DEAD, why="no answer")
    here = f"telegram:{ANN}:"
    post.does(lambda ledger: ledger.outbox.adopt(letter.id, "9", here, post.clock()))

    assert post.query("SELECT message_id, destination FROM alert") == [("9", here)] * 2


def test_a_digest_that_is_sent_again_says_so_and_goes_on_to_say_so(post):
    alert, _ = holds(post, 2)
    post.loses()
    again = post.sends(9)
    post.revise(alert)

    assert (again.marked, post.next().marked) == (True, True)


def test_a_digest_of_a_group_that_moved_is_changed_no_more(post):
    alert, _ = holds(post, 2, chat="news")
    letter = post.next()
    post.settle(letter, message_id="7")
    post.does(lambda ledger: ledger.outbox.move(FORUM, "-1009", post.clock()))
    post.revise(alert)

    assert post.claim() == ()


def test_what_was_printed_goes_on_alert_by_alert(post):
    alert, _ = holds(post, 2, chat="screen")
    post.settle(post.next(), message_id="printed")
    post.revise(alert)

    letter = post.next()

    assert (letter.kind, letter.digest) == (Kind.REVISION, None)
    assert letter.content.headline.text == "Ship sinks"


def test_people_see_what_became_of_an_alert_in_a_digest(post):
    holds(post, 2)
    digest = post.next()
    on_its_way = {(row.state, row.why, row.digest) for row in rows(post)}
    post.settle(digest, State.PENDING, why="no network", failed=True, due_at=post.clock())
    failing = {(row.state, row.why) for row in rows(post, failed=True)}
    post.sends(7)
    arrived = {(row.state, row.sent_at) for row in rows(post)}

    assert on_its_way == {(State.SENDING, "in a digest", digest.id)}
    assert failing == {(State.PENDING, "in a digest: no network")}
    assert arrived == {(State.SENT, START)}
    folded = post.does(lambda ledger: ledger.outbox.folded())
    assert (folded.digests, folded.alerts) == (1, 2)


def test_a_digest_that_is_dead_can_be_sent_again(post):
    holds(post, 2)
    post.settle(post.next(), State.DEAD, why="refused")
    (failed,) = post.does(lambda ledger: ledger.outbox.failed(9))
    post.does(lambda ledger: ledger.outbox.retry([failed.id], post.clock()))

    assert (failed.kind, failed.title) == (Kind.DIGEST, "2 stories in digests")
    assert len(listed(post.next())) == 2


def test_a_chat_that_is_lost_counts_what_its_digests_keep(post):
    holds(post, 3)
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    (lost,) = post.does(lambda ledger: ledger.outbox.lost())
    assert lost.kept == 3


def test_what_came_in_one_digest_counts_once_for_the_limit(paced):
    for _ in range(40):
        paced.tell("news")
    sends_all(paced)
    later = START + timedelta(hours=8)
    for _ in range(3):
        paced.tell("news", due_at=later, why=QUIET)

    recent = paced.does(lambda ledger: ledger.alerts.recent("news", START - MINUTE))
    assert sorted(recent) == [START, later]


def test_a_digest_says_which_alerts_it_lists_to_those_in_its_chat(post):
    alerts = holds(post, 2)
    digest = post.sends(7)

    def asks(message, chat):
        return post.does(lambda ledger: ledger.regrouping.listed(message, (chat,)))

    assert {number: told.id for number, told in asks("7", ANN).items()} == {
        1: alerts[0],
        2: alerts[1],
    }
    assert asks("7", "99") == asks("8", ANN) == {}
    found = post.does(lambda ledger: ledger.regrouping.digest(digest.id))
    assert (found[0].total, found[1]) == (2, f"telegram:{ANN}:")
    assert post.does(lambda ledger: ledger.regrouping.digest(OutboxId(99))) is None


def test_joined_by_hand_an_alert_in_a_digest_says_so_there(post):
    alert, _ = holds(post, 2)
    post.sends(7)
    assert not post.does(lambda ledger: ledger.regrouping.withdraw(AlertId(alert)))


def test_a_digest_of_what_nothing_held_back_goes_before_later_alerts(paced):
    for _ in range(19):
        paced.tell("news")
    paced.claim()
    ((priority,),) = paced.query("SELECT priority FROM outbox WHERE kind = 'digest'")
    assert priority == Priority.ALERT


def test_outlets_that_join_are_counted_in_the_line(post):
    alert, _ = holds(post, 2)
    grown = content("Ship 0 sails")
    object.__setattr__(grown, "others", (Report(outlet="Herald", title="Ship"),))
    post.does(lambda ledger: ledger.alerts.revise(alert, grown, post.clock()))
    assert [len(story.others) for story in post.next().digest.stories] == [1, 0]


def test_what_a_muted_chat_gets_is_put_together_when_that_is_over(post):
    holds(post, 3)
    post.does(lambda ledger: ledger.mutes.put("ann", Mute(what=MutedChat()), START))
    during = post.claim(), post.counts()
    post.does(lambda ledger: ledger.mutes.lift("ann", 1, ANN, START))

    assert during == ((), {"pending": 3})
    assert len(listed(post.next())) == 3


def test_further_digests_of_one_flood_make_no_sound(post):
    chats = Chats()
    in_force = InForce(book(rule("ship", "ann"), chats=(telegram("ann", ANN),)))
    ports = DeliveryPorts(post.store, chats, post.clock, lambda: 0.5)
    deliverer = Deliverer(ports, in_force, Manners(pace=UNHURRIED))
    holds(post, 45)

    async def ticks():
        for _ in range(5):
            await deliverer.tick()
            await deliverer.slots.idle()
            post.clock.passes(seconds=1)

    asyncio.run(ticks())
    assert [letter.silent for letter, _ in chats.letters] == [False, True, True]
