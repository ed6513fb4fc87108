"""A visit that goes on past midnight at the end of a month: what it found after midnight belongs to its own line.

The month's ledgers end with the month, so such hazards are read from their histories, as they stood a day after the
visit began.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from contracts import subjects
from services.journal.events import EventStore
from services.projection.database import Database
from services.projection.effective import Effective
from services.projection.entries import entries
from services.projection.ledgers import hazards, inspections
from services.projection.pages import Book
from services.projection.reports.asked import Asked
from services.projection.reports.facts import Fact, fact
from services.projection.reports.tables import reading
from services.projection.reports.visits import visits

LONGEST: Final = timedelta(hours=24)
Night = Mapping[str, list[Fact]]
"""By visit."""


def _crossing(database: Database, asked: Asked) -> list[tuple[str, datetime]]:
    """Hazards of visits that began within the month's last day, by today's ledger; until when each is read."""
    with reading(database) as tables:
        made = visits(tables[inspections.LEDGER], asked.question)
        last = [visit for visit in made if asked.end - LONGEST <= visit.began_at < asked.end]
    return [(hazard, visit.began_at + LONGEST) for visit in last for hazard in visit.hazards]


async def night(store: EventStore, database: Database, asked: Asked) -> Night:
    """Those that were found after the month's end, as known at the sequence."""
    by_visit: dict[str, list[Fact]] = {}
    for hazard, until in await asyncio.to_thread(_crossing, database, asked):
        one = await _fact(store, hazard, until, asked)
        if one is not None and one[1].found_at >= asked.end:
            by_visit.setdefault(one[0], []).append(one[1])
    return by_visit


async def _fact(store: EventStore, hazard: str, until: datetime, asked: Asked) -> tuple[str, Fact] | None:
    stored = await store.load(subjects.events_subject(subjects.HAZARD, hazard))
    history = [entry for entry in entries(stored, asked.zone) if entry.sequence <= asked.known]
    counts = Effective(until).of(history)
    page = Book(lambda _: {}, 1).page(hazard)
    for entry in filter(counts, history):
        if hazards.LEDGER.concerns(entry):
            hazards.LEDGER.apply(entry, page)
    row = page.find()
    visit = getattr(history[0].event, "visit", None) if history else None
    return (visit, fact(row)) if row is not None and row.get("found_at") is not None and visit else None
