"""The notifier as it runs for users, but for its channel: it answers at once and writes down when it was called."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from time import time_ns

import structlog

from services import logs
from services.journal import connection
from services.notifier import app
from services.notifier.channels.base import Letter
from services.notifier.settings import Settings
from services.tuning import collect_seldom, loop_factory

log = structlog.get_logger(__name__)


class Stopwatch:
    """A line for each letter: its notice id, and the nanoseconds since 1970."""

    name = "log"
    per_minute: int | None = None

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def send(self, letter: Letter) -> None:
        """Each line in one go: several notifiers may share the file."""
        os.write(self._file, f"{letter.notice_id} {time_ns()}\n".encode())

    async def close(self) -> None:
        """Nobody sends any more."""
        os.close(self._file)


async def run(settings: Settings, path: Path) -> None:
    """Until SIGTERM."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    nc = await connection.connect(settings.nats_url, name="notifier")
    async with app.build(nc, settings, channels={"log": Stopwatch(path)}):
        log.info("service.started")
        await over.wait()
    await nc.close()


if __name__ == "__main__":
    logs.configure()
    collect_seldom()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(Settings(), Path(sys.argv[1])))
