"""What an error of python-telegram-bot means for the message that was on its way.

The texts are those of the Bot API server. An error whose cause is a failed parse came from
something between here and Telegram, and says nothing about the token or the chat.
"""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from monitors.alerts.delivery import (
    DeliveryOutcome,
    InDoubt,
    Moved,
    Refused,
    RetryLater,
    TargetGone,
)

_NEVER_SENT = (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ConnectError)
# What stands between here and Telegram has passed the call on, and gave up waiting.
_GATEWAY_TIMEOUT = "Gateway Timeout"
_TARGET_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_RIGHTS = (
    "not enough rights",
    "have no rights",
    "administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
)
_CLOSED = ("topic_closed", "topic_deleted", "message thread not found")
_UNKNOWN_CHAT = ("chat not found", "peer_id_invalid", "user not found")


def outcome_of(error: TelegramError) -> DeliveryOutcome:  # noqa: PLR0911 -- one a kind
    """Answer what became of the message whose call ended in *error*."""
    match error:
        case RetryAfter(retry_after=asked):
            wait = asked if isinstance(asked, timedelta) else timedelta(seconds=asked)
            return RetryLater("Telegram asks for a pause", wait)
        case ChatMigrated(new_chat_id=chat_id):
            return Moved(str(chat_id))
        case _ if error.message.startswith(_GATEWAY_TIMEOUT):
            return InDoubt("a gateway waited in vain for Telegram's answer")
        case _ if isinstance(error.__cause__, TelegramError):
            return RetryLater("something else than Telegram answered")
        case InvalidToken():
            return RetryLater("Telegram refuses the token: check TELEGRAM_TOKEN")
        case Conflict():
            return RetryLater("another program uses the same token: stop it")
        case Forbidden():
            return Refused(forbidden_reason(error.message))
        case BadRequest():
            return _bad_request(error.message)
        case TimedOut() | NetworkError():
            return _network(error)
        case _:
            return InDoubt("Telegram's answer could not be read")


def forbidden_reason(message: str) -> str:
    """Answer a 403 in plain words, with what to do."""
    said = message.lower()
    if "blocked" in said:
        return "the user has blocked the bot; they can unblock it in Telegram"
    if "can't initiate" in said:
        return "the user has not written to the bot yet; ask them to send it /start"
    if "deactivated" in said:
        return "the user has deleted their account; take the chat out of rules.yaml"
    if "deleted" in said:
        return "the group was deleted; take the chat out of rules.yaml"
    if "kicked" in said or "not a member" in said:
        return "the bot is no longer in that chat; add it again"
    return f"Telegram says: {message}"


def _network(error: NetworkError) -> DeliveryOutcome:
    cause = error.__cause__
    if isinstance(cause, _NEVER_SENT):
        return RetryLater("Telegram cannot be reached")
    if isinstance(cause, httpx.TimeoutException):
        return InDoubt("Telegram did not answer in time")
    if cause is not None or isinstance(error, TimedOut):
        return InDoubt("the connection broke before Telegram's answer came")
    return RetryLater(f"Telegram has a problem: {error.message}", server_error=True)


def _bad_request(message: str) -> DeliveryOutcome:
    said = message.lower()
    if any(text in said for text in _TARGET_GONE):
        return TargetGone("the message was deleted")
    if any(text in said for text in _UNKNOWN_CHAT):
        return Refused(
            "Telegram does not know the chat: check its number in rules.yaml, and that the "
            "bot was added to it"
        )
    if any(text in said for text in _RIGHTS):
        return Refused("the bot may not write there; a group administrator can allow it")
    if any(text in said for text in _CLOSED):
        return Refused("the topic is closed; a group administrator can open it")
    return Refused(f"Telegram says: {message}", whole_chat=False)
