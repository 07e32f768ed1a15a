"""Values of the rooms as columns, and back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from pydantic import TypeAdapter

from monitors.alerts.alert import AlertContent
from monitors.alerts.compose import PartialHold
from monitors.grouping.reason import Reason
from monitors.pipeline.history.records import Asked, GoBack
from monitors.pipeline.records import Keyboard, Notice
from monitors.polling.memory import Memory
from monitors.polling.subscription import Subscription
from monitors.rules.editing.edits import Edit
from monitors.times import from_ms

_MEMORY = TypeAdapter(Memory)
_SUBSCRIPTION = TypeAdapter(Subscription)
_CONTENT = TypeAdapter(AlertContent)
_NOTICE = TypeAdapter(Notice)
_KEYBOARD = TypeAdapter(Keyboard)
_HOLD = TypeAdapter(PartialHold)
_REASON = TypeAdapter(Reason)
_ASKED = {kind.__name__: kind for kind in (*get_args(Edit), GoBack)}


def moment(ms: int | None) -> datetime | None:
    """Answer the time of a column that may be empty."""
    return None if ms is None else from_ms(ms)


def to_json(content: AlertContent) -> str:
    """Answer *content* as a text."""
    return _CONTENT.dump_json(content).decode()


def from_json(text: str) -> AlertContent:
    """Answer what `to_json` wrote."""
    return _CONTENT.validate_json(text)


def notice_json(notice: Notice) -> str:
    """Answer *notice* as a text."""
    return _NOTICE.dump_json(notice, exclude_defaults=True).decode()


def read_notice(text: str) -> Notice:
    """Answer what `notice_json` wrote."""
    return _NOTICE.validate_json(text)


def keyboard_json(buttons: Keyboard) -> str:
    """Answer *buttons* as a text."""
    return _KEYBOARD.dump_json(buttons).decode()


def read_keyboard(text: str | None) -> Keyboard:
    """Answer what `keyboard_json` wrote; no buttons for None."""
    return _KEYBOARD.validate_json(text) if text else ()


def hold_json(hold: PartialHold) -> str:
    """Answer *hold* as a text."""
    return _HOLD.dump_json(hold).decode()


def read_hold(text: str) -> PartialHold:
    """Answer what `hold_json` wrote."""
    return _HOLD.validate_json(text)


def reason_json(reason: Reason) -> str:
    """Answer *reason* as a text."""
    return _REASON.dump_json(reason, exclude_defaults=True).decode()


def read_reason(text: str) -> Reason:
    """Answer what `reason_json` wrote."""
    return _REASON.validate_json(text)


def memory_json(memory: Memory) -> str:
    """Answer *memory* as a text."""
    return _MEMORY.dump_json(memory, exclude_defaults=True).decode()


def read_memory(text: str) -> Memory:
    """Answer what `memory_json` wrote."""
    return _MEMORY.validate_json(text)


def subscription_json(subscription: Subscription) -> str:
    """Answer *subscription* as a text."""
    return _SUBSCRIPTION.dump_json(subscription, exclude_defaults=True).decode()


def read_subscription(text: str) -> Subscription:
    """Answer what `subscription_json` wrote."""
    return _SUBSCRIPTION.validate_json(text)


def asked_json(asked: Asked) -> str:
    """Answer what is *asked* for as a text: the name of an edit, and what it says."""
    # Its adapter is made when needed: there are many, and commands start fast.
    said: object = TypeAdapter(type(asked)).dump_python(asked, mode="json")
    return json.dumps({type(asked).__name__: said}, ensure_ascii=False)


def read_asked(text: str) -> Asked:
    """Answer what `asked_json` wrote."""
    ((name, said),) = json.loads(text).items()
    asked: Asked = TypeAdapter(_ASKED[name]).validate_python(said)
    return asked


def marks(values: Sequence[object]) -> str:
    """Answer as many question marks as there are *values*, for `IN (...)`."""
    return ", ".join("?" * len(values))
