"""What each answer of Telegram, and each way to get none, means for a message on its way."""

from datetime import timedelta

import httpx
import pytest
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

from monitors.adapters.telegram.outcomes import outcome_of
from monitors.alerts.delivery import InDoubt, Moved, Refused, RetryLater, TargetGone

# python-telegram-bot announces a new type of `retry_after`; both are read.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("bot was blocked by the user", "unblock"),
        ("user is deactivated", "deleted their account"),
        ("bot can't initiate conversation with a user", "/start"),
        ("bot was kicked from the group chat", "add it again"),
        ("bot was kicked from the supergroup chat", "add it again"),
        ("bot was kicked from the channel chat", "add it again"),
        ("bot is not a member of the channel chat", "add it again"),
        ("the group chat was deleted", "the group was deleted"),
        ("something new", "something new"),
    ],
)
def test_a_chat_that_is_closed_to_the_bot_takes_no_message_at_all(message, advice):
    outcome = outcome_of(Forbidden(f"Forbidden: {message}"))
    assert isinstance(outcome, Refused)
    assert outcome.whole_chat
    assert advice in outcome.why


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("chat not found", "check its number in rules.yaml"),
        ("PEER_ID_INVALID", "check its number in rules.yaml"),
        ("not enough rights to send text messages to the chat", "may not write there"),
        ("have no rights to send a message", "may not write there"),
        ("need administrator rights in the channel chat", "may not write there"),
        ("CHAT_WRITE_FORBIDDEN", "may not write there"),
        ("TOPIC_CLOSED", "the topic is closed"),
        ("message thread not found", "the topic is closed"),
    ],
)
def test_a_chat_that_is_unknown_or_locked_takes_no_message_at_all(message, advice):
    outcome = outcome_of(BadRequest(f"Bad Request: {message}"))
    assert isinstance(outcome, Refused)
    assert outcome.whole_chat
    assert advice in outcome.why


@pytest.mark.parametrize(
    "message", ["can't parse entities: x", "message is too long", "message text is empty"]
)
def test_a_message_that_is_wrong_is_refused_alone(message):
    outcome = outcome_of(BadRequest(f"Bad Request: {message}"))
    assert isinstance(outcome, Refused)
    assert not outcome.whole_chat
    assert message[1:] in outcome.why


@pytest.mark.parametrize(
    "message", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
def test_a_message_that_cannot_be_edited_any_more_is_gone(message):
    assert isinstance(outcome_of(BadRequest(f"Bad Request: {message}")), TargetGone)


def test_a_group_that_became_a_supergroup_has_moved():
    assert outcome_of(ChatMigrated(-1009)) == Moved("-1009")


@pytest.mark.parametrize("asked", [7, timedelta(seconds=7)])
def test_too_many_calls_wait_as_long_as_telegram_asks(asked):
    assert outcome_of(RetryAfter(asked)) == RetryLater(
        "Telegram asks for a pause", timedelta(seconds=7)
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidToken("Unauthorized"), "check TELEGRAM_TOKEN"),
        (InvalidToken("Not Found"), "check TELEGRAM_TOKEN"),
        (Conflict("Conflict: terminated by other getUpdates request"), "another program"),
        (NetworkError("Internal Server Error"), "Internal Server Error"),
        (NetworkError("Bad Gateway"), "Bad Gateway"),
        (caused(NetworkError("x"), httpx.ConnectError("refused")), "cannot be reached"),
        (caused(TimedOut(), httpx.ConnectTimeout("slow")), "cannot be reached"),
        (caused(TimedOut(), httpx.PoolTimeout("busy")), "cannot be reached"),
        (caused(InvalidToken("x"), TelegramError("no JSON")), "something else than Telegram"),
        (caused(Forbidden("x"), TelegramError("no JSON")), "something else than Telegram"),
        (caused(BadRequest("x"), TelegramError("no JSON")), "something else than Telegram"),
        (caused(NetworkError("x"), TelegramError("no JSON")), "something else than Telegram"),
    ],
)
def test_what_certainly_did_not_arrive_is_tried_again(error, said):
    outcome = outcome_of(error)
    assert isinstance(outcome, RetryLater)
    assert outcome.wait is None
    assert said in outcome.why


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ReadTimeout("slow")),
        caused(TimedOut(), httpx.WriteTimeout("slow")),
        caused(NetworkError("x"), httpx.RemoteProtocolError("cut")),
        caused(NetworkError("x"), httpx.ReadError("cut")),
        caused(NetworkError("x"), httpx.WriteError("cut")),
        caused(NetworkError("x"), RuntimeError("unknown")),
        caused(TelegramError("Invalid server response"), ValueError("no JSON")),
        TimedOut(),
        TelegramError("something new"),
    ],
)
def test_what_may_have_arrived_is_in_doubt(error):
    assert isinstance(outcome_of(error), InDoubt)
