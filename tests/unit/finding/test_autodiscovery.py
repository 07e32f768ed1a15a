"""Where to look on a site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.finding.autodiscovery import (
    MOST_OFFERS,
    MOST_PROBES,
    offers_to_try,
    probes,
    site_of,
)

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [
        (SITE, f"{SITE}/feed", f"{SITE}/feed.json"),
        (f"{SITE}/", f"{SITE}/feed", f"{SITE}/feed.json"),
        (f"{SITE}/blog", f"{SITE}/blog/feed", f"{SITE}/index.xml"),
        (f"{SITE}/blog/?page=2", f"{SITE}/blog/feed", f"{SITE}/index.xml"),
        (f"{SITE}/blog/index.html", f"{SITE}/blog/feed", f"{SITE}/index.xml"),
        (f"{SITE}/index.html", f"{SITE}/feed", f"{SITE}/feed.json"),
    ],
)
def test_probes_begin_where_the_page_is_and_go_on_at_the_root(page, first, last):
    found = probes(page)

    assert (found[0], found[-1], len(found)) == (first, last, MOST_PROBES)


@given(st.text(st.characters(codec="ascii", exclude_characters="?#"), max_size=50))
def test_probes_stay_on_the_site_and_are_few(path):
    address = f"{SITE}/{path}"
    found = probes(address)

    assert len(set(found)) == MOST_PROBES
    assert {site_of(probe) for probe in found} == {site_of(address)}


def test_offers_are_tried_once_and_not_all():
    offers = [f"{SITE}/{number}" for number in range(20)]

    assert offers_to_try([offers[3], *offers], asked=[offers[0]]) == (
        offers[3],
        *offers[1:3],
        *offers[4 : MOST_OFFERS + 1],
    )
