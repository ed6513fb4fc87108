"""While NATS is away, every call fails within its time-out; when it is back, the same store works again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from props import event

from services.journal import wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from tests import servers as real
from tests.servers import Servers, fresh_stream

CALLS: dict[str, Callable[[EventStore, str], Awaitable[object]]] = {
    "append": lambda store, subject: store.append(event(subject, 2), after=1),
    "append_all": lambda store, subject: store.append_all([event(subject, 2), event(subject, 3)], after=1),
    "load": lambda store, subject: store.load(subject),
    "last": lambda store, subject: store.last(subject),
    "last_of_stream": lambda store, _: store.last_of_stream(),
}


@pytest.mark.parametrize("how", ["stop", "pause"])
async def test_calls_fail_in_time_and_work_again(tmp_path: Path, how: str) -> None:
    """Stopped: surely nothing stored. Paused with its sockets open: unknown. Neither hangs, neither needs a restart."""
    servers = real.single(tmp_path)
    (node,) = servers.nodes
    node.start()
    await node.ready()
    nc = await connect(servers.url)
    stream = await fresh_stream(nc, 1)
    store, subject = EventStore(nc, stream.name, timeout=1), stream.subject("a")
    await store.append(event(subject), after=0)
    following = store.follow()
    assert [one.id for one in await anext(following)] == [1]
    getattr(node, how)()
    if how == "stop":
        async with asyncio.timeout(5):
            while nc.is_connected:  # noqa: ASYNC110 (the client tells by a callback that the test does not own)
                await asyncio.sleep(0.01)
    for name, ask in CALLS.items():
        unknown = how == "pause" and name.startswith("append")
        async with asyncio.timeout(3):
            with pytest.raises(wire.UnknownOutcome if unknown else wire.Unavailable):
                await ask(store, subject)
    if how == "stop":
        node.start()
    else:
        node.resume()
    await node.ready()
    await settled(store, subject)
    assert [one.originator_version for one in await store.load(subject)][:2] == [1, 2]
    assert (await anext(following))[0].id == 2
    await following.aclose()
    await nc.close()
    servers.stop()


async def settled(store: EventStore, subject: str) -> None:
    """Ask again with the same event, as a caller does who was told "unknown"."""
    for _ in range(20):
        try:
            await store.append(event(subject, 2), after=1)
        except wire.Conflict:
            return
        except (wire.Unavailable, wire.UnknownOutcome):
            continue
        else:
            return
    pytest.fail("the store did not come back")


async def test_nobody_at_that_address_is_told_in_time() -> None:
    """A sentence with the address, not a traceback of the client's."""
    url = f"nats://127.0.0.1:{real.free_ports(1)[0]}"
    async with asyncio.timeout(3):
        with pytest.raises(wire.Unavailable, match=url):
            await connect(url, timeout=0.5)


async def test_a_closed_connection_is_told_at_once_and_once(single: Servers) -> None:
    """Whoever must end the process with it hears so; calls do not wait for their time-out."""
    closed: list[bool] = []

    async def on_closed() -> None:
        closed.append(True)

    nc = await connect(single.url, on_closed=on_closed)
    store = EventStore(nc, "ANY", timeout=60)
    await nc.close()
    async with asyncio.timeout(1):
        with pytest.raises(wire.Unavailable):
            await store.append(event("a"), after=0)
        with pytest.raises(wire.Unavailable, match="closed"):
            await store.last("a")
        with pytest.raises(wire.Unavailable):
            await store.load("a")
        with pytest.raises(wire.Unavailable):
            await call(nc, "INFO")
    assert closed == [True]
