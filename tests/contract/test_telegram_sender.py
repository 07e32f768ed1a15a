"""Alerts on their way to a Telegram that is as strict, and as unreliable, as the real one."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.adapters.telegram.sender import TelegramSender
from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.delivery import (
    Delivered,
    InDoubt,
    Mistaken,
    Moved,
    NotThere,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run, cut, fits
from monitors.errors import SettingsError
from monitors.pipeline.records import Kind, Letter, Notice, OutboxId
from monitors.rules.rulebook import Preview, Telegram
from tests.fakes.telegram_api import Fault, TelegramApi

# python-telegram-bot announces a new type of `retry_after`; both are read.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

ANN, GROUP, FORUM, CHANNEL = 4711, -4711, -1001234567890, -1009876543210
TO_ANN = Telegram(chat_id=str(ANN))
TO_TOPIC = Telegram(chat_id=str(FORUM), topic=12)
DOUBT = "may have been sent before"
CONTENT = AlertContent(
    headline=Snippet(text="Allies talk of <AUKUS>", marks=((16, 21),)),
    link="https://herald.example/talks",
    outlet="Harbour Herald",
    published_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    rules=("AUKUS",),
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
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
SHOWN = "Allies talk of <AUKUS>\nHarbour Herald · 3 Nov 09:30 · rule AUKUS"


def notice(text):
    return replace(ALERT, kind=Kind.NOTICE, content=None, notice=Notice.plain(text))


def revision(message_id, title="Allies go on talking"):
    content = replace(CONTENT, headline=Snippet(text=title))
    return replace(ALERT, kind=Kind.REVISION, content=content, message_id=message_id)


@pytest.fixture
def api():
    with TelegramApi() as server:
        server.private_chat(ANN)
        server.group(GROUP, "Desk")
        server.group(FORUM, "Forum", forum=True)
        server.topic(FORUM, 12, "Alerts")
        server.channel(CHANNEL, username="@herald")
        yield server


def deliver(api, *letters, to=TO_ANN, token=None, answer_s=20.0):
    """Deliver *letters* one after the other; answer what became of the last one."""

    async def calls():
        sender = TelegramSender(token or api.token, api.url, answer_s=answer_s)
        outcome = None
        try:
            for letter in letters:
                outcome = await sender.deliver(letter, to, UTC)
        finally:
            await sender.close()
        return outcome

    return asyncio.run(calls())


def opened(api, *, token=None):
    async def call():
        sender = TelegramSender(token or api.token, api.url)
        try:
            return await sender.open()
        finally:
            await sender.close()

    return asyncio.run(call())


def texts(api, chat_id):
    return [message.text for message in api.sent(chat_id)]


@pytest.mark.parametrize(
    ("destination", "chat_id"),
    [
        (TO_ANN, ANN),
        (Telegram(chat_id=str(GROUP)), GROUP),
        (Telegram(chat_id=str(CHANNEL)), CHANNEL),
        (Telegram(chat_id="@herald"), CHANNEL),
        (TO_TOPIC, FORUM),
    ],
)
def test_an_alert_is_shown_in_its_chat(api, destination, chat_id):
    outcome = deliver(api, ALERT, to=destination)
    (message,) = api.sent(chat_id)
    assert message.text == SHOWN
    assert outcome == Delivered(str(message.message_id))
    assert message.thread_id == destination.topic


def asked(api, letter, to=TO_ANN):
    """Ask whether a message shows *letter*; answer what is known then."""

    async def call():
        sender = TelegramSender(api.token, api.url, answer_s=2.0)
        try:
            return await sender.probe(letter, to)
        finally:
            await sender.close()

    return asyncio.run(call())


def doubted(number, probe=None):
    buttons = ((Button("Why?", f"why:1:{number}"),),)
    return replace(ALERT, id=OutboxId(number), buttons=buttons, probe=probe)


@pytest.mark.parametrize(
    "fault", [Fault.DROP_AFTER, Fault.TRUNCATED_JSON, Fault.HTML_BODY, Fault.HANG_AFTER]
)
@pytest.mark.parametrize("to", [TO_ANN, TO_TOPIC, Telegram(chat_id="@herald")])
def test_a_message_whose_answer_was_lost_is_found_by_its_buttons(api, fault, to):
    api.fault(fault, seconds=5.0)
    lost = deliver(api, doubted(7), to=to, answer_s=0.5)
    chat = CHANNEL if to.chat_id == "@herald" else int(to.chat_id)
    (message,) = api.sent(chat)

    found = asked(api, doubted(7, message.message_id), to)

    assert isinstance(lost, InDoubt)
    assert found == Delivered(str(message.message_id))
    assert api.sent(chat)[0].versions == ()


def test_what_is_not_there_or_somebody_elses_is_told_apart(api):
    mine = deliver(api, doubted(7))
    theirs = api.says(ANN, ANN, "Hello")
    nobodys = int(mine.message_id) + 50

    assert asked(api, doubted(8, theirs.message_id)) == NotThere(taken=True)
    assert asked(api, doubted(8, nobodys)) == NotThere(taken=False)


def test_a_message_of_ours_that_was_taken_for_another_gets_its_buttons_back(api):
    first = deliver(api, doubted(7))
    number = int(first.message_id)
    found = asked(api, doubted(8, number))

    async def call(letters):
        sender = TelegramSender(api.token, api.url)
        try:
            return await sender.give_back(first.message_id, found.text, letters, TO_ANN, UTC)
        finally:
            await sender.close()

    other = replace(doubted(9), content=replace(CONTENT, headline=Snippet(text="Another")))
    owner = asyncio.run(call([other, doubted(7)]))
    data = [button.data for button in api.sent(ANN)[0].buttons]
    nobody = asyncio.run(call([other]))

    assert (found, owner, data) == (Mistaken(SHOWN), 7, ["why:1:7"])
    assert (nobody, api.sent(ANN)[0].buttons) == (None, ())


@pytest.mark.parametrize(
    ("fault", "known"),
    [(Fault.RATE_LIMIT, RetryLater), (Fault.SERVER_ERROR, RetryLater), (Fault.DROP_AFTER, InDoubt)],
)
def test_looking_for_a_message_meets_what_a_send_meets(api, fault, known):
    deliver(api, doubted(7))
    api.fault(fault, method="editMessageReplyMarkup")
    assert isinstance(asked(api, doubted(7, 1)), known)


def test_looking_for_a_message_in_a_chat_that_is_lost_says_so(api):
    deliver(api, doubted(7))
    api.blocks(ANN)
    assert isinstance(asked(api, doubted(7, 1)), Refused)


def test_a_notice_has_styles_rows_of_buttons_and_takes_the_place_of_an_earlier_one(api):
    pages = [
        Notice(
            text=(Run("Rules", ("b",)), Run(f" <{page}>")),
            buttons=((Button("Back", "p:1"), Button("Next", "p:2")), (Button("Close", "x:1"),)),
        )
        for page in (1, 2)
    ]
    letter = replace(ALERT, kind=Kind.NOTICE, content=None, notice=pages[0])
    sent = deliver(api, replace(letter, buttons=pages[0].buttons))
    (message,) = api.sent(ANN)
    later = replace(pages[1], edits=sent.message_id)
    deliver(
        api,
        replace(letter, notice=later, buttons=later.buttons[:1], message_id=sent.message_id),
    )

    rows = [len(row) for row in message.reply_markup["inline_keyboard"]]
    assert (message.text, [one.type for one in message.entities]) == ("Rules <1>", ["bold"])
    assert rows == [2, 1]
    assert [one.text for one in api.sent(ANN)] == ["Rules <2>"]


def test_a_file_is_sent_with_its_text(api):
    file = Notice(text=(Run("Your rules", ("b",)),), document=("rules.yaml", "rules: [é]"))
    deliver(api, replace(ALERT, kind=Kind.NOTICE, content=None, notice=file), to=TO_TOPIC)
    (message,) = api.sent(FORUM)

    assert (message.text, message.thread_id) == ("Your rules", 12)
    assert message.document.name == "rules.yaml"
    assert message.document.content == "rules: [é]".encode()


@given(
    st.lists(
        st.tuples(
            st.text(max_size=3_000) | st.just(FAMILY * 600),
            st.sampled_from([(), ("b",), ("i", "u")]),
        ),
        max_size=5,
    )
)
@settings(max_examples=50, deadline=None)
def test_a_notice_of_any_length_is_one_message(pieces):
    runs = tuple(Run(text, tags) for text, tags in pieces)
    shown = cut(runs, 4096, "may be a repeat")

    assert fits(shown)
    assert shown[-1].text == "\n\nmay be a repeat"


def test_no_sign_of_a_long_notice_is_cut_in_two():
    family = FAMILY
    (run, _) = cut((Run(family * 600),), 4096, "end")
    assert set(run.text.replace(family, "")) <= {"…"}


def test_a_closed_topic_is_told_to_those_who_look_after_the_chat(api):
    api.close_topic(FORUM, 12)
    outcome = deliver(api, ALERT, to=TO_TOPIC)
    assert (outcome.calls, "topic" in outcome.note) == (2, True)


def test_buttons_stand_in_their_rows_under_a_message_and_its_edits(api):
    row = tuple(Button(f"Split off {number}", f"split:{number}") for number in range(2, 5))
    buttons = row, (Button("Split off 5", "split:5"),)
    sent = deliver(api, replace(ALERT, buttons=buttons))
    (message,) = api.messages(ANN)
    deliver(api, replace(revision(sent.message_id), buttons=buttons[1:]))
    deliver(api, revision(sent.message_id))

    first, second = api.messages(ANN)[0].versions
    rows = [len(row) for row in first.reply_markup["inline_keyboard"]]
    assert [button.data for button in message.buttons] == [f"split:{n}" for n in range(2, 6)]
    assert (rows, len(second.reply_markup["inline_keyboard"])) == ([3, 1], 1)
    assert api.messages(ANN)[0].buttons == ()


def test_a_notice_is_plain_text_whatever_it_holds(api):
    assert isinstance(deliver(api, notice("<b>rules.yaml</b> & more")), Delivered)
    assert texts(api, ANN) == ["<b>rules.yaml</b> & more"]


def test_a_notice_that_is_too_long_is_cut(api):
    assert isinstance(deliver(api, notice("x " * 5_000)), Delivered)
    assert len(texts(api, ANN)[0]) <= 4096


def test_no_preview_is_shown_below(api):
    deliver(api, ALERT)
    (call,) = api.calls_of("sendMessage")
    assert "is_disabled" in str(call.params["link_preview_options"])


@pytest.mark.parametrize(
    ("preview", "size"),
    [(Preview.SMALL, "prefer_small_media"), (Preview.LARGE, "prefer_large_media")],
)
def test_a_chat_that_wants_it_sees_the_page_of_the_headline_also_after_an_edit(api, preview, size):
    other = Report(outlet="Courier", title="Talks", link="https://courier.example/1")
    content = replace(CONTENT, others=(other,))
    first = deliver(api, replace(ALERT, content=content, preview=preview))
    deliver(api, replace(revision(first.message_id), preview=preview))

    options = [
        call.params["link_preview_options"]
        for call in (*api.calls_of("sendMessage"), *api.calls_of("editMessageText"))
    ]
    assert len(options) == 2
    for each in map(str, options):
        assert (size in each, CONTENT.link in each, "is_disabled" in each) == (True, True, False)
    assert api.sent(ANN)[0].preview_shown


@pytest.mark.parametrize("link", [None, "javascript:alert(1)"])
def test_without_a_link_there_is_no_preview_of_another(api, link):
    other = Report(outlet="Courier", title="Talks", link="https://courier.example/1")
    content = replace(CONTENT, link=link, others=(other,))
    deliver(api, replace(ALERT, content=content, preview=Preview.LARGE))
    assert not api.sent(ANN)[0].preview_shown


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize(("destination", "chat_id"), [(TO_ANN, ANN), (TO_TOPIC, FORUM)])
def test_a_silent_chat_hears_nothing_of_alerts_and_replies(api, destination, chat_id, silent):
    first = deliver(api, replace(ALERT, silent=silent), to=destination)
    deliver(api, replace(reply(first.message_id), silent=silent), to=destination)
    assert [message.silent for message in api.sent(chat_id)] == [silent, silent]


def test_a_revision_changes_the_message_in_place(api):
    first = deliver(api, ALERT)
    assert deliver(api, revision(first.message_id)) == first
    assert texts(api, ANN) == [SHOWN.replace("Allies talk of <AUKUS>", "Allies go on talking")]


def test_a_revision_that_changes_nothing_has_arrived(api):
    first = deliver(api, ALERT)
    again = replace(ALERT, kind=Kind.REVISION, message_id=first.message_id)
    assert deliver(api, again) == first


def test_a_revision_of_a_message_that_was_deleted_finds_its_target_gone(api):
    first = deliver(api, ALERT)
    api.deletes(api.sent(ANN)[0])
    assert isinstance(deliver(api, revision(first.message_id)), TargetGone)


def reply(message_id):
    content = replace(CONTENT, headline=Snippet(text="And a storm"))
    return replace(ALERT, kind=Kind.REPLY, content=content, reply_to=message_id)


@pytest.mark.parametrize(
    ("destination", "chat_id"),
    [(TO_ANN, ANN), (Telegram(chat_id="@herald"), CHANNEL), (TO_TOPIC, FORUM)],
)
def test_a_reply_is_shown_below_what_it_replies_to(api, destination, chat_id):
    first = deliver(api, ALERT, to=destination)
    second = deliver(api, reply(first.message_id), to=destination)

    shown = api.sent(chat_id)
    assert [str(message.message_id) for message in shown] == [first.message_id, second.message_id]
    assert [message.reply_to for message in shown] == [None, int(first.message_id)]
    assert shown[1].thread_id == destination.topic


def test_a_reply_to_a_message_that_was_deleted_arrives_all_the_same(api):
    first = deliver(api, ALERT)
    api.deletes(api.sent(ANN)[0])

    assert isinstance(deliver(api, reply(first.message_id)), Delivered)
    assert [(message.reply_to) for message in api.sent(ANN)] == [None]


@pytest.mark.parametrize("closing", ["close_topic", "delete_topic"])
def test_a_reply_in_a_topic_that_is_gone_goes_to_the_general_one(api, closing):
    first = deliver(api, ALERT, to=TO_TOPIC)
    getattr(api, closing)(FORUM, 12)

    assert isinstance(deliver(api, reply(first.message_id), to=TO_TOPIC), Delivered)
    last = api.sent(FORUM)[-1]
    assert (last.text.splitlines()[0], last.thread_id) == ("And a storm", None)


def test_a_message_of_a_related_story_and_the_earlier_one_link_to_each_other(api):
    forum = Telegram(chat_id=str(FORUM))
    first = deliver(api, ALERT, to=forum)
    link = "https://t.me/c/1234567890"
    earlier = Report(outlet="Herald", title="Allies talk", link=f"{link}/{first.message_id}")
    second = deliver(
        api,
        replace(ALERT, content=replace(CONTENT, earlier=earlier), reply_to=first.message_id),
        to=forum,
    )
    later = Report(outlet="Courier", title="Talks end", link=f"{link}/{second.message_id}")
    edit = replace(revision(first.message_id), content=replace(CONTENT, related=(later,)))
    deliver(api, edit, to=forum)

    shown = api.sent(FORUM)
    assert "Likely related: Courier · Talks end" in shown[0].text
    assert "Likely part of: Allies talk" in shown[1].text
    assert shown[0].links[-1].url == f"{link}/{shown[1].message_id}"
    assert shown[1].links[-1].url == f"{link}/{shown[0].message_id}"


def test_a_message_that_was_sent_again_says_so_for_as_long_as_it_grows(api):
    first = deliver(api, replace(ALERT, marked=True))
    assert DOUBT in texts(api, ANN)[0]
    deliver(api, replace(revision(first.message_id), marked=True))
    assert DOUBT in texts(api, ANN)[0]
    deliver(api, replace(revision(first.message_id), doubts=1))
    assert DOUBT not in texts(api, ANN)[0]


@pytest.mark.parametrize("closing", ["close_topic", "delete_topic"])
def test_where_the_topic_is_gone_the_alert_goes_to_the_general_one(api, closing):
    getattr(api, closing)(FORUM, 12)
    assert isinstance(deliver(api, ALERT, to=TO_TOPIC), Delivered)
    assert [(message.text, message.thread_id) for message in api.sent(FORUM)] == [(SHOWN, None)]


@pytest.mark.parametrize(
    ("happened", "destination", "advice"),
    [
        (lambda api: api.blocks(ANN), TO_ANN, "blocked"),
        (lambda api: api.deactivates(ANN), TO_ANN, "deleted their account"),
        (lambda api: api.stranger(ANN), TO_ANN, "/start"),
        (lambda api: api.kick(GROUP), Telegram(chat_id=str(GROUP)), "add it again"),
        (lambda api: api.remove(CHANNEL), Telegram(chat_id="@herald"), "add it again"),
        (lambda api: api.delete_group(GROUP), Telegram(chat_id=str(GROUP)), "was deleted"),
        (lambda api: api.mute(GROUP), Telegram(chat_id=str(GROUP)), "may not write"),
        (lambda _api: None, Telegram(chat_id="12345"), "does not know the chat"),
        (lambda _api: None, Telegram(chat_id="@nobody"), "does not know the chat"),
    ],
)
def test_a_chat_that_takes_no_messages_is_refused_as_a_whole(api, happened, destination, advice):
    happened(api)
    outcome = deliver(api, ALERT, to=destination)
    assert isinstance(outcome, Refused)
    assert outcome.whole_chat
    assert advice in outcome.why


def test_a_group_that_became_a_supergroup_has_moved(api):
    api.migrate(GROUP, -1005550000000)
    outcome = deliver(api, ALERT, to=Telegram(chat_id=str(GROUP)))
    assert outcome == Moved("-1005550000000")


class Choosy:
    """A Bot API that refuses every markup, as Telegram does with what it cannot read."""

    def __init__(self, refusal, *, same=False):
        self.refusal = refusal
        self.same = same
        self.texts = []

    async def answer(self, request):
        params = await request.post()
        self.texts.append(params["text"])
        if params.get("parse_mode"):
            return self._refuse(self.refusal)
        if self.same:
            return self._refuse("message is not modified: specified new message content")
        message = {"message_id": 7, "date": 0, "chat": {"id": ANN, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    def _refuse(self, reason):
        body = {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
        return web.json_response(body, status=400)

    async def takes(self, letter):
        app = web.Application()
        app.router.add_post("/{bot}/{method}", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sender = TelegramSender("123456789:AAF", f"http://127.0.0.1:{runner.addresses[0][1]}")
        try:
            return await sender.deliver(letter, TO_ANN, UTC)
        finally:
            await sender.close()
            await runner.cleanup()


@pytest.mark.parametrize(
    "refusal", ["can't parse entities: unsupported start tag", "message is too long"]
)
def test_an_alert_whose_markup_is_refused_goes_as_plain_text_and_is_logged(refusal):
    telegram = Choosy(refusal)
    with structlog.testing.capture_logs() as logs:
        assert asyncio.run(telegram.takes(ALERT)) == Delivered("7", calls=2)
    assert telegram.texts[0].startswith("<a href=")
    assert telegram.texts[1:] == [f"{SHOWN}\n{CONTENT.link}"]
    assert [entry["event"] for entry in logs] == ["markup.refused"]


def test_a_revision_that_goes_as_plain_text_and_changes_nothing_has_arrived():
    telegram = Choosy("can't parse entities", same=True)
    with structlog.testing.capture_logs():
        assert asyncio.run(telegram.takes(revision("7"))) == Delivered("7")


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY])
def test_an_error_of_the_server_means_that_nothing_arrived(api, fault):
    api.fault(fault)
    assert isinstance(deliver(api, ALERT), RetryLater)
    assert texts(api, ANN) == []


@pytest.mark.parametrize("fault", [Fault.GATEWAY_401, Fault.GATEWAY_404])
def test_a_page_of_a_gateway_says_nothing_about_the_token(api, fault):
    api.fault(fault)
    assert deliver(api, ALERT) == RetryLater("something else than Telegram answered")


def test_too_many_messages_wait_as_long_as_telegram_asks(api):
    api.fault(Fault.RATE_LIMIT, retry_after=7)
    outcome = deliver(api, ALERT)
    assert isinstance(outcome, RetryLater)
    assert outcome.wait == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        (Fault.DROP_BEFORE, False),
        (Fault.DROP_AFTER, True),
        (Fault.HANG_BEFORE, False),
        (Fault.HANG_AFTER, True),
        (Fault.TRUNCATED_JSON, True),
        (Fault.GATEWAY_504, True),
        (Fault.HTML_BODY, True),
    ],
)
def test_a_lost_answer_leaves_the_message_in_doubt(api, fault, arrived):
    api.fault(fault)
    assert isinstance(deliver(api, ALERT, answer_s=0.3), InDoubt)
    assert bool(texts(api, ANN)) is arrived


def test_an_answer_that_comes_late_still_counts(api):
    api.fault(Fault.SLOW, seconds=0.2)
    assert isinstance(deliver(api, ALERT), Delivered)


def test_an_edit_whose_answer_was_lost_can_be_made_again(api):
    first = deliver(api, ALERT)
    api.fault(Fault.DROP_AFTER, "editMessageText")
    assert isinstance(deliver(api, revision(first.message_id)), InDoubt)
    again = replace(revision(first.message_id), doubts=1)
    assert deliver(api, again) == first


@pytest.mark.parametrize("refuse", [True, False])
def test_a_service_that_is_down_is_asked_again_and_answers_when_it_is_back(api, refuse):
    async def calls():
        sender = TelegramSender(api.token, api.url)
        api.down(refuse=refuse)
        problem = await sender.open()
        down = await sender.deliver(ALERT, TO_ANN, UTC)
        api.up()
        back = await sender.deliver(ALERT, TO_ANN, UTC)
        await sender.close()
        return problem, down, back

    problem, down, back = asyncio.run(calls())
    assert problem
    assert isinstance(down, RetryLater if refuse else InDoubt)
    assert isinstance(back, Delivered)


def test_a_token_that_telegram_knows_opens(api):
    assert opened(api) is None


def test_a_wrong_token_is_an_error_that_does_not_repeat_it(api):
    wrong = "987654321:BBB-another_token_of_some_bot_0000"
    with pytest.raises(SettingsError, match="refuses the token") as caught:
        opened(api, token=wrong)
    assert wrong not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_token_that_is_withdrawn_while_running_is_tried_again(api):
    async def calls():
        sender = TelegramSender("987654321:BBB-another_token_of_some_bot_0000", api.url)
        outcome = await sender.deliver(ALERT, TO_ANN, UTC)
        await sender.close()
        return outcome

    outcome = asyncio.run(calls())
    assert isinstance(outcome, RetryLater)
    assert "TELEGRAM_TOKEN" in outcome.why


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.GATEWAY_401, "something else than Telegram"),
        (Fault.GATEWAY_404, "something else than Telegram"),
        (Fault.BAD_GATEWAY, "something else than Telegram"),
        (Fault.SERVER_ERROR, "Internal Server Error"),
        (Fault.DROP_BEFORE, "broke"),
        (Fault.RATE_LIMIT, "pause"),
        (Fault.HTML_BODY, "could not be read"),
    ],
)
def test_telegram_may_be_unreachable_at_the_start(api, fault, said):
    api.fault(fault, "getMe", times=math.inf)
    assert said in opened(api)
