"""Tables as offices send them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from services.cli.importing.forms import COLUMNS

TITLE = "葛城街道办事处重大事故隐患排查表"
NOTE = "注：本表5月份开始上报，每月30日前上报本月隐患排查情况。"
GOOD = ("1", "大明木业有限公司", "2023-05-30", "IMG_1.jpg", "一车间", "除尘系统未设泄爆装置", "责令停用", "")
NOTHING = ("2", "小河机械厂", "2023年5月30日", "", "二车间", "无", "", "")
NO_YEAR = ("3", "三木家具厂", "5月30日", "", "喷漆房", "无证上岗", "", "")
NO_UNIT = ("4", "", "2023-05-30", "", "仓库", "通道堵塞", "", "")


def workbook(path: Path, rows: Sequence[Sequence[Any]], *, form: bool = True, header: Sequence[str] = COLUMNS) -> Path:
    """An .xlsx; with the lines above and below that the form has."""
    above = [("附件1：",), (TITLE,)] if form else []
    below = [("",) * 8, (NOTE,)] if form else []
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("排查表")
        for number, row in enumerate([*above, header, *rows, *below]):
            sheet.write_row(number, 0, row)
    return path


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """The same as .csv."""
    lines = [(TITLE, *[""] * 7), COLUMNS, *rows]
    return "".join(
        ",".join(f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in line) + "\r\n" for line in lines
    )


def many(count: int) -> list[tuple[str, ...]]:
    """Rows of which no two are the same."""
    return [
        (str(n), f"企业{n % 97}", "2023-05-30", "", f"{n}号位", f"第{n}处无防护栏", "", "") for n in range(1, count + 1)
    ]
