"""From the grade to the end 治理: what is to be done and by whom, what was claimed, what was seen, when it ended."""

from typing import Final

from contracts import events, words
from contracts.acts.intake import Determination
from contracts.events import Event
from contracts.parties import Signatory
from contracts.terms import BasisKind
from services.projection.entries import Entry
from services.projection.facets import describing, stating
from services.projection.pages import Page

GONE: Final = ("submitted_at", "verified_at", "verified_as", "verdict", "verifiers", "closed_at")
"""What is said of a hazard no more once it is opened again."""


def graded(event: events.HazardGraded | events.HazardRegraded, entry: Entry, page: Page) -> None:
    """On what the grade rests; a regrading that states no basis rests on its reasons, no more on the earlier basis."""
    if event.basis is not None:
        page.row(entry).set(entry, basis=basis(event.basis))
    elif isinstance(event, events.HazardRegraded):
        page.row(entry).set(entry, basis=f"{words.act(type(event))}：{event.reasons}")


def basis(stated: Determination) -> str:
    """判定标准 … 第11条第6项, or the opinion or definition that it rests on."""
    if stated.kind is not BasisKind.CLAUSE:
        return "：".join(part for part in (words.term(stated.kind), stated.reasons) if part)
    item = f"第{stated.item}项" if stated.item else ""
    return f"{stated.standard or ''}{stated.version or ''}第{stated.article}条{item}"


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
    """Open again: nothing was accepted after all, and nobody has claimed it since. 复查台账 keeps what was seen."""
    row = page.row(entry)
    row.set(entry, **dict.fromkeys(GONE))
    row.state.get("people", {}).pop("verifiers", None)
