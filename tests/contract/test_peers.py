"""What the store knows of those who get messages, and how it looks for letters in doubt."""

from datetime import timedelta

import pytest
import sqlite_utils

from monitors.adapters.sqlite.columns import to_json
from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.sqlite.sending.outbox import HEADS
from monitors.adapters.sqlite.tables.migrations import migrations
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.destinations import EVERYWHERE
from monitors.alerts.pacing import TELEGRAM_PACE
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.pipeline.records import Kind, Notice, Priority, Settled, State
from monitors.stories.article import StoryId
from tests.fakes.stand_ins import START, UNHURRIED, Clock

ANN, BOB, FORUM = "4711", "4712", "-1001234567890"
SECOND = timedelta(seconds=1)


class Post:
    """A store whose chats are Telegram's."""

    def __init__(self, pace=UNHURRIED):
        self.store, self.clock, self.pace = SqliteStore(None), Clock(), pace
        self.does(
            lambda ledger: ledger.outbox.place(
                {"ann": ANN, "bob": BOB, "news": FORUM, "sport": FORUM, "screen": "terminal"}
            )
        )

    def does(self, work):
        return self.store.write_now(work)

    def tell(self, chat="ann", title="Ship sails", **more):
        values = {"high": False, "due_at": self.clock(), "why": None, "now": self.clock()} | more

        def work(ledger):
            row = ledger.stories._db.execute(
                "INSERT INTO story (opened_at) VALUES (0) RETURNING id"
            ).fetchone()
            ledger.alerts.tell(chat, StoryId(row[0]), content(title), **values)
            return ledger.alerts.told(chat, StoryId(row[0]))[0]

        return self.does(work)

    def revise(self, alert, title="Ship sinks"):
        self.does(lambda ledger: ledger.alerts.revise(alert, content(title), self.clock()))

    def claim(self, limit=10, **more):
        return self.does(lambda ledger: ledger.outbox.claim(self.clock(), limit, self.pace, **more))

    def settle(self, letter, state=State.SENT, message_id=None, **more):
        sent = {"message_id": message_id, "destination": f"telegram:{letter.peer}:"}
        settled = Settled(
            state=state, outcome=state.value, **(sent if state is State.SENT else {}), **more
        )
        self.does(lambda ledger: ledger.outbox.settle(letter, settled, self.clock(), 5, self.pace))

    def sends(self, number=None):
        """Send what is next, under the next number if none is given."""
        letter = self.next()
        self.settle(letter, message_id=str(number or letter.id))
        return letter

    def next(self):
        (letter, *_) = self.claim(1)
        return letter

    def loses(self):
        """Send what is next, and lose the answer."""
        letter = self.next()
        self.settle(letter, State.DOUBT, doubtful=True, failed=True, due_at=self.clock())
        return letter

    def counts(self):
        return self.does(lambda ledger: ledger.outbox.counts())

    def query(self, question, *values):
        return self.does(lambda ledger: ledger.outbox._db.execute(question, values).fetchall())


def content(title="Ship sails"):
    return AlertContent(
        headline=Snippet(text=title), link=None, outlet="Wire", published_at=START, rules=("ship",)
    )


@pytest.fixture
def post():
    opened = Post()
    yield opened
    opened.store.close()


@pytest.fixture
def paced():
    opened = Post(TELEGRAM_PACE)
    yield opened
    opened.store.close()


def titles(letters):
    return [letter.content.headline.text for letter in letters]


def test_two_chats_of_one_forum_get_one_message_at_a_time(post):
    post.tell("news")
    post.tell("sport")

    first = post.claim()
    meanwhile = post.claim()
    post.settle(first[0], message_id="1")

    assert (len(first), meanwhile, len(post.claim())) == (1, (), 1)


def test_two_chats_of_one_forum_share_its_pace(paced):
    for number in range(12):
        paced.tell("news" if number % 2 else "sport")
    times = []
    for _ in range(100):
        for letter in paced.claim():
            times.append((paced.clock() - START) // SECOND)
            paced.settle(letter, message_id=str(letter.id))
        paced.clock.passes(seconds=1)

    assert times[:4] == [0, 1, 2, 3]
    assert len(times) == 12


def test_a_minute_of_a_group_has_eighteen_messages(paced):
    for _ in range(40):
        paced.tell("news", high=True)  # which never come together
    times = []
    for second in range(130):
        for letter in paced.claim():
            times.append(second)
            paced.settle(letter, message_id=str(letter.id))
        paced.clock.passes(seconds=1)

    assert len([second for second in times if second < 60]) == 18
    assert all(later - first >= 60 for first, later in zip(times, times[18:], strict=False))


def test_a_hold_is_kept_over_a_restart(tmp_path):
    path = tmp_path / "newsbell.db"
    first = SqliteStore(path)
    first.write_now(lambda ledger: ledger.outbox.notify([f"admin:{ANN}"], "Text", START))
    first.write_now(lambda ledger: ledger.outbox.hold(ANN, START + 60 * SECOND, "asked"))
    first.close()

    second = SqliteStore(path)
    early = second.write_now(lambda ledger: ledger.outbox.claim(START + 59 * SECOND, 1))
    held = second.write_now(lambda ledger: ledger.outbox.holds(START))
    late = second.write_now(lambda ledger: ledger.outbox.claim(START + 60 * SECOND, 1))
    second.close()

    assert (early, held, len(late)) == ((), {ANN: START + 60 * SECOND}, 1)


def test_a_shorter_hold_does_not_end_a_longer_one(post):
    for seconds in (60, 5):
        post.does(lambda ledger, s=seconds: ledger.outbox.hold(ANN, START + s * SECOND))
    assert post.does(lambda ledger: ledger.outbox.holds(START)) == {ANN: START + 60 * SECOND}


def test_it_is_known_why_chats_are_left_alone(post):
    """Each reason once, and none that is over."""
    for peer, why, seconds in ((ANN, "a", 60), ("43", "b", 60), ("44", "b", 60), ("45", "c", 5)):
        until = START + seconds * SECOND
        post.does(lambda ledger, p=peer, w=why, u=until: ledger.outbox.hold(p, u, w))
    reasons = post.does(lambda ledger: ledger.outbox.held_why(START + 10 * SECOND))
    assert reasons == ("b", "a")


def test_a_hold_of_everything_holds_all_of_telegram_and_nothing_else(post):
    post.does(lambda ledger: ledger.outbox.hold(EVERYWHERE, START + 60 * SECOND))
    for chat in ("ann", "news", "screen"):
        post.tell(chat)

    assert [letter.chat for letter in post.claim()] == ["screen"]


def test_a_hold_holds_what_is_looked_for_and_changed_too(post):
    alert = post.tell("bob")
    post.sends(1)
    post.revise(alert)
    post.tell("ann")
    post.sends(2)
    post.tell("ann")
    post.next()
    for peer in (ANN, BOB):
        post.does(lambda ledger, peer=peer: ledger.outbox.hold(peer, START + 60 * SECOND))
    post.does(lambda ledger: ledger.outbox.recover(START))

    assert post.claim() == ()


def test_what_is_urgent_goes_first_and_waiting_makes_up_for_it(post):
    post.does(lambda ledger: ledger.outbox.notify([f"admin:{ANN}"], "A feed is down", post.clock()))
    post.clock.passes(seconds=1)
    post.tell(title="alert")
    post.tell(title="urgent", high=True)
    post.does(
        lambda ledger: ledger.outbox.notify(
            [f"admin:{ANN}"], "Answer", post.clock(), priority=Priority.ANSWER
        )
    )
    first = [_title(post.sends()) for _ in range(4)]
    post.does(lambda ledger: ledger.outbox.notify([f"admin:{ANN}"], "Old news", post.clock()))
    post.clock.passes(minutes=4)
    post.tell(title="late")

    assert first == ["Answer", "urgent", "alert", "A feed is down"]
    assert [_title(post.sends()) for _ in range(2)] == ["Old news", "late"]


def test_after_an_outage_what_is_urgent_goes_before_all_that_waits(post):
    post.tell(title="old")
    post.clock.passes(minutes=59)
    post.tell(title="urgent", high=True)

    assert [_title(post.sends()) for _ in range(2)] == ["urgent", "old"]


def _title(letter):
    return letter.content.headline.text if letter.content else letter.notice.words


def test_a_message_is_changed_at_once_and_then_twice_a_minute(paced):
    alert = paced.tell()
    paced.sends(1)
    changes = []
    for second in range(70):
        paced.revise(alert, f"Ship {second}")
        for letter in paced.claim():
            changes.append((second, letter.content.headline.text))
            paced.settle(letter, message_id="1")
        paced.clock.passes(seconds=1)

    assert changes == [(0, "Ship 0"), (30, "Ship 30"), (60, "Ship 60")]


def test_a_change_for_which_a_person_waits_is_made_at_once(paced):
    alert = paced.tell()
    (story,) = paced.query("SELECT story_id FROM alert")[0]
    paced.sends(1)
    for _ in range(2):
        paced.revise(alert)
        paced.does(lambda ledger: ledger.alerts.urge(StoryId(story), paced.clock()))
        assert paced.sends(1).kind is Kind.REVISION


def test_six_changes_a_minute_leave_a_group_room_for_messages(paced):
    alerts = []
    for _ in range(8):
        alerts.append(paced.tell("news"))
        paced.sends()
        paced.clock.passes(seconds=61)
    for alert in alerts:
        paced.revise(alert)
    kinds = []
    for _ in range(30):
        for letter in paced.claim():
            kinds.append(letter.kind)
            paced.settle(letter, message_id=str(letter.id))
        paced.clock.passes(seconds=1)
    paced.tell("news")

    assert kinds == [Kind.REVISION] * 6
    assert paced.sends().kind is Kind.ALERT


def test_a_chat_that_takes_nothing_keeps_what_comes_later_as_well(post):
    post.tell()
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    post.tell()
    post.clock.passes(minutes=59)
    early = post.does(lambda ledger: ledger.outbox.check_parked(post.clock()))
    post.clock.passes(minutes=1)
    checked = post.does(lambda ledger: ledger.outbox.check_parked(post.clock()))

    assert (early, checked, post.counts()) == (0, 1, {"pending": 2})


def test_people_are_told_once_of_a_chat_that_is_lost_until_it_is_back(post):
    def lost():
        return [(one.chat, one.why, one.kept) for one in post.does(lambda it: it.outbox.lost())]

    told = []
    for _ in range(3):
        post.tell()
    for _ in range(2):  # the second time it was only tried again
        post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
        told.append(lost())
        post.does(lambda ledger: ledger.outbox.let_in(ANN))
    post.sends(1)
    post.tell()
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)

    assert told == [[("ann", "blocked", 3)], []]
    assert lost() == [("ann", "blocked", 1)]


def test_a_letter_for_a_chat_that_is_gone_from_the_rules_hinders_no_other(post):
    post.tell("news")
    post.tell("sport")
    post.does(lambda ledger: ledger.outbox.place({"news": FORUM}))

    peers = {letter.chat: letter.peer for letter in post.claim()}
    assert peers == {"news": FORUM, "sport": "?sport"}


def test_what_was_parked_under_one_address_is_sent_to_the_next(post):
    post.tell()
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    post.does(lambda ledger: ledger.outbox.place({"ann": BOB}))

    assert [letter.peer for letter in post.claim()] == [BOB]


def test_a_group_that_moves_takes_everything_with_it(post):
    old, new = "-100", "-1009876543210"
    post.does(lambda ledger: ledger.outbox.place({"ann": old}))
    alert = post.tell()
    post.sends(5)
    post.tell()
    post.does(lambda ledger: ledger.outbox.hold(old, START + 9 * SECOND))
    post.does(lambda ledger: ledger.outbox.notify([f"admin:{old}:7"], "Answer", START))
    post.does(lambda ledger: ledger.outbox.move(old, new, START))
    post.revise(alert)
    post.does(lambda ledger: ledger.outbox.place({"ann": old}))  # rules.yaml says the old one

    holds = post.does(lambda ledger: ledger.outbox.holds(START))
    post.clock.passes(seconds=10)
    letters = []
    for _ in range(3):
        letters.append(post.next())
        post.settle(letters[-1], message_id=str(len(letters)))

    assert holds[new] == START + 9 * SECOND
    assert {letter.peer for letter in letters} == {new}
    assert {letter.chat for letter in letters} == {"ann", f"admin:{new}:7"}
    # What the old group shows is not what has that number in the new one.
    assert [one.destination for one in letters if one.kind is Kind.REVISION] == ["gone"]
    assert post.does(lambda ledger: ledger.outbox.moves()) == {old: new}


def test_a_group_that_moves_twice_is_known_by_both_numbers(post):
    for old, new in (("-1", "-2"), ("-2", "-3")):
        post.does(lambda ledger, old=old, new=new: ledger.outbox.move(old, new, START))
    assert post.does(lambda ledger: ledger.outbox.moves()) == {"-1": "-3", "-2": "-3"}


def test_a_lost_letter_is_looked_for_among_the_numbers_that_nobody_has(post):
    post.tell()
    post.sends(10)
    post.tell()
    lost = post.loses()
    for number in (12, 14):
        post.does(lambda ledger, number=number: ledger.outbox.saw(BOB, number))
    asked = []
    for _ in range(5):
        letter = post.next()
        asked.append(letter.probe)
        assert (letter.id, letter.buttons[0][0].data) == (lost.id, "mutestory:2")
        post.settle(letter, State.DOUBT, due_at=post.clock(), answered=True)

    again = post.next()

    assert asked == [11, 13, 15, 16, 17]
    # It is nowhere: then it is sent as if it was never tried.
    assert (again.probe, again.marked, again.doubts) == (None, False, 0)


def test_what_comes_later_in_other_chats_is_not_looked_through(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.loses()
    asked = []
    while (letter := post.next()).probe:
        asked.append(letter.probe)
        for number in range(100 * len(asked), 100 * len(asked) + 3):
            post.does(lambda ledger, number=number: ledger.outbox.saw(BOB, number))
        post.settle(letter, State.DOUBT, due_at=post.clock(), answered=True)

    assert asked == [11, 12, 13]
    assert not letter.marked


def test_other_letters_in_doubt_may_have_the_numbers_before(post):
    post.tell()
    post.sends(10)
    post.tell("bob")
    post.loses()
    post.does(lambda ledger: ledger.outbox.hold(BOB, START + 99 * SECOND))
    post.tell()
    post.loses()
    asked = []
    while (letter := post.next()).probe:
        asked.append(letter.probe)
        post.settle(letter, State.DOUBT, due_at=post.clock(), answered=True)

    assert asked == [11, 12, 13, 14]


def test_nothing_else_goes_to_a_chat_while_a_letter_is_looked_for(post):
    post.tell()
    post.sends(10)
    post.tell(title="lost")
    post.loses()
    post.tell(title="next", high=True)
    looking = post.next()
    post.settle(looking, message_id="11", cleared=True)

    assert (looking.probe, titles([looking])) == (11, ["lost"])
    assert titles([post.next()]) == ["next"]


def test_a_letter_that_was_found_is_sent_and_its_message_grows(post):
    post.tell()
    post.sends(10)
    alert = post.tell()
    post.loses()
    post.settle(post.next(), message_id="11", cleared=True)
    post.revise(alert)
    edit = post.next()

    assert (edit.message_id, edit.marked) == ("11", False)
    assert post.does(lambda ledger: ledger.outbox.doubts()).doubts == 1


def test_a_supergroup_counts_its_own_messages(post):
    post.does(lambda ledger: ledger.outbox.saw(BOB, 900))
    post.tell("news")
    post.sends(3)
    post.tell("news")
    post.loses()

    assert post.next().probe == 4


@pytest.mark.parametrize("what", ["no number is known", "no buttons", "too many others"])
def test_what_cannot_be_looked_for_is_sent_again_with_a_mark(post, what):
    if what != "no number is known":
        post.does(lambda ledger: ledger.outbox.saw(ANN, 10))
    if what == "no buttons":
        post.does(lambda ledger: ledger.outbox.notify([f"admin:{ANN}"], "Text", START))
    else:
        post.tell()
    post.loses()
    probes = []
    while (letter := post.next()).probe:
        probes.append(letter.probe)
        # People have written a lot there.
        seen = str(letter.probe)
        post.settle(letter, State.DOUBT, due_at=post.clock(), answered=True, seen=seen)

    assert len(probes) == (24 if what == "too many others" else 0)
    assert (letter.marked, letter.doubts) == (True, 1)


def test_what_could_never_be_looked_for_stays_marked_whatever_is_found_out_later(post):
    post.tell()
    post.loses()  # no number is known yet
    post.does(lambda ledger: ledger.outbox.saw(BOB, 20))
    again = post.loses()
    probes = []
    while (letter := post.next()).probe:
        probes.append(letter.probe)
        post.settle(letter, State.DOUBT, due_at=post.clock(), answered=True)
    post.settle(letter, message_id="24")
    sent = post.query("SELECT doubts FROM outbox")

    assert (again.marked, probes) == (True, [21, 22, 23])
    assert (letter.marked, letter.doubts, sent) == (True, 1, [(1,)])


def test_a_question_that_was_not_answered_is_asked_again(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.loses()
    first = post.next()
    post.settle(first, State.DOUBT, due_at=post.clock(), failed=True)
    second = post.next()
    post.settle(second, State.DOUBT, due_at=post.clock(), answered=True)

    assert (first.probe, second.probe, post.next().probe) == (11, 11, 12)


def test_questions_keep_to_the_pace_as_messages_do(paced):
    paced.tell()
    paced.sends(10)
    paced.tell()
    paced.loses()
    times = [0, 0]
    for second in range(10):
        for letter in paced.claim():
            times.append(second)
            paced.settle(letter, State.DOUBT, due_at=paced.clock(), answered=True)
        paced.clock.passes(seconds=1)

    assert times[:6] == [0, 0, 0, 3, 4, 5]


def test_where_it_is_not_to_be_looked_for_it_is_not(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.loses()

    (letter,) = post.claim(probing=False)
    assert (letter.probe, letter.marked) == (None, True)


def test_a_stop_while_it_was_looked_for_is_no_further_doubt(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.loses()
    first = post.next()
    recovered = post.does(lambda ledger: ledger.outbox.recover(post.clock()))
    second = post.next()

    assert (recovered, first.probe, second.probe, second.doubts) == (1, 11, 11, 1)


def test_a_change_that_was_on_its_way_at_a_stop_is_made_again(post):
    alert = post.tell()
    post.sends(10)
    post.revise(alert)
    post.next()
    recovered = post.does(lambda ledger: ledger.outbox.recover(post.clock()))

    assert (recovered, post.next().probe) == (0, None)


def test_a_letter_in_doubt_stays_so_while_its_chat_is_lost(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.loses()
    post.settle(post.next(), State.PARKED, why="blocked", whole_chat=True)
    post.does(lambda ledger: ledger.outbox.unpark())

    assert post.next().probe == 11


def test_a_message_whose_letter_was_given_up_is_known_again(post):
    post.tell()
    post.sends(10)
    post.tell()
    post.settle(post.next(), State.DEAD, doubtful=True, why="lost")
    post.tell()
    looking = post.loses()
    (owner,) = post.does(lambda ledger: ledger.outbox.unplaced(looking))
    post.does(lambda ledger: ledger.outbox.adopt(owner.id, "11", f"telegram:{ANN}:", START))

    assert owner.buttons[0][0].data == "mutestory:2"
    assert post.query("SELECT message_id FROM alert WHERE id = 2") == [("11",)]
    assert post.does(lambda ledger: ledger.outbox.failed(5))[0].id == looking.id


def test_numbers_of_messages_are_forgotten_but_for_the_last(post):
    for number in range(5):
        post.does(lambda ledger, number=number: ledger.outbox.saw(ANN, number))
    post.does(lambda ledger: ledger.outbox.saw(FORUM, 77))
    ((now,),) = post.query("SELECT max(at) FROM seen_message")
    post.query("UPDATE seen_message SET at = ?", now - 1_000_000_000)
    post.does(lambda ledger: ledger.outbox.recover(post.clock()))
    kept = post.query("SELECT counter, message_id FROM seen_message ORDER BY 1")
    post.clock.at = post.clock.at.fromtimestamp(now / 1000, tz=START.tzinfo)
    post.does(lambda ledger: ledger.outbox.recover(post.clock()))

    assert ("bot", 4) in kept
    assert post.query("SELECT counter, message_id FROM seen_message ORDER BY 1") == [
        (FORUM, 77),
        ("bot", 4),
    ]


def test_what_failed_is_listed_retried_and_dropped(post):
    for title in ("one", "two", "three"):
        post.tell(title=title)
    for why in ("odd", "odd", "odd"):
        post.settle(post.next(), State.DEAD, why=why)
    three, two, one = post.does(lambda ledger: ledger.outbox.failed(10))

    dropped = post.does(lambda ledger: ledger.outbox.drop([three.id]))
    retried = post.does(lambda ledger: ledger.outbox.retry([two.id], post.clock()))
    unknown = post.does(lambda ledger: ledger.outbox.retry([three.id], post.clock()))
    rest = post.does(lambda ledger: ledger.outbox.retry(None, post.clock()))

    assert (dropped, retried, unknown, rest) == (1, 1, 0, 1)
    assert [row.title for row in (one, two, three)] == ["one", "two", "three"]
    assert post.counts() == {"pending": 2, "dropped": 1}


def test_a_notice_keeps_its_styles_its_file_and_what_it_changes(post):
    notice = Notice(
        text=(Run("Rules", ("b",)), Run(" of the desk")),
        buttons=((Button("Next", "p:1"),), (Button("Close", "x:1"),)),
        edits="7",
        document=("rules.yaml", "rules: []"),
    )
    post.does(lambda ledger: ledger.outbox.notify([f"admin:{ANN}"], notice, START))
    letter = post.next()

    assert (letter.notice, letter.buttons, letter.message_id) == (notice, notice.buttons, "7")


def steps(post):
    """Answer how much work one claim is, in steps of SQLite's machine."""

    def work(ledger):
        database = ledger.outbox._db
        count = 0

        def counted():
            nonlocal count
            count += 1
            return 0

        database.conn.set_progress_handler(counted, 10)
        values = {"now": 10**15, "limit": 5, "ageing": 300_000, "all": EVERYWHERE}
        found = database.execute(HEADS, values).fetchall()
        database.conn.set_progress_handler(None, 0)
        return count, len(found)

    return post.does(work)


def test_a_claim_is_as_much_work_whatever_waits(post):
    for _ in range(5):
        post.tell("ann")
        post.tell("news")
    few = steps(post)
    for _ in range(500):
        post.tell("ann")
        post.tell("news")
    many = steps(post)

    assert few[1] == many[1] == 2
    assert many[0] <= 1.2 * few[0] + 2


def test_chats_for_which_nothing_waits_cost_nothing(post):
    post.tell("ann")
    few = steps(post)
    for number in range(500):
        post.does(
            lambda it, number=number: it.outbox.notify([f"admin:{5000 + number}"], "No", START)
        )
    while letters := post.claim():
        for letter in letters:
            post.settle(letter, message_id=str(letter.id))
    post.tell("ann")

    assert steps(post)[0] <= 1.2 * few[0] + 2


def test_a_store_of_the_first_step_goes_on_to_deliver(tmp_path):
    path = tmp_path / "newsbell.db"
    _old_store(path)

    store = SqliteStore(path)
    before = store.write_now(lambda ledger: ledger.outbox.counts())
    store.write_now(lambda ledger: ledger.outbox.recover(START))
    store.write_now(lambda ledger: ledger.outbox.place({"desk": FORUM}))
    store.write_now(lambda ledger: ledger.outbox.unpark())
    letters = []
    for _ in range(5):
        for letter in store.write_now(lambda it: it.outbox.claim(START, 9, UNHURRIED)):
            letters.append(letter)
            settled = Settled(
                state=State.SENT, outcome="", message_id=str(letter.id), destination="x"
            )
            store.write_now(
                lambda it, letter=letter, settled=settled: it.outbox.settle(
                    letter, settled, START, 1, UNHURRIED
                )
            )
    after = store.write_now(lambda ledger: ledger.outbox.counts())
    attempts = store.write_now(
        lambda it: it.outbox._db.execute("SELECT count(*) FROM delivery_attempt").fetchone()
    )
    broken = store.write_now(
        lambda it: it.outbox._db.execute("PRAGMA foreign_key_check").fetchall()
    )
    store.close()

    assert before == {"sent": 1, "pending": 2, "sending": 1, "parked": 1}
    assert after == {"sent": 5}
    assert [(one.chat, one.peer, one.kind, one.marked) for one in letters] == [
        ("desk", FORUM, Kind.ALERT, True),
        ("admin:4711:3", "4711", Kind.NOTICE, False),
        ("desk", FORUM, Kind.ALERT, False),
        ("desk", FORUM, Kind.REVISION, False),
    ]
    notice = letters[1].notice
    assert (notice.words, notice.buttons) == ("Hello", ((Button("Next", "n:1"),),))
    assert (attempts, broken) == ((1 + 1 + 4,), [])


def _old_store(path):
    """Make a store as Newsbell made it before there were peers, with a row of each kind."""
    database = sqlite_utils.Database(path)
    migrations.apply(database, stop_before="m002_sending")
    rows = [
        (1, "alert", "sent", 1, None, None),
        (2, "alert", "sending", 1, None, None),
        (3, "alert", "parked", 1, None, None),
    ]
    with database.conn:
        for number, kind, state, attempts, notice, buttons in rows:
            database.execute("INSERT INTO story (opened_at) VALUES (0)")
            database.execute(
                """
                INSERT INTO alert (chat, story_id, content, version, high, decided_at, rings_at)
                VALUES ('desk', ?, ?, 1, 0, 0, 0)
                """,
                [number, to_json(content())],
            )
            database.execute(
                """
                INSERT INTO outbox (chat, alert_id, kind, version, notice, buttons, high, state,
                    due_at, attempts, created_at)
                VALUES ('desk', ?, ?, 1, ?, ?, 0, ?, 0, ?, 0)
                """,
                [number, kind, notice, buttons, state, attempts],
            )
        database.execute(
            """
            INSERT INTO outbox (chat, alert_id, kind, version, high, state, due_at, created_at)
            VALUES ('desk', 1, 'revision', 1, 0, 'pending', 0, 0)
            """
        )
        database.execute(
            """
            INSERT INTO outbox (chat, kind, version, notice, buttons, high, state, due_at,
                created_at) VALUES ('admin:4711:3', 'notice', 1, 'Hello', '[["Next", "n:1"]]', 1,
                'pending', 0, 0)
            """
        )
        database.execute(
            "INSERT INTO delivery_attempt (outbox_id, number, at, outcome) VALUES (1, 1, 0, 'd')"
        )
        database.execute("INSERT INTO chat_pace VALUES ('desk', 5)")
    database.close()
