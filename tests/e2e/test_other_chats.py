"""From a feed to a webhook and a mailbox, through `bot.py` as a process, in spite of faults."""

import json
import signal

from tests.e2e.conftest import rss
from tests.fakes.post_office import PostOffice
from tests.fakes.webhook import Fault, Webhook

SECRET = "hunter2secret"
DOUBT = "may have been sent before"


def rules(site, chats):
    return (
        f"feeds:\n  - url: {site.at('/feed.xml')}\n    every: 1s\n    catch_up: all\n"
        f"rules:\n  - name: Ships\n    match: ship\nchats:\n{chats}"
    )


def starts(desk, **environment):
    bot = desk.starts("run", **environment)
    bot.wait_for("started")
    return bot


def titles(hook):
    return [post.json["title"] for post in hook.taken]


def everything_kept(desk):
    """Answer all that is in the store, as it lies on the disk."""
    files = sorted((desk.folder / "data").iterdir())
    kept = "\n".join(path.read_bytes().decode("latin-1") for path in files)
    assert "crew sail" in kept
    return kept


def test_an_item_arrives_at_a_webhook_and_as_mail_and_no_secret_is_kept(desk, site):
    site.put("/feed.xml", rss((1, "A ship &amp;amp; its crew sail")))
    with Webhook() as hook, PostOffice() as office:
        mail = f"mailto://ann:{SECRET}@{office.host}?to=desk@example.org&from=bell@example.org"
        (desk.folder / "hook").write_text(f"json://{hook.host}/{SECRET}\n")
        desk.writes(rules(site, "  mail: {apprise: env:MAIL_URL}\n  hook: {apprise: file:hook}\n"))
        bot = starts(desk, MAIL_URL=mail)
        (post,) = hook.wait_for(lambda: hook.taken)
        (sent,) = office.wait_for(lambda: office.mails)
        site.put("/feed.xml", rss((1, "A ship &amp;amp; its crew sail"), (2, "Another ship sinks")))
        hook.wait_for(lambda: len(hook.taken) == 2)
        office.wait_for(lambda: len(office.mails) == 2)
        code, alerts, _ = desk.runs("alerts", MAIL_URL=mail)
        _, status, _ = desk.runs("status", "--json", MAIL_URL=mail)

        assert post.path == f"/{SECRET}"
        assert post.json["title"] == "A ship & its crew sail"
        assert "rule Ships" in post.json["message"]
        assert sent.message["Subject"] == "A ship & its crew sail"
        assert '<a href="https://wire.example/1">' in sent.html
        assert bot.stops() == 0
    assert code == 0
    assert "A ship & its crew sail" in alerts
    assert SECRET not in bot.out + bot.err + alerts + status + everything_kept(desk)


def test_what_a_server_missed_while_it_was_down_or_failing_comes_once(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    with Webhook() as gone:
        port = gone.port
    desk.writes(rules(site, f"  hook: {{apprise: 'json://127.0.0.1:{port}/{SECRET}'}}\n"))
    bot = starts(desk)
    bot.wait_for("cannot be reached")
    with Webhook(port) as hook:
        hook.answers(500, 503, 200)
        hook.wait_for(lambda: hook.taken)
        site.put("/feed.xml", rss((1, "A ship sails"), (2, "Another ship sinks")))
        hook.wait_for(lambda: len(hook.taken) == 2)

        assert titles(hook) == ["A ship sails", "Another ship sinks"]
        assert [post.answer for post in hook.posts] == [500, 503, 200, 200]
        assert not any(DOUBT in post.json["message"] for post in hook.posts)
    assert SECRET not in bot.out + bot.err


def test_an_answer_that_was_lost_is_in_doubt_and_the_repeat_says_so(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    with Webhook() as hook:
        hook.answers(Fault.CUT)
        desk.writes(rules(site, f"  hook: {{apprise: 'json://{hook.host}'}}\n"))
        starts(desk)
        (post,) = hook.wait_for(lambda: hook.taken)

        assert [DOUBT in one.json["message"] for one in hook.posts] == [False, True]
        assert post.json["title"] == "A ship sails"


def test_a_server_that_hangs_delays_no_stop_and_nothing_is_lost(desk, site):
    site.put("/feed.xml", rss((1, "A ship sails")))
    with Webhook() as hook:
        hook.answers(Fault.HANG)
        desk.writes(
            rules(
                site,
                f"  hook: {{apprise: 'json://{hook.host}?rto=60'}}\n  screen: {{terminal: true}}\n",
            )
        )
        bot = starts(desk)
        hook.wait_for(lambda: hook.posts)
        bot.wait_for("A ship sails")  # the other chat need not wait

        assert bot.stops(signal.SIGTERM, seconds=25) == 0
        starts(desk)
        (post,) = hook.wait_for(lambda: hook.taken)
        assert DOUBT in post.json["message"]


def test_a_story_that_breaks_out_is_a_message_of_its_own_and_growth_is_none(desk, site):
    items = [(n, "A ship sails from the harbour", "", f"https://o{n}.example/x") for n in range(4)]
    site.put("/feed.xml", rss(items[0]))
    with PostOffice() as office:
        mail = f"mailto://ann:{SECRET}@{office.host}?to=desk@example.org&from=bell@example.org"
        text = rules(site, f"  mail: {{apprise: '{mail}'}}\n")
        desk.writes(text.replace("match: ship", "match: ship\n    break_out: 4"))
        starts(desk)
        office.wait_for(lambda: office.mails)
        site.put("/feed.xml", rss(*items))
        first, second = office.wait_for(lambda: len(office.mails) == 2 and office.mails)

        assert second.message["Subject"] == "Re: A ship sails from the harbour"
        assert second.message["In-Reply-To"] == first.message["References"]
        assert "4 outlets" in second.html


def test_check_says_what_is_wrong_with_an_address_and_where(desk, site):
    desk.writes(
        rules(
            site,
            "  one: {apprise: env:MAIL_URL}\n"
            f"  two: {{apprise: 'mailtoo://ann:{SECRET}@example.org'}}\n"
            f"  three: {{apprise: ['json://localhost', 'https://example.org/{SECRET}']}}\n",
        )
    )
    code, out, err = desk.runs("check", "--json")
    problems = [json.loads(line) for line in out.splitlines()]

    assert code == 1
    assert [(one["line"], one["message"]) for one in problems] == [
        (9, "the variable MAIL_URL is not set"),
        (10, "Apprise knows no service mailtoo://"),
        (11, "Apprise knows no service at this web address"),
    ]
    assert SECRET not in out + err
    assert desk.runs("run", "--once")[0] == 1
