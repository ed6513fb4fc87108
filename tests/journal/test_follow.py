"""A follower gives every event once, in order, whatever happens to its consumer and its server."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from eventsourcing.persistence import Notification
from nats.aio.client import Client
from props import history

from services.journal import delivery, wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from tests.servers import Servers, Stream, fresh_stream

Following = AsyncGenerator[list[Notification], None]


async def fill(store: EventStore, stream: Stream, count: int, name: str = "a") -> None:
    """So many events of one originator, in batches."""
    subject = stream.subject(name)
    last = await store.last(subject)
    version, sequence = (last.originator_version, last.id) if last else (0, 0)
    for first in range(version + 1, version + count + 1, 1000):
        size = min(1000, version + count + 1 - first)
        sequence = (await store.append_all(history(subject, size, first), after=sequence))[-1]


async def take(following: Following, count: int) -> list[int]:
    """The sequences of the next events, at least so many."""
    found: list[int] = []
    async with asyncio.timeout(30):
        while len(found) < count:
            found += [one.id for one in await anext(following)]
    return found


async def test_everything_is_given_in_order_up_to_the_end(store: EventStore, stream: Stream) -> None:
    """With `until` it ends when everything up to that sequence was given, and not before."""
    await fill(store, stream, 12_345)
    found = [one.id async for batch in store.follow(until=12_345) for one in batch]
    assert found == list(range(1, 12_346))
    found = [one.id async for batch in store.follow(after=100, until=200) for one in batch]
    assert found == list(range(101, 201))
    assert [batch async for batch in store.follow(after=200, until=200)] == []


async def test_new_events_come_as_they_are_stored(store: EventStore, stream: Stream) -> None:
    """Past the end it waits, and goes on."""
    await fill(store, stream, 3)
    following = store.follow(after=1)
    assert await take(following, 2) == [2, 3]
    await fill(store, stream, 2)
    assert await take(following, 2) == [4, 5]
    await following.aclose()


async def test_it_goes_on_after_a_long_silence(
    store: EventStore, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests expire and are asked again; an event after that still comes."""
    monkeypatch.setattr(delivery, "EXPIRES", 0.1)
    following = store.follow()
    waiting = asyncio.create_task(take(following, 1))
    await asyncio.sleep(1)
    await fill(store, stream, 1)
    assert await waiting == [1]
    await following.aclose()


async def test_only_what_matches_is_given(store: EventStore, stream: Stream) -> None:
    """A filter is a jurisdiction; the end is known although the last events are others'."""
    for name in ("32.a", "33.b", "32.c", "33.d"):
        await fill(store, stream, 2, name)
    wanted = [stream.subject("32.>")]
    found = [one.id async for batch in store.follow(subjects=wanted, until=8) for one in batch]
    assert found == [1, 2, 5, 6]
    found = [one.id async for batch in store.follow(subjects=wanted, until=5) for one in batch]
    assert found == [1, 2, 5]
    nobody = [stream.subject("34.>")]
    assert [batch async for batch in store.follow(subjects=nobody, until=8)] == []


async def test_a_deleted_consumer_is_replaced(nc: Client, store: EventStore, stream: Stream) -> None:
    """The follower goes on behind what it gave last: nothing twice, nothing left out."""
    await fill(store, stream, 10)
    following = store.follow()
    found = await take(following, 10)
    for _ in range(3):
        waiting = asyncio.create_task(take(following, 10))
        await asyncio.sleep(0.05)
        for name in (await call(nc, f"CONSUMER.NAMES.{stream.name}"))["consumers"]:
            await call(nc, f"CONSUMER.DELETE.{stream.name}.{name}")
        await fill(store, stream, 10)
        found += await waiting
    assert found == list(range(1, 41))
    await following.aclose()


async def test_a_consumer_deleted_between_two_requests_is_replaced(
    nc: Client, store: EventStore, stream: Stream
) -> None:
    """Where nobody answers the next request, a new consumer is made."""
    await fill(store, stream, 5000)
    following = store.follow()
    found = [one.id for one in await anext(following)]
    for name in (await call(nc, f"CONSUMER.NAMES.{stream.name}"))["consumers"]:
        await call(nc, f"CONSUMER.DELETE.{stream.name}.{name}")
    found += await take(following, 5000 - len(found))
    assert found == list(range(1, 5001))
    await following.aclose()


async def test_a_moved_leader_is_followed(nc: Client, servers: Servers, store: EventStore, stream: Stream) -> None:
    """The stream's leader steps down under a reader; on one server there is none to move."""
    await fill(store, stream, 3000)
    following = store.follow()
    found = [one.id for one in await anext(following)]
    if servers.replicas > 1:
        await call(nc, f"STREAM.LEADER.STEPDOWN.{stream.name}")
    found += await take(following, 3000 - len(found))
    await fill(store, stream, 10)
    found += await take(following, 10)
    assert found == list(range(1, 3011))
    await following.aclose()


async def test_a_slow_reader_is_not_drowned(nc: Client, store: EventStore, stream: Stream) -> None:
    """Between two batches no more than two requests' worth is held in memory."""
    await fill(store, stream, 20_000)
    following = store.follow()
    found, before = 0, nc.stats["in_msgs"]
    while found < 20_000:
        batch = await anext(following)
        found += len(batch)
        await asyncio.sleep(0.05)
        assert nc.stats["in_msgs"] - before <= found + 2 * delivery.BATCH + 50
    await following.aclose()


async def test_a_hole_in_the_stream_is_a_gap(nc: Client, servers: Servers) -> None:
    """A message that is gone is never passed over: what comes before it is given, then it is an error."""
    stream = await fresh_stream(nc, servers.replicas, deny_delete=False)
    store = EventStore(nc, stream.name)
    await fill(store, stream, 10)
    await call(nc, f"STREAM.MSG.DELETE.{stream.name}", {"seq": 7})
    following, found = store.follow(), list[int]()
    with pytest.raises(wire.Gap, match="between 6 and 8"):
        await read_into(found, following)
    assert found == [1, 2, 3, 4, 5, 6]


async def test_a_hole_at_the_end_is_a_gap(nc: Client, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has nothing more to give, but its last sequence is later: not caught up, but a loss."""
    monkeypatch.setattr(delivery, "EXPIRES", 0.3)
    stream = await fresh_stream(nc, servers.replicas, deny_delete=False)
    store = EventStore(nc, stream.name)
    await fill(store, stream, 10)
    await call(nc, f"STREAM.MSG.DELETE.{stream.name}", {"seq": 10})
    following, found = store.follow(until=10), list[int]()
    with pytest.raises(wire.Gap, match="past 9"):
        await read_into(found, following)
    assert found == list(range(1, 10))


async def test_a_missing_stream_is_told(nc: Client) -> None:
    """It is no reason to wait for ever."""
    with pytest.raises(wire.Refused, match="stream not found"):
        await anext(EventStore(nc, "NO_SUCH").follow())


async def test_a_closed_connection_ends_it(
    servers: Servers, store: EventStore, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follower on a connection that is closed for good says so."""
    monkeypatch.setattr(delivery, "EXPIRES", 0.2)
    await fill(store, stream, 1)
    own = await connect(servers.url)
    following = EventStore(own, stream.name).follow()
    await take(following, 1)
    await own.close()
    with pytest.raises(wire.Unavailable, match="closed"):
        await anext(following)


async def read_into(found: list[int], following: Following) -> None:
    """Read for ever, or until it fails."""
    async with asyncio.timeout(20):
        async for batch in following:
            found += [one.id for one in batch]
