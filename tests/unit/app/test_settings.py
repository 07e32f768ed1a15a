"""What the environment may say, and what it is told when it says something else."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from monitors.alerts.delivery import DoubtPolicy
from monitors.alerts.pacing import LOCAL_PACE, TELEGRAM_PACE
from monitors.app.settings import Settings, read_settings, secret_of
from monitors.errors import SettingsError

TOKEN = "123456789:AAF-fake_token_for_loopback_tests_0"
RULES, DATA = Path("rules.yaml"), Path("data")


def read(**environment):
    return read_settings(environment, RULES, DATA)


def refusal(**environment):
    with pytest.raises(SettingsError) as caught:
        read(**environment)
    return str(caught.value)


def test_an_empty_environment_is_enough():
    assert read() == Settings(rules=RULES, data=DATA)


def test_variables_that_are_set_to_nothing_are_as_good_as_unset():
    names = ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE", "TELEGRAM_API_URL", "ADMINS")
    assert read(**dict.fromkeys((*names, "ALLOW_NETWORKS"), " ")) == read()


def test_the_store_and_its_lock_lie_in_the_data_directory():
    assert (read().store, read().lock) == (DATA / "newsbell.db", DATA / "lock")


def test_a_token_may_have_space_around_it():
    assert read(TELEGRAM_TOKEN=f" {TOKEN}\n").token == TOKEN


def test_settings_that_are_printed_do_not_tell_the_token():
    assert TOKEN not in repr(read(TELEGRAM_TOKEN=TOKEN))


def test_a_token_may_stand_in_a_file_which_goes_before_the_variable(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\r\n")
    assert read(TELEGRAM_TOKEN_FILE=str(file)).token == TOKEN
    assert read(TELEGRAM_TOKEN_FILE=str(file), TELEGRAM_TOKEN="1:other").token == TOKEN


@pytest.mark.parametrize(
    "token", ["QQX", "987654321", "987654321:", ":QQX", "bot987:QQX", "987:QQ X", "١٢٣:QQX"]
)
def test_a_token_that_is_none_is_refused_without_being_repeated(token):
    said = refusal(TELEGRAM_TOKEN=token)
    assert said.startswith("TELEGRAM_TOKEN holds no bot token.")
    assert "@BotFather" in said
    assert token not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "which is empty"),
        (b" \n", "which is empty"),
        (b"secret words", "holds no bot token"),
        (b"\xff\xfe\x00", "holds no bot token"),
        (b"a" * 10_000, "holds no bot token"),
    ],
)
def test_a_file_without_token_is_refused_by_its_name(tmp_path, content, said):
    file = tmp_path / "token"
    file.write_bytes(content)
    refused = refusal(TELEGRAM_TOKEN_FILE=str(file))
    assert said in refused
    assert str(file) in refused
    assert "secret" not in refused


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name):
    refused = refusal(TELEGRAM_TOKEN_FILE=str(tmp_path / name), TELEGRAM_TOKEN=TOKEN)
    assert "cannot be read" in refused


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("https://bots.example/telegram/", "https://bots.example/telegram"),
        (" http://[::1]:8081/ ", "http://[::1]:8081"),
    ],
)
def test_another_bot_api_server_is_a_root_address(url, root):
    assert read(TELEGRAM_API_URL=url).api_url == root


@pytest.mark.parametrize(
    "url",
    [
        "bots.example",
        "127.0.0.1:8081",
        "ftp://bots.example",
        "http://",
        "http://[::1",
        "http://bots.example:port",
        "http://bots.example:99999",
        "http://bots.example:0",
        "http://bots.example/?a=1",
        "http://bots.example/#a",
        "http://bots example",
    ],
)
def test_what_is_no_root_address_is_refused(url):
    assert refusal(TELEGRAM_API_URL=url).startswith(f"TELEGRAM_API_URL is {url}, which is no")


@pytest.mark.parametrize(
    ("text", "ids"),
    [("4711", ("4711",)), (" 4711 ,, 12,", ("4711", "12")), ("12,4711,12", ("12", "4711"))],
)
def test_administrators_are_numbers_with_commas_between_them(text, ids):
    assert read(ADMINS=text).admins == ids


@pytest.mark.parametrize(
    ("text", "wrong"), [("@ann", "@ann"), ("12,ann", "ann"), ("-12", "-12"), ("1 2", "1 2")]
)
def test_an_administrator_that_is_no_number_is_refused(text, wrong):
    assert refusal(ADMINS=text).startswith(f"ADMINS has {wrong}, which is no Telegram user id")


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("192.168.1.0/24", ["192.168.1.0/24"]),
        ("192.168.1.7/24", ["192.168.1.0/24"]),
        ("10.0.0.1", ["10.0.0.1/32"]),
        ("fd00::/8, 10.0.0.0/8\n::1", ["fd00::/8", "10.0.0.0/8", "::1/128"]),
    ],
)
def test_networks_are_written_with_commas_or_spaces_between_them(text, networks):
    assert read(ALLOW_NETWORKS=text).networks == tuple(map(ip_network, networks))


@pytest.mark.parametrize("wrong", ["home", "192.168.1.0/33", "300.1.1.1", "10.0.0.0-10.0.0.9"])
def test_what_is_no_network_is_refused(wrong):
    said = refusal(ALLOW_NETWORKS=f"127.0.0.1,{wrong}")
    assert said.startswith(f"ALLOW_NETWORKS has {wrong}, which is no network")


def test_a_public_address_may_have_a_folder_and_hubs_are_listened_for_behind_a_proxy():
    settings = read(PUBLIC_URL=" https://news.example/bot/ ")
    assert settings.public_url == "https://news.example/bot"
    assert settings.listen == ("127.0.0.1", 8181)


@pytest.mark.parametrize("url", ["news.example", "ftp://news.example", "https://", "https://n/?a"])
def test_a_public_address_that_is_none_is_refused(url):
    said = refusal(PUBLIC_URL=url)
    assert said.startswith(f"PUBLIC_URL is {url}, which is no address.")
    assert "https://news.example.org" in said


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        ("[::1]:8181", ("::1", 8181)),
        ("::1:8181", ("::1", 8181)),
        (" 127.0.0.1:65535 ", ("127.0.0.1", 65_535)),
    ],
)
def test_where_it_listens_is_an_address_and_a_port(text, listen):
    assert read(LISTEN=text).listen == listen


@pytest.mark.parametrize(
    "text", ["8181", "127.0.0.1", "localhost:8181", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x"]
)
def test_where_nobody_can_listen_is_refused(text):
    assert refusal(LISTEN=text).startswith(f"LISTEN is {text}, which is no address and port.")


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://news.example/telegram", {}),
        ("https://news.example:8443/bot/telegram", {}),
        ("http://127.0.0.1:9000/telegram", {"TELEGRAM_API_URL": "http://127.0.0.1:8081"}),
        ("https://bots.example:9000/hook", {"TELEGRAM_API_URL": "http://127.0.0.1:8081"}),
        ("http://localhost:88/hook", {}),
    ],
)
def test_a_webhook_is_an_address_that_telegram_calls(url, more):
    assert read(TELEGRAM_WEBHOOK_URL=f" {url}/ ", **more).webhook_url == url
    assert read().webhook_url is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("news.example/telegram", "which is no address"),
        ("https://news.example", "which has no path"),
        ("https://news.example/", "which has no path"),
        ("http://news.example/telegram", "https addresses only"),
        ("http://192.168.1.7/telegram", "https addresses only"),
        ("https://news.example:9000/telegram", "the ports 443, 80, 88 and 8443 only"),
    ],
)
def test_a_webhook_that_telegram_would_not_call_is_refused(url, said):
    refused = refusal(TELEGRAM_WEBHOOK_URL=url)
    assert refused.startswith("TELEGRAM_WEBHOOK_URL is ")
    assert said in refused


def test_an_address_may_stand_in_a_variable_or_in_a_file_beside_the_rules(tmp_path):
    (tmp_path / "mail").write_bytes(b"\xef\xbb\xbf mailto://ann@example.org \n")
    environment = {"MAIL_URL": " json://localhost\n"}

    assert secret_of("env:MAIL_URL", tmp_path, environment) == "json://localhost"
    assert secret_of("file:mail", tmp_path, environment) == "mailto://ann@example.org"
    assert secret_of(f"file:{tmp_path / 'mail'}", tmp_path) == "mailto://ann@example.org"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("env:OTHER", "the variable OTHER is not set"),
        ("env:EMPTY", "the variable EMPTY is not set"),
        ("file:none", "cannot be used: there is no such file"),
        ("file:.", "cannot be used: it is a directory, not a file"),
        ("file:large", "cannot be used: it is larger than 0.004096 MB"),
        ("file:blank", "the file that this names is empty"),
    ],
)
def test_an_address_that_stands_nowhere_is_explained(tmp_path, reference, said):
    (tmp_path / "large").write_text("x" * 5_000)
    (tmp_path / "blank").write_text(" \n")
    message, hint = secret_of(reference, tmp_path, {"EMPTY": " "})

    assert said in message
    assert hint


@pytest.mark.parametrize("said", ["probe", "resend", " SKIP "])
def test_what_is_done_in_doubt_is_one_of_three(said):
    assert read(IN_DOUBT=said).doubt is DoubtPolicy(said.strip().lower())


def test_a_pace_is_one_that_is_known():
    assert read(TELEGRAM_PACE="local").pace is LOCAL_PACE
    assert read(TELEGRAM_PACE="").pace is TELEGRAM_PACE


@pytest.mark.parametrize("name", ["IN_DOUBT", "TELEGRAM_PACE"])
def test_what_is_none_of_the_choices_is_refused_with_them(name):
    said = refusal(**{name: "perhaps"})
    assert said.startswith(f"{name} is perhaps, which is none of ")
