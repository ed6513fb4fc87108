"""How long a table of 100,000 rows takes to import, beside the raw limit, from one run on durable settings.

    python -m benchmarks.importing [--rows 100000]

`bihuan import` runs as a user runs it: a process that starts an embedded server and the hazard service, on a fresh
folder. The raw limit publishes as many bodies of the same size, each with its compare-and-set, 64 in flight.
"""

import argparse
import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

import xlsxwriter  # type: ignore[import-untyped]

from benchmarks.children import ROOT
from benchmarks.measure import Table, rate, sure
from contracts import subjects
from services import logs
from services.cli.importing.forms import COLUMNS
from services.cli.importing.sources import form
from services.cli.importing.visits import Circumstances, Unit, Visit, recorder
from services.hazard.app import clock
from services.journal import embedded, streams, wire
from services.journal.connection import connect
from services.tuning import collect_seldom, loop_factory

AREA = "500229001"
BODY = b"x" * 1100
"""Bytes of an imported finding as it is stored."""


@dataclass
class Ran:
    """One import."""

    seconds: float
    answer: dict[str, int]
    memory: float
    """The most MiB that the process held, sheet and service included."""


def table_of(path: Path, rows: int) -> Path:
    """Form A, with words of a usual length; one row in fifty found nothing."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("排查表")
        sheet.write_row(0, 0, COLUMNS)
        for number in range(1, rows + 1):
            said = "无" if number % 50 == 0 else f"{number}号配电箱前堆放可燃物，安全出口宽度不足1.1米"
            unit, place = f"第{number % 997}五金制品厂", f"{number % 13}号车间"
            sheet.write_row(
                number, 0, [number, unit, "2023-05-30", f"IMG_{number}.jpg", place, said, "责令立即清理", ""]
            )
    return path


async def run(path: Path, data: Path) -> Ran:
    """`bihuan import` to its end."""
    command = ["-m", "services.cli", "--data", str(data), "--json", "import", str(path), "--area", AREA]
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE, stderr=DEVNULL)
    most = asyncio.create_task(_memory(process))
    said, _ = await process.communicate()
    seconds = perf_counter() - began
    most.cancel()
    return Ran(seconds, json.loads(said), await most)


async def _memory(process: Process) -> float:
    """Peak resident MiB, as last seen."""
    peak = 0.0
    try:
        while True:
            status = _status(process.pid)
            peak = next((int(line.split()[1]) / 1024 for line in status.splitlines() if "VmHWM" in line), peak)
            await asyncio.sleep(0.2)
    except (asyncio.CancelledError, OSError):
        return peak


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def read_alone(path: Path) -> float:
    """Seconds for the sheet alone, to commands."""
    began = perf_counter()
    given = Circumstances(AREA, Unit.CHECKED, Visit.PATROL, recorder(AREA), path.name)
    sure(sum(1 for _ in form(path, given, clock()).rows) > 0, "no rows")
    return perf_counter() - began


async def raw(data: Path, rows: int) -> float:
    """Seconds to publish so many bodies with nats-py, nothing else."""
    async with embedded.server(data) as server:
        nc = await connect(server.url, name="raw")
        await streams.declare(nc, [subjects.EVENTS])

        async def publish(_: int) -> None:
            subject = subjects.events_subject(subjects.HAZARD, f"{AREA}-{uuid4()}")
            acknowledged = await nc.request(subject, BODY, timeout=10, headers={wire.EXPECTED_LAST: "0"})
            sure(b'"seq"' in acknowledged.data, acknowledged.data)

        a_second = await rate(rows, publish)
        await nc.close()
    return rows / a_second


async def main(rows: int, folder: Path) -> None:
    """The table, as it grows."""
    table = Table()
    path = table_of(folder / "table.xlsx", rows)
    table.head(f"Importing {rows:,} rows")
    limit = await raw(folder / "raw", rows)
    table.tell("raw limit: nats-py publishes with compare-and-set, 64 in flight", f"{limit:.1f} s")
    table.tell("the sheet alone, read to commands", f"{read_alone(path):.1f} s")
    first = await run(path, folder / "data")
    sure(first.answer["accepted"] + first.answer["none_found"] == rows, first.answer)
    wanted = 60 * rows / 100_000
    table.tell("bihuan import", f"{first.seconds:.1f} s", f"<= {wanted:.0f} s", met=first.seconds <= wanted)
    table.tell("its memory: command line, sheet and service in one process", f"{first.memory:.0f} MiB")
    again = await run(path, folder / "data")
    sure(again.answer["already"] + again.answer["none_found"] == rows, again.answer)
    table.tell("the same again, which adds nothing", f"{again.seconds:.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    chosen = parser.parse_args()
    collect_seldom()
    logs.configure(logging.ERROR)
    with TemporaryDirectory() as temporary, asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(chosen.rows, Path(temporary)))
