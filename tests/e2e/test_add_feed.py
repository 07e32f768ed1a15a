"""`/addfeed` in a chat: administrators add feeds by what they know, others are told who may."""

from monitors.adapters.sqlite.database import look_into
from monitors.pipeline.history.records import Origin
from tests.e2e.conftest import rss
from tests.fakes.feed_site import Gate

ANN, BOB, GROUP = 42, 43, -1001
CHATS = f"chats:\n  desk: {{telegram: {ANN}}}\n"


def page(*feeds):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{path}">'
        for path, title in feeds
    )
    return f"<html><head><title>Harbour Herald</title>{links}</head><body>News</body></html>"


def starts(desk, telegram):
    desk.writes(f"# Ours\nfeeds: []\nrules: [match: ship]\n{CHATS}")
    telegram.private_chat(ANN, "Ann")
    telegram.private_chat(BOB, "Bob")
    bot = desk.starts(
        "run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url, ADMINS=str(ANN)
    )
    bot.wait_for("started")
    return bot


def texts(api, chat):
    """Answer what the bot has written into *chat*."""
    return [message.text for message in api.sent(chat)]


def test_an_administrator_adds_a_site_and_its_news_arrive(desk, site, telegram):
    site.put("/", page(("/feed.xml", "All news")), content_type="text/html")
    site.put("/feed.xml", rss((1, "A boat sails"), title="Harbour Herald"))
    bot = starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.url}")
    telegram.wait_for(lambda api: any("Added: Harbour Herald" in t for t in texts(api, ANN)))
    bot.wait_for("rules.reloaded")
    polls = len(site.requests("/feed.xml"))
    site.wait_for(lambda: len(site.requests("/feed.xml")) > polls)

    assert site.at("/feed.xml") in (desk.folder / "rules.yaml").read_text()
    assert (desk.folder / "rules.yaml").read_text().startswith("# Ours\n")


def test_where_there_are_several_feeds_a_button_takes_one(desk, site, telegram):
    feeds = (("/world.xml", "World"), ("/sport.xml", "Sport"))
    site.put("/", page(*feeds), content_type="text/html")
    for path, title in feeds:
        site.put(path, rss((path, f"A {title} boat sails"), title=title))
    starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.url}")
    (offered,) = telegram.wait_for(
        lambda api: [one for one in api.sent(ANN) if "several feeds" in one.text]
    )
    telegram.presses(ANN, offered, "Add 2")
    telegram.wait_for(lambda api: any("Added: Sport" in text for text in texts(api, ANN)))

    kept = (desk.folder / "rules.yaml").read_text()
    assert (site.at("/sport.xml") in kept, site.at("/world.xml") in kept) == (True, False)
    assert len([text for text in texts(telegram, ANN) if "Looking at" not in text]) == 1


def test_where_a_site_is_slow_the_chat_is_told_meanwhile(desk, site, telegram):
    gate = Gate(rss((1, "A boat sails"), title="Harbour Herald"))
    site.fail("/feed.xml", gate)
    starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.at('/feed.xml')}")
    telegram.wait_for(lambda api: any("Looking at" in text for text in texts(api, ANN)))
    gate.open()
    telegram.wait_for(lambda api: any("Added: Harbour Herald" in t for t in texts(api, ANN)))

    assert len(texts(telegram, ANN)) == 2


def test_a_stranger_changes_nothing_and_is_told_once(desk, site, telegram):
    site.put("/feed.xml", rss((1, "A ship sails")))
    starts(desk, telegram)
    before = (desk.folder / "rules.yaml").read_text()

    for _ in range(3):
        telegram.says(BOB, BOB, f"/addfeed {site.at('/feed.xml')}")
    telegram.says(ANN, ANN, "/addfeed")
    telegram.wait_for(lambda api: any("Write /addfeed" in text for text in texts(api, ANN)))

    (refusal,) = texts(telegram, BOB)
    assert ("put your number" in refusal, str(BOB) in refusal) == (True, True)
    assert (desk.folder / "rules.yaml").read_text() == before
    assert site.requests() == ()


def test_what_is_no_feed_is_said(desk, site, telegram):
    site.put("/page", page(), content_type="text/html")
    bot = starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.at('/page')}")
    telegram.says(ANN, ANN, "/addfeed ../../etc/passwd")
    telegram.wait_for(lambda api: len(texts(api, ANN)) == 2)

    assert "feeds: []" in (desk.folder / "rules.yaml").read_text()
    assert bot.process.poll() is None


def test_of_many_that_are_added_at_once_none_is_lost(desk, site, telegram):
    addresses = [site.at(f"/{number}.xml") for number in range(12)]
    for number in range(12):
        site.put(f"/{number}.xml", rss((number, f"Boat {number} sails")))
    bot = starts(desk, telegram)

    for address in addresses:
        telegram.says(ANN, ANN, f"/addfeed {address}")
    bot.wait_for("chat.answered", times=12)

    kept = (desk.folder / "rules.yaml").read_text()
    assert [address for address in addresses if address not in kept] == []


def test_one_feed_under_two_spellings_is_added_once(desk, site, telegram):
    site.put("/feed", rss((1, "A boat sails")))
    site.put("/feed/", rss((1, "A boat sails")))
    starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.at('/feed')}")
    telegram.wait_for(lambda api: any("It has 1 entry" in text for text in texts(api, ANN)))
    telegram.says(ANN, ANN, f"/addfeed {site.at('/feed/')}")
    telegram.wait_for(lambda api: any("is here already" in text for text in texts(api, ANN)))

    assert (desk.folder / "rules.yaml").read_text().count(site.url) == 1


def test_where_a_broken_rules_yaml_stands_in_the_way_is_said(desk, site, telegram):
    site.put("/feed.xml", rss((1, "A boat sails")))
    bot = starts(desk, telegram)
    desk.writes("feeds: [\n")
    bot.wait_for("rules.broken")

    telegram.says(ANN, ANN, f"/addfeed {site.at('/feed.xml')}")
    said = telegram.wait_for(
        lambda api: next((text for text in texts(api, ANN) if "Nothing was added" in text), None)
    )

    assert "rules.yaml:2:1: the file ends too soon" in said


def test_long_titles_leave_room_for_every_choice(desk, site, telegram):
    feeds = [(f"/{number}.xml", "Long " * 180) for number in range(6)]
    site.put("/", page(*feeds), content_type="text/html")
    for path, title in feeds:
        site.put(path, rss((path, f"The boat {path} sails"), title=title))
    starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.url}")
    offered = telegram.wait_for(
        lambda api: next((text for text in texts(api, ANN) if "several feeds" in text), None)
    )

    assert [path for path, _ in feeds if site.at(path) not in offered] == []


def test_a_command_to_another_bot_of_the_group_is_left_to_that_one(desk, site, telegram):
    site.put("/feed.xml", rss((1, "A boat sails")))
    telegram.group(GROUP, "Desk", bot_admin=True)
    starts(desk, telegram)

    telegram.says(ANN, GROUP, f"/addfeed@another_bot {site.at('/feed.xml')}")
    telegram.says(ANN, GROUP, f"/addfeed@{telegram.account.bot.username}")
    telegram.wait_for(lambda api: any("Write /addfeed" in text for text in texts(api, GROUP)))

    assert site.requests() == ()


def test_the_history_knows_who_changed_the_file(desk, site, telegram):
    for name in ("a", "b"):
        site.put(f"/{name}.xml", rss((name, f"Boat {name} sails")))
    bot = starts(desk, telegram)

    telegram.says(ANN, ANN, f"/addfeed {site.at('/a.xml')}")
    telegram.wait_for(lambda api: any("Added" in text for text in texts(api, ANN)))
    assert desk.runs("feeds", "add", site.at("/b.xml"), "--no-look")[0] == 0
    bot.wait_for("rules.reloaded", times=2)
    path = desk.folder / "rules.yaml"
    path.write_text(path.read_text() + "# by hand\n")
    bot.wait_for('"by": "file"')

    assert bot.stops() == 0
    with look_into(desk.folder / "data" / "newsbell.db") as ledger:
        made = ledger.history.changes(9)
    assert [(change.author.origin, change.author.user) for change in reversed(made)] == [
        (Origin.FILE, None),
        (Origin.CHAT, str(ANN)),
        (Origin.COMMAND_LINE, None),
        (Origin.FILE, None),
    ]
