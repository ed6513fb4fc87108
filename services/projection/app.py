"""The ledgers put together: the only file here that knows every part.

`python -m services.projection.app` runs them alone; `build` gives them to a process that runs more than that.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog
from nats.aio.client import Client

from services import logs
from services.environment import WrongSetting, public
from services.journal import connection, wire
from services.projection.agreeing import WrongStreamError
from services.projection.ahead import FarReader
from services.projection.database import DatabaseTrouble
from services.projection.lanes import Writer
from services.projection.ledger import Ledger
from services.projection.ledgers import LEDGERS
from services.projection.runner import Runner
from services.projection.settings import Settings
from services.tuning import collect_seldom, loop_factory

log = structlog.get_logger(__name__)

DATA: Final = Path(".bihuan")
"""Where the ledgers are if BIHUAN_LEDGERS says nothing."""


@asynccontextmanager
async def opened(
    nc: Client, settings: Settings, data: Path, *, ledgers: Sequence[Ledger] = LEDGERS
) -> AsyncIterator[tuple[Runner, Writer]]:
    """The runner and the one that writes, doing nothing yet; the last write has ended when the block has.

    Raises DatabaseTrouble.
    """
    writer = Writer(settings.database(data), settings.zone)
    try:
        yield Runner(FarReader(nc), writer, ledgers), writer
    finally:
        await asyncio.to_thread(writer.close)
        writer.database.close()


@asynccontextmanager
async def build(
    nc: Client, settings: Settings, data: Path = DATA, *, ledgers: Sequence[Ledger] = LEDGERS
) -> AsyncIterator[asyncio.Task[None]]:
    """The ledgers follow the stream while the block lasts; gives the task that does it, which ends only by a fault.

    The stream exists. Refuses to start with DatabaseTrouble or WrongStreamError; the task's own error rises at the
    end of the block.
    """
    async with opened(nc, settings, data, ledgers=ledgers) as (runner, _):
        await runner.prepare()
        task = asyncio.create_task(runner.run())
        try:
            yield task
        finally:
            task.cancel()
            [ended] = await asyncio.gather(task, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended


async def until(ended: asyncio.Event, *tasks: asyncio.Task[None]) -> None:
    """Wait for the end, or for the first task that fails; its error rises at the end of its own block."""
    waiting = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


async def run(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C, or until the connection is closed for good."""
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    nc = await connection.connect(settings.nats_url, name="projection", credentials=settings.nats_credentials)
    try:
        async with build(nc, settings) as task:
            log.info("service.started", nats=public(settings.nats_url))
            await until(over, task)
    finally:
        await nc.close()
        log.info("service.ended")


def main() -> int:
    """0 ended as asked, 2 wrong settings or a database that cannot be used, 3 no server."""
    logs.configure()
    collect_seldom()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run(Settings()))
    except (WrongSetting, DatabaseTrouble, WrongStreamError, OSError) as wrong:
        log.error("service.refused_to_start", reason=str(wrong))  # noqa: TRY400 (the sentence says it all)
        return 2
    except wire.JournalError as outage:
        log.error("service.lost_its_server", reason=str(outage))  # noqa: TRY400
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
