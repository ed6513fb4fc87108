"""`nats-server` as a child, for one machine: `async with embedded.server(folder) as server: server.url`.

The folder's lock is held by us and inherited by the child, so a store never has two servers, whoever is killed. The
child dies with us, and a fresh start finds everything that was acknowledged.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

from services.journal.binary import die_with_parent, find_binary
from services.journal.monitor import healthy
from services.journal.wire import EmbeddedError

MAX_PAYLOAD: Final = 8 * 2**20
LOCK: Final = "nats.lock"
LOG: Final = "nats.log"
START_TIMEOUT: Final = 60.0
"""Seconds; a large store that was killed is checked block by block."""
STOP_TIMEOUT: Final = 20.0


@dataclass(frozen=True)
class Embedded:
    """A server that runs: where to reach it, and the processes that hold and are it."""

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
async def server(data_dir: Path, *, port: int = 0, patience: float = 2.0) -> AsyncIterator[Embedded]:
    """A server of our own on loopback for as long as the block lasts; port 0 lets the system choose.

    Raises StoreLockedError where another holds the folder for more than `patience` seconds, EmbeddedError with the
    server's own words where it does not start.
    """
    lock = await _lock(data_dir, patience)
    try:
        name = f"bihuan-{uuid4().hex[:12]}"
        child = await _spawn(data_dir, _config(data_dir, name, port), lock)
        try:
            running_server = await _ready(child, data_dir, name)
            _record(lock, running_server)
            yield running_server
        finally:
            await _stop(child)
    finally:
        lock.truncate(0)
        lock.close()


async def running(data_dir: Path, *, patience: float = 10.0) -> Embedded | None:
    """The server that runs on this folder, or None; waits for one that is just starting."""
    path = data_dir / LOCK
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while path.exists():
        with path.open("rb") as lock:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            if (holder := _holder(lock.read())) is not None:
                return holder
        if loop.time() > deadline:
            raise StoreLockedError(data_dir, None)
        await asyncio.sleep(0.05)
    return None


async def _lock(data_dir: Path, patience: float) -> IO[bytes]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    lock = _open_lock(data_dir)
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if loop.time() > deadline:
                lock.seek(0)
                holder = _holder(lock.read())
                lock.close()
                raise StoreLockedError(data_dir, holder) from None
            await asyncio.sleep(0.05)
        else:
            lock.truncate(0)
            return lock


def _open_lock(data_dir: Path) -> IO[bytes]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / LOCK).open("a+b", buffering=0)
    except OSError as error:
        raise EmbeddedError(f"{data_dir} cannot be written: {error.strerror}") from error


def _record(lock: IO[bytes], embedded: Embedded) -> None:
    lock.write(json.dumps(asdict(embedded)).encode())


def _holder(record: bytes) -> Embedded | None:
    return Embedded(**json.loads(record)) if record else None


def _config(data_dir: Path, name: str, port: int) -> Path:
    """Written afresh at every start; JSON is a dialect of the server's own format."""
    config = {
        "server_name": name,
        "listen": f"127.0.0.1:{port or -1}",
        "http": "127.0.0.1:-1",
        "max_payload": MAX_PAYLOAD,
        "ports_file_dir": str(data_dir.resolve()),
        "jetstream": {"store_dir": str((data_dir / "store").resolve()), "sync_interval": "always", "strict": True},
    }
    path = data_dir / "nats.conf"
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    return path


async def _spawn(data_dir: Path, config: Path, lock: IO[bytes]) -> asyncio.subprocess.Process:
    """In a session of its own, so that Ctrl-C reaches us first and the server last."""
    binary = find_binary()
    with (data_dir / LOG).open("wb") as log:
        return await asyncio.create_subprocess_exec(
            binary,
            "-c",
            str(config),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            preexec_fn=die_with_parent(os.getpid()) if sys.platform == "linux" else None,
        )


async def _ready(child: asyncio.subprocess.Process, data_dir: Path, name: str) -> Embedded:
    ports = data_dir / f"nats-server_{child.pid}.ports"
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_TIMEOUT
    while loop.time() < deadline:
        if child.returncode is not None:
            raise EmbeddedError(f"nats-server did not start: {_last_words(data_dir)}")
        with suppress(OSError, ValueError, KeyError):
            found = json.loads(ports.read_bytes())
            url, monitor_url = found["nats"][0], found["monitoring"][0]
            if await healthy(monitor_url, name):
                return Embedded(url, monitor_url, name, child.pid, os.getpid())
        await asyncio.sleep(0.02)
    raise EmbeddedError(f"nats-server was not ready within {START_TIMEOUT:g} s: {_last_words(data_dir)}")


def _last_words(data_dir: Path) -> str:
    lines = (data_dir / LOG).read_text(errors="replace").splitlines()
    fatal = [line for line in lines if "[FTL]" in line or "[ERR]" in line or "nats-server:" in line]
    return (fatal or lines or ["it said nothing"])[-1].rpartition("] ")[2]


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(child.wait()), STOP_TIMEOUT)
        except TimeoutError:
            child.kill()
    await child.wait()
