"""The stories in memory are those of the store, whoever wrote it, however often it was opened."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.sqlite.window import MOST_LATE, Late
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.grouping.placement import Signs
from monitors.grouping.window import Window
from monitors.pipeline.accept import Carrier, Verdict, accept_entries
from monitors.pipeline.regrouping.join import join
from monitors.pipeline.regrouping.split import split
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.identity import identify
from tests.fakes.stand_ins import START, book, rule

BOOK = book(rule("nothing", "zzyzx"))
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
WHO = ["Halcyon", "Ostrava Lenz", "Quenby", "Marrowdale", "Tilda Voss"]
DOES = ["runs aground off", "opens an inquiry into", "votes on the bridge at", "wins the race at"]
WHERE = ["Brandt Point", "Lake Corrin", "Port Elsing"]


class Desk:
    """Takes in entries, one by one, and may be restarted in between."""

    def __init__(self, path):
        self.path = path
        self.store = SqliteStore(path)
        self.entries = 0

    def restarts(self):
        self.store.close()
        self.store = SqliteStore(self.path)

    def takes(self, title, *, now=START, published=None, outlet="Wire", store=None):
        """Take in an entry; answer its article and story."""
        self.entries += 1
        entry = Entry(id=f"id-{self.entries}", title=title, published_at=published, outlet=outlet)
        return (store or self.store).write_now(lambda ledger: self.takes_in(ledger, entry, now))

    def takes_in(self, ledger, entry, now):
        feed = Feed(address="https://wire.example/feed", catch_up=None)
        document = Document(format="rss20", entries=(entry,))
        (accepted,) = accept_entries(
            ledger,
            book=BOOK,
            carrier=Carrier(
                id=ledger.feeds.sync([feed], now)[feed.address],
                feed=feed,
                watched=None,
                has_pages=False,
            ),
            document=document,
            verdicts=tuple(Verdict(found=one) for one in identify(document.entries)),
            now=now,
        ).accepted
        return accepted.article, accepted.story

    def stories(self, now=START):
        """Answer what is in memory: the story of each article."""
        reports = self.store.write_now(lambda ledger: ledger.window.at(now)._reports)
        return {article: story for article, (story, _) in reports.items()}

    def reasons(self):
        """Answer where the store has every article, and why."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute("SELECT id, story_id, joined_by FROM article").fetchall()


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "newsbell.db")
    yield desk
    desk.store.close()


REPORTS = st.tuples(
    st.sampled_from(WHO),
    st.sampled_from(DOES),
    st.sampled_from(WHERE),
    st.integers(0, 30),  # hours since the one before
    st.sampled_from([None, 0, 1, 70, 24 * 30, -24 * 300]),  # hours since it was published
    st.sampled_from(["Wire", "Lakes Herald", "Quenby Courier"]),
)


def run(desk, reports, *, restarts=frozenset(), fails=frozenset(), jumps=()):
    """Have *desk* take in *reports*, with what is to go wrong before some of them."""
    now = START
    for place, (who, does, where, passed, age, outlet) in enumerate(reports):
        now += passed * HOUR
        if place in restarts:
            desk.restarts()
        if place in fails:
            with pytest.raises(ZeroDivisionError):
                desk.store.write_now(lambda ledger, now=now: failing(desk, ledger, now))
        if place in dict(jumps):
            desk.stories(now + dict(jumps)[place])
        published = None if age is None else now - age * HOUR
        desk.takes(f"{who} {does} {where}", now=now, published=published, outlet=outlet)


def failing(desk, ledger, now):
    for who in WHO:
        entry = Entry(id=f"lost {who}", title=f"{who} {DOES[0]} {WHERE[0]}", outlet="Wire")
        desk.takes_in(ledger, entry, now)
    return 1 / 0


PLACES = st.frozensets(st.integers(0, 11))


@given(
    reports=st.lists(REPORTS, max_size=12),
    restarts=PLACES,
    fails=PLACES,
    jumps=st.dictionaries(
        st.integers(0, 11), st.sampled_from([-HOUR / 60, -2 * HOUR, -9 * DAY, YEAR, -YEAR])
    ),
)
@settings(max_examples=12, deadline=None)
def test_restarts_failures_and_wrong_clocks_change_no_story(
    tmp_path_factory, reports, restarts, fails, jumps
):
    folder = tmp_path_factory.mktemp("desk")
    plain, troubled = Desk(folder / "plain.db"), Desk(folder / "troubled.db")
    with closing(plain.store):
        run(plain, reports)
    run(troubled, reports, restarts=restarts, fails=fails, jumps=jumps.items())
    with closing(troubled.store):
        assert troubled.reasons() == plain.reasons()


def test_work_that_failed_leaves_nothing_in_memory(desk):
    desk.takes("Halcyon runs aground off Brandt Point")
    before = desk.stories()

    with pytest.raises(ZeroDivisionError):
        desk.store.write_now(lambda ledger: failing(desk, ledger, START))

    assert desk.stories() == before


def test_failed_work_that_touched_no_story_costs_no_reading(desk):
    desk.takes("Halcyon runs aground off Brandt Point")
    window = desk.store.write_now(lambda ledger: ledger.window.at(START))

    with pytest.raises(ZeroDivisionError):
        desk.store.write_now(lambda _: 1 / 0)

    assert desk.store.write_now(lambda ledger: ledger.window.at(START)) is window


def test_what_another_process_took_in_is_compared_with(desk):
    _, story = desk.takes("Halcyon runs aground off Brandt Point")

    with closing(SqliteStore(desk.path)) as other:
        _, joined = desk.takes(
            "Halcyon runs aground off Brandt Point!", outlet="Lakes Herald", store=other
        )
    _, again = desk.takes("Halcyon runs aground off Brandt Point?", outlet="Quenby Courier")

    assert (joined, again) == (story, story)
    assert len(desk.stories()) == 3


def test_a_story_that_goes_on_is_loaded_with_all_its_reports(desk):
    for day in (0, 3, 6, 9):
        now = START + day * DAY
        desk.takes("Halcyon runs aground off Brandt Point", now=now, outlet=f"Outlet {day}")
    before = desk.stories(START + 9 * DAY)

    desk.restarts()

    assert desk.stories(START + 9 * DAY) == before
    assert len(set(before.values())) == 1
    assert len(before) == 4


@pytest.mark.parametrize("restarts", [False, True])
def test_a_report_of_long_ago_opens_a_story_that_is_over_at_once(desk, restarts):
    _, story = desk.takes("Halcyon runs aground off Brandt Point", published=START)

    _, old = desk.takes(
        "Halcyon aground off Brandt Point", published=START - 30 * DAY, outlet="Lakes Herald"
    )
    if restarts:
        desk.restarts()

    assert old != story
    assert set(desk.stories().values()) == {story}


AGROUND = (
    "Halcyon runs aground off Brandt Point",
    "Tanker Halcyon aground off Brandt Point, tugs on their way",
    "Brandt Point: tugs free the tanker Halcyon",
    "Halcyon, aground off Brandt Point, loses oil",
)


def reads_late(desk, *reports, now=START):
    """Take in old reports: title and days ago; answer their stories."""
    found = []
    for title, days in reports:
        outlet, published = f"Paper {desk.entries}", now - days * DAY
        found.append(desk.takes(title, now=now, published=published, outlet=outlet)[1])
    return found


@pytest.mark.parametrize("restarts", [False, True])
def test_old_reports_of_one_event_that_are_read_late_are_one_story(desk, restarts):
    _, today = desk.takes("Tilda Voss wins the race at Lake Corrin")
    stories = reads_late(desk, *[(title, 30) for title in AGROUND[:2]])
    if restarts:
        desk.restarts()
    stories += reads_late(desk, *[(title, 30.5) for title in AGROUND[2:]], now=START + 2 * HOUR)

    assert len(set(stories)) == 1
    assert set(desk.stories().values()) == {today}


def test_reports_of_two_events_that_are_read_late_are_two_stories(desk):
    stories = reads_late(desk, (AGROUND[0], 30), (AGROUND[1], 40), (AGROUND[1], 60))

    assert len(set(stories)) == 3


def test_what_is_read_late_joins_nothing_that_was_read_before_the_window(desk):
    first = reads_late(desk, (AGROUND[0], 1), now=START)
    second = reads_late(desk, (AGROUND[1], 31), now=START + 30 * DAY)

    assert first != second


def test_a_report_of_which_the_window_has_just_lost_sight_is_still_joined(desk):
    (first,) = reads_late(desk, (AGROUND[0], 3.9), now=START)
    (second,) = reads_late(desk, (AGROUND[1], 4.5), now=START + 12 * HOUR)

    assert desk.stories(START + 12 * HOUR) == {}
    assert second == first


def test_what_was_read_late_and_split_off_is_compared_as_it_is_now(desk):
    stories = reads_late(desk, *[(title, 30) for title in AGROUND[:2]])
    done = desk.store.write_now(lambda ledger: split(ledger, BOOK, ArticleId(2), "Ann", START))
    later = reads_late(desk, (f"{AGROUND[1]}!", 30))

    assert stories == [done.left] * 2
    assert later == [done.story]


def test_work_that_failed_leaves_nothing_of_what_was_read_late(desk):
    reads_late(desk, (AGROUND[0], 30))

    def work(ledger):
        entry = Entry(id="lost", title=AGROUND[1], published_at=START - 30 * DAY, outlet="A")
        desk.takes_in(ledger, entry, START)
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        desk.store.write_now(work)
    late = desk.store.write_now(lambda ledger: ledger.window.late(sketch(30), START))

    assert len(late) == 1


def sketch(days):
    """Answer how an article of so many days ago is compared."""
    article = Article(
        identity="1",
        url=None,
        link=None,
        outlet="Wire",
        title=AGROUND[0],
        published_at=START - days * DAY,
        seen_at=START,
    )
    return Window().read(article).sketch


def test_of_very_much_that_was_read_late_the_newest_is_kept():
    late, old = Late(horizon=0), sketch(30)
    for number in range(1, MOST_LATE + 4):
        late.put(ArticleId(number), StoryId(number), old)
    late.put(ArticleId(1), StoryId(1), old)

    kept = [late.has(ArticleId(number)) for number in (1, 2, 3, 4, MOST_LATE + 3)]
    assert (len(late.window), kept) == (MOST_LATE, [False, False, False, True, True])


@pytest.mark.parametrize("restarts", [False, True])
def test_an_old_story_that_a_person_joins_something_to_is_no_longer_over(desk, restarts):
    old, story = desk.takes("Halcyon runs aground off Brandt Point")
    later = START + 9 * DAY
    new, other = desk.takes("Tilda Voss wins the race at Lake Corrin", now=later)
    assert desk.stories(later) == {new: other}

    desk.store.write_now(lambda ledger: join(ledger, BOOK, other, story, "Ann", later))
    if restarts:
        desk.restarts()
    assert desk.stories(later) == {old: story, new: story}

    desk.store.write_now(lambda ledger: split(ledger, BOOK, new, "Ann", later))
    if restarts:
        desk.restarts()
    assert set(desk.stories(later)) == {new}


def test_a_sketch_that_cannot_be_read_hinders_nothing(desk):
    bodies = [b"", b"\xff" * 11, b"\xff" * 400, b"\0" * 17, b"\0" * 18]
    articles = [desk.takes(f"{who} {DOES[0]} {WHERE[0]}")[0] for who in WHO]
    desk.store.close()
    with closing(sqlite3.connect(desk.path)) as connection:
        for article, body in zip(articles, bodies, strict=True):
            connection.execute("UPDATE sketch SET body = ? WHERE article_id = ?", [body, article])
        connection.commit()

    desk.store = SqliteStore(desk.path)

    assert desk.stories().keys() <= {ArticleId(articles[3])}
    assert desk.takes("Halcyon runs aground off Brandt Point", outlet="Herald")[1] > StoryId(0)


def test_a_clock_that_goes_a_year_ahead_and_back_forgets_nothing(desk):
    _, story = desk.takes("Halcyon runs aground off Brandt Point")
    before = desk.stories()

    _, ahead = desk.takes("Halcyon runs aground off Brandt Point", now=START + YEAR, outlet="A")
    _, back = desk.takes("Halcyon runs aground off Brandt Point", now=START + HOUR, outlet="B")

    assert ahead != story
    assert back == story
    assert before.items() <= desk.stories().items()


def test_of_very_many_reports_with_one_title_the_newest_are_looked_at(desk):
    title = "Halcyon runs aground off Brandt Point"
    for place in range(60):
        desk.takes(f"{title}!", outlet=f"Outlet {place}")
    key = "halcyon runs aground off brandt point"
    signs = Signs(url=None, identifier=None, title_key=key)

    twins = desk.store.write_now(lambda ledger: ledger.articles.candidates(signs, START - DAY))

    assert [each.article for each in twins] == list(range(11, 61))
