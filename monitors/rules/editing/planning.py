"""From an edit to the texts that may be meant, and what each has to say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias, assert_never

from monitors.language.grammar import MAX_CHARACTERS, parse
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules import yaml_nodes
from monitors.rules.editing.edits import (
    AddChat,
    AddEntity,
    AddRule,
    Manner,
    MoveChat,
    PauseRule,
    RemoveRule,
    RenameRule,
    ReplaceMatch,
    SetManner,
    SetOption,
    Value,
)
from monitors.rules.editing.splicing import (
    File,
    Written,
    additions,
    key_removals,
    removals,
    settings_of,
)
from monitors.rules.rulebook import Priority
from monitors.rules.values import nearest
from monitors.rules.yaml_nodes import Node, Scalar, plain, quoted
from monitors.rules.yaml_text import spliced

MAX_NAME = 200
_MOST_MEMBERS = 100
_BREAKS = re.compile("[\r\n\x85\u2028\u2029]")
_READ_OTHERWISE = re.compile(r"\d+:[0-5]\d|on|off|yes|no|y|n", re.ASCII | re.IGNORECASE)
_NO_CHANGE = "Nothing needs to change."

Said: TypeAlias = dict[str, Any]
"""What a file says, as plain data without sections that say nothing."""
OfRule: TypeAlias = AddRule | ReplaceMatch | RenameRule | RemoveRule | PauseRule | SetOption
Planned: TypeAlias = OfRule | AddEntity | AddChat | SetManner | MoveChat


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit comes to.

    Attributes:
        tries: texts, the best first.
        said: what the right one says.
        rule: which rule is new in it or changed, if one is.
        is_condition: whether its condition is.
    """

    tries: Iterable[str]
    said: Said
    rule: int | None = None
    is_condition: bool = False


def said_by(root: Node | None) -> Said:
    """Answer what a file says; sections without anything in them count as not written."""
    read = plain(root) if isinstance(root, yaml_nodes.Mapping) else {}
    assert isinstance(read, dict), "keys have values"
    return {key: value for key, value in read.items() if value not in (None, [], {})}


def plan(file: File, edit: Planned) -> Plan | Problem:
    """Answer how *edit* may be carried out in *file*, or why it cannot be."""
    if refused := _unwritable(edit):
        return refused
    match edit:
        case AddEntity(name=name, names=names):
            return _add_named(file, "entities", name, names)
        case AddChat(name=name, chat_id=chat_id, topic=topic):
            place: dict[str, Value] = {"telegram": _number(chat_id)}
            return _add_named(file, "chats", name, place | ({"topic": topic} if topic else {}))
        case SetManner(chat=chat, key=manner, value=value):
            return _in_chat(file, chat, manner, value)
        case MoveChat(old=old, new=new):
            return _move_chat(file, old, new)
        case _:
            return _plan_rule(file, edit)


def _plan_rule(file: File, edit: OfRule) -> Plan | Problem:  # noqa: PLR0911 -- one an edit
    match edit:
        case AddRule():
            return _add_rule(file, edit)
        case RemoveRule(rule=rule):
            return _remove_rule(file, rule)
        case ReplaceMatch(rule=rule, match=match):
            wrong = parse(match)
            if isinstance(wrong, Problem):
                return wrong
            return _in_rule(file, rule, "match", match.strip(), is_condition=True)
        case RenameRule(rule=rule, name=name):
            return _in_rule(file, rule, "name", " ".join(name.split()))
        case PauseRule(rule=rule, paused=paused):
            return _in_rule(file, rule, "paused", paused or None)
        case SetOption(rule=rule, key=option, value=value):
            return _in_rule(file, rule, option.value, value)
        case _:
            assert_never(edit)


def _unwritable(edit: Planned) -> Problem | None:
    """Answer what in *edit* no line of the file can hold."""
    name = edit.name if isinstance(edit, AddRule | RenameRule | AddEntity | AddChat) else None
    if name is not None and not name.strip():
        return Problem(message="this name is empty", hint="Write a name.")
    if name is not None and len(name) > MAX_NAME:
        message = f"this name is longer than {MAX_NAME} characters"
        return Problem(message=message, hint="Write a shorter one.")
    for value in (getattr(edit, field.name) for field in fields(edit)):
        members = value if isinstance(value, tuple) else (value,)
        if len(members) > _MOST_MEMBERS:
            message = f"there are more than {_MOST_MEMBERS} members in this list"
            return Problem(message=message, hint="Leave some out.")
        for text in members:
            if isinstance(text, str) and (refused := _bad_text(text)):
                return refused
    return None


def _bad_text(text: str) -> Problem | None:
    if len(text) > MAX_CHARACTERS:
        message = f"this is longer than {MAX_CHARACTERS:,} characters"
        return Problem(message=message, hint="Write less.")
    if _BREAKS.search(text):
        return Problem(message="there is a line break in this", hint="Write it in one line.")
    if yaml_nodes.UNUSABLE.search(text):
        hint = "Type it anew, without invisible characters."
        return Problem(message="there is a character in this that cannot be used", hint=hint)
    return None


def _add_rule(file: File, edit: AddRule) -> Plan | Problem:
    condition = parse(edit.match)
    if isinstance(condition, Problem):
        return condition
    keys: dict[str, Value] = {}
    if edit.name is not None:
        keys["name"] = " ".join(edit.name.split())
    keys["match"] = edit.match.strip()
    if edit.feeds is not None:
        keys["feeds"] = edit.feeds
    if edit.send_to is not None:
        keys["send_to"] = edit.send_to
    if edit.priority is not Priority.NORMAL:
        keys["priority"] = edit.priority.value
    if edit.break_out:
        keys["break_out"] = edit.break_out
    said = said_by(file.root)
    rules = said.setdefault("rules", [])
    rules.append({key: _plainly(value) for key, value in keys.items()})
    first, *rest = _pairs(keys, flow=False)
    lines = (f"- {first}", *(f"  {pair}" for pair in rest))
    new = Written(lines, f"{{{', '.join(_pairs(keys, flow=True))}}}")
    return Plan(additions(file, "rules", new), said, len(rules) - 1, is_condition=True)


def _in_rule(
    file: File, rule: str, key: str, value: Value | None, *, is_condition: bool = False
) -> Plan | Problem:
    number = _place_of(file, rule)
    if isinstance(number, Problem):
        return number
    node, said = _items(file)[number], said_by(file.root)
    assert isinstance(node, yaml_nodes.Mapping), "a rule was read from it"
    changed = said["rules"][number]
    # A rule that is written not to pause goes on as well as one that says nothing of it.
    if changed.get(key) == _plainly(value) or (value is None and changed.get(key) is False):
        return Problem(message=f"the rule {clipped(rule)} is like that already", hint=_NO_CHANGE)
    tries = _set(file, node, changed, key, value)
    return Plan(tries, said, number, is_condition)


def _set(
    file: File, node: yaml_nodes.Mapping, said: Said, key: str, value: Value | None
) -> Iterator[str]:
    """Answer the texts in which *key* has *value* in *node*, and put it into what is *said*."""
    if value is None:
        del said[key]
        return key_removals(file, node, key)
    said[key] = _plainly(value)
    return settings_of(file, node, key, _written(value, flow=node.flow), "match")


def _remove_rule(file: File, rule: str) -> Plan | Problem:
    number = _place_of(file, rule)
    if isinstance(number, Problem):
        return number
    said, node = said_by(file.root), file.section("rules")
    assert isinstance(node, yaml_nodes.Sequence), "a rule was read from it"
    del said["rules"][number]
    if not said["rules"]:
        del said["rules"]
    return Plan(removals(file, node, number), said)


def _add_named(
    file: File, section: str, name: str, value: tuple[str, ...] | dict[str, Value]
) -> Plan | Problem:
    """Answer how *name* and what it stands for are put into a *section*."""
    said = said_by(file.root)
    named = said.setdefault(section, {})
    if name in named:
        hint = "Choose another name."
        return Problem(message=f"there is {clipped(name)} under {section}: already", hint=hint)
    key = quoted(name, flow=True)
    if isinstance(value, tuple):
        named[name] = list(value)
        inline = f"{key}: {_written(value, flow=True)}"
        return Plan(additions(file, section, Written((inline,), inline, keys=True)), said)
    named[name] = {each: _plainly(one) for each, one in value.items()}
    lines = (f"{key}:", *(f"  {pair}" for pair in _pairs(value, flow=False)))
    inline = f"{key}: {{{', '.join(_pairs(value, flow=True))}}}"
    return Plan(additions(file, section, Written(lines, inline, keys=True)), said)


def _in_chat(file: File, chat: str, manner: Manner, value: Value | None) -> Plan | Problem:
    node = file.section("chats")
    found = node.get(chat) if isinstance(node, yaml_nodes.Mapping) else None
    if not isinstance(found, yaml_nodes.Mapping):
        hint = "Write it under chats: first."
        return Problem(message=f"there is no chat {clipped(chat)}", hint=hint)
    said = said_by(file.root)
    changed, key = said["chats"][chat], manner.value
    if changed.get(key) == _plainly(value):
        return Problem(message=f"the chat {clipped(chat)} is like that already", hint=_NO_CHANGE)
    return Plan(_set(file, found, changed, key, value), said)


def _move_chat(file: File, old: str, new: str) -> Plan | Problem:
    said, text = said_by(file.root), file.text
    node = file.section("chats")
    spans: set[tuple[int, int]] = set()
    for key, chat in node.pairs if isinstance(node, yaml_nodes.Mapping) else ():
        where = chat.get("telegram") if isinstance(chat, yaml_nodes.Mapping) else None
        if isinstance(where, Scalar) and where.text == old:
            said["chats"][key.text]["telegram"] = _number(new)
            spans.add((where.start, where.end))
    if not spans:
        return Problem(message=f"no chat has the number {clipped(old)}", hint=_NO_CHANGE)
    for start, end in sorted(spans, reverse=True):
        text = spliced(text, start, _written(_number(new), flow=True), end)
    return Plan((text,), said)


def _place_of(file: File, rule: str) -> int | Problem:
    """Answer which of the rules is called *rule*."""
    names = [str(each.name) for each in file.rulebook.rules]
    if rule in names:
        return names.index(rule)
    meant = nearest(rule, names)
    hint = f"Did you mean {clipped(meant)}?" if meant else "Write its name as rules.yaml has it."
    return Problem(message=f"there is no rule {clipped(rule)}", hint=hint)


def _items(file: File) -> tuple[Node, ...]:
    node = file.section("rules")
    return node.items if isinstance(node, yaml_nodes.Sequence) else ()


def _pairs(keys: Mapping[str, Value], *, flow: bool) -> list[str]:
    return [f"{key}: {_written(value, flow=flow)}" for key, value in keys.items()]


def _written(value: Value, *, flow: bool) -> str:
    """Answer *value* as YAML writes it in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_written(each, flow=True) for each in value)}]"
    # What other readers of YAML take for numbers and for yes or no; editors among them.
    return f'"{value}"' if _READ_OTHERWISE.fullmatch(value) else quoted(value, flow=flow)


def _plainly(value: Value | None) -> object:
    """Answer *value* as it is read from YAML."""
    return list(value) if isinstance(value, tuple) else value


def _number(chat_id: str) -> Value:
    return int(chat_id) if re.fullmatch(r"-?[1-9][0-9]{0,17}", chat_id) else chat_id
