"""`bot.py replay`: what would Newsbell have done with recorded articles?"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitors.adapters.sqlite.database import SqliteStore
from monitors.app.clock import machine_zone
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.reading import rules_of
from monitors.app.settings import from_environment
from monitors.errors import MonitorsError
from monitors.pipeline.book import open_book
from monitors.pipeline.replay import Recorded, Replayed
from monitors.pipeline.replay import replay as replay_one
from monitors.times import parse_iso


class _Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    title: str = ""
    summary: str | None = None
    text: str | None = None
    lang: str | None = None
    source: str | None = None
    url: str | None = None
    published: str = Field(min_length=1)
    tags: list[str] | None = None


def replay(
    file: Annotated[Path, typer.Argument(help="Articles, one JSON object a line.")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Run recorded articles through stories, rules and alert decisions.

    In the order of the file, each at the time when it was published. Sends nothing, and leaves
    the store alone.
    """
    settings = from_environment(rules, data)
    book = open_book(rules_of(settings), machine_zone())
    store = SqliteStore(None)
    try:
        for record in _records(file):
            answer = store.write_now(partial(replay_one, book=book, record=record))
            _print(record, answer, as_json=as_json)
    finally:
        store.close()


def _records(path: Path) -> Iterator[Recorded]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _record(f"{path}:{number}", line)
    except OSError as error:
        raise MonitorsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise MonitorsError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None


def _record(place: str, line: str) -> Recorded:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        raise MonitorsError(f"{place}: {_mistake(error)}") from None
    published = parse_iso(read.published)
    if published is None:
        raise MonitorsError(
            f"{place}: published is {read.published}, which is no time. Write it like "
            "2024-05-01T09:30:00Z."
        )
    return Recorded(
        id=read.id,
        title=read.title,
        summary=read.summary or "",
        text=read.text or "",
        lang=read.lang,
        source=read.source,
        url=read.url,
        published_at=published,
        tags=tuple(read.tags or ()),
    )


def _mistake(error: ValidationError) -> str:
    """Answer the first thing that is wrong with a line, and how to mend it."""
    first = error.errors(include_url=False)[0]
    if not first["loc"]:
        return "this is no JSON object. Write one article a line, each in curly brackets."
    key = first["loc"][0]
    if first["type"] == "missing":
        return f"{key} is missing. Every article needs id and published."
    if key == "tags":
        return 'tags is no list of texts. Write it like ["asia", "wire"].'
    return f"{key} is no text. Put it into quotation marks."


def _print(record: Recorded, answer: Replayed, *, as_json: bool) -> None:
    if as_json:
        line: dict[str, Any] = {
            "id": answer.id,
            "story": answer.story,
            "rules": list(answer.rules),
            "alerts": [{"chat": chat, "action": action} for chat, action in answer.alerts],
        }
        print_json(line)
        return
    done = ", ".join(f"{action} in {chat}" for chat, action in answer.alerts)
    held = ", ".join(answer.rules)
    shown = f"story {answer.story}  {record.title}"
    if held or done:
        shown += f"\n         {held}: {done or 'nothing new to tell'}"
    out().print(shown, soft_wrap=True)
