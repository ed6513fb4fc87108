"""A queue of work over a stream, which any number of processes share: each message is a job for one of them.

A job that is not done is given again, to whoever asks, without end; so every job may be given twice, and what it does
must bear that. Nothing is lost by a server that restarts, a connection that breaks, or a process that dies.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from services.journal import wire
from services.journal.durables import Durable
from services.journal.pulling import Interrupted, Pull

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PAUSE: Final = 0.1
SHORT_FORM: Final = 9
"""Tokens of an acknowledgement's subject without a domain; with one, two stand in front."""


@dataclass(frozen=True, slots=True)
class Job:
    """A message to work on; answer it before the queue's `ack_wait` is over, or it is given to another."""

    subject: str
    sequence: int
    stored_at: datetime
    """By the event store's clock."""
    delivered: int
    """1 the first time; also counted when a process took it and stopped before it worked on it."""
    data: bytes
    headers: Mapping[str, str]
    _nc: Client = field(repr=False, compare=False)
    _reply: str = field(repr=False, compare=False)
    _done: Callable[[], None] = field(repr=False, compare=False, default=lambda: None)

    async def done(self) -> None:
        """It need not be given again; an answer that gets lost only means that it is."""
        self._done()
        await self._answer(b"+ACK")

    async def again(self, delay: float) -> None:
        """Give it again in so many seconds; until then it counts among the jobs under way."""
        await self._answer(b"-NAK " + json.dumps({"delay": int(delay * 10**9)}).encode() if delay > 0 else b"-NAK")

    async def working(self) -> None:
        """It takes longer: its `ack_wait` begins anew."""
        await self._answer(b"+WPI")

    async def _answer(self, word: bytes) -> None:
        with suppress(Error):
            await self._nc.publish(self._reply, word)


class WorkQueue:
    """One durable of a stream and those of its subjects that match `filters`.

    `ack_wait` seconds pass before a job that nobody answered is given again. At most `at_once` jobs are under way in
    all processes together, those put off by `Job.again` among them; where it is reached, nothing new is given. A
    durable that is made, or made anew because somebody deleted it, begins past sequence `after`: every job since then
    comes again. `moved` is called with 0 for each job given the first time, with 1 for each that is done.
    """

    def __init__(
        self,
        nc: Client,
        stream: str,
        durable: str,
        filters: Sequence[str],
        *,
        ack_wait: float = 30.0,
        at_once: int = 10_000,
        after: int = 0,
        moved: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._nc = nc
        self._moved = moved
        self._consumer = f"{stream}.{durable}"
        self._durable = Durable(nc, stream, durable, filters, ack_wait=ack_wait, at_once=at_once, after=after)

    async def declare(self) -> None:
        """Make the durable where it is missing; see `Durable.declare` for what is changed and what refused."""
        await self._durable.declare()

    async def left(self) -> tuple[int, int]:
        """How many jobs were never given, and how many are under way; Refused where there is no such durable."""
        return await self._durable.left()

    async def batches(self, *, most: int = 100) -> AsyncGenerator[list[Job], None]:
        """Jobs as they come, for ever; while the reader works on one list, up to `most` more are fetched for him.

        So he must be done with two lists within `ack_wait`, or say that he is working. Where he stops, what he was not
        given goes to others at once. Raises Refused where there is no such stream or the durable cannot be used,
        Unavailable where the connection is closed; every other trouble is waited for.
        """
        while True:
            pull = Pull(self._nc, self._consumer, most, self._job)
            try:
                await self._durable.declare()
                await pull.open()
                while True:
                    if batch := await pull.next():
                        yield batch
            except (Interrupted, Error, wire.Unavailable):
                if self._nc.is_closed:
                    raise wire.Unavailable("the connection to the event store is closed") from None
                await asyncio.sleep(PAUSE)
            finally:
                for job in await pull.close():
                    await job.again(0)

    def _job(self, msg: Msg) -> Job:
        """Of `$JS.ACK.[<domain>.<account>.]<stream>.<durable>.<delivered>.<sequence>.<place>.<nanoseconds>.…`."""
        tokens = msg.reply.split(".")
        delivered, sequence, _, nanoseconds = tokens[4:8] if len(tokens) == SHORT_FORM else tokens[6:10]
        if delivered == "1":
            self._moved(0)
        return Job(
            subject=msg.subject,
            sequence=int(sequence),
            stored_at=EPOCH + timedelta(microseconds=int(nanoseconds) // 1000),
            delivered=int(delivered),
            data=msg.data,
            headers=msg.headers or {},
            _nc=self._nc,
            _reply=msg.reply,
            _done=lambda: self._moved(1),
        )
