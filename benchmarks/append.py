"""How fast commands are accepted, beside the raw limit and the peer, from one run on durable settings.

    python -m benchmarks.append [--quick]

The server is embedded with `sync_interval: always`. Read the figures as ratios: client, services and server share the
machine. The full run fills a million events and takes some minutes.
"""

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from benchmarks import direct, peers, remote
from benchmarks.bench import Bench
from benchmarks.measure import Table
from contracts import subjects
from services.journal import embedded, streams
from services.journal.connection import connect
from services.tuning import collect_seldom, loop_factory

SECTIONS: tuple[Callable[[Bench], Awaitable[None]], ...] = (
    direct.directly,
    direct.one_after_another,
    remote.over_nats,
    remote.in_batches,
    direct.loading,
)
"""In this order; the last leaves a large store behind."""


async def run(*, quick: bool, only: Sequence[str]) -> None:
    """Every section, or those named, on one server."""
    with TemporaryDirectory(prefix="bihuan-bench-") as temporary:
        folder = Path(temporary)
        with peers.peers(folder) as others:
            async with embedded.server(folder / "data") as server:
                nc = await connect(server.url, name="bench")
                await streams.declare(nc, [subjects.EVENTS])
                for section in (each for each in SECTIONS if not only or each.__name__ in only):
                    await section(Bench(Table(), folder, server, nc, others, quick))
                await nc.close()


def main() -> None:
    """The table, as it grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="a minute: smaller sizes, 60,000 events instead of a million"
    )
    names = [section.__name__ for section in SECTIONS]
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(names)}", choices=[*names, []])
    told = parser.parse_args()
    collect_seldom()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(quick=told.quick, only=told.only))


if __name__ == "__main__":
    main()
