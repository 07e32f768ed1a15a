"""Edits of rules, chats and entities leave every other line byte for byte, and read back."""

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitors.language.grammar import MAX_CHARACTERS, parse
from monitors.language.problems import Problem
from monitors.rules.document import read_rulebook
from monitors.rules.editing.carrying_out import edited, edited_and_checked
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
from monitors.rules.editing.planning import MAX_NAME
from monitors.rules.rulebook import Preview, Priority, Rulebook, Telegram

BOAT = AddRule(match="boat")


def book(text) -> Rulebook:
    read = read_rulebook(text or "{}")
    assert isinstance(read, Rulebook), (text, read)
    return read


def rules(text):
    return [(rule.name, rule.match) for rule in book(text).rules]


def refusal(text, edit) -> str:
    problem = edited(text, edit)
    assert isinstance(problem, Problem), problem
    return str(problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "rules:\n  - match: boat\n"),
        ("# hi\r\n", "# hi\r\nrules:\r\n  - match: boat\r\n"),
        ("feeds: []", "feeds: []\nrules:\n  - match: boat"),
        ("rules: # c\nfeeds: []\n", "rules: # c\n  - match: boat\nfeeds: []\n"),
        ("rules: []  # c\n", "rules: [{match: boat}]  # c\n"),
        ("rules: [match: ship]\n", "rules: [match: ship, {match: boat}]\n"),
        ("{feeds: []}", "{rules: [{match: boat}], feeds: []}"),
        (
            "rules:\n- match: |\n    ship\n\n# c\n",
            "rules:\n- match: |\n    ship\n- match: boat\n\n# c\n",
        ),
        ("\ufeffrules:\n - match: a1\n", "\ufeffrules:\n - match: a1\n - match: boat\n"),
    ],
)
def test_a_rule_is_added_after_the_others(text, expected):
    assert edited(text, BOAT) == expected
    assert rules(expected)[-1] == ("boat", "boat")


def test_all_that_is_said_of_a_new_rule_is_written():
    text = "feeds: [{url: a.xml, tags: x}]\nchats:\n  desk: {telegram: 5}\n"
    edit = AddRule(
        name="Ship: 'one'",
        match='"a: b" OR ship',
        feeds=("tag:x",),
        send_to=("desk",),
        priority=Priority.HIGH,
        break_out=(10, "fast"),
    )

    assert edited(text, edit) == (
        f"{text}rules:\n  - name: 'Ship: ''one'''\n    match: '\"a: b\" OR ship'\n"
        "    feeds: [tag:x]\n    send_to: [desk]\n    priority: high\n    break_out: [10, fast]\n"
    )
    assert edited("rules: []\n" + text, edit).startswith(
        "rules: [{name: 'Ship: ''one''', match: '\"a: b\" OR ship', feeds: [tag:x], "
        "send_to: [desk], priority: high, break_out: [10, fast]}]\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- match: ship # c\n", "rules:\n- match: boat # c\n"),
        ("rules: [match: ship]", "rules: [match: boat]"),
        ("rules: [{match: 'ship', name: ship}]", "rules: [{match: boat, name: ship}]"),
        ("rules:\n- match: > # c\n    ship\n\n# d\n", "rules:\n- match: boat # c\n\n# d\n"),
        ("rules:\n- match: |-\n    ship", "rules:\n- match: boat"),
        ("rules:\r\n- match: ship\r\n", "rules:\r\n- match: boat\r\n"),
        ("rules:\n- match:\n    ship # c\n", "rules:\n- match:\n    boat # c\n"),
    ],
)
def test_a_condition_is_replaced_where_it_stands(text, expected):
    assert edited(text, ReplaceMatch(rule="ship", match=" boat ")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- match: ship # c\n", "rules:\n- match: ship # c\n  name: Ferry\n"),
        ("rules:\n- name: ship # c\n  match: a1", "rules:\n- name: Ferry # c\n  match: a1"),
        ("rules:\n- name:\n  match: ship", "rules:\n- name: Ferry\n  match: ship"),
        ("rules: [match: ship]", "rules: [{match: ship, name: Ferry}]"),
        ("rules: [{match: ship,}]", "rules: [{match: ship, name: Ferry,}]"),
        (
            "rules:\n- match: ship\n  examples:\n    match: a ship\n",
            "rules:\n- match: ship\n  name: Ferry\n  examples:\n    match: a ship\n",
        ),
    ],
)
def test_a_rule_gets_another_name(text, expected):
    assert edited(text, RenameRule(rule="ship", name=" Ferry ")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- match: ship # c\n# d\n- match: a1\n", "rules:\n# d\n- match: a1\n"),
        ("rules:\n- match: ship", "rules:"),
        ("rules:\r\n- match: a1\r\n- match: ship", "rules:\r\n- match: a1"),
        ("rules: [match: ship]", "rules: []"),
        ("rules: [{match: a1}, {match: ship}] # c", "rules: [{match: a1}] # c"),
        ("rules:\n-\n  # c\n  match: ship\n- match: a1", "rules:\n- match: a1"),
        ("rules:\n- match: |\n   ship\n\n- match: a1", "rules:\n\n- match: a1"),
    ],
)
def test_a_rule_is_removed_with_its_lines_only(text, expected):
    assert edited(text, RemoveRule(rule="ship")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- match: ship # c\n", "rules:\n- match: ship # c\n  paused: true\n"),
        ("rules: [match: ship]", "rules: [{match: ship, paused: true}]"),
        ("rules:\n- {match: ship}\n", "rules:\n- {match: ship, paused: true}\n"),
        ("rules:\n- paused: false\n  match: ship", "rules:\n- paused: true\n  match: ship"),
    ],
)
def test_a_rule_pauses(text, expected):
    assert edited(text, PauseRule(rule="ship", paused=True)) == expected
    assert book(expected).rules[0].paused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- match: ship\n  paused: true # c\n", "rules:\n- match: ship\n"),
        ("rules: [{match: ship, paused: true}]", "rules: [{match: ship}]"),
        ("rules: [{paused: true, match: ship}]", "rules: [{match: ship}]"),
        ("rules:\n- paused: true\n  match: ship\n", "rules:\n- match: ship\n"),
        (
            "rules:\n- paused: true # c\n  # d\n  match: ship\n",
            "rules:\n-  # c\n  # d\n  match: ship\n",
        ),
    ],
)
def test_a_rule_goes_on(text, expected):
    assert edited(text, PauseRule(rule="ship", paused=False)) == expected
    assert not book(expected).rules[0].paused


CHATS = """\
rules:
- {match: ship, send_to: [desk]}
chats:
  desk: # ours
    telegram: -100 # group
    digest:
      - 08:00
      # late
      - 18:00
    silent: true
  'd 2': {telegram: "-100", topic: 3}
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (SetManner(chat="desk", key=Manner.SILENT, value=None), "    silent: true\n", ""),
        (SetManner(chat="desk", key=Manner.SILENT, value=False), "silent: true", "silent: false"),
        (
            SetManner(chat="desk", key=Manner.QUIET_HOURS, value="22:00-07:00"),
            "    silent: true\n",
            "    silent: true\n    quiet_hours: 22:00-07:00\n",
        ),
        (
            SetManner(chat="desk", key=Manner.DIGEST, value=("07:00", "19:00")),
            ":\n      - 08:00\n      # late\n      - 18:00\n",
            ': ["07:00", "19:00"]\n',
        ),
        (
            SetManner(chat="desk", key=Manner.DIGEST, value=None),
            "    digest:\n      - 08:00\n      # late\n      - 18:00\n",
            "",
        ),
        (SetManner(chat="d 2", key=Manner.PREVIEW, value="off"), "3}", '3, preview: "off"}'),
        (SetManner(chat="d 2", key=Manner.MAX_PER_HOUR, value=9), "3}", "3, max_per_hour: 9}"),
        (
            SetOption(rule="ship", key=Option.SEND_TO, value=("desk", "d 2")),
            "send_to: [desk]",
            "send_to: [desk, d 2]",
        ),
        (SetOption(rule="ship", key=Option.SEND_TO, value=None), ", send_to: [desk]", ""),
        (
            SetOption(rule="ship", key=Option.PRIORITY, value="high"),
            "match: ship",
            "match: ship, priority: high",
        ),
        (
            AddChat(name="new: one", chat_id="-7", topic=2),
            "topic: 3}\n",
            "topic: 3}\n  'new: one':\n    telegram: -7\n    topic: 2\n",
        ),
        (AddChat(name="c", chat_id="@news"), "3}\n", "3}\n  c:\n    telegram: '@news'\n"),
        (
            AddEntity(name="pillar-2", names=("Pillar 2", "a, b", "1984")),
            "topic: 3}\n",
            "topic: 3}\nentities:\n  pillar-2: [Pillar 2, 'a, b', '1984']\n",
        ),
    ],
)
def test_only_what_is_asked_for_changes(edit, old, new):
    assert CHATS.count(old) == 1
    assert edited(CHATS, edit) == CHATS.replace(old, new)


def test_a_group_that_moved_has_its_new_number_at_every_place():
    text = edited(CHATS, MoveChat(old="-100", new="-1007"))

    assert text == CHATS.replace("telegram: -100 #", "telegram: -1007 #").replace('"-100"', "-1007")
    assert [chat.destination for chat in book(text).chats] == [
        Telegram(chat_id="-1007"),
        Telegram(chat_id="-1007", topic=3),
    ]


def test_the_first_chat_and_the_first_entity_get_a_section():
    text = edited("{}", AddChat(name="c", chat_id="5"))

    assert text == "{chats: {c: {telegram: 5}}}"
    assert edited(text, AddEntity(name="e", names=("Eve",))) == (
        "{entities: {e: [Eve]}, chats: {c: {telegram: 5}}}"
    )
    assert edited("chats: # c\n", AddChat(name="c", chat_id="5")) == (
        "chats: # c\n  c:\n    telegram: 5\n"
    )


def test_feeds_are_edited_as_by_the_command_line():
    text = edited("feeds: [a.xml]", AddFeeds(feeds=(NewFeed(address="b.xml", tags=("x",)),)))

    assert text == "feeds: [a.xml, {url: b.xml, tags: [x]}]"
    assert edited(text, RemoveFeeds(addresses=("a.xml", "b.xml"))) == "feeds: []"
    assert refusal(text, AddFeeds(feeds=(NewFeed(address="a.xml"),))) == (
        "1:1: this feed is here already. Nothing needs to change."
    )
    assert "cannot be polled" in refusal(text, AddFeeds(feeds=(NewFeed(address="ftp://a/"),)))
    assert "there is no feed c.xml" in refusal(text, RemoveFeeds(addresses=("a.xml", "c.xml")))


TWO = "rules:\n- match: ship\n- {match: ferry, examples: {match: a ferry}}\n"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (AddRule(match="boat AND ("), "1:10: this parenthesis is never closed. Put a )"),
        (AddRule(match="boat AND @ship"), "1:10: there is no entity @ship."),
        (AddRule(match="'a' AND @ship", name="b"), "1:9: there is no entity @ship."),
        (AddRule(match=""), "1:1: "),
        (AddRule(match="ship"), "1:1: the name is the same as in line 2. Delete one of them, or"),
        (AddRule(match="boat", name="ship"), "1:1: the name is the same as in line 2."),
        (AddRule(match="boat", name=" "), "1:1: this name is empty. Write a name."),
        (AddRule(match="a1\nb1"), "1:1: there is a line break in this. Write it in one line."),
        (AddRule(match="a1", name="a\u2028b"), "1:1: there is a line break in this."),
        (AddRule(match="a\x00b"), "1:1: there is a character in this that cannot be used."),
        (AddRule(match="a1", name="x" * (MAX_NAME + 1)), "1:1: this name is longer than 200"),
        (AddRule(match="a " * MAX_CHARACTERS), "1:1: this is longer than 10,000 characters."),
        (AddRule(match="a1", feeds=("tag:x",) * 101), "1:1: there are more than 100 members"),
        (AddRule(match="a1", feeds=("tag:x",)), "1:1: tag:x selects no feed."),
        (AddRule(match="a1", send_to=("desk",)), "1:1: there is no chat desk."),
        (AddRule(match="a1", send_to=()), "1:1: this list names no chat."),
        (ReplaceMatch(rule="ship", match="a1 OR"), "1:"),
        (ReplaceMatch(rule="ship", match='"a1" @b'), "1:6: there is no entity @b."),
        (ReplaceMatch(rule="ships", match="a1"), "1:1: there is no rule ships. Did you mean ship?"),
        (ReplaceMatch(rule="zzz", match="a1"), "1:1: there is no rule zzz. Write its name as"),
        (ReplaceMatch(rule="ship", match="ship"), "1:1: the rule ship is like that already."),
        (RenameRule(rule="ship", name="ferry"), "1:1: the name is the same as in line 3."),
        (PauseRule(rule="ship", paused=False), "1:1: the rule ship is like that already."),
        (SetOption(rule="ship", key=Option.PRIORITY, value="urgent"), "1:1: urgent is none of"),
        (SetManner(chat="desk", key=Manner.SILENT, value=True), "1:1: there is no chat desk."),
        (MoveChat(old="-1", new="-2"), "1:1: no chat has the number -1. Nothing needs to change."),
        (AddChat(name="c", chat_id="here"), "1:1: here is no Telegram chat. Write its number"),
        (AddEntity(name="e", names=("--",)), "1:1: there is no letter or digit in --."),
    ],
)
def test_what_cannot_be_done_is_told_in_the_words_of_what_was_asked(edit, expected):
    assert refusal(TWO, edit).startswith(expected)


def test_a_rule_that_is_written_not_to_pause_goes_on_already():
    text = "rules: [{match: ship, paused: false}]"

    assert "is like that already" in refusal(text, PauseRule(rule="ship", paused=False))


def test_a_broken_file_is_told_at_its_place():
    assert refusal("rules:\n- match: (a", BOAT).startswith("2:10: this parenthesis is never closed")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("rules:\n- match: &a ship\n- {match: a1, name: *a}\n", RemoveRule(rule="ship")),
        (
            "rules:\n- match: &a ship\n- {match: *a, name: b}\n",
            ReplaceMatch(rule="ship", match="x1"),
        ),
        (
            "chats: {a: &a {telegram: 5}, b: *a}",
            SetManner(chat="b", key=Manner.SILENT, value=True),
        ),
    ],
)
def test_values_that_are_used_twice_are_edited_by_hand(text, edit):
    if isinstance(edit, RemoveRule):
        text = text.replace("{match: a1, name: *a}", "{match: *a, name: b}")

    assert refusal(text, edit) == (
        "1:1: this stands in the file only once for several places (&name and *name). "
        "Edit it by hand, or write it out at each place first."
    )


def test_elsewhere_in_a_file_with_anchors_edits_pass():
    text = "rules:\n- match: &a ship\n- {match: *a, name: b}\n- match: a1\n"

    assert edited(text, RemoveRule(rule="a1")) == text.removesuffix("- match: a1\n")


def test_what_check_says_of_a_new_condition_comes_with_it():
    told = edited_and_checked(TWO, ReplaceMatch(rule="ferry", match="ship and boat"))

    assert [str(each) for each in told.warnings] == [
        "1:1: a ferry: this text should match but does not. It lacks ship, and, boat.",
        *[str(each) for each in told.warnings[1:]],
    ]
    assert any("1:6: advice:" in str(each) for each in told.warnings)
    (same,) = edited_and_checked(TWO, AddRule(name="b", match='"ship"')).warnings
    assert str(same).startswith("1:1: advice: ")
    assert edited_and_checked(TWO, PauseRule(rule="ship", paused=True)).warnings == ()


RULES = (
    "- match: r{n} a1\n",
    "- name: r{n} # why\n  match: 'b1 OR \"c: d\"'\n",
    "- match: >\n    r{n} OR\n    e1\n\n  # about\n  priority: high\n",
    "-\n  # first\n  name: 'r{n}: it''s'\n  match: f1\n  examples:\n    match:\n    - f1 # x\n",
    "- {{match: r{n}, partial: alert}} # y\n",
    "- {{name: r{n},\n   match: g1}}\n",
    "- match: h1\n  name: |\n    r{n}\n\n",
)
BETWEEN = ("", "# comment\n", "\n", "  # - match: old\n\n")
AFTER = ("feeds:\n  - a.xml # b\n", "# end\n", "chats: {s: {terminal: true}}\n", "")
CONDITIONS = st.sampled_from(
    [
        "boat",
        '"a: b"',
        "boat OR 'x y'",
        "~ship AND (a OR b)",
        "한국 NEAR/3 é",
        "=US -tax",
        "/pil+ars?/i",
        '"- #1"',
        "null",
        "true",
        "12",
        "boat " * 400 + "x",
    ]
)
NAMES = st.text("aB1: #,[]{}'\"&*!|>%@`-?\\é한🚢\u200f\t=~", min_size=1, max_size=30)


@st.composite
def files(draw):
    """Answer a file with its rules in a list, and their names."""
    indent = draw(st.sampled_from(["", "  ", " "]))
    text = draw(st.sampled_from(["", "# head\n\n", "---\n"])) + "rules:\n"
    for number in range(draw(st.integers(1, 4))):
        item = draw(st.sampled_from(RULES)).format(n=number)
        text += "".join(f"{indent}{line}" for line in item.splitlines(keepends=True))
        text += draw(st.sampled_from(BETWEEN))
    text += draw(st.sampled_from(AFTER))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return text, [rule.name for rule in book(text).rules]


_LINES = re.compile(r"\r?\n")


def lines_kept(old, new):
    """Answer which lines stand in only one of the two texts, if all those stand together."""
    before, after = _LINES.split(old), _LINES.split(new)
    head = next(
        (at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two),
        min(len(before), len(after)),
    )
    rest = min(len(before), len(after)) - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    return before[head : len(before) - tail], after[head : len(after) - tail]


@given(files(), CONDITIONS, st.none() | NAMES)
def test_an_added_rule_touches_no_line_and_removed_it_gives_the_text_back(file, match, name):
    text, names = file
    assume(name is None or name.strip())
    edit = AddRule(match=match, name=name)
    longer = edited(text, edit)

    assert isinstance(longer, str), longer
    before, after = book(text), book(longer)
    assert after.rules[:-1] == before.rules
    added = after.rules[-1]
    assert (added.match, added.condition) == (match.strip(), parse(match))
    assert name is None or added.name == " ".join(name.split())
    assert lines_kept(text, longer)[0] == []
    assert edited(longer, RemoveRule(rule=added.name)) == text
    assert added.name not in names


@given(files(), st.data())
def test_a_pause_adds_a_line_or_words_and_takes_them_away(file, data):
    text, names = file
    rule = data.draw(st.sampled_from(names))
    paused = edited(text, PauseRule(rule=rule, paused=True))

    assert isinstance(paused, str), paused
    assert [each.name for each in book(paused).rules if each.paused] == [rule]
    unpaused = tuple(replace(each, paused=False) for each in book(paused).rules)
    assert unpaused == book(text).rules
    assert edited(paused, PauseRule(rule=rule, paused=False)) == text


@given(files(), CONDITIONS, st.data())
def test_a_replaced_condition_touches_nothing_else(file, match, data):
    text, names = file
    rule = data.draw(st.sampled_from(names))
    number = names.index(rule)
    new = edited(text, ReplaceMatch(rule=rule, match=match))

    if isinstance(new, Problem):
        assert "is the same as in line" in new.message
        return
    before, after = book(text), book(new)
    assert after.rules[number].condition == parse(match)
    assert after.rules[:number] == before.rules[:number]
    assert after.rules[number + 1 :] == before.rules[number + 1 :]
    gone, _ = lines_kept(text, new)
    assert all(word not in "".join(gone) for word in ("name:", "priority:", "examples:", "feeds"))


@given(files(), NAMES, st.data())
def test_any_name_can_be_given_and_taken_back(file, name, data):
    text, names = file
    rule = data.draw(st.sampled_from(names))
    new = edited(text, RenameRule(rule=rule, name=name))

    if not name.strip():
        assert isinstance(new, Problem)
        return
    asked = " ".join(name.split())
    assert isinstance(new, str), new
    assert [each.name for each in book(new).rules] == [
        asked if each == rule else each for each in names
    ]
    gone, _ = lines_kept(text, new)
    assert len(gone) <= 4


@given(files(), st.data())
def test_a_removed_rule_takes_its_own_lines_only(file, data):
    text, names = file
    rule = data.draw(st.sampled_from(names))
    new = edited(text, RemoveRule(rule=rule))

    assert isinstance(new, str), new
    assert [each.name for each in book(new).rules] == [each for each in names if each != rule]
    gone, added = lines_kept(text, new)
    assert (added, "- old" in "".join(gone)) == ([], False)


def test_a_condition_of_ten_thousand_characters_is_written_in_every_style():
    match = " OR ".join(f"w{number:05}" for number in range(MAX_CHARACTERS // 10))
    for text in ("", "rules: []", "rules: [match: ship]", "rules:\n- match: >\n    ship\n"):
        added = edited(text, AddRule(match=match, name="long"))
        assert book(added).rules[-1].match == match
    new = edited(text, ReplaceMatch(rule="ship", match=match))
    assert book(new).rules[0].match == match


@given(st.lists(NAMES, min_size=1, max_size=3), NAMES)
def test_chats_and_entities_may_be_called_as_one_likes(names, name):
    chat = edited(CHATS, AddChat(name=name, chat_id="5"))
    if isinstance(chat, str):
        assert book(chat).chats[-1].name == name
        assert book(chat).chats[:-1] == book(CHATS).chats
    entity = edited(CHATS, AddEntity(name="e", names=tuple(names)))
    if isinstance(entity, str):
        assert book(entity).entities[0].names == tuple(each.strip() for each in names)


def test_the_manners_that_are_written_are_those_that_are_read():
    text = edited(CHATS, SetManner(chat="d 2", key=Manner.PREVIEW, value="large"))

    assert book(text).chats[1].preview is Preview.LARGE


CHAT_STYLES = (
    "c{n}: {{telegram: {n}1}}\n",
    "'c{n}':\n  telegram: {n}1 # why\n",
    "c{n}:\n  # first\n  telegram: '{n}1'\n  digest:\n  - 08:00\n  # late\n  - 18:00\n\n",
    "c{n}: {{ telegram: {n}1,\n  stories: loose, }}\n",
    '"c{n}":\n    timezone: >-\n      Asia/Seoul\n\n    telegram: {n}1\n',
)
MANNERS = st.sampled_from(
    [
        (Manner.QUIET_HOURS, "22:00-07:00"),
        (Manner.TIMEZONE, "Europe/Berlin"),
        (Manner.DIGEST, "07:00"),
        (Manner.DIGEST, ("06:30", "20:00")),
        (Manner.MAX_PER_HOUR, 5),
        (Manner.STORIES, "strict"),
        (Manner.PREVIEW, "large"),
        (Manner.SILENT, True),
        (Manner.SILENT, False),
    ]
)


@st.composite
def chat_files(draw):
    """Answer a file with chats in many styles, and how many they are."""
    count = draw(st.integers(1, 3))
    text = "chats:\n"
    for number in range(1, count + 1):
        chat = draw(st.sampled_from(CHAT_STYLES)).format(n=number)
        text += "".join(f"  {line}" if line.strip() else line for line in chat.splitlines(True))
        text += draw(st.sampled_from(["", "  # between\n", "\n"]))
    text += draw(st.sampled_from(["", "rules:\n- match: ship\n"]))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), count


@given(chat_files(), MANNERS, st.data())
def test_a_manner_is_set_in_one_chat_and_taken_back(file, manner, data):
    text, count = file
    name = f"c{data.draw(st.integers(1, count))}"
    key, value = manner
    new = edited(text, SetManner(chat=name, key=key, value=value))

    before = {chat.name: chat for chat in book(text).chats}
    if isinstance(new, Problem):
        assert "is like that already" in new.message
        return
    after = {chat.name: chat for chat in book(new).chats}
    assert [each for each in before if before[each] != after[each]] in ([name], [])
    gone, come = lines_kept(text, new)
    assert all("telegram: {" not in line and "#" not in line for line in gone if "late" not in line)
    assert key.value in "".join(come)
    cleared = edited(new, SetManner(chat=name, key=key, value=None))
    assert isinstance(cleared, str), cleared
    if edited(text, SetManner(chat=name, key=key, value=None)) == cleared:
        return
    assert cleared == text


@given(chat_files(), st.data())
def test_a_chat_that_moved_keeps_its_manners(file, data):
    text, count = file
    number = data.draw(st.integers(1, count))
    new = edited(text, MoveChat(old=f"{number}1", new="-1009"))

    before = book(text).chats
    moved = replace(before[number - 1], destination=Telegram(chat_id="-1009"))
    assert book(new).chats == (*before[: number - 1], moved, *before[number:])
    assert len(lines_kept(text, new)[0]) == 1
