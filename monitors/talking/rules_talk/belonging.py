"""Which rules concern a chat, who may change them, and what buttons call them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from monitors.pipeline.book import Book
from monitors.pipeline.history.records import Asked as AskedFor
from monitors.pipeline.history.records import Author, Change, GoBack, Origin
from monitors.rules.editing.reach import concerned
from monitors.rules.rulebook import ChatName, Rule, RuleName, Telegram
from monitors.talking.command import Asked
from monitors.talking.heard import Place, Pressed
from monitors.talking.roles import Role, chats_at

_KEY = 12  # hexadecimal digits
_LONGEST_INDEX = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a chat, and what they are there."""

    user: str
    name: str
    place: Place
    role: Role

    @property
    def author(self) -> Author:
        """The person as the history of rules.yaml knows them."""
        return Author(origin=Origin.CHAT, user=self.user, name=self.name, place=self.place.key)


def asking(asked: Asked) -> Person:
    """Answer who asks."""
    said = asked.said
    return Person(user=said.user, name=said.name, place=said.place, role=asked.role)


def pressing(pressed: Pressed, role: Role) -> Person:
    """Answer who has pressed a button."""
    return Person(user=pressed.user, name=pressed.name, place=pressed.place, role=role)


def sees_all(person: Person) -> bool:
    """Answer whether every rule is shown: to an administrator, where nobody else reads along."""
    return person.role is Role.ADMIN and person.place.is_private


def concerning(book: Book, person: Person) -> Sequence[Rule]:
    """Answer the rules that tell the chat where *person* is, or all, in the file's order."""
    if sees_all(person):
        return book.rulebook.rules
    here = {chat.name for chat in chats_at(book, person.place, everywhere=False)}
    return tuple(rule for rule in book.rulebook.rules if not here.isdisjoint(rule.send_to))


def owned(book: Book, person: Person) -> frozenset[ChatName]:
    """Answer the chats that *person* looks after, as far as is known where they are."""
    if person.role is Role.ADMIN:
        return frozenset(map(ChatName, book.chats))
    if person.role is not Role.OWNER:
        return frozenset()
    here = {chat.name for chat in chats_at(book, person.place, everywhere=False)}
    return frozenset(
        chat.name
        for chat in book.chats.values()
        if chat.name in here
        or person.user in chat.owners
        or (isinstance(chat.destination, Telegram) and chat.destination.chat_id == person.user)
    )


def may_change(book: Book, person: Person, rule: Rule) -> bool:
    """Answer whether *rule* tells nobody but chats that *person* looks after."""
    return person.role is Role.ADMIN or owned(book, person).issuperset(rule.send_to)


def changeable(book: Book, person: Person) -> Sequence[Rule]:
    """Answer those of the rules that concern the chat which *person* may change."""
    rules = concerning(book, person)
    if person.role is Role.ADMIN:
        return rules
    theirs = owned(book, person)
    return tuple(rule for rule in rules if theirs.issuperset(rule.send_to))


def may_ask_for(book: Book, person: Person, asked: AskedFor, change: Change | None) -> bool:
    """Answer whether *person* may have done what was *asked* for.

    Args:
        book: in force.
        person: who.
        asked: the edit, or the wish to go back.
        change: that is taken back, if one is.
    """
    if person.role is Role.ADMIN:
        return True
    if isinstance(asked, GoBack):
        return change is not None and may_undo(person, change)
    chats = concerned(asked, book.rulebook)
    return chats is not None and owned(book, person).issuperset(map(ChatName, chats))


def may_undo(person: Person, change: Change) -> bool:
    """Answer whether a change is the person's own, made in this chat, or the person may anything.

    What is a step further back was somebody else's to decide.
    """
    author = change.author
    own = (author.user, author.place) == (person.user, person.place.key)
    return person.role is Role.ADMIN or (person.role is Role.OWNER and own)


def key_of(name: str) -> str:
    """Answer what buttons call a rule: its name may be long, and its number changes."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY]


def called(rules: Sequence[Rule], name: str) -> Rule | None:
    """Answer the rule of exactly that *name*."""
    return next((rule for rule in rules if rule.name == name), None)


def pointed_at(rules: Sequence[Rule], key: str, hint: str) -> Rule | None:
    """Answer the rule that a button means; *hint* is the place where it was, if it still is."""
    if (
        hint.isascii()
        and hint.isdecimal()
        and len(hint) < _LONGEST_INDEX
        and int(hint) < len(rules)
    ):
        rule = rules[int(hint)]
        if key_of(rule.name) == key:
            return rule
    return next((rule for rule in rules if key_of(rule.name) == key), None)


def meant(rules: Sequence[Rule], words: str) -> Rule | None:
    """Answer the rule that *words* name: its name in any letter case, or its number in the list."""
    if exact := called(rules, RuleName(words)):
        return exact
    folded = words.casefold()
    if found := next((rule for rule in rules if rule.name.casefold() == folded), None):
        return found
    number = words.rstrip(".")
    if (
        number.isascii()
        and number.isdecimal()
        and len(number) < _LONGEST_INDEX
        and 0 < int(number) <= len(rules)
    ):
        return rules[int(number) - 1]
    beginning = [rule for rule in rules if rule.name.casefold().startswith(folded)]
    return beginning[0] if len(beginning) == 1 and folded else None
