"""A table: its heading, its rows, blank ones where there is nothing, 合计."""

from collections.abc import Sequence
from typing import Final

from services.projection.forms import heading, photos, rows
from services.projection.forms.model import Row, Sheet, Value
from services.projection.forms.page import Page
from services.projection.forms.parts import Column, Kind, TablePart, leaves
from services.projection.forms.pictures import caption
from services.projection.forms.style import LINE

TOTAL: Final = "合计"
_STYLES: Final = {
    Kind.TEXT: "text",
    Kind.NUMBERING: "middle",
    Kind.COUNT: "count",
    Kind.AMOUNT: "amount",
    Kind.RATE: "rate",
    Kind.DATE: "middle",
    Kind.PICTURES: "pictures",
    Kind.TICK: "middle",
}


def draw(page: Page, sheet: Sheet, part: TablePart) -> None:
    """From the heading to 合计."""
    columns = list(leaves(part.columns))
    styles = [_STYLES[column.kind] for column in columns]
    heading.draw(page, part.columns)
    for row in rows.printed(sheet, part):
        _record(page, columns, styles, row)
    if not (sheet.rows or part.items):
        for _ in range(part.blank_rows):
            page.record([None] * len(columns), styles, 2 * LINE)
    if sums := rows.totals(sheet, part):
        label = next((place for place, column in enumerate(columns) if not column.total), 0)
        cells: list[Value] = [sums.get(column.key) for column in columns]
        cells[label], styles[label] = TOTAL, "head"
        page.record(cells, styles)


def _record(page: Page, columns: Sequence[Column], styles: Sequence[str], row: Row) -> None:
    said = rows.ticks(row.cells)
    cells = [said.get(column.key) for column in columns]
    drawn = {}
    least = 0.0
    for place, column in enumerate(columns):
        if pictures := photos.of(cells[place]):
            drawn[place] = photos.thumbnails(pictures)
            least = max(least, photos.height(pictures, len(drawn[place]), column.width))
            cells[place] = caption(pictures)
    first = page.record(cells, styles, least)
    for place, small in drawn.items():
        photos.draw(page, first, place, small)
