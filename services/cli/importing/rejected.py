"""What comes back: the rows as they were written, in the form's own columns, and the reason in a ninth."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]

from services.cli.importing import forms
from services.cli.importing.cells import Cell, words
from services.cli.importing.sources import Rejected

Sheet: TypeAlias = Any
Style: TypeAlias = Any
"""xlsxwriter has no types."""
SUFFIX: Final = ".rejected.xlsx"
SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Somebody may have typed =HYPERLINK(…): it is text."""
LONGEST: Final = 32_000
"""Characters that a cell takes, nearly."""
FIRST_YEAR: Final = 1900
"""A sheet knows no earlier date."""
LINE: Final = 16.0
HIGHEST: Final = 400.0
"""Points: of one line, and of the highest row that a sheet shows well."""
ROWS_OF_A_SHEET: Final = 1_000_000
WIDTHS: Final = {
    forms.NUMBER: 6,
    forms.UNIT: 22,
    forms.DATE: 12,
    forms.PHOTO: 12,
    forms.PLACE: 16,
    forms.DESCRIPTION: 40,
    forms.HANDLING: 28,
    forms.REMARKS: 16,
    forms.REASON: 44,
    "命令": 90,
}


def beside(path: Path) -> Path:
    """hazards.xlsx → hazards.xlsx.rejected.xlsx."""
    return path.with_name(path.name + SUFFIX)


def write(path: Path, columns: Sequence[str], rows: Iterable[Rejected]) -> None:
    """Into a new file that then takes the old one's place; OSError where the folder cannot be written."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(b"")
    with xlsxwriter.Workbook(draft, {"constant_memory": True, **SAFE}) as book:
        headed = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
        plain = {"valign": "top", "text_wrap": True, "border": 1}
        formats = {
            date: book.add_format({**plain, "num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({**plain, "num_format": "yyyy-mm-dd hh:mm:ss"}),
            str: book.add_format(plain),
            Rejected: book.add_format({**plain, "font_color": "#C00000"}),
        }
        sheet = _sheet(book, columns, headed)
        for number, row in enumerate(rows):
            if number and number % ROWS_OF_A_SHEET == 0:
                sheet = _sheet(book, columns, headed)
            sheet.set_row(number % ROWS_OF_A_SHEET + 1, _height(columns, row))
            _row(sheet, number % ROWS_OF_A_SHEET + 1, row, formats)
    draft.replace(path)


def _sheet(book: xlsxwriter.Workbook, columns: Sequence[str], headed: Style) -> Sheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, name in enumerate((*columns, forms.REASON)):
        sheet.set_column(place, place, WIDTHS[name])
        sheet.write_string(0, place, name, headed)
    return sheet


def _height(columns: Sequence[str], row: Rejected) -> float:
    """For the cell that wraps most; not every program measures a row that has no height."""
    texts = [*map(words, row.cells), f"{row.where}：{row.reason}"]
    lines = (
        sum(1 + _width(line) // (WIDTHS[name] - 1) for line in text[:LONGEST].split("\n"))
        for name, text in zip((*columns, forms.REASON), texts, strict=True)
    )
    return min(LINE * max(lines), HIGHEST)


def _width(text: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1 for mark in text)


def _row(sheet: Sheet, number: int, row: Rejected, formats: dict[type, Style]) -> None:
    for place, cell in enumerate(row.cells):
        _cell(sheet, number, place, cell, formats)
    sheet.write_string(number, len(row.cells), f"{row.where}：{row.reason}"[:LONGEST], formats[Rejected])


def _cell(sheet: Sheet, number: int, place: int, cell: Cell, formats: dict[type, Style]) -> None:
    """Dates and numbers stay what they were, so that a mended row reads as its first writing would have."""
    if isinstance(cell, date) and cell.year >= FIRST_YEAR:
        sheet.write_datetime(number, place, cell, formats[type(cell)])
    elif isinstance(cell, float) and isfinite(cell):
        sheet.write_number(number, place, cell, formats[str])
    else:
        text = cell if isinstance(cell, str) else words(cell)
        sheet.write_string(number, place, _printable(text)[:LONGEST], formats[str])


def _printable(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
