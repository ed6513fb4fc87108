"""Sees to it that nothing sleeps for ever: where wake-ups or counts were lost, everything is looked at again.

Nothing is proposed and nothing is sent a second time by that.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from nats.aio.client import Client

from contracts import subjects
from services.journal import streams, wire
from services.journal.bucket import Bucket
from services.journal.clock import ServerClock
from services.journal.wakeups import KEPT
from services.notifier.running import keeping, marks
from services.notifier.running.heartbeat import longest_silence
from services.notifier.running.keeping import PACE, Pace

log = structlog.get_logger(__name__)

ASLEEP: Final = KEPT / 2
"""Fired wake-ups are kept twice as long: after that nobody knows what was missed."""
DAY: Final = timedelta(days=1)
PAUSE: Final = 1.0
RECORDS: Final = {
    subjects.EVENTS: "隐患的记录（NATS 流 EVENTS）不见了：请停止全部服务，从备份恢复。The stream EVENTS is gone",
    subjects.NOTICES: (
        "通知的记录（NATS 流 NOTICES）不见了，催办服务已停止：请从备份恢复后再启动；不恢复就启动，会另建一份空的，"
        "以前通知过谁将无从查起。The stream NOTICES is gone"
    ),
}


class RecordGoneError(wire.Unsafe):
    """A record vanished that nobody can make again."""


class LostError(Exception):
    """What can be made again was purged, deleted, or made anew by somebody."""


class Keeper:
    """Of one notifier."""

    def __init__(self, nc: Client, clock: ServerClock, pace: Pace = PACE, *, replicas: int = 1) -> None:
        self._nc = nc
        self._clock = clock
        self._pace = pace
        self._replicas = replicas
        self._known = marks.NONE
        self._renewed = clock()

    async def begin(self) -> None:
        """The durables; those whose work was lost, or slept through, start anew. Raises UnusableDurable."""
        found = await marks.read(self._nc)
        if found.wake_ups is None:
            await keeping.start_anew(self._nc, "the wake-ups are gone")
        elif found.counts is None:
            await keeping.start_anew(self._nc, "the counts are gone", keeping.COUNTS_ANEW)
        elif (silence := await longest_silence(Bucket(self._nc, subjects.NOTIFIER), self._clock())) > ASLEEP:
            await keeping.start_anew(self._nc, f"nobody was awake for {silence.days} days")
        await keeping.declare(self._nc, self._pace)
        await self._renew(found)
        self._known = await marks.leave(self._nc, found, self._clock())

    async def watch(self) -> None:
        """Until something is gone: raises LostError, or RecordGoneError for what nobody can make again."""
        while True:
            await asyncio.sleep(self._pace.look)
            try:
                await self._check()
                if await marks.read(self._nc) != self._known:
                    raise LostError
                if self._clock() - self._renewed > DAY:
                    await self._renew(self._known)
            except wire.Unavailable as outage:
                log.warning("keeper.waits", reason=str(outage))

    async def restore(self) -> None:
        """What was lost while we ran, made again; an outage is waited for. Raises RecordGoneError."""
        while True:
            try:
                await self._check()
                await keeping.prepare(self._nc, replicas=self._replicas)
                return await self.begin()
            except wire.Unavailable as outage:
                if self._nc.is_closed:
                    raise
                log.warning("keeper.waits", reason=str(outage))
                await asyncio.sleep(PAUSE)

    async def _check(self) -> None:
        for name, sentence in RECORDS.items():
            if await streams.stream_config(self._nc, name) is None:
                raise RecordGoneError(sentence)

    async def _renew(self, found: marks.Marks) -> None:
        self._renewed = self._clock()
        await marks.renew(self._nc, found, self._renewed)
