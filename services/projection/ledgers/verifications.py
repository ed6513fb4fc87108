"""复查台账: a line for each verification, passed or failed, and for each time that a hazard was opened again."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Signatory
from contracts.terms import ReopeningKind
from services.projection.entries import Entry
from services.projection.facets import describing, staging, stating, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    staging.COLUMN,
    Column("kind", "类别"),
    Column("round", "第几次复查", Kind.NUMBER),
    Column("at", "时间", Kind.MOMENT),
    Column("trigger", "事由"),
    Column("mode", "方式"),
    Column("verification_class", "复查类型"),
    Column("verifiers", "复查人员"),
    Column("certificates", "执法证号"),
    Column("remote_approved_by", "同意非现场复查"),
    Column("result", "结论"),
    Column("remaining", "遗留问题（理由）"),
    Column("opinion", "复查意见"),
    Column("statement_heard", "当事人陈述申辩"),
    Column("document", "复查文书"),
    Column("evidence", "证据（件）", Kind.NUMBER),
    Column("flags", "标记"),
)
VERIFICATION: Final = "复查"


def passed(event: events.VerificationPassed, entry: Entry, page: Page) -> None:
    """Seen to be done."""
    row = _verified(event, entry, page)
    row.set(entry, result="合格", opinion=event.opinion)
    if event.remote_approved_by is not None:
        describing.name(entry, row, "remote_approved_by", (event.remote_approved_by,))


def failed(event: events.VerificationFailed, entry: Entry, page: Page) -> None:
    """Seen not to be done, and how far."""
    how = f"（{words.term(event.result)}）" if event.result else ""
    _verified(event, entry, page).set(entry, result=f"不合格{how}", remaining=event.remaining)


def _verified(event: events.VerificationPassed | events.VerificationFailed, entry: Entry, page: Page) -> Row:
    row, head = _begin(event, entry, page, event.verifiers), page.row(entry)
    head.state["rounds"] = rounds = head.state.get("rounds", 0) + 1
    row.set(
        entry,
        kind=VERIFICATION,
        round=rounds,
        trigger=words.term(event.trigger),
        mode=words.term(event.mode) if event.mode else None,
        verification_class=words.verification_class(event.verification_class),
        document=wording.number(event.document),
        evidence=len(event.evidence) or None,
    )
    return row


def reopened(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """What a look back found, or who told of a relapse or mistake."""
    looked_back = event.kind is ReopeningKind.LOOK_BACK
    _begin(event, entry, page, event.officers).set(
        entry,
        kind=words.word("look_back" if looked_back else "reopened"),
        trigger=words.term(event.kind),
        result=words.word("reopened"),
        remaining=event.reasons,
        statement_heard=event.statement_heard,
        evidence=len(event.evidence) or None,
    )


def _begin(event: Event, entry: Entry, page: Page, people: tuple[Signatory, ...]) -> Row:
    """Where nobody is named, whose word it is."""
    row = describing.begin(entry, page, f"verification-{entry.version}")
    row.set(
        entry,
        at=entry.moment(event.occurred_at),
        certificates=wording.certificates(people),
        flags=stating.flags(event),
    )
    describing.name(entry, row, "verifiers", people or stating.signed_by(event))
    return row


RULES: Final[dict[type[Event], Any]] = {
    events.VerificationPassed: passed,
    events.VerificationFailed: failed,
    events.HazardReopened: reopened,
}

LEDGER: Final = Ledger(
    name="verifications",
    title="复查台账",
    version=1,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, RULES, hidden=True),
)
