"""What is held back, put together or in doubt is told as it is by then, and by its own reason."""

from datetime import timedelta

import pytest

from monitors.alerts.again import with_again
from monitors.alerts.alert import Again
from monitors.alerts.digest import Together
from monitors.alerts.pacing import TELEGRAM_PACE
from monitors.pipeline.records import AlertId, Kind, State
from tests.contract.test_peers import ANN, Post, content
from tests.fakes.stand_ins import START

QUIET = "quiet hours"
MORNING = START + timedelta(hours=8)


@pytest.fixture
def post():
    opened = Post()
    yield opened
    opened.store.close()


def holds(post, count, chat="ann", **more):
    return [post.tell(chat, f"Ship {number} sails", why=QUIET, **more) for number in range(count)]


def replies(post, alert, told, **more):
    values = {"high": False, "now": post.clock()} | more
    post.does(lambda ledger: ledger.alerts.reply(alert, told, **values))


def loses_a_chat_for_a_moment(post):
    post.tell(title="Another ship")
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    post.does(lambda ledger: ledger.outbox.let_in(ANN))
    post.sends()


def is_found(post, number):
    letter = post.next()
    assert letter.probe == number
    post.settle(letter, message_id=str(number), cleared=True)


@pytest.mark.parametrize("count", [1, 2])
def test_what_has_grown_while_it_was_in_doubt_is_changed_when_it_is_found(post, count):
    post.tell()
    post.sends(100)
    alert, *_ = holds(post, count)
    post.loses()
    post.revise(alert, "Ship 0 sinks")

    is_found(post, 101)

    letter = post.next()
    told = letter.digest.stories[0] if letter.digest else letter.content
    assert (letter.kind, letter.message_id) == (Kind.REVISION, "101")
    assert told.headline.text == "Ship 0 sinks"


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_found_as_it_was_sent_is_not_changed(post, count):
    post.tell()
    post.sends(100)
    holds(post, count)
    post.loses()

    is_found(post, 101)

    assert post.claim() == ()


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_given_up_and_has_grown_is_changed_when_it_is_met(post, count):
    alert, *_ = holds(post, count)
    letter = post.next()
    post.revise(alert, "Ship 0 sinks")
    post.settle(letter, State.DOUBT, doubtful=True, due_at=MORNING)
    post.does(lambda ledger: ledger.outbox.adopt(letter.id, "9", f"telegram:{ANN}:", post.clock()))

    assert (post.next().kind, post.counts()["sending"]) == (Kind.REVISION, 1)


def test_what_quiet_hours_hold_back_is_not_taken_for_what_a_chat_refused(post):
    holds(post, 3, due_at=MORNING)
    loses_a_chat_for_a_moment(post)
    post.clock.at = MORNING

    assert post.next().digest.together is Together.HELD


def test_what_a_lost_chat_is_told_of_the_night_is_what_quiet_hours_held_back(post):
    post.tell()
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    holds(post, 3, due_at=MORNING)
    post.clock.at = MORNING
    post.does(lambda ledger: ledger.outbox.let_in(ANN))
    digest = post.next().digest

    assert (digest.together, digest.total) == (Together.RETURNED, 4)


def test_a_reply_that_is_held_back_stays_so_when_its_chat_was_lost_meanwhile(post):
    alert = post.tell()
    post.sends(1)
    replies(post, alert, content("3 outlets"), due_at=MORNING, why=QUIET)
    loses_a_chat_for_a_moment(post)

    assert post.does(lambda ledger: ledger.alerts.held_reply(alert)).why == QUIET
    (held,) = post.does(lambda ledger: ledger.outbox.held_back())
    assert held.due_at == MORNING


def test_two_replies_of_a_story_are_one_line_that_tells_both():
    post = Post(TELEGRAM_PACE)
    alert = post.tell("news")
    post.sends(1)
    for again in (Again(outlets=10), Again(further=("Storms",))):
        replies(post, alert, with_again(content("Ship"), again))
    for number in range(20):
        post.tell("news", f"Ship {number} sails")

    notes = [story.note for story in post.next().digest.stories]

    assert notes[0] == "10 outlets report it now · A further rule holds: Storms"
    post.store.close()


@pytest.mark.parametrize("has_heir", [True, False])
def test_an_alert_that_waits_is_withdrawn_with_what_waits_below_it(post, has_heir):
    heir = post.tell()
    post.sends(7)
    alert = post.tell()
    replies(post, alert, content("10 outlets"))
    other = AlertId(heir) if has_heir else None

    assert post.does(lambda ledger: ledger.regrouping.withdraw(AlertId(alert), other))
    assert [(one.kind, one.reply_to) for one in post.claim()] == [(Kind.REPLY, "7")] * has_heir


def test_an_alert_that_was_tried_is_not_withdrawn(post):
    alert = post.tell()
    post.next()
    assert not post.does(lambda ledger: ledger.regrouping.withdraw(AlertId(alert)))
