"""What a person at a terminal sees of a chat, and what of it is new."""

from threading import Condition

import pytest
from rich.style import Style

from tests.fakes.chat_window import ChatWindow, styled
from tests.fakes.telegram_account import Account
from tests.fakes.telegram_api import TOKEN
from tests.fakes.telegram_entities import Entity
from tests.fakes.telegram_limits import Clock
from tests.fakes.telegram_people import People

ANN = 42
KEYBOARD = {"inline_keyboard": [[{"text": "Why?", "callback_data": "why:1"}]]}
TWO_ROWS = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}],
        [{"text": "Site", "url": "https://wire.example/"}],
    ]
}


@pytest.fixture
def api():
    api = People(Account(TOKEN, Clock(), lambda: None), Condition())
    api.private_chat(ANN, "Ann")
    return api


def say(api, text, **more):
    return api.account.store_own(api.account.chats[ANN], text=text, **more)


def told(window):
    return [text.plain for text in window.news()]


def test_each_thing_is_told_once(api):
    window = ChatWindow(api, ANN)
    api.says(ANN, ANN, "/start")
    message = say(api, "Hello", reply_markup=KEYBOARD)

    first = told(window)
    unchanged = told(window)
    api.account.edit(message, text="Hello again", reply_markup=None)
    edited = told(window)
    api.deletes(api.messages(ANN)[-1])

    assert first == ["#1 Ann\n/start\n", "#2 Newsbell\nHello\n[1 Why?] \n"]
    assert unchanged == []
    assert edited == ["#2 Newsbell edited\nHello again\n"]
    assert told(window) == ["#2 was deleted"]


def test_what_a_person_typed_need_not_be_shown_again(api):
    window = ChatWindow(api, ANN, own=False)
    api.says(ANN, ANN, "/start")

    assert told(window) == []


def test_a_file_an_answer_and_silence_are_shown(api):
    window = ChatWindow(api, ANN)
    asked = api.sends_file(ANN, ANN, "feeds.opml", b"<opml/>")
    say(api, "Thank you", reply_to=asked.message_id, silent=True)

    assert told(window) == [
        "#1 Ann\n(file feeds.opml, 7 bytes)\n",
        "#2 Newsbell in answer to #1 silently\nThank you\n",
    ]


def test_buttons_are_numbered_through_all_rows(api):
    window = ChatWindow(api, ANN)
    older = say(api, "Older", reply_markup=KEYBOARD)
    newer = say(api, "Newer", reply_markup=TWO_ROWS)
    say(api, "Without buttons")

    assert "[1 Yes] [2 No] \n[3 Site] " in told(window)[1]
    assert [window.button(number)[1].text for number in (1, 2, 3)] == ["Yes", "No", "Site"]
    assert window.button(2)[0] == newer
    assert window.button(1, older.message_id)[1].data == "why:1"
    assert (window.button(0), window.button(4), window.button(1, 99)) == (None, None, None)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Muted", "pops up: Muted\n"),
        ("", "pops up: (the button is answered without a word)\n"),
    ],
)
def test_the_answer_to_a_button_pops_up(api, answer, shown):
    window = ChatWindow(api, ANN)
    query = api.presses(ANN, say(api, "Hello", reply_markup=KEYBOARD), "Why?")
    before = told(window)
    query.answer = answer

    assert len(before) == 1
    assert told(window) == [shown]
    assert told(window) == []


def test_styles_stand_where_telegram_counts_them():
    entities = (Entity("bold", 3, 4), Entity("text_link", 3, 4, url="https://wire.example/"))

    plain = styled("🚢 ship sails", entities, addresses=False)
    with_address = styled("🚢 ship sails", entities, addresses=True)

    assert plain.plain == "🚢 ship sails"
    assert {(span.start, span.end) for span in plain.spans} == {(2, 6)}
    assert Style(bold=True) in [span.style for span in plain.spans]
    assert any(span.style.link == "https://wire.example/" for span in plain.spans)
    assert with_address.plain == "🚢 ship <https://wire.example/> sails"


def test_an_address_that_is_its_own_text_stands_there_once():
    link = (Entity("url", 4, 21),)

    assert styled("See https://wire.example/", link, addresses=True).plain.count("https") == 1


def test_no_text_steers_the_terminal(api):
    window = ChatWindow(api, ANN)
    steering = "\x1b]0;x\x07\x9b2J"
    keyboard = {"inline_keyboard": [[{"text": steering, "callback_data": "x"}]]}
    query = api.presses(ANN, say(api, steering, reply_markup=keyboard), data="x")
    query.answer = steering
    api.sends_file(ANN, ANN, steering, b"")

    assert not set("".join(told(window))) & set("\x1b\x07\x9b")
