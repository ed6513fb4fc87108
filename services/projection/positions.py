"""How far each generation of each ledger has come: a row beside the ledger's rows, written in their transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import BigInteger, Connection, Integer, Table, Text, and_, bindparam, delete, func, select, text, update
from sqlalchemy import Column as SqlColumn

from services.projection.database import FACTS, META

CURRENT: Final = "current"
"""The generation that readers see."""
BUILDING: Final = "building"
"""The next one, until it has caught up."""

LEDGERS: Final = Table(
    "bihuan_ledgers",
    META,
    SqlColumn("name", Text, primary_key=True),
    SqlColumn("generation", Integer, primary_key=True),
    SqlColumn("version", Integer, nullable=False),
    SqlColumn("standing", Text, nullable=False),
    SqlColumn("sequence", BigInteger, nullable=False),
    SqlColumn("event_id", Text, nullable=False),
    SqlColumn("stopped_at", BigInteger),
    SqlColumn("stopped_why", Text),
)


@dataclass(frozen=True, slots=True)
class Position:
    """One generation of a ledger."""

    name: str
    generation: int
    version: int
    """Of the ledger's rules that built it."""
    standing: str
    sequence: int = 0
    """Every event up to this one is in it, once."""
    event_id: str = ""
    """Of that event: the stream that it followed."""
    stopped_at: int | None = None
    """The event that could not be entered."""
    stopped_why: str | None = None


Key = tuple[str, int]


def positions(connection: Connection, *, lock: bool = False) -> dict[Key, Position]:
    """All there are. `lock`: nobody else moves them until the transaction ends."""
    if lock and connection.dialect.name == "postgresql":
        connection.execute(_ALONE)  # rows that another process is about to add could not be locked one by one
    found = connection.execute(select(*LEDGERS.c).order_by(LEDGERS.c.name, LEDGERS.c.generation))
    return {(position.name, position.generation): position for position in (Position(*row) for row in found)}


def current(found: Mapping[Key, Position], name: str) -> Position | None:
    """The generation of that ledger which readers see."""
    return next((one for one in found.values() if one.name == name and one.standing == CURRENT), None)


def building(found: Mapping[Key, Position], name: str) -> Position | None:
    """The generation that is being built."""
    return next((one for one in found.values() if one.name == name and one.standing == BUILDING), None)


def begin(connection: Connection, name: str, version: int) -> Position:
    """A new generation, empty."""
    last = connection.execute(select(func.max(LEDGERS.c.generation)).where(LEDGERS.c.name == name)).scalar()
    position = Position(name, (last or 0) + 1, version, BUILDING)
    connection.execute(LEDGERS.insert().values(**_columns(position)))
    return position


def advance(connection: Connection, moved: Iterable[Position]) -> None:
    """Say how far these have come."""
    rows = [{f"b_{name}": value for name, value in _columns(position).items()} for position in moved]
    if rows:
        connection.execute(_ADVANCE, rows)


def switch(connection: Connection, to: Position) -> Position | None:
    """Let readers see that generation; gives the one they saw before, which nobody needs any more."""
    before = current(positions(connection, lock=True), to.name)
    if before is not None:
        remove(connection, before)
    advance(connection, [replace(to, standing=CURRENT)])
    return before


def remove(connection: Connection, position: Position) -> None:
    """Forget a generation."""
    connection.execute(
        delete(LEDGERS).where(LEDGERS.c.name == position.name, LEDGERS.c.generation == position.generation)
    )


def note(connection: Connection, name: str, value: str | None) -> None:
    """A fact about the database, or that it is one no more."""
    connection.execute(delete(FACTS).where(FACTS.c.name == name))
    if value is not None:
        connection.execute(FACTS.insert().values(name=name, value=value))


def noted(connection: Connection, name: str) -> str | None:
    """That fact."""
    found: str | None = connection.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar()
    return found


_ALONE: Final = text(f"LOCK TABLE {LEDGERS.name} IN SHARE ROW EXCLUSIVE MODE")
_MOVING: Final = ("standing", "sequence", "event_id", "stopped_at", "stopped_why")
_ADVANCE: Final = (
    update(LEDGERS)
    .where(and_(LEDGERS.c.name == bindparam("b_name"), LEDGERS.c.generation == bindparam("b_generation")))
    .values({name: bindparam(f"b_{name}") for name in _MOVING})
)


def _columns(position: Position) -> dict[str, object]:
    return {column.name: getattr(position, column.name) for column in LEDGERS.c}
