"""What a visit of the demo looks like afterwards."""

from dataclasses import dataclass
from typing import Any

from contracts import words
from contracts.base import short_number
from contracts.envelope import Envelope, Unreadable
from contracts.events import Event, InspectionRecorded
from services.hazard.inspection.inspection import UNVISITED, Inspection, evolve_inspection


@dataclass(frozen=True)
class Visited:
    """A visit, folded from what is stored."""

    id: str
    state: Inspection
    events: list[Event]

    @classmethod
    def of(cls, inspection_id: str, history: list[Envelope]) -> "Visited":
        """Fold what was loaded."""
        state = UNVISITED
        for envelope in history:
            state = evolve_inspection(state, envelope.event)
        read = [envelope.event for envelope in history if not isinstance(envelope.event, Unreadable)]
        return cls(inspection_id, state, read)

    def machine(self) -> dict[str, Any]:
        """For a program."""
        visit = self.state.visit
        return {
            "inspection_id": self.id,
            "kind": visit.kind if visit else None,
            "none_found": self._none_found,
            "offers": len(visit.offered) if visit else 0,
            "declined": len(self.state.declined),
            "signed": self.state.signed,
            "withdrawn": bool(visit and visit.withdrawn),
            "events": len(self.events),
        }

    def heading(self) -> str:
        """检查 329901101-…  →  巡查，未发现隐患."""
        visit = self.state.visit
        kind = words.visit(visit.kind) if visit else "没有登记"
        found = "，未发现隐患" if self._none_found else ""
        taken_back = "（已撤销）" if visit and visit.withdrawn else ""
        return f"检查 {short_number(self.id)}  →  {kind}{found}{taken_back}"

    @property
    def _none_found(self) -> bool:
        return any(isinstance(event, InspectionRecorded) and event.none_found for event in self.events)
