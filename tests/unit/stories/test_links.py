"""Which addresses lead to one page."""

from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitors.stories.links import canonical, is_burned, is_front_page, is_public, site, unwrapped

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
                "ref=a",
                "amp;",
                "%75tm_id=1",
                ";jsessionid=1",
                "/index.html",
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
FRONTS = st.sampled_from(
    (
        *(
            "https://www.google.com/url?url=",
            "https://google.com/amp/s/",
            "https://out.reddit.com?url=",
        ),
        *(
            "https://web.archive.org/web/2026/",
            "https://x.cdn.ampproject.org/c/",
            "https://t.rd.yahoo.com/*",
        ),
        *("https://a.example/c/1/f/2/s/3/l/0L", "https://news.google.com/articles/CBMi"),
    )
)
ANY_LINK = (
    ODD_PIECES
    | ODD_PIECES.map("http://".__add__)
    | st.text().map("http://a.example/".__add__)
    | st.tuples(FRONTS, ODD_PIECES.map("http://a.example".__add__)).map("".join)
    | st.tuples(FRONTS, FRONTS, ODD_PIECES).map("".join)
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
        (PAGE, "https://herald.example/world/talks/index.html"),
        (PAGE, "https://herald.example/world/talks/amp/index.html"),
        (PAGE, "https://herald.example//world/talks"),
        (PAGE, "https://herald.example/world/talks;jsessionid=5A3F"),
        (PAGE, "https://touch.herald.example/world/talks"),
        (PAGE, "https://herald.example/world/talks#:~:text=Allies%20talk"),
        (f"{PAGE}?a=1&b=2", f"{PAGE}?a=1&amp;b=2"),
        (f"{PAGE}?a=1", f"{PAGE}?a=1&%75tm_source=rss"),
        ("https://herald.example/?p=12", "https://herald.example/index.php?p=12"),
        ("https://en.wiki.example/Talks", "https://en.m.wiki.example/Talks"),
        ("https://zh-yue.wiki.example/Talks", "https://zh-yue.m.wiki.example/Talks"),
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
        # Feeds are told apart by them, too.
        ("https://news.google.com/rss/search?q=a&hl=ko", "https://news.google.com/rss/search?q=a"),
        (f"{PAGE}?feed=rss2", f"{PAGE}?feed=comments-rss2"),
        (f"{PAGE}?format=rss", f"{PAGE}?format=atom"),
        ("https://a.example/youtube.com/x?t=1", "https://a.example/youtube.com/x?t=2"),
        # Old sites that are one page.
        (f"{PAGE}#!/story/7", f"{PAGE}#!/story/8"),
        ("https://herald.example/#/story/7", "https://herald.example/#/story/8"),
        ("https://a.example/x", "https://[::1]/x"),
    ],
)
def test_two_pages_stay_two(one, other):
    assert None not in (canonical(one), canonical(other))
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "parameter",
    [
        *("utm_source=rss", "UTM_Campaign=x", "utm_id=9", "ga_source=rss", "mtm_source=rss"),
        *("pk_campaign=x", "at_medium=RSS", "at_campaign=64", "xtor=RSS-3208", "wt_mc=rss.red"),
        *("wt_zmc=rss", "WT.mc_id=9", "wt.rss_f=9", "ns_mchannel=rss", "ns_campaign=1490"),
        *("CMP=Share_iOS", "cmp_source=rss", "cmpid=rss", "intcmp=foot", "sfmc_id=7", "hsa_cam=7"),
        *("_openstat=x", "Echobox=17", "_ga=2.1", "_gl=1*x", "fbclid=x", "gclid=x", "dclid=x"),
        *("twclid=x", "ttclid=x", "yclid=x", "ysclid=x", "msclkid=x", "gbraid=x", "wbraid=x"),
        *("srsltid=x", "dicbo=v2", "guccounter=1", "guce_referrer=aHR0", "igsh=x", "igshid=x"),
        *("mibextid=x", "sr_share=facebook", "fb_ref=x", "fb_source=x", "fb_action_ids=7"),
        *("mc_cid=7", "mc_eid=7", "_hsenc=x", "_hsmi=7", "__hstc=7", "mkt_tok=x", "emc=rss"),
        *("oly_enc_id=7", "vero_id=7", "ocid=msn", "ncid=rss", "smid=nytcore-ios", "ftag=CAD590"),
        *("spm=a2c4e.1", "mbid=social", "wprss=rss_world", "s_kwcid=AL!7", "feedType=RSS"),
        *("usqp=mq331AQ", "amp_js_v=0.1", "PHPSESSID=5a3f", "__twitter_impression=true"),
        # What may be more elsewhere, with a value that tells where readers come from.
        *("amp", "amp=1", "amp=true", "outputType=amp", "output=amphtml", "format=amp"),
        *("rss", "rss=1", "rss=yes", "fromrss=1", "partner=rss", "source=rss"),
        *("src=rss-topstories", "from=rss", "via=twitter", "source=email", "channel=rss_feed"),
        *("ref=rss", "ref=hp_top", "ref_src=twsrc%5Etfw", "ref_source=home", "referrer=x"),
        *("share=facebook", "shared=email", "cmp=rss", "icid=rss", "iid=top", "feature=share"),
    ],
)
def test_a_parameter_that_tells_of_the_reader_does_not_matter(parameter):
    assert canonical(f"{PAGE}?id=7&{parameter}") == canonical(f"{PAGE}?id=7")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((f"{PAGE}?{name}=7", f"{PAGE}?{name}=8") for name in ("id", "p", "story", "article")),
        *((f"{PAGE}?{name}=7", f"{PAGE}?{name}=8") for name in ("v", "q", "cid", "nid", "t", "s")),
        *((f"{PAGE}?{name}=7", f"{PAGE}?{name}=8") for name in ("ref", "share", "iid", "cmp")),
        *((f"{PAGE}?{name}=7", f"{PAGE}?{name}=8") for name in ("source", "rss", "from", "amp")),
        (f"{PAGE}?source=herald", f"{PAGE}?source=courier"),
        (f"{PAGE}?ref=PR-2026-11", f"{PAGE}?ref=PR-2026-12"),
        (f"{PAGE}?output=print", f"{PAGE}"),
        ("https://herald.example/view.php?ref=rice", "https://herald.example/view.php?ref=wheat"),
        ("https://herald.example/?share=rice", "https://herald.example/?share=wheat"),
        ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=b"),
    ],
)
def test_what_may_be_the_number_of_an_article_stays(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.youtube.com/watch?v=a", "https://m.youtube.com/watch?v=a&feature=x7&t=9s"),
        ("https://x.com/desk/status/1", "https://mobile.x.com/desk/status/1?s=20&t=Ab9"),
        (
            "https://news.google.com/rss/articles/CBMiAU_yqL9?oc=5",
            "https://news.google.com/rss/articles/CBMiAU_yqL9?hl=en-US&gl=US&ceid=US:en",
        ),
        ("https://www.dailymail.co.uk/a-1.html", "https://www.dailymail.co.uk/a-1.html?ITO=1490"),
    ],
)
def test_on_some_sites_more_of_an_address_does_not_matter(one, other):
    assert canonical(one) == canonical(other)


def google_news(address, *, more=b""):
    told = b"\x08\x13\x22" + bytes([len(address)]) + address.encode() + more
    return "https://news.google.com/rss/articles/" + urlsafe_b64encode(told).decode().rstrip("=")


AMP_OF_PAGE = b"\xd2\x01\x05https"
LONG = f"{PAGE}/{'a' * 150}"
CODED = quote(PAGE, safe="")
WRAPPED = [
    f"https://www.google.com/url?rct=j&sa=t&url={PAGE}&ct=ga&cd=CAIy&usg=AOv",
    f"https://www.google.co.uk/url?q={CODED}&sa=D",
    f"https://www.google.com/url?q=allies+talk&url={CODED}",
    f"http://news.google.com/news/url?sa=t&fd=R&url={PAGE}",
    f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&url={CODED.lower()}&c=1&mkt=en-us",
    f"https://r.search.yahoo.com/_ylt=A0/RV=2/RE=1/RO=10/RU={CODED.lower()}/RK=0/RS=x-",
    f"http://us.rd.yahoo.com/dailynews/rss/world/*{PAGE}",
    f"http://redir.folha.com.br/redir/online/mundo/rss091/*{PAGE}",
    f"https://duckduckgo.com/l/?uddg={CODED}&rut=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fherald.example%2Fworld%2Ftalks%3Ffbclid%3Dx&h=A",
    "https://lm.facebook.com/l.php?u=https%253A%252F%252Fherald.example%252Fworld%252Ftalks&h=A",
    f"https://l.instagram.com/?u={CODED}&e=A",
    f"https://out.reddit.com/t3_1?url={CODED}&token=A",
    f"https://t.umblr.com/redirect?z={CODED}&t=A",
    f"https://www.youtube.com/redirect?q={CODED}&event=x",
    f"https://vk.com/away.php?to={CODED}",
    f"https://getpocket.com/redirect?url={CODED}",
    f"http://go.redirectingat.com/?id=1&xs=1&url={CODED}",
    f"https://go.skimresources.com?id=1&url={CODED}",
    f"https://eu.safelinks.protection.outlook.com/?url={CODED}",
    "https://www.google.com/amp/s/herald.example/world/talks/amp",
    "https://www.google.de/amp/herald.example/world/talks.amp",
    "https://herald-example.cdn.ampproject.org/c/s/herald.example/world/talks?usqp=mq331AQ",
    "https://herald-example.cdn.ampproject.org/v/s/herald.example/world/talks?amp_js_v=0.1",
    "https://cdn.ampproject.org/c/herald.example/world/talks",
    "https://herald-example.bing-amp.com/c/s/herald.example/world/talks",
    "http://rss.feedsportal.com/c/1/f/2/s/2d/sc/11/l/0M0Sherald0Bexample0Cworld0Ctalks/story1.htm",
    "http://feeds.courier.example/c/1/f/2/s/2d3d1b9a/l/0Lherald0Bexample0Cworld0Ctalks/ia1.htm",
    google_news(PAGE),
    f"{google_news(PAGE, more=AMP_OF_PAGE)}?oc=5",
    google_news(PAGE).replace("/rss/", "/__i/rss/rd/"),
]


@pytest.mark.parametrize("link", WRAPPED)
def test_a_link_that_says_where_it_leads_is_that_address(link):
    assert canonical(link) == PAGE
    assert site(link) == "herald.example"
    assert canonical(unwrapped(link)) == PAGE


def test_a_long_address_at_google_news_is_read_whole():
    told = b"\x08\x13\x22" + bytes([len(LONG) % 128 + 128, len(LONG) // 128]) + LONG.encode()
    link = "https://news.google.com/articles/" + urlsafe_b64encode(told).decode().rstrip("=")
    assert unwrapped(link) == LONG


@pytest.mark.parametrize(
    "link",
    [
        f"https://web.archive.org/web/20261103091530/{PAGE}",
        "https://web.archive.org/web/20261103091530if_/https:/herald.example/world/talks",
    ],
)
def test_a_copy_in_an_archive_is_the_article_and_opens_as_a_copy(link):
    assert canonical(link) == PAGE
    assert unwrapped(link) == link


def test_an_unwrapped_link_stays_as_it_was_written():
    inside = "http://m.herald.example/caf%E9?b=2&a=1&utm_source=rss#comments"
    link = f"https://www.google.com/url?url={quote(inside, safe='')}"
    assert unwrapped(link) == inside
    assert unwrapped(inside) == inside


def test_a_wrapper_within_a_wrapper_is_taken_off_too():
    link = PAGE
    for front in ("https://www.google.com/url?url=", "https://l.facebook.com/l.php?u="):
        link = front + quote(link, safe="")
    assert canonical(f"https://web.archive.org/web/2026/{link}") == PAGE


def test_as_many_parameters_as_any_article_has_are_read():
    link = f"{PAGE}?{'&'.join(f'n{n}=1' for n in range(80))}"
    assert canonical(f"{link[:-5]}fbclid=1") == canonical(link[:-6])


def test_wrappers_without_end_are_no_link_and_open_as_they_are():
    link = f"https://www.google.com/{'amp/s/www.google.com/' * 60}amp/s/herald.example/x"
    assert canonical(link) is None
    assert unwrapped(link) == link


@pytest.mark.parametrize(
    "inside",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//herald.example/x",
        "/x",
        "allies talk",
        "",
        "ftp://herald.example/x",
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://0x7f000001/x",
        "http://2130706433/",
        "http://10.1/x",
        "http://localhost:8080/x",
        "http://router.lan/x",
        "http://bot.internal./x",
        "https://",
        "https://her ald.example/",
        f"https://herald.example/{'a' * 1990}",
    ],
)
@pytest.mark.parametrize(
    "front", ["https://www.google.com/url?url=", "https://out.reddit.com/t3_1?url="]
)
def test_a_wrapper_that_does_not_lead_to_a_public_page_stays(front, inside):
    link = front + quote(inside, safe="")
    assert unwrapped(link) == link
    assert "herald" not in (site(link) or "")


@pytest.mark.parametrize(
    "link",
    [
        "https://feedproxy.google.com/~r/herald/world/~3/0O-eUfOYo94/talks.html",
        "https://flip.it/Ab9",
        "https://archive.ph/Ab9",
        "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0cFpsTGk",
        "https://news.google.com/rss/articles/CBMi",
        "https://news.google.com/rss/articles/CBMi_",
        "https://google.com.thief.example/url?url=https://herald.example/x",
        "https://herald.example/url?url=https://courier.example/x",
    ],
)
def test_a_link_that_does_not_say_where_it_leads_stays(link):
    assert unwrapped(link) == link


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://feedproxy.google.com/~r/herald/~3/0O-eUfOYo94/", True),
        ("https://feeds.herald.example/~r/herald/world/~3/0O-eUfOYo94/talks.html", True),
        ("https://herald.example/~reporter/talks", False),
        ("https://[", False),
    ],
)
def test_the_links_of_feedburner_are_known(link, is_one):
    assert is_burned(link) is is_one


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        (PAGE, True),
        ("https://münchen.example/rat", True),
        ("http://localhost/?p=1", False),
        ("http://192.168.1.5/?p=1", False),
        ("http://wordpress.local/?p=1", False),
        (None, False),
    ],
)
def test_a_public_link_leads_everybody_to_the_same_host(link, is_one):
    assert is_public(link) is is_one


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
        f"{PAGE}?{'&'.join(f'n{n}=1' for n in range(81))}",
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
def test_an_unwrapped_link_leads_to_the_same_page(link):
    found = canonical(link)
    assert found is None or canonical(unwrapped(link)) == found


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
