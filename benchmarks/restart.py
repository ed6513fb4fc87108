"""How long a notifier takes to start over a great many open hazards, and what it holds."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from time import perf_counter
from typing import Final
from uuid import UUID

from benchmarks import children
from benchmarks.deadlines import PATIENCE, Bench, ahead, find, found, idle, mark, standing, told
from benchmarks.measure import YESTERDAY, sure
from contracts import subjects
from contracts.events import Event, HazardAssigned, HazardGraded, RectificationPlanned
from contracts.terms import AssignmentKind, Grade
from services.journal import wire
from services.journal.wakeups import WakeUps
from tests import props as p
from tests.lives import Told, store

EVENTS_EACH: Final = 4
TOGETHER: Final = 60
"""Hazards whose events lie interleaved."""
FAR: Final = timedelta(days=60)
"""Ahead is each one's deadline: nothing of it is due while the benchmark runs."""


async def restart(bench: Bench) -> None:
    """The first start goes through all events; the second is one among many."""
    await prepared(bench)
    hazards = await find(bench, [ahead(2)])
    await asyncio.sleep(3)
    since = await mark(bench)
    began = perf_counter()
    async with bench.notifier() as process:
        began_to_serve = perf_counter() - began
        await _asking(bench)
        await told(bench, hazards, since, within=60)
        ready = perf_counter() - began
        await asyncio.sleep(1)
        held = children.memory(process)
    bench.table.head(f"A start where {bench.filled:,} hazards are open")
    bench.table.tell("until it says that it has started", f"{began_to_serve:.1f} s")
    what = "until its three queues were asked, and a deadline missed meanwhile was told"
    bench.table.tell(what, f"{ready:.1f} s", "<= 5 s", met=ready <= 5)
    bench.table.tell("memory then", f"{held:.0f} MiB", "<= 200 MiB", met=held <= 200)


async def prepared(bench: Bench) -> None:
    """Open hazards, each with its wake-up, as a notifier sets them that is started for the first time."""
    if bench.filled:
        return
    count = bench.sized(100_000, 5_000)
    stored = await store(bench.store, _interleaved(count))
    bench.table.head(f"The first start of all, over {stored:,} events of {count:,} open hazards")
    began = perf_counter()
    async with bench.notifier() as process:
        await _asking(bench)
        taken = await idle(bench, subjects.CHASE) - began
        held = children.memory(process)
    bench.filled = await WakeUps(bench.nc, timeout=60).pending()
    sure(bench.filled == count, f"{bench.filled} wake-ups stand")
    bench.table.tell("until every one has its wake-up", f"{taken:.0f} s = {count / taken:,.0f}/s")
    bench.table.tell("memory then", f"{held:.0f} MiB", "<= 200 MiB", met=held <= 200)
    async with asyncio.timeout(PATIENCE):
        while any(one["num_waiting"] for one in (await standing(bench)).values()):  # noqa: ASYNC110 (the server knows)
            await asyncio.sleep(0.1)


async def _asking(bench: Bench) -> None:
    """Until somebody asks each of the three durables; at first they are not even made."""
    async with asyncio.timeout(60):
        while True:
            with suppress(wire.ApiError):
                if all(one["num_waiting"] for one in (await standing(bench)).values()):
                    return
            await asyncio.sleep(0.02)


def _interleaved(count: int) -> Iterator[Told]:
    """As life would lay them on the disk."""
    ids = [subjects.aggregate_id(p.VILLAGE_AREA, UUID(int=number)) for number in range(count)]
    for start in range(0, count, TOGETHER):
        lives = {ids[number]: _life(number) for number in range(start, min(start + TOGETHER, count))}
        for version in range(1, EVENTS_EACH + 1):
            for aggregate, life in lives.items():
                yield Told(subjects.HAZARD, aggregate, version, life[version - 1])


def _life(number: int) -> list[Event]:
    """Found on a patrol, graded, to be rectified by a day that is far, and planned."""
    common = {"actor": p.cadre, "occurred_at": YESTERDAY, "recorded_at": YESTERDAY}
    due, responsible = (YESTERDAY + FAR).date(), p.name(p.shopkeeper)
    return [
        found(YESTERDAY, number),
        HazardGraded(**common, grade=Grade.GENERAL),
        HazardAssigned(**common, kind=AssignmentKind.NOTICE, due=due, responsible=(responsible,)),
        RectificationPlanned(**common, measures="清走纸箱，划线留出通道", due=due, responsible=responsible),
    ]
