"""What the history says of an edit."""

import pytest

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
from monitors.rules.editing.feeds import NewFeed
from monitors.rules.editing.wording import words_of


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (AddRule(match="boat"), "added the rule boat"),
        (AddRule(match="boat", name="Boats"), "added the rule Boats"),
        (ReplaceMatch(rule="a", match="b"), "changed the condition of a"),
        (RenameRule(rule="a", name="b"), "renamed a to b"),
        (RemoveRule(rule="a"), "removed the rule a"),
        (PauseRule(rule="a", paused=True), "paused a"),
        (PauseRule(rule="a", paused=False), "resumed a"),
        (SetOption(rule="a", key=Option.SEND_TO, value=("b", "c")), "set send_to of a to b, c"),
        (SetManner(chat="a", key=Manner.SILENT, value=True), "set silent of a to true"),
        (SetManner(chat="a", key=Manner.MAX_PER_HOUR, value=3), "set max_per_hour of a to 3"),
        (SetManner(chat="a", key=Manner.DIGEST, value=None), "removed digest of a"),
        (AddFeeds(feeds=(NewFeed(address="a.xml"),)), "added the feed a.xml"),
        (RemoveFeeds(addresses=("a.xml", "b.xml")), "removed 2 feeds"),
        (AddEntity(name="e", names=("x",)), "added the entity e"),
        (AddChat(name="c", chat_id="5"), "added the chat c"),
        (MoveChat(old="-1", new="-2"), "the chat -1 is -2 now"),
    ],
)
def test_an_edit_is_told_in_a_few_words(edit, words):
    assert words_of(edit) == words


def test_long_names_are_clipped():
    assert len(words_of(RenameRule(rule="a" * 9_999, name="b" * 9_999))) < 200
