"""Blocking calls into async code: one thread with its own event loop and its own connection."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from threading import RLock, Thread, current_thread
from typing import Any, ParamSpec, TypeVar

from nats.aio.client import Client

from services.journal.library import InterfaceError
from services.journal.wire import JournalError

P = ParamSpec("P")
T = TypeVar("T")


class Closed(JournalError, InterfaceError):
    """The connection to the event store was closed: what was asked is given up, stored or not."""


class Connection:
    """Connects when first asked, once however many ask; the next one asks again where it failed.

    Lives on one event loop. `running` are the tasks that end with it.
    """

    def __init__(self, connect: Callable[[], Awaitable[Client]]) -> None:
        self._connect = connect
        self._lock = asyncio.Lock()
        self._client: Client | None = None
        self.running: set[asyncio.Task[Any]] = set()

    async def client(self) -> Client:
        """The connection."""
        async with self._lock:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the work, as one of `running`."""
        if task := asyncio.current_task():
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return await work

    async def close(self) -> None:
        """Cancel what runs, then disconnect."""
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        if self._client is not None:
            await self._client.close()


class Portal:
    """Carries calls from any thread to one event loop and its connection.

    `close` may be called twice, from any thread and from a finalizer: it says stop and never waits. Not fork-safe:
    a child process has the object but not the thread, and a call there says so.
    """

    def __init__(self, connect: Callable[[], Awaitable[Client]]) -> None:
        self._pid = os.getpid()
        self._closed = False
        self._lock = RLock()  # a finalizer may call close in the midst of this thread's own call
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._connection = Connection(connect)
        self.client = self._connection.client
        work = (self._loop, self._stop, self._connection)
        self._thread = Thread(target=_run, args=work, name="journal", daemon=True)
        self._thread.start()

    def call(self, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the coroutine function there and give what it gives; its exception rises here."""
        try:
            return self.start(work, *args, **kwargs).result()
        except CancelledError:
            raise Closed from None

    def start(self, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As `call`, but gives the future at once; cancelling it cancels the work."""
        if os.getpid() != self._pid:
            raise Closed("a forked process has no connection: build the application after the fork")
        if current_thread() is self._thread:
            raise Closed("a blocking call from the event store's own thread would wait for ever")
        with self._lock:
            if self._closed:
                raise Closed
            return asyncio.run_coroutine_threadsafe(self._connection.run(work(*args, **kwargs)), self._loop)

    def close(self) -> None:
        """Give up what runs and let the thread end, at once and as often as one likes."""
        with self._lock:
            if not self._closed and os.getpid() == self._pid:
                self._loop.call_soon_threadsafe(self._stop.set)
            self._closed = True

    def __del__(self) -> None:
        self.close()


async def _serve(stop: asyncio.Event, connection: Connection) -> None:
    await stop.wait()
    await connection.close()


def _run(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, connection: Connection) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:  # its end cancels whatever is left
        runner.run(_serve(stop, connection))
