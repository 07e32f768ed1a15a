from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.feed import Feed
from monitors.language.problems import Problem
from monitors.rules.document import MAX_FEEDS, read_rulebook
from monitors.rules.editing.feeds import NewFeed, add_feed, add_feeds, remove_feed
from monitors.rules.rulebook import Rulebook

NEW = "https://new.org/x"


def feeds(text) -> list[str]:
    read = read_rulebook(text)
    assert isinstance(read, Rulebook), text
    return [feed.address for feed in read.feeds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"feeds:\n  - {NEW}\n"),
        ("# hi\r\n", f"# hi\r\nfeeds:\r\n  - {NEW}\r\n"),
        ("rules: []", f"rules: []\nfeeds:\n  - {NEW}"),
        ("---\nrules: []\n...\n", f"---\nfeeds:\n  - {NEW}\nrules: []\n...\n"),
        ("feeds: # c\nrules: []\n", f"feeds: # c\n  - {NEW}\nrules: []\n"),
        ("feeds: ~\n", f"feeds: \n  - {NEW}\n"),
        ("feeds: []  # c\n", f"feeds: [{NEW}]  # c\n"),
        ("feeds:\n- a.xml # c\n# d\n", f"feeds:\n- a.xml # c\n- {NEW}\n# d\n"),
        ("feeds:\n  - a.xml\n\nrules: []", f"feeds:\n  - a.xml\n  - {NEW}\n\nrules: []"),
        ("feeds:\r\n - a.xml\r\nrules:", f"feeds:\r\n - a.xml\r\n - {NEW}\r\nrules:"),
        ("feeds:\n  - a.xml", f"feeds:\n  - a.xml\n  - {NEW}"),
        ("feeds: [a.xml, b.xml] # c", f"feeds: [a.xml, b.xml, {NEW}] # c"),
        ("feeds: [\n  a.xml,\n]\n", f"feeds: [\n  a.xml, {NEW},\n]\n"),
        ("{feeds: [a.xml], rules: []}", f"{{feeds: [a.xml, {NEW}], rules: []}}"),
        ("{rules: []}", f"{{feeds: [{NEW}], rules: []}}"),
        ("{}", f"{{feeds: [{NEW}]}}"),
        ("{feeds: , rules: []}", f"{{feeds:  [{NEW}], rules: []}}"),
        (
            "feeds:\n  - url: a.xml\n    tags:\n      - x # c\nrules: []\n",
            f"feeds:\n  - url: a.xml\n    tags:\n      - x # c\n  - {NEW}\nrules: []\n",
        ),
        (
            "feeds:\n  - url: a.xml\n    name: |\n      A\nrules: []\n",
            f"feeds:\n  - url: a.xml\n    name: |\n      A\n  - {NEW}\nrules: []\n",
        ),
        (
            "feeds:\n  - {url: a.xml,\n     tags: [x]}\n",
            f"feeds:\n  - {{url: a.xml,\n     tags: [x]}}\n  - {NEW}\n",
        ),
        ("\ufefffeeds:\n - a.xml\n", f"\ufefffeeds:\n - a.xml\n - {NEW}\n"),
    ],
)
def test_a_feed_is_added_after_the_others(text, expected):
    assert add_feed(text, NEW) == expected
    assert feeds(expected)[-1] == NEW


def test_a_name_and_tags_are_written_as_keys():
    in_lines = add_feed("feeds:\n- a.xml\n", NEW, name="Tom: 'x'", tags=("a b", "1"))
    in_brackets = add_feed("feeds: [a.xml]", NEW, tags=("a, b", "true"))

    assert in_lines == (
        f"feeds:\n- a.xml\n- url: {NEW}\n  name: 'Tom: ''x'''\n  tags: [a b, '1']\n"
    )
    assert in_brackets == f"feeds: [a.xml, {{url: {NEW}, tags: ['a, b', 'true']}}]"


POLLING = """\
polling:   # how
    every: 5m - 4h
    hosts: {reddit.com: 60s}
feeds:
- url: b.xml
  every: 2m-1h   # soon
"""


def test_how_feeds_are_polled_stays_byte_for_byte():
    added = add_feed(POLLING, NEW)

    assert added == f"{POLLING}- {NEW}\n"
    assert remove_feed(added, NEW) == POLLING


@pytest.mark.parametrize("text", ["", "feeds: []"])
def test_a_name_that_no_file_can_hold_is_refused(text):
    problem = add_feed(text, NEW, name="a\x00b")

    assert isinstance(problem, Problem)
    assert problem.message == "the feed cannot be written into this file"


@pytest.mark.parametrize("end", ["\n", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("text", ["feeds:\n- a.xml", "feeds: [a.xml]"])
def test_a_tag_of_two_lines_is_written_in_one(text, end):
    edited = add_feed(text, NEW, tags=[f"two{end}lines"])

    assert read_rulebook(edited).feeds[-1].tags == {f"two{end}lines"}


@pytest.mark.parametrize("address", ["https://a.org/?q=[1]&r={2}, #x", "https://a.org/#", "'.xml"])
@pytest.mark.parametrize("text", ["feeds:\n- a.xml\n", "feeds: [a.xml]"])
def test_an_address_is_quoted_where_yaml_needs_it(text, address):
    address = address.replace(" ", "%20")

    assert feeds(add_feed(text, address)) == ["a.xml", address]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds: [a.xml]", "1:9: this feed is here already"),
        ("feeds: [./a.xml]", "1:9: this feed is here already"),
        ("rules: [", "1:9: the file ends too soon"),
        ("rules: [{match: x (}]", "1:19: this parenthesis is never closed"),
    ],
)
def test_what_cannot_be_added_is_told(text, expected):
    problem = add_feed(text, "a.xml")

    assert isinstance(problem, Problem)
    assert str(problem).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "feeds:\n  - {a}\n  - url: {b}\n    name: B\n    tags: [x, y z]\n"),
        ("feeds: [c.xml]", "feeds: [c.xml, {a}, {{url: {b}, name: B, tags: [x, y z]}}]"),
        ("feeds:\n# c\n", "feeds:\n  - {a}\n  - url: {b}\n    name: B\n    tags: [x, y z]\n# c\n"),
    ],
)
def test_many_feeds_are_added_at_once_in_their_order(text, expected):
    a, b = "https://a.example/", "https://b.example/"
    addition = add_feeds(
        text, [NewFeed(address=a), NewFeed(address=b, name="B", tags=("x", "y z", "x"))]
    )

    assert addition.text == expected.format(a=a, b=b)
    assert (addition.added, addition.known, addition.refused) == ((a, b), (), ())


def test_of_many_feeds_those_that_are_there_or_no_good_are_named():
    text = "feeds: [https://www.a.example/rss]"
    addition = add_feeds(
        text,
        [
            NewFeed(address="http://a.example/rss/"),
            NewFeed(address="https://b.example/ c"),
            NewFeed(address="https://d.example/"),
            NewFeed(address="https://D.example"),
        ],
    )

    assert addition.added == ("https://d.example/",)
    assert addition.known == ("http://a.example/rss/", "https://D.example")
    assert addition.refused == (("https://b.example/ c", "there is a space in this address"),)


def test_a_name_that_cannot_be_used_does_not_cost_the_feed():
    addition = add_feeds("", [NewFeed(address=NEW, name="A", tags=("",))])

    assert addition.text == f"feeds:\n  - {NEW}\n"


def test_nothing_new_leaves_the_text_as_it_is():
    text = f"\ufefffeeds: [{NEW}] # c\r\n"

    assert add_feeds(text, [NewFeed(address=NEW)]).text == text


def test_there_is_a_limit_to_the_feeds_that_are_added():
    many = [NewFeed(address=f"{NEW}/{number}") for number in range(MAX_FEEDS + 1)]
    addition = add_feeds("feeds: [a.xml]", many)

    assert len(addition.added) == MAX_FEEDS - 1
    assert {why for _, why in addition.refused} == {"there is room for 20,000 feeds"}


def test_a_file_with_problems_gets_no_feeds():
    assert isinstance(add_feeds("rules: [", [NewFeed(address=NEW)]), Problem)


PRINTED = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=20)


@given(
    st.lists(
        st.builds(
            NewFeed,
            address=st.just(NEW),
            name=st.none() | PRINTED,
            tags=st.lists(PRINTED, max_size=2).map(tuple),
        ),
        max_size=4,
    ),
    st.sampled_from(["", "feeds: [a.xml]", "feeds:\n- a.xml\n"]),
)
def test_what_other_readers_call_feeds_can_be_written_down(many, text):
    numbered = [replace(one, address=f"{NEW}/{number}") for number, one in enumerate(many)]
    addition = add_feeds(text, numbered)

    assert not isinstance(addition, Problem), addition
    assert feeds(addition.text or "feeds: []")[-len(many) or 99 :] == [
        one.address for one in numbered
    ]


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ("match: a ship", "this text should match but does not"),
        ("ignore: a boat", "this text should be ignored but matches"),
    ],
)
def test_nothing_is_edited_while_an_example_fails(examples, message):
    text = f"feeds: [a.xml, b.xml]\nrules:\n  - match: boat\n    examples:\n      {examples}\n"

    for refused in (add_feed(text, NEW), remove_feed(text, "a.xml")):
        assert isinstance(refused, Problem)
        assert (refused.line, refused.message) == (5, message)


def test_examples_that_do_what_they_should_let_edits_pass():
    text = "feeds: [a.xml]\nrules: [{match: boat, examples: {match: a boat, ignore: a ship}}]\n"

    assert feeds(add_feed(text, NEW)) == ["a.xml", NEW]


def test_an_address_that_cannot_be_polled_is_told():
    problem = add_feed("feeds: []", "ftp://example.org/x")

    assert isinstance(problem, Problem)
    assert problem.message == "ftp: addresses cannot be polled"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds:\n  - a.xml # c\n  # d\n  - b.xml\n", "feeds:\n  # d\n  - b.xml\n"),
        ("feeds:\r\n- b.xml\r\n- a.xml\r\nrules:", "feeds:\r\n- b.xml\r\nrules:"),
        ("feeds:\n  - a.xml\n# c\nrules: []", "feeds:\n# c\nrules: []"),
        ("feeds:\n  -\n    # c\n    url: a.xml\n    tags: x\n  - b.xml", "feeds:\n  - b.xml"),
        ("feeds: [a.xml]", "feeds: []"),
        ("feeds: [a.xml, b.xml] # c", "feeds: [b.xml] # c"),
        ("feeds: [b.xml, {url: a.xml}]", "feeds: [b.xml]"),
        ("feeds: [b.xml, a.xml,]", "feeds: [b.xml, ]"),
        ("feeds: [\n  b.xml, # c\n  a.xml # d\n]\n", "feeds: [\n  b.xml, # c\n]\n"),
        ("feeds: [b.xml,\n a.xml]\n", "feeds: [b.xml,\n ]\n"),
        ("\ufefffeeds:\n - a.xml\n - b.xml\n", "\ufefffeeds:\n - b.xml\n"),
    ],
)
def test_a_feed_is_removed_with_its_lines_only(text, expected):
    assert remove_feed(text, "a.xml") == expected
    assert "a.xml" not in feeds(expected)


def test_a_feed_is_removed_by_any_way_to_write_its_address():
    assert remove_feed("feeds: ['HTTP://A.org']", "http://a.org/") == "feeds: []"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds: [b.xml]", "1:1: there is no feed a.xml. Write its address as"),
        ("", "1:1: there is no feed a.xml"),
        ("feeds: [", "1:9: the file ends too soon"),
        (
            "feeds:\n - url: a.xml\n   tags: q\nrules:\n - match: x\n   feeds: tag:q\n",
            "6:11: without this feed, tag:q selects no feed. Change that first.",
        ),
        ("feeds: [&a a.xml, {url: b.xml, name: *a}]", "1:31: without this feed, "),
    ],
)
def test_what_cannot_be_removed_is_told(text, expected):
    problem = remove_feed(text, "a.xml")

    assert isinstance(problem, Problem)
    assert str(problem).startswith(expected)


ITEMS = (
    "- {n}.xml\n",
    "- '{n}.xml' # why\n",
    "- url: {n}.xml\n  tags: [x,\n    y]\n",
    "- url: {n}.xml\n  # tags\n  tags:\n  - x\n  - y # z\n",
    "- name: |\n    Name\n    of it\n  url: {n}.xml\n",
    "-\n  url: {n}.xml\n  tags:\n",
    "- {{url: {n}.xml, every: 5m}}\n",
)
BETWEEN = ("", "# comment\n", "\n", "  # - old.xml\n\n")
AFTER = ("rules:\n  - match: |\n      boat\n", "# end\n", "chats: {s: {terminal: true}}\n")


@st.composite
def files(draw):
    """Answer a file with its feeds as a list, and how many they are."""
    indent = draw(st.sampled_from(["", "  ", " "]))
    count = draw(st.integers(0, 4))
    text = draw(st.sampled_from(["", "# head\n\n"])) + "feeds:\n"
    for number in range(count):
        item = draw(st.sampled_from(ITEMS)).format(n=number)
        text += "".join(f"{indent}{line}" for line in item.splitlines(keepends=True))
        text += draw(st.sampled_from(BETWEEN))
    text += draw(st.sampled_from(AFTER))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), count


@given(files())
def test_adding_leaves_every_line_as_it_was(file):
    text, count = file
    edited = add_feed(text, NEW, name="New")

    assert isinstance(edited, str), edited
    assert len(feeds(edited)) == count + 1
    old, new = text.splitlines(keepends=True), edited.splitlines(keepends=True)
    added = len(new) - len(old)
    kept = next(at for at in range(len(old) + 1) if new[:at] + new[at + added :] == old)
    assert "".join(new[kept : kept + added]).split() == ["-", "url:", NEW, "name:", "New"]


@given(files(), st.data())
def test_removing_leaves_every_other_line_as_it_was(file, data):
    text, count = file
    number = data.draw(st.integers(0, max(0, count - 1)))
    edited = remove_feed(text, f"{number}.xml")

    if not count:
        assert isinstance(edited, Problem)
        return
    assert isinstance(edited, str), edited
    assert feeds(edited) == [f"{each}.xml" for each in range(count) if each != number]
    old, new = text.splitlines(keepends=True), edited.splitlines(keepends=True)
    gone = len(old) - len(new)
    assert any(old[:at] + old[at + gone :] == new for at in range(len(new) + 1))


@given(st.text("a:#,[]{}'\"&*!|>%@`-? \\é한", min_size=1, max_size=20), st.booleans())
def test_any_name_can_be_written(name, in_brackets):
    edited = add_feed("feeds: [a.xml]" if in_brackets else "feeds:\n- a.xml", NEW, name=name)

    if not name.strip():
        assert isinstance(edited, Problem)
        return
    read = read_rulebook(edited)
    assert isinstance(read, Rulebook)
    assert read.feeds[-1] == Feed(address=NEW, name=" ".join(name.split()))
