"""`bot.py check`: is rules.yaml good?"""

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import look_into
from monitors.app.clock import now
from monitors.app.commands.experience import advice
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import print_problems, say, watched
from monitors.app.reading import AppriseReach, FilePacks
from monitors.app.settings import Settings, from_environment
from monitors.errors import StoreError
from monitors.language.problems import Problem, Severity
from monitors.rules import document
from monitors.rules.checking import check_reading
from monitors.rules.document import Reading


def check(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Validate the file of rules, and run every rule's examples.

    Prints a line for each problem, `rules.yaml:12:7: message`, and advice, some of it from the
    stored articles. Exits 1 if there is a problem; advice alone is none.
    """
    settings = from_environment(rules, data)
    file = RulebookFile(rules)
    text = file.read()
    if isinstance(text, Problem):
        problems: list[Problem] = [text]
    else:
        reading = document.read(
            text,
            networks=settings.networks,
            packs=FilePacks(file),
            reach=AppriseReach(rules),
        )
        problems = [*check_reading(reading, watched), *_from_stored(reading, settings)]
        problems.sort(key=lambda problem: (problem.line, problem.column))
    print_problems(rules, problems, as_json=as_json)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if errors:
        say(f"{errors} to mend." if errors > 1 else "One thing to mend.")
        raise typer.Exit(1)
    say(f"{rules} is good.")


def _from_stored(reading: Reading, settings: Settings) -> list[Problem]:
    """Answer what the stored articles say of the rules, if there are any."""
    if reading.rulebook is None or reading.tree is None or not settings.store.exists():
        return []
    try:
        with look_into(settings.store) as ledger:
            stored = ledger.search, ledger.articles
            return list(advice(reading.rulebook, reading.tree, stored, now(), watched))
    except StoreError as error:
        say(f"The stored articles say nothing: {error}")
        return []
