"""What form B tells on 溯源 and its dated changes do not say: each hazard's history, read as of the cut-off."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from contracts import events, subjects
from contracts.events import Event
from contracts.terms import DelistingGround, Stage
from services.journal.events import EventStore
from services.projection import stages
from services.projection.effective import Effective
from services.projection.entries import entries
from services.projection.reports.asked import Asked

TOGETHER: Final = 32
"""Histories asked for at a time."""
History = Sequence[Event]


async def count(store: EventStore, hazards: Sequence[str], asked: Asked, test: Callable[[History], bool]) -> int:
    """How many of these hazards pass, by what counts at the cut-off and was known at the sequence."""
    found = 0
    for start in range(0, len(hazards), TOGETHER):
        part = hazards[start : start + TOGETHER]
        found += sum(map(test, await asyncio.gather(*(_history(store, one, asked) for one in part))))
    return found


async def _history(store: EventStore, hazard: str, asked: Asked) -> History:
    stored = await store.load(subjects.events_subject(subjects.HAZARD, hazard))
    history = [entry for entry in entries(stored, asked.zone) if entry.sequence <= asked.known]
    return [entry.event for entry in filter(Effective(asked.cutoff).of(history), history)]


def is_submitted(history: History) -> bool:
    """已报完成·待复查: said to be done, seen by nobody."""
    stage: Stage | None = None
    for event in history:
        stage = stages.moved(event, stage)
    return stage is Stage.SUBMITTED


def is_listing_revoked(history: History) -> bool:
    """挂牌后撤销: a listing that was taken back or annulled, as one made by mistake is; form B counts it still."""
    return any(_revokes(event) for event in history)


def _revokes(event: Event) -> bool:
    if isinstance(event, events.OrderRevoked):
        return event.order == "listing"
    return isinstance(event, events.HazardDelisted) and event.ground == DelistingGround.REVOKED
