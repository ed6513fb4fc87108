"""问题隐患和整改建议清单 (S3): a line for each problem that experts named on a visit, and for each hazard of 专家帮扶.

A problem tells of the hazard that was opened for it (linking.py), which then has no line of its own.
"""

from collections.abc import Iterable
from typing import Any, Final

from contracts import events, words
from contracts.acts.checklists import Clause
from contracts.acts.inspection import Problem
from contracts.base import short_number
from contracts.events import Event
from contracts.terms import Origin
from services.projection.entries import Entry
from services.projection.facets import choosing, describing, linking, staging
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

VISIT: Final = (
    Column("visit", "检查（帮扶）编号"),
    Column("visit_kind", "检查性质"),
    Column("visited_at", "检查时间", Kind.MOMENT),
)
COLUMNS: Final = (
    *VISIT,
    *describing.columns(
        Column("experts", "专家"),
        Column("opinion", "专家意见"),
        Column("problem", "问题隐患"),
        Column("advice", "整改建议"),
        Column("clause", "依据条款"),
        Column("given_at", "意见时间", Kind.MOMENT),
        Column("paper", "意见书"),
        staging.COLUMN,
        Column(linking.OPENED, "该次检查立项隐患（处）", Kind.COUNT),
        Column("remarks", "备注"),
    ),
)
OF_VISIT: Final = ("visit", "visit_kind", "visited_at", "area", "party", "credit_code", "place")


def visited(event: events.InspectionRecorded, entry: Entry, page: Page) -> None:
    """No line yet: the experts have not spoken."""
    head = page.row(entry, shown=False)
    head.state["hazards"] = []
    head.set(
        entry,
        visit=short_number(page.key),
        visit_kind=words.visit(event.kind),
        visited_at=entry.moment(event.occurred_at),
        area=event.area,
        party=event.party.name if event.party else None,
        credit_code=event.party.credit_code if event.party else None,
        place=event.place,
    )


def advised(event: events.ExpertOpinionGiven, entry: Entry, page: Page) -> None:
    """An opinion that names no problem has a line too."""
    for number, problem in enumerate(event.problems or (None,), 1):
        row = page.row(entry, f"{event.opinion_id}-{number}")
        if (head := page.find()) is not None:
            _follow(row, head, OF_VISIT)
        row.set(entry, opinion=event.opinion, given_at=entry.moment(event.occurred_at))
        row.set(entry, paper=(event.document.name or event.document.sha256[:12]) if event.document else None)
        describing.name(entry, row, "experts", event.experts)
        if problem is not None:
            _name(entry, row, problem)
    linking.match(entry, page)


def _name(entry: Entry, row: Row, problem: Problem) -> None:
    row.state["problem"] = problem.problem
    row.set(entry, problem=problem.problem, advice=problem.advice)
    row.set(entry, clause=_clause(problem.clause) if problem.clause else None)
    if problem.place is not None:
        row.state["place"] = problem.place
        row.set(entry, place=problem.place)


def _clause(clause: Clause) -> str:
    article = f"第{clause.article}条" if clause.article else ""
    item = f"第{clause.item}项" if clause.item else ""
    return f"{clause.standard}{clause.version or ''}{article}{item}"


def _follow(row: Row, head: Row, keys: Iterable[str]) -> None:
    for key in keys:
        if key in head.cells:
            row.values[key], row.cells[key] = head.values.get(key), head.cells[key]


def corrected(event: events.InspectionCorrected, entry: Entry, page: Page) -> None:
    """The place, where the experts named no nearer one; names."""
    for row in page if event.place is not None else ():
        if "place" not in row.state:
            row.set(entry, place=event.place)
            page.book.changed[row.key] = row
    describing.rename(entry, page, {person.id: person.name for person in event.names})


def withdrawn(event: events.InspectionWithdrawn, entry: Entry, page: Page) -> None:
    """The record of the visit; what experts said stays readable."""
    for row in page.others():
        row.set(entry, remarks=f"检查记录已撤销（{words.term(event.kind)}）：{event.reasons}")


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """By experts who came to help; or on a visit that experts may have spoken of."""
    row = page.row(entry)
    if event.origin is Origin.ASSISTANCE:
        row.show(entry)
        row.set(entry, problem=event.description, advice=event.handling, remarks=event.remarks)
        describing.name(entry, row, "experts", choosing.finders(event))
    visit = page.book.page(event.visit) if event.visit else None
    head = visit.rows.get(visit.key) if visit else None
    if visit is None or head is None or "hazards" not in head.state:
        return
    _follow(row, head, (column.key for column in VISIT))
    row.state["visit"] = visit.key
    linking.count(entry, page, joined=True)
    linking.match(entry, visit, page.key)


def reworded(event: events.HazardCorrected, entry: Entry, page: Page) -> None:
    """A slip in what was found."""
    row = page.row(entry)
    if event.description is not None and "problem" in row.cells:
        row.set(entry, problem=event.description)


def pages(entry: Entry) -> Iterable[str]:
    """Its own, and that of the visit which found it."""
    visit = entry.event.visit if isinstance(entry.event, events.HazardFound) else None
    return (entry.aggregate, visit) if visit else (entry.aggregate,)


RULES: Final[dict[type[Event], Any]] = {events.HazardFound: found, events.HazardCorrected: reworded}
VISITS: Final[dict[type[Event], Any]] = {
    events.InspectionRecorded: visited,
    events.ExpertOpinionGiven: advised,
    events.InspectionCorrected: corrected,
    events.InspectionWithdrawn: withdrawn,
}


def listed(event: events.HazardFound) -> bool:
    """Whether an expert may have to do with it."""
    return event.origin is Origin.ASSISTANCE or event.visit is not None


HAZARDS: Final = describing.rules(staging.RULES, RULES, linking.RULES, hidden=True)
LEDGER: Final = Ledger(
    name="expert_advice",
    title="问题隐患和整改建议清单",
    version=1,
    columns=COLUMNS,
    rules={**choosing.only(listed, linking.followed(HAZARDS)), **VISITS},
    kinds=frozenset({"hazard", "inspection"}),
    pages=pages,
)
