"""A store with feeds of several outlets, and a person who splits and joins stories."""

from datetime import timedelta

from monitors.adapters.sqlite.columns import reason_json
from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.grouping.reason import Ground, Reason, Strength
from monitors.pipeline.accept import Carrier, accept_entries, accept_page
from monitors.pipeline.alert import give_page_up
from monitors.pipeline.book import Book
from monitors.pipeline.judge import judge
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import Letter, Settled, State
from monitors.pipeline.regrouping.join import Joined, join
from monitors.pipeline.regrouping.retelling import NotDone
from monitors.pipeline.regrouping.split import Split, split
from monitors.pipeline.regrouping.why import Explained, explain
from monitors.rules.rulebook import Chat
from monitors.stories.article import ArticleId, StoryId
from monitors.stories.identity import identify
from monitors.stories.page import NoText, Page
from tests.fakes.stand_ins import UNHURRIED, Clock

ANN = "42"


class EditorsDesk:
    """Articles arrive one by one, each from an outlet of its own; messages arrive at once.

    Where it *reads_pages*, they are read when a test says so.
    """

    def __init__(self, book: Book, *, reads_pages: bool = False) -> None:
        self._reads_pages = reads_pages
        self.store = SqliteStore(None)
        self.book = book
        self.clock = Clock()
        self.arrived: dict[str, list[tuple[str, str | None, str]]] = {}
        self._articles = 0
        self._messages = 0

    def publishes(self, title: str, **more: object) -> ArticleId:
        """Take in an article of another outlet; answer its number."""
        self._articles += 1
        return self._carries(self._articles, title, **more)

    def corrects(self, article: int, title: str) -> None:
        """Have the outlet of an article give it another headline."""
        self._carries(article, title)

    def _carries(self, number: int, title: str, **more: object) -> ArticleId:
        link = f"https://outlet-{number}.example/1"
        usual = {"id": f"id-{number}", "title": title, "outlet": f"Outlet {number}", "url": link}
        values = usual | more
        address = f"https://outlet-{number}.example/feed"
        entry = Entry(**values)
        document = Document(format="atom10", title="Outlet", entries=(entry,))

        def work(ledger: Ledger) -> ArticleId:
            now = self.clock()
            ids = ledger.feeds.sync([Feed(address=address, catch_up=None)], now)
            carrier = Carrier(
                id=ids[address],
                feed=Feed(address=address, catch_up=None),
                watched=frozenset({address}),
                has_pages=self._reads_pages,
            )
            judged = judge(ledger, carrier=carrier, found=identify(document.entries), now=now)
            acceptance = accept_entries(
                ledger,
                book=self.book,
                carrier=carrier,
                document=document,
                verdicts=judged.verdicts,
                now=now,
            )
            return acceptance.accepted[0].article

        article = self.store.write_now(work)
        self.delivers()
        return article

    def wanted(self) -> list[str]:
        """Answer the links of the pages that are to be read."""
        until = self.clock() + timedelta(minutes=3)
        claimed = self.store.write_now(
            lambda ledger: ledger.pages.claim(self.clock(), until, 10, 100)
        )
        return [one.link for one in claimed]

    def reads(self, article: ArticleId, text: str) -> None:
        """Take in the page of an article, and deliver what that makes."""
        self.store.write_now(
            lambda ledger: accept_page(ledger, self.book, article, Page(text=text), self.clock())
        )
        self.delivers()

    def gives_up(self, article: ArticleId) -> None:
        """Find the page of an article gone, and deliver what that makes."""
        gone = NoText(message="the page is gone")
        self.store.write_now(
            lambda ledger: give_page_up(ledger, self.book, article, gone, self.clock())
        )
        self.delivers()

    def relates(self, story: StoryId, to: StoryId, **more: object) -> None:
        """Have *story* likely the same event as an earlier one."""
        values = {"ground": Ground.LIKENESS, "strength": Strength.LIKELY} | more
        reason = reason_json(Reason(**values))
        self.store.write_now(
            lambda ledger: ledger.feeds._db.execute(  # type: ignore[attr-defined]
                "UPDATE story SET related_to = ?, related_by = ? WHERE id = ?", [to, reason, story]
            )
        )

    def splits(self, article: int) -> Split | NotDone:
        """Split an article off, and deliver what that makes."""
        done = self.store.write_now(
            lambda ledger: split(ledger, self.book, ArticleId(article), ANN, self.clock())
        )
        self.delivers()
        return done

    def joins(self, story: int, into: int) -> Joined | NotDone:
        """Join two stories, and deliver what that makes."""
        done = self.store.write_now(
            lambda ledger: join(ledger, self.book, StoryId(story), StoryId(into), ANN, self.clock())
        )
        self.delivers()
        return done

    def explains(self, story: int, chat: Chat | None = None) -> Explained:
        """Answer why a story is one, or the message of a chat in which it stands."""
        return self.store.write_now(lambda ledger: explain(ledger, StoryId(story), chat))

    def story_of(self, article: int) -> StoryId:
        """Answer the story of an article."""
        story = self.store.write_now(lambda ledger: ledger.regrouping.story_of(ArticleId(article)))
        assert story is not None
        return story

    def articles(self, story: int) -> list[ArticleId]:
        """Answer the articles of a story."""
        placed = self.store.write_now(lambda ledger: ledger.stories.placed(StoryId(story)))
        return [one.id for one in placed]

    def window(self) -> dict[ArticleId, StoryId]:
        """Answer where the articles are in memory."""
        reports = self.store.write_now(lambda ledger: ledger.window.at(self.clock())._reports)
        return {article: story for article, (story, _) in reports.items()}

    def delivers(self) -> None:
        """Deliver everything that is due; each chat shows one text for each message."""
        while True:
            self.clock.at += timedelta(seconds=10)
            letters = self.store.write_now(
                lambda ledger: ledger.outbox.claim(self.clock(), 10, UNHURRIED)
            )
            if not letters:
                return
            for letter in letters:
                self._deliver(letter)

    def rang(self, chat: str = "screen") -> list[str]:
        """Answer the headlines of the new messages of a chat, in their order."""
        return [title for kind, _, title in self.arrived.get(chat, ()) if kind == "new"]

    def shows(self, chat: str = "screen") -> dict[str, list[str]]:
        """Answer what each message of a chat lists now, or its note."""
        now: dict[str, list[str]] = {}
        for _, message, text in self.arrived.get(chat, ()):
            assert message is not None
            now[message] = text.splitlines()
        return now

    def _deliver(self, letter: Letter) -> None:
        message = letter.message_id
        if message is None:
            self._messages += 1
            message = str(self._messages)
        if letter.digest:
            stories = letter.digest.stories
            text = "\n".join(": ".join(filter(None, (one.outlet, one.note))) for one in stories)
        else:
            assert letter.content is not None
            content = letter.content
            lines = [content.outlet, *(one.outlet for one in content.others)]
            text = "\n".join([*lines, *([content.note] if content.note else [])])
        kind = "edit" if letter.message_id else "new"
        self.arrived.setdefault(letter.chat, []).append((kind, message, text))
        settled = Settled(
            state=State.SENT,
            outcome="delivered",
            message_id=message,
            destination=_destination(letter.chat),
        )
        self.store.write_now(lambda ledger: ledger.outbox.settle(letter, settled, self.clock(), 1))


def _destination(chat: str) -> str:
    number = chat.removeprefix("-").isdecimal()
    return f"telegram:{chat if number else f'@{chat}'}:"
