"""Edits are shown, applied on the text that was shown, remembered, and taken back."""

import asyncio

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.language.problems import Problem
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.editing.outcomes import Applied, Conflict, Proposed
from monitors.pipeline.editing.remembering import foreign, remember
from monitors.pipeline.history.records import LASTING, Author, Change, GoBack, Origin, Step
from monitors.pipeline.history.steps import next_back
from monitors.rules.editing.edits import (
    AddRule,
    PauseRule,
    RemoveRule,
    RenameRule,
    ReplaceMatch,
    digest_of,
)
from monitors.rules.entities import NoPacks
from tests.fakes.stand_ins import START, Clock

ANN = Author(origin=Origin.CHAT, user="42", name="Ann", place="42")
BOB = Author(origin=Origin.CHAT, user="43", name="Bob", place="43")
FIRST = "# ours\nrules:\n- match: ship\n- match: ferry\n"
BOAT = AddRule(match="boat")
READ_ONLY = Problem(message="the folder is read-only", hint="Make it writable.")


class Text:
    """A file of rules in memory, of which somebody else may be quicker."""

    def __init__(self, text):
        self.text = text
        self.before_replace = []
        self.later = []
        self.broken = None

    def read(self):
        text = self.text
        if self.later:
            self.text = self.later.pop(0)
        return self.broken or text

    def replace(self, text, expected):
        if self.before_replace:
            self.text = self.before_replace.pop(0)
        if digest_of(self.text) != expected:
            return Problem(message="the file was changed meanwhile")
        self.text = text
        return None

    def refusal(self):
        return None


class Sealed(Text):
    """A file that nobody may replace."""

    def replace(self, text, expected):
        del text, expected
        return READ_ONLY


class Desk:
    """An editor, and what it did."""

    def __init__(self, file):
        self.file, self.clock, self.reloads = file, Clock(), []
        self.store = SqliteStore(None)

        async def reload():
            self.reloads.append(file.text)

        self.editor = Editor(
            file=file,
            store=self.store,
            clock=self.clock,
            networks=(),
            packs=NoPacks(),
            reload=reload,
            pause_s=0.001,
        )

    def __call__(self, name, *values):
        return asyncio.run(getattr(self.editor, name)(*values))

    def does(self, edit, who=ANN):
        """Propose and apply *edit*."""
        proposed = self("propose", edit, who)
        assert isinstance(proposed, Proposed), proposed
        return self("apply", proposed.id, who)

    def back(self, change=None):
        """Undo a step."""
        proposed = self("undo", ANN, change)
        assert isinstance(proposed, Proposed), proposed
        return self("apply", proposed.id, ANN)

    def history(self):
        changes = self.store.write_now(lambda ledger: ledger.history.changes(99))
        return [(change.author.origin, change.author.user, change.what) for change in changes]


@pytest.fixture
def desk():
    opened = Desk(Text(FIRST))
    opened("noticed")
    yield opened
    opened.store.close()


def test_an_edit_is_shown_first_and_applied_as_it_was_shown(desk):
    proposed = desk("propose", BOAT, ANN)

    assert proposed.diff == ("  - match: ship", "  - match: ferry", "+ - match: boat")
    assert proposed.what == "added the rule boat"
    assert (desk.file.text, desk.reloads) == (FIRST, [])
    assert desk("proposal", proposed.id).asked == BOAT
    applied = desk("apply", proposed.id, ANN)
    assert isinstance(applied, Applied)
    assert (applied.what, applied.diff) == ("added the rule boat", proposed.diff)
    assert desk.reloads == [desk.file.text] == [FIRST + "- match: boat\n"]
    assert desk.history() == [
        (Origin.CHAT, "42", "added the rule boat"),
        (Origin.FILE, None, "began with this file"),
    ]
    assert desk("noticed") is None


def test_a_proposal_is_applied_once_in_its_own_chat_and_within_a_day(desk):
    proposed, other = desk("propose", BOAT, ANN), desk("propose", BOAT, ANN)

    assert desk("apply", proposed.id, BOB).message == "this was settled already, or is too old"
    assert isinstance(desk("apply", proposed.id, ANN), Applied)
    assert isinstance(desk("apply", proposed.id, ANN), Problem)
    desk.clock.at += LASTING
    assert isinstance(desk("apply", other.id, ANN), Problem)
    given_up = desk("propose", PauseRule(rule="ship", paused=True), ANN)
    desk("withdraw", given_up.id)
    assert isinstance(desk("apply", given_up.id, ANN), Problem)
    assert desk.file.text == FIRST + "- match: boat\n"


def test_what_is_wrong_with_an_edit_is_said_before_anything_is_shown(desk):
    problem = desk("propose", AddRule(match="boat ("), ANN)
    assert str(problem).startswith("1:6: this parenthesis is never closed")
    proposed = desk("propose", ReplaceMatch(rule="ship", match="ferry AND boat"), ANN)
    assert [each.message for each in proposed.warnings] == [
        "all that this rule finds is found by ferry, too"
    ]


@pytest.mark.parametrize("late", [False, True])
def test_an_edit_of_a_file_that_changed_is_refused_with_both_versions(desk, late):
    proposed = desk("propose", BOAT, ANN)
    theirs = FIRST.replace("ferry", "canoe")
    if late:
        desk.file.before_replace.append(theirs)
    else:
        desk.file.text = theirs
    conflict = desk("apply", proposed.id, ANN)

    assert conflict == Conflict(
        theirs=("  rules:", "  - match: ship", "- - match: ferry", "+ - match: canoe"),
        ours=("  - match: ship", "  - match: ferry", "+ - match: boat"),
        asked=BOAT,
    )
    assert (desk.file.text, desk.reloads) == (theirs, [])
    assert isinstance(desk("apply", proposed.id, ANN), Problem)
    assert isinstance(desk.does(conflict.asked), Applied)


def test_going_back_is_one_step_at_a_time_and_undone_itself(desk):
    boat = desk.does(BOAT)
    with_boat = desk.file.text
    desk.does(RemoveRule(rule="ship"))
    without_ship = desk.file.text

    first = desk.back()
    assert (desk.file.text, first.what) == (with_boat, "undid: removed the rule ship")
    assert desk.back().diff[-1] == "- - match: boat"
    assert desk.file.text == FIRST
    assert desk("undo", ANN).message == "there is nothing to undo"
    assert desk("undo", ANN, boat.change).message == "the file has changed since"
    undone = desk.store.write_now(lambda ledger: ledger.history.changes(1))[0]
    again = desk.back(undone.id)
    assert (desk.file.text, again.what) == (with_boat, "did again: added the rule boat")
    desk.does(RemoveRule(rule="ship"))
    assert desk.file.text == without_ship
    desk.back()
    desk.back()
    assert desk.file.text == FIRST


def test_what_was_edited_by_hand_is_remembered_and_taken_back(desk):
    desk.does(BOAT)
    desk.file.text = desk.file.text.replace("boat", "bot (")
    change = desk("noticed")

    assert isinstance(change, Change)
    assert desk.history()[0] == (Origin.FILE, None, "edited the file")
    desk.file.text += "# more\n"
    assert desk("undo", ANN).diff == ("  - match: ferry", "  - match: bot (", "- # more")
    desk.back()
    desk.back()
    assert desk.file.text == FIRST + "- match: boat\n"


def test_a_file_that_is_just_being_saved_is_left_for_the_next_look(desk):
    desk.file.text = ""
    desk.file.later = [FIRST + "# saved\n"]

    assert desk("noticed") is None
    assert desk("noticed").after == digest_of(FIRST + "# saved\n")


def test_going_back_to_a_broken_text_says_what_is_wrong_with_it(desk):
    desk.file.text = "rules: [match: a (]\n"
    desk("noticed")
    desk.file.text = FIRST
    desk("noticed")

    (warning,) = desk("undo", ANN).warnings
    assert str(warning).startswith("1:18: this parenthesis is never closed")


def test_a_rule_that_got_another_name_is_called_so_in_the_store_and_back(desk):
    def renamed():
        return desk.store.write_now(lambda ledger: ledger.history.changes(1))[0].renamed

    desk.does(RenameRule(rule="ship", name="Ships"))
    assert renamed() == ("ship", "Ships")
    desk.back()
    assert renamed() == ("Ships", "ship")
    desk.does(ReplaceMatch(rule="ferry", match="canoe"))
    assert renamed() == ("ferry", "canoe")
    desk.does(BOAT)
    assert renamed() is None


def test_what_somebody_else_wrote_meanwhile_is_in_the_history_before_the_edit(desk):
    desk.file.text += "# by hand\n"
    desk.does(BOAT)

    assert [what for _, _, what in desk.history()] == [
        "added the rule boat",
        "edited the file",
        "began with this file",
    ]


def test_a_way_back_by_the_chat_leaves_no_gap_in_the_history(desk):
    desk.file.text = FIRST + "- match: boat\n"
    desk.does(RemoveRule(rule="boat"))

    assert desk.file.text == FIRST
    desk.back()
    desk.back()
    assert desk.file.text == FIRST
    assert [what for _, _, what in desk.history()][2:] == [
        "removed the rule boat",
        "edited the file",
        "began with this file",
    ]


def test_an_edit_at_once_is_made_on_whatever_the_file_says(desk):
    desk.file.text = desk.file.text + "chats: {desk: {telegram: -100}}\n"
    quicker = desk.file.text + "# theirs\n"
    desk.file.before_replace.append(quicker)
    applied = desk("moved", "-100", "-1007")

    assert isinstance(applied, Applied)
    assert desk.file.text == quicker.replace("-100", "-1007")
    assert desk.history()[0] == (Origin.TELEGRAM, None, "the chat -100 is -1007 now")
    assert desk("moved", "-100", "-1007").message == "no chat has the number -100"
    desk.file.before_replace += [f"{quicker}# {number}\n" for number in range(9)]
    assert desk("at_once", BOAT, ANN).message == "the file changes all the time"


def test_a_file_that_cannot_be_written_says_so_and_the_proposal_stays():
    desk = Desk(Sealed(FIRST))
    proposed = desk("propose", BOAT, ANN)

    assert desk("apply", proposed.id, ANN) == READ_ONLY
    assert desk("at_once", BOAT, ANN) == READ_ONLY
    assert desk("proposal", proposed.id) is not None
    desk.file.refusal = lambda: READ_ONLY
    assert desk("propose", BOAT, ANN) == READ_ONLY
    assert desk("undo", ANN) == READ_ONLY
    desk.store.close()


def test_a_file_that_cannot_be_read_says_so(desk):
    proposed = desk("propose", BOAT, ANN)
    desk.file.broken = Problem(message="there is no such file")

    for answer in (
        desk("propose", BOAT, ANN),
        desk("apply", proposed.id, ANN),
        desk("at_once", BOAT, ANN),
        desk("undo", ANN),
    ):
        assert answer == desk.file.broken
    assert desk("noticed") is None


def test_two_edits_at_once_are_both_made(desk):
    async def both():
        edits = [desk.editor.at_once(AddRule(match=f"r{n}"), ANN) for n in range(5)]
        return await asyncio.gather(*edits)

    assert all(isinstance(each, Applied) for each in asyncio.run(both()))
    assert all(f"- match: r{n}\n" in desk.file.text for n in range(5))


def test_the_command_line_says_what_it_did_before_or_after_it_was_noticed(desk):
    shell = Author(origin=Origin.COMMAND_LINE)

    def told(ledger):
        remember(ledger, Step(what="one", before=FIRST, after="a"), shell, START)
        foreign(ledger, "b", START)
        remember(ledger, Step(what="two", before="a", after="b"), shell, START)

    desk.store.write_now(told)
    assert [what for _, _, what in desk.history()] == ["two", "one", "began with this file"]


def test_the_next_step_back_is_the_last_change_that_counts():
    def change(number, undoes=None):
        return Change(id=number, at=START, author=ANN, what="", before="", after="", undoes=undoes)

    steps = [change(1), change(2), change(3, 2), change(4, 3), change(5, 4), change(6)]
    expected = [1, 2, 1, 2, 1, 6]
    for count, number in enumerate(expected, start=1):
        assert next_back(reversed(steps[:count])).id == number
    assert next_back([change(2, 1), change(1)]) is None


def test_a_wish_to_go_back_that_is_not_kept_any_more_is_refused(desk):
    async def asks():
        return await desk.editor._proposed(FIRST, GoBack(99), ANN)

    assert asyncio.run(asks()).message == "how the file was before is not kept any more"
    assert desk("undo", ANN, 99).message == "there is nothing to undo"
