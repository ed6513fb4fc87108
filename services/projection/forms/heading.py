"""What stands above a table: its line of blanks to fill, and headings that may lie over one another."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from services.projection.forms.page import Page
from services.projection.forms.parts import Column, Heading, leaves
from services.projection.forms.style import LINE, MARGIN, lines

_BLANK: Final = re.compile(r"\{([a-z_]+)(?::([^{}]*))?\}")
_VILLAGE: Final = re.compile(r"(?<=.)(村民委员会|居民委员会|村委会|居委会|社区|村)$")
"""The form prints 村（社区） itself behind the name."""


def filled(line: str, heads: Mapping[str, str | date]) -> str:
    """`{unit:____}` by what the sheet says of it, or the blank as it is printed."""
    return _BLANK.sub(lambda blank: _head(blank[1], heads.get(blank[1])) or blank[2] or "", line)


def _head(name: str, value: str | date | None) -> str:
    if isinstance(value, date):
        return f"{value.year}年 {value.month} 月 {value.day} 日"
    return _VILLAGE.sub("", value) if value and name == "village" else value or ""


def draw(page: Page, headings: Sequence[Heading]) -> None:
    """The heading's rows; they stand again on every page."""
    first, deep = page.row, max(map(_depth, headings))
    _level(page, headings, 0, deep)
    for row in range(first, first + deep):
        page.sheet.set_row(row, max(_heights(page, headings, 0, row - first, deep)) + MARGIN)
    page.row += deep
    page.sheet.repeat_rows(first, page.row - 1)
    page.sheet.freeze_panes(page.row, 0)


def _level(page: Page, headings: Sequence[Heading], column: int, deep: int) -> None:
    """A column's heading goes down to the last row, a group's over its columns."""
    for heading in headings:
        last = column + len(list(leaves([heading]))) - 1
        if isinstance(heading, Column):
            page.merge((page.row, column, page.row + deep - 1, last), heading.title, "head")
        else:
            page.merge((page.row, column, page.row, last), heading.title, "head")
            page.row += 1
            _level(page, heading.columns, column, deep - 1)
            page.row -= 1
        column = last + 1


def _depth(heading: Heading) -> int:
    return 1 if isinstance(heading, Column) else 1 + max(map(_depth, heading.columns))


def _heights(page: Page, headings: Sequence[Heading], column: int, row: int, deep: int) -> list[float]:
    """What each heading takes of that row: one that goes over several rows shares its lines among them."""
    found = [LINE]
    for heading in headings:
        over = len(list(leaves([heading])))
        high = LINE * lines(heading.title, sum(page.widths[column : column + over]))
        if isinstance(heading, Column):
            found.append(high / deep)
        elif row == 0:
            found.append(high)
        else:
            found.extend(_heights(page, heading.columns, column, row - 1, deep - 1))
        column += over
    return found
