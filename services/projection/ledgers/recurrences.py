"""重发台账: the same clause again at the same party 一地重发, and at another 异地重发. A page for a clause.

The clause is the one on which the grade rests. Its page has a line for each party, shown from two hazards on, and one
for the clause, shown from two parties on. Merged and withdrawn hazards leave, and those graded anew by another clause.
"""

from typing import Any, Final

from contracts import events
from contracts.acts.intake import Determination
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import BasisKind, PartyChange, ReopeningKind
from services.projection.entries import Entry
from services.projection.facets import rectifying, repeating
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page

COLUMNS: Final = (
    Column("kind", "类型"),
    Column("clause", "判定条款"),
    Column("area", "区划"),
    Column("party", "责任单位"),
    Column("place", "地点"),
    Column("parties", "责任单位（家）", Kind.COUNT),
    Column("hazards", "隐患（项）", Kind.COUNT),
    Column("first_at", "首次发现时间", Kind.MOMENT),
    Column("last_at", "最近发现时间", Kind.MOMENT),
)
State = dict[str, Any]


def pages(entry: Entry) -> list[str]:
    """That of the clause, too."""
    event = entry.event
    clause = _clause(event.basis) if isinstance(event, events.HazardGraded | events.HazardRegraded) else None
    return [entry.aggregate] if clause is None else [entry.aggregate, clause]


def enter(event: Event, entry: Entry, page: Page) -> None:
    """Whose it is, on which clause, whether it stands; then the lines follow."""
    state = page.row(entry, shown=False).state
    _read(event, entry, state)
    repeating.settle(entry, page, state)


def _read(event: Event, entry: Entry, state: State) -> None:
    match event:
        case events.HazardFound():
            state["found_at"], state["area"] = entry.moment(event.occurred_at), event.area
            state["place"] = event.place
            _belongs(event.party, state)
        case events.HazardGraded() | events.HazardRegraded():
            state["clause"] = _clause(event.basis)
            state["words"] = rectifying.basis(event.basis) if event.basis is not None else None
        case events.HazardCorrected() if event.place is not None:
            state["place"] = event.place
        case events.HazardAssigned() if "party" not in state:
            _belongs(event.party, state)
        case events.ResponsiblePartyChanged():
            _changed(event, state)
        case events.HazardMerged() | events.HazardWithdrawn():
            state["gone"] = True
        case events.HazardReopened() if event.kind == ReopeningKind.WITHDRAWN_IN_ERROR:
            state["gone"] = False
        case _:
            return


def _belongs(party: Party | None, state: State) -> None:
    if party is not None:
        state["party"], state["name"] = party.id, party.name


def _changed(event: events.ResponsiblePartyChanged, state: State) -> None:
    """The lead's hazard it is; co-parties come and are renamed beside."""
    shared: list[str] = state.setdefault("shared", [])
    if event.kind == PartyChange.CO_PARTY_ADDED:
        shared.append(event.party.id)
    elif event.party.id not in shared:
        _belongs(event.party, state)


def _clause(basis: Determination | None) -> str | None:
    """The page of the clause; an opinion or the general definition is none."""
    if basis is None or basis.kind != BasisKind.CLAUSE:
        return None
    parts = (basis.standard, basis.version, basis.article, basis.item)
    return "clause:" + "|".join("" if part is None else str(part) for part in parts)


READ: Final[tuple[type[Event], ...]] = (
    events.HazardFound,
    events.HazardGraded,
    events.HazardRegraded,
    events.HazardCorrected,
    events.HazardAssigned,
    events.ResponsiblePartyChanged,
    events.HazardMerged,
    events.HazardWithdrawn,
    events.HazardReopened,
)

LEDGER: Final = Ledger(
    name="recurrences",
    title="重发台账",
    version=2,
    columns=COLUMNS,
    rules=dict.fromkeys(READ, enter),
    pages=pages,
)
