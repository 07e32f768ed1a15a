"""The difference that a chat shows before and after an edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.rules.editing.difference import LONGEST_LINE, MOST_LINES, difference

RULES = "".join(f"- match: r{number}\n" for number in range(10))
FAR_APART = """\
  - match: r0
- - match: r1
+ - match: x
  - match: r2
  - match: r3
  \u2026
  - match: r6
  - match: r7
- - match: r8
+ - match: y
  - match: r9"""
LINES = st.lists(st.sampled_from(["a", "b", "c: d", "", "  e"]), max_size=12)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\n", "a\n", ""),
        ("", "a\n", "+ a"),
        ("a", "", "- a"),
        ("a\nb\n", "a\r\nb", "(only the ends of lines differ)"),
        ("\ufeffa\n", "a\nb\n", "  a\n+ b"),
        ("a\nb\nc\nd\n", "a\nb\nx\nd\n", "  a\n  b\n- c\n+ x\n  d"),
        (
            RULES,
            RULES.replace("r1\n", "x\n").replace("r8\n", "y\n"),
            FAR_APART,
        ),
    ],
)
def test_the_difference_is_lines_with_plus_and_minus(before, after, expected):
    assert "\n".join(difference(before, after)) == expected


def test_a_difference_is_bounded():
    many = "".join(f"- match: r{number}\n" for number in range(100_000))
    lines = difference("", many)

    assert (len(lines), lines[-1]) == (MOST_LINES, "\u2026 and 99,971 lines more")
    (long,) = difference("", "x" * 1_000_000)
    assert (len(long), long[-1]) == (LONGEST_LINE, "\u2026")


def test_of_long_lines_the_part_is_shown_that_differs():
    rules = [f"{{match: ship{number}, send_to: [ann]}}" for number in range(40)]
    before = f"rules: [{', '.join(rules)}]"
    after = before.replace("ship38,", "ship38, paused: true,")
    gone, come = difference(before, after)

    assert "{match: ship38, send_to" in gone
    assert "{match: ship38, paused: true, send_to" in come
    assert all(len(line) <= LONGEST_LINE and line[2] == "\u2026" for line in (gone, come))


def test_a_password_in_a_long_line_is_not_shown_either():
    before = f"chats: {{{'x' * 300}, mail: {{apprise: 'mailto://ann:secret@example.org'}}}}"
    lines = difference(before, before.replace("secret", "other"))

    assert not any(word in line for line in lines for word in ("secret", "other", "ann"))


def test_one_rule_of_many_is_shown_among_its_neighbours():
    many = [f"- match: r{number}" for number in range(100_000)]
    other = [*many[:50_000], "- match: new", *many[50_000:]]

    assert difference("\n".join(many), "\n".join(other)) == (
        "  - match: r49998",
        "  - match: r49999",
        "+ - match: new",
        "  - match: r50000",
        "  - match: r50001",
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("apprise: mailto://ann:secret@example.org", "apprise: mailto://\u2026"),
        ("apprise: 'slack://tokenA/tokenB'", "apprise: 'slack://\u2026'"),
        ("apprise: mailto://ann:a secret@example.org", "apprise: mailto://\u2026"),
        (
            "x: {apprise: ['mailto://a:b, secret@example.org'], silent: true}",
            "x: {apprise: ['mailto://\u2026'], silent: true}",
        ),
        (
            "x: {apprise: mailto://ann:a secret@x.example, silent: true}",
            "x: {apprise: mailto://\u2026 silent: true}",
        ),
        ("apprise: https://hooks.example/secret", "apprise: https://\u2026"),
        ("x: {apprise: [https://h.example/secret]}", "x: {apprise: [https://\u2026]}"),
        ("- https://ann:secret@example.org/x", "- https://\u2026@example.org/x"),
        ("- https://example.org/@ann", "- https://example.org/@ann"),
    ],
)
def test_what_may_be_a_password_is_never_shown(line, shown):
    assert difference(f"{line}\n", f"{line}\nnew\n") == (f"  {shown}", "+ new")


def test_a_list_of_ways_to_a_chat_is_not_shown_and_feeds_are():
    feeds = "feeds:\n- https://h.example/feed\nchats:\n  x:\n"
    before = f"{feeds}    apprise: # ours: all\n    - https://h.example/secret\n"
    lines = difference(before, f"{before}    - https://h.example/secret2\n  y: {{telegram: 1}}\n")
    feed = difference(before, before.replace("/feed", "/feed2"))

    assert lines == (
        "      apprise: # ours: all",
        "      - https://\u2026",
        "+     - https://\u2026",
        "+   y: {telegram: 1}",
    )
    assert "+ - https://h.example/feed2" in feed


@given(LINES, LINES)
def test_what_goes_and_comes_makes_of_the_one_text_the_other(before, after):
    lines = difference("\n".join(before), "\n".join(after), most=1_000)
    gone = [line[2:] for line in lines if line.startswith("- ")]
    come = [line[2:] for line in lines if line.startswith("+ ")]

    assert (before == after) <= (not lines)
    strip = [line for line in before if line], [line for line in after if line]
    counted = [sorted(each) for each in strip]
    assert sorted([*counted[0], *filter(None, come)]) == sorted([*counted[1], *filter(None, gone)])
