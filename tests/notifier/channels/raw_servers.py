"""Servers that do less than HTTP asks of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from robot_groups import refused
from vendor_fakes import now

from services.notifier.channels.base import NotDelivered
from services.notifier.channels.dingtalk import DingTalk

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


async def outcome(url: str, total: float = 5.0) -> NotDelivered:
    """Why a letter posted there was not delivered."""
    robot = DingTalk("qingshi", url, clock=now, per_minute=None, total=total)
    try:
        return await refused(robot)
    finally:
        await robot.close()


@asynccontextmanager
async def raw_server(
    serve: Callable[[Reader, Writer], Awaitable[None]], context: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Its address; `serve` is called once the head of a request is in."""

    async def _one(reader: Reader, writer: Writer) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(_one, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}/robot/send?access_token=x"
