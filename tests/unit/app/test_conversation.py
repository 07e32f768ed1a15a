"""Each thing that people say or press goes to whoever answers it."""

import asyncio

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.telegram.listener import Place, Pressed, Said
from monitors.app.chat.asking import Answer
from monitors.app.chat.conversation import Conversation
from monitors.errors import StoreError
from tests.fakes.stand_ins import Clock

ANN = "42"


class Ears:
    """Hears what a test says, and remembers what was answered to presses."""

    def __init__(self, *heard):
        self._heard = heard
        self.answered = []

    async def heard(self):
        for each in self._heard:
            yield each

    async def answer(self, pressed, text):
        self.answered.append((pressed.query, text))


class Talker:
    """Answers with what it was asked; a press may fail."""

    commands = frozenset({"why"})

    def __init__(self, error=None):
        self.asked, self._error = [], error

    async def answer(self, _said, *words):
        self.asked.append(words)
        return Answer(f"{words}")

    async def press(self, _pressed):
        if self._error:
            raise self._error
        return "Done", None


def said(text, topic=None):
    return Said(user=ANN, place=Place(chat=ANN, topic=topic), text=text)


def converse(*heard, error=None):
    """Answer what was asked of whom, what was answered to presses, and what will be written."""
    adder, editor, ears = Talker(), Talker(error), Ears(*heard)
    store = SqliteStore(None)
    talk = Conversation(listener=ears, store=store, clock=Clock(), adder=adder, editor=editor)

    async def runs():
        await talk.run()

    try:
        asyncio.run(runs())
    except StoreError:
        assert error
    letters = store.write_now(lambda ledger: ledger.outbox.claim(Clock()(), 10))
    store.close()
    return adder.asked, editor.asked, ears.answered, [letter.chat for letter in letters]


def test_commands_go_to_those_who_answer_them_and_other_texts_to_nobody():
    texts = ("/WHY@newsbell_bot  2 ", "/why", "why", "/whyever", "/start", "hello /why", "/")

    _, asked, _, written = converse(*(said(text, topic=7) for text in texts))

    assert asked == [("why", "2"), ("why", "")]
    assert written == ["admin:42:7"]


@pytest.mark.parametrize("error", [None, StoreError("the disk is full")])
def test_a_press_is_answered_even_where_it_fails(error):
    press = Pressed(query="q", user=ANN, place=Place(chat=ANN), data="why:1")

    _, _, answered, _ = converse(press, error=error)

    assert answered == [("q", "That did not work. Press it again." if error else "Done")]
