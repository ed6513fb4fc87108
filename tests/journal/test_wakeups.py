"""A wake-up fires at its time, once, whatever happened to the server meanwhile."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from eventsourcing.persistence import Notification
from nats.aio.client import Client

from contracts import subjects
from services.journal import wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from services.journal.reading import parse_headers
from services.journal.streams import STREAMS, declare
from services.journal.wakeups import AHEAD, WakeUps
from tests import servers as real
from tests.servers import Servers

PAST = datetime(1999, 12, 31, tzinfo=UTC)


@pytest.fixture
async def timers(nc: Client, servers: Servers) -> AsyncIterator[WakeUps]:
    """Wake-ups on a TIMERS of their own."""
    await declare(nc, [subjects.TIMERS], replicas=servers.replicas)
    yield WakeUps(nc)
    await call(nc, f"STREAM.DELETE.{subjects.TIMERS}")


async def server_time(nc: Client) -> datetime:
    """The time of the server that will fire."""
    return datetime.fromisoformat((await call(nc, f"STREAM.INFO.{subjects.TIMERS}"))["ts"])


async def last_of(nc: Client, subject: str) -> tuple[datetime, dict[str, str]]:
    """When the last message of a subject was stored, and its headers."""
    answer = await call(nc, f"STREAM.MSG.GET.{subjects.TIMERS}", {"last_by_subj": subject})
    return datetime.fromisoformat(answer["message"]["time"]), parse_headers(b64decode(answer["message"]["hdrs"]))


async def fired(nc: Client, count: int) -> list[Notification]:
    """The first so many that became due, whenever that was."""
    found: list[Notification] = []
    following = EventStore(nc, subjects.TIMERS).follow(subjects=["due.>"])
    async with asyncio.timeout(20):
        while len(found) < count:
            found += await anext(following)
    await following.aclose()
    return found


async def standing(nc: Client, timed: str) -> str:
    """The moment that stands in the schedule."""
    return (await last_of(nc, f"timers.hazard.{timed}"))[1]["Nats-Schedule"]


async def test_it_fires_at_its_time_with_its_body(nc: Client, timers: WakeUps) -> None:
    """Not before; on the subject of what was timed; and nothing of it stays in waiting."""
    when = await server_time(nc) + timedelta(seconds=0.4)
    await timers.set("digest", "p1", when.astimezone(timezone(timedelta(hours=8))), b"2026-05-06")
    assert await timers.pending() == 1
    (found,) = await fired(nc, 1)
    assert (found.originator_id, found.state) == ("due.digest.p1", b"2026-05-06")
    assert await server_time(nc) >= when
    assert await timers.pending() == 0


async def test_one_stands_for_each_and_the_last_one_counts(nc: Client, timers: WakeUps) -> None:
    """Set later, set earlier, set again for the same moment: one wake-up, the last that was set."""
    now = await server_time(nc)
    later, soon = now + timedelta(hours=1), now + timedelta(seconds=0.3)
    for when, body in ((soon, b"1"), (later, b"2"), (soon, b"3"), (soon, b"4")):
        await timers.set("hazard", "h1", when, body)
    await timers.set("hazard", "h2", later)
    assert await timers.pending() == 2
    assert [(one.originator_id, one.state) for one in await fired(nc, 1)] == [("due.hazard.h1", b"4")]
    assert await timers.pending() == 1


async def test_two_at_the_same_moment_both_fire(nc: Client, timers: WakeUps) -> None:
    """The moment is nobody's key."""
    when = await server_time(nc) + timedelta(seconds=0.3)
    await asyncio.gather(*(timers.set("hazard", name, when) for name in "ab"))
    assert {one.originator_id for one in await fired(nc, 2)} == {"due.hazard.a", "due.hazard.b"}


@pytest.mark.parametrize("when", [datetime.min.replace(tzinfo=UTC), PAST, datetime(1970, 1, 1, tzinfo=UTC)])
async def test_what_is_past_fires_at_once(nc: Client, timers: WakeUps, when: datetime) -> None:
    """Also a moment that the server cannot count."""
    await timers.set("hazard", "h1", when)
    assert [one.originator_id for one in await fired(nc, 1)] == ["due.hazard.h1"]


async def test_what_is_far_ahead_waits(nc: Client, timers: WakeUps) -> None:
    """Also a moment past what the server can count, which would fire at once."""
    for year in (2199, 2263, 9999):
        await timers.set("hazard", f"h{year}", datetime(year, 1, 1, tzinfo=UTC))
    await timers.set("hazard", "now", PAST)
    assert [one.originator_id for one in await fired(nc, 1)] == ["due.hazard.now"]
    assert await timers.pending() == 3
    assert await standing(nc, "h2199") == "@at 2199-01-01T00:00:00.000000Z"
    assert await standing(nc, "h9999") == "@at 2262-01-01T00:00:00.000000Z"


@pytest.mark.usefixtures("timers")
async def test_with_a_clock_none_is_further_than_a_year_ahead(nc: Client) -> None:
    """A needless wake-up a year finds nothing due, and what has changed meanwhile."""
    now = datetime(2090, 5, 6, 7, 8, 9, 10, tzinfo=UTC)
    yearly = WakeUps(nc, clock=lambda: now)
    await yearly.set("hazard", "far", now + AHEAD + timedelta(days=1))
    await yearly.set("hazard", "near", now + AHEAD - timedelta(days=1))
    assert await standing(nc, "far") == "@at 2091-05-06T07:08:09.000010Z"
    assert await standing(nc, "near") == "@at 2091-05-05T07:08:09.000010Z"


async def test_a_thousand_at_once_are_all_set(nc: Client, timers: WakeUps) -> None:
    """They share one inbox and wait for each other's room in the socket, not for each other's answer."""
    subscriptions = len(nc._subs)
    when = await server_time(nc) + timedelta(hours=1)
    await asyncio.gather(*(timers.set("hazard", f"{n}", when, bytes(2000)) for n in range(1000)))
    assert await timers.pending() == 1000
    assert len(nc._subs) <= subscriptions + 2


async def test_what_fired_does_not_stay_for_ever(nc: Client, timers: WakeUps) -> None:
    """It expires by itself, long after the longest outage that is to be survived."""
    await timers.set("hazard", "h1", PAST)
    await fired(nc, 1)
    assert (await last_of(nc, "due.hazard.h1"))[1]["Nats-TTL"] == "2160h"


async def test_they_survive_a_server_that_is_killed(tmp_path: Path) -> None:
    """All that was confirmed fires, each once and none early: what came due meanwhile, and the rest."""
    servers = real.single(tmp_path)
    (node,) = servers.nodes
    node.start()
    await node.ready()
    nc = await connect(servers.url)
    await declare(nc, [subjects.TIMERS])
    timers, now = WakeUps(nc), await server_time(nc)
    overdue, later = now + timedelta(seconds=0.6), now + timedelta(seconds=1.6)
    setting = (timers.set("hazard", f"{n}", later if n % 2 else overdue, b"%d" % n) for n in range(100))
    await asyncio.gather(*setting)
    node.kill()
    with pytest.raises(wire.Unavailable, match="set it again"):
        await WakeUps(nc, timeout=0.3).set("hazard", "x", overdue)
    await asyncio.sleep(0.4)
    node.start()
    await node.ready()
    found = await fired(nc, 100)
    assert sorted(int(one.state) for one in found) == list(range(100))
    for number in range(100):
        assert (await last_of(nc, f"due.hazard.{number}"))[0] >= (later if number % 2 else overdue)
    assert await timers.pending() == 0
    await nc.close()
    servers.stop()


async def test_what_the_server_will_never_take_is_told(nc: Client, timers: WakeUps) -> None:
    """A stream that knows no schedules refuses, and a body that is too large has a name."""
    with pytest.raises(wire.TooLarge):
        await timers.set("hazard", "h1", PAST, bytes(9 * 2**20))
    await call(nc, f"STREAM.DELETE.{subjects.TIMERS}")
    plain = {**STREAMS[subjects.TIMERS], "name": subjects.TIMERS, "allow_msg_schedules": False}
    await call(nc, f"STREAM.CREATE.{subjects.TIMERS}", plain)
    with pytest.raises(wire.Refused, match="schedule"):
        await timers.set("hazard", "h1", PAST)


@pytest.mark.parametrize("timed", ["", "a b", "a.b", "*", "a>", "a\n"])
async def test_what_is_no_token_never_reaches_the_wire(nc: Client, timed: str) -> None:
    """A blank in a subject would break the connection of all who share it."""
    with pytest.raises(ValueError, match="one token"):
        await WakeUps(nc).set("hazard", timed, PAST)
