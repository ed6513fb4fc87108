"""The service does not start where something that was accepted could be lost or altered."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from contracts import subjects
from services.hazard import app
from services.hazard.settings import Settings
from services.journal import embedded, wire
from services.journal.api import call
from services.journal.connection import connect
from services.journal.streams import STREAMS, stream_config


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[tuple[Client, Settings]]:
    """A server of its own, without a stream."""
    async with embedded.server(tmp_path / "data") as server:
        nc = await connect(server.url, name="test")
        yield nc, Settings(nats_monitor_urls=server.monitor_url)
        await nc.close()


@pytest.mark.parametrize("name", [subjects.EVENTS, subjects.NOTICES, subjects.EVIDENCE, subjects.FEED])
@pytest.mark.parametrize(
    "changes",
    [{"max_msgs": 3}, {"discard": "old"}, {"deny_delete": False}, {"deny_purge": False}, {"max_age": 10**15}],
    ids=lambda changes: next(iter(changes)),
)
async def test_no_start_on_a_stream_that_could_forget(
    fresh: tuple[Client, Settings], name: str, changes: dict[str, Any]
) -> None:
    """Whichever of the four it is, the refusal names stream and setting."""
    nc, settings = fresh
    await call(nc, f"STREAM.CREATE.{name}", {"name": name, **STREAMS[name], **changes})
    with pytest.raises(wire.UnsafeStream, match=f"{name}.*{next(iter(changes))}"):
        async with app.build(nc, settings):
            pass


async def test_no_start_where_nobody_says_that_the_disk_is_synchronised(fresh: tuple[Client, Settings]) -> None:
    """Without a monitoring address nobody knows whether an acknowledged event is on the disk."""
    nc, _ = fresh
    with pytest.raises(wire.UnsafeServer, match="NATS_MONITOR_URLS"):
        async with app.build(nc, Settings(nats_monitor_urls="")):
            pass


async def test_a_start_declares_what_commands_need(fresh: tuple[Client, Settings]) -> None:
    """EVENTS for the events, EVIDENCE and KEYS for what they name; a second start finds them as they are."""
    nc, settings = fresh
    for _ in range(2):
        async with app.build(nc, settings):
            assert [name for name in STREAMS if await stream_config(nc, name)] == sorted(
                app.OURS, key=list(STREAMS).index
            )
