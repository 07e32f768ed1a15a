"""What speaks against an article's joining a story, however alike the two read.

An outlet that writes by a template tells of another quake, match or recall in all but the
same words. Each rule here only lowers the chance to join; none of them lets anything join.
An article is compared with those at other addresses: what comes again at its own address is
the same article, whatever its title says, and is recognised before.
"""

from collections.abc import Iterable, Sequence
from enum import Enum

from monitors.grouping.sketch import KIND, Kind, Sketch
from monitors.grouping.wording.stems import code_of
from monitors.grouping.wording.templates import NEVER_NAMES, TEMPLATE_WORDS

_MOST_LOOKED_AT, _MOST_OF_OUTLET = 24, 6
_ANOTHER_DAY = 12 * 3600
_SAME_SUMMARY = 0.6
_SAME_FORM = 0.5
_HARDLY_ANY = 1 / 3
_MANY_REPORTS = 8
_SIDES = 2
_FACTS = frozenset({Kind.NUMBER, Kind.NAME, Kind.SCORE})


class Effect(Enum):
    """The most that an article may be to a story."""

    NOTHING = "no further report, and nothing said of it"
    RELATED = "a story of its own, told as a reply to the other"


class Guard(Enum):
    """A reason why an article does not surely join a story.

    A round-up tells other news each time; a live blog and an opinion tell of much beside the
    event. `NEXT` is what else an outlet tells in the form, or of the people, of an earlier
    article; `OTHER_NAMES` are two outlets that fill one template.
    """

    ROUND_UP = "round-up"
    SERIES = "series"
    TEMPLATE = "template of the outlet"
    NEXT = "another article of the outlet"
    OTHER_NAMES = "other names"
    DAILY = "another day's report"
    OPINION = "opinion"
    LIVE = "live blog"
    FEW_WORDS = "few words in common"

    @property
    def effect(self) -> Effect:
        """What the article may still be to the story."""
        apart = self in {Guard.ROUND_UP, Guard.SERIES, Guard.TEMPLATE}
        return Effect.NOTHING if apart else Effect.RELATED


_OF_TEMPLATES = frozenset(map(code_of, TEMPLATE_WORDS))
_NO_NAMES = frozenset(map(code_of, NEVER_NAMES))


def _codes(packed: bytes) -> list[int]:
    return memoryview(packed).cast("I").tolist()


def _words(codes: Iterable[int]) -> set[int]:
    return {code & ~KIND for code in codes}


def _report(article: Sketch) -> set[int]:
    """Answer the words of title and summary."""
    return _words(_codes(article.title + article.summary))


def _told(story: Iterable[Sketch]) -> set[int]:
    return _words(_codes(b"".join([each.title + each.summary for each in story])))


def guard(newcomer: Sketch, story: Sequence[Sketch]) -> Guard | None:
    """Answer what speaks against it that *newcomer* joins *story*, if anything does.

    Args:
        newcomer: an article at an address that the story does not have.
        story: its articles, oldest first; of very many, the first and the latest are looked at.
    """
    own: Sequence[Sketch] = ()
    if newcomer.outlet:
        own = [each for each in story if each.outlet == newcomer.outlet][-_MOST_OF_OUTLET:]
    if len(story) > _MOST_LOOKED_AT:
        story = [story[0], *own, *story[-_MOST_LOOKED_AT:]]
    if newcomer.form == "round-up" or any(each.form == "round-up" for each in story):
        return Guard.ROUND_UP
    return (
        (_within_outlet(newcomer, own, story) if own else None)
        or _by_kind(newcomer, story)
        or _across_outlets(newcomer, story)
    )


def _by_kind(newcomer: Sketch, story: Sequence[Sketch]) -> Guard | None:
    """Answer what the forms of the articles say; a live blog joins, but hides no report."""
    forms = {each.form for each in story}
    if newcomer.form == "opinion" or forms == {"opinion"}:
        return Guard.OPINION
    if newcomer.form != "live" and forms <= {"live", "opinion"}:
        return Guard.LIVE
    days = newcomer.form == "daily" and story[0].form == "daily"
    return Guard.DAILY if days and newcomer.at - story[0].at > _ANOTHER_DAY else None


def _within_outlet(
    newcomer: Sketch, own: Sequence[Sketch], story: Sequence[Sketch]
) -> Guard | None:
    """Answer what speaks against it in *own*, the articles in *story* of the same outlet.

    Each title has to have a word that is nowhere in the other's report.
    """
    if any(_is_series(newcomer, each) for each in own):
        return Guard.SERIES
    report, told = _report(newcomer), _told(story)
    new = [code for code in _codes(newcomer.title) if code & ~KIND not in told]
    is_template = False
    for each in own:
        gone = [code for code in _codes(each.title) if code & ~KIND not in report]
        if not (new and gone and _are_alike(newcomer, each)) and not _are_swapped(newcomer, each):
            return None
        facts = _have(_FACTS, new) and _have(_FACTS, gone)
        is_template = is_template or (facts and _are_of_one_template(newcomer, each))
    if is_template:
        return Guard.TEMPLATE
    # What many outlets tell goes on, and an outlet that told of it tells more.
    return Guard.NEXT if len(story) - len(own) < _MANY_REPORTS else None


def _have(kinds: frozenset[int], codes: Iterable[int]) -> bool:
    return any(code & KIND in kinds for code in codes)


def _are_alike(newcomer: Sketch, other: Sketch) -> bool:
    """Answer whether the titles share their form, are both formulaic, or share no name.

    Further reports of one event share its names and little else; those of a form that is filled
    in share most of their summaries.
    """
    if _are_alike_in_summary(newcomer, other):
        return True
    new, old = _codes(newcomer.title), _codes(other.title)
    shared = _words(new) & _words(old)
    if len(shared) >= _SAME_FORM * max(len(new), len(old)):
        return True
    if not _OF_TEMPLATES.isdisjoint(_words(new)) and not _OF_TEMPLATES.isdisjoint(_words(old)):
        return True
    return not (_named(new) | _named(old)) & shared


def _is_series(newcomer: Sketch, other: Sketch) -> bool:
    """Answer whether but numbers and dates tell the titles apart, and the summaries differ."""
    new, old = (
        [
            code & ~KIND
            for code in _codes(each.title)
            if code & KIND not in (Kind.NUMBER, Kind.SCORE)
        ]
        for each in (newcomer, other)
    )
    if new != old:
        return False
    if not newcomer.summary or not other.summary:
        return abs(newcomer.at - other.at) > _ANOTHER_DAY
    return not _are_alike_in_summary(newcomer, other)


def _are_alike_in_summary(newcomer: Sketch, other: Sketch) -> bool:
    """Answer whether the summaries, if both have one, share most of their words."""
    new, old = (_words(_codes(each.summary)) for each in (newcomer, other))
    fewer = min(len(new), len(old))
    return fewer > 0 and len(new & old) >= _SAME_SUMMARY * fewer


def _are_swapped(newcomer: Sketch, other: Sketch) -> bool:
    """Answer whether the titles have the same words in another order: X beats Y, Y beats X."""
    new, old = ([code & ~KIND for code in _codes(each.title)] for each in (newcomer, other))
    return new != old and sorted(new) == sorted(old)


def _are_of_one_template(newcomer: Sketch, other: Sketch) -> bool:
    """Answer whether the words that are no names or numbers agree for the most part."""
    new, old = (
        {code & ~KIND for code in _codes(each.title) if code & KIND not in _FACTS}
        for each in (newcomer, other)
    )
    return len(new & old) >= max(1, _SAME_FORM * max(len(new), len(old)))


def _across_outlets(newcomer: Sketch, story: Sequence[Sketch]) -> Guard | None:
    """Answer whether the titles share what desks write by template, and name other things."""
    new = _codes(newcomer.title)
    scores = _have(frozenset({Kind.SCORE}), new)
    if not scores and _OF_TEMPLATES.isdisjoint(_words(new)):
        return None
    old = [code for each in story for code in _codes(each.title)]
    scores = scores and _have(frozenset({Kind.SCORE}), old)
    if not scores and _OF_TEMPLATES.isdisjoint(_words(new) & _words(old)):
        return None
    report, told = _report(newcomer), _told(story)
    strange = _is_strange(new, told) and _is_strange(old, report)
    if strange or (scores and _are_other_sides(_named(new), told, _named(old), report)):
        return Guard.OTHER_NAMES
    return None


def _named(title: Iterable[int]) -> set[int]:
    return {code & ~KIND for code in title if code & KIND == Kind.NAME}


def _are_other_sides(new: set[int], told: set[int], old: set[int], report: set[int]) -> bool:
    """Answer whether other sides played: two reports of one match name both of them."""
    return bool(new - told) and bool(old - report) and len(new & told | old & report) < _SIDES


def _is_strange(title: Iterable[int], report: set[int]) -> bool:
    """Answer whether *title* has names, and *report* none of them.

    Numbers are no names: two quakes may be equally strong. In a script without capitals every
    word may be a name, and some are in any report.
    """
    facts = {code & ~KIND: code & KIND for code in title if code & KIND != Kind.PLAIN}
    facts = {word: kind for word, kind in facts.items() if word not in _NO_NAMES}
    shared = facts.keys() & report
    if Kind.CASELESS in facts.values():
        return len(shared) < _HARDLY_ANY * len(facts)
    names = {word for word, kind in facts.items() if kind == Kind.NAME}
    return bool(names) and names.isdisjoint(shared)
