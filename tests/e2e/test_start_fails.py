"""What cannot work is said in one clear message, with exit 1 and without a traceback."""

import os
import subprocess

import pytest

from tests.e2e.conftest import rss
from tests.fakes.telegram_api import Fault

GOOD = "feeds:\n  - {url: wire.xml, catch_up: all}\nrules:\n  - match: ship\n"


def fails(desk, *arguments, **environment):
    code, out, err = desk.runs(*(arguments or ("run",)), **environment)
    assert code == 1, out + err
    assert "Traceback" not in out + err
    return err


@pytest.fixture
def wire(desk):
    (desk.folder / "wire.xml").write_bytes(rss((1, "A ship sails")))
    desk.writes(GOOD)
    return desk


def test_a_missing_file_of_rules(desk):
    said = fails(desk)

    assert "rules.yaml" in said
    assert "--rules" in said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("feeds: [\n", "rules.yaml:2:"),
        ("rules:\n  - match: (ship\n", "rules.yaml:2:12:"),
        ("fedes: []\n", "rules.yaml:1:1:"),
        ("", "rules.yaml"),
    ],
)
def test_a_broken_file_of_rules(desk, text, place):
    desk.writes(text)

    assert place in fails(desk)


def test_a_file_of_rules_that_is_no_text(desk):
    (desk.folder / "rules.yaml").write_bytes(b"\xff\xfe\x00rules")

    assert "UTF-8" in fails(desk)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_TOKEN", "not a token"),
        ("TELEGRAM_TOKEN_FILE", "no-such-file"),
        ("TELEGRAM_API_URL", "telegram"),
        ("ADMINS", "ann"),
        ("ALLOW_NETWORKS", "home"),
    ],
)
def test_a_variable_that_cannot_be_used(wire, variable, value):
    assert variable in fails(wire, **{variable: value})


def test_a_token_that_telegram_refuses(wire, telegram):
    said = fails(
        wire, TELEGRAM_TOKEN="123456789:AAAAAAAAAAAAAAAAAAAAAAAA", TELEGRAM_API_URL=telegram.url
    )

    assert "TELEGRAM_TOKEN" in said
    assert "AAAAAAAA" not in said


@pytest.mark.parametrize("chat", ["-1009999999999", "999", '"@nobody_here"'])
def test_a_chat_that_telegram_does_not_know(wire, telegram, chat):
    wire.writes(f"{GOOD}chats:\n  desk: {{telegram: {chat}}}\n")

    said = fails(wire, TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)

    assert "desk" in said


def test_a_gateway_that_answers_for_telegram_stops_nothing(wire, telegram):
    telegram.private_chat(42, "Ann")
    telegram.fault(Fault.GATEWAY_404, method="getMe", times=1)
    wire.writes(f"{GOOD}chats:\n  ann: {{telegram: 42}}\n")
    wire.starts("run", TELEGRAM_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url)

    assert telegram.wait_for(lambda api: api.messages(42))


def test_a_second_copy_on_the_same_data(wire):
    first = wire.starts("run")
    first.wait_for("started")

    said = fails(wire)

    assert str(first.process.pid) in said
    assert "--data" in said


def test_data_that_is_a_file(wire):
    wire.writes("", "data")

    assert "--data" in fails(wire)


def test_a_store_that_is_none(wire):
    wire.writes("a shopping list\n" * 1000, "data/newsbell.db")

    assert "newsbell.db cannot be used" in fails(wire)


@pytest.mark.parametrize("once", [(), ("--once",)])
def test_a_disk_that_is_full(wire, tmp_path, once):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.getuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        said = fails(wire, "run", *once, "--data", str(disk / "data"))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)

    assert "full" in said


def test_a_store_that_is_deleted_while_it_runs(wire):
    bot = wire.starts("run")
    bot.wait_for("alert.delivered")

    for name in ("newsbell.db", "newsbell.db-wal", "newsbell.db-shm"):
        (wire.folder / "data" / name).unlink(missing_ok=True)

    assert bot.ends() == 1
    assert "deleted while Newsbell was running" in bot.err


def test_commands_that_look_into_the_store_say_where_it_is_missing(wire):
    for command in ("alerts", "status", "health"):
        code, out, err = wire.runs(command)

        assert code == 1
        assert "data" in out + err
