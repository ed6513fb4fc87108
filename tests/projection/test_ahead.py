"""A second process reads far ahead; whoever asks gets the same events as from the stream itself."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from nats.aio.client import Client

from services.journal import wire
from services.journal.api import call
from services.journal.events import EventStore
from services.journal.library import Notification
from services.projection import ahead
from services.projection.ahead import FarReader
from tests.lives import benchmark_lives
from tests.lives.storing import recorded
from tests.servers import Servers, Stream, fresh_stream

Follow = AsyncGenerator[list[Notification], None]


async def _all(follow: Follow) -> list[Notification]:
    return [one async for batch in follow for one in batch]


@pytest.fixture
async def filled(nc: Client, stream: Stream) -> int:
    """So many events."""
    return await _fill(nc, stream)


async def _fill(nc: Client, stream: Stream) -> int:
    told = recorded(benchmark_lives(60))
    events = [replace(event, originator_id=stream.subject(str(number))) for number, event in enumerate(told)]
    after = {event.originator_id: 0 for event in events}
    return (await EventStore(nc, stream.name).append_all(events, after=after))[-1]


async def test_the_child_gives_what_the_stream_has(nc: Client, stream: Stream, filled: int) -> None:
    """The same events in the same order, from the place asked for to the place asked for."""
    here = await _all(EventStore(nc, stream.name).follow(after=7, until=filled - 3))
    there = await _all(ahead.follow(ahead.source(nc, stream.name), after=7, until=filled - 3))
    assert there == here
    assert [one.id for one in there] == list(range(8, filled - 2))


async def test_what_is_near_is_read_here(
    nc: Client, stream: Stream, filled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process is started for what is far only; the answer is the same."""
    asked: list[int] = []
    there = ahead.follow

    def counted(place: ahead.Source, *, after: int, until: int) -> Follow:
        asked.append(after)
        return there(place, after=after, until=until)

    monkeypatch.setattr(ahead, "follow", counted)
    reader = FarReader(nc, stream.name)
    near = await _all(reader.follow(until=filled))
    assert asked == []
    monkeypatch.setattr(ahead, "FAR", 10)
    assert await _all(reader.follow(until=filled)) == near
    assert asked == [0]


async def test_a_child_that_dies_is_replaced_by_reading_here(
    nc: Client, stream: Stream, filled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, and nothing comes twice, wherever it stopped."""
    here = await _all(EventStore(nc, stream.name).follow(until=filled))

    async def broken(_: ahead.Source, *, after: int, until: int) -> Follow:
        yield [one for one in here if after < one.id <= min(until, 20)]
        raise wire.Unavailable("the child was killed")

    monkeypatch.setattr(ahead, "FAR", 10)
    monkeypatch.setattr(ahead, "follow", broken)
    assert await _all(FarReader(nc, stream.name).follow(until=filled)) == here


async def test_a_hole_stops_it(nc: Client, servers: Servers) -> None:
    """A gap that the child finds is a gap here: it is named, and never skipped."""
    stream = await fresh_stream(nc, servers.replicas, deny_delete=False)
    last = await _fill(nc, stream)
    await call(nc, f"STREAM.MSG.DELETE.{stream.name}", {"seq": 30})
    with pytest.raises(wire.Gap, match="29"):
        await _all(ahead.follow(ahead.source(nc, stream.name), after=0, until=last))
    await call(nc, f"STREAM.DELETE.{stream.name}")


async def test_a_server_that_is_not_there_is_said(stream: Stream) -> None:
    """The child says why it could not begin."""
    with pytest.raises(wire.Unavailable, match="no NATS server"):
        await _all(ahead.follow(ahead.Source("nats://127.0.0.1:9", stream=stream.name), after=0, until=10))
