"""Puts `Hazards` behind NATS request/reply, and takes it away again: nobody who was accepted stays unanswered."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Final

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error

from services.hazard.handlers import Handlers
from services.hazard.hazards import Hazards

log = structlog.get_logger(__name__)

TICK: Final = 0.01


class Broker(NatsBroker):
    """FastStream on a connection that is there already: one for commands and appends, closed by who opened it."""

    def __init__(self, nc: Client) -> None:
        super().__init__(logger=structlog.get_logger("faststream"), log_level=logging.DEBUG, apply_types=False)
        self._nc = nc

    async def _connect(self) -> Client:
        self.config.connect(self._nc)
        return self._nc

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        """Waits for what is in hand; NatsBroker's own would drain the connection too."""
        await super(NatsBroker, self).stop(exc_type, exc_val, exc_tb)
        self._connection = None


@asynccontextmanager
async def serve(nc: Client, hazards: Hazards, *, limit: int = 512, grace: float = 20.0) -> AsyncIterator[Handlers]:
    """Commands are answered while the block lasts; the server knows of us before it begins.

    At its end no more are taken, and those taken are answered, within `grace` seconds.
    """
    broker = Broker(nc)
    handlers = Handlers(hazards, limit=limit)
    handlers.subscribe(broker, nc)
    await broker.start()
    try:
        await _known_to_server(nc)
        yield handlers
    finally:
        await _end(nc, broker, handlers, grace)


async def _end(nc: Client, broker: Broker, handlers: Handlers, grace: float) -> None:
    """First no more from the server, then every message that reached us has its answer, then the answers leave."""
    try:
        async with asyncio.timeout(grace):
            for subscription in _subscriptions(broker):
                await _take_no_more(nc, subscription)
                while handlers.answered < subscription.delivered:  # noqa: ASYNC110 (once, at the end)
                    await asyncio.sleep(TICK)
            await broker.stop()
            await nc.flush()
    except (Error, OSError, TimeoutError, ExceptionGroup) as cut:  # a group from the broker
        log.warning("service.cut_off", error=str(cut) or type(cut).__name__)


def _subscriptions(broker: Broker) -> list[Subscription]:
    found = [getattr(subscriber, "subscription", None) for subscriber in broker.subscribers]
    return [subscription for subscription in found if isinstance(subscription, Subscription)]


async def _take_no_more(nc: Client, subscription: Subscription) -> None:
    """Until the server has heard it; `Subscription.drain` forgets what arrives in between, and nobody answers it."""
    if nc.is_connected:
        await nc._send_unsubscribe(subscription._id)  # noqa: SLF001
        await _known_to_server(nc)


async def _known_to_server(nc: Client) -> None:
    """A flush's PING overtakes what the client has only queued; a second one does not."""
    await nc.flush()
    await nc.flush()
