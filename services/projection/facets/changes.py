"""Dated changes 变动: what form B counts, beside the rows of the ledger of major hazards.

Of one hazard each figure is 0 or 1, as of a cut-off T and as known at a sequence S: it is folded from the words on that
hazard with sequence ≤ S and effective time ≤ T. Such a function of S and T is a sum of steps: each step stands at one
sequence and one effective time, and adds itself to every (S, T) that is not before it in either. So a figure over any
number of hazards is a sum over rows, in no order, and exact also where something was recorded after what followed it.

A new word adds steps at its own sequence only. Mostly it adds one, at its own effective time; where it comes late, it
also takes back, at the effective times of what had been recorded before, what those then change.
"""

from collections.abc import Iterable, Sequence
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
        **{f"d_{figure}": SmallInteger() for figure in FIGURES},
    },
    keys=3,
    indexes=(("area", "own", "sequence", "effective", "found_at", *(f"d_{figure}" for figure in FIGURES)),),
)
"""The index holds all that a figure needs: its rows are never looked at."""
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
    """found, grade, standing (open, fixed, ceased, gone: merged or withdrawn), listed."""
    value: str


def figures(words: Iterable[Change]) -> tuple[int, ...]:
    """What these words, in the order of their sequences, make of a hazard: as FIGURES.

    The last word on each field holds; a finding may say that it is suspected to be major, until somebody grades it.
    """
    last = {word.field: word.value for word in words}
    there = "found" in last and last.get("standing") != "gone"
    grade = last.get("grade", last.get("found"))
    major = there and grade == Grade.MAJOR
    fixed, listed = major and last.get("standing") == "fixed", major and "listed" in last
    ceased = major and last.get("standing") == "ceased"
    suspected = there and grade == Grade.SUSPECTED_MAJOR
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
"""They keep `state["changes"]` of the page's own row, the words on it, and the side table."""


def steps(words: Sequence[Change]) -> dict[int, tuple[int, ...]]:
    """What the last of these words adds, by effective time; as FIGURES, those that are all 0 left out.

    `words` are in the order of their sequences.
    """
    *before, new = words
    added: dict[int, tuple[int, ...]] = {}
    so_far: tuple[int, ...] = (0,) * len(FIGURES)
    for effective in sorted({word.effective for word in words if word.effective >= new.effective}):
        then = figures(word for word in before if word.effective <= effective)
        now = figures(word for word in words if word.effective <= effective)
        more = tuple(late - early for late, early in zip(now, then, strict=True))
        if more != so_far:
            added[effective] = tuple(this - last for this, last in zip(more, so_far, strict=True))
        so_far = more
    return added


def _enter(event: Event, entry: Entry, page: Page, field: str, value: str) -> None:
    state = page.row(entry).state
    words: list[list[Any]] = state.setdefault("changes", [])
    words.append([entry.sequence, microseconds(event.occurred_at), field, value])
    if not state.get("matters"):
        if value not in {Grade.MAJOR, Grade.SUSPECTED_MAJOR}:
            return
        state["matters"] = True
    for effective, added in steps([Change(*word) for word in words]).items():
        page.book.beside(
            SIDE.name,
            (page.key, entry.sequence, effective),
            {
                "hazard": page.key,
                "sequence": entry.sequence,
                "effective": effective,
                "area": state.get("area", page.key.partition("-")[0]),
                "own": state.get("own", False),
                "found_at": state.get("found_at", effective),
                **{f"d_{figure}": change for figure, change in zip(FIGURES, added, strict=True)},
            },
        )
