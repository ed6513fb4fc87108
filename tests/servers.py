"""Real NATS servers for the tests: one, or three as a cluster, on loopback ports found free."""

import asyncio
import json
import os
import signal
import socket
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from nats.aio.client import Client

from services.journal.api import call
from services.journal.binary import die_with_parent, find_binary
from services.journal.monitor import healthy
from services.journal.streams import STREAMS


def free_ports(count: int) -> list[int]:
    """Ports that nobody had a moment ago; a server that does not get its port is noticed by its name."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@dataclass
class Node:
    """One `nats-server`, which can be killed, paused and started again on the same ports and store."""

    folder: Path
    name: str
    port: int
    monitor_port: int
    cluster: dict[str, Any] | None = None
    sync_interval: str = "always"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where it tells its settings."""
        return f"http://127.0.0.1:{self.monitor_port}"

    def start(self) -> None:
        """Start the process; see `ready`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        store = {"store_dir": str(self.folder / "store"), "sync_interval": self.sync_interval, "strict": True}
        config = {
            "server_name": self.name,
            "listen": f"127.0.0.1:{self.port}",
            "http": f"127.0.0.1:{self.monitor_port}",
            "max_payload": 8 * 2**20,
            "jetstream": store,
            **({"cluster": self.cluster} if self.cluster else {}),
        }
        path = self.folder / "nats.conf"
        path.write_text(json.dumps(config))
        with (self.folder / "nats.log").open("ab") as log:
            self.process = subprocess.Popen(
                [find_binary(), "-c", str(path)],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509 (one system call, no thread of ours runs)
            )

    def send(self, number: signal.Signals) -> None:
        """Send a signal to it."""
        assert self.process
        self.process.send_signal(number)

    def pause(self) -> None:
        """Stop the process in its tracks; its sockets stay open."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on."""
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self.end(signal.SIGTERM)

    def end(self, number: signal.Signals) -> None:
        """End it by this signal and wait for it."""
        if self.process:
            self.send(number)
            self.process.wait(20)
            self.process = None

    async def ready(self, timeout: float = 30) -> None:  # noqa: ASYNC109
        """Wait until it has recovered its streams."""
        async with asyncio.timeout(timeout):
            while not await healthy(self.monitor_url, self.name):
                assert self.process is None or self.process.poll() is None, (self.folder / "nats.log").read_text()
                await asyncio.sleep(0.05)


@dataclass
class Servers:
    """One server, or three that form a cluster."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where clients connect: to any of them."""
        return ",".join(node.url for node in self.nodes)

    @property
    def replicas(self) -> int:
        """As many as there are servers."""
        return len(self.nodes)

    def start(self) -> None:
        """Start all and wait until they serve."""
        for node in self.nodes:
            node.start()
        asyncio.run(self.ready())

    async def ready(self) -> None:
        """Wait until all serve."""
        await asyncio.gather(*(node.ready() for node in self.nodes))

    def stop(self) -> None:
        """End all that run."""
        for node in self.nodes:
            if node.process:
                node.kill()

    def named(self, name: str) -> Node:
        """The server of that name, as the cluster calls its leader."""
        return next(node for node in self.nodes if node.name == name)


def single(folder: Path, **settings: Any) -> Servers:  # noqa: ANN401 (passed on)
    """One server; `settings` as of Node."""
    port, monitor_port = free_ports(2)
    return Servers([Node(folder / "n1", f"one-{uuid4().hex[:8]}", port, monitor_port, **settings)])


def cluster(folder: Path) -> Servers:
    """Three servers, one account; every one knows the routes of all."""
    ports = free_ports(9)
    routes = [f"nats://127.0.0.1:{port}" for port in ports[6:]]
    mark = uuid4().hex[:8]
    return Servers(
        [
            Node(
                folder / f"n{n}",
                f"n{n}-{mark}",
                ports[n],
                ports[3 + n],
                {"name": f"three-{mark}", "listen": f"127.0.0.1:{ports[6 + n]}", "routes": routes},
            )
            for n in range(3)
        ]
    )


@dataclass(frozen=True)
class Stream:
    """A fresh stream with the settings of EVENTS under a name and a subject root of its own."""

    name: str
    root: str

    def subject(self, tail: str) -> str:
        """A subject of this stream."""
        return f"{self.root}.{tail}"


async def fresh_stream(nc: Client, replicas: int, **changes: Any) -> Stream:  # noqa: ANN401 (any setting)
    """Create one; `changes` are settings that differ from those of EVENTS."""
    mark = f"t{uuid4().hex[:12]}"
    config = {**STREAMS["EVENTS"], "name": mark.upper(), "subjects": [f"{mark}.>"], "num_replicas": replicas}
    await call(nc, f"STREAM.CREATE.{mark.upper()}", {**config, **changes}, timeout=20)
    return Stream(mark.upper(), mark)


def wait_until(truth: Any, timeout: float = 10) -> None:  # noqa: ANN401 (a function without arguments)
    """Poll something outside the event loop: a process, a file."""
    deadline = monotonic() + timeout
    while not truth():
        assert monotonic() < deadline, "it did not come true in time"
        sleep(0.02)
