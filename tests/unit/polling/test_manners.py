"""Hosts are spared: how long they are left alone between two requests."""

from datetime import timedelta

import pytest

from monitors.feeds.feed import Feed
from monitors.polling.manners import Manners, host_of, spacing_of

SECOND = timedelta(seconds=1)


def feeds(count, host="wire.example", **more):
    return [Feed(address=f"https://{host}/{number}.xml", **more) for number in range(count)]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Wire.Example/feed.xml", "wire.example"),
        ("https://wire.example.:443/", "wire.example"),
        ("http://wire.example:80/a?b#c", "wire.example"),
        ("https://wire.example:80/", "wire.example:80"),
        ("http://user:word@wire.example:8080/", "wire.example:8080"),
        ("HTTP://[::1]:81/", "[::1]:81"),
        ("http://[::1]/", "[::1]"),
        ("sample/feed.xml", None),
        ("https://", None),
        ("http://[broken/", None),
        ("http://wire.example:port/", None),
    ],
)
def test_a_host_is_known_by_name_and_port(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("some", "gap"),
    [
        (feeds(1), 2 * SECOND),
        (feeds(50), 2 * SECOND),
        (feeds(300), 0.5 * SECOND),  # five minutes at least between two polls of a feed
        (feeds(3_000), 0.25 * SECOND),
        (feeds(10, every=timedelta(hours=1)), 2 * SECOND),
        (feeds(60, every=timedelta(minutes=1)), 0.5 * SECOND),
        (feeds(10, every=2 * SECOND, near=True), 0.1 * SECOND),
        (feeds(10, every=SECOND, near=True), 0 * SECOND),
        (feeds(1, every=SECOND, near=True), 0.5 * SECOND),
    ],
)
def test_the_feeds_of_a_host_share_its_time(some, gap):
    assert spacing_of(some, Manners()).gap("wire.example") == gap


@pytest.mark.parametrize(
    ("host", "rules", "gap"),
    [
        ("www.reddit.com", {}, 60),
        ("old.reddit.com:443", {}, 60),
        ("notreddit.com", {}, 2),
        ("openrss.org", {}, 10),
        ("reddit.com", {"reddit.com": 5 * SECOND}, 5),
        ("a.wire.example", {"wire.example": 30 * SECOND, "a.wire.example": SECOND}, 1),
        ("b.wire.example:8080", {"wire.example": 30 * SECOND}, 30),
        ("wire.example:8080", {"wire.example": SECOND, "wire.example:8080": 30 * SECOND}, 30),
        ("wire.example:8081", {"wire.example": SECOND, "wire.example:8080": 30 * SECOND}, 1),
    ],
)
def test_rules_for_hosts_count_for_feeds_and_pages(host, rules, gap):
    address = f"https://{host}/feed.xml"
    known = spacing_of([Feed(address=address)], Manners(hosts=rules))
    unknown = spacing_of([], Manners(hosts=rules))

    assert known.gap(host_of(address)) == unknown.gap(host_of(address)) == gap * SECOND


def test_a_file_needs_no_pause():
    assert spacing_of([Feed(address="a.xml", near=True)], Manners()).gap(None) == 0 * SECOND


def test_a_single_round_does_not_wait_on_hosts_of_ones_own():
    own, other = feeds(1, "127.0.0.1", near=True), feeds(1)
    spacing = spacing_of([*own, *other], Manners()).for_once()

    assert (spacing.gap("127.0.0.1"), spacing.gap("wire.example")) == (0 * SECOND, 2 * SECOND)
