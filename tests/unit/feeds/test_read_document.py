"""RSS, Atom and RDF as they are found: what an entry is made of, and what is put right."""

from datetime import UTC, datetime

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, Entry
from monitors.feeds.fields import LONGEST_TITLE

ADDRESS = "https://herald.example/feeds/world.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def document(text, address=ADDRESS):
    read = read_document(text.encode() if isinstance(text, str) else text, address)
    assert isinstance(read, Document), read
    return read


def rss(item, channel=""):
    return document(f'<rss version="2.0"><channel>{channel}<item>{item}</item></channel></rss>')


def atom(entry, attributes="", feed=""):
    return document(f"<feed {ATOM} {attributes}>{feed}<entry>{entry}</entry></feed>")


def first(read):
    return read.entries[0]


def test_an_rss_feed_is_read_whole():
    read = rss(
        "<title>Talks &amp;amp; more</title><link>https://herald.example/talks</link>"
        "<guid isPermaLink='false'> herald-1 </guid><dc:creator>A. Writer</dc:creator>"
        "<pubDate>Tue, 03 Nov 2026 09:15:30 +0100</pubDate>"
        "<description>&lt;p&gt;Short.&lt;/p&gt;</description>"
        "<content:encoded><![CDATA[<p>Long,</p><p>with <b>AUK</b>US.</p>]]></content:encoded>"
        "<source url='https://wire.example/'>The Wire</source>",
        channel="<title>World</title><link>https://herald.example/</link><language>en_GB</language>",
    )
    assert (read.format, read.title, read.home) == ("rss20", "World", "https://herald.example/")
    assert (read.lang, read.problems) == ("en-GB", ())
    assert read.entries == (
        Entry(
            id="herald-1",
            title="Talks & more",
            url="https://herald.example/talks",
            published_at=datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC),
            summary="Short.",
            content="Long,\nwith AUKUS.",
            author="A. Writer",
            lang="en-GB",
            outlet="The Wire",
        ),
    )


def test_an_atom_feed_is_read_whole():
    read = atom(
        "<id>urn:1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        "Talks <b>re</b>open</div></title><link rel='self' href='s'/><link rel='enclosure'"
        " href='a.mp3'/><link href='talks'/><published>2026-11-03T08:15:30Z</published>"
        "<updated>2026-11-04T08:15:30Z</updated><summary>Short.</summary>"
        "<content type='html'>&lt;p>Long.</content>",
        attributes="xml:lang='fr' xml:base='https://herald.example/'",
        feed="<title>World</title><author><name>The Desk</name></author>",
    )
    assert read.format == "atom10"
    assert read.entries == (
        Entry(
            id="urn:1",
            title="Talks reopen",
            url="https://herald.example/talks",
            published_at=datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC),
            updated_at=datetime(2026, 11, 4, 8, 15, 30, tzinfo=UTC),
            summary="Short.",
            content="Long.",
            author="The Desk",
            lang="fr",
        ),
    )


def test_an_rdf_feed_has_links_but_no_ids():
    read = document(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/'><channel><title>World</title></channel>"
        "<item rdf:about='https://herald.example/1'><title>Talks</title>"
        "<link>https://herald.example/1</link></item></rdf:RDF>"
    )
    assert read.format == "rss10"
    assert read.entries == (Entry(title="Talks", url="https://herald.example/1"),)


def test_fields_that_are_missing_are_none():
    assert rss("<description/>").entries == (Entry(),)


def test_a_feed_without_entries_is_a_feed():
    assert document("<rss version='2.0'><channel/></rss>").entries == ()


def test_the_updated_date_stands_in_for_the_published_one():
    entry = first(rss("<pubDate>soon</pubDate><dc:date>2026-11-03</dc:date>"))
    assert entry.published_at == entry.updated_at == datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/talks?a=1&amp;b=2</link>", "https://herald.example/talks?a=1&b=2"),
        ("<link>talks</link>", "https://herald.example/feeds/talks"),
        ("<link>https://h.example/?a=1&b=2&c=3</link>", "https://h.example/?a=1&b=2&c=3"),
        ("<link>\n https://h.example/a b </link>", "https://h.example/a%20b"),
        ("<link/><guid>https://h.example/1</guid>", "https://h.example/1"),
        ("<guid isPermaLink='false'>https://h.example/1</guid>", None),
        ("<guid>abc</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>https://[h.example/</link>", None),
    ],
)
def test_links_become_absolute_addresses(item, url):
    assert first(rss(item)).url == url


def test_links_of_a_local_file_are_relative_to_the_home_of_the_feed():
    text = "<rss><channel><link>https://h.example/x/</link><item><link>/1</link></item>"
    assert first(document(text, "sample/world.xml")).url == "https://h.example/1"


@pytest.mark.parametrize("id_", ["abc", "/1", "http://h.example/a/../b#", "HTTP://H.example"])
def test_ids_stay_as_they_are_written_whatever_the_base(id_):
    assert first(atom(f"<id> {id_}\n</id>", "xml:base='http://h.example/x/'")).id == id_
    assert first(rss(f"<guid><![CDATA[{id_}]]></guid>")).id == id_


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("AT&T and &lt;raise&gt;", "AT&T and <raise>"),
        ("<![CDATA[AT&T and <raise>]]>", "AT&T and <raise>"),
        ("Caf&eacute;&nbsp;&mdash; &lt;i&gt;new&lt;/i&gt;", "Café — new"),
        ("It&#8217;s &#150;", "It\u2019s –"),
        ("a " * 2000, ("a " * 500).rstrip()),
    ],
)
def test_titles_are_one_bounded_line_of_text(title, text):
    entry = first(rss(f"<title>{title}</title>"))
    assert entry.title == text
    assert len(entry.title) <= LONGEST_TITLE


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff\n\n ",
        "<br />\n<b>Warning</b>: x in <b>/srv/feed.php</b><br />\n",
        "<!-- <rss> made by hand -->\n",
        "<?xml version='1.0'?><!DOCTYPE rss SYSTEM 'x.dtd'>",
    ],
)
def test_what_stands_before_the_feed_is_no_harm(before):
    text = f"{before}<rss><channel><item><title>Talks</title></item></channel></rss><!-- 3 ms -->"
    assert first(document(text)).title == "Talks"


def test_prefixes_that_nobody_declared_are_known():
    read = document("<rss><channel><item><dc:creator>A</dc:creator></item></channel></rss>")
    assert (first(read).author, read.problems) == ("A", ())


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<dc:creator>A</dc:creator><dc:creator>B</dc:creator><author>A</author>", "A, B"),
        ("<author>x@h.example (A. Writer)</author>", "A. Writer"),
        ("<author>A. Writer &lt;x@h.example&gt;</author>", "A. Writer"),
        ("<author>x@h.example</author>", "x@h.example"),
        ("<author><name>A</name><email>x@h.example</email></author>", "A"),
        ("<author/>", None),
    ],
)
def test_authors_are_named_once_each_without_their_addresses(item, author):
    assert first(rss(item)).author == author


@pytest.mark.parametrize(
    "item",
    [
        "<description><p>One<br>Two</description><title>Talks</title>",
        "<description><b><i>One</b></i> Two</description></p><title>Talks</title>",
        "<Title>Talks</title><description>One Two</description><item><title>More</title>",
    ],
)
def test_tags_are_closed_in_order_with_a_problem(item):
    read = rss(item)
    assert first(read).title == "Talks"
    assert first(read).summary.split() == ["One", "Two"]
    assert read.problems[-1] == "its tags are not closed in order"


def test_text_that_is_no_well_formed_xml_is_read_with_a_problem():
    read = rss("<title type=text>Talks</title>")
    assert first(read).title == "Talks"
    assert read.problems == ("it is not well-formed XML: not well-formed (invalid token)",)


def test_of_a_feed_that_breaks_off_what_is_whole_is_read():
    text = "<rss><channel><item><guid>1</guid><title>One</title></item><item>"
    without_id = document(text + "<title>Two</title><link>https://h.exa")
    with_id = document(text + "<guid>2</guid><title>Two</title><link>https://h.exa")
    assert [entry.id for entry in without_id.entries] == ["1"]
    assert [entry.id for entry in with_id.entries] == ["1"]
    assert without_id.problems == with_id.problems == ("it breaks off before its end",)
    assert not without_id.whole


def test_an_entry_has_the_tags_that_it_is_filed_under():
    read = rss(
        "<category domain='d'> World/Asia  &amp; Pacific </category><category/>"
        "<category><![CDATA[R&amp;D <b>lab</b>]]></category>"
        "<dc:subject>Nuclear, energy</dc:subject>"
        "<media:category label='x'>video</media:category><media:group><category>in</category>"
        "</media:group><category>nuclear, Energy</category></item><item><title>Next</title>",
        channel="<category>All</category>",
    )

    assert [entry.tags for entry in read.entries] == [
        ("World/Asia & Pacific", "R&D lab", "Nuclear, energy"),
        (),
    ]


def test_the_tags_of_atom_have_two_names():
    read = atom(
        "<category term='asia' label='Asia &amp;amp; Pacific'/><category label='Wire'/>",
        feed="<category term='all'/>",
    )

    assert first(read).tags == ("asia", "Asia & Pacific", "Wire")


def test_tags_are_bounded_in_number_and_length():
    many = "".join(f"<category>{number}</category>" for number in range(200))

    assert first(rss(many)).tags == tuple(map(str, range(50)))
    assert first(rss(f"<category>{'x' * 3_000}</category>")).tags == ("x" * 100,)
