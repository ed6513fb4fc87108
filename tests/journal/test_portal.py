"""One thread, one loop, one connection: how a blocking application ends, waits, and outlives its server."""

import asyncio
import gc
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import InterfaceError, StoredEvent
from nats.aio.client import Client

from services.journal import wire
from services.journal.connection import connect
from services.journal.persistence import JetStreamFactory
from services.journal.recording.portal import Closed, Portal
from tests.journal.library_env import MODULE, environment
from tests.servers import Servers, wait_until
from tests.servers import single as one_server


@pytest.fixture(autouse=True)
def _env(single: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from environment(single, monkeypatch)


@pytest.fixture
def factory() -> Iterator[JetStreamFactory]:
    """Of an application without a name."""
    made = JetStreamFactory(dict(os.environ))
    yield made
    made.close()


def threads() -> int:
    """How many portals run."""
    return sum(thread.name == "journal" for thread in threading.enumerate())


def test_closing_twice_is_closing_once(factory: JetStreamFactory) -> None:
    """A second close does nothing, and what is asked after it is refused with a sentence of the library's kind."""
    recorder = factory.application_recorder()
    factory.close()
    factory.close()
    with pytest.raises(InterfaceError, match="closed"):
        recorder.max_notification_id()
    with pytest.raises(Closed):
        recorder.subscribe().__next__()


def test_a_factory_that_was_never_used_closes(factory: JetStreamFactory) -> None:
    """Nothing was connected, nothing has to be disconnected, and its thread ends."""
    before = threads()
    factory.close()
    wait_until(lambda: threads() < before)


def test_closing_ends_the_thread_and_the_connection(factory: JetStreamFactory) -> None:
    """An application that opens and closes many times keeps neither."""
    before = threads()
    factory.application_recorder()
    connection: Client = factory._portal.call(factory._portal.client)
    factory.close()
    wait_until(lambda: connection.is_closed and threads() < before)


def test_closing_gives_up_a_subscription_that_waits(factory: JetStreamFactory) -> None:
    """Who waits for the next event is told that there will be none; closing itself does not wait."""
    subscription = factory.application_recorder().subscribe()
    with ThreadPoolExecutor(1) as pool, subscription:
        waiting = pool.submit(subscription.__next__)
        wait_until(lambda: subscription._asked is not None)
        factory.close()
        with pytest.raises(Closed):
            waiting.result(10)


def test_a_subscription_is_stopped_from_another_thread(factory: JetStreamFactory) -> None:
    """It ends quietly, though it waits, and its application works on."""
    recorder = factory.application_recorder()
    subscription = recorder.subscribe()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: list(subscription))
        wait_until(lambda: subscription._asked is not None)
        subscription.stop()
        assert waiting.result(10) == []
    assert recorder.max_notification_id() is None


def test_a_call_on_its_own_thread_is_refused(factory: JetStreamFactory) -> None:
    """It would wait for itself for ever; an error is kinder."""
    recorder = factory.application_recorder()

    async def blocking() -> int | None:
        return recorder.max_notification_id()

    with pytest.raises(Closed, match="wait for ever"):
        factory._portal.call(blocking)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # from Python 3.12 on, and it is right
def test_a_forked_process_is_told(factory: JetStreamFactory) -> None:
    """The child has no thread of its own: it gets a sentence at once, and closing there leaves the parent alone."""
    recorder = factory.application_recorder()
    child = os.fork()
    if child == 0:
        refused = attempt(recorder.max_notification_id)
        factory.close()
        os._exit(0 if "fork" in refused else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert recorder.max_notification_id() is None


def attempt(ask: Callable[[], object]) -> str:
    """The sentence that comes of it."""
    try:
        return str(ask())
    except Closed as refusal:
        return str(refusal)


def test_an_application_that_is_dropped_ends() -> None:
    """Without a close, its end is the end of its thread."""
    before = threads()
    app = Application[UUID]()
    app.save(Aggregate())
    assert threads() == before + 1
    del app
    gc.collect()
    wait_until(lambda: threads() == before)


def test_a_factory_that_is_dropped_ends() -> None:
    """So does a factory that no application ever closed."""
    before = threads()
    factory = JetStreamFactory(dict(os.environ))
    factory.application_recorder()
    del factory
    gc.collect()
    wait_until(lambda: threads() == before)


def test_an_exception_rises_where_it_was_asked(factory: JetStreamFactory) -> None:
    """What fails on the loop fails in the caller, as itself."""

    async def fail() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        factory._portal.call(fail)


def test_one_connection_for_all_who_ask_at_once(single: Servers) -> None:
    """Ten threads that begin together connect once; where that fails, the next one tries again."""
    opened: list[Client] = []

    async def open_one() -> Client:
        opened.append(await connect(single.url, name="counted"))
        return opened[-1]

    portal = Portal(open_one)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: portal.call(portal.client), range(10)))
    portal.close()
    assert len(opened) == 1
    assert set(found) == set(opened)


def test_an_application_outlives_its_server(tmp_path: Path) -> None:
    """While the server is away a call fails in its time with a sentence; when it is back, so is everything."""
    server = one_server(tmp_path)
    server.start()
    env = {"PERSISTENCE_MODULE": MODULE, "NATS_URL": server.url}
    app = Application[UUID](env)
    app.save(Aggregate())
    server.nodes[0].kill()
    with pytest.raises(wire.JournalError):
        app.recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"")])
    server.nodes[0].start()
    asyncio.run(server.ready())
    recordings = app.save(Aggregate())
    app.close()
    server.stop()
    assert recordings[0].notification.id in {2, 3}  # 3: the one that failed had been stored after all
