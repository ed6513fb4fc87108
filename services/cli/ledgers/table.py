"""A ledger on a terminal: as many columns as it is wide; in a pipe all of them, with tabs between."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.ledgers.naming import Names
from services.cli.session import out
from services.projection.ledger import Column, Kind
from services.projection.pages import Row
from services.projection.queries import plain

LINES: Final = 50
"""Shown to a person who did not say how many."""
WIDEST: Final = 28
"""Characters of a column, half as many when they are Chinese; what is longer is cut."""
BETWEEN: Final = 3
"""Padding and line of a column."""
_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.COUNT, Kind.MONEY})


def print_rows(columns: Sequence[Column], rows: Sequence[Row], names: Names, *, first: int, fit: bool) -> int:
    """Gives how many columns found no room. Without `fit` all find it."""
    if not out().is_terminal:
        _print_plain(columns, rows, names)
        return 0
    console = Console(markup=False, highlight=False, emoji=False)
    said = [one for one in columns if any(row.get(one.key) is not None for row in rows)] if fit else columns
    numbers = [str(number) for number in range(first, first + len(rows))]
    table = Table(row_styles=["", "dim"], padding=(0, 1))
    table.add_column("序号", justify="right", no_wrap=True)
    widths = [min(WIDEST, max(map(cell_len, (one.title, *(cell(one, row, names) for row in rows))))) for one in said]
    room = console.width - max(map(len, ("序号序号", *numbers))) - BETWEEN - 1
    filled = list(accumulate(width + BETWEEN for width in widths))
    count = max(1, sum(used <= room for used in filled)) if fit else len(said)
    for one, width in zip(said[:count], widths, strict=False):
        side: Literal["left", "right"] = "right" if one.kind in _NUMBERS else "left"
        table.add_column(Text(one.title), justify=side, no_wrap=True, overflow="ellipsis", width=width)
    for number, row in zip(numbers, rows, strict=True):
        table.add_row(number, *(Text(cell(one, row, names)) for one in said[:count]))
    console.print(table, soft_wrap=not fit)
    return len(said) - count


def cell(column: Column, row: Row, names: Names) -> str:
    """In one line."""
    value: Any = names.shown(column, plain(column, row.get(column.key)))
    return "" if value is None else " ".join(str(value).split())


def _print_plain(columns: Sequence[Column], rows: Sequence[Row], names: Names) -> None:
    print("\t".join(column.title for column in columns))
    for row in rows:
        print("\t".join(cell(column, row, names) for column in columns))
