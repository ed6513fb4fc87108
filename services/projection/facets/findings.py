"""What came of a visit: the hazards that name it.

A hazard keeps on its own page which visit found it, so that one that is merged or withdrawn leaves the count.
"""

import re
from typing import Final

from contracts import events
from contracts.events import Event
from contracts.subjects import AGGREGATE_ID_PATTERN
from contracts.terms import ReopeningKind
from services.projection.entries import Entry
from services.projection.facets import offers
from services.projection.ledger import Rule
from services.projection.pages import Page, Row

NOTHING: Final = "无"
_RECORDED: Final = re.compile(AGGREGATE_ID_PATTERN)


def pages(entry: Entry) -> list[str]:
    """A finding touches the page of its visit too."""
    visit = _visit(entry.event) if entry.type == events.HazardFound.type else None
    return [entry.aggregate] if visit is None else [entry.aggregate, visit]


def begin(event: events.InspectionRecorded, entry: Entry, row: Row) -> None:
    """无 is a fact, too; where the record says nothing, the hazards that name it will."""
    told = event.findings
    if event.none_found and not (told and told.startswith(NOTHING)):
        told = f"{NOTHING}。{told}" if told else NOTHING
    if told is not None:
        said(told, entry, row)
    offers.begin(event, entry, row)


def said(words: str, entry: Entry, row: Row) -> None:
    """In the words of the record."""
    row.state["said"] = True
    row.set(entry, found=words)


def found(event: events.HazardFound, entry: Entry, page: Page) -> None:
    """A hazard of this visit. Any other number of a visit, and one whose record is not here, is only a word."""
    visit = _visit(event)
    row = page.book.page(visit).find() if visit is not None else None
    if row is None:
        return
    own = page.row(entry, shown=False)
    own.state.update(visit=visit, offer=event.offer and [event.offer.checklist, event.offer.item])
    row.state.setdefault("found", {})[page.key] = event.description
    _count(entry, page, own, row)


def _count(entry: Entry, page: Page, own: Row, row: Row) -> None:
    own.state["in"] = True
    page.count_in(entry, row, "hazards", page.key)
    offers.opened(entry, page, own, row)
    _tell_found(entry, row)


def left(_: events.HazardMerged | events.HazardWithdrawn, entry: Entry, page: Page) -> None:
    """Merged or withdrawn: it leaves the counts. What was offered stays answered, by what was said of it otherwise."""
    own, row = _rows(page)
    if own is None or row is None or not own.state["in"]:
        return
    own.state["in"] = False
    page.count_out(entry, row, "hazards", page.key)
    offers.left(entry, page, own, row)
    own.state["description"] = row.state["found"].pop(page.key)
    _tell_found(entry, row)


def back(event: events.HazardReopened, entry: Entry, page: Page) -> None:
    """误撤销: it counts again."""
    own, row = _rows(page) if event.kind == ReopeningKind.WITHDRAWN_IN_ERROR else (None, None)
    if own is not None and row is not None and not own.state["in"]:
        row.state["found"][page.key] = own.state.pop("description")
        _count(entry, page, own, row)


def described(event: events.HazardCorrected, entry: Entry, page: Page) -> None:
    """A slip of the pen in what was found."""
    own, row = _rows(page) if event.description is not None else (None, None)
    if own is None or row is None:
        return
    if own.state["in"]:
        row.state["found"][page.key] = event.description
        _tell_found(entry, row)
    else:
        own.state["description"] = event.description


def _rows(page: Page) -> tuple[Row | None, Row | None]:
    """The hazard's own, and that of its visit."""
    own = page.find()
    return own, page.book.page(own.state["visit"]).find() if own is not None else None


def _visit(event: Event) -> str | None:
    named = event.visit if isinstance(event, events.HazardFound) else None
    return named if named is not None and _RECORDED.match(named) else None


def _tell_found(entry: Entry, row: Row) -> None:
    """Unless the record said it in its own words."""
    if not row.state.get("said"):
        row.set(entry, found="；".join(row.state["found"].values()) or None)


RULES: Final[dict[type[Event], Rule]] = {
    events.HazardFound: found,
    events.HazardMerged: left,
    events.HazardWithdrawn: left,
    events.HazardReopened: back,
    events.HazardCorrected: described,
    events.OfferDeclined: offers.declined,
}
"""They keep the columns `found` and `hazards`, and with `offers` those of what its checklists offered to open."""
