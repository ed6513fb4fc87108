"""One sheet of the workbook: cells that take any text as text, rows as high as what stands in them, paper A4."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, Final, TypeAlias

from services.projection.forms.model import Value
from services.projection.forms.style import LINE, MARGIN, SLICED, STYLES, lines

Worksheet: TypeAlias = Any
Format: TypeAlias = Any
"""xlsxwriter has no types."""
LONGEST: Final = 32_000
"""Characters that a cell takes, nearly."""
HIGHEST: Final = 400.0
"""Points of a row, nearly."""
SLICE: Final = 10 * LINE
"""What needs more is merged over rows of this height: a page is filled before it breaks."""
EXACT: Final = 2**53
"""A sheet holds larger numbers only roughly: those are text."""
FIRST_YEAR: Final = 1900
A4: Final = 9
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Page:
    """Writes from top to bottom; `row` is the next free one."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format], widths: Sequence[float]) -> None:
        self.sheet, self.widths, self.row = sheet, widths, 0
        self._formats = formats
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def paper(self, orientation: str, footer: str) -> None:
        """A4, as wide as the page, and at its foot who signs, which page it is, and what it does not replace."""
        self.sheet.set_paper(A4)
        self.sheet.set_landscape() if orientation == "landscape" else self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
        self.sheet.center_horizontally()
        self.sheet.set_footer(footer)

    def across(self, text: str, style: str, line: float = LINE) -> None:
        """A text over the whole width, in a row of its own."""
        self.merge((self.row, 0, self.row, len(self.widths) - 1), text, style)
        self.sheet.set_row(self.row, min(HIGHEST, line * lines(text, sum(self.widths)) + MARGIN))
        self.row += 1

    def merge(self, area: tuple[int, int, int, int], value: Value, style: str) -> None:
        """First row, first column, last row, last column."""
        if area[:2] != area[2:]:
            self.sheet.merge_range(*area, "", self._formats[style])
        self.cell(area[0], area[1], value, style)

    def cell(self, row: int, column: int, value: Value, style: str) -> None:
        """Numbers and days as what they are; everything else as text, whatever it begins with."""
        shape = self._formats[style]
        if isinstance(value, date) and value.year >= FIRST_YEAR:
            naive = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            self.sheet.write_datetime(row, column, naive, self._formats[_date_style(value, style)])
        elif isinstance(value, int | Decimal) and -EXACT < value < EXACT:
            self.sheet.write_number(row, column, value, shape)
        elif not value:
            self.sheet.write_blank(row, column, None, shape)
        else:
            self.sheet.write_string(row, column, printable(value), shape)

    def record(self, cells: Sequence[Value], styles: Sequence[str], least: float = 0.0) -> int:
        """A row of the table, at least so many points high; gives its place."""
        high = max(least, *(_height(value, width) for value, width in zip(cells, self.widths, strict=True)))
        spans = [(column, column) for column in range(len(cells))]
        return self._lay(list(zip(spans, cells, styles, strict=True)), high)

    def pair(self, name: str, words: str, columns: int) -> None:
        """A name over the first columns, and what is said of it over the rest."""
        last = len(self.widths) - 1
        high = max(_height(name, sum(self.widths[:columns])), _height(words, sum(self.widths[columns:])))
        self._lay([((0, columns - 1), name, "head"), ((columns, last), words, "text")], high)

    def _lay(self, cells: Sequence[tuple[tuple[int, int], Value, str]], high: float) -> int:
        """What is too high for a row is merged over several."""
        first, several = self.row, 1 if high <= HIGHEST else ceil(high / SLICE)
        for row in range(first, first + several):
            self.sheet.set_row(row, high / several)
        for (left, right), value, style in cells:
            shape = SLICED.get(style, style) if several > 1 else style
            self.merge((first, left, first + several - 1, right), value, shape)
        self.row += several
        return first


def _height(value: Value, width: float) -> float:
    return LINE * (lines(printable(value), width) if isinstance(value, str) else 1) + MARGIN


def printable(value: object) -> str:
    """Text that a sheet can hold."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST]


def _date_style(value: date, style: str) -> str:
    shape = "moment" if isinstance(value, datetime) else "date"
    return SLICED[shape] if style in SLICED.values() else shape


def formats(book: Any) -> dict[str, Format]:  # noqa: ANN401 (xlsxwriter has no types)
    """Every style by name."""
    return {name: book.add_format(style) for name, style in STYLES.items()}
