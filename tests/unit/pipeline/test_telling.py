"""How surely an article belongs to a story decides in which message a chat reads of it."""

from datetime import time, timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.muting import Mute, MutedStory
from monitors.feeds.feed import Feed, FullText
from monitors.grouping.placement import Joins, NewStory, Related, Signs
from monitors.grouping.reason import Ground, Reason, Strength
from monitors.pipeline.accept import accept_page
from monitors.pipeline.alert import Shown, give_page_up, seek_page, tell_chats
from monitors.pipeline.muting.silencing import mute
from monitors.pipeline.records import Kind, Settled, State
from monitors.rules.rulebook import Partial, Priority, Stories
from monitors.stories.article import Article
from monitors.stories.page import NoText, Page
from monitors.stories.recognition import Sighting, Traits
from tests.fakes.stand_ins import FEED, START, UNHURRIED, Clock, book, rule, screen

CERTAIN, SURE = Strength.CERTAIN, Strength.SURE
LIKELY, RELATED = Strength.LIKELY, Strength.RELATED
HERE = "telegram:-1001234567890:"
NO_TEXT = NoText(message="it is behind a paywall")


class Desk:
    """A store in memory, into which articles are put by hand."""

    def __init__(self, *rules, **chat):
        self.store, self.clock = SqliteStore(None), Clock()
        self.book = book(*rules or [rule("ship"), rule("storm")], chats=(screen(**chat),))
        self.articles = 0

    def take(self, title, *, joins=None, related=None, strength=CERTAIN, **spared):
        """Take in an article; answer its number, its story and what was decided."""
        self.articles += 1
        number = self.articles
        article = Article(
            identity=str(number),
            url=f"https://wire.example/{number}",
            link=f"https://wire.example/{number}",
            outlet=f"Outlet {number}",
            title=title,
            published_at=self.clock(),
            seen_at=self.clock(),
        )
        signs = Signs(url=article.url, identifier=None, title_key=None)
        reason = Reason(ground=Ground.LIKENESS, strength=strength)
        placement = NewStory()
        if joins:
            placement = Joins(joins, reason)
        elif related:
            placement = Related(related, reason)

        def work(ledger):
            identity, story = ledger.articles.add(article, signs, placement)
            feed = ledger.feeds.sync([Feed(address=FEED)], START)[FEED]
            seen = Sighting(article=identity, content_hash="", traits=Traits(), first_at=START)
            ledger.articles.see(feed, article.identity, seen)
            rings = ledger.stories.record(
                identity,
                self.book.matcher.match(article),
                rulebook="x",
                replace=True,
                now=self.clock(),
            )
            decided = tell_chats(
                ledger, self.book, story, {identity: rings}, self.clock(), **spared
            )
            return identity, story, self.names(decided)

        return self.store.write_now(work)

    def reads(self, article, text):
        """Take in the page of an article; answer what was decided."""
        page = Page(text=text)
        work = self.store.write_now
        return self.names(
            work(lambda ledger: accept_page(ledger, self.book, article, page, self.clock()))
        )

    def names(self, decided):
        return [type(one.decision).__name__ for one in decided]

    def sends(self):
        """Send all that is due; answer kind, headline, message and replied message of each."""
        sent = []
        while letters := self.store.write_now(
            lambda ledger: ledger.outbox.claim(self.clock(), 1, UNHURRIED)
        ):
            (letter,) = letters
            message = letter.message_id or str(letter.id)
            settled = Settled(
                state=State.SENT, outcome="sent", message_id=message, destination=HERE
            )
            self.store.write_now(
                lambda ledger, letter=letter, settled=settled: ledger.outbox.settle(
                    letter, settled, self.clock(), 1
                )
            )
            sent.append(letter)
        return sent

    def kinds(self):
        return [
            (letter.kind.value, letter.content.headline.text, letter.reply_to)
            for letter in self.sends()
        ]


@pytest.fixture
def opens():
    opened = []

    def make(*rules, **chat):
        opened.append(Desk(*rules, **chat))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


@pytest.fixture(params=list(Stories), ids=lambda stories: stories.value)
def any_desk(request, opens):
    return opens(stories=request.param)


def test_what_is_certain_is_put_into_the_message_whatever_the_chat_says(any_desk):
    _, story, _ = any_desk.take("ship sails")
    any_desk.sends()

    _, _, decided = any_desk.take("ship sails, again", joins=story)

    assert decided == ["Revision"]
    assert any_desk.kinds() == [("revision", "ship sails", None)]


def test_what_is_related_is_a_reply_whatever_the_chat_says(any_desk):
    _, story, _ = any_desk.take("ship sails")
    any_desk.sends()

    _, _, decided = any_desk.take("ship sinks", related=story, strength=RELATED)

    assert decided == ["Alert"]
    assert any_desk.kinds() == [
        ("alert", "ship sinks", "1"),
        ("revision", "ship sails", None),
    ]


@pytest.mark.parametrize(
    ("stories", "decided", "letters"),
    [
        (Stories.STRICT, "Reply", ["revision", "reply"]),
        (Stories.NORMAL, "Revision", ["revision"]),
        (Stories.LOOSE, "Revision", ["revision"]),
    ],
    ids=["strict", "normal", "loose"],
)
def test_what_is_sure_rings_only_where_the_chat_is_strict(opens, stories, decided, letters):
    desk = opens(stories=stories)
    _, story, _ = desk.take("ship sails")
    desk.sends()

    _, _, answer = desk.take("ship leaves", joins=story, strength=SURE)

    sent = desk.sends()
    assert answer == [decided]
    assert sorted(letter.kind.value for letter in sent) == sorted(letters)
    (edit,) = (letter for letter in sent if letter.kind is Kind.REVISION)
    assert [one.title for one in edit.content.others] == ["ship leaves"]


def test_a_strict_chat_hears_of_a_sure_article_once(opens):
    desk = opens(stories=Stories.STRICT)
    _, story, _ = desk.take("ship sails")
    sure, _, _ = desk.take("ship leaves", joins=story, strength=SURE)
    desk.sends()

    assert desk.reads(sure, "A ship leaves the harbour.") == ["Suppressed"]
    assert desk.take("ship goes", joins=story)[2] == ["Revision"]


def test_a_strict_chat_does_not_hear_of_a_sure_article_for_which_no_rule_holds(opens):
    desk = opens(stories=Stories.STRICT)
    _, story, _ = desk.take("ship sails")

    assert desk.take("vessel sails", joins=story, strength=SURE)[2] == ["Revision"]


@pytest.mark.parametrize(
    ("stories", "kinds"),
    [
        (Stories.STRICT, [("alert", "ship sinks", "1"), ("revision", "ship sails", None)]),
        (Stories.NORMAL, [("alert", "ship sinks", "1"), ("revision", "ship sails", None)]),
        (Stories.LOOSE, [("revision", "ship sails", None)]),
    ],
    ids=["strict", "normal", "loose"],
)
def test_what_is_likely_shares_the_message_where_the_chat_is_loose(opens, stories, kinds):
    desk = opens(stories=stories)
    _, story, _ = desk.take("ship sails")
    desk.sends()

    desk.take("ship sinks", related=story, strength=LIKELY)

    assert desk.kinds() == kinds


def test_a_loose_message_grows_by_all_that_is_likely_part_of_it(opens):
    desk = opens(stories=Stories.LOOSE)
    _, first, _ = desk.take("ship sails")
    _, second, _ = desk.take("ship leaves", related=first, strength=LIKELY)
    _, third, _ = desk.take("vessel leaves", related=second, strength=LIKELY)
    decided = desk.take("ship goes", joins=third)[2]
    (letter,) = desk.sends()

    assert decided == ["Revision"]
    assert [one.title for one in letter.content.others] == [
        "ship leaves",
        "vessel leaves",
        "ship goes",
    ]


def test_a_loose_chat_hears_of_a_likely_story_for_which_a_further_rule_holds(opens):
    desk = opens(stories=Stories.LOOSE)
    _, story, _ = desk.take("ship sails")
    desk.sends()

    _, _, decided = desk.take("storm sinks ship", related=story, strength=LIKELY)

    assert decided == ["Reply"]
    reply, edit = desk.sends()
    assert (reply.kind, reply.content.headline.text, reply.reply_to) == (
        Kind.REPLY,
        "storm sinks ship",
        "1",
    )
    assert reply.content.note == "A further rule holds: storm"
    assert edit.content.rules == ("ship", "storm")


def test_what_is_only_related_on_the_way_is_no_part_of_a_loose_message(opens):
    desk = opens(stories=Stories.LOOSE)
    _, first, _ = desk.take("ship sails")
    _, second, _ = desk.take("vessel leaves", related=first, strength=RELATED)
    desk.sends()

    desk.take("ship leaves", related=second, strength=LIKELY)

    assert desk.kinds()[0] == ("alert", "ship leaves", "1")


def test_a_loose_message_that_is_full_hides_nothing(opens):
    desk = opens(stories=Stories.LOOSE)
    _, story, _ = desk.take("ship sails")
    decided = [
        desk.take(f"ship {number}", related=story, strength=LIKELY)[2][0] for number in range(60)
    ]

    assert decided == ["Revision"] * 49 + ["Alert"] * 11


def test_a_loose_message_that_was_deleted_hides_nothing(opens):
    desk = opens(stories=Stories.LOOSE)
    _, story, _ = desk.take("ship sails")
    desk.sends()
    desk.take("ship leaves", joins=story)
    (edit,) = desk.store.write_now(lambda ledger: ledger.outbox.claim(desk.clock(), 1, UNHURRIED))
    gone = Settled(state=State.DROPPED, outcome="message gone")
    desk.store.write_now(lambda ledger: ledger.outbox.settle(edit, gone, desk.clock(), 1))

    desk.take("ship sinks", related=story, strength=LIKELY)

    assert desk.kinds() == [("alert", "ship sinks", None)]


def test_a_chat_that_becomes_less_loose_gets_alerts_for_what_shared_a_message(opens):
    desk = opens(stories=Stories.LOOSE)
    _, first, _ = desk.take("ship sails")
    _, second, _ = desk.take("ship leaves", related=first, strength=LIKELY)
    desk.sends()
    desk.book = book(rule("ship"), chats=(screen(),))

    assert desk.take("ship goes", joins=second)[2] == ["Alert"]
    assert desk.kinds()[0] == ("alert", "ship leaves", "1")


@pytest.mark.parametrize(
    ("between", "replied"), [("ship turns", "2"), ("vessel turns", "1")], ids=["told", "untold"]
)
def test_in_a_chain_the_nearest_story_that_was_told_is_replied_to(opens, between, replied):
    desk = opens()
    _, first, _ = desk.take("ship sails")
    desk.sends()
    _, second, _ = desk.take(between, related=first, strength=LIKELY)
    desk.sends()

    desk.take("ship sinks", related=second, strength=RELATED)

    assert desk.kinds()[0] == ("alert", "ship sinks", replied)


def test_what_is_related_to_a_story_that_was_not_told_is_an_alert_without_reply(opens):
    desk = opens()
    _, story, _ = desk.take("vessel sails")

    desk.take("ship sinks", related=story, strength=LIKELY)

    assert desk.kinds() == [("alert", "ship sinks", None)]


def test_a_related_story_without_a_rule_is_not_told(any_desk):
    _, story, _ = any_desk.take("ship sails")
    any_desk.sends()

    assert any_desk.take("train leaves", related=story, strength=RELATED)[2] == []


def test_a_further_rule_rings_by_a_reply_with_the_newcomer(any_desk):
    _, story, _ = any_desk.take("ship sails")
    any_desk.sends()

    _, _, decided = any_desk.take("ship meets storm", joins=story)

    reply, edit = any_desk.sends()
    assert decided == ["Reply"]
    assert (reply.kind, reply.reply_to, reply.content.note) == (
        Kind.REPLY,
        "1",
        "A further rule holds: storm",
    )
    assert (reply.content.headline.text, reply.content.headline.marks) == (
        "ship meets storm",
        ((0, 4), (11, 16)),
    )
    assert edit.content.rules == ("ship", "storm")
    assert any_desk.take("storm hits ship", joins=story)[2] == ["Revision"]


def test_several_further_rules_are_one_reply(opens):
    desk = opens(rule("ship"), rule("storm"), rule("harbour"))
    _, story, _ = desk.take("ship sails")
    desk.take("ship in storm off harbour", joins=story)

    assert [letter.content.note for letter in desk.sends()] == [
        None,
        "Further rules hold: storm, harbour",
    ]


def test_a_further_rule_that_began_to_hold_by_the_page_rings(opens):
    desk = opens(rule("ship"), rule("ship AND storm"))
    article, _, _ = desk.take("ship sails")
    desk.sends()

    decided = desk.reads(article, "The ship sailed into a storm off the coast.")

    reply, _ = desk.sends()
    assert decided == ["Reply"]
    assert reply.content.note == "A further rule holds: ship AND storm"
    assert "storm" in reply.content.snippets[0].text


def test_a_further_rule_that_only_holds_in_part_rings_if_it_is_to_be_told(opens):
    desk = opens(rule("ship"), rule("ship AND storm", partial=Partial.ALERT))
    article, _, _ = desk.take("ship sails")
    desk.sends()

    decided = desk.names(
        desk.store.write_now(
            lambda ledger: give_page_up(ledger, desk.book, article, NO_TEXT, desk.clock())
        )
    )

    reply, _ = desk.sends()
    assert decided == ["Reply"]
    assert [one.missing for one in reply.content.in_part] == [("storm",)]
    assert desk.reads(article, "A ship in a storm.") == ["Revision"]


def test_the_first_that_a_chat_hears_of_a_story_is_an_alert(any_desk):
    _, story, _ = any_desk.take("vessel sails")

    assert any_desk.take("ship meets storm", joins=story, strength=SURE)[2] == ["Alert"]


def test_nothing_is_replied_to_an_alert_that_is_held_back(opens):
    quiet = (time(8), time(12))
    desk = opens(quiet_hours=quiet, stories=Stories.STRICT)
    _, story, held = desk.take("ship sails")

    renewed = desk.take("ship meets storm", joins=story, strength=SURE)[2]
    desk.clock.passes(hours=3)

    (letter,) = desk.sends()
    assert (held, renewed) == (["Held"], ["Revision"])
    assert (letter.kind, letter.content.rules) == (Kind.ALERT, ("ship", "storm"))


def test_a_reply_in_quiet_hours_rings_at_their_end_and_the_message_changes_at_once(opens):
    desk = opens(quiet_hours=(time(10), time(12)))
    _, story, _ = desk.take("ship sails")
    desk.sends()
    desk.clock.passes(hours=1)

    _, _, decided = desk.take("ship meets storm", joins=story)

    assert decided == ["Held"]
    assert desk.kinds() == [("revision", "ship sails", None)]
    desk.clock.passes(hours=2)
    assert desk.kinds() == [("reply", "ship meets storm", "1")]


def test_a_reply_for_a_high_rule_rings_in_quiet_hours(opens):
    desk = opens(
        rule("ship"),
        rule("storm", priority=Priority.HIGH),
        quiet_hours=(time(10), time(12)),
    )
    _, story, _ = desk.take("ship sails")
    desk.sends()
    desk.clock.passes(hours=1)

    assert desk.take("ship meets storm", joins=story)[2] == ["Reply"]


def test_replies_are_held_back_by_the_limit_of_an_hour(opens):
    desk = opens(rule("ship"), rule("storm"), rule("harbour"), max_per_hour=2)
    _, story, _ = desk.take("ship sails")
    first = desk.take("ship meets storm", joins=story)[2]
    second = desk.take("ship makes for harbour", joins=story)[2]
    desk.sends()
    desk.clock.passes(minutes=61)

    assert (first, second) == (["Reply"], ["Held"])
    assert desk.kinds() == [("reply", "ship makes for harbour", "1")]


@pytest.mark.parametrize("microseconds", [400, 600])
def test_what_comes_in_one_moment_uses_up_the_limit_of_an_hour(opens, microseconds):
    """The store keeps whole milliseconds, so that now may stand there a little later."""
    desk = opens(max_per_hour=2)
    desk.clock.passes(microseconds=microseconds)
    decided = [desk.take(f"ship {number} sails")[2] for number in range(4)]
    desk.clock.passes(minutes=59)

    assert decided == [["Alert"], ["Alert"], ["Held"], ["Held"]]
    assert [letter.kind.value for letter in desk.sends()] == ["alert", "alert"]


def test_a_chat_that_is_spared_gets_no_reply(opens):
    desk = opens()
    _, story, _ = desk.take("ship sails")

    assert desk.take("ship meets storm", joins=story, spared=("screen",))[2] == ["Revision"]


def test_what_holds_in_part_is_sought_and_told_with_its_story(opens):
    desk = opens(rule("ship"), rule("ship AND storm", partial=Partial.ALERT))
    article, story, _ = desk.take("ship sails")
    feed = Feed(address=FEED, full_text=FullText.NEVER)

    def work(ledger):
        number = ledger.feeds.sync([feed], START)[FEED]
        shown = Shown(id=article, article=ledger.articles.newest(article)[1], watched=None)
        rings = seek_page(ledger, desk.book, shown, feed=feed, feed_id=number, now=START)
        return tell_chats(ledger, desk.book, story, {article: rings}, START)

    assert desk.names(desk.store.write_now(work)) == ["Reply"]


def test_one_rule_that_matches_all_day_rings_once_a_story(any_desk):
    _, story, _ = any_desk.take("ship sails")
    decided = []
    for number in range(5):
        any_desk.clock.at += timedelta(minutes=10)
        decided += any_desk.take(f"ship {number}", joins=story)[2]

    assert decided == ["Revision"] * 5


def mutes_first_story(desk):
    muted = Mute(what=MutedStory(1), who="42")
    return desk.store.write_now(lambda ledger: mute(ledger, "screen", muted, desk.clock()))


def silenced(desk):
    rows = desk.store.write_now(lambda ledger: ledger.mutes.silenced(10))
    return [(row.content.headline.text, row.why) for row in rows]


def test_a_story_that_would_stand_below_a_muted_one_is_not_told(opens):
    desk = opens()
    _, first, _ = desk.take("A ship sails")
    desk.sends()
    mutes_first_story(desk)
    decided = desk.take("A ship is late", related=first, strength=RELATED)[2]

    assert decided == ["Suppressed"]
    assert [kind for kind, *_ in desk.kinds()] == ["revision"]
    assert silenced(desk) == [("A ship is late", "muted: this story")]


def test_one_that_waits_to_be_told_below_it_is_not_told_either(opens):
    desk = opens(rule("ship"), quiet_hours=(time(10), time(12)))
    _, first, _ = desk.take("A ship sails")
    desk.sends()
    desk.clock.passes(hours=1)
    held = desk.take("A ship is late", related=first, strength=RELATED)[2]
    mutes_first_story(desk)
    desk.clock.passes(days=1)

    assert held == ["Held"]
    assert [kind for kind, *_ in desk.kinds()] == ["revision"]
    assert silenced(desk) == [("A ship is late", "muted: this story")]
