"""Rows as they are printed: numbered, with their rates, and summed up."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from services.projection.forms.model import Row, Sheet, Value
from services.projection.forms.parts import Column, Kind, TablePart, leaves

Cells = dict[str, Value]
RATE: Final = Decimal("0.0001")
TICK: Final = "√"
_ANSWERS: Final = {"yes": "ticked_yes", "no": "ticked_no"}
NOT_APPLICABLE: Final = "不涉及"


def printed(sheet: Sheet, part: TablePart) -> Iterator[Row]:
    """Every row with what follows from it; what the row says itself stands."""
    columns = list(leaves(part.columns))
    for number, row in enumerate(_with_items(sheet, part), 1):
        yield Row(_rates({**_numbered(columns, number), **row.cells}, columns), row.keys)


def totals(sheet: Sheet, part: TablePart) -> Cells | None:
    """合计 under the summed columns; None where there is no such column, or no row."""
    columns = list(leaves(part.columns))
    summed = [column.key for column in columns if column.total]
    if not summed or not sheet.rows:
        return None
    sums: Cells = {key: _sum([row.cells.get(key) for row in sheet.rows]) for key in summed}
    return _rates({**sums, **(sheet.totals or {})}, columns)


def ticks(cells: Mapping[str, Value]) -> Mapping[str, Value]:
    """A checklist's answer as it is drawn: √ under 是 or 否; what does not apply is said in 备注."""
    answer = cells.get("answer")
    if answer == "not_applicable":
        return {"remarks": NOT_APPLICABLE, **{key: value for key, value in cells.items() if value is not None}}
    return {_ANSWERS[answer]: TICK, **cells} if isinstance(answer, str) and answer in _ANSWERS else cells


def _with_items(sheet: Sheet, part: TablePart) -> Sequence[Row]:
    """The printed items in their order with their answers; then whatever other items were answered."""
    if not part.items:
        return sheet.rows
    answered = {row.cells.get("number"): row for row in sheet.rows}
    beforehand = [(item, answered.pop(item.number, Row({}))) for item in part.items]
    rows = [Row({"number": item.number, "text": item.text, **row.cells}, row.keys) for item, row in beforehand]
    return [*rows, *answered.values()]


def _numbered(columns: Sequence[Column], number: int) -> Cells:
    return {column.key: number for column in columns if column.kind is Kind.NUMBERING}


def _rates(cells: Cells, columns: Sequence[Column]) -> Cells:
    for column in columns:
        if column.of and cells.get(column.key) is None:
            cells[column.key] = _rate(*(cells.get(key) for key in column.of))
    return cells


def _rate(part: Value, whole: Value) -> Decimal | None:
    """None of nothing is no rate."""
    if isinstance(part, int | Decimal) and isinstance(whole, int | Decimal) and whole:
        return (Decimal(part) / Decimal(whole)).quantize(RATE, ROUND_HALF_UP)
    return None


def _sum(values: Sequence[Value]) -> int | Decimal | None:
    numbers = [value for value in values if isinstance(value, int | Decimal)]
    return sum(numbers) if numbers else None
