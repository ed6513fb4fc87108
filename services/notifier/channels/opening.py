"""Opens what the channels file declares.

A file that is wrong is refused whole. A secret that is missing shuts one channel and the others go on: a robot less is
no reason to tell nobody anything.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, assert_never

import structlog
from pydantic_core import PydanticCustomError

from services.notifier.channels import declared
from services.notifier.channels.base import Channel, Clock, Letter, NotDelivered
from services.notifier.channels.dingtalk import DingTalk
from services.notifier.channels.feishu import Feishu
from services.notifier.channels.log import Log
from services.notifier.channels.mail import Mail, Server
from services.notifier.channels.reading import read_channels
from services.notifier.channels.secret import MissingSecret, Source
from services.notifier.channels.webhook import Webhook
from services.notifier.channels.wecom import WeCom

RESTART: Final = 600.0
"""Seconds: only a process that starts anew reads the secret."""
_log = structlog.get_logger()


class Shut:
    """Declared, but its secret is missing: each letter waits, and says why."""

    def __init__(self, name: str, per_minute: int | None, reason: str) -> None:
        self.name, self.per_minute, self._reason = name, per_minute, reason

    async def send(self, letter: Letter) -> str | None:  # noqa: ARG002 (no letter gets through)
        """Never."""
        raise NotDelivered(self._reason, wait=RESTART, unusable=True)

    async def close(self) -> None:
        """Nothing is open."""


def open_channels(path: Path | None, clock: Clock, environ: Mapping[str, str] = os.environ) -> dict[str, Channel]:
    """By name, `log` always among them. Raises UnusableChannels."""
    opened: dict[str, Channel] = {"log": Log()}
    for name, one in read_channels(path).channels.items():
        try:
            opened[name] = _opened(name, one, clock, environ)
        except MissingSecret as wrong:
            _log.error("channel.shut", channel=name, reason=str(wrong))
            opened[name] = Shut(name, one.per_minute, str(wrong))
    return opened


async def close_channels(channels: Iterable[Channel]) -> None:
    """All of them."""
    for each in channels:
        await each.close()


def _opened(name: str, one: declared.Declared, clock: Clock, environ: Mapping[str, str]) -> Channel:
    match one:
        case declared.DingTalkRobot() | declared.FeishuRobot():
            robot = DingTalk if isinstance(one, declared.DingTalkRobot) else Feishu
            secret = one.secret.read(environ) if one.secret else None
            return robot(name, _address(one.url, environ), secret=secret, clock=clock, per_minute=one.per_minute)
        case declared.WeComRobot():
            return WeCom(name, _address(one.url, environ), clock=clock, per_minute=one.per_minute)
        case declared.SignedWebhook():
            url = one.url if isinstance(one.url, str) else _address(one.url, environ)
            return Webhook(name, url, secret=one.secret.read(environ), clock=clock, per_minute=one.per_minute)
        case declared.MailServer():
            password = one.password.read(environ) if one.password else None
            server = Server(one.host, one.port, one.security, one.user, password)
            return Mail(name, server, declared.sender(one.sender), clock=clock, per_minute=one.per_minute)
        case declared.LogLine():
            return Log(name, one.per_minute)
        case _:
            assert_never(one)


def _address(source: Source, environ: Mapping[str, str]) -> str:
    try:
        return declared.secure(source.read(environ))
    except (PydanticCustomError, ValueError):
        raise MissingSecret(
            f"{source.env or source.file} 里不是以 https:// 开头的地址：请重新复制。It holds no https address."
        ) from None
