"""Services as processes of their own, as they run for users; their logs are written, to a file."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

from benchmarks.measure import sure
from services.journal.embedded import Embedded

ROOT = Path(__file__).parents[1]


@asynccontextmanager
async def services(count: int, server: Embedded, folder: Path) -> AsyncIterator[list[Process]]:
    """So many of the real one, in one queue group."""
    async with AsyncExitStack() as stack:
        module = ["-m", "services.hazard.app"]
        yield [await stack.enter_async_context(child(module, server, folder)) for _ in range(count)]


@asynccontextmanager
async def child(
    arguments: list[str], server: Embedded, folder: Path, more: Mapping[str, str] | None = None
) -> AsyncIterator[Process]:
    """Ready when it says so in its log; `more` settings for its environment."""
    path = folder / f"service-{uuid4()}.log"
    settings = {"NATS_URL": server.url, "NATS_MONITOR_URLS": server.monitor_url}
    with path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=os.environ | settings | dict(more or {}), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(30):
            while "service.started" not in path.read_text(encoding="utf-8"):
                sure(process.returncode is None, path.read_text(encoding="utf-8"))
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def memory(process: Process) -> float:
    """Resident MiB of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
