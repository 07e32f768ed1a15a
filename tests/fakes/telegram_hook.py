"""How the fake Telegram tells a bot its updates at an address of the bot's own (webhook)."""

import asyncio
import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram_account import Account, bad_request

_PORTS: Final = (443, 80, 88, 8443)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{0,256}", re.ASCII)
_ANSWER_SECONDS: Final = 20.0
_AGAIN_SECONDS: Final = 0.1


@dataclass(slots=True)
class Hook:
    """Where a bot wants to be told, and how that went.

    Telegram tells several at once; here, one update waits for the one before it.

    Attributes:
        url: nothing where the bot asks instead.
        answers: the status of each answer; None where none came.
        told_as: the headers of the last call.
    """

    url: str = ""
    secret: str = ""
    most_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0
    answers: list[int | None] = field(default_factory=list)
    told_as: dict[str, str] = field(default_factory=dict)

    def set(self, url: str, secret: str, most_connections: int) -> None:
        """Be told at *url* from now on.

        Raises:
            RefusalError: Telegram calls no such address. Plain http is for its own machine, as a
                Bot API server that was started with --local has it.
        """
        parts = urlsplit(url)
        if url and parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.scheme == "https" and (parts.port or _PORTS[0]) not in _PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.most_connections = most_connections or 40
        self.last_error, self.last_error_date = "", 0


class Teller:
    """Tells the updates of an account, for as long as there is an address."""

    def __init__(self, account: Account, hook: Hook, changed: Condition) -> None:
        self._account, self._hook, self._changed = account, hook, changed
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look whether there is something to tell."""
        self._woken.set()

    async def run(self) -> None:
        """Tell for as long as this is awaited."""
        async with aiohttp.ClientSession() as session:
            while True:
                with self._changed:
                    waiting = self._account.pending(1) if self._hook.url else []
                if not waiting:
                    await self._woken.wait()
                    self._woken.clear()
                elif await self._tell(session, waiting[0]):
                    with self._changed:
                        self._account.acknowledge(waiting[0]["update_id"] + 1)
                        self._changed.notify_all()
                else:
                    await asyncio.sleep(_AGAIN_SECONDS)

    async def _tell(self, session: aiohttp.ClientSession, update: dict[str, object]) -> bool:
        hook = self._hook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        status, problem = None, ""
        try:
            timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
            async with session.post(
                hook.url, json=update, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                status = answer.status
                problem = f"Wrong response from the webhook: {status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            problem = "Connection refused"
        except (aiohttp.ClientError, TimeoutError):
            problem = "Read timeout expired"
        with self._changed:
            hook.answers.append(status)
            hook.told_as = headers
            if is_taken := status is not None and 200 <= status < 300:
                return is_taken
            hook.last_error, hook.last_error_date = problem, self._account.clock.date()
            self._changed.notify_all()
        return False


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
