"""The state behind the fake Telegram: one bot, its chats, messages, updates, files and menus."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.fakes.telegram_chats import (
    ADMINISTRATORS,
    Chat,
    Document,
    MemberStatus,
    Message,
    User,
    Version,
    member_json,
    message_json,
)
from tests.fakes.telegram_limits import Clock, Limits

# Telegram takes the answer to a pressed button only for a short time.
QUERY_SECONDS: Final = 30.0
_UNASKED: Final = {"chat_member", "message_reaction", "message_reaction_count"}


class RefusalError(Exception):
    """Telegram's answer to a call that it does not carry out."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> RefusalError:
    """The refusal of a call that is wrong."""
    return RefusalError(400, f"Bad Request: {reason}")


def too_many(seconds: int) -> RefusalError:
    """The refusal of a call that comes too soon."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(slots=True)
class Query:
    """A pressed button. `answer` is what the person was shown: "" nothing, None not yet."""

    id: str
    user_id: int
    data: str
    at: float
    answer: str | None = None
    alert: bool = False


class Account:
    """Everything that one bot's token opens. `TelegramApi` locks around it."""

    def __init__(self, token: str, clock: Clock, changed: Callable[[], None]) -> None:
        self.token = token
        self.clock = clock
        self.limits = Limits(clock)
        self.bot = User(int(token.partition(":")[0]), "Newsbell", "newsbell_bot", is_bot=True)
        self.privacy = True
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Document] = {}
        self.queries: dict[str, Query] = {}
        self.menus: dict[tuple[str, int, int, str], list[dict[str, str]]] = {}
        self._allowed: frozenset[str] = frozenset()
        self._updates: list[dict[str, Any]] = []
        self._update_ids = itertools.count(700_000_001)
        self._query_ids = itertools.count(5_000_000_000_000_000_001)
        self._file_numbers = itertools.count(1)
        self._changed = changed
        self._first_free_id = 1

    def chat(self, chat_id: int | str) -> Chat:
        """The chat with this id or @name; refused as Telegram does when the bot never met it."""
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            found = (
                c
                for c in self.chats.values()
                if c.kind != "private" and (c.username or "").lower() == name
            )
            chat = next(found, None)
        else:
            chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def user(self, user_id: int) -> User:
        """The user with this id, made up when a test names one for the first time."""
        return self.users.setdefault(user_id, User(user_id, f"User {user_id}"))

    def store(self, chat: Chat, sender: User | None, **content: Any) -> Message:
        """A new message in the chat, with the next id of its counter."""
        if chat.own_counter:
            message_id, chat.first_free_id = chat.first_free_id, chat.first_free_id + 1
        else:
            message_id, self._first_free_id = self._first_free_id, self._first_free_id + 1
        message = Message(chat.id, message_id, self.clock.date(), sender, **content)
        chat.messages[message_id] = message
        self._changed()
        return message

    def store_own(self, chat: Chat, **content: Any) -> Message:
        """A new message of the bot; in a channel it stands there in the channel's name."""
        sender = None if chat.kind == "channel" else self.bot
        return self.store(chat, sender, by_bot=True, **content)

    def edit(self, message: Message, **content: Any) -> Message:
        """The message with new content; how it looked before is kept in its versions."""
        old = Version(
            message.text, message.entities, message.reply_markup, message.edit_date or message.date
        )
        edited = replace(
            message, edit_date=self.clock.date(), versions=(*message.versions, old), **content
        )
        self.chats[message.chat_id].messages[message.message_id] = edited
        self._changed()
        return edited

    def delete(self, message: Message) -> None:
        """Take the message out of sight."""
        deleted = replace(message, deleted=True)
        self.chats[message.chat_id].messages[message.message_id] = deleted
        self._changed()

    def keep_file(self, name: str, mime_type: str, content: bytes) -> Document:
        """Keep a file under a new file_id."""
        file_id = f"BQACAgIAAxkDAAI{next(self._file_numbers):06}"
        self.files[file_id] = Document(file_id, name, mime_type, content)
        return self.files[file_id]

    def ask(self, user_id: int, message: Message, data: str) -> Query:
        """A pressed button: the query and the update that tells the bot."""
        query = Query(str(next(self._query_ids)), user_id, data, self.clock.now())
        self.queries[query.id] = query
        chat = self.chats[message.chat_id]
        current = chat.messages[message.message_id]
        shown = message_json(current, chat)
        if current.deleted:
            shown = {"chat": chat.as_json(), "message_id": current.message_id, "date": 0}
        self.push(
            "callback_query",
            {
                "id": query.id,
                "from": self.user(user_id).as_json(),
                "message": shown,
                "chat_instance": str(abs(chat.id) + 10**15),
                "data": data,
            },
        )
        return query

    def push_message(self, kind: str, message: Message) -> None:
        """An update of this kind for a message."""
        self.push(kind, message_json(message, self.chats[message.chat_id]))

    def change_membership(self, chat: Chat, actor: User, status: MemberStatus) -> None:
        """The bot's new place in the chat, told by a my_chat_member update."""
        old, chat.bot_status = chat.bot_status, status
        self.push(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": actor.as_json(),
                "date": self.clock.date(),
                "old_chat_member": member_json(self.bot, old, chat.kind),
                "new_chat_member": member_json(self.bot, status, chat.kind),
            },
        )

    def push(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in _UNASKED
        if wanted:
            self._updates.append({"update_id": next(self._update_ids), kind: payload})
        self._changed()

    def allow(self, kinds: list[str]) -> None:
        """Remember which kinds of update the bot wants from now on; none means the usual ones."""
        self._allowed = frozenset(kinds)

    def acknowledge(self, offset: int) -> None:
        """Forget what the bot has seen: all before `offset`, or all but the last -`offset`."""
        if offset < 0:
            self._updates = self._updates[offset:]
        elif offset > 0:
            self._updates = [u for u in self._updates if u["update_id"] >= offset]

    def pending(self, limit: int = 100) -> list[dict[str, Any]]:
        """The oldest updates that the bot has not acknowledged."""
        return self._updates[:limit]

    def forget_updates(self) -> None:
        """Drop every update that waits."""
        self._updates = []


def refuse_unreachable(chat: Chat) -> None:
    """Raise Telegram's refusal when the bot cannot act in this chat."""
    if chat.kind == "private":
        if chat.deactivated:
            raise RefusalError(403, "Forbidden: user is deactivated")
        if not chat.started:
            raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.bot_status == "kicked":
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        return
    if chat.moved_to is not None:
        raise RefusalError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.moved_to,
        )
    if chat.gone:
        raise RefusalError(403, "Forbidden: the group chat was deleted")
    if chat.bot_status == "kicked":
        raise RefusalError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        raise RefusalError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")


def refuse_unwritable(chat: Chat) -> None:
    """Raise Telegram's refusal when the bot cannot write into this chat."""
    refuse_unreachable(chat)
    if chat.kind == "channel" and chat.bot_status not in {"administrator", "creator"}:
        raise bad_request("need administrator rights in the channel chat")
    if not chat.may_write and chat.bot_status not in ADMINISTRATORS:
        raise bad_request("not enough rights to send text messages to the chat")
