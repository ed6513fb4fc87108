"""Connect for an application of the library: what it hears of the connection comes through `logging`.

Such an application has a voice of its own and may print its results, so nothing is written to its output, and an
end that it wanted is no news: a thread that still talks while the process ends can bring it down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from nats.errors import Error

from services.journal.client import Client
from services.journal.connection import PATIENCE
from services.journal.wire import Unavailable

log = logging.getLogger(__name__)


async def connect(url: str) -> Client:
    """A connection to one of the servers of `url` (comma-separated); raises Unavailable after five seconds."""
    nc = Client()
    servers = [server.strip() for server in url.split(",") if server.strip()]
    try:
        async with asyncio.timeout(5):
            await nc.connect(servers, name="eventsourcing", **PATIENCE, **_callbacks(nc))  # type: ignore[arg-type]
    except (Error, OSError) as error:
        await nc.close()
        raise Unavailable(f"no NATS server answers at {url}: {error!r}") from error
    return nc


def _callbacks(nc: Client) -> dict[str, Callable[..., Awaitable[None]]]:
    async def disconnected() -> None:
        if not nc.is_closed:
            log.warning("disconnected from NATS")

    async def reconnected() -> None:
        log.warning("connected to NATS again")

    async def erred(error: Exception) -> None:
        if not nc.is_closed:
            log.warning("NATS: %s", str(error) or type(error).__name__)

    return {"disconnected_cb": disconnected, "reconnected_cb": reconnected, "error_cb": erred}
