"""Who may ask for feeds and reports, and press their buttons: every command, every verb."""

import pytest

from monitors.talking.heard import Place
from monitors.talking.roles import Role
from tests.fakes.reading_desk import RULES, ReadingDesk
from tests.fakes.rules_desk import ANN, BOB, EVE, MIA, STRANGER, TO_ANN, TO_DESK

PEOPLE = (
    (STRANGER, Place(chat=STRANGER)),
    (EVE, TO_DESK),
    (BOB, TO_DESK),
    (ANN, TO_ANN),
    (MIA, TO_DESK),
)
COMMANDS = {
    "addfeed": Role.ADMIN,
    "export": Role.READER,
    "feeds": Role.READER,
    "last": Role.READER,
    "search": Role.READER,
}
VERBS = {
    "addfeed": Role.ADMIN,
    "cutfeed": Role.ADMIN,
    "export": Role.READER,
    "exportrules": Role.ADMIN,
    "feed": Role.READER,
    "feeds": Role.READER,
    "last": Role.READER,
    "opml": Role.ADMIN,
    "pollfeed": Role.ADMIN,
    "search": Role.READER,
}
OTHERS = {"undo", "cancel", "edit"}  # which change rules


@pytest.fixture
def desk():
    opened = ReadingDesk()
    yield opened
    opened.closes()


def test_nothing_is_left_out_here(desk):
    needed = {command.name: command.needs for command in offered(desk)}
    verbs = {verb: role for group in desk.groups for verb, role in group.verbs.items()}

    assert {name: needed[name] for name in needed.keys() - OTHERS} == COMMANDS
    assert {name: verbs[name] for name in verbs.keys() - OTHERS} == VERBS


def offered(desk):
    return [command for group in desk.groups for command in group.offered]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_answers_those_who_may(desk, command):
    answers = [desk.says(user, place, f"/{command}") for user, place in PEOPLE]
    may = [desk.role(user, place) >= COMMANDS[command] for user, place in PEOPLE]

    assert [answer is not None for answer in answers] == may
    assert desk.file.text == RULES


@pytest.mark.parametrize("verb", VERBS)
def test_a_button_works_for_those_who_may(desk, verb):
    toasts = [desk.presses(user, place, f"{verb}:0").toast for user, place in PEOPLE]
    may = [desk.role(user, place) >= VERBS[verb] for user, place in PEOPLE]

    assert [not toast.startswith("needs ") for toast in toasts] == may
    assert desk.file.text == RULES


@pytest.mark.parametrize("data", ["", ":", "::", "0", "\x00", "é" * 32, "9" * 64, "all:all:all"])
@pytest.mark.parametrize("verb", VERBS)
def test_nothing_that_is_forged_does_harm(desk, verb, data):
    reaction = desk.presses(MIA, TO_DESK, f"{verb}:{data}")

    assert reaction.answer or reaction.toast
    assert desk.file.text == RULES
