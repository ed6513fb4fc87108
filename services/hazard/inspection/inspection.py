"""What later decisions need to know of a visit, and how it follows from the history."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from contracts import events
from contracts.envelope import Unreadable
from contracts.events import Event
from contracts.parties import Party, Signatory
from contracts.terms import Grade, Role, VisitKind
from services.hazard.aggregate.authorship import author
from services.hazard.aggregate.hazard import UNFOUND, Author, Hazard
from services.hazard.aggregate.persons import distinct, is_same
from services.hazard.aggregate.policy import ALONE, ENTERPRISE_ROLES
from services.hazard.aggregate.visit import Visit

PAIR = 2
NEVER_INSPECT = frozenset(
    {Role.VILLAGE_OFFICER, Role.EXPERT, Role.SAFETY_COMMITTEE, Role.LISTING_AUTHORITY, *ENTERPRISE_ROLES, *ALONE}
)
"""网格员, 第三方, 议事协调机构, enterprises: they may come along, and are none of the two (policy.md section 7)."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The folded history; `Inspection()` is a visit that nobody recorded."""

    version: int = 0
    unreadable: Literal["newer_schema", "damaged"] | None = None
    authors: tuple[Author, ...] = ()
    visit: Visit | None = None
    party: Party | None = None
    visited_by: tuple[str, ...] = ()
    inspectors: tuple[Signatory, ...] = ()
    """Who went, but for a self-check, which is the party's own."""
    historical: bool = False
    suspected: frozenset[tuple[str, int]] = frozenset()
    """Of what is offered, what may be major."""
    signed: bool = False

    @property
    def declined(self) -> frozenset[tuple[str, int]]:
        """Of what is offered, what was said to be no hazard."""
        return self.visit.declined if self.visit else frozenset()

    @property
    def place(self) -> Hazard:
        """Where and whose it is, in the shape in which the scope of an actor is checked."""
        area = self.visit.area if self.visit else ""
        return UNFOUND.but(area=area, party=self.party, found_by=self.visited_by)


UNVISITED = Inspection()
"""What a history starts from."""


def evolve_inspection(inspection: Inspection, event: Event | Unreadable) -> Inspection:
    """Fold one event; never refuses. Corrections and opinions change nothing that a later decision looks at."""
    version = inspection.version + 1
    if isinstance(event, Unreadable):
        authors = (*inspection.authors, Author(None, None))
        unreadable = inspection.unreadable or event.why
        return replace(inspection, version=version, authors=authors, unreadable=unreadable)
    authors = (*inspection.authors, author(event, inspection.authors))
    return replace(inspection, version=version, authors=authors, **_changes(inspection, event))


def _changes(inspection: Inspection, event: Event) -> dict[str, Any]:
    match event:
        case events.InspectionRecorded():
            return _recorded(event)
        case events.InspectionSigned():
            return {"signed": inspection.signed or event.signed_by is not None}
        case events.OfferDeclined() if inspection.visit:
            declined = inspection.declined | {(event.checklist, event.item)}
            return {"visit": replace(inspection.visit, declined=declined)}
        case events.InspectionWithdrawn() if inspection.visit:
            return {"visit": replace(inspection.visit, withdrawn=True)}
        case _:
            return {}


def _recorded(event: events.InspectionRecorded) -> dict[str, Any]:
    visit = Visit(
        event.kind,
        event.area,
        event.party.id if event.party else None,
        event.occurred_at,
        event.announced_at,
        _certified(event),
        frozenset((offer.checklist, offer.item) for offer in event.offers),
        none_found=event.none_found,
    )
    return {
        "visit": visit,
        "party": event.party,
        "visited_by": tuple(body.id for body in event.visited_by if body.id),
        "inspectors": _visitors(event),
        "historical": event.historical is not None,
        "suspected": frozenset((one.checklist, one.item) for one in event.offers if one.grade is not Grade.GENERAL),
        "signed": event.signed_by is not None,
    }


def _certified(event: events.InspectionRecorded) -> bool:
    """An old table certifies nothing, whatever names stand in it: nobody asked who they were."""
    pair = len(certified(event.inspectors, event.party)) >= PAIR
    return event.kind is VisitKind.INSPECTION and not event.historical and pair


def _visitors(event: events.InspectionRecorded) -> tuple[Signatory, ...]:
    return () if event.kind is VisitKind.SELF_CHECK else event.inspectors


def certified(inspectors: Iterable[Signatory], party: Party | None) -> list[Signatory]:
    """Distinct persons with a certificate and a body who may carry out 行政检查 of that party."""
    return distinct(one for one in inspectors if one.certificate and one.body and may_inspect(one, party))


def may_inspect(person: Signatory, party: Party | None) -> bool:
    """Neither of those who never do, nor one of the party's own."""
    if person.role in NEVER_INSPECT:
        return False
    if party is None:
        return True
    own = person.body is not None and person.body in {party.id, party.body}
    return not own and not (party.head is not None and is_same(person, party.head))
