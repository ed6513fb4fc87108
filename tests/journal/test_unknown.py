"""A write without an answer is unknown, not failed; what became of it is found out, on one server and on three."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from props import event, history

from services.journal import wire
from services.journal.connection import connect
from services.journal.events import EventStore
from tests.proxy import Proxy, proxy
from tests.servers import Servers, Stream


@pytest.fixture
async def line(servers: Servers) -> AsyncIterator[Proxy]:
    """The way to the server, which can be held up."""
    async with proxy(servers.nodes[0].url) as opened:
        yield opened


@pytest.fixture
async def far(line: Proxy) -> AsyncIterator[Client]:
    """A connection that goes through the proxy."""
    connection = await connect(line.url, name="far")
    yield connection
    line.requests.set()
    line.answers.set()
    await connection.close()


@pytest.fixture
def remote(far: Client, stream: Stream) -> EventStore:
    """A store that tries for two seconds, each attempt for 0.4."""
    return EventStore(far, stream.name, timeout=2)


async def test_a_lost_answer_is_found_out(line: Proxy, remote: EventStore, store: EventStore, stream: Stream) -> None:
    """The event was stored and the answer came late: the caller gets its sequence, and it is stored once."""
    subject = stream.subject("a")
    line.answers.clear()
    asking = asyncio.create_task(remote.append(event(subject), after=0))
    await stored(store, subject, 1)
    await asyncio.sleep(0.5)
    line.answers.set()
    assert await asking == 1
    assert [found.id for found in await store.load(subject)] == [1]


async def test_an_answer_lost_for_good_is_found_out(
    line: Proxy, far: Client, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """The connection broke between the event and its answer: the second attempt is refused and recognised."""
    subject = stream.subject("a")
    line.answers.clear()
    asking = asyncio.create_task(remote.append(event(subject), after=0))
    await stored(store, subject, 1)
    line.hang_up()
    line.answers.set()
    assert await asking == 1
    assert far.stats["reconnects"] == 1
    assert len(await store.load(subject)) == 1


async def test_a_packet_that_comes_late_is_stored_once(
    line: Proxy, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """The first attempt arrives after the second was acknowledged on another connection: it changes nothing."""
    subject = stream.subject("a")
    await remote.last_of_stream()
    line.requests.clear()
    asking = asyncio.create_task(remote.append(event(subject), after=0))
    await asyncio.sleep(0.6)
    line.requests.set()
    assert await asking == 1
    await asyncio.sleep(0.2)
    assert len(await store.load(subject)) == 1


async def test_anothers_event_in_the_meantime_is_a_conflict(
    line: Proxy, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """While ours was on its way, another's took its place: it can never be stored, and that is certain."""
    subject = stream.subject("a")
    await remote.last_of_stream()
    line.requests.clear()
    asking = asyncio.create_task(remote.append(event(subject, 1, b"ours"), after=0))
    await asyncio.sleep(0.5)
    await store.append(event(subject, 1, b"theirs"), after=0)
    line.requests.set()
    with pytest.raises(wire.Conflict):
        await asking


async def test_an_event_followed_by_anothers_is_still_recognised(
    line: Proxy, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """Ours was stored, unanswered, and another followed it: it is found behind its expectation, not at the end."""
    subject = stream.subject("a")
    line.answers.clear()
    asking = asyncio.create_task(remote.append(event(subject), after=0))
    await stored(store, subject, 1)
    await store.append(event(subject, 2, b"next"), after=1)
    line.hang_up()
    line.answers.set()
    assert await asking == 1


async def test_without_any_answer_the_outcome_is_unknown(line: Proxy, remote: EventStore, stream: Stream) -> None:
    """Within the time-out the caller hears "unknown", never "failed"."""
    await remote.last_of_stream()
    line.answers.clear()
    async with asyncio.timeout(4):
        with pytest.raises(wire.UnknownOutcome):
            await remote.append(event(stream.subject("a")), after=0)


async def test_a_batch_without_an_answer_is_found_out(
    line: Proxy, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """All of it is stored once, and the caller gets every sequence."""
    subject = stream.subject("a")
    await store.append(event(stream.subject("b")), after=0)
    await remote.last_of_stream()
    asking = asyncio.create_task(remote.append_all(history(subject, 20), after=0))
    await asyncio.sleep(0)
    line.answers.clear()
    await asyncio.sleep(0.3)
    line.hang_up()
    line.answers.set()
    assert await asking == list(range(2, 22))
    assert len(await store.load(subject)) == 20


async def test_another_batch_with_the_same_first_event_is_a_conflict(
    line: Proxy, remote: EventStore, store: EventStore, stream: Stream
) -> None:
    """The first event alone proves nothing: a batch is ours only as a whole."""
    subject = stream.subject("a")
    await remote.last_of_stream()
    line.requests.clear()
    asking = asyncio.create_task(remote.append_all(history(subject, 3), after=0))
    await asyncio.sleep(0.5)
    await store.append_all(history(subject, 1), after=0)
    line.requests.set()
    with pytest.raises(wire.Conflict):
        await asking


async def stored(store: EventStore, subject: str, sequence: int) -> None:
    """Wait until the leader shows it."""
    while await store.last_sequence(subject) < sequence:  # noqa: ASYNC110 (another server's state)
        await asyncio.sleep(0.01)
