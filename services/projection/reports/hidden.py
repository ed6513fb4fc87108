"""What 追溯变更 does not tell: reports past the head of an enterprise, and what only authorities are to see.

Such a report (安全生产法 art. 46) is told by its time and by whoever made it, so none is in any form, nor its receipt,
nor a correction of it. An enterprise's own form tells nothing of what the machine proposed to authorities.
"""

from typing import Final
from zoneinfo import ZoneInfo

from contracts import events, subjects
from services.journal.events import EventStore
from services.projection.effective import corrects
from services.projection.entries import Entry, entries
from services.projection.knowing import Late

TOLD_BY_HISTORY: Final = frozenset(
    {events.ReportedToRegulator.type, events.ReportAcknowledged.type, events.HazardCorrected.type}
)
AMONG_AUTHORITIES: Final = frozenset({events.HazardEscalated.type, events.MeasureDeclined.type})


class Hidden:
    """Reads the history of a hazard where the event alone does not say whether it is hidden; each history once."""

    def __init__(self, store: EventStore, zone: ZoneInfo, *, enterprise: bool) -> None:
        self._store, self._zone, self._enterprise = store, zone, enterprise
        self._versions: dict[str, frozenset[int]] = {}

    async def covers(self, one: Late) -> bool:
        """Whether it is left out."""
        if self._enterprise and one.type in AMONG_AUTHORITIES:
            return True
        return one.type in TOLD_BY_HISTORY and one.version in await self._of(one.aggregate)

    async def _of(self, hazard: str) -> frozenset[int]:
        if hazard not in self._versions:
            stored = await self._store.load(subjects.events_subject(subjects.HAZARD, hazard))
            self._versions[hazard] = past_the_head(entries(stored, self._zone))
        return self._versions[hazard]


def past_the_head(history: list[Entry]) -> frozenset[int]:
    """The versions of such reports, of their receipts, and of corrections of either."""
    reports, versions = set[str](), set[int]()
    for entry in history:
        event = entry.event
        if isinstance(event, events.ReportedToRegulator) and event.bypass:
            reports.add(event.report)
            versions.add(entry.version)
        elif (isinstance(event, events.ReportAcknowledged) and event.report in reports) or corrects(entry) in versions:
            versions.add(entry.version)
    return frozenset(versions)
