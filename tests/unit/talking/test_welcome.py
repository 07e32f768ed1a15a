"""Who starts the bot learns what it is, what the chat is, and what to do next."""

import asyncio

import pytest

from monitors.talking.heard import Admitted, Place
from monitors.talking.minding.welcome import chat_name
from monitors.talking.roles import refusal
from monitors.talking.rules_talk.belonging import key_of
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, BOB, EVE, MIA, RULES, TO_ANN, TO_DESK, TO_MIA, data_of

NEW = Place(chat="-1009", title="News <Desk>: №1 🚢")


@pytest.fixture
def desk():
    opened = MindingDesk()
    yield opened
    opened.closes()


def labels(answer):
    return [button.label for row in answer.rows for button in row]


def test_an_owner_is_told_what_the_chat_is_and_what_to_do_next(desk):
    said = desk.says(ANN, TO_ANN, "/start")

    assert said.text.startswith("Newsbell reads feeds and tells of what you look for.\n")
    assert "This chat (42) is ann in rules.yaml; 2 rules tell it." in said.text
    assert "You look after this chat" in said.text
    assert labels(said) == ["Add a rule", "Help"]


def test_a_reader_is_offered_nothing_that_they_may_not(desk):
    said = desk.says(EVE, TO_DESK, "/start")
    assert "You may read and ask here" in said.text
    assert labels(said) == ["Help"]
    assert desk.presses(EVE, TO_DESK, "start:addrule").toast.startswith("Only those who look after")
    assert desk.presses(EVE, TO_DESK, "start:here").toast.startswith("Only those who look after")
    assert desk.presses(BOB, TO_DESK, "start:here").toast.startswith("Only those who look after")
    assert desk.presses(EVE, TO_DESK, "start:failed").toast.startswith("This button is too old")


def test_where_nothing_is_told_only_administrators_are_offered_changes(desk):
    other = Place(chat="-1001", topic=9)
    said, looks_after = desk.says(BOB, other, "/start"), desk.says(MIA, other, "/start")
    assert "Whoever looks after this Newsbell can have alerts sent here" in said.text
    assert "You look after this chat" not in said.text
    assert labels(said) == ["Help"]
    assert labels(looks_after)[0] == "Send alerts here"


def test_a_stranger_is_told_their_number():
    assert "put your number, 99, into ADMINS" in refusal(0, "99")


def test_a_button_begins_the_talk_that_it_names(desk):
    asked = desk.presses(ANN, TO_ANN, "start:addrule").answer
    desk.restarts()
    assert asked.text.startswith("What do you look for?")
    assert "Last 7 days" in desk.says(ANN, TO_ANN, "whale").text
    assert "This chat" in desk.presses(ANN, TO_ANN, "start:help").answer.text


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        ("addrule", "What do you look for?"),
        ("help", "Rules\n/rules"),
        ("start", "Newsbell reads"),
        ("nonsense", "Newsbell reads"),
        ("a" * 65, "Newsbell reads"),
        ("add rule", "Newsbell reads"),
        ("../rules", "Newsbell reads"),
        ("rule_0123456789ab", "There is no such rule here."),
        (f"rule_{key_of('ship')}", "ship\non"),
        ("failed", "Only those who look after this Newsbell"),
    ],
)
def test_a_deep_link_does_what_it_names_for_those_who_may(desk, payload, begins):
    assert desk.says(ANN, TO_ANN, f"/start {payload}").text.startswith(begins)


def test_a_deep_link_shows_no_rule_of_another_chat(desk):
    said = desk.says(ANN, TO_ANN, f"/start rule_{key_of('AUKUS Pillar 2')}")
    assert said.text.startswith("There is no such rule here.")


def test_an_administrator_has_alerts_sent_to_a_new_chat(desk):
    greeted = asyncio.run(desk.welcome.admitted(Admitted(place=NEW, user=MIA, is_new=True)))
    assert "rules.yaml does not have this chat (-1009): nothing is told here yet." in greeted.text
    assert labels(greeted)[0] == "Send alerts here"

    shown = desk.presses(MIA, NEW, data_of(greeted, "Send alerts here")).answer
    assert "+   News Desk 1:\n+     telegram: -1009" in shown.text
    assert desk.file.text == RULES
    desk.restarts()
    done = desk.presses(MIA, NEW, data_of(shown, "Write it")).answer
    assert done.text.startswith("Done, and in force")
    assert desk.file.text == f"{RULES}  News Desk 1:\n    telegram: -1009\n"
    assert "This chat (-1009) is News Desk 1" in desk.says(MIA, NEW, "/start").text
    again = desk.presses(MIA, NEW, "start:here")
    assert (again.toast, again.answer) == ("rules.yaml has this chat already.", None)


def test_a_chat_that_was_added_meanwhile_is_not_added_twice(desk):
    shown = desk.presses(MIA, TO_MIA, "start:here").answer
    desk.by_hand(f"{RULES}  chat: {{telegram: 44}}\n")
    told = desk.presses(MIA, TO_MIA, data_of(shown, "Write it"))
    assert told.toast == "Nothing was changed."
    assert "rules.yaml was edited meanwhile" in told.answer.text
    assert desk.file.text.count("44") == 1


def test_a_topic_is_told_apart_from_its_group(desk):
    topic = Place(chat="-1001", topic=7, title="Desk")
    said = desk.says(MIA, topic, "/start")
    assert "does not have this topic (-1001, topic 7)" in said.text
    shown = desk.presses(MIA, topic, data_of(said, "Send alerts here")).answer
    assert "+   Desk 7:\n+     telegram: -1001\n+     topic: 7" in shown.text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Desk", "Desk 3"),
        ("admin:42", "admin 42"),
        ("2024", "chat 2024"),
        ("", "chat"),
        ("🚢🚢", "chat"),
        ("a: {b: c}\n# d", "a b c d"),
        ("뉴스 데스크", "뉴스 데스크"),
        ("x" * 300, "x" * 40),
    ],
)
def test_a_chat_gets_a_name_that_is_plain_and_free(title, name):
    taken = {"desk": 1, "Desk 2": 1}
    assert chat_name(Place(chat="-5", title=title), taken) == name
