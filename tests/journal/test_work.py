"""Every job is given to somebody, and again until somebody says that it is done."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from services.journal import pulling, wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.durables import UnusableDurable
from services.journal.work import Job, WorkQueue
from tests import servers as real
from tests.servers import Servers, Stream, fresh_stream

Batches = AsyncGenerator[list[Job], None]
FOR_EVER = 3600.0


async def fill(nc: Client, stream: Stream, count: int, tail: str = "a.b", first: int = 1) -> None:
    """So many messages, their bodies numbered."""
    js = nc.jetstream()
    numbers = range(first, first + count)
    await asyncio.gather(*(js.publish(stream.subject(tail), b"%d" % n, headers={"Own": f"{n}"}) for n in numbers))


async def take(batches: Batches, count: int, *, done: bool = True) -> list[Job]:
    """The next jobs, at least so many."""
    found: list[Job] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            batch = await anext(batches)
            found += batch
            for job in batch:
                if done:
                    await job.done()
    return found


async def settled(queue: WorkQueue, wanted: tuple[int, int]) -> None:
    """The server has counted the answers."""
    async with asyncio.timeout(10):
        while await queue.left() != wanted:  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.01)


def numbers(jobs: list[Job]) -> list[int]:
    """What stands in them."""
    return [int(job.data) for job in jobs]


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


async def test_it_goes_on_after_a_long_silence(nc: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests end with nothing and are asked again; a job after that still comes."""
    monkeypatch.setattr(pulling, "EXPIRES", 0.05)
    queue = WorkQueue(nc, stream.name, "idle", [])
    async with aclosing(queue.batches()) as batches:
        waiting = asyncio.create_task(take(batches, 1))
        await asyncio.sleep(0.5)
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


async def test_settings_that_are_harmless_are_brought_up_to_ours(nc: Client, stream: Stream) -> None:
    """The wait, the number at once, fewer subjects, a delivery that had an end: its position stays."""
    await fill(nc, stream, 4)
    old = {"max_deliver": 3, "backoff": [10**9, 2 * 10**9, 3 * 10**9], "inactive_threshold": 10**12}
    await make(nc, stream, filter_subjects=[stream.subject("a.>"), stream.subject("b.>")], **old)
    before = WorkQueue(nc, stream.name, "made", [stream.subject("a.>"), stream.subject("b.>")])
    async with aclosing(before.batches()) as batches:
        await take(batches, 4)
        await settled(before, (0, 0))
    await WorkQueue(nc, stream.name, "made", [stream.subject("a.>")], ack_wait=7, at_once=9).declare()
    config = (await call(nc, f"CONSUMER.INFO.{stream.name}.made"))["config"]
    assert config["filter_subjects"] == [stream.subject("a.>")]
    assert {name: config.get(name) for name in ("ack_wait", "max_ack_pending", "max_deliver")} == {
        "ack_wait": 7 * 10**9,
        "max_ack_pending": 9,
        "max_deliver": -1,
    }
    assert not {"backoff", "inactive_threshold"} & config.keys()
    assert await before.left() == (0, 0)


UNUSABLE: dict[str, dict[str, Any]] = {
    "acknowledgements": {"ack_policy": "none"},
    "first message": {"deliver_policy": "new"},
    "pushes": {"deliver_subject": "somewhere"},
    "headers": {"headers_only": True},
    "has passed over": {"filter_subject": "t.other"},
}


@pytest.mark.parametrize("why", UNUSABLE)
async def test_a_durable_that_leaves_something_out_is_refused(nc: Client, stream: Stream, why: str) -> None:
    """With what is wrong with it and what to do; it is left as it is."""
    await make(nc, stream, **UNUSABLE[why])
    before = await call(nc, f"CONSUMER.INFO.{stream.name}.made")
    queue = WorkQueue(nc, stream.name, "made", [stream.subject("a.>")])
    with pytest.raises(UnusableDurable, match=f"{why}.*Delete it"):
        await queue.declare()
    with pytest.raises(wire.Refused):
        await anext(queue.batches())
    assert (await call(nc, f"CONSUMER.INFO.{stream.name}.made"))["config"] == before["config"]


async def make(nc: Client, stream: Stream, **settings: Any) -> None:  # noqa: ANN401 (any setting)
    """A durable that somebody else made."""
    config = {"durable_name": "made", "ack_policy": "explicit", "deliver_policy": "all", **settings}
    if settings.get("filter_subject"):
        config["filter_subject"] = stream.subject("other")
    verb = f"CONSUMER.CREATE.{stream.name}.made"
    if one := config.get("filter_subject"):
        verb = f"{verb}.{one}"
    await call(nc, verb, {"stream_name": stream.name, "config": config})


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
