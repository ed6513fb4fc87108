"""Lines of the 处置台账 for orders to stop work 停产停用: whether it was obeyed, and how work may be resumed."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import Flag, SuspensionKind
from services.projection.entries import Entry
from services.projection.facets import bodies, describing, stating, wording
from services.projection.ledger import Column, Kind
from services.projection.pages import Page, Row

COLUMNS: Final = (
    Column("complied", "停产落实情况"),
    Column("complied_at", "停产核实时间", Kind.MOMENT),
    Column("applied_at", "申请复产时间", Kind.MOMENT),
    Column("applied_by", "申请复产人"),
    Column("applied_for", "申请复产范围"),
    Column("refused_at", "不同意复产时间", Kind.MOMENT),
    Column("refusal", "不同意复产理由"),
    Column("trial_until", "试生产截止", Kind.DAY),
    Column("resumed_at", "同意复产时间", Kind.MOMENT),
    Column("resumed", "同意复产范围"),
    Column("reviewers", "复产审查人员"),
    Column("consented_by", "同意复产批准人"),
    Column("resumption_document", "复产文书"),
)
STANDS: Final = "有效"
OBEYED: Final = "已停产停用"
DEFIED: Final = "未停产停用"
APPLIED: Final = "已申请复产"
TRIAL: Final = "试生产"
RESUMED: Final = "已复产"


def ordered(event: events.SuspensionOrdered, entry: Entry, page: Page) -> None:
    """Valid at once, even where its number is to follow. Another body's order is entered by whoever tells of it."""
    row = describing.begin(entry, page, event.suspension)
    body = event.actor.body
    if event.kind is SuspensionKind.OTHER_BODY:
        body = next((name.body for name in event.officers if name.body), body)
    pending = words.flag(Flag.DOCUMENT_PENDING) if event.document_pending else None
    row.set(
        entry,
        kind=words.term(event.kind),
        body=bodies.called(page, body),
        taken_at=entry.moment(event.occurred_at),
        document=wording.number(event.document) or pending,
        basis=event.basis,
        content=event.scope,
        certificates=wording.certificates(event.officers),
        flags=stating.flags(event),
        standing=STANDS,
    )
    describing.name(entry, row, "officers", event.officers)
    _signed(entry, row, approved_by=event.approved_by, legal_review_by=event.legal_review_by)


def complied(event: events.SuspensionComplied, entry: Entry, page: Page) -> None:
    """As found on site, stopped or not."""
    if row := page.find(event.suspension):
        said = OBEYED if event.complied else DEFIED
        row.set(entry, complied=f"{said}：{event.scope_found}", complied_at=entry.moment(event.occurred_at))
        if row.get("standing") in {STANDS, OBEYED, DEFIED}:
            row.set(entry, standing=said)


def applied(event: events.ResumptionApplied, entry: Entry, page: Page) -> None:
    """Asked for; what stood before stands until it is answered."""
    if row := page.find(event.suspension):
        row.state.setdefault("before", row.get("standing"))
        what = f"{event.scope}（{TRIAL}）" if event.trial else event.scope
        row.set(entry, applied_at=entry.moment(event.occurred_at), applied_for=what, standing=APPLIED)
        describing.name(entry, row, "applied_by", (stating.stated_by(event.actor),))


def refused(event: events.ResumptionRefused, entry: Entry, page: Page) -> None:
    """As it was before somebody asked."""
    if row := page.find(event.suspension):
        row.set(entry, refused_at=entry.moment(event.occurred_at), refusal=event.reasons)
        row.set(entry, standing=row.state.pop("before", None) or STANDS)


def resumed(event: events.OperationsResumed, entry: Entry, page: Page) -> None:
    """A trial has an end and leaves the order open."""
    if row := page.find(event.suspension):
        row.state.pop("before", None)
        row.set(
            entry,
            standing=TRIAL if event.trial else RESUMED,
            resumed_at=entry.moment(event.occurred_at),
            resumed=event.scope,
            trial_until=wording.day(event.trial_until),
            resumption_document=wording.number(event.document),
        )
        describing.name(entry, row, "reviewers", event.reviewers)
        _signed(entry, row, consented_by=event.consented_by)


def _signed(entry: Entry, row: Row, **names: Any) -> None:  # noqa: ANN401 (a signatory or nobody)
    for column, name in names.items():
        describing.name(entry, row, column, (name,) if name else ())


RULES: Final[dict[type[Event], Any]] = {
    events.SuspensionOrdered: ordered,
    events.SuspensionComplied: complied,
    events.ResumptionApplied: applied,
    events.ResumptionRefused: refused,
    events.OperationsResumed: resumed,
}
"""The lines' other columns are those of the ledger (measures.py)."""
