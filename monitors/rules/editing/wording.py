"""What an edit does, in a few words."""

from collections.abc import Sequence
from typing import assert_never

from monitors.language.refusals import clipped
from monitors.rules.editing.edits import (
    AddChat,
    AddEntity,
    AddFeeds,
    AddRule,
    Edit,
    MoveChat,
    PauseRule,
    RemoveFeeds,
    RemoveRule,
    RenameRule,
    ReplaceMatch,
    SetManner,
    SetOption,
    Value,
)


def words_of(edit: Edit) -> str:  # noqa: C901, PLR0911, PLR0912 -- one for each edit
    """Answer what *edit* did, to stand behind who did it."""
    match edit:
        case AddRule(name=name, match=condition):
            return f"added the rule {clipped(name or condition)}"
        case ReplaceMatch(rule=rule):
            return f"changed the condition of {clipped(rule)}"
        case RenameRule(rule=rule, name=name):
            return f"renamed {clipped(rule)} to {clipped(name)}"
        case RemoveRule(rule=rule):
            return f"removed the rule {clipped(rule)}"
        case PauseRule(rule=rule, paused=paused):
            return f"{'paused' if paused else 'resumed'} {clipped(rule)}"
        case SetOption(rule=rule, key=option, value=value):
            return _set(f"of {clipped(rule)}", option.value, value)
        case AddFeeds(feeds=feeds):
            return f"added {_listed('feed', [feed.address for feed in feeds])}"
        case RemoveFeeds(addresses=addresses):
            return f"removed {_listed('feed', addresses)}"
        case AddEntity(name=name):
            return f"added the entity {clipped(name)}"
        case AddChat(name=name):
            return f"added the chat {clipped(name)}"
        case SetManner(chat=chat, key=manner, value=value):
            return _set(f"of {clipped(chat)}", manner.value, value)
        case MoveChat(old=old, new=new):
            return f"the chat {clipped(old)} is {clipped(new)} now"
        case _:
            assert_never(edit)


def _set(whose: str, key: str, value: Value | None) -> str:
    if value is None:
        return f"removed {key} {whose}"
    if isinstance(value, bool):
        shown = "true" if value else "false"
    else:
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"set {key} {whose} to {clipped(shown)}"


def _listed(noun: str, addresses: Sequence[str]) -> str:
    if len(addresses) == 1:
        return f"the {noun} {clipped(addresses[0])}"
    return f"{len(addresses)} {noun}s"
