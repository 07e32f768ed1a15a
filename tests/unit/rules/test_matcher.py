from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.feeds.feed import Feed
from monitors.language.expression import (
    And,
    Exact,
    Near,
    Not,
    Or,
    Phrase,
    Repeated,
    Scoped,
    Several,
    Word,
    terms,
)
from monitors.language.grammar import parse
from monitors.matching.evaluation import MAX_EVIDENCE
from monitors.matching.explaining import Clause, Explanation
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import ChatName, Partial, Priority, Rule, Rulebook, RuleName
from monitors.stories import words
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.terms.evidence import Evidence

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PARTS = ("title", "summary", "text")
ENTITIES = (
    Entity(name="pillar-2", names=("Pillar 2", "Pillar II", "Pillar Two", "second pillar")),
    Entity(
        name="south-korea",
        names=("South Korea", "Republic of Korea", "한국", "Corée du Sud"),
        exact=("ROK",),
        exceptions=("Bank of South Korea Street",),
    ),
    Entity(name="apple", exact=("Apple", "Café Ω"), exceptions=("Apple Valley", "Big Apple")),
    Entity(name="nothing"),
)
AUKUS = 'AUKUS AND "Pillar 2"'


def article(title="", summary="", text="", **facts):
    plain = Article(
        identity="x",
        url=None,
        link=None,
        outlet="x",
        title=title,
        summary=summary,
        text=text,
        published_at=NOON,
        seen_at=NOON,
    )
    return replace(plain, **facts)


def rule(text, feeds=None, name=None):
    return Rule(
        name=RuleName(name or text),
        match=text,
        condition=parse(text),
        feeds=feeds,
        send_to=(ChatName("desk"),),
    )


def matcher(*rules, entities=ENTITIES):
    made = tuple(rule(each) if isinstance(each, str) else each for each in rules)
    return Matcher(Rulebook(digest="x", entities=entities, rules=made))


def holds(text, read):
    """Answer whether the rule *text* holds for *read*, an article or its title."""
    one = article(read) if isinstance(read, str) else read
    ask = matcher(text).match
    told = bool(ask(one))
    assert bool(ask(replace(one, from_page=True))) is told
    return told


def partial(text, *parts):
    return any(True for _ in matcher(text).partial(article(*parts)))


def shown(text, one):
    """Answer the evidence of the rule *text* as the article has it."""
    (match,) = matcher(text).match(one)
    return [
        (each.field, getattr(one, each.field)[each.start : each.end]) for each in match.evidence
    ]


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("AUKUS’s second pillar", "AUKUS", True),
        ("Work on Pillar‑2 of AUKUS begins", AUKUS, True),
        ("AUKUS Pillar II talks", AUKUS, False),
        ("AUKUS Pillar II talks", "AUKUS @pillar-2", True),
        ("The pillar. 2 ministers met on AUKUS", '"Pillar 2" AND AUKUS', True),
        ("U.S. and China talk", "us AND china", False),
        ("U.S. and China talk", "U.S. AND China", True),
        ("São Paulo and Łódź sign deal", '"sao paulo" lodz', True),
        ("The ﬁnance min­ister", '"finance minister"', True),
        ("İstanbul summit", "istanbul", True),
        ("Straße gesperrt", "strasse", True),
        ("йод продаётся", "иод", False),
        ("日本銀行は利上げを決定した", "日本銀行 AND 利上げ", True),
        ("日本銀行は利上げを決定した", "本銀", True),
        ("日本銀行は利上げを決定した", "銀本", False),
        ("ที่ประชุมสภาผ่านร่าง", "ประชุม", True),
        ("Apple shares rise; apple juice falls", 'apple NOT "apple juice"', False),
        ("1,000 troops moved on 3.5 km", "1000 troops AND 3.5", True),
        ("1,000 troops moved on 3.5 km", '"3 5"', False),
    ],
)
def test_the_cases_of_the_engine_study(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("한국은 회의를 열었다", "한국", True),
        ("대한국 회의", "한국", False),
        ("한국은 회의", "한국", True),
        ("中国和美国会谈", "美国", True),
        ("محادثات أوكوس في سيول", "أوكوس", True),
        ("\u202bשיחות AUKUS בסיאול\u202c", "AUKUS סיאול", False),
        ("\u202bשיחות AUKUS בסיאול\u202c", "AUKUS שיחות", True),
        ("ＡＵＫＵＳ　Ｐｉｌｌａｒ　２", AUKUS, True),
        ("Pil\u200blar\u00a02 of AU\u00adKUS", AUKUS, True),
        ("e\u0301tat d’urgence", '"état d’urgence"', True),
        ("Pillar 22 of AUKUS", AUKUS, False),
        ("AUKUSing Pillar 2", AUKUS, False),
        ("Pillar 2", "Pillar-2", True),
        ("a tax on boats", "boat", False),
    ],
)
def test_scripts_and_signs_as_feeds_have_them(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("A submarine deal", "submarin*", True),
        ("Submarines", "SUBMARIN*", True),
        ("The Submarin", "submarin*", True),
        ("A midsubmarine", "submarin*", False),
        ("Nuclear submarines sail", '"nuclear submarin* sail"', True),
        ("Nuclear submarines sail", '"nuclear submarin* sailor"', False),
        ("Nuclear-powered submarines", '"nuclear submarin*"', False),
        ("nuclear submarine", '"nucl* submarin*"', True),
        ("post-war years", "post-wars*", False),
        ("post-wartime years", "post-war*", True),
        ("Städtebau", "stadt*", True),
        ("हिन्दीभाषी", "हिन्दी*", True),
        ("日本銀行は", "日本銀行*", True),
    ],
)
def test_a_star_lets_a_word_go_on(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("They told us it is over", "=US", False),
        ("The US’s talks", "=US", True),
        ("U.S. and China talk", "=US AND China", True),
        ("US and China talk", "=U.S.", False),
        ("An Apple Watch", '="Apple Watch"', True),
        ("An apple Watch", '="Apple Watch"', False),
        ("Straße gesperrt", "=Strasse", False),
        ("Café", "=Cafe", False),
        ("Café", "=Café", True),
        ("日本銀行", "=日本", True),
        ("Submarines", "=Submarin*", True),
        ("submarines", "=Submarin*", False),
        ("WHO IS WHO IN BERLIN", "=WHO", False),
        ("U.S. AND CHINA TALK", "=US", True),
        ("WHO", "=WHO", True),
        ("WHO, NATO and EU", "=WHO", True),
    ],
)
def test_an_exact_term_counts_in_its_very_spelling(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("New York mayor visits", '"New York" NEAR/3 York', False),
        ("New York mayor visits York", '"New York" NEAR/3 York', True),
        ("sanctions x a b c d e on Russia", "sanctions NEAR/6 Russia", False),
        ("sanctions a b c d e on Russia", "sanctions NEAR/6 Russia", True),
        ("Russia: a b c d e sanctions", "sanctions NEAR Russia", True),
        ("Russia: a b c d e sanctions", "sanctions ONEAR/6 Russia", False),
        ("a b", "a NEAR/0 b", True),
        ("b a", "a NEAR/0 b", True),
        ("a x b", "a NEAR/0 b", False),
        ("AUKUS nations at Pillar Two", "@pillar-2 NEAR/2 =AUKUS", True),
        ("nuclear-powered submarines", "nuclear NEAR/1 (boat* OR submarin*)", True),
        ("a x b x c", "a NEAR/1 b NEAR/1 c", True),
        ("a x c x b", "a NEAR/1 b NEAR/1 c", False),
        ("b c a", "a NEAR/1 b NEAR/1 c", True),
        ("York New", "York NEAR New NEAR York", False),
        ("York New York", "York NEAR New NEAR York", True),
        ("a b c x", '"a b" NEAR x NEAR "b c"', False),
        ("a x b c", "a NEAR @unknown", False),
        ("a b", "a NOT b NEAR/0 c", True),
        ("a b c", "a NOT b NEAR/0 c", False),
    ],
)
def test_near_counts_the_words_between(text, condition, expected):
    assert holds(condition, text) is expected


def test_near_never_crosses_from_one_part_to_the_next():
    assert not holds("a NEAR/9 b", article("a", "b", "a"))
    assert holds("a NEAR/9 b", article("a", "b", "a x b"))


def test_a_row_of_near_made_to_be_slow_is_answered():
    row = " NEAR/100 ".join(["a"] * 9 + ["(a OR b)"])

    assert holds(row, article(text="a " * 9 + "b"))
    assert holds(row, article(text="a " * 100_000))
    assert not holds("a NEAR/9 a NEAR/9 a NEAR/9 a NEAR/9 a", article(text="x a " * 4))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("title:aukus", True),
        ("title:pillar", False),
        ("summary:(pillar NOT aukus)", True),
        ("text:tax OR title:tax", False),
        ("text:(a NEAR b)", True),
        ("title:@pillar-2", False),
        ("summary:@pillar-2", True),
        ("AUKUS NOT title:pillar", True),
        ("source:“Wire Asia”", True),
        ("source:(asia OR africa) AUKUS", True),
        ("source:AUKUS", False),
        ("author:=Jane", True),
        ("lang:en AUKUS", True),
        ("lang:en-GB", True),
        ("lang:gb", False),
        ("url:example.org", True),
        ("url:exam*", True),
        ("url:(example NEAR/1 sport)", True),
        ("example", False),
    ],
)
def test_a_field_is_where_its_part_holds(condition, expected):
    one = article(
        "AUKUS", "Pillar 2", "b a", outlet="The Wire Asia", author="Jane Doe", lang="en-GB",
        url="https://example.org/sport/1",
    )  # fmt: skip

    assert holds(condition, one) is expected
    assert matcher().explain(parse(condition), one).holds is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("a b a", "a >= 2", True),
        ("a b a", "a >= 3", False),
        ("a a a", '"a a" >= 2', False),
        ("a a a a", '"a a" >= 2', True),
        ("Pillar 2, pillar II, second pillar two", "@pillar-2 >= 3", True),
        ("Pillar 2, second pillar two", "@pillar-2 >= 3", False),
        ("submarine submarines", "submarin* >= 2", True),
        ("b a", "b NOT a >= 2", True),
        ("a b a", "b NOT a >= 2", False),
    ],
)
def test_a_count_is_reached_without_overlaps(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("a x c", "2 OF (a, b, c)", True),
        ("a x", "2 OF (a, b, c)", False),
        ("a x", "2 OF (a b, c OR d, a)", False),
        ("a b d", "2 OF (a b, c OR d, e)", True),
        ("x a", "x NOT 2 OF (a, b, c)", True),
        ("x a b", "x NOT 2 OF (a, b, c)", False),
        ("x a", "2 OF (x, a, NOT a)", True),
    ],
)
def test_several_of_a_list_are_enough(text, condition, expected):
    assert holds(condition, text) is expected


def test_a_count_looks_at_the_whole_article_or_a_field():
    assert holds("a >= 2", article("a", "", "a"))
    assert not holds("title:a >= 2", article("a", "", "a"))


def test_a_row_of_near_is_never_the_language():
    one = article("a", lang="en-GB")

    assert not holds("lang:(en NEAR GB)", one)
    assert matcher().explain(parse("lang:(en NEAR GB)"), one).missing == ("lang:(en NEAR/5 GB)",)


def test_what_an_article_does_not_say_of_itself_is_not_found():
    assert not holds("author:x OR lang:x OR url:x", article("x"))


def test_a_rule_without_text_holds_without_evidence():
    assert shown("source:wire OR a", article("x", outlet="Wire")) == []
    assert shown("source:wire OR a", article("a", outlet="Wire")) == [("title", "a")]


def test_a_headline_of_capitals_leaves_the_exact_terms_to_the_text():
    assert holds("=WHO", article("WHO IS WHO IN BERLIN", text="The WHO said"))


def test_a_phrase_never_crosses_from_one_part_to_the_next():
    assert not holds('"pillar 2"', article("Cracks in the pillar", "2 ministers", "2"))
    assert not holds('"pillar 2"', article("A", "Cracks in the pillar", "2 ministers"))


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        ("a OR (b c)", "b c", True),
        ("a OR (b c)", "c", False),
        ("(a OR b c) (d OR e)", "c b e", True),
        ("(a OR b c) (d OR e)", "a", False),
        ("a (NOT b OR c)", "a", True),
        ("a (NOT b OR c)", "a b", False),
        ("a (NOT b OR c)", "a b c", True),
        ("a NOT (b NOT c)", "a b", False),
        ("a NOT (b NOT c)", "a b c", True),
        ("a NOT (b OR c)", "a c", False),
        ("a NOT (b NOT (c OR d))", "a b", False),
        ("a NOT (b NOT (c OR d))", "a b d", True),
    ],
)
def test_conditions_are_understood_as_logic_has_them(condition, text, expected):
    assert holds(condition, text) is expected


def test_terms_may_stand_in_different_parts_but_not_counts_everywhere():
    assert holds("a AND b AND c", article("a", "b", "c"))
    assert not holds("a NOT c", article("a", "", "c"))


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("ROK joins", "@south-korea", True),
        ("ROK’s minister", "@south-korea", True),
        ("rok joins", "@south-korea", False),
        ("Rok joins", "@south-korea", False),
        ("SOUTH KOREA joins", "@south-korea", True),
        ("Coree du sud", "@south-korea", True),
        ("한국은", "@south-korea", True),
        ("the Bank of South Korea Street", "@south-korea", False),
        ("Bank of South Korea Street, South Korea", "@south-korea", True),
        ("Bank of South Korea", "@south-korea", True),
        ("Big Apple Valley", "@apple", False),
        ("Big Apple", "@apple", False),
        ("Apple Valley", "@apple", False),
        ("Apple Apple Valley", "@apple", True),
        ("Cafe\u0301 Ω", "@apple", True),
        ("Cafe Ω", "@apple", False),
        ("nothing", "@nothing", False),
        ("unknown", "@unknown", False),
        ("a", "a NOT @unknown", True),
    ],
)
def test_entities_are_found_by_their_names_but_not_inside_exceptions(text, condition, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize(
    ("condition", "parts", "expected"),
    [
        (AUKUS, ("Talks on AUKUS",), True),
        (AUKUS, ("Talks on Pillar 2",), True),
        (AUKUS, ("Talks",), False),
        (AUKUS, ("AUKUS", "Pillar 2"), False),
        (AUKUS, ("Pillar",), False),
        ("AUKUS", ("Talks",), False),
        ("AUKUS NOT tax", ("AUKUS", "tax"), False),
        ('AUKUS "Pillar 2" NOT tax', ("AUKUS",), True),
        ('AUKUS "Pillar 2" NOT tax', ("AUKUS", "tax"), False),
        ("boat NOT toy", ("toy",), False),
        ("A OR (B AND C)", ("b",), True),
        ("A OR (B AND C)", ("b", "a"), False),
        ("A OR (B AND C NOT D)", ("b", "d"), False),
        ("(A OR B) AND C", ("b",), True),
        ("(A OR B) AND (C OR D)", ("x",), False),
        ("A AND NOT (B AND C)", ("b",), False),
        ("A AND D AND NOT (B AND C)", ("a b",), True),
        ("A AND D AND NOT (B AND C)", ("a b c",), False),
        ("A AND (B OR NOT C)", ("a c",), True),
        ("AUKUS @pillar-2", ("", "Pillar Two"), True),
        ("AUKUS @unknown", ("AUKUS",), True),
        ("title:a b", ("a",), True),
        ("title:a b", ("b",), False),
        ("title:a OR (b c)", ("b",), True),
        ("(title:a OR summary:a) b", ("x", "b"), False),
        ("text:a b", ("a",), False),
        ("text:a b", ("b",), True),
        ("text:(a b)", ("x", "x", "b"), True),
        ("source:x b", ("a",), False),
        ("source:x b c", ("b",), True),
        ("source:y b c", ("b",), False),
        ("b c NOT source:x", ("b",), False),
        ("b c NOT source:y", ("b",), True),
        ("title:(a NEAR b) c", ("a", "c"), False),
        ("2 OF (a, b, c)", ("a",), True),
        ("2 OF (a, title:b, title:c)", ("a",), False),
        ("2 OF (a, b, NOT c)", ("c",), False),
        ("2 OF (a, b, NOT c)", ("c a",), True),
        ("a >= 2", ("a",), True),
        ("title:a >= 2", ("a",), False),
        ("a NEAR b", ("b",), True),
        ("a NEAR b", ("x",), False),
        ("a NEAR b", ("b", "a"), True),
        ("c NOT a NEAR b", ("a b",), False),
        ("c d NOT a NEAR b", ("a c",), True),
    ],
)
def test_a_rule_is_partial_if_more_text_could_complete_what_is_there(condition, parts, expected):
    assert partial(condition, *parts) is expected


def test_the_page_completes_what_the_feed_began():
    asked = matcher(AUKUS)
    feed = article("Korea is negotiating to join", "joining the AUKUS defense agreement")
    text = "AUKUS: to join the pact in a second phase. two – “Pillar 2”, aimed at sharing"
    page = article("Korea is negotiating to join", text=text, from_page=True)

    at = text.index("Pillar 2")
    assert ([each.name for each in asked.partial(feed)], asked.match(feed)) == ([AUKUS], ())
    assert list(asked.partial(page)) == []
    assert [match.evidence for match in asked.match(page)] == [
        (Evidence("text", 0, 5), Evidence("text", at, at + len("Pillar 2")))
    ]


def test_what_holds_in_part_comes_with_high_priority_first_and_as_it_is_asked_for():
    def named(text, **more):
        condition = parse(text)
        return Rule(name=RuleName(text), match=text, condition=condition, send_to=(), **more)

    def in_part(asked, **more):
        return [each.name for each in asked.partial(article("a"), **more)]

    plain, told, high = named("a b"), named("a c", partial=Partial.ALERT), named("a d")
    urgent = named("a d", priority=Priority.HIGH)
    before = Matcher(Rulebook(digest="1", rules=(plain, told, high)))
    after = before.updated(Rulebook(digest="2", rules=(plain, told, urgent)))

    assert (in_part(before), in_part(before, only=Partial.ALERT)) == (
        ["a b", "a c", "a d"],
        ["a c"],
    )
    assert in_part(after)[0] == "a d"


def test_nothing_is_partial_once_the_page_is_read():
    assert list(matcher(AUKUS).partial(article("AUKUS", from_page=True))) == []


@pytest.mark.parametrize(
    ("condition", "parts", "evidence"),
    [
        ("a b", ("x b", "", "A"), [("title", "b"), ("text", "A")]),
        ("a OR b", ("x", "b", "b"), [("summary", "b"), ("text", "b")]),
        ("a OR (b NOT c)", ("a b c",), [("title", "a")]),
        ("a NOT b", ("a c",), [("title", "a")]),
        ('"a b" "b c"', ("a b c",), [("title", "a b c")]),
        ('"a b c" b', ("a b c",), [("title", "a b c")]),
        ("a OR a", ("a a",), [("title", "a"), ("title", "a")]),
        ("AUKUS", ("“AUKUS’s”",), [("title", "AUKUS")]),
        (AUKUS, ("AUKUS", "“Pillar–2”"), [("title", "AUKUS"), ("summary", "Pillar–2")]),
        ("日本", ("西日本は",), [("title", "日本")]),
        ("a NEAR/0 b", ("a x a b",), [("title", "a"), ("title", "b")]),
        ("2 OF (a, b, c)", ("x a", "c"), [("title", "a"), ("summary", "c")]),
        ("a >= 2", ("a b", "a"), [("title", "a"), ("summary", "a")]),
        ("nucl*", ("Nuclear’s",), [("title", "Nuclear")]),
        ("한국", ("한국은",), [("title", "한국")]),
        ("finance", ("The ﬁnance",), [("title", "ﬁnance")]),
        ("@south-korea", ("South Korea, ROK",), [("title", "South Korea"), ("title", "ROK")]),
    ],
)
def test_evidence_is_the_articles_own_text_in_its_order(condition, parts, evidence):
    assert shown(condition, article(*parts)) == evidence


def test_evidence_is_bounded_and_still_shows_every_term():
    evidence = shown("tax AND boat", article(text="tax " * 1_000 + "boat"))

    assert len(evidence) <= MAX_EVIDENCE
    assert ("text", "boat") in evidence
    assert len(shown(" OR ".join(f"w{n}" for n in range(900)), article(" w7 w8 " * 500))) <= 200


def test_only_rules_that_watch_one_of_the_feeds_are_asked():
    asia, wire = (Feed(address=f"https://example.org/{name}") for name in ("asia", "wire"))
    asked = matcher(
        rule("a", name="every"),
        rule("a", frozenset((asia.address,)), "asia"),
        rule("a b", frozenset((wire.address,)), "wire"),
    )

    def names(feeds):
        holding, partial = (ask(article("a"), feeds) for ask in (asked.match, asked.partial))
        return [each.rule.name for each in holding], [each.name for each in partial]

    assert names(None) == (["every", "asia"], ["wire"])
    assert names((asia.address,)) == (["every", "asia"], [])
    assert names({wire.address}) == (["every"], ["wire"])
    assert names([asia.address, wire.address]) == (["every", "asia"], ["wire"])


def test_rules_answer_in_the_order_of_the_file():
    apart = [f"w{number}" for number in range(50)]
    asked = matcher("b", "a c", "a", *apart, "a d", "b OR a")
    one = article("w16 w32 w8 a b")

    found = [each.rule.name for each in asked.match(one)]
    assert found == ["b", "a", "w8", "w16", "w32", "b OR a"]
    assert {each.name for each in asked.partial(one)} == {"a c", "a d"}


def test_an_empty_article_and_an_empty_rulebook_match_nothing():
    assert matcher("a b").match(article()) == matcher().match(article("a"))


@pytest.mark.parametrize(
    ("condition", "parts", "missing", "left_out_by"),
    [
        (AUKUS, ("AUKUS",), ['"Pillar 2"'], []),
        (AUKUS, ("x",), ["AUKUS", '"Pillar 2"'], []),
        ("AUKUS NOT tax", ("AUKUS tax",), [], ["tax"]),
        ("AUKUS NOT tax", ("tax",), ["AUKUS"], ["tax"]),
        ("AUKUS (a OR b)", ("AUKUS",), ["a OR b"], []),
        ("a OR (b NOT tax)", ("b tax",), [], ["tax"]),
        ("a OR (b c)", ("b",), ["a OR c"], []),
        ("a NOT (tax OR boat OR toy)", ("a tax toy",), [], ["tax", "toy"]),
        ("a NOT (tax boat)", ("a tax boat",), [], ["tax AND boat"]),
        ("a @south-korea", ("a",), ["@south-korea"], []),
        ("a b a", ("b",), ["a"], []),
        ("2 OF (a, b, c) d", ("d a",), ["b OR c"], []),
        ("2 OF (a, b, c)", ("x",), ["2 OF (a, b, c)"], []),
        ("3 OF (a, b, c, d)", ("a",), ["2 OF (b, c, d)"], []),
        ("2 OF (a, b) OR d", ("x",), ["2 OF (a, b) OR d"], []),
        ("a >= 2 NOT b >= 1", ("a b",), ["a >= 2"], ["b >= 1"]),
        ("a NEAR/2 b", ("b x x x a",), ["a NEAR/2 b"], []),
        ("a NOT a NEAR b", ("a b",), [], ["a NEAR/5 b"]),
    ],
)
def test_what_fails_is_told_as_rule_text(condition, parts, missing, left_out_by):
    told = matcher().explain(parse(condition), article(*parts))

    assert not told.holds
    assert (list(told.missing), list(told.left_out_by)) == (missing, left_out_by)


def test_an_explanation_shows_what_was_found():
    ask = matcher().explain

    assert ask(parse("a b"), article("x a")) == Explanation(
        holds=False,
        evidence=(Evidence("title", 2, 3),),
        found=(Clause("a", ("title",)),),
        missing=("b",),
    )
    assert ask(parse("a OR b"), article("x a")) == Explanation(
        holds=True, evidence=(Evidence("title", 2, 3),), found=(Clause("a", ("title",)),)
    )


@pytest.mark.parametrize(
    "filler", ["tax ", "日", "한 ", "Pillar ", "Bank of South Korea Street ", "x"]
)
def test_articles_of_a_million_characters_are_searched(filler):
    text = filler * (1_000_000 // len(filler))

    asked = matcher(AUKUS, "AUKUS @south-korea")
    one = article("AUKUS", text=f"{text} Pillar 2")
    assert [match.rule.name for match in asked.match(one)] == [AUKUS]
    assert [each.name for each in asked.partial(one)] == ["AUKUS @south-korea"]


FACTS = {"source": "outlet", "author": "author", "lang": "lang", "url": "url"}


def naive_found(term, field, one, entities):
    """Answer whether *term* is in *field* of *one*, by trying it at every word."""
    parts = (FACTS.get(field, field),) if field else PARTS
    if isinstance(term, Repeated):
        spans = [naive_spans(term.term, one, part, entities) for part in parts]
        return sum(map(naive_apart, spans)) >= term.times
    return any(naive_spans(term, one, part, entities) for part in parts)


def naive_apart(spans):
    """Answer the size of the largest set of *spans* without overlaps."""
    sizes = (
        len(row)
        for size in range(len(spans) + 1)
        for row in combinations(sorted(spans), size)
        if all(this[1] <= then[0] for this, then in pairwise(row))
    )
    return max(sizes)


def naive_spans(term, one, part, entities):
    match term:
        case Or(parts):
            return set().union(*(naive_spans(each, one, part, entities) for each in parts))
        case Near(parts, links):
            rows = product(*(naive_spans(each, one, part, entities) for each in parts))
            return {span for row in rows if naive_row(row, links) for span in row}
        case Exact(text):
            return naive_places(one, part, [], [text])
        case Word(text) | Phrase(text):
            return naive_places(one, part, [text], [])
    entity = next((each for each in entities if each.name == term.name), Entity(name="?"))
    return {
        (start, end)
        for start, end in naive_places(one, part, entity.names, entity.exact)
        if not any(
            first <= start and end <= last
            for first, last in naive_places(one, part, entity.exceptions, [])
        )
    }


def naive_row(row, links):
    apart = all(this[1] <= then[0] or then[1] <= this[0] for this, then in combinations(row, 2))
    return apart and all(
        max(then[0] - this[1], this[0] - then[1]) <= link.words
        and (this < then or not link.ordered)
        for (this, then), link in zip(pairwise(row), links, strict=True)
    )


def naive_places(one, part, names, exact):
    text = getattr(one, part) or ""
    letters = text.replace(" ", "")
    capitals = sum(map(str.isupper, letters))
    if part in PARTS and len(text.split()) > 2 and capitals > 0.8 * len(letters):
        exact = [name for name in exact if not any(map(str.isupper, name.split()))]
    cuts = words.cut(text)
    raw = [words.exact(text[start:end]) for start, end in cuts.spans]
    wanted = [(list(cuts.folded), name.casefold().split()) for name in names]
    wanted += [(raw, [words.exact(word) for word in name.split()]) for name in exact]
    return {
        (at, at + len(name))
        for among, name in wanted
        for at in range(len(among) if part != "lang" else 1)
        if name and naive_fits(among[at : at + len(name)], name)
    }


def naive_fits(found, name):
    return len(found) == len(name) and all(
        word.startswith(wanted[:-1]) if wanted[-1] == "*" else word == wanted
        for word, wanted in zip(found, name, strict=True)
    )


def naive(expression, found, field="", *, wanted=True):
    """Answer whether it holds, whether it could with more text, and whether a part speaks."""
    match expression:
        case Not(part):
            return naive(part, found, field, wanted=not wanted)
        case Several(number, parts):
            least = number if wanted else len(parts) - number + 1
            told = [naive(part, found, field, wanted=wanted) for part in parts]
            return (
                sum(holding for holding, _, _ in told) >= least,
                sum(possible for _, possible, _ in told) >= least,
                any(possible and speaks for _, possible, speaks in told),
            )
        case Scoped(name, part):
            return naive(part, found, name, wanted=wanted)
        case And(parts) | Or(parts):
            told = [naive(part, found, field, wanted=wanted) for part in parts]
            if isinstance(expression, And) is wanted:
                return tuple(
                    how(column)
                    for how, column in zip((all, all, any), zip(*told, strict=True), strict=True)
                )
            return (
                any(holding for holding, _, _ in told),
                any(possible for _, possible, _ in told),
                any(possible and speaks for _, possible, speaks in told),
            )
        case _:
            there = found(expression, field)
            speaks = field not in FACTS and any(found(each, field) for each in terms(expression))
            possible = there or field in ("", "text")
            return (there, possible, speaks) if wanted else (not there, not there, False)


SMALL = (
    Entity(name="x", names=("a b", "c"), exact=("D",), exceptions=("a b c", "d c")),
    Entity(name="y", names=("a",), exceptions=("b a b", "a a")),
)
PLAIN = ["a", "b", "c", "d", '"a b"', '"b a"', '"a a"', "@x", "@y"]
COUNTED = ["a >= 2", '"a b" >= 2', "@x >= 2", "bcd* >= 3"]
SPELLED = ["bcd*", '"a bcd*"', '"bcd* b"', "=a", "=Bcd*", '="B a"']
TERMS = st.sampled_from([*PLAIN, *SPELLED])
ROWS = st.lists(
    st.one_of(TERMS, st.builds("({} OR {})".format, TERMS, TERMS)), min_size=2, max_size=3
).flatmap(
    lambda row: st.sampled_from([" NEAR/0 ", " ONEAR/1 ", " NEAR "]).map(
        lambda near: near.join(row)
    )
)
BEFORE = [*[""] * 6, *["NOT "] * 3, "title:", "text:", "NOT summary:", "source:", "NOT lang:"]
CONDITIONS = st.recursive(
    st.one_of(TERMS, TERMS, ROWS, st.sampled_from(COUNTED)),
    lambda inner: st.lists(
        st.builds("{}({})".format, st.sampled_from(BEFORE), inner), min_size=2, max_size=4
    ).flatmap(
        lambda row: st.sampled_from(
            [" AND ".join(row), " OR ".join(row), f"2 OF ({', '.join(row)})"]
        )
    ),
    max_leaves=8,
).filter(lambda text: not hasattr(parse(text), "message"))
TEXTS = st.lists(st.sampled_from([*"abcdABD", "bcd", "Bcde"]), max_size=5).map(" ".join)
ARTICLES = st.builds(
    article, TEXTS, TEXTS, TEXTS, from_page=st.booleans(), outlet=TEXTS, lang=TEXTS
)


@settings(deadline=None, max_examples=200)
@given(st.lists(CONDITIONS, max_size=6), ARTICLES)
def test_the_index_never_misses_what_brute_force_finds(texts, one):
    rules = [rule(text, name=f"{number}") for number, text in enumerate(texts)]
    told = [
        naive(each.condition, lambda term, field: naive_found(term, field, one, SMALL))
        for each in rules
    ]

    asked = matcher(*rules, entities=SMALL)

    assert [match.rule for match in asked.match(one)] == [
        each for each, (holding, _, _) in zip(rules, told, strict=True) if holding
    ]
    assert sorted(asked.partial(one), key=rules.index) == [
        each
        for each, (holding, possible, speaks) in zip(rules, told, strict=True)
        if not holding and possible and speaks and not one.from_page
    ]


@settings(deadline=None, max_examples=200)
@given(CONDITIONS, ARTICLES)
def test_evidence_is_there_in_order_and_without_overlaps(text, one):
    found = matcher(text, entities=SMALL).match(one)
    told = matcher(entities=SMALL).explain(parse(text), one)

    assert told.holds == bool(found)
    assert told.holds != bool(told.missing or told.left_out_by)
    for match in found:
        assert match.evidence == told.evidence
        assert match.evidence or "source:" in text or "lang:" in text
        assert all(getattr(one, each.field)[each.start : each.end] for each in match.evidence)
        assert all(
            (PARTS.index(this.field), this.end) <= (PARTS.index(then.field), then.start)
            for this, then in pairwise(match.evidence)
        )


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(CONDITIONS, max_size=5), min_size=2, max_size=4), ARTICLES)
def test_a_matcher_goes_on_from_another_as_if_it_were_new(versions, one):
    def names(asked):
        return [match.rule.name for match in asked.match(one)]

    books = [
        [
            rule(text, name=f"{number % 4}{text if number > 3 else ''}")
            for number, text in enumerate(texts)
        ]
        for texts in versions
    ]
    asked = matcher(*books[0], entities=SMALL)
    for before, book in pairwise(books):
        following = asked.updated(Rulebook(digest="x", entities=SMALL, rules=tuple(book)))

        assert names(following) == names(matcher(*book, entities=SMALL))
        assert names(asked) == names(matcher(*before, entities=SMALL))
        assert set(following.partial(one)) == set(matcher(*book, entities=SMALL).partial(one))
        asked = following


def test_an_entity_that_changes_changes_the_rules_that_speak_of_it():
    inner, outer = Entity(name="in", names=("boat",)), Entity(name="out", parts=("in",))
    asked = matcher("@out", "ship", entities=(inner, outer))
    changed = replace(inner, names=("ferry",))
    rules = (rule("@out"), rule("ship"))

    after = asked.updated(Rulebook(digest="y", entities=(changed, outer), rules=rules))

    assert [match.rule.name for match in after.match(article("ferry ship boat"))] == [
        "@out",
        "ship",
    ]
    assert after.match(article("boat")) == ()
    assert asked.match(article("boat")) != ()


def test_a_rulebook_that_changes_in_most_of_its_parts_is_compiled_anew():
    asked = matcher(*(f"w{number}" for number in range(600)))
    after = asked.updated(Rulebook(digest="y", rules=(rule("w1"),)))

    assert [match.rule.name for match in after.match(article("w1 w2"))] == ["w1"]
    assert len(asked.match(article("w1 w2"))) == 2


@pytest.mark.parametrize("feeds", [None, ["a.xml"]])
def test_a_paused_rule_is_matched_by_nothing_until_it_goes_on(feeds):
    awake, paused = rule("boat"), replace(rule("ship"), paused=True)
    one = article("A boat and a ship")
    asked = matcher(awake, paused)

    assert [match.rule for match in asked.match(one, feeds)] == [awake]
    assert list(matcher(replace(rule("ship boat"), paused=True)).partial(article("ship"))) == []
    again = replace(paused, paused=False)
    after = asked.updated(Rulebook(digest="b", rules=(awake, again)))
    assert [match.rule for match in after.match(one, feeds)] == [awake, again]
