import pytest

from monitors.language.expression import Link
from monitors.language.nearness import linked

FAR = 400_000
ALONE = [(at, at + 1) for at in range(0, FAR, 20)]


def nowhere_a_border(_at):
    return 0, 2 * FAR


def no_sentence(_at):
    raise AssertionError("no link asks for it")


@pytest.mark.parametrize(
    ("after", "links", "found"),
    [
        ([(FAR + 3, FAR + 4)], [Link(2)], True),
        ([(FAR + 4, FAR + 5)], [Link(2)], False),
        ([(FAR + 3, FAR + 4)], [Link(2, ordered=True)], True),
        ([(FAR - 3, FAR - 1)], [Link(1)], True),
        ([(FAR - 3, FAR - 1)], [Link(1, ordered=True)], False),
        ([(FAR, FAR + 1)], [Link(9)], False),
    ],
)
def test_the_only_pair_among_many_is_found(after, links, found):
    pair = [(FAR, FAR + 1), *after] if found else []

    assert (
        list(linked([[*ALONE, (FAR, FAR + 1)], after], links, nowhere_a_border, no_sentence))
        == pair
    )


def test_a_row_ends_where_a_border_stands():
    sides = [[(0, 1)], [(2, 3)], [(5, 6)]]

    assert list(linked(sides, [Link(1), Link(2)], lambda _: (0, 9), no_sentence)) == [
        (0, 1),
        (2, 3),
        (5, 6),
    ]
    assert (
        list(
            linked(sides, [Link(1), Link(2)], lambda at: (0, 4) if at < 4 else (5, 9), no_sentence)
        )
        == []
    )


def test_a_text_made_to_be_slow_gets_the_benefit_of_the_doubt():
    few = [(at, at + 1) for at in range(9)]

    assert list(linked([few] * 10, [Link(100)] * 9, lambda _: (0, 9), no_sentence)) == few * 10


def test_a_sentence_is_as_far_as_its_link_reaches():
    sides, same = [[(0, 1)], [(3, 4), (8, 9)]], [Link(None)]

    def sentences(at):
        return (0, 5) if at < 5 else (5, 9)

    assert list(linked(sides, same, lambda _: (0, 9), sentences)) == [(0, 1), (3, 4)]
    assert list(linked([[(6, 7)], [(3, 4)]], same, lambda _: (0, 9), sentences)) == []
