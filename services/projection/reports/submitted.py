"""已报完成·待复查: of hazards that were open at a cut-off, how many were said to be done and seen by nobody."""

import asyncio
from collections.abc import Sequence
from typing import Final

from contracts import subjects
from contracts.terms import Stage
from services.journal.events import EventStore
from services.projection import stages
from services.projection.effective import Effective
from services.projection.entries import entries
from services.projection.reports.asked import Asked

TOGETHER: Final = 32
"""Histories asked for at a time."""


async def submitted(store: EventStore, hazards: Sequence[str], asked: Asked) -> int:
    """Each history read and folded as of the cut-off, as known at the sequence."""
    count = 0
    for start in range(0, len(hazards), TOGETHER):
        part = hazards[start : start + TOGETHER]
        count += sum(await asyncio.gather(*(_is_submitted(store, one, asked) for one in part)))
    return count


async def _is_submitted(store: EventStore, hazard: str, asked: Asked) -> bool:
    stored = await store.load(subjects.events_subject(subjects.HAZARD, hazard))
    history = [entry for entry in entries(stored, asked.zone) if entry.sequence <= asked.known]
    counts = Effective(asked.cutoff).of(history)
    stage: Stage | None = None
    for entry in filter(counts, history):
        stage = stages.moved(entry.event, stage)
    return stage is Stage.SUBMITTED
