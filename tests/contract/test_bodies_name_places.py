"""No body makes Newsbell open the file or the address that it names."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.workers.reading import Workers
from monitors.feeds.entry import NotAFeed
from monitors.stories.page import NoText
from tests.fakes.feed_site import FeedSite
from tests.fakes.fetches import LOOPBACK, NOW

ROOT = Path(__file__).parents[2]
TRAP = (
    "<rss version='2.0'><channel><title>trapped</title>"
    "<item><guid>1</guid><title>trapped</title></item></channel></rss>"
)
# PLACE stands for the file or address; all name it in another way.
NAMING = (
    "PLACE",
    "  PLACE\n",
    "\ufeffPLACE",
    "file://PLACE",
    '"PLACE"',
    '{"version": "https://jsonfeed.org/version/1.1", "feed_url": "PLACE", "next_url": "PLACE"}',
    (
        "<html><head><link rel='alternate' type='application/rss+xml' href='PLACE'>"
        "<meta http-equiv='refresh' content='0;url=PLACE'></head><body></body></html>"
    ),
    "<!DOCTYPE rss SYSTEM 'PLACE'><rss version='2.0'><channel><title>t</title></channel></rss>",
    (
        "<!DOCTYPE rss [<!ENTITY e SYSTEM 'PLACE'>]>"
        "<rss version='2.0'><channel><title>t &e;</title></channel></rss>"
    ),
    (
        "<!DOCTYPE rss [<!ENTITY % e SYSTEM 'PLACE'> %e;]>"
        "<rss version='2.0'><channel><title>t</title></channel></rss>"
    ),
    (
        "<?xml-stylesheet type='text/xsl' href='PLACE'?>"
        "<rss version='2.0'><channel><title>t</title></channel></rss>"
    ),
    (
        "<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>t</title>"
        "<xi:include href='PLACE' parse='text'/></channel></rss>"
    ),
)


PLAIN = 5  # of those, how many are nothing but the name


@pytest.fixture
def site():
    with FeedSite() as opened:
        opened.put("/trap", TRAP)
        yield opened


@pytest.mark.parametrize("kind", ["file", "address"])
def test_what_a_body_names_is_neither_opened_nor_asked_for(site, tmp_path, kind):
    file = tmp_path / "trap.xml"
    file.write_text(TRAP, encoding="utf-8")
    place = str(file) if kind == "file" else site.at("/trap")
    for number, named in enumerate(NAMING):
        site.put(f"/{number}", named.replace("PLACE", place))

    async def read_all():
        web, workers, answers = WebFetcher(LOOPBACK, clock=lambda: NOW), Workers(), []
        for number in range(len(NAMING)):
            fetched = await web.fetch(site.at(f"/{number}"))
            what = (fetched.body, fetched.address, fetched.content_type)
            answers.append((await workers.read_feed(*what), await workers.read_page(*what)))
        workers.close()
        await web.close()
        return answers

    answers = asyncio.run(read_all())
    for feed, page in answers:
        assert isinstance(feed, NotAFeed) or not feed.entries
        assert isinstance(page, NoText) or "trapped" not in page.text
    assert "trapped" not in repr(answers)
    assert all(isinstance(feed, NotAFeed) for feed, _ in answers[:PLAIN])
    assert [one.target for one in site.requests()] == [f"/{n}" for n in range(len(NAMING))]


_WATCHED = """
import sys
from monitors.feeds.document import read_document
from monitors.stories.page import read_page

def read(body):
    for content_type in (None, "application/rss+xml", "text/html"):
        read_document(body, "http://wire.example/feed.xml", content_type)
        read_page(body, "http://wire.example/page", content_type)

bodies = [body.encode() for body in sys.argv[2:]]
for body in bodies:
    read(body.replace(sys.argv[1].encode(), b"a place"))  # what is read but once is read now

def watch(event, arguments):
    if event in ("open", "os.listdir", "socket.connect", "socket.getaddrinfo", "urllib.Request"):
        seen.append((event, *arguments))

seen = []
sys.addaudithook(watch)
for body in bodies:
    read(body)
print(*seen, sep="\\n", end="")
"""


def test_no_reader_opens_anything(site):
    for place in ("/etc/hostname", site.at("/trap")):
        bodies = [body.replace("PLACE", place) for body in NAMING]
        ran = subprocess.run(
            [sys.executable, "-c", _WATCHED, place, *bodies],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout == ""
    assert site.connections == 0
