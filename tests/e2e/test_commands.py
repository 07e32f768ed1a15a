"""The command line, as users and their scripts call it."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, rss

REFERENCE = "article.jsonl"


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def wire(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails"), (2, "A train leaves")))
    desk.writes(
        f"feeds:\n  - url: {site.at('/feed.xml')}\n    catch_up: all\n"
        "entities:\n  vessel: [ship, boat]\n"
        "rules:\n  - name: Ships\n    match: '@vessel'\n"
        "    examples:\n      match: [A boat!]\n      ignore: [A goat!]\n"
    )
    return desk


@pytest.fixture
def offline(desk):
    """The shipped rules.yaml and sample wire, without the feeds of the real world."""
    shutil.copytree(ROOT / "sample", desk.folder / "sample")
    shutil.copy(ROOT / "rules.yaml", desk.folder / "rules.yaml")
    code, out, _ = desk.runs("feeds", "export", "--json")
    assert code == 0
    real = [one["address"] for one in lines(out) if one["address"].startswith("http")]
    assert desk.runs("feeds", "remove", *real)[0] == 0
    return desk


def test_the_sample_wire_shows_what_newsbell_does(offline):
    code, out, err = offline.runs("run", "--once", "--json")
    again = offline.runs("run", "--once", "--json")

    told = {alert["title"]: alert for alert in lines(out) if alert["action"] == "new"}
    # Either outlet may have been read first.
    (clocks,) = (told[title] for title in told if title.casefold().endswith("quantum clocks"))
    talks = told["Allies weigh opening the AUKUS pact to newcomers"]
    busan = told["South Korea to host next round of AUKUS Pillar Two talks"]
    assert code == 0, err
    outlets = {clocks["outlet"], *(one["outlet"] for one in clocks["others"])}
    assert outlets == {"Harbour Herald", "Strait Courier"}
    assert "Pillar 2" in talks["evidence"]
    assert "25 November" in " ".join(busan["snippets"])
    assert sum("Southern Lantern" in title for title in told) == 1
    assert not [title for title in told if "OECD" in title or "welders" in title or "bike" in title]
    assert again[:2] == (0, "")


def test_alerts_are_laid_out_for_people(offline):
    code, out, _ = offline.runs("run", "--once")

    assert code == 0
    assert "● South Korea to host next round of AUKUS Pillar Two talks" in out
    assert "AUKUS Pillar 2" in out


def test_shipped_rules_pass_their_check(offline):
    code, out, err = offline.runs("check")

    assert (code, out) == (0, ""), err


def test_check_names_the_place_of_each_problem(wire):
    path = wire.folder / "rules.yaml"
    path.write_text(path.read_text().replace("[A boat!]", "[A goat!]").replace("name:", "nam:"))

    code, out, _ = wire.runs("check")
    as_json = lines(wire.runs("check", "--json")[1])

    assert code == 1
    assert out.startswith("rules.yaml:7:5:")
    assert as_json[0]["line"] == 7
    assert "name" in as_json[0]["message"] + str(as_json[0]["hint"])


def test_check_runs_the_examples(wire):
    path = wire.folder / "rules.yaml"
    path.write_text(path.read_text().replace("[A boat!]", "[A coat!]"))

    code, out, _ = wire.runs("check")

    assert code == 1
    assert out.startswith("rules.yaml:10:15:")


def test_check_asks_the_stored_articles_too(wire, site):
    site.put("/feed.xml", rss(*((number, f"Ship {number} sails") for number in range(30))))
    wire.runs("run", "--once")

    code, out, _ = wire.runs("check")
    (wire.folder / "data" / "newsbell.db").write_bytes(b"no database")
    broken = wire.runs("check")

    assert (code, out.count("\n")) == (0, 1)
    assert out.startswith("rules.yaml:8:13: advice: it would have rung 30 times in the last 7 days")
    assert (broken[0], broken[1], "Traceback" in broken[2]) == (0, "", False)


def test_try_shows_the_evidence_or_what_is_missing(wire):
    wire.writes("The boat is not a train.", "text.txt")

    good = wire.runs("try", "@vessel AND train", "--text", "text.txt", "--json")
    bad = wire.runs("try", "boat AND plane", "--text", "text.txt", "--json")
    out = wire.runs("try", "boat NOT train", "--text", "text.txt", "--json")

    assert (good[0], [one["text"] for one in lines(good[1])[0]["evidence"]]) == (
        0,
        ["boat", "train"],
    )
    assert (bad[0], lines(bad[1])[0]["missing"]) == (1, ["plane"])
    assert (out[0], lines(out[1])[0]["left_out_by"]) == (1, ["train"])


def test_try_knows_countries_and_packs(wire):
    wire.writes("cove: [Sandy Cove]\n", "packs/place.yaml")
    wire.writes("Südkorea: 한국 meets at Sandy Cove.\n대한민국", "text.txt")

    good = wire.runs("try", "@country.kr @place.cove", "--text", "text.txt", "--json")
    code, _, err = wire.runs("try", "@country.uk", "--text", "text.txt")

    assert (good[0], [one["text"] for one in lines(good[1])[0]["evidence"]]) == (
        0,
        ["Südkorea", "한국", "Sandy Cove", "대한민국"],
    )
    assert (code, "there is no entity @country.uk" in err) == (1, True)


def test_try_tells_the_entity_that_was_meant_or_those_that_there_are(wire):
    near = wire.runs("try", "@vesel", "--text", "-")
    far = wire.runs("try", "@zeppelin", "--text", "-")

    assert (near[0], "Did you mean @vessel?" in near[2]) == (1, True)
    assert (far[0], "It has: vessel." in far[2]) == (1, True)


def test_check_names_the_file_of_a_pack(wire):
    path = wire.folder / "rules.yaml"
    path.write_text(f"{path.read_text()}\n  - match: '@place.cove'\n")
    wire.writes("\ncove: []\n", "packs/place.yaml")

    code, out, _ = wire.runs("check")
    as_json = lines(wire.runs("check", "--json")[1])

    assert code == 1
    assert out.startswith("packs/place.yaml:2:1: this entity has no name")
    assert (as_json[0]["file"], as_json[0]["line"]) == ("packs/place.yaml", 2)


def test_try_looks_through_the_stored_articles(wire):
    wire.runs("run", "--once")

    found = wire.runs("try", "train", "--json")
    none = wire.runs("try", "train AND plane")
    as_json = wire.runs("try", "train AND plane", "--json")

    assert (found[0], [one["title"] for one in lines(found[1])]) == (0, ["A train leaves"])
    assert (none[0], "not found in 2 of 2: plane" in none[1]) == (1, True)
    assert lines(as_json[1])[0]["missing"] == {"plane": 2, "train": 1}


def test_try_tells_people_when_where_and_what_nearly(wire):
    wire.runs("run", "--once")

    code, out, err = wire.runs("try", "@vessel OR train", "--since", "30d")
    nearly = wire.runs("try", "ship sinks", "--json")

    shown = out.splitlines()
    assert (code, "2 of 2 articles of the last 30d match." in err) == (0, True)
    assert [line.split()[1:] for line in shown[:1]] == [["2", "\u2588\u2588"]]
    assert "Wire 2" in shown
    assert "A ship sails" in shown
    assert lines(nearly[1])[0]["nearest"][0]["missing"] == ["sinks"]
    assert "These lack one part only:" in wire.runs("try", "ship sinks")[1]


@pytest.mark.parametrize("expression", ["(boat", "@nobody", "NOT boat", ""])
def test_try_says_what_is_wrong_with_an_expression(wire, expression):
    code, _, err = wire.runs("try", expression, "--text", "rules.yaml")

    assert (code, "1:" in err, "Traceback" in err) == (1, True, False)


def test_replay_tells_what_would_have_been_done(wire):
    ship, train = "A ship is lost at sea", "A train is late again"
    records = [
        {"id": "a", "title": ship, "published": "2024-05-01T09:00:00Z"},
        {"id": "b", "title": ship, "source": "B", "published": "2024-05-01T10:00:00Z"},
        {"id": "c", "title": train, "published": "2024-05-01T11:00:00Z"},
        {"id": "d", "title": ship, "source": "D", "published": "2024-05-09T11:00:00Z"},
    ]
    wire.writes("\n".join(json.dumps(one) for one in records), "articles.jsonl")

    code, out, err = wire.runs("replay", "articles.jsonl", "--json")

    first, second, third, fourth = lines(out)
    assert code == 0, err
    assert first == {
        "id": "a",
        "story": first["story"],
        "rules": ["Ships"],
        "alerts": [{"chat": "screen", "action": "new"}],
    }
    assert (second["story"], second["alerts"]) == (
        first["story"],
        [{"chat": "screen", "action": "revise"}],
    )
    assert (third["rules"], third["alerts"]) == ([], [])
    assert (fourth["story"] != first["story"], fourth["alerts"][0]["action"]) == (True, "new")
    assert not (wire.folder / "data").exists()


def test_replay_tells_a_reply_from_a_revision(wire):
    wire.writes("rules:\n- {name: Ships, match: ship}\n- {name: Storms, match: storm}\n")
    ship = "A ship is lost at sea"
    records = [
        {"id": "a", "title": ship, "published": "2024-05-01T09:00:00Z"},
        {"id": "b", "title": ship, "source": "B", "published": "2024-05-01T10:00:00Z"},
        {"id": "c", "title": ship, "source": "C", "published": "2024-05-01T11:00:00Z"}
        | {"summary": "A storm is blamed."},
    ]
    wire.writes("\n".join(json.dumps(one) for one in records), "articles.jsonl")

    code, out, err = wire.runs("replay", "articles.jsonl", "--json")

    assert code == 0, err
    assert [one["alerts"][0]["action"] for one in lines(out)] == ["new", "revise", "reply"]


def test_the_terminal_tells_a_further_rule_as_a_reply(wire, site):
    wire.writes(
        f"feeds: [{{url: {site.at('/feed.xml')}, catch_up: all}}]\n"
        "rules:\n- {name: Ships, match: ship}\n- {name: Storms, match: storm}\n"
    )
    wire.runs("run", "--once")
    site.put("/feed.xml", rss((1, "A ship sails into a storm")))

    code, out, err = wire.runs("run", "--once", "--json")
    listed = lines(wire.runs("alerts", "--json")[1])

    told = {one["action"]: one for one in lines(out) if "action" in one}
    assert code == 0, err
    assert told["reply"]["note"] == "A further rule holds: Storms"
    assert [(one["kind"], one["state"]) for one in listed] == [("reply", "sent"), ("alert", "sent")]


def test_the_terminal_says_which_earlier_story_an_alert_is_likely_part_of(wire, site):
    burst = (1, "Dam above Velmora bursts, dozens missing", "The Karsk dam burst on Tuesday.")
    title = "Opinion: the dam above Velmora burst because nobody looked"
    opinion = (2, title, "The Karsk dam burst on Tuesday.", "https://post.example/2")
    wire.writes(
        f"feeds: [{{url: {site.at('/feed.xml')}, catch_up: all, full_text: never}}]\n"
        "rules: [match: Velmora]\n"
    )
    site.put("/feed.xml", rss(burst))
    wire.runs("run", "--once")
    site.put("/feed.xml", rss(burst, opinion))

    code, out, err = wire.runs("run", "--once")

    assert code == 0, err
    assert f"● {title}" in out
    assert f"Likely part of: {burst[1]}" in out


def test_replay_takes_a_labelled_set_as_it_is(wire):
    told = [
        {"id": "a", "title": "A ship is lost at sea", "outlet": "A", "story": "s1", "trap": "pos"},
        {"id": "b", "title": "A ship is lost at sea", "outlet": "B", "story": "s1"},
        {"id": "c", "title": "A train is late again", "published": None, "story": "s2"},
    ]
    plain = wire.writes("\n".join(json.dumps(one) for one in told), "set.jsonl")
    (wire.folder / "set.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))

    from_file = wire.runs("replay", "set.jsonl", "--json")
    packed = wire.runs("replay", "set.jsonl.gz", "--json")
    given = wire.runs_on(plain, "replay", "-", "--json")
    packed_given = wire.runs_on(wire.folder / "set.jsonl.gz", "replay", "-", "--json")

    stories = {one["id"]: one["story"] for one in lines(from_file[1])}
    assert from_file[0] == 0, from_file[2]
    assert from_file == packed == given == packed_given
    assert stories["a"] == stories["b"] != stories["c"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no json", "this is no JSON object"),
        ('{"title": "x"}', "id is missing"),
        ('{"id": null, "title": "x"}', "id is missing"),
        ('{"id": "x", "published": "2024-05-01", "tags": "a"}', "tags is no list"),
        ('{"id": "x", "published": "soon"}', "published is soon"),
        ("[]", "this is no JSON object"),
    ],
)
def test_replay_names_the_line_that_it_cannot_read(wire, line, said):
    wire.writes(line, "articles.jsonl")

    code, _, err = wire.runs("replay", "articles.jsonl")

    assert (code, f"articles.jsonl:1: {said}" in err, "Traceback" in err) == (1, True, False)


def test_the_reference_article_is_flagged(desk, shared):
    desk.writes('rules:\n  - name: Pillar 2\n    match: AUKUS AND "Pillar 2"\n')

    code, out, _ = desk.runs("replay", str(shared / "reference" / REFERENCE), "--json")

    assert (code, lines(out)[0]["rules"]) == (0, ["Pillar 2"])


def test_feed_shows_how_a_feed_is_understood(wire, site):
    (wire.folder / "own.xml").write_bytes(rss((3, "From a &lt;b&gt;file&lt;/b&gt;")))

    code, out, _ = wire.runs("feed", site.at("/feed.xml"), "own.xml", "--json")

    first, second = lines(out)
    assert code == 0
    assert first["entries"][0] == {
        "id": "1",
        "title": "A ship sails",
        "url": "https://wire.example/1",
        "published": None,
        "summary": None,
        "author": None,
        "lang": None,
        "tags": [],
    }
    assert (second["address"], second["entries"][0]["title"]) == ("own.xml", "From a file")


def test_feed_says_what_is_no_feed_and_goes_on(wire, site):
    site.put("/page", "<html><title>Hello</title>", content_type="text/html")

    code, out, _ = wire.runs(
        "feed", site.at("/page"), site.at("/none"), "none.xml", site.at("/feed.xml"), "--json"
    )

    kinds = [one.get("error", {}).get("kind") for one in lines(out)]
    assert (code, kinds) == (1, ["not_a_feed", "http", "no_file", None])


def test_no_feed_steers_the_terminal_that_shows_it(wire):
    steering = "\x9b2J\u202e"
    item = {"id": f"1\u2028{steering}", "title": steering + "harbour"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": steering, "items": [item]}
    (wire.folder / "own.json").write_text(json.dumps(feed))
    (wire.folder / "error.json").write_text(json.dumps({"error": f"no {steering} key"}))

    _, people, _ = wire.runs("feed", "own.json", "error.json")
    _, programs, _ = wire.runs("feed", "own.json", "error.json", "--json")

    assert not set(people + programs) & set(steering + "\u2028") - set("2J")
    assert lines(programs)[0]["entries"][0]["id"] == f"1\u2028{steering}"


def test_feeds_lists_health(wire, site):
    before = lines(wire.runs("feeds", "--json")[1])
    wire.runs("run", "--once")
    after = lines(wire.runs("feeds", "--json")[1])
    site.down()
    wire.runs("run", "--once")
    failing = lines(wire.runs("feeds", "--json")[1])
    people = wire.runs("feeds")

    assert [one[0]["state"] for one in (before, after, failing)] == ["new", "ok", "failing"]
    assert (after[0]["articles"], failing[0]["reason"]) == (2, "unreachable")
    assert "failing" in people[1]


def test_feeds_go_out_and_come_back_as_opml(wire):
    _, opml, _ = wire.runs("feeds", "export")
    wire.writes(opml, "finding.opml")
    wire.writes("rules:\n  - match: ship\n", "other.yaml")

    code, _, err = wire.runs("feeds", "import", "finding.opml", "--rules", "other.yaml")
    exported = wire.runs("feeds", "export", "--rules", "other.yaml", "--json")
    mine = wire.runs("feeds", "export", "--json")

    assert code == 0, err
    assert lines(exported[1])[0]["address"] == lines(mine[1])[0]["address"]


def test_feeds_add_leaves_the_rest_of_the_file_as_it_is(wire):
    path = wire.folder / "rules.yaml"
    before = path.read_text()

    code, _, err = wire.runs("feeds", "add", "https://example.org/rss.xml")

    kept = [line for line in path.read_text().splitlines() if "example.org" not in line]
    assert (code, kept) == (0, before.splitlines()), err


def test_options_may_stand_before_what_is_done_with_feeds(wire):
    wire.writes("rules:\n  - match: ship\n", "other.yaml")

    code, _, err = wire.runs("feeds", "--rules", "other.yaml", "add", "https://example.org/rss")

    assert (code, "example.org" in (wire.folder / "other.yaml").read_text()) == (0, True), err


def test_feeds_refuses_what_is_no_address_or_not_there(wire):
    assert wire.runs("feeds", "add", "/etc/passwd")[0] == 1
    assert wire.runs("feeds", "remove", "https://nowhere.example/")[0] == 1


def test_alerts_and_status_tell_what_happened(wire):
    wire.runs("run", "--once")

    code, out, _ = wire.runs("alerts", "--json")
    failed = wire.runs("alerts", "--failed", "--json")
    status = lines(wire.runs("status", "--json")[1])[0]

    (alert,) = lines(out)
    assert (code, alert["title"], alert["state"], alert["rules"]) == (
        0,
        "A ship sails",
        "sent",
        ["Ships"],
    )
    assert failed[1] == ""
    assert (status["running"], status["feeds"], status["outbox"]) == (False, 1, {"sent": 1})


def test_health_is_good_only_while_it_runs(wire):
    bot = wire.starts("run")
    bot.wait_for("A ship sails")
    alive = wire.runs("health")
    bot.stops()
    dead = wire.runs("health")

    assert (alive[0], dead[0]) == (0, 1)


def test_the_wrong_call_is_told_apart_from_a_no(wire):
    assert wire.runs("fly")[0] == 2
    assert wire.runs("run", "--fast")[0] == 2
    assert wire.runs("try")[0] == 2


def test_options_alone_run_it(wire):
    code, out, _ = wire.runs("--once", "--json")

    assert (code, lines(out)[0]["title"]) == (0, "A ship sails")


def test_feeds_beside_the_rules_are_files_but_never_outside(desk):
    Path(desk.folder / "wire.xml").write_bytes(rss((1, "A ship sails")))
    desk.writes("feeds:\n  - {url: wire.xml, catch_up: all}\nrules:\n  - match: ship\n")
    inside = desk.runs("run", "--once", "--json")
    codes = []
    for address in ("../wire.xml", "/etc/passwd", "file:///etc/passwd"):
        desk.writes(f"feeds:\n  - {address}\nrules:\n  - match: ship\n")
        codes.append(desk.runs("check")[0])

    assert (lines(inside[1])[0]["title"], codes) == ("A ship sails", [1, 1, 1])
