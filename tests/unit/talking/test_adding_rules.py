"""Adding a rule is a talk: what is looked for, how it is understood, what it finds, and a save."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.alerts.showing.markup import fits
from monitors.language.problems import Problem
from monitors.talking.heard import Place
from monitors.talking.rules_talk.trying import Tryer
from tests.fakes.rules_desk import (
    ANN,
    BOB,
    EVE,
    GROUP,
    MIA,
    RULES,
    STRANGER,
    TO_ANN,
    TO_DESK,
    TO_MIA,
    RulesDesk,
    data_of,
)


@pytest.fixture
def desk():
    opened = RulesDesk()
    yield opened
    opened.closes()


def saves(desk, answer, user=ANN, place=TO_ANN):
    """Press Save, and then the button below what is changed; answer what is said then."""
    shown = desk.presses(user, place, data_of(answer, "Save")).answer
    return desk.presses(user, place, data_of(shown, "Write it")).answer


def test_a_rule_is_understood_tried_shown_and_saved(desk):
    desk.publishes("A whale visits the old harbour")
    asked = desk.says(ANN, TO_ANN, "/addrule")
    preview = desk.says(ANN, TO_ANN, "whale NOT film")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    assert desk.file.text == RULES
    done = desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer

    assert asked.text.startswith("What do you look for?")
    assert "All of: whale · not: film" in preview.text
    assert "Last 7 days: 1 story from 1 outlet, in 1 stored article." in preview.text
    assert "A whale visits the old harbour" in preview.text
    assert "+   - match: whale NOT film" in shown.text
    assert done.text.startswith("Done, and in force: added the rule whale NOT film")
    added = "  - match: whale NOT film\n    send_to: [ann]\n"
    assert desk.file.text == RULES.replace("chats:\n", f"{added}chats:\n")
    assert "whale NOT film" in [rule.name for rule in desk.in_force.book.rulebook.rules]
    assert desk.says(ANN, TO_ANN, "thank you") is None


def test_the_condition_may_stand_behind_the_command_and_words_do_for_buttons(desk):
    desk.says(ANN, TO_ANN, "/addrule whale")
    desk.says(ANN, TO_ANN, "Name")
    named = desk.says(ANN, TO_ANN, " The  whale ")
    shown = desk.says(ANN, TO_ANN, "save")
    desk.presses(ANN, TO_ANN, data_of(shown, "Write it"))

    assert named.text.startswith("The whale\nwhale")
    assert "- name: The whale" in desk.file.text


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("boat AND (", "boat AND (\n         ^", "parenthes"),
        ("boat AND @pilar-2", "boat AND @pilar-2\n         ^", "Did you mean @\u2060pillar-2?"),
        ("船 AND (", "船 AND (\n\u3000     ^", "parenthes"),
    ],
)
def test_a_mistake_is_shown_at_its_place_and_the_talk_goes_on(desk, text, place, says):
    desk.says(ANN, TO_ANN, "/addrule")
    wrong = desk.says(ANN, TO_ANN, text)
    right = desk.says(ANN, TO_ANN, "boat")

    assert place in wrong.text
    assert says in wrong.text
    assert data_of(right, "Save")


def test_a_headline_is_taken_for_the_words_that_tell_it(desk):
    for title in ("The minister says that talks go on in the north", "Talks, says the minister"):
        desk.publishes(title)

    answer = desk.says(ANN, TO_ANN, "/addrule Minister says the talks over AUKUS go on in Seoul")

    assert "reads like a headline" in answer.text
    assert '"AUKUS" AND "Seoul"' in answer.text


def test_a_condition_copied_from_a_message_is_the_same_condition(desk):
    answer = desk.says(ANN, TO_ANN, "/addrule boat AND @\u2060pillar-2")

    (copied,) = [run.text for run in answer.runs if run.tags == ("code",)]
    assert copied == "boat AND @pillar-2"


def test_what_is_missed_by_one_part_is_told(desk):
    desk.publishes("A whale visits the old harbour")
    desk.publishes("AUKUS ministers meet")

    answer = desk.says(ANN, TO_ANN, "/addrule AUKUS AND submarine")

    assert "Last 7 days: 0 stories, in 2 stored articles." in answer.text
    assert "Only just not:\n• AUKUS ministers meet" in answer.text
    assert "no submarine" in answer.text


def test_advice_is_given(desk):
    answer = desk.says(ANN, TO_ANN, "/addrule boat or ferry")

    assert "Or is searched for as a word here. Write OR" in answer.text


def test_the_same_advice_is_given_once(desk):
    answer = desk.says(ANN, TO_ANN, "/addrule a OR a OR a")

    assert answer.text.count("A is found in nearly every text") == 1


def test_a_wish_is_not_taken_for_the_person_who_has_it(desk):
    answer = desk.says(ANN, TO_ANN, "/addrule I want all about the submarine deal with Australia")

    assert answer.text.startswith("That reads like a headline")
    assert '"Australia"' in answer.text
    assert '"I"' not in answer.text


def test_it_says_so_where_there_was_no_time_for_all(desk):
    for number in range(3):
        desk.publishes(f"Whale number {number} is seen")
    ticks = iter(range(10_000))
    still = desk.clock.at
    tryer = next(group for group in desk.groups if isinstance(group, Tryer))
    tryer.trial = replace(tryer.trial, clock=lambda: still + timedelta(seconds=next(ticks)))

    answer = desk.says(ANN, TO_ANN, "/try whale")

    assert "there was no time for more" in answer.text


def test_change_asks_again_and_cancel_ends_it(desk):
    first = desk.says(ANN, TO_ANN, "/addrule whale")
    again = desk.presses(ANN, TO_ANN, data_of(first, "Change")).answer
    second = desk.says(ANN, TO_ANN, "whales")
    gone = desk.presses(ANN, TO_ANN, data_of(second, "Cancel"))

    assert "It was:\nwhale" in again.text
    assert gone.answer.text == "Cancelled: nothing was changed."
    assert desk.presses(ANN, TO_ANN, data_of(second, "Save")).toast.startswith("This button is too")
    assert desk.says(ANN, TO_ANN, "boat") is None


def test_the_command_cancel_ends_a_talk_and_says_so(desk):
    desk.says(ANN, TO_ANN, "/addrule")

    assert desk.says(ANN, TO_ANN, "/cancel").text == "Cancelled: nothing was changed."
    assert desk.says(ANN, TO_ANN, "whale") is None
    assert desk.says(ANN, TO_ANN, "/cancel").text.startswith("There is nothing to cancel")


def test_a_button_of_an_earlier_preview_does_not_save_the_later_one(desk):
    first = desk.says(ANN, TO_ANN, "/addrule whale")
    desk.says(ANN, TO_ANN, "boat")

    assert desk.presses(ANN, TO_ANN, data_of(first, "Save")).toast.startswith("This button is too")


def test_nobody_else_presses_the_buttons_of_a_talk(desk):
    preview = desk.says(BOB, TO_DESK, "/addrule whale")

    for user in (MIA, EVE, STRANGER):
        reaction = desk.presses(user, TO_DESK, data_of(preview, "Save"))
        assert (bool(reaction.toast), reaction.answer) == (True, None)
    assert desk.presses(BOB, TO_ANN, data_of(preview, "Save")).answer is None


def test_in_a_group_only_answers_to_a_message_are_taken_for_the_talk(desk):
    desk.says(BOB, TO_DESK, "/addrule")

    assert desk.says(BOB, TO_DESK, "lunch?") is None
    preview = desk.says(BOB, TO_DESK, "whale", reply_to="12")
    saves(desk, preview, BOB, TO_DESK)
    assert "  - match: whale\n    send_to: [desk]\n" in desk.file.text


def test_the_talk_survives_a_restart_but_not_forever(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    desk.restarts()
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    desk.restarts()
    done = desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer
    desk.says(ANN, TO_ANN, "/addrule boat")
    desk.clock.passes(minutes=31)

    assert done.text.startswith("Done")
    assert desk.says(ANN, TO_ANN, "ferry") is None


def test_a_name_that_is_taken_or_too_long_is_asked_for_again(desk):
    desk.says(ANN, TO_ANN, "/addrule whale")
    for wrong in ("name", "AUKUS Pillar 2", "x" * 201):
        answer = desk.says(ANN, TO_ANN, wrong)
        assert "Answer this message with a name." in answer.text
    assert data_of(desk.says(ANN, TO_ANN, "W"), "Save")


def test_a_rule_that_is_there_already_is_refused_and_can_be_named(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule ship")
    refused = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    desk.presses(ANN, TO_ANN, data_of(preview, "Name it"))
    named = desk.says(ANN, TO_ANN, "Another ship")

    assert refused.text.startswith("Nothing was changed.")
    assert saves(desk, named).text.startswith("Done")


def test_an_edit_by_hand_meanwhile_is_refused_with_both_versions(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    desk.by_hand(RULES.replace("match: ship", "match: ships"))
    told = desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer

    assert "rules.yaml was edited meanwhile" in told.text
    assert "+   - match: ships" in told.text
    assert "+   - match: whale" in told.text
    assert "whale" not in desk.file.text
    desk.presses(ANN, TO_ANN, data_of(told, "Write it"))
    assert ("match: ships" in desk.file.text, "match: whale" in desk.file.text) == (True, True)


def test_a_read_only_file_says_so(desk):
    desk.file.refused = Problem(message="its folder is read-only", hint="Make it writable")
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    answer = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer

    assert "Its folder is read-only. Make it writable" in answer.text


def test_a_file_with_a_mistake_is_not_taken_for_a_mistake_of_the_condition(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    desk.file.text = f"{RULES}nonsense: ["
    answer = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer

    lines = RULES.count("\n") + 1
    assert f"rules.yaml: The file has a mistake in line {lines}: " in answer.text
    assert "whale" not in answer.text


def test_an_edit_by_hand_meanwhile_that_is_a_mistake_says_where(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    desk.file.text = f"{RULES}nonsense: ["
    told = desk.presses(ANN, TO_ANN, data_of(shown, "Write it")).answer

    assert "The file has a mistake in line" in told.text
    assert not told.rows


def test_an_administrator_who_stays_anonymous_presses_in_their_own_name(desk):
    preview = desk.says(GROUP, TO_DESK, "/addrule whale")
    reader = desk.presses(EVE, TO_DESK, data_of(preview, "Save"))
    shown = desk.presses(BOB, TO_DESK, data_of(preview, "Save")).answer
    desk.presses(BOB, TO_DESK, data_of(shown, "Write it"))

    assert reader.answer is None
    assert "  - match: whale\n    send_to: [desk]\n" in desk.file.text


def test_of_two_who_press_at_once_the_later_does_not_deny_what_was_done(desk):
    preview = desk.says(MIA, TO_DESK, "/addrule whale")
    shown = desk.presses(MIA, TO_DESK, data_of(preview, "Save")).answer
    first, second = desk.press_at_once((MIA, BOB), TO_DESK, data_of(shown, "Write it"))

    assert first.answer.text.startswith("Done, and in force")
    assert (second.answer, second.toast[:20]) == (None, "Somebody was quicker")
    assert desk.file.text.count("match: whale") == 1


def test_only_what_a_draft_has_a_button_for_can_be_said(desk):
    new = desk.says(ANN, TO_ANN, "/addrule whale")
    desk.says(ANN, TO_ANN, "/editrule ship")
    old = desk.says(ANN, TO_ANN, "ship OR boat")

    assert new.text.endswith("with: save, name, change, cancel.")
    assert old.text.endswith("with: save, change, cancel.")
    assert new.text.startswith("whale\nLast 7 days")


def test_a_change_that_is_given_up_is_not_made_later(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    desk.presses(ANN, TO_ANN, data_of(shown, "Cancel"))
    late = desk.presses(ANN, TO_ANN, data_of(shown, "Write it"))

    assert late.toast.startswith("This button is too old")
    assert desk.file.text == RULES


def test_where_no_alerts_can_come_an_administrator_adds_the_chat_first(desk):
    preview = desk.says(MIA, TO_MIA, "/addrule whale")
    lost = desk.presses(MIA, TO_MIA, data_of(preview, "Save")).answer
    here = desk.presses(MIA, TO_MIA, data_of(preview, "Send alerts here")).answer
    desk.presses(MIA, TO_MIA, data_of(here, "Write it"))
    saves(desk, preview, MIA, TO_MIA)

    assert "This chat is not in rules.yaml" in lost.text
    assert "telegram: 44" in desk.file.text
    assert "  - match: whale\n    send_to: [person-44]\n" in desk.file.text


def test_a_topic_that_is_no_chat_gets_no_rule_of_an_owner(desk):
    answer = desk.says(BOB, Place(chat=GROUP, topic=9), "/addrule whale")

    assert answer.text.startswith("rules.yaml does not name this topic")


def test_readers_and_strangers_add_nothing(desk):
    assert desk.says(EVE, TO_DESK, "/addrule whale") is None
    assert desk.says(STRANGER, Place(chat=STRANGER), "/addrule whale") is None


@pytest.mark.parametrize(
    "data",
    ["draft", "draft:", "draft:save", "draft:save:", "draft:save:xyz", "draft:here:0", "edit:yes:1",
     "edit:yes:99999999999999999999", "edit::1", "edit:yes:\u0661", "edit:yes:-1"],
)  # fmt: skip
def test_forged_buttons_do_nothing(desk, data):
    desk.says(ANN, TO_ANN, "/addrule whale")

    reaction = desk.presses(ANN, TO_ANN, data)

    assert (reaction.toast.startswith("This button is too old"), reaction.answer) == (True, None)
    assert desk.file.text == RULES


def test_a_proposal_of_another_chat_is_out_of_reach(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer

    for user, place in ((BOB, TO_DESK), (MIA, TO_MIA)):
        reaction = desk.presses(user, place, data_of(shown, "Write it"))
        assert reaction.toast.startswith("This button is too old")
    assert desk.presses(STRANGER, TO_ANN, data_of(shown, "Write it")).toast == "needs OWNER"
    assert desk.file.text == RULES


def test_an_owner_who_is_none_any_more_cannot_write_what_was_shown(desk):
    preview = desk.says(ANN, TO_ANN, "/addrule whale")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    moved = RULES.replace("ann: {telegram: 42}", "ann: {telegram: 77}\n  old: {telegram: 42}")
    desk.by_hand(moved)

    reaction = desk.presses(ANN, TO_ANN, data_of(shown, "Write it"))

    assert "Only those who look after this Newsbell" in reaction.toast
    assert desk.file.text == moved


def test_hostile_texts_stay_harmless_and_messages_fit(desk):
    bidi = "\u202e\u2066<b>@all /start</b>\u0000 "
    for number in range(12):
        title = f"{bidi}whale {number} " + "\U0001f40b" * 3_000
        desk.publishes(title, url=f"https://wire.example/{'&' * 1_900}{number}")
    condition = " OR ".join(f'"whale {"x" * 30} {number}"' for number in range(100))

    for text in ("whale", f"whale OR {condition}", f"{bidi} AND whale", "whale AND " + "(" * 3_000):
        answer = desk.says(ANN, TO_ANN, f"/addrule {text}")
        assert fits(answer.runs)
        assert not any(char in answer.text for char in "\u202e\u2066\u0000")
    assert all(len(button.data) <= 64 for row in answer.rows for button in row)
