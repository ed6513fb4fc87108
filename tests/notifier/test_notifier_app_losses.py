"""What somebody else broke in the event store: nothing is lost by it, and nobody is told twice."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from nats.aio.client import Client

from contracts import commands, subjects
from contracts.terms import Grade
from services.hazard.hazards import Hazards
from services.journal.api import call
from services.journal.bucket import Bucket
from services.journal.publishing import Publisher
from services.journal.streams import stream_config
from services.journal.wakeups import WakeUps
from services.journal.wire import ApiError
from services.journal.work import Job
from services.notifier.running import keeping
from services.notifier.running.keeper import RecordGoneError
from services.notifier.running.pump import Pump
from tests import props as p
from tests.notifier import county as county_module
from tests.notifier.county import HOUR, County, accepted, adopt, find, now
from tests.notifier.notice_props import Robot


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


@pytest.mark.parametrize("verb", ["STREAM.DELETE.TIMERS", "STREAM.PURGE.TIMERS"])
async def test_wake_ups_that_somebody_removed_are_set_again_while_it_runs(
    place: County, robot: Robot, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted or purged: the notifier goes on, and every hazard has its wake-up; nobody is told again."""
    monkeypatch.setattr(county_module, "QUICK", replace(county_module.QUICK, look=0.2))
    async with place.service() as hazards:
        await adopt(hazards)
        await find(hazards, now() - HOUR * 3 / 2)
        async with place.notifier(robot) as running:
            await place.until(lambda: told(robot, 1))
            await place.until(place.idle)
            await call(place.nc, verb)
            await place.until(lambda: armed(place))
            assert not running.task.done()
            await place.until(place.idle)
    assert len(robot.letters) == 1


async def test_wake_ups_purged_while_nobody_ran_are_set_again(place: County, robot: Robot) -> None:
    """The stream is there, but empty."""
    async with place.service() as hazards:
        await adopt(hazards)
        await find(hazards, now())
        async with place.notifier(robot):
            await place.until(place.idle)
        await call(place.nc, "STREAM.PURGE.TIMERS")
        async with place.notifier(robot):
            await place.until(lambda: armed(place))


@pytest.mark.parametrize("verb", ["STREAM.DELETE.KV_NOTIFIER", "STREAM.PURGE.KV_NOTIFIER"])
@pytest.mark.parametrize("runs", [True, False])
async def test_counts_that_somebody_removed_are_counted_again(
    place: County, robot: Robot, verb: str, monkeypatch: pytest.MonkeyPatch, *, runs: bool
) -> None:
    """While it runs, or before the next start: the same counts as before, and nobody is told again."""
    monkeypatch.setattr(county_module, "QUICK", replace(county_module.QUICK, look=0.2))
    bucket = Bucket(place.nc, subjects.NOTIFIER)
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - HOUR * 3 / 2)
        await grade(hazards, hazard)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 1))
            await place.until(place.idle)
            before = await counts(bucket)
            assert before
            if runs:
                await call(place.nc, verb)
                await place.until(lambda: counted(bucket, before))
        if not runs:
            await call(place.nc, verb)
            async with place.notifier(robot):
                await place.until(lambda: counted(bucket, before))
    assert len(robot.letters) == 1


async def test_a_record_that_vanished_ends_it_with_one_sentence(place: County, robot: Robot) -> None:
    """NOTICES cannot be made again: nothing is declared in its place."""
    async with place.service() as hazards:
        await adopt(hazards)
        with pytest.raises(RecordGoneError, match="NOTICES"):
            await without_notices(place, robot)
    assert await stream_config(place.nc, subjects.NOTICES) is None


async def without_notices(place: County, robot: Robot) -> None:
    """They are deleted under a notifier that runs."""
    async with place.notifier(robot) as running:
        await place.until(place.idle)
        await call(place.nc, "STREAM.DELETE.NOTICES")
        await asyncio.wait([running.task], timeout=10)


async def grade(hazards: Hazards, hazard: str) -> None:
    """As a general one."""
    graded = commands.GradeHazard(
        command_id="grade-1", actor=p.checker, occurred_at=now(), hazard_id=hazard, grade=Grade.GENERAL
    )
    accepted(await hazards.handle(graded))


async def armed(place: County) -> bool:
    """One hazard has its wake-up."""
    try:
        return await WakeUps(place.nc).pending() == 1
    except ApiError:
        return False


async def counts(bucket: Bucket) -> list[str]:
    """What is counted, and who watches a count."""
    return [*await bucket.keys("count"), *await bucket.keys("watch")]


async def counted(bucket: Bucket, before: list[str]) -> bool:
    """Under the same keys."""
    try:
        return await counts(bucket) == before
    except ApiError:
        return False


async def told(robot: Robot, letters: int) -> bool:
    """So many were."""
    return len(robot.letters) >= letters


async def left(place: County, wanted: list[tuple[int, int]]) -> bool:
    """What waits in the queues, and what is under way."""
    queues = (keeping.chase_queue(place.nc), keeping.wake_queue(place.nc), keeping.send_queue(place.nc))
    return [await queue.left() for queue in queues] == wanted
