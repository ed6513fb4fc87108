"""企业自查台账: what enterprises found themselves, in S3's columns 隐患自查台账: 五定, state, acceptance.

The origin as recorded decides: a ruling stands beside it. What was found after a notice is marked, not left out.
"""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from contracts.parties import Person, Signatory
from contracts.terms import Origin
from services.projection.entries import Entry
from services.projection.facets import choosing, deadlines, describing, rectifying, staging, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page

OWN: Final = frozenset({Origin.SELF, Origin.SELF_AFTER_NOTICE})

COLUMNS: Final = describing.columns(
    Column("finders", "发现人"),
    Column("after_notice", "检查通知后自查"),
    Column("origin_ruled", "来源认定"),
    Column("responsible", "整改责任人"),
    Column("measures", "整改措施"),
    Column("planned_until", "整改完成时间（计划）", Kind.DAY),
    Column("due", "整改时限", Kind.DAY),
    Column("completer", "整改完成人"),
    Column("acceptor", "整改验收人（企业）"),
    staging.COLUMN,
    Column("submitted_at", "报告整改完成时间", Kind.MOMENT),
    Column("verified_at", "验收（复查）时间", Kind.MOMENT),
    Column("verified_as", "验收（复查）方式"),
    Column("verdict", "验收（复查）结论"),
    Column("verifiers", "验收（复查）人员"),
    Column("closed_at", "销号时间", Kind.MOMENT),
)


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """By whom; and the notice, where one came first."""
    row = page.row(entry)
    describing.name(entry, row, "finders", choosing.finders(event))
    if event.origin is Origin.SELF_AFTER_NOTICE:
        row.set(entry, after_notice=f"是：{event.notice}" if event.notice else "是")


def ruled(event: events.OriginRuled, entry: Entry, page: Page) -> None:
    """Beside the recorded origin, which stays."""
    page.row(entry).set(entry, origin_ruled=words.origin(event.origin))


def assigned(event: events.HazardAssigned, entry: Entry, page: Page) -> None:
    """What was told, as long as no plan says it better."""
    row = page.row(entry)
    if row.state.get("planned"):
        return
    if event.measures is not None:
        row.set(entry, measures=event.measures)
    if event.responsible:
        describing.name(entry, row, "responsible", event.responsible)


def planned(event: events.RectificationPlanned, entry: Entry, page: Page) -> None:
    """五定; a later plan replaces the earlier, word for word."""
    row = page.row(entry)
    row.state["planned"] = True
    row.set(entry, measures=event.measures, planned_until=wording.day(event.due))
    people = {"responsible": event.responsible, "completer": event.completer, "acceptor": event.acceptor}
    for column, person in people.items():
        if person is not None:
            describing.name(entry, row, column, (person,))


def submitted(event: events.RectificationSubmitted, entry: Entry, page: Page) -> None:
    """A claim; it is not shown as rectified."""
    row = page.row(entry)
    row.set(entry, submitted_at=entry.moment(event.occurred_at))
    for column, person in {"completer": event.completer, "acceptor": event.acceptor}.items():
        if person is not None:
            describing.name(entry, row, column, (person,))


def verified(event: events.VerificationPassed | events.VerificationFailed, entry: Entry, page: Page) -> None:
    """验收 by the enterprise itself or 复查 by the authority: one is not the other, so it is told which."""
    row = page.row(entry)
    row.set(
        entry,
        verified_at=entry.moment(event.occurred_at),
        verified_as=words.verification_class(event.verification_class),
        verdict=f"不合格：{event.remaining}" if isinstance(event, events.VerificationFailed) else "合格",
    )
    describing.name(entry, row, "verifiers", _verifiers(event, event.verifiers))


def _verifiers(event: Event, named: tuple[Signatory, ...]) -> tuple[Person, ...]:
    return named if named or event.historical else (wording.person(event.actor),)


def closed(event: events.HazardClosed, entry: Entry, page: Page) -> None:
    """Struck off."""
    page.row(entry).set(entry, closed_at=entry.moment(event.occurred_at))


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.OriginRuled: ruled,
    events.HazardAssigned: assigned,
    events.RectificationPlanned: planned,
    events.RectificationSubmitted: submitted,
    events.VerificationPassed: verified,
    events.VerificationFailed: verified,
    events.HazardClosed: closed,
    events.HazardReopened: rectifying.reopened,
}

LEDGER: Final = Ledger(
    name="self_checks",
    title="企业自查台账",
    version=1,
    columns=COLUMNS,
    rules=choosing.only(lambda event: event.origin in OWN, describing.rules(staging.RULES, deadlines.RULES, RULES)),
)
