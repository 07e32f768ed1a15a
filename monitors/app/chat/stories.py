"""`/why`, `/split` and `/join`, and the buttons under alerts: people say what is one story."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitors.adapters.telegram.listener import Place, Pressed, Said
from monitors.alerts.destinations import destination_key
from monitors.alerts.showing.buttons import Deed, Wish, split_buttons, wish_of
from monitors.app.chat.asking import Answer, Refusals
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import AlertId, ToldAlert
from monitors.pipeline.regrouping.join import join
from monitors.pipeline.regrouping.messages import messages_of
from monitors.pipeline.regrouping.retelling import NotDone
from monitors.pipeline.regrouping.split import split
from monitors.pipeline.regrouping.why import Explained, explain
from monitors.pipeline.regrouping.wording import chat_text, named
from monitors.rules.rulebook import Telegram
from monitors.stories.article import ArticleId

_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_AGAIN = timedelta(minutes=1)
_MOST_REMEMBERED = 1_000
_OLD = "This button is too old, or not of this chat."
_NO_ALERT = "Answer one of the bot's alerts with {}: it is about that story."
_SPLIT_USAGE = (
    "Answer an alert, or what /why says of it, with /split and the number of the article that is "
    "another story.\nFor example: /split 2"
)
_JOINED = "They are one story now."
_NO_RELATION = (
    "That alert is not related to an earlier one. Whoever runs Newsbell can join any two: "
    "python bot.py story join --help"
)


@dataclass(slots=True)
class StoryEditor:
    """Answers what people ask of stories, and changes them for those who may.

    Everybody may ask in a chat that rules.yaml names, but for channels, where readers shall not
    make the bot write. Changing is for administrators, and for people in their own chats.
    """

    store: Store
    in_force: InForce
    admins: tuple[str, ...]
    clock: Clock
    _refusals: Refusals = field(default_factory=Refusals)
    _explained: dict[tuple[Place, AlertId], tuple[str, datetime]] = field(default_factory=dict)

    @property
    def commands(self) -> frozenset[str]:
        """The commands that it answers."""
        return frozenset(deed.value for deed in Deed)

    async def answer(self, said: Said, command: str, rest: str) -> Answer | None:
        """Answer a command."""
        deed = Deed(command)
        refusal = self._refusal(deed, said)
        if refusal is not None:
            due = self._refusals.are_due(said.user, self.clock())
            return Answer(refusal) if due else None
        return await self.store.write(lambda ledger: self._carry_out(ledger, deed, said, rest))

    async def press(self, pressed: Pressed) -> tuple[str, Answer | None]:
        """Answer what is shown for a moment to whoever has pressed a button, and what stays."""
        wish = wish_of(pressed.data)
        if wish is None:
            return _OLD, None
        refusal = self._refusal(wish.deed, pressed)
        if refusal is not None:
            return refusal, None
        return await self.store.write(lambda ledger: self._grant(ledger, pressed, wish))

    def _refusal(self, deed: Deed, asker: Said | Pressed) -> str | None:
        """Answer why whoever asks may not have what they ask for."""
        place, user = asker.place, asker.user
        chats = (chat.destination for chat in self.in_force.book.chats.values())
        named_ids = {one.chat_id.lower() for one in chats if isinstance(one, Telegram)}
        is_told = not named_ids.isdisjoint(_ids(place))
        if deed is Deed.WHY and is_told and not place.is_channel:
            return None
        if user in self.admins or (is_told and place.chat == user):
            return None
        return (
            "Only those who look after this Newsbell may do that. If that is you, put your "
            f"number, {user}, into ADMINS and start it again."
        )

    def _destinations(self, place: Place) -> tuple[str, ...]:
        """Answer what the store calls the chats of rules.yaml that are at *place*."""
        there = (chat.destination for chat in self.in_force.book.chats.values())
        return tuple(
            destination_key(one)
            for one in there
            if isinstance(one, Telegram)
            and one.chat_id.lower() in _ids(place)
            and one.topic == place.topic
        )

    def _carry_out(self, ledger: Ledger, deed: Deed, said: Said, rest: str) -> Answer:
        told = self._meant(ledger, said) if said.reply_to else None
        match deed:
            case Deed.WHY:
                if told is None and said.reply_to is None:
                    told = ledger.regrouping.newest(self._destinations(said.place))
                    if told is None:
                        return Answer("There is no alert in this chat yet.")
                return self._why(ledger, told) if told else Answer(_NO_ALERT.format("/why"))
            case Deed.SPLIT:
                article = self._numbered(ledger, said, told, rest)
                if article is None:
                    return Answer(_SPLIT_USAGE)
                return Answer(self._split(ledger, said, article))
            case Deed.JOIN:
                return Answer(self._join(ledger, said, told) if told else _NO_ALERT.format("/join"))

    def _grant(self, ledger: Ledger, pressed: Pressed, wish: Wish) -> tuple[str, Answer | None]:
        if wish.deed is Deed.SPLIT:
            return self._split(ledger, pressed, ArticleId(wish.number)), None
        told = ledger.regrouping.alert(AlertId(wish.number))
        if told is None or not _is_of(told, pressed.place):
            return _OLD, None
        if wish.deed is Deed.JOIN:
            return self._join(ledger, pressed, told), None
        answer = self._why(ledger, told)
        if self._is_there(pressed.place, told.id, answer.text):
            return "The answer is in the chat already.", None
        return "", answer

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

    def _meant(self, ledger: Ledger, said: Said) -> ToldAlert | None:
        """Answer the alert whose message, or whose explanation, is answered."""
        return ledger.regrouping.shown(said.reply_to or "", _ids(said.place))

    def _split(self, ledger: Ledger, asker: Said | Pressed, article: ArticleId) -> str:
        story = ledger.regrouping.story_of(article)
        chats = self.in_force.book.chats
        messages = messages_of(ledger, chats, story) if story else ()
        if not any(_is_of(message.told, asker.place) for message in messages):
            return _OLD
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
        return Answer(chat_text(explained), buttons)

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


def _ids(place: Place) -> tuple[str, ...]:
    """Answer what rules.yaml may call the chat."""
    return (place.chat, place.name.lower()) if place.name else (place.chat,)


def _is_of(told: ToldAlert, place: Place) -> bool:
    """Answer whether the message of an alert is in the chat, whatever the topic."""
    parts = (told.destination or "").split(":")
    return len(parts) > 1 and parts[1].lower() in _ids(place)
