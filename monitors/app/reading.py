"""Reads rules.yaml, and the packs that it uses, for whoever needs what they say."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.settings import Network, Settings, folder_of, secret_of
from monitors.errors import RulebookError
from monitors.language.problems import Problem
from monitors.rules.document import read_rulebook
from monitors.rules.entities import Shipped
from monitors.rules.places.addressing import Trouble
from monitors.rules.rulebook import Rulebook

_COUNTRY = "country"


@cache
def _countries() -> Shipped:
    """Answer the countries, of which those that were asked for are kept for the next reload."""
    from monitors.adapters.packs.countries import Countries  # only where a rule names one

    return Countries()


@dataclass(frozen=True, slots=True)
class FilePacks:
    """The packs that come with Newsbell, and those beside a file of rules."""

    file: RulebookFile

    def shipped(self, name: str) -> Shipped | None:
        """Answer the pack of that name that comes with Newsbell."""
        return _countries() if name == _COUNTRY else None

    def own(self, name: str) -> str | Problem | None:
        """Answer the text of the user's pack of that name, or why it cannot be read."""
        return self.file.read_pack(name)

    def known(self) -> Iterable[str]:
        """Answer the names of all packs."""
        return (_COUNTRY, *self.file.packs())


@dataclass(frozen=True, slots=True)
class AppriseReach:
    """What Apprise reaches, and the addresses that stand beside a file of rules."""

    rules: Path

    def secret(self, reference: str) -> str | Trouble:
        """Answer the address that *reference* leads to, or why there is none."""
        return secret_of(reference, folder_of(self.rules))

    def trouble(self, address: str) -> Trouble | None:
        """Answer why nothing can be sent to *address*, or None."""
        from monitors.adapters.apprise.reach import trouble  # only where rules.yaml has one

        return trouble(address)


def read_rules(
    file: RulebookFile, networks: Sequence[Network], needs: Sequence[str] = ()
) -> Rulebook | tuple[Problem, ...]:
    """Answer what the file says, or its problems; with the entities that somebody *needs*."""
    text = file.read()
    if isinstance(text, Problem):
        return (text,)
    with collecting_later():
        return read_rulebook(
            text,
            networks=networks,
            packs=FilePacks(file),
            reach=AppriseReach(file.path),
            needs=needs,
        )


@contextmanager
def collecting_later() -> Iterator[None]:
    """Look for no garbage meanwhile.

    Nearly all that reading makes is kept, and looking through it again and again would take a
    third of the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def rules_of(settings: Settings, *, needs: Sequence[str] = ()) -> Rulebook:
    """Answer what the file of *settings* says; with the entities that somebody *needs*.

    Raises:
        RulebookError: it cannot be used; with a line for each problem.
    """
    rulebook = read_rules(RulebookFile(settings.rules), settings.networks, needs)
    if isinstance(rulebook, tuple):
        told = (problem.told(str(settings.rules)) for problem in rulebook)
        raise RulebookError("\n".join(told))
    return rulebook
