"""A read-only look into the store, beside a Newsbell that may be running."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from monitors.adapters.sqlite.ledger import SqliteLedger
from monitors.errors import StoreError


@contextmanager
def look_into(path: Path) -> Iterator[SqliteLedger]:
    """Answer the store at *path*, of which nothing can be changed.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    if not path.exists():
        raise StoreError(
            f"There is no data in {path.parent} yet. Start Newsbell once (make run), or name "
            "its directory with --data."
        )
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA busy_timeout = 5000")
            yield SqliteLedger(Database(connection))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}.") from None
