"""A history is loaded whole, and "nothing" is believed only from the leader."""

import pytest
from nats.aio.client import Client
from props import event, history

from services.journal import reading
from services.journal.events import EventStore
from tests.servers import Servers, Stream, fresh_stream


async def test_a_history_of_ten_thousand_events_is_loaded_whole(store: EventStore, stream: Stream) -> None:
    """Ten pages and the rest of one, in order, past the server's limit of a page."""
    subject = stream.subject("long")
    last = 0
    for page in range(10):
        last = (await store.append_all(history(subject, 1000, 1000 * page + 1), after=last))[-1]
    last = await store.append(event(subject, 10_001), after=last)
    found = await store.load(subject)
    assert [one.originator_version for one in found] == list(range(1, 10_002))
    assert [one.id for one in found] == list(range(1, 10_002))


async def test_large_events_fill_pages_that_the_server_cuts_short(store: EventStore, stream: Stream) -> None:
    """The server ends a page at a number of bytes too; the rest is asked for."""
    subject, last = stream.subject("large"), 0
    for version in range(1, 41):
        last = await store.append(event(subject, version, b"x" * 64_000), after=last)
    assert [one.originator_version for one in await store.load(subject)] == list(range(1, 41))


async def test_loading_goes_on_after_what_is_known(store: EventStore, stream: Stream) -> None:
    """`after` is the sequence of the last event that the caller has."""
    subject = stream.subject("a")
    await store.append_all(history(subject, 2), after=0)
    await store.append(event(stream.subject("b")), after=0)
    await store.append(event(subject, 3), after=2)
    assert [one.id for one in await store.load(subject, after=1)] == [2, 4]
    assert await store.load(subject, after=4) == []


async def test_an_originator_without_events_is_empty(store: EventStore, stream: Stream) -> None:
    """No event: an empty list, no last event, and 0 as the last sequence."""
    subject = stream.subject("nobody")
    assert await store.load(subject) == []
    assert await store.last(subject) is None
    assert await store.last_sequence(subject) == 0


async def test_the_last_event_is_the_leaders(store: EventStore, stream: Stream) -> None:
    """Originator and stream each know their last sequence."""
    subject = stream.subject("a")
    await store.append_all(history(subject, 3), after=0)
    await store.append(event(stream.subject("b")), after=0)
    last = await store.last(subject)
    assert last is not None
    assert (last.id, last.originator_version, last.state) == (3, 3, b"3")
    assert await store.last_sequence(subject) == 3
    assert await store.last_of_stream() == 4


async def test_originators_may_be_named_otherwise(nc: Client, stream: Stream) -> None:
    """Other applications map their ids to subjects and back."""
    store = EventStore(
        nc,
        stream.name,
        subject_of=lambda originator: f"{stream.root}.{originator}",
        originator_of=lambda subject: subject.removeprefix(f"{stream.root}."),
    )
    await store.append(event("an-id"), after=0)
    (found,) = await store.load("an-id")
    assert found.originator_id == "an-id"


async def test_what_a_replica_hides_the_leader_shows(nc: Client, servers: Servers) -> None:
    """Where Direct Get has nothing, as on a replica that is behind, the leader is asked before it is believed."""
    stream = await fresh_stream(nc, servers.replicas, allow_direct=False, allow_atomic=True)
    store = EventStore(nc, stream.name, timeout=1)
    subject = stream.subject("a")
    await store.append_all(history(subject, 3), after=0)
    found = await store._reader._confirmed_end(subject, 1)
    assert [one.id for one in found] == [2, 3]


@pytest.mark.parametrize("body", [b"", b"\x00\xff", "控制\r\n字符\x07".encode()])
async def test_any_bytes_come_back_as_they_went(store: EventStore, stream: Stream, body: bytes) -> None:
    """An empty body too, which a careless reader takes for the end of a page."""
    subject = stream.subject("a")
    await store.append_all([event(subject, 1, body), event(subject, 2, body), event(subject, 3, b"end")], after=0)
    assert [one.state for one in await store.load(subject)] == [body, body, b"end"]
    last = await store.last(subject)
    assert last is not None
    assert last.state == b"end"


def test_headers_that_are_no_text_are_read_as_far_as_they_go() -> None:
    """Whoever wrote them, a reader does not die of it."""
    assert reading.parse_headers(b"NATS/1.0\r\nBihuan-Version: \xff\r\nBihuan-Topic: a\r\n\r\n") == {
        "Bihuan-Version": "�",
        "Bihuan-Topic": "a",
    }
