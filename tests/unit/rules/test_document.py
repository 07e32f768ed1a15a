import json
from datetime import time, timedelta
from hashlib import sha256
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.feed import Feed, FullText
from monitors.language.grammar import parse
from monitors.polling.manners import Manners
from monitors.rules.document import read_rulebook
from monitors.rules.rulebook import (
    BreakOut,
    Chat,
    Partial,
    Preview,
    Priority,
    Rule,
    Rulebook,
    Stories,
    Telegram,
    Terminal,
)
from monitors.terms.entity import Entity

FULL = """
feeds:
  - https://example.org/rss.xml            # short form
  - url: https://example.com/world.xml
    name: Example World
    tags: [asia, wire]
    every: 5m
    catch_up: 7d
    full_text: never
  - {url: https://example.net/x, every: 2m-1h}

polling:
  every: 10m - 6h
  requests_per_day: 2000
  pages_per_day: 300
  hosts:
    Reddit.com: 60s
    localhost:8080: 1s

entities:
  pillar-2:
    names: [Pillar 2, Pillar II]
  south-korea:
    names: [South Korea, 한국]
    exact: [ROK]
    except: [Bank of South Korea Street]
  short: [One, 1984]

rules:
  - name: AUKUS Pillar 2
    match: AUKUS AND @pillar-2
    feeds: [tag:asia]
    send_to: [desk]
    priority: high
    partial: alert
    break_out: [20, fast, 5]
    paused: true
    examples:
      match: ["Seoul in talks over AUKUS 'Pillar II'"]
      ignore: OECD says Pillar Two tax deal is near
  - match: boat

chats:
  screen: {terminal: true}
  desk:
    telegram: -1001234567890
    topic: 12
    quiet_hours: 22:00-07:00
    timezone: Asia/Seoul
    digest: [18:00, 08:00]
    max_per_hour: 30
    stories: loose
    preview: small
    silent: true
    owners: [42, '43']
"""


def book(text: str, **options) -> Rulebook:
    read = read_rulebook(text, **options)
    assert isinstance(read, Rulebook), [str(problem) for problem in read]
    return read


def problems(text: str, **options) -> list[str]:
    read = read_rulebook(text, **options)
    assert not isinstance(read, Rulebook)
    return [str(problem) for problem in read]


def test_every_key_is_understood():
    aukus = parse("AUKUS AND @pillar-2")

    assert book(FULL) == Rulebook(
        digest=sha256(FULL.encode()).hexdigest(),
        feeds=(
            Feed(address="https://example.org/rss.xml"),
            Feed(
                address="https://example.com/world.xml",
                name="Example World",
                tags=frozenset({"asia", "wire"}),
                every=timedelta(minutes=5),
                catch_up=timedelta(days=7),
                full_text=FullText.NEVER,
            ),
            Feed(
                address="https://example.net/x",
                at_least=timedelta(minutes=2),
                at_most=timedelta(hours=1),
            ),
        ),
        manners=Manners(
            at_least=timedelta(minutes=10),
            at_most=timedelta(hours=6),
            requests_a_day=2000,
            pages_a_day=300,
            hosts={"reddit.com": timedelta(seconds=60), "localhost:8080": timedelta(seconds=1)},
        ),
        entities=(
            Entity(name="pillar-2", names=("Pillar 2", "Pillar II")),
            Entity(
                name="south-korea",
                names=("South Korea", "한국"),
                exact=("ROK",),
                exceptions=("Bank of South Korea Street",),
            ),
            Entity(name="short", names=("One", "1984")),
        ),
        rules=(
            Rule(
                name="AUKUS Pillar 2",
                match="AUKUS AND @pillar-2",
                condition=aukus,
                feeds=frozenset({"https://example.com/world.xml"}),
                send_to=("desk",),
                priority=Priority.HIGH,
                partial=Partial.ALERT,
                break_out=BreakOut(outlets=(20, 5), fast=True),
                paused=True,
                matching=("Seoul in talks over AUKUS 'Pillar II'",),
                ignoring=("OECD says Pillar Two tax deal is near",),
            ),
            Rule(name="boat", match="boat", condition=parse("boat"), send_to=("screen", "desk")),
        ),
        chats=(
            Chat(name="screen", destination=Terminal()),
            Chat(
                name="desk",
                destination=Telegram(chat_id="-1001234567890", topic=12),
                quiet_hours=(time(22), time(7)),
                timezone=ZoneInfo("Asia/Seoul"),
                digest=(time(8), time(18)),
                max_per_hour=30,
                stories=Stories.LOOSE,
                preview=Preview.SMALL,
                silent=True,
                owners=frozenset({"42", "43"}),
            ),
        ),
    )


def test_without_chats_alerts_go_to_the_screen():
    read = book("rules: [{match: boat}]")

    assert read.chats == (Chat(name="screen", destination=Terminal()),)
    assert read.rules[0].send_to == ("screen",)


@pytest.mark.parametrize("text", ["{}", "feeds:\n", "feeds: []\nrules:\nchats:\nentities: ~"])
def test_a_key_without_a_value_counts_as_not_written(text):
    read = book(text)

    assert (read.feeds, read.rules, read.entities) == ((), (), ())


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert [feed.address for feed in book("\ufefffeeds: [a.xml]").feeds] == ["a.xml"]


def test_a_rule_without_a_name_is_called_by_its_condition_as_much_as_fits():
    read = book(f"rules:\n  - match: >\n      boat  OR\n      ship\n  - match: {'word ' * 30}")

    assert [rule.name for rule in read.rules] == ["boat OR ship", f"{'word ' * 11}word\u2026"]
    assert all(len(rule.name) <= 60 for rule in read.rules)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("every: auto", Feed(address="a.xml", near=True)),
        ("every: 1s", Feed(address="a.xml", near=True, every=timedelta(seconds=1))),
        ("catch_up: all", Feed(address="a.xml", near=True, catch_up=None)),
        ("catch_up: none", Feed(address="a.xml", near=True, catch_up=timedelta(0))),
        ("tags: asia", Feed(address="a.xml", near=True, tags=frozenset({"asia"}))),
        ("tags: [2024]", Feed(address="a.xml", near=True, tags=frozenset({"2024"}))),
        ("name:", Feed(address="a.xml", near=True)),
        ("name: '  Two\n\n   lines '", Feed(address="a.xml", near=True, name="Two lines")),
    ],
)
def test_the_keys_of_a_feed_mean_what_they_say(written, expected):
    assert book(f"feeds:\n  - url: a.xml\n    {written}").feeds == (expected,)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('telegram: "@channel"', Chat(name="c", destination=Telegram(chat_id="@channel"))),
        ('telegram: "-100123"', Chat(name="c", destination=Telegram(chat_id="-100123"))),
        ("telegram: 5\n    terminal: false", Chat(name="c", destination=Telegram(chat_id="5"))),
        (
            "terminal: true\n    digest: 8:05",
            Chat(name="c", destination=Terminal(), digest=(time(8, 5),)),
        ),
    ],
)
def test_the_keys_of_a_chat_mean_what_they_say(written, expected):
    assert book(f"chats:\n  c:\n    {written}").chats == (expected,)


def test_quiet_hours_may_be_written_with_any_dash():
    for written in ("22:00-07:00", "22:00 - 7:00", "22:00\u201307:00"):
        read = book(f"chats: {{c: {{terminal: true, quiet_hours: {written}}}}}")

        assert read.chats[0].quiet_hours == (time(22), time(7))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("digest: []", "1:37: this list is empty. Delete the line, or write something into it."),
        ("digest: ['08:00', 8:00]", "1:37: 08:00 is written twice. Delete one of them."),
        (f"digest: [{', '.join(['8:00'] * 25)}]", "1:37: there are more than 24 times."),
        ("digest: [8:00, noon]", "1:44: noon is no time of day. Write hours and minutes"),
        ("preview: smal", "1:38: smal is none of off, small, large. Did you mean small?"),
        ("silent: yes", "1:37: yes is neither true nor false. Write true or false."),
        ("owners: [7, -100]", "1:41: -100 is no number of a Telegram user. Write the number"),
        ("owners: [@ann]", "1:38: a value cannot begin with @"),
        (f"owners: [{'7, ' * 101}]", "1:37: there are more than 100 owners."),
    ],
)
def test_mistakes_in_the_manners_of_a_chat_are_told(written, expected):
    (problem,) = problems(f"chats: {{c: {{terminal: true, {written}}}}}")

    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ("tag:asia", {"b.xml", "https://example.org/a"}),
        ("[tag:asia, Third]", {"b.xml", "https://example.org/a", "c.xml"}),
        ("https://EXAMPLE.org/a", {"https://example.org/a"}),
        ("./b.xml", {"b.xml"}),
    ],
)
def test_a_rule_selects_feeds_by_tag_name_and_address(selectors, expected):
    read = book(f"""
feeds:
  - {{url: https://example.org/a, tags: asia}}
  - {{url: b.xml, tags: [asia, wire]}}
  - {{url: c.xml, name: Third}}
rules:
  - match: boat
    feeds: {selectors}
""")

    assert read.rules[0].feeds == expected


NETWORKS = (ip_network("192.168.1.0/24"), ip_network("127.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    "address",
    ["http://192.168.1.5/x", "http://localhost:8080/x", "http://[fd00::1]/x", "sample/x.xml"],
)
def test_what_is_near_may_be_polled_every_second(address):
    read = book(f"feeds: [{{url: '{address}', every: 1s}}]", networks=NETWORKS)

    assert read.feeds[0].every == timedelta(seconds=1)


@pytest.mark.parametrize(
    "address", ["https://example.org/x", "http://192.168.2.5/x", "http://myhost/x"]
)
def test_what_is_far_is_polled_every_minute_at_most(address):
    text = f"feeds:\n  - url: {address}\n    every: 59s\n"

    assert problems(text, networks=NETWORKS) == [
        "3:12: 59s is too short for this address. Write 1m or more, or auto."
    ]


@pytest.mark.parametrize(("address", "least"), [("https://example.org/x", "1m"), ("x.xml", "1s")])
def test_a_range_may_begin_where_a_fixed_time_may(address, least):
    (feed,) = book(f"feeds: [{{url: '{address}', every: {least}-1h}}]").feeds

    assert (feed.every, feed.at_most) == (None, timedelta(hours=1))


def test_a_range_may_have_no_width_and_any_dash():
    (feed,) = book("feeds: [{url: a.xml, every: 5 m \u2013 5m}]").feeds

    assert feed.at_least == feed.at_most == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("59s-1h", "59s is too short for this address. Write 1m or more, or auto."),
        ("2h-1h", "2h-1h begins after its end. Write the shorter time first."),
        ("2m-", "2m- is no range of times. Write the shortest and the longest time, as in 2m-1h."),
        ("auto-1h", "auto-1h is no range of times. Write the shortest and the longest time"),
        ("1m-2m-3m", "1m-2m-3m is no range of times."),
        ("1m-400d", "400d is longer than a year. Write the shortest"),
        ("-5m", "-5m is no duration. Write auto, or a duration such as 5m, or a range such"),
    ],
)
def test_mistakes_in_a_range_are_told(every, expected):
    (problem,) = problems(f"feeds: [{{url: https://a.org/x, every: {every}}}]")

    assert problem.startswith(f"1:39: {expected}")


@pytest.mark.parametrize("text", ["polling:", "polling: {}", "polling: {every: , hosts: }", "{}"])
def test_what_polling_does_not_say_is_as_usual(text):
    assert book(text).manners == Manners()


@pytest.mark.parametrize(
    ("polling", "expected"),
    [
        ("5", "1:10: keys and their values belong here. Write every:, requests_per_day:,"),
        ("[a]", "1:10: keys and their values belong here."),
        ("{evry: 5m-4h}", "1:11: there is no key evry: here. Did you mean every:?"),
        ("{zzz: 1}", "1:11: there is no key zzz: here. The keys here are every, requests_per_day,"),
        ("{every: 5m}", "1:18: 5m is no range of times. Write the shortest and the longest time"),
        ("{every: auto}", "1:18: auto is no range of times."),
        ("{every: 59s-1h}", "1:18: 59s is too short for all feeds. Write 1m or more; feeds may"),
        ("{every: 2h-1h}", "1:18: 2h-1h begins after its end."),
        ("{requests_per_day: 0}", "1:29: 0 is no whole number from 1."),
        ("{pages_per_day: many}", "1:26: many is no whole number from 1."),
        ("{requests_per_day: 1000000001}", "1:29: 1000000001 is no whole number from 1."),
        ("{hosts: reddit.com}", "1:18: names of hosts and times belong here. Write a line for"),
        ("{hosts: {a.org: 60}}", "1:26: 60 is no duration. Write a duration such as 60s, at most"),
        ("{hosts: {a.org: 25h}}", "1:26: 25h is longer than a day. Write a duration such as 60s"),
        ("{hosts: {'https://a.org/x': 1s}}", "1:19: https://a.org/x is no name of a host. Write"),
        ("{hosts: {'*.a.org': 1s}}", "1:19: *.a.org is no name of a host. Write a.org."),
        ("{hosts: {a b: 1s}}", "1:19: a b is no name of a host. Write it as in reddit.com."),
        ("{hosts: {'': 1s}}", "1:19: this is no name of a host. Write it as in reddit.com."),
        ("{hosts: {'a.org:99999': 1s}}", "1:19: a.org:99999 is no name of a host."),
        ("{hosts: {a.org: 1s, A.org: 2s}}", "1:30: the host is the same as in line 1."),
    ],
)
def test_mistakes_in_polling_are_told(polling, expected):
    assert [each[: len(expected)] for each in problems(f"polling: {polling}")] == [expected]


def test_a_thousand_hosts_may_have_a_pace_of_their_own():
    hosts = ", ".join(f"h{number}.org: 2s" for number in range(1_001))
    (problem,) = problems(f"polling: {{hosts: {{{hosts}}}}}")

    assert "there are more than 1,000 hosts" in problem
    assert len(book(f"polling: {{hosts: {{{hosts.rpartition(',')[0]}}}}}").manners.hosts) == 1_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty. Begin with feeds: and rules:"),
        ("# only\n", "1:1: the file is empty"),
        ("- a", "1:1: feeds:, rules: and the like belong here"),
        ("text", "1:1: feeds:, rules: and the like belong here"),
        ("fedes: []", "1:1: there is no key fedes: here. Did you mean feeds:?"),
        ("zzz: 1", "1:1: there is no key zzz: here. The keys here are feeds, polling, entiti"),
        ("feeds: a.xml", "1:8: feeds: is a list. Write each in a line of its own"),
        ("chats: [a]", "1:8: everything under chats: has a name. Write name: before each"),
    ],
)
def test_mistakes_in_the_file_as_a_whole_are_told(text, expected):
    assert [problem[: len(expected)] for problem in problems(text)] == [expected]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("- [a]", "2:3: one text belongs here, not a list"),
        ("-", "2:2: keys and their values belong here. Write the address of the feed."),
        ("- name: x", "2:3: url: is missing. Write the address of the feed."),
        ("- url:", "2:7: this is empty"),
        ("- {url: a.xml, tgas: x}", "2:16: there is no key tgas: here. Did you mean tags:?"),
        ("- {url: a.xml, every: 5}", "2:23: 5 is no duration. Write auto, or a duration such"),
        ("- {url: a.xml, every: 0m}", "2:23: 0m is no duration"),
        ("- {url: a.xml, every: 53w}", "2:23: 53w is longer than a year"),
        ("- {url: a.xml, catch_up: some}", "2:26: some is no duration. Write none, all, or"),
        ("- {url: a.xml, full_text: alway}", "2:27: alway is none of auto, always, never. Did"),
        ("- {url: a.xml, tags: [x, true]}", "2:26: this stands for yes or no. Put quotation"),
        ("- {url: a.xml, tags: {x: y}}", "2:22: a list of texts belongs here"),
        ("- {url: a.xml, name: [x]}", "2:22: one text belongs here, not a list"),
        ("- ftp://example.org/x", "2:3: ftp: addresses cannot be polled. Write an address that"),
        ("- file:///etc/passwd", "2:3: a file must be beside rules.yaml or below. Put the file"),
        ("- /etc/passwd", "2:3: a file must be beside rules.yaml or below"),
        ("- C:\\x.xml", "2:3: a file must be beside rules.yaml or below"),
        ("- a/../../b.xml", "2:3: a file must be beside rules.yaml or below"),
        ("- a\\b.xml", "2:3: there is a \\ in this path. Write /"),
        ("- https:///x", "2:3: the host in this address cannot be read. Write it as in"),
        ("- https://example.org:x/", "2:3: the host in this address cannot be read"),
        ("- https://[::1/", "2:3: the host in this address cannot be read"),
        ("- https://example.org/a b", "2:3: there is a space in this address"),
        ("- www.example.org", "2:3: this address does not begin with https://. Write https://www"),
        ("- example.org/rss", "2:3: this address does not begin with https://. Write https://exa"),
        ("- a.xml\n- ./a.xml", "3:3: the address is the same as in line 2. Delete one"),
        ("- http://a.b/\n- HTTP://A.B#x", "3:3: the address is the same as in line 2"),
    ],
)
def test_mistakes_in_a_feed_are_told(item, expected):
    assert [problem[: len(expected)] for problem in problems(f"feeds:\n{item}")] == [expected]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("- match:", "2:9: this is empty"),
        ("- name: x", "2:3: match: is missing. Write match: and the words to look for."),
        ("- boat", "2:3: keys and their values belong here. Write match: and the words"),
        ("- match: [a, b]", "2:10: one text belongs here, not a list"),
        ("- match: true", "2:10: this stands for yes or no. Put quotation marks around it"),
        ("- {match: a, prority: high}", "2:14: there is no key prority: here. Did you mean priori"),
        ("- {match: a, priority: hihg}", "2:24: hihg is none of normal, high. Did you mean high?"),
        (
            "- {match: a, partial: allert}",
            "2:23: allert is none of keep, alert. Did you mean alert?",
        ),
        ("- {match: a, break_out: 0}", "2:25: 0 is no number from 2 to 1000. Write a number of"),
        ("- {match: a, break_out: 1}", "2:25: 1 is no number from 2 to 1000. Write a number of"),
        ("- {match: a, break_out: -3}", "2:25: -3 is no number from 2 to 1000. Write a number of"),
        (
            "- {match: a, break_out: 1001}",
            "2:25: 1001 is no number from 2 to 1000. Write a numb",
        ),
        (
            "- {match: a, break_out: 10 outlets}",
            "2:25: 10 outlets is neither a number of outlets nor fast. Write 10.",
        ),
        (
            "- {match: a, break_out: 1 outlet}",
            "2:25: 1 outlet is neither a number of outlets nor fast. Write a number from 2 to 1000",
        ),
        (
            "- {match: a, break_out: [5, Fsat]}",
            "2:29: Fsat is neither a number of outlets nor fast. Did you mean fast?",
        ),
        (
            "- {match: a, break_out: [5, [6]]}",
            "2:29: a list is neither a number of outlets nor fast. Write a number from 2 to 1000,",
        ),
        (
            "- {match: a, break_out: '5, fast'}",
            "2:25: 5, fast is neither a number of outlets nor fast. Write several in brackets, as",
        ),
        ("- {match: a, break_out: {at: 5}}", "2:25: a list is neither a number of outlets nor f"),
        ("- {match: a, break_out: true}", "2:25: true is neither a number of outlets nor fast."),
        ("- {match: a, break_out: 2.5}", "2:25: 2.5 is neither a number of outlets nor fast."),
        ("- {match: a, break_out: []}", "2:25: this list is empty. Delete the line, or write a"),
        ("- {match: a, break_out: [5, 6, 5]}", "2:25: 5 is written twice. Delete one of them."),
        ("- {match: a, break_out: [fast, fast]}", "2:25: fast is written twice. Delete one of th"),
        (
            f"- {{match: a, break_out: {[*range(2, 13)]}}}",
            "2:25: there are more than 10 numbers of outlets. Delete those that you need least.",
        ),
        ("- {match: a, priority: 1}", "2:24: 1 is none of normal, high. Write normal or high."),
        ("- {match: a, examples: x}", "2:24: keys and their values belong here. Write match: an"),
        ("- {match: a, examples: {mach: x}}", "2:25: there is no key mach: here. Did you mean m"),
        ("- {match: a, examples: {match: [b, [c]]}}", "2:36: one text belongs here, not a list"),
        ("- {match: a, send_to: dsk}", "2:23: there is no chat dsk. Did you mean desk?"),
        ("- {match: a, send_to: [desk, qqq]}", "2:30: there is no chat qqq. Write it under chats"),
        ("- {match: a, send_to: []}", "2:23: this list names no chat. Delete the line"),
        ("- {match: a, feeds: tag:asai}", "2:21: tag:asai selects no feed. Did you mean tag:asia"),
        ("- {match: a, feeds: [Wrld]}", "2:22: Wrld selects no feed. Did you mean World?"),
        ("- {match: a, feeds: [asia]}", "2:22: asia selects no feed. Did you mean tag:asia?"),
        ("- {match: a, feeds: [tag:asia, q]}", "2:32: q selects no feed. Write tag:name, a name"),
        ("- {match: a, feeds: []}", "2:21: this list selects no feed. Delete the line"),
        ("- {match: a, name: b}\n- match: b", "3:10: the name is the same as in line 2"),
        ("- match: a @pilar-2", "2:12: there is no entity @pilar-2. Did you mean @pillar-2?"),
        ("- match: a @qqq", "2:12: there is no entity @qqq. Write its names under entities:."),
    ],
)
def test_mistakes_in_a_rule_are_told(item, expected):
    text = f"""rules:
{item}
entities: {{pillar-2: [Pillar 2]}}
chats: {{desk: {{terminal: true}}}}
feeds: [{{url: https://example.org/, tags: asia, name: World}}]
"""

    assert [problem[: len(expected)] for problem in problems(text)] == [expected]


@pytest.mark.parametrize(
    "written",
    [
        "boat AND (ship",
        "  boat AND (ship  # why",
        "'boat ''n'' ship AND (x'",
        '"boat \\"n\\" \\u00e9 AND (x"',
        '"boat \\\n      AND\n\n      (x"',
        "boat\n      OR ship\n      AND (x",
        "|\n      boat\n\n      AND (x",
        "|2-  # why\n      boat\n       AND (x\n",
        ">-\n      boat\n        AND\n      (x\n",
        ">\r\n      한 é\r\n      AND (x\r\n",
        "&x boat (",
        "'a @zz AND (x)'",
        ">\n      a\n      @zz",
    ],
)
def test_mistakes_in_a_condition_are_told_where_they_are_written(written):
    text = f"rules:\n  - match: {written}"
    before, culprit, _ = text.partition("@zz" if "@zz" in text else "(")
    message = "there is no entity" if culprit == "@zz" else "this parenthesis is never closed"
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1

    found = problems(text)

    assert len(found) == 1
    assert found[0].startswith(f"{line}:{column}: {message}")


def test_a_mistake_in_a_condition_that_stands_elsewhere_is_told_at_the_alias():
    found = problems("rules:\n  - name: &c a (\n    match: *c\n")

    assert [problem.split(": ")[0] for problem in found] == ["3:12"]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("x:", "2:3: keys and their values belong here. Write a list of names"),
        ("x: {names: []}", "2:3: this entity has no name to look for. Write names:"),
        ("x: {except: [a]}", "2:3: this entity has no name to look for"),
        ("x: {names: [a, '!']}", "2:18: there is no letter or digit in !"),
        ("x: [a,,]", "2:9: a value cannot begin with ,"),
        ("x: {nmes: [a], exact: b}", "2:7: there is no key nmes: here. Did you mean names:?"),
        ("'@x': [a]", "2:3: @x cannot be the name of an entity. Write letters, digits and -"),
        ("'a\"b': [a]", '2:3: a"b cannot be the name of an entity'),
        ("'': [a]", "2:3:  cannot be the name of an entity"),
    ],
)
def test_mistakes_in_an_entity_are_told(entry, expected):
    found = problems(f"entities:\n  {entry}\n")

    assert [problem[: len(expected)] for problem in found] == [expected]


def test_an_entity_with_spaces_in_its_name_can_be_named_in_quotation_marks():
    assert book("entities: {two words: [x]}\nrules: [{match: 'a @\"two words\"'}]").rules


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("c:", "2:3: keys and their values belong here. Write terminal: true, telegram:"),
        (
            "c: {topic: 3}",
            "2:3: this chat does not say where it is. Write terminal: true, tele",
        ),
        ("c: {terminal: false}", "2:3: this chat does not say where it is"),
        ("c: {terminal: true, telegram: 5}", "2:3: this chat is in two places"),
        ("c: {terminal: true, topic: 5}", "2:3: the terminal has no topics"),
        ("c: {terminal: yes}", "2:17: yes is neither true nor false. Write true or false."),
        ("c: {telegram: channel}", "2:17: channel is no Telegram chat. Write its number"),
        ("c: {telegram: true}", "2:17: true is no Telegram chat"),
        ("c: {telegram: 0}", "2:17: 0 is no Telegram chat"),
        ("c: {telegram: 5, topic: 0}", "2:27: 0 is no whole number from 1. Write a number"),
        ("c: {telegram: 5, max_per_hour: many}", "2:34: many is no whole number from 1"),
        (
            "c: {telegram: 5, stories: lose}",
            "2:29: lose is none of strict, normal, loose. Did you mean loose?",
        ),
        ("c: {telegram: 5, stories: ''}", "2:29: nothing is none of strict, normal, loose."),
        ("c: {telegram: 5, stories: [loose]}", "2:29: a list is none of strict, normal, loose."),
        ("c: {telegram: 5, digest: 8}", "2:28: 8 is no time of day. Write hours and minutes"),
        ("c: {telegram: 5, digest: 24:00}", "2:28: 24:00 is no time of day"),
        ("c: {telegram: 5, quiet_hours: 22-7}", "2:33: 22-7 are no quiet hours. Write when"),
        ("c: {telegram: 5, quiet_hours: 22:00-22:00}", "2:33: the quiet hours begin and end at"),
        ("c: {telegram: 5, timezone: asia/seul}", "2:30: there is no timezone asia/seul. Did you"),
        ("c: {telegram: 5, timezone: America}", "2:30: there is no timezone America."),
        ("c: {telegram: 5, timezone: ../x}", "2:30: there is no timezone ../x. "),
        ("c: {telegram: 5, timezone: 9}", "2:30: there is no timezone 9. "),
        ("' c': {telegram: 5}", "2:3: the name of this chat is empty, or has spaces around it"),
    ],
)
def test_mistakes_in_a_chat_are_told(entry, expected):
    found = problems(f"chats:\n  {entry}\n")

    assert [problem[: len(expected)] for problem in found] == [expected]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places():
    text = """rules:
  - match: boat AND (
    priority: hihg
    send_to: desk
  - match: ship
    match: boat
feeds:
  - url: ftp://x
    every: 1
colour: red
"""

    assert [problem.split(":")[0] for problem in problems(text)] == [
        "2",
        "3",
        "4",
        "6",
        "8",
        "9",
        "10",
    ]


def test_a_selector_is_not_blamed_for_a_feed_that_cannot_be_read():
    text = "feeds: [{url: ftp://x, tags: a}]\nrules: [{match: x, feeds: tag:a}]"

    assert len(problems(text)) == 1


def test_a_name_is_known_in_spite_of_mistakes_in_what_it_names():
    text = "chats: {c: 5}\nentities: {e: 5}\nrules: [{match: '@e', send_to: c}]"

    assert [problem.split(":")[0] for problem in problems(text)] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds:\n" + "".join(f"- {n}\n" for n in range(20_001)), "20,000 feeds"),
        ("entities:\n x: [" + "a, " * 100_001 + "]", "100,000 names"),
    ],
)
def test_a_file_has_limits(text, expected):
    assert any(f"more than {expected}" in problem for problem in problems(text))


@given(st.text("abf:-[]{}'\"|>&*!@ \n#1", max_size=60))
def test_whatever_is_written_is_answered(text):
    read = read_rulebook(text)

    assert isinstance(read, Rulebook) or read


@given(
    st.dictionaries(
        st.sampled_from(["url", "name", "match", "tags", "every", "topic", "terminal", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
            max_leaves=4,
        ),
        max_size=4,
    ),
    st.sampled_from(["feeds: [%s]", "rules: [%s]", "entities: {e: %s}", "chats: {c: %s}"]),
)
def test_no_refusal_speaks_the_language_of_programmers(item, section):
    read = read_rulebook(section % json.dumps(item))

    assert isinstance(read, Rulebook) or not any(
        word in f"{problem}" for problem in read for word in ("Input should", "valid_", "pydantic")
    )
