"""Form A as it arrives: .xlsx or .csv, the heading found by its words, what stands above and below it left out.

排查表 has eight columns; those that every row needs must be there, in any order. A column 退回原因 is ours: rows that
came back can be mended in place and imported again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from services.cli.importing.cells import Cell, bare, words
from services.cli.importing.sheets import Raw, Table, tables

NUMBER, UNIT, DATE, PHOTO = "序号", "排查单位", "排查时间", "排查图片"
PLACE, DESCRIPTION, HANDLING, REMARKS = "排查地点", "有无重大隐患及隐患描述", "重大隐患处置情况及建议", "备注"
COLUMNS: Final = (NUMBER, UNIT, DATE, PHOTO, PLACE, DESCRIPTION, HANDLING, REMARKS)
NEEDED: Final = (UNIT, DATE, PLACE, DESCRIPTION)
REASON: Final = "退回原因"
FILLED_DOWN: Final = frozenset({UNIT, DATE, PLACE})
"""A cell merged over several rows speaks for each of them in these columns."""

_HEADING_WITHIN: Final = 50
"""Rows of a sheet that are searched for the heading."""
_IN_BRACKETS: Final = re.compile(r"\(.*?\)")
_BESIDE_THE_TABLE: Final = re.compile(
    r"注\d*[::.、]|附件|附表|说明|备注[::]|填报|填表|制表|审核|审批|单位负责人|负责人|联系人|联系电话|日期[::]|合计|小计|总计|.*排查表$"
)


class WrongHeading(ValueError):
    """No sheet of the file has the heading; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of data: where it stands, what is in its cells."""

    where: str
    """第12行; with the sheet's name where there are several."""
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def get(self, column: str) -> Cell:
        """The cell under that heading; empty where there is none."""
        return self.cells.get(column, "")


class Form(NamedTuple):
    """What a file holds."""

    total: int
    """About how many rows."""
    rows: Iterator[FormRow]
    hidden: list[str]
    """Sheets that have the heading and are not read, because nobody who opens the file sees them."""


def read_form(path: Path) -> Form:
    """The rows of data. Raises WrongHeading, or UnreadableFile (see sheets.py)."""
    everywhere = [(table, *heading) for table in tables(path) if (heading := _heading(table)) is not None]
    found = [each for each in everywhere if not each[0].hidden]
    hidden = [table.name for table, *_ in everywhere if table.hidden]
    if not found:
        raise WrongHeading(_only_hidden(path, hidden) if hidden else _what_is_missing(path))
    several = len(found) > 1
    total = sum(max(0, table.height - number) for table, number, _ in found)
    return Form(total, (row for each in found for row in _rows(*each, several=several)), hidden)


def _heading(table: Table) -> tuple[int, dict[int, str]] | None:
    """The number of the heading's row, and the columns by place."""
    for raw in _first(table):
        columns = _columns(raw.cells)
        if set(NEEDED) <= set(columns.values()):
            return raw.number, columns
    return None


def _first(table: Table) -> Iterator[Raw]:
    for raw in table.rows():
        if raw.number > _HEADING_WITHIN:
            return
        yield raw


def _columns(cells: Iterable[Cell]) -> dict[int, str]:
    """By place; of a heading that stands twice the first counts."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = _IN_BRACKETS.sub("", bare(cell))
        if name in COLUMNS and name not in found.values():
            found[place] = name
    return found


def _rows(table: Table, heading: int, columns: dict[int, str], *, several: bool) -> Iterator[FormRow]:
    above: dict[int, Cell] = {}
    for raw in table.rows():
        if raw.number <= heading:
            continue
        own = {name: raw.cells[place] for place, name in columns.items() if place < len(raw.cells)}
        above = _merged(table, raw, above)
        if _is_blank(own) or _is_heading(own) or _stands_beside(own, raw.cells):
            continue
        for place, name in columns.items():
            if name in FILLED_DOWN and place in above and not words(own.get(name)):
                own[name] = above[place]
        yield FormRow(f"{table.name} 第{raw.number}行" if several else f"第{raw.number}行", own)


def _merged(table: Table, raw: Raw, above: dict[int, Cell]) -> dict[int, Cell]:
    """By place: the first cell of each merged range that reaches into this row."""
    reached = table.merged.get(raw.number, {})
    return {
        place: raw.cells[place] if first == raw.number and place < len(raw.cells) else above.get(place, "")
        for place, first in reached.items()
    }


def _is_blank(own: Mapping[str, Cell]) -> bool:
    """Empty, or only numbered beforehand."""
    return not any(words(cell) for name, cell in own.items() if name != NUMBER)


def _is_heading(own: Mapping[str, Cell]) -> bool:
    """Printed again on the next page."""
    return all(_IN_BRACKETS.sub("", bare(own.get(name))) == name for name in NEEDED)


def _stands_beside(own: Mapping[str, Cell], cells: Iterable[Cell]) -> bool:
    """注, 附件, 填表人, 合计: said about the table, no inspection."""
    if words(own.get(DESCRIPTION)) and words(own.get(DATE)):
        return False
    first = next((bare(cell) for cell in cells if words(cell)), "")
    return _BESIDE_THE_TABLE.match(first) is not None


def _only_hidden(path: Path, hidden: list[str]) -> str:
    return (
        f"{path.name} 的排查表在隐藏的工作表里（{'、'.join(hidden)}）：请取消隐藏、保存后再导入。"
        "The form is on a hidden sheet; unhide it."
    )


def _what_is_missing(path: Path) -> str:
    """Of the row that comes nearest."""
    best: set[str] = set()
    for table in (each for each in tables(path) if not each.hidden):
        for raw in _first(table):
            best = max(best, set(_columns(raw.cells).values()), key=len)
    missing = [name for name in COLUMNS if name not in best]
    nearest = f"最接近的一行缺少：{'、'.join(missing)}" if best else "一个栏目名称都没有找到"
    return (
        f"{path.name} 里没有排查表的表头，{nearest}。表头应为：{'、'.join(COLUMNS)}。"
        "The heading of the form was not found; name the columns as above."
    )
