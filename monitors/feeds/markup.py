"""HTML, as feeds carry it, to plain text.

An own scanner instead of a tree: its time grows with the length alone, however badly the
markup is nested or closed, and what only looks like a tag (`<raise>`, `List<String>`)
stays as it was written.
"""

import html
import re

# What starts a new line where it begins and where it ends.
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details dialog dir div dl "
        "dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head "
        "header hgroup hr html iframe legend li main menu nav ol optgroup option p pre search "
        "section summary table tbody tfoot thead title tr ul",
    )
)
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym area audio b base basefont bdi bdo big blink button canvas cite code "
        "col colgroup data datalist del dfn em embed font i img input ins kbd label link map "
        "mark marquee math menuitem meta meter nobr noscript object output param picture "
        "progress q rb rp rt rtc ruby s samp script select slot small source span strike "
        "strong style sub sup svg template textarea time track tt u var video wbr",
    )
)
_HIDDEN = frozenset(("script", "style"))
HTML_TAGS = _BLOCKS | _CELLS | _INLINE
# Stands for the edge of a block until white space is collapsed: the record separator, which
# is white space for `str.split` and so never reaches the outside.
_BREAK = "\x1e"

# Attributes in quotes may hold `>`. With a quote that never ends, or with a `<` in it, the
# tag reaches to the next `>`, as in browsers, and the time stays linear.
_TAG = re.compile(
    r"<(?:"
    r"!--(?P<comment>)"
    r"|[!?][^>]*>"
    r"|/?(?P<name>[a-z][a-z0-9]*(?:-[\w.-]*|:[a-z][\w.-]*)?)"
    r"(?:(?:[\s/](?>[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)?>|[\s/][^>]*>)"
    r")",
    re.IGNORECASE,
)
_HIDDEN_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _HIDDEN}
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKED = re.compile(r"[<&]|\]\]>")
_UNFINISHED = re.compile(r"<(?:/?([a-z][a-z0-9]*)(?:[\s/][^<>]*)?|!--[^>]*)?\Z", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
# A name that is opened and closed again was meant as markup; `<i>` alone may be a variable.
_PAIR = re.compile(r"<([a-z][a-z0-9]*)\b[^<>]*>[^<>]*</\1\s*>", re.IGNORECASE)


def plain_text(markup: str) -> str:
    """Answer what a reader sees of *markup*, a line for each block.

    Inline tags vanish without a gap, scripts and styles with what is in them; entities are
    decoded, twice where they were escaped twice; white space is collapsed and there are no
    empty lines. Tags that HTML does not know stay as text. Linear in the length.
    """
    if not _MARKED.search(markup):
        return " ".join(markup.split())
    text, had_markup = _without_tags(_CDATA.sub("", markup))
    text = decode_entities(text)
    if not had_markup and ("&" in text or "<" in text):
        # Nothing but escaped text came out: whoever wrote it escaped it twice.
        if _PAIR.search(text):
            text, _ = _without_tags(text)
        text = decode_entities(text)
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def decode_entities(text: str) -> str:
    """Answer *text* with its character references decoded once; a bare `&copy=` stays."""
    return _REFERENCE.sub(_decoded, text)


def _decoded(reference: re.Match[str]) -> str:
    """Answer the character that *reference* stands for, or itself if there is none."""
    return html.unescape(reference[0])


def _without_tags(markup: str) -> tuple[str, bool]:
    """Answer *markup* with `_BREAK` for its blocks, and whether there was any tag."""
    pieces: list[str] = []
    position, had_markup = 0, False
    last = markup.rfind(">") + 1  # behind it nothing can be a whole tag
    while found := _TAG.search(markup, position, last):
        pieces.append(markup[position : found.start()])
        position = found.end()
        if found["comment"] is not None:
            end = markup.find("-->", position)
            position = len(markup) if end < 0 else end + 3
            continue
        name = (found["name"] or "").lower()
        shown = _shown(name)
        if shown is None:
            pieces.append(found[0])
            continue
        had_markup = True
        pieces.append(shown)
        if name in _HIDDEN and not found[0].startswith("</"):
            end_tag = _HIDDEN_END[name].search(markup, position)
            position = len(markup) if end_tag is None else end_tag.end()
    rest = markup[position:]
    cut = _UNFINISHED.search(rest)
    if cut is not None and (cut[1] is None or _shown(cut[1].lower()) is not None):
        rest = rest[: cut.start()]
    pieces.append(rest)
    return "".join(pieces), had_markup


def _shown(name: str) -> str | None:
    """Answer what stands for a tag of that *name*, or None if HTML knows no such tag."""
    if name in _BLOCKS:
        return _BREAK
    if name in _CELLS:
        return " "
    # Names with a hyphen or colon are custom elements and what Word leaves behind.
    inline = not name or name in _INLINE or "-" in name or ":" in name
    return "" if inline else None
