"""A TCP proxy in front of one server, which withholds what passes: a lost answer, a packet that comes late."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """While a direction is shut, its bytes are kept, and delivered when it opens again."""

    target: int
    requests: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    streams: list[asyncio.StreamWriter] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    clients: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self.streams += [writer, server_writer]
        self.clients.append(writer)
        for source, sink, gate in (
            (reader, server_writer, self.requests),
            (server_reader, writer, self.answers),
        ):
            task = asyncio.create_task(carry(source, sink, gate))
            self.tasks.add(task)

    def hang_up(self) -> None:
        """Cut the clients off; what they sent and is withheld still reaches the server later."""
        for client in self.clients:
            client.close()
        self.clients.clear()

    async def close(self) -> None:
        """End every connection."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for stream in self.streams:
            stream.close()
            with suppress(OSError):
                await stream.wait_closed()


async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event) -> None:
    """Pass bytes on while the gate is open."""
    with suppress(OSError):
        while data := await source.read(65_536):
            await gate.wait()
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def proxy(target_url: str) -> AsyncIterator[Proxy]:
    """A proxy in front of that server, open in both directions."""
    made = Proxy(int(target_url.rpartition(":")[2]))
    made.requests.set()
    made.answers.set()
    listener = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"nats://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        listener.close()
        await made.close()
