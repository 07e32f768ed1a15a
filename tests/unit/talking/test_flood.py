"""Whoever asks too much is told once, and is in nobody's way."""

from monitors.talking.flood import A_MINUTE, Flood, Verdict
from monitors.talking.heard import Place, Said
from tests.fakes.stand_ins import Clock

TAKE, WARN, IGNORE = Verdict.TAKE, Verdict.WARN, Verdict.IGNORE


def said(user="42", chat=None):
    return Said(user=user, place=Place(chat=chat or user), text="/why")


def asks(flood, clock, times, *, seconds=0.1, **who):
    """Answer what becomes of so many commands, some *seconds* apart."""
    verdicts = []
    for _ in range(times):
        verdicts.append(flood.takes(said(**who), clock()))
        clock.passes(seconds=seconds)
    return verdicts


def test_so_much_a_minute_is_taken_then_one_is_warned_and_the_rest_ignored():
    verdicts = asks(Flood(), Clock(), A_MINUTE + 10)

    assert verdicts == [TAKE] * A_MINUTE + [WARN] + [IGNORE] * 9


def test_a_steady_pace_below_it_is_always_taken():
    assert set(asks(Flood(), Clock(), 200, seconds=60 / A_MINUTE)) == {TAKE}


def test_who_goes_on_is_ignored_until_a_minute_was_calm():
    flood, clock = Flood(), Clock()
    asks(flood, clock, A_MINUTE + 1)
    for _ in range(10):
        clock.passes(seconds=10)
        asks(flood, clock, A_MINUTE, seconds=0)
    assert asks(flood, clock, 1) == [IGNORE]

    clock.passes(seconds=61)

    assert asks(flood, clock, A_MINUTE + 1) == [TAKE] * A_MINUTE + [WARN]


def test_others_are_taken_meanwhile():
    flood, clock = Flood(), Clock()
    asks(flood, clock, 200, user="42", chat="-7")

    assert asks(flood, clock, 5, user="43", chat="-7") == [TAKE] * 5


def test_many_people_of_one_group_are_too_much_together():
    flood, clock = Flood(), Clock()
    verdicts = [
        flood.takes(said(user=str(user), chat="-7"), clock()) for user in range(3 * A_MINUTE + 2)
    ]

    assert verdicts == [TAKE] * 3 * A_MINUTE + [WARN, IGNORE]
    assert asks(flood, clock, 1, user="5", chat="-8") == [TAKE]


def test_strangers_without_end_take_a_bounded_memory():
    flood, clock = Flood(), Clock()
    for user in range(10_000):
        flood.takes(said(user=str(user)), clock())

    assert len(flood._users._times) <= 2_000
