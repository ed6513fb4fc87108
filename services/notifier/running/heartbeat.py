"""Who is alive: each notifier says so every few seconds, under a key that goes away when it falls silent."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from socket import gethostname
from typing import Final, Protocol
from uuid import uuid4

import structlog
from pydantic import BaseModel, ValidationError

from services.journal import wire
from services.journal.bucket import Bucket

log = structlog.get_logger(__name__)

EVERY: Final = 5.0
SILENT: Final = 20.0
"""Seconds after which a notifier that said nothing is taken for dead."""
BEATS: Final = "beat"
AWAKE: Final = "awake"
"""When any of them was last alive; it stays."""


class Progress(BaseModel):
    """How a pump gets on."""

    pump: str
    done: int
    at: datetime | None
    """When it last worked something off."""


class Moving(Protocol):
    """Works something off."""

    @property
    def name(self) -> str:
        """Of its queue."""

    @property
    def done(self) -> int:
        """Since the start."""

    @property
    def at(self) -> datetime | None:
        """When it last moved."""


class Tally:
    """Counts what somebody else works off, as his queue tells it."""

    def __init__(self, name: str, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.done = 0
        self.at: datetime | None = None
        self._clock = clock

    def moved(self, done: int) -> None:
        """So many are done, or one was given the first time."""
        self.done += done
        self.at = self._clock()


class Beat(BaseModel):
    """What a notifier says of itself."""

    name: str
    host: str
    pid: int
    since: datetime
    at: datetime
    pumps: list[Progress]


def own_name() -> str:
    """Of this process: no two have the same."""
    return f"{gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"


class Heartbeat:
    """Says that this notifier is alive."""

    def __init__(self, bucket: Bucket, name: str, pumps: Sequence[Moving], clock: Callable[[], datetime]) -> None:
        self._bucket = bucket
        self._name = name
        self._key = f"{BEATS}.{key(name)}"
        self._pumps = pumps
        self._clock = clock
        self._since = clock()

    async def run(self) -> None:
        """Until it is cancelled: then it takes its leave."""
        try:
            while True:
                await self.beat()
                await asyncio.sleep(EVERY)
        finally:
            with suppress(wire.JournalError):
                await self._bucket.delete(self._key)

    async def beat(self) -> None:
        """Once; an outage is told and passes."""
        now = self._clock()
        try:
            await self._put(self._key, self._beat(now).model_dump_json().encode(), ttl=SILENT)
            await self._put(AWAKE, now.isoformat().encode())
        except wire.JournalError as outage:
            log.warning("heartbeat.missed", reason=str(outage))

    async def _put(self, name: str, value: bytes, ttl: float | None = None) -> None:
        """Whoever was faster said the same."""
        held = await self._bucket.get(name)
        try:
            await self._bucket.put(name, value, after=held.revision if held else 0, ttl=ttl)
        except wire.Conflict:
            log.debug("heartbeat.overtaken", key=name)

    def _beat(self, now: datetime) -> Beat:
        pumps = [Progress(pump=one.name, done=one.done, at=one.at) for one in self._pumps]
        return Beat(name=self._name, host=gethostname(), pid=os.getpid(), since=self._since, at=now, pumps=pumps)


async def alive(bucket: Bucket) -> list[Beat]:
    """Those that are, as they said last."""
    found = [await bucket.get(name) for name in await bucket.keys(BEATS)]
    beats = []
    for value in found:
        try:
            beats += [Beat.model_validate_json(value.value)] if value else []
        except ValidationError:
            log.warning("heartbeat.unreadable")
    return sorted(beats, key=lambda beat: beat.name)


async def longest_silence(bucket: Bucket, now: datetime) -> timedelta:
    """Since any of them was alive; none where none ever was."""
    last = await bucket.get(AWAKE)
    return max(timedelta(), now - datetime.fromisoformat(last.value.decode())) if last else timedelta()


def key(name: str) -> str:
    """A token of a subject: a host's name may hold dots."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
