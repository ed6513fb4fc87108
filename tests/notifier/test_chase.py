"""One look at a hazard, with a real hazard service."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts import commands as do
from contracts import subjects
from contracts.commands import EscalateHazard
from contracts.replies import Refused, Reply, Unknown
from contracts.terms import Grade
from services.hazard.hazards import Hazards
from services.journal import streams
from services.journal.bucket import Bucket
from services.journal.wakeups import WakeUps
from services.notifier.asking import Asker, Unanswered
from services.notifier.chase import REFUSED, Around, Chaser
from services.notifier.counts.counters import Counters
from services.notifier.policies import Policies
from services.notifier.reading import Histories
from services.notifier.timing.calendar import Calendar
from tests import props as p
from tests.notifier.county import HOUR, County, accepted, adopt, county, find, now
from tests.notifier.notice_props import Robot


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[County]:
    """With the notifier's streams."""
    async with county(tmp_path) as one:
        await streams.declare(one.nc, [subjects.TIMERS, subjects.NOTIFIER])
        yield one


@dataclass
class Bell:
    """Remembers what it was set to; at the first time something happens to the hazard."""

    hazards: Hazards
    happens: list[do.Command] = field(default_factory=list)
    sets: list[datetime] = field(default_factory=list)

    async def set(self, kind: str, timed: str, when: datetime, body: bytes = b"") -> None:
        """As a wake-up is."""
        assert (kind, bool(timed), body) == (subjects.HAZARD, True, b"")
        self.sets.append(when)
        while self.happens:
            accepted(await self.hazards.handle(self.happens.pop()))


def chaser(place: County, bell: Bell, ask: Asker | None = None) -> Chaser:
    """That asks the hazard service there."""
    around = Around(Policies(place.store), Counters(Bucket(place.nc, subjects.NOTIFIER)), Calendar, now)
    return Chaser(Histories(place.store), ask or Asker(place.nc), bell, around)


async def test_a_hazard_that_moved_on_while_its_wake_up_was_set_is_looked_at_again(place: County) -> None:
    """The last wake-up set rests on the newest history; where nothing moves, once is enough."""
    async with place.service() as hazards:
        await adopt(hazards)
        at = now()
        hazard = await find(hazards, at)
        graded = do.GradeHazard(
            command_id="grade-1", actor=p.cadre, occurred_at=at, hazard_id=hazard, grade=Grade.GENERAL
        )
        bell = Bell(hazards, [graded])
        assert await chaser(place, bell).look([hazard]) == set()
        assert bell.sets == [at + HOUR] * 2
        assert await chaser(place, bell).look([hazard]) == set()
        assert len(bell.sets) == 3


async def test_what_is_recorded_gets_its_wake_up_when_it_comes_back(place: County) -> None:
    """Nothing is set for what was asked for; the look after it sets what comes next."""
    async with place.service() as hazards:
        await adopt(hazards)
        at = now() - 5 * HOUR
        hazard = await find(hazards, at)
        bell = Bell(hazards)
        assert await chaser(place, bell).look([hazard, hazard]) == set()
        assert bell.sets == []
        assert await chaser(place, bell).look([hazard]) == set()
        assert bell.sets == [at + 30 * HOUR]
        assert [event.step for _, event in await place.escalated(hazard)] == ["one", "two"]


async def test_two_who_look_at_once_ask_for_the_same(place: County) -> None:
    """Each step is recorded once, under an id that both derive, word for word the same."""
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 5 * HOUR)
        read = await Histories(place.store).read(hazard)
        for _ in range(2):
            assert await chaser(place, Bell(hazards)).look([read]) == set()
        found = await place.escalated(hazard)
        assert [envelope.command_id for envelope, _ in found] == [
            subjects.escalation_id(hazard, "G02", step, 1) for step in ("one", "two")
        ]


async def test_what_is_refused_is_asked_again_after_an_hour(place: County) -> None:
    """The hazard service's clock is an hour slow, and it refuses what lies in its future: no loop, and no loss."""
    async with place.service(lambda: now() - HOUR) as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 2 * HOUR - timedelta(minutes=10))
        bell = Bell(hazards)
        before = now()
        assert await chaser(place, bell).look([hazard]) == set()
        assert len(bell.sets) == 2, "once more, since the other step was recorded"
        assert all(before + REFUSED <= retry <= now() + REFUSED for retry in bell.sets)
        assert [event.step for _, event in await place.escalated(hazard)] == ["one"]
    async with place.service() as hazards, place.notifier(Robot("log")):
        await place.until(place.idle)
        await WakeUps(place.nc).set(subjects.HAZARD, hazard, now())
        await place.until(lambda: both(place, hazard))


@pytest.mark.parametrize(
    "reply", [Refused(code="busy", reason="r"), Unknown(command_id="c"), Refused(code="conflict", reason="r"), None]
)
async def test_what_is_open_is_looked_at_again_soon(place: County, reply: Reply | None) -> None:
    """Busy, unknown, or no answer at all: the job comes again; no wake-up stands for it."""

    class Busy(Asker):
        async def __call__(self, commands: Sequence[EscalateHazard]) -> Sequence[Reply]:
            if commands and reply is None:
                raise Unanswered
            return [reply for _ in commands if reply]

    async with place.service() as hazards:
        await adopt(hazards)
        late, fresh = await find(hazards, now() - 5 * HOUR), await find(hazards, now(), "find-2")
        bell = Bell(hazards)
        assert await chaser(place, bell, Busy(place.nc)).look([late, fresh]) == {late}
        assert len(bell.sets) == 1


async def test_nothing_happens_to_a_hazard_that_nobody_found(place: County) -> None:
    """A wake-up for what is not there is worked off."""
    async with place.service() as hazards:
        bell = Bell(hazards)
        assert await chaser(place, bell).look([p.HAZARD_ID]) == set()
        assert bell.sets == []


async def both(place: County, hazard: str) -> bool:
    """Both steps are recorded."""
    return len(await place.escalated(hazard)) == 2
