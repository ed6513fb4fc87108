"""Servers, connections and stores that tests share: started once, each test with a stream of its own."""

import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from nats.aio.client import Client

from services.journal.api import call
from services.journal.connection import connect
from services.journal.events import EventStore
from tests import servers as real
from tests.servers import Servers, Stream

settings.register_profile("quick", deadline=None, derandomize=True, database=None, stateful_step_count=20)
settings.register_profile("soak", deadline=None, max_examples=3_000, stateful_step_count=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs() -> None:
    """What connections say about kills that a test made on purpose is no news."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One server with its disk synchronised at every write."""
    yield from _run(real.single(tmp_path_factory.mktemp("single")))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Three servers; streams on them have three replicas."""
    yield from _run(real.cluster(tmp_path_factory.mktemp("cluster")))


@pytest.fixture(params=["single", "cluster"])
def servers(request: pytest.FixtureRequest) -> Servers:
    """Both, one after the other: they answer differently."""
    chosen: Servers = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
async def nc(servers: Servers) -> AsyncIterator[Client]:
    """A connection to one of them."""
    connection = await connect(servers.url, name="test")
    yield connection
    await connection.close()


@pytest.fixture
async def stream(nc: Client, servers: Servers) -> AsyncIterator[Stream]:
    """A fresh stream with the settings of EVENTS; its first sequence is 1."""
    fresh = await real.fresh_stream(nc, servers.replicas)
    yield fresh
    await call(nc, f"STREAM.DELETE.{fresh.name}")


@pytest.fixture
def store(nc: Client, stream: Stream) -> EventStore:
    """The event store on that stream."""
    return EventStore(nc, stream.name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder for an embedded server."""
    return tmp_path / "data"


def _run(started: Servers) -> Iterator[Servers]:
    started.start()
    yield started
    started.stop()
