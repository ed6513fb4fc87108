"""双报告台账: a line for each major hazard of an employer: told to the regulator, to the workers (安全生产法 art. 41).

What the safety manager reports past the head (art. 46) is no report of the enterprise: it stands in the column `bypass`
alone, which the head does not see, and nothing else in the line betrays it. `state["bypass"]` marks such lines.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Actor
from contracts.terms import Grade, Stage
from services.projection.entries import Entry
from services.projection.facets import describing, employers, staging, stating
from services.projection.ledger import Column, Kind, Ledger, Rule
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    staging.COLUMN,
    Column("graded_at", "判定时间", Kind.MOMENT),
    Column("complete", "双报告"),
    Column("complete_at", "双报告齐全时间", Kind.MOMENT),
    Column("reports", "向部门报告（次）", Kind.COUNT),
    Column("reported_at", "首次向部门报告时间", Kind.MOMENT),
    Column("receiver", "接收部门"),
    Column("receipt", "回执编号"),
    Column("forwarded_at", "转报时间", Kind.MOMENT),
    Column("acknowledged_at", "回执时间", Kind.MOMENT),
    Column("history", "历次报告"),
    Column("bypass", "越级报告"),
    Column("told", "已向职工报告的单位"),
    Column("untold", "未向职工报告的单位"),
    Column("workers_body", "职工报告形式"),
    Column("held_on", "会议日期", Kind.DAY),
    Column("attendance", "实到/应到（人）"),
    Column("countersigned_by", "职工签名"),
    Column("confirmed_by", "监管部门确认人"),
    Column("flags", "标记"),
)
MAJOR: Final = frozenset({Grade.MAJOR, Grade.SUSPECTED_MAJOR})
GONE: Final = frozenset({Stage.MERGED, Stage.WITHDRAWN})


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """Suspected by its finder, it is major until somebody decides."""
    row = page.row(entry)
    row.state["major"] = event.suspected_major
    row.set(entry, flags=stating.flags(event))


def graded(event: events.HazardGraded | events.HazardRegraded, entry: Entry, page: Page) -> None:
    """Graded down, the line goes; what was reported is kept for the day when it comes back."""
    row = page.row(entry)
    row.state["major"] = event.grade in MAJOR
    row.set(entry, graded_at=entry.moment(event.occurred_at))


def reported(event: events.ReportedToRegulator, entry: Entry, page: Page) -> None:
    """The first of the enterprise's own has columns; all of them stand in `history`."""
    row = page.row(entry)
    known = row.state.setdefault("reports", {})
    known[event.report] = {
        "bypass": event.bypass,
        "said": f"{entry.day(event.occurred_at)} {event.receiver.name} {words.term(event.covers)}",
        "receipt": event.receipt,
        "forwarded": entry.day(event.forwarded_at) if event.forwarded_at else None,
    }
    if event.bypass:
        row.state["bypass"] = True
    else:
        page.count_in(entry, row, "reports", f"event:{entry.sequence}")
        if row.get("reports") == 1:
            row.state["first"] = event.report
            row.set(
                entry,
                reported_at=entry.moment(event.occurred_at),
                receiver=event.receiver.name,
                receipt=event.receipt,
                forwarded_at=entry.moment(event.forwarded_at) if event.forwarded_at else None,
            )
    _tell(entry, row, bypass=event.bypass)


def acknowledged(event: events.ReportAcknowledged, entry: Entry, page: Page) -> None:
    """The regulator has it."""
    row = page.row(entry)
    report = row.state.get("reports", {}).get(event.report)
    if report is None:
        return
    report["acknowledged"] = entry.day(event.occurred_at)
    report["receipt"] = event.receipt or report["receipt"]
    if row.state.get("first") == event.report:
        row.set(entry, acknowledged_at=entry.moment(event.occurred_at), receipt=report["receipt"])
    _tell(entry, row, bypass=report["bypass"])


def _tell(entry: Entry, row: Row, *, bypass: bool) -> None:
    told = [_worded(report) for report in row.state["reports"].values() if report["bypass"] is bypass]
    row.set(entry, **{"bypass" if bypass else "history": "\n".join(told)})


def _worded(report: Mapping[str, str | None]) -> str:
    """2026-03-12 县应急管理局 排查情况；转报 2026-03-13；回执 2026-03-14 应急收〔2026〕8号."""
    receipt = " ".join(part for part in (report.get("acknowledged"), report["receipt"]) if part)
    parts = (report["said"], report["forwarded"] and f"转报 {report['forwarded']}", receipt and f"回执 {receipt}")
    return "；".join(part for part in parts if part)


def told(event: events.ReportedToWorkers, entry: Entry, page: Page) -> None:
    """By whom it was told, as the hazard service takes it: the enterprise that says so, else the lead."""
    row = page.row(entry)
    teller = _enterprise(event.actor) or employers.lead(row)
    row.state["told"] = list(dict.fromkeys((*row.state.get("told", ()), teller)))
    known = event.present is not None or event.total is not None
    row.set(
        entry,
        workers_body=words.term(event.body),
        held_on=event.held_on.isoformat() if event.held_on else None,
        attendance=f"{_count(event.present)}/{_count(event.total)}" if known else None,
    )
    for column, person in (("countersigned_by", event.countersigned_by), ("confirmed_by", event.confirmed_by)):
        describing.name(entry, row, column, (person,) if person else ())


def _enterprise(actor: Actor) -> str | None:
    return actor.enterprise or (actor.on_behalf_of.enterprise if actor.on_behalf_of else None)


def _count(people: int | None) -> str:
    return "？" if people is None else str(people)


def judge(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (whatever was entered before)
    """Whether it is a line at all, and what is still to be told to whom: said by the event that made it owed."""
    row = page.row(entry)
    held, told_by = employers.of(row), row.state.get("told", ())
    untold = "、".join(name for one, name in held.items() if one not in told_by)
    lacking = [what for what, is_so in (("向部门报告", not row.get("reports")), ("向职工报告", untold)) if is_so]
    is_line = bool(row.state.get("major")) and bool(held) and staging.stage(row) not in GONE
    said = {
        "told": "、".join(name for one, name in held.items() if one in told_by) or None,
        "untold": (untold or None) if is_line else None,
        "complete": _complete(lacking) if is_line else None,
    }
    if changed := {column: value for column, value in said.items() if row.get(column) != value}:
        row.set(entry, **changed)
    if bool(lacking) is (row.get("complete_at") is not None):
        row.set(entry, complete_at=None if lacking else entry.moment(event.occurred_at))
    row.show(entry, shown=is_line)


def _complete(lacking: list[str]) -> str:
    return f"缺{'、'.join(lacking)}" if lacking else "齐全"


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardGraded: graded,
    events.HazardRegraded: graded,
    events.ReportedToRegulator: reported,
    events.ReportAcknowledged: acknowledged,
    events.ReportedToWorkers: told,
}
JUDGED: Final[dict[type[Event], Rule]] = dict.fromkeys((*RULES, *employers.RULES, *staging.RULES), judge)

LEDGER: Final = Ledger(
    name="dual_reports",
    title="双报告台账",
    version=2,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, employers.RULES, RULES, JUDGED, hidden=True),
)
