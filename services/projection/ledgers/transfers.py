"""移送交办台账: every transfer, handover and assignment of competence: from whom, to whom, why, and what came of it."""

from typing import Any, Final

from contracts import events, words
from contracts.base import DocumentRef
from contracts.events import Event
from contracts.terms import AssignmentKind, Origin
from services.projection.entries import Entry
from services.projection.facets import bodies, describing, staging, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    Column("kind", "类别"),
    Column("from_body", "移送（交办）单位", bodies=True),
    Column("sender", "移送（交办）经办人"),
    Column("to_body", "承办单位", bodies=True),
    Column("sent_at", "移送（交办）时间", Kind.MOMENT),
    Column("reasons", "理由（要求）"),
    Column("document", "移送（交办）文书"),
    Column("party_told_on", "告知责任单位日期", Kind.DAY),
    Column("due", "办理时限", Kind.DAY),
    Column("outcome", "接收情况"),
    Column("answered_at", "答复时间", Kind.MOMENT),
    Column("answered_by", "答复单位", bodies=True),
    Column("answerer", "答复经办人"),
    Column("receipt", "接收文书"),
    Column("competent_body", "退回时指明的有权单位"),
    Column("answer", "接收说明（退回依据）"),
    Column("result", "办理结果"),
    Column("result_to", "反馈对象"),
    Column("result_at", "反馈时间", Kind.MOMENT),
    Column("result_receipt", "反馈回执"),
    staging.COLUMN,
)
WAITING: Final = "待接收"
ACCEPTED: Final = "已接收"
SENT_BACK: Final = "已退回"
SUPERSEDED: Final = "由上级指定"
"""Nobody answered before the body above decided."""
BINDING: Final = "指定即生效"
ASSIGNED: Final = "指定监管"
FROM_ABOVE: Final = "上级交办"


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """What came over from elsewhere before it was entered is a transfer too; who found it handed it over."""
    bodies.learn(entry, page, *event.found_by)
    if event.origin is not Origin.TRANSFERRED_IN:
        return
    others = [body.name for body in event.found_by if body.id is None or body.id != event.actor.body]
    row = _begin(entry, page, words.origin(event.origin), "、".join(others) or None)
    row.set(entry, to_body=bodies.called(page, event.actor.body))
    _answered(entry, page, row, event, ACCEPTED)


def handed_over(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """By letter 交办函: it waits for nobody to accept it."""
    bodies.learn(entry, page, event.to_body)
    if event.kind is not AssignmentKind.HANDOVER:
        return
    row = _sent(entry, page, words.word("handover"), event, event.document)
    to = event.to_body.name if event.to_body else row.get("party")
    row.set(entry, to_body=to, reasons=event.measures, due=wording.day(event.due))
    row.state["standing"] = ACCEPTED


def transferred(event: events.HazardTransferred, entry: Entry, page: Page) -> None:
    """Offered; the sender keeps it until it is accepted."""
    bodies.learn(entry, page, event.to_body)
    row = _sent(entry, page, words.word("transfer"), event, event.document, event.from_body)
    row.set(entry, to_body=event.to_body.name, reasons=event.reasons, outcome=WAITING)
    row.set(entry, party_told_on=wording.day(event.party_told_on))
    row.state["standing"] = WAITING


def accepted(event: events.TransferAccepted, entry: Entry, page: Page) -> None:
    """Taken over."""
    if (row := _waiting(page)) is not None:
        row.set(entry, receipt=wording.number(event.document), answer=event.note)
        _answered(entry, page, row, event, ACCEPTED, event.by_body)


def refused(event: events.TransferRefused, entry: Entry, page: Page) -> None:
    """Sent back, with the name of the competent body."""
    bodies.learn(entry, page, event.competent_body)
    if (row := _waiting(page)) is not None:
        row.set(entry, competent_body=event.competent_body.name, answer=event.basis)
        _answered(entry, page, row, event, SENT_BACK, event.by_body)


def decided(event: events.CompetenceAssigned, entry: Entry, page: Page) -> None:
    """Binding, and the end of what still waited."""
    bodies.learn(entry, page, event.to_body)
    if (waiting := _waiting(page)) is not None:
        _answered(entry, page, waiting, event, SUPERSEDED)
    kind = FROM_ABOVE if event.from_superior else ASSIGNED
    row = _sent(entry, page, kind, event, event.document)
    row.set(entry, to_body=event.to_body.name, reasons=event.reasons, outcome=BINDING)
    row.state["standing"] = ACCEPTED


def reported(event: events.ResultReported, entry: Entry, page: Page) -> None:
    """Of what its receiver took over; where nothing was (a 举报 is answered too), on a line of its own."""
    bodies.learn(entry, page, event.to_body)
    row = _unanswered(page, event.to_body.id)
    if row is None:
        row = _begin(entry, page, words.word("result_report"), None)
        row.set(entry, to_body=bodies.called(page, event.actor.body))
    row.set(entry, result=event.content, result_to=event.to_body.name, result_receipt=event.receipt)
    row.set(entry, result_at=entry.moment(event.occurred_at))
    row.state["reported"] = True


def _sent(
    entry: Entry, page: Page, kind: str, event: Event, document: DocumentRef | None, sender: str | None = None
) -> Row:
    body = sender or event.actor.body
    row = _begin(entry, page, kind, bodies.called(page, body))
    row.set(entry, sent_at=entry.moment(event.occurred_at), document=wording.number(document))
    describing.name(entry, row, "sender", (wording.person(event.actor),))
    row.state["from"] = body
    return row


def _begin(entry: Entry, page: Page, kind: str, from_body: str | None) -> Row:
    row = describing.begin(entry, page, f"transfer-{entry.version}")
    row.set(entry, kind=kind, from_body=from_body)
    return row


def _answered(entry: Entry, page: Page, row: Row, event: Event, outcome: str, body: str | None = None) -> None:
    row.set(entry, outcome=outcome, answered_at=entry.moment(event.occurred_at))
    row.set(entry, answered_by=bodies.called(page, body or event.actor.body))
    describing.name(entry, row, "answerer", (wording.person(event.actor),))
    row.state["standing"] = outcome


def _latest(page: Page, standing: str) -> list[Row]:
    found = [row for row in page if row.state.get("standing") == standing]
    page.book.changed.update({row.key: row for row in found})
    return sorted(found, key=lambda row: row.born, reverse=True)


def _waiting(page: Page) -> Row | None:
    return next(iter(_latest(page, WAITING)), None)


def _unanswered(page: Page, to: str | None) -> Row | None:
    """The one from that body; else the latest that somebody took over."""
    taken = [row for row in _latest(page, ACCEPTED) if not row.state.get("reported")]
    own = [row for row in taken if to is not None and row.state.get("from") == to]
    return next(iter((*own, *taken)), None)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardAssigned: handed_over,
    events.HazardTransferred: transferred,
    events.TransferAccepted: accepted,
    events.TransferRefused: refused,
    events.CompetenceAssigned: decided,
    events.ResultReported: reported,
}

LEDGER: Final = Ledger(
    name="transfers",
    title="移送交办台账",
    version=1,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, RULES, hidden=True),
)
