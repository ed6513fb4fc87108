"""A store with a great many hazards in it, written in atomic batches, each a history that reads like any other."""

from uuid import UUID

from eventsourcing.persistence import StoredEvent

from benchmarks.measure import AREA, finding
from contracts import subjects
from contracts.envelope import Envelope, encode
from contracts.events import Event, HazardFound, ProgressReported
from services.journal import chain
from services.journal.events import EventStore

EVENTS_EACH = 6
TOGETHER = 80
"""Hazards in one atomic batch: less than a thousand messages, and than a mebibyte."""


async def fill(store: EventStore, hazards: int) -> list[str]:
    """The ids of so many hazards of six events each, interleaved on the disk as life would."""
    ids = [subjects.aggregate_id(AREA, UUID(int=number)) for number in range(hazards)]
    templates = _life()
    for start in range(0, hazards, TOGETHER):
        some = [subjects.events_subject(subjects.HAZARD, one) for one in ids[start : start + TOGETHER]]
        histories = [_history(subject, templates) for subject in some]
        events = [event for step in zip(*histories, strict=True) for event in step]
        await store.append_all(events, after=dict.fromkeys(some, 0))
    return ids


def _life() -> list[Event]:
    told = finding()
    common = {"actor": told.actor, "occurred_at": told.occurred_at, "recorded_at": told.occurred_at}
    own = {name: getattr(told, name) for name in ("area", "description", "place", "origin", "found_by")}
    progress = [ProgressReported(done=f"第{step}天：清理纸箱", **common) for step in range(1, EVENTS_EACH)]
    return [HazardFound(**common, **own), *progress]


def _history(subject: str, life: list[Event]) -> list[StoredEvent]:
    stored, tip = [], chain.GENESIS
    aggregate = subjects.parse_events_subject(subject)[1]
    for version, event in enumerate(life, 1):
        name = f"{aggregate[-12:]}-{version}"
        envelope = Envelope(
            id=name,
            type=event.type,
            schema_version=event.schema_version,
            aggregate_id=aggregate,
            version=version,
            command_id=name,
            command_hash=chain.GENESIS,
            previous_hash=tip,
            event=event,
        )
        body = encode(envelope)
        tip = chain.link(tip, subject, event.type, version, body)
        stored.append(StoredEvent(subject, version, event.type, body))
    return stored
