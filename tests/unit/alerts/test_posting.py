"""An alert as mail and other services show it, in every length."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.alert import AlertContent, InPart, Report, Snippet
from monitors.alerts.digest import Digest, Together
from monitors.alerts.showing.markup import Run, opening_link
from monitors.alerts.showing.posting import (
    Style,
    alert_postings,
    digest_postings,
    notice_postings,
)

TEXT, HTML = Style(html=False), Style(html=True)
SHORT = Style(html=False, titled=False)
CONTENT = AlertContent(
    headline=Snippet(text="Allies weigh the AUKUS pact", marks=((17, 22),)),
    link="https://herald.example/pact",
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    rules=("AUKUS", "Pacts"),
    snippets=(Snippet(text="a second phase, under which", marks=((2, 8),)),),
    others=tuple(
        Report(outlet=f"Outlet {n}", title=f"Pact {n}", link=f"https://o.example/{n}")
        for n in range(12)
    ),
)


def postings(content=CONTENT, style=TEXT, **options):
    return list(alert_postings(content, style, zone=UTC, **options))


class Balance(HTMLParser):
    """Checks that every tag is closed in its turn, and keeps what is seen."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in {"p", "br", "a", "b", "i", "u", "ul", "li", "blockquote"}
        assert all(name == "href" and value.startswith("http") for name, value in attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.seen.append(data)


def test_each_length_is_shorter_and_the_last_one_short_enough_for_a_pager():
    for style in (TEXT, HTML, SHORT):
        lengths = [len(one.body) for one in postings(style=style)]

        assert lengths[:7] == sorted(lengths[:7], reverse=True)
        assert lengths[-1] <= 60


def test_a_title_that_stands_apart_is_not_repeated_in_plain_text():
    assert postings()[0].body.startswith("Harbour Herald · 3 Nov 09:30 · rules AUKUS, Pacts\n")
    assert postings(style=SHORT)[0].body.startswith("Allies weigh the AUKUS pact\nHarbour Herald")


def test_further_outlets_are_counted_where_not_all_are_listed():
    assert "12 more outlets, the first 10:" in postings()[0].body
    assert "12 more outlets\n" in postings()[3].body + "\n"


def test_what_stands_beside_is_told():
    content = replace(
        CONTENT,
        in_part=(InPart(rule="AUKUS", missing=("Pillar",), why="it is behind a paywall"),),
        note="5 outlets report it now",
        earlier=Report(outlet="Wire", title="Talks begin", link="https://wire.example/0"),
        related=(Report(outlet="Post", title="Talks end", link="https://post.example/9"),),
    )
    for style in (TEXT, HTML):
        seen = postings(content, style, doubtful=True)[0].body

        for said in ("holds in part", "5 outlets report it now", "Talks begin", "Talks end"):
            assert said in seen
        assert "↻ may have been sent before" in seen


def test_the_doubt_is_in_every_length():
    for style in (TEXT, HTML, SHORT):
        assert all("may have been" in one.body for one in postings(style=style, doubtful=True))


def test_mentions_call_nobody_but_a_subject_stays_as_it_is():
    content = replace(CONTENT, headline=Snippet(text="@everyone #now /start"))

    assert "@everyone" not in postings(content)[0].title + postings(content, SHORT)[0].body
    subject = postings(content, Style(html=True, mentions=False))[0].title
    assert subject == "@everyone #now /start"


@pytest.mark.parametrize("style", [TEXT, HTML, SHORT])
def test_a_story_without_anything_has_a_body(style):
    empty = replace(
        CONTENT, headline=Snippet(text=""), link=None, outlet="", others=(), snippets=(), rules=()
    )

    assert all(one.body and one.title for one in postings(empty, style))


def notices(text, style=TEXT):
    return list(notice_postings((Run(text),), style))


def test_notices_keep_their_lines_and_are_never_empty():
    assert notices("\nA\nB\n\nC\n")[0].body == "B\n\nC"
    assert notices("A <b>", HTML)[0].body == "<p>A &lt;b&gt;</p>"
    assert (notices("")[0].title, notices("")[0].body) == ("Newsbell", "Newsbell")
    assert notices("x" * 500 + "\nmore")[0].title[-1] == "…"
    assert "@all" not in notices("The feed @all is down")[0].body
    assert notices("A\nB", SHORT)[0].body == "A\nB"


def test_notices_keep_their_styles_or_else_the_addresses_of_their_links():
    link = opening_link("https://x.example/?a=1&b=2")
    runs = (Run("Held back\n", ("b",)), Run("One ", link), Run("story", (*link, "u")), Run(" · 3"))

    html = next(notice_postings(runs, HTML))
    assert html.title == "Held back"
    assert html.body == '<p><a href="https://x.example/?a=1&amp;b=2">One <u>story</u></a> · 3</p>'
    text = next(notice_postings(runs, TEXT))
    assert text.body == "One story (https://x.example/?a=1&b=2) · 3"


ANY = st.text(max_size=60) | st.sampled_from(
    ["<b>", "</p>", '"><script>', "&amp;", "\u202e", "\r\n"]
)


@given(st.tuples(*[ANY] * 6))
def test_nothing_breaks_out_of_the_html(texts):
    title, outlet, snippet, link, rule, note = texts
    content = AlertContent(
        headline=Snippet(text=title, marks=((0, 3),)),
        link=f"https://x.example/{link}",
        outlet=outlet,
        published_at=CONTENT.published_at,
        rules=(rule,),
        snippets=(Snippet(text=snippet),),
        others=(Report(outlet=outlet, title=title, link=f"https://y.example/{link}"),),
        note=note,
    )
    for one in postings(content, HTML, doubtful=True):
        Balance(one.body)
        assert not set(one.title) & set("\r\n\x00\x1b")
    for one in postings(content, TEXT):
        assert not set(one.title + one.body) & set("\r\x00\x1b")
    for one in notices(note, HTML):
        Balance(one.body)


def folded(count=3, **more):
    values = {
        "together": Together.HELD,
        "held": "quiet hours",
        "since": CONTENT.published_at,
        "folded_at": CONTENT.published_at,
        "total": count,
        "stories": (CONTENT,) * count,
    } | more
    return Digest(**values)


def test_a_digest_is_a_title_and_a_line_for_each_story():
    first = next(digest_postings(folded(2), TEXT, zone=UTC))

    assert first.title == "What quiet hours held back: 2 stories"
    assert first.body.splitlines() == [
        f"{number}. Allies weigh the AUKUS pact (https://herald.example/pact) "
        "Harbour Herald +12 · AUKUS +1"
        for number in (1, 2)
    ]


@pytest.mark.parametrize("style", [TEXT, HTML, SHORT])
def test_a_digest_comes_in_ever_shorter_lengths_of_sound_html(style):
    found = list(digest_postings(folded(20), style, zone=UTC, doubtful=True))
    bodies = [posting.body for posting in found]

    assert len(bodies[-1]) < 100 < len(bodies[0])
    assert all("blockquote" not in body for body in bodies)
    assert "20. " in bodies[4]
    for body in bodies if style.html else ():
        assert Balance(body).open == []
