"""What a chat has muted does not ring there, stays on record, and is not sent afterwards."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from monitors.alerts.muting import Mute, MutedChat, MutedOutlet, MutedRule, MutedStory
from monitors.pipeline.muting.silencing import mute, unmute
from monitors.rules.rulebook import BreakOut, Chat, ChatName, Priority, Stories, Telegram
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import book, rule

ANN = "42"
SHIP = "A ship sails to Oslo today"
BOTH = "A ship sails into a storm off Oslo"
DAY = timedelta(days=1)


class Room:
    """Ann's chat, what it was told, and what it has muted."""

    def __init__(self, *rules, **manners):
        chat = Chat(name=ChatName(ANN), destination=Telegram(chat_id=ANN), **manners)
        rules = rules or (rule("ship", ANN), rule("storm", ANN))
        self.desk = EditorsDesk(book(*rules, chats=(chat,)))
        self.publishes = self.desk.publishes

    def mutes(self, what, **more):
        wanted = Mute(what=what, who="42", **more)
        done = self.desk.store.write_now(
            lambda ledger: mute(ledger, ANN, wanted, self.desk.clock())
        )
        self.desk.delivers()
        return done

    def in_force(self):
        return self.desk.store.write_now(
            lambda ledger: ledger.mutes.of(ANN, self.desk.clock()).in_force
        )

    def unmutes(self, number=1):
        now = self.desk.clock()
        done = self.desk.store.write_now(
            lambda ledger: unmute(ledger, self.desk.book, ANN, number, "42", now)
        )
        self.desk.delivers()
        return done

    def rang(self):
        return [text.splitlines()[0] for text in self.desk.rang(ANN)]

    def shows(self):
        return [*self.desk.shows(ANN).values()]

    def silenced(self):
        rows = self.desk.store.write_now(lambda ledger: ledger.mutes.silenced(10))
        return [(row.content.headline.text, row.why, row.times) for row in rows]


@pytest.fixture
def opens():
    opened = []

    def opens(*rules, **manners):
        opened.append(Room(*rules, **manners))
        return opened[-1]

    yield opens
    for room in opened:
        room.desk.store.close()


def test_a_muted_story_neither_rings_nor_grows_and_catches_up_when_it_is_heard_again(opens):
    room = opens(rule("ship", ANN, break_out=BreakOut(outlets=(2,))))
    room.publishes(SHIP)
    assert room.mutes(MutedStory(1))
    room.publishes(SHIP)
    room.publishes(SHIP)
    muted = room.shows()
    record = room.silenced()

    assert room.unmutes().about == SHIP
    assert muted == [["Outlet 1"]]
    assert record == [(SHIP, "muted: this story", 2)]
    assert room.rang() == ["Outlet 1"]
    assert room.shows() == [["Outlet 1", "Outlet 2", "Outlet 3"]]


def test_muting_is_applied_once_and_so_is_its_end(opens):
    room = opens()
    room.publishes(SHIP)
    assert [room.mutes(MutedStory(1)) for _ in range(2)] == [True, False]
    assert len(room.in_force()) == 1
    assert [room.unmutes() is None for _ in range(2)] == [False, True]


def test_a_longer_mute_takes_the_place_of_a_shorter_one(opens):
    room = opens()
    now = room.desk.clock()
    room.mutes(MutedRule("ship"), until=now + DAY)
    assert room.mutes(MutedRule("ship"))
    ((_, until),) = [(one.what, one.until) for one in room.in_force()]
    assert until is None


def test_a_muted_outlet_does_not_ring_by_its_rule_but_another_does(opens):
    room = opens()
    room.mutes(MutedOutlet("OUTLET 1", "ship"))
    room.publishes(SHIP)
    before = room.rang()
    room.publishes(SHIP)

    assert (before, room.rang()) == ([], ["Outlet 2"])
    assert room.shows() == [["Outlet 2", "Outlet 1"]]
    assert room.silenced() == [(SHIP, "muted: Outlet 1 for rule ship", 1)]


def test_a_message_goes_with_the_report_that_it_shows_when_that_is_split_off(opens):
    room = opens()
    room.mutes(MutedOutlet("Outlet 1", "ship"))
    room.publishes(SHIP)
    room.publishes(SHIP)
    room.desk.splits(2)
    assert room.rang() == ["Outlet 2"]
    assert room.shows() == [["Outlet 2"]]


def test_a_muted_outlet_rings_by_another_rule(opens):
    room = opens()
    room.mutes(MutedOutlet("Outlet 1", "ship"))
    room.publishes(BOTH)
    assert room.rang() == ["Outlet 1"]


def test_a_muted_rule_is_silent_and_nothing_of_it_is_sent_later(opens):
    room = opens()
    until = room.desk.clock() + DAY
    room.mutes(MutedRule("ship"), until=until)
    room.publishes(SHIP)
    room.publishes("Storm over Bergen harbour tonight")
    while room.desk.clock() <= until:
        room.desk.clock.passes(hours=6)
        room.desk.delivers()
    after = room.rang()
    room.publishes("Another ship leaves Hamburg for Kiel")

    assert after == ["Outlet 2"]
    assert room.rang() == ["Outlet 2", "Outlet 3"]
    assert room.silenced() == [(SHIP, "muted: rule ship", 1)]


def test_a_further_rule_that_is_muted_makes_no_reply_but_the_message_says_it(opens):
    room = opens()
    room.publishes(SHIP)
    room.mutes(MutedRule("storm"))
    room.desk.corrects(1, SHIP + " in a storm")
    told = room.desk.store.write_now(lambda ledger: ledger.alerts.told(ANN, 1))

    assert room.rang() == ["Outlet 1"]
    assert told[1].content.rules == ("ship", "storm")
    assert [why for _, why, _ in room.silenced()] == ["muted: rule storm"]


def test_a_break_out_that_only_a_muted_rule_asked_for_makes_no_sound(opens):
    room = opens(rule("ship", ANN, break_out=BreakOut(outlets=(2,))))
    room.publishes(SHIP)
    room.mutes(MutedRule("ship"))
    room.publishes(SHIP)

    assert room.rang() == ["Outlet 1"]
    assert room.shows() == [["Outlet 1", "Outlet 2"]]


def test_a_muted_chat_hears_nothing_not_even_of_high_priority_but_messages_grow(opens):
    room = opens(rule("ship", ANN, priority=Priority.HIGH), rule("storm", ANN))
    room.publishes(SHIP)
    room.mutes(MutedChat(), until=room.desk.clock() + DAY)
    room.publishes(SHIP)
    room.publishes("Ship aground near Malta, crew is safe")

    assert room.rang() == ["Outlet 1"]
    assert room.shows() == [["Outlet 1", "Outlet 2"]]
    assert [why for _, why, _ in room.silenced()] == ["muted: this chat"]


def test_what_was_held_back_before_the_chat_was_muted_waits_until_that_is_over(opens):
    room = opens(rule("ship", ANN), quiet_hours=(time(9), time(12)))
    room.publishes(SHIP)
    room.mutes(MutedChat(), until=room.desk.clock() + DAY)
    room.desk.clock.passes(hours=6)
    room.desk.delivers()
    muted = room.rang()
    room.desk.clock.passes(days=1)
    room.desk.delivers()
    assert (muted, room.rang()) == ([], ["Outlet 1"])


def test_what_one_chat_mutes_rings_in_another():
    chats = [Chat(name=ChatName(name), destination=Telegram(chat_id=name)) for name in (ANN, "43")]
    desk = EditorsDesk(book(rule("ship", ANN, "43"), chats=tuple(chats)))
    desk.store.write_now(
        lambda ledger: mute(ledger, ANN, Mute(what=MutedChat(), who="42"), desk.clock())
    )
    desk.publishes(SHIP)
    assert (desk.rang(ANN), len(desk.rang("43"))) == ([], 1)
    desk.store.close()


def test_in_a_strict_chat_a_report_rings_by_what_is_not_muted_of_it(opens):
    room = opens(stories=Stories.STRICT)
    room.mutes(MutedOutlet("Outlet 2", "ship"))
    room.publishes(BOTH)
    room.publishes(BOTH)
    assert room.rang()[0] == "Outlet 1"


def test_replies_that_wait_below_a_muted_story_are_not_sent(opens):
    room = opens()
    room.publishes(SHIP)
    later = room.desk.clock() + DAY

    def waits(ledger):
        _, told = ledger.alerts.told(ANN, 1)
        content = replace(told.content, note="A further rule holds")
        ledger.alerts.reply(1, content, high=False, now=room.desk.clock(), due_at=later)

    room.desk.store.write_now(waits)
    room.mutes(MutedStory(1))
    room.desk.clock.passes(days=2)
    room.desk.delivers()
    assert room.rang() == ["Outlet 1"]


def test_what_a_rule_of_high_priority_holds_for_is_urgent(opens):
    room = opens(rule("ship", ANN, priority=Priority.HIGH), rule("storm", ANN))
    room.publishes(SHIP)
    room.publishes("Storm over Bergen harbour tonight")
    told = room.desk.store.write_now(
        lambda ledger: [ledger.alerts.told(ANN, story)[1].content.urgent for story in (1, 2)]
    )
    assert told == [True, False]
