"""Buttons under alerts: each does what it says, once, and only for those who may."""

import asyncio

import pytest

from monitors.adapters.sqlite.columns import read_notice
from monitors.alerts.showing.markup import Run
from monitors.pipeline.book import InForce
from monitors.rules.rulebook import Chat, ChatName, Telegram
from monitors.talking.answer import Answer, tell
from monitors.talking.commands.alert_buttons import AlertButtons
from monitors.talking.heard import Place, Pressed
from monitors.talking.roles import Role
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import book, rule

ANN, BOB = "42", "43"
HERE, ELSEWHERE = Place(chat=ANN), Place(chat=BOB)
SHIP = "A ship sails to Oslo today"
OLD = "This button is too old, or not of this chat."


class Room:
    """Ann's chat, which was told of one story."""

    def __init__(self):
        chats = [
            Chat(name=ChatName(name), destination=Telegram(chat_id=name)) for name in (ANN, BOB)
        ]
        self.desk = EditorsDesk(book(rule("ship", ANN), chats=tuple(chats)))
        self.buttons = AlertButtons(
            store=self.desk.store, in_force=InForce(self.desk.book), clock=self.desk.clock
        )
        self.desk.publishes(SHIP)

    def presses(self, data, user=ANN, place=HERE):
        pressed = Pressed(query="1", user=user, place=place, data=data)
        reaction = asyncio.run(self.buttons.press(pressed, Role.OWNER))
        assert reaction.answer is None
        return reaction.toast

    def keyboard(self):
        """Answer the labels under the message after what was pressed last, if it changed."""
        self.desk.clock.passes(seconds=10)
        letters = self.desk.store.write_now(
            lambda ledger: ledger.outbox.claim(self.desk.clock(), 10)
        )
        for letter in letters:
            self.desk._deliver(letter)
        return [[button.label for button in row] for one in letters for row in one.buttons]


@pytest.fixture
def room():
    opened = Room()
    yield opened
    opened.desk.store.close()


def test_a_muted_story_says_so_below_its_message_until_that_is_undone(room):
    said = room.presses("mutestory:1")
    again = room.presses("mutestory:1")
    muted = room.keyboard()
    undone = room.presses("hearstory:1")
    undone_again = room.presses("hearstory:1")

    assert said.startswith("Muted: nothing more of this story, nor of what is likely part of it.")
    assert again == "This story is muted already."
    assert muted == [["🔕 Muted · Undo", "Why?", "⋯"]]
    assert (undone, undone_again) == (
        "You hear of this story again.",
        "That is not muted any more.",
    )
    assert room.keyboard() == [["🔕 Mute", "👎", "Why?", "⋯"]]


def test_pages_are_turned_for_the_message_and_stay_when_it_grows(room):
    assert room.presses("page:1:1") == ""
    assert room.keyboard()[-1] == ["« Back"]
    room.presses("page:1:2")
    room.desk.store.write_now(
        lambda ledger: ledger.alerts.revise(
            1, ledger.alerts.told(ANN, 1)[1].content, room.desk.clock()
        )
    )
    assert room.keyboard()[0] == ["🔕 Outlet 1: 24 hours"]
    room.presses("page:1:0")
    assert room.keyboard() == [["🔕 Mute", "👎", "Why?", "⋯"]]


@pytest.mark.parametrize(("hours", "words"), [(24, "24 hours"), (168, "7 days"), (0, "for ever")])
def test_an_outlet_is_muted_for_the_rule_and_rings_again_when_undone(room, hours, words):
    said = room.presses(f"muteoutlet:1:{hours}")
    again = room.presses(f"muteoutlet:1:{hours}")
    keyboard = room.keyboard()
    undone = [room.presses("hearoutlet:1") for _ in range(2)]

    assert said == (
        f"Outlet 1 is muted for rule ship, {words}. Other outlets that report the same still ring."
    )
    assert again == "Outlet 1 is muted already."
    assert keyboard[1:] == [["🔕 Outlet 1 muted · Undo"]]
    assert undone == ["Outlet 1 rings again.", "That is not muted any more."]
    assert room.keyboard() == [["🔕 Mute", "👎", "Why?", "⋯"]]


def test_what_was_muted_for_a_day_is_over_after_it(room):
    room.presses("muteoutlet:1:24")
    room.keyboard()
    room.desk.clock.passes(hours=25)
    assert room.presses("hearoutlet:1") == "That is not muted any more."


def test_not_relevant_is_counted_by_rule_and_taken_back(room):
    assert room.presses("irrelevant:1") == "Noted. Rule ship: 1 of 1 was not relevant."
    assert room.keyboard() == [["🔕 Mute", "👎 Undo", "Why?", "⋯"]]
    assert room.presses("irrelevant:1") == "That is noted already."
    assert room.presses("irrelevant:1", BOB).startswith("Noted. Rule ship: 1 of 1")
    assert room.presses("relevant:1") == "Taken back."
    assert room.keyboard() == [["🔕 Mute", "👎 Undo", "Why?", "⋯"]]  # Bob's is left
    assert room.presses("relevant:1") == "You have not called it not relevant."
    room.presses("relevant:1", BOB)
    assert room.keyboard() == [["🔕 Mute", "👎", "Why?", "⋯"]]


def test_after_the_third_there_is_a_hint_and_only_the_last_twenty_count(room):
    titles = ["Ship aground near Malta", "A ship museum opens in Kiel", *map("Ship {}".format, SEA)]
    for title in titles:
        room.desk.publishes(title)
    told = len(room.desk.rang(ANN))
    said = [room.presses(f"irrelevant:{number}") for number in (1, told, told - 1, told - 2)]

    assert told > 20
    assert said[0] == "Noted. Rule ship: 0 of the last 20 were not relevant."
    assert said[2] == "Noted. Rule ship: 2 of the last 20 were not relevant."
    assert said[3] == (
        "Noted. Rule ship: 3 of the last 20 were not relevant. /editrule changes it."
    )


SEA = (
    "wrecked off Crete",
    "found drifting, Iceland says",
    "carries wheat for Egypt",
    "engine fails at Suez lock",
    "crew strikes in Antwerp",
    "race won by Norway's youngest captain",
    "builders in Gdansk hire hundreds",
    "insurers raise premiums again",
    "tax proposed by Danish minister",
    "fire kills two at Busan yard",
    "paint ban divides Brussels",
    "spotted by whale researchers",
    "named after poet in Lisbon",
    "pilot retires after fifty years",
    "smuggling ring broken up in Naples",
    "bell stolen from Hull chapel",
    "horn too loud, Sydney court rules",
    "turns back with broken rudder",
    "model sells for record sum",
    "cook wins television prize",
)


@pytest.mark.parametrize(
    "data",
    [
        "mutestory:1",
        "hearstory:1",
        "muteoutlet:1:24",
        "hearoutlet:1",
        "irrelevant:1",
        "relevant:1",
        "page:1:1",
    ],
)
def test_a_number_of_another_chat_opens_nothing(room, data):
    assert room.presses(data, BOB, ELSEWHERE) == OLD
    assert room.keyboard() == []


@pytest.mark.parametrize(
    "data",
    ["mutestory:99", "page:1", "page:1:7", "muteoutlet:1", "muteoutlet:1:5", "nonsense", "page:x"],
)
def test_what_nobody_could_press_changes_nothing(room, data):
    assert room.presses(data) == OLD
    assert room.keyboard() == []


def test_below_a_message_that_was_joined_to_another_that_other_one_is_muted(room):
    room.desk.publishes("Ship aground near Malta")
    room.desk.joins(2, 1)
    assert room.presses("mutestory:2").startswith("Muted:")
    assert room.presses("mutestory:1") == "This story is muted already."
    assert room.presses("hearstory:2") == "You hear of this story again."


def test_a_reply_to_a_message_that_is_gone_still_mutes_its_story(room):
    room.desk.store.write_now(
        lambda ledger: ledger.alerts._db.execute("UPDATE alert SET destination = 'gone'")
    )
    assert room.presses("mutestory:1:31").startswith("Muted:")
    assert room.presses("mutestory:1:31", BOB, ELSEWHERE) == OLD


@pytest.mark.parametrize(("message", "edits"), [("1", None), ("2", "2")])
def test_an_answer_takes_the_place_of_another_answer_but_never_of_an_alert(room, message, edits):
    def work(ledger):
        tell(ledger, HERE, Answer(runs=(Run("Rules"),), edits=message), room.desk.clock())
        return ledger.outbox._db.execute("SELECT notice FROM outbox ORDER BY id DESC").fetchone()

    (notice,) = room.desk.store.write_now(work)

    assert read_notice(notice).edits == edits


def test_whoever_reads_may_look_and_judge_and_only_owners_may_mute(room):
    roles = room.buttons.verbs
    assert {verb for verb, role in roles.items() if role is Role.READER} == {
        "irrelevant",
        "relevant",
        "page",
    }
    assert set(roles.values()) == {Role.READER, Role.OWNER}


def test_a_month_later_and_whatever_the_names_are_it_is_short_enough_for_a_toast(room):
    room.desk.clock.passes(days=31)
    name = "ship" + " OR ship" * 40
    room.desk.book = room.buttons.in_force.book = book(
        rule(name, ANN), chats=tuple(room.desk.book.chats.values())
    )
    room.desk.publishes("Ship aground near Malta", outlet="o" * 900)
    said = [room.presses(f"{verb}:2{more}") for verb, more in EVERY]
    assert all(0 < len(each) <= 200 for each in said)
    assert OLD not in said


EVERY = (
    ("irrelevant", ""),
    ("relevant", ""),
    ("muteoutlet", ":168"),
    ("hearoutlet", ""),
    ("mutestory", ""),
    ("hearstory", ""),
)
