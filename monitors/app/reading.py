"""Reads rules.yaml for whoever needs what it says."""

from collections.abc import Sequence

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.settings import Network, Settings
from monitors.errors import RulebookError
from monitors.language.problems import Problem
from monitors.rules.document import read_rulebook
from monitors.rules.rulebook import Rulebook


def read_rules(file: RulebookFile, networks: Sequence[Network]) -> Rulebook | tuple[Problem, ...]:
    """Answer what the file says, or its problems."""
    text = file.read()
    if isinstance(text, Problem):
        return (text,)
    return read_rulebook(text, networks=networks)


def rules_of(settings: Settings) -> Rulebook:
    """Answer what the file of *settings* says.

    Raises:
        RulebookError: it cannot be used; with a line for each problem.
    """
    rulebook = read_rules(RulebookFile(settings.rules), settings.networks)
    if isinstance(rulebook, tuple):
        raise RulebookError("\n".join(f"{settings.rules}:{problem}" for problem in rulebook))
    return rulebook
