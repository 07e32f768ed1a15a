"""Which addresses of a site are worth a try where none is known to be its feed."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

MOST_OFFERS = 6
MOST_PROBES = 5
# Where most sites keep their feed, the likeliest first.
_PLACES = ("feed", "rss", "atom.xml", "index.xml", "feed.json")


def offers_to_try(offers: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    """Answer which of the feeds that a page names are looked at: the best that are not *asked*."""
    known = {*asked}
    new = (offer for offer in dict.fromkeys(offers) if offer not in known)
    return tuple(new)[:MOST_OFFERS]


def probes(address: str) -> tuple[str, ...]:
    """Answer where a feed may be on the site of *address*, whose page names none.

    At most five places: beside the page, if that is below the root of its site, and then at
    the root.
    """
    root = urljoin(address, "/")
    folder = urlsplit(address).path
    # `/blog` is most likely the folder that its page begins; `/blog/index.html` lies in one.
    if "." in folder.rpartition("/")[2]:
        folder = folder.rpartition("/")[0]
    below = [f"{root}{folder.strip('/')}/{_PLACES[0]}"] if folder.strip("/") else []
    return tuple([*below, *(f"{root}{place}" for place in _PLACES)][:MOST_PROBES])


def site_of(address: str) -> str:
    """Answer what is equal for all pages of a site."""
    return urljoin(address, "/").lower()
