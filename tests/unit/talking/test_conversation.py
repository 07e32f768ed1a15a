"""Each thing that people say or press goes to whoever answers it."""

import asyncio

import pytest

from monitors.adapters.sqlite.columns import read_notice
from monitors.adapters.sqlite.database import SqliteStore
from monitors.errors import StoreError
from monitors.pipeline.book import InForce
from monitors.pipeline.dialogs import PATIENCE, Dialog
from monitors.rules.rulebook import Chat, ChatName, Telegram
from monitors.talking.answer import Reaction, plain
from monitors.talking.command import Command
from monitors.talking.conversation import Conversation, TalkPorts
from monitors.talking.heard import Place, Pressed, Said
from monitors.talking.roles import Doorkeeper, Role
from tests.fakes.stand_ins import Clock, book, rule

ANN, EVE = "42", "45"


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


class Nobody:
    """Looks after no group."""

    async def administers(self, *_):
        return False


class Talker:
    """Remembers what it was asked, and answers it; a press may fail."""

    def __init__(self, error=None):
        self.asked, self._error = [], error
        self.offered = (
            Command(name="why", does="Say why", example="/why", needs=Role.OWNER),
            Command(name="find", does="Find", example="/find", needs=Role.READER, is_slow=True),
        )
        self.verbs = {"why": Role.OWNER}

    async def answer(self, asked):
        self.asked.append((asked.command, asked.rest))
        return plain(f"{asked.command}: {asked.rest}")

    async def press(self, pressed, _role):
        if self._error:
            raise self._error
        return Reaction(toast=f"Done {pressed.data}")

    async def go_on(self, asked, dialog):
        self.asked.append((dialog.step, asked.rest))
        return plain("Thank you")


def said(text, user=ANN, place=None):
    return Said(user=user, place=place or Place(chat=user), text=text)


def pressed(data, user=ANN):
    return Pressed(query="q", user=user, place=Place(chat=ANN), data=data)


class Talk:
    """Ann has a chat of her own; Eve is a stranger. What they say is heard one after the other."""

    def __init__(self, error=None):
        self.store, self.clock, self.talker = SqliteStore(None), Clock(), Talker(error)
        self.pokes = 0
        chat = Chat(name=ChatName("ann"), destination=Telegram(chat_id=ANN))
        self.door = Doorkeeper(InForce(book(rule("ship", "ann"), chats=(chat,))), (), Nobody())

    def hears(self, *heard):
        """Answer what is said for a moment, and what will be written."""
        ears = Ears(*heard)
        ports = TalkPorts(ears, self.store, self.clock, self._poke)

        async def talks():
            conversation = Conversation(ports, self.door, (self.talker,))
            await conversation.run()

        asyncio.run(talks())
        return [text for _, text in ears.answered], self.written()

    async def _poke(self):
        self.pokes += 1

    def written(self):
        rows = self.store.write_now(
            lambda ledger: ledger.outbox._db.execute("SELECT chat, notice FROM outbox").fetchall()
        )
        return [(chat, read_notice(text).words) for chat, text in rows]


@pytest.fixture
def talk():
    opened = Talk()
    yield opened
    opened.store.close()


def test_commands_go_to_those_who_answer_them(talk):
    talk.hears(*(said(text) for text in ("/WHY@newsbell_bot  2 ", "/why", "why", "hello /why")))

    assert talk.talker.asked == [("why", "2"), ("why", "")]
    assert talk.pokes == 2


def test_an_answer_goes_to_the_topic_where_was_asked(talk):
    _, written = talk.hears(said("/why", place=Place(chat=ANN, topic=7)))

    assert [chat for chat, _ in written] == ["admin:42:7"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/whi", "There is no command /whi. Did you mean /why?"),
        ("/xyzzy", "There is no command /xyzzy."),
        ("/" + "x" * 500, f"There is no command /{'x' * 32}."),
        ("/", None),
        ("why", None),
    ],
)
def test_a_command_that_there_is_not_is_said_so(talk, text, answer):
    _, written = talk.hears(said(text))

    assert [notice for _, notice in written] == ([answer] if answer else [])


def test_in_groups_unknown_commands_are_left_to_other_bots(talk):
    assert talk.hears(said("/whi", place=Place(chat="-7"))) == ([], [])


def test_strangers_get_one_line_and_nothing_else(talk):
    texts = ("/why", "/find", "/whi", "hello")

    toasts, written = talk.hears(*(said(text, EVE) for text in texts), pressed("why:1", EVE))

    assert talk.talker.asked == []
    assert len(written) == 1
    assert f"put your number, {EVE}, into ADMINS" in written[0][1]
    assert ["put your number" in toast for toast in toasts] == [True]


@pytest.mark.parametrize("error", [None, StoreError("the disk is full")])
def test_a_press_is_answered_even_where_it_fails(error):
    talk = Talk(error)
    ears = Ears(pressed("why:1"))
    ports = TalkPorts(ears, talk.store, talk.clock, talk._poke)

    async def talks():
        await Conversation(ports, talk.door, (talk.talker,)).run()

    try:
        asyncio.run(talks())
    except StoreError:
        assert error
    talk.store.close()

    assert ears.answered == [("q", "That did not work. Press it again." if error else "Done why:1")]


def test_a_button_that_there_is_not_does_nothing(talk):
    toasts, _ = talk.hears(pressed("drop:1"), pressed(""), pressed(":"))

    assert set(toasts) == {"This button is too old, or not of this chat."}


def asks(talk, step="address"):
    until = talk.clock() + PATIENCE
    dialog = Dialog(command="why", step=step)
    talk.store.write_now(lambda ledger: ledger.dialogs.open(ANN, ANN, dialog, until))


def test_who_was_asked_may_answer_in_plain_words(talk):
    asks(talk)
    talk.hears(said("example.org "))

    assert talk.talker.asked == [("address", "example.org")]


def test_a_command_ends_what_somebody_was_asked(talk):
    asks(talk)
    talk.hears(said("/find x"), said("example.org"))

    assert ("address", "example.org") not in talk.talker.asked


def test_what_was_asked_long_ago_is_forgotten(talk):
    asks(talk)
    talk.clock.passes(minutes=31)
    talk.hears(said("example.org"))

    assert talk.talker.asked == []


def test_others_do_not_answer_for_somebody(talk):
    asks(talk)
    talk.hears(said("example.org", EVE, Place(chat=ANN)))

    assert talk.talker.asked == []
