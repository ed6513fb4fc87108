"""Hazard services over a fresh stream: two that share nothing but the store."""

import pytest
from nats.aio.client import Client

from services.hazard.hazards import Hazards
from services.journal.events import EventStore
from tests.hazard import plain
from tests.servers import Stream


@pytest.fixture
def store(nc: Client, stream: Stream) -> EventStore:
    """Our subjects under that stream's root."""
    return EventStore(nc, stream.name, subject_of=lambda subject: stream.subject(str(subject)))


@pytest.fixture
def one(store: EventStore) -> Hazards:
    """A service."""
    return plain.hazards(store)


@pytest.fixture
def two(store: EventStore) -> Hazards:
    """Another, with a memory of its own."""
    return plain.hazards(store)
