"""Help lists what somebody may ask, and explains one command."""

import pytest

from monitors.talking.minding.guide import in_sections
from tests.fakes.every_command import every_command
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, EVE, MIA, TO_ANN, TO_DESK, TO_MIA


@pytest.fixture
def desk():
    opened = MindingDesk()
    yield opened
    opened.closes()


def test_everybody_sees_what_they_may_here_and_no_more(desk):
    reader, owner, admin = (
        desk.says(user, place, "/help").text
        for user, place in ((EVE, TO_DESK), (ANN, TO_ANN), (MIA, TO_MIA))
    )
    assert "/rules: " in reader
    assert "/addrule" not in reader
    assert "/mute: " not in reader
    assert "/muted: What is muted in this chat" in reader
    assert "/addrule: " in owner
    assert "/mute: " in owner
    assert "· /mute 2h" in owner
    assert "/failed" not in owner
    assert "/failed: " in admin
    assert len(admin) < 4096


@pytest.mark.parametrize("asked", ["mute", "/mute", "MUTE"])
def test_one_command_is_explained_with_an_example(desk, asked):
    said = desk.says(EVE, TO_DESK, f"/help {asked}").text
    assert said.startswith("/mute: Hear nothing for a while")
    assert "For example: /mute 2h" in said
    assert said.endswith("For those who look after the chat.")


def test_a_slip_is_understood(desk):
    assert desk.says(EVE, TO_DESK, "/help mut").text == (
        "There is no such command. Did you mean /mute?"
    )
    assert "/help lists" in desk.says(EVE, TO_DESK, f"/help {'x' * 3000}").text


def test_every_command_has_a_section_an_example_and_one_who_answers_it():
    commands = every_command()
    names = [command.name for command in commands]
    sections = dict(in_sections(commands))

    assert "More" not in sections
    assert sum(map(len, sections.values())) == len(commands)
    assert len(set(names)) == len(names)
    assert all(command.example.startswith(f"/{command.name}") for command in commands)
    assert all(len(command.does) <= 80 and not command.does.endswith(".") for command in commands)
