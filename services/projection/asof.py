"""As of: what the ledgers say of a moment, as it was known then or as it is known now (design.md section 5).

As of a cut-off T, asked at sequence S: the events up to S whose effective time is not after T, entered in order.
Effective is when it happened by the actor's account; of a correction, when that happened which it corrects.

async with as_of(store, LEDGERS, AsOf(cutoff, sequence), zone) as database:
    with opened(database, LEDGERS[0]) as view: …
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from services.journal.events import EventStore
from services.projection import generations, positions
from services.projection.database import Database, default_url
from services.projection.effective import Effective
from services.projection.entries import Entry, UnapplicableError, entries
from services.projection.lanes import Moved, share
from services.projection.ledger import Ledger
from services.projection.runner import PAGES
from services.projection.volume import Volume


@dataclass(frozen=True, slots=True)
class AsOf:
    """A question about the past."""

    cutoff: datetime | None
    """The last instant that counts; None: no cut-off."""
    sequence: int
    """The last event that was known."""


@asynccontextmanager
async def as_of(
    store: EventStore, ledgers: Sequence[Ledger], asked: AsOf, zone: ZoneInfo, *, moved: Moved | None = None
) -> AsyncIterator[Database]:
    """These ledgers as the question has them, in a database that is gone after the block; read it as any other.

    It costs reading the stream up to the sequence once. Raises UnapplicableError where an event cannot be entered,
    DatabaseTrouble where the disk has no room for it, Gap.
    """
    with tempfile.TemporaryDirectory(prefix="bihuan-as-of-") as folder:
        database = Database(default_url(Path(folder)), throwaway=True)
        try:
            volumes = await asyncio.to_thread(_begin, database, ledgers)
            await _fold(store, database, volumes, asked, zone, moved)
            yield database
        finally:
            database.close()


def _begin(database: Database, ledgers: Sequence[Ledger]) -> list[Volume]:
    database.open()
    pages = PAGES // max(1, len(ledgers))
    with database.writing() as connection:
        begun = [(ledger, generations.begin(database, ledger, connection)) for ledger in ledgers]
        for _, position in begun:
            positions.switch(connection, position)
    there = generations.all_positions(database)
    return [Volume(database, ledger, there[begun.name, begun.generation], pages=pages) for ledger, begun in begun]


async def _fold(
    store: EventStore,
    database: Database,
    volumes: Sequence[Volume],
    asked: AsOf,
    zone: ZoneInfo,
    moved: Moved | None,
) -> None:
    effective = Effective(asked.cutoff) if asked.cutoff is not None else None
    if not asked.sequence:
        return
    most = share(volumes)
    async for batch in store.follow(until=asked.sequence):
        for start in range(0, len(batch), most):
            part = entries(batch[start : start + most], zone)
            await asyncio.to_thread(_enter, database, volumes, part, effective)
        if moved is not None:
            moved(batch[-1].id)


def _enter(database: Database, volumes: Sequence[Volume], batch: Sequence[Entry], effective: Effective | None) -> None:
    keep = effective.of(batch) if effective is not None else None
    with database.writing() as connection:
        positions.advance(connection, [volume.enter(connection, batch, keep) for volume in volumes])
    for volume in volumes:
        if volume.position.stopped_at is not None:
            raise UnapplicableError(volume.position.stopped_at, volume.position.stopped_why or "")
