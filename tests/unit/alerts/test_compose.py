"""A story as one chat is told of it: who leads, what is shown, who else reports."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitors.alerts.alert import InPart, Report, Snippet
from monitors.alerts.compose import PartialHold, StoryArticle, compose, news_of
from monitors.grouping.reason import Strength
from monitors.stories.article import Article, ArticleId
from monitors.terms.evidence import Evidence

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
ARTICLE = Article(
    identity="1",
    url="https://herald.example/talks",
    link="https://herald.example/talks?utm_source=rss",
    outlet="Harbour Herald",
    title="Allies talk of AUKUS",
    summary="A second phase, Pillar 2, is discussed.",
    published_at=NOON,
    seen_at=NOON,
)
IN_TITLE = Evidence("title", 15, 20)
IN_SUMMARY = Evidence("summary", 16, 24)


HOLD = PartialHold(
    rule="pacts", evidence=(IN_TITLE,), found=("AUKUS",), missing=("treaty",), why="a paywall"
)


def report(evidence=None, *, number=1, partly=(), strength=Strength.CERTAIN, **changes):
    return StoryArticle(
        id=ArticleId(number),
        article=replace(ARTICLE, **changes),
        evidence=evidence or {},
        partly=partly,
        strength=strength,
    )


def test_the_first_article_for_which_a_rule_holds_leads():
    story = [
        report(outlet="First", title="Before"),
        report({"pacts": (IN_TITLE,)}),
        report({"pacts": (IN_TITLE,)}, outlet="Last", title="AUKUS, later"),
    ]
    content = compose(story, ["pacts"])
    assert content.headline == Snippet(text=ARTICLE.title, marks=((15, 20),))
    assert (content.outlet, content.link) == (ARTICLE.outlet, ARTICLE.link)
    assert content.published_at == NOON
    assert content.others == (
        Report(outlet="First", title="Before", link=ARTICLE.link),
        Report(outlet="Last", title="AUKUS, later", link=ARTICLE.link),
    )


@pytest.mark.parametrize("story", [[], [report()], [report({"other": (IN_TITLE,)})]])
def test_nothing_is_told_where_no_rule_of_the_chat_holds(story):
    assert compose(story, ["pacts"]) is None


def test_a_rule_that_holds_in_part_is_told_with_what_is_missing():
    content = compose([report(partly=(HOLD,))], ["pacts"])

    assert (content.rules, content.headline.marks) == (("pacts",), ((15, 20),))
    assert content.in_part == (InPart(rule="pacts", missing=("treaty",), why="a paywall"),)


def test_an_article_for_which_a_rule_holds_leads_before_those_where_it_holds_in_part():
    story = [report(partly=(HOLD,)), report({"pacts": (IN_TITLE,)}, outlet="Other")]
    content = compose(story, ["pacts"])

    assert (content.outlet, content.rules, content.in_part) == ("Other", ("pacts",), ())


def test_another_rule_that_holds_is_told_beside_one_that_holds_in_part():
    other = replace(HOLD, rule="phases", evidence=(IN_SUMMARY,))
    content = compose([report({"pacts": (IN_TITLE,)}, partly=(other,))], ["pacts", "phases"])

    assert (content.rules, content.snippets) == (("pacts", "phases"), ())
    assert [one.rule for one in content.in_part] == ["phases"]


def test_what_holds_in_part_is_not_told_where_nobody_asked_for_it():
    assert compose([report(partly=(HOLD,))], ["phases"]) is None


def test_all_rules_that_hold_anywhere_in_the_story_are_named_in_the_order_of_the_file():
    story = [
        report({"third": (IN_TITLE,), "unasked": (IN_TITLE,)}),
        report({"first": (IN_TITLE,)}, outlet="Other"),
    ]
    assert compose(story, ["first", "second", "third"]).rules == ("first", "third")


def test_the_evidence_of_all_rules_of_the_chat_is_shown_once():
    lead = report(
        {"a": (IN_TITLE, IN_SUMMARY), "b": (IN_SUMMARY,), "c": (Evidence("summary", 0, 8),)}
    )
    content = compose([lead], ["a", "b"])
    (snippet,) = content.snippets
    assert content.headline.marks == ((15, 20),)
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["Pillar 2"]


def test_a_headline_that_an_outlet_repeats_is_listed_once():
    story = [
        report({"pacts": (IN_TITLE,)}),
        report(link="https://herald.example/again"),
        report(title="AUKUS talks go on"),
        report(outlet="Strait Courier", link=None),
        report(outlet="Strait Courier"),
    ]
    assert [(other.outlet, other.title) for other in compose(story, ["pacts"]).others] == [
        ("Harbour Herald", "AUKUS talks go on"),
        ("Strait Courier", "Allies talk of AUKUS"),
    ]


def test_a_story_composed_twice_is_equal_so_that_nothing_new_is_told():
    story = [report({"pacts": (IN_TITLE,)}), report(outlet="Other")]
    assert compose(story, ["pacts"]) == compose(list(story), ("pacts",))


@pytest.mark.parametrize(("rules", "edited"), [(["pacts"], False), (["pacts", "seas"], True)])
def test_it_is_said_that_the_first_article_was_edited_if_a_rule_of_the_chat_holds_since(
    rules, edited
):
    evidence = {"pacts": (IN_TITLE,), "seas": (IN_SUMMARY,)}
    story = [replace(report(evidence), edited=frozenset({"seas"})), report(evidence)]
    assert compose(story, rules).edited is edited


FIRST = report({"pacts": (IN_TITLE,)})
SECOND = report({"pacts": (), "phases": (IN_SUMMARY,)}, number=2, outlet="Other", title="Phases")


def news(*later, ringing, known=("pacts",), rules=("pacts", "phases"), strict=False):
    return news_of((FIRST, *later), known, ringing, rules, strict=strict)


def test_a_rule_that_was_not_told_rings_with_the_newcomer_and_says_so():
    told = news(SECOND, ringing={2: {"pacts", "phases"}})

    assert told.rules == {"phases"}
    assert (told.content.headline.text, told.content.outlet) == ("Phases", "Other")
    assert told.content.note == "A further rule holds: phases"
    assert told.content.snippets[0].marks == ((16, 24),)


def test_several_further_rules_ring_once():
    third = report({"treaties": (IN_TITLE,)}, number=3, outlet="Third")
    rules = ("pacts", "phases", "treaties")
    told = news(SECOND, third, ringing={2: {"phases"}, 3: {"treaties"}}, rules=rules)

    assert told.content.note == "Further rules hold: phases, treaties"
    assert [told.content.outlet, *(one.outlet for one in told.content.others)] == ["Third", "Other"]


def test_a_rule_that_holds_in_part_rings_as_well():
    second = report(partly=(replace(HOLD, rule="phases"),), number=2, outlet="Other")

    assert news(second, ringing={2: {"phases"}}).content.in_part[0].rule == "phases"


@pytest.mark.parametrize(
    ("ringing", "known", "rules"),
    [
        ({}, ("pacts",), ("pacts", "phases")),
        ({2: {"pacts"}}, ("pacts",), ("pacts", "phases")),
        ({2: {"phases"}}, ("pacts", "phases"), ("pacts", "phases")),
        ({2: {"phases"}}, ("pacts",), ("pacts",)),
    ],
)
def test_what_the_chat_knows_or_does_not_ask_for_rings_no_more(ringing, known, rules):
    assert news(SECOND, ringing=ringing, known=known, rules=rules) is None


@pytest.mark.parametrize(
    ("strength", "began", "strict", "rings"),
    [
        (Strength.SURE, {"pacts"}, True, True),
        (Strength.SURE, {"pacts"}, False, False),
        (Strength.CERTAIN, {"pacts"}, True, False),
        (Strength.SURE, {"other"}, True, False),
        (Strength.SURE, set(), True, False),
    ],
)
def test_where_a_chat_is_strict_what_is_not_certain_rings_alone(strength, began, strict, rings):
    second = report({"pacts": (IN_TITLE,)}, number=2, outlet="Other", strength=strength)
    told = news(second, ringing={2: began}, strict=strict)

    assert (told is not None) == rings
    if told:
        assert (told.content.outlet, told.content.note, told.rules) == ("Other", None, {"pacts"})
