"""Whose chats an edit concerns."""

import pytest

from monitors.rules.document import read_rulebook
from monitors.rules.editing.edits import (
    AddChat,
    AddEntity,
    AddFeeds,
    AddRule,
    Manner,
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
from monitors.rules.editing.reach import concerned

BOOK = read_rulebook("""
rules:
- {match: own, send_to: a}
- {match: both, send_to: [a, b]}
- match: every
chats: {a: {telegram: 1}, b: {telegram: 2}, c: {telegram: 3}}
""")


@pytest.mark.parametrize(
    ("edit", "chats"),
    [
        (AddRule(match="x", send_to=("a",)), "a"),
        (AddRule(match="x"), "abc"),
        (ReplaceMatch(rule="own", match="x"), "a"),
        (RenameRule(rule="both", name="x"), "ab"),
        (RemoveRule(rule="every"), "abc"),
        (PauseRule(rule="own", paused=True), "a"),
        (PauseRule(rule="none", paused=True), ""),
        (SetOption(rule="own", key=Option.PRIORITY, value="high"), "a"),
        (SetOption(rule="own", key=Option.SEND_TO, value=("a", "c")), "ac"),
        (SetOption(rule="own", key=Option.SEND_TO, value="b"), "ab"),
        (SetOption(rule="own", key=Option.SEND_TO, value=None), "abc"),
        (SetManner(chat="b", key=Manner.SILENT, value=True), "b"),
    ],
)
def test_an_edit_concerns_the_chats_that_are_told_before_or_after(edit, chats):
    assert concerned(edit, BOOK) == set(chats)


@pytest.mark.parametrize(
    "edit",
    [
        AddFeeds(feeds=()),
        RemoveFeeds(addresses=()),
        AddEntity(name="e", names=("x",)),
        AddChat(name="d", chat_id="4"),
        MoveChat(old="1", new="2"),
    ],
)
def test_some_edits_concern_everybody(edit):
    assert concerned(edit, BOOK) is None
