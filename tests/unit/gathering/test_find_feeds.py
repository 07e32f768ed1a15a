"""Feeds are found, and every one that is answered has been read."""

import asyncio

import pytest

from monitors.feeds.document import read_document
from monitors.feeds.entry import NotAFeed
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed
from monitors.gathering.find_feeds import MOST_REQUESTS, Found, NothingFound, find_feeds
from tests.fakes.stand_ins import unreachable

SITE = "https://site.example"
CHANNEL = "UC" + "a1_-" * 5 + "xy"
VIDEOS = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"


class Sites:
    """Serves bodies by their address, and remembers what it was asked for."""

    def __init__(self, pages):
        self.pages, self.asked = dict(pages), []

    async def fetch(self, address, validators):
        del validators
        self.asked.append(address)
        answer = self.pages.get(address, refused(404))
        if isinstance(answer, str):
            return Fetched(body=answer.encode(), address=address)
        return answer

    async def fetch_page(self, feed, link):
        raise NotImplementedError


class Reads:
    async def read_feed(self, body, address, content_type):
        return read_document(body, address, content_type)

    async def read_page(self, body, address, content_type):
        raise NotImplementedError


def refused(status, reason=FailureReason.HTTP):
    return FetchFailed(reason=reason, message=f"the server answered {status}", status=status)


def feed(*numbers, title="Wire"):
    items = "".join(
        f"<item><title>{number}</title><link>{SITE}/{number}</link>"
        f"<pubDate>Thu, 0{number} Jan 2026 10:00:00 GMT</pubDate></item>"
        for number in numbers
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def page(*feeds, head=""):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{each}">' for each in feeds
    )
    return f"<html><head><title>A site</title>{head}{links}</head><body>x</body></html>"


def find(written, pages, **more):
    sites = Sites(pages)
    return asyncio.run(find_feeds(written, sites, Reads(), **more)), sites.asked


def addresses(finding):
    assert isinstance(finding, Found), finding
    return [choice.address for choice in finding.choices]


def test_a_feed_is_found_where_it_is_with_what_it_holds():
    finding, asked = find(f"{SITE}/rss", {f"{SITE}/rss": feed(1, 2)})

    (choice,) = finding.choices
    assert (finding.sure, choice.title, choice.entries) == (True, "Wire", 2)
    assert choice.newest.isoformat() == "2026-01-02T10:00:00+00:00"
    assert asked == [f"{SITE}/rss"]


def test_the_one_feed_that_a_page_names_is_sure():
    finding, _ = find("site.example", {SITE: page("/rss"), f"{SITE}/rss": feed(1)})

    assert (addresses(finding), finding.sure) == ([f"{SITE}/rss"], True)


def test_of_several_feeds_none_is_sure_and_comments_come_last():
    finding, _ = find(
        SITE,
        {
            SITE: page("/comments/feed", "/news", "/world"),
            f"{SITE}/comments/feed": feed(7),
            f"{SITE}/news": feed(1),
            f"{SITE}/world": feed(2),
        },
    )

    assert addresses(finding) == [f"{SITE}/news", f"{SITE}/world", f"{SITE}/comments/feed"]
    assert not finding.sure


def test_what_a_page_names_and_nobody_looked_at_is_told():
    names = [f"/{number}" for number in range(1, 9)]
    feeds = {f"{SITE}/{number}": feed(number) for number in range(1, 9)}
    finding, _ = find(SITE, {SITE: page(*names), **feeds})

    assert addresses(finding) == [f"{SITE}/{number}" for number in range(1, 7)]
    assert finding.unread == (f"{SITE}/7", f"{SITE}/8")


def test_comments_beside_the_articles_make_nobody_choose():
    finding, _ = find(
        SITE,
        {
            SITE: page("/talk", "/news"),
            f"{SITE}/talk": feed(7, title="Comments on: a site"),
            f"{SITE}/news": feed(1, title="Commentary"),
        },
    )

    assert (addresses(finding), finding.sure) == ([f"{SITE}/news", f"{SITE}/talk"], True)


def test_the_same_articles_in_two_formats_are_one_choice():
    finding, _ = find(
        SITE,
        {SITE: page("/rss", "/atom"), f"{SITE}/rss": feed(3, 2, 1), f"{SITE}/atom": feed(3, 2)},
    )

    assert (addresses(finding), finding.sure) == ([f"{SITE}/rss"], True)


def test_what_a_page_names_and_is_no_feed_is_left_out():
    finding, _ = find(
        SITE, {SITE: page("/old", "/page", "/rss"), f"{SITE}/page": page(), f"{SITE}/rss": feed(1)}
    )

    assert addresses(finding) == [f"{SITE}/rss"]


def test_a_site_that_names_no_feed_is_asked_where_most_keep_it_until_there_is_one():
    finding, asked = find(
        f"{SITE}/blog/", {f"{SITE}/blog/": page(), f"{SITE}/rss": feed(1), f"{SITE}/atom.xml": "x"}
    )

    assert (addresses(finding), finding.sure) == ([f"{SITE}/rss"], True)
    assert asked == [f"{SITE}/blog/", f"{SITE}/blog/feed", f"{SITE}/feed", f"{SITE}/rss"]


def test_a_site_is_probed_once():
    probed = set()
    pages = {f"{SITE}/a": page(), f"{SITE}/b": page()}
    first = find(f"{SITE}/a", pages, probed=probed)
    second = find(f"{SITE}/b", pages, probed=probed)

    assert (len(first[1]), second[1]) == (6, [f"{SITE}/b"])
    assert isinstance(second[0], NothingFound)


def test_probes_end_where_the_server_is_tired():
    _, asked = find(SITE, {SITE: page(), f"{SITE}/feed": refused(429)})

    assert asked == [SITE, f"{SITE}/feed"]


def test_there_is_an_end_to_the_requests_of_one_search():
    offers = [f"/{number}" for number in range(40)]
    _, asked = find("@name@site.example", {f"{SITE}/@name": page(*offers)})

    assert len(asked) == MOST_REQUESTS


def test_a_feed_that_has_moved_for_good_is_found_at_its_new_address():
    moved = Fetched(
        body=feed(1).encode(), address="https://new.example/rss", moved_to="https://new.example/rss"
    )
    finding, _ = find(f"{SITE}/rss", {f"{SITE}/rss": moved})

    assert addresses(finding) == ["https://new.example/rss"]


def test_a_passing_redirect_changes_no_address():
    moved = Fetched(body=feed(1).encode(), address="https://mirror.example/rss")

    assert addresses(find(f"{SITE}/rss", {f"{SITE}/rss": moved})[0]) == [f"{SITE}/rss"]


def test_what_a_shortcut_means_is_sure_and_the_rest_of_the_site_is_a_choice():
    repository = "https://github.com/owner/name"
    finding, asked = find(
        repository,
        {f"{repository}/releases.atom": feed(1), f"{repository}/commits.atom": feed(2)},
    )

    assert finding.sure
    assert addresses(finding) == [f"{repository}/releases.atom", f"{repository}/commits.atom"]
    assert repository not in asked


def test_a_shortcut_that_was_none_is_looked_at_as_a_page():
    profile = f"{SITE}/@name"
    finding, _ = find(profile, {profile: page("/rss"), f"{SITE}/rss": feed(1)})

    assert addresses(finding) == [f"{SITE}/rss"]


def test_a_handle_is_resolved_by_its_page_once():
    handle = "https://www.youtube.com/@handle"
    named = f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">'
    finding, asked = find("youtube.com/@handle", {handle: page(head=named), VIDEOS: feed(1)})

    assert (addresses(finding), finding.sure) == ([VIDEOS], True)
    assert asked == [handle, VIDEOS]


def test_an_account_is_found_where_its_server_is():
    webfinger = "https://site.example/.well-known/webfinger?resource=acct:name@site.example"
    answer = '{"links":[{"rel":"http://webfinger.net/rel/profile-page","href":"https://a.example/@name"}]}'
    finding, _ = find(
        "@name@site.example", {webfinger: answer, "https://a.example/@name.rss": feed(1)}
    )

    assert addresses(finding) == ["https://a.example/@name.rss"]


def test_consent_that_somebody_has_to_give_is_told():
    consent = Fetched(body=page().encode(), address="https://consent.youtube.com/m?continue=x")
    finding, _ = find("youtube.com/@handle", {"https://www.youtube.com/@handle": consent})

    assert "consent" in finding.message
    assert "/channel/" in finding.hint


@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        (refused(404), "404", "address is right"),
        (refused(403), "403", "login"),
        (
            FetchFailed(reason=FailureReason.FORBIDDEN_ADDRESS, message="not public"),
            "not public",
            "ALLOW_NETWORKS",
        ),
        (page(), "this is a web page (HTML): A site; no feed", "news.google.com"),
        ("<opml><body/></opml>", "OPML", "feeds import"),
        (FetchFailed(reason=FailureReason.TOO_LARGE, message="it is larger"), "larger", "another"),
    ],
)
def test_where_nothing_is_found_the_reason_and_the_remedy_are_told(answer, message, hint):
    finding, _ = find(f"{SITE}/x", {f"{SITE}/x": answer})

    assert isinstance(finding, NothingFound)
    assert message in finding.message
    assert hint in finding.hint
    assert finding.likely is None


@pytest.mark.parametrize("answer", [unreachable(), refused(429), refused(503)])
@pytest.mark.parametrize(
    ("written", "likely"),
    [
        (f"{SITE}/rss", f"{SITE}/rss"),
        ("r/asia", "https://www.reddit.com/r/asia/new/.rss"),
        ("site.example/rss", None),
    ],
)
def test_what_only_the_moment_is_against_is_likely_all_the_same(answer, written, likely):
    everywhere = dict.fromkeys(
        (
            *(f"{SITE}/rss", "http://site.example/rss"),
            "https://www.reddit.com/r/asia/new/.rss",
        ),
        answer,
    )
    finding, _ = find(written, everywhere)

    assert finding.likely == likely


def test_reddit_is_asked_once_where_it_is_tired_and_its_remedy_is_told():
    feed_of_reddit = "https://www.reddit.com/r/asia/new/.rss"
    finding, asked = find("r/asia", {feed_of_reddit: refused(429)})

    assert "prefs/feeds" in finding.hint
    assert asked == [feed_of_reddit]


def test_a_host_without_a_scheme_is_tried_without_encryption_too():
    finding, asked = find(
        "site.example/rss", {f"{SITE}/rss": unreachable(), "http://site.example/rss": feed(1)}
    )

    assert addresses(finding) == ["http://site.example/rss"]
    assert asked == [f"{SITE}/rss", "http://site.example/rss"]


def test_words_are_no_reason_to_ask_anybody():
    finding, asked = find("bbc news", {})

    assert (finding.message, asked) == ("this is no address", [])


def test_a_site_that_never_answers_ends_in_time():
    class Hangs(Sites):
        async def fetch(self, address, validators):
            del address, validators
            await asyncio.Event().wait()

    finding = asyncio.run(find_feeds(f"{SITE}/rss", Hangs({}), Reads(), seconds=0.01))

    assert (finding.likely, "too long" in finding.message) == (f"{SITE}/rss", True)


def test_a_feed_without_entries_is_a_feed():
    finding, _ = find(f"{SITE}/rss", {f"{SITE}/rss": feed()})

    assert (finding.choices[0].entries, finding.choices[0].newest) == (0, None)


def test_what_a_reader_refuses_is_no_feed():
    class Refuses(Reads):
        async def read_feed(self, body, address, content_type):
            del body, address, content_type
            return NotAFeed(message="reading it takes too long")

    finding = asyncio.run(find_feeds(f"{SITE}/rss", Sites({f"{SITE}/rss": "x"}), Refuses()))

    assert finding.message.startswith("reading it takes too long")
