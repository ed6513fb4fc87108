"""How long another policy takes over all of history: `bihuan policy simulate` without its printing.

    python -m benchmarks.simulating [--quick]

Made-up lives of about six events each, stored as the hazard service would. Beside it stand the raw limits: reading the
stream, and decoding each event once. A policy that differs in a rule is walked where that rule speaks of a hazard; one
that differs everywhere is the worst case.
"""

import argparse
import asyncio
import logging
import resource
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import structlog

from benchmarks.measure import Table, sure
from contracts import subjects
from contracts.envelope import decode
from services.journal import embedded, streams
from services.journal.connection import connect
from services.journal.events import EventStore
from services.notifier.simulations.shares import simulate
from services.notifier.simulations.simulation import Plan
from services.notifier.timing.calendars import load_calendar
from services.policies import policy_version, read_policy, shipped
from services.tuning import collect_seldom, loop_factory
from tests.lives import benchmark_lives, store

WANTED = 60.0
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
LATE = "{step: late, after: 1 nd, level: 2, action: 已逾期：请立即完成整改；请安排复查}"


async def run(*, quick: bool) -> None:
    """Every figure."""
    hazards = 5_000 if quick else 100_000
    with TemporaryDirectory(prefix="bihuan-bench-") as temporary:
        async with embedded.server(Path(temporary) / "data") as server:
            nc = await connect(server.url, name="bench")
            await streams.declare(nc, [subjects.EVENTS])
            events = EventStore(nc)
            began = perf_counter()
            filled = await store(events, benchmark_lives(hazards))
            table = Table()
            table.head(f"{filled:,} events of {hazards:,} hazards, stored in {perf_counter() - began:.0f} s")
            await _limits(table, events, filled)
            for what, text, version in _policies():
                plan = Plan(read_policy(text, what), version, load_calendar(), UNTIL, most=10)
                began, busy = perf_counter(), _busy()
                result = await simulate(nc, plan)
                taken, busy = perf_counter() - began, _busy() - busy
                tally = result.tally
                sure(tally.hazards == hazards and not tally.unreadable, tally.hazards)
                wanted, met = (f"< {WANTED:.0f} s", taken < WANTED) if not quick else ("", None)
                table.tell(f"simulate, {what}: {tally.changed:,} hazards differ", f"{taken:.1f} s", wanted, met=met)
                table.tell("  processor time of both processes", f"{busy:.1f} s")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            table.tell("memory of the largest process", f"{peak:.0f} MB")
            await nc.close()


def _busy() -> float:
    """Seconds that child processes which have ended were at work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _limits(table: Table, events: EventStore, filled: int) -> None:
    began = perf_counter()
    batch = [one async for part in events.follow(until=filled) for one in part[:100]]
    table.tell("raw limit: one process reads the stream", f"{perf_counter() - began:.1f} s")
    began = perf_counter()
    some = batch[:20_000]
    for one in some:
        decode(one.state)
    table.tell(
        "raw limit: two processes decode each event once", f"{(perf_counter() - began) * filled / len(some) / 2:.1f} s"
    )


def _policies() -> list[tuple[str, str, str]]:
    text, _ = shipped()
    later = text.replace(LATE, LATE.replace("1 nd", "2 nd"))
    sure(later != text, "the shipped policy has another G08")
    elsewhere = text.replace("tell: [responsible]\n", "tell: [responsible, worker]\n", 1)
    sure(elsewhere != text, "the shipped policy has another L0")
    named = (("one rule a day later", later), ("another ladder, so every hazard twice", elsewhere))
    return [(what, changed, policy_version(changed)) for what, changed in named]


def main() -> None:
    """The table, as it grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 hazards instead of 100,000")
    told = parser.parse_args()
    collect_seldom()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(quick=told.quick))


if __name__ == "__main__":
    main()
