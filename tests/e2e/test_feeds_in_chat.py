"""People look at feeds, add, import, export and search in a chat, with buttons."""

import pytest

from tests.e2e.conftest import rss

ANN, EVE, DESK = 42, 45, -1001


def starts(desk, telegram, *feeds, rules="rules:\n  - match: ship\n"):
    listed = "".join(f"  - {feed}\n" for feed in feeds)
    chats = f"chats:\n  ann: {{telegram: {ANN}}}\n  desk: {{telegram: {DESK}}}\n"
    if not (desk.folder / "rules.yaml").exists():
        desk.writes(f"# Ours\nfeeds:\n{listed}{rules}{chats}" if feeds else f"{rules}{chats}")
        telegram.private_chat(ANN, "Ann")
        telegram.private_chat(EVE, "Eve")
        telegram.group(DESK, "Desk", bot_admin=True)
    bot = desk.starts(
        "run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url, ADMINS=str(ANN)
    )
    bot.wait_for("started")
    return bot


def shows(telegram, chat, *words):
    """Answer the newest message of the bot that says all of *words*, once there is one."""

    def found(api):
        every = [one for one in api.sent(chat) if all(word in one.text for word in words)]
        return every[-1] if every else None

    return telegram.wait_for(found)


def rules_of(desk):
    return (desk.folder / "rules.yaml").read_text()


def labels(message):
    return [button.text for button in message.buttons]


def opml(*addresses):
    rows = "".join(f'<outline type="rss" text="t" xmlUrl="{each}"/>' for each in addresses)
    return f"<opml version='2.0'><head/><body>{rows}</body></opml>".encode()


def page(*paths):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{p}">' for p in paths)
    return f"<html><head><title>Herald</title>{links}</head><body>News</body></html>"


@pytest.fixture
def herald(site):
    """A site with two feeds."""
    site.put("/", page("/world.xml", "/sport.xml"), content_type="text/html")
    site.put("/world.xml", rss((1, "A boat sails"), title="World"))
    site.put("/sport.xml", rss((2, "A match ends"), title="Sport"))
    return site


def test_a_bare_address_is_looked_at_and_its_choices_outlive_a_restart(desk, herald, telegram):
    bot = starts(desk, telegram)
    telegram.says(ANN, ANN, herald.url)
    offer = shows(telegram, ANN, "several feeds")
    assert labels(offer) == ["Add 1", "Add 2", "Take all", "Close"]
    assert bot.stops() == 0

    starts(desk, telegram)
    telegram.presses(ANN, offer, "Take all")
    shows(telegram, ANN, "Added: 2 feeds", f"+   - {herald.at('/world.xml')}")

    assert herald.at("/sport.xml") in rules_of(desk)
    assert len(telegram.sent(ANN)) == 1


def test_forged_presses_and_those_of_others_add_nothing(desk, herald, telegram):
    starts(desk, telegram)
    telegram.says(ANN, DESK, f"/addfeed {herald.url}")
    offer = shows(telegram, DESK, "several feeds")
    before, data = rules_of(desk), offer.buttons[0].data
    telegram.says(ANN, ANN, "/feeds")
    mine = shows(telegram, ANN, "no feeds yet")

    queries = [
        telegram.presses(EVE, offer, "Add 1"),
        telegram.presses(EVE, offer, data="cutfeed:1:0:"),
        telegram.presses(ANN, mine, data=data),
        telegram.presses(ANN, offer, data="addfeed:99:0"),
        telegram.presses(EVE, offer, data="exportrules:yaml"),
    ]
    telegram.wait_for(lambda _: all(query.answer is not None for query in queries))

    assert ["Only those" in query.answer for query in queries] == [True, True, False, False, True]
    assert ["too old" in query.answer for query in queries] == [False, False, True, True, False]
    assert rules_of(desk) == before


def test_feeds_are_looked_at_polled_and_removed(desk, site, telegram):
    site.put("/feed.xml", rss((1, "A ship sails"), title="The &lt;Wire&gt;"))
    bot = starts(desk, telegram, site.at("/feed.xml"))
    bot.wait_for("feed.polled")
    telegram.says(EVE, DESK, "/feeds")
    listed = shows(telegram, DESK, "🟢 The <Wire>")
    telegram.presses(EVE, listed, "1")
    assert labels(shows(telegram, DESK, "Rules: ship")) == ["Back"]

    telegram.says(ANN, ANN, "/feeds")
    telegram.presses(ANN, shows(telegram, ANN, "🟢 The <Wire>"), "1")
    card = shows(telegram, ANN, "Rules: ship", "A ship sails")
    polls = len(site.requests("/feed.xml"))
    polled = telegram.presses(ANN, card, "Poll now")
    site.wait_for(lambda: len(site.requests("/feed.xml")) > polls)
    assert telegram.wait_for(lambda _: polled.answer) == "It is polled now."

    telegram.presses(ANN, card, "Remove")
    telegram.presses(ANN, shows(telegram, ANN, "Remove this feed?", site.url), "Write it")
    shows(telegram, ANN, "Done, and in force")
    assert site.url not in rules_of(desk)


def test_a_list_that_is_dropped_in_is_added_after_a_restart(desk, site, telegram):
    many = [site.at(f"/{number}.xml") for number in range(300)]
    for number in range(300):
        site.put(f"/{number}.xml", rss((number, f"Boat {number} sails")))
    bot = starts(desk, telegram, many[0])
    telegram.sends_file(ANN, ANN, "mine.opml", opml(*many, "gopher://old.example/"))
    offer = shows(telegram, ANN, "mine.opml: 299 of 301 feeds are new")
    assert bot.stops() == 0

    starts(desk, telegram)
    telegram.presses(ANN, offer, "Add all 299")
    shows(telegram, ANN, "Added 299 feeds")
    assert [each for each in many if each not in rules_of(desk)] == []
    telegram.sends_file(ANN, ANN, "cat.png", b"\x89PNG")
    shows(telegram, ANN, "cat.png", "I take lists of feeds")


def test_rules_and_feeds_are_taken_along(desk, site, telegram):
    secret = site.at("/feed.xml").replace("http://", "http://u:secret@")
    site.put("/feed.xml", rss((1, "A ship sails")))
    starts(desk, telegram, secret)
    telegram.says(ANN, ANN, "/export")
    choice = shows(telegram, ANN, "What shall it be?")
    for label in labels(choice):
        telegram.presses(ANN, choice, label)
    rules = shows(telegram, ANN, "stands for passwords").document
    feeds = shows(telegram, ANN, "1 feed, for other readers").document

    assert (rules.name, feeds.name) == ("rules.yaml", "feeds.opml")
    assert rules.content.decode().startswith("# Ours\n")
    assert b"/feed.xml" in feeds.content
    assert b"secret" not in rules.content + feeds.content
    telegram.says(EVE, DESK, "/export rules")
    assert shows(telegram, DESK, "Only those").document is None


def test_reports_are_searched_and_alerts_looked_up(desk, site, telegram):
    items = [(f"a{n}", f"{name} harbour: ship {name * 2}") for n, name in enumerate(NAMES)]
    site.put("/feed.xml", rss())
    bot = starts(desk, telegram, f"{{url: {site.at('/feed.xml')}, every: 1s}}")
    bot.wait_for("feed.polled")
    site.put("/feed.xml", rss(*items))
    telegram.wait_for(lambda api: len(api.sent(ANN)) >= len(NAMES))

    telegram.says(ANN, ANN, "/search harbour")
    found = shows(telegram, ANN, "Search: harbour", "1–5", "✓ ship")
    telegram.presses(ANN, found, "▸")
    turned = shows(telegram, ANN, "Search: harbour", "6–7")
    assert turned.message_id == found.message_id
    telegram.says(ANN, ANN, "/search harbuor")
    shows(telegram, ANN, "No article has harbuor. Some have: harbour")
    telegram.says(ANN, ANN, "/last ship")
    assert "▸" in labels(shows(telegram, ANN, "Last alerts", "1–5"))


NAMES = ("Aden", "Bergen", "Cadiz", "Dover", "Esbjerg", "Faro", "Gdansk")
