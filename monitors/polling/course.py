"""What one more poll adds to the memory of a feed."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitors.feeds.feed import Feed, Fetched, FetchFailed, NotModified, Validators
from monitors.polling.memory import Memory

# Some servers answer "not modified" for ever.
_TRUSTED_FOR = timedelta(days=8)


def to_ask_with(memory: Memory, now: datetime) -> Validators:
    """Answer the validators to ask with at *now*: none every eight days, to be sure."""
    asked = memory.unconditional_at
    return memory.validators if asked and now - asked < _TRUSTED_FOR else Validators()


def after_success(memory: Memory, answer: Fetched | NotModified, now: datetime) -> Memory:
    """Answer what is remembered of a feed whose server has answered at *now*.

    The validators are kept byte for byte, also of an answer that brought nothing new.
    """
    asked_for_all = to_ask_with(memory, now) == Validators()
    return replace(
        memory,
        validators=answer.validators,
        unconditional_at=now if asked_for_all else memory.unconditional_at,
        max_age=answer.max_age,
        first_ok_at=memory.first_ok_at or now,
        last_ok_at=now,
        last_poll_at=now,
        failures=0,
        failing_since=None,
        reason=None,
        message=None,
        status=None,
        gone_at=None,
    )


def after_failure(memory: Memory, feed: Feed, failed: FetchFailed, now: datetime) -> Memory:
    """Answer what is remembered of a feed that could not be read at *now*."""
    del feed
    return replace(
        memory,
        last_poll_at=now,
        failures=memory.failures + 1,
        failing_since=memory.failing_since or now,
        reason=failed.reason.value,
        message=failed.message,
        status=failed.status,
    )
