"""The store within one transaction."""

from sqlite_utils import Database

from monitors.adapters.sqlite.articles import SqliteArticles
from monitors.adapters.sqlite.gathering.feeds import SqliteFeeds
from monitors.adapters.sqlite.gathering.pages import SqliteHolds, SqlitePages
from monitors.adapters.sqlite.gathering.subscriptions import SqliteSubscriptions
from monitors.adapters.sqlite.heartbeat import SqliteHeart
from monitors.adapters.sqlite.regrouping import SqliteRegrouping
from monitors.adapters.sqlite.search import SqliteSearch
from monitors.adapters.sqlite.sending.alerts import SqliteAlerts
from monitors.adapters.sqlite.sending.outbox import SqliteOutbox
from monitors.adapters.sqlite.sending.overview import SqliteOverview
from monitors.adapters.sqlite.stories import SqliteStories
from monitors.adapters.sqlite.talking.dialogs import SqliteDialogs
from monitors.adapters.sqlite.talking.history import SqliteHistory
from monitors.adapters.sqlite.talking.mutes import SqliteMutes
from monitors.adapters.sqlite.talking.opinions import SqliteKeyboards, SqliteOpinions
from monitors.adapters.sqlite.talking.talks import SqliteTalks
from monitors.adapters.sqlite.window import Shelf, SqliteWindow


class SqliteLedger:
    """All rows of the store; implements `pipeline.ports.Ledger`."""

    def __init__(self, database: Database, shelf: Shelf | None = None) -> None:
        self.feeds = SqliteFeeds(database)
        self.articles = SqliteArticles(database)
        self.stories = SqliteStories(database)
        self.regrouping = SqliteRegrouping(database)
        self.window = SqliteWindow(database, shelf or Shelf())
        self.search = SqliteSearch(database)
        self.pages = SqlitePages(database)
        self.holds = SqliteHolds(database)
        self.subscriptions = SqliteSubscriptions(database)
        self.alerts = SqliteAlerts(database)
        self.outbox = SqliteOutbox(database)
        self.overview = SqliteOverview(database)
        self.history = SqliteHistory(database)
        self.mutes = SqliteMutes(database)
        self.opinions = SqliteOpinions(database)
        self.keyboards = SqliteKeyboards(database)
        self.dialogs = SqliteDialogs(database)
        self.talks = SqliteTalks(database)
        self.heart = SqliteHeart(database)
