"""Whether the tables of a ledger are as they were created: nobody took one down, or added a column, by hand."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Table, inspect

from services.projection.database import DatabaseTrouble
from services.projection.ledger import SQL_TYPES, Ledger
from services.projection.pages import Row
from services.projection.shelf import Shelf


class AlteredLedger(DatabaseTrouble):
    """A ledger's tables, or what stands in them, cannot be read: somebody altered them."""

    def __init__(self, ledger: Ledger, what: str) -> None:
        super().__init__(
            f"{ledger.title}（{ledger.name}）被改动，读不出来：{what}。用 bihuan ledger verify {ledger.name} 核对，"
            f"用 bihuan ledger rebuild {ledger.name} 重建。Its tables were altered; rebuild it."
        )


def missing(connection: Connection, shelf: Shelf) -> str | None:
    """What is gone, in a sentence; None where everything is there."""
    for table in _tables(shelf):
        there = _columns(connection, table)
        if there is None:
            return f"表 {table.name} 不在了"
        if gone := [name for name in table.c.keys() if name not in there]:  # noqa: SIM118 (no mapping)
            return f"表 {table.name} 缺少列 {'、'.join(gone)}"
    return None


def strange(ledger: Ledger, row: Row) -> str | None:
    """The title of a cell that holds what its column cannot, or comes from no event; None where all are well."""
    for column in ledger.columns:
        value, since = row.values.get(column.key), row.cells.get(column.key, 1)
        if type(value) not in _HELD[column.kind] or type(since) is not int or since < 1:
            return column.title
    return None


def added(connection: Connection, shelf: Shelf) -> dict[str, tuple[str, ...]]:
    """By table, columns that no ledger has."""
    found = {table.name: _columns(connection, table) or [] for table in _tables(shelf)}
    more = {
        table.name: tuple(name for name in found[table.name] if name not in table.c.keys())  # noqa: SIM118 (no mapping)
        for table in _tables(shelf)
    }
    return {name: columns for name, columns in more.items() if columns}


_HELD: Final = {kind: {held.python_type, type(None)} for kind, held in SQL_TYPES.items()}


def _tables(shelf: Shelf) -> Iterator[Table]:
    yield shelf.rows
    yield shelf.members
    yield from shelf.sides.values()


def _columns(connection: Connection, table: Table) -> list[str] | None:
    looked = inspect(connection)
    return [one["name"] for one in looked.get_columns(table.name)] if looked.has_table(table.name) else None
