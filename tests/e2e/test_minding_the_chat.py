"""People start the bot, ask for help, mute, and change when they are told, through bot.py."""

import pytest

from tests.e2e.conftest import rss

ADMIN, ANN, EVE, BOB, DESK, NEW = 41, 42, 45, 43, -1001, -1002
RULES = """\
feeds: [{{url: "{site}/wire.xml", catch_up: all, every: 1s}}]
rules:
  - match: ship  # every ship
    send_to: [ann, desk]
chats:
  ann: {{telegram: {ann}{manners}}}
  desk: {{telegram: {desk}}}
"""
SHIP = "A ship sails to Oslo today"


@pytest.fixture
def opened(desk, telegram, site):
    """Answer what starts the bot; everybody has written to it before."""
    for user in (ADMIN, ANN, EVE, BOB):
        telegram.private_chat(user, f"User {user}")
    telegram.group(DESK, "Desk", admins=(BOB,))
    site.put("/wire.xml", rss())

    def opens(manners=""):
        rules = RULES.format(site=site.url, ann=ANN, desk=DESK, manners=manners)
        desk.writes(rules)
        settings = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        bot = desk.starts("run", **settings, ADMINS=str(ADMIN))
        bot.wait_for("started")
        return bot

    return opens


def file(desk):
    return (desk.folder / "rules.yaml").read_text()


def asks(api, user, text, chat=None, **more):
    """Write *text*, and answer what the bot answers."""
    chat = chat or user
    said = api.says(user, chat, text, **more)
    return next_in(api, chat, said.message_id)


def next_in(api, chat, after):
    def found(api):
        return [one for one in api.sent(chat) if one.message_id > after]

    api.wait_for(found)
    return found(api)[0]


def presses(api, user, message, label):
    """Press a button, and answer what is shown for a moment."""
    query = api.presses(user, message, label)
    api.wait_for(lambda _: query.answer is not None)
    return query.answer


def becomes(api, message, words):
    """Wait until *message* says *words*."""

    def text():
        return api.account.chats[message.chat_id].messages[message.message_id].text

    api.wait_for(lambda _: words in text())
    return text()


def labels(message):
    return [button.text for button in message.buttons]


def test_start_and_help_say_what_to_do_next(opened, telegram):
    opened()
    owner = asks(telegram, ANN, "/start")
    reader = asks(telegram, EVE, "/start", DESK)
    link = asks(telegram, ANN, "/start addrule")
    ended = asks(telegram, ANN, "/cancel")
    helped = asks(telegram, ANN, "/help")
    one = asks(telegram, EVE, "/help mute", DESK)

    assert f"This chat ({ANN}) is ann in rules.yaml; 1 rule tells it." in owner.text
    assert labels(owner) == ["Add a rule", "Help"]
    assert labels(reader) == ["Help"]
    assert link.text.startswith("What do you look for?")
    assert ended.text.startswith("Cancelled")
    assert "/mute: Hear nothing for a while" in helped.text
    assert "/failed" not in helped.text
    assert "For example: /mute 2h" in one.text
    before = len(telegram.sent(ANN))
    assert presses(telegram, ANN, owner, "Help") == ""
    telegram.wait_for(lambda api: len(api.sent(ANN)) > before)


def test_a_stranger_is_told_who_they_are_once(opened, telegram):
    opened()
    telegram.private_chat(99, "Stan")
    said = asks(telegram, 99, "/start")
    assert "put your number, 99, into ADMINS" in said.text
    telegram.says(99, 99, "/help")
    asks(telegram, ANN, "/muted")
    assert len(telegram.sent(99)) == 1


def test_an_administrator_adds_the_bot_and_alerts_come(opened, desk, telegram):
    opened()
    telegram.group(NEW, "News Desk")
    telegram.remove(NEW, by=ADMIN)
    telegram.add(NEW, by=ADMIN)
    greeted = next_in(telegram, NEW, 0)
    before = file(desk)
    assert presses(telegram, EVE, greeted, "Send alerts here").startswith("This bot tells of news")
    assert presses(telegram, ADMIN, greeted, "Send alerts here") == ""
    shown = next_in(telegram, NEW, greeted.message_id)
    assert f"+   News Desk:\n+     telegram: {NEW}" in shown.text
    assert file(desk) == before

    assert presses(telegram, ADMIN, shown, "Write it") == "Done."
    assert file(desk) == f"{before}  News Desk:\n    telegram: {NEW}\n"
    becomes(telegram, shown, "Done, and in force")


def test_an_alert_is_muted_by_an_answer_and_the_list_undoes_it(opened, telegram, site):
    bot = opened()
    site.put("/wire.xml", rss(("1", SHIP)))
    telegram.wait_for(lambda api: api.sent(ANN) and api.sent(DESK))
    (alert,) = telegram.sent(ANN)
    said = asks(telegram, ANN, "/mute", reply_to=alert)
    refused = asks(telegram, EVE, "/mute 2h", DESK)
    muted = asks(telegram, BOB, "/mute 2h", DESK)
    assert said.text.startswith(f"Muted: the story “{SHIP}”.")
    assert refused.text.startswith("Only those who look after this chat")
    assert muted.text.startswith("Muted: this chat, until ")

    bot.kill()
    opened()
    listed = asks(telegram, ANN, "/muted")
    assert listed.text == f"Muted here\n1. the story “{SHIP}”"
    assert presses(telegram, ANN, listed, "Undo 1") == "You hear of it again."
    becomes(telegram, listed, "Nothing is muted here.")
    in_group = asks(telegram, EVE, "/muted", DESK)
    assert presses(telegram, EVE, in_group, "Undo 1").startswith("Only those who look after")
    assert presses(telegram, BOB, in_group, "Undo 1") == "You hear of it again."


def test_quiet_hours_are_set_shown_and_what_waits_is_sent_at_once(opened, desk, telegram, site):
    opened()
    before = file(desk)
    shown = asks(telegram, ANN, "/quiet 0:00-23:59")
    assert "quiet_hours: 00:00-23:59" in shown.text
    assert file(desk) == before
    assert presses(telegram, ANN, shown, "Write it") == "Done."
    assert "quiet_hours: 00:00-23:59" in file(desk)
    assert "# every ship" in file(desk)

    site.put("/wire.xml", rss(("1", SHIP)))
    telegram.wait_for(lambda api: api.sent(DESK))
    manners = asks(telegram, ANN, "/digest")
    assert "Quiet hours: 00:00-23:59, which is now" in manners.text
    assert "Held back now: 1, until " in manners.text
    assert "Held back by quiet hours or limits: 1" in asks(telegram, ANN, "/status").text
    assert presses(telegram, ANN, manners, "Send it now") == "It comes now: 1 held back."
    telegram.wait_for(lambda api: any(SHIP in one.text for one in api.sent(ANN)[-1:]))
    assert asks(telegram, EVE, "/digest off", DESK).text.startswith("Only those who look after")


def test_status_and_failed_say_what_did_not_arrive(opened, desk, telegram, site):
    opened()
    telegram.kick(DESK, by=BOB)
    site.put("/wire.xml", rss(("1", SHIP)))
    telegram.wait_for(lambda api: any(SHIP in one.text for one in api.sent(ANN)))
    telegram.wait_for(lambda api: api.sent(ADMIN))
    here = asks(telegram, ANN, "/status")
    everything = asks(telegram, ADMIN, "/status")
    failed = asks(telegram, ADMIN, "/failed")
    refused = asks(telegram, ANN, "/failed")

    assert "sent today 1\nLast alert " in here.text
    assert "Feeds" not in here.text
    assert "Did not arrive: 1 (/failed)" in everything.text
    assert "Feeds 1 ok · 0 failing" in everything.text
    assert f"1 undelivered\n1. {SHIP} → desk: parked, " in failed.text
    assert refused.text.startswith("Only those who look after this Newsbell")
    assert presses(telegram, ADMIN, failed, "Drop 1") == "Dropped."
    becomes(telegram, failed, "Everything has arrived")
    assert presses(telegram, ADMIN, failed, "Undo the drop") == "It is kept again."
    becomes(telegram, failed, "1 undelivered")
    telegram.add(DESK, by=BOB)
    assert presses(telegram, ADMIN, failed, "Retry 1") == "Trying again: 1."
    telegram.wait_for(lambda api: any(SHIP in one.text for one in api.sent(DESK)))
    assert '"sent_today": 2' in desk.runs("status", "--json")[1]
