"""A ledger on paper: an .xlsx with its lines, their sums, and where all of it comes from 溯源.

Texts stay texts: nothing that somebody wrote becomes a formula or a link.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic_core import to_json
from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

from services.projection.asking import Condition, QuestionError
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Row
from services.projection.queries import View, record

Show = Callable[[Column, Any], Any]
"""What a text, day or moment looks like to people."""
MOST_ROWS: Final = 1_048_000
"""Of a sheet, by the format itself."""
MOST_TEXT: Final = 32_767
A4: Final = 9
WIDTHS: Final = {Kind.TEXT: 18, Kind.DAY: 11, Kind.MOMENT: 17, Kind.NUMBER: 9, Kind.COUNT: 9, Kind.MONEY: 13}
NOTE: Final = "本记录不替代执法文书"
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True)
class Said:
    """What the last sheet says besides, in people's words: a label and what stands behind it."""

    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Printed:
    """What was written."""

    rows: int
    sha256: str
    """Over the lines as `record` has them: JSON in UTF-8, each ended by a line feed."""


def digest_line(row: Row, ledger: Ledger) -> bytes:
    """A line as it counts for the hash: the same question gives the same hash for ever."""
    return to_json(record(row, ledger)) + b"\n"


def shown(column: Column, value: Any) -> Any:  # noqa: ANN401 (text, number or nothing)
    """As people read it: 2026-05-01 08:30."""
    return value[:16].replace("T", " ") if column.kind is Kind.MOMENT and value else value


def write(path: Path, view: View, where: Sequence[Condition], said: Said, show: Show = shown) -> Printed:
    """All of it or nothing; raises OSError, QuestionError where a sheet has no room for so many lines."""
    if (count := view.count(where)) > MOST_ROWS:
        raise QuestionError(f"共 {count} 行，超过 Excel 的 {MOST_ROWS} 行：请用 --where 缩小范围。Too many lines.")
    part = path.with_name(f".{path.name}.part")
    part.touch()
    try:
        with Workbook(part, _OPTIONS) as book:
            printed = _Paper(book, view.ledger, show).lines(view, where)
            _provenance(book, view, said, printed)
        part.replace(path)
    except FileCreateError as wrong:  # it wraps the OSError
        raise wrong.args[0] from wrong
    finally:
        part.unlink(missing_ok=True)
    return printed


class _Paper:
    """The first sheet, from above to below: a line that is written is in the file and not in memory."""

    def __init__(self, book: Workbook, ledger: Ledger, show: Show) -> None:
        self._ledger = ledger
        self._show = show
        self._sheet = book.add_worksheet(ledger.title[:31])
        line = {"border": 1, "valign": "top", "font_size": 10}
        self._head = book.add_format(
            {**line, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7E6E6"}
        )
        self._title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self._text = book.add_format({**line, "text_wrap": True, "num_format": "@"})
        self._number = book.add_format({**line, "num_format": "0"})
        self._money = book.add_format({**line, "num_format": "#,##0.00"})
        self._sums = {column.key: 0 for column in ledger.columns if column.kind in _SUMMED}

    def lines(self, view: View, where: Sequence[Condition]) -> Printed:
        """The heading, every line, the sums."""
        self._lay_out()
        digest, count = sha256(), 0
        for count, row in enumerate(view.rows(where), 1):
            digest.update(digest_line(row, self._ledger))
            self._line(count, row)
        self._total(count)
        self._sheet.autofilter(1, 0, count + 1, len(self._ledger.columns))
        return Printed(count, digest.hexdigest())

    def _lay_out(self) -> None:
        sheet, columns = self._sheet, self._ledger.columns
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.freeze_panes(2, 2)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.set_column(0, 0, 6)
        for place, column in enumerate(columns, 1):
            sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.merge_range(0, 0, 0, len(columns), self._ledger.title, self._title)
        for place, title in enumerate(("序号", *(column.title for column in columns))):
            sheet.write_string(1, place, title, self._head)

    def _line(self, number: int, row: Row) -> None:
        self._sheet.write_number(number + 1, 0, number, self._number)
        for place, column in enumerate(self._ledger.columns, 1):
            value = row.get(column.key)
            if column.key in self._sums:
                self._sums[column.key] += value or 0
            self._cell(number + 1, place, column, value)

    def _total(self, count: int) -> None:
        self._sheet.write_string(count + 2, 0, "合计", self._head)
        for place, column in enumerate(self._ledger.columns, 1):
            self._cell(count + 2, place, column, self._sums.get(column.key))

    def _cell(self, line: int, place: int, column: Column, value: Any) -> None:  # noqa: ANN401
        if value is None:
            self._sheet.write_blank(line, place, None, self._text)
        elif column.kind is Kind.MONEY:
            self._sheet.write_number(line, place, value / 100, self._money)
        elif column.kind in _SUMMED:
            self._sheet.write_number(line, place, value, self._number)
        else:
            self._sheet.write_string(line, place, str(self._show(column, value))[:MOST_TEXT], self._text)


_SUMMED: Final = frozenset({Kind.NUMBER, Kind.COUNT, Kind.MONEY})


def _provenance(book: Workbook, view: View, said: Said, printed: Printed) -> None:
    sheet = book.add_worksheet("溯源")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    known = [
        ("台账", f"{view.ledger.title}（{view.ledger.name}）"),
        ("台账版本", str(view.position.version)),
        ("记到事件序号", str(view.sequence)),
        *said.lines,
        ("行数", str(printed.rows)),
        ("各行 SHA-256", printed.sha256),
        ("说明", NOTE),
    ]
    for line, (label, text) in enumerate(known):
        sheet.write_string(line, 0, label)
        sheet.write_string(line, 1, text[:MOST_TEXT])
