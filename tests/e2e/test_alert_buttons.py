"""People press every button under an alert, in a chat with the bot and in a group."""

import json
import time

import pytest

from tests.e2e.conftest import PATIENCE, rss

ANN, BOB, DESK = 42, 43, -1001234567890
SHIP = "A ship sails to Oslo today"
LATER = "Ship runs aground near Malta in fog"
OLD = "This button is too old, or not of this chat."
MAIN = ["🔕 Mute", "👎", "Why?", "⋯"]


def feed(outlet, *headlines):
    items = [
        (f"{outlet}-{number}", headline, "", f"https://{outlet.lower()}.example/{number}")
        for number, headline in enumerate(headlines, start=1)
    ]
    return rss(*items, title=outlet)


class Newsroom:
    """Two outlets, a rule, and where its alerts go."""

    def __init__(self, desk, site, telegram, chat, more=""):
        self.desk, self.site, self.telegram, self.chat = desk, site, telegram, chat
        site.put("/herald.xml", feed("Herald", SHIP))
        site.put("/courier.xml", feed("Courier"))
        feeds = "".join(
            f"  - {{url: {site.at(path)}, every: 1s, catch_up: all}}\n"
            for path in ("/herald.xml", "/courier.xml")
        )
        desk.writes(
            f"feeds:\n{feeds}rules: [match: ship]\nchats:\n  desk: {{telegram: {chat}{more}}}\n"
        )
        self.bot = self.starts()
        telegram.wait_for(lambda api: api.sent(chat))

    def starts(self):
        bot = self.desk.starts(
            "run", TELEGRAM_TOKEN=self.telegram.token, TELEGRAM_API_URL=self.telegram.url
        )
        bot.wait_for("started")
        return bot

    def restarts(self):
        assert self.bot.stops() == 0
        self.bot = self.starts()

    def publishes(self, outlet, *headlines):
        self.site.put(f"/{outlet.lower()}.xml", feed(outlet, *headlines))

    @property
    def message(self):
        return self.telegram.sent(self.chat)[0]

    def labels(self):
        return [button.text for button in self.message.buttons]

    def presses(self, button="", user=ANN, **more):
        query = self.telegram.presses(user, more.pop("message", self.message), button, **more)
        self.telegram.wait_for(lambda _: query.answer is not None)
        return query.answer

    def turns(self, button, *until):
        """Press a button, and wait until others are shown; answer what was said."""
        said = self.presses(button)
        self.shows(*until)
        return said

    def shows(self, *labels):
        self.telegram.wait_for(lambda _: set(labels) <= set(self.labels()))

    def silenced(self):
        """Answer what `alerts` says was not told, once there is something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            _, out, _ = self.desk.runs("alerts", "--json")
            rows = [json.loads(line) for line in out.splitlines()]
            if found := [row for row in rows if row["state"] == "muted"]:
                return found
        raise AssertionError("nothing was silenced")

    def told(self, count):
        self.telegram.wait_for(lambda api: len(api.sent(self.chat)) == count)
        return self.telegram.sent(self.chat)[-1]


@pytest.fixture
def room(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    telegram.private_chat(BOB, "Bob")
    return Newsroom(desk, site, telegram, ANN)


def test_a_story_is_muted_over_a_restart_until_that_is_undone(room):
    assert room.labels() == MAIN
    twice = next(button.data for button in room.message.buttons)
    said = [room.presses(data=twice) for _ in range(2)]
    room.shows("🔕 Muted · Undo")
    room.publishes("Courier", SHIP, LATER)
    room.told(2)
    room.restarts()
    muted = room.message.text
    silenced = room.silenced()
    _, listed, _ = room.desk.runs("alerts")
    undone = room.turns("🔕 Muted · Undo", "🔕 Mute")
    room.telegram.wait_for(lambda _: "courier.example" in room.message.text)

    assert said[0].startswith("Muted: nothing more of this story")
    assert said[1] == "This story is muted already."
    assert "courier.example" not in muted
    assert [(row["title"], row["why"]) for row in silenced] == [(SHIP, "muted: this story")]
    assert "not told" in listed
    assert undone == "You hear of this story again."
    assert len(room.telegram.sent(ANN)) == 2


def test_an_outlet_is_muted_for_a_rule_and_another_still_rings(room):
    room.turns("⋯", "🔕 Mute story", "👎 Not relevant", "« Back")
    room.turns("« Back", *MAIN)
    room.turns("⋯", "🔕 Mute herald.example …")
    room.turns("🔕 Mute herald.example …", "🔕 herald.example: 7 days")
    said = room.turns("🔕 herald.example: 24 hours", "🔕 herald.example muted · Undo", *MAIN)
    room.publishes("Herald", SHIP, LATER)
    room.publishes("Courier", "The whale museum ship opens in Kiel")
    second = room.told(2)
    silenced = room.silenced()
    undone = room.turns("🔕 herald.example muted · Undo", *MAIN)
    room.publishes("Herald", SHIP, LATER, "Ship builders in Gdansk hire hundreds")
    third = room.told(3)

    assert said == (
        "herald.example is muted for rule ship, 24 hours. "
        "Other outlets that report the same still ring."
    )
    assert ("whale" in second.text, undone) == (True, "herald.example rings again.")
    assert [row["title"] for row in silenced] == [LATER]
    assert "Gdansk" in third.text
    assert "🔕 herald.example muted · Undo" not in room.labels()


def test_not_relevant_is_noted_and_taken_back(room):
    said = room.turns("👎", "👎 Undo")
    room.restarts()
    undone = room.turns("👎 Undo", "👎")
    assert (said, undone) == ("Noted. Rule ship: 1 of 1 was not relevant.", "Taken back.")


def test_what_is_split_off_is_chosen_by_what_why_says(room):
    room.publishes("Courier", SHIP)
    room.telegram.wait_for(lambda _: "courier.example" in room.message.text)
    room.turns("⋯", "Split off …")
    room.presses("Split off …")
    answer = room.told(2)
    room.presses("Split off 2", message=answer)
    room.telegram.wait_for(lambda _: "courier.example" not in room.message.text)

    assert "same headline as 1" in answer.text
    assert "courier.example" in room.told(3).text


def test_every_press_is_answered_whoever_it_is_and_whatever_it_says(room):
    forged = ["mutestory:99", "muteoutlet:1:5", "page:1:7", "nonsense", "mutestory:-1"]
    room.telegram.says(BOB, BOB, "/why")
    room.telegram.wait_for(lambda api: api.sent(BOB))
    bobs = room.telegram.sent(BOB)[0]

    assert [room.presses(data=data) for data in forged] == [OLD] * len(forged)
    stranger = room.presses(user=BOB, message=bobs, data="mutestory:1")
    assert "put your number, 43, into ADMINS" in stranger
    assert room.labels() == MAIN


def test_in_a_group_readers_may_look_and_judge_and_administrators_mute(desk, site, telegram):
    telegram.group(DESK, "Desk", admins=(ANN,))
    telegram.member(DESK, BOB, "member")
    room = Newsroom(desk, site, telegram, DESK, ", preview: small, silent: true")

    refused = room.presses("🔕 Mute", BOB)
    noted = room.presses("👎", BOB)
    room.shows("👎 Undo")
    not_hers = room.presses("👎 Undo")
    muted = room.turns("🔕 Mute", "🔕 Muted · Undo")

    assert refused.startswith("Only those who look after this chat may do that")
    assert noted.startswith("Noted.")
    assert not_hers == "You have not called it not relevant."
    assert muted.startswith("Muted:")
    assert (room.message.silent, room.message.preview_shown) == (True, True)
    assert room.message.preview["prefer_small_media"] is True
