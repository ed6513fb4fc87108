"""Connect to NATS: reconnect for ever, notice a half-open socket within a minute, one log line for each change."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import structlog
from nats.errors import Error

from services.journal.client import Client
from services.journal.wire import Unavailable

log = structlog.get_logger(__name__)

Hook = Callable[[], Awaitable[None]]

PATIENCE: Final[dict[str, Any]] = {
    "max_reconnect_attempts": -1,
    "reconnect_time_wait": 0.25,
    "connect_timeout": 2,
    "ping_interval": 20,
    "max_outstanding_pings": 2,
}


async def connect(
    url: str,
    *,
    name: str = "bihuan",
    timeout: float = 5.0,  # noqa: ASYNC109 (a time-out in the callers' hands)
    on_closed: Hook | None = None,
    credentials: Path | None = None,
) -> Client:
    """A connection to one of the servers of `url` (comma-separated); raises Unavailable after `timeout` seconds.

    `on_closed` is called when it is closed for good: by us, or because the server turns us away. `credentials` is a
    .creds file.
    """
    nc = Client()
    servers = [server.strip() for server in url.split(",") if server.strip()]
    known: dict[str, Any] = {"user_credentials": str(credentials)} if credentials else {}
    try:
        async with asyncio.timeout(timeout):
            await nc.connect(servers, name=name, **PATIENCE, **known, **callbacks(nc, name, on_closed))  # type: ignore[arg-type]
    except (Error, OSError) as error:
        await nc.close()
        where = ", ".join(server.rpartition("@")[2] for server in servers)
        raise Unavailable(f"no NATS server answers at {where}: {error!r}") from error
    return nc


def callbacks(
    nc: Client, name: str, on_closed: Hook | None, on_reconnected: Callable[[], object] | None = None
) -> dict[str, Callable[..., Awaitable[None]]]:
    """The client's callbacks, one log line each; without them it prints a traceback at every reconnect."""

    async def closed() -> None:
        log.info("nats.closed", connection=name)
        if on_closed is not None:
            await on_closed()

    async def disconnected() -> None:
        log.warning("nats.disconnected", connection=name)

    async def reconnected() -> None:
        server = nc.connected_url and nc.connected_url.netloc.rpartition("@")[2]
        log.info("nats.reconnected", connection=name, server=server)
        if on_reconnected is not None:
            on_reconnected()

    async def erred(error: Exception) -> None:
        log.warning("nats.erred", connection=name, error=str(error) or type(error).__name__)

    return {
        "closed_cb": closed,
        "disconnected_cb": disconnected,
        "reconnected_cb": reconnected,
        "error_cb": erred,
    }
