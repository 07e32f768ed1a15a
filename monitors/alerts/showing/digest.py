"""The text of a digest, as a Telegram chat shows it and as plain text."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from monitors.alerts.alert import AlertContent, Snippet, outlets
from monitors.alerts.decision import QUIET_HOURS
from monitors.alerts.digest import Digest, Together, shared_rule
from monitors.alerts.showing.legible import shorten
from monitors.alerts.showing.markup import (
    MAX_UNITS,
    Run,
    fits,
    harmless,
    html,
    opening_link,
)
from monitors.alerts.showing.presentable import DOUBT, RULE_LIMIT, local_time, presentable

# The most of a headline, of other texts, and of an address: the first sizes that fit are taken.
_SIZES = ((240, 60, 2048), (150, 40, 1000), (100, 30, 500), (70, 24, 250), (40, 20, 0))
_MOST_OPEN = 5
_BETWEEN = " · "
_QUOTE, _LONG_QUOTE = "blockquote", "blockquote expandable"
_TOO_MANY = "sent together: too many for single alerts"
_RETURNED = "sent together: this chat took no messages"


def digest_html(digest: Digest, *, zone: tzinfo, doubtful: bool = False) -> str:
    """Answer *digest* in Telegram's HTML, as `digest_runs` lays it out."""
    return html(digest_runs(digest, zone=zone, doubtful=doubtful))


def digest_runs(digest: Digest, *, zone: tzinfo, doubtful: bool = False) -> tuple[Run, ...]:
    """Answer *digest* as a Telegram chat shows it.

    How many stories there are, since when and why together; then a numbered line for each, its
    headline opens the article. It always fits a message: headlines get shorter for that, and in
    the end open nothing.

    Args:
        digest: what is told.
        zone: of the chat, for times.
        doubtful: whether the chat may show it already, which the last line says.
    """
    return next(filter(fits, digest_lengths(digest, zone=zone, doubtful=doubtful)))


def digest_lengths(
    digest: Digest, *, zone: tzinfo, doubtful: bool = False
) -> Iterator[tuple[Run, ...]]:
    """Yield *digest* from the longest text to the shortest; arguments as for `digest_runs`."""
    stories = [presentable(story) for story in digest.stories]
    for size in _SIZES:
        yield _message(digest, stories, size, zone, doubtful=doubtful)


def digest_text(
    digest: Digest, *, zone: tzinfo, doubtful: bool = False, limit: int | None = MAX_UNITS
) -> str:
    """Answer *digest* without markup, in at most *limit* UTF-16 units.

    Addresses stand below their headlines, where there is room for all of them.
    """
    stories = [presentable(story) for story in digest.stories]
    rule = shared_rule(stories)
    head = "".join(run.text for run in _head(digest, rule, zone))
    lines = [
        (f"{number}. {_words(_line(story, _SIZES[0], rule, gap=_BETWEEN))}", story.link)
        for number, story in enumerate(stories, start=digest.first)
    ]
    tail = [*([_rest(digest)] if digest.hidden else []), *([DOUBT] if doubtful else [])]
    full = [text for line, link in lines for text in (line, f"   {link}" if link else "")]
    whole = "\n".join(filter(None, (head, "", *full, *tail)))
    if limit is None or len(whole.encode("utf-16-le")) // 2 <= limit:
        return whole
    brief = "\n".join(filter(None, (head, *(line for line, _ in lines), *tail)))
    return shorten(Snippet(text=brief), limit).text


def digest_title(digest: Digest, *, zone: tzinfo) -> str:
    """Answer the first line of *digest*."""
    rule = shared_rule(presentable(story) for story in digest.stories)
    return _words(_head(digest, rule, zone))


def why_together(digest: Digest, *, zone: tzinfo) -> str:
    """Answer why the stories of *digest* came in one message, for a note of 200 characters."""
    at = local_time(digest.folded_at, zone)
    match digest.together:
        case Together.FLOOD:
            why = f"{digest.total} stories were due at {at}: one by one they would take too long."
        case Together.RETURNED:
            why = f"This chat took no messages until {at}."
        case _:
            why = f"Held back until {at}" + (f": {digest.held}." if digest.held else ".")
    return f"{why} To learn more of one, answer this message with /why and its number."


def _message(
    digest: Digest,
    stories: Sequence[AlertContent],
    size: tuple[int, int, int],
    zone: tzinfo,
    *,
    doubtful: bool,
) -> tuple[Run, ...]:
    rule = shared_rule(stories)
    quote = _LONG_QUOTE if len(stories) > _MOST_OPEN else _QUOTE
    runs = [*_head(digest, rule, zone), Run("\n")]
    for number, story in enumerate(stories, start=digest.first):
        before = "" if number == digest.first else "\n"
        runs.append(Run(f"{before}{number}. ", (quote,)))
        runs += (Run(run.text, (quote, *run.tags)) for run in _line(story, size, rule))
    if digest.hidden:
        runs.append(Run(f"\n{_rest(digest)}"))
    if doubtful:
        runs += (Run("\n"), Run(DOUBT, ("i",)))
    return tuple(runs)


def _head(digest: Digest, rule: str | None, zone: tzinfo) -> tuple[Run, ...]:
    """Answer how many stories there are, since when, and why they come together."""
    count = f"{digest.total} {'story' if digest.total == 1 else 'stories'}"
    since = local_time(digest.since, zone)
    if digest.since.astimezone(zone).date() == digest.folded_at.astimezone(zone).date():
        since = since.rsplit(" ", 1)[-1]
    aside = ""
    match digest.together:
        case Together.FLOOD:
            text, aside = f"{count} since {since}", _TOO_MANY
        case Together.RETURNED:
            text, aside = f"{count} since {since}", _RETURNED
        case Together.HELD if digest.held == QUIET_HOURS:
            text = f"What quiet hours held back: {count}"
        case Together.HELD if digest.held:
            text, aside = f"What was held back: {count}", digest.held
        case _:
            text = f"What was held back since {since}: {count}"
    name = harmless(rule, RULE_LIMIT, "b") if rule else ()
    runs = [*name, *((Run(_BETWEEN),) if name else ()), Run(text, () if name else ("b",))]
    if digest.first > 1 or digest.last < digest.total:
        runs.append(Run(f" · {digest.first}\N{EN DASH}{digest.last}"))
    if aside:
        runs += (Run(" "), Run(f"({aside})", ("i",)))
    return tuple(runs)


def _line(
    story: AlertContent, size: tuple[int, int, int], shared: str | None, *, gap: str = " "
) -> tuple[Run, ...]:
    """Answer the line of one story: headline, who reports it, and which rules hold."""
    title, other, address = size
    link = story.link if len(story.link or "") <= address else None
    more = len(outlets(story)) - 1
    outlet = [*harmless(story.outlet, other, "i")]
    if more:
        outlet.append(Run(f"{' ' if outlet else ''}+{more}", ("i",)))
    runs = [*harmless(story.headline.text, title, *opening_link(link))]
    runs += (Run(gap), *outlet) if outlet else ()
    if shared is None and story.rules:
        runs += (Run(_BETWEEN), *harmless(story.rules[0], other, "b"))
        runs += (Run(f" +{len(story.rules) - 1}"),) if len(story.rules) > 1 else ()
    if story.note:
        runs += (Run(_BETWEEN), *harmless(story.note, other))
    return tuple(runs)


def _rest(digest: Digest) -> str:
    return f"and {digest.hidden} more, which /last and `bot.py alerts` list"


def _words(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)
