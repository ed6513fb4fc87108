"""A server of the notifier's own; each test finds its streams fresh."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from contracts import subjects
from services.journal.api import call
from services.journal.connection import connect
from services.journal.streams import STREAMS, declare
from tests import servers as real
from tests.notifier.county import County, county
from tests.notifier.notice_props import Robot
from tests.servers import Servers

MINE = (subjects.NOTICES, subjects.TIMERS, subjects.DEAD, subjects.NOTIFIER)


@pytest.fixture(scope="session")
def post_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One server, which no other tests use."""
    started = real.single(tmp_path_factory.mktemp("post"))
    started.start()
    yield started
    started.stop()


@pytest.fixture
async def post(post_server: Servers) -> AsyncIterator[Client]:
    """A connection to it, with empty streams NOTICES, TIMERS, DEAD and NOTIFIER."""
    nc = await connect(post_server.url, name="test")
    await declare(nc, MINE)
    yield nc
    for name in MINE:
        await call(nc, f"STREAM.DELETE.{STREAMS[name].get('name', name)}")
    await nc.close()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[County]:
    """A server of the test's own, with nothing stored yet."""
    async with county(tmp_path) as one:
        yield one


@pytest.fixture
def robot() -> Robot:
    """Takes every letter."""
    return Robot("log")
