"""What people do in the fake Telegram: each deed makes the update that Telegram sends."""

from threading import Condition
from typing import Any

from tests.fakes.telegram_account import Account, Query
from tests.fakes.telegram_chats import (
    ADMINISTRATORS,
    Chat,
    MemberStatus,
    Message,
    Topic,
    User,
    message_json,
    shown,
)
from tests.fakes.telegram_entities import finish

_FIRST_SUPERGROUP = -1_000_000_000_000


class People:
    """The chats and the people around one bot, and what they do; safe for threads."""

    def __init__(self, account: Account, changed: Condition) -> None:
        self.account = account
        self._changed = changed

    def private_chat(self, user_id: int, name: str = "Ann", *, username: str | None = None) -> Chat:
        """A person who has started the bot."""
        return self._person(user_id, name, username, started=True)

    def stranger(self, user_id: int, name: str = "Stranger") -> Chat:
        """A person whom the bot knows, and who has never written to it."""
        return self._person(user_id, name, None, started=False)

    def _person(self, user_id: int, name: str, username: str | None, *, started: bool) -> Chat:
        with self._changed:
            self.account.users[user_id] = User(user_id, name, username)
            chat = Chat(user_id, "private", name, username, started=started)
            self.account.chats[user_id] = chat
            return chat

    def group(  # noqa: PLR0913 - what a test says of a group
        self,
        chat_id: int,
        title: str,
        *,
        forum: bool = False,
        bot_admin: bool = False,
        admins: tuple[int, ...] = (),
        username: str | None = None,
    ) -> Chat:
        """A group with the bot in it: a supergroup if its id begins with -100, else a basic one."""
        with self._changed:
            chat = Chat(
                chat_id,
                "supergroup" if chat_id < _FIRST_SUPERGROUP else "group",
                title,
                username and username.removeprefix("@"),
                forum=forum,
                bot_status="administrator" if bot_admin else "member",
            )
            self.account.chats[chat_id] = chat
            for user_id in admins:
                self.member(chat_id, user_id, "administrator")
            return chat

    def channel(self, chat_id: int, title: str = "Channel", *, username: str | None = None) -> Chat:
        """A channel with the bot as administrator."""
        with self._changed:
            name = username and username.removeprefix("@")
            chat = Chat(chat_id, "channel", title, name, bot_status="administrator")
            self.account.chats[chat_id] = chat
            return chat

    def topic(self, chat_id: int, thread_id: int, name: str) -> Topic:
        """A topic of a forum."""
        with self._changed:
            topic = Topic(name)
            self.account.chats[chat_id].topics[thread_id] = topic
            return topic

    def close_topic(self, chat_id: int, thread_id: int) -> None:
        """Close a topic: only administrators may write there."""
        with self._changed:
            self.account.chats[chat_id].topics[thread_id].closed = True

    def reopen_topic(self, chat_id: int, thread_id: int) -> None:
        """Open a closed topic."""
        with self._changed:
            self.account.chats[chat_id].topics[thread_id].closed = False

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Delete a topic with everything in it."""
        with self._changed:
            chat = self.account.chats[chat_id]
            del chat.topics[thread_id]
            for message in shown(chat.messages.values()):
                if message.thread_id == thread_id:
                    self.account.delete(message)

    def member(self, chat_id: int, user_id: int, status: MemberStatus = "member") -> None:
        """Somebody's place in a group or channel."""
        with self._changed:
            self.account.user(user_id)
            self.account.chats[chat_id].members[user_id] = status

    def messages(self, chat_id: int) -> list[Message]:
        """What the chat shows now, oldest first."""
        return shown(self.history(chat_id))

    def sent(self, chat_id: int) -> list[Message]:
        """What the chat shows now of the bot's own messages."""
        return [message for message in self.messages(chat_id) if message.by_bot]

    def history(self, chat_id: int) -> list[Message]:
        """Every message that was ever in the chat, with those deleted since."""
        with self._changed:
            return list(self.account.chats[chat_id].messages.values())

    def menu(
        self, scope: str = "default", *, chat_id: int = 0, user_id: int = 0, language: str = ""
    ) -> dict[str, str]:
        """The commands set for exactly this scope, with their descriptions."""
        with self._changed:
            menu = self.account.menus.get((scope, chat_id, user_id, language), [])
            return {entry["command"]: entry["description"] for entry in menu}

    def says(  # noqa: PLR0913 - where and how a person writes
        self,
        user_id: int,
        chat_id: int,
        text: str,
        *,
        thread_id: int | None = None,
        reply_to: Message | int | None = None,
        anonymous: bool = False,
    ) -> Message:
        """A person writes; in groups the bot learns of it as far as its privacy mode lets it."""
        content, entities = finish(text, ())
        return self._write(
            user_id,
            chat_id,
            anonymous=anonymous,
            text=content,
            entities=entities,
            thread_id=thread_id,
            reply_to=reply_to.message_id if isinstance(reply_to, Message) else reply_to,
        )

    def sends_file(  # noqa: PLR0913 - a file and where it goes
        self,
        user_id: int,
        chat_id: int,
        name: str,
        content: bytes,
        *,
        mime_type: str = "application/octet-stream",
        caption: str = "",
    ) -> Message:
        """A person drops a file into the chat."""
        with self._changed:
            text, entities = finish(caption, ())
            document = self.account.keep_file(name, mime_type, content)
            return self._write(user_id, chat_id, text=text, entities=entities, document=document)

    def _write(
        self, user_id: int, chat_id: int, *, anonymous: bool = False, **content: Any
    ) -> Message:
        with self._changed:
            chat = self.account.chats[chat_id]
            if chat.kind == "private":
                if chat.bot_status == "kicked":
                    raise ValueError(f"{user_id} has blocked the bot and must unblock it to write")
                chat.started = True
            else:
                chat.members.setdefault(user_id, "member")
            sender = None if anonymous else self.account.user(user_id)
            message = self.account.store(chat, sender, **content)
            if self._reaches_bot(chat, message):
                self.account.push_message("message", message)
            return message

    def _reaches_bot(self, chat: Chat, message: Message) -> bool:
        """Whether Telegram shows this message to the bot (its privacy mode)."""
        if chat.kind == "private" or not self.account.privacy or chat.bot_status in ADMINISTRATORS:
            return True
        if chat.bot_status in {"left", "kicked"}:
            return False
        replied = chat.messages.get(message.reply_to or 0)
        name = f"@{self.account.bot.username}"
        commands = [e.covered(message.text) for e in message.entities if e.type == "bot_command"]
        mine = any("@" not in command or command.endswith(name) for command in commands)
        return mine or name in message.text or (replied is not None and replied.by_bot)

    def edits(self, message: Message, text: str) -> Message:
        """A person changes an own message."""
        with self._changed:
            content, entities = finish(text, ())
            edited = self.account.edit(message, text=content, entities=entities)
            if self._reaches_bot(self.account.chats[message.chat_id], edited):
                self.account.push_message("edited_message", edited)
            return edited

    def posts(self, chat_id: int, text: str) -> Message:
        """Somebody posts into a channel in its name."""
        with self._changed:
            content, entities = finish(text, ())
            chat = self.account.chats[chat_id]
            message = self.account.store(chat, None, text=content, entities=entities)
            self.account.push_message("channel_post", message)
            return message

    def deletes(self, message: Message) -> None:
        """A person deletes a message; bots are not told."""
        with self._changed:
            self.account.delete(message)

    def reacts(self, user_id: int, message: Message, emoji: str) -> None:
        """A person puts a reaction under a message."""
        with self._changed:
            self.account.push(
                "message_reaction",
                {
                    "chat": self.account.chats[message.chat_id].as_json(),
                    "message_id": message.message_id,
                    "user": self.account.user(user_id).as_json(),
                    "date": self.account.clock.date(),
                    "old_reaction": [],
                    "new_reaction": [{"type": "emoji", "emoji": emoji}],
                },
            )

    def presses(
        self, user_id: int, message: Message, button: str = "", *, data: str | None = None
    ) -> Query:
        """A person presses the button with this label or callback data, or forges `data`.

        A button is looked up on the message as it is now. The query's `answer` is None until the
        bot answers.
        """
        with self._changed:
            if data is None:
                current = self.account.chats[message.chat_id].messages[message.message_id]
                found = [b for b in current.buttons if button in {b.text, b.data}]
                if not found or found[0].data is None:
                    raise ValueError(f"no button {button!r} to press among {current.buttons}")
                data = found[0].data
            return self.account.ask(user_id, message, data)

    def blocks(self, user_id: int) -> None:
        """A person blocks the bot."""
        with self._changed:
            self._change(user_id, user_id, "kicked")

    def unblocks(self, user_id: int) -> None:
        """A person lets the bot write again."""
        with self._changed:
            self.account.chats[user_id].started = True
            self._change(user_id, user_id, "member")

    def deactivates(self, user_id: int) -> None:
        """A person's account is deleted."""
        with self._changed:
            self.account.chats[user_id].deactivated = True

    def kick(self, chat_id: int, *, by: int = 1) -> None:
        """The bot is thrown out of a group or channel and cannot come back by itself."""
        with self._changed:
            self._change(chat_id, by, "kicked")

    def remove(self, chat_id: int, *, by: int = 1) -> None:
        """The bot is taken out of a group or channel."""
        with self._changed:
            self._change(chat_id, by, "left")

    def add(self, chat_id: int, *, by: int = 1, admin: bool = False) -> None:
        """The bot is brought into a group or channel (again), or made an administrator there."""
        with self._changed:
            self._change(chat_id, by, "administrator" if admin else "member")

    def restrict(self, chat_id: int, *, by: int = 1) -> None:
        """An administrator takes all rights from the bot, and leaves it in the group."""
        with self._changed:
            self.account.chats[chat_id].may_write = False
            self._change(chat_id, by, "restricted")

    def mute(self, chat_id: int) -> None:
        """Nobody but administrators may write in a group any more; bots are not told."""
        with self._changed:
            self.account.chats[chat_id].may_write = False

    def unmute(self, chat_id: int) -> None:
        """The bot may write in a group again."""
        with self._changed:
            self.account.chats[chat_id].may_write = True

    def delete_group(self, chat_id: int) -> None:
        """A group is deleted by its owner."""
        with self._changed:
            self.account.chats[chat_id].gone = True

    def migrate(self, old_id: int, new_id: int) -> Chat:
        """A basic group becomes a supergroup under a new id; both chats say so."""
        with self._changed:
            old = self.account.chats[old_id]
            new = self.group(new_id, old.title, bot_admin=old.bot_status in ADMINISTRATORS)
            new.members = dict(old.members)
            old.moved_to = new_id
            actor = self.account.user(next(iter(old.members), 1))
            for chat, service in (
                (old, {"migrate_to_chat_id": new_id}),
                (new, {"migrate_from_chat_id": old_id}),
            ):
                self.account.push(
                    "message", message_json(self.account.store(chat, actor, service=service), chat)
                )
            return new

    def _change(self, chat_id: int, by: int, status: MemberStatus) -> None:
        self.account.change_membership(self.account.chats[chat_id], self.account.user(by), status)
