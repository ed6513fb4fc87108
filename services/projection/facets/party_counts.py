"""Where a hazard counts in 责任单位台账: by whose it is, how grave, how far; kept as the state of its own page."""

from typing import Any, Final

from contracts import events
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import ClosureKind, Grade, PartyChange, Stage
from services.projection.entries import Entry
from services.projection.facets import describing, party_names
from services.projection.pages import Book, Page

OPEN: Final = {Grade.MAJOR: ("open", "major_open"), Grade.SUSPECTED_MAJOR: ("open", "suspected_open")}
"""Where an open hazard counts, beside the general ones."""
Place = tuple[str, str]
"""Party, column."""
State = dict[str, Any]


def concerned(state: State) -> dict[str, None]:
    """The party, then the co-parties."""
    return dict.fromkeys((*state.get("party", ()), *state.get("shared", ())))


def read(event: Event, entry: Entry, book: Book, state: State) -> None:
    """Whose it is, how grave it is."""
    match event:
        case events.HazardFound():
            state["area"] = event.area
            state["grade"] = (Grade.SUSPECTED_MAJOR if event.suspected_major else Grade.GENERAL).value
            _belongs(event.party, entry, book, state)
        case events.HazardAssigned() if not state.get("party"):
            _belongs(event.party, entry, book, state)
        case events.HazardGraded() | events.HazardRegraded():
            state["grade"] = event.grade.value
        case events.ResponsiblePartyChanged():
            _changed(event, entry, book, state)
        case events.HazardClosed():
            state["ceased"] = event.kind == ClosureKind.CEASED
        case events.HazardCorrected() if event.names:
            names = {person.id: person.name for person in event.names}
            for party in concerned(state):
                describing.rename(entry, book.page(party_names.key(party)), names)
        case _:
            return


def _belongs(party: Party | None, entry: Entry, book: Book, state: State) -> None:
    if party is not None:
        state["party"] = [party.id]
        party_names.meet(entry, book, party, state.get("area"))


def _changed(event: events.ResponsiblePartyChanged, entry: Entry, book: Book, state: State) -> None:
    """A co-party stands beside the lead, and its later names are its own."""
    party_names.changed(event, entry, book, state.get("area"))
    shared: list[str] = state.setdefault("shared", [])
    if event.kind == PartyChange.CO_PARTY_ADDED and event.party.id not in shared:
        shared.append(event.party.id)
    elif event.party.id not in shared:
        state["party"] = [event.party.id]


def _places(state: State) -> list[Place]:
    """Where it counts: merged and withdrawn nowhere."""
    stage = Stage(state["stage"]) if "stage" in state else None
    if stage in {None, Stage.MERGED, Stage.WITHDRAWN}:
        return []
    if stage is Stage.CLOSED and state.get("ceased"):
        columns: tuple[str, ...] = ("ceased",)
    elif stage in {Stage.VERIFIED, Stage.CLOSED}:
        columns = ("rectified",)
    else:
        columns = OPEN.get(Grade(state.get("grade", Grade.GENERAL)), ("open",))
    lead = [(party, column) for party in state.get("party", ()) for column in columns]
    return lead + [(party, "shared") for party in state.get("shared", ())]


def settle(entry: Entry, page: Page, state: State) -> None:
    """Leave the counts where it no longer belongs, join those where it does."""
    counted = [(party, column) for party, column in state.get("counted", ())]
    places = _places(state)
    if places == counted:
        return
    state["counted"] = places
    for party, column in counted:
        if (party, column) not in places:
            page.count_out(entry, page.book.page(party_names.key(party)).row(entry), column, page.key)
    for party, column in places:
        if (party, column) not in counted:
            page.count_in(entry, page.book.page(party_names.key(party)).row(entry), column, page.key)
