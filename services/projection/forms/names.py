"""What a sheet may be called: 31 units of UTF-16, no sign that Excel forbids, no name twice whatever the case."""

import re
from typing import Final

LONGEST: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_NAMELESS: Final = "表"
_RESERVED: Final = frozenset({"history"})


class Names:
    """The names of one workbook."""

    def __init__(self, *taken: str) -> None:
        self._taken = {_folded(name) for name in taken} | _RESERVED

    def take(self, wanted: str) -> str:
        """That name, or the nearest that is allowed and free: 东山村（2）."""
        name = _FORBIDDEN.sub(" ", wanted).strip("' \t\u3000") or _NAMELESS
        free = cut(name, LONGEST).rstrip("' ")
        number = 1
        while _folded(free) in self._taken:
            number += 1
            mark = f"（{number}）"
            free = cut(name, LONGEST - len(mark)) + mark
        self._taken.add(_folded(free))
        return free


def cut(text: str, units: int) -> str:
    """Its beginning, in so many units of UTF-16; no character is cut in two."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def _folded(name: str) -> str:
    """As Excel compares, and XlsxWriter."""
    return name.casefold()
