"""A ledger's rows while events are entered: a page holds the rows of one hazard (or party, or clause).

Every value that is set remembers the sequence of the event that set it. A count remembers its members.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.projection.entries import Entry

Value = str | int | None
Loader = Callable[[Sequence[str]], Mapping[str, list["Row"]]]
"""Reads the rows of these pages, by page."""


@dataclass(slots=True)
class Row:
    """One line of a ledger."""

    key: str
    page: str
    born: int
    """Sequence of the event that began it: the order of the ledger."""
    sequence: int = 0
    """Of the event that last changed it."""
    shown: bool = True
    """A row may only hold what later events need."""
    values: dict[str, Value] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    """By column: sequence of the event that set it."""
    state: dict[str, Any] = field(default_factory=dict)
    """What later events need and nobody sees; JSON."""
    moved: bool = True
    """New, or lately entered among the ledger's lines or taken out."""

    def set(self, entry: Entry, /, **values: Value) -> None:
        """These cells say so because of that event. What was never said and is not said now stays without one."""
        sequence = self.sequence = entry.sequence
        for column, value in values.items():
            if value is not None or column in self.cells:
                self.values[column] = value
                self.cells[column] = sequence

    def get(self, column: str) -> Any:  # noqa: ANN401 (text, number or nothing, as the column says)
        """The cell's value; None where nothing set it."""
        return self.values.get(column)

    def show(self, entry: Entry, *, shown: bool = True) -> None:
        """Enter it among the ledger's lines, or take it out."""
        if self.shown is not shown:
            self.shown = shown
            self.moved = True
            self.sequence = entry.sequence


@dataclass(slots=True)
class Page:
    """The rows of one thing, by key. The first is its own: its key is the page's."""

    key: str
    rows: dict[str, Row]
    book: "Book"

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    @property
    def empty(self) -> bool:
        """Nothing was ever entered here."""
        return not self.rows

    def row(self, entry: Entry, suffix: str = "", *, shown: bool = True) -> Row:
        """The page's own row, or the one with that suffix; begun by this event where there is none."""
        key = f"{self.key}/{suffix}" if suffix else self.key
        found = self.rows.get(key)
        if found is None:
            found = self.rows[key] = Row(key, self.key, entry.sequence, entry.sequence, shown)
        self.book.changed[key] = found
        return found

    def find(self, suffix: str = "") -> Row | None:
        """As `row`, but begins none; what is changed through it is kept."""
        key = f"{self.key}/{suffix}" if suffix else self.key
        found = self.rows.get(key)
        if found is not None:
            self.book.changed[key] = found
        return found

    def others(self) -> list[Row]:
        """Every row but the page's own; what is changed through them is kept."""
        found = [row for row in self.rows.values() if row.key != self.key]
        self.book.changed.update({row.key: row for row in found})
        return found

    def count_in(self, entry: Entry, row: Row, column: str, member: str) -> None:
        """One more. The rule knows that it was not counted: nobody looks."""
        self.book.count(entry, row, column, member, joined=True)

    def count_out(self, entry: Entry, row: Row, column: str, member: str) -> None:
        """One less. The rule knows that it was counted."""
        self.book.count(entry, row, column, member, joined=False)


Membership = tuple[str, str, str]
"""Row, column, member."""


class Book:
    """The pages of one ledger under work: bounded, loaded as needed, given back as what changed."""

    def __init__(self, load: Loader, size: int) -> None:
        self._load = load
        self._size = size
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self.changed: dict[str, Row] = {}
        self.members: dict[Membership, int | None] = {}
        """Sequence since when it is one; None: no more."""
        self.sides: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}

    def fetch(self, keys: Iterable[str]) -> None:
        """Have these pages at hand."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._pages]
        if not wanted:
            return
        loaded = self._load(wanted)
        for key in wanted:
            rows = loaded.get(key, [])
            self._pages[key] = Page(key, {row.key: row for row in rows}, self)

    def page(self, key: str) -> Page:
        """One page; loaded alone if nobody fetched it."""
        found = self._pages.get(key)
        if found is None:
            self.fetch((key,))
            return self._pages[key]
        self._pages.move_to_end(key)
        return found

    def count(self, entry: Entry, row: Row, column: str, member: str, *, joined: bool) -> None:
        """A member joins or leaves a count."""
        self.members[row.key, column, member] = entry.sequence if joined else None
        row.set(entry, **{column: (row.get(column) or 0) + (1 if joined else -1)})
        self.changed[row.key] = row

    def beside(self, side: str, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        """Write a row of a side table, under its key."""
        self.sides.setdefault(side, {})[key] = values

    def settled(self) -> None:
        """What changed is stored: forget that it changed, and the pages not used for longest."""
        self.changed.clear()
        self.members.clear()
        self.sides.clear()
        while len(self._pages) > self._size:
            self._pages.popitem(last=False)

    def forget(self) -> None:
        """The transaction was rolled back: what is in memory is true no more."""
        self._pages.clear()
        self.changed.clear()
        self.members.clear()
        self.sides.clear()
