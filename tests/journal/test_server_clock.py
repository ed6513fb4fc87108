"""The time is the event store's, whatever this machine's clock says."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from services.journal import clock as clocks
from services.journal import wire
from services.journal.api import call
from services.journal.clock import STANDS_STILL, Reckoning, ServerClock
from services.journal.connection import connect
from tests import servers as real
from tests.servers import Stream, fresh_stream

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
ZERO = timedelta()


def seconds(count: float) -> timedelta:
    """So many."""
    return timedelta(seconds=count)


@pytest.fixture
async def clock(nc: Client, stream: Stream) -> AsyncIterator[ServerClock]:
    """One that runs."""
    made = ServerClock(nc, stream=stream.name)
    await made.start()
    yield made
    await made.stop()


async def told(nc: Client, stream: Stream) -> datetime:
    """The server's time, as it says itself."""
    return datetime.fromisoformat((await call(nc, f"STREAM.INFO.{stream.name}"))["ts"])


async def test_it_tells_the_server_s_time(nc: Client, stream: Stream, clock: ServerClock) -> None:
    """Between two answers of the server's it is between them, to a few milliseconds; and aware, in UTC."""
    for _ in range(5):
        before, now, after = await told(nc, stream), clock(), await told(nc, stream)
        assert before - seconds(0.1) <= now <= after + seconds(0.1)
        assert now.tzinfo is UTC


@pytest.mark.parametrize("hours", [-24, 24])
async def test_this_machine_s_clock_changes_nothing(nc: Client, stream: Stream, hours: int) -> None:
    """Wrong from the start, or set while it runs."""
    before = await told(nc, stream)
    with time_machine.travel(before + timedelta(hours=hours)):
        clock = ServerClock(nc, stream=stream.name)
        await clock.start()
        assert abs(clock() - before) < seconds(60)
    with time_machine.travel(before - timedelta(hours=hours)):
        assert abs(clock() - before) < seconds(60)
    await clock.stop()


async def test_before_it_is_started_it_tells_nothing(nc: Client, stream: Stream) -> None:
    """A guess would be this machine's time."""
    with pytest.raises(RuntimeError, match="start the clock first"):
        ServerClock(nc, stream=stream.name)()


async def test_a_missing_stream_is_told(nc: Client) -> None:
    """Its leader is whose time it would be."""
    with pytest.raises(wire.Refused, match="stream not found"):
        await ServerClock(nc, stream="NO_SUCH").start()


async def test_it_looks_again_and_again(nc: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reckoning that went wrong is put right, until it is stopped."""
    monkeypatch.setattr(clocks, "REFRESH", 0.02)
    clock = ServerClock(nc, stream=stream.name)
    await clock.start()
    for wrong in (-seconds(3600), seconds(3600)):
        clock._reckoning._zero = (await told(nc, stream)) - clocks._reading() + wrong
        async with asyncio.timeout(5):
            while abs(clock() - await told(nc, stream)) > seconds(60):  # noqa: ASYNC110 (it tells nobody)
                await asyncio.sleep(0.01)
    await clock.stop()
    asked = nc.stats["out_msgs"]
    await asyncio.sleep(0.1)
    assert nc.stats["out_msgs"] == asked


async def test_it_goes_on_while_the_server_is_away_and_looks_when_it_is_back(tmp_path: Path) -> None:
    """Nobody waits half a minute for the time of the server that he now talks to."""
    servers = real.single(tmp_path)
    (node,) = servers.nodes
    node.start()
    await node.ready()
    nc = await connect(servers.url)
    stream = await fresh_stream(nc, 1)
    clock = ServerClock(nc, stream=stream.name)
    await clock.start()
    before = clock()
    node.kill()
    assert clock() >= before
    clock._reckoning._zero = NOON - clocks._reading()
    node.start()
    await node.ready()
    async with asyncio.timeout(10):
        while abs(clock() - before) > seconds(60):  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.02)
    await clock.stop()
    await nc.close()
    servers.stop()


def test_the_first_answer_came_half_way() -> None:
    """Nothing better is known."""
    reckoning = Reckoning()
    reckoning.learn(seconds(10), seconds(12), NOON)
    assert reckoning.at(seconds(11)) == NOON
    assert reckoning.at(seconds(21)) == NOON + seconds(10)


def test_a_slow_answer_does_not_shift_it() -> None:
    """It proves only that the server spoke between question and answer."""
    reckoning = Reckoning()
    reckoning.learn(seconds(10), seconds(10), NOON)
    assert reckoning.learn(seconds(20), seconds(25), NOON + seconds(11)) == ZERO
    assert reckoning.at(seconds(25)) == NOON + seconds(15)
    assert reckoning.learn(seconds(30), seconds(31), NOON + seconds(25)) == seconds(4)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5), st.floats(0, 1)), min_size=1))
def test_it_is_wrong_by_no_more_than_the_quickest_answer_took(looks: list[tuple[float, float, float]]) -> None:
    """However slowly the others came, before it or after it."""
    reckoning, reading = Reckoning(), 0.0
    for pause, took, spoke in looks:
        reading += pause
        reckoning.learn(seconds(reading), seconds(reading + took), NOON + seconds(reading + took * spoke))
        reading += took
    quickest = seconds(min(took for _, took, _ in looks))
    assert abs(reckoning.at(seconds(reading)) - NOON - seconds(reading)) <= quickest + timedelta(microseconds=5)


def test_a_small_step_back_is_waited_out() -> None:
    """Whoever asks twice never gets an earlier moment; and it goes on from where it stood still."""
    reckoning = Reckoning()
    reckoning.learn(ZERO, ZERO, NOON)
    assert reckoning.at(seconds(10)) == NOON + seconds(10)
    reckoning.learn(seconds(10), seconds(10), NOON + seconds(9))
    assert [reckoning.at(seconds(reading)) - NOON for reading in (10, 10.5, 11, 12)] == [
        seconds(10),
        seconds(10),
        seconds(10),
        seconds(11),
    ]


def test_a_clock_that_was_set_back_is_believed() -> None:
    """Deadlines are the server's; it is not overruled for an hour."""
    reckoning = Reckoning()
    reckoning.learn(ZERO, ZERO, NOON)
    reckoning.at(seconds(10))
    for behind in (STANDS_STILL + seconds(0.001), seconds(3600)):
        reckoning.learn(seconds(10), seconds(10), NOON - behind)
        assert reckoning.at(seconds(10)) == NOON - behind
        reckoning.learn(seconds(10), seconds(10), NOON + seconds(10))
        assert reckoning.at(seconds(10)) == NOON + seconds(10)
