"""A push counts only with a signature that fits the whole body and the secret."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.polling.signature import Seal

SECRET = "only the hub knows"
BODY = b"<rss>a ship sails</rss>"


def signed(body=BODY, method="sha256", secret=SECRET):
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def fits(header, *pieces, secret=SECRET):
    seal = Seal(header, secret)
    for piece in pieces or (BODY,):
        seal.takes(piece)
    return seal.fits()


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_that_websub_names_is_checked(method):
    assert fits(signed(method=method))
    assert not fits(signed(method=method, secret="another"))


@given(st.lists(st.binary(max_size=50), min_size=1))
def test_a_body_may_come_in_any_pieces(pieces):
    assert fits(signed(b"".join(pieces)), *pieces)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_body_that_differs_does_not_fit(one, other):
    assert fits(signed(one), other) is (one == other)


def test_letter_case_and_space_make_no_difference():
    assert fits(f" {signed().upper()} ")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "=",
        "sha256",
        "sha256=",
        "sha256=ü",
        "sha256=\udc80",
        "sha1=" + "0" * 1_000_000,
        f"none={SECRET}",
        f"md5={hashlib.md5(BODY).hexdigest()}",
        signed(method="sha224"),
        signed().replace("sha256", "sha512"),
        signed()[:-1],
        signed() + "0",
    ],
)
def test_anything_else_is_no_signature(header):
    assert not fits(header)
