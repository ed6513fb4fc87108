"""A pump gives what a work queue has to somebody who works it off, batch by batch, and ends in good order."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final

import structlog

from services.journal.wire import JournalError
from services.journal.work import Job, WorkQueue

log = structlog.get_logger(__name__)

MOST: Final = 256
"""Jobs of a batch: the next are taken when these are worked off."""
GRACE: Final = 10.0
"""Seconds for what is in hand when the process is asked to end; then it is given back."""
KEEP: Final = 5.0
SOON: Final = 0.5
LONGEST: Final = 30.0
"""Seconds before a job that went wrong is tried again: at first, and at most."""

Work = Callable[[Sequence[Job]], Awaitable[Collection[Job]]]
"""Works off a batch; gives those that have to be tried again."""


class Pump:
    """One queue and who works it off."""

    def __init__(
        self,
        name: str,
        queue: WorkQueue,
        work: Work,
        clock: Callable[[], datetime],
        *,
        keep: float = KEEP,
        grace: float = GRACE,
    ) -> None:
        """`keep`: seconds after which the queue hears again that what is in hand is worked on."""
        self.name = name
        self.done = 0
        """Jobs worked off since the start."""
        self.at: datetime | None = None
        """When the last of them was."""
        self._queue = queue
        self._work = work
        self._clock = clock
        self._keep = keep
        self._grace = grace

    async def run(self) -> None:
        """Until it is cancelled: then what is in hand is finished, or given back."""
        async with aclosing(self._queue.batches(most=MOST)) as batches:
            async for jobs in batches:
                task, keeping = asyncio.create_task(self._handle(jobs)), asyncio.create_task(self._keep_working(jobs))
                try:
                    await asyncio.shield(task)
                except asyncio.CancelledError:
                    await self._end(task, jobs)
                    raise
                finally:
                    keeping.cancel()

    async def _handle(self, jobs: Sequence[Job]) -> None:
        """What fails as a whole is put off as a whole: nothing that one message says ends the pump."""
        again: Collection[Job] = jobs
        try:
            again = await self._work(jobs)
        except JournalError as outage:
            log.warning("pump.put_off", pump=self.name, jobs=len(jobs), reason=str(outage))
        except Exception:
            log.exception("pump.stumbled", pump=self.name)
        left = {id(job) for job in again}
        await asyncio.gather(*(job.again(delay(job.delivered)) if id(job) in left else job.done() for job in jobs))
        if len(left) < len(jobs):
            self.done += len(jobs) - len(left)
            self.at = self._clock()

    async def _keep_working(self, jobs: Sequence[Job]) -> None:
        """What takes long is not given to another notifier meanwhile."""
        while True:
            await asyncio.sleep(self._keep)
            await asyncio.gather(*(job.working() for job in jobs))

    async def _end(self, task: "asyncio.Task[None]", jobs: Sequence[Job]) -> None:
        done, _ = await asyncio.wait([task], timeout=self._grace)
        if not done:
            task.cancel()
            await asyncio.gather(*(job.again(0) for job in jobs), return_exceptions=True)


def delay(delivered: int) -> float:
    """Seconds to wait after so many deliveries."""
    return min(LONGEST, SOON * 2.0 ** min(delivered - 1, 10))
