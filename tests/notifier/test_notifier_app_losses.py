"""What somebody else broke in the event store: nothing is lost by it, and nobody is told twice."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.journal.publishing import Publisher
from services.journal.work import Job
from services.notifier import keeping
from services.notifier.pump import Pump
from tests.notifier.county import HOUR, County, adopt, county, find, now
from tests.notifier.notice_props import Robot


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[County]:
    """With nothing stored yet."""
    async with county(tmp_path) as one:
        yield one


@pytest.fixture
def robot() -> Robot:
    """Takes every letter."""
    return Robot("log")


async def test_what_is_nobodys_holds_up_nobody(place: County, robot: Robot) -> None:
    """Subjects that name no hazard are set aside; a visit that cannot be read says nothing."""
    async with place.service() as hazards:
        await adopt(hazards)
        await keeping.prepare(place.nc)
        visit = "events.inspection.32.06.23.104.00000000-0000-0000-0000-000000000000"
        for stream, subject in (
            ("EVENTS", "events.hazard.garbage"),
            ("EVENTS", visit),
            ("TIMERS", "due.x"),
            ("TIMERS", "due.hazard.garbage"),
        ):
            await Publisher(place.nc, stream).one((subject, b"no json", {}), 2.0)
        hazard = await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 2))
            await place.until(lambda: left(place, [(0, 0)] * 3))
        assert len(await place.escalated(hazard)) == 2


async def test_a_job_on_which_the_program_stumbles_is_put_off_alone(post: Client) -> None:
    """The others of its batch are done, and it comes again."""
    seen: list[bytes] = []

    async def work(jobs: Sequence[Job]) -> Collection[Job]:
        if any(job.data == b"2" and job.delivered == 1 for job in jobs):
            raise KeyError(len(jobs))
        seen.extend(job.data for job in jobs)
        return []

    for number in range(4):
        await Publisher(post, "TIMERS").one((f"due.test.{number}", b"%d" % number, {}), 2.0)
    queue = keeping.wake_queue(post)
    pumping = asyncio.create_task(Pump("wake-ups", queue, work, now).run())
    async with asyncio.timeout(10):
        while len(seen) < 4:  # noqa: ASYNC110 (the pump works)
            await asyncio.sleep(0.05)
    pumping.cancel()
    await asyncio.wait([pumping])
    assert sorted(seen) == [b"0", b"1", b"2", b"3"]
    assert seen[-1] == b"2"


async def told(robot: Robot, letters: int) -> bool:
    """So many were."""
    return len(robot.letters) >= letters


async def left(place: County, wanted: list[tuple[int, int]]) -> bool:
    """What waits in the queues, and what is under way."""
    queues = (keeping.chase_queue(place.nc), keeping.wake_queue(place.nc), keeping.send_queue(place.nc))
    return [await queue.left() for queue in queues] == wanted
