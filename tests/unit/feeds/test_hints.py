"""What a feed says of its pace and its hub."""

import json
from datetime import timedelta

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import Pace

ADDRESS = "https://herald.example/feeds/world.xml"
HUB = "https://hub.example/"


def rss(channel):
    text = f"<rss version='2.0'><channel>{channel}<item><ttl>5</ttl></item></channel></rss>"
    return read_document(text.encode(), ADDRESS)


def sy(period, times):
    return (
        f"<sy:updatePeriod>{period}</sy:updatePeriod>"
        f"<sy:updateFrequency>{times}</sy:updateFrequency>"
    )


@pytest.mark.parametrize(
    ("channel", "gap"),
    [
        ("", None),
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<TTL>\n <![CDATA[90]]></TTL>", timedelta(minutes=90)),
        ("<ttl>60 min</ttl>", timedelta(minutes=60)),
        ("<ttl>60.5</ttl>", timedelta(minutes=60)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl/>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>1000000000000</ttl>", None),
        ("<ttl>86400</ttl>", None),
        (sy("hourly", 2), timedelta(minutes=30)),
        (sy(" Daily\n", 1), timedelta(days=1)),
        (sy("weekly", 0), timedelta(weeks=1)),
        (sy("monthly", "often"), timedelta(days=30)),
        (sy("yearly", 1), None),
        (sy("sometimes", 3), None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updateFrequency>4</sy:updateFrequency>", None),
        ("<ttl>20</ttl>" + sy("hourly", 2), timedelta(minutes=30)),
        ("<ttl>45</ttl>" + sy("hourly", 2), timedelta(minutes=45)),
    ],
)
def test_the_longest_gap_that_makes_sense_counts(channel, gap):
    assert rss(channel).pace == Pace(gap=gap)


def test_hours_and_days_are_sets():
    pace = rss(
        "<skipHours><hour>0</hour><hour> 24 </hour><hour>07</hour><hour>99</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>SATURDAY</day><day>Samstag</day></skipDays>"
    ).pace
    assert pace == Pace(skip_hours=frozenset({0, 7}), skip_days=frozenset({5, 6}))


def test_a_feed_that_skips_all_the_time_skips_never():
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    days = "MondayTuesdayWednesdayThursdayFridaySaturdaySunday"
    skips = f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>"
    assert rss(skips).pace == Pace()


def test_hints_may_stand_behind_the_entries():
    text = "<rss><channel><item><title>T</title></item><ttl>90</ttl></channel></rss>"
    assert read_document(text.encode(), ADDRESS).pace.gap == timedelta(minutes=90)


@pytest.mark.parametrize("piece", ["<ttl>", "<skipHours>", "<hour>", "a:"])
def test_hints_made_to_take_time_take_little(piece):
    assert rss(piece * 20_000).pace == Pace()


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><atom:link rel='hub' href='{hub}'/><atom:link rel='self' href='{own}'/>",
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><link href='{own}' rel='Self'/>"
            "<link rel='http://www.iana.org/assignments/relation/hub' href=' {hub}'/></feed>"
        ),
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
            " xmlns='http://purl.org/rss/1.0/' xmlns:a='http://www.w3.org/2005/Atom'><channel>"
            "<a:link rel='hub' href='{hub}'/><a:link rel='self' href='{own}'/></channel></rdf:RDF>"
        ),
    ],
)
def test_a_feed_names_its_hub_and_what_the_hub_calls_it(text):
    read = read_document(text.format(hub=HUB, own="/own.xml").encode(), ADDRESS)
    assert (read.hub, read.topic) == (HUB, "https://herald.example/own.xml")


@pytest.mark.parametrize("hub", ["", "ftp://hub.example/", "javascript:x", "x" * 10_000])
def test_a_hub_that_is_no_web_address_is_none(hub):
    read = rss(f"<atom:link rel='hub' href='{hub}'/>")
    assert read.hub is None or read.hub.startswith("https://herald.example/")
    assert rss(f"<atom:link rel='hub' href='https://h.example/{'x' * 9_000}'/>").hub is None


def test_a_json_feed_has_a_hub_for_websub_alone():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "feed_url": "https://herald.example/own.json",
        "hubs": [
            3,
            {"type": "rssCloud", "url": "https://no.example/"},
            {"type": "WebSub", "url": HUB},
        ],
    }
    read = read_document(json.dumps(feed).encode(), ADDRESS)
    assert (read.hub, read.topic) == (HUB, "https://herald.example/own.json")
    read = read_document(json.dumps(feed | {"hubs": "x", "feed_url": {}}).encode(), ADDRESS)
    assert (read.hub, read.topic) == (None, None)
