"""What an alert tells, whichever way it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of an article's text, with the evidence in it.

    Attributes:
        text: one line of plain text; an ellipsis stands where it was cut.
        marks: half-open spans of *text* in characters, sorted, not overlapping.
    """

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Another article of the story or of a related one: who reports it, under which headline.

    Attributes:
        link: address of the article, or of the message that tells of it.
    """

    outlet: str
    title: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InPart:
    """That a rule holds only in part.

    Attributes:
        missing: the parts of its condition that nothing says, as rule text.
        why: why no more of the article could be read, in a few words for people.
    """

    rule: str
    missing: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Why a chat that was told of a story hears of it again.

    Attributes:
        further: names of the rules that it had not been told of, in the order of rules.yaml.
        outlets: how many report the story now, if a number of them was passed.
        pace: how many of them took it up within an hour, if that is unusual.
    """

    further: tuple[str, ...] = ()
    outlets: int | None = None
    pace: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """One story as one chat is told of it.

    Attributes:
        headline: title of the first article, with its evidence.
        link: address of the first article.
        published_at: aware UTC.
        rules: names of the rules that hold, if only in part, in the order of rules.yaml.
        snippets: the evidence outside the headline, best first.
        others: the story's further articles, in the order in which they came.
        in_part: those of the rules that hold in part, for no article in full.
        edited: whether a rule began to hold when the first article was edited.
        note: a plain line for people on this very message.
        earlier: what the chat was told of an earlier story that this one is likely part of.
        related: what it was told of later stories that are likely part of this one.
        broke_out: what rules asked for by `break_out:` and the story has passed: numbers of
            outlets, and `fast`. None of it rings again.
        urgent: whether a rule of high priority holds.
        again: of a reply, what its note says; None where that was not kept.
    """

    headline: Snippet
    link: str | None
    outlet: str
    published_at: datetime
    rules: tuple[str, ...]
    snippets: tuple[Snippet, ...] = ()
    others: tuple[Report, ...] = ()
    in_part: tuple[InPart, ...] = ()
    edited: bool = False
    note: str | None = None
    earlier: Report | None = None
    related: tuple[Report, ...] = ()
    broke_out: tuple[str, ...] = ()
    urgent: bool = False
    again: Again | None = None


def outlets(content: AlertContent) -> frozenset[str]:
    """Answer who reports the story, each once in whatever letter case."""
    return frozenset(
        name.casefold() for name in (content.outlet, *(one.outlet for one in content.others))
    )
