"""The store and those who split and join: two processes, messages as people point at them."""

from contextlib import closing

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.showing.buttons import Button
from monitors.grouping.placement import Joins, NewStory, Related, Signs
from monitors.grouping.reason import Ground, Reason
from monitors.grouping.window import Window
from monitors.pipeline.records import AlertId, Notice, Settled, State
from monitors.stories.article import Article, ArticleId, StoryId
from tests.fakes.stand_ins import START, UNHURRIED

BY_HAND = Reason(ground=Ground.HAND)
NOTHING = Signs(url=None, identifier=None, title_key=None)
CONTENT = AlertContent(
    headline=Snippet(text="Ship sails"),
    link="https://wire.example/1",
    outlet="Wire",
    published_at=START,
    rules=("ship",),
)
GROWN = AlertContent(
    headline=CONTENT.headline,
    link=CONTENT.link,
    outlet=CONTENT.outlet,
    published_at=START,
    rules=("ship",),
    others=(Report(outlet="Other", title="Ship sails"),),
)


@pytest.fixture
def store():
    with closing(SqliteStore(None)) as opened:
        yield opened


def add(ledger, placement=None):
    article = Article(
        identity="i",
        url=None,
        link=None,
        outlet="Wire",
        title="Ship sails",
        published_at=START,
        seen_at=START,
    )
    identity, story = ledger.articles.add(article, NOTHING, placement or NewStory())
    ledger.window.put(identity, story, Window().read(article).sketch)
    return identity, story


def tell(  # noqa: PLR0913 -- an alert and where it went
    store, chat, story, *, sent_to=None, message="7", content=CONTENT, reply_to=None
):
    """Tell a chat of a story; answer the letter that was claimed for it."""

    def work(ledger):
        ledger.alerts.tell(
            chat,
            StoryId(story),
            content,
            high=False,
            due_at=START,
            why=None,
            now=START,
            reply_to=reply_to,
        )
        return ledger.outbox.claim(START, 10)

    (letter,) = store.write_now(work)
    settled = Settled(
        state=State.SENT, outcome="delivered", message_id=message, destination=sent_to
    )
    if sent_to:
        store.write_now(lambda ledger: ledger.outbox.settle(letter, settled, START, 1))
    return letter


def stories(store, count):
    return [store.write_now(add)[1] for _ in range(count)]


def places(store):
    reports = store.write_now(lambda ledger: ledger.window.at(START)._reports)
    return {article: story for article, (story, _) in reports.items()}


def test_what_another_process_moves_is_seen_by_the_one_that_runs(tmp_path):
    path = tmp_path / "newsbell.db"
    with closing(SqliteStore(path)) as running, closing(SqliteStore(path)) as command:
        one, other = (running.write_now(add)[0] for _ in range(2))
        before = places(running)
        moved = command.write_now(
            lambda ledger: ledger.stories.move(other, Joins(before[one], BY_HAND), START)
        )
        command.write_now(lambda ledger: ledger.window.move(other, moved))

        assert (before[one] == before[other], places(running)) == (
            False,
            {one: before[one], other: before[one]},
        )


def test_the_memory_of_the_stories_is_kept_while_nobody_else_writes(tmp_path):
    with closing(SqliteStore(tmp_path / "newsbell.db")) as running:
        running.write_now(add)
        first = running.write_now(lambda ledger: ledger.window.at(START))
        running.write_now(add)

        assert running.write_now(lambda ledger: ledger.window.at(START)) is first


def test_two_processes_write_in_turn_and_lose_nothing(tmp_path):
    path = tmp_path / "newsbell.db"
    with closing(SqliteStore(path)) as running, closing(SqliteStore(path)) as command:
        for _ in range(20):
            running.write_now(add)
            command.write_now(add)

        assert len(places(running)) == len(places(command)) == 40


def test_a_message_is_found_by_its_number_in_its_own_chat_only(store):
    first, second, third = stories(store, 3)
    tell(store, "desk", first, sent_to="telegram:-1001:12")
    tell(store, "ann", second, sent_to="telegram:42:")
    tell(store, "news", third, sent_to="telegram:@News:")

    def found(*chats):
        told = store.write_now(lambda ledger: ledger.regrouping.shown("7", chats))
        return told and told.chat

    assert [found("-1001"), found("42"), found("-5", "@news"), found("43"), found("4")] == [
        "desk",
        "ann",
        "news",
        None,
        None,
    ]


def test_the_newest_alert_of_a_place_is_answered(store):
    for message, story in enumerate(stories(store, 3)):
        where = "telegram:-1001:12" if message < 2 else "telegram:-1001:"
        tell(store, f"desk {message}", story, sent_to=where, message=str(message))

    told = store.write_now(lambda ledger: ledger.regrouping.newest(["telegram:-1001:12"]))
    nobody = store.write_now(lambda ledger: ledger.regrouping.newest(["telegram:-1001:9"]))

    assert (told.chat, nobody) == ("desk 1", None)


def test_who_answers_a_reply_means_the_alert_that_it_belongs_to(store):
    here = "telegram:42:"
    (first,) = stories(store, 1)
    tell(store, "desk", first, sent_to=here, message="7")

    def work(ledger):
        ledger.alerts.reply(AlertId(1), CONTENT, high=False, now=START)
        (letter,) = ledger.outbox.claim(START, 10)
        sent = Settled(state=State.SENT, outcome="delivered", message_id="8", destination=here)
        ledger.outbox.settle(letter, sent, START, 1)
        rows = ledger.regrouping
        return [rows.shown("8", ["42"]), rows.shown("8", ["43"]), rows.shown("9", ["42"])]

    mine, elsewhere, unknown = store.write_now(work)

    assert (mine.id, elsewhere, unknown) == (1, None, None)


def test_an_alert_that_is_given_to_a_story_changes_places_with_the_one_there(store):
    first, second = stories(store, 2)
    for message, story in (("1", first), ("2", second)):
        tell(store, "desk", story, sent_to="telegram:42:", message=message)

    store.write_now(lambda ledger: ledger.regrouping.give(AlertId(2), first))

    told = [
        [one.id for one in store.write_now(lambda ledger, s=s: ledger.regrouping.told(s))]
        for s in (first, second)
    ]
    rows = store.write_now(
        lambda ledger: ledger.feeds._db.execute("SELECT count(*) FROM story").fetchone()
    )
    assert (told, rows[0]) == ([[2], [1]], 2)


def test_what_was_tried_can_no_longer_be_withdrawn(store):
    first, second = stories(store, 2)
    letter = tell(store, "desk", first)
    store.write_now(
        lambda ledger: ledger.alerts.tell(
            "desk", second, CONTENT, high=False, due_at=START, why=None, now=START
        )
    )

    withdrawn = [
        store.write_now(lambda ledger, n=n: ledger.regrouping.withdraw(AlertId(n))) for n in (1, 2)
    ]

    assert (letter.attempt, withdrawn) == (1, [False, True])


def test_a_story_that_is_joined_twice_is_found_where_its_articles_are(store):
    first, second, third = stories(store, 3)

    def work(ledger):
        for story, into in ((third, second), (second, first)):
            ledger.regrouping.close(story, into, "42", START)
            for one in ledger.stories.placed(story):
                ledger.stories.move(one.id, Joins(into, BY_HAND), START)
        again = ledger.regrouping.reopen(ArticleId(3), first)
        return [ledger.regrouping.current(one) for one in (third, second, first)], again

    assert store.write_now(work) == ([third, first, first], third)


def test_only_what_may_be_the_same_story_can_be_joined_from_its_message(store):
    first, second = stories(store, 2)
    lone = tell(store, "desk", first, sent_to="telegram:42:", message="1")
    grown = tell(store, "desk", second, sent_to="telegram:42:", message="2", content=GROWN)
    _, third = store.write_now(lambda ledger: add(ledger, Related(first, BY_HAND)))
    related = tell(store, "desk", third, sent_to="telegram:42:", message="3")
    elsewhere = tell(store, "zoo", third)

    assert [letter.buttons[1:] for letter in (lone, grown, related, elsewhere)] == [
        (),
        (),
        ((Button("Same story", "join:3"),),),
        (),  # it was told of nothing that this could be the same as
    ]


def test_joined_stories_name_each_other_as_related_no_more_until_they_are_split(store):
    here = "telegram:42:"
    first, second = stories(store, 2)
    earlier = tell(store, "desk", first, sent_to=here, message="1")
    later = tell(store, "desk", second, sent_to=here, message="2", reply_to=AlertId(1))
    later_article = ArticleId(2)

    def revised():
        """Revise both messages; answer the related stories that each names."""

        def work(ledger):
            for alert in (1, 2):
                ledger.alerts.revise(AlertId(alert), CONTENT, START)
                (letter,) = ledger.outbox.claim(START, 10, UNHURRIED)
                yield len(letter.content.related), letter.content.earlier is not None
                sent = Settled(
                    state=State.SENT, outcome="", message_id=letter.message_id, destination=here
                )
                ledger.outbox.settle(letter, sent, START, 1)

        return store.write_now(lambda ledger: [*work(ledger)])

    assert (earlier.content.earlier, later.content.earlier is not None) == (None, True)
    edit = store.write_now(lambda ledger: ledger.outbox.claim(START, 10)[0])
    store.write_now(
        lambda ledger: ledger.outbox.settle(
            edit, Settled(state=State.SENT, outcome="", message_id="1", destination=here), START, 1
        )
    )
    before = revised()
    store.write_now(lambda ledger: ledger.regrouping.close(second, first, "42", START))
    joined = revised()
    store.write_now(lambda ledger: ledger.regrouping.reopen(later_article, first))

    assert before == revised() == [(1, False), (0, True)]
    assert joined == [(0, False), (0, False)]


def test_a_notice_keeps_its_buttons_until_it_is_sent(store):
    buttons = (Button("Split off 2", "split:2"),)
    notice = Notice.plain("Text", buttons)
    store.write_now(lambda ledger: ledger.outbox.notify(["admin:42"], notice, START))
    store.write_now(lambda ledger: ledger.outbox.notify(["admin:43"], "Text", START))

    letters = store.write_now(lambda ledger: ledger.outbox.claim(START, 10))

    assert [letter.buttons for letter in letters] == [(buttons,), ()]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("SELECT 1 FROM alert WHERE message_id = ?", 1),
        ("SELECT 1 FROM alert WHERE destination IN (?) ORDER BY id DESC LIMIT 1", 1),
        ("SELECT 1 FROM alert WHERE story_id = ?", 1),
        ("SELECT 1 FROM outbox WHERE shown_as = ?", 1),
        ("SELECT 1 FROM apart WHERE other_id = ?", 1),
        ("SELECT 1 FROM joined WHERE into_id = ?", 1),
    ],
)
def test_what_people_point_at_is_found_by_an_index(store, question, values):
    plan = store.write_now(
        lambda ledger: ledger.feeds._db.execute(
            f"EXPLAIN QUERY PLAN {question}", ["1"] * values
        ).fetchall()
    )

    assert [row[3] for row in plan if "SCAN" in row[3]] == []
