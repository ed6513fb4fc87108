"""The whole notifier against a real server and a real hazard service."""

from datetime import timedelta

import pytest

from contracts import subjects
from contracts.directory import Address, Member, Post
from contracts.terms import Role
from services.journal.api import call
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.journal.wakeups import WakeUps
from services.notifier import telling
from services.notifier.delivering.notices import Notices
from services.notifier.running import keeping
from tests import props as p
from tests.notifier.county import HOUR, County, adopt, find, now
from tests.notifier.notice_props import Robot

NEWCOMER = Member(
    id=p.second_cadre.id,
    name=p.second_cadre.name,
    posts=(Post(role=Role.VILLAGE_OFFICER, body=p.VILLAGE.id),),
    reach=(Address(channel="log"),),
)


async def test_what_was_missed_fires_at_once_in_order_and_is_told(place: County, robot: Robot) -> None:
    """Nobody chased for five hours: both steps that ran out, the earlier first, and a wake-up for the third."""
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 2))
            await place.until(place.idle)
        assert [event.step for _, event in await place.escalated(hazard)] == ["one", "two"]
        assert [letter.level for letter in sorted(robot.letters, key=lambda one: one.level or 0)] == [0, 1]
        assert await WakeUps(place.nc).pending() == 1


async def test_a_rebuild_proposes_nothing_and_tells_nobody(
    place: County, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queues that begin anew: not a proposal more, and not a letter to an officer who came since."""
    async with place.service() as hazards:
        await adopt(hazards)
        await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 2))
            await place.until(place.idle)
        before = [await EventStore(place.nc, name).last_of_stream() for name in ("EVENTS", "NOTICES")]
        place.people = place.people.model_copy(update={"people": (*place.people.people, NEWCOMER)})
        monkeypatch.setattr(telling, "FRESH", timedelta())
        await keeping.start_anew(place.nc, "a test")
        async with place.notifier(robot):
            await place.until(place.idle)
        assert [await EventStore(place.nc, name).last_of_stream() for name in ("EVENTS", "NOTICES")] == before
        assert len(robot.letters) == 2


async def test_wake_ups_that_were_lost_are_set_again(place: County, robot: Robot) -> None:
    """The stream of timers is gone: at the next start every hazard gets its wake-up."""
    async with place.service() as hazards:
        await adopt(hazards)
        await find(hazards, now())
        async with place.notifier(robot):
            await place.until(place.idle)
        assert await WakeUps(place.nc).pending() == 1
        await call(place.nc, "STREAM.DELETE.TIMERS")
        async with place.notifier(robot):
            await place.until(place.idle)
            assert await WakeUps(place.nc).pending() == 1


async def test_a_hazard_service_that_is_away_is_waited_for(place: County, robot: Robot) -> None:
    """Nothing is lost meanwhile, and nothing proposed twice when it is back."""
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 5 * HOUR)
    async with place.notifier(robot):
        await place.until(lambda: under_way(place))
        assert await place.escalated(hazard) == []
        async with place.service():
            await place.until(lambda: told(robot, 2))
            await place.until(place.idle)
    assert [event.step for _, event in await place.escalated(hazard)] == ["one", "two"]


async def test_what_cannot_be_read_is_left_alone_and_the_rest_is_chased(place: County, robot: Robot) -> None:
    """A hazard in which a newer program wrote: no rule is applied to it."""
    async with place.service() as hazards:
        await adopt(hazards)
        strange, plain = await find(hazards, now() - 5 * HOUR), await find(hazards, now() - 5 * HOUR, "find-2")
        subject = subjects.events_subject(subjects.HAZARD, strange)
        [first] = await place.store.load(subject)
        newer = first.state.replace(b'"hazard.found"', b'"hazard.foreseen"').replace(b'"version":1', b'"version":2')
        await place.store.append(StoredEvent(subject, 2, "hazard.foreseen", newer), after=first.id)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 2))
            await place.until(place.idle)
        assert await place.escalated(strange) == []
        assert len(await place.escalated(plain)) == 2


async def test_an_unusable_policy_never_replaces_the_one_in_force(place: County, robot: Robot) -> None:
    """Stored by another program: hazards found after it still have the policy before it."""
    async with place.service() as hazards:
        await adopt(hazards)
        subject = subjects.events_subject(subjects.POLICY, subjects.policy_id(p.EM.area))
        [first] = await place.store.load(subject)
        broken = first.state.replace("name: 三步".encode(), b"nome: 3").replace(b'"version":1', b'"version":2')
        assert b"nome: 3" in broken
        await place.store.append(StoredEvent(subject, 2, "policy.adopted", broken), after=first.id)
        hazard = await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 2))
        assert [event.step for _, event in await place.escalated(hazard)] == ["one", "two"]


async def test_each_claim_says_how_many_are_told(place: County, robot: Robot) -> None:
    """Two village officers: each is told once, and both claims say two."""
    place.people = place.people.model_copy(update={"people": (*place.people.people, NEWCOMER)})
    async with place.service() as hazards:
        await adopt(hazards)
        hazard = await find(hazards, now() - 5 * HOUR)
        async with place.notifier(robot):
            await place.until(lambda: told(robot, 3))
        lives = await Notices(EventStore(place.nc, subjects.NOTICES)).of_hazard(hazard)
        claims = [life.notice for life in lives if life.notice]
        assert sorted((claim.level, claim.among) for claim in claims) == [(0, 1), (1, 2), (1, 2)]


async def told(robot: Robot, letters: int) -> bool:
    """So many were."""
    return len(robot.letters) >= letters


async def under_way(place: County) -> bool:
    """A job was taken and put off."""
    return (await keeping.chase_queue(place.nc).left())[1] > 0
