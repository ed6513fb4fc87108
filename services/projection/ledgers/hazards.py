"""隐患台账: every hazard in one line, from finding to closing; the columns of S3's 隐患自查台账 and S1's are in it."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.terms import Flag, Stage
from services.projection import stages
from services.projection.entries import Entry
from services.projection.facets import bypassing, deadlines, describing, rectifying
from services.projection.ledger import Column, Kind, Ledger
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
    Column("reopened", "重新立项（次）", Kind.COUNT),
    Column("flags", "标记"),
)


def enter(event: Event, entry: Entry, page: Page) -> None:
    """The stage, and the gaps that a fact carries: not those of what went past the head."""
    row = page.row(entry)
    silent = bypassing.past_the_head(event, entry, page)
    before = row.state.get("stage")
    after = stages.moved(event, Stage(before) if before else None)
    if after is not None and after != before:
        row.state["stage"] = after.value
        row.set(entry, stage=stages.said(after, event))
    if event.flags and not silent:
        held = row.get("flags")
        known = held.split("、") if held else []
        if new := [words.flag(Flag(flag)) for flag in event.flags if words.flag(Flag(flag)) not in known]:
            row.set(entry, flags="、".join([*known, *dict.fromkeys(new)]))


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """Where it came to light, by whom."""
    row = page.row(entry)
    row.set(entry, category=event.category, sector=words.sector(event.sector))
    row.set(entry, found_by="、".join(body.name for body in event.found_by) or None)
    describing.name(entry, row, "finders", event.finders)


def ruled(event: events.OriginRuled, entry: Entry, page: Page) -> None:
    """Beside the recorded origin, which stays."""
    page.row(entry).set(entry, origin_ruled=words.origin(event.origin))


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """The last word that told somebody to rectify."""
    row = page.row(entry)
    number = (event.document.number or event.document.title) if event.document else None
    row.set(entry, assignment=words.term(event.kind), document=number)
    rectifying.instructed(event, entry, page)


def progressed(event: events.ProgressReported, entry: Entry, page: Page) -> None:
    """What was said last."""
    page.row(entry).set(entry, progress=event.done)


def reopened(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """Open again, once more."""
    page.count_in(entry, page.row(entry), "reopened", f"event:{entry.sequence}")
    rectifying.reopened(event, entry, page)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.HazardGraded: rectifying.graded,
    events.HazardRegraded: rectifying.graded,
    events.OriginRuled: ruled,
    events.HazardAssigned: assigned,
    events.InterimControlRecorded: rectifying.controlled,
    events.RectificationPlanned: rectifying.planned,
    events.ProgressReported: progressed,
    events.RectificationSubmitted: rectifying.submitted,
    events.VerificationPassed: rectifying.passed,
    events.VerificationFailed: rectifying.failed,
    events.HazardClosed: rectifying.closed,
    events.HazardReopened: reopened,
}

LEDGER: Final = Ledger(
    name="hazards",
    title="隐患台账",
    version=2,
    columns=COLUMNS,
    rules=describing.rules(deadlines.RULES, RULES),
    every=enter,
)
