"""Who may do what, and who is told so."""

import asyncio
from dataclasses import replace

import pytest

from monitors.pipeline.book import InForce
from monitors.rules.rulebook import Chat, ChatName, Telegram
from monitors.talking.heard import Place, Said
from monitors.talking.roles import Doorkeeper, Refusals, Role, refusal
from tests.fakes.stand_ins import Clock, book, rule

ANN, BOB, EVE, ADMIN = "42", "43", "45", "44"
DESK = "-1001"
TO_ANN, TO_DESK = Place(chat=ANN), Place(chat=DESK)


class Group:
    """Bob looks after the desk."""

    async def administers(self, chat, user):
        return (chat, user) == (DESK, BOB)


def chat(chat_id, topic=None):
    return Chat(name=ChatName(chat_id), destination=Telegram(chat_id=chat_id, topic=topic))


@pytest.mark.parametrize(
    ("user", "place", "role"),
    [
        (ANN, TO_ANN, Role.OWNER),
        (BOB, TO_ANN, Role.READER),
        (EVE, TO_DESK, Role.READER),
        (BOB, TO_DESK, Role.OWNER),
        (BOB, Place(chat=DESK, topic=7), Role.OWNER),
        (DESK, TO_DESK, Role.OWNER),  # an administrator of it who stays anonymous
        ("-1002", Place(chat="-1002"), Role.STRANGER),
        (ADMIN, TO_DESK, Role.ADMIN),
        (ADMIN, Place(chat=ADMIN), Role.ADMIN),
        (BOB, Place(chat=BOB), Role.STRANGER),
        (BOB, Place(chat="-1002"), Role.STRANGER),
        (BOB, Place(chat=DESK, is_channel=True), Role.STRANGER),
        (ADMIN, Place(chat=DESK, is_channel=True), Role.ADMIN),
    ],
)
def test_everybody_is_something_somewhere(user, place, role):
    told = book(rule("ship", ANN, DESK), chats=(chat(ANN), chat(DESK)))
    door = Doorkeeper(in_force=InForce(told), admins=(ADMIN,), directory=Group())

    assert asyncio.run(door.role(Said(user=user, place=place, text="/why"))) is role


@pytest.mark.parametrize(
    ("place", "role"),
    [
        (Place(chat=DESK, topic=7), Role.OWNER),
        (Place(chat=DESK, topic=8), Role.READER),
        (TO_DESK, Role.READER),
        (TO_ANN, Role.READER),
        (Place(chat=DESK, topic=7, is_channel=True), Role.STRANGER),
    ],
)
def test_who_is_named_as_an_owner_owns_that_topic_only(place, role):
    topic = replace(chat(DESK, 7), owners=frozenset({EVE}))
    told = book(rule("ship"), chats=(chat(ANN), chat(DESK), topic))
    door = Doorkeeper(in_force=InForce(told), admins=(), directory=Group())

    assert asyncio.run(door.role(Said(user=EVE, place=place, text="/rules"))) is role


def test_those_who_may_not_are_told_so_once_an_hour():
    refusals, clock = Refusals(), Clock()

    first, second = (refusals.are_due(BOB, clock()) for _ in range(2))
    other = refusals.are_due(EVE, clock())
    clock.passes(hours=1)

    assert (first, second, other) == (True, False, True)
    assert refusals.are_due(BOB, clock())


@pytest.mark.parametrize("needed", [Role.READER, Role.OWNER, Role.ADMIN])
def test_a_refusal_says_what_to_do(needed):
    assert f"put your number, {BOB}, into ADMINS" in refusal(needed, BOB)
