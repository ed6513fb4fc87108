"""Form B's seven columns: a label merged down, then number, item and figure, twice."""

from itertools import zip_longest
from typing import Final

from services.projection.forms.model import Sheet, Value
from services.projection.forms.page import Page
from services.projection.forms.parts import FiguresPart, Item, ItemGroup
from services.projection.forms.style import LINE, MARGIN, lines

WIDTHS: Final = (9.0, 5.0, 46.0, 9.0, 5.0, 46.0, 9.0)
_STYLES: Final = ("middle", "text", "count")
_LEAST: Final = 30.0
"""Points of a row, to write in by hand."""


def draw(page: Page, sheet: Sheet, part: FiguresPart) -> None:
    """Group below group; the numbers begin again in each, as they are printed."""
    for group in part.groups:
        _group(page, sheet, group)


def _group(page: Page, sheet: Sheet, group: ItemGroup) -> None:
    pairs = list(zip_longest(group.items[::2], group.items[1::2]))
    least = max(_LEAST, (LINE * lines(group.label, WIDTHS[0]) + MARGIN) / len(pairs))
    first = page.row
    for left, right in pairs:
        cells = [None, *_cells(left, sheet), *_cells(right, sheet)]
        page.record(cells, ["middle", *_STYLES, *_STYLES], least)
    page.merge((first, 0, page.row - 1, 0), group.label, "middle")


def _cells(item: Item | None, sheet: Sheet) -> list[Value]:
    if item is None:
        return [None, None, None]
    return [item.number, item.text, sheet.values.get(item.key) if item.key else None]
