"""Signed links to a notice: whoever holds one may say that the notice was seen, and nothing else.

In a group everybody can press the button of a letter that names one of them: it shows who was asked, no more.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

SHORTEST: Final = 32
"""Bytes of a key."""
LONGEST: Final = 1024
"""Characters of a token."""


class Linked(NamedTuple):
    """What a token speaks of."""

    subject: str
    """Of the notice's life."""
    person: str


@dataclass(frozen=True)
class Links:
    """Made and checked with one key, which every notifier of a tenant shares; another key makes old links worthless."""

    base: str
    """The public address, without a path of its own or with one: https://bihuan.example.gov.cn."""
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError, with what to do."""
        if len(self.key) < SHORTEST:
            raise ValueError(
                f"签名密钥至少 {SHORTEST} 字节，请换一个长的：the key of links needs {SHORTEST} bytes or more"
            )
        if not self.base.startswith(("https://", "http://")):
            raise ValueError(f"公开地址须以 https:// 开头，不是“{self.base}”：the public URL begins with https://")

    def link(self, subject: str, person: str) -> str:
        """For one person and notice."""
        return f"{self.base.rstrip('/')}/n/{self.token(subject, person)}"

    def token(self, subject: str, person: str) -> str:
        """Readable by anybody, made by nobody else."""
        return self._signed(f"{subject} {person}".encode())

    def read(self, token: str) -> Linked | None:
        """None for one that this key did not sign."""
        said = _bytes(token.partition(".")[0])
        if len(token) > LONGEST or not hmac.compare_digest(self._signed(said).encode(), token.encode(errors="replace")):
            return None
        subject, _, person = said.decode().partition(" ")
        return Linked(subject, person)

    def _signed(self, said: bytes) -> str:
        mac = hmac.digest(self.key, b"notice:" + said, sha256)
        return f"{_text(said)}.{_text(mac)}"


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Empty where it is no base64."""
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return b""
