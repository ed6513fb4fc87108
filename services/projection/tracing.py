"""What stands behind a cell: the event that set it, who acted, both times, and on what evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from contracts import words
from contracts.base import EvidenceRef
from contracts.parties import Actor
from services.journal import wire
from services.journal.events import EventStore
from services.projection.entries import entries


@dataclass(frozen=True, slots=True)
class Source:
    """One event, as an answer to a question about a cell."""

    sequence: int
    type: str
    """Wire name."""
    name: str
    """What the act is called."""
    aggregate: str
    version: int
    actor: Actor
    occurred_at: datetime
    recorded_at: datetime
    evidence: tuple[EvidenceRef, ...]


async def source(store: EventStore, sequence: int, zone: ZoneInfo) -> Source:
    """The event with that sequence; raises Gap where it is not there, UnapplicableError where it cannot be read."""
    stored = await store.at(sequence)
    if stored is None:
        raise wire.Gap(f"event {sequence} is not in the stream")
    [entry] = entries([stored], zone)
    event = entry.event
    return Source(
        sequence,
        entry.type,
        words.act(entry.type),
        entry.aggregate,
        entry.version,
        event.actor,
        event.occurred_at,
        event.recorded_at,
        tuple(dict.fromkeys(evidence(event))),
    )


def evidence(value: Any) -> Iterator[EvidenceRef]:  # noqa: ANN401 (whatever a field holds)
    """Every file that it names, however deep within it."""
    match value:
        case EvidenceRef():
            yield value
        case BaseModel():
            for name in type(value).model_fields:
                yield from evidence(getattr(value, name))
        case tuple() | list():
            for each in value:
                yield from evidence(each)
