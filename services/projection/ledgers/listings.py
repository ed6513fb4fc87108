"""挂牌督办台账: a line for each listing; several bodies may list one hazard, each ends its own.

Whether its deadline has passed depends on the day of reading, and is not kept.
"""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from services.projection.entries import Entry
from services.projection.facets import bodies, describing, publishing, staging, stating, wording
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Page, Row

PROPOSED: Final = (
    Column("proposed_by", "提请人"),
    Column("proposed_at", "提请时间", Kind.MOMENT),
    Column("proposal_reasons", "提请理由"),
)
COLUMNS: Final = describing.columns(
    staging.COLUMN,
    Column("standing", "挂牌状态"),
    Column("level", "挂牌级别"),
    Column("body", "挂牌机关", bodies=True),
    Column("listed_by", "批准挂牌人"),
    Column("listed_at", "挂牌时间", Kind.MOMENT),
    Column("document", "挂牌文书"),
    Column("reasons", "挂牌事由"),
    Column("first_deadline", "挂牌时督办时限", Kind.DAY),
    Column("deadline", "现督办时限", Kind.DAY),
    Column("extensions", "延期（次）", Kind.COUNT),
    Column("supervisor", "督办单位"),
    *PROPOSED,
    *publishing.LISTED,
    Column("applied_at", "申请摘牌时间", Kind.MOMENT),
    Column("applied_by", "摘牌申请人"),
    Column("refused_at", "不予摘牌时间", Kind.MOMENT),
    Column("refusal", "不予摘牌理由"),
    Column("ended_at", "摘牌时间", Kind.MOMENT),
    Column("ground", "摘牌原因"),
    Column("signer", "摘牌签发人"),
    Column("delisting_document", "摘牌文书"),
    *publishing.DELISTED,
)
STANDING: Final = "挂牌中"
"""Nobody ended it; whether it was asked for, `applied_at` says."""


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """No line; what the bodies are called."""
    bodies.learn(entry, page, *event.found_by)


def proposed(event: events.ListingProposed, entry: Entry, page: Page) -> None:
    """No line yet: what was proposed is kept for the listing that may answer it."""
    row = page.row(entry, event.proposal, shown=False)
    row.set(entry, proposed_at=entry.moment(event.occurred_at), proposal_reasons=event.reasons)
    describing.name(entry, row, "proposed_by", stating.signed_by(event))


def listed(event: events.HazardListed, entry: Entry, page: Page) -> None:
    """A line of its own, with the proposal that it answers."""
    bodies.learn(entry, page, event.supervisor)
    row = describing.begin(entry, page, event.listing)
    supervisor = event.supervisor
    deadline = event.deadline.isoformat() if event.deadline else None
    row.set(
        entry,
        standing=STANDING,
        level=stating.level(event.actor),
        body=bodies.called(page, event.actor.body),
        listed_at=entry.moment(event.occurred_at),
        document=wording.number(event.document),
        reasons=event.reasons,
        first_deadline=deadline,
        deadline=deadline,
        supervisor=supervisor.name if supervisor else None,
    )
    describing.name(entry, row, "listed_by", stating.signed_by(event))
    if event.proposal is not None and (asked := page.find(event.proposal)) is not None:
        _answer(row, asked)


def _answer(row: Row, asked: Row) -> None:
    for column in PROPOSED:
        row.values[column.key] = asked.values.get(column.key)
        row.cells[column.key] = asked.cells[column.key]
    row.state["people"] |= asked.state["people"]


def extended(event: events.ExtensionGranted, entry: Entry, page: Page) -> None:
    """Only the listings that it names move."""
    for row in filter(None, map(page.find, dict.fromkeys(event.of))):
        row.set(entry, deadline=event.until.isoformat())
        page.count_in(entry, row, "extensions", f"event:{entry.sequence}")


def applied(event: events.DelistingApplied, entry: Entry, page: Page) -> None:
    """Asked for, perhaps again."""
    if row := page.find(event.listing):
        row.set(entry, applied_at=entry.moment(event.occurred_at), standing="已申请摘牌")
        describing.name(entry, row, "applied_by", stating.signed_by(event))


def refused(event: events.DelistingRefused, entry: Entry, page: Page) -> None:
    """It stands."""
    if row := page.find(event.listing):
        row.set(entry, refused_at=entry.moment(event.occurred_at), refusal=event.reasons, standing=STANDING)


def delisted(event: events.HazardDelisted, entry: Entry, page: Page) -> None:
    """Ended by its body."""
    if row := page.find(event.listing):
        _end(entry, row, event, "已摘牌", words.term(event.ground))
        row.set(entry, delisting_document=wording.number(event.document))
        describing.name(entry, row, "signer", stating.signed_by(event, event.signed_by))


def revoked(event: events.OrderRevoked, entry: Entry, page: Page) -> None:
    """The decision to list lost its force."""
    bodies.learn(entry, page, event.deciding_body)
    if event.order == "listing" and event.target is not None and (row := page.find(event.target)):
        _end(entry, row, event, "挂牌决定已失效", f"{words.term(event.act)}（{event.deciding_body.name}）")
        row.set(entry, delisting_document=wording.number(event.document))


def _end(entry: Entry, row: Row, event: Event, standing: str, ground: str) -> None:
    row.set(entry, ended_at=entry.moment(event.occurred_at), standing=standing, ground=ground)


RULES: Final[dict[type[Event], Any]] = {
    events.HazardFound: found,
    events.ListingProposed: proposed,
    events.HazardListed: listed,
    events.ExtensionGranted: extended,
    events.DelistingApplied: applied,
    events.DelistingRefused: refused,
    events.HazardDelisted: delisted,
    events.OrderRevoked: revoked,
}


LEDGER: Final = Ledger(
    name="listings",
    title="挂牌督办台账",
    version=2,
    columns=COLUMNS,
    rules=describing.rules(staging.RULES, RULES, publishing.RULES, hidden=True),
)
