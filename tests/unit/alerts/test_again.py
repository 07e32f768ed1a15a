"""Two replies of which the chat has seen none are told as one, and nothing of them is lost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.again import folded, line, with_again
from monitors.alerts.alert import Again, AlertContent, InPart, Report, Snippet

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
STORM = Again(further=("storm",))
FAST = "9 outlets report it now, 6 of them within an hour: unusually fast"


def reply(outlet, again=None, *, rules=("ship",), others=(), **more):
    """Answer what a reply shows: a report of *outlet*, and those of others."""
    content = AlertContent(
        headline=Snippet(text=f"{outlet} reports"),
        link=None,
        outlet=outlet,
        published_at=NOON,
        rules=rules,
        others=tuple(Report(outlet=other, title=f"{other} reports") for other in others),
        **more,
    )
    return with_again(content, again) if again else content


def listed(content):
    return [content.outlet, *(one.outlet for one in content.others)]


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (Again(), None),
        (STORM, "A further rule holds: storm"),
        (Again(further=("storm", "sea")), "Further rules hold: storm, sea"),
        (Again(outlets=9), "9 outlets report it now"),
        (Again(pace=6), "6 outlets within an hour: unusually fast"),
        (
            Again(outlets=9, pace=6, further=("storm",)),
            f"{FAST} · A further rule holds: storm",
        ),
    ],
)
def test_why_it_rings_again_is_one_line(again, told):
    assert line(again) == told


@pytest.mark.parametrize(
    ("older", "newer", "leads", "told"),
    [
        (Again(outlets=10), Again(outlets=50), "B", "50 outlets report it now"),
        (Again(outlets=50), Again(outlets=10), "B", "50 outlets report it now"),
        (STORM, Again(further=("sea",)), "B", "Further rules hold: storm, sea"),
        (STORM, Again(outlets=9), "A", "9 outlets report it now · A further rule holds: storm"),
        (Again(outlets=9), STORM, "B", "9 outlets report it now · A further rule holds: storm"),
        (Again(), Again(outlets=9), "B", "9 outlets report it now"),
        (STORM, Again(), "B", "A further rule holds: storm"),
        (Again(pace=6), Again(outlets=9), "B", FAST),
    ],
)
def test_the_newer_goes_first_unless_it_says_only_how_many_there_are(older, newer, leads, told):
    both = folded(reply("A", older), reply("B", newer))

    assert (both.note, listed(both)) == (told, ["A", "B"] if leads == "A" else ["B", "A"])


def test_reports_and_rules_of_both_are_told_once():
    part = InPart(rule="sea", missing=("fog",), why="it is behind a paywall")
    older = reply("A", STORM, rules=("storm", "sea"), others=("C", "B"), in_part=(part,))
    newer = reply("B", STORM, rules=("ship", "storm"), others=("C", "D"))

    both = folded(older, newer)

    assert listed(both) == ["B", "C", "D", "A"]
    assert (both.rules, both.in_part) == (("ship", "storm", "sea"), (part,))


def test_of_a_reply_that_was_stored_before_its_line_is_kept():
    before = reply("A", note="10 outlets report it now")

    both = folded(before, reply("B", STORM))

    assert both.note == "A further rule holds: storm · 10 outlets report it now"
    assert listed(both) == ["B", "A"]


_AGAIN = st.builds(
    Again,
    further=st.lists(st.sampled_from("rstuv"), unique=True, max_size=3).map(tuple),
    outlets=st.none() | st.integers(2, 99),
    pace=st.none() | st.integers(4, 9),
)


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), _AGAIN), min_size=1, max_size=8))
def test_whatever_is_folded_no_outlet_no_rule_and_no_number_is_lost(told):
    replies = [with_again(reply(outlet), again) for outlet, again in told]
    both = replies[0]
    for each in replies[1:]:
        both = folded(both, each)

    assert sorted(listed(both)) == sorted({outlet for outlet, _ in told})
    assert set(both.again.further) == {rule for _, again in told for rule in again.further}
    assert both.again.outlets == max((a.outlets for _, a in told if a.outlets), default=None)
