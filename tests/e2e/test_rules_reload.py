"""An edited rules.yaml counts at once; a broken one changes nothing."""

import json

import pytest

from tests.e2e.conftest import rss


def rules(site, match):
    return (
        f"feeds:\n  - url: {site.at('/feed.xml')}\n    every: 1s\n    catch_up: all\n"
        f"rules:\n  - match: {match}\n"
    )


def overwritten(path, text):
    path.write_text(text, encoding="utf-8")


def replaced(path, text):
    other = path.with_name(".rules.yaml.swp")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


def removed_and_written(path, text):
    path.unlink()
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("save", [overwritten, replaced, removed_and_written])
def test_a_saved_file_counts(desk, site, save):
    site.put("/feed.xml", rss((1, "A ship sails")))
    path = desk.writes(rules(site, "ship"))
    bot = desk.starts("run")
    bot.wait_for("A ship sails")

    save(path, rules(site, "train"))
    bot.wait_for("rules.reloaded")
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship"), (3, "A train leaves")))
    bot.wait_for("A train leaves")

    assert "Another ship" not in bot.out


def test_a_broken_file_keeps_the_last_good_rules_and_says_where_it_is_broken(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    path = desk.writes(rules(site, "ship"))
    bot = desk.starts("run")
    bot.wait_for("A ship sails")

    path.write_text(rules(site, '"ship'), encoding="utf-8")
    bot.wait_for("rules.broken")
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship sails")))
    bot.wait_for("Another ship sails")
    _, broken, _ = desk.runs("status")
    told = json.loads(desk.runs("status", "--json")[1])
    path.write_text(rules(site, "train"), encoding="utf-8")
    bot.wait_for("rules.reloaded")
    _, mended, _ = desk.runs("status")

    assert bot.stops() == 0
    assert told["rules_broken"].startswith("rules.yaml:6:")
    assert f"broken since {told['rules_broken_since']}; the last good" in broken
    assert told["rules_broken"] in broken
    assert "broken" not in mended


def test_a_feed_that_is_added_is_polled(desk, site):
    site.put("/feed.xml", rss())
    site.put("/new.xml", rss((5, "A ship on a new feed")))
    desk.writes(rules(site, "ship"))
    bot = desk.starts("run")
    bot.wait_for("feed.polled")

    code, out, _ = desk.runs("feeds", "add", site.at("/new.xml"))
    looked = len(site.requests("/new.xml"))
    bot.wait_for("rules.reloaded")
    site.wait_for(lambda: len(site.requests("/new.xml")) > looked)

    assert (code, out) == (0, f"added {site.at('/new.xml')} (Wire, 1 entry)\n")
    assert looked == 1


def test_a_saved_pack_counts_and_a_broken_one_changes_nothing(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(rules(site, "'@place.cove'"))
    path = desk.writes("cove: [ship]", "packs/place.yaml")
    bot = desk.starts("run")
    bot.wait_for("A ship sails")

    path.write_text("cove: [", encoding="utf-8")
    bot.wait_for("rules.broken", "packs/place.yaml:1:")
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship sails")))
    bot.wait_for("Another ship sails")
    path.write_text("cove: [train]", encoding="utf-8")
    bot.wait_for("rules.reloaded")
    site.put("/feed.xml", rss((3, "A third ship sails"), (4, "A train leaves")))
    bot.wait_for("A train leaves")

    assert "A third ship" not in bot.out
    assert bot.stops() == 0
