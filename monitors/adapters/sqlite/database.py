"""The writer thread, which makes many small transactions one commit; and looks beside it."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from monitors.adapters.sqlite.ledger import SqliteLedger
from monitors.adapters.sqlite.tables.migrations import migrate
from monitors.adapters.sqlite.window import Shelf
from monitors.errors import StoreError
from monitors.pipeline.ports import Ledger

T = TypeVar("T")

# A commit waits for the disk; while it does, the next ones gather.
_LARGEST_GROUP = 200
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A message that was sent must not be forgotten when the power fails.
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",
    "PRAGMA journal_size_limit = 67108864",
)


@dataclass(slots=True)
class _Job:
    work: Callable[[Ledger], Any]
    future: Future[Any]


class SqliteStore:
    """The store in one SQLite file, or in memory; implements `pipeline.ports.Store`."""

    def __init__(self, path: Path | None) -> None:
        """Open the store, and bring it up to date.

        Args:
            path: of the file; None keeps everything in memory.

        Raises:
            StoreError: the file cannot be used.
        """
        self._name = str(path or ":memory:")
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._shelf = Shelf()
        self._version = 0
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="sqlite-writer", daemon=True
        )
        self._thread.start()
        opened.result()
        self._opened = _number(path) if path else None

    def write(self, work: Callable[[Ledger], T]) -> Awaitable[T]:
        """Run *work* in the writer thread; what it raises undoes only what it did.

        Raises:
            StoreError: the file cannot be written, for instance because the disk is full.
        """
        job = _Job(work, Future())
        self._jobs.put(job)
        return asyncio.wrap_future(job.future)

    def write_now(self, work: Callable[[Ledger], T]) -> T:
        """Do what `write` does for a caller without an event loop."""
        job = _Job(work, Future())
        self._jobs.put(job)
        answer: T = job.future.result()
        return answer

    def check(self) -> None:
        """Make sure that the file is the one that was opened.

        Raises:
            StoreError: it was moved, replaced or deleted: what is stored now would be lost.
        """
        if self._opened is not None and _number(Path(self._name)) != self._opened:
            raise StoreError(
                f"{self._name} was moved or deleted while Newsbell was running. Put it back if "
                "you can, then start Newsbell again."
            )

    def close(self) -> None:
        """End what was asked for, and close the file."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self, opened: Future[None]) -> None:
        try:
            database = self._open()
        except (sqlite3.Error, OSError) as error:
            opened.set_exception(
                StoreError(
                    f"{self._name} cannot be used: {error}. See that the disk has room and that "
                    "the file may be written, or choose another directory with --data."
                )
            )
            return
        except StoreError as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        try:
            while jobs := self._next_jobs():
                self._run_jobs(database, jobs)
        finally:
            database.close()

    def _open(self) -> sqlite_utils.Database:
        connection = sqlite3.connect(self._name, isolation_level=None)
        database = sqlite_utils.Database(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        migrate(database)
        return database

    def _next_jobs(self) -> list[_Job]:
        """Wait for a job, and take what has gathered behind it; nothing at the end."""
        first = self._jobs.get()
        if first is None:
            return []
        jobs = [first]
        while len(jobs) < _LARGEST_GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return jobs

    def _run_jobs(self, database: sqlite_utils.Database, jobs: list[_Job]) -> None:
        """Run *jobs* in one transaction, each of them revocable, and answer after the commit."""
        done: list[tuple[_Job, Any]] = []
        try:
            database.execute("BEGIN IMMEDIATE")
            self._heed_others(database)
            for job in jobs:
                if job.future.set_running_or_notify_cancel():
                    self._run_job(database, job, done)
            database.commit()
        except sqlite3.Error as error:
            database.rollback()
            self._shelf.clear()
            problem = StoreError(
                f"{self._name} cannot be written: {error}. Make room on the disk, then start "
                "Newsbell again: nothing that it had stored is lost."
            )
            for job in jobs:
                if not job.future.done():
                    job.future.set_exception(problem)
            return
        for job, answer in done:
            job.future.set_result(answer)

    def _heed_others(self, database: sqlite_utils.Database) -> None:
        """Trust no memory of the file if another process has written to it meanwhile."""
        version = int(database.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            self._version = version
            self._shelf.clear()

    def _run_job(
        self, database: sqlite_utils.Database, job: _Job, done: list[tuple[_Job, Any]]
    ) -> None:
        self._shelf.changed = False
        try:
            with database.atomic():
                done.append((job, job.work(SqliteLedger(database, self._shelf))))
        except sqlite3.OperationalError:  # the disk is full: nobody's work can be kept
            raise
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever asked for the work
            if self._shelf.changed:
                self._shelf.clear()
            job.future.set_exception(error)


def _number(path: Path) -> tuple[int, int] | None:
    """Answer what tells the file at *path* from all others; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


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
            yield SqliteLedger(sqlite_utils.Database(connection))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}.") from None
