"""Where messages are shown, as the store remembers it, and how people get there."""

from hashlib import sha256
from typing import assert_never

from monitors.rules.rulebook import Apprise, Destination, Telegram, Terminal

PRINTED = "printed"
"""What a message is called that a terminal shows: it stays as it is."""
GONE = "gone"
"""Where an alert is whose message was deleted."""

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
            return f"apprise:{sha256(secret).hexdigest()[:32]}"
        case _:
            assert_never(destination)


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
