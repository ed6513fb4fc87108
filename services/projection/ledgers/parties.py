"""责任单位台账: every party in one line, with what it is called and was called, and its hazards by standing.

A hazard keeps on its own page whose it is and where it counts; when it changes hands it leaves one line for another.
已整改 is verified or struck off; what is only reported as done counts as open.
"""

from typing import Final

from contracts import events
from contracts.events import Event
from contracts.terms import Stage
from services.projection import stages
from services.projection.entries import Entry
from services.projection.facets import party_counts, party_names, walking
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

COLUMNS: Final = (
    Column("party", "责任单位"),
    Column("kind", "单位性质"),
    Column("credit_code", "统一社会信用代码"),
    Column("area", "区划"),
    Column("other_areas", "其他区划"),
    Column("names", "名称沿革"),
    Column("codes", "信用代码沿革"),
    Column("also", "另有写法"),
    Column("head", "主要负责人"),
    Column("staff", "从业人员（人）", Kind.NUMBER),
    Column("open", "未整改隐患（项）", Kind.COUNT),
    Column("major_open", "未整改重大隐患（项）", Kind.COUNT),
    Column("suspected_open", "未整改疑似重大（项）", Kind.COUNT),
    Column("rectified", "已整改隐患（项）", Kind.COUNT),
    Column("ceased", "灭失销号（项）", Kind.COUNT),
    Column("shared", "共同整改隐患（项）", Kind.COUNT),
    Column("visits", "受检（次）", Kind.COUNT),
    Column("first_at", "首次记录时间", Kind.MOMENT),
    Column("last_at", "最近变动时间", Kind.MOMENT),
)


def enter(event: Event, entry: Entry, page: Page) -> None:
    """Whose it is, how grave, how far; then the counts follow."""
    own = page.row(entry, shown=False)
    before = party_counts.concerned(own.state)
    party_counts.read(event, entry, page.book, own.state)
    stage = stages.moved(event, Stage(own.state["stage"]) if "stage" in own.state else None)
    if stage is not None:
        own.state["stage"] = stage.value
    party_counts.settle(entry, page, own.state)
    for party in {**before, **party_counts.concerned(own.state)}:
        _acted(event, entry, page.book.page(party_names.key(party)).row(entry))


def _acted(event: Event, entry: Entry, row: Row) -> None:
    moment = entry.moment(event.occurred_at)
    if row.get("first_at") is None or moment < row.get("first_at"):
        row.set(entry, first_at=moment)
    if row.get("last_at") is None or moment > row.get("last_at"):
        row.set(entry, last_at=moment)


def visited(event: events.InspectionRecorded, entry: Entry, page: Page) -> None:
    """受检: its own checks too."""
    if event.party is None:
        return
    page.row(entry, shown=False).state["party"] = [event.party.id]
    party_names.meet(entry, page.book, event.party, event.area)
    row = page.book.page(party_names.key(event.party.id)).row(entry)
    page.count_in(entry, row, "visits", page.key)
    _acted(event, entry, row)


def visit_withdrawn(event: events.InspectionWithdrawn, entry: Entry, page: Page) -> None:
    """It was no visit."""
    own = page.find()
    for party in own.state.pop("party", ()) if own is not None else ():
        row = page.book.page(party_names.key(party)).row(entry)
        page.count_out(entry, row, "visits", page.key)
        _acted(event, entry, row)


def pages(entry: Entry) -> list[str]:
    """Those of the parties that it names, too."""
    return [entry.aggregate, *(party_names.key(party.id) for party in walking.parties(entry.event))]


READ: Final[tuple[type[Event], ...]] = (
    *stages.MOVES,
    events.HazardRegraded,
    events.ResponsiblePartyChanged,
    events.HazardCorrected,
)

LEDGER: Final = Ledger(
    name="parties",
    title="责任单位台账",
    version=1,
    columns=COLUMNS,
    rules={
        **dict.fromkeys(READ, enter),
        events.InspectionRecorded: visited,
        events.InspectionWithdrawn: visit_withdrawn,
    },
    pages=pages,
)
