"""What is logged, for people and for programs; and what never is."""

import io
import json
import logging
import re

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from monitors.app.logs import configure, without_token

TOKEN = "123456789:AAF-fake_token_for_loopback_tests_0"
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
LIBRARIES = ["httpx", "telegram.ext", "apscheduler.scheduler", "anything"]
TALKATIVE = ["httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiohttp"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _as_before():
    """Give back the machinery of logging, which is one for the whole process."""
    names = (None, *TALKATIVE)
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = list(logging.getLogger().handlers)
    logging.getLogger().handlers = []  # `configure` closes those that it finds
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(params=[Terminal, io.StringIO], ids=["people", "programs"])
def everybody(request):
    return logging_to(request.param())


@pytest.fixture
def people():
    return logging_to(Terminal())


@pytest.fixture
def programs():
    return logging_to(io.StringIO())


def logging_to(stream, token=TOKEN):
    configure(stream, token=token)
    return stream


def log():
    return structlog.get_logger()


def events(stream):
    lines = stream.getvalue().splitlines()
    return [json.loads(line) for line in lines]


def fail(reason):
    raise ValueError(reason)


def test_people_see_the_sentence_and_the_time_and_nothing_else(people):
    log().info("feed.back", feed="https://x.example", say="It can be read again")
    assert re.fullmatch(r"\d\d:\d\d It can be read again\n", people.getvalue())


@pytest.mark.parametrize("method", ["info", "warning"])
def test_people_do_not_see_what_has_no_sentence(people, method):
    getattr(log(), method)("feed.polled", feed="https://x.example", say=None)
    logging.getLogger("apscheduler").warning("Run time of job was missed by 0:00:01")
    assert people.getvalue() == ""


def test_people_see_a_failure_that_nobody_thought_of_without_its_traceback(people):
    try:
        fail("it cannot be done")
    except ValueError as error:
        log().error("task.failed", exc_info=error)
        logging.getLogger("apscheduler").exception("Job failed")
    first, second = people.getvalue().splitlines()
    assert first[6:] == "Something went wrong in task.failed: ValueError: it cannot be done"
    assert second[6:] == (
        "Something went wrong in apscheduler: Job failed: ValueError: it cannot be done"
    )


def test_a_sentence_of_several_lines_hangs_below_its_time(people):
    log().error("rules.broken", say="rules.yaml:1:1: wrong\n09:00 All is well")
    first, second = people.getvalue().splitlines()
    assert first.endswith(" rules.yaml:1:1: wrong")
    assert second == "      09:00 All is well"


def test_programs_get_one_object_a_line_for_each_event(programs):
    log().info("feed.polled", feed="한국", news=3, message=None, say="Not for programs")
    log().warning("odd", text="a\nb\u2028c\x85d\re")
    log().info("after")
    first, second, _ = events(programs)
    stamp = first.pop("timestamp")
    assert first == {"event": "feed.polled", "level": "info", "feed": "한국", "news": 3}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", stamp)
    assert second["text"] == "a\nb\u2028c\x85d\re"


def test_what_libraries_say_is_an_event_of_its_own(programs):
    try:
        fail("it cannot be done")
    except ValueError:
        logging.getLogger("apscheduler.scheduler").exception("Job %s failed", "poll")
    (event,) = events(programs)
    assert event["event"] == "library.said"
    assert (event["library"], event["level"]) == ("apscheduler.scheduler", "error")
    assert event["message"] == "Job poll failed"
    assert event["exception"].endswith("ValueError: it cannot be done")


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_are_not_heard_below_a_warning(everybody, library):
    logging.getLogger(library).info("HTTP Request: POST %s", URL)
    logging.getLogger(library).debug("details")
    assert everybody.getvalue() == ""


def test_the_requests_of_httpx_are_not_logged(everybody):
    answer = httpx.MockTransport(lambda _request: httpx.Response(200))
    with httpx.Client(transport=answer) as client:
        client.post(URL)
    assert everybody.getvalue() == ""


def test_the_requests_of_httpx_hide_the_token_even_when_somebody_wants_them(programs):
    logging.getLogger("httpx").setLevel(logging.INFO)
    logging.getLogger().handlers[0].setLevel(logging.INFO)
    answer = httpx.MockTransport(lambda _request: httpx.Response(200))
    with httpx.Client(transport=answer) as client:
        client.post(URL)
    (event,) = events(programs)
    assert "/bot<token>/sendMessage" in event["message"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_token_is_hidden_in_what_libraries_say_and_in_their_tracebacks(everybody, library):
    try:
        fail(f"cannot reach {URL}")
    except ValueError:
        logging.getLogger(library).exception("POST %s", URL, stack_info=True)
    assert "<token>" in everybody.getvalue()
    assert TOKEN not in everybody.getvalue()


def test_the_token_is_hidden_in_every_field_and_every_frame(everybody):
    try:
        try:
            fail(f"cannot reach {URL}")
        except ValueError as error:
            raise RuntimeError(TOKEN) from error
    except RuntimeError:
        log().exception("failed", url=URL, nested={"to": [TOKEN]})
        log().error(f"event {TOKEN}", say=f"cannot reach {URL}")
    assert everybody.getvalue().count("<token>") >= 2
    assert "AAF-fake" not in everybody.getvalue()


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_token_is_hidden_before_it_is_known(stream):
    out = logging_to(stream(), token=None)
    log().error("failed", say=URL, url=URL)
    assert TOKEN not in out.getvalue()
    assert "/bot<token>/sendMessage" in out.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TOKEN, "<token>"),
        (f"/bot{TOKEN}/getMe", "/bot<token>/getMe"),
        (TOKEN.replace(":", "%3A"), "<token>"),
        (f"{TOKEN} and 987654321:BBB-another_token_of_some_bot_0", "<token> and <token>"),
        ("at https://ann:hunter2@x.example/a", "at https://***@x.example/a"),
        ("10:30 https://x.example:8081/a", "10:30 https://x.example:8081/a"),
    ],
)
@pytest.mark.parametrize("token", [TOKEN, None])
def test_nothing_else_is_hidden(text, shown, token):
    assert without_token(text, token) == shown


@pytest.mark.parametrize("token", ["12:short", TOKEN])
def test_the_token_in_use_is_hidden_whatever_it_looks_like(token):
    assert without_token(f"to {token}!", token) == "to <token>!"


CONTROLS = st.text(
    st.sampled_from("\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\u061c\u200e\u2028\u202e\u2069\ud83da 한")
)


@given(CONTROLS)
def test_no_control_character_of_a_feed_reaches_a_terminal(text):
    for stream in (Terminal(), io.StringIO()):
        configure(stream)
        log().warning("feeds.failing", say=f"x{text}", text=text, exception=text)
        logging.getLogger("library").error(text)
        shown = stream.getvalue()
        assert all(char == "\n" or char.isprintable() for char in shown)
        shown.encode()


@given(CONTROLS)
def test_programs_get_every_character_back(text):
    stream = io.StringIO()
    configure(stream)
    log().warning("odd", text=text)
    (event,) = events(stream)
    assert event["text"] == text


def test_libraries_are_heard_once_however_often_logs_are_configured():
    out = io.StringIO()
    configure(io.StringIO())
    configure(out)
    logging.getLogger("library").warning("once")
    assert len(events(out)) == 1
