"""处置台账: what authorities did about a hazard, and what the machine proposed that somebody answered, or nobody yet.

A line for each measure, order to correct, order to stop work, document signed, proposal. A reminder 系统提醒 is none of
these: it is listed only where somebody answered it.
"""

from typing import Any, Final

from contracts import events, words
from contracts.base import short_number
from contracts.events import Event
from contracts.terms import AssignmentKind, Flag
from services.projection.entries import Entry
from services.projection.facets import bodies, deadlines, describing, proposals, staging, stating, suspensions, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    Column("kind", "措施种类"),
    Column("standing", "状态"),
    Column("body", "实施单位", bodies=True),
    Column("taken_at", "作出时间", Kind.MOMENT),
    Column("document", "文书编号"),
    Column("basis", "法律依据"),
    Column("violated", "违反条款"),
    Column("content", "内容（范围、要求）"),
    Column("amount", "金额（元）", Kind.MONEY),
    Column("days", "期限（日）", Kind.NUMBER),
    Column("due", "整改期限", Kind.DAY),
    Column("officers", "执法人员"),
    Column("certificates", "执法证号"),
    Column("approved_by", "批准（签发）人"),
    Column("legal_review_by", "法制审核人员"),
    Column("covers", "涉及其他隐患（处）", Kind.COUNT),
    Column("covered", "涉及其他隐患编号"),
    *proposals.COLUMNS,
    *suspensions.COLUMNS,
    Column("revoked_at", "撤销（变更）时间", Kind.MOMENT),
    Column("revocation", "撤销（变更）决定"),
    Column("flags", "标记"),
    Column("remarks", "备注"),
    staging.COLUMN,
)
REPLACED: Final = "已由新指令替代"
SIGNED: Final = "已签发"
TAKEN: Final = "已作出"
"""Whether a fine was paid or a seal broken, its event does not say."""


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """Nothing is done yet; but its bodies have names."""
    bodies.learn(entry, page, *event.found_by)


def recorded(event: events.MeasureRecorded, entry: Entry, page: Page) -> None:
    """罚款, 查封, 约谈, 启封 …"""
    bodies.learn(entry, page, event.body)
    row = _begin(entry, page, "measure", event, event.kind)
    row.set(
        entry,
        body=event.body.name if event.body else bodies.called(page, event.actor.body),
        document=wording.number(event.document),
        basis=event.basis,
        violated=event.violated,
        amount=wording.fen(event.amount),
        days=event.days,
        certificates=wording.certificates(event.officers),
        remarks=event.remarks,
        covered="、".join(map(short_number, event.covers)) or None,
        standing=TAKEN,
    )
    describing.name(entry, row, "officers", event.officers)
    describing.name(entry, row, "legal_review_by", (event.legal_review_by,) if event.legal_review_by else ())
    for hazard in dict.fromkeys(event.covers):
        page.count_in(entry, row, "covers", hazard)
    proposals.answer(entry, page, row, event, event.answers)


def ordered(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """责令限期整改; a body's later order takes the place of its earlier one."""
    bodies.learn(entry, page, event.to_body)
    if event.kind is not AssignmentKind.ORDER:
        return
    key = deadlines.key(event.kind, event.actor.body)
    for earlier in _in_force(page, key):
        earlier.set(entry, standing=REPLACED)
    row = _begin(entry, page, "order", event, words.term(event.kind))
    row.state["order"] = key
    row.set(entry, document=wording.number(event.document), basis=event.basis, content=event.measures)
    row.set(entry, due=wording.day(event.due), certificates=wording.certificates(event.officers))
    row.set(entry, standing=suspensions.STANDS)
    describing.name(entry, row, "officers", event.officers)


def extended(event: events.ExtensionGranted, entry: Entry, page: Page) -> None:
    """The order stands, its day moved."""
    for key in event.of:
        for row in _in_force(page, key):
            row.set(entry, due=event.until.isoformat())


def revoked(event: events.OrderRevoked, entry: Entry, page: Page) -> None:
    """It no longer blocks; a listing that is revoked stands in the ledger of listings."""
    bodies.learn(entry, page, event.deciding_body)
    if event.target is None:
        return
    stopped = page.find(event.target) if event.order == "suspension" else None
    for row in (stopped,) if stopped else _in_force(page, event.target):
        row.set(entry, standing=words.term(event.act), revoked_at=entry.moment(event.occurred_at))
        number = wording.number(event.document)
        parts = (event.deciding_body.name, number, event.reasons)
        row.set(entry, revocation="：".join(part for part in parts if part))


def signed(event: events.DocumentSigned, entry: Entry, page: Page) -> None:
    """By the named signer; the number of an oral order is written on that order too."""
    row = _begin(entry, page, "document", event, event.kind)
    signer = event.signed_by or stating.stated_by(event.actor)
    row.set(entry, document=event.number, standing=SIGNED)
    describing.name(entry, row, "approved_by", (signer,))
    proposals.answer(entry, page, row, event, event.answers)
    if event.suspension is not None and (order := page.find(event.suspension)) is not None:
        order.set(entry, document=event.number, flags=_flags(order, event))


def _flags(order: Row, event: events.DocumentSigned) -> str | None:
    """The number is there now, perhaps late; whatever else the order lacked it lacks still."""
    lacked = (order.get("flags") or "").split("、")
    came = (stating.flags(event) or "").split("、")
    lacking = dict.fromkeys([flag for flag in lacked if flag != words.flag(Flag.DOCUMENT_PENDING)] + came)
    return "、".join(filter(None, lacking)) or None


def _begin(entry: Entry, page: Page, prefix: str, event: Event, kind: str) -> Row:
    row = describing.begin(entry, page, f"{prefix}-{entry.version}")
    row.set(entry, kind=kind, body=bodies.called(page, event.actor.body))
    row.set(entry, taken_at=entry.moment(event.occurred_at), flags=stating.flags(event))
    return row


def _in_force(page: Page, key: str) -> list[Row]:
    """The order under that key; what is changed through it is kept."""
    found = [row for row in page if row.state.get("order") == key and row.get("standing") == suspensions.STANDS]
    page.book.changed.update({row.key: row for row in found})
    return found


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.MeasureRecorded: recorded,
    events.HazardAssigned: ordered,
    events.ExtensionGranted: extended,
    events.OrderRevoked: revoked,
    events.DocumentSigned: signed,
}

LEDGER: Final = Ledger(
    name="measures",
    title="处置台账",
    version=2,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, suspensions.RULES, proposals.RULES, RULES, hidden=True),
)
