"""From a feed on a site to a message in a Telegram chat, through `bot.py` as a process."""

import math
import signal

from tests.e2e.conftest import rss
from tests.fakes.telegram_api import Fault

ANN, BOB = 42, 43
GROUP = -1001234567890

PAGE = """<!doctype html><html><head><title>Ministers meet - Wire</title></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>AUKUS ministers meet</h1>
<p>The defence ministers of the three countries met on Monday to speak about the work that is
shared between their laboratories, and about who else might take part in it one day.</p>
<p>Most of the morning went to the second phase, “Pillar 2”, under which the partners build
undersea robots and long-range sensors together, and share what they learn from them.</p>
<p>A further meeting will be held in the spring, once the engineers have reported back on the
visits that they are to make to the yards and the universities over the winter.</p></article>
<aside><h2>Most read</h2><ul><li><a href="/x">Harvest begins early this year</a></li></ul></aside>
<footer>Terms and conditions</footer></body></html>"""


def rules(site, *, chats, match="ship", feeds=("/feed.xml",)):
    addresses = "\n".join(
        f"  - url: {site.at(path)}\n    every: 1s\n    catch_up: all" for path in feeds
    )
    rule = f"  - name: Test rule\n    match: {match}"
    return f"feeds:\n{addresses}\nrules:\n{rule}\nchats:\n{chats}"


def starts(desk, telegram, **environment):
    environment = {"TELEGRAM_PACE": "local"} | environment  # messages change at once
    bot = desk.starts(
        "run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url, **environment
    )
    bot.wait_for("started")
    return bot


def test_a_match_is_told_as_html_and_the_message_grows_with_further_outlets(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss((1, "A ship &amp;amp; its crew sail")))
    site.put("/other.xml", rss(title="Other"))
    desk.writes(
        rules(site, chats=f"  ann: {{telegram: {ANN}}}\n", feeds=("/feed.xml", "/other.xml"))
    )
    bot = starts(desk, telegram)

    (first,) = telegram.wait_for(lambda api: api.messages(ANN))
    site.put(
        "/other.xml",
        rss((9, "A Ship &amp;amp; Its Crew Sail", "", "https://other.example/9"), title="Other"),
    )
    grown = telegram.wait_for(lambda api: api.messages(ANN)[0].versions and api.messages(ANN)[0])

    assert "A ship & its crew sail" in first.text
    assert first.links[0].url == "https://wire.example/1"
    assert "Test rule" in first.text
    assert "https://other.example/9" in [link.url for link in grown.links]
    assert len(telegram.messages(ANN)) == 1
    assert bot.stops() == 0


def test_only_the_page_says_it_and_the_evidence_is_marked(desk, site, telegram):
    telegram.group(GROUP, "Desk")
    site.put("/feed.xml", rss((1, "AUKUS ministers meet", "", site.at("/page"))))
    site.put("/page", PAGE, content_type="text/html")
    desk.writes(rules(site, match='AUKUS AND "Pillar 2"', chats=f"  desk: {{telegram: {GROUP}}}\n"))
    starts(desk, telegram)

    (message,) = telegram.wait_for(lambda api: api.messages(GROUP))
    marked = [one.covered(message.text) for one in message.entities if one.type == "bold"]

    assert "Pillar 2" in marked
    assert "Most read" not in message.text


def test_the_page_says_it_only_around_the_article_and_nothing_is_told(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    page = PAGE.replace("“Pillar 2”", "as planned").replace("Harvest begins", "AUKUS Pillar 2")
    site.put(
        "/feed.xml",
        rss((1, "AUKUS ministers meet", "", site.at("/page")), (2, "AUKUS Pillar 2 grows")),
    )
    site.put("/page", page, content_type="text/html")
    desk.writes(rules(site, match='AUKUS AND "Pillar 2"', chats=f"  ann: {{telegram: {ANN}}}\n"))
    bot = starts(desk, telegram)

    site.wait_for(lambda: bool(site.requests("/page")))
    bot.wait_for('"page.read"')

    assert [message.text.splitlines()[0] for message in telegram.messages(ANN)] == [
        "AUKUS Pillar 2 grows"
    ]


def test_a_second_start_repeats_nothing(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(rules(site, chats=f"  ann: {{telegram: {ANN}}}\n"))
    first = starts(desk, telegram)
    telegram.wait_for(lambda api: api.messages(ANN))
    first.stops()

    starts(desk, telegram)
    seen = len(site.requests("/feed.xml"))
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship sails")))
    site.wait_for(lambda: len(site.requests("/feed.xml")) > seen)
    telegram.wait_for(lambda api: len(api.messages(ANN)) > 1)

    assert len(telegram.messages(ANN)) == 2


def test_an_alert_waits_for_telegram_to_come_back(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss())
    desk.writes(rules(site, chats=f"  ann: {{telegram: {ANN}}}\n"))
    starts(desk, telegram)
    telegram.down()
    site.put("/feed.xml", rss((1, "A ship sails")))
    telegram.wait_for(lambda api: api.calls_of("sendMessage"))
    telegram.up()

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))

    assert message.text.startswith("A ship sails")


def test_a_topic_gets_its_alerts_and_the_group_gets_them_when_it_is_gone(desk, site, telegram):
    telegram.group(GROUP, "Desk", forum=True)
    telegram.topic(GROUP, 7, "Ships")
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(rules(site, chats=f"  desk: {{telegram: {GROUP}, topic: 7}}\n"))
    starts(desk, telegram)
    (first,) = telegram.wait_for(lambda api: api.sent(GROUP))
    telegram.delete_topic(GROUP, 7)
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship sails")))

    last = telegram.wait_for(
        lambda api: [one for one in api.sent(GROUP) if one.text.startswith("Another")]
    )

    assert (first.thread_id, last[0].thread_id) == (7, None)


def test_the_token_is_never_logged(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(rules(site, chats=f"  ann: {{telegram: {ANN}}}\n"))
    bot = starts(desk, telegram)
    telegram.wait_for(lambda api: api.messages(ANN))
    bot.stops()

    assert telegram.token not in bot.out + bot.err
    assert telegram.token.partition(":")[2] not in bot.out + bot.err


def test_the_administrator_is_told_of_a_broken_file(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss())
    good = rules(site, chats=f"  ann: {{telegram: {ANN}}}\n")
    desk.writes(good)
    bot = starts(desk, telegram, ADMINS=str(ANN))

    desk.writes(good.replace("match:", "mtach:"))

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))
    assert "rules.yaml:7:" in message.text
    assert "match" in message.text
    assert "stay in force" in message.text
    bot.wait_for("rules.broken")


def test_a_telegram_that_does_not_answer_delays_neither_the_start_nor_a_stop(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(rules(site, chats=f"  ann: {{telegram: {ANN}}}\n"))
    telegram.fault(Fault.HANG_BEFORE, method="getMe", times=math.inf)
    stopped = desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)
    telegram.wait_for(lambda api: api.calls_of("getMe"))
    code = stopped.stops(signal.SIGTERM, seconds=10)
    desk.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)

    (message,) = telegram.wait_for(lambda api: api.messages(ANN))

    assert (code, message.text.splitlines()[0]) == (0, "A ship sails")


def test_an_edit_that_fails_while_the_story_grows_loses_nothing(desk, site, telegram):
    outlets = ("/feed.xml", "/second.xml", "/third.xml")
    telegram.private_chat(ANN, "Ann")
    telegram.private_chat(BOB, "Bob")
    site.put("/feed.xml", rss((1, "A ship sails today")))
    site.put("/second.xml", rss())
    site.put("/third.xml", rss())
    desk.writes(
        rules(
            site,
            match="ship\n    send_to: [ann]\n  - match: boat\n    send_to: [bob]",
            chats=f"  ann: {{telegram: {ANN}}}\n  bob: {{telegram: {BOB}}}\n",
            feeds=outlets,
        )
    )
    starts(desk, telegram)
    telegram.wait_for(lambda api: api.messages(ANN))
    telegram.fault(Fault.SLOW, method="editMessageText", seconds=2)
    telegram.fault(Fault.DROP_AFTER, method="editMessageText", nth=2)
    site.put("/second.xml", rss((2, "A ship sails today", "", "https://second.example/2")))
    telegram.wait_for(lambda api: api.calls_of("editMessageText"))
    site.put(
        "/third.xml",
        rss((3, "A ship sails today", "", "https://third.example/3"), (4, "A boat sinks")),
    )

    telegram.wait_for(lambda api: api.messages(BOB))
    telegram.wait_for(
        lambda api: (
            {"https://second.example/2", "https://third.example/3"}
            <= {link.url for link in api.messages(ANN)[0].links}
        )
    )

    assert len(telegram.messages(ANN)) == 1


def test_a_further_rule_rings_by_a_reply_to_the_message_that_grows(desk, site, telegram):
    telegram.group(GROUP, "Desk")
    site.put("/feed.xml", rss((1, "A ship sails today")))
    site.put("/other.xml", rss(title="Other"))
    desk.writes(
        rules(
            site,
            match="ship\n  - name: Bad weather\n    match: storm",
            chats=f"  desk: {{telegram: {GROUP}}}\n",
            feeds=("/feed.xml", "/other.xml"),
        )
    )
    starts(desk, telegram)
    (first,) = telegram.wait_for(lambda api: api.messages(GROUP))
    report = (9, "A ship sails today", "Into a storm", "https://other.example/9")
    site.put("/other.xml", rss(report, title="Other"))

    reply = telegram.wait_for(lambda api: api.messages(GROUP)[1:])[0]
    grown = telegram.wait_for(lambda api: api.messages(GROUP)[0].versions and api.messages(GROUP))

    assert (reply.reply_to, reply.silent) == (first.message_id, False)
    assert "A further rule holds: Bad weather" in reply.text
    assert "storm" in reply.styled("bold")
    assert reply.links[0].url == "https://other.example/9"
    assert [link.url for link in grown[0].links][-1] == "https://other.example/9"
    assert "Bad weather" in grown[0].text


def test_sigterm_ends_it_cleanly(desk, site, telegram):
    telegram.private_chat(ANN, "Ann")
    site.put("/feed.xml", rss())
    desk.writes(rules(site, chats=f"  ann: {{telegram: {ANN}}}\n"))
    bot = starts(desk, telegram)

    assert bot.stops(signal.SIGTERM) == 0
    assert "Traceback" not in bot.err
