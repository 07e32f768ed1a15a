"""Feeds that are read without feedparser are read as feedparser reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.document import read_document
from monitors.feeds.entry import Document
from monitors.feeds.repair import MAX_ENTRIES, MAX_NAMESPACES, MAX_TAGS
from monitors.feeds.wellformed.reading import read_wellformed
from tests.fakes.slow_reading import read_by_feedparser

ADDRESS = "https://herald.example/feeds/world.xml"
SPACES = (
    "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:dcterms='http://purl.org/dc/terms/'"
    " xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:x='urn:x'"
    " xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
    " xmlns:pheedo='http://www.pheedo.com/namespace/pheedo'"
    " xmlns:georss='http://www.georss.org/georss' xmlns:h='http://www.w3.org/1999/xhtml'"
)
WITHOUT_ATOM = SPACES.partition(" ")[2]
FIELDS = [
    "<title>Talks</title>",
    "<title></title>",
    "<title>  AT&amp;T &lt;i>now&lt;/i> &amp;eacute; \x96 caf\u00c3\u00a9 </title>",
    "<title type='xhtml'><h:div>In <h:b>b</h:b>&amp;<h:br/>x</h:div></title>",
    "<title type='html'>&lt;b&gt;B&lt;/b&gt;</title>",
    "<title>a<b>c</b></title>",
    "<title mode='base64'>VGFsa3M=</title>",
    "<dc:title>By DC</dc:title>",
    "<media:title>By media</media:title>",
    "<x:title>Other</x:title>",
    "<link>https://herald.example/1?a=1&amp;b=2</link>",
    "<link> ../2 </link>",
    "<link/>",
    "<link href='/3' rel='Alternate' type='text/html'/>",
    "<link href='4' xml:base='/b/'/>",
    "<link rel='self' href='/self'/>",
    "<link rel='hub' href='https://hub.example/'/>",
    "<link href=''/>",
    "<link href='http:///x'/>",
    "<link href='http://[x'/>",
    "<link rel='enclosure' href='a.mp3'/>",
    "<atom:link href='https://herald.example/atom' rel='self'/>",
    "<feedburner:origLink>https://herald.example/original</feedburner:origLink>",
    "<pheedo:origLink>../original?a=1&amp;b=2</pheedo:origLink>",
    "<feedburner:origLink/>",
    "<feedburner:origLink>https://herald.example/<b>x</b></feedburner:origLink>",
    "<guid>abc</guid>",
    "<guid isPermaLink=' False '>https://herald.example/g</guid>",
    "<guid isPermaLink='true'>https://herald.example/g</guid>",
    "<id> tag:1 </id>",
    "<pubDate>Tue, 03 Nov 2026 09:15:30 +0100</pubDate>",
    "<dc:date>2026-11-03</dc:date>",
    "<date>2026-11-02</date>",
    "<updated>2026-11-04T00:00:00Z</updated>",
    "<dcterms:created>2026-11-01</dcterms:created>",
    "<description>Short &lt;p>text&lt;/p></description>",
    "<description><p>One</p><p>Two</p></description>",
    "<itunes:summary>From the podcast</itunes:summary>",
    "<summary type='text'>Sum</summary>",
    "<summary type='xhtml'><h:div>S<h:p>x</h:p></h:div></summary>",
    "<media:description>Caption</media:description>",
    (
        "<media:group><media:title>MT</media:title><media:content url='v'><media:credit>P"
        "</media:credit></media:content><media:description type='x'>C2</media:description>"
        "</media:group>"
    ),
    "<content:encoded><![CDATA[<p>Long</p> and <b>more</b>]]></content:encoded>",
    "<content type='html'>Long html</content>",
    "<content type='xhtml'><h:div><h:p>a</h:p><h:svg/></h:div></content>",
    "<content type='xhtml'><h:div><h:p>a &lt; b</h:p><h:title>t</h:title></h:div></content>",
    "<content type='image/png' src='x'/>",
    "<content type='image/png'>aGVsbG8=</content>",
    "<author>x@h.example (A. Writer)</author>",
    "<author>A. Writer</author>",
    "<author><name>B</name><email>b@h.example</email><uri>u</uri></author>",
    "<author><name></name></author>",
    "<author/>",
    "<dc:creator>C. D@ily, @handle</dc:creator>",
    "<itunes:author>I</itunes:author>",
    "<contributor><name>N</name></contributor>",
    "<language>fr_CA</language>",
    "<dc:language>de</dc:language>",
    "<source url='https://wire.example/'>The Wire</source>",
    "<source><title>The Source</title><id>s</id><updated>2026-01-01</updated></source>",
    "<source><author><name>S</name></author></source>",
    "<category domain='d'>World</category>",
    "<category term='t' label='T'/>",
    "<category/>",
    "<dc:subject>Energy</dc:subject>",
    "<atom:category term='a'/>",
    "<media:category>m</media:category>",
    "<image><url>u</url><title>I</title><link>l</link></image>",
    "<image><url>u</url></image>",
    "<image/>",
    "<enclosure url='a' type='b'/>",
    "<georss:point>1 2</georss:point>",
    "<georss:where><x:y/></georss:where>",
    "<x:y><title>Deep</title></x:y>",
    "<x:y a='b'>z</x:y>",
    "<links>a</links>",
    "<h:body><h:p>p</h:p></h:body>",
    "<ttl>90</ttl>",
    "<item><title>Nested</title></item>",
    "<!-- <item> -->",
    "<Title>Upper</Title>",
    "text",
]
ABOUT = [
    *FIELDS,
    "<textInput><title>T</title><name>q</name><link>l</link></textInput>",
    "<image><url>u</url><title>I</title><link>l</link><description>d</description></image>",
    "<itunes:owner><itunes:name>O</itunes:name><itunes:email>o</itunes:email></itunes:owner>",
    "<copyright>C</copyright>",
    "<lastBuildDate>now</lastBuildDate>",
    "<subtitle type='html'>S</subtitle>",
]
ATTRIBUTES = [
    "",
    "",
    "",
    " xml:lang='ko'",
    " lang=''",
    " xml:base='/b/'",
    " base='http://b.example/'",
]
inside = st.lists(st.sampled_from(FIELDS), max_size=7).map("".join)
about = st.lists(st.sampled_from(ABOUT), max_size=7).map("".join)
attributes = st.sampled_from(ATTRIBUTES)


@st.composite
def feeds(draw):
    """Answer a feed of any XML format, mostly well-formed."""
    entries = [
        f"<{{tag}}{draw(attributes)}>{draw(inside)}</{{tag}}>"
        for _ in range(draw(st.integers(0, 3)))
    ]
    body = draw(about).join(entries) + draw(about)
    lang = draw(attributes)
    match draw(st.sampled_from(["rss", "feed", "rdf"])):
        case "rss":
            return (
                f"<rss version='2.0' {SPACES}{lang}><channel{draw(attributes)}>"
                f"{body.replace('{tag}', 'item')}</channel></rss>"
            )
        case "feed":
            body = body.replace("{tag}", "entry")
            return f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}{lang}>{body}</feed>"
        case _:
            items = "".join(entries).replace("{tag}", "item")
            return (
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
                f" xmlns='http://purl.org/rss/1.0/' {WITHOUT_ATOM}{lang}>"
                f"<channel>{draw(about)}</channel>{items}</rdf:RDF>"
            ).replace("atom:", "x:")


@given(feeds())
def test_both_ways_of_reading_agree(text):
    body = text.encode()
    read = read_document(body, ADDRESS)
    assert isinstance(read, Document), read
    assert read == read_by_feedparser(body, read, ADDRESS)


ORDINARY = [
    (
        f"<rss version='2.0' {SPACES}><channel><title>World</title><link>https://h.example/</link>"
        "<itunes:summary>S</itunes:summary><description>D</description><image><url>u</url></image>"
        "<item><title>Talks</title><link>/1</link><guid>1</guid><dc:creator>A</dc:creator>"
        "<pubDate>Tue, 03 Nov 2026 09:15:30 +0100</pubDate><category>World</category>"
        "<media:content url='v'><media:title>T</media:title></media:content>"
        "<content:encoded><![CDATA[<p>Long]]></content:encoded></item></channel></rss>"
    ),
    (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://h.example/' xml:lang='fr'>"
        "<title>World</title><author><name>A</name></author><entry><id>1</id><title>T</title>"
        "<link href='1'/><updated>2026-11-03T00:00:00Z</updated><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>One</p></div></content></entry></feed>"
    ),
    (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/'><channel><title>World</title><items/></channel>"
        "<image><title>I</title></image><item><title>Talks</title><link>/1</link></item></rdf:RDF>"
    ),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_feeds_need_no_feedparser(text):
    body = text.encode()
    read = read_document(body, ADDRESS)
    assert read_wellformed(body, ADDRESS) is not None
    assert [entry.title[0] for entry in read.entries] == ["T"]
    assert read == read_by_feedparser(body, read, ADDRESS)


ITEM = "<item><guid>1</guid></item>"


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item>",
        "<rss><channel><title>&nbsp;</title></channel></rss>",
        "<rss><channel><title>a & b</title></channel></rss>",
        "<rss><channel><dc:title>a</dc:title></channel></rss>",
        "<rss><channel/><channel/></rss>",
        "<rss><item/></rss>",
        "<rss/>",
        "<html/>",
        "<feed><entry/></feed>",
        f"<rss><channel>{ITEM * (MAX_ENTRIES + 1)}</channel></rss>",
        f"<rss><channel>{'<x/>' * (MAX_TAGS + 1)}</channel></rss>",
        f"<rss><channel>{'<x>' * 300}{'</x>' * 300}</channel></rss>",
        "<rss><channel>"
        + "".join(f"<a{n}:x xmlns:a{n}='u{n}'/>" for n in range(MAX_NAMESPACES + 1))
        + "</channel></rss>",
        f"<rss><channel><item><author>{'a' * 100}</author></item></channel></rss>",
        f"<rss><channel><item><pubDate>{'1' * 300}</pubDate></item></channel></rss>",
        "<rss xmlns:dc='http://purl.org/dc/terms/'><channel/></rss>",
        "<rss xmlns:m='http://search.yahoo.com/mrss/'><channel/></rss>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>&a;</title></channel></rss>",
    ],
)
def test_whatever_is_out_of_the_ordinary_is_left_to_feedparser(text):
    assert read_wellformed(text.encode(), ADDRESS) is None
