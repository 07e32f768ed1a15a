"""`/rules`, `/editrule`, `/pause` and `/undo`: everybody sees and changes what is theirs."""

import pytest

from monitors.alerts.showing.markup import fits
from monitors.rules.editing.edits import PauseRule
from monitors.talking.heard import Place
from monitors.talking.rules_talk.belonging import key_of
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

OLD = "This button is too old"
PACT, SHIP, FERRY = "AUKUS Pillar 2", "ship", "ferry"


@pytest.fixture
def desk():
    opened = RulesDesk()
    yield opened
    opened.closes()


def many(number, names=lambda one: f"rule {one}"):
    rules = "".join(f"  - {{match: ship{one}, name: '{names(one)}'}}\n" for one in range(number))
    return f"rules:\n{rules}chats:\n  ann: {{telegram: 42}}\n"


def card(desk, user, place, rule, act="card"):
    return desk.presses(user, place, f"rule:{act}:{key_of(rule)}:0")


def writes(desk, user, place, answer):
    return desk.presses(user, place, data_of(answer, "Write it")).answer


def test_each_chat_lists_its_rules_and_an_administrator_all_with_their_chats(desk):
    ann, group = desk.says(ANN, TO_ANN, "/rules").text, desk.says(EVE, TO_DESK, "/rules").text
    everything, there = desk.says(MIA, TO_MIA, "/rules").text, desk.says(MIA, TO_DESK, "/rules")

    assert (PACT in ann, SHIP in ann, FERRY in ann) == (False, True, True)
    assert (PACT in group, SHIP in group, FERRY in group) == (True, False, True)
    assert all(name in everything for name in (PACT, SHIP, FERRY, "→ ann, desk"))
    assert "→" not in ann
    assert SHIP not in there.text


def test_the_list_says_what_a_rule_has_found_and_whether_it_is_on(desk):
    desk.publishes("A ship sails to Oslo")
    desk.publishes("Another ship is late in Bergen")
    desk.edits(PauseRule(rule=FERRY, paused=True))

    text = desk.says(ANN, TO_ANN, "/rules").text

    assert "1. ship\non · 2 stories in 7 days" in text
    assert "2. ferry\n⏸ paused · 0 stories in 7 days" in text


def test_long_lists_are_turned_page_by_page_in_one_message():
    desk = RulesDesk(many(20))
    first = desk.says(ANN, TO_ANN, "/rules")
    second = desk.presses(ANN, TO_ANN, data_of(first, "▸"), message="12").answer
    last = desk.presses(ANN, TO_ANN, "rules:999").answer
    desk.closes()

    assert first.text.startswith("Rules 1–8 of 20")
    assert (second.edits, second.text[:17]) == ("12", "Rules 9–16 of 20\n")
    assert last.text.startswith("Rules 17–20 of 20")
    assert [button.label for button in last.rows[-1]] == ["◂"]
    assert [button.label for button in second.rows[-1]] == ["◂", "▸"]


def test_hostile_names_fit_into_a_page_and_stay_harmless():
    desk = RulesDesk(many(9, lambda one: f"<b>@all {one} " + "\U0001f40b" * 190))
    page = desk.says(MIA, TO_MIA, "/rules")
    shown = desk.presses(MIA, TO_MIA, data_of(page, "1")).answer
    which = desk.says(MIA, TO_MIA, "/editrule")
    desk.closes()

    for answer in (page, shown, which):
        assert fits(answer.runs)
        assert "@all" not in answer.text
    assert all(len(b.data) <= 64 for row in (*page.rows, *shown.rows, *which.rows) for b in row)


def test_a_card_tells_all_of_a_rule_and_offers_what_its_reader_may(desk):
    desk.publishes("Talks on AUKUS and its Pillar 2")
    page = desk.says(BOB, TO_DESK, "/rules")
    shown = desk.presses(BOB, TO_DESK, data_of(page, "1"), message="5").answer
    read = card(desk, EVE, TO_DESK, PACT).answer

    assert shown.edits == "5"
    assert "All of: AUKUS, @\u2060pillar-2 (Pillar 2, Pillar II)" in shown.text
    assert "Tells: desk" in shown.text
    assert "Last, 5 Nov 09:00: Talks on AUKUS and its Pillar 2 Outlet 1" in shown.text
    labels = [button.label for row in shown.rows for button in row]
    assert labels == ["Pause", "Edit", "Delete", "Try 7 days", "Back"]
    assert [button.label for row in read.rows for button in row] == ["Try 7 days", "Back"]
    back = desk.presses(BOB, TO_DESK, data_of(shown, "Back")).answer
    assert back.text == page.text


def test_a_card_tries_its_rule(desk):
    desk.publishes("Talks on AUKUS and its Pillar 2")

    answer = card(desk, EVE, TO_DESK, PACT, "try").answer

    assert "Last 7 days: 1 story" in answer.text


def test_the_buttons_of_a_card_show_what_they_change_and_then_change_it(desk):
    shown = card(desk, ANN, TO_ANN, SHIP, "pause").answer
    assert desk.file.text == RULES
    done = writes(desk, ANN, TO_ANN, shown)
    assert done.text.startswith("Done, and in force: paused ship.")
    assert "  - match: ship\n    paused: true\n    send_to: [ann]\n" in desk.file.text
    writes(desk, ANN, TO_ANN, card(desk, ANN, TO_ANN, SHIP, "delete").answer)
    assert "ship" not in desk.file.text


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "edit"])
@pytest.mark.parametrize(
    ("user", "place", "rule"),
    [(EVE, TO_DESK, PACT), (ANN, TO_ANN, FERRY), (BOB, TO_DESK, FERRY)],
)
def test_who_may_not_change_a_rule_is_told_so_at_each_button(desk, act, user, place, rule):
    reaction = card(desk, user, place, rule, act)

    assert (reaction.toast[:15], reaction.answer) == ("Only those who ", None)


@pytest.mark.parametrize("act", ["card", "try", "pause", "resume", "delete", "edit"])
def test_rules_of_another_chat_are_out_of_reach_of_forged_buttons(desk, act):
    for user, place, rule in ((ANN, TO_ANN, PACT), (EVE, TO_DESK, SHIP), (BOB, TO_DESK, SHIP)):
        reaction = card(desk, user, place, rule, act)
        assert (reaction.toast.startswith(OLD), reaction.answer) == (True, None)


@pytest.mark.parametrize(
    "data",
    ["rule", "rule:card", "rule:card::0", "rule:card:zz:9", "rule:burn:KEY:0", "rules", "rules:-1",
     "rules:x", "rules:\u0661", "rules:9999999", "change", "change:open:zz", "change:burn:KEY",
     "undo", "undo:x", "undo:", "undo:99999999999999999999"],
)  # fmt: skip
def test_forged_data_does_nothing(desk, data):
    reaction = desk.presses(ANN, TO_ANN, data.replace("KEY", key_of(SHIP)))

    assert (reaction.toast.startswith(OLD), reaction.answer) == (True, None)


def test_a_button_means_its_rule_wherever_that_stands_now(desk):
    page = desk.says(ANN, TO_ANN, "/rules")
    desk.by_hand(RULES.replace("  - match: ship\n", "  - {match: boat}\n  - match: ship\n"))
    moved = desk.presses(ANN, TO_ANN, data_of(page, "1")).answer
    desk.by_hand(RULES.replace("match: ship", "match: yacht"))
    gone = desk.presses(ANN, TO_ANN, data_of(page, "1"))

    assert moved.text.startswith("ship\n")
    assert gone.toast.startswith(OLD)


@pytest.mark.parametrize("named", ["SHIP", "1", "1.", "shi"])
def test_a_rule_is_edited_by_name_or_number(desk, named):
    asked = desk.says(ANN, TO_ANN, f"/editrule {named}")
    preview = desk.says(ANN, TO_ANN, "ship OR boat")
    shown = desk.presses(ANN, TO_ANN, data_of(preview, "Save")).answer
    writes(desk, ANN, TO_ANN, shown)

    assert asked.text.startswith("ship\nship\nAnswer this message with the new condition")
    assert "Any of: ship, boat" in preview.text
    assert "  - match: ship OR boat\n    send_to: [ann]\n" in desk.file.text
    assert desk.says(ANN, TO_ANN, "boat") is None


def test_a_rule_is_renamed_made_urgent_and_paused(desk):
    asked = desk.says(BOB, TO_DESK, "/editrule AUKUS Pillar 2")
    writes(desk, BOB, TO_DESK, desk.presses(BOB, TO_DESK, data_of(asked, "Urgent")).answer)
    writes(desk, BOB, TO_DESK, desk.presses(BOB, TO_DESK, data_of(asked, "Pause")).answer)
    desk.presses(BOB, TO_DESK, data_of(asked, "Name"))
    assert desk.says(BOB, TO_DESK, "not this", reply_to=None) is None
    desk.restarts()
    writes(desk, BOB, TO_DESK, desk.says(BOB, TO_DESK, "The pact", reply_to="9"))

    (rule,) = [one for one in desk.in_force.book.rulebook.rules if one.name == "The pact"]
    assert (rule.paused, rule.priority.value) == (True, "high")
    assert "# mind the pact" in desk.file.text
    again = desk.says(BOB, TO_DESK, "/editrule The pact")
    writes(desk, BOB, TO_DESK, desk.presses(BOB, TO_DESK, data_of(again, "Normal")).answer)
    assert "priority" not in desk.file.text


def test_editrule_and_pause_offer_what_may_be_changed(desk):
    ann, bob = desk.says(ANN, TO_ANN, "/editrule"), desk.says(BOB, TO_DESK, "/pause")
    mia = desk.says(MIA, TO_MIA, "/pause")
    none = desk.says(ANN, TO_ANN, "/resume")

    assert [row[0].label for row in ann.rows] == [SHIP]
    assert [row[0].label for row in bob.rows] == [PACT]
    assert [row[0].label for row in mia.rows] == [PACT, SHIP, FERRY]
    assert none.text == "No rule that you can change is paused here."
    asked = desk.presses(ANN, TO_ANN, data_of(ann, SHIP)).answer
    assert "Answer this message with the new condition" in asked.text


@pytest.mark.parametrize("command", ["editrule", "pause"])
def test_where_not_all_rules_fit_a_button_leads_to_the_list_of_all(command):
    desk = RulesDesk(many(27))
    which = desk.says(ANN, TO_ANN, f"/{command}")
    few = desk.says(ANN, TO_ANN, "/resume")
    listed = desk.presses(ANN, TO_ANN, data_of(which, "All rules"), message="12").answer
    desk.closes()

    assert "There are 7 more." in which.text
    assert (listed.edits, listed.text[:17]) == ("12", "Rules 1–8 of 27\n\n")
    assert few.rows == ()


def test_pause_and_resume_by_name(desk):
    writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/pause ship"))
    paused = desk.file.text
    writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/resume ship"))

    assert "    paused: true\n    send_to: [ann]\n" in paused
    assert desk.file.text == RULES


def test_a_rule_is_muted_here_for_so_long_and_the_file_stays_as_it_is(desk):
    answer = desk.says(BOB, TO_DESK, "/pause ferry 2h")
    listed = desk.says(EVE, TO_DESK, "/rules").text
    elsewhere = desk.says(ANN, TO_ANN, "/rules").text
    desk.publishes("A ferry sinks in the north")
    toast = desk.presses(BOB, TO_DESK, data_of(answer, "Undo")).toast
    again = desk.presses(BOB, TO_DESK, data_of(answer, "Undo")).toast
    desk.publishes("Bergen gets another ferry next year")

    assert answer.text.startswith("ferry does not ring here until 5 Nov 11:00.")
    assert ("muted until" in listed, "muted" in elsewhere) == (True, False)
    assert (toast, again) == ("It rings again.", "It is not muted any more.")
    arrived = desk.newsroom.arrived
    assert (len(arrived["ann"]), len(arrived["desk"])) == (2, 1)
    assert desk.file.text == RULES


def test_resume_ends_what_was_muted_and_a_mute_ends_by_itself(desk):
    desk.says(ANN, TO_ANN, "/pause ship 30m")
    ended = desk.says(ANN, TO_ANN, "/resume ship").text
    desk.says(ANN, TO_ANN, "/pause ship 30m")
    desk.clock.passes(minutes=31)

    assert ended == "ship rings again."
    assert "muted" not in desk.says(ANN, TO_ANN, "/rules").text


def test_an_administrator_alone_mutes_a_rule_wherever_it_rings(desk):
    answer = desk.says(MIA, TO_MIA, "/pause ferry 1d")

    assert answer.text.startswith("ferry does not ring in any chat until 6 Nov 09:00.")
    for user, place in ((ANN, TO_ANN), (BOB, TO_DESK)):
        assert "muted until" in desk.says(user, place, "/rules").text


def test_what_cannot_be_muted_is_said(desk):
    assert desk.says(ANN, TO_ANN, "/pause ship 31d").text.startswith("At most 30 days.")
    assert desk.says(ANN, TO_ANN, "/pause AUKUS Pillar 2 2h").text.startswith("There is no such")
    assert desk.says(EVE, TO_DESK, "/pause ferry 2h") is None
    assert desk.presses(EVE, TO_DESK, f"change:hear:{key_of(FERRY)}").toast == "needs OWNER"
    assert desk.presses(ANN, TO_ANN, f"change:hear:{key_of(PACT)}").toast.startswith(OLD)


@pytest.mark.parametrize("command", ["editrule", "pause", "resume"])
def test_commands_refuse_rules_of_others(desk, command):
    theirs = desk.says(ANN, TO_ANN, f"/{command} ferry").text
    hidden = desk.says(ANN, TO_ANN, f"/{command} AUKUS Pillar 2").text

    assert theirs.startswith("Only those who look after this Newsbell")
    assert hidden.startswith("There is no such rule here.")
    assert desk.says(EVE, TO_DESK, f"/{command} AUKUS Pillar 2") is None
    assert desk.says(STRANGER, Place(chat=STRANGER), f"/{command} ship") is None
    assert desk.presses(ANN, TO_ANN, f"change:pause:{key_of(FERRY)}").toast.startswith("Only those")
    assert desk.presses(EVE, TO_DESK, f"change:pause:{key_of(PACT)}").toast == "needs OWNER"


def test_a_rule_that_others_get_meanwhile_is_not_edited_in_the_talk(desk):
    desk.says(ANN, TO_ANN, "/editrule ship")
    desk.by_hand(RULES.replace("send_to: [ann]", "send_to: [ann, desk]"))

    answer = desk.says(ANN, TO_ANN, "boat")

    assert answer.text.startswith("That rule is not there any more, or is of other chats, too")
    assert desk.says(ANN, TO_ANN, "boat") is None


def test_who_owns_every_chat_of_a_rule_may_change_it_anywhere(desk):
    desk.by_hand(RULES.replace("desk: {telegram: -1001}", "desk: {telegram: -1001, owners: [42]}"))

    writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/pause ferry"))

    assert "  - match: ferry\n    paused: true\n" in desk.file.text
    assert card(desk, BOB, TO_DESK, FERRY, "resume").toast.startswith("Only those who look after")


def test_undo_says_who_did_what_and_goes_back_step_by_step(desk):
    for name in (SHIP, FERRY):
        writes(desk, MIA, TO_MIA, desk.says(MIA, TO_MIA, f"/pause {name}"))
    first = desk.says(MIA, TO_MIA, "/undo")
    desk.presses(MIA, TO_MIA, data_of(first, "Go back"))
    second = desk.says(MIA, TO_MIA, "/undo")
    desk.presses(MIA, TO_MIA, data_of(second, "Go back"))
    nothing = desk.says(MIA, TO_MIA, "/undo")

    assert "The last step was: paused ferry\nBy Person 44, 2026-11-05 09:00." in first.text
    assert "-     paused: true" in first.text
    assert "paused ship" in second.text
    assert desk.file.text == RULES
    assert "There is nothing to undo" in nothing.text


def test_the_button_below_a_change_undoes_it_and_undoing_is_undone(desk):
    done = writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/pause ship"))
    paused = desk.file.text
    shown = desk.presses(ANN, TO_ANN, data_of(done, "Undo")).answer
    undone = desk.presses(ANN, TO_ANN, data_of(shown, "Go back")).answer
    assert desk.file.text == RULES
    again = desk.presses(ANN, TO_ANN, data_of(undone, "Undo")).answer
    desk.presses(ANN, TO_ANN, data_of(again, "Go back"))

    assert desk.file.text == paused


def test_owners_go_back_from_their_own_edits_only(desk):
    done = writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/pause ship"))
    shown = desk.says(ANN, TO_ANN, "/undo")
    data = data_of(done, "Undo")

    assert desk.says(BOB, TO_DESK, "/undo").text.startswith("The last edit of rules.yaml is not")
    assert desk.presses(BOB, TO_DESK, data).toast.startswith("The last edit of rules.yaml is not")
    assert desk.says(EVE, TO_DESK, "/undo") is None
    assert desk.presses(EVE, TO_DESK, data).toast == "needs OWNER"
    assert desk.presses(BOB, TO_DESK, data_of(shown, "Go back")).toast.startswith(OLD)
    desk.presses(ANN, TO_ANN, data_of(shown, "Go back"))
    assert desk.file.text == RULES


def test_an_edit_by_hand_is_undone_by_administrators_who_are_told_of_it(desk):
    writes(desk, ANN, TO_ANN, desk.says(ANN, TO_ANN, "/pause ship"))
    paused = desk.file.text
    desk.by_hand(paused.replace("# Ours", "# Mine"))
    ann, mia = desk.says(ANN, TO_ANN, "/undo"), desk.says(MIA, TO_MIA, "/undo")
    desk.presses(MIA, TO_MIA, data_of(mia, "Go back"))

    assert ann.text.startswith("The last edit of rules.yaml is not yours")
    assert "edited the file\nBy somebody who edited the file" in mia.text
    assert desk.file.text == paused


def test_an_edit_by_hand_between_the_question_and_the_press_is_a_conflict(desk):
    writes(desk, MIA, TO_MIA, desk.says(MIA, TO_MIA, "/pause ship"))
    shown = desk.says(MIA, TO_MIA, "/undo")
    mine = desk.file.text.replace("# Ours", "# Mine")
    desk.by_hand(mine)
    told = desk.presses(MIA, TO_MIA, data_of(shown, "Go back")).answer

    assert "rules.yaml was edited meanwhile. That edit:\n- # Ours\n+ # Mine" in told.text
    assert "Yours was:" in told.text
    assert "The file has changed since" in told.text
    assert desk.file.text == mine


def test_try_says_term_by_term_why_an_alert_matches_or_not(desk):
    desk.publishes("Talks on AUKUS and its Pillar 2")
    there = Place(chat=GROUP, name="@desk")
    why = desk.says(EVE, there, "/try", reply_to="1")
    other = desk.says(EVE, there, "/try AUKUS AND submarine NOT talks", reply_to="1")

    assert "It matches:\n✓ AUKUS in the headline\n✓ @\u2060pillar-2 in the headline" in why.text
    assert "It does not match:" in other.text
    assert "✗ no submarine\n✗ left out because of talks" in other.text


def test_try_alone_tells_of_the_last_days_and_knows_rules_by_name(desk):
    desk.publishes("Talks on AUKUS and its Pillar 2")
    named = desk.says(EVE, TO_DESK, "/try AUKUS Pillar 2")
    free = desk.says(EVE, TO_DESK, "/try talks")
    wrong = desk.says(EVE, TO_DESK, "/try talks AND (")

    assert named.text.startswith("AUKUS Pillar 2\nAUKUS AND @pillar-2\nAll of: AUKUS, ")
    assert all("Last 7 days: 1 story from 1 outlet" in each.text for each in (named, free))
    assert "talks AND (\n          ^" in wrong.text


def test_what_try_asks_for_is_answered_by_the_next_message_even_after_a_restart(desk):
    desk.publishes("AUKUS ministers hold talks on Pillar II")
    desk.says(EVE, TO_DESK, "/try")
    desk.restarts()
    tried = desk.says(EVE, TO_DESK, "talks", reply_to="7")

    assert "Last 7 days: 1 story from 1 outlet" in tried.text
    assert desk.says(EVE, TO_DESK, "talks") is None


def test_try_without_anything_says_how_and_strangers_try_nothing(desk):
    assert desk.says(EVE, TO_DESK, "/try").text.startswith("Write /try and a condition")
    assert desk.says(EVE, TO_DESK, "/try", reply_to="99").text.startswith("That is no alert")
    assert desk.says(STRANGER, Place(chat=STRANGER), "/try ship") is None
    assert desk.says(STRANGER, Place(chat=STRANGER), "/rules") is None


def test_the_rules_of_a_forum_are_those_of_its_topic(desk):
    assert desk.says(BOB, Place(chat=GROUP, topic=3), "/rules").text.startswith("No rule tells")


def test_a_change_shows_what_stands_around_it_to_an_administrator_alone(desk):
    asked = f"rule:pause:{key_of(SHIP)}:0"
    ann, mia = (
        desk.presses(user, place, asked).answer.text
        for user, place in ((ANN, TO_ANN), (MIA, TO_MIA))
    )

    assert [text.startswith("Not written yet: paused ship.") for text in (ann, mia)] == [True, True]
    assert [("paused: true" in text, "desk" in text) for text in (ann, mia)] == [
        (True, False),
        (True, True),
    ]
