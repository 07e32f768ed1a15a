"""What people ask of a message that tells of several stories."""

import asyncio
from datetime import time

import pytest

from monitors.pipeline.book import InForce
from monitors.pipeline.dialogs import Dialog
from monitors.talking.command import Asked
from monitors.talking.commands.digests import DigestButtons
from monitors.talking.commands.stories import StoryEditor
from monitors.talking.heard import Place, Pressed, Said
from monitors.talking.roles import Role
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import book, rule, telegram

ANN, BOB = "42", "43"
SHIP, WHALE = "A ship sails to Oslo today", "Whales swim ahead of another ship off Malta"
OLD = "This button is too old, or not of this chat."


class Room:
    """Ann was told of two stories in one message, for she sleeps until ten."""

    def __init__(self):
        quiet = telegram(ANN, ANN, quiet_hours=(time(8), time(10)))
        self.desk = EditorsDesk(book(rule("ship", ANN), chats=(quiet,)))
        for headline in (SHIP, WHALE):
            self.desk.publishes(headline)
        self.desk.clock.passes(hours=1)
        self.desk.delivers()
        in_force = InForce(self.desk.book)
        self.editor = StoryEditor(self.desk.store, in_force, self.desk.clock)
        self.buttons = DigestButtons(self.desk.store, in_force)

    def says(self, text, reply_to="1"):
        command, _, rest = text.removeprefix("/").partition(" ")
        said = Said(user=ANN, place=Place(chat=ANN), text=text, reply_to=reply_to)
        asked = Asked(said=said, role=Role.OWNER, command=command, rest=rest)
        return asyncio.run(self.editor.answer(asked)).text

    def presses(self, data, chat=ANN):
        pressed = Pressed(query="1", user=ANN, place=Place(chat=chat), data=data)
        return asyncio.run(self.buttons.press(pressed, Role.READER)).toast

    def digest(self):
        rows = self.desk.store.write_now(
            lambda ledger: ledger.outbox._db.execute("SELECT id FROM digest").fetchall()
        )
        return rows[0][0]


@pytest.fixture
def room():
    opened = Room()
    yield opened
    opened.desk.store.close()


def test_a_number_says_of_which_story_why_is_asked(room):
    assert room.desk.rang(ANN) == ["Outlet 1\nOutlet 2"]
    assert room.says("/why 1").startswith(f"1. Outlet 1: {SHIP}")
    assert room.says("/why 2").startswith(f"1. Outlet 2: {WHALE}")


@pytest.mark.parametrize("text", ["/why", "/why 3", "/why x", "/split 2", "/join", "/join 1"])
def test_without_the_number_of_one_people_are_told_how(room, text):
    assert room.says(text).startswith("That message tells of several stories.")


def test_why_alone_is_about_the_last_alert(room):
    assert room.says("/why", reply_to=None).startswith(f"1. Outlet 2: {WHALE}")


def test_the_button_says_why_they_came_together(room):
    assert room.presses(f"together:{room.digest()}").startswith(
        "Held back until 5 Nov 10:00: quiet hours."
    )


@pytest.mark.parametrize(
    ("data", "chat"),
    [("together:{}", BOB), ("together:99", ANN), ("together:1x", ANN), ("together:", ANN)],
)
def test_a_forged_button_opens_nothing(room, data, chat):
    assert room.presses(data.format(room.digest()), chat) == OLD


def test_there_are_no_commands_and_no_dialogs(room):
    said = Said(user=ANN, place=Place(chat=ANN), text="x")
    asked = Asked(said=said, role=Role.READER, command="x", rest="")
    dialog = Dialog(command="x", step="", state="")

    assert room.buttons.offered == ()
    assert asyncio.run(room.buttons.answer(asked)) is None
    assert asyncio.run(room.buttons.go_on(asked, dialog)) is None


def test_outlets_that_join_are_told_in_the_line_of_their_story(room):
    room.desk.publishes(WHALE)
    (_, _, text), *_ = room.desk.arrived[ANN]

    assert len(room.desk.rang(ANN)) == 1
    assert room.desk.arrived[ANN][-1][:2] == ("edit", "1")
    assert text == "Outlet 1\nOutlet 2"
