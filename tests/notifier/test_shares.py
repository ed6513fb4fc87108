"""A simulation's work divided among processes."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client

from contracts import subjects
from services.journal.api import call
from services.journal.events import EventStore
from services.journal.streams import declare
from services.notifier.simulations import shares
from services.notifier.simulations.simulation import Plan
from services.policies import read_policy, shipped
from tests.lives import generate
from tests.lives import store as stored
from tests.notifier.casebook import CALENDAR
from tests.notifier.test_simulating import UNTIL


@pytest.fixture
async def events(post: Client) -> AsyncIterator[EventStore]:
    """The stream EVENTS, empty."""
    await declare(post, [subjects.EVENTS])
    yield EventStore(post)
    await call(post, f"STREAM.DELETE.{subjects.EVENTS}")


@pytest.fixture
def plan() -> Plan:
    """The shipped policy with a rule a day later."""
    text, _ = shipped()
    later = text.replace("{step: late, after: 1 nd, level: 2", "{step: late, after: 2 nd, level: 2")
    return Plan(read_policy(later, "later"), "1" * 64, CALENDAR, UNTIL, most=3)


async def test_processes_come_to_what_one_comes_to(
    post: Client, events: EventStore, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reads the stream by itself, and the end of one tells how far it is."""
    filled = await stored(events, generate(5, 60, counties=2))
    alone = await shares.simulate(post, plan)
    monkeypatch.setattr(shares, "FAR", 1)
    told: list[int] = []
    shared = await shares.simulate(post, plan, told.append)
    assert shared.tally == alone.tally
    assert shared.tally.hazards == 60
    assert [one.case.id for one in shared.shown] == [one.case.id for one in alone.shown]
    assert told[-1] == filled


async def test_a_simulation_that_is_broken_off_leaves_no_process_behind(
    post: Client, events: EventStore, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is heard at once, whatever the processes are at."""
    await stored(events, generate(5, 60))
    monkeypatch.setattr(shares, "FAR", 1)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def heard(_sequence: int) -> None:
        loop.call_soon_threadsafe(begun.set)

    task = asyncio.create_task(shares.simulate(post, plan, heard))
    async with asyncio.timeout(20):
        await begun.wait()
        assert len(_children()) > 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not _children()


def _children() -> list[str]:
    """Simulations that still run as children of this process."""
    return [one for one in map(str, multiprocessing.active_children()) if "Spawn" in one]
