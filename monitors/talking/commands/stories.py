"""`/why`, `/split` and `/join`, and the buttons under alerts: people say what is one story."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitors.alerts.destinations import destination_key
from monitors.alerts.showing.buttons import Deed, Wish, split_buttons, wish_of
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import AlertId, ToldAlert
from monitors.pipeline.regrouping.join import join
from monitors.pipeline.regrouping.messages import messages_of
from monitors.pipeline.regrouping.retelling import NotDone
from monitors.pipeline.regrouping.split import split
from monitors.pipeline.regrouping.why import Explained, explain
from monitors.pipeline.regrouping.wording import chat_text, named
from monitors.stories.article import ArticleId
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.commands.picked import picked, which
from monitors.talking.heard import Place, Pressed, Said
from monitors.talking.roles import Role, chats_at

_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_AGAIN = timedelta(minutes=1)
_MOST_REMEMBERED = 1_000
_NO_ALERT = "Answer one of the bot's alerts with {}: it is about that story."
_SPLIT_USAGE = (
    "Answer an alert, or what /why says of it, with /split and the number of the article that is "
    "another story.\nFor example: /split 2"
)
_IN_DIGEST = (
    "That message tells of several stories. Answer it with /why and the number of one, for example "
    "/why 1, and then answer what that says."
)
_JOINED = "They are one story now."
_NO_RELATION = (
    "That alert is not related to an earlier one. Whoever runs Newsbell can join any two: "
    "python bot.py story join --help"
)


_OFFERED = (
    Command(
        name="why",
        does="Why the articles of an alert are one story",
        example="/why, as an answer to an alert",
        needs=Role.READER,
    ),
    Command(
        name="split",
        does="Tell an article as a story of its own",
        example="/split 2, as an answer to an alert",
        needs=Role.OWNER,
    ),
    Command(
        name="join",
        does="Tell an alert and the earlier one as one story",
        example="/join, as an answer to an alert",
        needs=Role.OWNER,
    ),
)


@dataclass(slots=True)
class StoryEditor(Commands):
    """Answers what people ask of stories, and changes them for those who may.

    Everybody may ask in a chat that rules.yaml names; changing is for those who look after it.
    """

    store: Store
    in_force: InForce
    clock: Clock
    _explained: dict[tuple[Place, AlertId], tuple[str, datetime]] = field(default_factory=dict)

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {command.name: command.needs for command in _OFFERED}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer a command."""
        deed = Deed(asked.command)
        return await self.store.write(
            lambda ledger: self._carry_out(ledger, deed, asked.said, asked.rest)
        )

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do what a button is for."""
        del role
        wish = wish_of(pressed.data)
        if wish is None:
            return Reaction(toast=OLD_BUTTON)
        return await self.store.write(lambda ledger: self._grant(ledger, pressed, wish))

    def _destinations(self, place: Place) -> tuple[str, ...]:
        """Answer what the store calls the chats of rules.yaml that are at *place*."""
        there = chats_at(self.in_force.book, place, everywhere=False)
        return tuple(destination_key(chat.destination) for chat in there)

    def _is_here(self, told: ToldAlert, place: Place) -> bool:
        return is_of(told, place, self.in_force.book)

    def _carry_out(self, ledger: Ledger, deed: Deed, said: Said, rest: str) -> Answer:
        about = picked(ledger, said, rest)
        if about.several or (deed is Deed.SPLIT and about.rest != rest):
            return plain(_IN_DIGEST if deed is Deed.SPLIT else which(deed.value))
        told = about.told
        match deed:
            case Deed.WHY:
                if told is None and said.reply_to is None:
                    told = ledger.regrouping.newest(self._destinations(said.place))
                    if told is None:
                        return plain("There is no alert in this chat yet.")
                return self._why(ledger, told) if told else plain(_NO_ALERT.format("/why"))
            case Deed.SPLIT:
                article = self._numbered(ledger, said, told, rest)
                if article is None:
                    return plain(_SPLIT_USAGE)
                return plain(self._split(ledger, said, article))
            case Deed.JOIN:
                return plain(self._join(ledger, said, told) if told else _NO_ALERT.format("/join"))

    def _grant(self, ledger: Ledger, pressed: Pressed, wish: Wish) -> Reaction:
        if wish.deed is Deed.SPLIT:
            return Reaction(toast=self._split(ledger, pressed, ArticleId(wish.number)))
        told = ledger.regrouping.alert(AlertId(wish.number))
        if told is None or not self._is_here(told, pressed.place):
            return Reaction(toast=OLD_BUTTON)
        if wish.deed is Deed.JOIN:
            return Reaction(toast=self._join(ledger, pressed, told))
        answer = self._why(ledger, told)
        if self._is_there(pressed.place, told.id, answer.text):
            return Reaction(toast="The answer is in the chat already.")
        return Reaction(answer=answer)

    def _is_there(self, place: Place, alert: AlertId, text: str) -> bool:
        """Answer whether the chat has just been told so: nobody shall make the bot talk."""
        now, key = self.clock(), (place, alert)
        last = self._explained.get(key)
        if last and last[0] == text and now - last[1] < _AGAIN:
            return True
        if len(self._explained) >= _MOST_REMEMBERED:
            self._explained.clear()
        self._explained[key] = text, now
        return False

    def _split(self, ledger: Ledger, asker: Said | Pressed, article: ArticleId) -> str:
        story = ledger.regrouping.story_of(article)
        chats = self.in_force.book.chats
        messages = messages_of(ledger, chats, story) if story else ()
        if not any(self._is_here(message.told, asker.place) for message in messages):
            return OLD_BUTTON
        done = split(ledger, self.in_force.book, article, asker.user, self.clock())
        if isinstance(done, NotDone):
            return done.why
        return f"Split off: {named(done.article)}"

    def _join(self, ledger: Ledger, asker: Said | Pressed, told: ToldAlert) -> str:
        story = ledger.regrouping.current(told.story)
        if story != told.story:
            return "They are one story already."
        related = ledger.stories.related(story)
        if related is None:
            return _NO_RELATION
        done = join(ledger, self.in_force.book, story, related[0], asker.user, self.clock())
        return done.why if isinstance(done, NotDone) else _JOINED

    def _explain(self, ledger: Ledger, told: ToldAlert) -> Explained:
        return explain(ledger, told.story, self.in_force.book.chats.get(told.chat))

    def _why(self, ledger: Ledger, told: ToldAlert) -> Answer:
        explained = self._explain(ledger, told)
        others = explained.articles[1:]
        buttons = split_buttons((one.number, one.article.id) for one in others)
        return plain("\n".join((chat_text(explained), *_silenced(ledger, told))), *buttons)

    def _numbered(
        self, ledger: Ledger, said: Said, told: ToldAlert | None, rest: str
    ) -> ArticleId | None:
        """Answer the article that `/split N` means.

        What /why has said has a button for each number, which means the same article for ever.
        """
        if not _NUMBER.fullmatch(rest):
            return None
        number = int(rest)
        if told is None:
            labels = {label: wish_of(data) for label, data in said.buttons}
            for label, wish in labels.items():
                if wish and wish.deed is Deed.SPLIT and label.rsplit(" ", 1)[-1] == str(number):
                    return ArticleId(wish.number)
            return None
        articles = self._explain(ledger, told).articles
        return articles[number - 1].article.id if 0 < number <= len(articles) else None


def _silenced(ledger: Ledger, told: ToldAlert) -> tuple[str, ...]:
    """Answer the line that says what the chat was not told of the story."""
    found = ledger.mutes.silenced(1, chats=(told.chat,), story=told.story)
    return tuple(
        f"Not told here, {one.times} time{'' if one.times == 1 else 's'}: {one.why}"
        for one in found
    )


def is_of(told: ToldAlert, place: Place, book: Book) -> bool:
    """Answer whether the message of an alert is in the chat, whatever the topic.

    Somebody may be so quick that Telegram has not yet said where it is, or press a button below
    a reply to a message that is gone.
    """
    if ":" not in (told.destination or ""):
        return told.chat in {chat.name for chat in chats_at(book, place)}
    return (told.destination or "").split(":")[1].lower() in place.ids
