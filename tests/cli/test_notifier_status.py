import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from contracts import commands as do
from contracts import subjects
from services.cli.main import run
from services.journal.api import call
from services.journal.bucket import Bucket
from services.notifier.channels.base import NotDelivered
from services.notifier.running import heartbeat
from services.notifier.running.heartbeat import Beat, Progress, alive
from services.notifier.running.status import STUCK, is_stuck
from tests import props as p
from tests.notifier.county import HOUR, POLICY, County, accepted, adopt, county, find, now
from tests.notifier.notice_props import Robot

RUNG = "{level: 1, name: 催办, tell: [village_officer]}"
SIGNED = POLICY.replace(RUNG, "{level: 2, name: 警示, tell: [finder], signs: [village_officer]}")
SIGNED = SIGNED.replace("level: 1}", "level: 2}")
"""The same, but its second step is a draft."""


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[County]:
    """With nothing stored yet."""
    async with county(tmp_path) as one:
        yield one


async def asked(place: County, capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """`bihuan notifier status --json` there."""
    capfd.readouterr()
    code = await asyncio.to_thread(run, ["--nats", place.node.url, "notifier", "status", "--json"])
    return code, json.loads(capfd.readouterr().out)


async def test_it_tells_of_all_that_waits(place: County, capfd: pytest.CaptureFixture[str]) -> None:
    """Alive, one wake-up, the draft that waits longest, and none once it was answered; exit code 0."""
    async with place.service() as hazards, place.notifier(Robot("log")):
        await adopt(hazards, SIGNED)
        hazard = await find(hazards, now() - 5 * HOUR)
        await place.until(lambda: drafted(place, hazard))
        await place.until(place.idle)
        code, found = await asked(place, capfd)
        assert (code, found["well"], len(found["notifiers"]), found["wake_ups"]) == (0, True, 1, 1)
        assert found["notifiers"][0]["pid"] == os.getpid()
        assert (found["oldest_draft"]["hazard"], found["oldest_draft"]["person"]) == (hazard, p.cadre.name)
        answered = do.DeclineMeasure(
            command_id="no",
            actor=p.director,
            occurred_at=now(),
            hazard_id=hazard,
            proposal=found["oldest_draft"]["proposal"],
            reasons="已口头督促",
        )
        accepted(await hazards.handle(answered))
        assert (await asked(place, capfd))[1]["oldest_draft"] is None


async def test_failures_are_told_by_channel(place: County, capfd: pytest.CaptureFixture[str]) -> None:
    """What no channel took is counted, and the sentence says how to send it again."""
    robot = Robot("log", answers=[NotDelivered("群已解散", final=True)] * 9)
    async with place.service() as hazards, place.notifier(robot):
        await adopt(hazards)
        await find(hazards, now() - 2 * HOUR + HOUR / 2)
        await place.until(lambda: tried(robot))
        await place.until(place.idle)
        code, found = await asked(place, capfd)
    assert (code, found["failures"], found["dead_letters"]) == (0, {"log": {"trying": 0, "final": 1}}, 1)


async def test_nobody_alive_is_exit_code_1(place: County, capfd: pytest.CaptureFixture[str]) -> None:
    """Before any notifier ran, and after the last one ended: with what to do."""
    for _ in range(2):
        code, found = await asked(place, capfd)
        assert (code, found["well"], found["notifiers"]) == (1, False, [])
        assert "bihuan up" in found["wrong"][0]
        async with place.service(), place.notifier(Robot("log")):
            await place.until(place.idle)


def test_stuck_is_what_waits_while_nothing_is_worked_off() -> None:
    """For longer than a minute; by the notifier that did so last."""
    quick, slow = beat(done_before=0), beat(done_before=2)
    assert not is_stuck("events", 1, [quick, slow], now())
    assert is_stuck("events", 1, [slow], now())
    assert not is_stuck("events", 0, [slow], now())
    assert not is_stuck("notices", 1, [slow], now())
    assert is_stuck("events", 1, [beat(done_before=None)], now())
    assert not is_stuck("notices", 1, [beat("notices", done_before=2)], now())
    assert is_stuck("notices", 1, [beat("notices", done_before=6)], now())


async def test_sending_says_how_it_gets_on(place: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third queue, beside the two others."""
    monkeypatch.setattr(heartbeat, "EVERY", 0.1)
    robot, bucket = Robot("log"), Bucket(place.nc, subjects.NOTIFIER)
    async with place.service() as hazards:
        await adopt(hazards)
        await find(hazards, now() - HOUR * 3 / 2)
        async with place.notifier(robot):
            await place.until(lambda: tried(robot))
            await place.until(lambda: counted(bucket))


async def test_what_somebody_removed_is_said(place: County, capfd: pytest.CaptureFixture[str]) -> None:
    """Wake-ups that were purged, streams that are gone: a sentence for each, and exit code 1."""
    async with place.service(), place.notifier(Robot("log")):
        await place.until(place.idle)
        await call(place.nc, "STREAM.PURGE.TIMERS")
        code, found = await asked(place, capfd)
        assert (code, [wrong[:4] for wrong in found["wrong"]]) == (1, ["定时提醒"])
    for stream in (subjects.TIMERS, subjects.NOTICES):
        await call(place.nc, f"STREAM.DELETE.{stream}")
    code, found = await asked(place, capfd)
    assert (code, [wrong[:4] for wrong in found["wrong"]]) == (1, ["没有催办", "定时提醒", "通知的记"])


async def test_a_draft_of_which_nobody_was_told_is_said(place: County, capfd: pytest.CaptureFixture[str]) -> None:
    """Its letter failed for good, and the proposal waits."""
    robot = Robot("log", answers=[NotDelivered("群已解散", final=True)] * 20)
    async with place.service() as hazards, place.notifier(robot):
        await adopt(hazards, SIGNED)
        hazard = await find(hazards, now() - 5 * HOUR)
        await place.until(lambda: drafted(place, hazard))
        await place.until(place.idle)
        code, found = await asked(place, capfd)
    assert (code, found["untold_proposals"]) == (1, 1)
    assert "notices replay" in found["wrong"][0]


def beat(name: str = "events", *, done_before: int | None) -> Beat:
    """Of a notifier that last worked something off so many minutes ago, or never."""
    at = None if done_before is None else now() - STUCK * done_before
    progress = Progress(pump=name, done=1, at=at)
    return Beat(name="n", host="h", pid=1, since=now() - 9 * STUCK, at=now(), pumps=[progress])


async def drafted(place: County, hazard: str) -> bool:
    """The step of level 2 was proposed."""
    return len(await place.escalated(hazard)) == 2


async def counted(bucket: Bucket) -> bool:
    """The next beat tells of letters that went."""
    return any(one.pump == "notices" and one.done for beat in await alive(bucket) for one in beat.pumps)


async def tried(robot: Robot) -> bool:
    """A letter was."""
    return bool(robot.letters)
