"""`nats-server` as a child, for one machine: `async with embedded.server(folder) as server: server.url`.

The folder's lock is held by us and inherited by the child, so a store never has two servers, whoever is killed. The
child dies with us; where it dies alone it is started again on the same ports, and the connections find it again.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

import structlog

from services.journal.binary import die_with_parent, find_binary
from services.journal.lock import LOCK, Embedded, StoreLockedError, held, record, running
from services.journal.monitor import healthy
from services.journal.wire import EmbeddedError

__all__ = ["LOCK", "LOG", "Embedded", "StoreLockedError", "running", "server"]

log = structlog.get_logger(__name__)

LOG: Final = "nats.log"
MAX_PAYLOAD: Final = 8 * 2**20
START_TIMEOUT: Final = 60.0
"""Seconds; a large store that was killed is checked block by block."""
STOP_TIMEOUT: Final = 20.0
RESTART_PAUSE: Final = 0.5


@asynccontextmanager
async def server(data_dir: Path, *, port: int = 0, patience: float = 2.0) -> AsyncIterator[Embedded]:
    """A server of our own on loopback for as long as the block lasts; port 0 lets the system choose.

    Raises StoreLockedError where another holds the folder for more than `patience` seconds, EmbeddedError with the
    server's own words where it does not start.
    """
    async with held(data_dir, patience) as lock:
        child = Child(data_dir, lock)
        keeper: asyncio.Task[None] | None = None
        try:
            embedded = await child.start(f"{port or -1}", "-1")
            keeper = asyncio.create_task(child.keep(embedded))
            yield embedded
        finally:
            if keeper is not None:
                keeper.cancel()
                await asyncio.wait([keeper])
            await child.stop()


class Child:
    """The process, and its successors where it dies."""

    def __init__(self, data_dir: Path, lock: IO[bytes]) -> None:
        self._folder = data_dir.absolute()
        self._lock = lock
        self._name = f"bihuan-{uuid4().hex[:12]}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, port: str, monitor_port: str) -> Embedded:
        """Start it and wait until it serves."""
        for leftover in self._folder.glob("nats-server_*.ports"):
            leftover.unlink()
        process = self._process = await self._spawn(self._config(port, monitor_port))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_TIMEOUT
        while process.returncode is None and loop.time() < deadline:
            if (embedded := await self._ready(process.pid)) is not None:
                record(self._lock, embedded)
                return embedded
            await asyncio.sleep(0.02)
        raise EmbeddedError(f"nats-server did not start: {self._last_words()}")

    async def keep(self, embedded: Embedded) -> None:
        """Start it again on the same ports whenever it dies by itself; nothing acknowledged is lost by that."""
        port, monitor_port = (url.rpartition(":")[2] for url in (embedded.url, embedded.monitor_url))
        while self._process:
            code = await self._process.wait()
            log.error("nats.died", code=code, words=self._last_words())
            await asyncio.sleep(RESTART_PAUSE)
            with suppress(EmbeddedError):
                await self.start(port, monitor_port)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT)
            except TimeoutError:
                self._process.kill()
        await self._process.wait()

    def _config(self, port: str, monitor_port: str) -> Path:
        """Written afresh at every start; JSON is a dialect of the server's own format."""
        config = {
            "server_name": self._name,
            "listen": f"127.0.0.1:{port}",
            "http": f"127.0.0.1:{monitor_port}",
            "max_payload": MAX_PAYLOAD,
            "ports_file_dir": str(self._folder),
            "jetstream": {"store_dir": str(self._folder / "store"), "sync_interval": "always", "strict": True},
        }
        path = self._folder / "nats.conf"
        path.write_text(json.dumps(config, indent=2), encoding="utf-8")
        return path

    async def _spawn(self, config: Path) -> asyncio.subprocess.Process:
        """In a session of its own, so that Ctrl-C reaches us first and the server last."""
        binary = find_binary()
        with (self._folder / LOG).open("wb") as words:
            return await asyncio.create_subprocess_exec(
                binary,
                "-c",
                str(config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                pass_fds=(self._lock.fileno(),),
                preexec_fn=die_with_parent(os.getpid()) if sys.platform == "linux" else None,
            )

    async def _ready(self, pid: int) -> Embedded | None:
        with suppress(OSError, ValueError, KeyError):
            found = json.loads((self._folder / f"nats-server_{pid}.ports").read_bytes())
            url, monitor_url = found["nats"][0], found["monitoring"][0]
            if await healthy(monitor_url, self._name):
                return Embedded(url, monitor_url, self._name, pid, os.getpid())
        return None

    def _last_words(self) -> str:
        lines = (self._folder / LOG).read_text(errors="replace").splitlines()
        fatal = [line for line in lines if "[FTL]" in line or "[ERR]" in line or "nats-server:" in line]
        return (fatal or lines or ["it said nothing"])[-1].rpartition("] ")[2]
