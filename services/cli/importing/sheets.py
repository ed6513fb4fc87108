"""Rows out of a file, whatever kind it is: .xlsx through calamine, .csv in the encodings that offices use."""

import codecs
import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.cli.importing.cells import Cell

MAX_FILE: Final = 256 * 2**20
MAX_UNPACKED: Final = 2**30
"""Bytes: a sheet of a million rows is a fifth of it, an archive that explodes is far more."""
ENCODINGS: Final = ("utf-8-sig", "gb18030")
SEPARATORS: Final = ",\t;"
"""Of a .csv: Excel writes what the system's list separator is, WPS sometimes a tab."""
LINES_SEARCHED: Final = 50
FEWEST: Final = 3
"""Separators in a line of the columns that every row needs."""
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an .xls begins, and a container around an encrypted .xlsx."""
_PIECE: Final = 2**20


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says what to do."""


class Raw(NamedTuple):
    """A row as the file counts it, from 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """A sheet that can be read more than once."""

    name: str
    height: int
    rows: Callable[[], Iterator[Raw]]
    merged: dict[int, dict[int, int]] = field(default_factory=dict)
    """By row number and place: the row where the range that covers this cell begins."""
    hidden: bool = False


def tables(path: Path) -> list[Table]:
    """The sheets, hidden ones too; a .csv is one. Raises UnreadableFile."""
    head = check_file(path)
    suffix = path.suffix.lower()
    if head.startswith(_OLE):
        raise UnreadableFile(_about_ole(path))
    if suffix == ".csv":
        return [_csv(path, head)]
    if suffix == ".xlsx":
        return _xlsx(path)
    raise UnreadableFile(f"{path.name} 的类型不能导入：请用 .xlsx、.csv 或 .jsonl。Give an .xlsx, .csv or .jsonl file.")


def check_file(path: Path) -> bytes:
    """Its first bytes. Raises UnreadableFile where it cannot be opened, is empty or far too large."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_PIECE)
    except OSError as wrong:
        raise UnreadableFile(f"打不开 {path}：{wrong.strerror}。The file cannot be opened.") from wrong
    if not head.strip():
        raise UnreadableFile(f"{path.name} 是空文件：请检查是否选错。The file is empty.")
    if size > MAX_FILE:
        raise UnreadableFile(
            f"{path.name} 有 {size // 2**20} MiB，超过 {MAX_FILE // 2**20} MiB：请拆分后导入。Split it."
        )
    return head


def _about_ole(path: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return f"{path.name} 有密码：请去掉密码另存后再导入。It has a password; save it without one."
    return f"{path.name} 是旧版 .xls：请在 WPS 或 Excel 中另存为 .xlsx 后再导入。Save it as .xlsx."


def _csv(path: Path, head: bytes) -> Table:
    """Read through once before a row is used: a quotation mark that never ends would swallow the rest."""
    encoding = _encoding(path, head)
    separator = _separator(path, encoding)

    def rows() -> Iterator[Raw]:
        with path.open(encoding=encoding, newline="") as file:
            for number, cells in enumerate(csv.reader(file, delimiter=separator, strict=True), 1):
                yield Raw(number, list(cells))

    last = 0
    try:
        for raw in rows():
            last = raw.number
    except csv.Error as wrong:
        raise UnreadableFile(f"{path.name} 第{last + 1}行起引号没有配对：请改正。{wrong}.") from wrong
    return Table(path.stem, last, rows)


def _separator(path: Path, encoding: str) -> str:
    """A comma, or what stands in its place on the first line that holds several columns."""
    with path.open(encoding=encoding) as file:
        for line in islice(file, LINES_SEARCHED):
            most = max(SEPARATORS, key=line.count)
            if line.count(most) >= FEWEST:
                return most
    return SEPARATORS[0]


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(
            f"{path.name} 是 Unicode 文本：请另存为“CSV UTF-8”或 .xlsx。It is UTF-16; save it as UTF-8."
        )
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_PIECE):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(
        f"{path.name} 的文字编码认不出：请另存为“CSV UTF-8”。Neither UTF-8 nor GB18030; save it as UTF-8."
    )


def _xlsx(path: Path) -> list[Table]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise UnreadableFile(f"{path.name} 解开后有 {unpacked // 2**20} MiB，过大：请拆分后导入。Split it.")
        book = CalamineWorkbook.from_path(path)
        return [
            _sheet(book.get_sheet_by_name(sheet.name), hidden=sheet.visible != SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except (zipfile.BadZipFile, CalamineError, OSError) as wrong:
        raise UnreadableFile(
            f"{path.name} 已损坏或不是真正的 .xlsx：请用 WPS 或 Excel 打开并另存后再导入。It is damaged ({wrong})."
        ) from wrong


def _sheet(sheet: CalamineSheet, *, hidden: bool) -> Table:
    left = sheet.start[1] if sheet.start else 0

    def rows() -> Iterator[Raw]:
        yield from (Raw(number, cells) for number, cells in enumerate(sheet.iter_rows(), 1))

    merged: dict[int, dict[int, int]] = {}
    for (top, place, *_), (bottom, *_) in sheet.merged_cell_ranges or ():
        for row in range(top, bottom + 1) if bottom > top else ():
            merged.setdefault(row + 1, {})[place - left] = top + 1
    return Table(sheet.name, sheet.total_height, rows, merged, hidden)
