"""The event store's time, which is what deadlines are measured by; this machine's own is never asked.

Kept as a distance to the monotonic clock. A machine that slept is behind until the next look: late, never early.
"""

import asyncio
import json
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic_ns
from typing import Final

import structlog
from nats.aio.client import Client
from nats.errors import Error

from contracts import subjects
from services.journal import wire
from services.journal.api import PATIENCE, call

log = structlog.get_logger(__name__)

REFRESH = 30.0
"""Seconds between two looks at the server's clock."""
LOOK: Final = 1.0
"""Seconds after which a new connection, perhaps to another server, is noticed."""
SAMPLES: Final = 3
STANDS_STILL: Final = timedelta(seconds=2)
"""So far back is a correction, which is waited out; further back is a clock that was set, and believed."""


class Reckoning:
    """The server's time by what it told, and when it was asked; pure.

    The server spoke somewhere between question and answer. The first time the middle is taken, later what was held
    before, moved no further than the answer proves: a slow answer does not shift the clock.
    """

    def __init__(self) -> None:
        self._zero: datetime | None = None
        self._given: datetime | None = None

    def learn(self, asked: timedelta, answered: timedelta, told: datetime) -> timedelta:
        """Asked and answered at these readings of the monotonic clock; gives by how much the reckoning was moved."""
        earliest, latest, before = told - answered, told - asked, self._zero
        if before is None:
            self._zero = earliest + (latest - earliest) / 2
            return timedelta()
        self._zero = min(max(before, earliest), latest)
        return self._zero - before

    def at(self, reading: timedelta) -> datetime:
        """The server's time at this reading; see STANDS_STILL. Raises RuntimeError before anything was learnt."""
        if self._zero is None:
            raise RuntimeError("the event store was not asked for its time: start the clock first")
        now = self._zero + reading
        if self._given is not None and now < self._given <= now + STANDS_STILL:
            return self._given
        self._given = now
        return now


class ServerClock:
    """Calling it gives the time of the server that leads `stream`, aware, in UTC; never a network call."""

    def __init__(self, nc: Client, *, stream: str = subjects.TIMERS) -> None:
        self._nc = nc
        self._verb = f"STREAM.INFO.{stream}"
        self._reckoning = Reckoning()
        self._reconnects = 0
        self._keeping: asyncio.Task[None] | None = None

    def __call__(self) -> datetime:
        """The server's time; raises RuntimeError before `start`."""
        return self._reckoning.at(_reading())

    async def start(self) -> None:
        """Ask for the time, and go on asking; raises Unavailable, and Refused where there is no such stream."""
        await call(self._nc, self._verb)
        await self._look()
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ask no more; what was learnt is still told."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
            self._keeping = None

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._nc.is_closed:
            again = loop.time() + REFRESH
            await asyncio.sleep(min(LOOK, REFRESH))
            while loop.time() < again and not self._renewed():  # noqa: ASYNC110 (the client tells nobody of us)
                await asyncio.sleep(LOOK)
            with suppress(wire.Unavailable):
                await self._look()

    def _renewed(self) -> bool:
        return self._nc.stats["reconnects"] != self._reconnects

    async def _look(self) -> None:
        """Of some answers the quickest says most."""
        reconnects = self._nc.stats["reconnects"]
        answers = [await self._ask() for _ in range(SAMPLES)]
        moved = self._reckoning.learn(*min(answers, key=lambda answer: answer[1] - answer[0]))
        self._reconnects = reconnects
        if abs(moved) > STANDS_STILL:
            log.warning("clock.moved", seconds=moved.total_seconds())

    async def _ask(self) -> tuple[timedelta, timedelta, datetime]:
        asked = _reading()
        try:
            reply = await self._nc.request(f"{wire.API}.{self._verb}", timeout=PATIENCE)
        except (Error, TimeoutError) as error:
            raise wire.Unavailable("the event store did not tell its time") from error
        answered, answer = _reading(), json.loads(reply.data)
        if "error" in answer:
            raise wire.Unavailable(f"the event store did not tell its time: {answer['error']}")
        return asked, answered, datetime.fromisoformat(answer["ts"])


def _reading() -> timedelta:
    return timedelta(microseconds=monotonic_ns() // 1000)
