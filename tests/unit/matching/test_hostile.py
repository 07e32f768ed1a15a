"""Rules and articles made to take long: each row answers, and rightly.

None asserts a time: a step that takes the square of the article's length shows by itself.
"""

from datetime import UTC, datetime
from itertools import islice, product
from string import ascii_lowercase

import pytest

from monitors.language.grammar import parse
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import ChatName, Rule, Rulebook, RuleName
from monitors.stories.article import Article
from monitors.terms.entity import Entity

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
LENGTH = 120_000  # characters
MANY = 20_000  # words


def letters(count):
    """Answer so many different words of letters."""
    return ["".join(each) for each in islice(product(ascii_lowercase, repeat=5), count)]


ENTITIES = (
    Entity(name="npt", names=("npt",), company=("treaty",)),
    Entity(name="boat", names=("boat",), exceptions=("boat " * 2_000 + "toy",)),
    Entity(name="toys", names=("boat",), exceptions=tuple("boat " * n + "toy" for n in range(99))),
    Entity(name="long", names=("boat " * 2_000,)),
    Entity(name="us", exact=("US", "U S")),
    Entity(name="many", names=tuple(letters(20_000))),
    Entity(name="pairs", names=tuple(f"boat {each}" for each in letters(20_000))),
    Entity(name="company", names=("boat",), company=("@many",), within=3),
    Entity(name="itself", names=("boat",), company=("boat", "boat boat"), within=0),
    Entity(name="all", parts=("npt", "toys", "pairs", "company"), exceptions=("toy boat",)),
    Entity(name="here", by_language=(("de", ("boot", "boot boot")),), exceptions=("das boot",)),
)


def filled(text, length=LENGTH):
    """Answer *text* repeated to a *length*."""
    return (text * (length // len(text) + 1))[:length]


def far(one, other, between="x "):
    """Answer very much of *one*, and far from it very much of *other*."""
    return filled(one, LENGTH // 2) + filled(between, 400) + filled(other, LENGTH // 2)


def article(text, title="", **facts):
    """Answer an article of *text*."""
    return Article(
        identity="x",
        url=None,
        link=None,
        outlet="x",
        title=title,
        text=text,
        published_at=NOON,
        seen_at=NOON,
        **facts,
    )


def titled(title):
    """Answer an article that is all *title*."""
    return article("", title)


def tagged(*tags):
    """Answer an article with very many *tags*."""
    return article("x", tags=tags * MANY)


def joined(sign, form, count):
    """Answer *count* terms of one *form* joined by *sign*."""
    return sign.join(form.format(each) for each in letters(count))


def alternating(marks):
    """Answer a letter with marks that a normal form has to sort."""
    return marks[0] + filled(marks[1:], 2 * LENGTH)


WORDS = "bbbbb " + " ".join(letters(MANY))
"""Different words: aaaaa, aaaab ..."""

ROWS = [
    # Words, and how they are spelled
    ("one word all over", "boat", lambda: filled("boat "), True),
    ("one spelling all over", "=US", lambda: filled("us "), False),
    ("one spelling in a shouting title", "=US", lambda: titled(filled("US ")), False),
    ("one spelling in a title", "=US", lambda: titled(filled("US is it ")), True),
    ("a phrase's spelling", '="Apple Watch"', lambda: filled("apple watch "), False),
    ("names in one spelling", "@us", lambda: filled("uS us u s "), False),
    # Phrases
    ("a phrase of one word", f'"{"a " * 4_900}"', lambda: filled("a "), True),
    (
        "nearly a phrase of one word",
        f'"{"a " * 4_900}"',
        lambda: filled("a " * 4_899 + "b "),
        False,
    ),
    (
        "a phrase that ends otherwise",
        f'"{"a " * 2_450}b"',
        lambda: filled("a " * 2_000 + "b "),
        False,
    ),
    ("a phrase in turns", f'"{"a b " * 2_300}b"', lambda: filled("a b "), False),
    ("a phrase of patterns", f'"{"aaa* " * 1_900}"', lambda: filled("aaab "), True),
    ("a phrase of forms", f'~"{"ship " * 1_900}"', lambda: filled("ships "), True),
    ("a phrase with gaps", f'"a {"* " * 4_000}b"', lambda: filled("a "), False),
    ("a phrase of one character", f'"{"日" * 9_000}"', lambda: filled("日"), True),
    ("very many phrases", joined(" OR ", '"a {}"', 600), lambda: filled("a "), False),
    (
        "a list of phrases",
        "499 OF (" + joined(", ", '"a {}"', 500) + ")",
        lambda: WORDS + filled(" a"),
        False,
    ),
    ("a name of one word", "@long", lambda: filled("boat " * 1_999 + "toy "), False),
    # NEAR and SENTENCE
    ("NEAR, and far", "a NEAR/5 b", lambda: far("a ", "b "), False),
    ("NEAR, and all in order", "b ONEAR/5 a", lambda: far("a ", "b ", " "), False),
    ("NEAR in a field", "text:(a NEAR/5 b)", lambda: far("a ", "b "), False),
    ("NEAR in tags", "tag:(a NEAR/5 b) x", lambda: tagged("a", "b"), False),
    ("NEAR itself", "a NEAR/90 a", lambda: filled("a" + " x" * 91 + " "), False),
    ("a row of NEAR", "a NEAR/90 b NEAR/9 c", lambda: far("a b ", "c "), False),
    ("a long row of NEAR", " NEAR/11 ".join("abcdefga"), lambda: filled("a b c d e f g "), True),
    ("a row of one word", " NEAR/11 ".join("a" * 9), lambda: filled("a " * 8 + "x " * 30), True),
    ("short sentences", "aa SENTENCE bb", lambda: filled("Aa xx. Bb xx. "), False),
    ("one long sentence", "a SENTENCE b", lambda: filled("a ") + "b", True),
    ("a row of SENTENCE", "aa SENTENCE bb SENTENCE dd", lambda: filled("Aa bb. Bb dd. "), False),
    ("dots", "a SENTENCE b", lambda: f"a {'.' * LENGTH} b", True),
    ("dots and quotes", "a SENTENCE b", lambda: "a " + filled('." ') + "b", True),
    ("loose words", '"a a a b"~3', lambda: far("a ", "b "), False),
    ("many loose words", f'"{"a b " * 1_200}c"~100', lambda: far("a b ", "c "), False),
    # Patterns and forms
    ("stars around letters", "*bbbb*", lambda: WORDS, True),
    ("very many stars", joined(" ", "*{}*", 700) + " *zzzz*", lambda: WORDS, False),
    ("stars that nearly fit", "aaaa*aaaa*ab", lambda: filled("a" * 99 + " "), False),
    ("stars in one long word", "aaaa*aaaa*b", lambda: "a" * LENGTH, False),
    ("question marks", "a?a?a?a?a?bcde", lambda: WORDS, False),
    (
        "very many forms",
        "600 OF (" + joined(", ", "~{}s", 700) + ")",
        lambda: " ".join(letters(5_000)),
        True,
    ),
    # Regular expressions
    ("a large repeat", "/(a?){20}.{200}[ab]{200}c/", lambda: filled("ab") + " c", False),
    ("repeats in repeats", "/(x+x+)+y/i", lambda: "y " + filled("x"), False),
    ("very many states", "/[ab]*a[ab]{13}c/", lambda: filled("abbabaababb") + " c", False),
    ("a rest that never comes", "/a([ab]*[cd])?/ >= 1000", lambda: filled("ab"), True),
    ("very many expressions", joined(" OR ", r"/{}\d/", 600), lambda: WORDS, False),
    # Counts and points
    ("a count of all", '"a a" >= 1000', lambda: filled("a "), True),
    ("a count of too few", "aaa* >= 1000", lambda: filled("aa ") + "aaa " * 999, False),
    (
        "points for each",
        '9999 POINTS (a^1 EACH, "a a" EACH, ~a^1 EACH)',
        lambda: filled("a "),
        False,
    ),
    ("a list of a thousand", "999 OF (" + joined(", ", "{}", 999) + ")", lambda: WORDS, True),
    # Conditions in one another
    ("parentheses", f"{'(' * 63}a{' b)' * 63}", lambda: filled("a b "), True),
    ("NOT in NOT", f"a {'NOT (b ' * 60}c{')' * 60}", lambda: filled("a c "), True),
    ("lists in lists", f"{'2 OF (x OR b, c d, ' * 60}b{')' * 60}", lambda: filled("a x "), False),
    ("points in points", f"{'2 POINTS (a, ' * 60}b{')' * 60}", lambda: filled("a c "), False),
    # Entities
    ("company far away", "@npt", lambda: far("npt ", "treaty "), False),
    ("company of many names", "@company", lambda: filled("boat ") + "x " * 9 + WORDS, False),
    ("company of itself", "@itself", lambda: filled("boat x "), False),
    ("a long exception", "@boat", lambda: filled("boat ") + "toy", True),
    ("many exceptions", "@toys NOT x", lambda: ("boat " * 98 + "toy ") * 200, False),
    ("very many names", "@many", lambda: filled("zzzzz "), False),
    ("very many pairs", "@pairs", lambda: filled("boat ") + WORDS + " boat aaaab", True),
    ("entities in entities", "@all NEAR/0 @pairs", lambda: filled("toy boat x "), False),
    ("names of one language", "@here", lambda: filled("das boot "), False),
    # What words are made of
    ("one long word", "boat", lambda: "boat" * (LENGTH // 4), False),
    ("different words", "zzzzz", lambda: WORDS, False),
    ("marks on nothing", "boat", lambda: "\u0301" * LENGTH + " boat", True),
    ("marks on a letter", "é", lambda: "e" + "\u0301" * LENGTH, True),
    ("marks in disorder", "boat", lambda: alternating("a\u0315\u0300") + " boat", True),
    ("Hebrew marks", "boat", lambda: alternating("א\u05b0\u05c1\u05bc") + " boat", True),
    ("Arabic marks", "=boat", lambda: alternating("ا\u064b\u0651") + " boat", True),
    ("Devanagari marks", "boat", lambda: alternating("क\u094d\u093c") + " boat", True),
    ("Thai marks", "boat", lambda: alternating("ก\u0e48\u0e38") + " boat", True),
    ("Hangul", "한국", lambda: filled("한국"), True),
    ("Hangul in parts", "한국", lambda: filled("\u1112\u1161\u11ab"), False),
    ("Thai", "ประชุม", lambda: filled("ประชุ"), False),
    ("Chinese", "日本銀行 NEAR/3 利上げ", lambda: filled("日本銀行"), False),
    ("kana with marks", "が", lambda: "か" + "\u3099" * LENGTH, False),
    ("signs that nobody sees", "a", lambda: "a" + filled("\u200d\u00ad"), True),
    ("letters that become many", "boat", lambda: filled("\ufdfa", 50_000), False),
    ("quotes", "boat", lambda: filled("'’“") + " boat", True),
    ("possessives", "boat", lambda: filled("a's"), False),
    ("initials", "boat", lambda: filled("a.") + "bb", False),
    ("digits", "boat", lambda: filled("1,00") + "x", False),
    ("a hashtag", "boat", lambda: "#" + filled("Ab1", 100_000) + "Boat", True),
    ("hyphens", "a-b-c", lambda: filled("a-b-"), False),
    ("halves of characters", "/b.at/", lambda: filled("\ud800") + "boat", True),
]


def made(rule):
    condition = parse(rule)
    one = Rule(
        name=RuleName("x"), match=rule, condition=condition, feeds=None, send_to=(ChatName("x"),)
    )
    return condition, Matcher(Rulebook(digest="x", entities=ENTITIES, rules=(one,)))


@pytest.mark.parametrize(
    ("rule", "text", "holds"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_no_rule_takes_long_on_any_article(rule, text, holds):
    written = text()
    read = article(written) if isinstance(written, str) else written
    condition, matcher = made(rule)

    assert bool(matcher.match(read)) is holds
    assert matcher.explain(condition, read).holds is holds
