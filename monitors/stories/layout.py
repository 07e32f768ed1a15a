"""Makes of a page what an extractor of articles reads rightly: its tables and captions."""

from lxml.html import HtmlElement

_CELLS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup")
_BLOCKS = "p|div|h1|h2|h3|ul|ol|article|section|table|blockquote|br"
_HOLDS_BLOCKS = " or ".join(f".//td//{name}" for name in _BLOCKS.split("|"))
_FEWEST_LINKS = 3
_MOST_IN_LINKS = 0.6


def unfold_tables(tree: HtmlElement) -> None:
    """Leave in *tree* only the tables that hold facts.

    Those that hold links to elsewhere go; of those that only say where on the page something
    stands, what they hold stays.
    """
    # Inner ones first: what is around them may be no table any more.
    for table in reversed(tree.xpath("//table")):
        if table.getparent() is None:
            continue
        if _is_navigation(table):
            table.drop_tree()
        elif _is_frame(table):
            for element in table.iter(*_CELLS):
                element.tag = "div"
                element.attrib.clear()


def _is_navigation(table: HtmlElement) -> bool:
    links = table.xpath(".//a[@href]")
    if len(links) < _FEWEST_LINKS:
        return False
    inside = sum(len(_plain(link)) for link in links)
    return inside >= _MOST_IN_LINKS * max(1, len(_plain(table)))


def _is_frame(table: HtmlElement) -> bool:
    one_cell = len(table.xpath(".//td | .//th")) <= 1
    return bool(one_cell or table.get("role") == "presentation" or table.xpath(_HOLDS_BLOCKS))


def _plain(element: HtmlElement) -> str:
    return "".join(element.text_content().split())


def tell_captions(tree: HtmlElement) -> None:
    """Have the captions of the pictures in *tree* read as paragraphs: reporters wrote them."""
    for figure in tree.xpath("//figure[.//figcaption]"):
        caption = figure.find(".//figcaption")
        if figure.getparent() is None or caption is None:
            continue
        caption.tag, figure.tag = "p", "div"
        caption.attrib.clear()
        figure.attrib.clear()
