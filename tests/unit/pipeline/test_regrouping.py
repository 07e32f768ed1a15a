"""People split and join stories: nothing is lost, nobody is told twice of what they know."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.grouping.reason import Ground, Reason, Strength
from monitors.pipeline.regrouping.join import Joined
from monitors.pipeline.regrouping.retelling import NotDone
from monitors.pipeline.regrouping.split import MOST_KEPT_APART, Split
from monitors.pipeline.regrouping.why import why
from monitors.pipeline.regrouping.wording import chat_text
from monitors.rules.rulebook import Priority, Stories
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import book, rule, screen

SHIP, TRAIN = "A ship sails to Oslo today", "A train leaves for Bergen"
AGROUND = {  # with how many hours ago it was published
    "Ferry Halcyon runs aground off Skarvik with 214 aboard": 3,
    "Halcyon ferry stuck off Skarvik, passengers safe": 5,
    "Skarvik: Halcyon ferry runs aground, 214 aboard": 4,
}
PASSENGERS = "The ferry Halcyon ran aground off Skarvik, and its 214 passengers are safe."


@contextmanager
def opened(*rules, **more):
    desk = EditorsDesk(book(*(rules or [rule("ship")]), **more))
    try:
        yield desk
    finally:
        desk.store.close()


@pytest.fixture
def desk():
    with opened() as made:
        yield made


def three(desk, title=SHIP):
    return [desk.publishes(title) for _ in range(3)]


def test_a_split_article_rings_alone_and_the_message_lists_it_no_more(desk):
    _, second, _ = three(desk)

    done = desk.splits(second)

    assert isinstance(done, Split)
    assert desk.articles(done.left) == [1, 3]
    assert desk.articles(done.story) == [2]
    assert desk.shows() == {"1": ["Outlet 1", "Outlet 3"], "2": ["Outlet 2"]}


def test_a_message_goes_with_the_article_that_it_shows_first(desk):
    first, *_ = three(desk)

    desk.splits(first)

    assert desk.shows() == {"1": ["Outlet 1"], "2": ["Outlet 2", "Outlet 3"]}


def test_where_no_rule_holds_for_what_stays_behind_only_the_message_remains(desk):
    desk.publishes("Oslo news of the morning", id="same")
    desk.publishes("Oslo news of the morning", summary="A ship is in.")
    desk.splits(2)

    assert desk.rang() == ["Outlet 2\nOutlet 1"]
    assert desk.shows() == {"1": ["Outlet 2"]}


def test_where_no_rule_holds_for_what_leaves_nothing_rings(desk):
    desk.publishes("Oslo news of the morning", summary="A ship is in.")
    desk.publishes("Oslo news of the morning")

    desk.splits(2)

    assert desk.shows() == {"1": ["Outlet 1"]}


def test_chats_with_other_rules_each_keep_the_message_that_they_know():
    rules = rule("ship", "sea"), rule("whale", "zoo")
    with opened(*rules, chats=(screen("sea"), screen("zoo"))) as desk:
        desk.publishes("Oslo news of the morning", summary="A ship is in.")
        desk.publishes("Oslo news of the morning", summary="A whale is in.")
        before = desk.rang("sea") + desk.rang("zoo")

        desk.splits(2)

        assert desk.rang("sea") + desk.rang("zoo") == before
        assert (desk.shows("sea"), desk.shows("zoo")) == ({"1": ["Outlet 1"]}, {"2": ["Outlet 2"]})


def test_the_only_article_and_an_unknown_one_cannot_be_split(desk):
    desk.publishes(SHIP)

    assert [type(desk.splits(number)) for number in (1, 99, 10**17)] == [NotDone] * 3


def test_a_chat_that_was_told_nothing_does_not_ring_because_of_a_split():
    with opened(rule("ship", "sea"), chats=(screen("sea"),)) as desk:
        three(desk)
        desk.book = book(rule("ship", "sea", "late"), chats=(screen("sea"), screen("late")))

        desk.splits(2)

        assert desk.rang("late") == []


def test_a_message_of_a_rule_that_was_removed_is_still_put_right(desk):
    three(desk)
    desk.book = book(rule("whale"))

    desk.splits(2)

    assert desk.shows() == {"1": ["Outlet 1", "Outlet 3"]}


def test_a_split_is_remembered_for_the_articles_that_were_left(desk):
    first, second, third = three(desk)
    done = desk.splits(second)

    def may(article, story):
        return desk.store.write_now(lambda ledger: ledger.regrouping.may_move(article, story))

    assert [may(second, done.left), may(first, done.story), may(third, done.story)] == [False] * 3
    assert may(first, done.left)


def test_from_a_large_story_so_many_are_remembered_and_it_is_still_known(desk):
    for _ in range(MOST_KEPT_APART + 5):
        desk.publishes(SHIP)
    done = desk.splits(MOST_KEPT_APART + 5)

    kept = desk.store.write_now(lambda ledger: ledger.stories.apart_from(done.article.id))
    may = desk.store.write_now(
        lambda ledger: ledger.regrouping.may_move(done.article.id, done.left)
    )

    assert (len(kept), may) == (MOST_KEPT_APART, False)


def test_joined_stories_share_the_older_message_and_the_other_says_so(desk):
    desk.publishes(SHIP)
    desk.publishes("Old ship burns off Malta")

    done = desk.joins(2, 1)

    (first, second) = desk.shows().values()
    assert done == Joined(story=1, articles=2)
    assert first == ["Outlet 1", "Outlet 2"]
    assert (second[0], second[1]) == (
        "Outlet 2",
        f"Joined by hand: the message “{SHIP}” tells it from now on.",
    )


def test_the_message_of_a_story_that_was_joined_never_grows_again(desk):
    desk.publishes(SHIP)
    desk.publishes("Old ship burns off Malta")
    desk.joins(2, 1)
    desk.publishes("Old ship burns off Malta")

    first, second = desk.shows().values()
    assert (first, len(second)) == (["Outlet 1", "Outlet 2", "Outlet 3"], 2)


def test_a_chat_that_was_told_of_the_later_story_only_keeps_its_message():
    rules = rule("ship", "sea"), rule("whale", "zoo")
    with opened(*rules, chats=(screen("sea"), screen("zoo"))) as desk:
        desk.publishes(SHIP)
        desk.publishes("A whale visits the harbour")

        desk.joins(2, 1)

        assert desk.shows("sea") == {"1": ["Outlet 1", "Outlet 2"]}
        assert desk.shows("zoo") == {"2": ["Outlet 2", "Outlet 1"]}


def test_what_waits_is_not_sent_when_another_message_tells_it():
    with opened(rule("ship"), chats=(screen(max_per_hour=1),)) as desk:
        desk.publishes(SHIP)
        desk.publishes("Old ship burns off Malta")
        desk.joins(2, 1)
        desk.clock.passes(hours=2)
        desk.delivers()

        assert desk.shows() == {"1": ["Outlet 1", "Outlet 2"]}


def test_what_waits_gives_way_to_a_later_message_that_was_sent():
    urgent = rule("whale", priority=Priority.HIGH)
    with opened(rule("ship"), urgent, chats=(screen(max_per_hour=1),)) as desk:
        desk.publishes("A ship is late in Bergen")
        desk.publishes(SHIP)
        desk.publishes("A whale visits the harbour")
        before = desk.shows()
        desk.joins(3, 2)
        joined = desk.shows()
        desk.clock.passes(hours=2)
        desk.delivers()

        assert before == {"1": ["Outlet 1"], "2": ["Outlet 3"]}
        assert desk.shows() == joined == {"1": ["Outlet 1"], "2": ["Outlet 2", "Outlet 3"]}


def test_what_was_not_sent_because_of_a_join_is_sent_when_that_is_undone():
    with opened(rule("ship"), chats=(screen(max_per_hour=1),)) as desk:
        desk.publishes(SHIP)
        desk.publishes("Old ship burns off Malta")
        desk.joins(2, 1)
        desk.splits(2)
        desk.clock.passes(hours=2)
        desk.delivers()

        assert desk.shows() == {"1": ["Outlet 1"], "2": ["Outlet 2"]}


def test_what_was_joined_or_is_unknown_cannot_be_joined(desk):
    desk.publishes(SHIP)
    desk.publishes(TRAIN)
    desk.joins(1, 2)

    answers = [desk.joins(2, 1), desk.joins(1, 1), desk.joins(1, 99)]

    assert [type(answer) for answer in answers] == [NotDone] * 3


def test_joining_forgets_that_articles_were_kept_apart(desk):
    three(desk)
    done = desk.splits(2)
    desk.joins(done.story, done.left)

    assert desk.store.write_now(lambda ledger: ledger.stories.apart_from(2)) == frozenset()


@pytest.mark.parametrize("article", [1, 2, 3])
def test_split_then_joined_is_as_it_was_and_split_again_rings_nobody(desk, article):
    three(desk)
    before = desk.shows()["1"]
    done = desk.splits(article)
    after = desk.shows()
    rang = desk.rang()

    desk.joins(done.story, done.left)
    assert desk.shows()["1"] == before
    desk.splits(article)

    assert (desk.shows(), desk.rang()) == (after, rang)


@pytest.mark.parametrize("article", [1, 2])
def test_split_after_a_join_each_article_finds_the_message_that_it_had(desk, article):
    desk.publishes(SHIP)
    desk.publishes("Old ship burns off Malta")
    before, rang = desk.shows(), desk.rang()

    for _ in range(3):
        desk.joins(desk.story_of(2), desk.story_of(1))
        desk.splits(article)

        assert (desk.shows(), desk.rang()) == (before, rang)


def test_a_chain_of_joins_is_undone_in_any_order_without_a_ring(desk):
    for title in (SHIP, "Old ship burns off Malta", "Ship in the fjord, says a pilot"):
        desk.publishes(title)
    before, rang = desk.shows(), desk.rang()

    for first, second in ((1, 2), (2, 3), (3, 1), (1, 3)):
        desk.joins(desk.story_of(2), desk.story_of(1))
        desk.joins(desk.story_of(3), desk.story_of(1))
        desk.splits(first)
        desk.splits(second)

        assert (desk.shows(), desk.rang()) == (before, rang)


def test_a_split_rings_for_no_report_that_a_strict_chat_has_heard_of():
    strict = replace(screen(), stories=Stories.STRICT)
    with opened(rule("ship"), chats=(strict,)) as desk:
        desk.publishes("Ferry ship Solveig runs aground off Northport with 212 aboard")
        desk.publishes("Passengers evacuated from ship Solveig near Northport, 212 aboard")
        desk.publishes("Ship Solveig aground off Northport: captain was asleep")
        heard = desk.rang()
        assert desk.articles(1) == [1, 2, 3]

        desk.splits(2)

        assert desk.rang() == [*heard, "Outlet 2"]


LOOSE = replace(screen(), stories=Stories.LOOSE)


def test_a_loose_chat_loses_no_report_when_the_one_that_its_message_shows_first_leaves():
    with opened(rule("ship"), chats=(LOOSE,)) as desk:
        desk.publishes("Oslo news of the morning", summary="A ship is in.")
        desk.publishes("Oslo news of the morning")
        desk.publishes("A train leaves for Bergen")
        desk.relates(desk.story_of(3), desk.story_of(1))
        desk.corrects(3, "A train leaves for Bergen, and a ship")
        before = desk.shows()

        desk.splits(1)

        assert before == {"1": ["Outlet 1", "Outlet 2", "Outlet 3"]}
        shown = [line for lines in desk.shows().values() for line in lines]
        assert (desk.shows()["1"], "Outlet 3" in shown) == (["Outlet 1"], True)


def test_a_loose_chat_whose_story_is_split_still_shows_what_shares_its_message():
    with opened(rule("ship"), chats=(LOOSE,)) as desk:
        desk.publishes(SHIP)
        desk.publishes(SHIP)
        desk.publishes("A train leaves for Bergen")
        desk.relates(desk.story_of(3), desk.story_of(1))
        desk.corrects(3, "A train leaves for Bergen, and a ship")
        before = desk.shows()

        desk.splits(2)
        second = desk.shows()
        desk.joins(desk.story_of(3), desk.story_of(1))

        assert before == {"1": ["Outlet 1", "Outlet 2", "Outlet 3"]}
        assert second == desk.shows() == {"1": ["Outlet 1", "Outlet 3"], "2": ["Outlet 2"]}


def test_a_report_that_shares_a_message_as_likely_can_be_split_off_too():
    with opened(rule("ship"), chats=(LOOSE,)) as desk:
        desk.publishes(SHIP)
        desk.publishes("A train leaves for Bergen")
        desk.relates(desk.story_of(2), desk.story_of(1))
        desk.corrects(2, "A train leaves for Bergen, and a ship")
        before = desk.shows()

        done, again = desk.splits(2), desk.splits(2)

        apart = desk.store.write_now(lambda ledger: ledger.stories.apart_from(2))
        assert before == {"1": ["Outlet 1", "Outlet 2"]}
        assert desk.shows() == {"1": ["Outlet 1"], "2": ["Outlet 2"]}
        assert (done.left, apart, type(again)) == (1, {1}, NotDone)


@contextmanager
def likely(*relations, titles=("A train leaves for Bergen", "Whales swim off Malta")):
    """Open a desk of one loose chat: a ship, and reports that may be of stories before them.

    Each of the *relations* is the number of the article whose story the next one may be of.
    """
    with opened(rule("ship"), chats=(LOOSE,)) as desk:
        desk.publishes(SHIP)
        for number, earlier in enumerate(relations, start=2):
            title = titles[number - 2]
            desk.publishes(title)
            desk.relates(desk.story_of(number), desk.story_of(earlier))
            desk.corrects(number, f"{title}, and a ship")
        yield desk


def apart(desk, article):
    return desk.store.write_now(lambda ledger: ledger.stories.apart_from(article))


def test_the_last_of_a_chain_that_shares_a_message_gets_one_of_its_own():
    with likely(1, 2) as desk:
        before = desk.shows()

        desk.splits(3)

        assert before == {"1": ["Outlet 1", "Outlet 2", "Outlet 3"]}
        assert desk.shows() == {"1": ["Outlet 1", "Outlet 2"], "2": ["Outlet 3"]}
        assert apart(desk, 3) == {1, 2}


def test_what_is_likely_only_the_same_as_what_is_split_off_goes_along():
    with likely(1, 2) as desk:
        desk.splits(2)

        assert desk.shows() == {"1": ["Outlet 1"], "2": ["Outlet 2", "Outlet 3"]}
        assert apart(desk, 2) == {1}


def test_of_two_that_share_a_message_of_another_story_only_the_one_that_is_named_leaves():
    same = ("A train leaves for Bergen now", "A train leaves for Bergen now")
    with likely(1, titles=same) as desk:
        desk.publishes(f"{same[0]}, and a ship")
        before = desk.shows()

        desk.splits(3)

        assert desk.story_of(2) != desk.story_of(3)
        assert before == {"1": ["Outlet 1", "Outlet 2", "Outlet 3"]}
        assert desk.shows() == {"1": ["Outlet 1", "Outlet 2"], "2": ["Outlet 3"]}
        assert apart(desk, 3) == {1, 2}


def test_from_the_first_report_what_is_only_likely_the_same_is_split_off():
    with likely(1, 1) as desk:
        desk.splits(1)

        assert desk.shows() == {"1": ["Outlet 1"], "2": ["Outlet 2"], "3": ["Outlet 3"]}
        assert apart(desk, 1) == {2, 3}


@pytest.mark.parametrize(("relations", "article"), [((1,), 2), ((1, 2), 3), ((1, 1), 3)])
def test_what_shared_a_message_finds_it_again_when_it_is_joined_and_its_own_when_split(
    relations, article
):
    with likely(*relations) as desk:
        before, into = desk.shows()["1"], desk.story_of(relations[-1])
        done = desk.splits(article)
        after, rang = desk.shows(), desk.rang()

        desk.joins(done.story, into)
        joined = desk.shows()
        desk.splits(article)

        assert joined["1"] == before
        assert joined["2"][1].startswith(f"Joined by hand: the message “{SHIP}”")
        assert (desk.shows(), desk.rang()) == (after, rang)


def test_what_leaves_a_shared_message_by_a_join_is_not_lost_to_its_chat():
    loose = replace(screen("sea"), stories=Stories.LOOSE)
    rules = rule("ship", "sea"), rule("whale", "zoo")
    with opened(*rules, chats=(loose, screen("zoo"))) as desk:
        desk.publishes("A whale visits the harbour")
        desk.publishes(SHIP)
        desk.publishes("A train leaves for Bergen")
        desk.relates(desk.story_of(3), desk.story_of(2))
        desk.corrects(3, "A train leaves for Bergen, and a ship")
        before = desk.shows("sea").values()

        desk.joins(desk.story_of(3), 1)

        assert list(before) == [["Outlet 2", "Outlet 3"]]
        assert list(desk.shows("sea").values()) == [["Outlet 2"], ["Outlet 3", "Outlet 1"]]


def test_why_names_every_article_of_a_shared_message_with_its_reason():
    with likely(1, 2) as desk:
        desk.publishes("Old ship burns off Malta")
        desk.relates(desk.story_of(4), 1, strength=Strength.RELATED)

        shared = desk.explains(1, LOOSE)

        told = [(one.number, one.article.id, one.why) for one in shared.articles]
        assert [one[:2] for one in told] == [(1, 1), (2, 2), (3, 3)]
        assert told[0][2] == "first report"
        assert all(why.endswith("; likely") for _, _, why in told[1:])
        assert [one.lead.id for one in shared.relatives] == [4]
        assert (shared.outlets, len(desk.explains(1, screen()).articles)) == (3, 1)
        assert desk.explains(desk.story_of(3), LOOSE).articles == shared.articles


def test_a_relation_moves_along_when_a_story_is_joined(desk):
    for title in (SHIP, "Old ship burns off Malta", "Ship in the fjord, says a pilot"):
        desk.publishes(title)
    desk.relates(desk.story_of(2), desk.story_of(1))
    middle = desk.story_of(2)
    desk.relates(desk.story_of(3), middle)
    last = desk.story_of(3)

    desk.joins(middle, 1)

    related = desk.store.write_now(lambda ledger: ledger.stories.related(last))
    assert related[0] == 1
    assert desk.store.write_now(lambda ledger: ledger.stories.related(middle)) is None


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_whatever_is_split_and_joined_no_article_is_lost_and_no_chat_has_two_of_a_story(deeds):
    with opened() as desk:
        for number in range(1, 7):
            desk.publishes(SHIP if number % 2 else "Old ship burns off Malta")
        for is_split, one, other in deeds:
            if is_split:
                desk.splits(one)
            else:
                desk.joins(desk.story_of(one), desk.story_of(other))

        stories = {number: desk.story_of(number) for number in range(1, 7)}
        assert sorted(a for s in set(stories.values()) for a in desk.articles(s)) == [*range(1, 7)]
        listed = [line for lines in desk.shows().values() for line in lines]
        live = [lines for lines in desk.shows().values() if "Joined by hand" not in lines[-1]]
        shown = sorted(line for lines in live for line in lines)
        assert set(listed) >= {f"Outlet {number}" for number in range(1, 7)}
        assert shown == [f"Outlet {number}" for number in range(1, 7)]
        assert desk.window() == stories


def test_why_tells_each_article_its_reason_and_the_rules_that_hold(desk):
    desk.publishes(SHIP)
    desk.publishes(SHIP)
    desk.publishes("Old ship burns off Malta")
    desk.joins(2, 1)

    explained = desk.explains(1)

    assert [(one.number, one.why, one.rules) for one in explained.articles] == [
        (1, "first report", ("ship",)),
        (2, "same headline as 1", ("ship",)),
        (3, "by hand", ("ship",)),
    ]
    assert chat_text(explained).splitlines()[:2] == [
        f"1. Outlet 1: {SHIP}",
        "    first report; rules: ship",
    ]
    assert desk.explains(2) == explained


def test_why_names_related_stories_of_both_directions(desk):
    desk.publishes(SHIP)
    desk.publishes("Old ship burns off Malta")
    desk.relates(2, 1, against="the numbers differ", nearest=1, score=1.25, hours=0.7)
    later = desk.story_of(2)

    (earlier,) = desk.explains(later).relatives
    (other,) = desk.explains(1).relatives

    assert (earlier.earlier, earlier.lead.id, other.earlier, other.lead.id) == (True, 1, False, 2)
    assert other.why == (
        "alike to 1; 42 min apart; likely (score 1.2); kept apart because the numbers differ"
    )


def test_why_says_how_far_apart_two_articles_are_whichever_came_in_first():
    with opened(rule("halcyon")) as desk:
        noon = desk.clock()
        for title, hours in AGROUND.items():
            published = noon - timedelta(hours=hours)
            desk.publishes(title, published_at=published, summary=PASSENGERS)

        reasons = [one.why.split("; ") for one in desk.explains(1).articles]

    assert [(one[0].split(":")[0], one[1]) for one in reasons[1:]] == [
        ("alike to 1", "2 h apart"),
        ("alike to 1", "60 min apart"),
    ]


def test_what_came_late_is_not_said_to_be_no_time_apart():
    reason = Reason(ground=Ground.LIKENESS, nearest=7, hours=0.0)

    assert why(reason, {7: 2}) == "alike to 2; certain"


def test_a_reason_names_words_and_how_sure_it_is():
    reason = Reason(
        ground=Ground.LIKENESS,
        strength=Strength.SURE,
        nearest=7,
        score=3.14,
        words=("brandt", "mayor", "audit"),
        hours=-0.66,
    )

    assert why(reason, {7: 2}) == (
        "alike to 2: both say brandt, mayor, audit; 40 min apart; sure (score 3.1)"
    )
    assert why(reason, {}).startswith("alike to one that was split off since: both say")


def test_what_feeds_write_neither_steers_a_chat_nor_makes_the_answer_too_long(desk):
    for _ in range(30):
        desk.publishes("\u202eCall /join or @everyone " + "now " * 400)

    text = chat_text(desk.explains(1))

    assert len(text) < 4096
    assert (" /join" in text, "@everyone" in text, "\u202e" in text) == (False, False, False)
    assert text.splitlines()[-2:] == ["… and 21 more", "30 outlets, at most 30 within an hour"]
