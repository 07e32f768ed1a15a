"""`bot.py replay`: what would Newsbell have done with recorded articles?"""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from monitors.adapters.sqlite.database import SqliteStore
from monitors.app.clock import machine_zone
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.reading import rules_of
from monitors.app.settings import from_environment
from monitors.errors import MonitorsError
from monitors.pipeline.book import open_book
from monitors.pipeline.replay import Recorded, Replay, Replayed
from monitors.times import parse_iso

_STANDARD_INPUT = Path("-")
_LONGEST_LINE = 10_000_000
_BOM = b"\xef\xbb\xbf"
_PACKED = b"\x1f\x8b"  # how gzip begins, and no text in UTF-8
# A date outside is a mistake, and what looks back or ahead from it may leave the calendar.
_YEARS = range(1900, 2200)


class _Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    lang: str | None = None
    source: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    tags: list[str] | None = None


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help="Articles, one JSON object a line; a .gz file, too, or - for standard input."
        ),
    ],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Run recorded articles through stories, rules and alert decisions.

    In the order of the file, each at the time when it was published; one without a time is seen
    with the one before it. Sends nothing, and leaves the store alone.
    """
    settings = from_environment(rules, data)
    replayed = Replay(open_book(rules_of(settings), machine_zone()))
    store = SqliteStore(None)
    try:
        for record in read_records(file):
            answer = store.write_now(partial(replayed.take, record=record))
            _print(record, answer, as_json=as_json)
    finally:
        store.close()


def read_records(path: Path) -> Iterator[Recorded]:
    """Yield the articles in the file at *path*, or those that standard input brings for `-`.

    Raises:
        MonitorsError: it cannot be read, or a line of it is no article.
    """
    name = "standard input" if path == _STANDARD_INPUT else str(path)
    try:
        with _opened(path) as file:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE + 1), b""), 1):
                if written := line.removeprefix(_BOM if number == 1 else b"").strip():
                    yield _record(f"{name}:{number}", written)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise MonitorsError(f"{name} is no whole gzip file. Make it again with gzip.") from None
    except OSError as error:
        raise MonitorsError(f"{name} cannot be read: {error.strerror}.") from None


def _opened(path: Path) -> AbstractContextManager[BinaryIO | gzip.GzipFile]:
    if path == _STANDARD_INPUT:
        given = cast("BufferedReader", sys.stdin.buffer)
        return gzip.open(given) if given.peek(1).startswith(_PACKED) else nullcontext(given)
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _record(place: str, line: bytes) -> Recorded:
    if len(line) > _LONGEST_LINE:
        most = _LONGEST_LINE // 1_000_000
        raise MonitorsError(f"{place}: this is more than {most} MB. Write one article a line.")
    try:
        read = _Line.model_validate_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise MonitorsError(f"{place}: this is not UTF-8 text. Save it as UTF-8.") from None
    except ValidationError as error:
        raise MonitorsError(f"{place}: {_mistake(error)}") from None
    published = parse_iso(read.published) if read.published else None
    if read.published and (published is None or published.year not in _YEARS):
        raise MonitorsError(
            f"{place}: published is {read.published}, which is no time from {_YEARS[0]} to "
            f"{_YEARS[-1]}. Write it like 2024-05-01T09:30:00Z, or leave it out."
        )
    return Recorded(
        id=read.id,
        title=read.title or "",
        summary=read.summary or "",
        text=read.text or "",
        lang=read.lang,
        source=read.source or read.outlet,
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
    if first["type"] == "missing" or first["input"] is None:
        return f"{key} is missing. Every article needs one."
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
        if answer.related is not None:
            line["related"] = answer.related
        print_json(line)
        return
    done = ", ".join(f"{action} in {chat}" for chat, action in answer.alerts)
    held = ", ".join(answer.rules)
    if answer.story is None:
        out().print(f"no story  {answer.id} has neither words nor a link")
        return
    related = "" if answer.related is None else f" (related to {answer.related})"
    shown = f"story {answer.story}{related}  {record.title}"
    if held or done:
        shown += f"\n         {held}: {done or 'nothing new to tell'}"
    out().print(shown, soft_wrap=True)
