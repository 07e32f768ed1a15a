"""Changes of the file are shown as far as they fit, and what is left out is counted."""

from monitors.rules.editing.difference import difference
from monitors.talking.showing.wording import changed_lines


def shown(lines, most):
    (run,) = changed_lines(lines, most)
    return run.text.split("\n")


def test_what_is_left_out_twice_is_counted_once_and_whole():
    lines = difference("", "\n".join(f"line {number}" for number in range(10_000)))

    assert shown(lines, 1_300)[-1] == "… and 9,971 lines more"
    assert shown(lines, 30) == ["+ line 0", "+ line 1", "+ line 2", "… and 9,997 lines more"]
    assert shown(lines[:3], 20)[-1] == "… and 1 line more"
    assert changed_lines((), 20) == ()
