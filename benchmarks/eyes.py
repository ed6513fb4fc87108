"""Somebody who reads the ledger while it is written, and says when a row is there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, Table, bindparam, select

from benchmarks.ledgers import HAZARDS
from services.projection import generations, positions
from services.projection.database import Database
from services.projection.shelf import Shelf

AT_ONCE: Final = 50
"""Rows that are looked for with one question."""


class Eyes:
    """Look for rows on a connection of their own, all with one question a step: many lookers would be the load."""

    def __init__(self, connection: Connection, rows: Table) -> None:
        self._question = select(rows.c.key).where(rows.c.key.in_(bindparam("wanted", expanding=True)))
        self._connection = connection
        self._wanted: dict[str, asyncio.Future[float]] = {}
        self._news = asyncio.Event()
        self.step = 0.001
        """Seconds between two looks."""

    def seen(self, key: str) -> asyncio.Future[float]:
        """The moment when the row was there."""
        found = self._wanted[key] = asyncio.get_running_loop().create_future()
        self._news.set()
        return found

    async def look(self) -> None:
        """For those that have waited longest, until cancelled."""
        while True:
            if not self._wanted:
                self._news.clear()
                await self._news.wait()
            self._look([*islice(self._wanted, AT_ONCE)])
            await asyncio.sleep(self.step)

    def _look(self, wanted: Sequence[str]) -> None:
        with self._connection.begin():
            there = self._connection.execute(self._question, {"wanted": wanted}).scalars().all()
        for key in there:
            self._wanted.pop(key).set_result(perf_counter())


@asynccontextmanager
async def looking(database: Database) -> AsyncIterator[Eyes]:
    """In the generation that readers see."""
    there = generations.all_positions(database).values()
    [generation] = [one.generation for one in there if (one.name, one.standing) == (HAZARDS.name, positions.CURRENT)]
    options = {"reader": True} if database.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    with database.engine.execution_options(**options).connect() as connection:
        eyes = Eyes(connection, Shelf(database, HAZARDS, generation).rows)
        looking = asyncio.create_task(eyes.look())
        yield eyes
        looking.cancel()
