"""Which of a hazard's parties employ people: each of them tells its own workers 厂中厂.

The page's own row keeps them, the lead first; nothing stands there while nobody is known to be responsible.
"""

from typing import Any, Final

from contracts import events
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import PartyChange, PartyKind
from services.projection.entries import Entry
from services.projection.pages import Page, Row

EMPLOYERS: Final = frozenset({PartyKind.ENTERPRISE, PartyKind.SOLE_TRADER})


def of(row: Row) -> dict[str, str]:
    """Their names by id, the lead first."""
    return {party[0]: party[1] for party in row.state.get("parties", ()) if party and party[2]}


def lead(row: Row) -> str | None:
    """The id of the responsible party, whatever it is."""
    parties = row.state.get("parties")
    return parties[0][0] if parties and parties[0] else None


def found(event: events.HazardFound | events.HazardAssigned, entry: Entry, page: Page) -> None:
    """Assigning names the party where the finding did not."""
    row = page.row(entry)
    if event.party is not None and lead(row) is None:
        row.state["parties"] = [_kept(event.party), *row.state.get("parties", ())[1:]]


def changed(event: events.ResponsiblePartyChanged, entry: Entry, page: Page) -> None:
    """A co-party stands beside the lead; a new name is the same party's; another party takes the lead's place."""
    row, party = page.row(entry), event.party
    parties: list[Any] = row.state.get("parties") or [None]
    if event.kind is PartyChange.CO_PARTY_ADDED:
        row.state["parties"] = [*parties, _kept(party)]
    elif any(one and one[0] == party.id for one in parties):
        row.state["parties"] = [_kept(party) if one and one[0] == party.id else one for one in parties]
    else:
        row.state["parties"] = [_kept(party), *parties[1:]]


def _kept(party: Party) -> list[Any]:
    return [party.id, party.name, party.kind in EMPLOYERS]


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardAssigned: found,
    events.ResponsiblePartyChanged: changed,
}
