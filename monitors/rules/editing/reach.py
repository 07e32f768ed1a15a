"""Which chats an edit concerns, so that nobody changes what others are told."""

from typing import assert_never

from monitors.rules.editing.edits import (
    AddChat,
    AddEntity,
    AddFeeds,
    AddRule,
    Edit,
    MoveChat,
    Option,
    PauseRule,
    RemoveFeeds,
    RemoveRule,
    RenameRule,
    ReplaceMatch,
    SetManner,
    SetOption,
)
from monitors.rules.rulebook import Rulebook


def concerned(edit: Edit, book: Rulebook) -> frozenset[str] | None:
    """Answer the names of the chats that *edit* concerns; None where it concerns all of Newsbell.

    Whoever owns all of these chats may make it. One of a rule that is not there concerns no
    chat: it cannot be carried out anyway.
    """
    match edit:
        case AddRule(send_to=send_to):
            return _all(book) if send_to is None else frozenset(send_to)
        case SetOption(rule=rule, key=Option.SEND_TO, value=value):
            told = (
                frozenset(map(str, value)) if isinstance(value, tuple) else frozenset({str(value)})
            )
            return _told(rule, book) | (_all(book) if value is None else told)
        case (
            ReplaceMatch(rule=rule)
            | RenameRule(rule=rule)
            | RemoveRule(rule=rule)
            | PauseRule(rule=rule)
            | SetOption(rule=rule)
        ):
            return _told(rule, book)
        case SetManner(chat=chat):
            return frozenset({chat})
        case AddFeeds() | RemoveFeeds() | AddEntity() | AddChat() | MoveChat():
            return None
        case _:
            assert_never(edit)


def _all(book: Rulebook) -> frozenset[str]:
    return frozenset(chat.name for chat in book.chats)


def _told(name: str, book: Rulebook) -> frozenset[str]:
    return frozenset(chat for rule in book.rules if rule.name == name for chat in rule.send_to)
