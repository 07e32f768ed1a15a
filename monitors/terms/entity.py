"""A named thing, usable as a term of conditions."""

from dataclasses import dataclass

USUAL_WITHIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A named thing.

    Attributes:
        names: aliases in any letter case.
        exact: aliases in this very case only.
        exceptions: longer names that are something else.
        parts: names of other entities, all of whose aliases are its own, too.
        company: if any, it counts only near one of these names; `@name` is an entity.
        within: how many words stand between it and its company at most.
        by_language: further aliases that count only in articles of a language: pairs of a
            primary language subtag (`de`) and the aliases.
    """

    name: str
    names: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    within: int = USUAL_WITHIN
    by_language: tuple[tuple[str, tuple[str, ...]], ...] = ()
