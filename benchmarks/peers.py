"""The peer: `eventsourcing` 9.5 on SQLite and on PostgreSQL with `synchronous_commit=on`, its recorder alone.

Only the insert of one event is asked of it, without an aggregate, a decision or a log line: the comparison favours it.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final
from uuid import uuid4

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

from tests.postgres import HOST, available, cluster

THREADS: Final = 4
"""More were slower, on PostgreSQL and on SQLite."""
BODY: Final = b"x" * 1000


@contextmanager
def peers(folder: Path) -> Iterator[dict[str, ApplicationRecorder | None]]:
    """By name; None where there is no PostgreSQL."""
    settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "peer.sqlite")}
    with _recorder(settings) as sqlite:
        if not available():
            yield {"SQLite": sqlite, "PostgreSQL": None}
            return
        with postgres() as settings, _recorder(settings) as recorder:
            yield {"SQLite": sqlite, "PostgreSQL": recorder}


def insert_rate(recorder: ApplicationRecorder, count: int, threads: int = THREADS) -> float:
    """Events a second."""

    def insert(_: int) -> None:
        recorder.insert_events([StoredEvent(uuid4(), 1, "hazard.found", BODY)])

    began = perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(insert, range(count)))
    return count / (perf_counter() - began)


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """A cluster of our own with the settings that it ships with, fsync and synchronous_commit on."""
    with cluster() as own:
        yield {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": "postgres",
            "POSTGRES_HOST": HOST,
            "POSTGRES_PORT": str(own.port),
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "",
        }


@contextmanager
def _recorder(settings: Mapping[str, str]) -> Iterator[ApplicationRecorder]:
    factory = InfrastructureFactory.construct(Environment("Peer", dict(settings)))
    try:
        yield factory.application_recorder()
    finally:
        factory.close()
