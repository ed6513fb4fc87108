"""Every job is given to somebody, and again until somebody says that it is done."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import chain

from jobs import FOR_EVER, fill, numbers, settled, take
from nats.aio.client import Client

from services.journal.api import call
from services.journal.connection import connect
from services.journal.work import Job, WorkQueue
from tests.servers import Servers, Stream


async def test_a_job_says_what_it_is_and_when_it_was_stored(nc: Client, stream: Stream) -> None:
    """Subject, body, headers and sequence as stored; the moment is the server's."""
    await fill(nc, stream, 2)
    stored = (await call(nc, f"STREAM.MSG.GET.{stream.name}", {"seq": 2}))["message"]["time"]
    queue = WorkQueue(nc, stream.name, "all", [stream.subject(">")])
    await queue.declare()
    assert await queue.left() == (2, 0)
    async with aclosing(queue.batches()) as batches:
        job = (await take(batches, 2))[1]
    assert (job.subject, job.sequence, job.delivered, job.headers) == (
        stream.subject("a.b"),
        2,
        1,
        {"Own": job.data.decode()},
    )
    assert job.stored_at.tzinfo is UTC
    assert f"{job.stored_at:%Y-%m-%dT%H:%M:%S}" == stored[:19]
    assert timedelta() <= job.stored_at - datetime.fromisoformat(stored[:19] + "+00:00") < timedelta(seconds=1)
    await settled(queue, (0, 0))


async def test_the_moment_is_read_with_a_domain_too(nc: Client) -> None:
    """Behind a leaf node the acknowledgement's subject has two tokens more in front, and one behind."""

    class Given:
        subject, data, headers = "events.a", b"", None
        reply = "$JS.ACK.hub.ACCOUNT.EVENTS.durable.3.17.5.1700000000123456789.0.token"

    job = WorkQueue(nc, "EVENTS", "durable", [])._job(Given())  # type: ignore[arg-type]
    assert (job.delivered, job.sequence, job.headers) == (3, 17, {})
    assert job.stored_at == datetime(2023, 11, 14, 22, 13, 20, 123456, UTC)


async def test_only_what_matches_is_given(nc: Client, stream: Stream) -> None:
    """Several filters make one queue; what none of them names is no job of it."""
    for n, tail in enumerate(("x.1", "y.1", "z.1", "x.2"), 1):
        await fill(nc, stream, 1, tail, n)
    queue = WorkQueue(nc, stream.name, "some", [stream.subject("x.>"), stream.subject("z.>")])
    async with aclosing(queue.batches()) as batches:
        assert numbers(await take(batches, 3)) == [1, 3, 4]
    await settled(queue, (0, 0))


async def test_what_is_not_done_is_given_again(nc: Client, stream: Stream) -> None:
    """After `ack_wait`, counted; whoever says that he is working keeps it for longer."""
    await fill(nc, stream, 2)
    queue = WorkQueue(nc, stream.name, "short", [], ack_wait=0.4)
    async with aclosing(queue.batches()) as batches:
        kept, dropped = sorted(await take(batches, 2, done=False), key=lambda job: job.sequence)
        found: list[Job] = []
        getting = asyncio.create_task(take(batches, 1))
        while not getting.done():
            await kept.working()
            await asyncio.sleep(0.05)
        found = await getting
        assert [(job.sequence, job.delivered) for job in found] == [(dropped.sequence, 2)]
        await kept.done()
        await settled(queue, (0, 0))


async def test_a_job_comes_again_when_it_was_asked_to(nc: Client, stream: Stream) -> None:
    """At once, or after its delay and not before; as often as one likes."""
    await fill(nc, stream, 1)
    queue, loop = WorkQueue(nc, stream.name, "again", [], ack_wait=FOR_EVER), asyncio.get_running_loop()
    async with aclosing(queue.batches()) as batches:
        (job,) = await take(batches, 1, done=False)
        for delivered in range(2, 8):
            await job.again(0)
            (job,) = await take(batches, 1, done=False)
            assert job.delivered == delivered
        asked = loop.time()
        await job.again(0.3)
        assert await queue.left() == (0, 1)
        assert (await take(batches, 1))[0].delivered == 8
        assert loop.time() - asked >= 0.3


async def test_processes_share_the_work(servers: Servers, nc: Client, stream: Stream) -> None:
    """Each job goes to one of them, and all of them get some."""
    others = [await connect(servers.url) for _ in range(3)]
    queues = [WorkQueue(other, stream.name, "shared", []) for other in others]
    await asyncio.gather(*(queue.declare() for queue in queues))
    readers = [queue.batches(most=10) for queue in queues]
    found: list[list[int]] = [[], [], []]

    async def read(place: int) -> None:
        async for batch in readers[place]:
            found[place] += numbers(batch)
            for job in batch:
                await job.done()

    tasks = [asyncio.create_task(read(place)) for place in range(3)]
    await fill(nc, stream, 600)
    await settled(queues[0], (0, 0))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert sorted(chain(*found)) == list(range(1, 601))
    assert all(found)
    for reader, other in zip(readers, others, strict=True):
        await reader.aclose()
        await other.close()


async def test_what_a_reader_left_behind_goes_to_another(nc: Client, stream: Stream) -> None:
    """Whoever stops gives back what he had not begun, at once; what he had begun comes after `ack_wait`."""
    await fill(nc, stream, 30)
    queue = WorkQueue(nc, stream.name, "left", [], ack_wait=FOR_EVER)
    async with aclosing(queue.batches(most=10)) as batches:
        begun = await take(batches, 1, done=False)
        await settled(queue, (30 - len(begun) - 10, len(begun) + 10))
    async with aclosing(queue.batches()) as batches:
        rest = await take(batches, 30 - len(begun))
    assert sorted(numbers(begun + rest)) == list(range(1, 31))


async def test_no_more_is_under_way_than_the_reader_wants(nc: Client, stream: Stream) -> None:
    """A list, and as many again while he works on it."""
    await fill(nc, stream, 100)
    queue = WorkQueue(nc, stream.name, "slow", [])
    async with aclosing(queue.batches(most=8)) as batches:
        found = 0
        while found < 100:
            batch = await anext(batches)
            found += len(batch)
            assert len(batch) <= 8
            await asyncio.sleep(0.01)
            assert (await queue.left())[1] <= 16
            for job in batch:
                await job.done()


async def test_no_more_is_under_way_than_the_queue_allows(nc: Client, stream: Stream) -> None:
    """A job that was put off counts; when it is done, the next one comes."""
    await fill(nc, stream, 5)
    queue = WorkQueue(nc, stream.name, "bounded", [], at_once=2)
    async with aclosing(queue.batches()) as batches:
        first, second = await take(batches, 2, done=False)
        await first.again(FOR_EVER)
        assert await queue.left() == (3, 2)
        await second.done()
        assert len(await take(batches, 1)) == 1
