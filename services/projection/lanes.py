"""Several ledgers at one place in the stream: read and decoded once, entered in one transaction, each by itself."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from zoneinfo import ZoneInfo

from services.journal import wire
from services.journal.events import EventStore
from services.journal.library import Notification
from services.projection.database import Database
from services.projection.entries import Entry, entries
from services.projection.positions import Position, advance, positions
from services.projection.volume import Keep, Volume

TOGETHER: Final = 16_000
"""Times that an event is entered into a ledger, in one transaction at most: others get their turn, memory stays small.

The more of them, the more events of one hazard are written as one row.
"""

Moved = Callable[[int], None]
"""Told the sequence after each transaction."""


class Writer:
    """The one thread of a process that writes ledgers."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledgers")

    async def write(self, volumes: Sequence[Volume], batch: Sequence[Notification], keep: Keep | None = None) -> None:
        """Enter a contiguous batch; raises DatabaseTrouble, and then nothing of it is in."""
        most = share(volumes)
        for start in range(0, len(batch), most):
            part = batch[start : start + most]
            await self.call(lambda part=part: self._write(volumes, entries(part, self._zone), keep))  # type: ignore[misc]

    async def call(self, work: Callable[[], object]) -> None:
        """Anything else that writes: one after another."""
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Let the last write end."""
        self._thread.shutdown()

    def _write(self, volumes: Sequence[Volume], batch: Sequence[Entry], keep: Keep | None) -> None:
        before = [volume.position for volume in volumes]
        try:
            with self.database.writing() as connection:
                found = positions(connection, lock=True)
                moved: list[Position] = []
                for volume in volumes:
                    there = found.get((volume.ledger.name, volume.position.generation))
                    if there is None or there.version != volume.ledger.version:
                        volume.gone = True
                        continue
                    volume.take(there)
                    if volume.enter(connection, batch, keep, alone=len(volumes) == 1) != there:
                        moved.append(volume.position)
                advance(connection, moved)
        except BaseException:
            for volume, position in zip(volumes, before, strict=True):
                volume.back_to(position)
            raise


def share(volumes: Sequence[Volume]) -> int:
    """Events of one transaction at most."""
    return max(1, TOGETHER // max(1, len(volumes)))


async def catch_up(
    store: EventStore,
    writer: Writer,
    volumes: Sequence[Volume],
    until: int,
    *,
    keep: Keep | None = None,
    moved: Moved | None = None,
) -> None:
    """Enter everything up to that sequence into those that lack it; raises Gap where the stream has a hole."""
    able = [volume for volume in volumes if not volume.stopped]
    after = min((volume.sequence for volume in able), default=until)
    if after >= until:
        return
    gathered: list[Notification] = []
    try:
        async for batch in store.follow(after=after, until=until):
            gathered += batch
            if len(gathered) < share(able) and batch[-1].id < until:
                continue
            await writer.write(able, gathered, keep)
            if moved is not None:
                moved(gathered[-1].id)
            gathered = []
            if all(volume.stopped for volume in able):
                return
    except wire.Gap:
        if gathered:  # what stands before the hole is as good as ever
            await writer.write(able, gathered, keep)
        raise
