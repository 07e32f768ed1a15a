"""What became of a message that Apprise says it could not send.

Apprise answers no more than that. Which error it met, and which status it was given, is known
from what it logged meanwhile; what cannot be told from that may have arrived.
"""

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from socket import gaierror
from ssl import SSLCertVerificationError

from requests import exceptions as web
from urllib3 import exceptions as wire

from monitors.adapters.apprise.overheard import Overheard
from monitors.alerts.delivery import DeliveryOutcome, InDoubt, Refused, RetryLater

_STATUS = re.compile(r"\berror[=: ]+(\d{3})\b")
_NEVER_SENT = (
    wire.ConnectTimeoutError,
    wire.NewConnectionError,
    wire.NameResolutionError,
    wire.ProxyError,
    ConnectionRefusedError,
    SSLCertVerificationError,
    gaierror,
)
_TOO_EARLY = (SMTPConnectError, SMTPHeloError, SMTPNotSupportedError)
# The mail server could not be talked into taking anything; what failed later is said elsewise.
_NO_MAIL_YET = "Connection error while submitting email"
_LATER = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.LOCKED,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
# A server between may have given up waiting for one that took the message.
_UNKNOWN = {HTTPStatus.GATEWAY_TIMEOUT}
# What is wrong is this message, and another one may be taken.
_ONE_MESSAGE = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_FIRST_REDIRECT, _FIRST_REFUSAL, _FIRST_FAILURE = 300, 400, 500
_SENT = "Sent "
_DEEPEST = 8


def outcome_of(heard: Overheard, *, targets: int) -> DeliveryOutcome:  # noqa: PLR0911 -- one a kind
    """Answer what became of a message that was not, or not wholly, sent.

    Args:
        heard: what Apprise said.
        targets: to how many places the one address sends.
    """
    if targets > 1 and any(line.startswith(_SENT) for line in heard.lines):
        return InDoubt("it was taken in some of the places of this address, and not in others")
    causes = [cause for error in heard.errors for cause in _causes(error)]
    if reply := _mail_reply(causes):
        return _of_mail(reply, causes)
    if any(isinstance(cause, _NEVER_SENT) for cause in causes):
        return RetryLater(_unreached(causes))
    if any(_NO_MAIL_YET in line for line in heard.lines):
        return RetryLater("the mail server cannot be reached")
    if status := _status(heard.lines):
        return _of_status(status)
    if any(isinstance(cause, web.Timeout | wire.TimeoutError | TimeoutError) for cause in causes):
        return InDoubt("no answer came in time")
    if causes:
        return InDoubt("the connection broke before the answer came")
    return InDoubt("Apprise could not send it, and does not say why")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield *error* and what it was made of: libraries wrap errors in one another."""
    waiting, seen = [error], 0
    while waiting and seen < _DEEPEST:
        one = waiting.pop(0)
        seen += 1
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [each for each in inner if isinstance(each, BaseException)]


def _unreached(causes: Sequence[BaseException]) -> str:
    if any(isinstance(cause, SSLCertVerificationError) for cause in causes):
        return "the server's certificate is not valid"
    if any(isinstance(cause, wire.NameResolutionError | gaierror) for cause in causes):
        return "the server's name is not known"
    return "the server cannot be reached"


def _status(lines: Sequence[str]) -> int | None:
    found = (_STATUS.search(line) for line in lines)
    return next((int(each[1]) for each in found if each), None)


def _of_status(status: int) -> DeliveryOutcome:  # noqa: PLR0911 -- one a kind
    said = f"the server answers {status}"
    if status in _UNKNOWN:
        return InDoubt(f"{said}: it is not known whether it took the message")
    if status in _LATER or status >= _FIRST_FAILURE:
        return RetryLater(said)
    if status in _ONE_MESSAGE:
        return Refused(f"{said}: it does not take this message", whole_chat=False)
    if _FIRST_REDIRECT <= status < _FIRST_REFUSAL:
        return Refused(f"{said}: it has another address now")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Refused(f"{said}: check the name, the password or the token in its address")
    if status >= _FIRST_REFUSAL:
        return Refused(f"{said}: check its address")
    return InDoubt(said)


def _mail_reply(causes: Sequence[BaseException]) -> int | None:
    """Answer the code with which a mail server refused, if one did."""
    for cause in causes:
        if isinstance(cause, SMTPResponseException):
            return cause.smtp_code
        if isinstance(cause, SMTPRecipientsRefused):
            return min((code for code, _ in cause.recipients.values()), default=_FIRST_FAILURE)
    return None


def _of_mail(reply: int, causes: Sequence[BaseException]) -> DeliveryOutcome:
    said = f"the mail server answers {reply}"
    if reply < _FIRST_FAILURE:  # also without a code, where it hung up
        return RetryLater(said)
    if any(isinstance(cause, SMTPAuthenticationError) for cause in causes):
        return Refused(f"{said}: check the name and the password in its address")
    if any(isinstance(cause, SMTPRecipientsRefused) for cause in causes):
        return Refused(f"{said}: it does not take mail for this recipient")
    if any(isinstance(cause, _TOO_EARLY) for cause in causes):
        return Refused(f"{said}: it does not want to talk with Newsbell")
    return Refused(f"{said}: it does not take this message", whole_chat=False)
