"""People ask in the chat why articles are one story, and split and join them."""

import json

import pytest

from tests.data.stranded_ferry import FIRST_REPORT, SECOND_REPORT
from tests.e2e.conftest import rss

ANN, BOB, DESK = 42, 43, -1001
SHIP = "A ship sails to Oslo today"


def feed(outlet, *headlines):
    items = [
        (f"{outlet}-{number}", headline, "", f"https://{outlet.lower()}.example/{number}")
        for number, headline in enumerate(headlines, start=1)
    ]
    return rss(*items, title=outlet)


def starts(desk, telegram, **environment):
    environment = {"TELEGRAM_PACE": "local"} | environment  # messages change at once
    bot = desk.starts(
        "run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url, **environment
    )
    bot.wait_for("started")
    return bot


@pytest.fixture
def told(desk, site, telegram):
    """Ann was told of one story of two outlets; answer the bot and the message."""
    telegram.private_chat(ANN, "Ann")
    telegram.private_chat(BOB, "Bob")
    site.put("/herald.xml", feed("Herald", SHIP))
    site.put("/courier.xml", feed("Courier"))
    feeds = "".join(
        f"  - {{url: {site.at(path)}, every: 1s, catch_up: all}}\n"
        for path in ("/herald.xml", "/courier.xml")
    )
    desk.writes(f"feeds:\n{feeds}rules: [match: ship]\nchats:\n  desk: {{telegram: {ANN}}}\n")
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: api.sent(ANN))
    site.put("/courier.xml", feed("Courier", SHIP))
    telegram.wait_for(lambda api: "courier.example" in api.sent(ANN)[0].text)
    return bot, telegram.sent(ANN)[0]


def presses(telegram, user, message, button="", **more):
    """Press a button; answer what is shown for it."""
    query = telegram.presses(user, message, button, **more)
    telegram.wait_for(lambda _: query.answer is not None)
    return query.answer


def asks_why(telegram, message):
    """Press "Why?"; answer the message that explains it."""
    known = len(telegram.sent(ANN))
    presses(telegram, ANN, message, "Why?")
    telegram.wait_for(lambda api: len(api.sent(ANN)) > known)
    return telegram.sent(ANN)[-1]


def test_a_button_splits_an_article_off_and_that_outlives_a_restart(desk, telegram, told):
    bot, message = told
    answer = asks_why(telegram, message)

    said = presses(telegram, ANN, answer, "Split off 2")
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 3)
    telegram.wait_for(lambda api: "courier.example" not in api.sent(ANN)[0].text)

    assert "2. courier.example: " + SHIP in answer.text
    assert "same headline as 1" in answer.text
    assert said == f"Split off: courier.example: {SHIP}"
    first, _, split_off = telegram.sent(ANN)
    assert "herald.example" in first.text
    assert "courier.example" in split_off.text
    assert "herald.example" not in split_off.text
    assert bot.stops() == 0
    before = telegram.sent(ANN)
    again = starts(desk, telegram)
    assert presses(telegram, ANN, answer, "Split off 2").startswith("It is the only article")
    assert telegram.sent(ANN) == before
    assert again.stops() == 0


def test_a_stranger_changes_nothing_and_every_press_is_answered(desk, telegram, told):
    _, message = told
    answer = asks_why(telegram, message)
    split_off = next(button.data for button in answer.buttons)
    bobs = telegram.says(BOB, BOB, "/why")
    telegram.wait_for(lambda api: api.sent(BOB))

    forged = [split_off, "why:1", "join:1", "why:99", "split:" + "9" * 18, "nonsense", "why:-1"]
    answers = [presses(telegram, BOB, bobs, data=data) for data in forged]
    telegram.says(BOB, BOB, "/split 2")
    asks_again = presses(telegram, ANN, message, "Why?")

    assert answers[0] == answers[2]
    assert all(answers)
    (refusal,) = telegram.sent(BOB)
    assert ("put your number" in refusal.text, SHIP in refusal.text) == (True, False)
    assert asks_again == "The answer is in the chat already."
    assert "courier.example" in telegram.sent(ANN)[0].text
    code, out, _ = desk.runs("alerts", "--why", "1", "--json")
    assert (code, len(json.loads(out)["articles"])) == (0, 2)


def test_the_same_can_be_written_and_said_at_the_command_line(desk, telegram, told):
    assert told
    telegram.says(ANN, ANN, "/why")
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 2)
    telegram.says(ANN, ANN, "/split 2", reply_to=telegram.sent(ANN)[1])
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 4)

    joined = desk.runs("story", "join", "2", "1")
    telegram.wait_for(lambda api: any("Joined by hand" in m.text for m in api.sent(ANN)))
    telegram.wait_for(lambda api: "courier.example" in api.sent(ANN)[0].text)
    _, why, _ = desk.runs("alerts", "--why", "1")
    split = desk.runs("story", "split", "1")
    telegram.wait_for(lambda api: "courier.example" not in api.sent(ANN)[0].text)

    assert joined == (0, "joined: one story of 2 articles\n", "")
    assert ("1. herald.example" in why, "by hand; rules: ship" in why) == (True, True)
    assert split == (0, f"split off: herald.example: {SHIP}\n", "")
    for words in (("split", "99"), ("join", "1", "9")):
        code, _, err = desk.runs("story", *words)
        assert (code, "python bot.py alerts" in err) == (1, True)


def test_what_shares_a_message_as_only_likely_can_be_split_off_and_joined(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    stuck = "Ferry Solveig with 212 aboard stuck off Northport"
    hotels = "Stuck ferry: Northport pays for the hotels"
    site.put("/herald.xml", feed("Herald", stuck))
    site.put("/courier.xml", feed("Courier"))
    feeds = "".join(
        f"  - {{url: {site.at(path)}, every: 1s, catch_up: all, full_text: never}}\n"
        for path in ("/herald.xml", "/courier.xml")
    )
    chats = f"chats:\n  desk: {{telegram: {ANN}, stories: loose}}\n"
    desk.writes(f"feeds:\n{feeds}rules: [match: ferry]\n{chats}")
    starts(desk, telegram)
    telegram.wait_for(lambda api: api.sent(ANN))
    site.put("/courier.xml", feed("Courier", hotels))
    telegram.wait_for(lambda api: hotels in api.sent(ANN)[0].text)
    (message,) = telegram.sent(ANN)

    answer = asks_why(telegram, message)
    _, listed, _ = desk.runs("alerts", "--why", "1")
    said = presses(telegram, ANN, answer, "Split off 2")
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 3)
    telegram.wait_for(lambda api: hotels not in api.sent(ANN)[0].text)

    assert f"2. courier.example: {hotels}\n    alike to 1: both say" in answer.text
    assert "; likely (score" in answer.text
    assert f"2. courier.example: {hotels}" in listed
    assert said == f"Split off: courier.example: {hotels}"
    assert hotels in telegram.sent(ANN)[2].text

    joined = desk.runs("story", "join", "2", "1")
    telegram.wait_for(lambda api: hotels in api.sent(ANN)[0].text)
    telegram.wait_for(lambda api: "Joined by hand" in api.sent(ANN)[2].text)
    assert joined == (0, "joined: one story of 2 articles\n", "")


CONTENT = "http://purl.org/rss/1.0/modules/content/"
PAGE = "<html><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"


def in_full(text, *item):
    """Answer a feed that carries the full text of its one item."""
    body = rss(*item, title="Herald").decode()
    body = body.replace("<rss ", f"<rss xmlns:content='{CONTENT}' ")
    return body.replace("</item>", f"<content:encoded>{text}</content:encoded></item>").encode()


def test_before_a_chat_rings_again_the_page_is_read_and_decides(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    stuck = "Ferry with 212 aboard stuck off Northport"
    saloon = "Ferry passengers spend a night in the saloon off Northport"
    closed = "The harbour master has closed the western channel."
    herald = ("1", stuck, closed, "https://herald.example/1")
    courier = ("2", saloon, "A nurse tells of the jolt.", site.at("/2"))
    page = PAGE.format(title=saloon, text=SECOND_REPORT)
    site.put("/2", page, content_type="text/html; charset=utf-8")
    site.put("/herald.xml", in_full(FIRST_REPORT, herald))
    site.put("/courier.xml", rss(title="Courier"))
    feeds = "".join(
        f"  - {{url: {site.at(path)}, every: 1s, catch_up: all}}\n"
        for path in ("/herald.xml", "/courier.xml")
    )
    desk.writes(f"feeds:\n{feeds}rules: [match: ferry]\nchats:\n  desk: {{telegram: {ANN}}}\n")
    starts(desk, telegram)
    telegram.wait_for(lambda api: api.sent(ANN))

    site.put("/courier.xml", rss(courier, title="Courier"))
    telegram.wait_for(lambda api: saloon in api.sent(ANN)[0].text)

    (message,) = telegram.sent(ANN)
    assert len(site.requests("/2")) == 1
    assert "on a closer look alike to 1" in asks_why(telegram, message).text
