"""销号底册: hazards that are gone with their place 灭失销号, and what was heard of the same party since 持续关注.

Of a public body or a village only the place is gone, so no later event is held against the entry. One that is opened
again leaves the list.
"""

from collections.abc import Iterable
from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Party
from contracts.terms import ClosureKind, PartyKind
from services.projection.entries import Entry
from services.projection.facets import choosing, describing, staging, watching, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page

COLUMNS: Final = describing.columns(
    Column("party_kind", "责任单位性质"),
    staging.COLUMN,
    Column("ceased_at", "核销时间", Kind.MOMENT),
    Column("grounds", "核销原因"),
    Column("seen_by", "现场核实人员"),
    Column("certificates", "执法证号"),
    Column("signed_by", "签批人"),
    Column("document", "文书"),
    Column("evidence", "佐证材料（份）", Kind.NUMBER),
    *watching.COLUMNS,
)
STAY: Final = frozenset({PartyKind.PUBLIC_BODY, PartyKind.VILLAGE})
"""Parties that are there still when a place of theirs is gone."""


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """Perhaps at a party that was struck off with an earlier one."""
    page.row(entry).state |= {"found": event.occurred_at.timestamp(), "day": entry.day(event.occurred_at)}
    if event.party is not None:
        _identified(entry, page, event.party)


def identified(event: events.HazardAssigned | events.ResponsiblePartyChanged, entry: Entry, page: Page) -> None:
    """The party, where the finding did not name it, or another than it named; a co-party stands beside."""
    if event.party is not None and event.party.id == page.row(entry).state.get("party"):
        _identified(entry, page, event.party)


def _identified(entry: Entry, page: Page, party: Party) -> None:
    row = page.row(entry)
    kind = words.term(party.kind)
    if row.get("party_kind") != kind:
        row.set(entry, party_kind=kind)
    row.state["stays"] = party.kind in STAY
    heard_of = row.state.get("heard_of")
    if heard_of not in {None, party.id}:
        watching.unhear(entry, page)
    if heard_of != party.id and not row.shown:
        told = f"{row.state['day']} 又发现隐患{row.get('number')}"
        watching.hear(entry, page, party.id, row.state["found"], "hazards", told)


def closed(event: events.HazardClosed, entry: Entry, page: Page) -> None:
    """On site two names saw that it is gone."""
    if event.kind is not ClosureKind.CEASED:
        return
    row = page.row(entry)
    row.set(entry, ceased_at=entry.moment(event.occurred_at), grounds=event.grounds)
    row.set(entry, document=wording.number(event.document), evidence=len(event.evidence))
    row.set(entry, certificates=wording.certificates(event.seen_by))
    describing.name(entry, row, "seen_by", event.seen_by)
    describing.name(entry, row, "signed_by", (event.signed_by or wording.person(event.actor),))
    row.show(entry)
    if (party := row.state.get("party")) is not None and not row.state.get("stays"):
        watching.enrol(entry, page, party, event.occurred_at.timestamp())


def reopened(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """Not gone after all: it leaves the list. Other entries of its party hear of it."""
    row = page.row(entry)
    row.show(entry, shown=False)
    watching.release(entry, page)
    if (party := row.state.get("party")) is not None:
        told = f"{entry.day(event.occurred_at)} 隐患{row.get('number')}重新立项（{words.term(event.kind)}）"
        watching.hear(entry, page, party, event.occurred_at.timestamp(), "hazards", told)


def dropped(_: Event, entry: Entry, page: Page) -> None:
    """What should not have been recorded was not heard."""
    watching.unhear(entry, page)


def visited(event: events.InspectionRecorded, entry: Entry, page: Page) -> None:
    """Somebody looked again, which is what the list is kept for."""
    if event.party is None:
        return
    seen = "：未发现隐患" if event.none_found else f"：{event.findings}" if event.findings else ""
    told = f"{entry.day(event.occurred_at)} {words.visit(event.kind)}{seen}"
    watching.hear(entry, page, event.party.id, event.occurred_at.timestamp(), "visits", told)


def pages(entry: Entry) -> Iterable[str]:
    """Its own, and that of the party which it names first."""
    event = entry.event
    party = event.party if isinstance(event, events.HazardFound | events.InspectionRecorded) else None
    return (entry.aggregate, watching.page_of(party.id)) if party else (entry.aggregate,)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardAssigned: identified,
    events.ResponsiblePartyChanged: identified,
    events.HazardClosed: closed,
    events.HazardReopened: reopened,
    events.HazardMerged: dropped,
    events.HazardWithdrawn: dropped,
}
VISITS: Final[dict[type[Event], Any]] = {
    events.InspectionRecorded: visited,
    events.InspectionWithdrawn: dropped,
}

LEDGER: Final = Ledger(
    name="ceased",
    title="销号底册",
    version=1,
    columns=COLUMNS,
    rules={**choosing.only(lambda _: True, describing.rules(staging.RULES, RULES, hidden=True)), **VISITS},
    kinds=frozenset({"hazard", "inspection"}),
    pages=pages,
)
