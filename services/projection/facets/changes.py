"""Dated changes 变动: what form B counts, beside the rows of the ledger of major hazards.

For each hazard that is, or was, graded major or suspected, its changes with the sequence and the effective time of
each, and by how much each changes every figure. A figure for a cut-off is then a sum over what lies before it, in no
order. That is exact while a hazard's changes come in the order in which they happened; those of a hazard where one was
recorded after a later one are marked `tangled` and are folded one by one instead (reports/standing.py).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Boolean, SmallInteger, Text

from contracts import events
from contracts.events import Event
from contracts.terms import ClosureKind, Grade, Origin
from services.projection.entries import Entry
from services.projection.ledger import Rule, Side
from services.projection.pages import Page

FIGURES: Final = ("found", "fixed", "listed", "listed_fixed", "ceased", "suspected")
"""Of one hazard each is 0 or 1."""
SIDE: Final = Side(
    "changes",
    {
        "hazard": Text(),
        "sequence": BigInteger(),
        "effective": BigInteger(),
        "area": Text(),
        "own": Boolean(),
        "found_at": BigInteger(),
        "field": Text(),
        "value": Text(),
        "tangled": Boolean(),
        **{f"d_{figure}": SmallInteger() for figure in FIGURES},
    },
    keys=2,
    indexes=(("area",),),
)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SELF: Final = frozenset({Origin.SELF, Origin.SELF_AFTER_NOTICE})
"""Form B rows 1 and 2; every other origin is in rows 3 and 4."""


class Change(NamedTuple):
    """One word on a hazard; the last one on each field holds."""

    sequence: int
    effective: int
    """Microseconds since 1970, UTC."""
    field: str
    """found, grade, standing, listed."""
    value: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the words so far make of a hazard."""

    found: str = ""
    grade: str = ""
    standing: str = "open"
    """open, fixed, ceased, gone (merged or withdrawn)."""
    listed: str = ""

    @property
    def figures(self) -> tuple[int, ...]:
        """As FIGURES: what it adds to each."""
        there = bool(self.found) and self.standing != "gone"
        major = there and self.grade == Grade.MAJOR
        fixed = major and self.standing == "fixed"
        listed = major and bool(self.listed)
        ceased = major and self.standing == "ceased"
        suspected = there and self.grade == Grade.SUSPECTED_MAJOR
        return (int(major), int(fixed), int(listed), int(listed and fixed), int(ceased), int(suspected))


def microseconds(moment: datetime) -> int:
    """Since 1970, UTC."""
    return (moment - EPOCH) // MICROSECOND


def _standing(value: str) -> Rule:
    def change(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (several events mean the same)
        _enter(event, entry, page, "standing", value)

    return change


def _closed(event: events.HazardClosed, entry: Entry, page: Page) -> None:
    _enter(event, entry, page, "standing", "ceased" if event.kind is ClosureKind.CEASED else "fixed")


def _graded(event: events.HazardGraded | events.HazardRegraded, entry: Entry, page: Page) -> None:
    _enter(event, entry, page, "grade", event.grade.value)


def _listed(event: events.HazardListed, entry: Entry, page: Page) -> None:
    _enter(event, entry, page, "listed", event.listing)


def _found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    state = page.row(entry).state
    state["area"], state["own"] = event.area, event.origin in SELF
    state["found_at"] = microseconds(event.occurred_at)
    _enter(event, entry, page, "found", Grade.SUSPECTED_MAJOR if event.suspected_major else "found")


RULES: Final[dict[type[Event], Rule]] = {
    events.HazardFound: _found,
    events.HazardGraded: _graded,
    events.HazardRegraded: _graded,
    events.HazardMerged: _standing("gone"),
    events.HazardWithdrawn: _standing("gone"),
    events.HazardListed: _listed,
    events.VerificationPassed: _standing("fixed"),
    events.HazardClosed: _closed,
    events.HazardReopened: _standing("open"),
}
"""They keep `state["changes"]` of the page's own row, and the side table."""


def after(so_far: Standing, field: str, value: str) -> Standing:
    """One word more. A finding may say that it is suspected to be major, until somebody grades it."""
    if field == "found" and value == Grade.SUSPECTED_MAJOR and not so_far.grade:
        return replace(so_far, found=value, grade=value)
    return replace(so_far, **{field: value})


def _enter(event: Event, entry: Entry, page: Page, field: str, value: str) -> None:
    state = page.row(entry).state
    changes: list[list[Any]] = state.setdefault("changes", [])
    changes.append([entry.sequence, microseconds(event.occurred_at), field, value])
    known, was_tangled = state.get("matters", False), state.get("tangled", False)
    tangled = was_tangled or (len(changes) > 1 and changes[-1][1] < changes[-2][1])
    matters = known or value in {Grade.MAJOR, Grade.SUSPECTED_MAJOR}
    if tangled:
        state["tangled"] = True
    if matters:
        state["matters"] = True
        _write(page, state, changes, since=len(changes) - 1 if known and tangled is was_tangled else 0)


def _write(page: Page, state: dict[str, Any], changes: list[list[Any]], *, since: int) -> None:
    """From that change on, each with what it alone adds; what adds nothing is only kept where it may be folded."""
    so_far, tangled = Standing(), state.get("tangled", False)
    for place, (sequence, effective, field, value) in enumerate(changes):
        before, so_far = so_far, after(so_far, field, value)
        added = [now - then for now, then in zip(so_far.figures, before.figures, strict=True)]
        if place < since or not (tangled or any(added)):
            continue
        page.book.beside(
            SIDE.name,
            (page.key, sequence),
            {
                "hazard": page.key,
                "sequence": sequence,
                "effective": effective,
                "area": state.get("area", page.key.partition("-")[0]),
                "own": state.get("own", False),
                "found_at": state.get("found_at", effective),
                "field": field,
                "value": value,
                "tangled": tangled,
                **{f"d_{figure}": change for figure, change in zip(FIGURES, added, strict=True)},
            },
        )
