"""Small ledgers, a few hundred events made from the goldens, and what the tables say in the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json
from sqlalchemy import BigInteger, Connection, Text, select

from contracts import events
from contracts.envelope import GENESIS, Envelope, Unreadable, decode, encode
from contracts.events import EVENTS, Event
from services.journal.events import EventStore
from services.journal.library import StoredEvent
from services.projection import lanes, positions
from services.projection.database import Database
from services.projection.entries import Entry
from services.projection.generations import begin
from services.projection.lanes import Writer
from services.projection.ledger import Column, Kind, Ledger, Side
from services.projection.ledgers import hazards
from services.projection.pages import Page
from services.projection.positions import Position
from services.projection.shelf import Shelf
from services.projection.volume import Volume

SITE: Final = ZoneInfo("Asia/Shanghai")
TOWNS: Final = ("320623104", "320623105", "320623106")
GOLDEN: Final = Path(__file__).parents[1] / "contracts" / "golden"


def _entered(event: events.HazardFound, entry: Entry, page: Page) -> None:
    page.row(entry, shown=False).state["area"] = event.area
    _counted_in(entry, page, event.area)


def _counted_in(entry: Entry, page: Page, area: str) -> None:
    town = page.book.page(area)
    row = town.row(entry)
    row.set(entry, area=area)
    town.count_in(entry, row, "open", page.key)


def _closed(_: Event, entry: Entry, page: Page) -> None:
    row = page.row(entry, shown=False)
    if (area := row.state.get("area")) and not row.state.get("closed"):
        row.state["closed"] = True
        town = page.book.page(area)
        town.count_out(entry, town.row(entry), "open", page.key)


def _reopened(_: Event, entry: Entry, page: Page) -> None:
    if (area := page.row(entry, shown=False).state.get("area")) and page.row(entry).state.pop("closed", False):
        _counted_in(entry, page, area)


def _noted(event: Event, entry: Entry, page: Page) -> None:
    row = page.row(entry)
    row.set(entry, events=(row.get("events") or 0) + 1, last=entry.type)
    row.state["days"] = [*row.state.get("days", ()), entry.day(event.occurred_at)]
    page.book.beside("lines", (entry.sequence,), {"sequence": entry.sequence, "of": page.key, "type": entry.type})


TALLY: Final = Ledger(
    name="tally",
    title="各镇未销号",
    version=1,
    columns=(Column("area", "区划"), Column("open", "未销号", Kind.COUNT)),
    rules={events.HazardFound: _entered, events.HazardClosed: _closed, events.HazardReopened: _reopened},
)
DIARY: Final = Ledger(
    name="diary",
    title="流水",
    version=1,
    columns=(Column("events", "事件", Kind.NUMBER), Column("last", "最后")),
    every=_noted,
    kinds=frozenset({"hazard", "inspection"}),
    sides=(Side("lines", {"sequence": BigInteger(), "of": Text(), "type": Text()}),),
)
ALL: Final = (hazards.LEDGER, TALLY, DIARY)


def raised(ledger: Ledger, by: int = 1) -> Ledger:
    """The same with a column more: its next version."""
    more = Column(f"more_{by}", "又一栏")
    return replace(ledger, version=ledger.version + by, columns=(*ledger.columns, more))


@cache
def golden(wire_name: str) -> Event:
    """That event, as somebody wrote it by hand."""
    read = decode((GOLDEN / f"{wire_name}.json").read_bytes()).event
    assert not isinstance(read, Unreadable), read.detail
    return read


def life(number: int) -> list[Event]:
    """Found, then a quarter of all that may befall a hazard, closed and opened again now and then."""
    town = {"area": TOWNS[number % 3], "description": f"第{number}处：堵塞疏散通道"}
    after = [name for name in EVENTS if name.startswith("hazard.") and name != "hazard.found"]
    chosen = [golden(name) for place, name in enumerate(after) if (place + number) % 4 == 0]
    ended = [golden("hazard.closed"), golden("hazard.reopened"), golden("hazard.closed")]
    return [golden("hazard.found").model_copy(update=town), *chosen, *ended[: number % 4]]


def body(event: Event, aggregate: str, version: int, **changes: Any) -> bytes:  # noqa: ANN401 (any part of it)
    """As the hazard service would store it."""
    told = Envelope(
        id=f"e-{aggregate[-4:]}-{version}",
        type=event.type,
        schema_version=event.schema_version,
        aggregate_id=aggregate,
        version=version,
        command_id=f"c-{aggregate[-4:]}-{version}",
        command_hash=GENESIS,
        previous_hash=GENESIS,
        event=event,
    )
    return encode(replace(told, **changes))


def aggregate_of(subject: str) -> str:
    """t….hazard.32.06.23.104.<uuid> → 320623104-<uuid>."""
    _, _, *levels, uuid = subject.split(".")
    return f"{''.join(levels)}-{uuid}"


def subject(root: str, number: int, kind: str = "hazard") -> str:
    """Of the hazard with that number."""
    return f"{root}.{kind}.32.06.23.{TOWNS[number % 3][-3:]}.{UUID(int=number + 1)}"


def told(root: str, hazards: int = 20) -> list[StoredEvent]:
    """So many lives, each step of all before the next step of any; about fourteen events each."""
    lives = [life(number) for number in range(hazards)]
    steps = max(len(one) for one in lives)
    return [
        _stored(subject(root, number), one[step], step + 1)
        for step in range(steps)
        for number, one in enumerate(lives)
        if step < len(one)
    ]


def _stored(place: str, event: Event, version: int) -> StoredEvent:
    return StoredEvent(place, version, event.type, body(event, aggregate_of(place), version))


class Teller:
    """Stores histories bit by bit."""

    def __init__(self, store: EventStore, history: Sequence[StoredEvent]) -> None:
        self.store = store
        self._left = list(history)
        self._last: dict[Any, int] = {}

    async def tell(self, count: int) -> int:
        """The next so many; the last sequence."""
        now, self._left = self._left[:count], self._left[count:]
        assert len(now) == count, "the history is too short for this test"
        expected = {one.originator_id: self._last.get(one.originator_id, 0) for one in now}
        sequences = await self.store.append_all(now, after=expected)
        self._last.update(zip((one.originator_id for one in now), sequences, strict=True))
        return sequences[-1]


Tables = dict[str, Any]


def tables(database: Database, ledgers: Iterable[Ledger], standing: str = positions.CURRENT) -> Tables:
    """All that the generations of that standing say, by ledger; a ledger without one is left out."""
    with database.reading() as connection:
        there = [one for one in positions.positions(connection).values() if one.standing == standing]
        by_name = {ledger.name: ledger for ledger in ledgers}
        return {one.name: _read(database, connection, by_name[one.name], one) for one in there if one.name in by_name}


def _read(database: Database, connection: Connection, ledger: Ledger, position: Position) -> Tables:
    shelf = Shelf(database, ledger, position.generation)
    rows = [row._asdict() for row in connection.execute(select(*shelf.rows.c).order_by("key"))]
    for row in rows:
        row |= {"cells": from_json(row["cells"]), "state": from_json(row["state"] or "{}")}
    return {
        "sequence": position.sequence,
        "rows": rows,
        "members": sorted(tuple(row) for row in connection.execute(select(*shelf.members.c))),
        **{name: sorted(tuple(row) for row in connection.execute(select(*t.c))) for name, t in shelf.sides.items()},
    }


class Undisturbed:
    """What ledgers say when nothing happens to them, up to any sequence."""

    def __init__(self, store: EventStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._names = count()
        self._known: dict[tuple[str, int, int], Tables] = {}

    async def upto(self, ledger: Ledger, until: int) -> Tables:
        """Read from the beginning in one go, into a file of its own."""
        key = (ledger.name, ledger.version, until)
        if key not in self._known:
            self._known[key] = await self._fold(ledger, until)
        return self._known[key]

    async def _fold(self, ledger: Ledger, until: int) -> Tables:
        with fresh(f"sqlite:///{self._folder / f'undisturbed-{next(self._names)}.sqlite'}", throwaway=True) as writer:
            writer.database.open()
            with writer.database.writing() as connection:
                volume = Volume(writer.database, ledger, begin(writer.database, ledger, connection))
            await lanes.catch_up(self._store, writer, [volume], until)
            assert not volume.stopped, volume.position.stopped_why
            return tables(writer.database, [ledger], positions.BUILDING)[ledger.name]


class fresh:  # noqa: N801 (used as a function)
    """A writer on that database, closed in the end."""

    def __init__(self, url: str, *, throwaway: bool = False) -> None:
        self._writer = Writer(Database(url, throwaway=throwaway), SITE)

    def __enter__(self) -> Writer:
        return self._writer

    def __exit__(self, *_: object) -> None:
        self._writer.close()
        self._writer.database.close()


def lines(found: Tables) -> Iterator[int]:
    """The sequences that the diary has written down."""
    return (line[0] for line in found["diary"]["lines"])
