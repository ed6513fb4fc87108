"""A pump gives what a work queue has to somebody who works it off, batch by batch, and ends in good order."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final

import structlog

from services.journal.wire import JournalError, Unavailable, UnknownOutcome
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

OUTAGE: Final = (Unavailable, UnknownOutcome)
"""What no message is at fault for."""

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
        """Where a batch fails, each of it goes by itself: nothing that one message says holds up another."""
        again = await self._worked(jobs)
        if again is None:
            log.warning("pump.one_by_one", pump=self.name, jobs=len(jobs))
            again = [one for job in jobs for one in await self._alone(job)]
        left = {id(job) for job in again}
        await asyncio.gather(*(job.again(delay(job.delivered)) if id(job) in left else job.done() for job in jobs))
        if len(left) < len(jobs):
            self.done += len(jobs) - len(left)
            self.at = self._clock()

    async def _worked(self, jobs: Sequence[Job]) -> Collection[Job] | None:
        """Which are to be tried again; None where one of several may have kept all from being done."""
        try:
            return await self._work(jobs)
        except OUTAGE as outage:
            log.warning("pump.put_off", pump=self.name, jobs=len(jobs), reason=str(outage))
        except JournalError as refusal:
            log.error("pump.refused", pump=self.name, about=_about(jobs), reason=str(refusal))  # noqa: TRY400
            return jobs if len(jobs) == 1 else None
        except Exception:
            log.exception("pump.stumbled", pump=self.name, about=_about(jobs))
            return jobs if len(jobs) == 1 else None
        return jobs

    async def _alone(self, job: Job) -> Collection[Job]:
        return await self._worked([job]) or ()

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


def _about(jobs: Sequence[Job]) -> str:
    return jobs[0].subject if len(jobs) == 1 else f"{len(jobs)} jobs"


def delay(delivered: int) -> float:
    """Seconds to wait after so many deliveries."""
    return min(LONGEST, SOON * 2.0 ** min(delivered - 1, 10))
