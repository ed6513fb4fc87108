"""One generation of a ledger in the database: its tables, its rows in and out.

`ledger_<name>_<generation>` holds the rows, `…_members` the keys of its counts, `…_<side>` what is kept beside.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from pydantic_core import from_json, to_json
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Index,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    inspect,
    select,
)
from sqlalchemy import Column as SqlColumn
from sqlalchemy.engine import Dialect

from services.projection.database import Database
from services.projection.ledger import SQL_TYPES, Ledger, Side
from services.projection.pages import Book, Membership, Row, Value

ASKED: Final = 800
"""Pages fetched with one question."""
OWN: Final = ("key", "page", "born", "sequence", "shown", "cells", "state")
"""Columns that every ledger has; the others are its own. `cells` is a list: for each of the ledger's columns, in their
order, the sequence of the event that set it, or 0."""


class Shelf:
    """Where the rows of one generation stand."""

    def __init__(self, database: Database, ledger: Ledger, generation: int) -> None:
        self.ledger = ledger
        self.generation = generation
        self.name = f"ledger_{ledger.name}_{generation}"
        self._database = database
        self._meta = MetaData()
        self.rows = Table(
            self.name,
            self._meta,
            SqlColumn("key", Text, primary_key=True),
            SqlColumn("page", Text, nullable=False),
            SqlColumn("born", BigInteger, nullable=False),
            SqlColumn("sequence", BigInteger, nullable=False),
            SqlColumn("shown", Boolean(create_constraint=True), nullable=False),
            SqlColumn("cells", Text, nullable=False),
            SqlColumn("state", Text),
            *(SqlColumn(f"c_{column.key}", SQL_TYPES[column.kind]) for column in ledger.columns),
        )
        Index(f"{self.name}_page", self.rows.c.page)
        Index(f"{self.name}_born", self.rows.c.shown, self.rows.c.born)  # narrow: a page far down is counted off on it
        self.members = Table(
            f"{self.name}_members",
            self._meta,
            SqlColumn("row", Text, primary_key=True),
            SqlColumn("column", Text, primary_key=True),
            SqlColumn("member", Text, primary_key=True),
            SqlColumn("sequence", BigInteger, nullable=False),
        )
        self.sides = {side.name: self._side(side) for side in ledger.sides}

    def _side(self, side: Side) -> Table:
        table = Table(
            f"{self.name}_{side.name}",
            self._meta,
            *(
                SqlColumn(name, kind, primary_key=place < side.keys)
                for place, (name, kind) in enumerate(side.columns.items())
            ),
        )
        for number, columns in enumerate(side.indexes):
            Index(f"{table.name}_{number}", *(table.c[name] for name in columns))
        return table

    def create(self, connection: Connection) -> None:
        """Its tables, empty."""
        self._meta.create_all(connection)

    def drop(self, connection: Connection) -> None:
        """Its tables, with all that is in them; also those that only an older version of the ledger had."""
        for name in inspect(connection).get_table_names():
            if name == self.name or name.startswith(f"{self.name}_"):
                Table(name, MetaData()).drop(connection)

    def load(self, connection: Connection, keys: Sequence[str]) -> Mapping[str, list[Row]]:
        """The rows of these pages."""
        found: dict[str, list[Row]] = {}
        for start in range(0, len(keys), ASKED):
            for record in connection.execute(self._by_page, {"pages": list(keys[start : start + ASKED])}):
                row = self.row(record)
                found.setdefault(row.page, []).append(row)
        return found

    def row(self, record: Any) -> Row:  # noqa: ANN401 (a database row)
        """As it stands in the table."""
        key, page, born, sequence, shown, told, state, *values = record
        own = {name: value for name, value in zip(self._names, values, strict=True) if value is not None}
        cells = {name: since for name, since in zip(self._names, from_json(told), strict=True) if since}
        return Row(key, page, born, sequence, bool(shown), own, cells, from_json(state) if state else {}, moved=False)

    def save(self, connection: Connection, book: Book) -> None:
        """What changed in the book."""
        if book.changed:
            moved = [row for row in book.changed.values() if row.moved]
            stayed = [row for row in book.changed.values() if not row.moved]
            self._put(connection, self._entering, moved)
            self._put(connection, self._changing, stayed)
            for row in moved:
                row.moved = False
        if book.members:
            self._save_members(connection, book.members)
        for side, rows in book.sides.items():
            connection.execute(self._replace(self.sides[side]), list(rows.values()))

    def _put(self, connection: Connection, statement: "Statement", rows: Sequence[Row]) -> None:
        if rows:
            connection.exec_driver_sql(statement.text, [statement.parameters(self._record(row)) for row in rows])

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.ledger.columns)

    @cached_property
    def _sql_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.rows.c)

    @cached_property
    def _by_page(self) -> Any:  # noqa: ANN401 (a statement)
        return select(*self.rows.c).where(self.rows.c.page.in_(bindparam("pages", expanding=True)))

    @cached_property
    def _entering(self) -> "Statement":
        """For a row that is new, or enters or leaves the ledger's lines."""
        return self._statement(("page", "born"))

    @cached_property
    def _changing(self) -> "Statement":
        """For any other: no index is touched."""
        return self._statement(("page", "born", "shown"))

    def _statement(self, unchanged: tuple[str, ...]) -> "Statement":
        return Statement(self._replace(self.rows, unchanged), self._database.engine.dialect, self._sql_names)

    def _replace(self, table: Table, unchanged: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 (one of two dialects' Insert)
        insert = self._database.upsert(table)
        keys = [column.name for column in table.primary_key]
        changed = {
            column.name: insert.excluded[column.name] for column in table.c if column.name not in {*keys, *unchanged}
        }
        return insert.on_conflict_do_update(index_elements=keys, set_=changed)

    def _record(self, row: Row) -> tuple[Value, ...]:
        """In the order of the table's columns."""
        get, since = row.values.get, row.cells.get
        return (
            row.key,
            row.page,
            row.born,
            row.sequence,
            row.shown,
            to_json([since(name, 0) for name in self._names]).decode(),
            to_json(row.state).decode() if row.state else None,
            *[get(name) for name in self._names],
        )

    def _save_members(self, connection: Connection, members: Mapping[Membership, int | None]) -> None:
        gone = [_named(one) for one, since in members.items() if since is None]
        there = [{**_named(one), "sequence": since} for one, since in members.items() if since is not None]
        table = self.members
        if gone:
            where = [table.c[name] == bindparam(f"b_{name}") for name in ("row", "column", "member")]
            connection.execute(delete(table).where(*where), [{f"b_{k}": v for k, v in one.items()} for one in gone])
        if there:
            connection.execute(self._replace(table), there)


def _named(membership: Membership) -> dict[str, str]:
    row, column, member = membership
    return {"row": row, "column": column, "member": member}


class Statement:
    """An INSERT as the driver takes it: thousands of rows a time pass SQLAlchemy's own handling by."""

    def __init__(self, insert: Any, dialect: Dialect, names: Sequence[str]) -> None:  # noqa: ANN401 (one of two dialects' Insert)
        compiled = insert.compile(dialect=dialect, column_keys=list(names))
        self.text = str(compiled)
        self._names = names
        self._positional = bool(compiled.positional)
        if self._positional and list(compiled.positiontup or ()) != list(names):
            raise TypeError(f"{names} would be bound in another order: {compiled.positiontup}")

    def parameters(self, record: tuple[Value, ...]) -> tuple[Value, ...] | dict[str, Value]:
        """Of one row."""
        return record if self._positional else dict(zip(self._names, record, strict=True))
