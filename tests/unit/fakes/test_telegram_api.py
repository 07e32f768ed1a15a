"""The loopback Bot API held to what is known of the real one, through PTB and bare HTTP."""

import asyncio
import json
import math
import socket
import threading
from collections.abc import Callable, Coroutine
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.fakes.telegram_api import Clock, Fault, TelegramApi

GROUP, FORUM, CHANNEL = -100_111, -1_001_234_567_890, -1_009_876_543_210


@pytest.fixture
def api():
    with TelegramApi() as api:
        api.private_chat(42, "Ann")
        api.group(GROUP, "Desk")
        api.group(FORUM, "News", forum=True)
        api.channel(CHANNEL, username="@wire")
        yield api


@pytest.fixture
def slow_clock():
    with TelegramApi(clock=Clock(frozen=True)) as api:
        api.private_chat(42, "Ann")
        api.private_chat(43, "Bob")
        api.group(GROUP, "Desk")
        api.limits(True)
        yield api


def ask(
    api: TelegramApi, work: Callable[[Bot], Coroutine[Any, Any, Any]], *, token: str | None = None
) -> Any:
    """What PTB makes of the answers."""

    async def run() -> Any:
        where = {"base_url": f"{api.url}/bot", "base_file_url": f"{api.url}/file/bot"}
        async with Bot(token or api.token, **where) as bot:
            return await work(bot)

    return asyncio.run(run())


def call(api: TelegramApi, method: str, **params: Any) -> dict[str, Any]:
    """The envelope that a bare urlencoded POST gets."""
    connection = HTTPConnection("127.0.0.1", api.port, timeout=10)
    try:
        body = urlencode(params)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/bot{api.token}/{method}", body, headers)
        response = connection.getresponse()
        envelope = json.loads(response.read())
    finally:
        connection.close()
    assert response.status == envelope.get("error_code", 200)
    return envelope


def send(api: TelegramApi, text: str, **params: Any) -> dict[str, Any]:
    return call(api, "sendMessage", chat_id=42, text=text, parse_mode="HTML", **params)


def refusal(api: TelegramApi, html: str) -> str:
    return send(api, html)["description"].removeprefix("Bad Request: can't parse entities: ")


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=f"1:{x}") for x in labels]])


@pytest.mark.parametrize("form", ["query", "urlencoded", "json", "multipart"])
def test_parameters_may_come_in_every_form(api, form):
    params = {"chat_id": "42", "text": "a & b 😀"}
    url = f"{api.url}/bot{api.token}/sendMessage"
    with httpx.Client() as client:
        if form == "query":
            answer = client.get(f"{url}?{urlencode(params)}")
        elif form == "urlencoded":
            answer = client.post(url, data=params)
        elif form == "json":
            answer = client.post(url, json=params | {"chat_id": 42})
        else:
            answer = client.post(url, data=params, files={"unused": ("x", b"x")})
    assert answer.json()["ok"]
    assert [message.text for message in api.messages(42)] == ["a & b 😀"]


def test_a_wrong_token_is_unauthorized(api):
    with pytest.raises(InvalidToken):
        ask(api, lambda bot: bot.get_me(), token="1:wrong")
    assert api.calls[0].description == "Unauthorized"


def test_an_unknown_method_is_not_found(api):
    assert call(api, "sendTea") == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_methods_are_found_in_any_case(api):
    assert call(api, "GETME")["result"]["username"] == "newsbell_bot"
    assert api.calls[0].method == "getMe"


def test_html_becomes_text_and_entities_counted_in_utf16(api):
    sent = ask(
        api,
        lambda bot: bot.send_message(
            42, '😀 <a href="https://e.org/a?x=1&amp;y=2"><b>T&lt;1&gt;</b></a> <i>R</i>', "HTML"
        ),
    )
    assert sent.text == "😀 T<1> R"
    found = [(e.type, e.offset, e.length, e.url) for e in sent.entities]
    assert found == [
        ("text_link", 3, 4, "https://e.org/a?x=1&y=2"),
        ("bold", 3, 4, None),
        ("italic", 8, 1, None),
    ]
    (message,) = api.sent(42)
    assert message.links == (("T<1>", "https://e.org/a?x=1&y=2"),)
    assert message.styled("bold") == ("T<1>",)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("é <raise>", 'Unsupported start tag "raise" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a "x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        (
            "<a href>y</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a href=http://e.org>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        (
            "&#55357;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, check for "
                "unmatched surrogate code units"
            ),
        ),
    ],
)
def test_html_that_telegram_cannot_read_is_refused_in_its_words(api, html, reason):
    assert refusal(api, html) == reason
    assert api.messages(42) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&nbsp;&apos;&#39;&#x41;", "&nbsp;&apos;'A"),
        ("&amp;amp;", "&amp;"),
        ("\n  x\ty \n", "x y"),
        ("a\u202eb\rc", "abc"),
        ("<B>x</>", "x"),
    ],
)
def test_a_text_is_kept_as_telegram_would_keep_it(api, html, text):
    send(api, html)
    assert api.messages(42)[0].text == text


@pytest.mark.parametrize(
    ("html", "entities"),
    [
        ("<b>a</b><b>b</b>", [("bold", "ab")]),
        ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
        ("<b>a<code>b</code>c</b>", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("<code>a<b>b</b></code>", [("code", "ab")]),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            [("blockquote", "ab")],
        ),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ('<pre><code class="language-py">a</code></pre>', [("pre", "a")]),
        ('<span class="tg-spoiler">a</span>', [("spoiler", "a")]),
        ('<a href="javascript:alert(1)">a</a>', []),
        ('<a href="http://localhost/">a</a>', []),
        ('<a href="tg://user?id=42">a</a>', [("text_mention", "a")]),
        ("<b> </b>a", []),
        (
            "@name #tag $CASH /cmd",
            [
                ("mention", "@name"),
                ("hashtag", "#tag"),
                ("cashtag", "$CASH"),
                ("bot_command", "/cmd"),
            ],
        ),
        ("see https://e.org/x, or t.me/a", [("url", "https://e.org/x"), ("url", "t.me/a")]),
        ("@\u2060name #\u2060tag /\u2060cmd", []),
        ('<a href="https://e.org">https://e.org</a>', [("text_link", "https://e.org")]),
    ],
)
def test_entities_nest_merge_and_appear_by_telegrams_rules(api, html, entities):
    send(api, html)
    (message,) = api.messages(42)
    assert [(e.type, e.covered(message.text)) for e in message.entities] == entities


def test_a_link_is_stored_with_its_path(api):
    send(api, '<a href="HTTPS://E.org?q=1">a</a> <a>b.org</a>')
    assert [link.url for link in api.messages(42)[0].links] == [
        "https://e.org/?q=1",
        "http://b.org/",
    ]


def test_entities_may_be_given_instead_of_html(api):
    bold = MessageEntity("bold", 0, 1)
    ask(api, lambda bot: bot.send_message(42, "x y", entities=[bold]))
    assert api.messages(42)[0].styled("bold") == ("x",)


def test_only_a_hundred_entities_are_kept(api):
    send(api, " ".join("<b>x</b><i>y</i>" for _ in range(60)))
    assert len(api.messages(42)[0].entities) == 100


def test_length_is_counted_in_code_points_after_parsing(api):
    assert send(api, f"<b>{'😀' * 4096}</b>")["ok"]
    assert send(api, "x" * 4097)["description"] == "Bad Request: message is too long"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n", "text must be non-empty"),
        ("<b></b>", "text must be non-empty"),
    ],
)
def test_an_empty_text_is_refused(api, text, reason):
    assert send(api, text)["description"] == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "http://localhost:1"},
            "inline keyboard button URL 'http://localhost:1' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "url": "ftp://e.org"},
            "inline keyboard button URL 'ftp://e.org' is invalid: Unsupported URL protocol",
        ),
    ],
)
def test_a_wrong_button_is_refused(api, button, reason):
    markup = json.dumps({"inline_keyboard": [[button]]})
    assert send(api, "x", reply_markup=markup)["description"] == f"Bad Request: {reason}"


def test_callback_data_of_64_bytes_and_100_buttons_are_taken(api):
    full = [{"text": "x", "callback_data": "é" * 32}]
    assert send(api, "x", reply_markup=json.dumps({"inline_keyboard": [full] * 100}))["ok"]
    refused = send(api, "x", reply_markup=json.dumps({"inline_keyboard": [full] * 101}))
    assert refused["description"] == "Bad Request: reply markup is too long"


def test_markup_that_is_no_json_is_refused(api):
    assert send(api, "x", reply_markup="{")["description"] == (
        "Bad Request: can't parse reply keyboard markup JSON object"
    )


def test_silence_preview_topic_and_answer_are_kept(api):
    api.topic(FORUM, 7, "Rates")
    asked = api.says(42, FORUM, "/search ecb", thread_id=7)

    async def work(bot: Bot) -> Any:
        return await bot.send_message(
            FORUM,
            "https://e.org",
            message_thread_id=7,
            disable_notification=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=ReplyParameters(asked.message_id),
        )

    sent = ask(api, work)
    (message,) = api.sent(FORUM)
    assert (message.thread_id, message.silent, message.reply_to) == (7, True, asked.message_id)
    assert not message.preview_shown
    assert sent.is_topic_message
    assert sent.reply_to_message.text == "/search ecb"
    assert sent.link_preview_options.is_disabled


def test_an_answer_goes_to_the_topic_of_what_it_answers(api):
    api.topic(FORUM, 7, "Rates")
    asked = api.says(42, FORUM, "/why", thread_id=7)
    ask(api, lambda bot: bot.send_message(FORUM, "x", reply_to_message_id=asked.message_id))
    assert api.sent(FORUM)[0].thread_id == 7


def test_an_answer_to_nothing_is_refused_unless_allowed(api):
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        ask(api, lambda bot: bot.send_message(42, "x", reply_parameters=ReplyParameters(9)))
    lax = ReplyParameters(9, allow_sending_without_reply=True)
    assert ask(api, lambda bot: bot.send_message(42, "x", reply_parameters=lax)).text == "x"


def test_unknown_deleted_and_closed_topics_are_refused(api):
    api.topic(FORUM, 7, "Rates")
    api.topic(FORUM, 8, "Banks")
    asked = {"chat_id": FORUM, "text": "x"}
    assert call(api, "sendMessage", **asked, message_thread_id=7)["ok"]
    api.close_topic(FORUM, 8)
    api.delete_topic(FORUM, 7)
    for thread, reason in (
        (7, "message thread not found"),
        (8, "TOPIC_CLOSED"),
        (1, "message thread not found"),
    ):
        answer = call(api, "sendMessage", **asked, message_thread_id=thread)
        assert answer["description"] == f"Bad Request: {reason}"
    assert api.messages(FORUM) == []
    api.reopen_topic(FORUM, 8)
    assert call(api, "sendMessage", **asked, message_thread_id=8)["ok"]


def test_private_chats_and_basic_groups_share_one_counter_and_others_have_their_own(api):
    api.private_chat(43, "Bob")
    chats = (42, 43, GROUP, FORUM, CHANNEL, 42)
    ids = [call(api, "sendMessage", chat_id=c, text="x")["result"]["message_id"] for c in chats]
    assert ids == [1, 2, 3, 1, 1, 4]


def test_a_channel_is_found_by_its_name_and_shows_posts_in_its_own_name(api):
    sent = ask(api, lambda bot: bot.send_message("@Wire", "x"))
    assert sent.chat.id == CHANNEL
    assert sent.from_user is None
    assert sent.sender_chat.id == CHANNEL
    assert api.calls[-1].chat_id == CHANNEL


@pytest.mark.parametrize(
    ("chat_id", "close", "answer"),
    [
        (44, lambda _: None, "Bad Request: chat not found"),
        (
            44,
            lambda api: api.stranger(44),
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (42, lambda api: api.blocks(42), "Forbidden: bot was blocked by the user"),
        (42, lambda api: api.deactivates(42), "Forbidden: user is deactivated"),
        (GROUP, lambda api: api.kick(GROUP), "Forbidden: bot was kicked from the group chat"),
        (FORUM, lambda api: api.kick(FORUM), "Forbidden: bot was kicked from the supergroup chat"),
        (CHANNEL, lambda api: api.kick(CHANNEL), "Forbidden: bot was kicked from the channel chat"),
        (
            FORUM,
            lambda api: api.remove(FORUM),
            "Forbidden: bot is not a member of the supergroup chat",
        ),
        (GROUP, lambda api: api.delete_group(GROUP), "Forbidden: the group chat was deleted"),
        (
            FORUM,
            lambda api: api.mute(FORUM),
            "Bad Request: not enough rights to send text messages to the chat",
        ),
        (
            CHANNEL,
            lambda api: api.add(CHANNEL),
            "Bad Request: need administrator rights in the channel chat",
        ),
    ],
)
def test_a_chat_that_is_closed_to_the_bot_says_why(api, chat_id, close, answer):
    close(api)
    assert call(api, "sendMessage", chat_id=chat_id, text="x")["description"] == answer


def test_block_and_unblock_tell_the_bot_and_open_the_chat_again(api):
    api.blocks(42)
    with pytest.raises(Forbidden):
        ask(api, lambda bot: bot.send_message(42, "x"))
    with pytest.raises(ValueError, match="blocked"):
        api.says(42, 42, "x")
    api.unblocks(42)
    ask(api, lambda bot: bot.send_message(42, "x"))
    updates = ask(api, lambda bot: bot.get_updates())
    changes = [u.my_chat_member for u in updates]
    assert [c.new_chat_member.status for c in changes] == ["kicked", "member"]


def test_a_migrated_group_names_its_new_chat_and_both_say_so(api):
    api.member(GROUP, 42, "administrator")
    api.migrate(GROUP, FORUM - 1)
    with pytest.raises(ChatMigrated) as moved:
        ask(api, lambda bot: bot.send_message(GROUP, "x"))
    assert moved.value.new_chat_id == FORUM - 1
    ask(api, lambda bot: bot.send_message(FORUM - 1, "x"))
    old, new = ask(api, lambda bot: bot.get_updates())
    assert old.message.migrate_to_chat_id == FORUM - 1
    assert new.message.migrate_from_chat_id == GROUP


def test_an_edit_keeps_how_the_message_looked_before(api):
    async def work(bot: Bot) -> Any:
        sent = await bot.send_message(42, "one", reply_markup=keyboard("a"))
        await bot.edit_message_text("<b>two</b>", 42, sent.message_id, parse_mode="HTML")
        return await bot.edit_message_reply_markup(42, sent.message_id, reply_markup=keyboard("b"))

    edited = ask(api, work)
    (message,) = api.messages(42)
    assert (message.text, message.styled("bold")) == ("two", ("two",))
    assert [button.data for button in message.buttons] == ["1:b"]
    assert [(v.text, v.reply_markup is None) for v in message.versions] == [
        ("one", False),
        ("two", True),
    ]
    assert edited.edit_date is not None


def test_an_edit_that_changes_nothing_is_refused(api):
    async def work(bot: Bot) -> None:
        sent = await bot.send_message(42, "<b>x</b>", "HTML", reply_markup=keyboard("a"))
        with pytest.raises(BadRequest, match="Message is not modified: specified new message"):
            await bot.edit_message_text(
                " <b>x</b> ", 42, sent.message_id, parse_mode="HTML", reply_markup=keyboard("a")
            )
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_reply_markup(42, sent.message_id, reply_markup=keyboard("a"))
        await bot.edit_message_text("x", 42, sent.message_id, reply_markup=keyboard("a"))
        await bot.edit_message_text("x", 42, sent.message_id)

    ask(api, work)
    assert len(api.messages(42)[0].versions) == 2


def test_what_cannot_be_edited_says_why(api):
    async def work(bot: Bot) -> None:
        theirs = api.says(42, 42, "hello")
        fixed = await bot.send_message(42, "x", reply_markup=ReplyKeyboardRemove())
        gone = await bot.send_message(42, "x")
        await bot.delete_message(42, gone.message_id)
        file = await bot.send_document(42, b"x", filename="x.txt")
        for message_id, reason in (
            (theirs.message_id, "Message can't be edited"),
            (fixed.message_id, "Message can't be edited"),
            (gone.message_id, "Message to edit not found"),
            (99, "Message to edit not found"),
            (file.message_id, "There is no text in the message to edit"),
        ):
            with pytest.raises(BadRequest, match=reason):
                await bot.edit_message_text("y", 42, message_id)

    ask(api, work)


def test_messages_are_deleted_within_48_hours_only(slow_clock):
    api = slow_clock
    first, second = (call(api, "sendMessage", chat_id=42, text="x")["result"] for _ in range(2))
    assert call(api, "deleteMessage", chat_id=42, message_id=first["message_id"])["ok"]
    again = call(api, "deleteMessage", chat_id=42, message_id=first["message_id"])
    assert again["description"] == "Bad Request: message to delete not found"
    api.advance(48 * 3600)
    late = call(api, "deleteMessage", chat_id=42, message_id=second["message_id"])
    assert late["description"] == "Bad Request: message can't be deleted for everyone"
    assert [m.message_id for m in api.messages(42)] == [second["message_id"]]
    assert len(api.history(42)) == 2


def test_updates_stay_until_they_are_acknowledged(api):
    for text in ("one", "two", "three"):
        api.says(42, 42, text)

    async def work(bot: Bot) -> list[list[str]]:
        seen = []
        first = await bot.get_updates(limit=2)
        for offset in (None, first[-1].update_id + 1, -1):
            updates = await bot.get_updates(offset=offset)
            seen.append([u.message.text for u in updates])
        return seen

    assert ask(api, work) == [["one", "two", "three"], ["three"], ["three"]]


def test_a_poll_waits_for_what_comes(api):
    async def work(bot: Bot) -> Any:
        waiting = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.to_thread(api.wait_for, lambda api: api.calls_of("getUpdates"))
        api.says(42, 42, "/start r_1")
        return await waiting

    (update,) = ask(api, work)
    assert update.message.text == "/start r_1"
    assert update.message.entities[0].type == "bot_command"
    assert update.message.from_user.first_name == "Ann"


def test_a_second_poller_ends_the_first(api):
    first: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: first.append(call(api, "getUpdates", timeout=20)))
    thread.start()
    api.wait_for(lambda api: api.calls_of("getUpdates"))
    assert call(api, "getUpdates", timeout=0)["ok"]
    thread.join()
    assert first[0]["error_code"] == 409
    assert first[0]["description"].startswith("Conflict: terminated by other getUpdates request")


def test_a_poll_whose_client_has_ended_is_in_nobodys_way(api):
    with socket.create_connection(("127.0.0.1", api.port)) as client:
        path = f"/bot{api.token}/getUpdates?timeout=20"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        api.wait_for(lambda api: api.calls)
    assert call(api, "getUpdates")["ok"]
    assert [c.status for c in api.calls] == [None, 200]


def test_polling_and_a_webhook_exclude_each_other(api):
    assert call(api, "setWebhook", url="https://e.org/hook")["ok"]
    assert call(api, "getWebhookInfo")["result"]["url"] == "https://e.org/hook"
    assert call(api, "getUpdates")["description"].startswith("Conflict: can't use getUpdates")
    api.says(42, 42, "x")
    assert call(api, "deleteWebhook", drop_pending_updates="true")["ok"]
    assert call(api, "getUpdates")["result"] == []


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"url": "http://e.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://e.org:9000/hook"}, "bad webhook: Webhook can be set up only on ports"),
        ({"url": "https://e.org/hook", "secret_token": "a b"}, "secret token contains unallowed"),
    ],
)
def test_a_webhook_that_telegram_would_not_call_is_refused(api, params, why):
    assert call(api, "setWebhook", **params)["description"].startswith(f"Bad Request: {why}")
    assert call(api, "getWebhookInfo")["result"]["url"] == ""


def test_a_webhook_ends_a_poll_that_waits(api):
    first: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: first.append(call(api, "getUpdates", timeout=20)))
    thread.start()
    api.wait_for(lambda api: api.calls_of("getUpdates"))
    call(api, "setWebhook", url="https://e.org/hook")
    thread.join()
    assert first[0]["description"] == "Conflict: terminated by setWebhook request"


class Hooked(BaseHTTPRequestHandler):
    """Refuses the first two calls, and remembers all."""

    told: ClassVar[list[tuple[str | None, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], json.loads(body)))
        self.send_response(200 if len(self.told) > 2 else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_webhook_is_told_one_update_after_the_other_until_each_is_taken(api):
    with HTTPServer(("127.0.0.1", 0), Hooked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        call(api, "setWebhook", url=url, secret_token="abc")
        api.says(42, 42, "x")
        api.says(42, 42, "y")
        api.wait_for(lambda api: not api.account.pending())
        shown = call(api, "getWebhookInfo")["result"]
        server.shutdown()
    told = [update["message"]["text"] for _, update in Hooked.told]
    assert (told, {secret for secret, _ in Hooked.told}) == (["x", "x", "x", "y"], {"abc"})
    assert api.hook.answers == [503, 503, 200, 200]
    assert shown["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


def test_only_the_kinds_of_update_asked_for_come_and_are_remembered(api):
    sent = api.says(42, 42, "x")
    api.reacts(42, sent, "👍")
    assert len(call(api, "getUpdates", offset=-1)["result"]) == 1
    call(api, "getUpdates", allowed_updates=json.dumps(["message_reaction"]), offset=10**10)
    api.says(42, 42, "y")
    api.reacts(42, sent, "👎")
    updates = ask(api, lambda bot: bot.get_updates())
    assert [u.message_reaction.new_reaction[0].emoji for u in updates] == ["👎"]


def test_the_privacy_mode_hides_what_does_not_concern_the_bot(api):
    call(api, "sendMessage", chat_id=GROUP, text="alert")
    (alert,) = api.sent(GROUP)
    for text in ("hello", "/mute@other_bot", "/mute", "/mute@newsbell_bot", "hey @newsbell_bot"):
        api.says(42, GROUP, text)
    api.says(42, GROUP, "why?", reply_to=alert)
    heard = [u["message"]["text"] for u in call(api, "getUpdates")["result"]]
    assert heard == ["/mute", "/mute@newsbell_bot", "hey @newsbell_bot", "why?"]


def test_posts_edits_files_and_anonymous_administrators_reach_the_bot(api):
    api.edits(api.says(42, 42, "x"), "y")
    api.posts(CHANNEL, "post")
    api.says(42, GROUP, "/rules", anonymous=True)
    api.sends_file(42, 42, "finding.opml", b"<opml/>", caption="/import")

    async def work(bot: Bot) -> tuple[tuple[Update, ...], bytes]:
        updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
        file = await updates[-1].message.document.get_file()
        return updates, bytes(await file.download_as_bytearray())

    updates, content = ask(api, work)
    assert updates[1].edited_message.text == "y"
    assert updates[2].channel_post.text == "post"
    assert updates[3].message.sender_chat.id == GROUP
    assert updates[4].message.caption == "/import"
    assert content == b"<opml/>"


def test_a_pressed_button_is_answered_once(api):
    async def work(bot: Bot) -> None:
        await bot.send_message(42, "x", reply_markup=keyboard("a", "b"))
        query = api.presses(42, api.sent(42)[0], "b")
        (update,) = await bot.get_updates()
        assert update.callback_query.data == "1:b"
        assert update.callback_query.message.text == "x"
        await update.callback_query.answer("Muted", show_alert=True)
        assert (query.answer, query.alert) == ("Muted", True)
        with pytest.raises(BadRequest, match="Query is too old"):
            await update.callback_query.answer()
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query("1")

    ask(api, work)


def test_a_late_answer_to_a_button_is_refused(slow_clock):
    api = slow_clock
    call(api, "sendMessage", chat_id=42, text="x")
    query = api.presses(42, api.sent(42)[0], data="forged")
    api.advance(60)
    late = call(api, "answerCallbackQuery", callback_query_id=query.id)
    assert late["description"].startswith("Bad Request: query is too old and response timeout")
    assert query.answer is None


def test_a_button_of_a_deleted_message_comes_without_its_text(api):
    call(api, "sendMessage", chat_id=42, text="x")
    (message,) = api.sent(42)
    api.deletes(message)
    api.presses(42, message, data="1:a")
    (update,) = ask(api, lambda bot: bot.get_updates())
    assert not update.callback_query.message.is_accessible


def test_a_button_that_is_not_there_cannot_be_pressed(api):
    call(api, "sendMessage", chat_id=42, text="x")
    with pytest.raises(ValueError, match="no button 'a'"):
        api.presses(42, api.sent(42)[0], "a")


def test_commands_are_kept_for_each_scope(api):
    async def work(bot: Bot) -> Any:
        await bot.set_my_commands([BotCommand("help", "What I can do")])
        await bot.set_my_commands(
            [BotCommand("status", "Queue")], scope=BotCommandScopeChat(42), language_code="de"
        )
        everywhere = BotCommandScopeAllPrivateChats()
        await bot.set_my_commands([BotCommand("x", "y")], scope=everywhere)
        await bot.delete_my_commands(scope=everywhere)
        with pytest.raises(BadRequest, match="Bot_command_invalid"):
            await bot.set_my_commands([BotCommand("Über", "y")])
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.set_my_commands([BotCommand("x", "y")], scope=BotCommandScopeChat(9))
        return await bot.get_my_commands()

    assert [c.command for c in ask(api, work)] == ["help"]
    assert api.menu("chat", chat_id=42, language="de") == {"status": "Queue"}
    assert api.menu("all_private_chats") == {}


def test_chats_and_their_members_can_be_asked_for(api):
    api.member(FORUM, 42, "creator")
    api.member(FORUM, 43, "restricted")
    api.add(FORUM, admin=True)

    async def work(bot: Bot) -> Any:
        chat = await bot.get_chat(FORUM)
        assert (chat.title, chat.is_forum) == ("News", True)
        admins = await bot.get_chat_administrators(FORUM)
        assert {a.user.id: a.status for a in admins} == {42: "creator", bot.id: "administrator"}
        found = [await bot.get_chat_member(FORUM, user) for user in (42, 43, bot.id)]
        with pytest.raises(BadRequest, match="User not found"):
            await bot.get_chat_member(FORUM, 99)
        await bot.send_chat_action(FORUM, "typing")
        await bot.leave_chat(FORUM)
        with pytest.raises(Forbidden):
            await bot.get_chat_member(FORUM, 42)
        return [member.status for member in found]

    assert ask(api, work) == ["creator", "restricted", "administrator"]


def test_a_document_is_stored_and_can_be_fetched(api):
    async def work(bot: Bot) -> tuple[bytes, str]:
        sent = await bot.send_document(
            42, b"<opml/>", filename="finding.opml", caption="<b>Feeds</b>", parse_mode="HTML"
        )
        file = await sent.document.get_file()
        await bot.send_document(42, sent.document.file_id)
        with pytest.raises(BadRequest, match="Invalid file_id"):
            await bot.get_file("nothing")
        with pytest.raises(BadRequest, match="File must be non-empty"):
            await bot.send_document(42, b"", filename="x")
        return bytes(await file.download_as_bytearray()), sent.caption

    assert ask(api, work) == (b"<opml/>", "Feeds")
    assert [m.document.name for m in api.sent(42)] == ["finding.opml", "finding.opml"]


def test_a_file_that_is_not_there_is_not_found(api):
    answer = httpx.get(f"{api.url}/file/bot{quote(api.token)}/documents/none")
    assert answer.status_code == 404


def test_a_private_chat_takes_three_at_once_and_then_one_a_second(slow_clock):
    api = slow_clock
    assert [send(api, "x")["ok"] for _ in range(4)] == [True, True, True, False]
    assert api.calls[-1].retry_after == 1
    assert send(api, "x")["error_code"] == 429
    assert api.early_calls == api.calls[-1:]
    assert call(api, "sendMessage", chat_id=43, text="x")["ok"]
    api.advance(1)
    assert [send(api, "x")["ok"] for _ in range(2)] == [True, False]


@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
def test_a_group_takes_twenty_sends_and_edits_in_any_minute(slow_clock):
    api = slow_clock
    for number in range(10):
        sent = call(api, "sendMessage", chat_id=GROUP, text=f"{number}")["result"]
        api.advance(2)
        where = {"chat_id": GROUP, "message_id": sent["message_id"]}
        assert call(api, "editMessageText", text=f"{number}!", **where)["ok"]
        api.advance(1)
    with pytest.raises(RetryAfter, match="Retry in 30 seconds"):
        ask(api, lambda bot: bot.send_message(GROUP, "x"))
    api.advance(30)
    assert call(api, "sendMessage", chat_id=GROUP, text="x")["ok"]
    assert api.early_calls == []


def test_thirty_messages_a_second_are_the_most_overall(slow_clock):
    api = slow_clock
    for user in range(100, 131):
        api.private_chat(user)
    answers = [call(api, "sendMessage", chat_id=user, text="x") for user in range(100, 131)]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]


def test_without_limits_everything_goes_through(api):
    assert all(send(api, "x")["ok"] for _ in range(8))


def test_a_429_on_demand_holds_the_chat_until_it_is_over(slow_clock):
    api = slow_clock
    api.fault(Fault.RATE_LIMIT, chat_id=42, retry_after=7)
    assert send(api, "x")["parameters"] == {"retry_after": 7}
    api.advance(6)
    assert send(api, "x")["parameters"] == {"retry_after": 1}
    assert call(api, "sendMessage", chat_id=43, text="x")["ok"]
    api.advance(1)
    assert send(api, "x")["ok"]
    assert [c.early for c in api.calls] == [False, True, False, False]


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        (Fault.SERVER_ERROR, NetworkError, 0),
        (Fault.BAD_GATEWAY, NetworkError, 0),
        (Fault.GATEWAY_401, InvalidToken, 0),
        (Fault.GATEWAY_404, InvalidToken, 0),
        (Fault.DROP_BEFORE, NetworkError, 0),
        (Fault.DROP_AFTER, NetworkError, 1),
        (Fault.HANG_BEFORE, TimedOut, 0),
        (Fault.HANG_AFTER, TimedOut, 1),
        (Fault.TRUNCATED_JSON, TelegramError, 1),
        (Fault.GATEWAY_504, NetworkError, 1),
        (Fault.HTML_BODY, TelegramError, 1),
    ],
)
def test_a_fault_looks_to_ptb_as_the_real_one_does(api, fault, error, stored):
    api.fault(fault)
    patience = 0.3 if error is TimedOut else 10
    with pytest.raises(error) as raised:
        ask(api, lambda bot: bot.send_message(42, "x", read_timeout=patience))
    assert raised.type is error
    api.wait_for(lambda api: api.calls_of("sendMessage"))
    assert len(api.messages(42)) == stored
    assert [c.fault for c in api.calls_of("sendMessage")] == [fault]
    assert send(api, "x")["ok"]


def test_connections_cut_before_and_after_look_the_same(api):
    causes = []
    for fault in (Fault.DROP_BEFORE, Fault.DROP_AFTER):
        api.fault(fault)
        with pytest.raises(NetworkError) as raised:
            ask(api, lambda bot: bot.send_message(42, "x"))
        causes.append(type(raised.value.__cause__))
    assert causes == [httpx.RemoteProtocolError] * 2


def test_what_a_killed_client_had_sent_is_carried_out(api):
    with socket.create_connection(("127.0.0.1", api.port)) as client:
        path = f"/bot{api.token}/sendMessage?chat_id=42&text=x"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    (message,) = api.wait_for(lambda api: api.sent(42))
    assert message.text == "x"


def test_a_slow_answer_comes(api):
    api.fault(Fault.SLOW, seconds=0.01)
    assert send(api, "x")["ok"]


def test_a_hang_ends_after_its_time(api):
    api.fault(Fault.HANG_BEFORE, seconds=0.01)
    with pytest.raises(NetworkError) as raised:
        ask(api, lambda bot: bot.send_message(42, "x"))
    assert isinstance(raised.value.__cause__, httpx.RemoteProtocolError)


def test_faults_are_counted_by_method_chat_and_call(api):
    api.private_chat(43, "Bob")
    api.fault(Fault.SERVER_ERROR, "sendMessage", chat_id=42, nth=2, times=2)
    mine = [send(api, "x")["ok"] for _ in range(2)]
    assert call(api, "sendMessage", chat_id=43, text="x")["ok"]
    assert call(api, "getMe")["ok"]
    mine += [send(api, "x")["ok"] for _ in range(2)]
    assert mine == [True, False, False, True]


def test_faults_last_until_mended(api):
    api.fault(Fault.SERVER_ERROR, "*", times=math.inf)
    assert not call(api, "getMe")["ok"]
    assert not send(api, "x")["ok"]
    api.mend()
    assert call(api, "getMe")["ok"]


def test_while_down_every_call_is_cut_and_recorded(api):
    async def work(bot: Bot) -> None:
        waiting = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.to_thread(api.wait_for, lambda api: api.calls_of("getUpdates"))
        api.down()
        with pytest.raises(NetworkError):
            await waiting
        with pytest.raises(NetworkError):
            await bot.send_message(42, "x")
        api.up()
        await bot.send_message(42, "y")

    ask(api, work)
    assert [m.text for m in api.messages(42)] == ["y"]
    assert [c.fault for c in api.calls_of("sendMessage")] == [Fault.DOWN, None]


def test_while_down_connections_may_be_refused(api):
    api.down(refuse=True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", api.port), timeout=5)
    api.up()
    assert send(api, "x")["ok"]


def test_it_comes_back_on_the_same_port():
    with TelegramApi() as api:
        api.private_chat(42)
        send(api, "x")
    with TelegramApi(port=api.port) as again:
        again.private_chat(42)
        assert send(again, "y")["result"]["message_id"] == 1


def test_every_call_is_recorded_with_its_outcome(api):
    before = api.clock.now()
    send(api, "x")
    call(api, "sendMessage", chat_id=9, text="y")
    first, second = api.calls
    assert before <= first.at <= second.at <= api.clock.now()
    assert (first.method, first.params["text"], first.status, first.ok) == (
        "sendMessage",
        "x",
        200,
        True,
    )
    assert (second.status, second.description) == (400, "Bad Request: chat not found")


def test_waiting_gives_what_was_waited_for(api):
    thread = threading.Thread(target=lambda: send(api, "x"))
    thread.start()
    (message,) = api.wait_for(lambda api: api.sent(42))
    thread.join()
    assert message.text == "x"


def test_waiting_in_vain_shows_the_calls(api):
    send(api, "<x>")
    with pytest.raises(AssertionError, match="sendMessage chat=42 '<x>' -> 400 Bad Request"):
        api.wait_for(lambda api: api.sent(42), timeout=0.01)
