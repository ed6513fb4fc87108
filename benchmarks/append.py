"""How fast commands are accepted, beside the raw limit and the peer, from one run on durable settings.

    python -m benchmarks.append [--quick]

The server is embedded with `sync_interval: always`. Read the figures as ratios: client, services and server share the
machine. The full run fills a million events and takes some minutes.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import direct, peers, remote
from benchmarks.asked import main
from benchmarks.bench import Bench
from benchmarks.measure import Table
from contracts import subjects
from services.journal import embedded, streams
from services.journal.connection import connect

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


if __name__ == "__main__":
    main(__doc__, SECTIONS, "a minute: smaller sizes, 60,000 events instead of a million", run)
