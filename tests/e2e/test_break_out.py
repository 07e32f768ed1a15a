"""A story that many outlets report rings once more in its chat, and never again for that."""

import json

from tests.e2e.conftest import rss

ANN = 42
SHIP = "A ship sails to Oslo today"
PAPERS = ("herald", "courier", "tribune", "gazette")


def carries(site, papers, *more):
    """Put a feed of the reports of *papers*, as one that searches the news would have it."""
    items = ((paper, SHIP, "", f"https://{paper}.example/1") for paper in papers)
    site.put("/search.xml", rss(*items, *more))


def starts(desk, telegram):
    bot = desk.starts(
        "run",
        TELEGRAM_TOKEN=telegram.token,
        TELEGRAM_API_URL=telegram.url,
        TELEGRAM_PACE="local",  # messages change more often than a reader wants
    )
    bot.wait_for("started")
    return bot


def test_the_third_outlet_rings_below_the_message_once_whatever_happens_later(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    desk.writes(
        f"feeds: [{{url: {site.at('/search.xml')}, every: 1s, catch_up: all}}]\n"
        f"rules: [{{match: ship, break_out: 3}}]\nchats:\n  desk: {{telegram: {ANN}}}\n"
    )
    carries(site, PAPERS[:1])
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: api.sent(ANN))
    carries(site, PAPERS[:3])
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 2)
    carries(site, PAPERS)
    telegram.wait_for(lambda api: "gazette.example" in api.sent(ANN)[0].text)
    bot.kill()

    carries(site, PAPERS, ("train", "A train is late"))  # other bytes: all is judged anew
    asked = len(site.requests("/search.xml"))
    again = starts(desk, telegram)
    # When the feed is asked again, its answer before was taken in.
    telegram.wait_for(lambda _: len(site.requests("/search.xml")) > asked + 1)

    assert again.stops() == 0
    first, reply = telegram.sent(ANN)
    assert reply.reply_to == first.message_id
    assert "3 outlets report it now" in reply.text
    assert (SHIP in reply.text, "tribune.example" in reply.text) == (True, True)
    _, out, _ = desk.runs("alerts", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert [(one["kind"], one["broke_out"]) for one in told] == [("reply", []), ("alert", ["3"])]
    _, shown, _ = desk.runs("alerts", COLUMNS="200")
    assert f"{SHIP} (reply: 3 outlets report it now)" in shown
    assert shown.count("reply") == 1
