"""Where messages are shown, as the store remembers it, and how people get there."""

from hashlib import sha256
from typing import assert_never

from monitors.rules.rulebook import Apprise, Destination, Telegram, Terminal

PRINTED = "printed"
"""What a message is called that a terminal shows: it stays as it is."""
GONE = "gone"
"""Where an alert is whose message was deleted."""
ADMIN = "admin:"
"""Begins the name of a chat that rules.yaml need not know: its number follows, and a topic."""
EVERYWHERE = "*"
"""The peer that all of Telegram is."""

_APPRISE = "apprise:"

# Telegram numbers supergroups and channels downwards from here, and links to them without it.
_FIRST_SHARED = -1_000_000_000_000


def destination_key(destination: Destination) -> str:
    """Answer a text that is equal for equal destinations, and holds no secret of them."""
    match destination:
        case Terminal():
            return "terminal"
        case Telegram(chat_id=chat_id, topic=topic):
            return f"telegram:{chat_id}:{topic or ''}"
        case Apprise(addresses=addresses):
            secret = "\n".join(addresses).encode("utf-8", "surrogatepass")
            return f"{_APPRISE}{sha256(secret).hexdigest()[:32]}"
        case _:
            assert_never(destination)


def peer_of(destination: Destination) -> str:
    """Answer what is counted as one by whoever takes the messages: all topics of a forum are."""
    if isinstance(destination, Telegram):
        return destination.chat_id
    return destination_key(destination)


def unlisted(name: str) -> Telegram | None:
    """Answer the chat that *name* says by its number; None for one of rules.yaml."""
    if not name.startswith(ADMIN):
        return None
    chat_id, _, topic = name.removeprefix(ADMIN).partition(":")
    return Telegram(chat_id=chat_id, topic=int(topic) if topic else None)


def is_telegram(peer: str) -> bool:
    """Answer whether Telegram counts what *peer* gets."""
    return peer.startswith("@") or peer.removeprefix("-").isdecimal()


def has_pace(peer: str) -> bool:
    """Answer whether *peer* minds how fast messages come; a terminal does not."""
    return is_telegram(peer) or peer.startswith(_APPRISE)


def is_shared(peer: str) -> bool:
    """Answer whether *peer* is a group or channel."""
    return peer.startswith(("-", "@"))


def counter_of(peer: str) -> str | None:
    """Answer what gives out the numbers of the messages of *peer*; None outside Telegram.

    A supergroup or channel counts its own; private chats and basic groups share that of the bot.
    """
    if not is_telegram(peer):
        return None
    own = peer.startswith("@") or int(peer) <= _FIRST_SHARED
    return peer if own else "bot"


def message_link(key: str, message_id: str) -> str | None:
    """Answer the address that opens a message in Telegram; None where its chat has none.

    Args:
        key: where it was sent to, as `destination_key` answers it.
        message_id: what Telegram calls it there.
    """
    kind, _, place = key.partition(":")
    chat, _, topic = place.partition(":")
    if kind != "telegram" or not message_id.isdecimal():
        return None
    if chat.startswith("@"):
        where = chat.removeprefix("@")
    elif int(chat) < _FIRST_SHARED:
        where = f"c/{_FIRST_SHARED - int(chat)}"
    else:
        return None
    return "/".join(filter(None, ("https://t.me", where, topic, message_id)))
