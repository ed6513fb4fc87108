"""How many letters a robot is given in a minute, by all notifiers together."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from contracts import subjects
from services.journal.bucket import Bucket
from services.notifier.delivering.limits import Limits, next_slot
from tests.notifier.notice_props import NOW

MINUTE = timedelta(minutes=1)
JITTER = st.sampled_from([0.0, 0.01, 0.5, 2.9])


def taken(per_minute: int, waits: list[float]) -> list[datetime]:
    """Slots of letters that come with these seconds between them."""
    now, kept, found = NOW, None, []
    for wait in waits:
        now += timedelta(seconds=wait)
        slot = next_slot(kept, now, per_minute)
        kept = slot.kept
        found.append(slot.at)
        assert slot.at >= now
    return found


@given(st.integers(1, 120), st.lists(st.sampled_from([0.0, 0.3, 2.0, 20.0, 90.0]), max_size=60))
def test_no_minute_holds_more_than_the_robot_may_get(per_minute: int, waits: list[float]) -> None:
    """Whichever minute one looks at, and whenever the letters came."""
    slots = taken(per_minute, waits)
    for start in slots:
        assert sum(start <= slot < start + MINUTE - timedelta(milliseconds=1) for slot in slots) <= per_minute


@given(st.integers(1, 60), st.lists(st.tuples(st.sampled_from([0.0, 0.3, 20.0]), JITTER), max_size=80))
def test_no_minute_holds_more_although_letters_arrive_late(per_minute: int, letters: list[tuple[float, float]]) -> None:
    """The robot counts arrivals, and the network takes now no time and now two seconds and more."""
    slots = taken(per_minute, [wait for wait, _ in letters])
    arrivals = [slot + timedelta(seconds=late) for slot, (_, late) in zip(slots, letters, strict=True)]
    for start in arrivals:
        assert sum(start <= arrival < start + MINUTE for arrival in arrivals) <= per_minute


@pytest.mark.parametrize("late", [0.01, 0.5, 2.9])
def test_late_letters_make_no_minute_too_full(late: float) -> None:
    """Those that go at once arrive late, the others in time: still twenty, not twenty-one."""
    slots = taken(20, [0.0] * 40)
    arrivals = [slot + timedelta(seconds=late if slot == NOW else 0) for slot in slots]
    assert max(sum(start <= arrival < start + MINUTE for arrival in arrivals) for start in arrivals) <= 20


@given(st.integers(1, 120), st.lists(st.sampled_from([0.0, 1.0]), max_size=60))
def test_slots_keep_the_order_in_which_they_were_taken(per_minute: int, waits: list[float]) -> None:
    """Nobody overtakes."""
    slots = taken(per_minute, waits)
    assert slots == sorted(slots)


def test_a_robot_that_rested_takes_a_few_at_once() -> None:
    """A quarter of its minute and one, then evenly."""
    seconds = [(slot - NOW).total_seconds() for slot in taken(20, [0.0] * 9)]
    assert seconds == pytest.approx([0, 0, 0, 0, 0, 0, 4.2, 8.4, 12.6])


async def test_notifiers_share_a_robot_s_slots(post: Client) -> None:
    """Each slot belongs to one of them, whoever asks and however many at once; another robot has its own."""
    several = [Limits(Bucket(post, subjects.NOTIFIER)) for _ in range(4)]
    found = await asyncio.gather(*(limits.take("robot", 4, NOW) for limits in several * 5))
    assert sorted(found) == taken(4, [0.0] * 20)
    assert await several[0].take("other", 4, NOW) == NOW


async def test_what_no_notifier_wrote_is_no_slot(post: Client) -> None:
    """The robot begins anew."""
    bucket = Bucket(post, subjects.NOTIFIER)
    await bucket.put("rate.robot", b"\xff?", after=0)
    assert await Limits(bucket).take("robot", 4, NOW) == NOW
