"""Spot checks 抽查 beside the ledger of visits: what the second part of form B counts, with the times of each."""

from typing import Any, Final

from sqlalchemy import BigInteger, Text

from contracts import events
from contracts.terms import PartyKind, VisitKind, VisitMode
from services.projection.entries import Entry
from services.projection.facets import checklists
from services.projection.facets.changes import microseconds
from services.projection.ledger import Side
from services.projection.pages import Page, Row

SIDE: Final = Side(
    "spot_checks",
    {
        "inspection": Text(),
        "sequence": BigInteger(),
        "effective": BigInteger(),
        "area": Text(),
        "party": Text(),
        "kind": Text(),
        "findings": Text(),
        "withdrawn": BigInteger(),
        "withdrawn_effective": BigInteger(),
    },
    indexes=(("area",),),
)
"""Times in microseconds since 1970, UTC; `kind` is the party's; `findings` as head_not_led,no_drill;
`withdrawn` the sequence, or null."""


def recorded(event: events.InspectionRecorded, entry: Entry, page: Page, row: Row) -> None:
    """By an authority: said to be a spot check, or the list of form B was filled in."""
    listed = any(filled.checklist == checklists.SPOT_CHECK for filled in event.checklists)
    if event.kind == VisitKind.SELF_CHECK or not (listed or VisitMode.SPOT_CHECK in event.modes):
        return
    findings = [key for filled in event.checklists for key in checklists.keys(filled, event.offers)]
    side: dict[str, Any] = {
        "inspection": page.key,
        "sequence": entry.sequence,
        "effective": microseconds(event.occurred_at),
        "area": event.area,
        "party": event.party.id if event.party is not None else None,
        "kind": PartyKind(event.party.kind).value if event.party is not None else None,
        "findings": ",".join(dict.fromkeys(findings)),
        "withdrawn": None,
        "withdrawn_effective": None,
    }
    row.state["spot_check"] = side
    page.book.beside(SIDE.name, (page.key,), side)


def withdrawn(event: events.InspectionWithdrawn, entry: Entry, page: Page, row: Row) -> None:
    """It counts no more from here on; what was known before stays known."""
    held = row.state.get("spot_check")
    if held is None:
        return
    side = held | {"withdrawn": entry.sequence, "withdrawn_effective": microseconds(event.occurred_at)}
    row.state["spot_check"] = side
    page.book.beside(SIDE.name, (page.key,), side)
