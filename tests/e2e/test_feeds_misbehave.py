"""Feeds that are broken, huge or hostile cost little, are reported, and disturb nobody."""

import json

from tests.e2e.conftest import rss
from tests.fakes.feed_site import bomb, cut, endless

ENTITIES = (
    b"<!DOCTYPE x ["
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><rss version='2.0'><channel><title>&e11;</title></channel></rss>"
)


def test_the_others_go_on(desk, site):
    site.put("/good.xml", rss((1, "A ship sails")))
    site.put("/page", "<html><title>Hi</title><body>Hello</body></html>", content_type="text/html")
    site.put("/empty", b"")
    site.put("/json", b'{"error": "no"}')
    site.put("/bomb.xml", ENTITIES)
    site.put("/deep.xml", b"<rss><channel>" + b"<a>" * 200_000)
    site.put("/binary", bytes(range(256)) * 1000)
    site.put("/large.xml", rss((1, "A large ship")) + b"x" * 50_000_000)
    site.fail("/endless", endless())
    site.fail("/gzip", bomb("gzip"))
    site.fail("/cut", cut(rss((1, "A cut ship"))))
    site.refuse("/gone", 410)
    site.refuse("/error", 500)
    site.put("/latin.xml", "<rss version='2.0'><channel><title>L</title><item><title>Ein ship "
             "f\xe4hrt</title></item></channel></rss>".encode("latin-1"))  # fmt: skip
    paths = ("/page", "/empty", "/json", "/bomb.xml", "/binary", "/large.xml", "/endless")
    paths += ("/gzip", "/cut", "/gone", "/error", "/deep.xml", "/latin.xml", "/good.xml")
    feeds = "".join(f"  - {{url: {site.at(path)}, catch_up: all}}\n" for path in paths)
    desk.writes(f"feeds:\n{feeds}rules:\n  - match: ship\n")

    code, out, err = desk.runs("run", "--once", "--json")
    health = {
        one["address"].removeprefix(site.url): one
        for one in map(json.loads, desk.runs("feeds", "--json")[1].splitlines())
    }

    told = {json.loads(line)["title"] for line in out.splitlines()}
    assert (code, "Traceback" in err) == (0, False)
    assert {"A ship sails", "Ein ship fährt"} <= told
    assert {path: health[path]["reason"] for path in paths if health[path]["reason"]} == {
        "/page": "not_a_feed",
        "/empty": "not_a_feed",
        "/json": "not_a_feed",
        "/bomb.xml": "not_a_feed",
        "/binary": "not_a_feed",
        "/large.xml": "too_large",
        "/endless": "too_large",
        "/gzip": "too_large",
        "/cut": "broken",
        "/gone": "http",
        "/error": "http",
    } | ({"/deep.xml": "not_a_feed"} if health["/deep.xml"]["reason"] else {})


def test_a_private_address_is_not_fetched_unless_it_is_allowed(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    desk.writes(
        f"feeds:\n  - {{url: {site.at('/feed.xml')}, catch_up: all}}\nrules: [match: ship]\n"
    )
    code, out, err = desk.runs("run", "--once", ALLOW_NETWORKS="")
    health = json.loads(desk.runs("feeds", "--json")[1])

    assert (code, out, site.requests()) == (0, "", ())
    assert (health["reason"], "ALLOW_NETWORKS" in health["message"]) == ("forbidden_address", True)
    assert "Traceback" not in err
