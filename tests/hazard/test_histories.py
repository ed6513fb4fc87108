"""Histories that a service did not write itself: long, damaged, from the future, or shown late by a replica."""

from collections.abc import Callable
from typing import Any

import pytest
from eventsourcing.persistence import Notification, StoredEvent
from nats.aio.client import Client
from pydantic_core import from_json, to_json

from contracts import subjects
from contracts.replies import Accepted, Refused, Reply
from contracts.terms import Flag
from services.hazard.hazards import Hazards
from services.hazard.known import address
from services.journal import chain, wire
from services.journal.events import EventStore
from tests.hazard.plain import HAZARD, find, hazards, progress
from tests.servers import Stream

Change = Callable[[dict[str, Any]], object]
HASH = "9" * 64


class Lagging(EventStore):
    """What a replica shows that has not yet got the last event; after so many reads it has."""

    lag = 0

    async def load(self, originator: Any, *, after: int = 0) -> list[Notification]:  # noqa: ANN401 (as the store's)
        """All but the last."""
        found = await super().load(originator, after=after)
        if self.lag and found:
            self.lag -= 1
            return found[:-1]
        return found


@pytest.fixture
def lagging(nc: Client, stream: Stream) -> Lagging:
    """It reads from that replica."""
    return Lagging(nc, stream.name, subject_of=lambda subject: stream.subject(str(subject)))


async def test_a_command_hidden_in_the_tail_is_recognised(one: Hazards, lagging: Lagging) -> None:
    """It was answered by another service; the replica does not show that yet. The conflict does."""
    found = accepted(await one.handle(find()))
    asked = progress(found.hazard_id)
    answer = await one.handle(asked)
    lagging.lag = 3
    assert await hazards(lagging).handle(asked) == answer
    assert len(await one.history(found.hazard_id)) == 2


async def test_a_refusal_is_not_decided_on_what_a_replica_shows(one: Hazards, lagging: Lagging) -> None:
    """Neither a version nor a hazard is called wrong that only the replica has not got."""
    found = accepted(await one.handle(find()))
    lagging.lag = 3
    assert accepted(await hazards(lagging).handle(progress(found.hazard_id))).version == 2
    lagging.lag = 3
    assert accepted(await hazards(lagging).handle(progress(found.hazard_id, expected_version=2))).version == 3


async def test_ten_thousand_events_are_a_history_like_any_other(one: Hazards, store: EventStore) -> None:
    """Loaded page by page; the next command is decided and the first one recognised."""
    asked = find()
    found = accepted(await one.handle(asked))
    await lengthen(store, found.hazard_id, 9_999)
    long = hazards(store)
    assert accepted(await long.handle(progress(found.hazard_id, expected_version=10_000))).version == 10_001
    assert await long.handle(asked) == found


async def test_nobody_decides_on_an_event_from_the_future(one: Hazards, store: EventStore) -> None:
    """`newer_schema`; what was answered before, also by the newer program, is answered alike."""
    asked = find()
    found = accepted(await one.handle(asked))
    newer = find(asked.command_id)
    await change(store, found.hazard_id, "c-9", lambda body: body.update(schema_version=9, command_hash=HASH))
    for service in (one, hazards(store)):
        assert refused(await service.handle(progress(found.hazard_id))).code == "newer_schema"
        assert refused(await service.handle(progress(found.hazard_id, expected_version=1))).code == "stale_version"
        assert await service.handle(newer) == found
    known = await hazards(store)._memory.known(address(HAZARD, found.hazard_id))
    again = accepted(known.answer("c-9", HASH) or pytest.fail("not recognised"))
    assert [(event.version, event.flags) for event in again.events] == [(2, (Flag.OVERDUE,))]


@pytest.mark.parametrize(
    "damage",
    [lambda body: body.update(data=7), lambda body: body.clear(), lambda body: body["data"].pop("actor")],
    ids=["no data", "nothing", "no actor"],
)
async def test_nobody_decides_on_a_body_that_cannot_be_read(one: Hazards, store: EventStore, damage: Change) -> None:
    """The history can be shown, the versions go on counting, and every command on it is refused."""
    found = accepted(await one.handle(find()))
    await change(store, found.hazard_id, "c-1", damage)
    for service in (one, hazards(store)):
        assert refused(await service.handle(progress(found.hazard_id, expected_version=2))).code == "damaged"
    assert len(await one.history(found.hazard_id)) == 2


async def test_bytes_that_are_no_json_are_a_history_too(one: Hazards, store: EventStore) -> None:
    """As above."""
    found = accepted(await one.handle(find()))
    subject = subjects.events_subject("hazard", found.hazard_id)
    await store.append(StoredEvent(subject, 2, "hazard.graded", b"\xff\x00"), after=1)
    assert refused(await hazards(store).handle(progress(found.hazard_id))).code == "damaged"


@pytest.mark.parametrize("version", ["abc", "", "-2", "2.0", "٢", "9" * 5000, "7", None])
async def test_nobody_decides_on_an_event_without_its_version(
    nc: Client, stream: Stream, one: Hazards, store: EventStore, version: str | None
) -> None:
    """The header is damaged, not the body: the history is shown, the check names the place, commands are refused."""
    found = accepted(await one.handle(find()))
    subject = subjects.events_subject("hazard", found.hazard_id)
    [first] = await store.load(subject)
    tip = chain.link(chain.GENESIS, subject, first.topic, 1, first.state)
    body = from_json(first.state) | {"id": "e-2", "version": 2, "command_id": "c-2", "previous_hash": tip}
    headers = {wire.TOPIC: first.topic, **({} if version is None else {wire.VERSION: version})}
    await nc.request(stream.subject(subject), to_json(body), headers=headers, timeout=5)
    for service in (one, hazards(store)):
        assert refused(await service.handle(progress(found.hazard_id, expected_version=2))).code == "damaged"
    history = await one.history(found.hazard_id)
    last = await store.last(subject)
    assert [stored.originator_version for stored, _ in history] == [1, last.originator_version if last else None]
    entries = [chain.Entry(subject, stored.topic, stored.originator_version, stored.state) for stored, _ in history]
    broken = chain.check(entries, lambda state: str(from_json(state)["previous_hash"]))
    assert [(each.position, each.reason) for each in broken] == [(2, "stands where version 2 belongs")]


async def change(store: EventStore, hazard_id: str, command_id: str, how: Change) -> None:
    """Append a second event whose body is the first one's, changed."""
    subject = subjects.events_subject("hazard", hazard_id)
    [first] = await store.load(subject)
    body = from_json(first.state) | {"id": f"e-{command_id}", "version": 2, "command_id": command_id}
    body["data"]["flags"] = [Flag.OVERDUE]
    how(body)
    await store.append(StoredEvent(subject, 2, first.topic, to_json(body)), after=1)


async def lengthen(store: EventStore, hazard_id: str, count: int) -> None:
    """Add so many events, a chain as the service would write it."""
    subject = subjects.events_subject("hazard", hazard_id)
    [last] = await store.load(subject)
    template = from_json(last.state) | {"type": "hazard.progress_reported", "schema_version": 1}
    template["data"]["done"] = "清理"
    tip, after, batch = chain.link(chain.GENESIS, subject, last.topic, 1, last.state), last.id, []
    for version in range(2, count + 2):
        body = to_json(
            template | {"id": f"e{version}", "version": version, "command_id": f"c{version}", "previous_hash": tip}
        )
        batch.append(StoredEvent(subject, version, template["type"], body))
        tip = chain.link(tip, subject, template["type"], version, body)
        if len(batch) == 500 or version == count + 1:
            after = (await store.append_all(batch, after=after))[-1]
            batch = []


def accepted(answer: Reply) -> Accepted:
    """It was."""
    assert isinstance(answer, Accepted), answer
    return answer


def refused(answer: Reply) -> Refused:
    """It was."""
    assert isinstance(answer, Refused), answer
    return answer
