"""Environments in which the library's own cases run on a real server, each with streams of its own."""

import asyncio
import os
from collections.abc import Iterator
from unittest import TestCase
from uuid import uuid4

import pytest

from services.journal.api import call
from services.journal.connection import connect
from services.journal.persistence import JetStreamFactory
from tests.servers import Servers

MODULE = "services.journal.persistence"


class OnServers(TestCase):
    """Sets the environment, and nothing else: the applications do not know where they run."""

    @pytest.fixture(autouse=True)
    def _one(self, single: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        yield from environment(single, monkeypatch)

    def factory(self) -> JetStreamFactory:
        """A factory for recorders of an application without a name."""
        factory = JetStreamFactory(dict(os.environ))
        self.addCleanup(factory.close)
        return factory


class OnThree(OnServers):
    """The same on a cluster, with three replicas."""

    @pytest.fixture(autouse=True)
    def _one(self, cluster: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        yield from environment(cluster, monkeypatch)


def environment(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the variables; afterwards remove what was stored under the stream's name."""
    stream = f"T{uuid4().hex[:12].upper()}"
    monkeypatch.setenv("PERSISTENCE_MODULE", MODULE)
    monkeypatch.setenv("NATS_URL", servers.url)
    monkeypatch.setenv("NATS_STREAM", stream)
    monkeypatch.setenv("NATS_REPLICAS", str(servers.replicas))
    yield
    asyncio.run(remove(servers.url, stream))


async def remove(url: str, stream: str) -> None:
    """Delete the streams of one test."""
    nc = await connect(url, name="tidy")
    for name in (await call(nc, "STREAM.NAMES"))["streams"] or []:
        if name.startswith(stream):
            await call(nc, f"STREAM.DELETE.{name}")
    await nc.close()
