"""One owner for each data folder: a lock that its server inherits, with a record of who holds it."""

import asyncio
import fcntl
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from services.journal.wire import EmbeddedError

LOCK: Final = "nats.lock"
PAUSE: Final = 0.05


@dataclass(frozen=True)
class Embedded:
    """A server that runs: where to reach it, and the processes that are and hold it."""

    url: str
    monitor_url: str
    server_name: str
    pid: int
    holder_pid: int


class StoreLockedError(EmbeddedError):
    """Another process runs the embedded server on this folder."""

    def __init__(self, data_dir: Path, holder: Embedded | None) -> None:
        who = f"process {holder.holder_pid}, its server is {holder.url}" if holder else "a process that is starting"
        super().__init__(f"{data_dir} is in use by {who}")
        self.holder = holder


@asynccontextmanager
async def held(data_dir: Path, patience: float) -> AsyncIterator[IO[bytes]]:
    """The folder's lock; raises StoreLockedError where another keeps it for more than `patience` seconds."""
    lock = _open(data_dir)
    try:
        await _acquire(lock, data_dir, patience)
        lock.truncate(0)
        yield lock
        lock.truncate(0)
    finally:
        lock.close()


def record(lock: IO[bytes], embedded: Embedded) -> None:
    """Say who holds it, for those who find it locked."""
    lock.truncate(0)
    lock.write(json.dumps(asdict(embedded)).encode())


async def running(data_dir: Path, *, patience: float = 10.0) -> Embedded | None:
    """The server that runs on this folder, or None; waits for one that is just starting.

    Raises StoreLockedError where it is still starting after `patience` seconds.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while (state := _look(data_dir / LOCK)) is not None:
        if state:
            return Embedded(**json.loads(state))
        if loop.time() > deadline:
            raise StoreLockedError(data_dir, None)
        await asyncio.sleep(PAUSE)
    return None


def _look(path: Path) -> bytes | None:
    """The record of the one who holds it, empty while he starts; None where nobody does."""
    with suppress(FileNotFoundError), path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return lock.read()
    return None


def _open(data_dir: Path) -> IO[bytes]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / LOCK).open("a+b", buffering=0)
    except OSError as error:
        raise EmbeddedError(f"{data_dir} cannot be written: {error.strerror}") from error


async def _acquire(lock: IO[bytes], data_dir: Path, patience: float) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if loop.time() > deadline:
                state = _look(data_dir / LOCK)
                raise StoreLockedError(data_dir, Embedded(**json.loads(state)) if state else None) from None
            await asyncio.sleep(PAUSE)
        else:
            return
