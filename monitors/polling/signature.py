"""Whether what a hub sends is signed with the secret that only it was told."""

import hashlib
import hmac

# What WebSub names; the first is weak, but what most hubs use.
_METHODS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


class Seal:
    """The signature of one body, which comes piece by piece.

    Args:
        header: `X-Hub-Signature` as it was sent, or None.
        secret: what the hub was told.
    """

    def __init__(self, header: str | None, secret: str) -> None:
        method, _, claimed = (header or "").strip().partition("=")
        self._claimed = claimed.strip().lower().encode("utf-8", "replace")
        made = _METHODS.get(method.strip().lower())
        self._own = hmac.new(secret.encode(), digestmod=made) if made else None

    def takes(self, piece: bytes) -> None:
        """Take the next *piece* of the body into account."""
        if self._own:
            self._own.update(piece)

    def fits(self) -> bool:
        """Answer whether the body so far bears the signature; in constant time."""
        if self._own is None:
            return False
        return hmac.compare_digest(self._own.hexdigest().encode(), self._claimed)
