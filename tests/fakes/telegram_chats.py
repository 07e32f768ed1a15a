"""What the fake Telegram knows: users, chats, topics, messages, and how the Bot API shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from tests.fakes.telegram_entities import Entity

Kind = Literal["private", "group", "supergroup", "channel"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
SERVED: Final = ("creator", "administrator", "member", "restricted")
ADMINISTRATORS: Final = ("creator", "administrator")

_RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_PERMISSIONS: Final = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)


class Link(NamedTuple):
    """A stretch of text that opens an address."""

    text: str
    url: str


class Button(NamedTuple):
    """A button under a message."""

    text: str
    data: str | None
    url: str | None


class Version(NamedTuple):
    """How a message once looked."""

    text: str
    entities: tuple[Entity, ...]
    reply_markup: dict[str, Any] | None
    date: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file that Telegram keeps."""

    file_id: str
    name: str
    mime_type: str
    content: bytes

    @property
    def unique_id(self) -> str:
        """The identifier that does not open the file."""
        return f"u{self.file_id[-12:]}"

    @property
    def path(self) -> str:
        """Where the file is under /file/bot<token>/."""
        _, dot, ending = self.name.rpartition(".")
        return f"documents/file_{self.file_id[-6:]}{dot}{ending if dot else ''}"

    def as_json(self) -> dict[str, Any]:
        """The Bot API's Document."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": len(self.content),
        }


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str = "en"
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """The Bot API's User."""
        answer: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username:
            answer["username"] = self.username
        if not self.is_bot:
            answer["language_code"] = self.language
        return answer


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its chat shows it now. `sender` is None for posts in the name of the chat."""

    chat_id: int
    message_id: int
    date: int
    sender: User | None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    reply_markup: dict[str, Any] | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    preview: dict[str, Any] | None = None
    document: Document | None = None
    service: dict[str, Any] | None = None
    by_bot: bool = False
    edit_date: int | None = None
    versions: tuple[Version, ...] = ()
    deleted: bool = False

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of the text, in order: those of the HTML and those Telegram finds."""
        return tuple(
            Link(entity.covered(self.text), entity.url or entity.covered(self.text))
            for entity in self.entities
            if entity.type in {"text_link", "url"}
        )

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons under the text, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", ())
        return tuple(
            Button(button["text"], button.get("callback_data"), button.get("url"))
            for row in rows
            for button in row
        )

    @property
    def preview_shown(self) -> bool:
        """Whether a client shows a preview of the first link."""
        return bool(self.links) and not (self.preview or {}).get("is_disabled", False)

    def styled(self, style: str) -> tuple[str, ...]:
        """The stretches of text in this style, such as "bold" or "blockquote"."""
        return tuple(e.covered(self.text) for e in self.entities if e.type == style)


@dataclass(slots=True)
class Topic:
    """A topic of a forum."""

    name: str
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A chat and the bot's place in it; `first_free_id` is used where `own_counter` is true."""

    id: int
    kind: Kind
    title: str
    username: str | None = None
    forum: bool = False
    bot_status: MemberStatus = "member"
    started: bool = True
    deactivated: bool = False
    may_write: bool = True
    gone: bool = False
    moved_to: int | None = None
    members: dict[int, MemberStatus] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    first_free_id: int = 1

    @property
    def is_group(self) -> bool:
        """Whether the limits of groups hold here."""
        return self.kind != "private"

    @property
    def own_counter(self) -> bool:
        """Whether this chat counts its own messages; the others share the bot's counter."""
        return self.kind in {"supergroup", "channel"}

    def as_json(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        answer: dict[str, Any] = {"id": self.id, "type": self.kind}
        answer["first_name" if self.kind == "private" else "title"] = self.title
        if self.username:
            answer["username"] = self.username
        if self.forum:
            answer["is_forum"] = True
        return answer

    def full_json(self) -> dict[str, Any]:
        """The Bot API's ChatFullInfo, with the fields that are never missing."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        return self.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
        }


def message_json(message: Message, chat: Chat) -> dict[str, Any]:
    """The Bot API's Message; the message that it answers is shown without its own answer."""
    answer: dict[str, Any] = {"message_id": message.message_id}
    if message.sender is None:
        answer["sender_chat"] = chat.as_json()
        if chat.kind != "channel":
            answer["from"] = ANONYMOUS.as_json()
    else:
        answer["from"] = message.sender.as_json()
    answer |= {"chat": chat.as_json(), "date": message.date}
    if message.edit_date is not None:
        answer["edit_date"] = message.edit_date
    if message.thread_id is not None:
        answer |= {"message_thread_id": message.thread_id, "is_topic_message": True}
    replied = chat.messages.get(message.reply_to or 0)
    if replied is not None and not replied.deleted:
        answer["reply_to_message"] = message_json(replied, chat)
        answer["reply_to_message"].pop("reply_to_message", None)
    return answer | _content_json(message)


def _content_json(message: Message) -> dict[str, Any]:
    entities = [entity.as_json() for entity in message.entities]
    answer: dict[str, Any] = dict(message.service or {})
    text_key, entities_key = "text", "entities"
    if message.document is not None:
        answer["document"] = message.document.as_json()
        text_key, entities_key = "caption", "caption_entities"
    if message.text:
        answer[text_key] = message.text
    if entities:
        answer[entities_key] = entities
    if message.preview:
        answer["link_preview_options"] = message.preview
    if "inline_keyboard" in (message.reply_markup or {}):
        answer["reply_markup"] = message.reply_markup
    return answer


def member_json(user: User, status: MemberStatus, kind: Kind) -> dict[str, Any]:
    """The Bot API's ChatMember."""
    answer: dict[str, Any] = {"user": user.as_json(), "status": status}
    if status in ADMINISTRATORS:
        answer["is_anonymous"] = False
    if status == "administrator":
        answer |= {"can_be_edited": False, **dict.fromkeys(_RIGHTS, True)}
        more = ("post", "edit") if kind == "channel" else ("pin",)
        answer |= {f"can_{right}_messages": True for right in more}
    if status == "kicked":
        answer["until_date"] = 0
    if status == "restricted":
        answer |= {"is_member": True, "until_date": 0, **dict.fromkeys(_PERMISSIONS, False)}
    return answer


def shown(messages: Iterable[Message]) -> list[Message]:
    """The messages that were not deleted, oldest first."""
    return [message for message in messages if not message.deleted]


# Telegram's own account in whose name anonymous administrators of a group write.
ANONYMOUS: Final = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
