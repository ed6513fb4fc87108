"""A private PostgreSQL cluster: in a folder of its own, on a port found free; killed and started again at will."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import Any, Final
from uuid import uuid4

import psycopg

from services.journal.binary import die_with_parent
from tests.servers import free_ports

BINARIES: Final = Path(os.environ.get("POSTGRES_BINARIES", "/usr/lib/postgresql/15/bin"))
HOST: Final = "127.0.0.1"
FAST: Final = {"fsync": "off"}
"""For tests that never take the machine's power away."""


def available() -> bool:
    """Whether the binaries are there; POSTGRES_BINARIES says where else they are."""
    return (BINARIES / "initdb").exists()


@dataclass
class Cluster:
    """One PostgreSQL, with the settings that it ships with but for those named."""

    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Its files. It refuses to run as root, so they are somebody else's then."""
        if self._user:
            shutil.chown(self.folder, self._user)
        command = [BINARIES / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres", "--no-sync"]
        subprocess.run(command, check=True, user=self._user, cwd=self.folder, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Until it answers."""
        own = {"listen_addresses": HOST, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        told = [part for name, value in (own | self.settings).items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [BINARIES / "postgres", "-D", self.folder / "data", *told],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
                preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509 (one system call, no thread of ours runs)
            )
        deadline = monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: no more connections, in good order. SIGQUIT: at once, as after a power cut."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def fresh_database(self) -> str:
        """A new one, by a name that sorts nowhere."""
        name = f"t{uuid4().hex[:12]}"
        self.ask(f'CREATE DATABASE "{name}"')
        return name

    def drop(self, name: str) -> None:
        """Whoever is still connected to it is thrown out."""
        self.ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str = "postgres") -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/{name}"

    def ask(self, statement: str, name: str = "postgres") -> list[Any]:
        """One statement outside any transaction; its rows."""
        with psycopg.connect(
            host=HOST, port=self.port, user="postgres", dbname=name, autocommit=True, connect_timeout=5
        ) as connection:
            asked = connection.execute(statement.encode())
            return asked.fetchall() if asked.description else []

    @property
    def _user(self) -> str | None:
        return "postgres" if os.geteuid() == 0 else None

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            self.ask("SELECT 1")
            return True
        return False


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """Started; gone with all that was in it."""
    folder = Path(mkdtemp(prefix="bihuan-pg-", dir="/tmp"))
    [port] = free_ports(1)
    made = Cluster(folder, port, settings)
    try:
        made.create()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
