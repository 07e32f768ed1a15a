"""What did not arrive is listed for administrators, sent again or dropped, and a drop undone."""

import pytest

from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, MIA, TO_ANN, TO_DESK, TO_MIA, data_of

HEADLINES = (
    "A ship sails to Oslo today",
    "Court stops the sale of a navy ship",
    "Fire on a cruise ship kills two near Crete",
    "Old wooden ship found under a car park",
    "Ship strikes bridge, harbour closed for weeks",
    "Cadets choose women to lead tall ship voyage",
    "Insurers refuse cover for grain ship convoy",
)


@pytest.fixture
def desk():
    opened = MindingDesk()
    opened.newsroom.delivers = lambda: None
    yield opened
    opened.closes()


def fails(desk, count=1, state="dead", why="403 <bot was kicked>"):
    for headline in HEADLINES[:count]:
        desk.publishes(headline)
    desk.store.write_now(
        lambda ledger: ledger.feeds._db.execute(
            "UPDATE outbox SET state = ?, why = ?", [state, why]
        )
    )


def states(desk):
    return desk.store.write_now(
        lambda ledger: [
            row[0] for row in ledger.feeds._db.execute("SELECT state FROM outbox ORDER BY id")
        ]
    )


def labels(answer):
    return [[button.label for button in row] for row in answer.rows]


@pytest.mark.parametrize("state", ["dead", "parked", "in doubt"])
def test_what_failed_is_listed_with_its_reason(desk, state):
    fails(desk, state=state)
    said = desk.says(MIA, TO_MIA, "/failed")
    assert said.text.startswith("1 undelivered\n1. A ship sails to Oslo today")
    assert f"→ ann: {state}, 403 <bot was kicked>, " in said.text
    assert labels(said) == [["Retry 1", "Drop 1"], ["Retry all"]]


def test_nothing_failed_is_said(desk):
    assert desk.says(MIA, TO_MIA, "/failed").text == "Everything has arrived, or is on its way."


def test_one_is_sent_again_once(desk):
    fails(desk)
    said = desk.says(MIA, TO_MIA, "/failed")
    first = desk.presses(MIA, TO_MIA, data_of(said, "Retry 1"))
    again = desk.presses(MIA, TO_MIA, data_of(said, "Retry 1"))
    assert (first.toast, again.toast) == (
        "Trying again: 1.",
        "That one did not fail, or not any more.",
    )
    assert first.answer.text.startswith("Everything has arrived")
    assert first.answer.edits == "7"
    assert states(desk) == ["pending"]


def test_a_drop_can_be_undone(desk):
    fails(desk)
    said = desk.says(MIA, TO_MIA, "/failed")
    dropped = desk.presses(MIA, TO_MIA, data_of(said, "Drop 1"))
    assert states(desk) == ["dropped"]
    assert dropped.toast == "Dropped."
    kept = desk.presses(MIA, TO_MIA, data_of(dropped.answer, "Undo the drop"))
    assert kept.toast == "It is kept again."
    assert kept.answer.text.startswith("1 undelivered")
    assert states(desk) == ["dead"]
    again = desk.presses(MIA, TO_MIA, data_of(dropped.answer, "Undo the drop"))
    assert again.toast == "That one did not fail, or not any more."


def test_what_was_sent_or_folded_is_never_picked_up(desk):
    fails(desk, state="dropped", why="its message is gone")
    assert desk.presses(MIA, TO_MIA, "failed:keep:1").toast.startswith("That one did not fail")
    assert states(desk) == ["dropped"]


def test_many_are_paged_and_all_sent_again(desk):
    fails(desk, 7)
    said = desk.says(MIA, TO_MIA, "/failed")
    total = len(states(desk))
    assert said.text.startswith(f"{total} undelivered\n1. ")
    second = desk.presses(MIA, TO_MIA, data_of(said, "▸")).answer
    assert second.text.splitlines()[1].startswith("6. ")
    assert labels(second)[-1] == ["◂", "Retry all"]
    done = desk.presses(MIA, TO_MIA, data_of(second, "Retry all"))
    assert done.toast == f"Trying again: {total}."
    assert set(states(desk)) == {"pending"}


def test_only_administrators_and_only_in_their_own_chat(desk):
    fails(desk)
    assert desk.says(ANN, TO_ANN, "/failed") is None
    assert desk.presses(ANN, TO_ANN, "failed:drop:1").toast == "needs ADMIN"
    assert desk.says(MIA, TO_DESK, "/failed").text.startswith("I tell that in our own chat only")
    assert desk.presses(MIA, TO_DESK, "failed:drop:1").toast.startswith("I tell that in our own")
    assert states(desk) == ["dead"]


@pytest.mark.parametrize(
    "data", ["failed:drop:all", "failed:x:1", "failed:retry:", f"failed:drop:{'9' * 19}", "failed:"]
)
def test_forged_buttons_do_nothing(desk, data):
    fails(desk)
    assert desk.presses(MIA, TO_MIA, data).toast.startswith("This button is too old")
    assert states(desk) == ["dead"]
