"""Fonts, borders and number formats by name, and how much room a text takes."""

import unicodedata
from math import ceil
from typing import Any, Final

Style = dict[str, Any]
"""Properties of an XlsxWriter format."""
SONG: Final = "宋体"
HEI: Final = "黑体"
SIZE: Final = 11
SMALL: Final = 9
LINE: Final = 15.0
"""Points from one line of 宋体 11 to the next."""
TITLE_LINE: Final = 26.0
MARGIN: Final = 6.0
"""Points above and below the lines of a row, together."""

_BODY: Final[Style] = {"font_name": SONG, "font_size": SIZE, "text_wrap": True, "valign": "vcenter"}
_CELL: Final[Style] = {**_BODY, "border": 1}
_MIDDLE: Final[Style] = {**_CELL, "align": "center"}
_NUMBER: Final[Style] = {**_MIDDLE, "text_wrap": False, "shrink": True}
"""Smaller rather than ####."""
_TITLE: Final[Style] = {"font_name": "方正小标宋简体", "font_size": 16, "align": "center", "valign": "vcenter"}
STYLES: Final[dict[str, Style]] = {
    "above": {**_BODY, "align": "left"},
    "title": {**_TITLE, "text_wrap": True},
    "title_inside": {**_TITLE, "text_wrap": True, "border": 1},
    "head": {**_MIDDLE, "font_name": HEI},
    "text": {**_CELL, "align": "left"},
    "middle": _MIDDLE,
    "count": {**_NUMBER, "num_format": "0"},
    "amount": {**_NUMBER, "align": "right", "num_format": "#,##0.00"},
    "rate": {**_NUMBER, "num_format": "0.0%"},
    "date": {**_NUMBER, "num_format": "yyyy-mm-dd"},
    "moment": {**_NUMBER, "num_format": "yyyy-mm-dd hh:mm"},
    "pictures": {**_MIDDLE, "font_size": SMALL, "valign": "bottom"},
    "note": {**_BODY, "align": "left", "valign": "top"},
}
SLICED: Final = {name: f"{name}_top" for name in ("text", "middle", "date", "moment")}
"""In a record that goes over pages what is said stands on the first of them."""
STYLES.update({top: {**STYLES[name], "valign": "top"} for name, top in SLICED.items()})


def lines(text: str, width: float) -> int:
    """Lines that a text takes in a column so many half-width characters wide."""
    room = max(2, int(width * 0.955) // 2 * 2)
    return sum(max(1, ceil(wide(line) / room)) for line in text.split("\n"))


def wide(text: str) -> int:
    """In half-width characters: a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1 for mark in text)
