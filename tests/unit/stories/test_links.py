"""Which addresses lead to one page."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitors.stories.links import canonical, is_front_page, site

PAGE = "https://herald.example/world/talks"
ODD_PIECES = st.lists(
    st.sampled_from(
        (
            *(
                "http://",
                "https://",
                "//",
                "ftp:",
                "www.",
                "m.",
                "amp.",
                "example",
                ".com",
                ".",
                "。",
            ),
            *(
                "münchen",
                "ß",
                "İ",
                "xn--",
                "한국",
                "[",
                "]",
                "::1",
                "[::1]",
                "%25",
                "%",
                "%2F",
                "%ff",
            ),
            *(":", ":80", ":0", ":99999", ":x", "@", "/", "/amp", ".amp", ".amp.html", "?", "&"),
            *(
                "=",
                "utm_source=1",
                "id=1",
                "+",
                " ",
                "#",
                ";",
                "\\",
                "\0",
                "\n",
                "\ud800",
                "\udcff",
            ),
            *("\u200b", "\ufffe", "℀", "a" * 64, "가" * 700),
        )
    ),
    max_size=12,
).map("".join)
ANY_LINK = (
    ODD_PIECES | ODD_PIECES.map("http://".__add__) | st.text().map("http://a.example/".__add__)
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, "http://herald.example/world/talks"),
        (PAGE, "HTTPS://Herald.EXAMPLE/world/talks"),
        (PAGE, " https://herald.example/world/talks\n"),
        (PAGE, "https://www.herald.example/world/talks"),
        (PAGE, "https://www2.herald.example/world/talks"),
        (PAGE, "https://m.herald.example/world/talks"),
        (PAGE, "https://www.m.herald.example/world/talks"),
        (PAGE, "https://amp.herald.example/world/talks"),
        (PAGE, "https://herald.example./world/talks"),
        (PAGE, "https://herald.example:443/world/talks"),
        (PAGE, "http://herald.example:80/world/talks"),
        (PAGE, "https://herald.example:/world/talks"),
        (PAGE, "https://reader:secret@herald.example/world/talks"),
        (PAGE, "https://herald.example/world/talks/"),
        (PAGE, "https://herald.example/world/talks#comments"),
        (PAGE, "https://herald.example/world/talks/amp"),
        (PAGE, "https://herald.example/world/talks/amp/"),
        (PAGE, "https://herald.example/amp/world/talks"),
        (PAGE, "https://herald.example/world/talks.amp"),
        (PAGE, "https://herald.example/world/talks?outputType=amp"),
        (PAGE, "https://herald.example/world/talks?utm_source=rss&utm_medium=feed"),
        (PAGE, "https://herald.example/world/talks?"),
        (PAGE, "https://herald.example/world/talks?msclkid=1&gclid=2&gbraid=3&_ga=4&ttclid=5"),
        (f"{PAGE}?id=7", f"{PAGE}?fbclid=x&id=7&ref=rss"),
        (f"{PAGE}?a=1&b=2", f"{PAGE}?b=2&a=1"),
        (f"{PAGE}?q=a+b", f"{PAGE}?q=a%20b"),
        (f"{PAGE}?print", f"{PAGE}?print="),
        (f"{PAGE}/caf%C3%A9", f"{PAGE}/café"),
        (f"{PAGE}/%7Ejo", f"{PAGE}/~jo"),
        (f"{PAGE}/%b0%a1", f"{PAGE}/%B0%A1"),
        ("https://münchen.example/rat", "https://xn--mnchen-3ya.example/rat"),
        ("https://www。herald。example/x", "https://herald.example/x"),
        ("https://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x/"),
        ("https://herald.example/story.amp.html", "https://herald.example/story.html"),
    ],
)
def test_two_addresses_of_one_page_are_equal(one, other):
    assert canonical(one) is not None
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, "https://courier.example/world/talks"),
        (PAGE, "https://news.herald.example/world/talks"),
        (PAGE, "https://herald.example:8443/world/talks"),
        (PAGE, "https://herald.example/world/Talks"),
        (PAGE, "https://herald.example/world/talks/2"),
        (PAGE, "https://herald.example/world/talks-amplified"),
        (PAGE, f"{PAGE}?page=2"),
        (f"{PAGE}?id=7", f"{PAGE}?id=8"),
        (f"{PAGE}?cid=7", f"{PAGE}?cid=8"),
        (f"{PAGE}?q=a%26b", f"{PAGE}?q=a&b"),
        (f"{PAGE}?q=a%2Bb", f"{PAGE}?q=a+b"),
        # Two words in EUC-KR, which are no characters in UTF-8.
        (f"{PAGE}?word=%B0%A1", f"{PAGE}?word=%B0%A2"),
        (f"{PAGE}/%B0%A1", f"{PAGE}/%B0%A2"),
        ("https://m.example/x", "https://example/x"),
        ("https://a.example/x", "https://[::1]/x"),
    ],
)
def test_two_pages_stay_two(one, other):
    assert None not in (canonical(one), canonical(other))
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "   ",
        "talks.html",
        "//herald.example/talks",
        "mailto:desk@herald.example",
        "javascript:alert(1)",
        "ftp://herald.example/talks",
        "https://",
        "https://../",
        "https:///talks",
        "https://herald.example:99999/talks",
        "https://herald.example:eighty/talks",
        "https://[::1/talks",
        "https://her ald.example/talks",
        "https://her\0ald.example/talks",
        "https://herald.example/\ud83d",
        "https://\ud83d.example/",
        "https://herald.example/" + "a" * 2_000,
        "https://herald.example/" + "가" * 500,
    ],
)
def test_what_cannot_be_opened_has_no_canonical_link(link):
    assert canonical(link) is None


@given(ANY_LINK)
@example("http://[::1]/x")
@example("http://a.example/x.amp/")
@example("http://ü.b../")
def test_the_canonical_link_of_a_canonical_link_is_itself(link):
    found = canonical(link)
    assert canonical(found) == found


@given(ANY_LINK)
def test_a_canonical_link_is_ascii_that_every_store_takes(link):
    found = canonical(link) or "https://a.example"
    assert found.isascii()
    assert found.isprintable()


@given(ANY_LINK)
def test_the_site_of_a_link_is_the_site_of_its_canonical_link(link):
    found = canonical(link)
    assert found is None or site(found) == site(link)


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://herald.example/", True),
        ("https://www.herald.example?utm_source=rss", True),
        ("https://herald.example/amp/", True),
        ("https://herald.example/world", False),
        ("https://herald.example/?p=12", False),
    ],
)
def test_a_front_page_has_neither_path_nor_query(link, is_one):
    found = canonical(link)
    assert found is not None
    assert is_front_page(found) is is_one


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://www.Herald.example/talks", "herald.example"),
        ("https://mobile.herald.example", "herald.example"),
        ("https://edition.herald.example", "edition.herald.example"),
        ("https://m.me/x", "m.me"),
        ("https://www.com/", "www.com"),
        ("//herald.example/talks", "herald.example"),
        ("https://user@herald.example:8080/", "herald.example"),
        ("talks.html", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_site_is_a_host_without_www(link, host):
    assert site(link) == host
