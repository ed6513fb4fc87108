"""What stands in a cell: as words to keep, as one line, and as a key that layout does not change."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

Cell = str | float | bool | date | datetime | time | timedelta
"""What a sheet or a CSV file can hold."""

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width ASCII to its narrow twin. Not the whole of NFKC: that would make ① and 1, 5² and 52 the same."""
_HAS_WIDE: Final = re.compile("[\uff01-\uff5e\u3000]")
_UNSEEN: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_BLANKS: Final = re.compile(r"\s+")
_CJK: Final = "\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee"
_BETWEEN: Final = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
"""Blanks between two Chinese characters are layout: 张 三, a line broken in a narrow column."""


def words(cell: Cell | None) -> str:
    """The cell's text as it was written, without blanks around it; whole numbers without their `.0`."""
    if isinstance(cell, str) and "\r" not in cell:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell.isoformat() if isinstance(cell, date | time) else str(cell)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def line(cell: Cell | None) -> str:
    """The same on one line, for names."""
    return _one_line(words(cell))


def key(cell: Cell | None) -> str:
    """What two spellings of one text have in common: width, layout and invisible marks do not count, words do."""
    return _key(words(cell))


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    """Places, units and remedies stand in many rows."""
    text = unicodedata.normalize("NFC", text)
    return _one_line(text.translate(_WIDE) if _HAS_WIDE.search(text) else text)


def _one_line(text: str) -> str:
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    return _BLANKS.sub(" ", _BETWEEN.sub("", text)).strip() if _BLANKS.search(text) else text


def bare(cell: Cell | None) -> str:
    """Without any blank at all: how headings are compared."""
    return _BLANKS.sub("", key(cell))
