"""Which hazard was opened for which problem of an expert opinion 专家意见: both name the visit, none names the other.

They are taken for the same where one's words hold the other's, or where both name one place and the visit knows no
other problem there. Who disagrees reads the count beside: every hazard of that visit.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts import events
from contracts.events import Event
from contracts.terms import ReopeningKind
from services.projection.entries import Entry
from services.projection.ledger import Rule
from services.projection.pages import Page, Row

OPENED: Final = "opened"
"""Column: how many hazards came of the visit, those merged or withdrawn left out."""
FOLLOWS: Final = ("number", "description", "grade", "origin", "found_at", "stage")
"""What a problem says as its hazard does."""


def count(entry: Entry, page: Page, *, joined: bool) -> None:
    """This hazard, on every line of its visit."""
    head = page.row(entry)
    visit = page.book.page(head.state["visit"]) if "visit" in head.state else None
    if visit is None or head.state.get("counted", False) is joined:
        return
    head.state["counted"] = joined
    hazards: list[str] = visit.row(entry).state["hazards"]
    if joined:
        hazards.append(page.key)
    else:
        hazards.remove(page.key)
    for row in visit.others():
        _count(entry, visit, row, page.key, joined=joined)


def _count(entry: Entry, visit: Page, row: Row, hazard: str, *, joined: bool) -> None:
    counted: list[str] = row.state.setdefault("counted", [])
    if joined is (hazard in counted):
        return
    if joined:
        counted.append(hazard)
        visit.count_in(entry, row, OPENED, hazard)
    else:
        counted.remove(hazard)
        visit.count_out(entry, row, OPENED, hazard)


def match(entry: Entry, visit: Page, *hazards: str) -> None:
    """These hazards, or all that the visit found, with the problems that have none yet; each line counts them."""
    head = visit.rows.get(visit.key)
    if head is None or len(visit.rows) == 1:
        return
    for hazard in hazards or tuple(head.state.get("hazards", ())):
        for row in visit.others():
            _count(entry, visit, row, hazard, joined=True)
            _link(entry, visit, row, visit.book.page(hazard))


def _link(entry: Entry, visit: Page, row: Row, hazard: Page) -> None:
    own = hazard.rows.get(hazard.key)
    if own is None or "linked" in own.state or "hazard" in row.state or not _same(row, own, visit):
        return
    own = hazard.row(entry)
    own.state["linked"] = [visit.key, row.key]
    row.state["hazard"] = hazard.key
    own.show(entry, shown=False)
    _copy(entry, row, own)


def _same(row: Row, hazard: Row, visit: Page) -> bool:
    problem, said = row.state.get("problem", "").strip(), (hazard.get("description") or "").strip()
    if not problem or not said:
        return False
    if problem in said or said in problem:
        return True
    place = row.state.get("place")
    alone = sum(other.state.get("place") == place for other in visit) == 1
    return place is not None and place == hazard.get("place") and alone


def followed(rules: Mapping[type[Event], Rule]) -> dict[type[Event], Rule]:
    """These rules of a hazard; the problem for which it was opened says what it says."""
    return {kind: _followed(rule) for kind, rule in rules.items()}


def _followed(rule: Rule) -> Rule:
    def run(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (a rule takes its own event)
        rule(event, entry, page)
        own = page.rows.get(page.key)
        if own is not None and "linked" in own.state:
            visit, key = own.state["linked"]
            row = page.book.page(visit).rows[key]
            page.book.changed[key] = row
            _copy(entry, row, own)

    return run


def _copy(entry: Entry, row: Row, own: Row) -> None:
    row.sequence = entry.sequence
    for key in FOLLOWS:
        if key in own.cells:
            row.values[key], row.cells[key] = own.values.get(key), own.cells[key]


def dropped(_: Event, entry: Entry, page: Page) -> None:
    """Merged or withdrawn: counted no more."""
    count(entry, page, joined=False)


def reopened(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """Withdrawn in error, it counts again."""
    if event.kind is ReopeningKind.WITHDRAWN_IN_ERROR:
        count(entry, page, joined=True)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardMerged: dropped,
    events.HazardWithdrawn: dropped,
    events.HazardReopened: reopened,
}
