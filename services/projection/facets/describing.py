"""Which hazard a row speaks of: the columns that most ledgers share, and the events that fill them.

The page's own row holds them. Rows of an overlay (a listing, an extension) begin with what it says and follow it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from contracts import events, words
from contracts.base import short_number
from contracts.events import Event
from contracts.parties import Party, Person
from contracts.terms import PartyChange
from services.projection.entries import Entry
from services.projection.ledger import Column, Kind, Rule
from services.projection.pages import Page, Row

COLUMNS: Final = (
    Column("number", "编号"),
    Column("area", "区划"),
    Column("party", "责任单位"),
    Column("credit_code", "统一社会信用代码"),
    Column("place", "地点"),
    Column("description", "隐患描述"),
    Column("grade", "等级"),
    Column("origin", "来源"),
    Column("found_at", "发现时间", Kind.MOMENT),
)
KEYS: Final = (*(column.key for column in COLUMNS), "stage", "due")
"""What an overlay's row says as the page's own row does; stage and deadline where the ledger keeps them."""


def columns(*own: Column) -> tuple[Column, ...]:
    """Those that say which hazard, then the ledger's own."""
    return (*COLUMNS, *own)


def rules(*tables: Mapping[type[Event], Rule], hidden: bool = False) -> dict[type[Event], Rule]:
    """The events that describe a hazard, then these tables' rules, each after those before it.

    `hidden`: the page's own row is no line of the ledger (its overlays are) until somebody shows it.
    """
    described: dict[type[Event], Rule] = {kind: _following(rule) for kind, rule in RULES.items()}
    for table in tables:
        for kind, rule in table.items():
            described[kind] = _both(described[kind], rule) if kind in described else rule
    return {kind: _headed(rule) for kind, rule in described.items()} if hidden else described


def begin(entry: Entry, page: Page, suffix: str) -> Row:
    """A row of an overlay, which says of its hazard what the page's own row says."""
    row = page.row(entry, suffix)
    head = page.find()
    if head is not None:
        follow(row, head)
    return row


def follow(row: Row, head: Row) -> None:
    """Say of the hazard what the page's own row says, for the same reasons."""
    for key in KEYS:
        if key in head.cells:
            row.values[key] = head.values.get(key)
            row.cells[key] = head.cells[key]


def name(entry: Entry, row: Row, column: str, people: Iterable[Person]) -> None:
    """Who: the cell shows names; the ids stay beside it, since a name may be corrected."""
    known = [[person.id, person.name] for person in people]
    row.state.setdefault("people", {})[column] = known
    row.set(entry, **{column: "、".join(each for _, each in known) or None})


def _following(rule: Rule) -> Rule:
    def described(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (a rule takes its own event)
        rule(event, entry, page)
        head = page.find()
        if head is None or len(page.rows) == 1:
            return
        for row in page.others():
            follow(row, head)
            row.sequence = entry.sequence

    return described


def _headed(rule: Rule) -> Rule:
    def run(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401
        if page.empty:
            page.row(entry, shown=False)
        rule(event, entry, page)

    return run


def _both(first: Rule, second: Rule) -> Rule:
    def run(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401
        first(event, entry, page)
        second(event, entry, page)

    return run


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """The first words about it."""
    row = page.row(entry)
    row.set(
        entry,
        number=_number(page.key),
        area=event.area,
        place=event.place,
        description=event.description,
        origin=words.origin(event.origin),
        found_at=entry.moment(event.occurred_at),
    )
    if event.suspected_major:
        row.set(entry, grade=words.word("suspected_major"))
    if event.party is not None:
        set_party(entry, row, event.party)


def graded(event: events.HazardGraded | events.HazardRegraded, entry: Entry, page: Page) -> None:
    """General, suspected major, major."""
    page.row(entry).set(entry, grade=words.grade(event.grade))


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """The party, where the finding did not name one."""
    row = page.row(entry)
    if event.party is not None and row.get("party") is None:
        set_party(entry, row, event.party)


def party_changed(event: events.ResponsiblePartyChanged, entry: Entry, page: Page) -> None:
    """Another name, code or party; a co-party stands beside the lead."""
    row = page.row(entry)
    if event.kind is PartyChange.CO_PARTY_ADDED:
        co_parties = [*row.state.get("co_parties", ()), [event.party.id, event.party.name]]
        row.state["co_parties"] = co_parties
        return
    if any(event.party.id == one for one, _ in row.state.get("co_parties", ())):
        row.state["co_parties"] = [
            [one, event.party.name if one == event.party.id else called] for one, called in row.state["co_parties"]
        ]
        return
    set_party(entry, row, event.party)


def set_party(entry: Entry, row: Row, party: Party) -> None:
    """A change that does not say the code leaves it as it was known."""
    same = row.state.get("party") == party.id
    row.state["party"] = party.id
    row.set(entry, party=party.name)
    if party.credit_code is not None or not same:
        row.set(entry, credit_code=party.credit_code)


def corrected(event: events.HazardCorrected, entry: Entry, page: Page) -> None:
    """A slip of the pen: the words, the place, somebody's name."""
    row = page.row(entry)
    if event.description is not None:
        row.set(entry, description=event.description)
    if event.place is not None:
        row.set(entry, place=event.place)
    if event.names:
        rename(entry, page, {person.id: person.name for person in event.names})


def rename(entry: Entry, page: Page, names: Mapping[str, str]) -> None:
    """By id, in every cell of the page that `name` filled."""
    for row in page:
        _rename(entry, page, row, names)


def _rename(entry: Entry, page: Page, row: Row, names: Mapping[str, str]) -> None:
    people: dict[str, Sequence[Sequence[str]]] = row.state.get("people", {})
    for column, known in people.items():
        if not any(one in names for one, _ in known):
            continue
        people[column] = [[one, names.get(one, called)] for one, called in known]
        row.set(entry, **{column: "、".join(called for _, called in people[column])})
        page.book.changed[row.key] = row


@lru_cache(maxsize=65536)
def _number(hazard_id: str) -> str:
    return short_number(hazard_id)


RULES: Final[Mapping[type[Event], Callable[[Any, Entry, Page], None]]] = {
    events.HazardFound: found,
    events.HazardGraded: graded,
    events.HazardRegraded: graded,
    events.HazardAssigned: assigned,
    events.ResponsiblePartyChanged: party_changed,
    events.HazardCorrected: corrected,
}
