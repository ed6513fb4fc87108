"""安全生产和自然灾害问题清单: every hazard, whoever is responsible: public body, village, household, nobody known yet.

Whether it is a matter of work safety or of natural disaster, the field 领域 and category tell as they were recorded.
"""

from typing import Any, Final

from contracts import events, words
from contracts.base import short_number
from contracts.events import Event
from contracts.parties import BodyRef, Party
from contracts.terms import PartyChange, PartyKind
from services.projection.entries import Entry
from services.projection.facets import choosing, deadlines, describing, staging
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

COLUMNS: Final = describing.columns(
    Column("sector", "领域"),
    Column("category", "类别"),
    Column("party_kind", "责任单位性质"),
    Column("co_parties", "共同整改单位"),
    Column("found_by", "发现单位"),
    Column("finders", "发现人"),
    Column("handling", "处置情况及建议"),
    Column("assignment", "交办方式"),
    Column("handed_to", "交办对象"),
    Column("responsible", "责任人"),
    Column("supervisor", "监管单位（移送、指定）", bodies=True),
    Column("due", "整改时限", Kind.DAY),
    staging.COLUMN,
    Column("result", "办理结果"),
    Column("result_at", "结果时间", Kind.MOMENT),
    Column("remarks", "备注"),
)


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """What, of which field, by whom."""
    row = page.row(entry)
    row.set(
        entry,
        sector=words.sector(event.sector),
        category=event.category,
        found_by="、".join(body.name for body in event.found_by) or None,
        handling=event.handling,
        remarks=event.remarks,
    )
    describing.name(entry, row, "finders", choosing.finders(event))
    _set_kind(entry, row, event.party)


def _set_kind(entry: Entry, row: Row, party: Party | None) -> None:
    kind = words.term(party.kind if party else PartyKind.UNKNOWN)
    if row.get("party_kind") != kind:
        row.set(entry, party_kind=kind)


def corrected(event: events.HazardCorrected, entry: Entry, page: Page) -> None:
    """The category; words, place and names are mended with the description."""
    if event.category is not None:
        page.row(entry).set(entry, category=event.category)


def party_changed(event: events.ResponsiblePartyChanged, entry: Entry, page: Page) -> None:
    """Another lead may be of another kind; a co-party stands beside it."""
    row = page.row(entry)
    others = [called for _, called in row.state.get("co_parties", ())]
    if (named := "、".join(others) or None) != row.get("co_parties"):
        row.set(entry, co_parties=named)
    if event.kind is not PartyChange.CO_PARTY_ADDED and event.party.id == row.state.get("party"):
        _set_kind(entry, row, event.party)


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """Handed to the body that the letter names, else to the party itself."""
    row = page.row(entry)
    if event.party is not None and event.party.id == row.state.get("party"):
        _set_kind(entry, row, event.party)
    to = event.to_body.name if event.to_body else row.get("party")
    row.set(entry, assignment=words.term(event.kind), handed_to=to)
    if event.responsible:
        describing.name(entry, row, "responsible", event.responsible)


def transferred(event: events.HazardTransferred, entry: Entry, page: Page) -> None:
    """The sender keeps it until it is accepted."""
    page.row(entry).state["offered"] = [event.to_body.id, event.to_body.name]


def accepted(event: events.TransferAccepted, entry: Entry, page: Page) -> None:
    """Now it is the receiver's."""
    row = page.row(entry)
    offered, name = row.state.pop("offered", (None, None))
    row.set(entry, supervisor=name if offered == event.by_body else event.by_body)


def sent_back(_: events.TransferRefused, entry: Entry, page: Page) -> None:
    """It stays where it was."""
    page.row(entry).state.pop("offered", None)


def decided(event: events.CompetenceAssigned, entry: Entry, page: Page) -> None:
    """Binding."""
    row = page.row(entry)
    row.state.pop("offered", None)
    row.set(entry, supervisor=event.to_body.name)


def passed(event: events.VerificationPassed, entry: Entry, page: Page) -> None:
    """Seen to be done."""
    _result(entry, page, event, "复查合格")


def failed(event: events.VerificationFailed, entry: Entry, page: Page) -> None:
    """Seen not to be done."""
    _result(entry, page, event, f"复查不合格：{event.remaining}")


def closed(event: events.HazardClosed, entry: Entry, page: Page) -> None:
    """Rectified, or gone: told apart."""
    grounds = f"：{event.grounds}" if event.grounds else ""
    _result(entry, page, event, words.term(event.kind) + grounds)


def reopened(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """Open again, and why."""
    _result(entry, page, event, f"重新立项（{words.term(event.kind)}）：{event.reasons}")


def merged(event: events.HazardMerged, entry: Entry, page: Page) -> None:
    """Told on under the survivor's number."""
    _result(entry, page, event, f"并入{short_number(event.survivor)}：{event.reasons}")


def withdrawn(event: events.HazardWithdrawn, entry: Entry, page: Page) -> None:
    """Should never have been recorded."""
    _result(entry, page, event, f"撤销（{words.term(event.kind)}）：{event.reasons}")


def reported(event: events.ResultReported, entry: Entry, page: Page) -> None:
    """Told back to whoever handed it down."""
    row = page.row(entry)
    told = f"{_told(event.to_body)}：{event.content}"
    row.set(entry, remarks="\n".join(part for part in (row.get("remarks"), told) if part))


def _told(body: BodyRef) -> str:
    return f"{words.word('result_report')}（{body.name}）"


def _result(entry: Entry, page: Page, event: Event, told: str) -> None:
    page.row(entry).set(entry, result=told, result_at=entry.moment(event.occurred_at))


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardCorrected: corrected,
    events.ResponsiblePartyChanged: party_changed,
    events.HazardAssigned: assigned,
    events.HazardTransferred: transferred,
    events.TransferAccepted: accepted,
    events.TransferRefused: sent_back,
    events.CompetenceAssigned: decided,
    events.VerificationPassed: passed,
    events.VerificationFailed: failed,
    events.HazardClosed: closed,
    events.HazardReopened: reopened,
    events.HazardMerged: merged,
    events.HazardWithdrawn: withdrawn,
    events.ResultReported: reported,
}

LEDGER: Final = Ledger(
    name="problems",
    title="安全生产和自然灾害问题清单",
    version=2,
    columns=COLUMNS,
    rules=choosing.only(lambda _: True, describing.rules(staging.RULES, deadlines.RULES, RULES)),
)
