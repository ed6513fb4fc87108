"""Put what was told into the store as the service would have put it, only many at once."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from contracts import subjects
from contracts.envelope import GENESIS, Envelope, encode
from services.hazard.recording import event_id
from services.journal import chain
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.journal.wire import MAX_BATCH
from tests.lives.told import Told

MOST_BYTES: Final = 900_000
"""Of the bodies in one atomic batch."""
Sequences = dict[UUID | str, int]
"""The last of each subject."""


async def store(events: EventStore, told: Iterable[Told]) -> int:
    """How many were stored, in that order; several aggregates share an atomic batch.

    Each aggregate is told from its first event on, to a store that does not have it yet.
    """
    last: Sequences = {}
    count = 0
    for batch in _batches(recorded(told)):
        histories = [event.originator_id for event in batch]
        sequences = await events.append_all(batch, after={history: last.get(history, 0) for history in histories})
        last.update(zip(histories, sequences, strict=True))
        count += len(batch)
    return count


def recorded(told: Iterable[Told]) -> Iterator[StoredEvent]:
    """Each event in its envelope, chained to the one before it in its aggregate; each asked by a command of its own."""
    tips: dict[str, tuple[str, str]] = {}
    for kind, aggregate, version, event in told:
        subject, tip = tips.get(aggregate) or (subjects.events_subject(kind, aggregate), GENESIS)
        command = f"told-{aggregate[-12:]}-{version}"
        envelope = Envelope(
            id=event_id(subject, command, 1),
            type=event.type,
            schema_version=event.schema_version,
            aggregate_id=aggregate,
            version=version,
            command_id=command,
            command_hash=GENESIS,
            previous_hash=tip,
            event=event,
            correlation_id=command,
            causation_id=command,
        )
        body = encode(envelope)
        tips[aggregate] = subject, chain.link(tip, subject, event.type, version, body)
        yield StoredEvent(subject, version, event.type, body)


def _batches(events: Iterable[StoredEvent]) -> Iterator[list[StoredEvent]]:
    batch: list[StoredEvent] = []
    size = 0
    for event in events:
        if len(batch) == MAX_BATCH or size + len(event.state) > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += len(event.state)
    if batch:
        yield batch
