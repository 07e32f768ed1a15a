"""The text of an article's page is whole, and nothing of what stands around it is in it."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.stories.page import NoText, Page, read_page

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "sample").glob("*/*.html"))
# What holds the article in the three invented outlets.
BODY = re.compile(
    r'<div class="(?:article-body|entry-content|article-text)">(.*?)</div>', re.DOTALL
)
PARAGRAPHS = (
    "The harbour authority said on Monday that the new crane would come in March.",
    "Its cost has doubled to 90 million dollars, and the mayor called that a scandal.",
    "Residents were not surprised. “We have heard March before,” said one of them.",
)
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(markup, content_type="text/html; charset=utf-8"):
    return read_page(markup.encode(), "https://wire.example/1", content_type)


def page(article, *, head="", around=True):
    """A page with *article* among far more teasers than it has text."""
    cards = "".join(
        f"<div class=card><h3><a href=/{n}>Card headline {n}</a></h3><p>The teaser of another"
        f" article, number {n}, which is long enough to pass for a paragraph of text.</p></div>"
        for n in range(20 if around else 0)
    )
    links = "".join(f"<li><a href=/{n}>Other headline number {n}</a></li>" for n in range(30))
    return (
        f"<!doctype html><html lang=en><head><title>Crane | Wire</title>{head}</head><body>"
        f"<nav><ul>{links}</ul></nav>{article}<div><h2>More stories</h2>{cards}</div>"
        f"<footer><p>© 2026 Wire. All rights reserved.</p></footer></body></html>"
    )


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_sample_pages_give_their_article_and_nothing_else(path):
    source = path.read_text("utf-8")
    article = re.findall(r"<p>(.*?)</p>", BODY.search(source)[1], re.DOTALL)
    found = read_page(path.read_bytes(), "https://wire.example/1")
    assert isinstance(found, Page)
    assert found.text == "\n\n".join(plain(paragraph) for paragraph in article)
    assert found.title == plain(re.search(r"<h1[^>]*>(.*?)</h1>", source)[1])


def test_there_are_sample_pages():
    assert len(SAMPLES) >= 7


def test_teasers_around_a_short_article_are_not_taken_for_it():
    markup = page(f"<article><h1>Crane is late</h1>{ARTICLE}</article>")
    assert read(markup) == Page(text="\n\n".join(PARAGRAPHS), title="Crane is late")


def test_the_article_with_the_headline_is_chosen_among_several():
    teaser = (
        "<article><h2>Another</h2><p>The teaser of another article, in a sentence.</p></article>"
    )
    markup = page(teaser + f"<article><h1>Crane is late</h1>{ARTICLE}</article>" + teaser)
    assert read(markup).text == "\n\n".join(PARAGRAPHS)


def test_an_article_element_that_holds_only_a_teaser_is_passed_over():
    teaser = "<article><h2>Another</h2><p>Short.</p></article>"
    markup = page(f"{teaser}<div class=article-body>{ARTICLE}</div>", around=False)
    assert PARAGRAPHS[1] in read(markup).text


def test_lists_tables_and_subheadings_are_kept_as_lines():
    markup = page(
        f"<article><h1>Crane</h1>{ARTICLE}<h2>What next</h2><ul><li>March</li><li>April</li></ul>"
        "<table><tr><td>Year</td><td>Cost</td></tr></table><p>The end came quickly.</p></article>"
    )
    lines = ("What next", "March", "April", "Year, Cost", "The end came quickly.")
    assert read(markup).text == "\n\n".join(PARAGRAPHS + lines)


def test_the_captions_of_pictures_are_read():
    figure = (
        "<figure><img src=a.png><figcaption>A crane at <b>Pillar 2</b> wharf.</figcaption></figure>"
    )
    found = read(page(f"<article><h1>Crane</h1>{ARTICLE}{figure}{ARTICLE}</article>"))

    assert "A crane at Pillar 2 wharf." in found.text.split("\n\n")


def test_a_table_that_only_lays_out_the_page_is_read_as_if_it_were_not_there():
    around = "<td>{}</td>".format
    markup = (
        "<html><body><table width=100%><tr>"
        + around("<table><tr><td>Menu</td></tr></table>")
        + around(f"<h1>Crane</h1>{ARTICLE}")
        + "</tr></table></body></html>"
    )

    assert read(markup).text.split("\n\n")[-3:] == list(PARAGRAPHS)


def test_a_table_of_links_is_not_read():
    rows = "".join(
        f"<tr><td><a href=/{n}>AUKUS story {n}</a></td><td>{n}</td></tr>" for n in range(9)
    )
    found = read(f"<html><body><article>{ARTICLE}<table>{rows}</table></article></body></html>")

    assert found.text == "\n\n".join(PARAGRAPHS)


def test_a_page_without_paragraphs_in_its_markup_is_read_too():
    lines = [
        f"Sentence number {number} says something of its own about the harbour and its ships."
        for number in range(12)
    ]
    body = "".join(f"<div>{line}</div>" for line in lines)

    page = read(f"<html><body><div><div>{body}</div></div></body></html>")

    assert page.text.split("\n\n") == lines


POSTS = "".join(
    f"<{{0}}><h2>Update {number}</h2><p>At this hour the ministers said thing {number}.</p></{{1}}>"
    for number in range(10)
)


@pytest.mark.parametrize(
    ("start", "end"),
    [('article class="live-blog__entry"', "article"), ('section class="post"', "section")],
)
def test_every_post_of_a_live_page_is_read(start, end):
    page = read(f"<main><h1>Live: the talks</h1>{POSTS.format(start, end)}</main>")

    assert [f"said thing {number}." in page.text for number in range(10)] == [True] * 10


def test_the_head_of_an_article_is_read():
    head = '<header><h1>Talks</h1><p class="standfirst">Allies open a second pillar.</p></header>'
    page = read(f"<body><nav>Menu</nav><article>{head}{ARTICLE}</article></body>")

    assert page.text.startswith("Allies open a second pillar.")


def test_a_flash_of_one_sentence_is_an_article_where_the_page_says_so():
    flash = "<p>AUKUS: Pillar 2 opens to Japan.</p>"
    assert read(f"<article><h1>Flash</h1>{flash}</article>").text == (
        "AUKUS: Pillar 2 opens to Japan."
    )
    assert isinstance(read(f"<body><div>{flash}</div></body>"), NoText)


def test_white_space_is_collapsed():
    markup = page("<article><p>" + "  a\n\tb&nbsp;c " * 20 + "</p></article>")
    assert read(markup).text == " ".join(["a b c"] * 20)


@pytest.mark.parametrize(
    "title",
    ['<meta property="og:title" content="Crane  &amp; co">', "<title>Crane &amp; co</title>"],
)
def test_a_headline_is_found_in_the_head(title):
    markup = f"<html><head>{title}</head><body><article>{ARTICLE}</article></body></html>"
    assert read(markup).title == "Crane & co"


def test_furniture_that_is_marked_up_as_text_is_dropped_at_the_end():
    tail = "<p>You may also like</p><p>A bridge is built</p><p>Leave a Comment</p>"
    markup = page(f"<article><h1>Crane</h1>{ARTICLE}{tail}</article>")
    assert read(markup).text == "\n\n".join(PARAGRAPHS)


# Encodings

KOREAN = "한국 국방장관은 월요일 멜버른에서 열린 회의에서 오커스 필러 2 참여를 논의했다고 밝혔다."


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", None, ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8-sig", "text/html", ""),
        ("utf-16", "text/html", ""),
        ("euc-kr", "text/html; charset=EUC-KR", ""),
        ("euc-kr", "text/html", '<meta charset="euc-kr">'),
        (
            "euc-kr",
            None,
            "<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'>",
        ),
        ("iso2022_kr", "text/html; charset=iso-2022-kr", ""),
    ],
)
def test_encodings_are_found_in_the_header_the_page_and_the_bytes(encoding, content_type, meta):
    markup = f"<html><head>{meta}</head><body><article><p>{KOREAN}</p></article></body></html>"
    found = read_page(markup.encode(encoding), "https://wire.example/1", content_type)
    assert found.text == KOREAN


@pytest.mark.parametrize(
    "encoding", ["", "none-such", "zlib", "punycode", "utf-7", "idna", "\0", "x" * 10_000, "utf-16"]
)
def test_an_encoding_that_is_none_does_no_harm(encoding):
    body = f"<html><article>{ARTICLE}</article></html>".encode()
    found = read_page(body, "https://wire.example/1", f"text/html; charset={encoding}")
    assert isinstance(found, Page | NoText)


def test_bytes_that_are_wrong_are_replaced():
    body = f"<html><article>{ARTICLE}</article></html>".encode() + b"\xff\xfe\x80\x00" * 100
    assert PARAGRAPHS[0] in read_page(body, "https://wire.example/1", "text/html").text


# What is no article


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"%PDF-1.7 <html>", "application/pdf", "a PDF"),
        (b"%PDF-1.7 <html>", None, "a PDF"),
        (b"\x89PNG\r\n", "image/png", "a picture"),
        (b"\xff\xd8\xff\xe0", "text/html", "a picture"),
        (b'{"a": "<p>"}', "application/json; charset=utf-8", "JSON"),
        (b' ["<p>"]', "text/html", "JSON"),
        (b"PK\x03\x04", "application/octet-stream", "a file to download"),
        (b"<x/>", "application/x-shockwave-flash", "application/x-shockwave-flash"),
        (b"Just words.", "text/plain", "plain text"),
        (b"", None, "plain text"),
    ],
)
def test_what_is_no_web_page_is_named(body, content_type, words):
    found = read_page(body, "https://wire.example/1", content_type)
    assert found == NoText(message=f"it is not a web page but {words}")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<html></html>", "no article was found"),
        ("<!-- nothing -->", "empty or cannot be read"),
        ("<html><body><script>var a = 'text';</script></body></html>", "no article was found"),
        ("<html><body><article><p>Too short.</p></article></body></html>", "too little text"),
        (
            (
                "<html><body><div><p>We and our partners use cookies and ask for your consent to"
                " read what you do in your browser. See our privacy policy.</p></div></body></html>"
            ),
            "asks for consent",
        ),
        (
            (
                "<html><body><main><p>Please enable JavaScript in your browser, and turn off your"
                " ad blocker to go on reading this page of ours.</p></main></body></html>"
            ),
            "only to browsers",
        ),
    ],
)
def test_a_page_without_an_article_is_refused_in_words(markup, words):
    found = read(markup)
    assert isinstance(found, NoText), found
    assert words in found.message


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000 + b"text " * 100,
        b"<p><b><i><span>" * 100_000,
        b"<p>" + bytes(range(256)) * 8_000,
        b"<p " + b"a=1 " * 400_000 + b">",
        b"<p>" + b"&amp;" * 400_000,
        b"<ul>" + b"<li><a href=/x>headline</a>" * 20_000,
        b"<meta charset=" * 100_000,
        b"<" * 1_000_000,
        b"<![CDATA[" * 100_000,
        b"<html>\0<p>" + b"\0" * 100_000,
        b"<?xml version='1.0' encoding='utf-16'?><html><p>text",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_hostile_pages_are_survived(body):
    assert isinstance(read_page(body, "https://wire.example/1"), Page | NoText)


def test_scripts_and_styles_are_no_text():
    junk = "<script>var a = '<p>script</p>';</script><style>.style {}</style>" * 20_000
    assert read(
        f"<html><body><article>{junk}{ARTICLE}</article></body></html>"
    ).text == "\n\n".join(PARAGRAPHS)


@given(st.binary(max_size=300), st.none() | st.text(max_size=30))
def test_any_bytes_are_a_page_or_not(body, content_type):
    for each in (body, b"<html><article><p>" + body):
        found = read_page(each, "https://wire.example/1", content_type)
        assert isinstance(found, Page | NoText)
