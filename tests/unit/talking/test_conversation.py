"""Each thing that people say or press goes to whoever answers it."""

import asyncio
from dataclasses import replace

import pytest

from monitors.adapters.sqlite.columns import read_notice
from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.destinations import EVERYWHERE
from monitors.errors import StoreError
from monitors.pipeline.book import InForce
from monitors.pipeline.dialogs import PATIENCE, Dialog
from monitors.rules.rulebook import Chat, ChatName, Telegram
from monitors.talking.answer import Reaction, plain
from monitors.talking.command import Command
from monitors.talking.conversation import Conversation
from monitors.talking.heard import (
    Admitted,
    Deaf,
    Dropped,
    Expelled,
    Hears,
    Migrated,
    Passed,
    Place,
    Pressed,
    Said,
)
from monitors.talking.ports import TalkPorts
from monitors.talking.roles import Doorkeeper, Role
from tests.fakes.stand_ins import Clock, book, rule

ANN, EVE = "42", "45"
DESK = Place(chat="-1001")


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
        self.error = self.asks_again = None
        self.offered = (
            Command(name="why", does="Say why", example="/why", needs=Role.OWNER),
            Command(name="find", does="Find", example="/find", needs=Role.READER, is_slow=True),
        )
        self.verbs = {"why": Role.OWNER}

    async def answer(self, asked):
        if self.error:
            raise self.error
        self.asked.append((asked.command, asked.rest))
        return plain(f"{asked.command}: {asked.rest}")

    async def press(self, pressed, _role):
        if self._error:
            raise self._error
        return Reaction(toast=f"Done {pressed.data}")

    async def go_on(self, asked, dialog):
        self.asked.append((dialog.step, asked.rest))
        if self.asks_again:
            self.asks_again()
        return plain("Thank you")

    async def dropped(self, dropped, role):
        return plain(f"{dropped.file_name} from {role.name}")

    async def admitted(self, _):
        return plain("Welcome")


def said(text, user=ANN, place=None):
    return Said(user=user, place=place or Place(chat=user), text=text)


def pressed(data, user=ANN):
    return Pressed(query="q", user=user, place=Place(chat=ANN), data=data)


class Talk:
    """Ann has a chat of her own; Eve is a stranger. What they say is heard one after the other."""

    def __init__(self, error=None):
        self.store, self.clock, self.talker = SqliteStore(None), Clock(), Talker(error)
        self.pokes, self.moment = 0, 60
        self.moves = []
        chat = Chat(name=ChatName("ann"), destination=Telegram(chat_id=ANN))
        self.door = Doorkeeper(InForce(book(rule("ship", "ann"), chats=(chat,))), (), Nobody())

    def has_a_group(self):
        """Have rules.yaml name a group, too."""
        chats = [
            Chat(name=ChatName(one), destination=Telegram(chat_id=one)) for one in (ANN, "-1001")
        ]
        self.door = Doorkeeper(InForce(book(rule("ship", ANN), chats=tuple(chats))), (), Nobody())

    def hears(self, *heard):
        """Answer what is said for a moment, and what will be written."""
        ears = Ears(*heard)
        ports = TalkPorts(ears, self.store, self.clock, self._poke, self._move)

        async def talks():
            conversation = Conversation(ports, self.door, (self.talker,), self.moment)
            await conversation.run()

        asyncio.run(talks())
        return [text for _, text in ears.answered], self.written()

    async def _poke(self):
        self.pokes += 1

    async def _move(self, old, new):
        self.moves.append((old, new))

    def remembered(self):
        """Answer how much of what was said is remembered."""

        def count(ledger):
            return ledger.talks._db.execute("SELECT count(*) FROM heard").fetchone()[0]

        return self.store.write_now(count)

    def reads(self, work):
        return self.store.write_now(work)

    def rows(self, query):
        rows = self.reads(lambda ledger: ledger.outbox._db.execute(query).fetchall())
        return [tuple(row) for row in rows]

    def written(self):
        rows = self.store.write_now(
            lambda ledger: ledger.outbox._db.execute("SELECT chat, notice FROM outbox").fetchall()
        )
        return [(chat, read_notice(notice).words) for chat, notice in rows]


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
    ],
)
def test_a_command_that_there_is_not_is_said_so(talk, text, answer):
    _, written = talk.hears(said(text))

    assert [notice for _, notice in written] == ([answer] if answer else [])


@pytest.mark.parametrize("place", [Place(chat="-7"), DESK])
def test_in_groups_unknown_commands_are_left_to_other_bots(talk, place):
    talk.has_a_group()
    others = [replace(said("/whi", place=place), key=f"update {each}") for each in range(60)]

    assert talk.hears(*others) == ([], [])
    assert talk.remembered() == 0
    assert talk.hears(said("/find x", place=DESK))[1] == [("admin:-1001", "find: x")]


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
    ports = TalkPorts(ears, talk.store, talk.clock, talk._poke, talk._move)

    async def talks():
        await Conversation(ports, talk.door, (talk.talker,)).run()

    try:
        asyncio.run(talks())
    except StoreError:
        assert error
    talk.store.close()

    assert ears.answered == [("q", "That did not work. Press it again." if error else "Done why:1")]


def test_who_reads_a_channel_is_not_told_that_it_is_none_of_ours(talk):
    channel = Place(chat="-1001", is_channel=True)
    talk.has_a_group()
    press = Pressed(query="q", user=EVE, place=channel, data="why:1")
    ((toast,), written) = talk.hears(press)

    assert toast.startswith("Only those who look after this chat")
    assert written == []


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


def test_who_was_asked_and_whose_chat_is_gone_is_turned_away_once(talk):
    asks(talk)
    talk.door = Doorkeeper(InForce(book(rule("ship", "ann"))), (), Nobody())
    _, written = talk.hears(said("example.org"), said("hello"))
    talk.clock.passes(hours=2)
    talk.hears(said("anybody?"))

    assert talk.talker.asked == []
    assert [chat for chat, _ in written] == ["admin:42"]
    assert "this is none of them" in written[0][1]
    assert len(talk.written()) == 1


def test_who_was_asked_and_may_no_more_is_told_so_once(talk):
    talk.has_a_group()
    until = talk.clock() + PATIENCE
    dialog = Dialog(command="why", step="address")
    talk.reads(lambda ledger: ledger.dialogs.open(DESK.key, EVE, dialog, until))
    _, written = talk.hears(said("x", EVE, DESK), said("y", EVE, DESK))

    assert talk.talker.asked == []
    assert [text[:33] for _, text in written] == ["Only those who look after this ch"]


def named(text, key, user=ANN, place=None):
    return replace(said(text, user, place), key=key)


def test_what_is_heard_twice_is_done_once_also_after_a_restart(talk):
    talk.hears(named("/why 1", "update 1"), named("/why 1", "update 1"))
    talk.hears(named("/why 1", "update 1"), named("/why 2", "update 2"))

    assert talk.talker.asked == [("why", "1"), ("why", "2")]


def test_a_press_that_is_told_twice_is_applied_once(talk):
    toasts, _ = talk.hears(pressed("why:1"), pressed("why:1"))

    assert toasts == ["Done why:1"]


def test_what_was_interrupted_is_told_after_the_start(talk):
    begun = talk.clock()
    talk.store.write_now(lambda ledger: ledger.talks.begin("update 1", "42:7", "/why", begun))

    _, written = talk.hears(named("/why", "update 1"))
    talk.hears()

    ((chat, text),) = talk.written()
    assert chat == "admin:42:7"
    assert text.startswith("Newsbell was stopped while it worked on /why. Look whether")
    assert (len(written), talk.talker.asked) == (1, [])


def test_an_error_is_told_and_the_next_is_answered(talk):
    talk.talker.error = ValueError("an error of a command")
    talk.hears(named("/why", "update 1"))
    talk.talker.error = None
    _, written = talk.hears(named("/why", "update 2"))

    assert [text for _, text in written] == [
        "That did not work, because of an error in Newsbell; its log says more.",
        "why: ",
    ]


def test_who_asks_too_much_is_told_once_and_others_are_answered(talk):
    flood = [named("/why", f"update {number}") for number in range(60)]
    bob = named("/find x", "update 99", "43", Place(chat=ANN))
    _, written = talk.hears(*flood, bob)

    texts = [text for _, text in written]
    assert len([text for text in texts if text.startswith("One moment, please")]) == 1
    assert texts.count("why: ") <= 30
    assert "find: x" in texts


def test_a_flood_of_presses_is_answered_with_one_toast(talk):
    presses = [replace(pressed("why:1"), query=str(number)) for number in range(60)]
    toasts, _ = talk.hears(*presses)

    assert len([text for text in toasts if text.startswith("One moment, please")]) == 1
    assert len(toasts) <= 31


def test_a_flood_of_a_stranger_costs_one_line(talk):
    _, written = talk.hears(*(named("/why", f"update {number}", EVE) for number in range(200)))

    assert len(written) == 1
    assert not talk.remembered()


def test_texts_of_strangers_and_of_groups_ask_for_nothing(talk):
    talk.hears(said("hello", EVE), said("hello", EVE, Place(chat=ANN)), said("hello"))

    assert (talk.talker.asked, talk.remembered()) == ([], 0)


def test_who_only_talks_is_told_once_an_hour_what_there_is(talk):
    talk.has_a_group()
    talk.hears(said("hello", EVE), said("hello", place=DESK))
    assert talk.written() == []

    _, written = talk.hears(said("hello"), said("anybody?"))
    assert [(chat, text[:16]) for chat, text in written] == [("admin:42", "I take commands.")]


def test_two_answers_in_one_dialog_are_taken_one_after_the_other(talk):
    asks(talk)
    talk.talker.asks_again = lambda: asks(talk, "name")
    talk.hears(named("example.org", "update 1"), named("Example", "update 2"))

    assert talk.talker.asked == [("address", "example.org"), ("name", "Example")]


def dropped(user=ANN, **more):
    return Dropped(user=user, place=Place(chat=user), file="f", file_name="a.opml", size=1, **more)


def test_a_file_goes_to_who_takes_files(talk):
    _, written = talk.hears(dropped(key="update 1"), dropped(key="update 1"))

    assert written == [("admin:42", "a.opml from OWNER")]


def test_a_file_of_a_stranger_is_not_looked_at(talk):
    _, written = talk.hears(dropped(EVE), dropped(EVE))

    ((_, text),) = written
    assert "none of them" in text


@pytest.mark.parametrize(
    ("user", "place", "is_new", "greeted"),
    [
        ("1", DESK, True, True),
        ("1", DESK, False, False),
        (EVE, DESK, True, False),
        ("1", Place(chat=ANN), True, False),
        ("1", Place(chat="1"), True, False),
    ],
)
def test_an_administrator_who_brings_the_bot_into_a_group_is_greeted(
    talk, user, place, is_new, greeted
):
    talk.door = replace(talk.door, admins=("1",))

    _, written = talk.hears(Admitted(place=place, user=user, is_new=is_new))

    assert written == ([("admin:-1001", "Welcome")] if greeted else [])


def test_a_group_that_has_moved_and_messages_that_passed_are_remembered(talk):
    talk.hears(
        Migrated(old="-7", new="-1007"),
        Expelled(place=DESK, why="it was thrown out"),
        Passed(place=Place(chat=ANN), message="8"),
        Passed(place=DESK, message="9"),
        replace(said("/why"), message="10"),
        replace(said("hello"), message="11"),
        replace(said("/why", EVE), message="12"),
    )

    assert talk.reads(lambda ledger: ledger.outbox.moves()) == {"-7": "-1007"}
    assert talk.rows("SELECT message_id FROM seen_message ORDER BY 1") == [(8,), (10,), (11,)]


def test_rules_yaml_says_the_new_number_of_its_group_before_anybody_is_heard_there(talk):
    talk.has_a_group()
    talk.hears(Migrated(old="-7", new="-1007"), Migrated(old="-1001", new="-1002"))

    assert talk.moves == [("-1001", "-1002")]


def test_administrators_are_told_of_what_only_they_can_mend(talk):
    talk.door = replace(talk.door, admins=("1", "2"))
    _, written = talk.hears(Deaf("no network"), Deaf("two copies", for_admins=True))
    trouble = talk.store.write_now(lambda ledger: ledger.talks.trouble())
    talk.hears(Hears())

    assert written == [("admin:1", "two copies"), ("admin:2", "two copies")]
    assert trouble.why == "two copies"
    assert talk.store.write_now(lambda ledger: ledger.talks.trouble()) is None


def test_while_telegram_asks_for_a_pause_no_press_is_answered(talk):
    later = talk.clock() + PATIENCE
    talk.reads(lambda ledger: ledger.outbox.hold(EVERYWHERE, later))

    assert talk.hears(pressed("why:1")) == ([], [])


class Overhearer(Talker):
    """Takes what looks like an address for `/find`; a button of it goes on later."""

    def __init__(self):
        super().__init__()
        self.fails = None

    def meant(self, text):
        return "find" if "." in text else None

    async def press(self, pressed, _role):
        async def later():
            if self.fails:
                raise self.fails
            return plain(f"Done {pressed.data}")

        return Reaction(toast="One moment", answer=plain("Working"), later=later)


class Slow(Overhearer):
    """Answers only when it was asked what it says meanwhile."""

    def __init__(self, *, fails=None):
        super().__init__()
        self.fails, self.was_asked = fails, asyncio.Event()

    def under_way(self, asked):
        self.was_asked.set()
        return plain(f"Looking at {asked.rest}")

    async def answer(self, asked):
        await self.was_asked.wait()
        if self.fails:
            raise self.fails
        return await super().answer(asked)

    async def go_on(self, asked, dialog):
        await self.was_asked.wait()
        return await super().go_on(asked, dialog)


@pytest.mark.parametrize(
    ("text", "answer"), [("/find a.b", "find: a.b"), ("a.b", "find: a.b"), ("x", "Thank you")]
)
def test_what_takes_longer_than_a_moment_is_said_to_be_under_way(talk, text, answer):
    talk.talker, talk.moment = Slow(), 0
    if answer == "Thank you":
        asks(talk)
    _, written = talk.hears(named(text, "update 1"))

    assert [told for _, told in written] == [f"Looking at {text.split()[-1]}", answer]
    assert talk.store.write_now(lambda ledger: ledger.talks.interrupted()) == ()


def test_where_that_fails_the_chat_is_told_as_well(talk):
    talk.talker, talk.moment = Slow(fails=ValueError("broken")), 0
    _, written = talk.hears(said("/find x"))

    assert [told[:13] for _, told in written] == ["Looking at x", "That did not "]


def test_what_is_answered_at_once_is_not_said_to_be_under_way(talk):
    talk.talker = Slow()
    talk.talker.was_asked.set()
    _, written = talk.hears(said("/find x"))

    assert [told for _, told in written] == ["find: x"]


def test_what_a_person_alone_with_the_bot_means_needs_no_command(talk):
    talk.talker = Overhearer()
    talk.has_a_group()
    _, written = talk.hears(said("example.org "), said("hello"), said("example.org", place=DESK))

    assert ("admin:42", "find: example.org") in written
    assert [chat for chat, _ in written] == ["admin:42", "admin:42"]


def test_who_is_asked_something_is_not_taken_to_mean_a_command(talk):
    talk.talker = Overhearer()
    asks(talk)
    talk.hears(said("example.org"))

    assert talk.talker.asked == [("address", "example.org")]


def test_who_may_not_is_not_told_what_they_might_have_meant(talk):
    talk.talker = Overhearer()
    talk.talker.offered = (
        Command(name="find", does="Find", example="/find", needs=Role.ADMIN, is_slow=True),
    )

    assert talk.hears(said("example.org")) == ([], [])


def test_what_takes_long_goes_on_after_the_press_was_answered(talk):
    talk.talker = Overhearer()
    toasts, written = talk.hears(pressed("why:1"))

    assert toasts == ["One moment"]
    assert [text for _, text in written] == ["Working", "Done why:1"]
    assert talk.store.write_now(lambda ledger: ledger.talks.interrupted()) == ()


def test_where_what_takes_long_fails_the_chat_is_told(talk):
    talk.talker = Overhearer()
    talk.talker.fails = ValueError("broken")
    _, written = talk.hears(pressed("why:1"))

    assert "did not work" in written[-1][1]
