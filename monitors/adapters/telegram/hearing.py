"""Turns what Telegram tells into what was heard; all of it is bounded."""

import re

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.constants import ChatType

from monitors.adapters.telegram.outcomes import forbidden_reason
from monitors.talking.heard import (
    Admitted,
    Dropped,
    Expelled,
    Heard,
    Migrated,
    Passed,
    Place,
    Pressed,
    Said,
)

WANTED = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
_LONGEST_TEXT = 4_096
_LONGEST_NAME = 128
_MOST_BUTTONS = 100
_MUTED = "the bot may not write there; a group administrator can allow it"
_ADDRESSED = re.compile(r"\s*/\w+@(\w+)", re.ASCII)


def heard_in(update: Update, name: str | None) -> Heard | None:
    """Answer what *update* tells; None if that is nothing to a bot called *name*.

    Messages that were edited and posts of channels are nothing: nobody asks the bot by those.
    """
    key = f"update {update.update_id}"
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.message:
        return _message(update.message, key, name)
    return None


def _message(message: Message, key: str, name: str | None) -> Heard:
    """Answer what a message asks for; the least of it is that it is there."""
    if message.migrate_to_chat_id:
        return Migrated(old=str(message.chat.id), new=str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return Migrated(old=str(message.migrate_from_chat_id), new=str(message.chat.id))
    passed = Passed(place=_place(message), message=str(message.message_id))
    user = _user(message)
    if user is None:
        return passed
    if message.document:
        return Dropped(
            user=user,
            place=_place(message),
            file=message.document.file_id,
            file_name=(message.document.file_name or "")[:_LONGEST_NAME],
            size=message.document.file_size or 0,
            text=(message.caption or "")[:_LONGEST_TEXT],
            name=_name(message),
            key=key,
            message=str(message.message_id),
        )
    addressed = _ADDRESSED.match(message.text or "")
    is_for_another = addressed and name and addressed[1].lower() != name.lower()
    return passed if not message.text or is_for_another else _said(message, user, key)


def _user(message: Message) -> str | None:
    """Answer who writes; a group itself is an administrator of it who stays anonymous."""
    if message.sender_chat:
        is_own = message.sender_chat.id == message.chat.id
        return str(message.chat.id) if is_own and not message.is_automatic_forward else None
    sender = message.from_user
    return str(sender.id) if sender and not sender.is_bot else None


def _said(message: Message, user: str, key: str) -> Said:
    replied = message.reply_to_message
    markup = replied.reply_markup if replied else None
    buttons = tuple(
        (button.text, button.callback_data)
        for row in (markup.inline_keyboard if markup else ())
        for button in row
        if isinstance(button.callback_data, str)
    )
    return Said(
        user=user,
        place=_place(message),
        text=(message.text or "")[:_LONGEST_TEXT],
        name=_name(message),
        key=key,
        message=str(message.message_id),
        reply_to=str(replied.message_id) if replied else None,
        buttons=buttons[:_MOST_BUTTONS],
    )


def _pressed(query: CallbackQuery) -> Pressed | None:
    if query.message is None:
        return None
    message = query.message
    return Pressed(
        query=query.id,
        user=str(query.from_user.id),
        place=_place(message),
        data=(query.data or "")[:_LONGEST_TEXT],
        name=query.from_user.full_name[:_LONGEST_NAME],
        message=str(message.message_id),
    )


def _membership(change: ChatMemberUpdated) -> Heard | None:
    """Answer whether the bot may write now, if that has changed or it has more rights."""
    place, member = _place_of(change.chat), change.new_chat_member
    was = change.old_chat_member.status
    if _may_write(member, change.chat):
        return Admitted(
            place=place,
            user=str(change.from_user.id),
            is_new=was in (ChatMember.LEFT, ChatMember.BANNED),
        )
    if not _may_write(change.old_chat_member, change.chat):
        return None
    if member.status in (ChatMember.LEFT, ChatMember.BANNED):
        why = forbidden_reason("blocked" if place.is_private else "kicked")
        return Expelled(place=place, why=why)
    return Expelled(place=place, why=_MUTED)


def _may_write(member: ChatMember, chat: Chat) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if isinstance(member, ChatMemberAdministrator) and chat.type == ChatType.CHANNEL:
        return bool(member.can_post_messages)
    if chat.type == ChatType.CHANNEL:
        return member.status == ChatMember.OWNER
    return member.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


def _name(message: Message) -> str:
    sender = message.sender_chat or message.from_user
    return (sender.full_name or "" if sender else "")[:_LONGEST_NAME]


def _place(message: MaybeInaccessibleMessage) -> Place:
    topic = None
    if isinstance(message, Message) and message.is_topic_message:
        topic = message.message_thread_id  # elsewhere it names a thread of answers
    return _place_of(message.chat, topic)


def _place_of(chat: Chat, topic: int | None = None) -> Place:
    return Place(
        chat=str(chat.id),
        name=f"@{chat.username}" if chat.username else None,
        topic=topic,
        is_channel=chat.type == ChatType.CHANNEL,
        title=(chat.effective_name or "")[:_LONGEST_NAME],
    )
