"""Asks WebSub hubs to push, over HTTP and only where feeds may be fetched from, too."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

import aiohttp
from yarl import URL

from monitors.adapters.http.addresses import is_downgrade, parse, target_of
from monitors.adapters.http.failures import failure_of, refusal, too_slow
from monitors.adapters.http.guard import Network
from monitors.adapters.http.names import Names
from monitors.adapters.http.sessions import open_session
from monitors.feeds.feed import FetchFailed
from monitors.polling.subscription import LEASE, HubAnswer, Subscription

_MAX_REDIRECTS = 3
_REDIRECTS = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
# Not a refusal, but a moment in which it cannot be.
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_ASTRAY = HubAnswer(problem="the hub redirects to where it cannot be asked")


class WebHubs:
    """Implements `gathering.push.Hubs`.

    Args:
        networks: private networks that may be connected to; public addresses always may.
        clock: the time now, aware; a Retry-After that is a date is measured against it.
        total_s: seconds until a request is given up.
        connect_s: seconds until an attempt to connect is given up.
    """

    def __init__(
        self,
        networks: Sequence[Network],
        *,
        clock: Callable[[], datetime],
        total_s: float = 20,
        connect_s: float = 10,
    ) -> None:
        self._networks = tuple(networks)
        self._clock = clock
        self._total_s, self._connect_s = total_s, connect_s
        self._names = Names()

    async def ask(self, known: Subscription) -> HubAnswer:
        """Ask a hub to begin to push, or to end it if the subscription is no longer wanted."""
        url = parse(known.hub)
        if url is None:
            return HubAnswer(problem="the hub has no address that can be asked", refused=True)
        try:
            async with asyncio.timeout(self._total_s), self._session() as session:
                return await self._follow(session, url, _form(known))
        except TimeoutError as error:
            late = isinstance(error, aiohttp.ConnectionTimeoutError)
            return _failed(failure_of(error, self._connect_s) if late else too_slow(self._total_s))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failed(failure_of(error, self._connect_s))

    def _session(self) -> aiohttp.ClientSession:
        """Answer a session for one request: there are few, and far between."""
        return open_session(self._networks, self._names, self._connect_s, {})

    async def _follow(
        self, session: aiohttp.ClientSession, url: URL, form: dict[str, str]
    ) -> HubAnswer:
        """Answer what the hub says, or the one to which it sends on; its words are not read."""
        for _ in range(_MAX_REDIRECTS + 1):
            async with session.post(url, data=form, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return self._judge(response)
                target = target_of(url, response.headers.get("Location", ""))
            if target is None or is_downgrade(url, target):
                return _ASTRAY
            url = target
        return _ASTRAY

    def _judge(self, response: aiohttp.ClientResponse) -> HubAnswer:
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return HubAnswer()
        failed = refusal(response.status, response.headers.get("Retry-After"), self._clock())
        refused = (
            HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR
            and response.status not in _PASSING
        )
        return HubAnswer(problem=failed.message, refused=refused, wait=failed.retry_after)


def _form(known: Subscription) -> dict[str, str]:
    form = {
        "hub.callback": known.callback_url,
        "hub.mode": "subscribe" if known.wanted else "unsubscribe",
        "hub.topic": known.topic,
        "hub.verify": "async",  # for hubs from before WebSub
    }
    if known.wanted:
        form["hub.lease_seconds"] = str(round(LEASE.total_seconds()))
        form["hub.secret"] = known.secret
    return form


def _failed(failed: FetchFailed) -> HubAnswer:
    return HubAnswer(problem=failed.message)
