"""Servers for reports: one is enough."""

import pytest
from nats.aio.client import Client

from services.journal.events import EventStore
from tests.projection.lives_props import lives_store
from tests.servers import Stream


@pytest.fixture
def kept(nc: Client, stream: Stream) -> EventStore:
    """The stream EVENTS, under a root of the test's own."""
    return lives_store(nc, stream)
