"""What went wrong, in words that tell a reader of feeds what to do.

No message holds an address: it may carry a user name and a password.
"""

import errno
import socket
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from monitors.adapters.http.guard import ForbiddenAddressError
from monitors.feeds.feed import FailureReason, FetchFailed
from monitors.times import about, parse_http_date

_LONGEST_WAIT = timedelta(days=30)
_ASKING_TO_WAIT = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH)

NO_ADDRESS = FetchFailed(
    reason=FailureReason.UNREACHABLE, message="this is not an address that can be fetched"
)


def broken(message: str) -> FetchFailed:
    """Answer a failure of the answer itself."""
    return FetchFailed(reason=FailureReason.BROKEN, message=message)


def astray(message: str) -> FetchFailed:
    """Answer a failure of redirects."""
    return FetchFailed(reason=FailureReason.HTTP, message=message)


def too_large(max_bytes: int) -> FetchFailed:
    """Answer a failure of a body that is longer than *max_bytes*."""
    size = f"{max_bytes / 1e6:g} MB"
    return FetchFailed(reason=FailureReason.TOO_LARGE, message=f"it is larger than {size}")


def too_slow(seconds: float) -> FetchFailed:
    """Answer a failure to be done within *seconds*."""
    message = f"the server did not finish within {seconds:g} s"
    return FetchFailed(reason=FailureReason.TIMEOUT, message=message)


def too_busy(seconds: float) -> FetchFailed:
    """Answer a failure to begin or to go on within *seconds*, for all that is fetched beside."""
    message = f"for {seconds:g} s, Newsbell had too much else to fetch"
    return FetchFailed(reason=FailureReason.TIMEOUT, message=message)


def refusal(status: int, retry_after: str | None, now: datetime) -> FetchFailed:
    """Answer the failure that an HTTP *status* means.

    Args:
        status: what the server answered, from 100.
        retry_after: the header of that name; it counts for 429 and 503 only.
        now: what a date in it is measured against.
    """
    wait = _wait(retry_after, now) if retry_after and status in _ASKING_TO_WAIT else None
    asks = f" and asks to be left alone for {about(wait)}" if wait else ""
    return FetchFailed(
        reason=FailureReason.HTTP,
        message=f"the server answered {status} {_phrase(status)}".rstrip() + asks,
        retry_after=wait,
        status=status,
    )


def _phrase(status: int) -> str:
    """Answer the standard's words for *status*: those of the server may say anything."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _wait(text: str, now: datetime) -> timedelta | None:
    text = text.strip()
    if text.isdecimal() and text.isascii():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    until = parse_http_date(text)
    return None if until is None else min(max(until - now, timedelta(0)), _LONGEST_WAIT)


def failure_of(error: Exception, connect_s: float) -> FetchFailed:
    """Answer what an *error* of the HTTP library means."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            reason, message = FailureReason.UNREACHABLE, _certificate(error)
        case aiohttp.ClientConnectorError():
            reason, message = _connecting(error.os_error)
        case aiohttp.ConnectionTimeoutError():
            reason, message = FailureReason.TIMEOUT, f"nobody answers within {connect_s:g} s"
        case aiohttp.ServerDisconnectedError():
            reason, message = FailureReason.BROKEN, "the server hangs up without an answer"
        case aiohttp.ClientPayloadError():
            reason, message = FailureReason.BROKEN, "the answer breaks off"
        case aiohttp.ClientResponseError():
            reason, message = FailureReason.BROKEN, "what the server answers is not proper HTTP"
        case OSError() | aiohttp.ClientConnectionError():
            reason, message = FailureReason.BROKEN, "the connection breaks off"
        case _:
            return NO_ADDRESS
    return FetchFailed(reason=reason, message=message)


def _connecting(error: OSError) -> tuple[FailureReason, str]:
    message = "the connection cannot be made"
    match error:
        case ForbiddenAddressError():
            return (
                FailureReason.FORBIDDEN_ADDRESS,
                "its address is not public: add its network to ALLOW_NETWORKS if you trust it",
            )
        case socket.gaierror() if error.errno in _NO_SUCH_NAME:
            message = "there is no such host"
        case socket.gaierror():
            message = "the name of the host cannot be looked up at the moment"
        case ConnectionRefusedError():
            message = "nobody answers: the connection was refused"
        case TimeoutError():
            return FailureReason.TIMEOUT, "nobody answers"
        case OSError(errno=number) if number in _NO_WAY:
            message = "there is no way to the host"
        case _ if "ssl" in type(error).__name__.lower():
            message = "no secure connection can be agreed on"
    return FailureReason.UNREACHABLE, message


def _certificate(error: aiohttp.ClientConnectorCertificateError) -> str:
    detail = getattr(error.certificate_error, "verify_message", "")
    return f"its certificate is not valid: {detail}" if detail else "its certificate is not valid"
