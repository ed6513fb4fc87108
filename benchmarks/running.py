"""The runner as users have it, a process of its own with every ledger: `python -m services.projection.app`."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from benchmarks import children
from benchmarks.ledgers import Bench, fill
from benchmarks.measure import sure
from services.journal.events import EventStore
from services.projection import generations, positions
from services.projection.database import Database
from services.projection.ledgers import LEDGERS


async def memory(bench: Bench) -> None:
    """What the process holds while it reads everything from the first event on."""
    await fill(bench)
    database = bench.lasting["SQLite"]
    began, until = await _least(database), await bench.store.last_of_stream()
    async with runner(bench, database) as process:
        started = perf_counter()
        watching = asyncio.create_task(_peak(process))
        await caught_up(bench.store, database, process)
        speed = (until - began) / (perf_counter() - started)
        watching.cancel()
        alone, held = await watching
    bench.table.head(f"A runner of {len(LEDGERS)} ledgers catches up with {until - began:,} events, SQLite")
    bench.table.tell("events a second, into all of them", f"{speed:,.0f}/s")
    bench.table.tell("memory at the most, of the process", f"{alone:.0f} MB")
    bench.table.tell("memory at the most, with processes of its own", f"{held:.0f} MB", "<= 300 MB", met=held <= 300)


@asynccontextmanager
async def runner(bench: Bench, database: Database) -> AsyncIterator[Process]:
    """On that database. It takes over our environment."""
    os.environ["BIHUAN_LEDGERS"] = database.url
    try:
        async with children.child(["-m", "services.projection.app"], bench.server, bench.folder) as process:
            yield process
    finally:
        del os.environ["BIHUAN_LEDGERS"]


async def caught_up(store: EventStore, database: Database, process: Process) -> None:
    """Every ledger, with all that is stored now."""
    until = await store.last_of_stream()
    while await _least(database) < until:
        sure(process.returncode is None, "the runner has ended")
        await asyncio.sleep(0.2)


async def _least(database: Database) -> int:
    """The sequence of the ledger that is farthest behind, as readers see it."""
    there = await asyncio.to_thread(generations.all_positions, database)
    stopped = [one for one in there.values() if one.stopped_at is not None]
    sure(not stopped, stopped)
    found = [positions.current(there, ledger.name) for ledger in LEDGERS]
    return min(one.sequence if one else 0 for one in found)


async def _peak(process: Process) -> tuple[float, float]:
    """Megabytes until cancelled, by the system's own marks: the most of the process, and with its children."""
    alone, together, before = 0.0, 0.0, set[int]()
    try:
        while True:
            marks = dict(_marks(process.pid))
            alone = marks.get(process.pid, alone)
            together = max(together, sum(mark for pid, mark in marks.items() if pid in before))
            before = set(marks)  # one that was only just forked still shares its parent's memory
            await asyncio.sleep(0.1)
    except asyncio.CancelledError:
        return alone, together


def _marks(pid: int) -> Iterator[tuple[int, float]]:
    """VmHWM of the process and of each of its children."""
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            status = dict(line.split(":", 1) for line in path.read_text(encoding="utf-8").splitlines())
        except OSError:
            continue
        if pid in {int(status["Pid"]), int(status["PPid"])} and "VmHWM" in status:
            yield int(status["Pid"]), int(status["VmHWM"].split()[0]) * 1024 / 1e6
