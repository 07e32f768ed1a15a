"""`bot.py check`: is rules.yaml good?"""

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import print_problems, say
from monitors.app.reading import FilePacks
from monitors.app.settings import from_environment
from monitors.language.problems import Problem, Severity
from monitors.rules.checking import check as check_text


def check(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Validate the file of rules, and run every rule's examples.

    Prints a line for each problem, `rules.yaml:12:7: message`, and advice. Exits 1 if there is
    a problem; advice alone is none.
    """
    settings = from_environment(rules, data)
    file = RulebookFile(rules)
    text = file.read()
    if isinstance(text, Problem):
        problems: tuple[Problem, ...] = (text,)
    else:
        problems = check_text(text, networks=settings.networks, packs=FilePacks(file))
    print_problems(rules, problems, as_json=as_json)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if errors:
        say(f"{errors} to mend." if errors > 1 else "One thing to mend.")
        raise typer.Exit(1)
    say(f"{rules} is good.")
