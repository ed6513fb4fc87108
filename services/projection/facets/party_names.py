"""What a party is called 名称沿革: its name and code as first said, then as each change says, with the days.

Only a change 变更责任单位 makes a new name the party's. Another spelling in some finding is noted beside it.
"""

from typing import Final

from contracts import events, words
from contracts.parties import Party
from contracts.terms import PartyChange, PartyKind
from services.projection.entries import Entry
from services.projection.facets import describing
from services.projection.pages import Book, Row

PAGES: Final = "party:"
"""A page for each; no hazard's id begins so."""
BINDING: Final = frozenset({PartyChange.RENAMED, PartyChange.CODE_GIVEN, PartyChange.CODE_CHANGED})
"""Changes of the same party; the others bring another one in."""
HISTORIES: Final = {"party": "names", "credit_code": "codes"}
MOST: Final = 10
"""Other spellings, other areas: more would not be read."""


def key(party: str) -> str:
    """Its page."""
    return f"{PAGES}{party}"


def meet(entry: Entry, book: Book, party: Party, area: str | None) -> None:
    """The party's line: begun here, or with what is new in these words."""
    row = book.page(key(party.id)).row(entry)
    if "kind" not in row.cells:
        row.set(entry, kind=words.term(PartyKind(party.kind)))
    day = entry.day(entry.event.occurred_at)
    _say(entry, row, "party", party.name, day)
    _say(entry, row, "credit_code", party.credit_code, day)
    _details(entry, row, party)
    if area is not None:
        _area(entry, row, area)


def changed(event: events.ResponsiblePartyChanged, entry: Entry, book: Book, area: str | None) -> None:
    """更名, 补登代码, 代码变更: from that day on. Any other change names a party as a finding does."""
    if event.kind not in BINDING:
        meet(entry, book, event.party, area)
        return
    row = book.page(key(event.party.id)).row(entry)
    day = event.effective.isoformat() if event.effective else entry.day(event.occurred_at)
    row.set(entry, kind=words.term(PartyKind(event.party.kind)))
    _say(entry, row, "party", event.party.name, day, binding=True)
    _say(entry, row, "credit_code", event.party.credit_code, day, binding=True)
    _details(entry, row, event.party)


def _say(entry: Entry, row: Row, column: str, value: str | None, day: str, *, binding: bool = False) -> None:
    if value is None:
        return
    held: list[list[str]] = row.state.setdefault(column, [])
    if held and held[-1][0] == value:
        return
    if held and not binding:
        _also(entry, row, value)
        return
    held.append([value, day])
    row.set(entry, **{column: value})
    if len(held) > 1:
        row.set(entry, **{HISTORIES[column]: _history(held)})
        _also(entry, row)


def _history(held: list[list[str]]) -> str:
    ends = [f"至 {since}" for _, since in held[1:]]
    told = [f"{value}（{since} {end}）" for (value, since), end in zip(held, ends, strict=False)]
    return "；".join([*told, f"{held[-1][0]}（{held[-1][1]} 起）"])


def _also(entry: Entry, row: Row, value: str | None = None) -> None:
    """Spellings that are neither its name nor an earlier one."""
    official = {said for column in HISTORIES for said, _ in row.state.get(column, ())}
    before: list[str] = row.state.get("also", [])
    also = [said for said in dict.fromkeys([*before, *([value] if value else [])]) if said not in official][:MOST]
    if also != before:
        row.state["also"] = also
        row.set(entry, also="、".join(also) or None)


def _details(entry: Entry, row: Row, party: Party) -> None:
    """Headcount and head, as said last."""
    if party.staff is not None and party.staff != row.get("staff"):
        row.set(entry, staff=party.staff)
    if party.head is not None and [[party.head.id, party.head.name]] != row.state.get("people", {}).get("head"):
        describing.name(entry, row, "head", (party.head,))


def _area(entry: Entry, row: Row, area: str) -> None:
    areas: list[str] = row.state.setdefault("areas", [])
    if area in areas or len(areas) > MOST:
        return
    areas.append(area)
    if len(areas) == 1:
        row.set(entry, area=area)
    else:
        row.set(entry, other_areas="、".join(areas[1:]))
