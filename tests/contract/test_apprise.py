"""Alerts on their way to webhooks, mailboxes and rooms, by Apprise, over real servers."""

import asyncio
import io
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitors.adapters.apprise.call import Message, fitting
from monitors.adapters.apprise.notifier import Notifier
from monitors.adapters.apprise.reach import opened, trouble
from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.delivery import Delivered, InDoubt, Refused, RetryLater
from monitors.pipeline.records import Kind, Letter, Notice, OutboxId
from monitors.rules.rulebook import Apprise
from tests.fakes.post_office import PostOffice
from tests.fakes.webhook import Fault, Webhook

# What Apprise's services import when they are loaded.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SECRET = "hunter2secret"
DOUBT = "may have been sent before"
CONTENT = AlertContent(
    headline=Snippet(text="Allies talk of <AUKUS>", marks=((16, 21),)),
    link="https://herald.example/talks?a=1&b=2",
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    rules=("AUKUS",),
    snippets=(Snippet(text="a second phase, “Pillar 2”, under which", marks=((17, 25),)),),
    others=(
        Report(outlet="Wire", title="Pact & allies", link="https://wire.example/1"),
        Report(outlet="Post", title="Talks go on", link="https://post.example/2"),
    ),
)
ALERT = Letter(
    id=OutboxId(1),
    chat="desk",
    kind=Kind.ALERT,
    content=CONTENT,
    notice=None,
    version=1,
    message_id=None,
    destination=None,
    attempt=1,
    doubts=0,
    marked=False,
)


@pytest.fixture
def hook():
    with Webhook() as server:
        yield server


@pytest.fixture
def office():
    with PostOffice() as server:
        yield server


def notice(text):
    return replace(ALERT, kind=Kind.NOTICE, content=None, notice=Notice.plain(text))


def deliver(*letters, to, notifier=None, answer_s=20.0):
    """Deliver *letters* one after the other; answer what became of each."""
    addresses = (to,) if isinstance(to, str) else tuple(to)

    async def run():
        sender = notifier or Notifier(answer_s=answer_s)
        return [await sender.deliver(one, Apprise(addresses=addresses), UTC) for one in letters]

    return asyncio.run(run())


def mail(office, *, login="ann", more=""):
    return (
        f"mailto://{login}:{SECRET}@{office.host}?to=desk@example.org&from=bell@example.org{more}"
    )


def test_a_webhook_gets_title_and_plain_text(hook):
    (outcome,) = deliver(ALERT, to=f"json://{hook.host}/alerts")
    (post,) = hook.taken

    assert isinstance(outcome, Delivered)
    assert post.path == "/alerts"
    assert post.json["title"] == "Allies talk of <AUKUS>"
    assert post.json["message"] == (
        "Harbour Herald · 3 Nov 09:30 · rule AUKUS\n"
        "https://herald.example/talks?a=1&b=2\n\n"
        "a second phase, “Pillar 2”, under which\n\n"
        "2 more outlets:\n"
        "- Wire · Pact & allies\n  https://wire.example/1\n"
        "- Post · Talks go on\n  https://post.example/2"
    )


def test_a_mail_has_the_headline_as_link_the_words_marked_and_the_outlets_listed(office):
    (outcome,) = deliver(ALERT, to=mail(office))
    (sent,) = office.mails

    assert isinstance(outcome, Delivered)
    assert sent.recipients == ["desk@example.org"]
    assert sent.message["Subject"] == "Allies talk of <AUKUS>"
    assert sent.message["From"] == "bell@example.org"
    assert (
        '<a href="https://herald.example/talks?a=1&amp;b=2"><b>Allies talk of '
        "&lt;<u>AUKUS</u>&gt;</b></a><br>" in sent.html
    )
    assert "<i>Harbour Herald</i> · 3 Nov 09:30 · rule <b>AUKUS</b>" in sent.html
    assert "<blockquote>a second phase, “<b>Pillar 2</b>”, under which</blockquote>" in sent.html
    assert (
        '<li><i>Wire</i> · <a href="https://wire.example/1">Pact &amp; allies</a></li>' in sent.html
    )
    assert "Allies talk of <AUKUS>" in sent.text


def test_a_mail_of_plain_text_can_be_asked_for(office):
    deliver(ALERT, to=mail(office, more="&format=text"))

    (sent,) = office.mails
    assert "https://herald.example/talks?a=1&b=2" in sent.message.get_content()
    assert not sent.message.is_multipart()


def test_markdown_is_escaped_as_the_service_needs_it(hook):
    content = replace(CONTENT, headline=Snippet(text="*Bold* [x](http://evil.example) @all"))
    deliver(replace(ALERT, content=content), to=f"mmost://{hook.host}/token?format=markdown")

    text = hook.taken[0].json["text"]
    assert "\\*Bold\\*" in text
    assert "[x](http://evil.example)" not in text
    assert "@all" not in text


def test_a_reply_names_what_it_replies_to_and_a_mail_belongs_to_its_conversation(office):
    (first,) = deliver(ALERT, to=mail(office))
    reply = replace(
        ALERT,
        id=OutboxId(2),
        kind=Kind.REPLY,
        content=replace(CONTENT, note="5 outlets report it now"),
        reply_to=first.message_id,
    )
    deliver(reply, to=mail(office))

    begun, answer = (sent.message for sent in office.mails)
    assert answer["Subject"] == "Re: Allies talk of <AUKUS>"
    assert answer["In-Reply-To"] == begun["References"] == f"<{first.message_id}>"
    assert "5 outlets report it now" in office.mails[1].html


def test_a_related_story_names_the_earlier_one(hook):
    earlier = Report(outlet="Wire", title="Pact talks begin", link="https://wire.example/0")
    deliver(replace(ALERT, content=replace(CONTENT, earlier=earlier)), to=f"json://{hook.host}")

    assert "Likely part of: Pact talks begin" in hook.taken[0].json["message"]


def test_a_revision_is_not_sent_and_counts_as_done(hook):
    revision = replace(ALERT, kind=Kind.REVISION, message_id="abc@newsbell")

    assert deliver(revision, to=f"json://{hook.host}") == [Delivered("abc@newsbell", calls=0)]
    assert hook.posts == []


def test_a_notice_keeps_its_lines(hook):
    deliver(
        notice("Harbour Herald is down\nSince 3 Nov:\n  404"),
        notice("Bell"),
        to=f"json://{hook.host}",
    )

    first, second = (post.json for post in hook.taken)
    assert (first["title"], first["message"]) == ("Harbour Herald is down", "Since 3 Nov:\n  404")
    assert (second["title"], second["message"]) == ("Newsbell", "Bell")


def test_a_doubtful_letter_says_so(hook, office):
    again = replace(ALERT, marked=True, doubts=1, attempt=2)
    deliver(again, to=[f"json://{hook.host}", mail(office)])

    assert DOUBT in hook.taken[0].json["message"]
    assert DOUBT in office.mails[0].html


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (500, RetryLater("the server answers 500")),
        (503, RetryLater("the server answers 503")),
        (429, RetryLater("the server answers 429")),
        (504, InDoubt("the server answers 504: it is not known whether it took the message")),
        (400, Refused("the server answers 400: it does not take this message", whole_chat=False)),
        (
            401,
            Refused(
                "the server answers 401: check the name, the password or the token in its address"
            ),
        ),
        (404, Refused("the server answers 404: check its address")),
        (302, Refused("the server answers 302: it has another address now")),
    ],
)
def test_a_status_is_told_apart(hook, status, outcome):
    hook.answers(status)

    assert deliver(ALERT, to=f"json://ann:{SECRET}@{hook.host}/{SECRET}") == [outcome]
    assert [post.answer for post in hook.posts] == [status]


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.GARBAGE])
def test_a_broken_connection_is_in_doubt(hook, fault):
    hook.answers(fault)

    assert deliver(ALERT, to=f"json://{hook.host}") == [
        InDoubt("the connection broke before the answer came")
    ]


def test_a_server_that_answers_too_late_is_in_doubt(hook):
    hook.answers(Fault.HANG)

    outcomes = deliver(ALERT, to=f"json://{hook.host}?rto=0.2")
    assert outcomes == [InDoubt("no answer came in time")]


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
def test_a_call_that_does_not_come_back_is_left_behind(hook, fault):
    hook.answers(fault)

    outcomes = deliver(ALERT, ALERT, to=f"json://{hook.host}", answer_s=0.3)
    assert outcomes == [
        InDoubt("no answer came in time"),
        RetryLater("an earlier message to it is still on its way"),
    ]
    assert len(hook.posts) == 1


def test_a_late_answer_settles_the_doubt(office):
    office.says("QUIT", Fault.HANG)  # the mail was taken, but Apprise does not say so yet

    async def run():
        notifier, to = Notifier(answer_s=0.5), Apprise(addresses=(mail(office),))
        outcomes = [await notifier.deliver(ALERT, to, UTC)]
        office.says("QUIT", "221 bye")
        office.hangs_up()
        while not isinstance(outcomes[-1], Delivered):
            outcomes.append(await notifier.deliver(replace(ALERT, marked=True, doubts=1), to, UTC))
            await asyncio.sleep(0.02)
        return outcomes

    outcomes = asyncio.run(run())
    assert outcomes[0] == InDoubt("no answer came in time")
    assert len(office.mails) == 1


def test_a_server_that_is_down_certainly_got_nothing():
    with Webhook() as gone:
        down = gone.host

    assert deliver(ALERT, to=f"json://{down}") == [RetryLater("the server cannot be reached")]
    assert deliver(
        ALERT, to=f"mailto://ann:{SECRET}@{down}?to=a@example.org&from=b@example.org"
    ) == [RetryLater("the server cannot be reached")]
    assert deliver(ALERT, to="json://nowhere.invalid") == [
        RetryLater("the server's name is not known")
    ]


@pytest.mark.parametrize(
    ("command", "reply", "outcome"),
    [
        ("HELLO", Fault.CUT, RetryLater("the mail server cannot be reached")),
        ("HELLO", "421 too busy", RetryLater("the mail server answers 421")),
        (
            "AUTH",
            "535 no",
            Refused("the mail server answers 535: check the name and the password in its address"),
        ),
        (
            "RCPT",
            "550 nobody",
            Refused("the mail server answers 550: it does not take mail for this recipient"),
        ),
        ("RCPT", "450 later", RetryLater("the mail server answers 450")),
        (
            "END",
            "554 spam",
            Refused("the mail server answers 554: it does not take this message", whole_chat=False),
        ),
        ("END", "451 later", RetryLater("the mail server answers 451")),
        ("END", Fault.CUT, InDoubt("the connection broke before the answer came")),
    ],
)
def test_a_mail_server_that_refuses_is_told_apart(office, command, reply, outcome):
    office.says(command, reply)

    assert deliver(ALERT, to=mail(office)) == [outcome]
    assert office.mails == []


def test_an_address_that_asks_to_repeat_or_to_forgive_is_not_obeyed(hook):
    hook.answers(500, 500, 500)

    outcomes = deliver(ALERT, to=f"json://{hook.host}?retry=2&wait=0&optional=yes")
    assert outcomes == [RetryLater("the server answers 500")]
    assert len(hook.posts) == 1


def test_of_several_addresses_each_gets_it_once(hook, office):
    notifier = Notifier()
    to = [f"json://{hook.host}/a", f"json://{hook.host}/b", mail(office)]
    office.says("HELLO", "421 too busy")

    first = deliver(ALERT, to=to, notifier=notifier)
    office.replies.clear()
    second = deliver(replace(ALERT, attempt=2, doubts=1, marked=True), to=to, notifier=notifier)

    assert first == [
        InDoubt("mailto://***@127.0.0.1: the mail server answers 421 (2 of 3 addresses have it)")
    ]
    assert isinstance(second[0], Delivered)
    assert len(hook.taken) == 2
    assert len(office.mails) == 1
    assert DOUBT not in office.mails[0].html  # that one certainly had not got it


def test_after_a_restart_each_address_gets_it_again_marked(hook):
    to = [f"json://{hook.host}/a", f"json://{hook.host}/b"]
    hook.answers(200, 503)
    deliver(ALERT, to=to)
    deliver(replace(ALERT, attempt=2, doubts=1, marked=True), to=to)

    assert [DOUBT in post.json["message"] for post in hook.posts] == [False, False, True, True]


def test_one_address_that_refuses_does_not_close_the_chat(hook):
    notifier, to = Notifier(), [f"json://{hook.host}/a", f"json://{hook.host}/b"]
    hook.answers(200, 404)
    deliver(ALERT, to=to, notifier=notifier)
    hook.answers(404)
    (outcome,) = deliver(replace(ALERT, doubts=1, marked=True), to=to, notifier=notifier)

    assert isinstance(outcome, Refused)
    assert not outcome.whole_chat


def test_two_topics_of_one_address_that_differ_are_in_doubt(hook):
    hook.answers(200, 500)

    outcomes = deliver(ALERT, to=f"ntfy://{hook.host}/one/two")
    assert outcomes == [
        InDoubt("it was taken in some of the places of this address, and not in others")
    ]


@pytest.mark.parametrize(
    "title", ["Evil\r\nBcc: all@example.org", "Evil\nSubject: x", "a\x00b\x1b[2J"]
)
def test_a_title_makes_no_header(office, title):
    content = replace(CONTENT, headline=Snippet(text=title), outlet="x\r\n.\r\nQUIT")
    deliver(replace(ALERT, content=content), notice(title), to=mail(office))

    for sent in office.mails:
        assert sent.recipients == ["desk@example.org"]
        assert sent.message["Bcc"] is None
        assert len(sent.message.get_all("Subject")) == 1
        assert not set(sent.message["Subject"]) & set("\r\n\x00\x1b")


@pytest.mark.parametrize("extra", ["", "?format=markdown", "?format=html"])
def test_a_long_story_is_shortened_in_one_message(hook, extra):
    others = tuple(
        Report(outlet=f"Outlet {n}", title="𝔏ong headline " * 20, link=f"https://o.example/{n}")
        for n in range(60)
    )
    content = replace(CONTENT, headline=Snippet(text="Very long " * 90), others=others)
    deliver(
        replace(ALERT, content=content),
        notice("many words " * 9_000),
        to=f"ntfy://{hook.host}/topic{extra}",
    )

    assert len(hook.taken) == 2
    for post in hook.taken:
        assert len(post.json["title"]) <= 200
        assert len(post.json["message"]) <= 7_800
    assert "60 more outlets" in hook.taken[0].json["message"]


@pytest.mark.parametrize(
    "address",
    [
        "slack://TokenA1234/TokenB1234/TokenC1234123412341234/#general",
        "discord://123456789012345678/" + "a" * 68,
        "matrixs://token@matrix.example.org/#room:example.org",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/42",
        "irc://chat.example.org/#news",
        "rocket://token:b@chat.example.org/#news",
        "gchat://workspace/key/token",
        "wxteams://" + "a" * 80,
        "twist://name:pass@example.org/#news",
        "workflows://prod-1.westus.logic.azure.com:443/workflow/signature",
        "serwersms://name:pass@sender/15551234567",
        "mastodon://token@social.example.org",
        "mailto://ann:x@example.org",
        "jsons://localhost",
    ],
)
def test_what_is_sent_fits_into_one_message_of_each_kind_of_service(address):
    service = opened(address)
    others = tuple(
        Report(outlet=f"Outlet {n}", title="Long *headline* " * 15, link=f"https://o.example/{n}")
        for n in range(30)
    )
    full = replace(CONTENT, headline=Snippet(text="Very long <title> " * 20), others=others)
    for letter in (
        ALERT,
        replace(ALERT, content=full),
        notice("a\nb"),
        notice("many words " * 9_999),
    ):
        message = Message(letter=letter, zone=UTC, doubtful=True, name="x@newsbell")
        title, body, _ = fitting(service, message)

        assert 0 < len(body) <= service.body_maxlen
        assert len(title) <= service.title_maxlen
        if letter.content:
            assert "https://herald.example/talks" in body
            assert DOUBT in body


def test_nothing_overheard_and_nothing_answered_holds_a_secret(hook, office, capfd):
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)  # what our own logs would take up
    logging.getLogger().addHandler(handler)
    hook.answers(500, 401, Fault.CUT, 302)
    office.says("AUTH", "535 no")
    path = f"json://ann:{SECRET}@{hook.host}/{SECRET}?+X-Key={SECRET}"
    outcomes = deliver(*[ALERT] * 4, to=path) + deliver(ALERT, to=mail(office))
    outcomes += deliver(ALERT, to=[path, mail(office), f"nonsense://{SECRET}"])
    outcomes.append(trouble(f"slack://{SECRET}"))

    logging.getLogger().removeHandler(handler)
    shown = capfd.readouterr()
    assert SECRET not in repr(outcomes) + shown.out + shown.err + logged.getvalue()
    assert SECRET not in repr(Apprise(addresses=(path,)))


@pytest.mark.parametrize(
    ("address", "message", "hint"),
    [
        ("mailtoo://ann:x@example.org", "Apprise knows no service mailtoo://", "mailto"),
        ("https://example.org/hook", "Apprise knows no service at this web address", "jsons://"),
        ("mqtt://localhost/topic", "needs a library that Newsbell does not bring along", None),
        (
            f"https://discord.com/api/webhooks/123456789012345678/{'a' * 68}",
            "this web address of Discord holds a secret",
            "discord://",
        ),
        ("slack://a", "Apprise cannot read this address of Slack", "appriseit.com"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained(address, message, hint):
    told, how = trouble(address)

    assert message in told
    assert (hint or "") in how


@pytest.mark.parametrize(
    "address",
    [
        "mailto://ann:x@example.org",
        "discord://123456789012345678/" + "a" * 68,
        "ntfy://topic",
        "matrixs://token@matrix.example.org/#room:example.org",
        "JSON://localhost",
    ],
)
def test_an_address_that_can_be_used_is_no_trouble(address):
    assert trouble(address) is None


def test_messages_have_names_of_their_own_that_stay(hook):
    to = f"json://{hook.host}"
    first, again, other = deliver(ALERT, ALERT, replace(ALERT, id=OutboxId(2)), to=to)

    assert first == again != other
