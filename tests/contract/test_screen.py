"""What a person reads in the terminal, whatever its width, its colours and the feed's text."""

import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from monitors.adapters.terminal.screen import Screen
from monitors.alerts.alert import AlertContent, InPart, Report, Snippet

SEOUL = ZoneInfo("Asia/Seoul")
LINK = "https://harbour-herald.example/technology/quantum-clock-trials"
COURIER = Report(
    outlet="Strait Courier",
    title="Canada to Join AUKUS 'Pillar II' Trials of Quantum Clocks",
    link="https://strait-courier.example/2026/11/canada-quantum-clocks",
)
ALERT = AlertContent(
    headline=Snippet(
        text="Canada to join AUKUS “Pillar II” trials of quantum clocks", marks=((15, 20), (22, 31))
    ),
    link=LINK,
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 4, 6, 10, tzinfo=UTC),
    rules=("AUKUS Pillar 2",),
    snippets=(
        Snippet(
            text="… The agreement makes Canada the first country outside the three AUKUS members "
            "to take part in a Pillar II project from its beginning. …",
            marks=((65, 70), (97, 106)),
        ),
    ),
)
COMMAND = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


NOTE = "Another message tells it from now on."


def printed(content=ALERT, *, width=80, terminal=False, grown=False, doubtful=False, **options):
    """Answer what a console receives: plain lines, or a terminal's commands with them."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        color_system="256" if terminal else None,
        legacy_windows=False,
        **options,
    )
    screen = Screen(console, zone=SEOUL)
    if grown:
        screen.grow("desk", content)
    else:
        screen.show("desk", content, doubtful=doubtful)
    return file.getvalue()


@pytest.mark.parametrize("grown", [False, True])
def test_a_rule_that_holds_in_part_says_so(grown):
    part = InPart(rule="AUKUS Pillar 2", missing=("storm",), why="it is behind a paywall")
    content = replace(ALERT, in_part=(part,))

    assert (
        "  Holds in part: nothing says storm; its page was not read: it is behind a paywall"
        in printed(content, width=100, grown=grown).splitlines()
    )


def test_an_alert_is_laid_out_for_reading():
    assert printed(replace(ALERT, others=(COURIER,)), doubtful=True) == (
        "● Canada to join AUKUS “Pillar II” trials of quantum clocks\n"
        "  Harbour Herald · 4 Nov 15:10 · rule AUKUS Pillar 2 · to desk\n"
        "\n"
        "  │ … The agreement makes Canada the first country outside the three AUKUS\n"
        "  │ members to take part in a Pillar II project from its beginning. …\n"
        "\n"
        f"  {LINK}\n"
        "\n"
        "+ 1 more outlet\n"
        "  Strait Courier — Canada to Join AUKUS 'Pillar II' Trials of Quantum Clocks\n"
        "\n"
        "  ↻ may have been sent before\n"
        "\n"
    )


def test_a_story_that_grew_shows_its_newest_article_and_what_it_belongs_to():
    others = (Report(outlet="Pacific Desk", title="Clocks"), COURIER)
    assert printed(replace(ALERT, others=others), width=100, grown=True) == (
        "+ also: Strait Courier — Canada to Join AUKUS 'Pillar II' Trials of Quantum Clocks\n"
        "  2 more outlets · Canada to join AUKUS “Pillar II” trials of quantum clocks · to desk\n"
        f"  {COURIER.link}\n"
        "\n"
    )


def test_a_story_that_changed_without_growing_is_shown_as_changed():
    assert printed(grown=True) == (
        "+ changed: Canada to join AUKUS “Pillar II” trials of quantum clocks\n"
        "  Harbour Herald · 4 Nov 15:10 · rule AUKUS Pillar 2 · to desk\n"
        "\n"
        "  │ … The agreement makes Canada the first country outside the three AUKUS\n"
        "  │ members to take part in a Pillar II project from its beginning. …\n"
        "\n"
    )


def test_many_further_outlets_are_counted():
    others = tuple(Report(outlet=f"Outlet {n}", title="Title") for n in range(13))
    assert printed(replace(ALERT, others=others)).splitlines()[-3:] == [
        "  Outlet 9 — Title",
        "  +3 more",
        "",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(
    "title",
    [
        "Canada to join AUKUS “Pillar II” trials of quantum clocks " * 3,
        "한국, AUKUS 첨단기술 협력 참여 방안 연구 착수 " * 3,
        "韓国政府は来年六月までに報告書をまとめる方針を固めた" * 4,
        "كندا تنضم إلى تجارب الساعات الكمومية في إطار أوكوس " * 3,
        "a" * 200,
    ],
)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width, title):
    content = replace(
        ALERT, headline=Snippet(text=title), link=None, others=(replace(COURIER, title=title),)
    )
    output = printed(content, width=width)
    assert max(cell_len(line) for line in output.splitlines()) <= width
    assert all(line == line.rstrip() for line in output.splitlines())
    letters = "".join(title.split())
    shown = "".join(output.replace("● ", "").split())
    assert letters in shown


def test_a_long_address_stays_in_one_piece_to_be_copied():
    link = "https://x.example/" + "a" * 200
    assert f"\n  {link}\n" in printed(replace(ALERT, link=link), width=60)


def test_matched_words_are_highlighted_in_headline_and_snippet():
    output = printed(terminal=True, width=100)
    styled = re.findall(r"\x1b\[([0-9;]+)m(?:\x1b\]8;[^\x1b]*\x1b\\)?(AUKUS|Pillar II)\x1b", output)
    assert [text for _, text in styled] == ["AUKUS", "Pillar II"] * 2
    assert all({"1", "4", "33"} <= set(codes.split(";")) for codes, _ in styled)


def test_without_colour_matched_words_are_still_bold_and_underlined():
    output = printed(terminal=True, no_color=True)
    assert re.search(r"\x1b\[1;4m[^m]*AUKUS\x1b", output)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", output)


def test_a_terminal_shows_the_same_words_as_a_pipe():
    assert COMMAND.sub("", printed(terminal=True)) == printed()


def test_the_headline_and_the_address_can_be_clicked():
    assert printed(terminal=True).count(f";{LINK}\x1b\\") >= 2


@pytest.mark.parametrize("link", [None, "javascript:alert(1)", "file:///etc/passwd", "https://"])
def test_only_web_addresses_can_be_clicked(link):
    output = printed(replace(ALERT, link=link), terminal=True)
    assert "\x1b]8;" not in output
    assert "alert(1)" not in output


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("[bold]Rates[/bold] [link=x]up[/] :smile:", "[bold]Rates[/bold] [link=x]up[/] :smile:"),
        ("\x1b[31mred\x1b]8;;http://x\x07 \x9b2J", "[31mred]8;;http://x 2J"),
        ("over\rwritten\b\b", "over written"),
        ("gpj.\u202eexe\u2066", "gpj.exe"),
        ("Z" + "\u0351" * 20, "Z" + "\u0351" * 4),
        ("two\n\nlines", "two lines"),
        ("", "harbour-herald.example"),
    ],
)
def test_a_feed_writes_text_and_nothing_else(title, shown):
    content = replace(ALERT, headline=Snippet(text=title), snippets=())
    assert printed(content).splitlines()[0] == f"● {shown}"


def test_an_alert_of_nothing_still_says_that_something_came():
    content = AlertContent(
        headline=Snippet(text=""),
        link=None,
        outlet="",
        published_at=ALERT.published_at,
        rules=("R",),
        others=(Report(outlet="", title=""),),
    )
    assert printed(content).splitlines() == [
        "● (no title)",
        "  4 Nov 15:10 · rule R · to desk",
        "",
        "+ 1 more article",
        "  (no title)",
        "",
    ]


def test_a_terminal_that_knows_few_letters_gets_question_marks():
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", newline="")
    console = Console(file=file, width=80, color_system=None)
    Screen(console, zone=SEOUL).show("desk", replace(ALERT, snippets=()))
    file.flush()
    assert raw.getvalue().splitlines()[0] == (
        b"? Canada to join AUKUS ?Pillar II? trials of quantum clocks"
    )


_TEXTS = st.text(st.characters() | st.sampled_from("\x1b[]\\;m\r\n\x9b\u202e한א "), max_size=200)


@settings(max_examples=100, deadline=None)
@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS, st.sampled_from([20, 60, 120]))
def test_whatever_a_feed_writes_the_terminal_gets_only_our_commands(a, b, c, link, width):
    content = replace(
        ALERT,
        headline=Snippet(text=a, marks=((0, 5),)),
        outlet=b,
        link=f"https://x.example/{link}",
        snippets=(Snippet(text=c, marks=((2, 9),)),),
        others=(Report(outlet=c, title=b, link=link),),
        note=a,
        earlier=Report(outlet=b, title=c, link=link),
        related=(Report(outlet=c, title=a, link=link),),
    )
    for grown in (False, True):
        output = printed(content, terminal=True, width=width, grown=grown)
        rest = COMMAND.sub("", output).replace("\n", "")
        assert not [char for char in rest if unicodedata.category(char) in {"Cc", "Cs"}]
        assert not set(rest) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_note_and_the_stories_that_may_be_the_same_are_named():
    content = replace(
        ALERT, note="A further rule holds: Ships", earlier=COURIER, related=(COURIER,) * 5
    )
    lines = printed(content, width=120).splitlines()

    assert lines[2:4] == [
        "  A further rule holds: Ships",
        f"  Likely part of: {COURIER.title}",
    ]
    assert lines[-5:-1] == [f"~ Likely related: Strait Courier — {COURIER.title}"] * 3 + [
        "  +2 more"
    ]


@pytest.mark.parametrize("others", [(), (COURIER,)])
def test_a_note_on_a_message_that_changes_is_printed(others):
    content = replace(ALERT, others=others, note="This is told in another message now")

    assert printed(content, grown=True).count("  This is told in another message now\n") == 1


def test_an_article_that_was_edited_until_it_matched_is_said_to_be():
    assert "4 Nov 15:10, edited since · rule" in printed(replace(ALERT, edited=True))


def test_a_notice_is_printed_as_it_reads_and_cannot_command_the_terminal():
    file = io.StringIO()
    console = Console(file=file, width=60, legacy_windows=False)

    Screen(console, zone=SEOUL).say("desk", "35 more match:\n- [b]Ship\x1b[2J\n- Train")

    assert file.getvalue() == "! 35 more match:\n  - [b]Ship[2J\n  - Train\n  to desk\n\n"
