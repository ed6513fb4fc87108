"""A reader of jobs outlives silence, its consumer and its server."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest
from jobs import FOR_EVER, fill, numbers, take
from nats.aio.client import Client

from services.journal import pulling, wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.work import WorkQueue
from tests import servers as real
from tests.servers import Servers, Stream, fresh_stream


async def test_it_goes_on_after_a_long_silence(nc: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests end with nothing and are asked again; a job after that still comes."""
    monkeypatch.setattr(pulling, "EXPIRES", 0.05)
    queue = WorkQueue(nc, stream.name, "idle", [])
    async with aclosing(queue.batches()) as batches:
        waiting = asyncio.create_task(take(batches, 1))
        await asyncio.sleep(0.2)
        await fill(nc, stream, 1)
        assert numbers(await waiting) == [1]


async def test_a_request_that_ended_under_a_slow_reader_is_asked_again(
    nc: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He worked for longer than a request lasts; the next job still finds one open."""
    monkeypatch.setattr(pulling, "EXPIRES", 0.05)
    await fill(nc, stream, 1)
    async with aclosing(WorkQueue(nc, stream.name, "busy", []).batches()) as batches:
        await take(batches, 1)
        await asyncio.sleep(0.3)
        monkeypatch.setattr(pulling, "EXPIRES", FOR_EVER)
        await fill(nc, stream, 1, first=2)
        assert numbers(await take(batches, 1)) == [2]


async def test_a_deleted_durable_begins_anew(nc: Client, stream: Stream) -> None:
    """Its position is gone with it: every job past `after` comes again, under a reader's eyes."""
    await fill(nc, stream, 5)
    queue = WorkQueue(nc, stream.name, "gone", [], after=2)
    async with aclosing(queue.batches()) as batches:
        assert sorted(job.sequence for job in await take(batches, 3)) == [3, 4, 5]
        for _ in range(2):
            waiting = asyncio.create_task(take(batches, 4))
            await asyncio.sleep(0.05)
            await call(nc, f"CONSUMER.DELETE.{stream.name}.gone")
            await fill(nc, stream, 1)
            assert sorted(job.sequence for job in await waiting)[:3] == [3, 4, 5]


async def test_a_moved_leader_is_followed(servers: Servers, nc: Client, stream: Stream) -> None:
    """The durable's leader steps down under a reader; on one server there is none to move."""
    queue = WorkQueue(nc, stream.name, "moved", [])
    found: set[int] = set()
    async with aclosing(queue.batches()) as batches:
        for first in range(1, 31, 10):
            await fill(nc, stream, 10, first=first)
            found |= set(numbers(await take(batches, 5)))
            if servers.replicas > 1:
                await call(nc, f"CONSUMER.LEADER.STEPDOWN.{stream.name}.moved")
        while len(found) < 30:
            found |= set(numbers(await take(batches, 1)))


@pytest.mark.parametrize("how", ["kill", "pause"])
async def test_a_server_that_comes_back_finds_its_readers(tmp_path: Path, how: str) -> None:
    """Killed or paused under a reader who waits: what is stored afterwards comes, and what was not done comes again."""
    servers = real.single(tmp_path)
    (node,) = servers.nodes
    node.start()
    await node.ready()
    nc = await connect(servers.url)
    stream = await fresh_stream(nc, 1)
    await fill(nc, stream, 3)
    queue = WorkQueue(nc, stream.name, "durable", [], ack_wait=1)
    batches = queue.batches()
    await take(batches, 3, done=False)
    waiting = asyncio.create_task(take(batches, 4))
    getattr(node, how)()
    await asyncio.sleep(0.5)
    if how == "kill":
        node.start()
    else:
        node.resume()
    await node.ready()
    other = await connect(servers.url)
    await fill(other, stream, 1, first=4)
    found = await waiting
    while set(numbers(found)) != {1, 2, 3, 4}:
        found += await take(batches, 1)
    await batches.aclose()
    for connection in (nc, other):
        await connection.close()
    servers.stop()


async def test_a_missing_stream_is_told(nc: Client) -> None:
    """It is no reason to wait for ever."""
    queue = WorkQueue(nc, "NO_SUCH", "durable", [])
    with pytest.raises(wire.Refused, match="stream not found"):
        await anext(queue.batches())
    with pytest.raises(wire.Refused, match="stream not found"):
        await queue.left()


async def test_a_closed_connection_ends_it(servers: Servers, stream: Stream) -> None:
    """A reader on a connection that is closed for good says so; the answer to a job in hand is no error."""
    own = await connect(servers.url)
    await fill(own, stream, 1)
    batches = WorkQueue(own, stream.name, "closed", []).batches()
    (job,) = await take(batches, 1, done=False)
    waiting = asyncio.create_task(anext(batches))
    await asyncio.sleep(0.05)
    await own.close()
    await job.done()
    with pytest.raises(wire.Unavailable, match="closed"):
        await waiting
