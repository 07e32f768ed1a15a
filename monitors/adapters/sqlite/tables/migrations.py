"""The tables of the store, as they came to be."""

from sqlite_utils import Database, Migrations

from monitors.adapters.sqlite.tables.digests import DIGEST_TABLES
from monitors.adapters.sqlite.tables.editing import EDITING_TABLES, REFUSED_TABLE
from monitors.adapters.sqlite.tables.first import FIRST_TABLES
from monitors.adapters.sqlite.tables.muting import MUTING_TABLES
from monitors.adapters.sqlite.tables.sending import rebuild
from monitors.adapters.sqlite.tables.talking import TALKING_TABLES
from monitors.errors import StoreNewerError

migrations = Migrations("newsbell")


@migrations()
def m001_first_tables(db: Database) -> None:
    """Create everything; times are milliseconds since 1970."""
    db.executescript(FIRST_TABLES)


@migrations()
def m002_sending(db: Database) -> None:
    """Pace, hold and order letters by peer; keep what is dead, and what was in doubt."""
    rebuild(db)


@migrations()
def m003_digests(db: Database) -> None:
    """Tell of several alerts in one message."""
    db.executescript(DIGEST_TABLES)


@migrations()
def m004_muting(db: Database) -> None:
    """Remember what people mute, what that kept from them, and what they think of alerts."""
    db.executescript(MUTING_TABLES)


@migrations()
def m005_editing(db: Database) -> None:
    """Remember how rules.yaml changed, and what is proposed."""
    db.executescript(EDITING_TABLES)


@migrations()
def m006_talking(db: Database) -> None:
    """Remember what people were asked."""
    db.executescript(TALKING_TABLES)


@migrations()
def m007_refused(db: Database) -> None:
    """Remember why rules.yaml is not in force."""
    db.executescript(REFUSED_TABLE)


def migrate(database: Database) -> None:
    """Bring *database* up to date; each step happens whole or not at all.

    Raises:
        StoreNewerError: a newer Newsbell has written it.
    """
    known = {step.name for step in migrations.pending(Database(memory=True))}
    unknown = {step.name for step in migrations.applied(database)} - known
    if unknown:
        raise StoreNewerError(
            "The data was written by a newer Newsbell. Install that version again, or start "
            "with another --data directory."
        )
    migrations.apply(database)
