"""An article read once, to look for any number of terms in its text and its other fields."""

from collections.abc import Iterator

from monitors.language.nearness import Span
from monitors.language.regexes import compiled, literal
from monitors.stories.article import Article
from monitors.terms.evidence import Evidence, Field
from monitors.terms.passage import Passage
from monitors.terms.wanted import (
    FACTS,
    Counted,
    Nearby,
    Pattern,
    Published,
    Standing,
    Wanted,
)

_PARTS = tuple(field.value for field in Field)


class Reading:
    """An article, cut into words.

    Attributes:
        text: its title, summary and text.
        features: what an index found in it; see `matching.features`.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = Passage((article.title, article.summary, article.text), article.lang)
        self.features: set[int] = set()
        self._facts: dict[str, Passage] = {}
        self._known: dict[Wanted, bool] = {}

    def fact(self, field: str) -> Passage:
        """Answer what the article says of itself in *field*."""
        if field not in self._facts:
            one = self.article
            url = one.url or one.link
            said = {"source": (one.outlet,), "author": (one.author or "",), "tag": one.tags}
            said |= {"lang": (one.lang or "",), "url": (url or "",)}
            self._facts[field] = Passage(said[field], one.lang)
        return self._facts[field]

    def has(self, wanted: Wanted) -> bool:
        """Answer whether *wanted* is found anywhere."""
        known = self._known.get(wanted)
        if known is None:
            known = self._known[wanted] = self._has(wanted)
        return known

    def count(self, wanted: Standing | Pattern) -> int:
        """Answer how often *wanted* stands in the article, without overlaps."""
        if isinstance(wanted, Pattern):
            return sum(1 for _ in self._matches(wanted))
        return len(self._passage(wanted.field).counted(self._standing(wanted), Counted(wanted, 1)))

    def evidence(self, wanted: Wanted) -> Iterator[Evidence]:
        """Yield where *wanted* stands in the title, the summary or the text."""
        if isinstance(wanted, Counted) and isinstance(wanted.what, Pattern):
            yield from self._matches(wanted.what)
        elif isinstance(wanted, Pattern):
            yield from self._matches(wanted)
        elif not isinstance(wanted, Published) and wanted.field not in FACTS:
            for start, end in self._spans(wanted):
                part, first, last = self.text.characters(start, end)
                yield Evidence(_PARTS[part], first, last)

    def _has(self, wanted: Wanted) -> bool:
        match wanted:
            case Published(age):
                old = self.article.seen_at - self.article.published_at
                return old < age.than if age.younger else old > age.than
            case Pattern():
                return next(self._matches(wanted), None) is not None
            case Counted(Pattern() as what, times):
                return self.count(what) >= times
            case _:
                return next(self._spans(wanted), None) is not None

    def _spans(self, wanted: Standing | Nearby | Counted) -> Iterator[Span]:
        passage = self._passage(wanted.field)
        match wanted:
            case Nearby():
                # No two terms both begin the tag of a language, as they have to.
                spans = passage.nearby(wanted) if wanted.field != "lang" else iter(())
                return (span for span in spans if self._in_field(span[0], wanted.field))
            case Counted(what):
                assert not isinstance(what, Pattern), "patterns have no words"
                return iter(passage.counted(self._standing(what), wanted))
            case _:
                return iter(self._standing(wanted))

    def _standing(self, wanted: Standing) -> list[Span]:
        spans = self._passage(wanted.field).standing(wanted)
        if not wanted.field or (wanted.field in FACTS and wanted.field != "lang"):
            return spans
        return [span for span in spans if self._in_field(span[0], wanted.field)]

    def _passage(self, field: str) -> Passage:
        return self.fact(field) if field in FACTS else self.text

    def _in_field(self, start: int, field: str) -> bool:
        if field == "lang":  # `en` is the language of en-GB, and GB is none
            return start == 0
        return not field or field in FACTS or self.text.part(start) == _PARTS.index(field)

    def _matches(self, wanted: Pattern) -> Iterator[Evidence]:
        regex = wanted.regex
        needle = literal(regex.pattern, ignores_case=regex.ignores_case)
        for part, text in enumerate(self._passage(wanted.field).texts):
            name = wanted.field if wanted.field in FACTS else _PARTS[part]
            there = not needle or needle in (text.casefold() if regex.ignores_case else text)
            if there and wanted.field in ("", name):
                pattern = compiled(regex.pattern, ignores_case=regex.ignores_case)
                assert not isinstance(pattern, tuple), "the grammar refuses what is wrong"
                yield from (Evidence(name, *span) for span in pattern.spans(text))
