"""One generation of a ledger at work: entries in, rows and checkpoint out, in somebody else's transaction.

What cannot be entered stops the ledger at that event, with the reason; everything before it is in.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from services.projection.database import Database, DatabaseTrouble, trouble
from services.projection.entries import Entry, UnapplicableError
from services.projection.ledger import Ledger
from services.projection.pages import Book, Row
from services.projection.positions import Position
from services.projection.shelf import Shelf

_ID: Final = re.compile(rb'^\{"id":"([^"\\]{1,200})"')

Keep = Callable[[Entry], bool]


class Volume:
    """Not for two threads at once."""

    def __init__(self, database: Database, ledger: Ledger, position: Position, *, pages: int = 2000) -> None:
        self.ledger = ledger
        self.position = position
        self.gone = False
        """The generation is no more, or belongs to other rules now."""
        self.shelf = Shelf(database, ledger, position.generation)
        self._place = database.place
        self._connection: Connection | None = None
        self._book = Book(self._load, pages)

    @property
    def sequence(self) -> int:
        """Every event up to this one is entered."""
        return self.position.sequence

    @property
    def stopped(self) -> bool:
        """An event could not be entered, or another program took the generation away."""
        return self.gone or self.position.stopped_at is not None

    def take(self, position: Position) -> None:
        """The database's word on how far it is; ours was true only if nobody else wrote."""
        if position != self.position:
            self._book.forget()
            self.position = position

    def enter(
        self, connection: Connection, entries: Sequence[Entry], keep: Keep | None = None, *, alone: bool = False
    ) -> Position:
        """All of these that it does not have yet; the position that is to be stored with them.

        `entries` are contiguous. Where they begin later than what it needs next, nothing is entered. `alone`: nobody
        else reads these, so each may be forgotten as soon as it is entered.
        """
        todo = entries[max(0, self.sequence + 1 - entries[0].sequence) :] if entries else []
        if self.stopped or not todo or todo[0].sequence != self.sequence + 1:
            return self.position
        wanted = [entry for entry in todo if self.ledger.concerns(entry) and (keep is None or keep(entry))]
        self._connection = connection
        try:
            if wanted:
                with connection.begin_nested():
                    self._write(connection, wanted, alone=alone)
            self.position = reached(self.position, todo[-1])
        except Exception as wrong:  # noqa: BLE001 (whatever a rule or a value brings about)
            self._book.forget()
            self._blame_the_database(connection, wrong)
            self._one_by_one(connection, wanted, todo[-1])
        finally:
            self._connection = None
        return self.position

    def back_to(self, position: Position) -> None:
        """The transaction was rolled back."""
        self._book.forget()
        self.position = position

    def _write(self, connection: Connection, wanted: Sequence[Entry], *, alone: bool = False) -> None:
        book, ledger = self._book, self.ledger
        book.fetch(key for entry in wanted for key in ledger.pages(entry))
        for entry in wanted:
            ledger.apply(entry, book.page(entry.aggregate))
            if alone:
                entry.forget()
        self.shelf.save(connection, book)
        book.settled()

    def _one_by_one(self, connection: Connection, wanted: Sequence[Entry], last: Entry) -> None:
        """Slowly, to find the one at fault."""
        for entry in wanted:
            try:
                with connection.begin_nested():
                    self._write(connection, [entry])
            except Exception as wrong:  # noqa: BLE001 (the same)
                self._blame_the_database(connection, wrong)
                self._book.forget()
                reason = wrong.reason if isinstance(wrong, UnapplicableError) else f"{type(wrong).__name__}: {wrong}"
                self.position = replace(
                    self.position,
                    sequence=entry.sequence - 1,
                    event_id="",
                    stopped_at=entry.sequence,
                    stopped_why=reason[:1000],
                )
                return
        self.position = reached(self.position, last)

    def _blame_the_database(self, connection: Connection, wrong: Exception) -> None:
        """No event stops a ledger for what is no fault of its own; raises DatabaseTrouble."""
        found = trouble(wrong, self._place)
        driver = connection.connection.dbapi_connection
        if found is None and not getattr(driver, "in_transaction", True):  # SQLite gave it up as a whole
            found = DatabaseTrouble(
                f"台账数据库中止了写入：请检查磁盘和内存。The write was aborted ({self._place}: {wrong})."
            )
        if found is not None:
            raise found from wrong

    def _load(self, keys: Sequence[str]) -> Mapping[str, list[Row]]:
        if self._connection is None:
            raise RuntimeError("a ledger's pages are read in its transaction only")
        return self.shelf.load(self._connection, keys)


def reached(position: Position, entry: Entry) -> Position:
    """Past that event."""
    return replace(position, sequence=entry.sequence, event_id=event_id(entry.body))


def event_id(body: bytes) -> str:
    """The id of a stored event, however damaged the rest of it is."""
    found = _ID.match(body)
    return found[1].decode(errors="replace") if found else ""
