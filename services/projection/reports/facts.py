"""Hazards as reports count them: grade, origin, and what became of each, by the ledger's row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from contracts import words
from contracts.terms import ClosureKind, Grade, Origin, Stage
from services.projection.facets.changes import SELF
from services.projection.pages import Row
from services.projection.queries import View
from services.projection.reports import scope
from services.projection.reports.question import Question

CEASED: Final = words.stage(Stage.CLOSED, ClosureKind.CEASED)
_GRADES: Final = {words.grade(grade): grade for grade in Grade}
_OWN: Final = frozenset(words.origin(origin) for origin in SELF)
REPORTED: Final = words.origin(Origin.REPORT)
UNTOLD: Final = frozenset({Stage.FOUND, Stage.GRADED})


class Outcome(Enum):
    """What became of it. 报告整改完成 is no rectification: nobody has seen it."""

    OPEN = auto()
    SUBMITTED = auto()
    FIXED = auto()
    CEASED = auto()
    """Closed with its place: counted apart."""
    GONE = auto()
    """Merged or withdrawn: in no count."""


OUTCOMES: Final = {
    Stage.SUBMITTED: Outcome.SUBMITTED,
    Stage.VERIFIED: Outcome.FIXED,
    Stage.CLOSED: Outcome.FIXED,
    Stage.WITHDRAWN: Outcome.GONE,
    Stage.MERGED: Outcome.GONE,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One hazard."""

    id: str
    area: str
    party: str | None
    """The id of the lead."""
    found_at: datetime
    grade: Grade
    own: bool
    """Found by the enterprise itself, after a notice too."""
    outcome: Outcome
    row: Row
    """The ledger's line."""

    @property
    def fixed(self) -> bool:
        """Verified, or closed as rectified."""
        return self.outcome is Outcome.FIXED

    @property
    def planned(self) -> bool:
        """五落实: funds (0 yuan is an answer) and contingency are laid down beside measures and persons."""
        return self.row.get("funds") is not None and self.row.get("contingency") is not None

    @property
    def funds(self) -> Decimal:
        """Yuan."""
        return Decimal(self.row.get("funds") or 0).scaleb(-2)

    def overdue(self, on: date) -> bool:
        """On the due day itself it is not."""
        due = self.row.get("due")
        return self.outcome in {Outcome.OPEN, Outcome.SUBMITTED} and due is not None and due < on.isoformat()


def facts(view: View, asked: Question) -> Iterator[Fact]:
    """Of the area, or the enterprise. One whose finding is not there, as of a cut-off, is none."""
    for row in scope.rows(view, asked):
        if row.get("found_at") is not None and not (asked.enterprise and unseen(row)):
            yield fact(row)


def unseen(row: Row) -> bool:
    """Reported 举报 and not put to the enterprise yet: its own forms do not tell it (policy.md section 7)."""
    return bool(row.get("origin") == REPORTED and row.get("assignment") is None and row.state.get("stage") in UNTOLD)


def fact(row: Row) -> Fact:
    """A line of 隐患台账. What nobody graded counts as general (policy.md section 3)."""
    return Fact(
        row.key,
        row.get("area"),
        scope.party(row),
        datetime.fromisoformat(row.get("found_at")),
        _GRADES.get(row.get("grade") or "", Grade.GENERAL),
        row.get("origin") in _OWN,
        _outcome(row),
        row,
    )


def _outcome(row: Row) -> Outcome:
    held = row.state.get("stage")
    if held == Stage.CLOSED and row.get("stage") == CEASED:
        return Outcome.CEASED
    return OUTCOMES.get(Stage(held), Outcome.OPEN) if held else Outcome.OPEN
