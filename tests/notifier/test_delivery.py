"""Notices from their claim to their arrival, by notifiers that run, hang and die."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client
from pydantic_core import to_json

from contracts import subjects
from contracts.notices import Notice
from services.journal.clock import ServerClock
from services.journal.wakeups import WakeUps
from services.journal.work import WorkQueue
from services.notifier.channels.base import NotDelivered
from services.notifier.delivering import sending
from services.notifier.delivering.claiming import Claiming
from services.notifier.delivering.posting import Means
from services.notifier.delivering.scheduling import Hours, digest_moment, digest_of, subject_of
from tests.notifier.notice_props import NOW, Office, Robot, delivery, directory, notice
from tests.servers import Servers

ALWAYS = Hours(quiet_from=time(0), quiet_until=time(0))
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Told:
    """As composing.py gives it."""

    notice: Notice
    digestible: bool = False


@dataclass
class Notifier:
    """What runs of one: its queue of notices, and what works its wake-ups off."""

    nc: Client
    office: Office
    hours: Hours = ALWAYS
    clock: Callable[[], datetime] = field(default=lambda: NOW)

    def __post_init__(self) -> None:
        """By the event store's clock."""
        means = self.office.means
        self.delivery = delivery(
            self.nc,
            Means(
                means.notices, means.channels, means.directory, self.clock, self.office.name, lease=self.office.lease
            ),
            self.hours,
        )
        self.claims = Claiming(means.notices, self.clock, self.hours)

    async def wake(self) -> None:
        """Work off what became due, for ever."""
        queue = WorkQueue(self.nc, subjects.TIMERS, subjects.WAKE, ["due.>"])
        await queue.declare()
        async for jobs in queue.batches():
            for job in jobs:
                await self.delivery.due(*subjects.parse_due(job.subject), job.data)
                await job.done()


@pytest.fixture
async def clock(post: Client) -> AsyncIterator[ServerClock]:
    """The event store's."""
    found = ServerClock(post)
    await found.start()
    yield found
    await found.stop()


@asynccontextmanager
async def running(*notifiers: Notifier) -> AsyncIterator[None]:
    """Both of their pumps, until the block ends."""
    tasks = [asyncio.create_task(work) for one in notifiers for work in (one.delivery.run(), one.wake())]
    try:
        yield
    finally:
        while any(not task.done() for task in tasks):  # Python 3.11's wait_for may swallow one, as a message comes
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=1)
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended


async def until(truth: Callable[[], Awaitable[bool]], patience: float = 15) -> None:
    """Look again and again."""
    async with asyncio.timeout(patience):
        while not await truth():  # noqa: ASYNC110 (what the server holds)
            await asyncio.sleep(0.02)


def all_stand(office: Office, state: str, count: int) -> Callable[[], Awaitable[bool]]:
    """So many notices are recorded, and all of them stand so."""

    async def truth() -> bool:
        lives = await office.notices.read()
        return len(lives) == count and all(life.state == state for life in lives)

    return truth


async def test_what_is_told_arrives(post: Client, clock: ServerClock) -> None:
    """Once, though it is told three times by two notifiers that both run."""
    robot = Robot()
    two = [Notifier(post, Office(post, (robot,), directory("robot"), name=name), clock=clock) for name in "ab"]
    async with running(*two):
        for number in range(30):
            for one in (*two, two[0]):
                await one.claims.tell(Told(notice(number)))
        await until(all_stand(two[0].office, "sent", 30))
    assert sorted(letter.notice_id for letter in robot.letters) == sorted(notice(number).id for number in range(30))


async def test_a_channel_that_hangs_delays_nobody_else(post: Client, clock: ServerClock) -> None:
    """With more letters for it than it may hold."""
    wake = asyncio.Event()
    stuck, good = Robot("stuck", closed_until=wake), Robot("good")
    one = Notifier(post, Office(post, (stuck, good), directory("stuck", "good")), clock=clock)
    async with running(one):
        for number in range(200):
            await one.claims.tell(Told(notice(number, channels=("stuck",))))
        await stuck.began.wait()
        for number in range(200, 220):
            await one.claims.tell(Told(notice(number, channels=("good",))))

        async def arrived() -> bool:
            return len(good.letters) == 20

        await until(arrived)
        assert len(stuck.letters) <= 16
        wake.set()


async def test_what_fails_is_given_again_by_the_queue(
    post: Client, clock: ServerClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is taken, without anybody telling it again; here after a moment instead of five seconds."""
    monkeypatch.setattr(sending, "BACK_OFF", (timedelta(milliseconds=50),))
    robot = Robot(answers=[NotDelivered("忙")])
    one = Notifier(post, Office(post, (robot,), directory("robot")), clock=clock)
    async with running(one):
        await one.claims.tell(Told(notice()))
        await until(all_stand(one.office, "sent", 1))
    assert await one.office.states(subject_of(notice())) == ["queued", "claimed", "failed", "claimed", "sent"]


async def test_quiet_hours_wait_with_a_wake_up(post: Client, clock: ServerClock) -> None:
    """Nothing goes, nothing stands in the queue; when the wake-up comes and the hours are over, it goes."""
    robot = Robot()
    office = Office(post, (robot,), directory("robot"))
    hours = around(clock())
    one = Notifier(post, office, hours, clock)
    wakeups, queue = WakeUps(post), WorkQueue(post, subjects.NOTICES, subjects.SEND, ["notices.>"])
    async with running(one):
        await one.claims.tell(Told(notice()))

        async def waits() -> bool:
            return await wakeups.pending() == 1 and await queue.left() == (0, 0)

        await until(waits)
    assert robot.letters == []
    life = await office.notices.life(subject_of(notice()))
    assert life.not_before is not None
    assert life.not_before - clock() > timedelta(hours=1)
    morning = Notifier(post, office, ALWAYS, lambda: clock() + timedelta(hours=5))
    async with running(morning):
        await wakeups.set("notice", notice().id, clock(), to_json({"subject": life.subject}))
        await until(all_stand(office, "sent", 1))
    assert len(robot.letters) == 1


def around(now: datetime) -> Hours:
    """Quiet from two hours before to two hours after."""
    local = now.astimezone(Hours().zone)
    return Hours(
        quiet_from=(local - timedelta(hours=2)).time(),
        quiet_until=(local + timedelta(hours=2)).replace(tzinfo=None).time(),
    )


async def test_a_needless_wake_up_sends_nothing_and_sets_none(post: Client, clock: ServerClock) -> None:
    """What was sent is over."""
    robot = Robot()
    office = Office(post, (robot,), directory("robot"))
    one = Notifier(post, office, clock=clock)
    subject = await office.claim(notice())
    assert await office.sending.go_on(subject) is None
    for _ in range(3):
        await one.delivery.due("notice", notice().id, to_json({"subject": subject}))
    assert (len(robot.letters), await WakeUps(post).pending()) == (1, 0)


async def test_a_robot_s_slots_are_kept_by_wake_ups(post: Client, clock: ServerClock) -> None:
    """What does not fit into this minute leaves the queue at once."""
    robot = Robot(per_minute=2)
    one = Notifier(post, Office(post, (robot,), directory("robot")), clock=clock)
    queue = WorkQueue(post, subjects.NOTICES, subjects.SEND, ["notices.>"])
    async with running(one):
        for number in range(6):
            await one.claims.tell(Told(notice(number)))

        async def parked() -> bool:
            return await WakeUps(post).pending() == 5 and await queue.left() == (0, 0)

        await until(parked)
    assert len(robot.letters) == 1


async def test_day_rules_go_with_the_digest(post: Client, clock: ServerClock) -> None:
    """Claimed with its hazard, gathered at its time, sent as one."""
    robot = Robot()
    office = Office(post, (robot,), directory("robot"))
    one = Notifier(post, office, clock=clock)
    async with running(one):
        for number in range(3):
            await one.claims.tell(Told(notice(number), digestible=True))
        day = await claimed_day(office)
        digest = digest_of("owner", day, "32")

        async def taken() -> bool:
            return len(await office.notices.read(f"notices.32.digest.{digest}.*")) == 3

        await until(taken)
        assert robot.letters == []
        assert digest_moment(day, ALWAYS) > clock()
        await one.delivery.due("digest", digest, to_json({"area": "32", "day": day.isoformat()}))

        async def sent() -> bool:
            return len(robot.letters) == 1

        await until(sent)
    assert robot.letters[0].notice_id == digest


async def claimed_day(office: Office) -> date:
    """Of whose digest they are."""
    days = {life.notice.digest for life in await office.notices.of_hazard(notice().hazard_id or "") if life.notice}
    (day,) = days
    assert day is not None
    return day


@contextmanager
def child(url: str, file: Path, does: str) -> Iterator[subprocess.Popen[bytes]]:
    """A notifier in a process of its own; dead after the block."""
    process = subprocess.Popen([sys.executable, HERE / "sent_by.py", url, file, does], cwd=HERE.parent.parent)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_a_notifier_killed_while_it_sends_leaves_the_letter_to_another(
    post: Client, post_server: Servers, tmp_path: Path
) -> None:
    """Recorded once, sent at least once, under one id."""
    file = tmp_path / "letters"
    office = Office(post, (), directory("robot"))
    subject = await office.claim(notice())

    async def given() -> bool:
        return file.exists() and notice().id in file.read_text()

    with child(post_server.url, file, "hang") as first:
        await until(given)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert await office.states(subject) == ["queued", "claimed"]
    with child(post_server.url, file, "take"):
        await until(all_stand(office, "sent", 1))
    assert await office.states(subject) == ["queued", "claimed", "claimed", "sent"]
    assert file.read_text().split() == [notice().id] * 2


async def test_whoever_is_asked_to_end_finishes_what_is_in_hand(post: Client, clock: ServerClock) -> None:
    """The letter that is under way is recorded as sent; nothing is claimed any more."""
    wake = asyncio.Event()
    robot = Robot(closed_until=wake)
    one = Notifier(post, Office(post, (robot,), directory("robot")), clock=clock)
    task = asyncio.create_task(one.delivery.run())
    await one.claims.tell(Told(notice()))
    await robot.began.wait()
    queue = WorkQueue(post, subjects.NOTICES, subjects.SEND, ["notices.>"])

    async def is_all_there_is() -> bool:
        return await queue.left() == (0, 1)

    await until(is_all_there_is)
    task.cancel()
    wake.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await one.office.notices.life(subject_of(notice()))).state == "sent"
