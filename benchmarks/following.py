"""How soon a reader sees what was appended: idle, and under a thousand events a second."""

import asyncio
from collections.abc import Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from benchmarks.eyes import Eyes, looking
from benchmarks.ledgers import Bench, fill, inserting, timed
from benchmarks.measure import Act, delays, percentiles, rate, sure
from benchmarks.running import caught_up, runner
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.projection.database import Database
from services.projection.ledgers import LEDGERS
from tests.lives import benchmark_lives
from tests.lives.storing import recorded

A_SECOND: Final = 1_000
"""Appends, where it is busy."""
EVERY: Final = 50
"""One of so many is looked for."""
PATIENCE: Final = 300.0
"""Seconds that a row may take before the run is given up."""
Finding = tuple[str, StoredEvent]
"""With the hazard's id, which is the key of its row."""


async def following(bench: Bench) -> None:
    """From before the append until somebody else's connection sees the row."""
    await fill(bench)
    for name, database in bench.lasting.items():
        alone, bare = await _raw(bench, database)
        async with runner(bench, database) as process:
            await caught_up(bench.store, database, process)
            async with looking(database) as eyes:
                idle = await _idle(bench, eyes)
                busy, reached = await _busy(bench, eyes)
        alone, bare = (one + more for one, more in zip((alone, bare), await _raw(bench, database), strict=True))
        bench.table.head(f"From append to visible row, {len(LEDGERS)} ledgers on {name}")
        bench.table.tell("raw limit: the append alone", percentiles(alone))
        bench.table.tell("raw limit: INSERT and commit alone", percentiles(bare))
        met = median(idle) < 20
        bench.table.tell("idle, one after another", percentiles(idle), "median < 20 ms", met=met)
        met = quantiles(busy, n=100)[98] < 250 and reached >= 0.95 * A_SECOND
        bench.table.tell(f"under {reached:,.0f} events/s", percentiles(busy), "p99 < 250 ms, 1,000/s", met=met)


async def _raw(bench: Bench, database: Database) -> tuple[list[float], list[float]]:
    """Milliseconds of appends and of commits; before the runner and after it, since the pace of a disk varies."""
    alone = await delays(100, _append(bench.store, await _findings(bench, 100)))
    with inserting(database) as insert:
        return alone, [timed(insert)[0] for _ in range(100)]


async def _idle(bench: Bench, eyes: Eyes) -> list[float]:
    """Milliseconds of each; the first ten warm up."""
    findings = await _findings(bench, 210)
    append = _append(bench.store, findings)

    async def act(number: int) -> None:
        await append(number)
        async with asyncio.timeout(PATIENCE):
            await eyes.seen(findings[number][0])

    return (await delays(len(findings), act))[10:]


async def _busy(bench: Bench, eyes: Eyes) -> tuple[list[float], float]:
    """Milliseconds of each sample, and how many events a second were appended; looks are rarer, not to disturb."""
    findings = await _findings(bench, A_SECOND * bench.sized(20, 5))
    append, eyes.step = _append(bench.store, findings), 0.005
    samples: list[tuple[float, asyncio.Future[float]]] = []
    began = perf_counter()

    async def act(number: int) -> None:
        await asyncio.sleep(began + number / A_SECOND - perf_counter())
        asked = perf_counter()
        await append(number)
        if number % EVERY == 0:
            samples.append((asked, eyes.seen(findings[number][0])))

    reached = await rate(len(findings), act)
    async with asyncio.timeout(PATIENCE):
        return [(await seen - asked) * 1_000 for asked, seen in samples], reached


async def _findings(bench: Bench, count: int) -> list[Finding]:
    """Of hazards that were never heard of."""
    seed = 2 + await bench.store.last_of_stream()
    told = [one for one in benchmark_lives(count, seed=seed) if one.version == 1]
    sure(len(told) == count, len(told))
    return [(one.aggregate_id, stored) for one, stored in zip(told, recorded(told), strict=True)]


def _append(store: EventStore, findings: Sequence[Finding]) -> Act:
    return lambda number: store.append(findings[number][1], after=0)
