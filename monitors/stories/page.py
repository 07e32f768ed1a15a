"""The text of an article's page, without what stands around it on the page."""

import re
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitors.feeds.encoding import to_utf8
from monitors.stories.furniture import without_furniture
from monitors.stories.layout import tell_captions, unfold_tables
from monitors.stories.walls import (
    LONGEST_WALL,
    MESSAGES,
    Obstacle,
    asks_for_money,
    declares_paid,
    wall_in,
    without_walls,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says.

    Attributes:
        text: the article in plain text, paragraphs separated by blank lines; no navigation,
            related headlines, comments or legal lines.
        title: the headline on the page, if it was found.
    """

    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoText:
    """The page holds no article, or not all of it.

    Attributes:
        message: why, in one short line for people.
        kind: the same for programs.
        teaser: what stands in front of a paywall.
    """

    message: str
    kind: Obstacle = Obstacle.EMPTY
    teaser: Page | None = None


_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain")
_UNKNOWN_TYPES = ("", "application/octet-stream", "binary/octet-stream")
_KINDS = (
    ("application/pdf", "a PDF"),
    ("application/json", "JSON"),
    ("image/", "a picture"),
    ("video/", "a video"),
    ("audio/", "a recording"),
)
_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"PK\x03\x04", "a file to download"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture"),
)
_SNIFFED = 4096
_META_CHARSET = re.compile(
    rb"<meta[^>]{1,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)
_BULLET = re.compile(r"[-*•]\s+")
_LONGEST_TITLE = 500
# Letters below which a text is a teaser or a notice; scripts without spaces say more in each.
_TOO_LITTLE = 80
_TOO_LITTLE_DENSE = 30
# Letters below which even what the page itself calls its article is nothing: news flashes.
_TOO_LITTLE_OF_ARTICLE = 15
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Where no paywall is, and where nothing of the article is.
_FURNITURE = "script|style|nav|header|footer|aside|form|noscript|template"


@cache
def _config() -> ConfigParser:
    """Answer trafilatura's settings; a short report is no reason to look outside the article."""
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_TOO_LITTLE_DENSE)
    return config


def read_page(
    body: bytes,
    address: str,  # noqa: ARG001 - every reader is told it
    content_type: str | None = None,
) -> Page | NoText:
    """Answer the article on a page.

    Args:
        body: the page as it was fetched.
        address: where it was found; no link is followed from there.
        content_type: the header, for the type and the encoding.
    """
    if what := _not_html(body, content_type):
        return NoText(message=f"it is not a web page but {what}")
    try:
        tree = _tree(body, content_type)
        said, title = _Said(tree), _title(tree)
        unfold_tables(tree)
        tell_captions(tree)
        narrowed = _narrowed(tree)
        text = _article(tree, narrowed, title)
    except RecursionError:
        return NoText(message="it is nested too deeply")
    except LxmlError:
        return NoText(message="it is empty or cannot be read")
    return _judged(text, title, said, named=narrowed is not None)


def _not_html(body: bytes, content_type: str | None) -> str | None:
    """Answer what *body* is if it is no HTML."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in _HTML_TYPES + _UNKNOWN_TYPES:
        return next((name for start, name in _KINDS if kind.startswith(start)), kind[:60])
    start = body[:_SNIFFED].lstrip()
    if what := next((name for sign, name in _BEGINNINGS if start.startswith(sign)), None):
        return what
    return None if b"<" in start else "plain text"


def _tree(body: bytes, content_type: str | None) -> HtmlElement:
    declared = content_type or ""
    if "charset" not in declared.lower() and (inside := _META_CHARSET.search(body[:_SNIFFED])):
        declared = f"text/html; charset={inside[1].decode('ascii')}"
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return document_fromstring(to_utf8(body, declared), parser=parser)


def _narrowed(tree: HtmlElement) -> HtmlElement | None:
    """Answer a page with nothing but the article, if *tree* says which element that is.

    Around a short article, the teasers of others easily outweigh it: what the page itself
    says is better than any guess.
    """
    articles = tree.xpath("//article[not(ancestor::article)]")
    headed = [one for one in articles if one.find(".//h1") is not None]
    mains = tree.xpath("//main | //*[@role='main'][not(self::main)]")
    for found in (articles, headed, mains):
        if len(found) == 1:
            narrowed = document_fromstring("<html><head></head><body></body></html>")
            narrowed.find("body").append(deepcopy(found[0]))
            _unfold(narrowed)
            return narrowed
    return None


def _unfold(narrowed: HtmlElement) -> None:
    """Have the whole of an article read: its head, and each post of a live page.

    An extractor takes a head for furniture, and the first of several articles for the only
    one. Those whose headlines are links are teasers, and stay what they are.
    """
    inner = narrowed.xpath("/html/body/*//article | /html/body/*//section[@class]")
    posts = [] if narrowed.xpath("//article//h2//a | //article//h3//a | //a//h3") else inner
    for element in (*narrowed.xpath("/html/body/article/header"), *posts):
        element.tag = "div"
        element.attrib.clear()


def _title(tree: HtmlElement) -> str | None:
    for path in (
        "string(//meta[@property='og:title']/@content)",
        "string(//h1)",
        "string(//title)",
    ):
        if title := " ".join(tree.xpath(path).split()):
            return title[:_LONGEST_TITLE]
    return None


def _article(tree: HtmlElement, narrowed: HtmlElement | None, title: str | None) -> str:
    """Answer the text of the article in *tree*; empty where there is none."""
    text = "" if narrowed is None else _text(narrowed, title)
    # What the page calls an article may be a teaser of another one.
    return text if not _is_little(text) else max(text, _text(tree, title), key=len)


def _text(tree: HtmlElement, title: str | None) -> str:
    """Answer the paragraphs of *tree* without its headline and furniture.

    A page without paragraphs in its markup is read less strictly: precisely, it has none.
    """
    precise = _extracted(deepcopy(tree), title, precise=True)
    return precise if not _is_little(precise) else _extracted(tree, title, precise=False)


def _extracted(tree: HtmlElement, title: str | None, *, precise: bool) -> str:
    # Imported here, because it is large, and only the workers read pages.
    from trafilatura import bare_extraction

    document = bare_extraction(
        tree, fast=True, favor_precision=precise, include_comments=False, config=_config()
    )
    assert not isinstance(document, dict), "that is another output format"
    lines = (document.text or "").splitlines() if document else []
    paragraphs = [line for line in map(_cleaned, lines) if line]
    if title and paragraphs and paragraphs[0].casefold() == title.casefold():
        del paragraphs[0]
    return "\n\n".join(without_furniture(paragraphs))


def _cleaned(line: str) -> str:
    """Answer *line* with single spaces, and without the signs of lists and tables."""
    line = " ".join(line.split())
    if line.startswith("|"):
        return ", ".join(cell for cell in (part.strip() for part in line.split("|")) if cell)
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


class _Said:
    """What a page says beside its article."""

    def __init__(self, tree: HtmlElement) -> None:
        self.paid = declares_paid(tree.xpath("//script[contains(@type, 'ld+json')]/text()"))
        self.without_scripts = " ".join(tree.xpath("string(//noscript)").split())[:LONGEST_WALL]
        asks = "//input[@type='password'][not(ancestor::header or ancestor::nav)]"
        self.asks_password = bool(tree.xpath(asks))
        body = deepcopy(tree)
        for element in body.xpath(f"//{'|//'.join(_FURNITURE.split('|'))}"):
            if element.getparent() is not None:
                element.drop_tree()
        lines = (" ".join(text.split()) for text in body.xpath("//body//text()"))
        self.everything = "\n".join(line for line in lines if line)


def _judged(text: str, title: str | None, said: _Said, *, named: bool) -> Page | NoText:
    """Answer what *text*, which was found on a page, is; *named* if the page calls it an article.

    What is long is an article. What is short may be a wall, or what stands in front of one.
    """
    everything = said.everything[: 10 * LONGEST_WALL]
    if wall := wall_in(text or everything[: LONGEST_WALL + 1], title):
        return _no_text(wall)
    paragraphs = text.split("\n\n")
    rest = "\n\n".join(without_walls(paragraphs)) if len(text) <= LONGEST_WALL else text
    little = len(rest) < _TOO_LITTLE_OF_ARTICLE if named else _is_little(rest)
    page = None if little else Page(text=rest, title=title)
    if len(text) <= LONGEST_WALL and (said.paid or asks_for_money(everything)):
        return NoText(message=MESSAGES[Obstacle.PAYWALL], kind=Obstacle.PAYWALL, teaser=page)
    if said.asks_password and _is_little(rest):
        return _no_text(Obstacle.LOGIN)
    if page:
        return page
    if wall := wall_in(said.without_scripts):
        return _no_text(wall)
    return (
        NoText(message="it has too little text to be an article")
        if text
        else _no_text(Obstacle.EMPTY)
    )


def _no_text(kind: Obstacle) -> NoText:
    return NoText(message=MESSAGES[kind], kind=kind)


def _is_little(text: str) -> bool:
    return len(text) < (_TOO_LITTLE_DENSE if _DENSE.search(text) else _TOO_LITTLE)
