"""Marks that the notifiers left in what can be made again: where one is gone, so is all that stood beside it.

Somebody may purge or delete the wake-ups or the counts, and an empty stream looks like one in which nothing waits.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.bucket import Bucket
from services.journal.wakeups import CANARY, KEEPER, WakeUps

FAR: Final = timedelta(days=360)
"""When the wake-up is due that marks them all; it is set again every day."""
COUNTS: Final = "mark.counts"


@dataclass(frozen=True, slots=True)
class Marks:
    """As they stand; None: gone."""

    wake_ups: str | None
    counts: str | None


NONE: Final = Marks(None, None)


async def read(nc: Client) -> Marks:
    """Where there is no stream, there is no mark. Raises Unavailable."""
    return Marks(await wake_ups(nc), await _counts(nc))


async def wake_ups(nc: Client) -> str | None:
    """The mark among the wake-ups."""
    try:
        return await WakeUps(nc).canary()
    except wire.ApiError as error:
        if error.code != wire.NO_STREAM:
            raise
        return None


async def leave(nc: Client, found: Marks, now: datetime) -> Marks:
    """Make those that are gone; gives all. Another notifier's count as ours."""
    if found.wake_ups is None:
        await _set(nc, uuid4().hex, now)
    if found.counts is None:
        with suppress(wire.Conflict):
            await Bucket(nc, subjects.NOTIFIER).put(COUNTS, uuid4().hex.encode(), after=0)
    return await read(nc)


async def renew(nc: Client, found: Marks, now: datetime) -> None:
    """Set the wake-up further ahead, as what it is."""
    if found.wake_ups is not None:
        await _set(nc, found.wake_ups, now)


async def _set(nc: Client, mark: str, now: datetime) -> None:
    await WakeUps(nc).set(KEEPER, CANARY, now + FAR, mark.encode())


async def _counts(nc: Client) -> str | None:
    try:
        held = await Bucket(nc, subjects.NOTIFIER).get(COUNTS)
    except wire.ApiError as error:
        if error.code != wire.NO_STREAM:
            raise
        return None
    return held.value.decode() if held else None
