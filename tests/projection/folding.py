"""A ledger after a history, without a database: every event is entered into pages that were just put away and read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json, to_json

from contracts.envelope import GENESIS, Envelope, encode
from contracts.events import Event
from services.projection.entries import Entry
from services.projection.ledger import Ledger
from services.projection.pages import Book, Membership, Row, Value

SITE = ZoneInfo("Asia/Shanghai")


class Folded(dict[str, Row]):
    """The rows by key, hidden ones too; beside them who is counted where, and the side tables."""

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[Membership, int] = {}
        self.sides: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}

    def shown(self) -> list[Row]:
        """The ledger's lines, in its order."""
        return sorted((row for row in self.values() if row.shown), key=lambda row: (row.born, row.key))

    def counted(self, row: str, column: str) -> set[str]:
        """The keys behind a count."""
        return {member for key, name, member in self.members if (key, name) == (row, column)}

    def load(self, pages: Sequence[str]) -> Mapping[str, list[Row]]:
        """As a database would: copies."""
        kept = {page: [row for row in self.values() if row.page == page] for page in pages}
        return {page: [_copy(row) for row in rows] for page, rows in kept.items()}

    def keep(self, book: Book) -> None:
        """What changed, and nothing else."""
        self.update({key: _copy(row) for key, row in book.changed.items()})
        for one, since in book.members.items():
            if since is None:
                del self.members[one]
            else:
                self.members[one] = since
        for side, rows in book.sides.items():
            self.sides.setdefault(side, {}).update(rows)
        book.forget()


def fold(ledger: Ledger, history: Iterable[tuple[str, Event]], *, first: int = 1) -> Folded:
    """Enter these, as the first and following of the stream; only those that the ledger reads."""
    folded, versions = Folded(), dict[str, int]()
    book = Book(folded.load, 0)
    for sequence, (aggregate, event) in enumerate(history, first):
        versions[aggregate] = version = versions.get(aggregate, 0) + 1
        entry = _entry(sequence, aggregate, version, event)
        if ledger.concerns(entry):
            ledger.apply(entry, book.page(aggregate))
            folded.keep(book)
    return folded


def check(ledger: Ledger, folded: Folded) -> None:
    """Every cell that says something tells by which event; a count equals its keys."""
    counts = {name for name, column in ledger.by_key.items() if column.kind.value == "count"}
    for row in folded.values():
        assert row.values.keys() <= ledger.by_key.keys(), row.key
        said = {name for name, value in row.values.items() if value is not None}
        assert said <= row.cells.keys(), row.key
        assert all(row.values.get(name, 0) == len(folded.counted(row.key, name)) for name in counts), row.key


def _entry(sequence: int, aggregate: str, version: int, event: Event) -> Entry:
    asked = str(UUID(int=sequence))
    body = encode(Envelope(asked, event.type, event.schema_version, aggregate, version, asked, GENESIS, GENESIS, event))
    return Entry(sequence, event.aggregate, aggregate, version, event.type, body, SITE)


def _copy(row: Row) -> Row:
    state = from_json(to_json(row.state))
    own: dict[str, Value] = {name: value for name, value in row.values.items() if value is not None}
    return Row(row.key, row.page, row.born, row.sequence, row.shown, own, dict(row.cells), state)
