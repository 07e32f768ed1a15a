"""`bot.py story`: an article is split off its story, two stories are joined."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.app.clock import machine_zone, now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.reading import rules_of
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError
from monitors.pipeline.book import Book, open_book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import AlertId
from monitors.pipeline.regrouping.join import Joined
from monitors.pipeline.regrouping.join import join as join_stories
from monitors.pipeline.regrouping.retelling import COMMAND_LINE, NotDone
from monitors.pipeline.regrouping.split import Split
from monitors.pipeline.regrouping.split import split as split_off
from monitors.pipeline.regrouping.wording import named
from monitors.stories.article import ArticleId, StoryId

T = TypeVar("T", Split, Joined)
app = typer.Typer(
    help="Split an article off its story, or join two stories; `alerts --why` has the numbers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("split", epilog="Example: python bot.py story split 57")
def split(
    article: Annotated[int, typer.Argument(min=1, help="Its number, as `alerts --why` says it.")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Have an article in a story of its own; messages that list it are revised."""

    def work(ledger: Ledger, book: Book) -> Split | NotDone:
        if ledger.regrouping.story_of(ArticleId(article)) is None:
            raise MonitorsError(
                f"There is no article {article}. The numbers of those of an alert, such as 12: "
                "python bot.py alerts --why 12"
            )
        return split_off(ledger, book, ArticleId(article), COMMAND_LINE, now())

    done = _changed(from_environment(rules, data), work)
    if as_json:
        print_json({"done": "split", "article": done.article.id, "story": done.story})
    else:
        out().print(f"split off: {named(done.article)}", soft_wrap=True)


@app.command("join", epilog="Example: python bot.py story join 12 15")
def join(
    alert: Annotated[int, typer.Argument(min=1, help="Its number, as `alerts` says it.")],
    other: Annotated[int, typer.Argument(min=1, help="Another alert of the same event.")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Have the stories of two alerts told as one; each chat keeps its older message."""

    def work(ledger: Ledger, book: Book) -> Joined | NotDone:
        told = [_story(ledger, AlertId(number)) for number in (alert, other)]
        return join_stories(ledger, book, told[0], told[1], COMMAND_LINE, now())

    done = _changed(from_environment(rules, data), work)
    if as_json:
        print_json({"done": "joined", "story": done.story, "articles": done.articles})
    else:
        out().print(f"joined: one story of {done.articles} articles")


def _story(ledger: Ledger, alert: AlertId) -> StoryId:
    told = ledger.regrouping.alert(alert)
    if told is None:
        raise MonitorsError(f"There is no alert {alert}. Their numbers: python bot.py alerts")
    return told.story


def _changed(settings: Settings, work: Callable[[Ledger, Book], T | NotDone]) -> T:
    """Answer what *work* has done to the store, which a running Newsbell may use as well.

    Raises:
        MonitorsError: nothing was done.
    """
    with look_into(settings.store):
        pass  # which says so where there is none, instead of making one
    book = open_book(rules_of(settings), machine_zone())
    store = SqliteStore(settings.store)
    try:
        done = store.write_now(lambda ledger: work(ledger, book))
    finally:
        store.close()
    if isinstance(done, NotDone):
        raise MonitorsError(done.why)
    return done
