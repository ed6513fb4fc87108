"""Ledgers as readers see them: the current generation, in one consistent view. These block: call them from a thread."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, func, inspect, select, tuple_
from sqlalchemy.exc import NoSuchTableError, OperationalError, ProgrammingError, SQLAlchemyError

from contracts.base import short_number
from services.projection import generations, positions
from services.projection.asking import Condition, QuestionError
from services.projection.database import Database, DatabaseTrouble, trouble
from services.projection.ledger import Column, Kind, Ledger
from services.projection.pages import Row
from services.projection.positions import Position
from services.projection.shelf import OWN, Shelf
from services.projection.soundness import AlteredLedger, missing, strange

BATCH: Final = 1000
"""Rows fetched at a time."""
SWITCHES: Final = 5
"""Attempts to read a ledger that is being replaced."""
TIES: Final = 500
"""Lines born of one event, up to which a page is found the short way."""
_SHORT: Final = re.compile(r"([0-9]{2,12}-[0-9A-F]{8})(-[0-9A-Z])?", re.IGNORECASE)
_LAST: Final = "\U0010ffff"

Where = Sequence[Condition]


class View:
    """One ledger at one sequence, for as long as its transaction lasts."""

    def __init__(self, connection: Connection, shelf: Shelf, position: Position, *, sqlite: bool) -> None:
        self.ledger = shelf.ledger
        self.position = position
        self.shelf = shelf
        self.connection = connection
        self._sqlite = sqlite

    @property
    def sequence(self) -> int:
        """Every event up to this one is in it."""
        return self.position.sequence

    def count(self, where: Where = ()) -> int:
        """How many lines."""
        question = select(func.count()).select_from(self.shelf.rows).where(*self._clauses(where))
        return int(self.connection.execute(question).scalar_one())

    def rows(
        self, where: Where = (), *, after: str | None = None, limit: int | None = None, page: int = 1
    ) -> Iterator[Row]:
        """The ledger's lines in its order: past the row with the key `after`, or that page (1, 2 …) of `limit` lines.

        As many as there are without a limit, read a thousand at a time. Raises QuestionError for an unknown key.
        """
        table = self.shelf.rows
        question = select(*table.c).order_by(table.c.born, table.c.key)
        if limit is None:
            return self._stream(question.where(*self._clauses(where), *self._past(after)), small=False)
        clauses = [*self._clauses(where), *self._past(after)]
        begin, passed = self._counted_off(clauses, (page - 1) * limit)
        keys = select(table.c.key).where(*clauses, table.c.born >= begin).order_by(table.c.born, table.c.key)
        some = keys.offset(passed).limit(limit).scalar_subquery()
        return self._stream(question.where(table.c.key.in_(some)), small=limit <= BATCH)

    def _counted_off(self, clauses: Sequence[ColumnElement[bool]], passed: int) -> tuple[int, int]:
        """Where a page begins: at which `born`, and past how many lines of those born there.

        Counted on the index alone, without a look at one line; few lines are born of one event.
        """
        if passed <= 0:
            return 0, 0
        born = self.shelf.rows.c.born
        near = min(passed, TIES)
        question = select(born).where(*clauses).order_by(born).offset(passed - near).limit(near + 1)
        found = list(self.connection.execute(question).scalars())
        same = found.count(found[-1]) - 1 if len(found) > near else near
        return (found[-1], same) if same < near else (0, passed)

    def row(self, key: str) -> Row | None:
        """One line, or a row that is not shown."""
        table = self.shelf.rows
        found = self.connection.execute(select(*table.c).where(table.c.key == key)).first()
        return self._row(found) if found is not None else None

    def find(self, said: str, most: int = 10) -> list[str]:
        """Keys of the lines that somebody may mean: that very key, a short number, or how keys begin."""
        table, said = self.shelf.rows, said.strip()
        if self.connection.execute(select(table.c.key).where(table.c.key == said, table.c.shown)).first():
            return [said]
        short = _SHORT.fullmatch(said)
        begin = short[1].lower() if short else said
        if not begin or (short and short[2] and short_number(begin) != said.upper()):
            return []
        key = self.binary(table.c.key)
        question = select(table.c.key).where(key >= begin, key < begin + _LAST, table.c.shown).order_by(key)
        return [row[0] for row in self.connection.execute(question.limit(most))]

    def members(self, keys: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
        """By row and column, the keys that a count counts, each with the sequence since when."""
        table, found = self.shelf.members, dict[str, dict[str, dict[str, int]]]()
        for start in range(0, len(keys), BATCH):
            question = select(*table.c).where(table.c.row.in_(keys[start : start + BATCH]))
            order = question.order_by(table.c.sequence, self.binary(table.c.member))
            for row, column, member, since in self.connection.execute(order):
                found.setdefault(row, {}).setdefault(column, {})[member] = since
        return found

    def _stream(self, question: Select[Any], *, small: bool) -> Iterator[Row]:
        options = {} if small else {"yield_per": BATCH}
        with self.connection.execute(question, execution_options=options) as found:
            for record in found:
                yield self._row(record)

    def _row(self, record: Any) -> Row:  # noqa: ANN401 (a database row)
        try:
            row = self.shelf.row(record)
        except (ValueError, TypeError) as wrong:
            raise AlteredLedger(self.ledger, f"“{str(record[0])[:80]}”这一行不成样子") from wrong
        if (wrong_cell := strange(self.ledger, row)) is not None:
            raise AlteredLedger(self.ledger, f"“{str(record[0])[:80]}”这一行的“{wrong_cell}”不成样子")
        return row

    def _clauses(self, where: Where) -> list[ColumnElement[bool]]:
        cells = self.shelf.rows.c
        return [cells.shown, *(one.clause(self.binary(cells[f"c_{one.column.key}"])) for one in where)]

    def _past(self, after: str | None) -> list[ColumnElement[bool]]:
        if after is None:
            return []
        table = self.shelf.rows
        born = self.connection.execute(select(table.c.born).where(table.c.key == after)).scalar()
        if born is None:
            raise QuestionError(f"--after 后面的“{after[:80]}”不是{self.ledger.title}的行。No row has this key.")
        return [tuple_(table.c.born, table.c.key) > (born, after)]

    def binary(self, cell: ColumnElement[Any]) -> ColumnElement[Any]:
        """Compared by characters: SQLite does, PostgreSQL by its language unless told."""
        return cell.collate("C") if not self._sqlite and isinstance(cell.type, Text) else cell


@contextmanager
def opened(database: Database, ledger: Ledger) -> Iterator[View]:
    """The ledger that readers see; raises QuestionError where it was never built.

    Raises DatabaseTrouble, also where a newer program built it, and AlteredLedger where its tables cannot be read.
    """
    for _ in range(SWITCHES):
        with database.reading() as connection:
            view = _view(database, connection, ledger)
            if view is not None:
                with _altered_or_not(database, view.ledger):
                    yield view
                return
    if (wrong := unreadable(database, ledger)) is not None:
        raise AlteredLedger(ledger, wrong)
    raise QuestionError(f"{ledger.title}正在切换，请再试一次。It is being replaced; ask again.")


def unreadable(database: Database, ledger: Ledger) -> str | None:
    """What is missing of the tables that readers see; None where nothing is, or where readers see none."""
    with database.reading() as connection:
        position = positions.current(positions.positions(connection), ledger.name)
        if position is None or position.version > ledger.version:
            return None
        try:
            ledger = _as_built(connection, ledger, position)
        except NoSuchTableError:
            return f"表 ledger_{ledger.name}_{position.generation} 不在了"
        return missing(connection, Shelf(database, ledger, position.generation))


@contextmanager
def _altered_or_not(database: Database, ledger: Ledger) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as wrong:
        if trouble(wrong, database.place) is not None:
            raise
        raise AlteredLedger(ledger, str(wrong).partition("\n")[0][:200]) from wrong


def _view(database: Database, connection: Connection, ledger: Ledger) -> View | None:
    """None where its tables were taken down since its position was read: the next generation is in its place."""
    there = positions.positions(connection)
    position = positions.current(there, ledger.name)
    next_ = positions.building(there, ledger.name)
    seen = position or next_
    if seen is not None and seen.version > ledger.version:
        raise DatabaseTrouble(generations.belongs_to_newer([ledger.name]))
    if position is None:
        raise QuestionError(_not_built(ledger, next_))
    try:
        ledger = _as_built(connection, ledger, position)
        shelf = Shelf(database, ledger, position.generation)
        connection.execute(select(*shelf.rows.c).limit(0))  # from here on PostgreSQL keeps them for us
        connection.execute(select(*shelf.members.c).limit(0))
    except (ProgrammingError, OperationalError, NoSuchTableError) as wrong:
        if trouble(wrong, database.place) is not None:
            raise
        return None
    return View(connection, shelf, position, sqlite=database.is_sqlite)


def record(row: Row, ledger: Ledger, members: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A line for a program: every column, `_key`, `_sequence`, `_cells`; with members also `_keys`. Money is a text."""
    found: dict[str, Any] = {column.key: plain(column, row.get(column.key)) for column in ledger.columns}
    found |= {"_key": row.key, "_sequence": row.sequence, "_cells": row.cells}
    if members is not None:
        found["_keys"] = {column: list(keys) for column, keys in members.items()}
    return found


def plain(column: Column, value: Any) -> Any:  # noqa: ANN401 (text, number or nothing)
    """As people and programs read it: money in yuan, 5000.00."""
    return str(Decimal(value).scaleb(-2)) if column.kind is Kind.MONEY and value is not None else value


def _not_built(ledger: Ledger, next_: Position | None) -> str:
    if next_ is not None and next_.stopped_at is not None:
        why = f"第 {next_.stopped_at} 号事件无法入账：{next_.stopped_why}"
        return f"{ledger.title}还没有建好：{why}。查明后用 bihuan ledger resume 继续。It has stopped."
    return f"{ledger.title}还没有建好：请先运行 bihuan up，或稍后再看。It is not built yet."


def _as_built(connection: Connection, ledger: Ledger, position: Position) -> Ledger:
    """With the columns of its older version where the next one is still being built."""
    if position.version == ledger.version:
        return ledger
    there = [one["name"] for one in inspect(connection).get_columns(f"ledger_{ledger.name}_{position.generation}")]
    keys = [name.removeprefix("c_") for name in there[len(OWN) :] if name.startswith("c_")]
    columns = tuple(ledger.by_key.get(key) or Column(key, key) for key in keys)
    return replace(ledger, version=position.version, columns=columns)
