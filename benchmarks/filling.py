"""A store with a great many hazards in it, each a history of the same length that reads like any other."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from benchmarks.measure import AREA, finding
from contracts import subjects
from contracts.events import Event, HazardFound, ProgressReported
from services.journal.events import EventStore
from tests.lives import Told, store

EVENTS_EACH = 6
TOGETHER = 80
"""Hazards whose events lie interleaved."""


async def fill(events: EventStore, hazards: int) -> list[str]:
    """The ids of so many hazards of six events each, interleaved on the disk as life would."""
    ids = [subjects.aggregate_id(AREA, UUID(int=number)) for number in range(hazards)]
    await store(events, _interleaved(ids))
    return ids


def _interleaved(ids: Sequence[str]) -> Iterator[Told]:
    life = _life()
    for start in range(0, len(ids), TOGETHER):
        for version, event in enumerate(life, 1):
            for aggregate in ids[start : start + TOGETHER]:
                yield Told(subjects.HAZARD, aggregate, version, event)


def _life() -> list[Event]:
    told = finding()
    common = {"actor": told.actor, "occurred_at": told.occurred_at, "recorded_at": told.occurred_at}
    own = {name: getattr(told, name) for name in ("area", "description", "place", "origin", "found_by")}
    progress = [ProgressReported(done=f"第{step}天：清理纸箱", **common) for step in range(1, EVENTS_EACH)]
    return [HazardFound(**common, **own), *progress]
