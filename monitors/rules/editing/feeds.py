"""Feeds added to and removed from the text of rules.yaml; every other line stays as it is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from monitors.feeds.feed import Feed
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.rules import document, yaml_nodes
from monitors.rules.checking import failing_example
from monitors.rules.document import Reading
from monitors.rules.editing.splicing import (
    MARK,
    File,
    Read,
    Written,
    additions,
    first_that_reads,
    in_old,
    opened,
    removals,
)
from monitors.rules.entities import NoPacks, Packs
from monitors.rules.reading import shaped
from monitors.rules.rulebook import Rulebook
from monitors.rules.schema import FeedShape
from monitors.rules.values import Network, is_near, same_address
from monitors.rules.yaml_nodes import Node, quoted
from monitors.stories.links import canonical

_UNWRITABLE = "the feed cannot be written into this file"
_NO_PACKS = NoPacks()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed that is to be added.

    Attributes:
        address: as the user gave it.
        name: what to call it; None means its own title.
        tags: what rules select it by.
    """

    address: str
    name: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A text to which feeds were added.

    Attributes:
        text: the same as before if none is new.
        added: addresses that are new in it.
        known: addresses that were there already, or were given twice.
        refused: addresses that cannot be polled, each with the reason.
    """

    text: str
    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A feed that is to be written, and its tags in their order."""

    feed: Feed
    tags: tuple[str, ...]

    def keys(self, *, flow: bool) -> list[str]:
        """Answer what stands in it; only the address if there is nothing else."""
        address = quoted(self.feed.address, flow=flow)
        keys = [f"name: {quoted(self.feed.name, flow=flow)}"] if self.feed.name else []
        if self.tags:
            keys.append(f"tags: [{', '.join(quoted(tag, flow=True) for tag in self.tags)}]")
        return [f"url: {address}", *keys] if keys else [address]


def add_feed(  # noqa: PLR0913 -- a feed has these values, and rules.yaml is read with the others
    text: str,
    address: str,
    *,
    name: str | None = None,
    tags: Collection[str] = (),
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
) -> str | Problem:
    """Answer *text* with one feed more, the last, or why that cannot be.

    Args:
        text: rules.yaml without problems, whose examples do what they should; may be empty.
        address: of the feed, as the user gave it.
        name: what to call it; None means its own title.
        tags: what rules select it by.
        networks: as for `read_rulebook`.
        packs: as for `read_rulebook`.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _opened(text, read)
    if isinstance(file, Problem):
        return file
    item = _item(NewFeed(address=address, name=name, tags=tuple(tags)), networks)
    if isinstance(item, Problem):
        return item
    known = [one_feed(feed.address) for feed in file.rulebook.feeds]
    if (same := one_feed(item.feed.address)) in known:
        at = _feed_nodes(file)[known.index(same)].start
        return file.tree.source.problem(at, "this feed is here already", "Nothing needs to change.")
    return _with_items(text, file, (item,), read)


def add_feeds(
    text: str,
    feeds: Iterable[NewFeed],
    *,
    networks: Sequence[Network] = (),
    packs: Packs = _NO_PACKS,
) -> Addition | Problem:
    """Answer *text* with those of *feeds* that are new and usable, or why it cannot be edited.

    As `add_feed`, but the file is read twice, however many there are. Two addresses that
    `one_feed` calls equal count as one; a name or tags that cannot be used are left out.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _opened(text, read)
    if isinstance(file, Problem):
        return file
    seen = {one_feed(feed.address) for feed in file.rulebook.feeds}
    room = document.MAX_FEEDS - len(file.rulebook.feeds)
    items: list[_Item] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for new in feeds:
        item = _item(new, networks)
        if isinstance(item, Problem):
            item = _item(NewFeed(address=new.address), networks)
        if isinstance(item, Problem):
            refused.append((new.address, item.message))
        elif (same := one_feed(item.feed.address)) in seen:
            known.append(new.address)
        elif len(items) == room:
            refused.append((new.address, f"there is room for {document.MAX_FEEDS:,} feeds"))
        else:
            seen.add(same)
            items.append(item)
    edited = _with_items(text, file, items, read) if items else text
    if isinstance(edited, Problem):
        return edited
    added = tuple(item.feed.address for item in items)
    return Addition(text=edited, added=added, known=tuple(known), refused=tuple(refused))


def one_feed(address: str) -> str:
    """Answer what is equal for two addresses that most likely lead to one feed."""
    return canonical(address) or same_address(address)


def remove_feed(
    text: str, address: str, *, networks: Sequence[Network] = (), packs: Packs = _NO_PACKS
) -> str | Problem:
    """Answer *text* without the feed at *address*, or why that cannot be.

    It cannot if a rule would be left with a selector that selects nothing, or if an example
    does not do what is said of it.
    """
    read = partial(document.read, networks=networks, packs=packs)
    file = _opened(text, read)
    if isinstance(file, Problem):
        return file
    number = _number(file, address)
    if number is None:
        hint = "Write its address as rules.yaml has it."
        return Problem(message=f"there is no feed {clipped(address)}", hint=hint)
    feeds = file.rulebook.feeds
    expected = (*feeds[:number], *feeds[number + 1 :])
    node = file.section("feeds")
    assert isinstance(node, yaml_nodes.Sequence), "a feed was read from it"
    found = _first_saying(removals(file, node, number), expected, file, read)
    if isinstance(found, Problem):
        message = f"without this feed, {found.message}"
        return replace(found, message=message, hint="Change that first.")
    return MARK + found if text.startswith(MARK) else found


def _opened(text: str, read: Read) -> File | Problem:
    """Answer *text* without its mark, if it can be edited and its examples do what they should."""
    file = opened(text.removeprefix(MARK), read)
    if isinstance(file, Problem) or file.root is None:
        return file
    # The edits leave the rules as they are, so what fails after them fails before.
    reading = Reading(rulebook=file.rulebook, tree=file.tree)
    return failing_example(reading) or file


def _item(new: NewFeed, networks: Sequence[Network]) -> _Item | Problem:
    """Answer *new* as rules.yaml would say it, or what is wrong with it."""
    if any(map(yaml_nodes.UNUSABLE.search, (new.address, new.name or "", *new.tags))):
        return Problem(message=_UNWRITABLE, hint="There is an invisible character in it.")
    values = {"url": new.address, "name": new.name, "tags": list(new.tags)}
    shape, mistakes = shaped(FeedShape, values)
    if mistakes or shape is None:
        return Problem(message=mistakes[0].message, hint=mistakes[0].hint)
    feed = Feed(
        address=shape.url,
        name=shape.name,
        tags=frozenset(shape.tags),
        near=is_near(shape.url, networks),
    )
    return _Item(feed, tuple(dict.fromkeys(shape.tags)))


def _with_items(text: str, file: File, items: Sequence[_Item], read: Read) -> str | Problem:
    """Answer *text* with *items* behind the feeds of *file*."""
    expected = (*file.rulebook.feeds, *(item.feed for item in items))
    found = _first_saying(additions(file, "feeds", _written(items)), expected, file, read)
    if isinstance(found, Problem):
        return replace(found, message=_UNWRITABLE, hint="Write feeds: as a list, a line for each.")
    return MARK + found if text.startswith(MARK) else found


def _number(file: File, address: str) -> int | None:
    """Answer which of the feeds is at *address*."""
    wanted = same_address(address.strip())
    addresses = (same_address(feed.address) for feed in file.rulebook.feeds)
    return next((number for number, each in enumerate(addresses) if each == wanted), None)


def _feed_nodes(file: File) -> tuple[Node, ...]:
    node = file.section("feeds")
    return node.items if isinstance(node, yaml_nodes.Sequence) else ()


def _written(items: Sequence[_Item]) -> Written:
    """Answer *items* as they stand in the list of feeds."""
    lines: list[str] = []
    for item in items:
        first, *rest = item.keys(flow=False)
        lines += (f"- {first}", *(f"  {key}" for key in rest))
    inline = (item.keys(flow=True) for item in items)
    flow = ", ".join(f"{{{', '.join(keys)}}}" if keys[1:] else keys[0] for keys in inline)
    return Written(tuple(lines), flow)


def _first_saying(
    tries: Iterable[str], feeds: tuple[Feed, ...], file: File, read: Read
) -> str | Problem:
    """Answer the first text that has these *feeds* and else says what *file* says."""

    def is_right(reading: Reading) -> bool:
        book = reading.rulebook
        return bool(book and book.feeds == feeds and _rest(book) == _rest(file.rulebook))

    def told(text: str, reading: Reading) -> Problem:
        return in_old(file.text, text, reading.problems[0])

    found = first_that_reads(tries, is_right, read, told)
    return found if isinstance(found, Problem) else found[0]


def _rest(book: Rulebook) -> Rulebook:
    rules = tuple(replace(rule, feeds=None) for rule in book.rules)
    return replace(book, digest="", feeds=(), rules=rules)
