"""From a deadline to the channel being called: a few a second, and many in one second; beside a bare schedule."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from statistics import median, quantiles
from typing import Final
from uuid import uuid4

from nats.aio.msg import Msg

from benchmarks import children
from benchmarks.deadlines import Bench, find, idle, mark, moments, told
from benchmarks.measure import percentiles, rate, sure
from benchmarks.restart import prepared
from benchmarks.schedulers import PEERS
from contracts import subjects
from services.hazard.app import clock
from services.journal.api import call
from services.journal.wakeups import WakeUps

A_SECOND: Final = 20
"""Deadlines, where they come one after another."""
LEAD: Final = 10.0
BARE: Final = "bare"
"""A kind of wake-up that no notifier knows."""
RUSH: Final = 1.0
"""Seconds in which all are due, when they are due at once."""


async def late(bench: Bench) -> None:
    """One after another, as on a busy day."""
    await prepared(bench)
    count = bench.sized(1_200, 200)
    bare = await _bare(bench, moments(count, count / A_SECOND, LEAD))
    since = await mark(bench)
    async with bench.notifier():
        await idle(bench)
        hazards = await find(bench, moments(count, count / A_SECOND, LEAD))
        found = await told(bench, hazards, since, within=count / A_SECOND + 120)
    bench.table.head(f"From deadline to what follows, {A_SECOND} a second, {bench.filled:,} wake-ups pending")
    bench.table.tell("raw limit: a bare schedule to a bare callback", _milliseconds(bare))
    bench.table.tell("the proposal is recorded", _milliseconds(found.recorded))
    bench.table.tell("the notice is claimed", _milliseconds(found.claimed))
    middle, most = median(found.called), quantiles(found.called, n=100)[98]
    met = middle < 0.2 and most < 0.5
    bench.table.tell("the channel is called", _milliseconds(found.called), "p50 < 200, p99 < 500 ms", met=met)
    for name, peer in PEERS.items():
        taken = await asyncio.to_thread(peer, bench.folder, bench.filled, count, count / A_SECOND)
        bench.table.tell(f"peer: {name}, to its callback in the same process", _milliseconds(taken))


async def rush(bench: Bench) -> None:
    """All at once."""
    await prepared(bench)
    count = bench.sized(5_000, 500)
    lead = 10 + count / 100
    bare = await _bare(bench, moments(count, RUSH, lead))
    since = await mark(bench)
    async with bench.notifier() as process:
        await idle(bench)
        due = moments(count, RUSH, lead)
        hazards = await find(bench, due)
        await idle(bench, subjects.CHASE)
        spare = (min(due) - clock()).total_seconds()
        found = await told(bench, hazards, since, within=300)
        held = children.memory(process)
    sure(spare > 0, f"the deadlines came {-spare:.1f} s before the last wake-up was set")
    bench.table.head(f"{count:,} deadlines in the same second, {bench.filled:,} other wake-ups pending")
    bench.table.tell("raw limit: bare schedules to a bare callback, the last", f"{max(bare) + RUSH:.1f} s")
    recorded = found.recorded[-1] + RUSH
    bench.table.tell("all are recorded, each once", f"{recorded:.1f} s", "<= 10 s", met=recorded <= 10)
    bench.table.tell("all letters went to a channel that answers at once", f"{found.called[-1] + RUSH:.1f} s")
    bench.table.tell("memory of the notifier then", f"{held:.0f} MiB", "<= 200 MiB", met=held <= 200)
    for name, peer in PEERS.items():
        taken = await asyncio.to_thread(peer, bench.folder, bench.filled, count, RUSH)
        bench.table.tell(f"peer: {name}, the last callback", f"{max(taken) + RUSH:.1f} s")


async def _bare(bench: Bench, when: Sequence[datetime]) -> list[float]:
    """Seconds by which a callback is late that does nothing, for wake-ups that nobody else hears."""
    taken: list[float] = []
    due = {str(uuid4()): moment for moment in when}
    wakeups = WakeUps(bench.nc)

    async def heard(msg: Msg) -> None:
        taken.append((clock() - due[msg.subject.rpartition(".")[2]]).total_seconds())

    async with _listening(bench, heard):
        waiting = iter(due.items())
        await rate(len(due), lambda _: wakeups.set(BARE, *next(waiting)))
        sure(clock() < min(when), "the deadlines came before the last wake-up was set")
        async with asyncio.timeout((max(when) - clock()).total_seconds() + 120):
            while len(taken) < len(due):  # noqa: ASYNC110 (the callback counts)
                await asyncio.sleep(0.1)
    await call(bench.nc, f"STREAM.PURGE.{subjects.TIMERS}", {"filter": f"due.{BARE}.>"})
    return sorted(taken)


@asynccontextmanager
async def _listening(bench: Bench, heard: Callable[[Msg], Awaitable[None]]) -> AsyncIterator[None]:
    """A consumer that only listens, from now on."""
    inbox = bench.nc.new_inbox()
    subscription = await bench.nc.subscribe(inbox, cb=heard)
    here = {"deliver_subject": inbox, "filter_subject": f"due.{BARE}.>"}
    asked = {"stream_name": subjects.TIMERS, "config": {**here, "ack_policy": "none", "deliver_policy": "new"}}
    made = await call(bench.nc, f"CONSUMER.CREATE.{subjects.TIMERS}", asked)
    yield
    await subscription.unsubscribe()
    await call(bench.nc, f"CONSUMER.DELETE.{subjects.TIMERS}.{made['name']}")


def _milliseconds(taken: Sequence[float]) -> str:
    return percentiles([one * 1_000 for one in taken])
