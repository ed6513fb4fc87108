"""E-mail by SMTP: one message for a letter, under a Message-ID that is the notice's."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Literal

import aiosmtplib

from services.notifier.channels.base import Clock, Letter, NotDelivered
from services.notifier.channels.fitting import one_line
from services.notifier.channels.refusals import reason

TOTAL: Final = 30.0
CONNECT: Final = 10.0
QUIT: Final = 2.0

_QUEUED: Final = re.compile(r"queued as ([\w.-]{1,80})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    context: ssl.SSLContext | None = None
    """Unsaid: the system's root certificates."""


class Mail:
    """电子邮件."""

    def __init__(
        self,
        name: str,
        server: Server,
        sender: Address,
        *,
        clock: Clock,
        per_minute: int | None = None,
        total: float = TOTAL,
    ) -> None:
        """`sender`: the From of every letter."""
        self.name = name
        self.per_minute = per_minute
        self._server, self._sender, self._clock, self._total = server, sender, clock, total

    async def send(self, letter: Letter) -> str | None:
        """The server's queue id if it tells one, else the Message-ID."""
        to = _recipient(letter.to)
        message = self._written(letter, to)
        smtp = self._smtp()
        try:
            async with asyncio.timeout(self._total):
                await smtp.connect()
                _, answer = await smtp.send_message(message, sender=self._sender.addr_spec, recipients=[to.addr_spec])
        except (aiosmtplib.SMTPException, OSError, ValueError) as wrong:
            raise reason(wrong) from None
        else:
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit(timeout=QUIT)
        finally:
            smtp.close()
        found = _QUEUED.search(answer)
        return found[1] if found else str(message["Message-ID"]).strip("<>")

    async def close(self) -> None:
        """Each letter has a connection of its own."""

    def _smtp(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self._sender.domain,
            timeout=min(CONNECT, self._total),
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.context,
        )

    def _written(self, letter: Letter, to: Address) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = one_line(letter.title)
        message["Date"] = self._clock()
        message["Message-ID"] = f"<{letter.notice_id.replace(':', '.')}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        foot = f"\n\n打开并确认已阅：{letter.link}\n" if letter.link else "\n"
        message.set_content(letter.text + foot, charset="utf-8")
        if letter.draft is not None:
            message.add_attachment(letter.draft, charset="utf-8", filename="文书草稿.txt")
        return message


def _recipient(to: str | None) -> Address:
    if to is None:
        raise NotDelivered("名录里没有他的邮箱：请在 reach 里补上。The directory has no address for him.", final=True)
    try:
        found = Address(addr_spec=to)
    except (MessageError, ValueError, IndexError):
        found = Address()
    if not (found.username and found.domain and to.isascii()):
        raise NotDelivered("名录里他的邮箱写法不对：请改正。His address in the directory is not valid.", final=True)
    return found
