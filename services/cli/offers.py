"""From an answer on a checklist to the command that opens it as a hazard; its id follows from the answer's place."""

from typing import Any, Final, NamedTuple
from uuid import uuid5

from contracts import subjects
from contracts.acts.checklists import ChecklistAnswer, Offer
from contracts.base import MAX_TEXT
from contracts.envelope import Envelope
from contracts.events import InspectionRecorded
from contracts.terms import Answer, Grade, Origin, VisitKind

ORIGINS: Final = {
    VisitKind.INSPECTION: Origin.INSPECTION,
    VisitKind.PATROL: Origin.PATROL,
    VisitKind.ASSISTANCE: Origin.ASSISTANCE,
    VisitKind.SELF_CHECK: Origin.SELF,
    VisitKind.SUPERVISION: Origin.INSPECTION,
}
KEPT: Final = ("actor", "occurred_at", "area", "place", "party", "historical")
COUNTED: Final = "（家）"
"""What form B prints behind its questions: they count enterprises there."""


class Opening(NamedTuple):
    """An offer, the command that would open it, and the hazard that the command makes."""

    offer: Offer
    command: dict[str, Any]
    hazard_id: str

    @property
    def key(self) -> tuple[str, int]:
        """Which item of which list."""
        return self.offer.checklist, self.offer.item


def openings(inspection_id: str, first: Envelope) -> list[Opening]:
    """One for each offer of the visit, in the words of whoever visited; none where its record cannot be read."""
    visit = first.event
    if not isinstance(visit, InspectionRecorded):
        return []
    return [_opening(inspection_id, visit, offer) for offer in visit.offers]


def _opening(inspection_id: str, visit: InspectionRecorded, offer: Offer) -> Opening:
    answer = next(
        answer
        for filled in visit.checklists
        if filled.checklist == offer.checklist
        for answer in filled.answers
        if answer.item == offer.item
    )
    command_id = f"offer-{uuid5(subjects.NAMESPACE, f'offer/{inspection_id}/{offer.checklist}/{offer.item}')}"
    told = visit.model_dump(mode="json", exclude_none=True)
    kept = {name: told[name] for name in KEPT if name in told}
    command = kept | {
        "command_id": command_id,
        "description": _described(offer, answer),
        "origin": ORIGINS[visit.kind],
        "found_by": told.get("visited_by", []),
        "suspected_major": offer.grade is not Grade.GENERAL,
        "photos": [photo.model_dump(mode="json", exclude_none=True) for photo in answer.photos],
        "visit": inspection_id,
        "visit_kind": visit.kind,
        "offer": {"checklist": offer.checklist, "item": offer.item},
    }
    if offer.category:
        command["category"] = offer.category
    return Opening(offer, command, subjects.hazard_id(visit.area, command_id))


def _described(offer: Offer, answer: ChecklistAnswer) -> str:
    """否 says that the sentence is not so; what the inspector wrote comes first."""
    asked = offer.text.removesuffix(COUNTED)
    said = f"未做到：{asked}" if answer.answer is Answer.NO else asked
    return (f"{answer.remarks}（{said}）" if answer.remarks else said)[:MAX_TEXT]
