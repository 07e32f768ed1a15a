"""Who may ask for what in a chat, and what they are answered."""

import asyncio

import pytest

from monitors.pipeline.book import InForce
from monitors.rules.rulebook import Chat, ChatName, Stories, Telegram
from monitors.talking.command import Asked
from monitors.talking.commands.stories import StoryEditor
from monitors.talking.heard import Place, Pressed, Said
from monitors.talking.roles import Role
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import book, rule

ANN, BOB, ADMIN = "42", "43", "44"
DESK = "-1001"
SHIP = "A ship sails to Oslo today"
TO_ANN = Place(chat=ANN)
TO_DESK = Place(chat=DESK)


def chat(name, chat_id, topic=None, **manners):
    destination = Telegram(chat_id=chat_id, topic=topic)
    return Chat(name=ChatName(name), destination=destination, **manners)


class Room:
    """Ann and a desk were told of one story of three outlets; the desk in a topic, too."""

    def __init__(self, **manners):
        chats = chat(ANN, ANN, **manners), chat(DESK, DESK)
        self.desk = EditorsDesk(book(rule("ship", ANN, DESK), chats=chats))
        self.editor = StoryEditor(
            store=self.desk.store,
            in_force=InForce(self.desk.book),
            clock=self.desk.clock,
        )
        for _ in range(3):
            self.desk.publishes(SHIP)

    def says(self, user, place, text, **more):
        command, _, rest = text.removeprefix("/").partition(" ")
        said = Said(user=user, place=place, text=text, **more)
        asked = Asked(said=said, role=Role.OWNER, command=command, rest=rest)
        answer = asyncio.run(self.editor.answer(asked))
        self.desk.delivers()
        return answer and answer.text

    def presses(self, user, place, data):
        pressed = Pressed(query="1", user=user, place=place, data=data)
        reaction = asyncio.run(self.editor.press(pressed, Role.OWNER))
        self.desk.delivers()
        return reaction.toast, reaction.answer

    def story(self):
        return self.desk.articles(1)


@pytest.fixture
def room():
    opened = Room()
    yield opened
    opened.desk.store.close()


def test_a_number_of_another_chat_opens_nothing(room):
    assert room.presses(ANN, TO_ANN, "why:2")[1] is None
    assert room.presses(ANN, TO_ANN, "join:2")[0].startswith("This button is too old")
    assert room.presses(ANN, TO_ANN, "split:99")[0].startswith("This button is too old")


def test_an_article_of_which_the_chat_was_not_told_cannot_be_split_there(room):
    other = chat("zoo", "77")
    whale = book(rule("whale", "zoo"), chats=(other, *room.desk.book.chats.values()))
    room.desk.book = room.editor.in_force.book = whale
    for _ in range(2):
        room.desk.publishes("A whale visits the old harbour")

    said, _ = room.presses(ANN, TO_ANN, "split:5")

    assert said.startswith("This button is too old")
    assert room.desk.story_of(4) == room.desk.story_of(5)


def test_why_alone_is_about_the_last_alert_of_that_chat(room):
    room.desk.publishes("Another ship is late in Bergen")

    last = room.says(ANN, TO_ANN, "/why")
    first = room.says(ANN, TO_ANN, "/why", reply_to="1")
    nothing = room.says(ADMIN, Place(chat="1"), "/why")
    in_topic = room.says(BOB, Place(chat=DESK, topic=3), "/why")
    unknown = room.says(ANN, TO_ANN, "/why", reply_to="999")

    assert last.startswith("1. Outlet 4: Another ship")
    assert first.startswith(f"1. Outlet 1: {SHIP}")
    assert nothing == in_topic == "There is no alert in this chat yet."
    assert unknown.startswith("Answer one of the bot's alerts")


def test_split_takes_the_number_of_the_alert_that_is_answered(room):
    said = room.says(ANN, TO_ANN, "/split 3", reply_to="1")

    assert (said, room.story()) == (f"Split off: Outlet 3: {SHIP}", [1, 2])


def test_split_takes_the_article_that_why_has_numbered_so_though_others_left_since(room):
    _, answer = room.presses(ANN, TO_ANN, "why:1")
    buttons = tuple((button.label, button.data) for row in answer.rows for button in row)
    room.presses(ANN, TO_ANN, "split:2")

    room.says(ANN, TO_ANN, "/split 3", reply_to="500", buttons=buttons)

    assert room.story() == [1]


@pytest.mark.parametrize("rest", ["", "0", "4", "two", "-1", "9999999", "2 3"])
def test_split_without_a_number_that_is_there_says_how(room, rest):
    said = room.says(ANN, TO_ANN, f"/split {rest}", reply_to="1")

    assert ("For example: /split 2" in said, room.story()) == (True, [1, 2, 3])


def test_join_joins_a_related_story_to_the_one_before_it(room):
    article = room.desk.publishes("Old ship burns off Malta")
    room.desk.relates(room.desk.story_of(article), 1)
    (message,) = [number for number, lines in room.desk.shows(ANN).items() if "4" in lines[0][-1]]

    unrelated = room.says(ANN, TO_ANN, "/join", reply_to="1")
    joined, _ = room.presses(ANN, TO_ANN, "join:3")
    again, _ = room.presses(ANN, TO_ANN, f"join:{int(message)}")

    assert unrelated.startswith("That alert is not related")
    assert (joined, again) == ("They are one story now.", "They are one story already.")
    assert room.story() == [1, 2, 3, 4]
    assert room.desk.shows(ANN)["1"] == [f"Outlet {number}" for number in range(1, 5)]


def test_join_can_be_written_in_answer_to_the_related_alert(room):
    article = room.desk.publishes("Old ship burns off Malta")
    room.desk.relates(room.desk.story_of(article), 1)
    message = list(room.desk.shows(ANN))[-1]

    assert room.says(ANN, TO_ANN, "/join", reply_to=message) == "They are one story now."
    assert room.says(ANN, TO_ANN, "/join").startswith("Answer one of the bot's alerts")
    assert room.story() == [1, 2, 3, 4]


def test_the_same_question_is_not_answered_again_at_once(room):
    answers = [room.presses(BOB, TO_DESK, "why:2") for _ in range(2)]
    room.presses(ADMIN, TO_DESK, "split:2")
    answers.append(room.presses(BOB, TO_DESK, "why:2"))

    assert [answer is not None for _, answer in answers] == [True, False, True]
    assert answers[1][0] == "The answer is in the chat already."


@pytest.fixture
def loose():
    """Ann's chat is loose and has one message: a story, and one that is likely the same."""
    opened = Room(stories=Stories.LOOSE)
    article = opened.desk.publishes("A train leaves for Bergen")
    opened.desk.relates(opened.desk.story_of(article), 1)
    opened.desk.corrects(article, "A train leaves for Bergen, and a ship")
    yield opened
    opened.desk.store.close()


def test_a_loose_chat_is_offered_to_split_off_what_is_only_likely_the_same(loose):
    _, answer = loose.presses(ANN, TO_ANN, "why:1")

    lines = answer.text.splitlines()
    assert "4. Outlet 4: A train leaves for Bergen, and a ship" in lines
    assert lines[lines.index("4. Outlet 4: A train leaves for Bergen, and a ship") + 1].endswith(
        "; likely; rules: ship"
    )
    (buttons,) = answer.rows
    assert [button.label for button in buttons] == [f"Split off {n}" for n in (2, 3, 4)]
    assert "Later story" not in answer.text

    said, _ = loose.presses(ANN, TO_ANN, buttons[-1].data)

    assert said == "Split off: Outlet 4: A train leaves for Bergen, and a ship"
    assert next(iter(loose.desk.shows(ANN).values())) == ["Outlet 1", "Outlet 2", "Outlet 3"]
    assert list(loose.desk.shows(ANN).values())[-1] == ["Outlet 4"]
    again, _ = loose.presses(ANN, TO_ANN, buttons[-1].data)
    assert again.startswith("It is the only article")


def test_the_number_of_what_is_only_likely_the_same_can_be_written_too(loose):
    said = loose.says(ANN, TO_ANN, "/split 4", reply_to="1")

    assert said.startswith("Split off: Outlet 4")
    assert list(loose.desk.shows(ANN).values())[-1] == ["Outlet 4"]


def test_a_chat_that_is_not_loose_may_not_split_off_what_its_message_does_not_show(loose):
    loose.desk.book = loose.editor.in_force.book = book(
        rule("ship", ANN), chats=(chat(ANN, ANN, stories=Stories.LOOSE), chat("zoo", "77"))
    )
    said, _ = loose.presses(ADMIN, Place(chat="77"), "split:4")

    assert said.startswith("This button is too old")
    assert next(iter(loose.desk.shows(ANN).values()))[-1] == "Outlet 4"
