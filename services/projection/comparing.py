"""Two generations of one ledger, row by row: what one has and the other has not, and which columns differ.

Both are read in the order of their keys, a thousand rows at a time: memory does not grow with the ledger.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import from_json
from sqlalchemy import Table, Text, select, type_coerce
from sqlalchemy.types import NullType

from services.projection.queries import BATCH, View
from services.projection.soundness import added

NAMED: Final = 1000
"""Differences of each sort that are told; all are counted."""

Key = tuple[Any, ...]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as the events make it."""

    key: str
    columns: tuple[str, ...] = ()
    """Those that differ; none where the whole row is missing, or one too many. Of a table, those one too many."""
    beside: str = ""
    """The side table, or `members`; empty for the ledger's own rows."""


@dataclass
class Differences:
    """What a ledger says otherwise than the events do."""

    sequence: int
    rows: int = 0
    """Compared: as many as the events make, side tables included."""
    counted: int = 0
    missing: list[Difference] = field(default_factory=list)
    extra: list[Difference] = field(default_factory=list)
    different: list[Difference] = field(default_factory=list)

    def add(self, sort: list[Difference], found: Difference) -> None:
        """One more; told as long as there are not too many."""
        self.counted += 1
        if len(sort) < NAMED:
            sort.append(found)


def compare(stands: View, made: View) -> Differences:
    """The ledger as it stands against the one made anew, at the same sequence. Of another version, only what both have.

    It blocks.
    """
    found = Differences(stands.sequence)
    same = stands.ledger.version == made.ledger.version
    if same:
        for table, columns in added(stands.connection, stands.shelf).items():
            found.add(found.extra, Difference(table, columns))
    _merge(found, "", _rows(stands, same=same), _rows(made, same=same))
    _merge(found, "members", _lines(stands, stands.shelf.members), _lines(made, made.shelf.members))
    for name in stands.shelf.sides if same else ():
        _merge(found, name, _lines(stands, stands.shelf.sides[name]), _lines(made, made.shelf.sides[name]))
    return found


def _rows(view: View, *, same: bool) -> Iterator[tuple[Key, Values]]:
    """A row's cells by column; its state counts only where the rules are the same."""
    names = [column.key for column in view.ledger.columns]
    for key, values in _lines(view, view.shelf.rows):
        told, state = _json(values.pop("cells")), _json(values.pop("state") or "{}")
        since = told if isinstance(told, list) and len(told) == len(names) else [told] * len(names)
        own = {name: (values.pop(f"c_{name}"), sequence) for name, sequence in zip(names, since, strict=True)}
        if same:
            own |= {f"_{name}": (value, None) for name, value in values.items()}
            own["_state"] = (state, None)
        yield key, own


def _json(text: Any) -> Any:  # noqa: ANN401 (whatever somebody wrote there)
    try:
        return from_json(text)
    except (ValueError, TypeError):
        return text


def _lines(view: View, table: Table) -> Iterator[tuple[Key, Values]]:
    """In the order of characters, which is the same in every database and here; values as they are stored."""
    columns, keys = [column.name for column in table.c], [column.name for column in table.primary_key]
    order = [view.binary(table.c[name]) if isinstance(table.c[name].type, Text) else table.c[name] for name in keys]
    question = select(*(type_coerce(column, NullType()).label(column.name) for column in table.c)).order_by(*order)
    with view.connection.execute(question, execution_options={"yield_per": BATCH}) as found:
        for line in found.mappings():
            yield tuple(line[name] for name in keys), {name: line[name] for name in columns if name not in keys}


def _merge(
    found: Differences, beside: str, stands: Iterator[tuple[Key, Values]], made: Iterator[tuple[Key, Values]]
) -> None:
    here, there = next(stands, None), next(made, None)
    while here or there:
        if there is None or (here is not None and _rank(here[0]) < _rank(there[0])):
            found.add(found.extra, Difference(_told(here), (), beside))
            here = next(stands, None)
            continue
        found.rows += 1
        if here is None or _rank(there[0]) < _rank(here[0]):
            found.add(found.missing, Difference(_told(there), (), beside))
        else:
            if columns := tuple(name for name, value in there[1].items() if here[1].get(name, value) != value):
                found.add(found.different, Difference(_told(here), columns, beside))
            here = next(stands, None)
        there = next(made, None)


def _rank(key: Key) -> list[tuple[int, Any]]:
    """As SQLite sorts: nothing, then numbers, texts, bytes. Elsewhere a column holds one sort only."""
    return [(_SORTS.get(type(value), 1), 0 if value is None else value) for value in key]


_SORTS: Final = {type(None): 0, str: 2, bytes: 3}


def _told(line: tuple[Key, Values] | None) -> str:
    return " ".join(map(str, line[0])) if line else ""
