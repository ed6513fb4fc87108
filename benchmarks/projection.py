"""How fast ledgers follow the events, beside the peer and the raw limits, into SQLite and PostgreSQL, in one run.

    python -m benchmarks.projection [--quick] [rebuilding] [memory] [following] [form_b] [paging]

Everything is durable as it is for users: `sync_interval: always`, synchronous FULL, synchronous_commit on. Client,
server and database share the machine, so read the figures as ratios. The full run fills a million events: an hour.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import counting, following, paging, peer_projection, running
from benchmarks.asked import main
from benchmarks.ledgers import HAZARDS, ZONE, Bench, bench_of, fill, inserting, timed
from benchmarks.measure import sure
from contracts.envelope import decode
from services.journal.events import EventStore
from services.projection import app, generations, positions
from services.projection.database import Database
from services.projection.entries import entries
from services.projection.settings import Settings


async def rebuilding(bench: Bench) -> None:
    """隐患台账 from nothing, every cell with its event."""
    await fill(bench)
    events = bench.store
    read = await _read(events, bench.filled)
    careful, fast = await _decoding(events)
    bench.table.head(f"Building {HAZARDS.title} from {bench.filled:,} events")
    bench.table.tell("raw limit: reading the stream alone", f"{read:,.0f}/s")
    bench.table.tell("raw limit: decoding alone, as everybody reads", f"{careful:,.0f}/s")
    bench.table.tell("decoding alone, as ledgers read what was validated when stored", f"{fast:,.0f}/s")
    with bench.databases() as databases:
        ours = {name: await _rebuilt(bench, database) for name, database in databases.items()}
    for name, figure in ours.items():
        wanted, met = (">= 20,000/s", figure >= 20_000) if name == "SQLite" else ("", None)
        bench.table.tell(f"rebuild into {name}", f"{figure:,.0f}/s", wanted, met=met)
        part = figure / careful
        bench.table.tell("  of decoding alone", f"{part:.2f}", ">= 0.50", met=part >= 0.5)
    await asyncio.to_thread(_beside, bench, ours)


async def _rebuilt(bench: Bench, database: Database) -> float:
    """Events a second, by the runner as the service puts it together."""
    settings = Settings(bihuan_ledgers=database.url, nats_url=bench.server.url)
    async with app.opened(bench.nc, settings, bench.folder, ledgers=[HAZARDS]) as (runner, _):
        await runner.prepare()
        began = perf_counter()
        await runner.catch_up()
        taken = perf_counter() - began
    [there] = generations.all_positions(database).values()
    sure((there.sequence, there.standing) == (bench.filled, positions.CURRENT), there)
    return bench.filled / taken


def _beside(bench: Bench, ours: Mapping[str, float]) -> None:
    """The peer; it blocks."""
    with bench.databases() as databases:
        for name, figure in peer_projection.rates(bench.server, databases, bench.sized(20_000, 3_000)):
            told = f"{figure:,.0f}/s = {ours[name] / figure:.1f}x"
            bench.table.tell(f"the same with eventsourcing's projection runner into {name}: ours is", told)
            with inserting(databases[name]) as insert:
                bare = 1_000 / median(timed(insert)[0] for _ in range(500))
            bench.table.tell("  raw limit: INSERT and commit, one after another, just then", f"{bare:,.0f}/s")


async def _read(events: EventStore, until: int) -> float:
    """Events a second."""
    began = perf_counter()
    async for _ in events.follow(until=until):
        pass
    return until / (perf_counter() - began)


async def _decoding(events: EventStore, count: int = 40_000) -> tuple[float, float]:
    """Events a second, each way."""
    batch = [one async for part in events.follow(until=count) for one in part]
    began = perf_counter()
    for one in batch:
        decode(one.state)
    careful = count / (perf_counter() - began)
    began = perf_counter()
    for entry in entries(batch, ZONE):
        _ = entry.event
    return careful, count / (perf_counter() - began)


SECTIONS: tuple[Callable[[Bench], Awaitable[None]], ...] = (
    rebuilding,
    running.memory,
    following.following,
    counting.form_b,
    paging.paging,
)
"""In this order: the runner that follows goes on where the one whose memory was watched has ended."""


async def run(*, quick: bool, only: Sequence[str]) -> None:
    """Every section, or those named."""
    with TemporaryDirectory(prefix="bihuan-bench-") as temporary:
        async with bench_of(Path(temporary), quick=quick) as bench:
            print(f"{datetime.now(UTC):%Y-%m-%d}", flush=True)  # noqa: TID251 (a benchmark runs now)
            for section in (each for each in SECTIONS if not only or each.__name__ in only):
                await section(bench)


if __name__ == "__main__":
    main(__doc__, SECTIONS, "some minutes: 60,000 events instead of a million", run)
