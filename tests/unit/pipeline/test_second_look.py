"""Before a chat rings again for an event, more is spent to know whether it was told of it."""

from datetime import timedelta

import pytest

from monitors.grouping.reason import Strength
from monitors.pipeline.replay import Recorded, Replay
from monitors.rules.rulebook import Priority, Stories
from tests.data.stranded_ferry import ANOTHER_MATTER, FIRST_REPORT, SECOND_REPORT
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import START, book, rule, screen

FIRST = {
    "title": "Ferry with 212 aboard stuck off Northport",
    "summary": "The harbour master has closed the western channel.",
    "content": FIRST_REPORT,
}
SECOND = {
    "title": "Ferry passengers spend a night in the saloon off Northport",
    "summary": "A nurse tells of the jolt.",
}
FERRY = rule("ferry")


@pytest.fixture
def opens():
    opened = []

    def make(*rules, chats=(), **more):
        opened.append(EditorsDesk(book(*rules or [FERRY], chats=chats), **more))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


@pytest.fixture
def desk(opens):
    return opens()


@pytest.fixture
def reader(opens):
    return opens(reads_pages=True)


def alerts(desk):
    """Answer the alerts, the newest first."""
    return desk.store.write_now(lambda ledger: ledger.alerts.latest(10, failed=False))


def waiting(desk):
    """Answer why the alerts that are not sent wait."""
    return [row.why for row in alerts(desk) if row.sent_at is None]


def test_what_the_full_texts_have_in_common_makes_a_message_grow(desk):
    first = desk.publishes(**FIRST)
    second = desk.publishes(**SECOND, content=SECOND_REPORT)

    assert desk.story_of(second) == desk.story_of(first)
    assert desk.shows() == {"1": ["Outlet 1", "Outlet 2"]}
    (_, why) = [one.why for one in desk.explains(1).articles]
    assert why.startswith("on a closer look alike to 1: both say")
    assert desk.window()[second] == desk.story_of(first)


@pytest.mark.parametrize("text", ["", ANOTHER_MATTER], ids=["none", "of another matter"])
def test_other_texts_or_none_leave_it_as_it_was(desk, text):
    first = desk.publishes(**FIRST)
    second = desk.publishes(**SECOND, content=text)

    assert desk.story_of(second) != desk.story_of(first)
    assert desk.rang() == ["Outlet 1", "Outlet 2"]


def test_replay_looks_twice_too(desk):
    replay = Replay(desk.book)

    def take(number, text, *, title, summary, **_):
        record = Recorded(
            id=str(number),
            title=title,
            summary=summary,
            text=text,
            lang="en",
            source=f"Outlet {number}",
            url=None,
            published_at=START + timedelta(hours=number),
        )
        return desk.store.write_now(lambda ledger: replay.take(ledger, record))

    first, second = take(1, FIRST_REPORT, **FIRST), take(2, SECOND_REPORT, **SECOND)

    assert second.story == first.story
    assert second.alerts == (("screen", "revise"),)


def test_where_no_rule_holds_nothing_is_looked_at_again(opens):
    desk = opens(rule("budget"))

    assert desk.publishes(**FIRST) != desk.publishes(**SECOND, content=SECOND_REPORT)
    assert desk.story_of(1) != desk.story_of(2)


def test_a_chat_that_was_not_told_is_no_reason_to_look_again(opens):
    desk = opens(
        rule("dawn", "desk"),
        rule("saloon", "screen"),
        chats=(screen("desk"), screen("screen")),
    )
    desk.publishes(**FIRST)
    desk.publishes(**SECOND, content=SECOND_REPORT)

    assert desk.story_of(1) != desk.story_of(2)
    assert desk.rang("screen") == ["Outlet 2"]


def test_a_rule_that_did_not_hold_for_the_earlier_article_sends_all_the_same(opens):
    desk = opens(FERRY, rule("saloon"))
    desk.publishes(**FIRST)
    desk.publishes(**SECOND, content=SECOND_REPORT)

    assert desk.story_of(1) == desk.story_of(2)
    assert len(desk.rang()) == 2


def test_what_an_outlet_writes_by_template_stays_apart(desk):
    for ship, port in (("Alma Lind", "Northport"), ("Carla Voss", "Eastmoor")):
        desk.publishes(
            title=f"Ferry {ship} delayed at {port}",
            summary=f"{port} expects her soon.",
            content=FIRST_REPORT,
            outlet="Harbour Watch",
        )

    assert desk.story_of(1) != desk.story_of(2)


def test_what_was_split_stays_apart(desk):
    desk.publishes(**FIRST)
    second = desk.publishes(**SECOND, content=SECOND_REPORT)
    desk.splits(second)

    desk.reads(second, SECOND_REPORT)

    assert desk.story_of(1) != desk.story_of(2)


def test_what_was_split_off_as_only_likely_stays_apart_while_nobody_was_told_of_it(opens):
    loose = screen(stories=Stories.LOOSE, max_per_hour=1)
    desk = opens(FERRY, chats=(loose,))
    desk.publishes("Ferry Solveig with 212 aboard stuck off Northport")
    second = desk.publishes("Stuck ferry: Northport pays for the hotels")
    related = desk.store.write_now(lambda ledger: ledger.stories.related(2))
    desk.splits(second)

    desk.reads(second, SECOND_REPORT)

    story = desk.story_of(second)
    assert related[1].strength is Strength.LIKELY
    assert (story, desk.store.write_now(lambda ledger: ledger.stories.related(story))) == (2, None)


def test_after_the_window_a_story_is_over(desk):
    desk.publishes(**FIRST)
    desk.clock.at += timedelta(hours=97)
    desk.publishes(**SECOND, content=SECOND_REPORT)

    assert desk.rang() == ["Outlet 1", "Outlet 2"]


def test_a_repeat_waits_for_its_page_and_is_dropped_where_that_tells_the_same(reader):
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)
    assert waiting(reader) == ["its page is read first"]
    assert reader.wanted() == ["https://outlet-2.example/1"]

    reader.reads(second, SECOND_REPORT)

    assert reader.rang() == ["Outlet 1"]
    assert reader.shows() == {"1": ["Outlet 1", "Outlet 2"]}
    assert reader.story_of(second) == reader.story_of(1)
    assert reader.window()[second] == reader.story_of(1)
    assert waiting(reader) == []


def test_a_repeat_whose_page_tells_of_another_matter_rings_at_once(reader):
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)
    before = reader.clock()

    reader.reads(second, ANOTHER_MATTER)

    assert alerts(reader)[0].due_at == before
    assert reader.rang() == ["Outlet 1", "Outlet 2"]
    assert reader.story_of(second) != reader.story_of(1)


def test_what_only_the_page_makes_hold_is_told_with_what_waited(opens):
    reader = opens(FERRY, rule("vessels"), reads_pages=True)
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)

    reader.reads(second, ANOTHER_MATTER)

    assert reader.rang() == ["Outlet 1", "Outlet 2"]
    assert alerts(reader)[0].content.rules == ("ferry", "vessels")


def test_a_repeat_whose_page_is_gone_rings_at_once(reader):
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)
    before = reader.clock()

    reader.gives_up(second)

    assert alerts(reader)[0].due_at == before
    assert reader.rang() == ["Outlet 1", "Outlet 2"]


def test_a_repeat_whose_page_is_late_rings_after_twenty_seconds(reader):
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)
    reader.clock.at += timedelta(seconds=10)
    reader.delivers()
    assert reader.rang() == ["Outlet 1", "Outlet 2"]

    reader.reads(second, SECOND_REPORT)  # what a chat shows stays

    assert reader.story_of(second) != reader.story_of(1)


def test_a_first_alert_never_waits(reader):
    reader.publishes(**SECOND)

    assert reader.rang() == ["Outlet 1"]
    assert reader.wanted() == []


def test_a_rule_of_high_priority_never_waits(opens):
    reader = opens(rule("ferry", priority=Priority.HIGH), reads_pages=True)
    reader.publishes(**FIRST)
    reader.publishes(**SECOND)

    assert reader.rang() == ["Outlet 1", "Outlet 2"]


def test_a_chat_that_hears_of_it_first_does_not_wait_for_what_another_was_told(opens):
    chats = (screen("desk"), screen("screen"))
    reader = opens(FERRY, rule("saloon", "desk"), chats=chats, reads_pages=True)
    reader.publishes(**FIRST)
    reader.publishes(**SECOND)

    assert reader.rang("desk") == ["Outlet 2"]


def test_a_repeat_of_which_more_is_reported_meanwhile_is_not_moved(reader):
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)
    third = reader.publishes(**SECOND)
    assert reader.story_of(third) == reader.story_of(second)

    reader.reads(second, SECOND_REPORT)

    assert reader.story_of(second) != reader.story_of(1)
    assert reader.rang() == ["Outlet 1", "Outlet 2\nOutlet 3"]


def test_a_rule_that_holds_only_on_the_page_makes_a_message_grow(opens):
    reader = opens(rule("nurse AND sandbank"), reads_pages=True)
    reader.publishes(**FIRST)
    second = reader.publishes(**SECOND)

    reader.reads(second, SECOND_REPORT)

    assert reader.shows() == {"1": ["Outlet 1", "Outlet 2"]}
    assert reader.story_of(second) == reader.story_of(1)
