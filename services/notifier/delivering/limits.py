"""How many letters a robot may be given, counted by all notifiers together.

Everybody who wants to send takes the next slot of that robot (GCRA, a leaking bucket kept as one moment). A slot that
lies ahead is waited for with a wake-up, so nothing is asked again and again, and nobody overtakes.
"""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from services.journal import wire
from services.journal.bucket import Bucket

MINUTE: Final = timedelta(seconds=63)
"""Counted longer than it is: of two letters sent a minute apart, the first may arrive seconds late."""
BURST: Final = 4
"""A quarter of a minute's letters may go at once; the rest, evenly, so that no minute ever holds more than all."""


class Slot(NamedTuple):
    """When a letter may go, and the moment to keep for the next one."""

    at: datetime
    kept: datetime


def next_slot(kept: datetime | None, now: datetime, per_minute: int) -> Slot:
    """At most `per_minute` slots lie in any MINUTE, ends not both included. `kept` is None at the beginning."""
    at_once = per_minute // BURST
    interval = MINUTE / (per_minute - at_once)
    earliest = now if kept is None else max(now, kept)
    return Slot(max(now, earliest - at_once * interval), earliest + interval)


class Limits:
    """Slots of robots, kept in the bucket NOTIFIER under `rate.<channel>`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, channel: str, per_minute: int, now: datetime) -> datetime:
        """The moment of the next slot, which is ours from now on; `now` where there is room."""
        async with self._turns[channel]:
            while True:
                found = await self._bucket.get(f"rate.{channel}")
                slot = next_slot(_moment(found.value) if found else None, now, per_minute)
                kept = slot.kept.astimezone(UTC).isoformat().encode()
                try:
                    await self._bucket.put(f"rate.{channel}", kept, after=found.revision if found else 0)
                except wire.Conflict:
                    continue
                return slot.at


def _moment(value: bytes) -> datetime | None:
    """None for what no notifier wrote: the robot then begins anew."""
    try:
        moment = datetime.fromisoformat(value.decode())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
