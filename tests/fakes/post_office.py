"""A mail server on the loopback interface: it keeps what it takes, and refuses on demand."""

import asyncio
import email.policy
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage

from tests.fakes.webhook import Fault, Loopback


@dataclass(slots=True)
class Mail:
    """One mail, and whom it is for."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def html(self) -> str:
        return self.message.get_body(("html",)).get_content()

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()


@dataclass(slots=True)
class _Envelope:
    sender: str = ""
    recipients: list[str] = field(default_factory=list)


class PostOffice(Loopback):
    """Speaks SMTP as far as sending needs it."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.mails: list[Mail] = []
        self.replies: dict[str, str | Fault] = {}
        self.logins: list[str] = []

    def says(self, command: str, reply: str | Fault) -> None:
        """Answer *command* so from now on: HELLO, AUTH, RCPT, DATA or, of a mail, END."""
        self.replies[command] = reply

    def hangs_up(self) -> None:
        """Close the connections that are open."""
        self._loop.call_soon_threadsafe(self._hang_up)

    def _hang_up(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        envelope = _Envelope()
        if not await self._reply(writer, "HELLO", "220 post office"):
            return
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            usual = await self._does(verb.upper(), rest, envelope, reader, writer)
            if usual is None or not await self._reply(writer, *usual) or verb.upper() == "QUIT":
                return

    async def _does(self, verb, rest, envelope, reader, writer) -> tuple[str, str] | None:
        match verb:
            case "EHLO" | "HELO":
                return "EHLO", "250-post office\r\n250 AUTH PLAIN"
            case "AUTH":
                self.logins.append(rest)
                return "AUTH", "235 welcome"
            case "MAIL":
                envelope.sender = rest
                return "MAIL", "250 fine"
            case "RCPT":
                envelope.recipients.append(rest[len("TO:<") :].partition(">")[0])
                return "RCPT", "250 fine"
            case "DATA":
                if not await self._reply(writer, "DATA", "354 go on"):
                    return None
                if "DATA" in self.replies:
                    return "NOTHING", "250 fine"
                raw = await reader.readuntil(b"\r\n.\r\n")
                if "END" not in self.replies:
                    unstuffed = raw[: -len(b".\r\n")].replace(b"\r\n..", b"\r\n.")
                    self.mails.append(Mail(envelope.sender, list(envelope.recipients), unstuffed))
                    self.tell()
                return "END", "250 taken"
            case "QUIT":
                return "QUIT", "221 bye"
            case _:
                return verb, "250 fine"

    async def _reply(self, writer: asyncio.StreamWriter, command: str, usual: str) -> bool:
        reply = self.replies.get(command, usual)
        if reply is Fault.HANG:
            await asyncio.Event().wait()
        if isinstance(reply, Fault):
            return False
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()
        return True
