"""An alert as a Telegram chat reads it, for every trap that a feed's text may hold."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.alerts.alert import AlertContent, InPart, Report, Snippet
from monitors.alerts.showing.message import plain_text, telegram_html
from tests.fakes.telegram_entities import MAX_ENTITIES, finish, utf16_length
from tests.fakes.telegram_html import parse_html

SEOUL = ZoneInfo("Asia/Seoul")
LINK = "https://harbour-herald.example/world/second-pillar-talks"
ALERT = AlertContent(
    headline=Snippet(text="Allies weigh opening the AUKUS pact", marks=((25, 30),)),
    link=LINK,
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    rules=("AUKUS Pillar 2",),
)
SNIPPET = Snippet(text="…a second phase, “Pillar 2”, under which…", marks=((18, 26),))


def html(content, **options):
    return telegram_html(content, zone=SEOUL, **options)


def as_seen(text):
    """Answer what the chat shows of *text*: the characters, and what is marked in which way."""
    shown, entities = finish(*parse_html(text))
    return shown, [(entity.type, entity.covered(shown)) for entity in entities]


def titled(title, **changes):
    return replace(ALERT, headline=Snippet(text=title), **changes)


def test_an_alert_says_what_who_when_and_which_rule():
    assert html(ALERT) == (
        f'<a href="{LINK}"><b>Allies weigh opening the <u>AUKUS</u> pact</b></a>\n'
        "<i>Harbour Herald</i> · 3 Nov 18:30 · rule <b>AUKUS Pillar 2</b>"
    )


PAYWALL = InPart(rule="AUKUS Pillar 2", missing=('"Pillar 2"',), why="it is behind a paywall")
IN_PART = 'Holds in part: nothing says "Pillar 2"; its page was not read: it is behind a paywall'


def test_a_rule_that_holds_in_part_says_so_plainly():
    content = replace(ALERT, in_part=(PAYWALL,), snippets=(SNIPPET,))
    shown, marked = as_seen(html(content))

    assert shown.splitlines()[2] == IN_PART
    assert ("italic", IN_PART) in marked
    assert IN_PART in plain_text(content, zone=SEOUL).splitlines()


def test_beside_others_it_is_named():
    content = replace(ALERT, rules=("AUKUS Pillar 2", "Ships"), in_part=(PAYWALL,))

    assert "AUKUS Pillar 2 holds in part: nothing" in html(content)


def test_however_much_is_missing_the_message_fits_and_says_why():
    long = InPart(rule="r" * 900, missing=("<b>&" * 900,) * 9, why="it is behind a paywall")
    content = replace(ALERT, rules=("r" * 900, "s"), in_part=(long,) * 40, snippets=(SNIPPET,))
    shown, _ = as_seen(html(content))

    assert shown.count("holds in part") == 3
    assert shown.count("it is behind a paywall") == 3
    assert utf16_length(plain_text(content, zone=SEOUL)) <= 4096


def test_an_article_that_was_edited_until_it_matched_is_said_to_be():
    told = "Harbour Herald · 3 Nov 18:30, edited since · rule AUKUS Pillar 2"
    edited = replace(ALERT, edited=True)
    assert as_seen(html(edited))[0].splitlines()[1] == told
    assert plain_text(edited, zone=SEOUL).splitlines()[1] == told


def test_snippets_stand_in_one_quotation_with_their_evidence_in_bold():
    second = Snippet(text="And more.")
    assert html(replace(ALERT, snippets=(SNIPPET, second))).split("\n\n")[1] == (
        "<blockquote>…a second phase, “<b>Pillar 2</b>”, under which…\nAnd more.</blockquote>"
    )


def test_further_outlets_follow_with_their_own_headlines():
    others = (
        Report(outlet="Strait Courier", title="Talks & pacts", link="https://s.example/?a=1&b=2"),
        Report(outlet="Pacific Desk", title="No link here"),
    )
    text = html(replace(ALERT, snippets=(SNIPPET,), others=others), doubtful=True)
    assert text.split("</blockquote>")[1] == (
        "\n➕ 2 more outlets:"
        '\n<i>Strait Courier</i> · <a href="https://s.example/?a=1&amp;b=2">Talks &amp; pacts</a>'
        "\n<i>Pacific Desk</i> · No link here"
        "\n\n<i>↻ may have been sent before</i>"
    )


@pytest.mark.parametrize(
    ("outlets", "line"),
    [
        (["A"], "➕ 1 more outlet:"),
        (["A", "B"], "➕ 2 more outlets:"),
        (["A", "A"], "➕ 2 more articles:"),
        (["Harbour Herald"], "➕ 1 more article:"),
    ],
)
def test_what_is_counted_as_outlets_are_different_outlets(outlets, line):
    others = tuple(Report(outlet=outlet, title="Title") for outlet in outlets)
    assert line in html(replace(ALERT, others=others)).splitlines()


def test_only_the_first_further_outlets_are_listed_and_the_rest_counted():
    others = tuple(Report(outlet=f"Outlet {n}", title=f"Title {n}") for n in range(12))
    lines = html(replace(ALERT, others=others)).splitlines()
    assert lines[3] == "➕ 12 more outlets:"
    assert lines[-2:] == ["<i>Outlet 9</i> · Title 9", "+2 more"]


def test_several_rules_are_named_and_many_are_counted():
    rules = tuple(f"R{n}" for n in range(1, 8))
    assert html(replace(ALERT, rules=rules[:2])).endswith("· rules <b>R1</b>, <b>R2</b>")
    assert html(replace(ALERT, rules=rules)).endswith("<b>R4</b>, <b>R5</b> +2 more")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("Rates <raise> & <b>fall</b>", "Rates <raise> & <b>fall</b>", id="tags"),
        pytest.param("a &amp; b &lt;i&gt;", "a &amp; b &lt;i&gt;", id="references"),
        pytest.param("N\x00U\x07L\x1b[0m", "NUL[0m", id="controls"),
        pytest.param("z\u200be\u00adr\ufeffo", "zero", id="invisible"),
        pytest.param("half \udc00 pair", "half pair", id="half a pair"),
        pytest.param("gpj.\u202eexe", "gpj.exe", id="spoofed direction"),
        pytest.param("Z" + "\u0351" * 9, "Z" + "\u0351" * 4, id="Zalgo"),
        pytest.param(
            "@desk #tag /stop $CASH",
            "@\u2060desk #\u2060tag /\u2060stop $\u2060CASH",
            id="what Telegram would make clickable",
        ),
        pytest.param(
            "a@b and/or US$5 # 한국/미국",
            "a@b and/or US$5 # 한국/미국",
            id="signs that mean nothing",
        ),
        pytest.param("m²/start", "m²/\u2060start", id="a command after a small letter"),
        pytest.param("#\u200btag", "#\u2060tag", id="a tag that hides"),
        pytest.param("הסכם AUKUS", "\u2068הסכם AUKUS\u2069", id="right to left"),
        pytest.param("“quotes” 'and' \"more\"", "“quotes” 'and' \"more\"", id="quotes"),
        pytest.param("word " * 60, "word " * 46 + "word word…", id="too long"),
        pytest.param("😀" * 150, "😀" * 119 + "…", id="too long in UTF-16"),
    ],
)
def test_a_title_shows_as_it_reads(title, shown):
    text, entities = as_seen(html(titled(title)))
    assert text.split("\n")[0] == shown
    assert entities[:2] == [("text_link", shown), ("bold", shown)]


@pytest.mark.parametrize(
    "title",
    [
        "Win at t.me/scam now",
        "See https://evil.example/x",
        "Write to www.evil.com, or evil.com/a?b",
    ],
)
def test_an_address_in_a_title_that_opens_nothing_opens_nothing(title):
    other = Report(outlet="Desk", title=title)
    shown, marked = as_seen(html(titled(title, link=None, others=(other,))))
    assert shown.replace("\u2060", "").count(title) == 2
    assert {kind for kind, _ in marked} == {"bold", "italic"}


@pytest.mark.parametrize("title", ["👩‍👩‍👧‍👦" * 60, "🇰🇷" * 200, "क्षि" * 200, "e\u0301\u0302" * 200])
def test_a_cut_goes_through_nothing_that_is_seen_as_one(title):
    shown = as_seen(html(titled(title)))[0].split("\n")[0].removesuffix("…")
    one = title[: len(title) // 60] if title[0] == "👩" else title[: len(title) // 200]
    assert shown == one * (len(shown) // len(one))
    assert utf16_length(shown) <= 240


def test_what_a_rule_of_high_priority_holds_for_is_marked_before_its_headline():
    urgent = replace(ALERT, urgent=True)
    shown, marked = as_seen(html(urgent))

    assert shown.split("\n")[0] == "🔴 Allies weigh opening the AUKUS pact"
    assert ("text_link", "Allies weigh opening the AUKUS pact") in marked
    assert plain_text(urgent, zone=SEOUL).startswith("🔴 Allies weigh")


def test_the_mark_keeps_its_place_before_a_title_from_right_to_left():
    shown, _ = as_seen(html(titled("הסכם AUKUS", urgent=True)))
    assert shown.split("\n")[0] == "🔴 \u2068הסכם AUKUS\u2069"


@pytest.mark.parametrize("outlet", ["هآرتس", "@desk", "x" * 900, "a\x00\ud800b", "<b>&"])
def test_an_outlet_keeps_what_stands_behind_it_in_its_place(outlet):
    shown, marked = as_seen(html(replace(ALERT, outlet=outlet)))
    assert shown.split("\n")[1].endswith(" · 3 Nov 18:30 · rule AUKUS Pillar 2")
    assert {kind for kind, _ in marked} == {"text_link", "bold", "underline", "italic"}
    assert utf16_length(shown.split("\n")[1]) <= 100


def test_marks_stay_on_their_words_when_signs_are_made_harmless():
    title = "@desk says #AUKUS سلام Pillar 2"
    marks = ((12, 17), (23, 31))
    _, entities = as_seen(html(replace(ALERT, headline=Snippet(text=title, marks=marks))))
    assert [text for kind, text in entities if kind == "underline"] == ["AUKUS", "Pillar 2"]


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ('https://x.example/a"b<c>d e', "https://x.example/a%22b%3Cc%3Ed%20e"),
        ("https://x.example/?a=1&b='2'", "https://x.example/?a=1&amp;b='2'"),
        ("  HTTP://x.example/ü\u202e ", "http://x.example/ü%E2%80%AE"),
        ("https://ü.example:8080/%20#f", "https://ü.example:8080/%20#f"),
    ],
)
def test_an_odd_link_is_quoted(link, href):
    assert html(replace(ALERT, link=link)).startswith(f'<a href="{href}"><b>')


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://x.example/",
        "/relative",
        "https://",
        "https:///path",
        "https://x y.example/",
        "https://good.example\\@bad.example/",
        "https://[bad/",
        "https://x.example/\ud800",
        "https://x.example/" + "a" * 2048,
    ],
)
def test_a_link_that_does_not_open_leaves_the_title_without_one(link):
    assert html(replace(ALERT, link=link)).startswith("<b>Allies weigh")


@pytest.mark.parametrize(
    ("changes", "first_line"),
    [
        ({"snippets": (SNIPPET,)}, "…a second phase, “Pillar 2”, under which…"),
        ({}, "harbour-herald.example"),
        ({"link": "https://www.x.example/a"}, "x.example"),
        ({"link": None}, "(no title)"),
        ({"link": None, "snippets": (Snippet(text=" \u200b"),)}, "(no title)"),
    ],
)
def test_without_a_title_something_else_stands_in_its_place(changes, first_line):
    text, _ = as_seen(html(titled("\u200b\x00 ", **changes)))
    assert text.count(first_line) == 1
    assert text.split("\n")[0] == first_line


def test_an_alert_without_an_outlet_names_the_site_or_nothing():
    assert "<i>harbour-herald.example</i> · 3 Nov" in html(replace(ALERT, outlet=" "))
    assert html(replace(ALERT, outlet="", link=None)).split("\n")[1].startswith("3 Nov 18:30")


def test_further_articles_without_title_or_outlet_still_have_a_line():
    others = (
        Report(outlet="", title="", link="https://www.x.example/"),
        Report(outlet="", title=""),
    )
    lines = html(replace(ALERT, others=others)).splitlines()
    assert lines[-2] == '<i>x.example</i> · <a href="https://www.x.example/">x.example</a>'
    assert lines[-1] == "(no title)"


def test_long_links_push_out_further_outlets_before_anything_else():
    link = "https://x.example/?" + "&" * 2000
    others = tuple(Report(outlet=f"O{n}", title=f"T{n}", link=link) for n in range(6))
    text = html(replace(ALERT, link=link, snippets=(SNIPPET,), others=others))
    assert text.endswith("</a>\n+4 more")
    assert "<b>Pillar 2</b>" in text
    assert len(text.encode()) <= 32_768


def test_the_plain_text_says_what_matters_without_markup():
    others = (Report(outlet="Strait Courier", title="Talks"),)
    content = replace(titled("<b>Bold</b> & @desk"), snippets=(SNIPPET,), others=others)
    assert plain_text(content, zone=SEOUL, doubtful=True) == (
        "<b>Bold</b> & @\u2060desk\n"
        "Harbour Herald · 3 Nov 18:30 · rule AUKUS Pillar 2\n"
        f"{LINK}\n"
        "➕ 1 more outlet\n"
        "↻ may have been sent before"
    )


EARLIER = Report(outlet="Strait Courier", title="Talks <begin>", link="https://t.me/c/1/7")
LATER = Report(outlet="Pacific Desk", title="Pact widens", link="https://pacific.example/pact")


def test_a_message_names_the_earlier_story_that_it_is_likely_part_of():
    content = replace(ALERT, earlier=EARLIER, snippets=(SNIPPET,))

    assert html(content).splitlines()[2] == (
        'Likely part of: <a href="https://t.me/c/1/7">Talks &lt;begin&gt;</a>'
    )
    assert "Likely part of: Talks <begin>" in plain_text(content, zone=SEOUL).splitlines()


def test_a_message_names_the_later_stories_that_are_likely_related_and_counts_the_rest():
    content = replace(ALERT, others=(EARLIER,), related=(LATER,) * 5)
    line = "Likely related: Pacific Desk · Pact widens"
    shown, marked = as_seen(html(content))

    assert shown.split("\n\n")[2].splitlines() == [line, line, line, "+2 more"]
    assert marked.count(("text_link", "Pact widens")) == 3
    assert plain_text(content, zone=SEOUL).splitlines()[-4:] == [line, line, line, "+2 more"]


def test_a_note_stands_in_italics_below_the_origin():
    content = replace(ALERT, note="A further rule holds: <Ships>")
    shown, marked = as_seen(html(content))

    assert shown.splitlines()[2] == "A further rule holds: <Ships>"
    assert ("italic", "A further rule holds: <Ships>") in marked
    assert "A further rule holds: <Ships>" in plain_text(content, zone=SEOUL).splitlines()


def test_long_links_of_other_stories_are_left_out_and_never_push_out_the_message():
    endless = Report(outlet="o", title="t" * 900, link="https://x.example/?" + "&" * 2000)
    content = replace(
        ALERT, link=endless.link, earlier=endless, related=(endless,) * 9, note="n" * 900
    )
    shown, marked = as_seen(html(content))

    assert [kind for kind, _ in marked].count("text_link") == 1
    assert "+6 more" in shown


def test_other_stories_give_way_to_what_the_message_is_about():
    full = InPart(rule="r" * 900, missing=("x" * 900,), why="w" * 900)
    wide = Snippet(text="word " * 900)
    content = replace(
        ALERT,
        rules=("r" * 900,) * 9,
        in_part=(full,) * 9,
        snippets=(wide,) * 3,
        note="n" * 900,
        earlier=replace(EARLIER, title="t" * 900),
        related=(replace(LATER, title="t" * 900),) * 5,
    )
    shown, _ = as_seen(html(content, doubtful=True))

    assert "Likely part of: ttt" in shown
    assert shown.splitlines()[-3].startswith("+") or "Likely related: +5" in shown
    assert utf16_length(shown) <= 4096
    assert utf16_length(plain_text(content, zone=SEOUL, doubtful=True)) <= 4096


_TEXTS = st.one_of(
    st.text(max_size=400),
    st.text(st.sampled_from("<>&\"'@#/$aא\u202e\u0301👩\u200d \n"), max_size=500),
    st.sampled_from(["", "#a " * 200, "<b>" * 150, "😀" * 400, "word " * 90]),
)
_LINKS = st.one_of(
    st.none(),
    _TEXTS,
    _TEXTS.map("https://x.example/".__add__),
    st.integers(0, 2100).map(lambda length: "https://x.example/?" + "&" * length),
)
_SNIPPETS = st.builds(
    lambda text, cuts: Snippet(text=text, marks=tuple(zip(cuts[::2], cuts[1::2], strict=False))),
    _TEXTS,
    st.lists(st.integers(0, 500), max_size=80, unique=True).map(sorted),
)
_REPORTS = st.builds(Report, outlet=_TEXTS, title=_TEXTS, link=_LINKS)
_CONTENTS = st.builds(
    AlertContent,
    headline=_SNIPPETS,
    link=_LINKS,
    outlet=_TEXTS,
    published_at=st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    rules=st.lists(_TEXTS, max_size=8).map(tuple),
    snippets=st.lists(_SNIPPETS, max_size=4).map(tuple),
    others=st.lists(_REPORTS, max_size=13).map(tuple),
    in_part=st.lists(
        st.builds(InPart, rule=_TEXTS, missing=st.tuples(_TEXTS), why=_TEXTS), max_size=4
    ).map(tuple),
    note=st.none() | _TEXTS,
    earlier=st.none() | _REPORTS,
    related=st.lists(_REPORTS, max_size=5).map(tuple),
    urgent=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(_CONTENTS, st.booleans())
def test_telegram_takes_every_alert_and_finds_nothing_clickable_of_its_own(content, doubtful):
    source = html(content, doubtful=doubtful)
    text, entities = parse_html(source)
    assert text.strip()
    assert text == text.strip()
    assert utf16_length(text) <= 4096
    assert len(entities) <= MAX_ENTITIES
    assert len(source.encode()) <= 32_768
    kinds = {kind for kind, _ in as_seen(source)[1]}
    assert not kinds & {"mention", "hashtag", "cashtag", "bot_command"}
    assert ("↻" in text.splitlines()[-1]) >= doubtful


@settings(max_examples=60, deadline=None)
@given(_CONTENTS, st.booleans())
def test_the_plain_text_always_fits_into_a_message(content, doubtful):
    text = plain_text(content, zone=SEOUL, doubtful=doubtful)
    assert text.strip()
    assert utf16_length(text) <= 4096
    text.encode()


@pytest.mark.parametrize("sign", ["&", "<", "😀", "א", "a\u0301"])
def test_the_worst_that_a_feed_can_write_still_fits(sign):
    text, marks = sign * 500, tuple((place, place + 1) for place in range(0, 400, 2))
    snippet = Snippet(text=text, marks=marks)
    report = Report(outlet=text, title=text, link="https://x.example/?" + "&" * 480)
    content = AlertContent(
        headline=snippet,
        link="https://x.example/?" + "&" * 2029,
        outlet=text,
        published_at=ALERT.published_at,
        rules=tuple(f"{text}{number}" for number in range(9)),
        snippets=(snippet, Snippet(text="b" + text, marks=marks), Snippet(text="c" + text)),
        others=(report,) * 12,
        in_part=(InPart(rule=text, missing=(text,), why=text),) * 9,
        edited=True,
        note=text,
        earlier=report,
        related=(report,) * 9,
    )
    source = html(content, doubtful=True)
    shown, entities = parse_html(source)

    assert shown.count("Likely part of:") == 1
    assert utf16_length(shown) <= 4096
    assert len(entities) <= MAX_ENTITIES
    assert len(source.encode()) <= 32_768
