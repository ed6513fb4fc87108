"""The peer: `eventsourcing` 9.5 on SQLite and on PostgreSQL with `synchronous_commit=on`, its recorder alone.

Only the insert of one event is asked of it, without an aggregate, a decision or a log line: the comparison favours it.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Final
from uuid import uuid4

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

BINARIES: Final = Path(os.environ.get("POSTGRES_BINARIES", "/usr/lib/postgresql/15/bin"))
THREADS: Final = 4
"""More were slower, on PostgreSQL and on SQLite."""
BODY: Final = b"x" * 1000


@contextmanager
def peers(folder: Path) -> Iterator[dict[str, ApplicationRecorder | None]]:
    """By name; None where there is no PostgreSQL."""
    settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "peer.sqlite")}
    with _recorder(settings) as sqlite:
        if not (BINARIES / "initdb").exists():
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
    folder = Path(mkdtemp(prefix="bihuan-pg-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    data = str(folder / "data")
    try:
        _pg("initdb", "-D", data, "-A", "trust", "-U", "postgres", user=user, folder=folder)
        log = str(folder / "log")
        _pg("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start", user=user, folder=folder)
        try:
            yield {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": "postgres",
                "POSTGRES_HOST": "127.0.0.1",
                "POSTGRES_PORT": port,
                "POSTGRES_USER": "postgres",
                "POSTGRES_PASSWORD": "",
            }
        finally:
            _pg("pg_ctl", "-D", data, "-m", "fast", "-w", "stop", user=user, folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _recorder(settings: Mapping[str, str]) -> Iterator[ApplicationRecorder]:
    factory = InfrastructureFactory.construct(Environment("Peer", dict(settings)))
    try:
        yield factory.application_recorder()
    finally:
        factory.close()


def _pg(program: str, *arguments: str, user: str | None, folder: Path) -> None:
    command = [str(BINARIES / program), *arguments]
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603
