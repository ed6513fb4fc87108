"""One run of the ledgers' benchmarks: its servers, its stream, which is filled once, and its databases."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from nats.aio.client import Client

from benchmarks.measure import Table
from contracts import subjects
from services.journal import embedded, streams
from services.journal.connection import connect
from services.journal.events import EventStore
from services.projection import generations
from services.projection.database import Database, default_url
from services.projection.ledger import Ledger
from services.projection.ledgers import BY_NAME
from services.projection.volume import Volume
from tests.lives import benchmark_lives, store
from tests.postgres import Cluster, available, cluster

T = TypeVar("T")
ZONE: Final = ZoneInfo("Asia/Shanghai")
HAZARDS: Final = BY_NAME["hazards"]
EVENTS_EACH: Final = 6.2
"""Of a made-up life, about."""
PAGES: Final = 40_000
"""In memory, as the runner has them."""


@dataclass
class Bench:
    """One run."""

    table: Table
    folder: Path
    server: embedded.Embedded
    nc: Client
    postgres: Cluster | None
    lasting: dict[str, Database]
    """One of each kind, by name, that stays as long as the run: a runner goes on where another ended."""
    quick: bool
    filled: int = field(default=0, init=False)

    @property
    def store(self) -> EventStore:
        """On the run's connection."""
        return EventStore(self.nc)

    def sized(self, full: int, quick: int) -> int:
        """How many."""
        return quick if self.quick else full

    @contextmanager
    def databases(self) -> Iterator[dict[str, Database]]:
        """A fresh one of each kind, by name; gone after the block."""
        with fresh(self.folder, self.postgres) as found:
            yield found


@contextmanager
def fresh(folder: Path, postgres: Cluster | None) -> Iterator[dict[str, Database]]:
    """A database of each kind, by name; gone after the block."""
    with ExitStack() as stack:
        place = Path(mkdtemp(dir=folder))
        stack.callback(rmtree, place)
        found = {"SQLite": Database(default_url(place))}
        if postgres is not None:
            name = postgres.fresh_database()
            stack.callback(postgres.drop, name)
            found["PostgreSQL"] = Database(postgres.url(name))
        for database in found.values():
            stack.callback(database.close)
            database.open()
        yield found


@asynccontextmanager
async def bench_of(folder: Path, *, quick: bool) -> AsyncIterator[Bench]:
    """With servers of its own; PostgreSQL where there is one."""
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster()) if available() else None
        lasting = stack.enter_context(fresh(folder, postgres))
        async with embedded.server(folder / "data") as server:
            nc = await connect(server.url, name="bench")
            await streams.declare(nc, [subjects.EVENTS])
            yield Bench(Table(), folder, server, nc, postgres, lasting, quick)
            await nc.close()


async def fill(bench: Bench) -> None:
    """The stream that the sections read, once."""
    if bench.filled:
        return
    hazards = int(bench.sized(1_000_000, 60_000) / EVENTS_EACH)
    began = perf_counter()
    bench.filled = await store(bench.store, benchmark_lives(hazards))
    taken = perf_counter() - began
    bench.table.head(f"{bench.filled:,} events of {hazards:,} hazards, stored in {taken:.0f} s")


def begun(database: Database, ledger: Ledger) -> Volume:
    """An empty generation, to be filled by hand."""
    with database.writing() as connection:
        position = generations.begin(database, ledger, connection)
    return Volume(database, ledger, position, pages=PAGES)


def middle(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, the median of five; and what came out."""
    taken, answers = zip(*(timed(work) for _ in range(5)), strict=True)
    return median(taken), answers[0]


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came out."""
    began = perf_counter()
    answer = work()
    return (perf_counter() - began) * 1_000, answer


@contextmanager
def inserting(database: Database) -> Iterator[Callable[[], None]]:
    """The raw limit of a transaction: one line and its commit, on a connection kept open."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE bare (line INTEGER)")
        connection.commit()

        def insert() -> None:
            connection.exec_driver_sql("INSERT INTO bare VALUES (1)")
            connection.commit()

        yield insert
        connection.exec_driver_sql("DROP TABLE bare")
        connection.commit()
