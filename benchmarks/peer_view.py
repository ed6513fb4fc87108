"""The peer's view: 隐患台账 in a tracking recorder of the library, the row and the position in one transaction."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, cast

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.sqlite import SQLiteTrackingRecorder

from benchmarks.ledgers import HAZARDS, PAGES
from services.projection.entries import Entry
from services.projection.pages import Book, Row
from services.projection.shelf import Shelf

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Through:
    """As much of a connection as `Shelf.save` needs, on the library's cursor."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 (of either driver)
        self._cursor = cursor

    def exec_driver_sql(self, text: str, lines: Sequence[Any]) -> None:
        """One statement for each line."""
        for line in lines:
            self._cursor.execute(text, line)


class Rows:
    """The ledger's rows and the position that they are true of, in one transaction."""

    shelf: ClassVar[Shelf]
    mark: ClassVar[str]
    """For a value in SQL."""
    datastore: Any
    _insert_tracking: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (those of the recorder)
        super().__init__(*args, **kwargs)
        self._book = Book(self._load, PAGES)
        self._cursor: Any = None
        self.moved = 0.0
        """When it last moved on."""

    def enter(self, entry: Entry, tracking: Tracking) -> None:
        """One event."""
        with self.datastore.transaction(commit=True) as self._cursor:
            if HAZARDS.concerns(entry):
                HAZARDS.apply(entry, self._book.page(entry.aggregate))
                self.shelf.save(cast("Connection", Through(self._cursor)), self._book)
                self._book.settled()
            self._insert_tracking(self._cursor, tracking)
        self.moved = perf_counter()

    def _load(self, keys: Sequence[str]) -> Mapping[str, list[Row]]:
        return {key: [self.shelf.row(record) for record in self._page(key)] for key in keys}

    def _page(self, key: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(f"SELECT * FROM {self.shelf.name} WHERE page = {self.mark}", (key,))  # noqa: S608 (ours)
        return [tuple(one.values() if isinstance(one, dict) else one) for one in self._cursor.fetchall()]


class SQLiteRows(Rows, SQLiteTrackingRecorder):
    """In SQLite."""

    mark = "?"


class PostgresRows(Rows, PostgresTrackingRecorder):
    """In PostgreSQL."""

    mark = "%s"
