"""Several events at once: all or none."""

import asyncio

import pytest
from props import event, history

from services.journal import wire
from services.journal.events import EventStore
from tests.servers import Stream


async def test_all_are_stored_one_after_another(store: EventStore, stream: Stream) -> None:
    """Two events get two sequences in a row."""
    subject = stream.subject("a")
    assert await store.append_all(history(subject, 2), after=0) == [1, 2]
    assert [found.state for found in await store.load(subject)] == [b"1", b"2"]


async def test_none_is_stored_on_a_stale_expectation(store: EventStore, stream: Stream) -> None:
    """A conflict refuses the whole batch."""
    subject = stream.subject("a")
    await store.append(event(subject), after=0)
    with pytest.raises(wire.Conflict):
        await store.append_all(history(subject, 3), after=0)
    assert len(await store.load(subject)) == 1


async def test_a_thousand_fit_and_no_more(store: EventStore, stream: Stream) -> None:
    """The server's limit is told before anything is sent."""
    subject = stream.subject("a")
    assert await store.append_all(history(subject, 1000), after=0) == list(range(1, 1001))
    with pytest.raises(wire.TooLarge, match="1001"):
        await store.append_all(history(subject, 1001, 1001), after=1000)


async def test_one_event_needs_no_batch_and_none_needs_nothing(store: EventStore, stream: Stream) -> None:
    """A single event goes as a plain publish, 40 times cheaper on one server."""
    assert await store.append_all([event(stream.subject("a"))], after=0) == [1]
    assert await store.append_all([], after=1) == []


async def test_several_originators_each_with_its_expectation(store: EventStore, stream: Stream) -> None:
    """A batch may touch several histories; one stale expectation refuses them all."""
    a, b = stream.subject("a"), stream.subject("b")
    first = await store.append(event(a), after=0)
    mixed = [event(a, 2), event(b, 1), event(a, 3)]
    with pytest.raises(wire.Conflict):
        await store.append_all(mixed, after={a: first, b: 7})
    assert await store.append_all(mixed, after={a: first, b: 0}) == [2, 3, 4]
    assert [found.originator_version for found in await store.load(a)] == [1, 2, 3]


async def test_an_originator_without_an_expectation_is_a_mistake(store: EventStore, stream: Stream) -> None:
    """Nothing is written unguarded."""
    with pytest.raises(ValueError, match="expectation"):
        await store.append_all([event(stream.subject("a")), event(stream.subject("b"))], after=0)


async def test_more_batches_at_once_than_the_server_opens_all_arrive(store: EventStore, stream: Stream) -> None:
    """The server opens 50 a stream; the others step back and come again."""
    batches = [store.append_all(history(stream.subject(f"s{n}"), 3), after=0) for n in range(80)]
    sequences = [sequence for batch in await asyncio.gather(*batches) for sequence in batch]
    assert sorted(sequences) == list(range(1, 241))


async def test_a_batch_with_one_event_too_large_stores_nothing(store: EventStore, stream: Stream) -> None:
    """The refusal of one refuses all."""
    subject = stream.subject("a")
    with pytest.raises(wire.TooLarge):
        await store.append_all([event(subject, 1), event(subject, 2, b"x" * 70_000), event(subject, 3)], after=0)
    assert await store.load(subject) == []


@pytest.mark.parametrize("size", [900, 2048, 20_000])
async def test_a_batch_larger_than_what_may_wait_for_the_socket(store: EventStore, stream: Stream, size: int) -> None:
    """Its own bytes are not the backlog that would refuse it; other writes go on beside it."""
    subject, beside = stream.subject("a"), stream.subject("b")
    long = [event(subject, version, b"%06d" % version + b"x" * size) for version in range(1, 1001)]
    batch = asyncio.create_task(store.append_all(long, after=0))
    await asyncio.sleep(0)
    assert await store.append(event(beside), after=0)
    first, *_, last = await batch
    assert last == first + 999
    assert [found.state for found in await store.load(subject)] == [each.state for each in long]
