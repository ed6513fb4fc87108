"""A mail server that answers as a test tells it: real SMTP on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from vendor_fakes import now

from services.notifier.channels.base import Letter
from services.notifier.channels.mail import Mail, Server

PASSWORD = "hunter2-hunter2"  # noqa: S105 (of a server on loopback)


SENDER = Address("闭环系统", "noreply", "bihuan.example.gov.cn")
LETTER = Letter(
    notice_id="5b0c7c1e-0000-5000-8000-000000000001",
    title="系统提醒（非执法文书）：隐患将到期",
    text="甲鞋厂 QS-2026-0001 明日到期。\n.\n请按时整改。" + "长" * 2_000,
    to="zhang.san@factory.example.cn",
    link="https://bihuan.example.gov.cn/seen?n=1&s=abc",
)
MESSAGE_ID = f"{LETTER.notice_id}@bihuan.example.gov.cn"


def mail(port: int, total: float = 5.0, **asked: Any) -> Mail:  # noqa: ANN401 (a server's settings)
    """A channel to a server on loopback."""
    return Mail("mail", Server("127.0.0.1", port, **{"security": "none", **asked}), SENDER, clock=now, total=total)


@dataclass
class Mailbox:
    """What arrived, and what is answered to which command; `drop` hangs up after the message is in."""

    answers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: asyncio.Event | None = None
    arrived: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    hello: str = ""

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's own signature)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """MAIL FROM."""
        answer = self.answers.get("MAIL", "250 OK")
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's own signature)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT TO."""
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (as above)
        """The whole message is in."""
        self.hello = session.host_name or ""
        answer = self.answers.get("DATA", "250 2.0.0 Ok: queued as 4XyZ12abc")
        if answer.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.arrived.append(message_from_bytes(content, policy=policy.default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        if self.hang:
            await self.hang.wait()
        if self.drop and server.transport:
            server.transport.close()
        return answer


def _login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: object) -> AuthResult:
    right = isinstance(said, LoginPassword) and said.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


@asynccontextmanager
async def serving(box: Mailbox, tls: ssl.SSLContext | None = None, **settings: Any) -> AsyncIterator[int]:  # noqa: ANN401 (aiosmtpd's)
    """Its port. With `tls` it talks TLS from the first byte; STARTTLS and logins are settings of aiosmtpd."""
    loop = asyncio.get_running_loop()
    asked = {"authenticator": _login, "auth_require_tls": False, **settings}
    opened: list[SMTP] = []

    def _smtp() -> SMTP:
        opened.append(SMTP(box, loop=loop, **asked))
        return opened[-1]

    server = await loop.create_server(_smtp, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in opened:
            if each.transport:
                each.transport.close()
        await server.wait_closed()
