"""The hazard service put together: the only file that knows every part, and makes the clock.

`python -m services.hazard.app` runs it alone; `build` gives it to a process that runs more than that.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from nats.aio.client import Client
from nats.errors import Error

from contracts import subjects
from contracts.directory import Directory
from services import logs
from services.environment import WrongSetting, public
from services.hazard.deciders import RULES
from services.hazard.handlers import Handlers
from services.hazard.hazards import Hazards
from services.hazard.library import UnreadableFileError, load_directory, load_library
from services.hazard.service import serve
from services.hazard.settings import Settings
from services.hazard.watch import Watch
from services.journal import client, connection, monitor, streams, wire
from services.journal.events import EventStore
from services.tuning import collect_seldom, loop_factory

log = structlog.get_logger(__name__)


OURS: Final = (subjects.EVENTS, subjects.EVIDENCE, subjects.KEYS)
"""What commands are stored in, and what they name as evidence."""


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 (this is the file that makes the clock)


@dataclass(frozen=True)
class Running:
    """The service at work: called directly, or over NATS."""

    hazards: Hazards
    handlers: Handlers


@asynccontextmanager
async def build(
    nc: Client, settings: Settings, *, now: Callable[[], datetime] = clock, directory: Directory | None = None
) -> AsyncIterator[Running]:
    """Serves commands on that connection while the block lasts; at its end, what was taken is answered.

    Refuses to start with UnsafeServer, UnsafeStream (each setting at fault is named) or UnreadableFileError.
    `directory` stands for the one of the settings.
    """
    directory, library = directory or load_directory(settings.bihuan_directory), load_library()
    await check(nc, settings)
    hazards = Hazards(
        EventStore(nc),
        directory,
        library,
        now,
        rules=RULES,
        zone=settings.bihuan_zone,
        cache_size=settings.bihuan_cache,
    )
    async with serve(nc, hazards, limit=settings.bihuan_limit, grace=settings.bihuan_grace) as handlers:
        yield Running(hazards, handlers)


async def check(nc: Client, settings: Settings) -> None:
    """Servers write before they acknowledge, and nothing in our streams can be lost or altered; or this raises."""
    await monitor.check_servers(settings.nats_monitor_urls)
    await streams.declare(nc, OURS, replicas=settings.nats_replicas)
    for drift in await streams.check_present(nc, replicas=settings.nats_replicas):
        log.warning("stream.drifted", drift=str(drift))


async def connect(settings: Settings, on_closed: connection.Hook) -> Client:
    """For commands and appends alike; raises Unavailable. A server found unsafe after a reconnect closes it."""
    nc = client.Client()
    watch = Watch(nc, settings.nats_monitor_urls)

    async def closed() -> None:
        watch.end()
        await on_closed()

    options: dict[str, Any] = connection.PATIENCE | connection.callbacks(nc, "hazard", closed, watch.again)
    if settings.nats_credentials is not None:
        options["user_credentials"] = str(settings.nats_credentials)
    try:
        async with asyncio.timeout(5):
            await nc.connect([url.strip() for url in settings.nats_url.split(",")], name="hazard", **options)
    except (Error, OSError) as error:
        await nc.close()
        raise wire.Unavailable(f"no NATS server answers at {public(settings.nats_url)}: {error!r}") from error
    return nc


async def run(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C, or until the connection is closed for good."""
    over = asyncio.Event()
    lost = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)

    async def closed() -> None:
        lost.set()
        over.set()

    nc = await connect(settings, closed)
    try:
        async with build(nc, settings):
            log.info("service.started", nats=public(settings.nats_url))
            await over.wait()
            if lost.is_set():
                raise wire.Unavailable("the connection to NATS was closed for good")
    finally:
        await nc.close()
        log.info("service.ended")


def main() -> int:
    """0 ended as asked, 2 wrong settings, 3 no server."""
    logs.configure()
    collect_seldom()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run(Settings()))
    except (WrongSetting, UnreadableFileError, wire.Unsafe) as wrong:
        log.error("service.refused_to_start", reason=str(wrong))  # noqa: TRY400 (the sentence says it all)
        return 2
    except wire.Unavailable as outage:
        log.error("service.lost_its_server", reason=str(outage))  # noqa: TRY400
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
