"""What the environment and the command line decide; the only place that reads the environment."""

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from monitors.adapters.files.regular import Contents, Unreadable, read_regular
from monitors.alerts.delivery import DoubtPolicy
from monitors.alerts.pacing import LOCAL_PACE, TELEGRAM_PACE, Pace
from monitors.errors import SettingsError

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)
_MOST_TOKEN_BYTES = 4_096
_LISTEN = "127.0.0.1:8181"
_LAST_PORT = 65_535
_HOOK_PORTS = (443, 80, 88, 8443)
_PACES = {"telegram": TELEGRAM_PACE, "local": LOCAL_PACE}
_NO_API_URL = "to use Telegram's own server"
_NO_PUBLIC_URL = "to do without pushes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this Newsbell runs.

    Attributes:
        rules: path of rules.yaml.
        data: directory of the store.
        token: of the Telegram bot; None prints alerts in the terminal.
        api_url: root address of another Bot API server than Telegram's own.
        webhook_url: address at which Telegram tells us what people write; None asks it.
        admins: Telegram user ids of those who may change anything.
        networks: private networks that feeds and pages may be fetched from.
        public_url: address under which hubs on the internet reach this Newsbell; None if they
            cannot.
        listen: host and port where it listens for them, and for Telegram, if they can.
        doubt: what is done with a message whose answer was lost.
        pace: how fast messages are sent to Telegram.
    """

    rules: Path
    data: Path
    token: str | None = field(default=None, repr=False)
    api_url: str | None = None
    webhook_url: str | None = None
    admins: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    public_url: str | None = None
    listen: tuple[str, int] = ("127.0.0.1", 8181)
    doubt: DoubtPolicy = DoubtPolicy.PROBE
    pace: Pace = TELEGRAM_PACE

    @property
    def store(self) -> Path:
        """Path of the store."""
        return self.data / "newsbell.db"

    @property
    def lock(self) -> Path:
        """Path of the file that a running Newsbell holds."""
        return self.data / "lock"


def from_environment(rules: Path, data: Path) -> Settings:
    """Answer the settings of this process.

    Raises:
        SettingsError: a variable cannot be used.
    """
    return read_settings(os.environ, rules, data)  # noqa: TID251 -- here and nowhere else


def secret_of(
    reference: str, folder: Path, environment: Mapping[str, str] | None = None
) -> str | tuple[str, str]:
    """Answer the text that `env:NAME` or `file:path` leads to, or what is wrong and how to mend it.

    Args:
        reference: as rules.yaml has it.
        folder: where the paths of files begin.
        environment: by default, that of this process.
    """
    kind, _, name = reference.partition(":")
    if kind == "env":
        known = os.environ if environment is None else environment  # noqa: TID251 -- as below
        found = known.get(name, "").strip()
        trouble = f"the variable {name} is not set", f"Set {name} where Newsbell starts."
    else:
        read = read_regular(folder / Path(name).expanduser(), _MOST_TOKEN_BYTES)
        if not isinstance(read, Contents):
            why = read.message if isinstance(read, Unreadable) else "it is empty"
            return f"the file that this names cannot be used: {why}", "Put the address into it."
        found = read.data.decode("utf-8-sig", "replace").strip()
        trouble = "the file that this names is empty", "Put the address into it."
    return found or trouble


def folder_of(rules: Path) -> Path:
    """Answer the folder beside whose rules.yaml feeds may be files."""
    return rules.resolve().parent


def read_settings(environment: Mapping[str, str], rules: Path, data: Path) -> Settings:
    """Answer the settings that *environment* says.

    Raises:
        SettingsError: a variable cannot be used.
    """
    return Settings(
        rules=rules,
        data=data,
        token=_token(environment),
        api_url=_address(environment, "TELEGRAM_API_URL", "http://127.0.0.1:8081", _NO_API_URL),
        webhook_url=_webhook(environment),
        admins=_admins(environment.get("ADMINS", "")),
        networks=_networks(environment.get("ALLOW_NETWORKS", "")),
        public_url=_address(environment, "PUBLIC_URL", "https://news.example.org", _NO_PUBLIC_URL),
        listen=_listen(environment.get("LISTEN", "").strip() or _LISTEN),
        doubt=DoubtPolicy(_choice(environment, "IN_DOUBT", [one.value for one in DoubtPolicy])),
        pace=_PACES[_choice(environment, "TELEGRAM_PACE", [*_PACES])],
    )


def _token(environment: Mapping[str, str]) -> str | None:
    """Answer the token; a file that is named wins over the variable."""
    name = environment.get("TELEGRAM_TOKEN_FILE", "").strip()
    source = f"the file {name}, which TELEGRAM_TOKEN_FILE names," if name else "TELEGRAM_TOKEN"
    token = environment.get("TELEGRAM_TOKEN", "").strip()
    if name:
        try:
            with Path(name).open("rb") as file:
                token = file.read(_MOST_TOKEN_BYTES).decode("utf-8-sig", "replace").strip()
        except OSError as error:
            raise SettingsError(
                f"TELEGRAM_TOKEN_FILE names {name}, which cannot be read: {error.strerror}. "
                "Put the bot's token into it, or unset TELEGRAM_TOKEN_FILE."
            ) from None
        if not token:
            raise SettingsError(
                f"TELEGRAM_TOKEN_FILE names {name}, which is empty. Put the bot's token into it."
            )
    if token and not _TOKEN.fullmatch(token):
        raise SettingsError(
            f"{source} holds no bot token. It looks like 123456789:AAF…: numbers, a colon, then "
            "letters and digits. @BotFather tells it to you."
        )
    return token or None


def _address(environment: Mapping[str, str], name: str, like: str, unset: str) -> str | None:
    url = environment.get(name, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets that hold no address, a port that is none
        usable = False
    if not usable or "?" in url or "#" in url or re.search(r"\s", url):
        raise SettingsError(
            f"{name} is {url}, which is no address. Write it like {like}, or unset it {unset}."
        )
    return url.rstrip("/")


def _webhook(environment: Mapping[str, str]) -> str | None:
    """Answer the address of the webhook, if Telegram can call it and it leads to one path."""
    name, like = "TELEGRAM_WEBHOOK_URL", "https://news.example.org/telegram"
    url = _address(environment, name, like, "to have Newsbell ask Telegram instead")
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.path in ("", "/"):
        raise SettingsError(f"{name} is {url}, which has no path. Write it like {like}.")
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise SettingsError(f"{name} is {url}, but Telegram calls https addresses only.")
    is_own = environment.get("TELEGRAM_API_URL", "").strip()
    if not is_own and (parts.port or _HOOK_PORTS[0]) not in _HOOK_PORTS:
        raise SettingsError(
            f"{name} is {url}, but Telegram calls the ports 443, 80, 88 and 8443 only."
        )
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _choice(environment: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """Answer which of *choices* the variable says; the first if none."""
    said = environment.get(name, "").strip().lower() or choices[0]
    if said not in choices:
        raise SettingsError(
            f"{name} is {said}, which is none of {', '.join(choices)}. Write one of them, or unset "
            f"it for {choices[0]}."
        )
    return said


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        number = int(port) if re.fullmatch(r"[0-9]{1,5}", port) else 0
    except ValueError:
        number = 0
    if not 0 < number <= _LAST_PORT:
        raise SettingsError(
            f"LISTEN is {text}, which is no address and port. Write it like {_LISTEN}, or "
            "0.0.0.0:8181 in a container."
        )
    return host, number


def _admins(text: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for one in ids:
        if not one.isdecimal() or not one.isascii():
            raise SettingsError(
                f"ADMINS has {one}, which is no Telegram user id. Write numbers with commas "
                "between them; @userinfobot tells you yours."
            )
    return ids


def _networks(text: str) -> tuple[Network, ...]:
    networks: list[Network] = []
    for part in filter(None, re.split(r"[,\s]+", text)):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            raise SettingsError(
                f"ALLOW_NETWORKS has {part}, which is no network. Write it like 192.168.1.0/24, "
                "with commas between several."
            ) from None
    return tuple(networks)
