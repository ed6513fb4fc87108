"""How a notice arrives, or does not, one step after another, on a clock that the test sets."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from nats.aio.client import Client

from contracts import subjects
from contracts.directory import Directory
from contracts.notices import NOTICE_RECORD, Acknowledged, Claimed, Failed
from contracts.parties import Person
from services.journal.events import EventStore
from services.notifier.channels.base import NotDelivered
from services.notifier.delivering.lanes import STILL, Lane, Lanes
from services.notifier.delivering.scheduling import subject_of
from services.notifier.delivering.sending import BACK_OFF
from tests.notifier.notice_props import LINKS, NOW, OWNER, Office, Robot, directory, notice

BUSY = NotDelivered("机器人忙")
NEVER = NotDelivered("地址不存在", final=True)
CLERK = Person(id="clerk", name="值班员")


def office(nc: Client, *robots: Robot, **changes: object) -> Office:
    """One whose owner is reached by these robots, in this order."""
    return Office(nc, robots, directory(*(robot.name for robot in robots)), **changes)  # type: ignore[arg-type]


async def test_a_letter_is_claimed_sent_and_recorded(post: Client) -> None:
    """With the address of the directory, which stands in no record, and the vendor's id, which does."""
    robot = Robot()
    one = office(post, robot)
    subject = await one.claim(notice())
    assert await one.sending.go_on(subject) is None
    life = await one.notices.life(subject)
    assert await one.states(subject) == ["queued", "claimed", "sent"]
    assert (life.state, life.channel, life.vendor_id, life.attempts) == ("sent", "robot", "vendor-1", {"robot": 1})
    assert (robot.letters[0].notice_id, robot.letters[0].to) == (notice().id, "at-robot")
    assert robot.letters[0].link == LINKS.link(subject, "owner")


async def test_what_was_sent_is_not_sent_again(post: Client) -> None:
    """However often the queue gives it."""
    robot = Robot()
    one = office(post, robot)
    subject = await one.claim(notice())
    for _ in range(3):
        assert await one.sending.go_on(subject) is None
    assert len(robot.letters) == 1


async def test_a_notice_is_claimed_once(post: Client) -> None:
    """By whichever of many notifiers; also where they compose it at different moments."""
    offices = [office(post, Robot(), name=f"n{n}", now=NOW + timedelta(seconds=n)) for n in range(8)]
    ours = await asyncio.gather(*(one.notices.claim(notice(), at=one.now) for one in offices))
    assert sorted(ours) == [False] * 7 + [True]


async def test_of_several_notifiers_one_sends(post: Client) -> None:
    """The others find it in his hands, and look again when his lease is over."""
    robot = Robot()
    offices = [office(post, robot, name=f"n{n}") for n in range(6)]
    subject = await offices[0].claim(notice())
    found = await asyncio.gather(*(one.sending.go_on(subject) for one in offices))
    assert len(robot.letters) == 1
    assert {later.at for later in found if later} <= {NOW + timedelta(seconds=60), NOW + BACK_OFF[0]}


async def test_a_failure_that_may_pass_is_tried_again_with_longer_and_longer_pauses(post: Client) -> None:
    """Eight times, then the next channel, which takes it."""
    bad, good = Robot("bad", answers=[BUSY] * 8), Robot("good")
    one = office(post, bad, good)
    subject = await one.claim(notice(channels=("bad", "good")))
    for pause in BACK_OFF:
        later = await one.sending.go_on(subject)
        assert later is not None
        assert later.at == one.now + pause
        one.now = later.at
    assert await one.sending.go_on(subject) is None
    assert (len(bad.letters), len(good.letters)) == (8, 1)
    assert {letter.notice_id for letter in (*bad.letters, *good.letters)} == {notice().id}
    assert (await one.notices.life(subject)).channel == "good"


async def attempts(one: Office, subject: str) -> list[tuple[float, str]]:
    """Seconds after the claim, and the channel, of each, until it is over."""
    while (later := await one.sending.go_on(subject)) is not None:
        one.now = later.at
    stored = await EventStore(one.nc, subjects.NOTICES).load(subject)
    records = [NOTICE_RECORD.validate_json(each.state) for each in stored]
    return [((each.at - NOW).total_seconds(), each.channel) for each in records if isinstance(each, Claimed)]


async def test_where_lives_are_in_danger_the_next_channel_is_tried_at_once(post: Client) -> None:
    """One after another, whatever the trouble; then all of them again, with longer and longer pauses."""
    one = office(post, Robot("a", answers=[BUSY] * 9), Robot("b", answers=[BUSY] * 2), Robot("c", answers=[NEVER]))
    subject = await one.claim(notice(urgent=True, level=6, channels=("a", "b", "c")))
    assert await attempts(one, subject) == [
        *((0, "a"), (0, "b"), (0, "c")),
        *((5, "a"), (5, "b")),
        *((35, "a"), (35, "b")),
    ]
    assert (await one.notices.life(subject)).state == "sent"


async def test_from_l2_up_the_next_channel_is_tried_after_the_second_failure(post: Client) -> None:
    """And the first one again, when nobody took it; until each was tried eight times."""
    one = office(post, Robot("a", answers=[BUSY] * 8), Robot("b", answers=[BUSY] * 8))
    subject = await one.claim(notice(level=3, channels=("a", "b")))
    found = await attempts(one, subject)
    assert found[:6] == [(0, "a"), (5, "a"), (5, "b"), (10, "b"), (40, "a"), (160, "a")]
    assert sorted(channel for _, channel in found) == ["a"] * 8 + ["b"] * 8
    assert (await one.notices.life(subject)).final


async def test_a_channel_that_cannot_work_is_passed_over_at_once(post: Client) -> None:
    """Whatever the level: it is tried again only where the others gave up."""
    shut = NotDelivered("缺少密钥", unusable=True)
    one = office(post, Robot("shut", answers=[shut] * 2), Robot("busy", answers=[BUSY] * 8))
    found = await attempts(one, await one.claim(notice(channels=("shut", "busy"))))
    assert found[:3] == [(0, "shut"), (0, "busy"), (5, "busy")]
    assert [channel for _, channel in found] == ["shut", *["busy"] * 8, *["shut"] * 2]
    one = office(post, Robot("x", answers=[shut]), Robot("y", answers=[shut]))
    assert await attempts(one, await one.claim(notice(2, channels=("x", "y")))) == [(0, "x"), (0, "y"), (5, "x")]


async def test_who_is_in_danger_does_not_wait_behind_others(post: Client) -> None:
    """A channel that is crowded with reminders still takes it."""
    wake = asyncio.Event()
    robot = Robot(closed_until=wake)
    one = office(post, robot, lanes=Lanes(at_once=1, waiting=0, long=-1))
    first = asyncio.create_task(one.sending.go_on(await one.claim(notice(1))))
    await robot.began.wait()
    second = asyncio.create_task(one.sending.go_on(await one.claim(notice(2, urgent=True, level=6))))
    while len(robot.letters) < 2 and not second.done():  # noqa: ASYNC110 (it hangs in there)
        await asyncio.sleep(0.01)
    wake.set()
    assert await first is await second is None
    assert len(robot.letters) == 2


async def test_a_final_failure_goes_to_the_next_channel_at_once(post: Client) -> None:
    """A blocked address will not be better in an hour."""
    bad, good = Robot("bad", answers=[NEVER]), Robot("good")
    one = office(post, bad, good)
    subject = await one.claim(notice(channels=("bad", "good")))
    assert await one.sending.go_on(subject) is None
    assert await one.states(subject) == ["queued", "claimed", "failed", "claimed", "sent"]
    assert await one.dead(notice()) == []


async def test_where_nobody_takes_it_it_becomes_a_dead_letter(post: Client) -> None:
    """One, with the reason, also if whoever failed died before he wrote it."""
    one = office(post, Robot("bad", answers=[NEVER]), Robot("worse", answers=[NEVER]))
    subject = await one.claim(notice(channels=("bad", "worse")))
    assert await one.sending.go_on(subject) is None
    life = await one.notices.life(subject)
    assert (life.state, life.final, life.reason) == ("failed", True, "地址不存在")
    assert await one.sending.go_on(subject) is None
    assert await one.dead(notice()) == ["地址不存在"]


async def test_a_death_between_failure_and_dead_letter_loses_nothing(post: Client) -> None:
    """Whoever gets the job next writes the letter."""
    one = office(post, Robot())
    subject = await one.claim(notice())
    failed = Failed(at=NOW, channel="robot", attempt=1, reason="没有人", final=True)
    await one.notices.append(await one.notices.life(subject), failed)
    assert await one.sending.go_on(subject) is None
    assert await one.dead(notice()) == ["没有人"]


@pytest.mark.parametrize(("asked", "waits"), [(300.0, 300.0), (1.0, 5.0), (None, 5.0), (1e12, 86_400.0)])
async def test_a_vendor_may_ask_to_wait(post: Client, asked: float | None, waits: float) -> None:
    """As with 429: longer than we would, but a day at most."""
    one = office(post, Robot(answers=[NotDelivered("太多了", wait=asked)]))
    later = await one.sending.go_on(await one.claim(notice()))
    assert later is not None
    assert later.at - NOW == timedelta(seconds=waits)


async def test_a_channel_that_hangs_is_a_failure_that_may_pass(post: Client) -> None:
    """Its patience is over long before the lease is."""
    robot = Robot(closed_until=asyncio.Event())
    one = office(post, robot, patience=timedelta(milliseconds=30))
    subject = await one.claim(notice())
    later = await one.sending.go_on(subject)
    life = await one.notices.life(subject)
    assert later is not None
    assert (life.state, life.final) == ("failed", False)
    assert "没有应答" in (life.reason or "")


async def test_a_channel_that_breaks_is_a_failure_that_may_pass(post: Client) -> None:
    """A fault of ours must not lose a notice; what it said does not get into the record."""
    one = office(post, Robot(answers=[ZeroDivisionError("token=secret")]))
    subject = await one.claim(notice())
    assert await one.sending.go_on(subject) is not None
    life = await one.notices.life(subject)
    assert (life.state, life.final) == ("failed", False)
    assert "secret" not in (life.reason or "")


async def test_a_vendor_s_odd_id_is_kept_in_one_line(post: Client) -> None:
    """Whatever it holds, however long it is."""
    one = office(post, Robot(answers=["a\n\x00b\u202e" + "长" * 300]))
    subject = await one.claim(notice())
    assert await one.sending.go_on(subject) is None
    assert (await one.notices.life(subject)).vendor_id == "a b " + "长" * 196


@pytest.mark.parametrize(
    ("people", "says"),
    [(Directory(), "目录里已没有此人"), (directory(), "没有可用的联系方式"), (directory("fax"), "没有渠道 fax")],
)
async def test_whoever_cannot_be_reached_gets_no_further_attempt(post: Client, people: Directory, says: str) -> None:
    """Left, without an address, or with one on a channel that nobody opened: the reason says what to do."""
    one = Office(post, (Robot(),), people)
    subject = await one.claim(notice())
    assert await one.sending.go_on(subject) is None
    life = await one.notices.life(subject)
    assert (life.state, life.final) == ("failed", True)
    assert says in (life.reason or "")
    assert len(await one.dead(notice())) == 1


async def test_the_address_is_that_of_today(post: Client) -> None:
    """Claimed for a channel that he has left: it goes where he is reached now."""
    old, new = Robot("old"), Robot("new")
    one = office(post, old, new)
    one.people = directory("new")
    assert await one.sending.go_on(await one.claim(notice(channels=("old",)))) is None
    assert (len(old.letters), len(new.letters)) == (0, 1)


async def test_a_lease_that_ran_out_is_taken_over(post: Client) -> None:
    """Not a moment earlier; the letter keeps its id."""
    robot = Robot()
    one = office(post, robot)
    subject = await one.claim(notice())
    until = NOW + timedelta(seconds=60)
    lost = Claimed(at=NOW, by="dead", channel="robot", attempt=1, lease_until=until)
    await one.notices.append(await one.notices.life(subject), lost)
    one.now = until - timedelta(microseconds=1)
    later = await one.sending.go_on(subject)
    assert later is not None
    assert (later.at, robot.letters) == (until, [])
    one.now = until
    assert await one.sending.go_on(subject) is None
    assert await one.states(subject) == ["queued", "claimed", "claimed", "sent"]
    assert [letter.notice_id for letter in robot.letters] == [notice().id]


async def test_whoever_comes_back_after_his_lease_does_not_tell_what_is_another_s_to_tell(post: Client) -> None:
    """He slept over his lease while sending; the record is that of whoever took over."""
    wake = asyncio.Event()
    hanging = Robot(closed_until=wake)
    slow, quick = office(post, hanging, name="slow"), office(post, Robot(), name="quick")
    subject = await slow.claim(notice())
    sleeping = asyncio.create_task(slow.sending.go_on(subject))
    await hanging.began.wait()
    quick.now = NOW + timedelta(seconds=61)
    assert await quick.sending.go_on(subject) is None
    wake.set()
    assert await sleeping is None
    assert await quick.states(subject) == ["queued", "claimed", "claimed", "sent"]


async def test_what_was_seen_is_not_sent_again(post: Client) -> None:
    """It arrived although the channel dropped the connection: he pressed the button, so nothing more goes."""
    robot = Robot(answers=[NotDelivered("连接中断")])
    one = office(post, robot)
    subject = await one.claim(notice())
    assert await one.sending.go_on(subject) is not None
    await one.notices.append(await one.notices.life(subject), Acknowledged(at=NOW, person=OWNER))
    assert await one.sending.go_on(subject) is None
    assert ((await one.notices.life(subject)).state, len(robot.letters)) == ("acknowledged", 1)


async def test_whoever_presses_the_button_while_it_is_sent_changes_nothing(post: Client) -> None:
    """That it was sent is recorded behind that it was seen."""
    wake = asyncio.Event()
    robot = Robot(closed_until=wake)
    one = office(post, robot)
    subject = await one.claim(notice())
    sending = asyncio.create_task(one.sending.go_on(subject))
    await robot.began.wait()
    await one.notices.append(await one.notices.life(subject), Acknowledged(at=NOW, person=OWNER))
    wake.set()
    assert await sending is None
    assert await one.states(subject) == ["queued", "claimed", "acknowledged", "sent"]
    assert (await one.notices.life(subject)).state == "acknowledged"


async def test_a_replay_starts_anew_under_the_old_id(post: Client) -> None:
    """By hand: with all its attempts, and whoever asked for it stands there."""
    robot = Robot(answers=[NEVER])
    one = office(post, robot)
    subject = await one.claim(notice())
    await one.sending.go_on(subject)
    life = await one.notices.again(await one.notices.life(subject), CLERK, at=NOW)
    assert (life.state, life.replays, life.again_by, life.attempts) == ("queued", 1, CLERK, {})
    assert await one.sending.go_on(subject) is None
    assert [letter.notice_id for letter in robot.letters] == [notice().id] * 2


async def test_what_waited_and_is_no_longer_so_is_not_sent(post: Client) -> None:
    """For the morning, or for a channel that was down: its life ends with the reason, without a dead letter."""
    robot = Robot(answers=[BUSY])
    one = office(post, robot)
    subject = await one.claim(notice())
    later = await one.sending.go_on(subject)
    assert later is not None
    one.over[notice().id] = "隐患已撤销"
    one.now = NOW + timedelta(minutes=2)
    assert await one.sending.go_on(subject) is None
    life = await one.notices.life(subject)
    assert (life.state, life.reason, life.is_over) == ("dropped", "隐患已撤销", True)
    assert (len(robot.letters), await one.dead(notice())) == (1, [])
    await one.notices.again(life, CLERK, at=one.now)
    assert await one.sending.go_on(subject) is None
    assert await one.states(subject) == ["queued", "claimed", "failed", "dropped", "queued", "dropped"]
    one.over.clear()
    await one.notices.again(await one.notices.life(subject), CLERK, at=one.now)
    assert await one.sending.go_on(subject) is None
    assert (await one.notices.life(subject)).state == "sent"


async def test_what_waited_for_the_morning_is_looked_at_however_short_the_wait(post: Client) -> None:
    """Seconds before the quiet hours end, somebody withdraws it."""
    one = office(post, Robot(), over={notice().id: "隐患已撤销"})
    await one.notices.claim(notice(), at=NOW, not_before=NOW + timedelta(seconds=3))
    one.now = NOW + timedelta(seconds=3)
    assert await one.sending.go_on(subject_of(notice())) is None
    assert (await one.notices.life(subject_of(notice()))).state == "dropped"


async def test_what_was_queued_just_now_is_sent_without_another_look(post: Client) -> None:
    """It was composed from the hazard as it stands."""
    one = office(post, Robot(), over={notice().id: "隐患已撤销"})
    assert await one.sending.go_on(await one.claim(notice())) is None
    assert (await one.notices.life(subject_of(notice()))).state == "sent"


async def test_in_the_quiet_hours_nothing_goes_but_where_lives_are_in_danger(post: Client) -> None:
    """A reminder waits until 07:00, however it was claimed; a warning goes at three in the morning."""
    robot = Robot()
    night = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    one = office(post, robot, now=night)
    later = await one.sending.go_on(await one.claim(notice(1)))
    assert later is not None
    assert (later.at, robot.letters) == (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), [])
    assert await one.sending.go_on(await one.claim(notice(2, urgent=True))) is None
    assert len(robot.letters) == 1


async def test_a_robot_gets_as_many_letters_as_it_may(post: Client) -> None:
    """What is too much gets a slot, and goes in it without asking again; a slot that was missed is taken anew."""
    robot = Robot(per_minute=4)
    one = office(post, robot)
    subjects = [await one.claim(notice(n)) for n in range(4)]
    found = [await one.sending.go_on(subject) for subject in subjects]
    slots = [later.slot for later in found if later and later.slot]
    assert [(slot.at - NOW).total_seconds() for slot in slots] == [21, 42]
    assert len(robot.letters) == 2
    one.now = slots[0].at
    assert await one.sending.go_on(subjects[2], slot=slots[0]) is None
    one.now = slots[1].at + timedelta(hours=1)
    assert await one.sending.go_on(subjects[3], slot=slots[1]) is None
    assert len(robot.letters) == 4


def test_a_lane_is_long_where_letters_leave_slowly_or_not_at_all() -> None:
    """Many that wait for a quick channel are no crowd; a few behind one that hangs are."""
    lane = Lane(asyncio.Semaphore(16))
    for _ in range(3_000):
        lane.enter(0.0)
    assert lane.wait(STILL) == 0
    assert lane.wait(10.0) == 3_000 * 10
    for number in range(1, 1_001):
        lane.leave(number * 0.001)
    assert lane.wait(1.001) == pytest.approx(2.0, rel=0.05)
    for number in range(1, 1_001):
        lane.leave(1.0 + number)
    assert lane.wait(1_001.5) == pytest.approx(1_000, rel=0.05)


async def test_a_crowded_channel_lets_later_ones_come_again(post: Client) -> None:
    """Rather than hold them: what hangs must not fill the queue."""
    wake = asyncio.Event()
    robot = Robot(closed_until=wake)
    one = office(post, robot, lanes=Lanes(at_once=1, waiting=1, long=-1))
    subjects = [await one.claim(notice(n)) for n in range(3)]
    first = asyncio.create_task(one.sending.go_on(subjects[0]))
    second = asyncio.create_task(one.sending.go_on(subjects[1]))
    await robot.began.wait()
    later = await one.sending.go_on(subjects[2])
    assert later is not None
    assert 5 <= (later.at - NOW).total_seconds() <= 65
    wake.set()
    assert await first is await second is None
    assert len(robot.letters) == 2
