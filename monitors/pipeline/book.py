"""The rulebook in force, ready to match."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from monitors.feeds.feed import Feed
from monitors.polling.manners import Spacing, spacing_of
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Chat, Rule, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A rulebook with what is worked out from it once.

    Attributes:
        zone: the timezone of chats that name none.
        places: the place of each rule in rules.yaml, by its name; not of those that are paused.
        feeds, chats: by address and by name.
        spacing: how the hosts of feeds and pages are spared.
    """

    rulebook: Rulebook
    matcher: Matcher
    zone: tzinfo
    places: Mapping[str, int]
    feeds: Mapping[str, Feed]
    chats: Mapping[str, Chat]
    spacing: Spacing

    def rules_for(self, chat: Chat, names: Iterable[str]) -> tuple[Rule, ...]:
        """Answer those of the rules called *names* that send to *chat*, in their order."""
        places = sorted(self.places[name] for name in names if name in self.places)
        rules = self.rulebook.rules
        return tuple(rules[place] for place in places if chat.name in rules[place].send_to)

    def chats_for(self, names: Iterable[str]) -> tuple[Chat, ...]:
        """Answer the chats that the rules called *names* send to, in the order of rules.yaml."""
        places = (self.places[name] for name in names if name in self.places)
        told = {chat for place in places for chat in self.rulebook.rules[place].send_to}
        return tuple(chat for name, chat in self.chats.items() if name in told)


def open_book(rulebook: Rulebook, zone: tzinfo, matcher: Matcher | None = None) -> Book:
    """Answer *rulebook*, compiled; takes time that grows with its number of rules.

    Args:
        rulebook: what rules.yaml says.
        zone: the machine's timezone.
        matcher: of this very rulebook, if it was made before.
    """
    rules = enumerate(rulebook.rules)
    places = {str(rule.name): place for place, rule in rules if not rule.paused}
    return Book(
        rulebook=rulebook,
        matcher=matcher or Matcher(rulebook),
        zone=zone,
        places=places,
        feeds={feed.address: feed for feed in rulebook.feeds},
        chats={str(chat.name): chat for chat in rulebook.chats},
        spacing=spacing_of(rulebook.feeds, rulebook.manners),
    )


@dataclass(slots=True)
class InForce:
    """Which book counts now; a reload swaps it between two articles."""

    book: Book
