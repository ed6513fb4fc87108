"""Wake-ups that survive everything: message schedules, kept and fired by the event store.

One wake-up stands for each thing that is timed; setting it again replaces it, and none is ever cancelled: one that is
needless finds nothing due. What fired waits on `due.<kind>.<id>` until it was worked off, at most KEPT.
"""

import asyncio
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.api import call
from services.journal.publishing import Message, NoAnswerError, NotNowError, Publisher

SCHEDULE: Final = "Nats-Schedule"
TARGET: Final = "Nats-Schedule-Target"
FIRED_TTL: Final = "Nats-Schedule-TTL"

KEPT: Final = timedelta(days=90)
"""How long a fired wake-up waits for somebody to work it off; notifiers that are down for longer miss it."""
AHEAD: Final = timedelta(days=365)
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2262, 1, 1, tzinfo=UTC)
"""The server counts nanoseconds in 64 bits: what is later fires at once, and what is much earlier never."""
TOKEN: Final = re.compile(r"[^\s.*>]+")
KEEPER: Final = "keeper"
CANARY: Final = "canary"
"""A wake-up that wakes nobody: where it is gone, the others are, too."""
PAUSE: Final = 0.02
BRIEF: Final = 10**9
"""Nanoseconds after which the server forgets a consumer that only counts."""


class WakeUps:
    """Sets wake-ups; with a `clock`, none is further than a year ahead."""

    def __init__(self, nc: Client, *, clock: Callable[[], datetime] | None = None, timeout: float = 5.0) -> None:
        self._nc = nc
        self._clock = clock
        self._timeout = timeout
        self._publisher = Publisher(nc, subjects.TIMERS)

    async def set(self, kind: str, timed: str, when: datetime, body: bytes = b"") -> None:
        """Let `body` appear on `due.<kind>.<timed>` at `when`, which must know its zone; at once where it is past.

        Replaces the wake-up that stands there. Raises Unavailable where the server did not confirm it in time: it may
        stand or not, set it again; set twice, it may fire twice. Raises Refused and TooLarge as the event store does,
        ValueError where kind or name is not one token of a subject: a blank in it would cost the connection.
        """
        if not (TOKEN.fullmatch(kind) and TOKEN.fullmatch(timed)):
            raise ValueError(f"{kind!r} and {timed!r} must each be one token of a subject")
        moment = self._within(when).strftime("@at %Y-%m-%dT%H:%M:%S.%fZ")
        headers = {SCHEDULE: moment, TARGET: subjects.due_subject(kind, timed), FIRED_TTL: f"{KEPT.days * 24}h"}
        await self._settle((subjects.timer_subject(kind, timed), body, headers))

    async def pending(self) -> int:
        """How many wait for their time, without the canary; a count over the stream, not for every second."""
        name = f"count-{uuid4().hex}"
        config = {
            "name": name,
            "ack_policy": "none",
            "deliver_policy": "all",
            "filter_subjects": ["timers.>"],
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": BRIEF,
        }
        verb = f"CONSUMER.CREATE.{subjects.TIMERS}.{name}"
        counted = await call(self._nc, verb, {"stream_name": subjects.TIMERS, "config": config}, timeout=self._timeout)
        return int(counted["num_pending"]) - (await self.canary() is not None)

    async def canary(self) -> str | None:
        """What the canary says, None where there is none. Raises ApiError where there is no stream."""
        query = {"last_by_subj": subjects.timer_subject(KEEPER, CANARY)}
        try:
            answer = await call(self._nc, f"STREAM.MSG.GET.{subjects.TIMERS}", query, timeout=self._timeout)
        except wire.ApiError as error:
            if error.code != wire.NO_MESSAGE:
                raise
            return None
        return b64decode(answer["message"].get("data", "")).decode()

    def _within(self, when: datetime) -> datetime:
        """In UTC, and where the server fires at the time that it was told."""
        latest = LATEST if self._clock is None else min(LATEST, self._clock() + AHEAD)
        return max(EARLIEST, min(latest, when)).astimezone(UTC)

    async def _settle(self, message: Message) -> None:
        """Publish until the server confirms it: the same wake-up twice is one."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        while (left := deadline - loop.time()) > 0 and not self._nc.is_closed:
            try:
                await self._publisher.one(message, min(left, self._timeout / 5))
            except NoAnswerError:
                continue
            except NotNowError:
                await asyncio.sleep(min(PAUSE, left))
            else:
                return
        raise wire.Unavailable(f"the event store did not confirm the wake-up within {self._timeout:g} s: set it again")
