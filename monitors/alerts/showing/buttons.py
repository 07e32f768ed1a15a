"""Buttons under messages, and what is meant when one that changes stories is pressed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

MOST_SPLITS = 8
TOGETHER = "together"
"""Begins the data of the button that asks why alerts came in one message."""
# Telegram takes 64 bytes. What comes back may be forged: the number is looked up.
_DATA = re.compile(r"(why|join|split):([0-9]{1,18})(?::[0-9]{1,18})?", re.ASCII)

_TOGETHER = re.compile(rf"{TOGETHER}:([0-9]{{1,18}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Button:
    """A button; *data* is what comes back when it is pressed."""

    label: str
    data: str


class Deed(Enum):
    """What a button is for."""

    WHY = "why"  # say why the articles of an alert are one story
    JOIN = "join"  # the story of an alert is the one that it is related to
    SPLIT = "split"  # an article is another story


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who pressed a button asks for; *number* is of an alert or article."""

    deed: Deed
    number: int


def digest_buttons(digest: int) -> tuple[tuple[Button, ...], ...]:
    """Answer the rows of buttons under the message of a digest: by them it is known again."""
    return ((Button("Why together?", f"{TOGETHER}:{digest}"),),)


def split_buttons(articles: Iterable[tuple[int, int]]) -> tuple[Button, ...]:
    """Answer a button for each article: its number for people, then that of the store."""
    buttons = (Button(f"Split off {shown}", f"{Deed.SPLIT.value}:{of}") for shown, of in articles)
    return tuple(button for button, _ in zip(buttons, range(MOST_SPLITS), strict=False))


def together_in(data: str) -> int | None:
    """Answer the digest that the button with *data* asks about; None if it is another button."""
    found = _TOGETHER.fullmatch(data)
    return int(found[1]) if found else None


def wish_of(data: str) -> Wish | None:
    """Answer what the button with *data* is for; None if it is none of ours."""
    found = _DATA.fullmatch(data)
    return Wish(Deed(found[1]), int(found[2])) if found else None
