"""What the rules answer for an article."""

from dataclasses import dataclass

from monitors.matching.evidence import Evidence
from monitors.rules.rulebook import Rule


@dataclass(frozen=True, slots=True)
class Match:
    """That a rule holds for an article.

    Attributes:
        evidence: spans that made it hold, title first, then summary, then text, in order
            and not overlapping; empty only for rules that hold without any text.
    """

    rule: Rule
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """What all rules answer for one article.

    Attributes:
        holding: in the order of rules.yaml.
        partial: rules of which a required part holds and which could hold with more text;
            what a page is fetched for.
    """

    holding: tuple[Match, ...] = ()
    partial: tuple[Rule, ...] = ()
