"""One message on its way to one address. It blocks: for as long as the server likes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from apprise import NotifyBase, NotifyFormat
from apprise.common import OverflowMode
from apprise.conversion import convert_between
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.email import NotifyEmail

from monitors.adapters.apprise.outcomes import outcome_of
from monitors.adapters.apprise.overheard import overhearing
from monitors.adapters.apprise.reach import opened
from monitors.alerts.alert import Snippet
from monitors.alerts.delivery import Delivered, DeliveryOutcome, Refused
from monitors.alerts.showing.legible import shorten, units
from monitors.alerts.showing.posting import (
    Posting,
    Style,
    alert_postings,
    digest_postings,
    notice_postings,
)
from monitors.pipeline.records import Kind, Letter

_READ_SECONDS = 20.0
# Its usual pauses are for programs that know no pace; a few targets would take too long.
_BETWEEN_TARGETS_SECONDS = 0.5
_SHORTEST_TITLE = 10
# Programs read these, and a subject is searched for: nobody is called by an @name there.
_CALLS_NOBODY = (NotifyEmail, NotifyJSON, NotifyXML, NotifyForm)
# What Apprise itself adds to a title that it puts into the body.
_COUNTER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be sent, and how it is called there.

    Attributes:
        doubtful: whether it says that it may have been sent before.
        name: of this message, for those that follow it.
        follows: name of the message that it belongs to.
    """

    letter: Letter
    zone: tzinfo
    doubtful: bool
    name: str
    follows: str | None = None


def send(message: Message, address: str) -> DeliveryOutcome:
    """Send *message* to *address*, once; answer what became of it."""
    service = opened(address)
    if service is None:
        return Refused("Apprise cannot use its address")
    _ready(service, message)
    title, body, body_format = fitting(service, message)
    with overhearing() as heard:
        # Not through Apprise itself, which repeats and forgives as the address asks for.
        sent = service.notify(
            title=title, body=body, body_format=body_format, overflow=OverflowMode.UPSTREAM
        )
    if sent:
        return Delivered(message.name)
    return outcome_of(heard, targets=len(service) // (service.retry + 1))


def _ready(service: NotifyBase, message: Message) -> None:
    """Give *service* time to answer in, and a mail its place in a conversation."""
    service.request_rate_per_sec = min(service.request_rate_per_sec, _BETWEEN_TARGETS_SECONDS)
    if service.socket_read_timeout == type(service).socket_read_timeout:
        service.socket_read_timeout = _READ_SECONDS
    if isinstance(service, NotifyEmail):
        # Mail programs put together what names one message, even where nobody ever had that.
        first = f"<{message.follows or message.name}>"
        service.headers["References"] = first
        if message.follows:
            service.headers["In-Reply-To"] = first


def fitting(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """Answer title and body for *service*, in the longest version that it takes whole."""
    text = service.notify_format is NotifyFormat.TEXT
    calls = not isinstance(service, _CALLS_NOBODY)
    most_title = int(service.title_maxlen)
    style = Style(html=not text, titled=most_title >= _SHORTEST_TITLE, mentions=calls)
    title = body = ""
    for posting in _postings(message, style):
        title = shorten(Snippet(text=posting.title), most_title).text if style.titled else ""
        title = f"{_answering(service, message)}{title}"
        body = _in_format(posting.body, service.notify_format)
        room = _room(service, title)
        if units(body) <= room:
            break
        if text:
            body = shorten(Snippet(text=body), max(room, 1)).text
    return title, body, NotifyFormat.TEXT if text else NotifyFormat.HTML


def _postings(message: Message, style: Style) -> Iterator[Posting]:
    letter = message.letter
    if letter.digest is not None:
        return digest_postings(letter.digest, style, zone=message.zone, doubtful=message.doubtful)
    if letter.content is None:
        return notice_postings(letter.notice.text if letter.notice else (), style)
    return alert_postings(letter.content, style, zone=message.zone, doubtful=message.doubtful)


def _answering(service: NotifyBase, message: Message) -> str:
    """Answer how the subject of a mail begins that follows another one."""
    is_reply = message.letter.kind is Kind.REPLY and message.follows
    return "Re: " if is_reply and isinstance(service, NotifyEmail) else ""


def _in_format(body: str, notify_format: NotifyFormat) -> str:
    """Answer *body* as the service takes it; its escapes are Apprise's, who knows the service."""
    if notify_format is not NotifyFormat.MARKDOWN:
        return body
    return str(convert_between(NotifyFormat.HTML, NotifyFormat.MARKDOWN, body))


def _room(service: NotifyBase, title: str) -> int:
    """Answer how many characters are left for the body below *title*."""
    taken = len(title) + _COUNTER if title and service.overflow_amalgamate_title else 0
    return int(service.body_maxlen) - int(service.overflow_buffer) - taken
