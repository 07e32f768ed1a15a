import json
import re
from pathlib import Path

import pytest

from monitors.rules import yaml_nodes
from monitors.rules.document import read_rulebook
from monitors.rules.rulebook import Rulebook
from monitors.rules.schema import json_schema

CHECKED_IN = Path("docs/rules.schema.json")
KINDS = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def fits(value, schema) -> bool:
    """Answer whether a value is valid by the few words of JSON Schema that ours uses."""
    if "$ref" in schema:
        return fits(value, json_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    kinds = schema.get("type", list(KINDS))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return (
        any(
            isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
            for kind in kinds
        )
        and ("enum" not in schema or value in schema["enum"])
        and ("anyOf" not in schema or any(fits(value, each) for each in schema["anyOf"]))
        and ("oneOf" not in schema or sum(fits(value, each) for each in schema["oneOf"]) == 1)
        and (not isinstance(value, int) or value >= schema.get("minimum", value))
        and (not isinstance(value, str) or bool(re.search(schema.get("pattern", ""), value)))
        and (not isinstance(value, list) or all(fits(v, schema.get("items", {})) for v in value))
        and (not isinstance(value, dict) or keys_fit(value, schema))
    )


def keys_fit(value, schema) -> bool:
    keys, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    return set(schema.get("required", ())) <= set(value) and all(
        fits(v, keys[k]) if k in keys else others and (others is True or fits(v, others))
        for k, v in value.items()
    )


def plain(text: str):
    return yaml_nodes.plain(yaml_nodes.read(text).root)


VALID = [
    "feeds: [https://example.org/rss.xml, {url: a.xml, every: auto, catch_up: 24h}]",
    "feeds: [{url: a.xml, name: A, tags: [x, 2024], every: 5m, full_text: never}]",
    "feeds: [{url: a.xml, tags: x, catch_up: none}]\nrules:\n",
    "entities: {a: [One, Two], b: {names: [1984], exact: [ROK], except: [x]}, c: One}",
    "feeds: [{url: a.xml, every: 2m-1h}, {url: b.xml, every: 5 m \u2013 4 h}]\npolling:\n",
    "polling: {every: 5m-4h, requests_per_day: 9, pages_per_day: 9, hosts: {a.org: 60s}}",
    "rules: [{match: a, name: b, send_to: c, priority: high}]\nchats: {c: {terminal: true}}",
    "rules: [{match: a, partial: alert}, {match: b, partial: keep}]",
    "rules: [{match: a, break_out: 10}, {match: b, break_out: [5, 20, fast]}]",
    "rules: [{match: a, break_out: fast}]",
    "rules: [{match: a, examples: {match: [a], ignore: b}}]",
    "chats: {c: {telegram: -100123, topic: 12, quiet_hours: 22:00-07:00, timezone: Asia/Seoul}}",
    "chats: {c: {telegram: '@channel', digest: '08:00', max_per_hour: 30}}",
    "rules: [{match: a, paused: true}]",
    "chats: {c: {telegram: 5, digest: ['08:00', '18:00'], preview: off, silent: true, owners: 7}}",
    "chats: {c: {telegram: 5, preview: large, owners: [7, '8']}}",
    "chats: {a: {telegram: 5, stories: strict}, b: {telegram: 6, stories: loose}}",
]
INVALID = [
    "fedes: []",
    "feeds: [{name: x}]",
    "feeds: [{url: a.xml, tgas: x}]",
    "feeds: [{url: a.xml, every: 5}]",
    "feeds: [{url: a.xml, catch_up: sometimes}]",
    "feeds: [{url: a.xml, full_text: maybe}]",
    "feeds: [{url: a.xml, every: 2m-}]",
    "polling: {every: 5m}",
    "polling: {evry: 5m-4h}",
    "polling: {requests_per_day: 0}",
    "polling: {hosts: {a.org: 60}}",
    "polling: [5m-4h]",
    "rules: [{name: a}]",
    "rules: [{match: [a]}]",
    "rules: [{match: a, priority: urgent}]",
    "rules: [{match: a, partial: tell}]",
    "rules: [{match: a, break_out: 1}]",
    "rules: [{match: a, break_out: slow}]",
    "rules: [{match: a, break_out: [5, [6]]}]",
    "rules: [{match: a, examples: {matches: a}}]",
    "chats: {c: {}}",
    "chats: {c: {terminal: true, telegram: 5}}",
    "chats: {c: {telegram: 5, topic: 0}}",
    "chats: {c: {telegram: 5, quiet_hours: at night}}",
    "chats: {c: {telegram: 5, digest: morning}}",
    "chats: {c: {telegram: 5, stories: tight}}",
    "rules: [{match: a, paused: later}]",
    "chats: {c: {telegram: 5, digest: ['08:00', noon]}}",
    "chats: {c: {telegram: 5, preview: none}}",
    "chats: {c: {telegram: 5, silent: 1}}",
    "chats: {c: {telegram: 5, owners: -7}}",
    "chats: {c: {telegram: 5, owners: ['@ann']}}",
]


def test_the_schema_that_editors_use_is_the_one_that_newsbell_uses():
    assert json.loads(CHECKED_IN.read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("text", VALID)
def test_what_newsbell_reads_is_right_in_an_editor(text):
    assert isinstance(read_rulebook(text), Rulebook)
    assert fits(plain(text), json_schema())


@pytest.mark.parametrize("text", INVALID)
def test_what_newsbell_refuses_is_marked_in_an_editor(text):
    assert not isinstance(read_rulebook(text), Rulebook)
    assert not fits(plain(text), json_schema())


def test_every_key_is_described():
    schema = json_schema()
    shapes = [schema, *(each for each in schema["$defs"].values() if "properties" in each)]

    for shape in shapes:
        for name, key in shape["properties"].items():
            target = schema["$defs"][key["$ref"].rpartition("/")[2]] if "$ref" in key else {}
            assert key.get("description") or target.get("description"), name
