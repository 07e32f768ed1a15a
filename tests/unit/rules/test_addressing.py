"""Addresses of chats that Apprise reaches: how they are written, and what is shown of them."""

import pytest

from monitors.alerts.destinations import destination_key
from monitors.rules.document import read_rulebook
from monitors.rules.places.addressing import MOST_ADDRESSES, unknown_scheme, veiled
from monitors.rules.rulebook import Apprise, Rulebook

SECRET = "hunter2"
MAIL = f"mailto://ann:{SECRET}@example.org"


class Known:
    """Reach of which there are two, and two addresses that stand elsewhere."""

    def secret(self, reference):
        known = {"env:MAIL_URL": MAIL, "file:secrets/mail": MAIL, "env:LOOP": "env:MAIL_URL"}
        return known.get(reference) or ("the variable is not set", "Set it.")

    def trouble(self, address):
        scheme = address.partition(":")[0]
        return None if scheme in ("mailto", "json") else unknown_scheme(scheme, ("mailto", "json"))


def read(chat, reach=None):
    text = f"rules:\n  - match: ship\nchats:\n  desk: {chat}\n"
    return read_rulebook(text, reach=reach or Known())


def problem(chat):
    read_now = read(chat)
    assert not isinstance(read_now, Rulebook), read_now
    (only,) = read_now
    return only


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        (MAIL, (MAIL,)),
        (f"['{MAIL}', 'json://localhost']", (MAIL, "json://localhost")),
        ("env:MAIL_URL", (MAIL,)),
        ("file:secrets/mail", (MAIL,)),
    ],
)
def test_an_address_may_be_one_or_several_or_stand_elsewhere(written, addresses):
    book = read(f"{{apprise: {written}}}")

    assert book.chats[0].destination == Apprise(addresses=addresses)


def test_without_services_an_address_is_taken_as_it_is():
    book = read_rulebook("chats: {desk: {apprise: 'env:NOWHERE'}, other: {apprise: 'foo://x'}}")

    assert [chat.destination.addresses for chat in book.chats] == [("env:NOWHERE",), ("foo://x",)]


@pytest.mark.parametrize(
    ("chat", "message", "hint"),
    [
        ("{apprise: env:OTHER}", "the variable is not set", "Set it."),
        ("{apprise: env:LOOP}", "this is no address of a service", "mailto://"),
        ("{apprise: 'env:A B'}", "no name of a variable", "env:MAIL_URL"),
        ("{apprise: 'file:'}", "names no file", "file:secrets/mail"),
        ("{apprise: 'file:///etc/x'}", "no address", "file:path"),
        (f"{{apprise: 'mailtoo://ann:{SECRET}@example.org'}}", "no service mailtoo://", "mailto"),
        (f"{{apprise: 'https://{SECRET}.example.org'}}", "no service at this web", "jsons://"),
        (f"{{apprise: 'config://{SECRET}'}}", "leads to further addresses", "each of them"),
        (f"{{apprise: '{SECRET}'}}", "no address of a service", "mailto://"),
        (f'{{apprise: "json://a\\n{SECRET}"}}', "a line break", "Delete"),
        (f"{{apprise: 'json://{SECRET}{'x' * 4_000}'}}", "more than 4,000 characters", "mailto"),
        ("{apprise: []}", "this list is empty", "mailto"),
        (f"{{apprise: ['{MAIL}', '{MAIL}']}}", "written twice", "Delete"),
        ("{apprise: {a: b}}", "a list of texts", "one, another"),
        ("{apprise: true}", "yes or no", "quotation marks"),
        (f"{{apprise: '{MAIL}', telegram: 1}}", "two places", "telegram: or apprise:"),
        (f"{{apprise: '{MAIL}', terminal: true}}", "two places", "terminal: or apprise:"),
        (f"{{apprise: '{MAIL}', telegram: 1, terminal: true}}", "three places", "terminal: or"),
        (f"{{apprise: '{MAIL}', topic: 1}}", "no topics there", "Delete topic:"),
        (f"{{telegram: '{MAIL}'}}", "mailto://*** is no Telegram chat", "Write its number"),
        (f"{{terminal: '{MAIL}'}}", "mailto://*** is neither true nor false", "true or false"),
        (f"{{aprise: '{MAIL}'}}", "there is no key aprise:", "apprise:"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_without_the_secret(chat, message, hint):
    found = read(chat)

    assert not isinstance(found, Rulebook)
    told = [f"{one.message} {one.hint}" for one in found]
    assert message in told[0]
    assert hint in told[0]
    assert found[0].line == 4
    assert not any(SECRET in one for one in told)


def test_of_several_addresses_the_wrong_one_is_pointed_at():
    found = problem(f"\n    apprise:\n      - {MAIL}\n      - foo://x\n")

    assert (found.line, found.column) == (7, 9)


def test_there_are_not_too_many_addresses():
    many = ", ".join(f"json://localhost/{n}" for n in range(MOST_ADDRESSES + 1))

    assert "more than 20 addresses" in problem(f"{{apprise: [{many}]}}").message


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"mailto://ann:{SECRET}@example.org", "mailto://***@example.org"),
        (f"mailtos://ann:{SECRET}@example.org:587?to={SECRET}", "mailtos://***@example.org"),
        (f"mailto://ann:p@ss{SECRET}@example.org", "mailto://***@example.org"),
        (f"mailto://ann:12/{SECRET}@example.org", "mailto://***"),
        (f"mailto://ann:1?{SECRET}@example.org", "mailto://***"),
        (f"ntfys://ntfy.example.org/{SECRET}", "ntfys://ntfy.example.org/***"),
        (f"json://localhost:80/?x={SECRET}", "json://localhost/***"),
        ("json://localhost", "json://localhost"),
        (f"slack://{SECRET}/b/c", "slack://***"),
        (f"pbul://o.{SECRET}", "pbul://***"),
        (f"tgram://1234:{SECRET}/5", "tgram://***"),
        (f"json://[{SECRET}", "json://***"),
        (f"env:{SECRET}", "***"),
    ],
)
def test_only_what_is_no_secret_is_shown(address, shown):
    assert veiled(address) == shown


def test_the_key_of_a_place_and_its_text_hold_no_secret():
    place = Apprise(addresses=(MAIL,))

    assert destination_key(place) == destination_key(Apprise(addresses=(MAIL,)))
    assert destination_key(place) != destination_key(Apprise(addresses=("json://localhost",)))
    assert SECRET not in destination_key(place) + repr(place)
