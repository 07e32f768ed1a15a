"""A story that many outlets report rings once more in its chat, and never again for that."""

import json

from tests.e2e.conftest import rss

ANN = 42
SHIP = "A ship sails to Oslo today"
PAPERS = ("herald", "courier", "tribune", "gazette", "mirror")


def carries(site, paper, *more):
    site.put(f"/{paper}.xml", rss((f"{paper}-1", SHIP, "", f"https://{paper}.example/1"), *more))


def empty(site, paper):
    site.put(f"/{paper}.xml", rss(title=paper))


def starts(desk, telegram):
    bot = desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)
    bot.wait_for("started")
    return bot


def shows(telegram, *papers):
    """Wait until the first message lists all of *papers*."""
    telegram.wait_for(
        lambda api: (
            api.sent(ANN) and all(f"{paper}.example" in api.sent(ANN)[0].text for paper in papers)
        )
    )


def test_the_third_outlet_rings_below_the_message_once_whatever_happens_later(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    for paper in PAPERS:
        empty(site, paper)
    feeds = "".join(
        f"  - {{url: {site.at(f'/{paper}.xml')}, every: 1s, catch_up: all}}\n" for paper in PAPERS
    )
    desk.writes(
        f"feeds:\n{feeds}rules: [{{match: ship, break_out: 3}}]\n"
        f"chats:\n  desk: {{telegram: {ANN}}}\n"
    )
    bot = starts(desk, telegram)
    for number, paper in enumerate(PAPERS[:4], start=1):
        carries(site, paper)
        shows(telegram, *PAPERS[:number])
    telegram.wait_for(lambda api: len(api.sent(ANN)) == 2)
    bot.kill()

    for paper in PAPERS[:4]:  # other bytes, so that everything is read and judged anew
        carries(site, paper, (f"{paper}-2", "A train is late"))
    again = starts(desk, telegram)
    asked = {paper: len(site.requests(f"/{paper}.xml")) for paper in PAPERS}
    carries(site, PAPERS[4])
    shows(telegram, *PAPERS)
    telegram.wait_for(  # twice: when a feed is asked again, its answer before was taken in
        lambda _: all(len(site.requests(f"/{paper}.xml")) > asked[paper] + 2 for paper in PAPERS)
    )

    assert again.stops() == 0
    first, reply = telegram.sent(ANN)
    assert reply.reply_to == first.message_id
    assert "3 outlets report it now" in reply.text
    assert (SHIP in reply.text, "tribune.example" in reply.text) == (True, True)
    _, out, _ = desk.runs("alerts", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert [(one["kind"], one["broke_out"]) for one in told] == [("reply", []), ("alert", ["3"])]
    _, why, _ = desk.runs("alerts", "--why", "1")
    assert "5 outlets, at most 5 within an hour" in why
