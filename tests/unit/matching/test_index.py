"""The index finds exactly what looking at every condition, term by term, finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.language.expression import (
    Age,
    And,
    EntityName,
    Exact,
    Forms,
    Link,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Regex,
    Repeated,
    Scoped,
    Score,
    Several,
    Weight,
    Word,
)
from monitors.language.grammar import parse
from monitors.matching.evaluation import Evaluation, Progress
from monitors.matching.index import Index
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ENTITIES = {
    each.name: each
    for each in (
        Entity(name="pact", names=("ship deal", "treaty", "pact of three"), exact=("SEA",)),
        Entity(name="near", names=("boat",), exceptions=("toy boat",), company=("sea", "@pact")),
        Entity(name="all", parts=("pact", "near"), names=("seas",), exceptions=("red seas",)),
        Entity(name="here", by_language=(("de", ("schiff",)), ("fr", ("mer",))), within=2),
        Entity(name="none"),
    )
}
VOCABULARY = ("ship", "ships", "sea", "SEA", "Sea", "boat", "toy", "deal", "treaty", "pact", "of")
VOCABULARY += ("three", "two", "II", "seas", "red", "한국은", "日本", "schiff", "mer", "shipping")

words = st.sampled_from(VOCABULARY)
texts = st.lists(words | st.just("."), max_size=9).map(" ".join)
phrases = st.lists(words, min_size=2, max_size=3).map(" ".join)
spelled = st.sampled_from(("ship*", "*hips", "s?a", "shi*ng", "boat*"))
terms = st.one_of(
    words.map(Word),
    spelled.map(Word),
    phrases.map(Phrase),
    st.sampled_from(("ship * deal", "toy ship*", "red s?as")).map(Phrase),
    (words | phrases).map(Exact),
    (words | phrases).map(Forms),
    st.builds(Loose, phrases, st.integers(0, 3)),
    st.sampled_from(sorted(ENTITIES)).map(EntityName),
)
regexes = st.builds(Regex, st.sampled_from(("s[eh]", "t.*y", "boats?")), st.booleans())
links = st.builds(Link, st.none() | st.integers(0, 3), st.booleans())


@st.composite
def rows(draw):
    sides = st.one_of(terms, st.lists(terms, min_size=2, max_size=6).map(lambda x: Or(tuple(x))))
    parts = tuple(draw(st.lists(sides, min_size=2, max_size=3)))
    return Near(parts, tuple(draw(links) for _ in parts[1:]))


leaves = st.one_of(
    terms,
    regexes,
    rows(),
    st.builds(Repeated, terms | regexes, st.integers(1, 3)),
    st.builds(Age, st.sampled_from((timedelta(hours=1), timedelta(days=2))), st.booleans()),
)


def composed(inner):
    several = st.lists(inner, min_size=2, max_size=6).map(tuple)
    weights = st.builds(Weight, inner, st.integers(-3, 5).filter(bool))
    weights |= st.builds(
        Weight, terms | regexes, st.integers(-3, 5).filter(bool), st.just(value=True)
    )
    return st.one_of(
        several.map(And),
        several.map(Or),
        inner.map(Not),
        several.flatmap(
            lambda parts: st.builds(Several, st.integers(1, len(parts)), st.just(parts))
        ),
        st.builds(Score, st.integers(1, 9), st.lists(weights, min_size=1, max_size=5).map(tuple)),
    )


fields = st.sampled_from(("title", "summary", "text", "source", "author", "lang", "tag", "url"))
plain = leaves.filter(lambda leaf: not isinstance(leaf, Age))
scoped = st.builds(Scoped, fields, st.recursive(plain, composed, max_leaves=4))
conditions = st.recursive(leaves | scoped, composed, max_leaves=8)
articles = st.builds(
    Article,
    identity=st.just("x"),
    url=st.sampled_from((None, "https://sea.example/ship/deal")),
    link=st.none(),
    outlet=texts,
    title=texts,
    summary=texts,
    text=texts,
    author=st.none() | texts,
    lang=st.sampled_from((None, "en", "de-AT", "fr", "ko")),
    tags=st.lists(words, max_size=2).map(tuple),
    published_at=st.sampled_from((NOON, NOON - timedelta(days=1), NOON - timedelta(days=3))),
    seen_at=st.just(NOON),
)
shares = st.dictionaries(words.map(str.lower), st.floats(0.001, 1), max_size=5)


def holding(kept, article):
    """Answer which of the conditions *kept* hold, looked at one by one."""
    look = Evaluation(Reading(article), Terms(ENTITIES))
    return {number for number, condition in kept.items() if look.holds(condition)}


@given(
    st.lists(conditions, max_size=12),
    st.lists(articles, min_size=1, max_size=3),
    shares,
    st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_the_index_finds_what_looking_at_every_condition_finds(some, read, known, large):
    index = Index(some, Terms(ENTITIES), known, many=0 if large else 1_000)

    for article in read:
        assert index.holding(index.read(article)) == holding(dict(enumerate(some)), article)


@given(st.lists(conditions, min_size=2, max_size=12), articles, st.data())
@settings(max_examples=200, deadline=None)
def test_conditions_come_and_go_one_at_a_time(some, article, data):
    first = data.draw(st.integers(0, len(some)))
    terms = Terms(ENTITIES)
    index = Index(some[:first], terms, many=data.draw(st.sampled_from((0, 1_000))))
    kept = dict(enumerate(some[:first]))
    index.holding(index.read(article))  # what was learned of its words must not stay
    for number, condition in list(enumerate(some))[first:]:
        assert index.add(condition, terms) == number
        kept[number] = condition
    for number in data.draw(st.lists(st.sampled_from(range(len(some))), unique=True)):
        index.remove(number, kept.pop(number), terms)

    reading = index.read(article)
    assert index.holding(reading) == holding(kept, article)
    assert set(index.spoken_for(reading)) <= kept.keys()


@given(st.lists(conditions, max_size=8), articles)
@settings(max_examples=200, deadline=None)
def test_what_holds_in_part_is_spoken_for(some, article):
    terms = Terms(ENTITIES)
    index = Index(some, terms)
    look = Evaluation(Reading(article), terms)
    partial = {
        number
        for number, condition in enumerate(some)
        if not look.holds(condition) and look.progress(condition) is Progress.PARTIAL
    }

    assert partial <= set(index.spoken_for(index.read(article)))


@given(conditions, articles, texts)
@settings(max_examples=300, deadline=None)
def test_what_can_never_hold_does_not_hold_with_more_text(condition, article, more):
    terms = Terms(ENTITIES)
    before = Evaluation(Reading(article), terms).progress(condition)
    longer = Article(
        **{name: getattr(article, name) for name in Article.__slots__}
        | {"text": f"{article.text} {more}"}
    )

    if before is Progress.NEVER:
        assert not Evaluation(Reading(longer), terms).holds(condition)


def test_an_index_of_nothing_holds_nothing():
    index = Index()
    article = Article(
        identity="x", url=None, link=None, outlet="", title="Ships", published_at=NOON, seen_at=NOON
    )

    assert index.holding(index.read(article)) == set()


def test_all_that_was_added_is_forgotten_when_it_is_removed():
    written = '(a OR b OR c OR d OR e OR fox*) AND "x y" NOT ~ships lang:en @pact >= 2 /s./ OR =US'
    condition = parse(written)
    terms = Terms(ENTITIES)
    index = Index()

    def kept():
        held = index.features
        return [
            len(each)
            for each in (held._numbers, held._pairs, held._groups, held._groups_of, held._facts)
        ] + [bool(held._wildcards), len(held._forms), len(index._speaking), len(index._always)]

    before = kept()
    number = index.add(condition, terms)
    assert kept() != before
    index.remove(number, condition, terms)

    assert kept() == before
    assert not index._ways


def test_junk_of_articles_does_not_stay_in_memory():
    terms = Terms({})
    index = Index([parse("~ships AND boat")], terms)
    article = Article(
        identity="x", url=None, link=None, outlet="", title="", published_at=NOON, seen_at=NOON
    )

    for lang in ("en", "en-US", "en-GB", "EN_za"):
        index.read(replace(article, lang=lang, title=f"boat {'ship' * 1_000} {'s' * 100}"))

    assert max(map(len, index.features._brought)) < 100
    assert list(index.features._by_lang) == ["en"]
    assert max(map(len, index.features._by_lang["en"])) < 100
