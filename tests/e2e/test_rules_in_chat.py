"""Rules are made, changed and taken back in a chat, and rules.yaml says the same at once."""

import os
import signal

import pytest

from tests.e2e.conftest import rss

ANN, BOB, GROUP = 42, 43, -1001
RULES = """\
# Ours, by hand
feeds:
  - {{url: {feed}, every: 1s, catch_up: none}}
rules:
  - match: ship   # all of them
    send_to: [ann]
chats:
  ann: {{telegram: 42}}   # Ann herself
  desk: {{telegram: -1001}}
"""


def starts(desk, site, telegram):
    site.put("/feed.xml", rss((1, "An old boat")))
    text = RULES.format(feed=site.at("/feed.xml"))
    desk.writes(text)
    telegram.private_chat(ANN, "Ann")
    telegram.group(GROUP, "Desk", admins=(BOB,))
    return text, again(desk, telegram)


def again(desk, telegram, *options):
    bot = desk.starts(
        "run",
        *options,
        TELEGRAM_TOKEN=telegram.token,
        TELEGRAM_API_URL=telegram.url,
        ADMINS=str(ANN),
    )
    bot.wait_for("started")
    return bot


def shows(telegram, text, chat=ANN):
    """Wait for a message of the bot that says *text*; answer the newest."""

    def newest(api):
        return next((each for each in reversed(api.sent(chat)) if text in each.text), None)

    return telegram.wait_for(newest)


def rules_of(desk):
    return (desk.folder / "rules.yaml").read_text()


def proposes(telegram, condition, chat=ANN, user=ANN):
    """Have a rule made as far as the change of the file is shown; answer that message."""
    telegram.says(user, chat, f"/addrule {condition}")
    preview = shows(telegram, "Last 7 days", chat)
    telegram.presses(user, preview, "Save")
    return shows(telegram, "Not written yet", chat)


def test_a_rule_that_was_made_in_a_talk_rings(desk, site, telegram):
    before, bot = starts(desk, site, telegram)

    telegram.says(ANN, ANN, "/addrule")
    shows(telegram, "What do you look for?")
    telegram.says(ANN, ANN, "whale AND (")
    shows(telegram, "This parenthesis is never closed")
    telegram.says(ANN, ANN, "whale NOT film")
    preview = shows(telegram, "All of: whale · not: film")
    telegram.presses(ANN, preview, "Name it")
    shows(telegram, "What shall it be called?")
    telegram.says(ANN, ANN, "Whales")
    telegram.presses(ANN, shows(telegram, "Whales\nwhale NOT film"), "Save")
    shown = shows(telegram, "Not written yet")
    assert rules_of(desk) == before
    telegram.presses(ANN, shown, "Write it")
    shows(telegram, "Done, and in force: added the rule Whales")
    site.put("/feed.xml", rss((1, "An old boat"), (2, "A whale visits the harbour")))
    shows(telegram, "A whale visits the harbour")

    added = "  - name: Whales\n    match: whale NOT film\n    send_to: [ann]\n"
    assert rules_of(desk) == before.replace("chats:\n", f"{added}chats:\n")
    assert bot.process.poll() is None


def test_an_edit_by_hand_meanwhile_is_refused_with_both_versions(desk, site, telegram):
    before, _ = starts(desk, site, telegram)
    shown = proposes(telegram, "whale")

    mine = before.replace("match: ship ", "match: ships ")
    desk.writes(mine)
    telegram.presses(ANN, shown, "Write it")
    told = shows(telegram, "was edited meanwhile")

    assert "+   - match: ships" in told.text
    assert "+   - match: whale" in told.text
    assert rules_of(desk) == mine
    telegram.presses(ANN, told, "Write it")
    shows(telegram, "Done, and in force")
    assert ("match: ships " in rules_of(desk), "match: whale" in rules_of(desk)) == (True, True)


def test_a_talk_goes_on_after_a_crash(desk, site, telegram):
    _, bot = starts(desk, site, telegram)

    telegram.says(ANN, ANN, "/addrule whale")
    preview = shows(telegram, "Last 7 days")
    bot.kill()
    bot = again(desk, telegram)
    telegram.presses(ANN, preview, "Save")
    shown = shows(telegram, "Not written yet")
    bot.stops(signal.SIGTERM)
    again(desk, telegram)
    telegram.presses(ANN, shown, "Write it")
    shows(telegram, "Done, and in force")

    assert "  - match: whale\n    send_to: [ann]\n" in rules_of(desk)


def test_undo_goes_back_and_says_from_what(desk, site, telegram):
    before, _ = starts(desk, site, telegram)
    telegram.presses(ANN, proposes(telegram, "whale"), "Write it")
    shows(telegram, "Done, and in force: added the rule whale")

    telegram.says(ANN, ANN, "/undo")
    back = shows(telegram, "The last step was: added the rule whale\nBy Ann, ")
    telegram.presses(ANN, back, "Go back")
    shows(telegram, "undid: added the rule whale")

    assert rules_of(desk) == before


def test_a_folder_that_is_read_only_says_so(desk, site, telegram):
    before, bot = starts(desk, site, telegram)
    bot.stops()
    folder = desk.writes(before, "config/rules.yaml").parent
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("nothing is read-only for the superuser")
    again(desk, telegram, "--rules", "config/rules.yaml")

    telegram.says(ANN, ANN, "/addrule whale")
    telegram.presses(ANN, shows(telegram, "Last 7 days"), "Save")
    told = shows(telegram, "Nothing was changed.")

    assert "its folder is read-only. Make the folder writable" in told.text
    assert not told.buttons


def test_a_file_that_is_gone_is_said(desk, site, telegram):
    before, _ = starts(desk, site, telegram)
    shown = proposes(telegram, "whale")
    (desk.folder / "rules.yaml").rename(desk.folder / "kept.yaml")
    telegram.presses(ANN, shown, "Write it")
    told = shows(telegram, "Nothing was changed.")

    assert (desk.folder / "kept.yaml").read_text() == before
    assert not told.buttons


def test_in_a_group_its_administrators_make_rules_by_answering(desk, site, telegram):
    starts(desk, site, telegram)

    telegram.says(99, GROUP, "/addrule whale")
    shows(telegram, "Only those who look after this chat", GROUP)
    telegram.says(BOB, GROUP, "/addrule")
    asked = shows(telegram, "What do you look for?", GROUP)
    telegram.says(BOB, GROUP, "lunch at one?")
    telegram.says(BOB, GROUP, "whale", reply_to=asked)
    preview = shows(telegram, "Last 7 days", GROUP)
    query = telegram.presses(99, preview, "Save")
    telegram.wait_for(lambda _: query.answer is not None)
    telegram.presses(BOB, preview, "Save")
    telegram.presses(BOB, shows(telegram, "Not written yet", GROUP), "Write it")
    shows(telegram, "Done, and in force", GROUP)

    assert query.answer.startswith("Only those who look after this chat")
    assert "  - match: whale\n    send_to: [desk]\n" in rules_of(desk)
    telegram.says(99, GROUP, "/rules")
    assert "ship" not in shows(telegram, "1. whale", GROUP).text


def test_rules_are_listed_opened_paused_edited_and_tried(desk, site, telegram):
    before, _ = starts(desk, site, telegram)

    telegram.says(ANN, ANN, "/rules")
    telegram.presses(ANN, shows(telegram, "1. ship"), "1")
    card = shows(telegram, "Tells: ann")
    telegram.presses(ANN, card, "Try 7 days")
    shows(telegram, "Last 7 days: 0 stories")
    telegram.presses(ANN, card, "Pause")
    telegram.presses(ANN, shows(telegram, "+     paused: true"), "Write it")
    shows(telegram, "Done, and in force: paused ship")
    telegram.says(ANN, ANN, "/resume ship")
    telegram.presses(ANN, shows(telegram, "-     paused: true"), "Write it")
    shows(telegram, "Done, and in force: resumed ship")
    assert rules_of(desk) == before
    telegram.says(ANN, ANN, "/editrule ship")
    shows(telegram, "Answer this message with the new condition")
    telegram.says(ANN, ANN, "ship OR boat")
    telegram.presses(ANN, shows(telegram, "Any of: ship, boat"), "Save")
    telegram.presses(ANN, shows(telegram, "+   - match: ship OR boat"), "Write it")
    shows(telegram, "Done, and in force: changed the condition of ship")
    site.put("/feed.xml", rss((1, "An old boat"), (2, "A boat sails to Oslo")))
    alert = shows(telegram, "A boat sails to Oslo")
    telegram.says(ANN, ANN, "/try", reply_to=alert)
    shows(telegram, "✓ boat in the headline")

    assert "  - match: ship OR boat   # all of them\n" in rules_of(desk)


def test_names_of_packs_that_no_rule_uses_yet_are_understood(desk, site, telegram):
    starts(desk, site, telegram)

    telegram.says(ANN, ANN, "/try ferry AND @country.kr")
    found = shows(telegram, "All of: ferry, @\u2060country.kr (")
    telegram.says(ANN, ANN, "/try ferry AND @country.xx")
    shows(telegram, "There is no entity @\u2060country.xx")

    assert "Republic of Korea" in found.text


def test_data_that_was_made_up_turns_no_alert_into_something_else(desk, site, telegram):
    starts(desk, site, telegram)
    site.wait_for(lambda: len(site.requests("/feed.xml")) > 1)
    site.put("/feed.xml", rss((1, "An old boat"), (2, "A ship sails to Oslo")))
    alert = shows(telegram, "A ship sails to Oslo")
    telegram.presses(ANN, alert, data="rules:0")
    shows(telegram, "1. ship")

    assert any("A ship sails to Oslo" in each.text for each in telegram.sent(ANN))


def test_cancel_ends_a_talk(desk, site, telegram):
    before, _ = starts(desk, site, telegram)

    telegram.says(ANN, ANN, "/addrule")
    shows(telegram, "What do you look for?")
    telegram.says(ANN, ANN, "/cancel")
    shows(telegram, "Cancelled: nothing was changed.")

    assert rules_of(desk) == before
