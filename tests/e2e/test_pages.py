"""The pages of articles: read politely, and where they cannot be, what holds in part is kept."""

import json
from threading import Lock

import pytest

from tests.e2e.conftest import rss
from tests.fakes.feed_site import FeedSite, drip, endless

ANN = 42
HTML = "text/html; charset=utf-8"
TEASER = (
    "The defence ministers of the three countries met on Monday to speak about the work that is"
    " shared between their laboratories, and about who else might take part in it one day."
)
ARTICLE = (
    f"<html><head><title>AUKUS ministers meet</title></head><body><article><h1>AUKUS ministers"
    f" meet</h1><p>{TEASER}</p>{{}}</article></body></html>"
)
WHOLE = ARTICLE.format("<p>Most of the morning went to the second phase, “Pillar 2”.</p>")
PAID = ARTICLE.format("<p>This article is for subscribers. Subscribe to continue reading.</p>")
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n"


def writes(desk, site, *, partial="keep", chat=f"ann: {{telegram: {ANN}}}", full_text="auto"):
    desk.writes(
        f"feeds:\n  - {{url: {site.at('/feed.xml')}, every: 1s, catch_up: all,"
        f" full_text: {full_text}}}\n"
        f"rules:\n  - {{name: Phases, match: 'AUKUS AND \"Pillar 2\"', partial: {partial}}}\n"
        f"chats:\n  {chat}\n"
    )


def shows(site, *paths):
    headlines = ["AUKUS ministers meet", *(f"AUKUS meeting {n}" for n in range(1, len(paths)))]
    items = [
        (number, headline, "", site.at(path))
        for number, (headline, path) in enumerate(zip(headlines, paths, strict=True))
    ]
    site.put("/feed.xml", rss(*items))


def starts(desk, telegram):
    telegram.private_chat(ANN, "Ann")
    bot = desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)
    bot.wait_for("started")
    return bot


def partial(desk):
    code, out, err = desk.runs("alerts", "--partial", "--json")
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_a_page_is_read_after_robots_was_asked_and_is_told(desk, site, telegram):
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    site.put("/page", WHOLE, content_type=HTML)
    shows(site, "/page")
    writes(desk, site)
    starts(desk, telegram)

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))
    asked = [one.target for one in site.requests() if one.target != "/feed.xml"]

    assert "in part" not in message.text
    assert asked == ["/robots.txt", "/page"]
    assert partial(desk) == []


def test_a_page_that_robots_refuses_is_listed_and_never_asked_for(desk, site, telegram):
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", content_type="text/plain")
    site.put("/page", WHOLE, content_type=HTML)
    shows(site, "/page")
    writes(desk, site)
    bot = starts(desk, telegram)
    bot.wait_for("given up")
    bot.stops()

    (row,) = partial(desk)
    assert (row["title"], row["url"]) == ("AUKUS ministers meet", site.at("/page"))
    assert (row["rule"], row["holds"], row["missing"]) == ("Phases", ["AUKUS"], ['"Pillar 2"'])
    assert row["why"] == "the site's robots.txt asks programs to leave it alone"
    assert site.requests("/page") == ()
    assert telegram.messages(ANN) == []
    code, out, _ = desk.runs("alerts", "--partial", COLUMNS="80")
    assert code == 0
    assert [line.strip() for line in out.splitlines()[2:]] == [
        f"127.0.0.1 · {site.at('/page')}",
        'Phases: holds AUKUS; missing "Pillar 2"',
        "not read: the site's robots.txt asks programs to leave it alone",
    ]


def test_a_paywall_is_told_in_part_by_a_rule_that_chose_it(desk, site, telegram):
    site.put("/page", PAID, content_type=HTML)
    shows(site, "/page")
    writes(desk, site, partial="alert")
    starts(desk, telegram)

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))

    assert message.text.splitlines()[2] == (
        'Holds in part: nothing says "Pillar 2"; its page was not read: it is behind a paywall'
    )


def test_what_holds_in_part_becomes_whole_in_the_same_message(desk, site, telegram):
    site.put("/page", PAID, content_type=HTML)
    shows(site, "/page")
    writes(desk, site, partial="alert")
    starts(desk, telegram)
    telegram.wait_for(lambda api: api.messages(ANN))
    link = "https://other.example/1"
    site.put(
        "/feed.xml",
        rss(
            (0, "AUKUS ministers meet", "", site.at("/page")),
            (7, "AUKUS ministers meet", "They spoke of Pillar 2.", link),
        ),
    )

    message = telegram.wait_for(
        lambda api: [one for one in api.messages(ANN) if "in part" not in one.text]
    )[0]

    assert len(telegram.messages(ANN)) == 1
    assert message.links[0].url == link


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda site: site.refuse("/page", 403), "the server answered 403 Forbidden"),
        (lambda site: site.fail("/page", endless(HEAD)), "it is larger than 2 MB"),
        (
            lambda site: site.put("/page", b"%PDF-1.7", content_type="application/pdf"),
            "it is not a web page but a PDF",
        ),
        (
            lambda site: site.redirect("/page", "/consent?back=page"),
            "it asks for consent instead of showing the article",
        ),
    ],
    ids=["forbidden", "huge", "pdf", "consent"],
)
def test_a_page_that_cannot_be_read_says_why(desk, site, telegram, answer, why):
    answer(site)
    site.put("/consent", WHOLE, content_type=HTML)
    shows(site, "/page")
    writes(desk, site)
    bot = starts(desk, telegram)
    bot.wait_for("given up")

    assert [row["why"] for row in partial(desk)] == [why]
    assert telegram.messages(ANN) == []


def test_a_slow_page_delays_nobody_else(desk, site, telegram):
    with FeedSite() as slow:
        slow.fail("/page", drip(WHOLE.encode(), every=0.5))
        site.put("/feed.xml", rss((0, "AUKUS ministers meet", "", slow.at("/page"))))
        writes(desk, site)
        bot = starts(desk, telegram)
        slow.wait_for(lambda: bool(slow.requests("/page")))
        site.put("/feed.xml", rss((1, "AUKUS grows: Pillar 2")))

        (message,) = telegram.wait_for(lambda api: api.messages(ANN))

        assert message.text.startswith("AUKUS grows")
        assert "page.read" not in bot.err + bot.out


def test_the_pages_of_one_host_are_asked_for_one_after_the_other(desk, site, telegram):
    crowd = Crowd()
    paths = [f"/page{number}" for number in range(6)]
    for path in paths:
        site.fail(path, crowd.answer)
    shows(site, *paths)
    writes(desk, site)
    starts(desk, telegram)

    site.wait_for(lambda: all(site.requests(path) for path in paths), timeout=60)

    assert crowd.most == 1


class Crowd:
    """Answers pages, and remembers how many were being asked for at once."""

    def __init__(self):
        self.most = self._now = 0
        self._lock = Lock()

    async def answer(self, writer):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        await drip(b"<p>", every=0.05)(writer)
        with self._lock:
            self._now -= 1


def test_where_pages_are_never_read_a_rule_may_be_told_at_once(desk, site, telegram):
    shows(site, "/page")
    writes(desk, site, partial="alert", full_text="never")
    starts(desk, telegram)

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))

    assert "its page was not read: its feed has full_text: never" in message.text
    assert site.requests("/page") == ()


def test_run_once_reads_pages_and_shows_in_part_as_json(desk, site):
    site.put("/page", PAID, content_type=HTML)
    shows(site, "/page")
    writes(desk, site, partial="alert", chat="screen: {terminal: true}")

    code, out, err = desk.runs("run", "--once", "--json")

    assert code == 0, err
    (shown,) = [json.loads(line) for line in out.splitlines()]
    assert shown["in_part"] == [
        {"rule": "Phases", "missing": ['"Pillar 2"'], "why": "it is behind a paywall"}
    ]


def test_two_lists_at_once_are_refused(desk):
    desk.writes("feeds: [a.xml]\nrules: [ship]\n")

    code, _, err = desk.runs("alerts", "--partial", "--failed")

    assert code == 2
    assert "ask for one" in err
