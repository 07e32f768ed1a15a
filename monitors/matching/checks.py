"""What has to be looked at in an article before a condition is known to hold.

Each class answers `holds` for a reading; those about features cost next to nothing.
"""

from dataclasses import dataclass
from typing import TypeAlias

from monitors.language.expression import Link
from monitors.matching.evaluation import MAX_COUNTED
from monitors.terms.reading import Reading
from monitors.terms.wanted import Pattern, Standing, Wanted


@dataclass(frozen=True, slots=True, eq=False)
class Has:
    """One of *features* is there."""

    features: tuple[int, ...]

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        return not reading.features.isdisjoint(self.features)


@dataclass(frozen=True, slots=True, eq=False)
class Lacks:
    """None of *features* is there."""

    features: tuple[int, ...]

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        return reading.features.isdisjoint(self.features)


@dataclass(frozen=True, slots=True, eq=False)
class Finds:
    """What is *wanted* is found, or it is not if it is left *out*."""

    wanted: Wanted
    out: bool = False

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        return reading.has(self.wanted) is not self.out


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Two words stand near one another: what most rows of NEAR come to."""

    one: str
    other: str
    link: Link

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        return reading.text.side_by_side(self.one, self.other, self.link)


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """All *parts* hold."""

    parts: tuple["Check", ...]

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        for part in self.parts:  # noqa: SIM110 - a generator would cost more than most checks
            if not part.holds(reading):
                return False
        return True


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """A *number* of *parts* hold, or more."""

    number: int
    parts: tuple["Check", ...]

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        missing = self.number
        for part in self.parts:
            if part.holds(reading):
                missing -= 1
                if not missing:
                    return True
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The points of what holds, and of what stands there each time it does, reach *least*.

    Or they do not, if it is left *out*.
    """

    least: int
    parts: tuple[tuple["Check", int], ...]
    counted: tuple[tuple[Standing | Pattern, int], ...]
    out: bool = False

    def holds(self, reading: Reading) -> bool:
        """Answer whether that is so."""
        points = sum(worth for part, worth in self.parts if part.holds(reading))
        points += sum(
            worth * min(reading.count(wanted), MAX_COUNTED) for wanted, worth in self.counted
        )
        return (points >= self.least) is not self.out


Check: TypeAlias = Has | Lacks | Finds | Beside | Every | AtLeast | Points
