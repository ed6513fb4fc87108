"""One event at a time, by compare-and-set, on one server and on three."""

import asyncio

import pytest
from eventsourcing.persistence import IntegrityError
from nats.aio.client import Client
from props import event

from services.journal import wire
from services.journal.events import EventStore
from tests.servers import Stream


async def test_an_acknowledged_event_is_found_again(store: EventStore, stream: Stream) -> None:
    """What is appended is loaded with the same originator, version, topic and body, under the sequence given."""
    subject = stream.subject("a")
    body = '{"隐患":"🔥 \\u202e"}'.encode()
    sequence = await store.append(event(subject, 1, body), after=0)
    (found,) = await store.load(subject)
    assert (found.id, found.originator_id, found.originator_version) == (sequence, subject, 1)
    assert (found.topic, found.state) == ("hazard.found", body)


async def test_a_second_event_on_the_same_expectation_is_a_conflict(store: EventStore, stream: Stream) -> None:
    """Two decisions on one state: the second is refused, as the library's IntegrityError, and not stored."""
    subject = stream.subject("a")
    await store.append(event(subject), after=0)
    with pytest.raises(IntegrityError) as refusal:
        await store.append(event(subject, 1, b"other"), after=0)
    assert isinstance(refusal.value, wire.Conflict)
    assert len(await store.load(subject)) == 1


async def test_even_the_same_event_again_is_a_conflict(store: EventStore, stream: Stream) -> None:
    """A repeat that was answered the first time is the caller's mistake: recognising commands is its business."""
    subject = stream.subject("a")
    await store.append(event(subject), after=0)
    with pytest.raises(wire.Conflict):
        await store.append(event(subject), after=0)


async def test_of_many_rivals_one_wins(store: EventStore, stream: Stream) -> None:
    """Fifty at once on one expectation: one is stored, 49 are conflicts, whichever code the server gives."""
    subject = stream.subject("a")
    rivals = (store.append(event(subject, 1, b"%d" % n), after=0) for n in range(50))
    outcomes = await asyncio.gather(*rivals, return_exceptions=True)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, wire.Conflict) for outcome in outcomes) == 49
    assert len(await store.load(subject)) == 1


async def test_the_expectation_is_of_the_originator_alone(store: EventStore, stream: Stream) -> None:
    """Events of others do not disturb: `after` is the last sequence on the subject, not of the stream."""
    first = await store.append(event(stream.subject("a")), after=0)
    await store.append(event(stream.subject("b")), after=0)
    assert await store.append(event(stream.subject("a"), 2), after=first) == 3


async def test_an_event_over_64_kib_is_too_large(store: EventStore, stream: Stream) -> None:
    """The stream refuses it, the history is unharmed, and the next event goes through."""
    subject = stream.subject("a")
    with pytest.raises(wire.TooLarge, match="exceeds"):
        await store.append(event(subject, 1, b"x" * 65_537), after=0)
    assert await store.append(event(subject), after=0) == 1


async def test_an_event_over_the_servers_payload_is_too_large(store: EventStore, stream: Stream) -> None:
    """What would not even leave the client is told in the same way."""
    with pytest.raises(wire.TooLarge, match="9000000 bytes"):
        await store.append(event(stream.subject("a"), 1, b"x" * 9_000_000), after=0)


async def test_a_subject_of_no_stream_is_unavailable(nc: Client, stream: Stream) -> None:
    """Nobody takes it, so nothing is stored, and the caller hears so within the time-out."""
    store = EventStore(nc, stream.name, timeout=2)
    with pytest.raises(wire.Unavailable):
        await store.append(event("nobody.listens"), after=0)


@pytest.mark.parametrize("tail", ["*", "a.>", "a.*.b"])
async def test_a_wildcard_is_no_originator(store: EventStore, stream: Stream, tail: str) -> None:
    """Appending to, or loading, "everybody" is a mistake in the caller."""
    with pytest.raises(ValueError, match="wildcard"):
        await store.append(event(stream.subject(tail)), after=0)
    with pytest.raises(ValueError, match="wildcard"):
        await store.load(stream.subject(tail))
