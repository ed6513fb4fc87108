"""Whoever comes back after a broken connection may be set up otherwise than before: it is looked at again."""

import asyncio

import structlog
from nats.aio.client import Client

from services.journal import monitor, wire

log = structlog.get_logger(__name__)


class Watch:
    """Ends the connection for good where a server could lose what it acknowledges: nobody is answered any more.

    What was in hand is unknown to its asker, who asks again. One look at a time: a later reconnect begins it anew.
    """

    def __init__(self, nc: Client, monitor_urls: str) -> None:
        self._nc = nc
        self._monitor_urls = monitor_urls
        self._look: asyncio.Task[None] | None = None

    def again(self) -> None:
        """After each reconnect."""
        self.end()
        self._look = asyncio.create_task(self._check())

    def end(self) -> None:
        """Nobody needs to know any more; the look itself may say so, when it closes the connection."""
        if self._look is not None and self._look is not asyncio.current_task():
            self._look.cancel()

    async def _check(self) -> None:
        try:
            await monitor.check_again(self._monitor_urls)
        except wire.UnsafeServer as unsafe:
            log.error("server.unsafe", reason=str(unsafe))  # noqa: TRY400 (the sentence says it all)
            await self._nc.close()
