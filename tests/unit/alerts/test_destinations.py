"""Where messages are shown, and which address opens them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.alerts.destinations import destination_key, message_link
from monitors.rules.rulebook import Telegram, Terminal


@pytest.mark.parametrize(
    ("destination", "link"),
    [
        (Telegram(chat_id="-1001234567890"), "https://t.me/c/1234567890/7"),
        (Telegram(chat_id="-1001234567890", topic=12), "https://t.me/c/1234567890/12/7"),
        (Telegram(chat_id="-1000000000001"), "https://t.me/c/1/7"),
        (Telegram(chat_id="@herald"), "https://t.me/herald/7"),
        (Telegram(chat_id="-4711"), None),
        (Telegram(chat_id="4711"), None),
        (Terminal(), None),
    ],
)
def test_a_message_has_an_address_where_its_chat_has_one(destination, link):
    assert message_link(destination_key(destination), "7") == link


@pytest.mark.parametrize("key", ["gone", "telegram:-1001234567890:"])
def test_what_is_no_message_has_none(key):
    assert message_link(key, "printed") is None


@given(st.integers(1, 10**12), st.none() | st.integers(1, 10**9), st.integers(1, 10**9))
def test_every_message_of_a_supergroup_has_its_own(group, topic, number):
    chat = Telegram(chat_id=str(-(10**12) - group), topic=topic)
    parts = [f"https://t.me/c/{group}", *([str(topic)] if topic else []), str(number)]

    assert message_link(destination_key(chat), str(number)) == "/".join(parts)
