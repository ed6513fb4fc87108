"""What the environment says to the notifier: where people, channels and holidays stand, and when nobody is called."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from services.environment import Environment, NatsServers, Readable, Zone, unreadable, wrong
from services.notifier.delivering.links import SHORTEST, Links
from services.notifier.delivering.scheduling import Hours

_CLOCK: Final = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_SPAN: Final = re.compile(f"{_CLOCK}-{_CLOCK}")
_LISTEN: Final = re.compile(r"(?:(?P<host>[^:\s]+|\[[0-9a-fA-F:]+\]):)?(?P<port>[0-9]{1,5})")
KEY_FILE: Final = "BIHUAN_ACK_KEY_FILE"
NEVER: Final = "off"
_SHORT: Final = f"签名密钥至少 {SHORTEST} 字节，请换一个长的：the key of links needs {SHORTEST} bytes or more"


def _span(span: str) -> str:
    if span != NEVER and not _SPAN.fullmatch(span):
        raise PydanticCustomError("our_span", "应形如 22:00-07:00，不设则写 off：write 22:00-07:00, or off")
    return span


def _clock(clock: str) -> str:
    if not re.fullmatch(_CLOCK, clock):
        raise PydanticCustomError("our_clock", "时刻应形如 08:30：write 08:30")
    return clock


def _listen(listen: str) -> str:
    found = _LISTEN.fullmatch(listen)
    if listen and (not found or int(found["port"]) > 65_535):  # noqa: PLR2004 (as TCP counts)
        raise PydanticCustomError("our_listen", "应形如 127.0.0.1:8080 或 [::1]:8080：write host:port")
    return listen


def _public(url: str) -> str:
    if url and not (url.startswith(("https://", "http://")) and not set("@?#").intersection(url) and _host(url)):
        raise PydanticCustomError(
            "our_public_url", "应形如 https://bihuan.example.gov.cn，不带口令：write https://host, without a password"
        )
    return url


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _long(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value().encode()) < SHORTEST:
        raise PydanticCustomError("our_key", _SHORT)
    return key


class Settings(Environment):
    """`BIHUAN_DIRECTORY`, `BIHUAN_CHANNELS`, `BIHUAN_QUIET` …: by these names, in capitals."""

    nats_url: NatsServers = "nats://127.0.0.1:4222"
    nats_credentials: Readable | None = None
    nats_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    bihuan_directory: Readable | None = None
    """Bodies and people, as YAML; watched. Without it nobody can be told."""
    bihuan_channels: Path | None = None
    """How people are reached, as YAML; without it every notice goes to the log alone."""
    bihuan_calendar: Readable | None = None
    """Holidays and 调休 that the built-in calendar does not know yet, as YAML; looked at again when it changes."""
    bihuan_zone: Zone = "Asia/Shanghai"
    """Where the sites are: calendar days are theirs."""
    bihuan_quiet: Annotated[str, AfterValidator(_span)] = "22:00-07:00"
    """Quiet hours at the site; `off`: none."""
    bihuan_digest: Annotated[str, AfterValidator(_clock)] = "08:30"
    """When the day's digest goes."""
    bihuan_public_url: Annotated[str, AfterValidator(_public)] = ""
    """Where people reach the page behind a notice's link; without it letters hold no link."""
    bihuan_ack_listen: Annotated[str, AfterValidator(_listen)] = ""
    """host:port on which that page is served, behind whatever serves BIHUAN_PUBLIC_URL."""
    bihuan_ack_key: Annotated[SecretStr, AfterValidator(_long)] | None = None
    """Signs the links, 32 bytes or more, the same for all notifiers; or BIHUAN_ACK_KEY_FILE."""
    bihuan_ack_key_file: Readable | None = None

    @model_validator(mode="after")
    def _links_together(self) -> Self:
        key = self.bihuan_ack_key is not None or self.bihuan_ack_key_file is not None
        if bool(self.bihuan_public_url) is not key or (self.bihuan_ack_listen and not key):
            raise PydanticCustomError(
                "our_links",
                "BIHUAN_PUBLIC_URL、BIHUAN_ACK_KEY（或 BIHUAN_ACK_KEY_FILE）须一并设置，BIHUAN_ACK_LISTEN 也要有它们："
                "set the public URL and the key of links together",
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Of the sites."""
        return ZoneInfo(self.bihuan_zone)

    @property
    def hours(self) -> Hours:
        """Quiet ones, and the digest's."""
        digest = time.fromisoformat(self.bihuan_digest)
        begin, _, end = self.bihuan_quiet.partition("-") if self.bihuan_quiet != NEVER else ("00:00", "", "00:00")
        return Hours(self.zone, time.fromisoformat(begin), time.fromisoformat(end), digest)

    @property
    def links(self) -> Links | None:
        """None where letters hold no link. Raises WrongSetting for a file that holds no key."""
        if not self.bihuan_public_url:
            return None
        if self.bihuan_ack_key is not None:
            return Links(self.bihuan_public_url, self.bihuan_ack_key.get_secret_value().encode())
        return Links(self.bihuan_public_url, _key(self.bihuan_ack_key_file or Path()))

    @property
    def listen(self) -> tuple[str, int] | None:
        """Host and port of the page, if it is served here."""
        found = _LISTEN.fullmatch(self.bihuan_ack_listen)
        return ((found["host"] or "127.0.0.1").strip("[]"), int(found["port"])) if found else None


def _key(path: Path) -> bytes:
    try:
        key = path.read_bytes().strip()
    except OSError as trouble:
        raise wrong(KEY_FILE, unreadable(trouble)) from None
    if len(key) < SHORTEST:
        raise wrong(KEY_FILE, _SHORT)
    return key
