"""重大事故隐患台账: graded or suspected to be major, with 五落实, 双报告, 挂牌 and 停产 side by side.

Beside its rows it keeps the dated changes that form B sums up (changes.py).
"""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import Grade, Stage, WorkersBody
from services.projection.entries import Entry
from services.projection.facets import bodies, changes, deadlines, describing, rectifying, staging
from services.projection.ledger import Column, Kind, Ledger, Rule
from services.projection.pages import Page

COLUMNS: Final = describing.columns(
    staging.COLUMN,
    Column("basis", "判定依据"),
    Column("interim_control", "临时管控措施"),
    Column("measures", "措施"),
    Column("responsible", "责任人"),
    Column("funds", "资金（元）", Kind.MONEY),
    Column("due", "时限", Kind.DAY),
    Column("contingency", "预案"),
    Column("completer", "完成人"),
    Column("acceptor", "验收人（企业）"),
    Column("regulator_told_at", "向部门报告时间", Kind.MOMENT),
    Column("regulator_receipt", "部门回执"),
    Column("workers_told_on", "向职工报告日期", Kind.DAY),
    Column("workers_body", "职工报告形式"),
    Column("listed", "挂牌情况", bodies=True),
    Column("listed_at", "挂牌时间", Kind.MOMENT),
    Column("delisted_at", "摘牌时间", Kind.MOMENT),
    Column("suspension", "停产停用"),
    Column("suspended_at", "停产时间", Kind.MOMENT),
    Column("resumed_at", "恢复生产时间", Kind.MOMENT),
    Column("submitted_at", "报告整改完成时间", Kind.MOMENT),
    Column("verified_at", "核查时间", Kind.MOMENT),
    Column("verdict", "核查结论"),
    Column("verifiers", "核查人员"),
    Column("closed_at", "销号时间", Kind.MOMENT),
)


def show(_: Event, entry: Entry, page: Page) -> None:
    """While it is, or may be, major, and was neither merged nor withdrawn."""
    row = page.row(entry)
    grade = row.get("grade")
    major = grade in {words.grade(Grade.MAJOR), words.grade(Grade.SUSPECTED_MAJOR)}
    row.show(entry, shown=major and staging.stage(row) not in {Stage.MERGED, Stage.WITHDRAWN})


def told_regulator(event: events.ReportedToRegulator, entry: Entry, page: Page) -> None:
    """One half of 双报告, as it was told last. What went past the head stands in 双报告台账 only."""
    if not event.bypass:
        row = page.row(entry)
        row.state["report"] = event.report
        row.set(entry, regulator_told_at=entry.moment(event.occurred_at), regulator_receipt=event.receipt)


def acknowledged(event: events.ReportAcknowledged, entry: Entry, page: Page) -> None:
    """The regulator has that report: no other's receipt stands beside it."""
    row = page.row(entry)
    if event.receipt is not None and row.state.get("report") == event.report:
        row.set(entry, regulator_receipt=event.receipt)


def told_workers(event: events.ReportedToWorkers, entry: Entry, page: Page) -> None:
    """The other half."""
    row = page.row(entry)
    held = event.held_on.isoformat() if event.held_on else None
    attended = f"（{event.present}/{event.total}人）" if event.present is not None and event.total else ""
    body = words.term(event.body) + (attended if event.body is not WorkersBody.NOT_APPLICABLE else "")
    row.set(entry, workers_told_on=held, workers_body=body)


def listed(event: events.HazardListed, entry: Entry, page: Page) -> None:
    """By one body more."""
    row = page.row(entry)
    open_ = row.state.setdefault("listings", {})
    number = f"（{event.document.number}）" if event.document and event.document.number else ""
    bodies.learn(entry, page, event.supervisor)
    open_[event.listing] = f"{bodies.called(page, event.actor.body) or event.actor.name}{number}"
    row.set(entry, listed="；".join(open_.values()), listed_at=entry.moment(event.occurred_at), delisted_at=None)


def delisted(event: events.HazardDelisted | events.OrderRevoked, entry: Entry, page: Page) -> None:
    """One listing ended; what others listed stays."""
    listing = event.target if isinstance(event, events.OrderRevoked) else event.listing
    row = page.row(entry)
    open_ = row.state.setdefault("listings", {})
    if open_.pop(listing or "", None) is None:
        return
    row.set(entry, listed="；".join(open_.values()) or None)
    if not open_:
        row.set(entry, delisted_at=entry.moment(event.occurred_at))


def suspended(event: events.SuspensionOrdered, entry: Entry, page: Page) -> None:
    """Work was ordered to stop."""
    row = page.row(entry)
    row.state.setdefault("suspensions", []).append(event.suspension)
    said = f"{words.term(event.kind)}：{event.scope}"
    row.set(entry, suspension=said, suspended_at=entry.moment(event.occurred_at), resumed_at=None)


def resumed(event: events.OperationsResumed, entry: Entry, page: Page) -> None:
    """In full; a trial leaves it suspended."""
    if not event.trial:
        _unsuspend(event, entry, page, event.suspension)


def revoked(event: events.OrderRevoked, entry: Entry, page: Page) -> None:
    """An order that lost its force no longer stops anybody."""
    if event.order == "listing":
        delisted(event, entry, page)
    elif event.order == "suspension" and event.target is not None:
        _unsuspend(event, entry, page, event.target)


def _unsuspend(event: Event, entry: Entry, page: Page, suspension: str) -> None:
    row = page.row(entry)
    open_: list[str] = row.state.setdefault("suspensions", [])
    if suspension in open_:
        open_.remove(suspension)
    if not open_:
        row.set(entry, resumed_at=entry.moment(event.occurred_at))


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """What the bodies are called: a listing names its own by id only."""
    bodies.learn(entry, page, *event.found_by)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardGraded: rectifying.graded,
    events.HazardRegraded: rectifying.graded,
    events.HazardAssigned: rectifying.instructed,
    events.InterimControlRecorded: rectifying.controlled,
    events.RectificationPlanned: rectifying.planned,
    events.ReportedToRegulator: told_regulator,
    events.ReportAcknowledged: acknowledged,
    events.ReportedToWorkers: told_workers,
    events.HazardListed: listed,
    events.HazardDelisted: delisted,
    events.SuspensionOrdered: suspended,
    events.OperationsResumed: resumed,
    events.OrderRevoked: revoked,
    events.RectificationSubmitted: rectifying.submitted,
    events.VerificationPassed: rectifying.passed,
    events.VerificationFailed: rectifying.failed,
    events.HazardClosed: rectifying.closed,
    events.HazardReopened: rectifying.reopened,
}
SHOWING: Final[dict[type[Event], Rule]] = dict.fromkeys(
    (
        events.HazardFound,
        events.HazardGraded,
        events.HazardRegraded,
        events.HazardMerged,
        events.HazardWithdrawn,
        events.HazardReopened,
    ),
    show,
)
LEDGER: Final = Ledger(
    name="majors",
    title="重大事故隐患台账",
    version=2,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, deadlines.RULES, RULES, changes.RULES, SHOWING, hidden=True),
    sides=(changes.SIDE,),
)
