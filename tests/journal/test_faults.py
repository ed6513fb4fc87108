"""Twenty kills and pauses under five thousand appends: nothing lost, doubled or reordered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import pytest
from checker import Append, Outcome, View, faults
from eventsourcing.persistence import Notification
from nats.aio.client import Client
from props import event

from services.journal import wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.reading import Reader
from tests import servers as real
from tests.servers import Node, Servers, Stream, fresh_stream

T = TypeVar("T")

APPENDS: Final = 5000
ORIGINATORS: Final = 20
RIVALS: Final = 2
"""Writers of each originator, so that there are conflicts as well."""

END: Final = b"end"

ON_ONE: Final = ["kill any", "pause any"] * 10
ON_THREE: Final = [
    *["kill follower", "pause follower", "kill any", "pause leader"] * 4,
    *["kill leader", "pause follower", "kill follower", "kill leader"],
]


@dataclass
class Run:
    """The writers' notebook."""

    store: EventStore
    stream: Stream
    appends: list[Append] = field(default_factory=list)
    clock: "count[int]" = field(default_factory=lambda: count(1))
    acknowledged: int = 0
    unknowns: int = 0
    permits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """Appends that may be stored before the next fault."""

    async def write(self, originator: int, rival: int) -> None:
        """Append to one originator until all writers together have enough, as a command handler does."""
        subject, last, version = self.stream.subject(f"h{originator}"), 0, 0
        while await self.permits.acquire() and self.acknowledged < APPENDS:
            body = b"%d/%d/%d" % (originator, rival, len(self.appends))
            append = Append(subject, version + 1, body, next(self.clock))
            self.appends.append(append)
            last = await self.settle(append, last)
            if append.outcome == "acknowledged":
                version += 1
            else:
                self.permits.release()
                if found := await self.patiently(lambda: self.store.last(subject)):
                    last, version = found.id, found.originator_version

    async def write_end(self) -> None:
        """The last event of the stream."""
        append = Append(self.stream.subject("end"), 1, END, next(self.clock))
        self.appends.append(append)
        await self.settle(append, 0)

    async def settle(self, append: Append, after: int) -> int:
        """Ask with the same event until the answer is certain; gives the sequence that the next one expects."""
        wanted = event(append.originator, append.version, append.body)
        while append.answered is None:
            try:
                append.sequence = await self.store.append(wanted, after=after)
                append.outcome, append.answered = "acknowledged", next(self.clock)
                self.acknowledged += 1
            except wire.UnknownOutcome:
                self.unknowns += 1
            except (wire.Conflict, wire.Unavailable) as refusal:
                if isinstance(refusal, wire.Conflict):
                    append.outcome, append.answered = await self.own(append, after), next(self.clock)
        return append.sequence or after

    async def own(self, append: Append, after: int) -> Outcome:
        """A conflict right after an unknown may be about our own event, as a command id would tell."""
        found = await self.patiently(lambda: self.store.load(append.originator, after=after))
        mine = [one.id for one in found if one.state == append.body]
        if mine:
            append.sequence, self.acknowledged = mine[0], self.acknowledged + 1
        return "acknowledged" if mine else "refused"

    async def patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Read, however often it takes."""
        while True:
            try:
                return await ask()
            except wire.Unavailable:
                continue


@pytest.mark.slow
@pytest.mark.parametrize("schedule", [ON_ONE, ON_THREE], ids=["single", "cluster"])
async def test_nothing_is_lost_doubled_or_reordered(tmp_path: Path, schedule: Sequence[str]) -> None:
    """Every acknowledged event is on every replica at its sequence; a follower that ran all along saw each once."""
    servers = real.single(tmp_path) if schedule is ON_ONE else real.cluster(tmp_path)
    for node in servers.nodes:
        node.start()
    await servers.ready()
    nc = await connect(servers.url, name="writers")
    stream = await fresh_stream(nc, servers.replicas)
    run = Run(EventStore(nc, stream.name, timeout=2), stream)
    follower = asyncio.create_task(follow(servers, stream))
    try:
        async with asyncio.TaskGroup() as group:
            for originator in range(ORIGINATORS):
                for rival in range(RIVALS):
                    group.create_task(run.write(originator, rival))
            group.create_task(make_trouble(servers, nc, run, schedule))
        await run.write_end()
        await servers.ready()
        replicas = {node.name: await replica(node, stream, run.appends[-1].sequence) for node in servers.nodes}
        readers = {"follower": await asyncio.wait_for(follower, 60)}
    finally:
        follower.cancel()
        await nc.close()
        servers.stop()
    assert faults(run.appends, replicas, readers) == []
    assert run.acknowledged >= APPENDS
    assert any(append.outcome == "refused" for append in run.appends)


async def make_trouble(servers: Servers, nc: Client, run: Run, schedule: Sequence[str]) -> None:
    """One fault after another, spread over the appends, each healed before the next.

    While a fault lasts, so many appends are under way as lie between two faults.
    """
    step = APPENDS // (len(schedule) + 1)
    release(run, 2 * step)
    for number, fault in enumerate(schedule, 1):
        while run.acknowledged < number * step:  # noqa: ASYNC110 (a count of the writers, forty of them)
            await asyncio.sleep(0.001)
        release(run, step)
        kind, _, whom = fault.partition(" ")
        node = await choose(servers, nc, run.stream, whom, number)
        if kind == "kill":
            node.kill()
            await asyncio.sleep(0.1)
            node.start()
        else:
            node.pause()
            await asyncio.sleep(0.5)
            node.resume()
        await node.ready(60)
    release(run, APPENDS)


def release(run: Run, count: int) -> None:
    """Let the writers go on by so many."""
    for _ in range(count):
        run.permits.release()


async def choose(servers: Servers, nc: Client, stream: Stream, whom: str, number: int) -> Node:
    """The stream's leader, a follower in turn, or any."""
    if whom == "any":
        return servers.nodes[number % len(servers.nodes)]
    info = await call(nc, f"STREAM.INFO.{stream.name}", timeout=60)
    leader = info["cluster"]["leader"]
    followers = [node for node in servers.nodes if node.name != leader]
    return servers.named(leader) if whom == "leader" else followers[number % len(followers)]


async def follow(servers: Servers, stream: Stream) -> View:
    """Read along from the beginning, over every fault, up to the last event."""
    nc = await connect(servers.url, name="follower")
    view: list[Notification] = []
    async for batch in EventStore(nc, stream.name).follow():
        view += batch
        if view[-1].state == END:
            break
    await nc.close()
    return view


async def replica(node: Node, stream: Stream, last: int) -> View:
    """The whole stream as this server has it: Direct Get is answered by the server that one is connected to."""
    nc = await connect(node.url, name="replica")
    reader = Reader(nc, stream.name, str, 5)
    view: list[Notification] = []
    async with asyncio.timeout(60):
        while len(view) < last:
            view, _ = await whole(reader, stream)
    await nc.close()
    return view


async def whole(reader: Reader, stream: Stream) -> tuple[list[Notification], int]:
    """Page by page, without asking the leader about the end."""
    view: list[Notification] = []
    while True:
        page, pending = await reader._page(stream.subject(">"), len(view))
        view += page
        if not pending:
            return view, pending
