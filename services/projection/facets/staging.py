"""The hazard's stage 环节 as a column: 已并案 and 已撤销 stand in it too. The overlays' rows follow."""

from typing import Any, Final

from contracts.events import Event
from contracts.terms import Stage
from services.projection import stages
from services.projection.entries import Entry
from services.projection.ledger import Column, Rule
from services.projection.pages import Page, Row

COLUMN: Final = Column("stage", "环节")


def stage(row: Row | None) -> Stage | None:
    """Where the hazard stands, by the page's own row."""
    held = row.state.get("stage") if row is not None else None
    return Stage(held) if held else None


def moved(event: Any, entry: Entry, page: Page) -> None:  # noqa: ANN401 (any event that moves the stage)
    """To the next stage, or back."""
    row = page.row(entry)
    before = stage(row)
    after = stages.moved(event, before)
    if after is None or after is before:
        return
    row.state["stage"] = after.value
    said = stages.said(after, event)
    row.set(entry, stage=said)
    for overlay in page.others() if len(page.rows) > 1 else ():
        overlay.set(entry, stage=said)


RULES: Final[dict[type[Event], Rule]] = dict.fromkeys(stages.MOVES, moved)
"""They keep the column `stage`."""
