"""What people paste, and where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.finding.clue import Clue, Unclear
from monitors.finding.shortcuts import clue_of
from monitors.finding.sites import feed_named_by, is_consent

CHANNEL = "UC" + "a1_-" * 5 + "xy"
YOUTUBE = "https://www.youtube.com"
FEED = f"{YOUTUBE}/feeds/videos.xml"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org/rss", "https://example.org/rss"),
        ("  <https://example.org/rss>  ", "https://example.org/rss"),
        ('"https://example.org/rss"', "https://example.org/rss"),
        ("“https://example.org/rss”", "https://example.org/rss"),
        ("HTTPS://Example.org/RSS", "https://Example.org/RSS"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("feed://https://example.org/rss", "https://example.org/rss"),
        ("FEED://example.org/rss", "https://example.org/rss"),
        ("rss://example.org/rss", "https://example.org/rss"),
        ("example.org", "https://example.org"),
        ("www.example.org/a?b=c", "https://www.example.org/a?b=c"),
        ("//example.org/a", "https://example.org/a"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("127.0.0.1:8080/a", "https://127.0.0.1:8080/a"),
        ("localhost/feed", "https://localhost/feed"),
        ("[::1]:80/x", "https://[::1]:80/x"),
        ("bücher.example/feed", "https://bücher.example/feed"),
        ("https://пример.испытание/лента", "https://пример.испытание/лента"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("the feed is at https://example.org/rss, see there", "https://example.org/rss"),
        ("(https://example.org/rss)", "https://example.org/rss"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("https://example.org/rss - the news", "https://example.org/rss"),
        ("example.org the news", "https://example.org"),
        ("https://example.org/a#top", "https://example.org/a"),
        ("https://user:word@example.org/rss", "https://user:word@example.org/rss"),
        ("https://medium.com/@name", "https://medium.com/@name"),
        ("https://github.com/features", "https://github.com/features"),
        (f"{FEED}?channel_id={CHANNEL}", f"{FEED}?channel_id={CHANNEL}"),
    ],
)
def test_an_address_is_found_however_it_is_pasted(written, address):
    clue = clue_of(written)

    assert isinstance(clue, Clue), clue
    assert (clue.address, clue.feeds, clue.page) == (address, (), None)


@pytest.mark.parametrize(
    ("written", "is_guess"),
    [
        ("https://example.org", False),
        ("see http://example.org", False),
        ("example.org", True),
        ("feed://example.org", True),
    ],
)
def test_only_a_scheme_that_was_put_before_it_is_a_guess(written, is_guess):
    assert clue_of(written).is_guess == is_guess


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "no address"),
        ("<>", "no address"),
        ("bbc news", "this is no address"),
        ("bbc", "this is no address"),
        ("@somebody", "this is no address"),
        ("/etc/passwd", "this is no address"),
        ("wire.xml", "there is no file wire.xml"),
        ("ftp://example.org/x", "ftp: addresses cannot be polled"),
        ("file:///etc/passwd", "file: addresses cannot be polled"),
        ("mailto:desk@example.org", "mailto: addresses cannot be polled"),
        ("javascript:alert(1)", "javascript: addresses cannot be polled"),
        ("https://", "this is no address"),
        ("https://[::1/x", "host"),
        ("https://example.org:99999/", "host"),
        ("x" * 5_000, "too long"),
        ("https://t.me/somebody", "Telegram has no feeds"),
        ("t.me/s/somebody", "Telegram has no feeds"),
        ("https://www.x.com/somebody", "X has no feeds"),
        ("https://bsky.app/profile/a.example/lists/1", "profiles only"),
        ("https://news.google.com/read/CBM", "one article"),
    ],
)
def test_what_leads_nowhere_is_answered_with_what_to_write(written, said):
    clue = clue_of(written)

    assert isinstance(clue, Unclear), clue
    assert said in clue.message
    assert clue.hint.endswith((".", "example.org."))


@pytest.mark.parametrize(
    ("written", "feed"),
    [
        (f"{YOUTUBE}/channel/{CHANNEL}", f"{FEED}?channel_id={CHANNEL}"),
        (f"m.youtube.com/channel/{CHANNEL}/videos?x=1", f"{FEED}?channel_id={CHANNEL}"),
        (f"{YOUTUBE}/playlist?list=PL12345&si=x", f"{FEED}?playlist_id=PL12345"),
        ("r/worldnews", "https://www.reddit.com/r/worldnews/new/.rss"),
        ("/r/worldnews/", "https://www.reddit.com/r/worldnews/new/.rss"),
        ("https://old.reddit.com/r/a_b", "https://www.reddit.com/r/a_b/new/.rss"),
        ("https://reddit.com/r/a/top/?t=week", "https://www.reddit.com/r/a/top/.rss?t=week"),
        (
            "https://www.reddit.com/r/a/?feed=token&user=me&utm_source=x",
            "https://www.reddit.com/r/a/new/.rss?feed=token&user=me",
        ),
        ("u/somebody", "https://www.reddit.com/user/somebody/.rss"),
        (
            "https://www.reddit.com/user/me/m/asia/",
            "https://www.reddit.com/user/me/m/asia/new/.rss",
        ),
        (
            "https://www.reddit.com/r/a/comments/1ab/a_post/",
            "https://www.reddit.com/r/a/comments/1ab/a_post/.rss",
        ),
        ("https://social.example/@name", "https://social.example/@name.rss"),
        ("https://social.example/@name/112233", "https://social.example/@name.rss"),
        ("https://social.example/@name@Other.example", "https://other.example/@name.rss"),
        ("@name@social.example", "https://social.example/@name.rss"),
        ("https://social.example/users/name", "https://social.example/users/name.rss"),
        ("https://bsky.app/profile/a.example", "https://bsky.app/profile/a.example/rss"),
        ("bsky.app/profile/did:plc:xyz/post/3k", "https://bsky.app/profile/did:plc:xyz/rss"),
        ("https://github.com/owner/name", "https://github.com/owner/name/releases.atom"),
        ("https://github.com/owner/name.git", "https://github.com/owner/name/releases.atom"),
        ("https://github.com/owner/name/tags", "https://github.com/owner/name/tags.atom"),
        (
            "https://github.com/owner/name/commits/a/branch",
            "https://github.com/owner/name/commits/a/branch.atom",
        ),
        ("https://github.com/owner", "https://github.com/owner.atom"),
        (
            "https://news.google.com/search?q=AUKUS%20%22Pillar%202%22&hl=en-GB&gl=GB&ceid=GB%3Aen",
            "https://news.google.com/rss/search?q=AUKUS+%22Pillar+2%22&hl=en-GB&gl=GB&ceid=GB:en",
        ),
        (
            "https://news.google.com/search?q=x&hl=de",
            "https://news.google.com/rss/search?q=x&hl=de&gl=DE&ceid=DE:de",
        ),
        (
            "https://news.google.com/search?q=x",
            "https://news.google.com/rss/search?q=x&hl=en-US&gl=US&ceid=US:en",
        ),
        (
            "https://news.google.com/topics/CAAq?hl=es-419&gl=MX&ceid=MX:es-419",
            "https://news.google.com/rss/topics/CAAq?hl=es-419&gl=MX&ceid=MX:es-419",
        ),
        (
            "https://news.google.com/u/1/publications/CAAq",
            "https://news.google.com/rss/publications/CAAq?hl=en-US&gl=US&ceid=US:en",
        ),
        (
            "https://news.google.com/home?hl=fr",
            "https://news.google.com/rss?hl=fr&gl=FR&ceid=FR:fr",
        ),
    ],
)
def test_some_sites_are_known_to_keep_their_feeds_elsewhere(written, feed):
    clue = clue_of(written)

    assert isinstance(clue, Clue), clue
    assert clue.feeds[0] == feed


@pytest.mark.parametrize(
    "feed",
    [
        "https://www.reddit.com/r/a/new/.rss",
        "https://social.example/@name.rss",
        "https://social.example/users/name.rss",
        "https://github.com/owner/name/releases.atom",
        "https://bsky.app/profile/a.example/rss",
        "https://news.google.com/rss/search?q=x&hl=de&gl=DE&ceid=DE:de",
        f"{FEED}?playlist_id=PL12345",
    ],
)
def test_the_feed_of_such_a_site_is_taken_as_it_is(feed):
    assert clue_of(feed) == Clue(address=feed)


def test_a_repository_has_several_feeds():
    clue = clue_of("https://github.com/owner/name/commits")

    assert [feed.rpartition("/")[2] for feed in clue.feeds] == [
        "commits.atom",
        "releases.atom",
        "tags.atom",
    ]


@pytest.mark.parametrize(
    ("written", "page"),
    [
        (f"{YOUTUBE}/@handle/videos", f"{YOUTUBE}/@handle"),
        ("youtube.com/@päge", f"{YOUTUBE}/@päge"),
        (f"{YOUTUBE}/c/name", f"{YOUTUBE}/c/name"),
        (f"{YOUTUBE}/user/name", f"{YOUTUBE}/user/name"),
        (f"{YOUTUBE}/watch?v=abc-DEF_123&t=4", f"{YOUTUBE}/watch?v=abc-DEF_123"),
        (f"{YOUTUBE}/shorts/abcdef12345", f"{YOUTUBE}/watch?v=abcdef12345"),
        ("https://youtu.be/abcdef12345?si=x", f"{YOUTUBE}/watch?v=abcdef12345"),
    ],
)
def test_a_channel_by_another_name_needs_its_page_once(written, page):
    assert clue_of(written).page == page


@pytest.mark.parametrize(
    "page",
    [
        f'<link rel="canonical" href="{YOUTUBE}/channel/{CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
        f'<meta itemprop="channelId" content="{CHANNEL}">',
        f'{{"externalId":"{CHANNEL}"}}',
        f'{{"videoDetails":{{"videoId":"x","channelId":"{CHANNEL}"}}}}',
    ],
)
def test_the_page_of_a_channel_says_its_number(page):
    other = '{"channelId":"UCsomebodyelse0000000000"}'

    assert feed_named_by(f"<html>{other}{page}".encode()) == f"{FEED}?channel_id={CHANNEL}"


def test_webfinger_says_where_a_profile_is():
    answer = (
        b'{"links":[{"rel":"http://webfinger.net/rel/profile-page","type":"text/html",'
        b'"href":"https://social.example/@name"}]}'
    )

    assert clue_of("@name@example.org").page == (
        "https://example.org/.well-known/webfinger?resource=acct:name@example.org"
    )
    assert feed_named_by(answer) == "https://social.example/@name.rss"


def test_other_pages_name_no_channel():
    assert feed_named_by(b"<html><title>Hi</title>") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://consent.youtube.com/m?continue=x", True),
        ("https://example.org/login?next=/feed", True),
        ("https://example.org/users/sign_in", False),
        ("https://example.org/catalogin", False),
        ("https://[", False),
    ],
)
def test_a_page_that_wants_consent_or_a_login_is_told_by_its_address(address, expected):
    assert is_consent(address) == expected


@given(st.text(max_size=300))
def test_nothing_that_people_write_is_too_odd(text):
    clue = clue_of(text)

    assert isinstance(clue, Unclear) or clue.address.startswith(("http://", "https://"))


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=100))
def test_an_address_that_was_understood_is_understood_alike_again(rest):
    clue = clue_of(f"https://example.org/{rest}")

    assert isinstance(clue, Unclear) or clue_of(clue.address).address == clue.address
