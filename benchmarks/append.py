"""How fast commands are accepted, beside the raw limit and the peer, from one run on durable settings.

    python -m benchmarks.append [--quick]

The server is embedded with `sync_interval: always`. Read the figures as ratios: client, services and server share the
machine. The full run fills a million events and takes some minutes.
"""

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import structlog
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from nats.aio.client import Client
from pydantic_core import to_json

from benchmarks import children, filling, peers
from benchmarks.measure import Rounds, Table, delays, finding, percentiles, rate, sure
from contracts import subjects
from contracts.directory import Directory
from contracts.replies import Accepted, Replies
from services.hazard.app import clock
from services.hazard.deciders import HAZARD, POLICY
from services.hazard.hazards import Hazards
from services.hazard.known import address
from services.hazard.library import load_clauses
from services.hazard.memory import Memory
from services.hazard.tuning import collect_seldom, loop_factory
from services.journal import embedded, streams, wire
from services.journal.connection import connect
from services.journal.events import EventStore


@dataclass
class Bench:
    """One run."""

    table: Table
    folder: Path
    server: embedded.Embedded
    nc: Client
    peers: dict[str, ApplicationRecorder | None]
    quick: bool

    @property
    def store(self) -> EventStore:
        """On the run's connection."""
        return EventStore(self.nc)

    @property
    def hazards(self) -> Hazards:
        """A service in this process, with the real rules."""
        return Hazards(self.store, Directory(), load_clauses(), clock, hazard=HAZARD, policy=POLICY)

    def sized(self, full: int, quick: int) -> int:
        """How many."""
        return quick if self.quick else full


async def directly(bench: Bench) -> None:
    """`Hazards` called in this process, 64 in flight, in rounds with what it is compared to."""
    count, rounds = bench.sized(4_000, 1_000), Rounds()
    for _ in range(bench.sized(7, 3)):
        rounds.add("raw", await rate(count, _raw(bench.nc)))
        rounds.add("store", await rate(count, _stored(bench.store)))
        rounds.add("ours", await rate(count, _handled(bench.hazards, count)))
        for name, recorder in bench.peers.items():
            if recorder is not None:
                rounds.add(name, await asyncio.to_thread(peers.insert_rate, recorder, count // 2))
    bench.table.head("Accepted commands a second, 64 in flight")
    bench.table.tell("raw limit: nats-py publishes with compare-and-set", f"{rounds.middle('raw'):,.0f}/s")
    bench.table.tell("EventStore.append", f"{rounds.middle('store'):,.0f}/s")
    part = rounds.ratio("ours", "raw")
    bench.table.tell(
        "Hazards, called directly", f"{rounds.middle('ours'):,.0f}/s = {part:.2f}", ">= 0.50 of raw", met=part >= 0.5
    )
    for name, recorder in bench.peers.items():
        title = f"eventsourcing on {name}, recorder alone, {peers.THREADS} threads"
        if recorder is None:
            bench.table.tell(title, "absent")
            continue
        times = rounds.ratio("ours", name)
        wanted, met = (">= 4 times", times >= 4) if name == "PostgreSQL" else ("", None)
        bench.table.tell(f"{title}: ours is", f"{rounds.middle(name):,.0f}/s = {times:.1f}x", wanted, met=met)


async def one_after_another(bench: Bench) -> None:
    """What a single person waits for."""
    count = bench.sized(3_000, 500)
    half = count // 2
    hazards = bench.hazards
    raw, ours = [], []
    for _ in range(2):
        raw += await delays(half, _raw(bench.nc))
        ours += await delays(half, _handled(hazards, half))
    more = median(ours) - median(raw)
    bench.table.head("One after another")
    bench.table.tell("raw publish", percentiles(raw))
    bench.table.tell("Hazards", percentiles(ours))
    bench.table.tell("the difference of the medians", f"{more:.2f} ms", "<= 1 ms", met=more <= 1)


async def over_nats(bench: Bench) -> None:
    """Request and reply with services in processes of their own, 64 in flight."""
    count, rounds = bench.sized(4_000, 1_000), Rounds()
    bare = ["-m", "benchmarks.bare", bench.server.url]
    for _ in range(bench.sized(5, 2)):
        async with children.child(bare, bench.server, bench.folder):
            rounds.add("bare", await _requests(bench.nc, count))
        for number in (1, 2):
            async with children.services(number, bench.server, bench.folder):
                rounds.add(f"ours {number}", await _requests(bench.nc, count))
    part = rounds.ratio("ours 1", "bare")
    bench.table.head("Commands a second over request/reply, 64 in flight")
    bench.table.tell("bare FastStream handler: decode and append", f"{rounds.middle('bare'):,.0f}/s")
    bench.table.tell(
        "one service process", f"{rounds.middle('ours 1'):,.0f}/s = {part:.2f}", ">= 0.80 of bare", met=part >= 0.8
    )
    bench.table.tell("two service processes", f"{rounds.middle('ours 2'):,.0f}/s")


async def in_batches(bench: Bench) -> None:
    """`commands.hazard.batch`, a thousand commands a message, and what the service holds after all of them."""
    total, size = bench.sized(100_000, 10_000), 1_000
    batches = [_batch(size) for _ in range(10)]
    async with children.services(1, bench.server, bench.folder) as [process]:
        await _ask_batch(bench.nc, _batch(100))
        began = children.memory(process)
        speed = size * await rate(len(batches), lambda number: _ask_batch(bench.nc, batches[number]), at_once=2)
        for _ in range(total // size - len(batches)):
            await _ask_batch(bench.nc, _batch(size))
        held = children.memory(process)
    bench.table.head("Batches of 1,000 commands, one service process")
    bench.table.tell("commands a second, 2 batches in flight", f"{speed:,.0f}/s", ">= 5,000/s", met=speed >= 5_000)
    told = f"{held:.0f} MiB (began {began:.0f})"
    bench.table.tell(f"memory of the service after {total:,} commands", told, "<= 200 MiB", met=held <= 200)


async def loading(bench: Bench) -> None:
    """One hazard of six events among a great many."""
    hazards = bench.sized(166_667, 10_000)
    ids = await filling.fill(bench.store, hazards)
    memory = Memory(bench.store, 1)
    sample = ids[:: max(1, len(ids) // 1_000)]

    async def load(number: int) -> None:
        known = await memory.known(address(HAZARD, sample[number]))
        sure((known.version, known.state.version) == (6, 6), known)

    cold = await delays(len(sample), load)
    warm = await delays(len(sample), load)
    bench.table.head(f"Loading a hazard of 6 events among {hazards * 6:,}: read, decoded, folded")
    bench.table.tell("first time", percentiles(cold))
    bench.table.tell("warm", percentiles(warm), "median <= 1 ms", met=median(warm) <= 1)


SECTIONS: tuple[Callable[[Bench], Awaitable[None]], ...] = (
    directly,
    one_after_another,
    over_nats,
    in_batches,
    loading,
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


def _raw(nc: Client) -> Callable[[int], Awaitable[object]]:
    publish, body = nc.jetstream().publish, peers.BODY
    stem = f"events.raw.{nc.new_inbox()}"

    async def act(number: int) -> object:
        return await publish(f"{stem}.{number}", body, headers={wire.EXPECTED_LAST: "0"})

    return act


def _stored(store: EventStore) -> Callable[[int], Awaitable[object]]:
    stem = f"events.stored.{finding().command_id}"
    return lambda number: store.append(StoredEvent(f"{stem}.{number}", 1, "hazard.found", peers.BODY), after=0)


def _handled(hazards: Hazards, count: int) -> Callable[[int], Awaitable[object]]:
    asked = [finding() for _ in range(count)]

    async def act(number: int) -> object:
        answer = await hazards.handle(asked[number])
        sure(isinstance(answer, Accepted), answer)
        return answer

    return act


async def _requests(nc: Client, count: int) -> float:
    bodies = [finding().model_dump_json(exclude_none=True).encode() for _ in range(count + 64)]
    subject = subjects.command_subject("find_hazard")

    async def ask(number: int) -> None:
        reply = await nc.request(subject, bodies[number], timeout=10)
        sure(b'"sequence"' in reply.data, reply.data)

    await rate(64, lambda number: ask(count + number))
    return await rate(count, ask)


def _batch(size: int) -> bytes:
    return to_json(
        {"commands": [{"command": "find_hazard", "body": finding()} for _ in range(size)]}, exclude_none=True
    )


async def _ask_batch(nc: Client, body: bytes) -> None:
    reply = await nc.request(subjects.BATCH, body, timeout=60)
    answers = Replies.model_validate_json(reply.data).replies
    sure(all(isinstance(answer, Accepted) for answer in answers), answers[0])


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
