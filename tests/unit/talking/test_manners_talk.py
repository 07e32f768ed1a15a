"""When a chat is told is shown, changed in rules.yaml once confirmed, and what waits is sent."""

import pytest

from monitors.language.problems import Problem
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, BOB, EVE, MIA, RULES, TO_ANN, TO_DESK, TO_MIA, data_of

ALWAYS = RULES.replace(
    "ann: {telegram: 42}",
    'ann: {telegram: 42, quiet_hours: "00:00-23:59", timezone: Asia/Seoul, max_per_hour: 9}',
)


@pytest.fixture
def desk():
    opened = MindingDesk()
    yield opened
    opened.closes()


@pytest.fixture
def quiet():
    opened = MindingDesk(ALWAYS)
    yield opened
    opened.closes()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("/quiet 22:00-07:00", "quiet_hours: 22:00-07:00"),
        ("/quiet 22-7", "quiet_hours: 22:00-07:00"),
        ("/quiet 22.30 – 6", "quiet_hours: 22:30-06:00"),
        ("/quiet 22:00 to 07:00", "quiet_hours: 22:00-07:00"),
        ("/quiet 10 pm to 6 am", "quiet_hours: 22:00-06:00"),
        ("/digest 8am and 18:00", 'digest: ["08:00", "18:00"]'),
        ("/digest 8", 'digest: "08:00"'),
        ("/digest 18:00, 08:00", 'digest: ["08:00", "18:00"]'),
    ],
)
def test_a_change_is_shown_and_written_when_it_is_confirmed(desk, words, line):
    shown = desk.says(ANN, TO_ANN, words)
    assert line in shown.text.replace("'", '"')
    assert desk.file.text == RULES
    desk.restarts()
    done = desk.presses(ANN, TO_ANN, data_of(shown, "Write it"))
    assert done.toast == "Done."
    assert line in desk.file.text.replace("'", '"')
    assert desk.file.text.count("\n") >= RULES.count("\n")


def test_off_takes_it_away_and_undo_brings_it_back(quiet):
    shown = quiet.says(ANN, TO_ANN, "/quiet off")
    done = quiet.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer
    assert "quiet_hours" not in quiet.file.text
    back = quiet.presses(ANN, TO_ANN, data_of(done, "Undo")).answer
    quiet.presses(ANN, TO_ANN, data_of(back, "Go back"))
    assert quiet.file.text == ALWAYS


def test_a_cancelled_change_changes_nothing(desk):
    shown = desk.says(ANN, TO_ANN, "/quiet 22-7")
    assert desk.presses(ANN, TO_ANN, data_of(shown, "Cancel")).toast == "Given up."
    assert desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).toast.startswith("This button is")
    assert desk.file.text == RULES


def test_a_change_of_the_file_meanwhile_and_a_read_only_file_are_told(desk):
    shown = desk.says(ANN, TO_ANN, "/quiet 22-7")
    desk.by_hand(RULES.replace("# Ours", "# Theirs"))
    told = desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer
    assert "rules.yaml was edited meanwhile" in told.text
    assert "22:00" not in desk.file.text

    desk.file.refused = Problem(message="rules.yaml is read-only", hint="Edit it where it is.")
    assert "read-only" in desk.says(ANN, TO_ANN, "/digest 8").text


@pytest.mark.parametrize(
    "words",
    ["25:00", "8-8", "nonsense", "22:00-07:00-09:00", "8:60", "-", "9" * 4000, "08:00 " * 400],
)
def test_what_is_no_time_is_answered_with_an_example(desk, words):
    for command in ("quiet", "digest"):
        said = desk.says(ANN, TO_ANN, f"/{command} {words}")
        assert said.text.startswith("Write when") or "In rules.yaml" in said.text
    assert desk.file.text == RULES


def test_too_many_digests_are_refused(desk):
    times = " ".join(f"{hour}:00" for hour in range(13))
    assert desk.says(ANN, TO_ANN, f"/digest {times}").text.startswith("Write when the digest")


def test_readers_see_and_only_owners_change(desk):
    shown = desk.says(EVE, TO_DESK, "/quiet")
    assert shown.text == (
        "desk\nQuiet hours: none\nDigests: none\nTimezone: UTC, where it is "
        f"{desk.clock():%H:%M}\nHeld back now: nothing"
    )
    for words in ("/quiet 22-7", "/digest 8", "/digest now", "/digest off"):
        assert desk.says(EVE, TO_DESK, words).text.startswith("Only those who look after this chat")
    assert desk.presses(EVE, TO_DESK, "digest:now").toast == "needs OWNER"
    asked = desk.says(BOB, TO_DESK, "/quiet 22-7")
    assert desk.presses(EVE, TO_DESK, data_of(asked, "Write it")).toast == "needs OWNER"
    assert desk.presses(ANN, TO_ANN, data_of(asked, "Write it")).toast.startswith("This button is")
    assert "rules.yaml does not have this chat" in desk.says(MIA, TO_MIA, "/quiet").text


def test_what_is_held_back_is_counted_and_sent_when_asked_for(quiet):
    quiet.publishes("A ship sails to Oslo today")
    quiet.publishes("The ferry to Bergen burns in the harbour")
    shown = quiet.says(ANN, TO_ANN, "/digest")
    assert "Quiet hours: 00:00-23:59, which is now" in shown.text
    assert "At most 9 alerts an hour\nTimezone: Asia/Seoul" in shown.text
    assert "Held back now: 2, until " in shown.text
    assert "ann" not in quiet.newsroom.arrived

    sent = quiet.presses(ANN, TO_ANN, data_of(shown, "Send it now"))
    quiet.newsroom.delivers()
    assert sent.toast == "It comes now: 2 held back."
    ((kind, _, outlets),) = quiet.newsroom.arrived["ann"]
    assert (kind, outlets) == ("new", "Outlet 1\nOutlet 2")  # in one digest
    assert quiet.says(ANN, TO_ANN, "/digest now").text == "Nothing is held back for this chat."
    assert quiet.presses(ANN, TO_ANN, "digest:1").toast.startswith("This button is too old")
