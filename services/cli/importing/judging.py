"""Why a refused row goes back, in the words of the form; and whether it is in the store after all."""

from typing import Final

from contracts import subjects, words
from contracts.commands import FindHazard, RecordInspection
from contracts.envelope import Unreadable, decode
from contracts.events import Event, HazardFound, InspectionRecorded
from contracts.replies import Refused
from services.cli.importing import forms
from services.cli.importing.sources import Item
from services.journal.events import EventStore

HEADINGS: Final = {
    "description": forms.DESCRIPTION,
    "place": forms.PLACE,
    "handling": forms.HANDLING,
    "remarks": f"{forms.REMARKS}、{forms.PHOTO}",
    "party": forms.UNIT,
    "found_by": forms.UNIT,
    "visited_by": forms.UNIT,
    "findings": forms.DESCRIPTION,
    "occurred_at": forms.DATE,
}
"""The form's words for the first step of a field's path."""


class RowJudge:
    """For rows of form A: a row that came before under another file name or number is no other row."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def __call__(self, item: Item, refused: Refused) -> str | None:
        """The reason, or None where the store has the row."""
        if refused.code == "command_id_reused":
            step = item.now
            if step.imperative == RecordInspection.imperative:
                return await self._visited_otherwise(RecordInspection.model_validate_json(step.body))
            return await self._differs(FindHazard.model_validate_json(step.body))
        heading = HEADINGS.get((refused.field or "").partition(".")[0])
        return f"{heading}：{refused.reason}" if heading else refused.reason

    async def _differs(self, row: FindHazard) -> str | None:
        hazard_id = subjects.hazard_id(row.area, row.command_id)
        found = await self._first(subjects.HAZARD, hazard_id)
        if not isinstance(found, HazardFound):
            return f"这一行已有记录，但读不出来：用 bihuan history {hazard_id} 查看"
        if found.origin is not row.origin:
            stands, asked = words.origin(found.origin), words.origin(row.origin)
            return f"这一行已按“{stands}”登记为 {hazard_id}，来源不能再改为“{asked}”"
        if (found.party is None) != (row.party is None):
            return f"这一行已登记为 {hazard_id}，排查单位当时按另一种单位读的（--unit）"
        return None

    async def _visited_otherwise(self, row: RecordInspection) -> str | None:
        """The file's name may differ, the kind of the visit may not."""
        inspection_id = subjects.inspection_id(row.area, row.command_id)
        visit = await self._first(subjects.INSPECTION, inspection_id)
        if not isinstance(visit, InspectionRecorded):
            return f"这一行的检查已有记录，但读不出来：用 bihuan history {inspection_id} 查看"
        if visit.kind is not row.kind:
            stands, asked = words.visit(visit.kind), words.visit(row.kind)
            return f"这一行已按“{stands}”登记为检查 {inspection_id}，检查性质和来源不能再改为“{asked}”"
        return None

    async def _first(self, kind: str, aggregate_id: str) -> Event | Unreadable | None:
        first = await self._store.load(subjects.events_subject(kind, aggregate_id))
        return decode(first[0].state).event if first else None


async def as_said(_: Item, refused: Refused) -> str | None:
    """For commands: the service's own reason."""
    return f"{refused.reason}（{refused.code}）"
