"""How soon whoever is late is told, beside the peers and the raw limit, from one run on durable settings.

    python -m benchmarks.escalation [--quick] [restart] [late] [rush] [killed] [simulated]

Server, hazard service and notifier are processes of their own; the server has `sync_interval: always`. They share the
machine, so read the figures as ratios. The full run keeps 100,000 hazards open and takes half an hour.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import simulating
from benchmarks.asked import main
from benchmarks.chasers import killed
from benchmarks.deadlines import Bench, bench_of
from benchmarks.late import late, rush
from benchmarks.restart import restart


async def simulated(bench: Bench) -> None:
    """Another policy over all of history, on a server of its own."""
    await simulating.run(quick=bench.quick)


SECTIONS: tuple[Callable[[Bench], Awaitable[None]], ...] = (restart, late, rush, killed, simulated)
"""In this order; whichever of the first three comes first fills the store with open hazards."""


async def run(*, quick: bool, only: Sequence[str]) -> None:
    """Every section, or those named."""
    with TemporaryDirectory(prefix="bihuan-bench-") as temporary:
        async with bench_of(Path(temporary), quick=quick) as bench:
            print(f"{datetime.now(UTC):%Y-%m-%d}", flush=True)  # noqa: TID251 (a benchmark runs now)
            for section in (each for each in SECTIONS if not only or each.__name__ in only):
                await section(bench)


if __name__ == "__main__":
    main(__doc__, SECTIONS, "some minutes: 5,000 open hazards instead of 100,000", run)
