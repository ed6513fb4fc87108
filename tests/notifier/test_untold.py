"""What nobody could be told of stays visible, and is told by hand once somebody is there; never twice."""

from datetime import timedelta

import pytest

from contracts import subjects
from contracts.parties import Person
from services.journal.events import EventStore
from services.notifier import telling
from services.notifier.delivering.life import Life
from services.notifier.delivering.notices import Notices
from services.notifier.delivering.untold import REASON
from services.notifier.letters.recipients import NOBODY
from services.notifier.running import keeping
from tests.notifier.county import HOUR, County, adopt, find, now
from tests.notifier.notice_props import Robot

LI = Person(id="li", name="李明")


async def lives(place: County, hazard: str, *, nobody: bool) -> list[Life]:
    """Of its notices, those of nobody or of people."""
    found = await Notices(EventStore(place.nc, subjects.NOTICES)).of_hazard(hazard)
    return [life for life in found if life.notice and (life.notice.person == NOBODY) is nobody]


async def untold(place: County, hazard: str, state: str, count: int) -> bool:
    """So many of nobody's stand so, and no other way."""
    return [life.state for life in await lives(place, hazard, nobody=True)] == [state] * count


async def again(place: County, hazard: str) -> None:
    """All of nobody's, by hand."""
    notices = Notices(EventStore(place.nc, subjects.NOTICES))
    for life in await lives(place, hazard, nobody=True):
        await notices.again(life, LI, at=now())


async def test_what_nobody_could_be_told_of_is_told_once_somebody_is_there(
    place: County, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed with what to do, a dead letter; replayed in vain it stays so, else it is dealt with; once for all."""
    people, place.people = place.people, place.people.model_copy(update={"people": ()})
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: untold(place, hazard, "failed", 2))
            assert {(life.reason, life.final) for life in await lives(place, hazard, nobody=True)} == {(REASON, True)}
            assert await EventStore(place.nc, subjects.DEAD).last_of_stream() == 2
            await again(place, hazard)
            await place.until(lambda: untold(place, hazard, "failed", 2))
        assert robot.letters == []
        place.people = people
        monkeypatch.setattr(telling, "FRESH", timedelta())
        async with place.notifier(robot):
            await keeping.start_anew(place.nc, "a test")
        async with place.notifier(robot):
            await place.until(place.idle)
            assert robot.letters == []
            for _ in range(2):
                await again(place, hazard)
                await place.until(lambda: untold(place, hazard, "sent", 2))
            await place.until(place.idle)
        assert sorted(letter.level or 0 for letter in robot.letters) == [0, 1]
        assert [life.state for life in await lives(place, hazard, nobody=False)] == ["sent", "sent"]
