import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from runner_props import ALL, Teller, Undisturbed, fresh, raised, tables, told

from services.journal.events import EventStore
from services.projection import positions
from services.projection.database import Database
from services.projection.generations import all_positions
from services.projection.ledger import Ledger
from services.projection.runner import Runner
from tests.servers import Servers, Stream

ROOT = Path(__file__).parents[2]
NEW = [
    {"point": "tables made"},
    {"point": "opened"},
    {"point": "generation begun"},
    {"point": "generation begun", "nth": 3},
    {"point": "generations committed"},
    {"point": "asked"},
    {"point": "mid-delivery", "nth": 17},
    {"point": "batch taken, next asked"},
    {"point": "before the rows"},
    {"point": "rows written"},
    {"point": "rows written", "nth": 3},
    {"point": "members written"},
    {"point": "savepoint released", "nth": 2},
    {"point": "before the checkpoint"},
    {"point": "checkpoint written"},
    {"point": "before commit", "writing": True},
    {"point": "committed", "writing": True},
    {"point": "mid-delivery", "nth": 33},
    {"point": "batch taken, next asked", "nth": 2},
    {"point": "pages read", "nth": 2},
    {"point": "ledger entered", "nth": 2},
    {"point": "committed", "writing": True, "nth": 3},
    {"point": "before the switch"},
    {"point": "switched, not committed", "nth": 2},
    {"point": "switch committed"},
]
"""Of ledgers that fill themselves for the first time."""
LIVE = [
    {"point": "mid-delivery", "nth": 3},
    {"point": "rows written", "nth": 2},
    {"point": "checkpoint written"},
    {"point": "committed", "writing": True},
]
"""Of ledgers that were up to date when something happened."""
CHANGED = [
    {"point": "generation begun", "nth": 2},
    {"point": "checkpoint written", "nth": 2},
    {"point": "committed", "writing": True, "nth": 3},
    {"point": "before the switch", "nth": 2},
    {"point": "old tables dropped"},
    {"point": "switch committed", "nth": 2},
]
"""Of ledgers whose version was raised."""


@dataclass
class Mortal:
    """A process whose children die as they are told."""

    process: Process
    where: dict[str, Any]

    async def order(self, **order: Any) -> None:  # noqa: ANN401 (see killed.Order)
        """Start a child."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(self.where | order).encode() + b"\n")
        await self.process.stdin.drain()

    async def said(self) -> str:
        """The next word about it, or of it."""
        assert self.process.stdout
        return (await asyncio.wait_for(self.process.stdout.readline(), 30)).decode().strip()


@pytest.fixture
async def mortal(servers: Servers, stream: Stream, database_url: str) -> AsyncIterator[Mortal]:
    """Its children work on the test's stream and database."""
    settings = os.environ | {"PYTHONPATH": str(ROOT)}
    script = Path(__file__).with_name("killed.py")
    process = await asyncio.create_subprocess_exec(sys.executable, script, stdin=PIPE, stdout=PIPE, env=settings)
    yield Mortal(process, {"nats": servers.url, "stream": stream.name, "database": database_url})
    assert process.stdin
    process.stdin.close()
    await process.wait()


async def test_every_event_counts_once_whenever_it_is_killed(
    mortal: Mortal, store: EventStore, stream: Stream, database_url: str, tmp_path: Path
) -> None:
    """One database lives through 35 kills: as new, up to date, and changed.

    After each the rows are those of the checkpoint; in the end every table equals that of an undisturbed run.
    """
    assert len(NEW) + len(LIVE) + len(CHANGED) == 35
    teller, truth = Teller(store, told(stream.root)), Undisturbed(store, tmp_path)
    await teller.tell(200)
    for kill in NEW:
        await mortal.order(versions=1, **kill)
        assert await mortal.said() == "died", kill
        await nothing_is_half_written(database_url, truth, ALL)
    for kill in LIVE:
        await mortal.order(versions=1, live=True, **kill)
        assert await mortal.said() == "live", kill
        await teller.tell(10)
        assert await mortal.said() == "died", kill
        await nothing_is_half_written(database_url, truth, ALL)
    changed = [raised(ledger) for ledger in ALL]
    for kill in CHANGED:
        await mortal.order(versions=2, **kill)
        assert await mortal.said() == "died", kill
        await nothing_is_half_written(database_url, truth, changed)
        assert readers(database_url) == {ledger.name for ledger in ALL}
    with fresh(database_url) as writer:
        runner = Runner(store, writer, changed)
        await runner.prepare()
        until = await runner.catch_up()
        assert until == 240
        found = tables(writer.database, changed)
        assert found == {ledger.name: await truth.upto(ledger, until) for ledger in changed}
        assert [one.standing for one in all_positions(writer.database).values()] == [positions.CURRENT] * len(ALL)


def readers(url: str) -> set[str]:
    """The ledgers that readers find."""
    database = Database(url)
    try:
        return {one.name for one in all_positions(database).values() if one.standing == positions.CURRENT}
    finally:
        database.close()


async def nothing_is_half_written(url: str, truth: Undisturbed, ledgers: list[Ledger]) -> None:
    """Each generation, whichever rules built it, holds what its checkpoint says."""
    database = Database(url)
    try:
        database.open()
        for (name, _), position in all_positions(database).items():
            [ledger] = [one for one in (*ALL, *ledgers) if (one.name, one.version) == (name, position.version)][:1]
            found = tables(database, [ledger], position.standing)[name]
            assert found == await truth.upto(ledger, position.sequence), (name, position)
    finally:
        database.close()
