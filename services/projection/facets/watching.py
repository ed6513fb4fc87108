"""持续关注: what is heard of a party after a hazard of its was struck off as gone, noted on every such entry.

An entry hears of what happened later than its closing and was recorded later too. What is taken back is unheard.
"""

from collections.abc import Iterable
from typing import Final

from services.projection.entries import Entry
from services.projection.ledger import Column, Kind
from services.projection.pages import Page, Row

COLUMNS: Final = (
    Column("hazards", "核销后又有隐患（处）", Kind.COUNT),
    Column("visits", "核销后检查巡查（次）", Kind.COUNT),
    Column("watch", "持续关注"),
)
TOLD: Final = 5
"""The latest of what was heard is told in words; all of it is counted."""


def page_of(party: str) -> str:
    """Where it stands which entries of a party are watched."""
    return f"party:{party}"


def enrol(entry: Entry, page: Page, party: str, since: float) -> None:
    """From now on this hazard's row hears of that party, and of no other."""
    release(entry, page)
    page.row(entry).state |= {"watched": party, "since": since}
    page.book.page(page_of(party)).row(entry, shown=False).state.setdefault("watching", []).append(page.key)


def release(entry: Entry, page: Page) -> None:
    """It hears no more."""
    party = page.row(entry).state.pop("watched", None)
    if party is not None:
        page.book.page(page_of(party)).row(entry, shown=False).state["watching"].remove(page.key)


def hear(entry: Entry, page: Page, party: str, when: float, column: str, told: str) -> None:
    """What this page (a hazard, a visit) tells of the party; `when` in seconds since 1970."""
    reached = []
    for row in _watching(page, party):
        if row.key == page.key or row.state["since"] >= when:
            continue
        _note(entry, page, row, column, told)
        reached.append(row.key)
    if reached:
        own = page.row(entry, shown=False)
        own.state["heard_of"] = party
        own.state["heard_by"] = sorted({*own.state.get("heard_by", ()), *reached})


def unhear(entry: Entry, page: Page) -> None:
    """This page's word is taken back, or is of another party."""
    if page.empty:
        return
    own = page.row(entry)
    own.state.pop("heard_of", None)
    for row in _rows(page, own.state.pop("heard_by", ())):
        for column in ("hazards", "visits"):
            if page.key in row.state.get(column, ()):
                row.state[column].remove(page.key)
                page.count_out(entry, row, column, page.key)
        row.state["notes"] = [note for note in row.state["notes"] if note[0] != page.key]
        _tell(entry, row)


def _note(entry: Entry, page: Page, row: Row, column: str, told: str) -> None:
    known: list[str] = row.state.setdefault(column, [])
    if page.key not in known:
        known.append(page.key)
        page.count_in(entry, row, column, page.key)
    row.state.setdefault("notes", []).append([page.key, told])
    _tell(entry, row)


def _tell(entry: Entry, row: Row) -> None:
    row.set(entry, watch="\n".join(told for _, told in row.state["notes"][-TOLD:]) or None)


def _watching(page: Page, party: str) -> list[Row]:
    kept = page.book.page(page_of(party)).rows.get(page_of(party))
    return _rows(page, kept.state.get("watching", ()) if kept else ())


def _rows(page: Page, hazards: Iterable[str]) -> list[Row]:
    page.book.fetch(hazards)
    return [row for hazard in list(hazards) if (row := page.book.page(hazard).find()) is not None]
