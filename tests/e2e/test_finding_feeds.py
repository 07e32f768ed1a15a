"""People add feeds by what they know, and see how their feeds do."""

import json

import pytest

from tests.e2e.conftest import rss

RULES = "rules:\n  - match: ship\n"


def page(*feeds, head=""):
    """Answer a web page that names *feeds*, each an address or an address and a title."""
    pairs = [each if isinstance(each, tuple) else (each, "") for each in feeds]
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{address}" title="{title}">'
        for address, title in pairs
    )
    return f"<html><head><title>A site</title>{head}{links}</head><body>Hello</body></html>"


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def town(desk, site):
    """A desk without feeds, and a site with pages of several kinds."""
    desk.writes(RULES)

    def put_page(path, *feeds, head=""):
        site.put(path, page(*feeds, head=head), content_type="text/html")

    put_page("/one", "/news.xml")
    put_page("/three", ("/talk.xml", "Comments"), "/news.xml", "/world.xml")
    put_page("/wordpress", "/news.xml", ("/talk.xml", "Comments"))
    put_page("/based/", "rss", head=f'<base href="{site.at("/deep/")}">')
    put_page("/none")
    site.put("/news.xml", rss((1, "A ship sails"), (2, "A goat sleeps"), title="Town News"))
    site.put("/world.xml", rss((3, "A boat sinks"), title="World"))
    site.put("/talk.xml", rss((4, "I agree"), title="Comments on Town News"))
    site.put("/deep/rss", rss((5, "Deep water"), title="Deep"))
    return desk


def feeds_of(desk):
    code, out, err = desk.runs("feeds", "export", "--json")
    assert code == 0, err
    return [one["address"] for one in lines(out)]


def test_the_feed_of_a_site_is_found_and_added(town, site):
    code, out, err = town.runs("feeds", "add", site.at("/one"), "--tag", "harbour", "--json")

    (added,) = lines(out)
    assert code == 0, err
    assert (added["address"], added["title"], added["entries"], added["done"]) == (
        site.at("/news.xml"),
        "Town News",
        2,
        "added",
    )
    assert "tags: [harbour]" in (town.folder / "rules.yaml").read_text()


def test_a_feed_that_is_there_already_is_not_added_twice(town, site):
    town.runs("feeds", "add", site.at("/news.xml"))
    before = (town.folder / "rules.yaml").read_text()
    code, _, err = town.runs("feeds", "add", site.at("/one"))
    again = town.runs("feeds", "add", f"{site.at('/news.xml')}/")

    assert (code, again[0]) == (1, 1)
    assert "already" in err
    assert "already" in again[2]
    assert (town.folder / "rules.yaml").read_text() == before
    assert len(site.requests("/news.xml/")) == 0


def test_feeds_that_a_page_names_and_nobody_looked_at_are_told(town, site):
    for number in range(8):
        body = rss((10 + number, f"Ship {number}"), title=f"News {number}")
        site.put(f"/many/{number}.xml", body)
    links = (f"/many/{number}.xml" for number in range(8))
    site.put("/many", page(*links), content_type="text/html")
    code, out, _ = town.runs("feeds", "add", site.at("/many"))

    assert code == 1
    told = out.partition("It names more, which were not looked at; add one by its address:")[2]
    assert told.split() == [site.at("/many/6.xml"), site.at("/many/7.xml")]


def test_of_several_feeds_people_choose(town, site):
    undecided = town.runs("feeds", "add", site.at("/three"))
    as_json = town.runs("feeds", "add", site.at("/three"), "--json")
    unchanged = (town.folder / "rules.yaml").read_text()
    wrong = town.runs("feeds", "add", site.at("/three"), "--choose", "4")
    chosen = town.runs("feeds", "add", site.at("/three"), "--choose", "2", "--name", "The World")
    taken = town.runs("feeds", "add", site.at("/three"), "--all")

    assert [undecided[0], as_json[0], wrong[0], chosen[0], taken[0]] == [1, 1, 1, 0, 0]
    assert unchanged == RULES
    listed = [line for line in undecided[1].splitlines() if line.startswith("  ")]
    assert [line.split()[1] for line in listed[::2]] == [
        site.at("/news.xml"),
        site.at("/world.xml"),
        site.at("/talk.xml"),
    ]
    assert "--choose 1" in undecided[2]
    assert [one["title"] for one in lines(as_json[1])[0]["choices"]][1] == "World"
    assert feeds_of(town) == [site.at(path) for path in ("/world.xml", "/news.xml", "/talk.xml")]
    assert "name: The World" in (town.folder / "rules.yaml").read_text()


def test_comments_beside_the_news_leave_no_doubt(town, site):
    code, out, err = town.runs("feeds", "add", site.at("/wordpress"))

    assert (code, feeds_of(town)) == (0, [site.at("/news.xml")]), out
    assert "1 more" in err


def test_what_a_page_names_is_relative_to_its_base(town, site):
    assert town.runs("feeds", "add", site.at("/based/"))[0] == 0
    assert feeds_of(town) == [site.at("/deep/rss")]


def test_a_site_that_names_none_is_asked_where_most_keep_it(town, site):
    site.put("/atom.xml", rss((6, "Hidden"), title="Hidden"))
    code, _, err = town.runs("feeds", "add", site.at("/none"))

    assert (code, feeds_of(town)) == (0, [site.at("/atom.xml")]), err
    probed = [one.target for one in site.requests() if one.target != "/none"]
    assert probed == ["/none/feed", "/feed", "/rss", "/atom.xml"]


def test_where_there_is_no_feed_nothing_is_changed_and_the_remedy_is_told(town, site):
    site.refuse("/locked", 403)
    site.refuse("/away", 404)
    cases = {
        site.at("/none"): "no feed was found",
        site.at("/locked"): "login",
        site.at("/away"): "address is right",
        "two words": "this is no address",
        "https://t.me/somebody": "Telegram has no feeds",
        "news.xml": "there is no file",
    }
    for written, said in cases.items():
        code, out, err = town.runs("feeds", "add", written)
        assert (code, out) == (1, "")
        assert said in err
    closed = town.runs("feeds", "add", site.at("/news.xml"), ALLOW_NETWORKS="")
    together = town.runs("feeds", "add", site.at("/news.xml"), site.at("/none"))

    assert (closed[0], "ALLOW_NETWORKS" in closed[2]) == (1, True)
    assert (together[0], "Nothing was added" in together[2]) == (1, True)
    assert (town.folder / "rules.yaml").read_text() == RULES


def test_what_only_cannot_be_read_now_is_added_with_a_warning(town, site):
    site.refuse("/busy", 503)
    busy = town.runs("feeds", "add", site.at("/busy"))
    site.down()
    away = town.runs("feeds", "add", site.at("/rss"), "--json")

    assert (busy[0], away[0]) == (0, 0)
    assert "could not be read now" in busy[2]
    assert "refused" in lines(away[1])[0]["warning"]
    assert feeds_of(town) == [site.at("/busy"), site.at("/rss")]


def test_a_feed_that_has_moved_for_good_is_added_where_it_is(town, site):
    site.redirect("/old.xml", "/news.xml", status=301)
    site.redirect("/today.xml", "/world.xml", status=302)

    assert town.runs("feeds", "add", site.at("/old.xml"), site.at("/today.xml"))[0] == 0
    assert feeds_of(town) == [site.at("/news.xml"), site.at("/today.xml")]


def test_without_a_look_nobody_is_asked(town, site):
    assert town.runs("feeds", "add", "--no-look", site.at("/none"), "example.org/rss")[0] == 0
    assert feeds_of(town) == [site.at("/none"), "https://example.org/rss"]
    assert site.connections == 0


def test_an_address_without_a_scheme_is_found_without_encryption(town, site):
    bare = site.at("/one").removeprefix("http://")

    assert town.runs("feeds", "add", bare)[0] == 0
    assert feeds_of(town) == [site.at("/news.xml")]


def test_a_file_beside_the_rules_is_added_as_it_is(town):
    (town.folder / "wire.xml").write_bytes(rss((1, "A ship sails")))

    assert town.runs("feeds", "add", "wire.xml")[0] == 0
    assert feeds_of(town) == ["wire.xml"]


def test_a_list_of_another_reader_is_taken_over_at_once(town, site):
    feed = '<outline type="rss" text="{0}" xmlUrl="{1}"/>'
    town.writes(
        '<OPML VERSION="1.0"><BODY><OUTLINE TEXT="Asia">'
        + feed.format("News &amp; more", site.at("/news.xml"))
        .upper()
        .replace("HTTP", "http")
        .replace("/NEWS.XML", "/news.xml")
        + "</OUTLINE></BODY></OPML>",
        "upper.opml",
    )
    many = "".join(feed.format(f"Site {i}", f"https://a{i}.example/rss") for i in range(300))
    bad = "".join(feed.format(f"Bad {i}", f"gopher://a{i}.example") for i in range(12))
    known = feed.format("News", f"{site.at('/news.xml')}")
    town.writes(f'<opml><body><outline text="x & y">{many}{bad}{known}', "many.opml")
    upper = town.runs("feeds", "import", "upper.opml")
    broken = town.runs("feeds", "import", "many.opml")
    as_json = town.runs("feeds", "import", "many.opml", "--json")
    none = town.runs("feeds", "import", "rules.yaml")

    assert [upper[0], broken[0], as_json[0], none[0]] == [0, 0, 0, 1]
    assert broken[1] == (
        "300 of 313 feeds are new and were added; 1 was there already; 12 cannot be used:\n"
    )
    assert "gopher://a0.example: it has no address that begins with http" in broken[2]
    assert broken[2].count("gopher") == 10
    assert "and 2 more" in broken[2]
    assert [one.get("done") for one in lines(as_json[1])] == ["known"] * 301 + [None] * 12
    exported = lines(town.runs("feeds", "export", "--json")[1])
    assert exported[0] == {"address": site.at("/news.xml"), "name": "NEWS & MORE", "tags": ["Asia"]}
    assert exported[1]["tags"] == ["x & y"]


def test_what_is_exported_comes_back_as_it_was(town):
    town.writes(
        "feeds:\n  - {url: https://a.example/?a=1&b=<2>, name: 'A & B', tags: [asia, x y]}\n"
        "  - https://b.example/\n" + RULES
    )
    _, opml, _ = town.runs("feeds", "export")
    town.writes(opml, "all.opml")
    town.writes(RULES, "other.yaml")
    code, _, err = town.runs("feeds", "import", "all.opml", "--rules", "other.yaml")
    before = town.runs("feeds", "export", "--json")[1]
    after = town.runs("feeds", "export", "--json", "--rules", "other.yaml")[1]

    assert (code, after) == (0, before), err


def test_the_list_says_how_feeds_do_at_any_width(town, site):
    site.refuse("/busy", 503)
    town.runs("feeds", "add", "--no-look", site.at("/news.xml"), site.at("/busy"))
    unpolled = town.runs("feeds")
    town.runs("run", "--once")
    narrow = town.runs("feeds", COLUMNS="80")
    wide = town.runs("feeds", COLUMNS="180")
    told = lines(town.runs("feeds", "--json")[1])

    assert "2 feeds, none in trouble" in unpolled[1]
    assert "Town News" in narrow[1]
    assert f"          {site.at('/news.xml')}\n" in narrow[1]
    assert "2 feeds: 1 failing" in narrow[1]
    assert "503" in narrow[1]
    row = next(line for line in wide[1].splitlines() if "Town News" in line)
    assert site.at("/news.xml") in row
    assert [one["state"] for one in told] == ["ok", "failing"]
    assert told[0]["why"]
    assert told[0]["posts_a_day"] > 0
    assert told[1]["since"] == told[1]["failing_since"]


def test_a_page_tells_all_that_is_known_of_a_feed(town, site):
    town.runs("feeds", "add", site.at("/news.xml"), site.at("/world.xml"), "--tag", "harbour")
    before = town.runs("feeds", "--verbose")
    town.runs("run", "--once")
    one = town.runs("feeds", "--verbose", site.at("/news.xml"))
    as_json = town.runs("feeds", site.at("/news.xml"), "--verbose", "--json")
    missing = town.runs("feeds", "--verbose", "https://nowhere.example/")

    assert before[1].count("state       new") == 2
    for told in ("Town News", "harbour", "ETag", "A ship sails", "2 in 7 days, 1 of them matched"):
        assert told in one[1]
    assert "World" not in one[1]
    (page_of_feed,) = lines(as_json[1])
    assert page_of_feed["week"] == {"articles": 2, "matched": 1, "pages": 0, "pages_read": 0}
    assert page_of_feed["rules"] == ["ship"]
    assert (missing[0], "has no feed" in missing[2]) == (1, True)


def test_a_page_that_is_no_feed_is_refused_with_the_feeds_that_it_names(town, site):
    people = town.runs("feed", site.at("/three"))
    told = lines(town.runs("feed", site.at("/three"), site.at("/none"), "--json")[1])

    assert people[0] == 1
    assert "this is a web page (HTML): A site" in people[1]
    assert "It names these feeds:" in people[1]
    assert told[0]["error"]["kind"] == "not_a_feed"
    assert sorted(told[0]["error"]["offers"]) == [
        site.at(path) for path in ("/news.xml", "/talk.xml", "/world.xml")
    ]
    assert told[1]["error"]["offers"] == []


def test_feed_tells_what_a_feed_says_of_itself(town, site):
    hinted = rss((1, "x")).replace(
        b"<title>Wire",
        b"<ttl>90</ttl><skipHours><hour>3</hour></skipHours><title>Wire",
    )
    site.put("/hinted.xml", hinted)
    told = lines(town.runs("feed", site.at("/hinted.xml"), "--json")[1])

    assert {"pace", "hub", "problems"} <= told[0]["feed"].keys()


def test_every_command_of_feeds_shows_an_example(town):
    for command in ("add", "remove", "import", "export"):
        code, out, _ = town.runs("feeds", command, "--help")
        assert (code, f"Example: python bot.py feeds {command}" in out) == (0, True)


def test_a_list_without_feeds_is_refused(desk):
    desk.writes("rules: [match: ship]\n")
    desk.writes("<opml><body><outline text='Asia'/></body></opml>", "empty.opml")

    code, out, err = desk.runs("feeds", "import", "empty.opml")

    assert (code, out) == (1, "")
    assert "empty.opml: no feed can be found in this list" in err
