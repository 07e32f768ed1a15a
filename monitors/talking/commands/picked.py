"""Whose message people answer; of one that tells of several stories, which they mean."""

import re
from dataclasses import dataclass

from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import ToldAlert
from monitors.talking.heard import Said

_NUMBER = re.compile("[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What is meant.

    Attributes:
        told: the alert; None if no message of one is answered, or nobody knows which is meant.
        rest: what else was written.
        several: whether the message tells of several stories, and none of them was named.
    """

    told: ToldAlert | None
    rest: str
    several: bool = False


def picked(ledger: Ledger, said: Said, rest: str) -> Picked:
    """Answer which alert *said* is about, an answer to its message.

    Where that is a digest, *rest* begins with the number of a story in it.
    """
    if said.reply_to is None:
        return Picked(told=None, rest=rest)
    listed = ledger.regrouping.listed(said.reply_to, said.place.ids)
    if not listed:
        return Picked(told=ledger.regrouping.shown(said.reply_to, said.place.ids), rest=rest)
    number, _, others = rest.strip().partition(" ")
    told = listed.get(int(number)) if _NUMBER.fullmatch(number) else None
    if told is None:
        return Picked(told=None, rest=rest, several=True)
    return Picked(told=told, rest=others.strip())


def which(command: str) -> str:
    """Answer how to say which story of a digest *command* is about."""
    return (
        "That message tells of several stories. Answer it with the number of one, for example "
        f"/{command} 1"
    )
