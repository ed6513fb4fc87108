"""Visits as reports count them, by the line of 排查记录."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts import words
from contracts.terms import VisitKind
from services.projection.pages import Row
from services.projection.queries import View
from services.projection.reports import scope
from services.projection.reports.question import Question

SELF_CHECK: Final = words.visit(VisitKind.SELF_CHECK)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to one place."""

    id: str
    area: str
    party: str | None
    """The id of the one visited."""
    began_at: datetime
    withdrawn: bool
    row: Row
    """The ledger's line."""

    @property
    def own(self) -> bool:
        """自查: by the enterprise itself."""
        return bool(self.row.get("kind") == SELF_CHECK)

    @property
    def hazards(self) -> Sequence[str]:
        """Those that it found, without the merged and withdrawn."""
        return list(self.row.state.get("found", ()))

    @property
    def said(self) -> str | None:
        """有无隐患及隐患描述 in the words of the record itself: 无 too."""
        found: str | None = self.row.get("found") if self.row.state.get("said") else None
        return found

    @property
    def found_nothing(self) -> bool:
        """无 was stated, and the words still say so; words that begin with 无 state nothing: 无证电焊."""
        return bool(self.row.state.get("none_found")) and (self.said or "").startswith("无")

    @property
    def photos(self) -> Sequence[Mapping[str, Any]]:
        """References to evidence."""
        found: Sequence[Mapping[str, Any]] = self.row.state.get("photos", ())
        return found

    @property
    def checklists(self) -> Sequence[Mapping[str, Any]]:
        """As they were filled in."""
        found: Sequence[Mapping[str, Any]] = self.row.state.get("checklists", ())
        return found

    @property
    def inspectors(self) -> frozenset[str]:
        """Ids of those who went."""
        return frozenset(one for one, _ in self.row.state.get("people", {}).get("inspectors", ()))


def visits(view: View, asked: Question) -> Iterator[Visit]:
    """Of the area, or the enterprise; withdrawn ones too."""
    for row in scope.rows(view, asked):
        if (began := row.get("began_at")) is not None:
            withdrawn = row.get("withdrawn") is not None
            yield Visit(row.key, row.get("area"), scope.party(row), datetime.fromisoformat(began), withdrawn, row)
