"""A site's robots.txt is understood as RFC 9309 says it, whatever it holds."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.polling.robots import MOST_CHARACTERS, allows, lines_for_us, pause, robots_address

SITE = "https://wire.example"


def may(text, path):
    return allows(lines_for_us(text.encode()), SITE + path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /private", "/private/a", False),
        ("Disallow: /private", "/public", True),
        # The longest rule counts, not the first; of two as long, the one that allows.
        ("Disallow: /\nAllow: /news/", "/news/1", True),
        ("Allow: /news/\nDisallow: /news/paid/", "/news/paid/1", False),
        ("Disallow: /page\nAllow: /page", "/page", True),
        ("Disallow: /*/print", "/news/1/print", False),
        ("Disallow: /*.pdf$", "/a.pdf", False),
        ("Disallow: /*.pdf$", "/a.pdf?x=1", True),
        ("Disallow: /*?", "/a?b=c", False),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("disallow : /a # not for you", "/a", False),
        ("Disallow: /A", "/a", True),
    ],
)
def test_rules_for_every_program(rules, path, allowed):
    assert may(f"User-agent: *\n{rules}\n", path) is allowed


def test_what_is_said_to_newsbell_itself_counts_instead():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: NEWSBELL/1.0\nDisallow: /paid\n"

    assert (may(text, "/news"), may(text, "/paid")) == (True, False)


@pytest.mark.parametrize("other", ["Googlebot", "Newsbellows", "News", "bell", "*bot"])
def test_what_is_said_to_others_does_not_count(other):
    assert may(f"User-agent: {other}\nDisallow: /\n", "/news")


def test_several_programs_may_share_their_rules():
    text = "User-agent: A\nUser-agent: Newsbell\nUser-agent: B\nDisallow: /x\nDisallow: /y\n"
    split = "User-agent: Newsbell\nSitemap: /s\n\nUser-agent: B\nDisallow: /x\n"

    assert (may(text, "/x"), may(text, "/y"), may(text, "/z")) == (False, False, True)
    assert may(split, "/x") is False


def test_groups_of_one_program_are_joined():
    text = "User-agent: *\nDisallow: /x\nUser-agent: B\nDisallow: /\nUser-agent: *\nDisallow: /y\n"

    assert (may(text, "/x"), may(text, "/y"), may(text, "/z")) == (False, False, True)


def test_rules_before_any_program_are_nobodys():
    assert may("Disallow: /\n", "/news")


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [("10", 10), ("2.5", 2.5), ("86400", 60), ("-1", 0), ("nan", 0), ("soon", 0), ("", 0)],
)
def test_a_pause_is_a_minute_at_most(delay, seconds):
    lines = lines_for_us(f"User-agent: *\nCrawl-delay: {delay}\n".encode())

    assert pause(lines) == timedelta(seconds=seconds)


def test_a_mark_of_the_encoding_and_other_line_ends_are_no_trouble():
    assert may("\ufeffUser-agent: *\r\nDisallow: /x\r\n", "/x") is False
    assert may("User-agent: *\rDisallow: /x\r", "/x") is False


def test_what_comes_after_half_a_megabyte_does_not_count():
    rules = "User-agent: *\nDisallow: /x\n"
    filling = "#" + "." * MOST_CHARACTERS + "\nDisallow: /y\n"

    assert (may(rules + filling, "/x"), may(rules + filling, "/y")) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(20_000)) + "Disallow: /\n" * 20_000,
        "".join(f"User-agent: newsbell/{n}\n" for n in range(20_000)) + "Disallow: /a\n" * 10_000,
        "User-agent: *\nDisallow: /" + "*a" * 200_000 + "b$\n",
        "User-agent: *\n" + "Disallow: /*a*a*a*a*b$\n" * 20_000,
    ],
    ids=["programs", "ourselves", "stars", "rules"],
)
def test_hostile_files_end(text):
    assert may(text, "/" + "a" * 1_900)


def test_only_what_speaks_to_us_is_kept():
    text = "User-agent: X\nDisallow: /a\nUser-agent: *\nDisallow: /b\nSitemap: https://s.example\n"

    assert lines_for_us(text.encode()) == "user-agent: *\ndisallow: /b"


@given(st.binary(max_size=400), st.binary(max_size=100))
def test_any_bytes_are_an_answer(body, more):
    lines = lines_for_us(b"User-agent: *\nDisallow: " + more + b"\n" + body)

    assert allows(lines, SITE + "/news") in (True, False)
    assert timedelta(0) <= pause(lines) <= timedelta(seconds=60)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("https://wire.example/news/1?a=b#c", "https://wire.example/robots.txt"),
        ("http://ann:secret@wire.example:8080/", "http://wire.example:8080/robots.txt"),
        ("https://[::1]:8/x", "https://[::1]:8/robots.txt"),
    ],
)
def test_it_lies_at_the_root_of_the_host(address, where):
    assert robots_address(address) == where
