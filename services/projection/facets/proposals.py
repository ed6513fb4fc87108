"""Lines of the 处置台账 for what the machine proposes 升级提请: answered by a named person, or still open."""

from typing import Any, Final

from contracts import events, words
from contracts.events import Event
from services.projection.entries import Entry
from services.projection.facets import describing, wording
from services.projection.ledger import Column, Kind
from services.projection.pages import Page, Row

COLUMNS: Final = (
    Column("proposal", "提请（规则、级别）"),
    Column("answered_by", "答复人"),
    Column("answered_at", "答复时间", Kind.MOMENT),
    Column("answer", "答复"),
)
OPEN: Final = words.word("proposal")
TAKEN: Final = "已采纳"
DECLINED: Final = "不予采纳"
PROPOSES: Final = 2
"""From this level on a proposal; below it a reminder, which the machine sends by itself."""


def proposed(event: events.HazardEscalated, entry: Entry, page: Page) -> None:
    """By the machine; nobody is bound by it."""
    row = describing.begin(entry, page, event.proposal)
    if event.level < PROPOSES:
        row.show(entry, shown=False)
    step = f"·{event.step}" if event.step else ""
    row.set(
        entry,
        kind=f"提请：{event.draft}" if event.draft else "提请",
        taken_at=entry.moment(event.occurred_at),
        proposal=f"{event.rule}{step}（L{event.level}）",
        standing=OPEN,
    )


def declined(event: events.MeasureDeclined, entry: Entry, page: Page) -> None:
    """Answered with no, and why; where the proposal itself is not told, that is all that is known."""
    row = page.find(event.proposal)
    if row is None:
        row = describing.begin(entry, page, event.proposal)
        row.set(entry, kind="提请")
    _answered(entry, row, event, DECLINED, event.reasons)


def answer(entry: Entry, page: Page, row: Row, event: Event, proposal: str | None) -> None:
    """That proposal, where it is told, led to this line."""
    asked = page.find(proposal) if proposal is not None else None
    if asked is None:
        return
    row.set(entry, proposal=asked.get("proposal"))
    what = "：".join(str(part) for part in (row.get("kind"), row.get("document")) if part)
    _answered(entry, asked, event, TAKEN, what)


def _answered(entry: Entry, row: Row, event: Event, standing: str, answer: str) -> None:
    row.show(entry)
    row.set(entry, standing=standing, answered_at=entry.moment(event.occurred_at), answer=answer)
    describing.name(entry, row, "answered_by", (wording.person(event.actor),))


RULES: Final[dict[type[Event], Any]] = {
    events.HazardEscalated: proposed,
    events.MeasureDeclined: declined,
}
"""The lines' other columns are those of the ledger (measures.py)."""
