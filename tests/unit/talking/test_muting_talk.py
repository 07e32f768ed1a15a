"""What a chat mutes by a command is muted, listed and undone, by those who may."""

import pytest

from monitors.talking.heard import Place
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, BOB, EVE, GROUP, MIA, TO_ANN, TO_DESK, TO_MIA, data_of

AT_ANN = Place(chat=ANN, name="@ann")


@pytest.fixture
def desk():
    opened = MindingDesk()
    yield opened
    opened.closes()


def labels(answer):
    return [button.label for row in answer.rows for button in row]


def message(desk):
    """Answer the number of the message of the only alert of Ann's."""
    desk.publishes("A ship sails to Oslo today")
    return desk.store.write_now(
        lambda ledger: ledger.feeds._db.execute(
            "SELECT message_id FROM alert WHERE chat = 'ann'"
        ).fetchone()[0]
    )


def test_a_chat_is_muted_for_a_time_and_hears_again_when_that_is_undone(desk):
    said = desk.says(ANN, TO_ANN, "/mute 2h")
    assert said.text.startswith("Muted: this chat, until ")
    assert "not told later either" in said.text
    desk.publishes("A ship sails to Oslo today")
    assert desk.newsroom.arrived.get("ann", []) == []

    undone = desk.presses(ANN, TO_ANN, data_of(said, "Undo"))
    assert undone.toast == "You hear of it again."
    assert undone.answer.text == "Nothing is muted here."
    again = desk.presses(ANN, TO_ANN, data_of(said, "Undo"))
    assert (again.toast, again.answer) == ("That is not muted any more.", None)
    desk.publishes("Another ship leaves Bergen for repairs after a fire")
    assert len(desk.newsroom.arrived["ann"]) == 1


def test_a_mute_without_a_time_offers_some(desk):
    said = desk.says(ANN, TO_ANN, "/mute")
    assert labels(said) == ["1 h", "8 h", "24 h"]
    muted = desk.presses(ANN, TO_ANN, data_of(said, "8 h")).answer
    assert muted.text.startswith("Muted: this chat, until ")
    assert desk.presses(ANN, TO_ANN, "mute:9").toast.startswith("This button is too old")


@pytest.mark.parametrize(
    ("words", "kinds", "begins"),
    [
        ("", ["MutedStory"], "Muted: the story “A ship sails to Oslo today”."),
        ("story", ["MutedStory"], "Muted: the story"),
        ("2h", ["MutedStory"], "Muted: the story “A ship sails to Oslo today”, until"),
        ("outlet 24h", ["MutedOutlet"], "Muted: Outlet 1 for rule ship, until"),
        ("rule", ["MutedRule"], "Muted: rule ship, for ever."),
        ("rule Ship 7d", ["MutedRule"], "Muted: rule ship, until"),
    ],
)
def test_in_answer_to_an_alert_its_story_or_what_is_said_is_muted(desk, words, kinds, begins):
    number = message(desk)
    said = desk.says(ANN, AT_ANN, f"/mute {words}", reply_to=number)
    assert said.text.startswith(begins)
    assert desk.muted("ann") == kinds


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("story", "Answer an alert"),
        ("outlet", "Answer an alert"),
        ("rule", "Answer an alert"),
        ("rule nonsense", "No rule of that name tells this chat."),
        ("rule AUKUS Pillar 2", "No rule of that name tells this chat."),
        ("0h", "Write a time"),
        ("99999w", "Write a time"),
        ("2 parrots", "Write a time"),
        ("story parrots", "Write a time"),
        ("9" * 4000, "Write a time"),
    ],
)
def test_what_cannot_be_muted_is_said(desk, words, begins):
    assert desk.says(ANN, TO_ANN, f"/mute {words}").text.startswith(begins)
    assert desk.muted("ann") == []


def test_off_lists_what_is_muted_to_undo_it(desk):
    assert desk.says(ANN, TO_ANN, "/mute off").text == "Nothing is muted here."
    desk.says(ANN, TO_ANN, "/mute 2h")
    listed = desk.says(ANN, TO_ANN, "/mute OFF")
    assert listed.text.startswith("Muted here\n1. ")
    assert [button.label for row in listed.rows for button in row] == ["Undo 1"]


def test_an_answer_to_another_message_or_chat_mutes_nothing(desk):
    number = message(desk)
    assert desk.says(BOB, TO_DESK, "/mute", reply_to=number).text.startswith("Answer an alert")
    assert desk.says(ANN, AT_ANN, "/mute", reply_to="999").text.startswith("Answer an alert")
    assert (desk.muted("ann"), desk.muted("desk")) == ([], [])


def test_only_owners_mute_and_everybody_sees_what_is_muted(desk):
    assert desk.says(EVE, TO_DESK, "/mute 2h") is None
    shown = desk.says(BOB, TO_DESK, "/mute 2h")
    listed = desk.says(EVE, TO_DESK, "/muted")
    assert listed.text.startswith("Muted here\n1. this chat, until ")
    assert desk.presses(EVE, TO_DESK, data_of(listed, "Undo 1")).toast == "needs OWNER"
    assert desk.presses(EVE, TO_DESK, "mute:8").toast == "needs OWNER"
    assert desk.presses(ANN, TO_ANN, data_of(shown, "Undo")).toast.startswith("That is not muted")
    assert desk.muted("desk") == ["MutedChat"]
    assert desk.presses(BOB, TO_DESK, data_of(listed, "Undo 1")).answer.text.startswith("Nothing")


def test_a_long_list_is_paged_and_each_is_undone_where_it_stands(desk):
    rules = "".join(f"  - {{match: word{number}, send_to: [ann]}}\n" for number in range(20))
    desk.by_hand(f"rules:\n{rules}chats:\n  ann: {{telegram: 42}}\n")
    for number in range(20):
        desk.says(ANN, TO_ANN, f"/mute rule word{number}")
    first = desk.says(ANN, TO_ANN, "/muted")
    second = desk.presses(ANN, TO_ANN, data_of(first, "▸")).answer
    undone = desk.presses(ANN, TO_ANN, data_of(second, "Undo 9")).answer

    assert first.text.startswith("20 muted here\n1. rule word0, for ever")
    assert second.text.splitlines()[1].startswith("9. rule word8")
    assert undone.text.startswith("19 muted here\n9. rule word9")
    assert undone.edits == "7"
    last = desk.presses(ANN, TO_ANN, "muted:9999").answer
    assert last.text.splitlines()[1].startswith("17. ")
    assert labels(last)[-1] == "◂"


def test_a_chat_that_rules_yaml_lacks_has_nothing_to_mute(desk):
    for text in ("/mute 2h", "/muted"):
        assert "rules.yaml does not have this chat" in desk.says(MIA, TO_MIA, text).text
    assert desk.presses(MIA, TO_MIA, "muted:0").toast.startswith("This button is too old")


def test_mutes_survive_a_restart_and_end_by_themselves(desk):
    desk.says(BOB, TO_DESK, "/mute 2h")
    desk.restarts()
    assert desk.muted("desk") == ["MutedChat"]
    desk.clock.passes(hours=2)
    assert desk.says(EVE, TO_DESK, "/muted").text == "Nothing is muted here."
    assert TO_DESK.chat == GROUP
