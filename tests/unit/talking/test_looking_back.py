"""`/search` and `/last`, as people of a chat use them."""

from datetime import timedelta
from itertools import chain

import pytest

from monitors.alerts.showing.legible import units
from monitors.alerts.showing.markup import html
from monitors.pipeline.records import Kind, OutboxId, State
from monitors.stories.article import StoryId
from monitors.talking.looking_back.latest import fate
from tests.fakes.reading_desk import ReadingDesk
from tests.fakes.rules_desk import ANN, EVE, MIA, TO_ANN, TO_DESK, TO_MIA, data_of
from tests.fakes.stand_ins import START

GONE = "too old"


@pytest.fixture
def desk():
    opened = ReadingDesk()
    yield opened
    opened.closes()


def labels(answer):
    return [button.label for button in chain.from_iterable(answer.rows)]


NAMES = ("Aden", "Bergen", "Cadiz", "Dover", "Esbjerg", "Faro", "Gdansk")


def fill(desk, count=7, what="ship"):
    """Have articles published that share little but *what*, an hour after each other."""
    for name in NAMES[:count]:
        desk.publishes(f"{name} harbour sees {what} of {name * 2} line", summary=name * 3)
        desk.clock.passes(hours=1)


# /search


def test_the_newest_articles_come_first_and_the_list_is_turned_in_one_message(desk):
    fill(desk)
    first = desk.says(EVE, TO_DESK, "/search ship harbour", message="5")
    second = desk.presses(EVE, TO_DESK, data_of(first, "▸"), "77").answer

    assert first.text.index("Gdansk") < first.text.index("Faro")
    assert ("Last 7 days 1–5" in first.text, "Aden" in first.text) == (True, False)
    assert ("6–7" in second.text, "Aden" in second.text, second.edits) == (True, True, "77")
    assert labels(first) == ["▸", "24 h", "• 7 d", "30 d"]
    assert "Outlet 7, 5 Nov 15:0" in first.text
    assert "https://outlet-7.example/1" in html(first.runs)


def test_only_rules_of_the_chat_are_named(desk):
    fill(desk, 1, what="ship and ferry")
    shown = desk.says(ANN, TO_ANN, "/search harbour", message="5").text

    assert ("✓ ship" in shown, "✓ ship, ferry" in shown) == (True, False)
    assert "✓ ferry, ship" in desk.says(EVE, TO_DESK, "/search harbour", message="6").text


def test_what_search_asks_for_is_answered_by_the_next_message_even_after_a_restart(desk):
    desk.publishes("A walrus is seen in Bergen")
    asked = desk.says(ANN, TO_ANN, "/search")
    desk.restarts()
    found = desk.says(ANN, TO_ANN, "walrus", message="31")

    assert asked.text.startswith("Write /search and what you look for")
    assert "A walrus is seen in Bergen" in found.text
    assert desk.says(ANN, TO_ANN, "walrus") is None


def test_a_search_goes_further_back_after_a_restart(desk):
    fill(desk, 1)
    desk.clock.passes(days=10)
    asked = desk.says(EVE, TO_DESK, "/search ship", message="5")
    desk.restarts()
    found = desk.presses(EVE, TO_DESK, data_of(asked, "30 d"), "77").answer

    assert "Last 7 days: nothing in 0 stored articles." in asked.text
    assert ("Last 30 days" in found.text, "Aden" in found.text) == (True, True)
    assert "• 30 d" in labels(found)


def test_where_nothing_is_found_it_says_what_is_near(desk):
    fill(desk, 3)
    misspelled = desk.says(EVE, TO_DESK, "/search harbuor", message="5").text
    lacking = desk.says(EVE, TO_DESK, "/search ship AND zebra", message="6").text

    assert "No article has harbuor. Some have: harbour" in misspelled
    assert "No article has zebra." in lacking
    assert ("Only just not:" in lacking, "— no zebra" in lacking) == (True, True)


def test_what_cannot_be_understood_is_shown_with_its_place(desk):
    shown = desk.says(EVE, TO_DESK, "/search ship AND").text

    assert ("cannot be understood" in shown, "^" in shown) == (True, True)
    assert "For example" in desk.says(EVE, TO_DESK, "/search  ").text


@pytest.mark.parametrize(
    "data",
    ["search", "search:5", "search:5:7d", "search:5:7d:x", "search:5:8d:0", "search:6:7d:0",
     "search:5:7d:-1"],
)  # fmt: skip
def test_forged_buttons_of_a_search_do_nothing(desk, data):
    desk.says(EVE, TO_DESK, "/search ship", message="5")

    assert GONE in desk.presses(EVE, TO_DESK, data).toast


def test_a_search_is_of_the_chat_where_it_was_asked(desk):
    data = data_of(desk.says(EVE, TO_DESK, "/search ship", message="5"), "30 d")

    assert GONE in desk.presses(ANN, TO_ANN, data).toast
    assert desk.presses("99", TO_MIA, data).toast == "needs READER"


def test_what_articles_say_does_no_harm_and_fits(desk):
    for name in NAMES:
        desk.publishes(f"{name} <b>@all</b> /start ship " + f"{name}é " * 300, author=name)
    answer = desk.says(EVE, TO_DESK, f"/search ship OR {'x' * 900}", message="5")

    assert ("<b>@all" in html(answer.runs), "@all" in answer.text) == (False, False)
    assert units(answer.text) <= 4_096


def test_a_search_ends_when_there_is_no_more_time(desk):
    fill(desk, 3)
    at = desk.clock()
    ticks = iter(range(10_000))
    desk.clock = lambda: at + timedelta(seconds=next(ticks))
    desk.restarts()
    shown = desk.says(EVE, TO_DESK, "/search ship", message="5").text

    assert "There was time for the newest" in shown


# /last


def test_the_last_alerts_of_the_chat_are_shown_page_by_page(desk):
    for name in NAMES:
        desk.publishes(f"{name} {name[::-1]}: ship {name * 2}")
        desk.clock.passes(hours=5)
    first = desk.says(ANN, TO_ANN, "/last")
    second = desk.presses(ANN, TO_ANN, data_of(first, "▸"), "77").answer

    assert first.text.index("Gdansk") < first.text.index("Faro")
    assert ("1–5" in first.text, "6–7" in second.text, second.edits) == (True, True, "77")
    assert labels(second) == ["◂"]


def test_the_alerts_of_a_rule_are_shown_alone(desk):
    fill(desk, 2)
    desk.publishes("Odessa ferry strikes")
    shown = desk.says(EVE, TO_DESK, "/last FERRY").text

    assert ("Odessa" in shown, "Aden" in shown) == (True, False)
    assert "No rule here is called yacht" in desk.says(EVE, TO_DESK, "/last yacht").text
    assert "No rule here is called ferry" in desk.says(ANN, TO_ANN, "/last ferry").text


def test_what_is_muted_is_listed_with_its_reason(desk):
    desk.publishes("Odessa ship strikes")
    (row,) = desk.store.write_now(lambda ledger: ledger.alerts.of_chats(["ann"], 5))
    content, at = row.content, desk.clock.passes(hours=1)
    for chat in ("ann", "desk"):
        desk.store.write_now(
            lambda ledger, chat=chat: ledger.mutes.silence(
                chat, StoryId(1), content, f"muted: {chat}", at
            )
        )
    shown = desk.says(ANN, TO_ANN, "/last ship").text

    assert shown.count("Odessa") == 2
    assert ("🔕 muted: ann" in shown, "muted: desk" in shown) == (True, False)


def test_a_chat_sees_no_alerts_of_others(desk):
    desk.publishes("Odessa ferry strikes")

    assert desk.says(ANN, TO_ANN, "/last").text == "Last alerts\n\nNone."
    assert "not in rules.yaml" in desk.says(MIA, TO_MIA, "/last").text


@pytest.mark.parametrize("data", ["last", "last:x", "last:-1:", "last:99999:", "last:0:abcdef"])
def test_forged_buttons_of_the_alerts_do_nothing(desk, data):
    assert GONE in desk.presses(EVE, TO_DESK, data).toast


@pytest.mark.parametrize(
    ("state", "more", "told"),
    [
        (State.SENT, {}, ""),
        (State.SENT, {"digest": OutboxId(9)}, "🗞 in a digest"),
        (State.PENDING, {"digest": OutboxId(9)}, "⏳ on its way, in a digest"),
        (State.DEAD, {"digest": OutboxId(9), "why": "in a digest"}, "⚠️ failed: in a digest"),
        (State.DROPPED, {"why": "the story is muted"}, "🔕 not sent: the story is muted"),
        (State.PENDING, {"due_at": START + timedelta(hours=2), "why": "quiet hours"},
         "🕗 held until 5 Nov 11:00: quiet hours"),
        (State.PENDING, {}, "⏳ on its way"),
        (State.DEAD, {"why": "chat not found"}, "⚠️ failed: chat not found"),
        (State.PARKED, {"why": "blocked"}, "⚠️ failed: blocked"),
        (State.DOUBT, {}, "⚠️ not sure whether it arrived"),
    ],
)  # fmt: skip
def test_what_became_of_an_alert_is_marked(desk, state, more, told):
    fill(desk, 1)
    (row,) = desk.store.write_now(lambda ledger: ledger.alerts.of_chats(["ann"], 5))
    values = {"state": state, "due_at": START, "why": None} | more
    changed = type(row)(
        **{name: getattr(row, name) for name in row.__slots__} | values | {"kind": Kind.ALERT}
    )

    assert fate(changed, START.tzinfo, START) == told
