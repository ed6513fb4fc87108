"""One digest for each person and day: nothing in it twice, nothing lost, nothing forgotten that came too late."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client
from pydantic_core import to_json

from contracts.parties import Person
from services.journal.wakeups import WakeUps
from services.notifier.delivering.carried import Carriers
from services.notifier.delivering.digests import Digests
from services.notifier.delivering.life import Life
from services.notifier.delivering.scheduling import Hours, digest_of, subject_of
from tests.notifier.notice_props import NOW, OWNER, Office, Robot, directory, notice

DAY = date(2026, 3, 3)
NEXT = DAY + timedelta(days=1)
AFTER = datetime(2026, 3, 3, 0, 31, tzinfo=UTC)
"""A minute past the digest's 08:30."""
DIGEST = digest_of("owner", DAY, "32")


class Desk:
    """Digests over one office's notices."""

    def __init__(self, nc: Client) -> None:
        self.office = Office(nc, (Robot(),), directory("robot"))
        self.wakeups = WakeUps(nc)
        self.digests = Digests(self.office.notices, self.wakeups, lambda: self.office.now, Hours(), self.office.reasons)

    async def gather(self, day: date = DAY) -> None:
        """As the wake-up asks for it."""
        body = to_json({"area": "32", "day": day})
        await self.digests.gather(digest_of("owner", day, "32"), body)

    async def made(self, day: date = DAY) -> list[Life]:
        """Digests of that day."""
        named = digest_of("owner", day, "32")
        return [life for life in await self.office.notices.read(f"notices.32.digest.{named}.{named}") if life.notice]


@pytest.fixture
def desk(post: Client) -> Desk:
    """In the morning of the day before."""
    return Desk(post)


async def test_a_day_s_reminders_become_one_notice(desk: Desk) -> None:
    """Which then goes like any other: by itself, to the channels of the newest, as high as the highest."""
    await desk.digests.take(notice(1, level=0), DAY)
    await desk.digests.take(notice(2, level=1, channels=("mail",)), DAY)
    await desk.gather()
    (digest,) = await desk.made()
    found = digest.notice
    assert found is not None
    assert (found.id, found.kind, found.items, found.level, found.channels) == (DIGEST, "digest", 2, 1, ("mail",))
    assert (found.person, found.digest, digest.state) == (OWNER, None, "queued")
    assert notice(1).title in found.text


async def test_a_digest_has_one_wake_up(desk: Desk) -> None:
    """One for all its items; another day has its own."""
    for number in range(5):
        await desk.digests.take(notice(number), date(2199, 1, 1))
    assert await desk.wakeups.pending() == 1
    await desk.digests.take(notice(9), date(2199, 1, 2))
    assert await desk.wakeups.pending() == 2


async def test_several_notifiers_make_one_digest(desk: Desk, post: Client) -> None:
    """Woken by the same wake-up, or one after the other."""
    for number in range(3):
        await desk.digests.take(notice(number), DAY)
    desks = [Desk(post) for _ in range(5)]
    await asyncio.gather(*(each.gather() for each in desks))
    await desk.gather()
    assert [life.version for life in await desk.made()] == [1]


async def test_what_came_too_late_goes_with_the_next_day_s(desk: Desk) -> None:
    """Once, and only what came too late."""
    await desk.digests.take(notice(1), DAY)
    await desk.gather()
    await desk.digests.take(notice(2), DAY)
    for _ in range(3):
        await desk.gather()
    await desk.gather(NEXT)
    (first,), (second,) = await desk.made(), await desk.made(NEXT)
    assert first.notice is not None
    assert second.notice is not None
    assert (first.notice.items, second.notice.items) == (1, 1)
    assert notice(2).title in second.notice.text
    assert notice(1).title not in second.notice.text


async def test_what_is_no_longer_so_is_left_out(desk: Desk, post: Client) -> None:
    """Its own life and the item's say why; what comes too late afterwards is still in the next day's, once."""
    for number in range(4):
        await desk.office.claim(notice(number, digest=DAY))
        await desk.digests.take(notice(number), DAY)
    desk.office.over = {notice(number).id: "隐患已销号" for number in (0, 2)}
    desks = [desk, *(Desk(post) for _ in range(3))]
    for each in desks:
        each.office.over = desk.office.over
    await asyncio.gather(*(each.gather() for each in desks))
    await desk.digests.take(notice(5), DAY)
    await desk.gather()
    await desk.gather(NEXT)
    (first,), (second,) = await desk.made(), await desk.made(NEXT)
    assert first.notice is not None
    assert second.notice is not None
    assert (first.notice.items, first.notice.gathered, second.notice.items) == (2, 4, 1)
    assert [notice(number).title in first.notice.text for number in range(4)] == [False, True, False, True]
    lives = [await desk.office.notices.life(subject_of(notice(number))) for number in range(4)]
    assert [life.state for life in lives] == ["dropped", "queued", "dropped", "queued"]
    found = [await Carriers(desk.office.notices).of(life) for life in lives]
    assert [(life.state, life.reason) for life in found if life] == [("dropped", "隐患已销号"), ("queued", None)] * 2


async def test_a_digest_of_which_nothing_is_left_is_not_sent(desk: Desk) -> None:
    """Nobody is written to because of what was done; what comes afterwards is told of."""
    await desk.office.claim(notice(1, digest=DAY))
    await desk.digests.take(notice(1), DAY)
    desk.office.over = {notice(1).id: "隐患已销号"}
    await desk.gather()
    assert await desk.made() == []
    await desk.digests.take(notice(2), DAY)
    await desk.gather()
    (made,) = await desk.made()
    assert made.notice is not None
    assert (made.notice.items, made.notice.gathered) == (1, 2)


async def test_a_reminder_is_in_a_digest_once(desk: Desk) -> None:
    """However often the queue gives it."""
    for _ in range(3):
        await desk.digests.take(notice(1), DAY)
    await desk.gather()
    (digest,) = await desk.made()
    assert digest.notice is not None
    assert digest.notice.items == 1


async def test_hazards_of_several_counties_are_in_one_digest(desk: Desk) -> None:
    """Of one person; another person has his own."""
    await desk.digests.take(notice(1), DAY)
    await desk.digests.take(notice(2, area="320684105", hazard_id=f"320684105-{notice().id}"), DAY)
    await desk.digests.take(notice(3, person=Person(id="other", name="别人")), DAY)
    await desk.gather()
    (digest,) = await desk.made()
    assert digest.notice is not None
    assert digest.notice.items == 2


async def test_a_wake_up_without_reminders_makes_nothing(desk: Desk) -> None:
    """A needless one."""
    await desk.gather()
    assert await desk.made() == []


async def test_a_person_with_thousands_of_hazards_gets_one_digest(desk: Desk) -> None:
    """More than the server gives in one page."""
    for first in range(0, 2_300, 100):
        await asyncio.gather(*(desk.digests.take(notice(number), DAY) for number in range(first, first + 100)))
    desk.office.now = AFTER
    await desk.gather()
    (digest,) = await desk.made()
    assert digest.notice is not None
    assert digest.notice.items == 2_300
    assert len(digest.notice.text) < 16_000


def test_the_clock_is_the_office_s() -> None:
    """Ten in the morning at the site."""
    assert NOW.astimezone(Hours().zone).hour == 10
