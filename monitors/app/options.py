"""The options that every command takes."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Rules: TypeAlias = Annotated[
    Path, typer.Option("--rules", help="The file of rules.", metavar="PATH", show_default=True)
]
Data: TypeAlias = Annotated[
    Path, typer.Option("--data", help="The directory of the store.", metavar="DIR")
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object a line, for scripts.")
]
RULES = Path("rules.yaml")
DATA = Path("data")
