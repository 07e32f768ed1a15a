"""How many entries of one poll ring in a chat, and what is told of the others."""

from datetime import time, timedelta

import pytest

from monitors.feeds.feed import Feed
from monitors.pipeline.accept import Carrier, Verdict
from monitors.pipeline.judge import Judgement, spare
from monitors.stories.identity import identify
from tests.fakes.stand_ins import FEED, START, book, document, entry, rule, screen

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ships(count, word="Ship"):
    return [
        entry(n, f"{word} {n} sails", published_at=START - n * HOUR / 100) for n in range(count)
    ]


def spared(entries, opened, *, since=START - DAY, every=None, **verdict):
    """Answer the verdicts after *since*, and the notices."""
    feed = Feed(address=FEED, every=every)
    carrier = Carrier(id=1, feed=feed, watched=(FEED,), first_ok_at=since, last_ok_at=since)
    verdicts = tuple(Verdict(found=one, **verdict) for one in identify(entries))
    judgement = Judgement(verdicts=verdicts, posts=(), renamed=0, archived=0)
    return spare(opened, carrier, document(), judgement, START)


def test_a_hundred_ring_and_are_taken_in_first():
    entries = ships(130)
    verdicts, (notice,) = spared(entries[::-1], book(rule("ship")))

    assert [bool(one.spared) for one in verdicts] == [False] * 100 + [True] * 30
    assert {one.found.entry for one in verdicts[:100]} == set(entries[:100])
    assert (notice.chat, notice.due_at) == ("screen", START)
    assert notice.text.splitlines() == [
        (
            "Wire: 30 more articles match, but so many came in at once that you are told of the "
            "newest only."
        ),
        *(f"- Ship {number} sails" for number in range(100, 105)),
        "and 25 more",
        "They are stored: python bot.py try EXPRESSION --since 1d finds them.",
    ]


@pytest.mark.parametrize(
    ("silence", "every", "told"),
    [
        (7 * DAY, None, 30),
        (7 * DAY + HOUR, None, 20),
        (20 * DAY, 10 * DAY, 30),
        (21 * DAY, 10 * DAY, 20),
    ],
)
def test_after_a_silence_that_is_long_for_the_feed_it_is_twenty(silence, every, told):
    verdicts, _ = spared(ships(30), book(rule("ship")), since=START - silence, every=every)

    assert sum(not one.spared for one in verdicts) == told


def test_the_first_poll_spares_nobody():
    verdicts, notices = spared(ships(130), book(rule("ship")), since=None)

    assert (sum(bool(one.spared) for one in verdicts), notices) == (0, ())


def test_only_what_rings_counts():
    quiet, _ = spared(ships(130), book(rule("ship")), rings=False)
    unmatched, _ = spared(ships(130, "Train"), book(rule("ship")))

    assert not any(one.spared for one in (*quiet, *unmatched))


def test_each_chat_is_spared_what_is_too_much_for_it():
    opened = book(
        rule("ship", "many"),
        rule('"129" OR "3"', "few"),
        chats=(screen("many"), screen("few", quiet_hours=(time(8), time(12)))),
    )

    verdicts, (notice,) = spared(ships(130), opened)

    assert notice.chat == "many"
    assert {one.spared for one in verdicts} == {frozenset(), frozenset({"many"})}


def test_a_notice_waits_for_the_end_of_quiet_hours():
    opened = book(rule("ship"), chats=(screen(quiet_hours=(time(8), time(12))),))

    _, (notice,) = spared(ships(101), opened)

    assert notice.due_at == START + 3 * HOUR
    assert notice.text.startswith("Wire: 1 more article matches")
