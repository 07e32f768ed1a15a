"""No body makes the reader open a file or an address, or use more than its share."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WATCHED = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from monitors.feeds.document import read_document
from monitors.feeds.entry import Document

ADDRESS = "https://herald.example/feed.xml"
bodies = [body.encode("latin-1") for body in json.load(sys.stdin)]
# What is loaded when it is first needed is loaded now.
for body in (b"<rss><item><title>&nbsp;&a;</title></item>", b"<rss version=2><item>", b"{"):
    read_document(body, ADDRESS)
opened = []
sys.addaudithook(lambda event, given: opened.append(event) if event in WATCHED_EVENTS else None)
answers = []
for body in bodies:
    opened.clear()
    before = resource.getrusage(resource.RUSAGE_SELF)
    answer = read_document(body, ADDRESS)
    after = resource.getrusage(resource.RUSAGE_SELF)
    answers.append({
        "is_feed": isinstance(answer, Document),
        "titles": [entry.title for entry in getattr(answer, "entries", ())],
        "opened": list(opened),
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    })
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"answers": answers, "peak_mb": peak}))
"""
EVENTS = (
    "{'open', 'os.listdir', 'socket.__new__', 'socket.connect', 'socket.getaddrinfo',"
    " 'urllib.Request', 'subprocess.Popen', 'os.system', 'glob.glob'}"
)
ITEM = "<channel><item><title>%s</title></item></channel></rss>"


def read_watched(*bodies):
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("WATCHED_EVENTS", EVENTS), str(ROOT)],
        input=json.dumps([body.decode("latin-1") for body in bodies]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "body",
    ["/etc/hostname", "/etc/passwd\n", "http://127.0.0.1/", "file:///etc/passwd", "../bot.py"],
)
def test_a_body_that_names_a_file_or_an_address_is_no_feed_and_opens_nothing(body):
    (answer,) = read_watched(body.encode())["answers"]
    assert (answer["is_feed"], answer["opened"]) == (False, [])


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'><rss>" + ITEM % "Talks",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss>" + ITEM % "&x;",
        "<?xml-stylesheet href='http://127.0.0.1/x.xsl'?><rss>" + ITEM % "Talks",
        "<rss xmlns:xi='http://www.w3.org/2001/XInclude'>"
        "<xi:include href='/etc/passwd' parse='text'/>" + ITEM % "Talks",
        "<rss xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
        " xsi:schemaLocation='x http://127.0.0.1/x.xsd' xml:base='file:///etc/'>" + ITEM % "Talks",
    ],
)
def test_what_a_feed_names_is_not_opened(text):
    (answer,) = read_watched(text.encode())["answers"]
    assert answer["opened"] == []
    assert answer["titles"] in ([], ["Talks"])


def test_the_watcher_sees_what_is_opened():
    watched = WATCHED.replace(
        "read_document(body, ADDRESS)\n    after", "open('/dev/null')\n    after"
    )
    assert watched != WATCHED
    done = subprocess.run(
        [sys.executable, "-c", watched.replace("WATCHED_EVENTS", EVENTS), str(ROOT)],
        input='["x"]',
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["answers"][0]["opened"] == ["open"]


def test_documents_made_to_exhaust_the_reader_stay_within_its_share():
    start, end = b"<rss version='2.0'><channel><item><guid>1</guid>", b"</item></channel></rss>"
    bodies = [
        start + inside + end
        for inside in (
            b"<a>" * 60_000,
            b"<" * 300_000,
            b"<title>" + b"&" * 1_100_000,
            b"<author>" + b"a" * 500_000 + b"</author>",
            b"<category>x</category>" * 30_000,
            b"<description>" + b"&lt;div&gt;" * 50_000 + b"</description>",
            b"</item><item><title>T</title><link>/1</link><guid>2</guid>" * 4_900,
            b"".join(b"<a%d:x xmlns:a%d='u%d'/>" % (n, n, n) for n in range(20_000)),
            b"<content:encoded><![CDATA[" + b"<p>word</p>" * 800_000 + b"]]></content:encoded>",
        )
    ]
    read = read_watched(*bodies, b"<html>" + b"<link rel=alternate " * 200_000, b"[" * 9_000_000)

    assert [answer["opened"] for answer in read["answers"] if answer["opened"]] == []
    # Two seconds are promised; a busy machine makes more of them.
    assert max(answer["cpu_s"] for answer in read["answers"]) < 4
    assert read["peak_mb"] < 200
