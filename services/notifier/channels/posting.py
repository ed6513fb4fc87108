"""One POST over HTTPS, and what its outcome means; shared by robots and webhooks.

transport trouble, time-out      again (nobody knows whether it was taken)
408, 425, 429, 5xx               again, not before Retry-After
3xx, 401, 403, 404, 407          again, elsewhere first: the address or its protection is wrong, not the letter
any other 4xx                    final
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2

from services.notifier.channels.base import Clock, NotDelivered

TOTAL: Final = 10.0
"""Seconds for the whole conversation."""
CONNECT: Final = 5.0
WAIT: Final = 60.0
"""Seconds that a limit lasts if nobody says how long."""
LONGEST: Final = 3_600.0
ANSWER: Final = 65_536
"""Bytes of an answer that are read; what is longer is no answer of a vendor."""

_BUSY: Final = frozenset({408, 425, 429})
_MISPLACED: Final = frozenset({401, 403, 404, 407})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Poster:
    """A client with its connections, for one address."""

    def __init__(self, url: str, *, total: float = TOTAL) -> None:
        """The address may hold a secret: it appears in no log and no reason."""
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)  # below that they tell the whole address
        self._url = httpx2.URL(url)
        self._total = total
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(total, connect=min(CONNECT, total)),
            headers={"Accept-Encoding": "identity", "User-Agent": "bihuan-notifier"},
            follow_redirects=False,
        )

    async def post(
        self, body: bytes, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """JSON there, whatever back. Raises NotDelivered if nothing whole came back."""
        url = self._url.copy_merge_params(dict(params or {}))
        sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        try:
            async with (
                asyncio.timeout(self._total),
                self._client.stream("POST", url, content=body, headers=sent) as got,
            ):
                return Answer(got.status_code, got.headers, await _read(got))
        except (TimeoutError, httpx2.TimeoutException):
            raise NotDelivered("对方没有及时答复，将重发。No answer in time; it goes again.") from None
        except httpx2.ConnectError as wrong:
            raise NotDelivered(_unreachable(wrong)) from None
        except httpx2.HTTPError:
            raise NotDelivered("连接中断，不知是否送达，将重发。The connection broke; it goes again.") from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def judge(answer: Answer, now: Callable[[], datetime]) -> None:
    """Raises NotDelivered unless the status says that it was taken."""
    status = answer.status
    if httpx2.codes.is_success(status):
        return
    if status in _BUSY or httpx2.codes.is_server_error(status):
        raise NotDelivered(f"对方暂时不收（HTTP {status}），将重发。Busy; it goes again.", wait=waiting(answer, now))
    if httpx2.codes.is_redirect(status) or status in _MISPLACED:
        raise NotDelivered(
            f"地址或鉴权不对（HTTP {status}）：请核对渠道文件的 url 和 secret，以及代理。Check address and secret.",
            unusable=True,
        )
    raise NotDelivered(f"对方拒收（HTTP {status}）。Refused.", final=True)


def waiting(answer: Answer, now: Clock) -> float | None:
    """Seconds to wait, as Retry-After (seconds or a date) or Feishu's own header says; WAIT for a bare 429."""
    said = answer.headers.get("retry-after") or answer.headers.get("x-ogw-ratelimit-reset") or ""
    if (seconds := _seconds(said.strip(), now)) is not None:
        return min(max(seconds, 1.0), LONGEST)
    return WAIT if answer.status == httpx2.codes.TOO_MANY_REQUESTS else None


def _seconds(said: str, now: Clock) -> float | None:
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return (parsedate_to_datetime(said) - now()).total_seconds()
    except (ValueError, TypeError):
        return None


async def _read(got: httpx2.Response) -> bytes:
    body = bytearray()
    async for piece in got.aiter_raw():
        body += piece
        if len(body) > ANSWER:
            break
    return bytes(body[: ANSWER + 1])


def _unreachable(wrong: httpx2.ConnectError) -> str:
    if "CERTIFICATE" in str(wrong).upper() or "SSL" in str(wrong).upper():
        return "对方证书无效：请核对域名、系统时间和根证书。Its certificate is not valid."
    return "连不上对方：请检查网络、域名和防火墙。It cannot be reached."
