"""隐患台账: every hazard in one line, from finding to closing; the columns of S3's 隐患自查台账 and S1's are in it."""

from typing import Any, Final

from contracts import events, words
from contracts.acts.intake import Determination
from contracts.events import Event
from contracts.parties import Signatory
from contracts.terms import BasisKind, Flag, Stage
from services.projection import stages
from services.projection.entries import Entry
from services.projection.ledger import Column, Kind, Ledger
from services.projection.ledgers import deadlines, describing, stating
from services.projection.pages import Page

COLUMNS: Final = describing.columns(
    Column("category", "类别"),
    Column("sector", "行业领域"),
    Column("stage", "环节"),
    Column("due", "整改时限", Kind.DAY),
    Column("basis", "判定依据"),
    Column("found_by", "发现单位"),
    Column("finders", "发现人"),
    Column("origin_ruled", "来源认定"),
    Column("assignment", "交办方式"),
    Column("document", "交办文书"),
    Column("responsible", "整改责任人"),
    Column("measures", "整改措施"),
    Column("completer", "整改完成人"),
    Column("acceptor", "整改验收人（企业）"),
    Column("funds", "资金（元）", Kind.MONEY),
    Column("contingency", "应急预案"),
    Column("interim_control", "临时管控措施"),
    Column("progress", "整改进展"),
    Column("submitted_at", "报告整改完成时间", Kind.MOMENT),
    Column("verified_at", "复查时间", Kind.MOMENT),
    Column("verdict", "复查结论"),
    Column("verifiers", "复查人员"),
    Column("closed_at", "销号时间", Kind.MOMENT),
    Column("reopened", "重新立项（次）", Kind.NUMBER),
    Column("flags", "标记"),
)


def enter(event: Event, entry: Entry, page: Page) -> None:
    """The stage, and the gaps that a fact carries."""
    row = page.row(entry)
    before = row.state.get("stage")
    after = stages.moved(event, Stage(before) if before else None)
    if after is not None and after != before:
        row.state["stage"] = after.value
        row.set(entry, stage=stages.said(after, event))
    if event.flags:
        held = row.get("flags")
        known = held.split("、") if held else []
        if new := [words.flag(Flag(flag)) for flag in event.flags if words.flag(Flag(flag)) not in known]:
            row.set(entry, flags="、".join([*known, *dict.fromkeys(new)]))


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """Where it came to light, by whom."""
    row = page.row(entry)
    row.set(entry, category=event.category, sector=event.sector)
    row.set(entry, found_by="、".join(body.name for body in event.found_by) or None)
    describing.name(entry, row, "finders", event.finders)


def graded(event: events.HazardGraded | events.HazardRegraded, entry: Entry, page: Page) -> None:
    """On what the grade rests."""
    if event.basis is not None:
        page.row(entry).set(entry, basis=basis(event.basis))


def basis(stated: Determination) -> str:
    """判定标准 … 第11条第6项, or the opinion or definition that it rests on."""
    if stated.kind is not BasisKind.CLAUSE:
        return "：".join(part for part in (words.term(stated.kind), stated.reasons) if part)
    item = f"第{stated.item}项" if stated.item else ""
    return f"{stated.standard or ''}{stated.version or ''}第{stated.article}条{item}"


def ruled(event: events.OriginRuled, entry: Entry, page: Page) -> None:
    """Beside the recorded origin, which stays."""
    page.row(entry).set(entry, origin_ruled=words.origin(event.origin))


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """The last word that told somebody to rectify."""
    row = page.row(entry)
    number = (event.document.number or event.document.title) if event.document else None
    row.set(entry, assignment=words.term(event.kind), document=number)
    instructed(event, entry, page)


def instructed(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """What is to be done, by whom, as the one who assigned it says."""
    row = page.row(entry)
    if event.measures is not None:
        row.set(entry, measures=event.measures)
    if event.responsible:
        describing.name(entry, row, "responsible", event.responsible)


def controlled(event: events.InterimControlRecorded, entry: Entry, page: Page) -> None:
    """What keeps people safe meanwhile."""
    page.row(entry).set(entry, interim_control=event.measures)


def planned(event: events.RectificationPlanned, entry: Entry, page: Page) -> None:
    """五定, 七项."""
    row = page.row(entry)
    row.set(entry, measures=event.measures)
    for column, person in (
        ("responsible", event.responsible),
        ("completer", event.completer),
        ("acceptor", event.acceptor),
    ):
        if person is not None:
            describing.name(entry, row, column, (person,))
    if event.funds is not None:
        row.set(entry, funds=int(event.funds * 100))
    if event.contingency is not None:
        row.set(entry, contingency=event.contingency)


def progressed(event: events.ProgressReported, entry: Entry, page: Page) -> None:
    """What was said last."""
    page.row(entry).set(entry, progress=event.done)


def submitted(event: events.RectificationSubmitted, entry: Entry, page: Page) -> None:
    """A claim; it is not shown as rectified."""
    row = page.row(entry)
    row.set(entry, submitted_at=entry.moment(event.occurred_at))
    if event.completer is not None:
        describing.name(entry, row, "completer", (event.completer,))


def passed(event: events.VerificationPassed, entry: Entry, page: Page) -> None:
    """Seen to be done."""
    _verified(entry, page, event, "合格", event.verifiers)


def failed(event: events.VerificationFailed, entry: Entry, page: Page) -> None:
    """Seen not to be done."""
    _verified(entry, page, event, f"不合格：{event.remaining}", event.verifiers)


def _verified(entry: Entry, page: Page, event: Event, verdict: str, verifiers: tuple[Signatory, ...]) -> None:
    row = page.row(entry)
    row.set(entry, verified_at=entry.moment(event.occurred_at), verdict=verdict)
    describing.name(entry, row, "verifiers", verifiers or stating.signed_by(event))


def closed(event: events.HazardClosed, entry: Entry, page: Page) -> None:
    """Struck off."""
    page.row(entry).set(entry, closed_at=entry.moment(event.occurred_at))


def reopened(_: events.HazardReopened, entry: Entry, page: Page) -> None:
    """Open again: the closing is no more."""
    row = page.row(entry)
    row.set(entry, reopened=(row.get("reopened") or 0) + 1, closed_at=None)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardGraded: graded,
    events.HazardRegraded: graded,
    events.OriginRuled: ruled,
    events.HazardAssigned: assigned,
    events.InterimControlRecorded: controlled,
    events.RectificationPlanned: planned,
    events.ProgressReported: progressed,
    events.RectificationSubmitted: submitted,
    events.VerificationPassed: passed,
    events.VerificationFailed: failed,
    events.HazardClosed: closed,
    events.HazardReopened: reopened,
}

LEDGER: Final = Ledger(
    name="hazards",
    title="隐患台账",
    version=1,
    columns=COLUMNS,
    rules=describing.rules(deadlines.RULES, RULES),
    every=enter,
)
