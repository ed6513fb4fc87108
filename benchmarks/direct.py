"""`Hazards` called in this process, beside raw publishes and the peer."""

import asyncio
from statistics import median

from eventsourcing.persistence import StoredEvent
from nats.aio.client import Client

from benchmarks import filling, peers
from benchmarks.bench import Bench
from benchmarks.measure import Act, Rounds, delays, finding, percentiles, rate, sure
from contracts.replies import Accepted
from services.hazard.deciders import HAZARD
from services.hazard.hazards import Hazards
from services.hazard.known import address
from services.hazard.memory import Memory
from services.journal import wire
from services.journal.events import EventStore


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
                rounds.add(f"{name} 1", await asyncio.to_thread(peers.insert_rate, recorder, count // 4, 1))
    bench.table.head("Accepted commands a second, 64 in flight")
    bench.table.tell("raw limit: nats-py publishes with compare-and-set", f"{rounds.middle('raw'):,.0f}/s")
    bench.table.tell("EventStore.append", f"{rounds.middle('store'):,.0f}/s")
    part = rounds.ratio("ours", "raw")
    bench.table.tell(
        "Hazards, called directly", f"{rounds.middle('ours'):,.0f}/s = {part:.2f}", ">= 0.50 of raw", met=part >= 0.5
    )
    for name, recorder in bench.peers.items():
        title = f"eventsourcing on {name}, recorder alone"
        if recorder is None:
            bench.table.tell(title, "absent")
            continue
        for key, threads in ((name, f"{peers.THREADS} threads"), (f"{name} 1", "1 thread")):
            times = rounds.ratio("ours", key)
            wanted, met = (">= 4 times", times >= 4) if name == "PostgreSQL" else ("", None)
            told = f"{rounds.middle(key):,.0f}/s = {times:.1f}x"
            bench.table.tell(f"{title}, {threads}: ours is", told, wanted, met=met)


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


async def loading(bench: Bench) -> None:
    """One hazard of six events among a great many."""
    hazards = bench.sized(166_667, 10_000)
    ids = await filling.fill(bench.store, hazards)
    memory = Memory(bench.store, 1)
    sample = ids[:: max(1, len(ids) // 1_000)]

    async def load(number: int) -> None:
        known = await memory.known(address(HAZARD, sample[number]))
        sure((known.version, known.state.version) == (6, 6), known)

    async def read(number: int) -> None:
        found = await bench.store.load(address(HAZARD, sample[number]).subject)
        sure(len(found) == 6, found)

    cold = await delays(len(sample), load)
    alone = await delays(len(sample), read)
    warm = await delays(len(sample), load)
    bench.table.head(f"Loading a hazard of 6 events among {hazards * 6:,}: read, decoded, folded")
    bench.table.tell("first time", percentiles(cold))
    bench.table.tell("warm, read alone: one round trip of Direct Get", percentiles(alone))
    bench.table.tell("warm", percentiles(warm), "median <= 1 ms", met=median(warm) <= 1)


def _raw(nc: Client) -> Act:
    publish, body = nc.jetstream().publish, peers.BODY
    stem = f"events.raw.{nc.new_inbox()}"

    async def act(number: int) -> object:
        return await publish(f"{stem}.{number}", body, headers={wire.EXPECTED_LAST: "0"})

    return act


def _stored(store: EventStore) -> Act:
    stem = f"events.stored.{finding().command_id}"
    return lambda number: store.append(StoredEvent(f"{stem}.{number}", 1, "hazard.found", peers.BODY), after=0)


def _handled(hazards: Hazards, count: int) -> Act:
    asked = [finding() for _ in range(count)]

    async def act(number: int) -> object:
        answer = await hazards.handle(asked[number])
        sure(isinstance(answer, Accepted), answer)
        return answer

    return act
