"""What the tests of the work queue put in and take out."""

import asyncio
from collections.abc import AsyncGenerator

from nats.aio.client import Client

from services.journal.work import Job, WorkQueue
from tests.servers import Stream

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
