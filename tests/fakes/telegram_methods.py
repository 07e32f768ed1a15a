"""The methods of the Bot API that a news bot calls, each with the refusals of the real server."""

import re
from collections.abc import Callable
from typing import Any, Final

from tests.fakes.telegram_account import (
    QUERY_SECONDS,
    Account,
    RefusalError,
    bad_request,
    refuse_unreachable,
    refuse_unwritable,
    too_many,
)
from tests.fakes.telegram_chats import (
    ADMINISTRATORS,
    Chat,
    Document,
    Message,
    User,
    member_json,
    message_json,
)
from tests.fakes.telegram_hook import Hook
from tests.fakes.telegram_params import (
    Params,
    command_of,
    content_of,
    inline_markup_of,
    markup_of,
    preview_of,
)

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_DOWNLOAD: Final = 20 * 1024 * 1024
MAX_UPLOAD: Final = 50 * 1024 * 1024
DELETE_SECONDS: Final = 48 * 3600

_SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_LATE: Final = "query is too old and response timeout expired or query ID is invalid"
_ACTION: Final = re.compile(
    "typing|(record|upload)_(video|voice|video_note)|upload_(photo|document)|choose_sticker|find_location"
)
_SCOPES: Final = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class Methods:
    """The methods by their names; each answers its result or raises a refusal."""

    def __init__(self, account: Account, hook: Hook) -> None:
        self._account = account
        self._hook = hook
        methods: tuple[tuple[str, Callable[[Params], Any]], ...] = (
            ("getMe", self._get_me),
            ("sendMessage", self._send_message),
            ("sendDocument", self._send_document),
            ("sendChatAction", self._send_chat_action),
            ("editMessageText", self._edit_message_text),
            ("editMessageReplyMarkup", self._edit_message_reply_markup),
            ("deleteMessage", self._delete_message),
            ("answerCallbackQuery", self._answer_callback_query),
            ("setMyCommands", self._set_my_commands),
            ("getMyCommands", self._get_my_commands),
            ("deleteMyCommands", self._delete_my_commands),
            ("getChat", self._get_chat),
            ("getChatMember", self._get_chat_member),
            ("getChatAdministrators", self._get_chat_administrators),
            ("leaveChat", self._leave_chat),
            ("getFile", self._get_file),
            ("setWebhook", self._set_webhook),
            ("deleteWebhook", self._delete_webhook),
            ("getWebhookInfo", self._get_webhook_info),
        )
        self._methods = {name.lower(): (name, method) for name, method in methods}
        self._names = {name: written for name, (written, _) in self._methods.items()}
        self._names["getupdates"] = "getUpdates"

    def written(self, name: str) -> str:
        """The method's name as the documentation writes it; case does not matter to Telegram."""
        return self._names.get(name.lower(), name)

    def call(self, name: str, params: Params) -> Any:
        """Carry out a method.

        Raises:
            RefusalError: what Telegram answers instead.
        """
        if name.lower() not in self._methods:
            raise RefusalError(404, "Not Found")
        return self._methods[name.lower()][1](params)

    def _chat(self, params: Params) -> Chat:
        chat_id = params.chat_id()
        if chat_id is None:
            raise bad_request("chat_id is empty")
        return self._account.chat(chat_id)

    def _writable(self, params: Params) -> Chat:
        chat = self._chat(params)
        refuse_unwritable(chat)
        return chat

    def _pace(self, chat: Chat) -> None:
        """Count a send or an edit, and refuse it when there are too many."""
        if wait := self._account.limits.take(chat.id, group=chat.is_group):
            raise too_many(wait)

    def _shown(self, message: Message) -> dict[str, Any]:
        return message_json(message, self._account.chats[message.chat_id])

    def _get_me(self, _: Params) -> dict[str, Any]:
        return self._account.bot.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self._account.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def _send_message(self, params: Params) -> dict[str, Any]:
        if not params.text("text"):
            raise bad_request("message text is empty")
        text, entities = content_of(params, "text", "entities")
        markup = markup_of(params)
        chat = self._writable(params)
        place = self._place(params, chat)
        if not text:
            raise bad_request("text must be non-empty")
        if len(text) > MAX_TEXT:
            raise bad_request("message is too long")
        self._pace(chat)
        sent = self._account.store_own(
            chat,
            text=text,
            entities=entities,
            reply_markup=markup,
            preview=preview_of(params),
            silent=params.flag("disable_notification"),
            **place,
        )
        return self._shown(sent)

    def _send_document(self, params: Params) -> dict[str, Any]:
        caption, entities = content_of(params, "caption", "caption_entities")
        markup = markup_of(params)
        chat = self._writable(params)
        place = self._place(params, chat)
        if len(caption) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        document = self._document(params)
        self._pace(chat)
        sent = self._account.store_own(
            chat,
            text=caption,
            entities=entities,
            reply_markup=markup,
            document=document,
            silent=params.flag("disable_notification"),
            **place,
        )
        return self._shown(sent)

    def _document(self, params: Params) -> Document:
        given = params.text("document")
        upload = params.uploads.get(given.removeprefix("attach://") or "document")
        if upload is None and given in self._account.files:
            return self._account.files[given]
        if upload is None:
            known = "wrong file identifier/HTTP URL specified"
            raise bad_request(known if given else "there is no document in the request")
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > MAX_UPLOAD:
            raise RefusalError(413, "Request Entity Too Large")
        return self._account.keep_file(upload.name, upload.mime_type, upload.content)

    def _place(self, params: Params, chat: Chat) -> dict[str, int | None]:
        """The topic and the answered message of a new message."""
        replied = self._replied(params, chat)
        thread = params.integer("message_thread_id") or None
        if thread is not None:
            topic = chat.topics.get(thread) if chat.forum else None
            if topic is None:
                raise bad_request("message thread not found")
        elif replied is not None:
            thread = replied.thread_id
            topic = chat.topics.get(thread or 0)
        else:
            topic = None
        if topic is not None and topic.closed and chat.bot_status not in ADMINISTRATORS:
            raise bad_request("TOPIC_CLOSED")
        return {"thread_id": thread, "reply_to": None if replied is None else replied.message_id}

    def _replied(self, params: Params, chat: Chat) -> Message | None:
        wanted = params.structure("reply_parameters", "reply parameters") or {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
        if not isinstance(wanted, dict):
            raise bad_request("object expected as reply parameters")
        replied = chat.messages.get(int(wanted.get("message_id") or 0))
        if replied is not None and not replied.deleted:
            return replied
        if wanted.get("message_id") and not wanted.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return None

    def _send_chat_action(self, params: Params) -> bool:
        if not _ACTION.fullmatch(params.text("action")):
            raise bad_request("wrong parameter action in request")
        self._writable(params)
        return True

    def _editable(self, params: Params) -> tuple[Chat, Message]:
        """The message to edit and its chat."""
        chat = self._chat(params)
        refuse_unreachable(chat)
        message_id = params.integer("message_id")
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request("message to edit not found")
        fixed = message.reply_markup is not None and "inline_keyboard" not in message.reply_markup
        if not message.by_bot or message.service is not None or fixed:
            raise bad_request("message can't be edited")
        return chat, message

    def _edit_message_text(self, params: Params) -> dict[str, Any]:
        if not params.text("text"):
            raise bad_request("message text is empty")
        text, entities = content_of(params, "text", "entities")
        markup = inline_markup_of(params)
        chat, message = self._editable(params)
        if message.document is not None:
            raise bad_request("there is no text in the message to edit")
        if not text:
            raise bad_request("text must be non-empty")
        if len(text) > MAX_TEXT:
            raise bad_request("message is too long")
        self._pace(chat)
        if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
            raise bad_request(_SAME)
        edited = self._account.edit(
            message, text=text, entities=entities, reply_markup=markup, preview=preview_of(params)
        )
        return self._shown(edited)

    def _edit_message_reply_markup(self, params: Params) -> dict[str, Any]:
        markup = inline_markup_of(params)
        chat, message = self._editable(params)
        self._pace(chat)
        if markup == message.reply_markup:
            raise bad_request(_SAME)
        return self._shown(self._account.edit(message, reply_markup=markup))

    def _delete_message(self, params: Params) -> bool:
        chat = self._chat(params)
        refuse_unreachable(chat)
        message_id = params.integer("message_id")
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request("message to delete not found")
        allowed = message.by_bot or chat.kind == "private" or chat.bot_status in ADMINISTRATORS
        if not allowed:
            raise bad_request("message can't be deleted")
        if self._account.clock.date() - message.date >= DELETE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        self._account.delete(message)
        return True

    def _answer_callback_query(self, params: Params) -> bool:
        if len(params.text("text")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        query = self._account.queries.get(params.text("callback_query_id"))
        if query is None or query.answer is not None:
            raise bad_request(_LATE)
        if self._account.clock.now() - query.at > QUERY_SECONDS:
            raise bad_request(_LATE)
        query.answer, query.alert = params.text("text"), params.flag("show_alert")
        return True

    def _set_my_commands(self, params: Params) -> bool:
        commands = params.structure("commands", "commands")
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        menu = [command_of(command) for command in commands]
        self._account.menus[self._menu(params)] = menu
        return True

    def _get_my_commands(self, params: Params) -> list[dict[str, str]]:
        return self._account.menus.get(self._menu(params), [])

    def _delete_my_commands(self, params: Params) -> bool:
        self._account.menus.pop(self._menu(params), None)
        return True

    def _menu(self, params: Params) -> tuple[str, int, int, str]:
        """The key of a menu: scope, chat, user, language."""
        scope = params.structure("scope", "BotCommandScope") or {"type": "default"}
        kind = scope.get("type") if isinstance(scope, dict) else None
        if kind not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        chat_id = user_id = 0
        if "chat_id" in _SCOPES[kind]:
            named = Params({"chat_id": scope.get("chat_id", "")}, {})
            chat_id = self._chat(named).id
        if "user_id" in _SCOPES[kind]:
            user_id = int(scope.get("user_id", 0))
            if user_id not in self._account.users:
                raise bad_request("user not found")
        return kind, chat_id, user_id, params.text("language_code")

    def _get_chat(self, params: Params) -> dict[str, Any]:
        chat = self._chat(params)
        if chat.kind != "private" and chat.moved_to is None:
            refuse_unreachable(chat)
        return chat.full_json()

    def _get_chat_member(self, params: Params) -> dict[str, Any]:
        chat = self._chat(params)
        refuse_unreachable(chat)
        user_id = params.integer("user_id")
        if user_id == self._account.bot.id:
            return member_json(self._account.bot, chat.bot_status, chat.kind)
        if user_id <= 0:
            raise bad_request("invalid user_id specified")
        if user_id not in self._account.users:
            raise bad_request("user not found")
        return member_json(
            self._account.users[user_id], chat.members.get(user_id, "left"), chat.kind
        )

    def _get_chat_administrators(self, params: Params) -> list[dict[str, Any]]:
        chat = self._chat(params)
        refuse_unreachable(chat)
        if chat.kind == "private":
            raise bad_request("there are no administrators in the private chat")
        members: list[tuple[User, Any]] = [
            (self._account.user(u), s) for u, s in chat.members.items()
        ]
        members.append((self._account.bot, chat.bot_status))
        return [member_json(user, s, chat.kind) for user, s in members if s in ADMINISTRATORS]

    def _leave_chat(self, params: Params) -> bool:
        chat = self._chat(params)
        refuse_unreachable(chat)
        if chat.kind == "private":
            raise bad_request("chat member status can't be changed in private chats")
        self._account.change_membership(chat, self._account.bot, "left")
        return True

    def _get_file(self, params: Params) -> dict[str, Any]:
        document = self._account.files.get(params.text("file_id"))
        if document is None:
            raise bad_request("invalid file_id")
        if len(document.content) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        shown = document.as_json()
        kept = {key: shown[key] for key in ("file_id", "file_unique_id", "file_size")}
        return kept | {"file_path": document.path}

    def _set_webhook(self, params: Params) -> bool:
        self._hook.set(
            params.text("url"), params.text("secret_token"), params.integer("max_connections")
        )
        kinds = params.structure("allowed_updates", "allowed updates")
        if isinstance(kinds, list):
            self._account.allow(kinds)
        return self._settle_updates(params)

    def _delete_webhook(self, params: Params) -> bool:
        self._hook.set("", "", 0)
        return self._settle_updates(params)

    def _settle_updates(self, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self._account.forget_updates()
        return True

    def _get_webhook_info(self, _: Params) -> dict[str, Any]:
        hook = self._hook
        shown: dict[str, Any] = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._account.pending()),
        }
        if hook.url:
            shown["max_connections"] = hook.most_connections
        if hook.last_error:
            shown |= {
                "last_error_date": hook.last_error_date,
                "last_error_message": hook.last_error,
            }
        return shown
