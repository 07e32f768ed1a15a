"""People are told what they have to know of feeds, once, and in few words."""

from dataclasses import replace
from datetime import timedelta

from monitors.polling.health import Patient, changes, compose, is_troubled, state_of
from monitors.polling.memory import Memory, State
from tests.fakes.stand_ins import START

DAY = timedelta(days=1)
FINE = Memory(next_poll_at=START, last_poll_at=START, last_ok_at=START, first_ok_at=START)


def failing(days, failures=9, **more):
    values = {"failing_since": START - days * DAY, "failures": failures, "message": "no answer"}
    return replace(FINE, **(values | more))


def patient(memory, name="Wire", host="wire.example"):
    return Patient(name=name, address=f"https://{host}/{name}", host=host, memory=memory)


def told(*patients, feeds=1):
    return {one.patient.name: one.told for one in changes(patients, {"wire.example": feeds}, START)}


def test_a_feed_is_down_after_a_day_and_five_failures():
    assert told(patient(failing(0.9))) == {}
    assert told(patient(failing(1.1, failures=4))) == {}
    assert told(patient(failing(1.1))) == {"Wire": State.FAILING}
    assert told(patient(failing(1.1, told=State.FAILING))) == {}


def test_a_month_later_and_when_it_is_gone_people_are_told_again():
    gone = failing(3, gone_at=START - DAY, status=410, told=State.FAILING)

    assert told(patient(failing(31, told=State.FAILING))) == {"Wire": State.WEEKLY}
    assert told(patient(failing(31, told=State.WEEKLY))) == {}
    assert told(patient(gone)) == {"Wire": State.GONE}


def test_people_hear_that_a_feed_is_back_only_if_they_knew_that_it_was_down():
    assert told(patient(replace(FINE, told=State.FAILING))) == {"Wire": None}
    assert told(patient(FINE)) == {}


def test_a_host_of_which_half_is_down_is_told_of_once():
    down = [patient(failing(1.1), f"Feed {number}") for number in range(4)]
    fresh = [patient(failing(0.5), f"Feed {number}") for number in range(4, 6)]
    found = changes([*down, *fresh], {"wire.example": 12}, START)
    text = compose(found, {"wire.example": 12})

    assert {one.told for one in found} == {State.FAILING}
    assert len(found) == 6
    assert "6 of 12 feeds of wire.example: no answer" in text
    assert "Feed 1" not in text


def test_a_return_waits_for_the_others_of_the_host_but_not_for_ever():
    back = replace(FINE, told=State.FAILING)
    waiting = failing(2, told=State.FAILING, last_poll_at=START - timedelta(minutes=5))
    asked = failing(2, told=State.FAILING, last_poll_at=START)
    late = replace(back, last_ok_at=START - timedelta(hours=2))
    stuck = failing(2, told=State.FAILING, last_poll_at=START - timedelta(hours=3))

    assert told(patient(back, "A"), patient(waiting, "B"), feeds=9) == {}
    assert told(patient(back, "A"), patient(asked, "B"), feeds=9) == {"A": None}
    assert told(patient(late, "A"), patient(stuck, "B"), feeds=9) == {"A": None}


def test_a_move_is_told_of_once():
    moved = replace(FINE, asked_at="https://new.example/feed.xml")
    (change,) = changes([patient(moved)], {}, START)

    assert (change.told, is_troubled(moved)) == (State.MOVED, True)
    assert "https://new.example/feed.xml" in compose([change], {})
    assert not is_troubled(replace(moved, told=State.MOVED))


def test_a_feed_without_entries_is_told_of_after_a_day():
    assert told(patient(replace(FINE, empty_since=START - DAY / 2))) == {}
    assert told(patient(replace(FINE, empty_since=START - 2 * DAY))) == {"Wire": State.WARNING}


def test_a_feed_that_is_known_by_its_address_is_named_once():
    gone = failing(3, gone_at=START - DAY, status=410)
    nameless = patient(gone, "https://wire.example/x")
    (change,) = changes([replace(nameless, address=nameless.name)], {}, START)

    assert compose([change], {}).count(nameless.name) == 1


def test_a_message_stays_short():
    many = [patient(failing(2, message="x" * 9_999), f"F{n}", f"h{n}.example") for n in range(500)]
    text = compose(changes(many, {}, START), {})

    assert len(text) < 4_000
    assert "… and 490 more" in text


def test_states_are_told_apart():
    states = {
        State.NEW: Memory(next_poll_at=START),
        State.OK: FINE,
        State.WARNING: replace(FINE, message="it has no entries"),
        State.FAILING: failing(1),
        State.WEEKLY: failing(30),
        State.GONE: failing(2, gone_at=START - DAY, status=410),
        State.MOVED: replace(FINE, asked_at="https://new.example/"),
    }

    assert {state: state_of(memory, START) for state, memory in states.items()} == {
        state: state for state in State
    }
