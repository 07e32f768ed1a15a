"""How all goes is told: to an administrator everything, to a chat what concerns it."""

import pytest

from monitors.alerts.showing.presentable import local_time
from tests.fakes.minding_desk import MindingDesk
from tests.fakes.rules_desk import ANN, EVE, MIA, RULES, TO_ANN, TO_DESK, TO_MIA


@pytest.fixture
def desk():
    opened = MindingDesk(RULES.replace("match: ship", "match: ship\n    paused: false"))
    yield opened
    opened.closes()


def test_a_chat_is_told_what_concerns_it(desk):
    assert "Last alert none yet" in desk.says(ANN, TO_ANN, "/status").text
    desk.publishes("A ship sails to Oslo today")
    said = desk.says(ANN, TO_ANN, "/status").text
    assert said.startswith("Delivery pending 0 · sent today 1\nLast alert ")
    assert "after it was found, which was" in said
    assert "A ship sails to Oslo today" in said
    assert said.endswith("Rules 2 on · 0 paused")
    others = desk.says(EVE, TO_DESK, "/status").text
    assert "sent today 0" in others
    assert "ship" not in others


def test_an_administrator_is_told_everything_where_nobody_reads_along(desk):
    desk.publishes("A ship sails to Oslo today")
    desk.store.write_now(
        lambda ledger: ledger.outbox.hold("-1001", desk.clock().replace(year=2099), "flood")
    )
    said = desk.says(MIA, TO_MIA, "/status").text
    assert "sent today 1" in said
    assert "Held chats 1: -1001 (" in said
    assert "Feeds 0 ok · 0 failing · 1 not polled yet" in said
    assert "Rules 3 on · 0 paused" in said
    assert "Version Newsbell 1.2 · rules.yaml " in said
    in_group = desk.says(MIA, TO_DESK, "/status").text
    assert "sent today 0" in in_group
    assert "Telegram asks to leave this chat alone: " in in_group
    assert "in our own chat" in in_group
    assert "Feeds" not in in_group


def test_an_alert_without_a_title_says_so(desk):
    desk.publishes("", summary="A ship sails to Oslo today")
    assert "\n(no title)\n" in desk.says(ANN, TO_ANN, "/status").text


def test_what_waits_and_what_failed_is_counted(desk):
    desk.newsroom.delivers = lambda: None
    desk.publishes("A ship sails to Oslo today")
    desk.clock.passes(seconds=42)
    assert "pending 1 (oldest 42 s)" in desk.says(ANN, TO_ANN, "/status").text
    desk.store.write_now(
        lambda ledger: ledger.feeds._db.execute("UPDATE outbox SET state = 'dead', why = 'x'")
    )
    assert "Did not arrive: 1 (/failed)" in desk.says(MIA, TO_MIA, "/status").text
    assert "Did not arrive: 1; whoever" in desk.says(ANN, TO_ANN, "/status").text


def test_an_administrator_is_told_since_when_rules_yaml_is_broken_and_why(desk):
    since = local_time(desk.clock(), desk.newsroom.book.zone)
    for why in ("rules.yaml:3:1: wrong", "rules.yaml:4:1: still <wrong>"):
        desk.store.write_now(lambda ledger, why=why: ledger.history.refuse(why, desk.clock()))
        desk.clock.passes(minutes=5)
    told = f"rules.yaml is broken since {since}; the last good rules stay in force\n"
    said = desk.says(MIA, TO_MIA, "/status").text
    others = desk.says(ANN, TO_ANN, "/status").text
    desk.store.write_now(lambda ledger: ledger.history.refuse(None, desk.clock()))

    assert told in said
    assert "rules.yaml:4:1: still <wrong>" in said
    assert "broken" not in others + desk.says(MIA, TO_MIA, "/status").text
