"""From a notice's wording to its arrival: claimed, sent at its time, tried again, given up where nobody takes it.

The queue on NOTICES is what surely happens: whoever dies leaves his job to the next. What has to wait for longer than
a moment (quiet hours, a robot's slot, a channel that is down) waits with a wake-up, so that nothing stands in its way.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from nats.errors import Error
from pydantic_core import from_json, to_json

from contracts.notices import Queued
from services.journal import wire
from services.journal.wakeups import WakeUps
from services.journal.work import Job, WorkQueue
from services.notifier.delivering import scheduling
from services.notifier.delivering.digests import Digests
from services.notifier.delivering.life import Life, follow
from services.notifier.delivering.notices import decode
from services.notifier.delivering.posting import Means
from services.notifier.delivering.sending import Later, Sending, Taken

log = structlog.get_logger(__name__)

MOST: Final = 256
"""Jobs taken at once."""
SHORT: Final = timedelta(seconds=30)
"""Up to here a failure waits for its redelivery; longer, for a wake-up."""
TROUBLE: Final = 5.0
"""Seconds before a job is tried again that the event store did not let through."""
FAULT: Final = 60.0
"""Seconds before a job is tried again on which this program stumbled."""
BUSY: Final = 2_000
"""Wake-ups worked off at a time."""


class Delivery:
    """One for each notifier; several share the work."""

    def __init__(self, means: Means, sending: Sending, digests: Digests, queue: WorkQueue, wakeups: WakeUps) -> None:
        self._means = means
        self._sending = sending
        self._digests = digests
        self._queue = queue
        self._wakeups = wakeups
        self._tasks: set[asyncio.Task[None]] = set()
        self._jobs: dict[int, Job] = {}
        self._due: set[str] = set()

    async def run(self) -> None:
        """Until it is cancelled: then what is in hand is finished, within the patience with a channel."""
        keeping = asyncio.create_task(self._keep())
        try:
            async with aclosing(self._queue.batches(most=MOST)) as batches:
                async for jobs in batches:
                    for job in jobs:
                        self._jobs[job.sequence] = job
                        self._spawn(self._job(job))
        finally:
            keeping.cancel()
            await self._drain()

    async def due(self, kind: str, timed: str, body: bytes) -> None:
        """A wake-up of a notice or a digest. A letter goes in the background; until it went, a next wake-up stands."""
        if kind == "digest":
            await self._digests.gather(timed, body)
        elif kind == "notice" and timed not in self._due:
            subject = str(from_json(body)["subject"])
            life = await self._means.notices.life(subject)
            if not life.is_over:
                await self._wakeups.set("notice", timed, self._means.clock() + self._means.lease + SHORT, body)
            if life.is_over or len(self._due) < BUSY:
                self._due.add(timed)
                self._spawn(self._woken(timed, life, _slot(body)))

    async def _woken(self, timed: str, life: Life, slot: Taken | None) -> None:
        try:
            later = await self._sending.go_on(life.subject, life=life, slot=slot)
            if later is not None:
                await self._wake(life.subject, later)
        except wire.JournalError as trouble:
            log.warning("notice.delayed", subject=life.subject, reason=str(trouble))
        except Exception:
            log.exception("notice.stumbled", subject=life.subject)
        finally:
            self._due.discard(timed)

    async def _job(self, job: Job) -> None:
        try:
            record = decode(job.data, job.subject)
            later = await self._queued(job, record) if isinstance(record, Queued) else None
            await self._settle(job, later)
        except wire.JournalError as trouble:
            log.warning("notice.delayed", subject=job.subject, reason=str(trouble))
            await job.again(TROUBLE)
        except Exception:
            log.exception("notice.stumbled", subject=job.subject)
            await job.again(FAULT)
        finally:
            self._jobs.pop(job.sequence, None)

    async def _queued(self, job: Job, record: Queued) -> Later | None:
        """A reminder among others waits for its digest; all else goes by itself."""
        notice = record.notice
        if notice.digest is None:
            return await self._sending.go_on(job.subject, life=_fresh(job, record))
        if job.subject == scheduling.subject_of(notice):
            await self._digests.take(notice, notice.digest)
        return None

    async def _settle(self, job: Job, later: Later | None) -> None:
        if later is not None and (later.slot or later.leaves or later.at - self._means.clock() > SHORT):
            await self._wake(job.subject, later)
        elif later is not None:
            await job.again(max(0.0, (later.at - self._means.clock()).total_seconds()))
            return
        await job.done()

    async def _wake(self, subject: str, later: Later) -> None:
        said = {"subject": subject}
        if later.slot is not None:
            said |= {"channel": later.slot.channel, "slot": later.slot.at.isoformat()}
        await self._wakeups.set("notice", subject.rpartition(".")[2], later.at, to_json(said))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self) -> None:
        """What waits for its lane is not given to another notifier meanwhile."""
        while True:
            await asyncio.sleep(self._means.patience.total_seconds() / 2)
            with suppress(wire.JournalError, Error):
                for job in tuple(self._jobs.values()):
                    await job.working()

    async def _drain(self) -> None:
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=self._means.patience.total_seconds())
        for task in tuple(self._tasks):
            task.cancel()


def _slot(body: bytes) -> Taken | None:
    asked = from_json(body)
    return Taken(asked["channel"], datetime.fromisoformat(asked["slot"])) if "slot" in asked else None


def _fresh(job: Job, record: Queued) -> Life | None:
    """The life, where this is surely its first record and nobody had it before us; else it has to be loaded."""
    first = job.delivered == 1 and job.headers.get(wire.VERSION) == "1"
    return follow(Life(job.subject), job.sequence, record) if first else None
