"""`/feeds`, `/addfeed`, lists dropped in and `/export`, as people of a chat use them."""

from dataclasses import replace
from itertools import chain

import pytest

from monitors.alerts.showing.legible import units
from monitors.alerts.showing.markup import html
from monitors.feeds.feed import FailureReason, FetchFailed
from monitors.talking.command import Asked
from monitors.talking.feeds_talk.exporting import without_secrets
from monitors.talking.heard import Said
from monitors.talking.ports import MOST_FILE_BYTES, NotFetched
from monitors.talking.roles import Role
from tests.fakes.reading_desk import RULES, ReadingDesk
from tests.fakes.rules_desk import BOB, EVE, MIA, TO_DESK, TO_MIA, data_of
from tests.fakes.stand_ins import unreachable

SITE = "https://site.example/"
WORLD, SPORT, SAID = f"{SITE}w", f"{SITE}s", f"{SITE}comments"
GONE = "too old"


@pytest.fixture
def desk():
    opened = ReadingDesk()
    yield opened
    opened.closes()


def labels(answer):
    return [button.label for button in chain.from_iterable(answer.rows)]


def with_feeds(count, name="f"):
    rows = "".join(f"  - https://wire.example/{name}{number}\n" for number in range(count))
    return RULES.replace("  - https://wire.example/feed\n", rows)


def opml(*addresses):
    rows = "".join(f'<outline type="rss" text="t" xmlUrl="{each}"/>' for each in addresses)
    return f"<opml version='2.0'><head/><body>{rows}</body></opml>".encode()


def several(desk):
    """Have Mia ask for a site with three feeds; answer what she is offered."""
    desk.has_page(SITE, WORLD, SAID, SPORT)
    desk.has_feed(WORLD, "World <b>news</b>", "A ship", "Another")
    desk.has_feed(SPORT, "Sport", "A boat")
    desk.has_feed(SAID, "Comments on sport", "A remark")
    return desk.says(MIA, TO_MIA, f"/addfeed {SITE}", message="5")


# /feeds


def test_feeds_are_shown_page_by_page_in_one_message():
    desk = ReadingDesk(with_feeds(20))
    first = desk.says(EVE, TO_DESK, "/feeds")
    second = desk.presses(EVE, TO_DESK, data_of(first, "▸"), "77").answer
    last = desk.presses(EVE, TO_DESK, data_of(second, "▸"), "77").answer
    desk.closes()

    assert first.text.startswith("Feeds 1–8 of 20")
    assert (second.edits, "wire.example/f8" in second.text) == ("77", True)
    assert ("17–20 of 20" in last.text, "▸" in labels(last)) == (True, False)
    assert labels(first) == [*map(str, range(1, 9)), "▸"]


def test_a_row_tells_health_name_last_article_and_next_poll(desk):
    assert (
        "⚪ https://wire.example/feed\nno article yet · polled now"
        in desk.says(EVE, TO_DESK, "/feeds").text
    )


def fails(desk, address="https://wire.example/feed"):
    """Have a feed fail for long."""

    def work(ledger):
        known = next(one for one in ledger.feeds.health() if one.address == address)
        since = desk.clock()
        memory = replace(
            known.memory,
            last_poll_at=since,
            failures=50,
            failing_since=since,
            reason=FailureReason.HTTP.value,
            message="404 from https://u:secret@wire.example/feed",
        )
        ledger.feeds.remember(known.id, memory, since)

    desk.store.write_now(work)
    desk.clock.passes(days=3)


def test_feeds_down_are_those_in_trouble():
    desk = ReadingDesk(with_feeds(3))
    before = desk.says(EVE, TO_DESK, "/feeds down").text
    fails(desk, "https://wire.example/f1")
    shown = desk.says(EVE, TO_DESK, "/feeds DOWN").text
    desk.closes()

    assert "None: all can be read." in before
    assert ("🔴" in shown, "/f1" in shown, "/f0" in shown) == (True, True, False)
    assert "secret" not in shown


def test_feeds_are_found_by_a_part_of_their_address_on_every_page():
    desk = ReadingDesk(with_feeds(12, "aa"))
    first = desk.says(EVE, TO_DESK, "/feeds EXAMPLE/A")
    second = desk.presses(EVE, TO_DESK, data_of(first, "▸")).answer
    none = desk.says(EVE, TO_DESK, f"/feeds {'é' * 90}:::x")
    desk.closes()

    assert ("of 12" in first.text, "9–12 of 12" in second.text) == (True, True)
    assert "None." in none.text


def test_a_card_tells_more_and_goes_back(desk):
    shown = desk.says(EVE, TO_DESK, "/feeds")
    card = desk.presses(EVE, TO_DESK, data_of(shown, "1")).answer
    back = desk.presses(EVE, TO_DESK, data_of(card, "Back")).answer

    assert ("Rules: ship, ferry" in card.text, "Next poll:" in card.text) == (True, True)
    assert (labels(card), back.text) == (["Back"], shown.text)


def test_an_administrator_has_a_feed_polled_now(desk):
    card = desk.presses(MIA, TO_MIA, data_of(desk.says(MIA, TO_MIA, "/feeds"), "1")).answer
    later = desk.clock.passes(hours=1)
    desk.store.write_now(
        lambda ledger: ledger.feeds._db.execute("UPDATE feed SET next_poll_at = 9000000000000")
    )

    assert desk.presses(MIA, TO_MIA, data_of(card, "Poll now")).toast == "It is polled now."
    due = desk.store.write_now(lambda ledger: ledger.feeds.claim(later, later, 5))
    assert [feed.address for feed in due] == ["https://wire.example/feed"]


def test_a_feed_is_removed_after_its_change_was_shown(desk):
    card = desk.presses(MIA, TO_MIA, data_of(desk.says(MIA, TO_MIA, "/feeds"), "1")).answer
    asks = desk.presses(MIA, TO_MIA, data_of(card, "Remove")).answer

    assert "wire.example/feed" in desk.file.text
    assert "-   - https://wire.example/feed" in asks.text
    desk.presses(MIA, TO_MIA, data_of(asks, "Write it"))
    assert "wire.example/feed" not in desk.file.text
    assert "not in rules.yaml any more" in desk.presses(MIA, TO_MIA, data_of(card, "Remove")).toast


@pytest.mark.parametrize("data", ["pollfeed:1:0:", "cutfeed:1:0:"])
@pytest.mark.parametrize("user", [EVE, BOB])
def test_only_administrators_change_feeds(desk, data, user):
    assert desk.presses(user, TO_DESK, data).toast == "needs ADMIN"


@pytest.mark.parametrize(
    "data",
    ["feeds", "feeds:", "feeds:x", "feeds:-1", "feeds:٣", "feeds:9999999", "feed", "feed:1",
     "feed:x:0", "feed:99:0", "feed:1:x:", "feed:9999999999999999999:0:"],
)  # fmt: skip
def test_forged_buttons_of_the_list_do_nothing(desk, data):
    reaction = desk.presses(EVE, TO_DESK, data)

    assert (reaction.answer, bool(reaction.toast)) == (None, True)


def test_a_page_beyond_the_last_is_the_last(desk):
    assert "wire.example/feed" in desk.presses(EVE, TO_DESK, "feeds:999999:").answer.text


# /addfeed


def test_a_feed_that_is_sure_is_added_with_its_change_and_can_be_undone(desk):
    desk.has_feed(WORLD, "World @all", "A ship")
    answer = desk.says(MIA, TO_MIA, f"/addfeed {WORLD}")

    assert f"+   - {WORLD}" in answer.text
    assert "It has 1 entry." in answer.text
    assert WORLD in desk.file.text
    asks = desk.presses(MIA, TO_MIA, data_of(answer, "Undo")).answer
    desk.presses(MIA, TO_MIA, data_of(asks, "Go back"))
    assert WORLD not in desk.file.text


def test_several_feeds_are_offered_as_buttons_and_taken_one_by_one(desk):
    offer = several(desk)
    assert labels(offer) == ["Add 1", "Add 2", "Add 3", "Take all", "Close"]
    assert ("comments of readers" in offer.text, "2 entries" in offer.text) == (True, True)
    assert "&lt;b&gt;" in html(offer.runs)

    desk.restarts()
    first = desk.presses(MIA, TO_MIA, data_of(offer, "Add 2"), "77").answer
    assert (SPORT in desk.file.text, WORLD in desk.file.text, first.edits) == (True, False, "77")
    assert labels(first) == ["Add 1", "Add 3", "Take all", "Close", "Undo"]
    again = desk.presses(MIA, TO_MIA, data_of(offer, "Add 2"))
    assert again.toast == "That is here already."

    second = desk.presses(MIA, TO_MIA, data_of(first, "Take all"), "77").answer
    assert (WORLD in desk.file.text, SAID in desk.file.text) == (True, True)
    assert labels(second) == ["Undo"]


@pytest.mark.parametrize(
    ("count", "told", "tail"),
    [
        (7, "It names 1 more feed, which was not looked at.", "/6"),
        (11, "It names 5 more feeds, which were not looked at.", "/8\n… and 2 more"),
        (20, "It names at least 14 more feeds, which were not", "/8\n… and 11 more"),
    ],
)
def test_feeds_for_which_there_is_no_button_are_counted_and_named(desk, count, told, tail):
    addresses = [f"{SITE}{number}" for number in range(count)]
    desk.has_page(SITE, *addresses)
    for address in addresses:
        desk.has_feed(address, f"News {address}", f"A ship {address}")
    offer = desk.says(MIA, TO_MIA, f"/addfeed {SITE}", message="5")
    assert told in offer.text
    assert "/addfeed and its address" in offer.text
    assert offer.text.endswith(tail)

    desk.restarts()
    taken = desk.presses(MIA, TO_MIA, data_of(offer, "Add 2"), "77").answer
    assert taken.text.endswith(tail)
    everything = desk.presses(MIA, TO_MIA, data_of(offer, "Take all"), "77").answer
    assert (everything.text.endswith(tail), labels(everything)) == (True, ["Undo"])


def test_an_offer_of_long_addresses_is_one_message(desk):
    addresses = [f"https://u:secret@site.example/{'a' * 300}{number}" for number in range(20)]
    desk.has_page(SITE, *addresses)
    for address in addresses:
        desk.has_feed(address, "News " * 99, f"A ship {address}")
    offer = desk.says(MIA, TO_MIA, f"/addfeed {SITE}", message="5")
    taken = desk.presses(MIA, TO_MIA, data_of(offer, "Take all"), "77").answer

    assert max(units(offer.text), units(taken.text)) <= 4096
    assert "secret" not in offer.text


def test_comments_beside_a_feed_that_is_sure_are_offered(desk):
    desk.has_page(SITE, WORLD, SAID)
    desk.has_feed(WORLD, "World", "A ship")
    desk.has_feed(SAID, "Comments", "A remark")
    answer = desk.says(MIA, TO_MIA, f"/addfeed {SITE}", message="5")

    assert (WORLD in desk.file.text, SAID in desk.file.text) == (True, False)
    assert labels(answer) == ["Add 2", "Close", "Undo"]
    assert "1 entry, ✓ here already" in answer.text


def test_an_offer_that_is_closed_or_old_is_no_more(desk):
    offer = several(desk)
    closed = desk.presses(MIA, TO_MIA, data_of(offer, "Close"))
    assert (closed.toast, closed.answer.rows) == ("Closed.", ())
    assert GONE in desk.presses(MIA, TO_MIA, data_of(offer, "Add 1")).toast

    offer = several(desk)
    desk.clock.passes(hours=25)
    assert GONE in desk.presses(MIA, TO_MIA, data_of(offer, "Add 1")).toast
    assert SITE not in desk.file.text


@pytest.mark.parametrize(
    "data", ["addfeed:5:9", "addfeed:5:x", "addfeed:5", "addfeed:6:0", "addfeed", "addfeed:5:-1"]
)
def test_forged_choices_do_nothing(desk, data):
    several(desk)

    assert GONE in desk.presses(MIA, TO_MIA, data).toast
    assert desk.file.text == RULES


def test_an_offer_is_of_the_chat_where_it_was_made(desk):
    data = data_of(several(desk), "Add 1")

    assert GONE in desk.presses(MIA, TO_DESK, data).toast
    assert desk.presses(EVE, TO_DESK, data).toast == "needs ADMIN"
    assert desk.file.text == RULES


def test_what_is_here_already_is_said(desk):
    answer = desk.says(MIA, TO_MIA, "/addfeed https://wire.example/feed")

    assert answer.text == "This feed is here already: https://wire.example/feed"
    assert desk.web.asked == []


def test_a_feed_that_cannot_be_read_now_can_be_added_anyway(desk):
    desk.web.feeds[WORLD] = unreachable()
    offer = desk.says(MIA, TO_MIA, f"/addfeed {WORLD}", message="5")
    answer = desk.presses(MIA, TO_MIA, data_of(offer, "Add it anyway")).answer

    assert "could not be read yet" in answer.text
    assert WORLD in desk.file.text


def test_a_feed_that_is_refused_is_not_offered(desk):
    desk.web.feeds[WORLD] = FetchFailed(
        reason=FailureReason.HTTP, status=404, message="404 <b>Not</b> Found"
    )
    answer = desk.says(MIA, TO_MIA, f"/addfeed {WORLD}")

    assert (answer.rows, "404" in answer.text) == ((), True)


def test_who_writes_addfeed_alone_is_asked(desk):
    desk.has_feed(WORLD, "World", "A ship")
    assert "answer this message" in desk.says(MIA, TO_MIA, "/addfeed").text
    desk.says(MIA, TO_MIA, WORLD)

    assert WORLD in desk.file.text


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("https://example.org/feed.xml", True),
        ("example.org", True),
        ("Example.org/a?b", True),
        ("feed://example.org/a", True),
        ("örtlich.example", True),
        ("hello", False),
        ("3.5", False),
        ("see example.org", False),
        ("/feeds", False),
        ("a@b.example", False),
        ("x" * 70 + ".org", False),
        ("", False),
    ],
)
def test_a_bare_address_is_meant_to_be_added(desk, text, is_meant):
    assert desk.adder.meant(text) == ("addfeed" if is_meant else None)


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        ("example.org", "example.org …"),
        ("https://u:secret@a.example/", "a.example/ …"),
        ("x" * 5000, "… …"),
    ],
)
def test_what_is_looked_at_is_named_meanwhile(desk, rest, shown):
    said = Said(user=MIA, place=TO_MIA, text=rest)
    asked = Asked(said=said, role=Role.ADMIN, command="addfeed", rest=rest)
    text = desk.adder.under_way(asked).text

    assert (text[:11], text.endswith(shown)) == ("Looking at ", True)
    assert ("secret" in text, units(text) < 200) == (False, True)


# Lists dropped in


def test_a_list_says_what_is_new_and_is_added_when_asked_for(desk):
    body = opml("https://wire.example/feed", WORLD, WORLD, SPORT, "gopher://old.example/")
    offer = desk.drops_in(MIA, TO_MIA, body)

    assert "2 of 4 feeds are new; 1 is here already; 1 cannot be used." in offer.text
    assert labels(offer) == ["Add all 2", "Cancel"]
    desk.restarts()
    done = desk.presses(MIA, TO_MIA, data_of(offer, "Add all 2"), "77").answer
    assert ("Added 2 feeds" in done.text, done.edits) == (True, "77")
    assert (WORLD in desk.file.text, SPORT in desk.file.text) == (True, True)
    assert GONE in desk.presses(MIA, TO_MIA, data_of(offer, "Add all 2")).toast


def test_a_list_can_be_left(desk):
    offer = desk.drops_in(MIA, TO_MIA, opml(WORLD))
    desk.presses(MIA, TO_MIA, data_of(offer, "Cancel"))

    assert GONE in desk.presses(MIA, TO_MIA, data_of(offer, "Add it")).toast
    assert desk.file.text == RULES


def test_a_large_list_is_one_edit(desk):
    many = [f"https://many.example/{number}" for number in range(3_000)]
    offer = desk.drops_in(MIA, TO_MIA, opml(*many))
    done = desk.presses(MIA, TO_MIA, data_of(offer, "Add all 3,000")).answer

    assert "Added 3,000 feeds" in done.text
    assert len(desk.in_force.book.feeds) == 3_001
    assert units(done.text) < 4_096


@pytest.mark.parametrize(
    ("body", "more", "told"),
    [
        (b"%PDF-1.4", {"name": "a <b>.pdf"}, "I take lists of feeds"),
        (b"", {"size": MOST_FILE_BYTES + 1}, "too large"),
        (NotFetched("Telegram does not answer"), {}, "Telegram does not answer"),
        (b"<opml><body/></opml>", {}, "no feed is in that list"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><opml><body>&x;</body></opml>", {}, "I take lists"),
        (opml("https://wire.example/feed"), {}, "0 of 1 feed are new; 1 is here already."),
    ],
)
def test_what_is_no_use_is_said_kindly(desk, body, more, told):
    answer = desk.drops_in(MIA, TO_MIA, body, **more)

    assert told in answer.text
    assert answer.rows == ()


def test_files_of_others_are_left_alone(desk):
    assert desk.drops_in(EVE, TO_DESK, opml(WORLD)) is None
    assert desk.drops_in(MIA, TO_DESK, b"x", "photo.png") is None
    assert "Only those" in desk.drops_in("42", replace(TO_MIA, chat="42"), opml(WORLD)).text
    assert desk.presses(EVE, TO_DESK, "opml:9:all").toast == "needs ADMIN"


@pytest.mark.parametrize("data", ["opml", "opml:9", "opml:9:1", "opml:8:all", "opml:x:all"])
def test_forged_buttons_of_a_list_do_nothing(desk, data):
    desk.drops_in(MIA, TO_MIA, opml(WORLD))

    assert GONE in desk.presses(MIA, TO_MIA, data).toast
    assert desk.file.text == RULES


# /export


def test_everybody_may_take_the_feeds_along_and_administrators_the_rules(desk):
    asked = desk.says(EVE, TO_DESK, "/export")
    feeds = desk.presses(EVE, TO_DESK, data_of(asked, "Feeds (OPML)")).answer
    choice = desk.says(MIA, TO_MIA, "/export")
    rules = desk.presses(MIA, TO_MIA, data_of(choice, "rules.yaml")).answer

    assert labels(asked) == ["Feeds (OPML)"]
    assert (feeds.document[0], "wire.example/feed" in feeds.document[1]) == ("feeds.opml", True)
    assert rules.document == ("rules.yaml", RULES)
    assert desk.says(MIA, TO_MIA, "/export rules").document == rules.document
    assert desk.says(EVE, TO_DESK, "/export opml").document == feeds.document


def test_others_do_not_get_the_rules(desk):
    assert desk.says(EVE, TO_DESK, "/export rules").document is None
    assert desk.says(BOB, TO_DESK, "/export rules.yaml").document is None
    assert desk.says(MIA, TO_DESK, "/export rules").document is None
    assert desk.presses(BOB, TO_DESK, "exportrules:yaml").toast == "needs ADMIN"
    assert desk.presses(MIA, TO_DESK, "exportrules:yaml").answer.document is None
    assert GONE in desk.presses(EVE, TO_DESK, "export:rules").toast


def test_no_password_is_taken_along():
    text = with_feeds(0).replace("feeds:\n", "feeds:\n  - https://u:secret@wire.example/feed\n")
    desk = ReadingDesk(text)
    shown = [
        desk.says(MIA, TO_MIA, "/export rules").document[1],
        desk.says(EVE, TO_DESK, "/export feeds").document[1],
        desk.says(EVE, TO_DESK, "/feeds").text,
        desk.presses(EVE, TO_DESK, data_of(desk.says(EVE, TO_DESK, "/feeds"), "1")).answer.text,
    ]
    desk.closes()

    assert [each for each in shown if "secret" in each] == []


@pytest.mark.parametrize(
    "written",
    [
        "mail: {apprise: 'mailto://u:secret@mail.example'}",
        'mail: {apprise: "https://hooks.example/secret", silent: true}',
        "mail:\n    apprise: discord://1/secret  # mine",
        "mail:\n    apprise: >-\n      https://hooks.example/secret",
        "mail: {'apprise': https://hooks.example/secret}",
        "mail: {apprise: 'it''s secret'}",
        "mail: {apprise: ['mailto://a:b@x.example', 'https://hooks.example/secret']}",
        "mail:\n    apprise:\n    - https://hooks.example/1\n    - https://hooks.example/secret",
        "mail:\n    apprise: # the desk's\n      https://hooks.example/secret",
        "mail:\n    apprise: &a https://hooks.example/secret\n  too: {apprise: *a}",
        "mail:\n    apprise: !!str https://hooks.example/secret",
        "mail:\n    apprise: mailto://ann:a,secret@example.org",
        "mail:\n    apprise: ['mailto://ann:a secret@example.org']",
        "mail:\n    apprise: # [\n    - 'mailto://ann:1@example.org'\n    - https://h.example/secret",
        "mail: {apprise: [https://hooks.example/secret]",
    ],
)
def test_secret_addresses_of_chats_are_not_taken_along(written):
    shown = without_secrets(f"chats:\n  {written}\n  desk: {{telegram: 1}}\n")

    assert ("secret" in shown, "desk: {telegram: 1}" in shown, "…" in shown) == (False, True, True)


def test_feeds_taken_along_without_a_password_say_so(desk):
    plain = desk.says(EVE, TO_DESK, "/export feeds").text
    desk.by_hand(RULES.replace("https://wire", "https://ann:secret@wire"))
    veiled = desk.says(EVE, TO_DESK, "/export feeds")

    assert plain == "1 feed, for other readers."
    assert veiled.text.startswith("1 feed, for other readers. Where a password was")
    assert "secret" not in veiled.document[1]


def test_what_is_too_large_is_left_to_the_command_line(desk):
    desk.file.text = RULES + "# " + "x" * 10_000_000
    answer = desk.says(MIA, TO_MIA, "/export rules")

    assert (answer.document, "At the command line" in answer.text) == (None, True)
